"""Inclusion and consistency: every pair up to 64 as in the RFC, and nothing disturbed is believed."""

import pytest

from mifeng.engines import auditlog

from . import reference
from .samples import sample

MOST = 64
ENTRIES = sample(MOST)
LEAVES = [auditlog.leaf(one) for one in ENTRIES]
ROOTS = [auditlog.root_of(LEAVES[:size]) for size in range(MOST + 1)]
PAIRS = [(old, new) for new in range(MOST + 1) for old in range(new + 1)]


def spoiled(proof: list[bytes]) -> list[list[bytes]]:
    """The proof with each of its hashes replaced in turn."""
    return [[*proof[:at], bytes(32), *proof[at + 1 :]] for at in range(len(proof))]


def test_inclusion_of_every_leaf_in_every_tree() -> None:
    for index, size in ((index, size) for index, size in PAIRS if index < size):
        proof = auditlog.inclusion_proof(LEAVES, index, size)
        assert proof == reference.path(index, ENTRIES[:size])
        auditlog.verify_inclusion(LEAVES[index], index, size, proof, ROOTS[size])


def test_consistency_of_every_tree_with_every_earlier_one() -> None:
    for old, new in PAIRS:
        proof = auditlog.consistency_proof(LEAVES, old, new)
        assert proof == (reference.proof(old, ENTRIES[:new]) if old else [])
        auditlog.verify_consistency(old, ROOTS[old], new, ROOTS[new], proof)


def test_leaves_may_come_from_a_function() -> None:
    read: list[int] = []

    def leaf_of(index: int) -> bytes:
        read.append(index)
        return LEAVES[index]

    assert auditlog.inclusion_proof(leaf_of, 5, 11) == reference.path(5, ENTRIES[:11])
    # Its own leaf is not needed, every other one is read once.
    assert sorted(read) == [index for index in range(11) if index != 5]


@pytest.mark.parametrize(("index", "size"), [(0, 1), (0, 2), (3, 7), (6, 7), (31, 33), (32, 33)])
def test_a_disturbed_inclusion_proof_is_not_believed(index: int, size: int) -> None:
    proof = auditlog.inclusion_proof(LEAVES, index, size)
    auditlog.verify_inclusion(LEAVES[index], index, size, proof, ROOTS[size])
    attempts = [(LEAVES[index], index, size, [*proof, bytes(32)], ROOTS[size])]
    attempts += [(LEAVES[index], index, size, proof[:-1], ROOTS[size])] if proof else []
    attempts += [(LEAVES[index], index, size, wrong, ROOTS[size]) for wrong in spoiled(proof)]
    attempts += [(bytes(32), index, size, proof, ROOTS[size]), (LEAVES[index], index, size, proof, bytes(32))]
    attempts += [(LEAVES[index], index, other, proof, ROOTS[size]) for other in (0, index, size * 2 + 2)]
    attempts += [(LEAVES[index], other, size, proof, ROOTS[size]) for other in range(-1, size + 1) if other != index]
    for attempt in attempts:
        with pytest.raises(auditlog.ProofWrong):
            auditlog.verify_inclusion(*attempt)


@pytest.mark.parametrize(("old", "new"), [(1, 2), (2, 3), (3, 7), (4, 8), (6, 7), (31, 33), (32, 33), (5, 64)])
def test_a_disturbed_consistency_proof_is_not_believed(old: int, new: int) -> None:
    proof = auditlog.consistency_proof(LEAVES, old, new)
    auditlog.verify_consistency(old, ROOTS[old], new, ROOTS[new], proof)
    attempts = [(old, ROOTS[old], new, ROOTS[new], changed) for changed in ([], proof[:-1], [*proof, bytes(32)])]
    attempts += [(old, ROOTS[old], new, ROOTS[new], wrong) for wrong in spoiled(proof)]
    attempts += [(old, bytes(32), new, ROOTS[new], proof), (old, ROOTS[old], new, bytes(32), proof)]
    attempts += [(new, ROOTS[new], old, ROOTS[old], proof), (-1, ROOTS[old], new, ROOTS[new], proof)]
    for attempt in attempts:
        with pytest.raises(auditlog.ProofWrong):
            auditlog.verify_consistency(*attempt)


def test_the_empty_tree_and_equal_sizes_need_no_proof_and_take_none() -> None:
    auditlog.verify_consistency(0, ROOTS[0], 9, ROOTS[9], [])
    auditlog.verify_consistency(9, ROOTS[9], 9, ROOTS[9], [])
    for attempt in (
        (0, ROOTS[1], 9, ROOTS[9], []),
        (0, ROOTS[0], 9, ROOTS[9], [bytes(32)]),
        (9, ROOTS[9], 9, ROOTS[8], []),
        (9, ROOTS[9], 9, ROOTS[9], [bytes(32)]),
    ):
        with pytest.raises(auditlog.ProofWrong):
            auditlog.verify_consistency(*attempt)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3)])
def test_no_proof_is_made_for_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(IndexError):
        auditlog.inclusion_proof(LEAVES, index, size)


@pytest.mark.parametrize(("old", "new"), [(4, 3), (-1, 3)])
def test_no_proof_is_made_backwards(old: int, new: int) -> None:
    with pytest.raises(IndexError):
        auditlog.consistency_proof(LEAVES, old, new)
