"""The triggers on a real database: what is written without an entry, or past the head, is not committed."""

import sqlite3
from collections.abc import Iterator

import pytest

from mifeng.engines import auditlog

from .samples import SqliteLog, entry

WRITE = "INSERT INTO doc (x) VALUES (1)"
OPEN = auditlog.OPEN_ENTRY


def log(seq: int, time: int = 0) -> str:
    return f"INSERT INTO log VALUES ({seq}, x'{entry(time or seq).hex()}', zeroblob(32))"


def head(size: int) -> str:
    return f"UPDATE log_head SET size = {size}, frontier = zeroblob(32)"


def note(size: int) -> str:
    return f"INSERT INTO checkpoint VALUES ({size}, 'note')"


@pytest.fixture
def database() -> Iterator[sqlite3.Connection]:
    """Two deeds recorded, one checkpoint, one row in a guarded table."""
    made = SqliteLog(":memory:").connection
    made.executescript("\n".join(auditlog.SCHEMA))
    made.execute("CREATE TABLE doc (id INTEGER PRIMARY KEY, x UNIQUE)")
    for statement in auditlog.guard_triggers("doc"):
        made.execute(statement)
    first = "INSERT INTO doc VALUES (1, 'first')"
    assert committed(made, [OPEN, first, log(0), head(1), OPEN, log(1), head(2), note(1)]) == ""
    yield made
    made.close()


def committed(database: sqlite3.Connection, statements: list[str]) -> str:
    """Empty if the statements were committed in one transaction, else why not."""
    database.execute("BEGIN IMMEDIATE")
    try:
        for statement in statements:
            database.execute(statement)
        database.execute("COMMIT")
    except sqlite3.Error as fault:
        if database.in_transaction:
            database.execute("ROLLBACK")
        return str(fault)
    return ""


@pytest.mark.parametrize(
    "statements",
    [
        [OPEN, "UPDATE doc SET x = 2", log(2), head(3)],
        [OPEN, "DELETE FROM doc", log(2), head(3)],
        [OPEN, "REPLACE INTO doc VALUES (1, 'other')", log(2), head(3)],
        [OPEN, "UPDATE doc SET x = 5 WHERE id = 1", log(2), head(3)],
        ["UPDATE doc SET x = 1 WHERE id = 99"],  # no row, nothing written
        [OPEN, "DELETE FROM doc", "INSERT INTO doc VALUES (1, 1), (2, 2)", log(2), head(3)],
        [OPEN, WRITE, log(2), head(3), OPEN, "DELETE FROM doc", log(3), head(4)],  # two deeds in one commit
        [log(2), head(3)],  # a reading or a refusal writes nothing but its entry
        [log(2, time=1), head(3)],  # the same instant as the entry before
        [note(2)],
        [note(0)],
    ],
)  # fmt: skip
def test_what_is_recorded_is_committed(database: sqlite3.Connection, statements: list[str]) -> None:
    assert committed(database, statements) == ""


NO_DEED = "no deed"
ONE_OPEN = "one open entry, at the head"
RECORD_IT = "an open entry is closed by recording it"
ONE_FURTHER = "the head moves one entry at a time"
ONE_HEAD = "the log has one head"
ONE_NOTE = "one checkpoint a size, never beyond the head"
OLDER = "an entry is not older than the one before it"
AT_HEAD = "the log grows at its head only"
APPEND_ONLY = "the log is append only"
ENTRY_BLOB = "CHECK constraint failed: typeof(entry) = 'blob' AND length(entry) <= 60000"
LEAF_BLOB = "CHECK constraint failed: typeof(leaf) = 'blob' AND length(leaf) = 32"
WHOLE_HASHES = "CHECK constraint failed: typeof(frontier) = 'blob' AND length(frontier) = length(frontier) / 32 * 32"
BLOB = f"x'{entry(9).hex()}', zeroblob(32)"


@pytest.mark.parametrize(
    ("statements", "why"),
    [
        ([WRITE], NO_DEED),
        (["UPDATE doc SET x = 2"], NO_DEED),
        (["DELETE FROM doc"], NO_DEED),
        (["DELETE FROM doc WHERE id = 1"], NO_DEED),
        (["REPLACE INTO doc VALUES (1, 'other')"], NO_DEED),
        (["INSERT INTO doc VALUES (1, 2) ON CONFLICT (id) DO UPDATE SET x = 2"], NO_DEED),
        ([OPEN, "DELETE FROM doc"], "FOREIGN KEY constraint failed"),
        ([OPEN, "DELETE FROM doc", "DELETE FROM pending_entry"], RECORD_IT),
        ([OPEN, "UPDATE pending_entry SET seq = 0"], RECORD_IT),
        ([OPEN, OPEN], ONE_OPEN),
        ([OPEN, "INSERT OR REPLACE INTO pending_entry VALUES (2)"], ONE_OPEN),
        (["INSERT INTO pending_entry VALUES (0)"], ONE_OPEN),
        (["INSERT INTO pending_entry VALUES (7)"], ONE_OPEN),
        ([log(2), OPEN], ONE_OPEN),
        ([OPEN, log(2), head(3), "DELETE FROM doc"], NO_DEED),
        ([log(0)], AT_HEAD),
        ([log(1)], AT_HEAD),
        ([log(3)], AT_HEAD),
        ([f"INSERT INTO log (entry, leaf) VALUES ({BLOB})"], AT_HEAD),
        ([f"INSERT OR REPLACE INTO log VALUES (0, {BLOB})"], AT_HEAD),
        ([log(2), f"INSERT OR REPLACE INTO log VALUES (2, {BLOB})"], AT_HEAD),
        ([f"INSERT INTO log VALUES (0, {BLOB}) ON CONFLICT (seq) DO UPDATE SET entry = x'ff'"], AT_HEAD),
        ([f"INSERT OR IGNORE INTO log VALUES (0, {BLOB})"], AT_HEAD),
        ([log(2), log(3)], AT_HEAD),
        (["UPDATE log SET entry = x'00'"], APPEND_ONLY),
        (["UPDATE OR REPLACE log SET seq = 0 WHERE seq = 1"], APPEND_ONLY),
        (["DELETE FROM log"], APPEND_ONLY),
        (["DELETE FROM log WHERE seq = 1"], APPEND_ONLY),
        ([f"INSERT INTO log VALUES (2, x'{entry(0).hex()}', zeroblob(32))"], OLDER),
        (["INSERT INTO log VALUES (2, x'00', zeroblob(32))"], "malformed JSON"),
        (["INSERT INTO log VALUES (2, '{}', zeroblob(32))"], ENTRY_BLOB),
        (["INSERT INTO log VALUES (2, x'7b7d', x'00')"], LEAF_BLOB),
        ([head(1)], ONE_FURTHER),
        ([head(2)], ONE_FURTHER),
        ([head(3)], ONE_FURTHER),
        ([log(2), head(4)], ONE_FURTHER),
        ([log(2), "UPDATE log_head SET size = 3, frontier = x'00'"], WHOLE_HASHES),
        ([log(2), "UPDATE log_head SET size = 3, epoch = 2"], ONE_FURTHER),
        (["DELETE FROM log_head"], ONE_HEAD),
        (["REPLACE INTO log_head VALUES (1, 0, x'', 1)"], ONE_HEAD),
        (["INSERT INTO log_head VALUES (1, 0, x'', 1) ON CONFLICT (one) DO UPDATE SET size = 0"], ONE_HEAD),
        (["INSERT INTO log_head VALUES (2, 0, x'', 1)"], ONE_HEAD),
        ([note(3)], ONE_NOTE),
        ([note(1)], ONE_NOTE),
        (["REPLACE INTO checkpoint VALUES (1, 'other')"], ONE_NOTE),
        (["UPDATE checkpoint SET note = 'other'"], "a checkpoint is never changed"),
        (["DELETE FROM checkpoint"], "a checkpoint is never changed"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
def test_what_is_not_recorded_is_refused_whole(
    database: sqlite3.Connection, statements: list[str], why: str, recursive: str
) -> None:
    database.execute(f"PRAGMA recursive_triggers = {recursive}")
    before = list(database.iterdump())
    assert committed(database, statements) == why
    assert list(database.iterdump()) == before


def test_a_deed_left_open_without_foreign_keys_stops_the_next_one(database: sqlite3.Connection) -> None:
    database.execute("PRAGMA foreign_keys = OFF")
    assert committed(database, [OPEN, "DELETE FROM doc"]) == ""
    assert committed(database, [OPEN, WRITE]) == ONE_OPEN


def test_an_entry_whose_head_was_not_moved_stops_the_log_until_it_is(database: sqlite3.Connection) -> None:
    assert committed(database, [log(2)]) == ""
    assert committed(database, [log(3), head(3)]) == AT_HEAD
    assert committed(database, [OPEN, WRITE]) == ONE_OPEN
    assert committed(database, [head(3), log(3), head(4)]) == ""


def test_guards_follow_cascades(database: sqlite3.Connection) -> None:
    database.executescript(
        "CREATE TABLE parent (id INTEGER PRIMARY KEY);"
        "CREATE TABLE child (id INTEGER PRIMARY KEY, of REFERENCES parent ON DELETE CASCADE);"
        "INSERT INTO parent VALUES (1); INSERT INTO child VALUES (1, 1);"
        + "".join(auditlog.guard_triggers("child"))
    )  # fmt: skip
    assert committed(database, ["DELETE FROM parent"]) == NO_DEED
    assert committed(database, [OPEN, "DELETE FROM parent", log(2), head(3)]) == ""


def test_guards_may_be_set_twice_and_name_odd_tables(database: sqlite3.Connection) -> None:
    database.execute('CREATE TABLE "odd name" (x)')
    for statement in auditlog.guard_triggers("odd name") * 2:
        database.execute(statement)
    assert committed(database, ['INSERT INTO "odd name" VALUES (1)']) == NO_DEED
    with pytest.raises(ValueError, match="not a table name"):
        auditlog.guard_triggers('x" BEGIN')


def test_append_passes_its_own_guards() -> None:
    made = SqliteLog(":memory:")
    made.connection.executescript("\n".join(auditlog.SCHEMA))
    entries = [entry(number) for number in range(20)]
    made.connection.execute("BEGIN IMMEDIATE")
    for one in entries:
        made.connection.execute(OPEN)
        auditlog.append(made, one)
    made.connection.execute("COMMIT")
    assert made.entries() == entries
    assert auditlog.root(made.head().frontier) == auditlog.root_of(map(auditlog.leaf, entries))
    made.connection.close()
