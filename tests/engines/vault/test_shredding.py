"""Destruction: from the first step on nothing opens, and nothing of the key stays on disk."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from mifeng.engines.vault import KeyStore, Orphans, ResidueRemains, Swept, Unreadable, Vault, keystore

from .conftest import COMPARTMENT, NOW, OTHER_PAPER, PAPER, House

DAY = 86400.0
TITLE = "documents_document.title|5e0c"


def everything_of(house: House, doc: bytes = PAPER) -> list[bytes]:
    return [holding.object_id for holding in house.vault.holdings(doc)]


def traces(house: House, needle: bytes) -> set[str]:
    return {path.name for path in house.files() if needle in path.read_bytes()}


def test_a_shredded_object_is_unreadable_and_its_neighbour_is_not(house: House) -> None:
    gone, stays = house.put(b"gone"), house.put(b"stays", part=1)
    assert house.readable(gone)
    receipt = house.vault.shred([gone.object_id])
    assert not house.readable(gone)
    assert house.take(stays, part=1) == b"stays"
    assert [note.object_id for note in receipt.shredded] == [gone.object_id]
    assert (receipt.unknown, receipt.blobs_deleted, receipt.finished) == ((), 1, int(NOW))
    assert not house.file_of(gone).exists()


def test_an_old_copy_of_the_blobs_opens_nothing(house: House) -> None:
    gone = house.put(b"gone")
    copy = house.home / "copy of the blobs"
    shutil.copytree(house.blobs.path, copy)
    shutil.rmtree(house.blobs.path)
    shutil.copytree(copy, house.blobs.path)
    assert house.take(gone) == b"gone"  # the copy is a good one
    house.vault.shred([gone.object_id])
    shutil.rmtree(house.blobs.path)
    shutil.copytree(copy, house.blobs.path)
    assert house.file_of(gone).exists()
    assert not house.readable(gone)


def test_nothing_of_a_shredded_key_stays_in_the_key_store(house: House) -> None:
    gone = house.put(b"gone")
    for number in range(50):
        house.put(b"filler", part=number)
    wrapped = house.keys.slot(gone.object_id).wrapped
    assert traces(house, wrapped) == {"keys.db-wal"}
    house.keys.truncate_journal()
    assert traces(house, wrapped) == {"keys.db"}
    house.vault.shred([gone.object_id])
    assert traces(house, wrapped) == set()


def test_one_shred_of_all_holdings_ends_files_and_fields(house: House) -> None:
    pages = [house.put(b"page", part=number) for number in range(3)]
    key = house.fields()
    blob = key.seal(TITLE, "青鹭")
    other = house.fields(OTHER_PAPER).seal(TITLE, "别的")
    receipt = house.vault.shred(everything_of(house))
    assert {note.object_id for note in receipt.shredded} == {*(page.object_id for page in pages), key.key_id}
    assert [house.readable(page, part=number) for number, page in enumerate(pages)] == [False] * 3
    assert house.vault.holdings(PAPER) == ()
    for _ in range(2):  # looking must not give the destroyed document a new key
        with pytest.raises(Unreadable):
            house.fields().open(TITLE, blob)
    assert house.keys.document_slot(PAPER) is None
    assert house.fields(OTHER_PAPER).open(TITLE, other) == "别的"


def test_a_document_may_lose_one_version_and_keep_its_fields(house: House) -> None:
    wrong, right, blob = house.put(b"wrong file"), house.put(b"right file"), house.fields().seal(TITLE, "青鹭")
    house.vault.shred([wrong.object_id])
    assert (house.readable(wrong), house.take(right), house.fields().open(TITLE, blob)) == (
        False, b"right file", "青鹭",
    )  # fmt: skip


def test_shredding_again_gives_the_same_receipt(house: House) -> None:
    gone, stranger = house.put(b"gone"), bytes(16)
    binding = house.vault.holdings(PAPER)[0].binding
    first = house.vault.shred([gone.object_id, stranger, gone.object_id])
    house.now += 3 * DAY
    again = house.vault.shred([gone.object_id, stranger])
    assert again.shredded == first.shredded
    assert [(note.doc_id, note.kek_id, note.gen, note.binding, note.shredded) for note in again.shredded] == [
        (PAPER, "20:YF#1", 1, binding, int(NOW))
    ]
    assert (first.unknown, again.unknown) == ((stranger,), (stranger,))
    assert (first.blobs_deleted, again.blobs_deleted, again.finished) == (1, 0, int(NOW + 3 * DAY))


def test_while_another_process_reads_the_journal_nothing_is_called_destroyed(house: House) -> None:
    gone = house.put(b"gone")
    reader = sqlite3.connect(house.keys.path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM slot").fetchone()
    house.keys = KeyStore(house.keys.path, wait=0.05)
    house.vault = Vault(house.root, house.keys, house.blobs, clock=lambda: house.now)
    with pytest.raises(ResidueRemains):
        house.vault.shred([gone.object_id])
    assert not house.readable(gone)
    assert house.file_of(gone).exists()
    reader.execute("COMMIT")
    reader.close()
    assert len(house.vault.shred([gone.object_id]).shredded) == 1
    assert not house.file_of(gone).exists()


def test_a_restored_key_store_forgets_a_shred_until_it_is_replayed(house: House) -> None:
    """Why destruction is final only when every key backup has expired, and why a restore replays the log."""
    gone = house.put(b"gone")
    blobs, backup = house.home / "old blobs", house.home / "keys.backup"
    shutil.copytree(house.blobs.path, blobs)
    house.keys.truncate_journal()
    shutil.copy(house.keys.path, backup)
    house.vault.shred([gone.object_id])
    house.keys.close()
    for path in house.keys.path.parent.glob("keys.db*"):
        path.unlink()
    shutil.copy(backup, house.keys.path)
    shutil.rmtree(house.blobs.path)
    shutil.copytree(blobs, house.blobs.path)
    house.keys = KeyStore(house.keys.path)
    house.vault = Vault(house.root, house.keys, house.blobs, clock=lambda: house.now)
    assert house.readable(gone)
    house.vault.shred([gone.object_id])
    assert not house.readable(gone)


# -- orphans ---------------------------------------------------------------------------------------------------------


def test_only_what_is_old_and_unknown_is_an_orphan(house: House) -> None:
    known, lost = house.put(b"known"), house.put(b"lost")
    house.fields()
    house.now += 2 * DAY
    fresh = house.put(b"just prepared")
    assert house.vault.orphans({known.object_id}, DAY) == Orphans((lost.object_id,), (), ())
    assert house.vault.sweep(house.vault.orphans({known.object_id}, DAY), DAY) == Swept(1, 1, 0)
    assert house.vault.orphans({known.object_id}, DAY) == Orphans((), (), ())
    assert (house.readable(known), house.readable(lost), house.readable(fresh)) == (True, False, True)


def test_keys_of_documents_are_judged_only_when_the_documents_are_told(house: House) -> None:
    key, _ = house.fields(), house.fields(OTHER_PAPER)
    house.now += 2 * DAY
    assert house.vault.orphans((), DAY) == Orphans((), (), ())
    assert house.vault.orphans((), DAY, known_documents={OTHER_PAPER}) == Orphans((key.key_id,), (), ())


def test_a_blob_without_a_key_and_half_a_blob_are_swept_when_old(house: House) -> None:
    house.now = house_clock = house.file_of(house.put(b"x")).stat().st_mtime
    known = [object_id for object_id, *_ in house.keys.slot_ids()]
    name = "ab" * 16
    house.blobs.put(name, b"noise")
    (house.blobs.path / "ab" / f".{'cd' * 16}.01234567.part").write_bytes(b"half")
    house.now = house_clock + 60
    assert house.vault.orphans(known, DAY) == Orphans((), (), ())
    assert house.vault.sweep(Orphans((), (), ()), DAY) == Swept(0, 0, 0)
    house.now = house_clock + 2 * DAY
    assert house.vault.orphans(known, DAY) == Orphans((), (name,), ())
    assert house.vault.sweep(house.vault.orphans(known, DAY), DAY) == Swept(0, 1, 1)
    assert [path.name for path in (house.blobs.path / "ab").iterdir()] == []


def test_a_known_object_without_key_or_blob_is_reported(house: House) -> None:
    whole, keyless, blobless = house.put(b"1"), house.put(b"2"), house.put(b"3")
    house.file_of(blobless).unlink()
    with house.keys.writing():
        house.keys.drop_slot(keyless.object_id)
    known = {whole.object_id, keyless.object_id, blobless.object_id}
    missing = house.vault.orphans(known, DAY).missing
    assert missing == tuple(sorted({keyless.object_id, blobless.object_id}))


def test_secure_delete_is_what_removes_the_trace(tmp_path: Path) -> None:
    """Positive control: without it the same deletion leaves the bytes in the file."""
    needle, left = b"\x01needle-of-a-wrapped-key\x02" * 3, {}
    for mode in ("ON", "OFF"):
        path = tmp_path / f"{mode}.db"
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute(f"PRAGMA secure_delete = {mode}")
        connection.execute("CREATE TABLE t (x BLOB)")
        connection.execute("INSERT INTO t VALUES (?)", (needle,))
        connection.execute("DELETE FROM t")
        connection.close()
        left[mode] = needle in path.read_bytes()
    assert left == {"ON": False, "OFF": True}
    assert "secure_delete = ON" in Path(keystore.__file__).read_text()


# -- compartments ----------------------------------------------------------------------------------------------------


def test_a_level_change_moves_every_key_and_no_blob(house: House) -> None:
    made, other = house.put(b"text"), house.put(b"other", doc=OTHER_PAPER)
    key = house.fields()
    blob, before = key.seal(TITLE, "青鹭"), house.file_of(made).read_bytes()
    wrapped = house.keys.slot(made.object_id).wrapped
    assert house.vault.rewrap_document(PAPER, "10:YF") == 2
    assert {holding.compartment for holding in house.vault.holdings(PAPER)} == {"10:YF"}
    assert (house.take(made, compartment="10:YF"), house.file_of(made).read_bytes()) == (b"text", before)
    assert house.fields().open(TITLE, blob) == "青鹭"
    assert not house.readable(made, compartment=COMPARTMENT)
    assert house.take(other, doc=OTHER_PAPER, compartment=COMPARTMENT) == b"other"
    assert traces(house, wrapped) == set()
    assert house.vault.rewrap_document(PAPER, "10:YF") == 0


def test_a_level_change_with_a_damaged_slot_moves_nothing(house: House) -> None:
    house.put(b"1"), house.put(b"2")
    bad = house.put(b"3")
    connection = sqlite3.connect(house.keys.path)
    connection.execute("UPDATE slot SET wrapped = zeroblob(60) WHERE object_id = ?", (bad.object_id,))
    connection.commit()
    connection.close()
    with pytest.raises(Unreadable) as refusal:
        house.vault.rewrap_document(PAPER, "10:YF")
    assert refusal.value.object_id == bad.object_id
    assert {holding.compartment for holding in house.vault.holdings(PAPER)} == {COMPARTMENT}


def test_rotation_moves_every_slot_and_destroys_the_former_key(house: House) -> None:
    pages = [house.put(b"page %d" % number, part=number) for number in range(25)]
    foreign = house.put(b"foreign", compartment="10:ZZ")
    blob = house.fields().seal(TITLE, "青鹭")
    former = house.keys.current_kek(COMPARTMENT).wrapped
    assert former in house.keys.path.with_name("keys.db-wal").read_bytes()
    rotation = house.vault.rotate(COMPARTMENT, batch=7)
    assert (rotation.kek_id, rotation.moved, rotation.destroyed) == ("20:YF#2", 26, ("20:YF#1",))
    assert [house.take(page, part=number) for number, page in enumerate(pages)] == [
        b"page %d" % number for number in range(25)
    ]
    assert (house.take(foreign), house.fields().open(TITLE, blob)) == (b"foreign", "青鹭")
    assert [(state.kek_id, state.slots) for state in house.vault.key_states()] == [("10:ZZ#1", 1), ("20:YF#2", 26)]
    assert traces(house, former) == set()
    assert house.vault.rotate(COMPARTMENT).kek_id == "20:YF#3"


def test_nothing_to_rotate_is_a_fault_of_the_caller(house: House) -> None:
    with pytest.raises(ValueError, match="nothing was ever sealed"):
        house.vault.rotate("10:ZZ")
    assert house.vault.key_states() == ()


def test_a_rotation_stops_at_a_damaged_slot_and_keeps_the_former_key(house: House) -> None:
    good, bad = house.put(b"good"), house.put(b"bad")
    with house.keys.writing():
        house.keys._write("UPDATE slot SET wrapped = zeroblob(60) WHERE object_id = ?", bad.object_id)
    with pytest.raises(Unreadable) as refusal:
        house.vault.rotate(COMPARTMENT)
    assert refusal.value.object_id == bad.object_id
    assert house.readable(good)
    house.vault.shred([bad.object_id])
    assert house.vault.rotate(COMPARTMENT).destroyed == ("20:YF#1",)
    assert house.readable(good)
