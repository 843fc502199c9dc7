"""The golden files in vectors/vault: the engine, the reference and the files agree byte for byte."""

import base64
import hashlib
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from mifeng.engines.vault import Cost, FieldKey, FileProvider, RootKey
from mifeng.engines.vault.envelope import HEADER, Header, Reader, Writer, parse
from mifeng.engines.vault.errors import Broken
from mifeng.engines.vault.keyring import kek_aad, slot_aad
from mifeng.engines.vault.suites import unwrap
from mifeng.engines.vault.suites.chosen import suite_of

from . import make_vectors, reference

FOLDER = Path(__file__).parents[3] / "vectors" / "vault"
FILES = sorted(FOLDER.glob("*.txt"))
OPENS = sorted(FOLDER.glob("opens_*.txt"))
REFUSED = sorted(FOLDER.glob("refused_*.txt"))
ONE = suite_of(1)


def load(path: Path) -> tuple[dict[str, str], bytes]:
    head, _, payload = path.read_text(encoding="utf-8").partition("\n\n")
    return dict(line.split(": ", 1) for line in head.splitlines()), base64.b64decode(payload)


def named(name: str) -> tuple[dict[str, str], bytes]:
    return load(FOLDER / f"{name}.txt")


def opened(key: bytes, sealed: bytes) -> bytes:
    reader = Reader(ONE, key, sealed[:HEADER], len(sealed), lambda start, length: sealed[start : start + length])
    return reader.read()


def test_the_files_are_what_the_reference_writes(tmp_path: Path) -> None:
    writers = ("containers", "refusals", "refused_headers", "keys", "key_file")
    for writer in writers:
        getattr(make_vectors, writer)(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        path.name: path.read_bytes() for path in FILES
    }
    assert (len(OPENS), len(REFUSED)) == (4, 19)


@pytest.mark.parametrize("path", OPENS, ids=lambda path: path.stem)
def test_a_golden_container_opens(path: Path) -> None:
    facts, sealed = load(path)
    key = bytes.fromhex(facts["key"])
    text = opened(key, sealed)
    assert (facts["expect"], len(text), hashlib.sha256(text).hexdigest()) == (
        "opens", int(facts["length"]), facts["sha256"],
    )  # fmt: skip
    assert reference.open_container(key, sealed) == text


@pytest.mark.parametrize("path", OPENS, ids=lambda path: path.stem)
def test_sealing_with_the_same_key_and_prefix_gives_the_golden_container(path: Path) -> None:
    facts, sealed = load(path)
    key = bytes.fromhex(facts["key"])
    header, text = parse(sealed[:HEADER]), opened(key, sealed)
    blocks = [memoryview(text[at : at + header.chunk]) for at in range(0, len(text) or 1, header.chunk)]
    assert b"".join(bytes(piece) for piece in Writer(ONE, key, header).pieces(blocks)) == sealed


@pytest.mark.parametrize("path", REFUSED, ids=lambda path: path.stem)
def test_a_forged_container_is_refused_for_its_reason(path: Path) -> None:
    facts, sealed = load(path)
    key = bytes.fromhex(facts["key"])
    assert (facts["expect"], reference.open_container(key, sealed)) == ("refused", None)
    with pytest.raises((Broken, InvalidTag)) as refusal:
        opened(key, sealed)
    assert (str(refusal.value) or "wrong tag") == facts["because"]


def test_a_header_field_out_of_range_is_never_written() -> None:
    good = {
        "suite": 1, "kind": 1, "doc_id": bytes(16), "version": 1, "part": 0, "length": 5, "object_id": bytes(16),
        "prefix": bytes(7),
    }  # fmt: skip
    assert Header(**good).container_size == 96 + 5 + 16
    for name, value in [
        ("kind", 0), ("kind", 9), ("doc_id", bytes(15)), ("object_id", bytes(17)), ("prefix", bytes(8)),
        ("version", -1), ("version", 1 << 32), ("part", 1 << 32), ("length", -1), ("length", (1 << 48) + 1),
        ("chunk_log2", 11), ("chunk_log2", 21),
    ]:  # fmt: skip
        with pytest.raises(ValueError, match=r"."):
            Header(**good | {name: value})


def test_a_golden_compartment_key_opens() -> None:
    facts, wrapped = named("kek")
    over = RootKey(bytes.fromhex(facts["root"])).derive("MFV1 kek|1")
    assert unwrap(ONE.aead(over), wrapped, kek_aad(facts["compartment"], int(facts["gen"]), 1)).hex() == facts["key"]
    with pytest.raises(InvalidTag):
        unwrap(ONE.aead(over), wrapped, kek_aad("20:ZZ", int(facts["gen"]), 1))


def test_a_golden_slot_opens() -> None:
    facts, wrapped = named("slot")
    kek, binding, gen = bytes.fromhex(facts["kek"]), bytes.fromhex(facts["binding"]), int(facts["gen"])
    assert unwrap(ONE.aead(kek), wrapped, slot_aad(binding, facts["compartment"], gen)).hex() == facts["key"]
    for moved in (
        slot_aad(bytes(32), facts["compartment"], gen),
        slot_aad(binding, "30:YF", gen),
        slot_aad(binding, facts["compartment"], gen + 1),
    ):
        with pytest.raises(InvalidTag):
            unwrap(ONE.aead(kek), wrapped, moved)


def test_golden_fields_open() -> None:
    facts, blob = named("field")
    key = ONE.kdf(bytes.fromhex(facts["document-key"]), b"MFV1 fields", 32)
    assert FieldKey(key, bytes(16), ONE).open(facts["context"], blob) == facts["text"]
    facts, blob = named("register_field")
    key = RootKey(bytes.fromhex(facts["root"])).derive(f"MFV1 register|{facts['compartment']}")
    assert FieldKey(key, bytes(16), ONE).open(facts["context"], blob) == facts["text"]


def test_a_golden_key_file_opens(tmp_path: Path) -> None:
    facts, text = named("key_file")
    path = tmp_path / "root.key"
    path.write_bytes(text)
    path.chmod(0o600)
    provider = FileProvider(path)
    assert provider.cost() == Cost(memory_kib=64, passes=1, lanes=1)
    assert provider.open(facts["passphrase"]).derive("x") == RootKey(bytes.fromhex(facts["root"])).derive("x")
