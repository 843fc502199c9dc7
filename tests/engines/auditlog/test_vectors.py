"""The vectors in vectors/auditlog hold for the engine and for the outsider's verifier."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mifeng.engines import auditlog
from mifeng.engines.auditlog.entry import check

from . import make_vectors
from .samples import VECTORS, verify_log

REFUSED = (auditlog.NoteMalformed, auditlog.SignatureWrong, auditlog.SignedByNoKnownKey)


def read(name: str) -> tuple[dict[str, str], str]:
    """Header and payload of a vector."""
    header, _, payload = (VECTORS / f"{name}.txt").read_bytes().decode().partition("\n\n")
    return dict(line.split(": ", 1) for line in header.split("\n")), payload


def named(beginning: str) -> list[str]:
    found = sorted(path.stem for path in VECTORS.glob(f"{beginning}*.txt"))
    assert found
    return found


def rows(name: str) -> Iterator[list[str]]:
    return (line.split(" ") for line in read(name)[1].splitlines())


def hashes(words: list[str]) -> list[bytes]:
    return [] if words == ["-"] else [bytes.fromhex(word) for word in words]


def test_the_vectors_are_those_the_script_writes(tmp_path: Path) -> None:
    for part in (
        make_vectors.trees, make_vectors.proofs, make_vectors.entries, make_vectors.notes, make_vectors.published,
        make_vectors.signatures, make_vectors.paths,
    ):  # fmt: skip
        part(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        path.name: path.read_bytes() for path in VECTORS.iterdir()
    }


def test_roots_of_certificate_transparency() -> None:
    leaves: list[bytes] = []
    known = []
    for size, last, root in rows("tree_of_certificate_transparency"):
        leaves += [auditlog.leaf(b"" if last == "-" else bytes.fromhex(last))] if int(size) else []
        assert auditlog.root_of(leaves).hex() == root
        known.append(root)
    # As published with the tests of several CT implementations.
    assert known[:2] + known[-1:] == [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]


LEAVES = [auditlog.leaf(b"%d" % number) for number in range(300)]


def test_roots_by_size() -> None:
    for size, root in rows("tree_sizes"):
        assert auditlog.root_of(LEAVES[: int(size)]).hex() == root


def test_proofs() -> None:
    for index, size, *proof in rows("proof_inclusion"):
        assert auditlog.inclusion_proof(LEAVES, int(index), int(size)) == hashes(proof)
    for old, new, *proof in rows("proof_consistency"):
        assert auditlog.consistency_proof(LEAVES, int(old), int(new)) == hashes(proof)


@pytest.mark.parametrize("name", named("entry_"))
def test_entries(name: str) -> None:
    facts, payload = read(name)
    entry = payload.encode()
    if facts["expect"] == "canonical":
        check(entry)
        assert auditlog.leaf(entry).hex() == facts["leaf"]
        assert verify_log.judge([entry]) == [auditlog.parse(entry)]
    else:
        with pytest.raises(auditlog.NotCanonical):
            check(entry)
        assert verify_log.judge([entry]) == [None]


@pytest.mark.parametrize("name", named("checkpoint_"))
def test_checkpoints(name: str) -> None:
    facts, note = read(name)
    key = auditlog.PublicKey.parse(facts["key"])
    complaints: list[tuple[str, ...]] = []
    keys = dict([verify_log.key_of(facts["key"])])
    found = verify_log.anchors(note, keys, "vector", lambda *finding: complaints.append(finding))
    if facts["expect"] == "opens":
        opened = auditlog.open_checkpoint(note, [key])
        assert (opened.origin, opened.size, opened.root.hex()) == (facts["origin"], int(facts["size"]), facts["root"])
        assert opened.signed_by == (key,)
        assert found == [(opened.size, opened.origin, opened.root, "vector")] and complaints == []
    else:
        with pytest.raises(REFUSED):
            auditlog.open_checkpoint(note, [key])
        assert found == [] and len(complaints) == 1


@pytest.mark.parametrize("name", named("note_"))
def test_published_notes(name: str) -> None:
    facts, note = read(name)
    key = auditlog.PublicKey.parse(facts["key"])
    assert auditlog.open_note(note, [key]) == (note.partition("\n\n")[0] + "\n", (key,))
    with pytest.raises(auditlog.SignatureWrong):
        auditlog.open_note("X" + note, [key])


@pytest.mark.parametrize("name", named("ed25519_"))
def test_signatures(name: str) -> None:
    facts, payload = read(name)
    public, signature = bytes.fromhex(facts["public"]), bytes.fromhex(facts["signature"])
    verified = verify_log.ed25519(public, bytes.fromhex(payload), signature)
    assert verified == (facts["expect"] == "verifies")


def test_paths_and_bundle() -> None:
    for number, width, path in rows("tile_paths"):
        assert auditlog.entry_path(int(number), int(width)) == path
        assert verify_log.ENTRY.fullmatch(path)
    facts, payload = read("bundle")
    leaves, findings, _ = verify_log.read_bundle((bytes.fromhex(payload), 0))
    assert (auditlog.root_of(leaves).hex(), findings) == (facts["root"], [])
