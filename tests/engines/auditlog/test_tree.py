"""The tree grows to the roots of RFC 6962, and what is appended reaches the store as the tree says."""

import hashlib

import pytest

from mifeng.engines import auditlog

from . import reference
from .samples import entry, sample


class Memory:
    """A store that remembers what it was given."""

    def __init__(self, head: auditlog.Head | None = None) -> None:
        self.at = head or auditlog.Head(0)
        self.rows: list[tuple[int, bytes, bytes]] = []

    def head(self) -> auditlog.Head:
        return self.at

    def add(self, seq: int, entry: bytes, leaf: bytes, head_after: auditlog.Head) -> None:
        self.rows.append((seq, entry, leaf))
        self.at = head_after


def test_every_size_up_to_300_has_the_root_of_the_recursion() -> None:
    entries = sample(300)
    frontier: tuple[bytes, ...] = ()
    for size in range(301):
        assert auditlog.root(frontier) == reference.tree(entries[:size])
        assert len(frontier) == size.bit_count()
        if size < 300:
            frontier = auditlog.push(frontier, size, auditlog.leaf(entries[size]))


def test_root_of_leaves_is_the_root_of_the_frontier() -> None:
    entries = sample(77)
    assert auditlog.root_of(map(auditlog.leaf, entries)) == reference.tree(entries)


def test_the_hash_is_a_parameter() -> None:
    def other(data: bytes) -> bytes:
        return hashlib.sha3_256(data).digest()

    first, second = b"one", b"two"
    leaves = [other(b"\0" + first), other(b"\0" + second)]
    assert auditlog.root_of([auditlog.leaf(first, other), auditlog.leaf(second, other)], other) == other(
        b"\1" + leaves[0] + leaves[1]
    )
    assert auditlog.root((), other) == other(b"")


def test_append_writes_entry_leaf_and_head_and_answers_the_leaf_index() -> None:
    store, entries = Memory(), sample(70)
    assert [auditlog.append(store, one) for one in entries] == list(range(70))
    assert store.rows == [(seq, one, auditlog.leaf(one)) for seq, one in enumerate(entries)]
    assert (store.at.size, auditlog.root(store.at.frontier)) == (70, reference.tree(entries))


def test_append_uses_the_hash_it_is_given() -> None:
    def other(data: bytes) -> bytes:
        return hashlib.sha3_256(data).digest()

    store = Memory()
    auditlog.append(store, entry(0), other)
    assert store.rows == [(0, entry(0), other(b"\0" + entry(0)))]


@pytest.mark.parametrize(
    "head", [auditlog.Head(3, (bytes(32),)), auditlog.Head(0, (bytes(32),)), auditlog.Head(4, (bytes(32),) * 2)]
)
def test_nothing_is_appended_to_a_head_whose_frontier_does_not_fit_its_size(head: auditlog.Head) -> None:
    store = Memory(head)
    with pytest.raises(auditlog.HeadInconsistent):
        auditlog.append(store, entry(0))
    assert store.rows == []


@pytest.mark.parametrize(
    "bad",
    [
        b"", b"[]", b"{}", b'{"t":1}', b'{"v":1}', b'{"t":1,"v":2}', b'{"t":1,"v":true}', b'{"t":-1,"v":1}',
        b'{"t":true,"v":1}', b'{"t":"1","v":1}', b'{"v":1,"t":1}', b'{"t":1, "v":1}', b'{"t":1,"v":1}\n',
        b'{"t":1,"t":1,"v":1}', b'{"t":1.0,"v":1}', b'{"t":1,"v":1,"x":NaN}', b"\xff",
    ],
)  # fmt: skip
def test_append_refuses_what_a_verifier_would_call_tampered(bad: bytes) -> None:
    store = Memory()
    with pytest.raises(auditlog.NotCanonical):
        auditlog.append(store, bad)
    assert store.rows == []
    assert auditlog.append(store, b'{"t":1,"v":1}') == 0
