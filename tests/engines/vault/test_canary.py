"""Unique plain texts and keys, driven through every verb, then searched for in every file in every usual coding."""

import base64
import os
import sqlite3
from pathlib import Path

from mifeng.engines.vault import Cost, FileProvider, Kind, Unreadable
from mifeng.engines.vault.keyring import kek_aad

from . import reference
from .conftest import PAPER, House, build

PLACE = "documents_document.title|5e0c"
CANARIES = ("金丝雀正文七三一九", "CANARY-TITLE-8842", "金丝雀编号-CN-5519", "canary-passphrase-6620")
BODY, TITLE, NUMBER, PASSPHRASE = CANARIES


def codings(text: str) -> dict[str, bytes]:
    """The forms in which a plain text survives on disks: encodings, hex, and base64 at its three offsets."""
    plain = text.encode()
    forms = {coding: text.encode(coding) for coding in ("utf-8", "utf-16-le", "utf-16-be", "gb18030")}
    forms |= {"hex": plain.hex().encode(), "HEX": plain.hex().upper().encode()}
    for shift in range(3):
        # The first and last signs depend on the neighbours, the middle does not.
        forms[f"base64+{shift}"] = base64.b64encode(bytes(shift) + plain)[4:-4]
    return forms


def hits(files: list[Path], needles: dict[str, bytes]) -> set[tuple[str, str]]:
    found = set()
    for path in files:
        content = path.read_bytes()
        found |= {(path.name, name) for name, needle in needles.items() if needle in content}
    return found


def all_needles() -> dict[str, bytes]:
    return {f"{text}/{coding}": needle for text in CANARIES for coding, needle in codings(text).items()}


def drive(house: House) -> None:
    """Every verb of the vault, good and bad, with the canaries in it."""
    vault, text = house.vault, (BODY * 2000).encode()
    kept = house.put(text)
    for coding in ("utf-16-le", "gb18030"):
        house.put((BODY * 100).encode(coding), kind=Kind.TEXT)
    spool = vault.spool()
    spool.write(text)
    with spool.finish() as file:
        house.put(file, part=1)
    fields, register = house.fields(), vault.register_key("20:YF")
    sealed = [fields.seal(PLACE, TITLE), register.seal(PLACE, NUMBER)]
    (house.home / "database.txt").write_bytes(b"\n".join(sealed))
    assert (house.take(kept), fields.open(PLACE, sealed[0])) == (text, TITLE)
    for bad in (lambda: house.take(kept, version=9), lambda: fields.open(PLACE, sealed[1])):
        try:
            bad()
        except Unreadable as refusal:
            (house.home / "errors.txt").write_text(repr(refusal) + str(refusal.__dict__))
    vault.rewrap_document(PAPER, "10:YF")
    vault.rotate("10:YF")
    vault.shred([kept.object_id])


def test_no_plain_text_and_no_key_in_any_file(tmp_path: Path) -> None:
    home = tmp_path / "house"
    provider = FileProvider(home / "root" / "root.key", cost=Cost(64, 1, 1))
    house = build(home, provider.create(PASSPHRASE))
    drive(house)
    provider.rewrap(PASSPHRASE, PASSPHRASE + " again")
    files = house.files()
    assert {"root.key", "keys.db", "keys.db-wal", "database.txt", "errors.txt"} < {path.name for path in files}
    assert hits(files, all_needles()) == set()
    over = house.root.derive("MFV1 kek|1")
    keys = {"root": bytes(house.root._secret), "over keks": over}
    for kek, _ in house.keys.keks():
        aad = kek_aad(kek.compartment, kek.gen, kek.suite)
        keys[f"kek {kek.kek_id}"] = reference.gcm_open(over, kek.wrapped[:12], kek.wrapped[12:], aad)
    for slot in house.keys.slots_of(PAPER):
        keys[f"dek {slot.object_id.hex()}"] = house.vault._ring._unwrapped(slot, slot.binding)
    assert len(keys) >= 6
    assert hits(files, keys) == set()
    house.keys.close()


def test_the_search_finds_what_lies_open(tmp_path: Path) -> None:
    """Positive control: the same texts in plain files and in a plain table, also after DELETE, are found, each one."""
    for number, (name, needle) in enumerate(all_needles().items()):
        (tmp_path / str(number)).write_bytes(os.urandom(7) + needle + os.urandom(7))
        assert name in {found for _, found in hits([tmp_path / str(number)], all_needles())}
    for text in CANARIES:
        for shift in range(3):
            (tmp_path / "base64").write_bytes(base64.b64encode(os.urandom(shift) + text.encode() + b"tail"))
            assert ("base64", f"{text}/base64+{shift}") in hits([tmp_path / "base64"], all_needles())
    connection = sqlite3.connect(tmp_path / "plain.db", isolation_level=None)
    connection.execute("PRAGMA secure_delete = OFF")  # some builds of SQLite have it on
    connection.execute("CREATE TABLE t (x TEXT)")
    connection.executemany("INSERT INTO t VALUES (?)", [(text,) for text in CANARIES])
    connection.execute("DELETE FROM t")
    connection.close()
    found = {name for _, name in hits([tmp_path / "plain.db"], all_needles())}
    assert found == {f"{text}/utf-8" for text in CANARIES} | {
        name for name, needle in all_needles().items() if any(needle in text.encode() for text in CANARIES)
    }
