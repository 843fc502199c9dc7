"""Slots, compartments, fields: a key opens what it was made for, where it was made for it."""

import pickle
import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mifeng.engines.vault import (
    FieldKey,
    KeyStore,
    KeyStoreForeign,
    KeyWornOut,
    RootKey,
    RootKeyForgotten,
    Unreadable,
    WrongRootKey,
)
from mifeng.engines.vault.suites.chosen import suite_of

from . import reference
from .conftest import OTHER_PAPER, PAPER, House, build

TITLE = "documents_document.title|5e0c"


def sql(house: House, statement: str, *values: object) -> list[tuple]:
    """What somebody with write access to keys.db could do."""
    connection = sqlite3.connect(house.keys.path)
    try:
        with connection:
            return connection.execute(statement, values).fetchall()
    finally:
        connection.close()


# -- slots -----------------------------------------------------------------------------------------------------------


def test_a_slot_moved_to_another_object_opens_nothing(house: House) -> None:
    first, second = house.put(b"first"), house.put(b"second")
    assert (house.readable(first), house.readable(second)) == (True, True)
    for column in ("wrapped", "binding", "wrapped = ?, binding"):
        rows = {made: sql(house, "SELECT wrapped, binding FROM slot WHERE object_id = ?", made.object_id)[0]
                for made in (first, second)}  # fmt: skip
        wrapped, binding = rows[second]
        values = {"wrapped": (wrapped,), "binding": (binding,)}.get(column, (wrapped, binding))
        sql(house, f"UPDATE slot SET {column} = ? WHERE object_id = ?", *values, first.object_id)
        assert not house.readable(first), column
        assert house.readable(second), column
        wrapped, binding = rows[first]
        sql(house, "UPDATE slot SET wrapped = ?, binding = ? WHERE object_id = ?", wrapped, binding, first.object_id)
        assert house.take(first) == b"first"


def test_a_slot_moved_to_another_compartment_opens_nothing(house: House) -> None:
    made = house.put(b"text")
    house.put(b"other", compartment="5:YF")
    sql(house, "UPDATE slot SET kek_id = '5:YF#1' WHERE object_id = ?", made.object_id)
    assert not house.readable(made)
    sql(house, "UPDATE slot SET kek_id = '20:YF#1' WHERE object_id = ?", made.object_id)
    assert house.readable(made)


@pytest.mark.parametrize(
    "change",
    [
        "compartment = '5:YF'",
        "gen = 2",
        "gen = 1 << 40",
        "wrapped = zeroblob(60)",
        "suite = 2",
    ],
)
def test_a_changed_compartment_key_row_opens_nothing_though_its_key_is_in_memory(house: House, change: str) -> None:
    made = house.put(b"text")
    assert house.readable(made)
    sql(house, f"UPDATE kek SET {change}")
    assert not house.readable(made)


@pytest.mark.parametrize(
    "change",
    ["gen = 2", "gen = -1", "gen = 1 << 40", "suite = 2", "suite = 77", "wrapped = zeroblob(60)", "wrapped = x''"],
)
def test_a_changed_slot_row_opens_nothing(house: House, change: str) -> None:
    made = house.put(b"text")
    sql(house, f"UPDATE slot SET {change} WHERE kind <> 0")
    assert not house.readable(made)


def test_an_object_without_a_slot_is_unreadable(house: House) -> None:
    made = house.put(b"text")
    sql(house, "DELETE FROM slot WHERE object_id = ?", made.object_id)
    assert not house.readable(made)


def test_keys_are_wrapped_as_the_specification_says(house: House) -> None:
    """The whole way from the root key to the text, by the reference alone."""
    secret = bytes(range(32))
    other = build(house.home.parent / "other", RootKey(secret), chunk_log2=12)
    made = other.put(b"the text")
    [(wrapped_kek, gen)] = sql(other, "SELECT wrapped, gen FROM kek")
    [(wrapped_dek, binding)] = sql(other, "SELECT wrapped, binding FROM slot")
    aad = b"MFV1 kek\1" + b"20:YF" + gen.to_bytes(4)
    kek = reference.gcm_open(reference.hkdf(secret, b"MFV1 kek|1"), wrapped_kek[:12], wrapped_kek[12:], aad)
    aad = b"MFV1 slot" + binding + b"20:YF" + gen.to_bytes(4)
    dek = reference.gcm_open(kek, wrapped_dek[:12], wrapped_dek[12:], aad)
    assert reference.open_container(dek, other.file_of(made).read_bytes()) == b"the text"
    other.keys.close()


def test_each_compartment_has_a_key_of_its_own(house: House) -> None:
    for compartment in ("20:YF", "10:YF", "20:ZZ", "20:YF"):
        house.put(b"text", compartment=compartment)
    assert [(state.kek_id, state.wraps, state.slots, state.due) for state in house.vault.key_states()] == [
        ("10:YF#1", 1, 1, False),
        ("20:YF#1", 2, 2, False),
        ("20:ZZ#1", 1, 1, False),
    ]


def test_a_worn_key_asks_for_rotation_and_then_refuses(house: House) -> None:
    made = house.put(b"text")
    sql(house, "UPDATE kek SET wraps = ?", (1 << 31) - 1)
    assert [state.due for state in house.vault.key_states()] == [False]
    house.put(b"text")
    assert [state.due for state in house.vault.key_states()] == [True]
    sql(house, "UPDATE kek SET wraps = ?", 1 << 32)
    with pytest.raises(KeyWornOut):
        house.put(b"text")
    assert house.readable(made)
    house.vault.rotate("20:YF")
    assert (house.readable(house.put(b"text")), house.readable(made)) == (True, True)


def test_a_key_store_of_another_root_key_is_refused(house: House) -> None:
    house.put(b"text")
    with pytest.raises(WrongRootKey):
        build(house.home, RootKey.fresh())
    build(house.home, house.root).keys.close()


def test_a_file_of_somebody_else_is_no_key_store(house: House) -> None:
    text, database = house.home / "notes.txt", house.home / "other.db"
    text.write_text("no database at all, but long enough to have a header " * 9)
    connection = sqlite3.connect(database)
    connection.execute("CREATE TABLE t (x)")
    connection.commit()
    connection.close()
    for path in (text, database):
        with pytest.raises(KeyStoreForeign):
            KeyStore(path)


def test_the_key_store_is_private_and_durable(house: House) -> None:
    house.put(b"text")
    modes = {path.name: path.stat().st_mode & 0o777 for path in house.keys.path.parent.iterdir()}
    assert modes == {"keys.db": 0o600, "keys.db-wal": 0o600, "keys.db-shm": 0o600}
    assert house.keys.path.parent.stat().st_mode & 0o777 == 0o700
    settings_now = [
        house.keys._read(f"PRAGMA {name}")[0][0]
        for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
    ]
    assert settings_now == ["wal", 2, 1, 1]


def test_a_write_outside_a_transaction_is_a_mistake(house: House) -> None:
    with pytest.raises(RuntimeError):
        house.keys.drop_slot(bytes(16))


# -- fields ----------------------------------------------------------------------------------------------------------


@settings(max_examples=50, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_any_text_comes_back_from_its_field(text: str) -> None:
    key = FieldKey(bytes(32), bytes(16), suite_of(1))
    blob = key.seal(TITLE, text)
    assert key.open(TITLE, blob) == text
    assert len(blob) == 29 + len(text.encode())


def test_a_field_moved_to_another_row_column_table_or_document_is_unreadable(house: House) -> None:
    mine, other = house.fields(), house.fields(OTHER_PAPER)
    blob = mine.seal(TITLE, "青鹭三型")
    assert mine.open(TITLE, blob) == "青鹭三型"
    for key, place in [
        (mine, "documents_document.title|5e0d"),
        (mine, "documents_document.reason|5e0c"),
        (mine, "documents_version.title|5e0c"),
        (other, TITLE),
        (house.vault.register_key("20:YF"), TITLE),
    ]:
        with pytest.raises(Unreadable) as refusal:
            key.open(place, blob)
        assert refusal.value.object_id == key.key_id


def test_every_flip_and_every_cut_of_a_field_is_unreadable(house: House) -> None:
    key = house.fields()
    blob = key.seal(TITLE, "密")
    for damaged in [blob[:at] + bytes([blob[at] ^ 1]) + blob[at + 1 :] for at in range(len(blob))] + [
        blob[:cut] for cut in range(len(blob))
    ]:
        with pytest.raises(Unreadable):
            key.open(TITLE, damaged)


def test_equal_values_do_not_look_equal(house: House) -> None:
    key = house.fields()
    assert key.seal(TITLE, "机密") != key.seal(TITLE, "机密")


@pytest.mark.parametrize("context", ["", "title", "title|1", "documents.title", "documents.title|", ".title|1", "a.|1"])
def test_a_field_without_a_full_address_is_refused(house: House, context: str) -> None:
    key = house.fields()
    for act in (lambda: key.seal(context, "x"), lambda: key.open(context, bytes(40))):
        with pytest.raises(ValueError, match=r"table\.column"):
            act()


def test_a_document_has_one_key_wherever_it_lies(house: House) -> None:
    blob = house.fields().seal(TITLE, "青鹭")
    assert house.vault.document_key(PAPER, "20:YF").open(TITLE, blob) == "青鹭"
    assert house.vault.document_key(PAPER, "5:ZZ").open(TITLE, blob) == "青鹭"
    assert [(holding.kind, holding.compartment) for holding in house.vault.holdings(PAPER)] == [(0, "20:YF")]
    with pytest.raises(ValueError, match="16 bytes"):
        house.vault.document_key(b"short", "20:YF")


def test_a_document_key_relabelled_for_another_document_opens_nothing(house: House) -> None:
    blob = house.fields().seal(TITLE, "青鹭")
    sql(house, "UPDATE slot SET doc_id = ?", OTHER_PAPER)
    with pytest.raises(Unreadable):
        house.vault.document_key(OTHER_PAPER, "20:YF")
    sql(house, "UPDATE slot SET doc_id = ?", PAPER)
    assert house.fields().open(TITLE, blob) == "青鹭"


def test_register_keys_stay_the_same_and_differ_by_compartment(house: House) -> None:
    blob = house.vault.register_key("20:YF").seal(TITLE, "销毁清册")
    assert house.vault.register_key("20:YF").open(TITLE, blob) == "销毁清册"
    with pytest.raises(Unreadable):
        house.vault.register_key("10:YF").open(TITLE, blob)
    assert house.keys.slot_ids() == []


# -- the root key in memory ------------------------------------------------------------------------------------------


def test_labels_give_unlike_keys_of_the_asked_length() -> None:
    root, other = RootKey(bytes(range(32))), RootKey(bytes(range(1, 33)))
    assert root.derive("a") == RootKey(bytes(range(32))).derive("a") == reference.hkdf(bytes(range(32)), b"a")
    assert len({root.derive("a"), root.derive("b"), other.derive("a")}) == 3
    assert len(root.derive("a", 80)) == 80


def test_a_forgotten_root_key_derives_nothing() -> None:
    root = RootKey(b"k" * 32)
    held = root._secret
    root.forget()
    root.forget()
    assert (bytes(held), repr(root)) == (b"", "RootKey(forgotten)")
    with pytest.raises(RootKeyForgotten):
        root.derive("a")


def test_a_root_key_shows_and_gives_away_nothing() -> None:
    root = RootKey(b"k" * 32)
    assert "k" * 4 not in repr(root) + str(root)
    with pytest.raises(TypeError):
        pickle.dumps(root)
    with pytest.raises(ValueError, match="32"):
        RootKey(b"short")
