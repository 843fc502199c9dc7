"""The triggers on PostgreSQL: what is written without an entry, past the head, or by emptying a table, is not committed."""

import os
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from mifeng.engines import auditlog
from tests import cluster

from .samples import entry

pytestmark = pytest.mark.part("postgresql")

WORDS = auditlog.dialect("postgresql")
OPEN = auditlog.OPEN_ENTRY
WRITE = "INSERT INTO doc (id, x) VALUES (7, 'seventh')"
ZEROS = f"'\\x{'00' * 32}'::bytea"


def log(seq: int, time: int = 0) -> str:
    return f"INSERT INTO log VALUES ({seq}, '\\x{entry(time or seq).hex()}', {ZEROS})"


def head(size: int) -> str:
    return f"UPDATE log_head SET size = {size}, frontier = {ZEROS}"


def note(size: int) -> str:
    return f"INSERT INTO checkpoint VALUES ({size}, 'note')"


@pytest.fixture(scope="module")
def server() -> Iterator[None]:
    """The tests' own server, or one for this file when the tests run on SQLite."""
    if "MIFENG_TEST_CLUSTER" in os.environ:
        yield
        return
    made = cluster.Cluster()
    os.environ["MIFENG_TEST_CLUSTER"] = str(made.folder)
    yield
    del os.environ["MIFENG_TEST_CLUSTER"]
    made.stop()


@pytest.fixture
def database(server: None, request: pytest.FixtureRequest) -> Iterator[str]:
    """Two deeds recorded, one checkpoint, one row in a guarded table."""
    name = f"guards_{os.getpid()}"
    cluster.make(name)
    with cluster.connect(name) as made:
        for statement in [*WORDS.SCHEMA, "CREATE TABLE doc (id integer PRIMARY KEY, x text UNIQUE)", *WORDS.guard_triggers("doc")]:
            made.execute(statement)
    first = "INSERT INTO doc VALUES (1, 'first')"
    assert committed(name, [OPEN, first, log(0), head(1), OPEN, log(1), head(2), note(1)]) == ""
    yield name
    cluster.drop(name)


def committed(database: str, statements: list[str]) -> str:
    """Empty if the statements were committed in one transaction, else why not."""
    import psycopg  # a machine without the driver runs every other test

    with cluster.connect(database) as connection:
        try:
            with connection.transaction():
                for statement in statements:
                    connection.execute(statement)
        except psycopg.Error as fault:
            return str(fault)
    return ""


def everything(database: str) -> list[Any]:
    tables = ("log", "log_head", "pending_entry", "checkpoint", "doc")
    with cluster.connect(database) as connection:
        return [connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall() for table in tables]


@pytest.mark.parametrize(
    "statements",
    [
        [OPEN, "UPDATE doc SET x = '2'", log(2), head(3)],
        [OPEN, "DELETE FROM doc", log(2), head(3)],
        ["UPDATE doc SET x = '1' WHERE id = 99"],  # no row, nothing written
        [OPEN, WRITE, log(2), head(3), OPEN, "DELETE FROM doc", log(3), head(4)],  # two deeds in one commit
        [log(2), head(3)],  # a reading or a refusal writes nothing but its entry
        [log(2, time=1), head(3)],  # the same instant as the entry before
        [note(2)],
        [note(0)],
    ],
)  # fmt: skip
def test_what_is_recorded_is_committed(database: str, statements: list[str]) -> None:
    assert committed(database, statements) == ""


BLOB = f"'\\x{entry(9).hex()}', {ZEROS}"
CASES = [
    ([WRITE], "no deed"),
    (["UPDATE doc SET x = '2'"], "no deed"),
    (["DELETE FROM doc"], "no deed"),
    (["INSERT INTO doc VALUES (1, '2') ON CONFLICT (id) DO UPDATE SET x = '2'"], "no deed"),
    (["TRUNCATE doc"], "no deed empties a table"),
    ([OPEN, "TRUNCATE doc", log(2), head(3)], "no deed empties a table"),
    ([OPEN, "DELETE FROM doc"], "violates foreign key constraint"),
    ([OPEN, "DELETE FROM doc", "DELETE FROM pending_entry"], "an open entry is closed by recording it"),
    ([OPEN, "UPDATE pending_entry SET seq = 0"], "an open entry is closed by recording it"),
    (["TRUNCATE pending_entry"], "an open entry is closed by recording it"),
    ([OPEN, "TRUNCATE pending_entry"], "pending trigger events"),
    ([OPEN, OPEN], "one open entry, at the head"),
    (["INSERT INTO pending_entry VALUES (0)"], "one open entry, at the head"),
    (["INSERT INTO pending_entry VALUES (7)"], "one open entry, at the head"),
    (["INSERT INTO pending_entry VALUES (NULL)"], "one open entry, at the head"),
    ([log(2), OPEN], "one open entry, at the head"),
    ([OPEN, log(2), head(3), "DELETE FROM doc"], "no deed"),
    ([log(0)], "the log grows at its head only"),
    ([log(3)], "the log grows at its head only"),
    ([log(2), log(3)], "the log grows at its head only"),
    ([f"INSERT INTO log VALUES (NULL, {BLOB})"], "the log grows at its head only"),
    ([f"INSERT INTO log VALUES (0, {BLOB}) ON CONFLICT (seq) DO UPDATE SET entry = '\\xff'"], "the log grows at its head only"),
    ([f"INSERT INTO log VALUES (0, {BLOB}) ON CONFLICT DO NOTHING"], "the log grows at its head only"),
    (["UPDATE log SET entry = '\\x00'"], "the log is append only"),
    (["DELETE FROM log WHERE seq = 1"], "the log is append only"),
    (["TRUNCATE log, pending_entry"], "the log is append only"),
    ([f"INSERT INTO log VALUES (2, '\\x{entry(0).hex()}', {ZEROS})"], "an entry is not older than the one before it"),
    ([f"INSERT INTO log VALUES (2, '\\x7b', {ZEROS})"], "invalid input syntax for type json"),
    (["INSERT INTO log VALUES (2, '\\x7b7d', '\\x00')"], "violates check constraint"),
    ([head(1)], "the head moves one entry at a time"),
    ([head(3)], "the head moves one entry at a time"),
    ([log(2), head(4)], "the head moves one entry at a time"),
    ([log(2), "UPDATE log_head SET size = 3, frontier = '\\x00'"], "violates check constraint"),
    ([log(2), "UPDATE log_head SET size = 3, epoch = 2"], "the head moves one entry at a time"),
    (["DELETE FROM log_head"], "the log has one head"),
    (["TRUNCATE log_head"], "the log has one head"),
    (["INSERT INTO log_head VALUES (1, 0, '', 1) ON CONFLICT (one) DO UPDATE SET size = 0"], "the log has one head"),
    ([note(3)], "one checkpoint a size, never beyond the head"),
    ([note(1)], "one checkpoint a size, never beyond the head"),
    (["UPDATE checkpoint SET note = 'other'"], "a checkpoint is never changed"),
    (["DELETE FROM checkpoint"], "a checkpoint is never changed"),
    (["TRUNCATE checkpoint"], "a checkpoint is never changed"),
]  # fmt: skip


@pytest.mark.parametrize(("statements", "why"), CASES, ids=[f"case{number}" for number in range(len(CASES))])
def test_what_is_not_recorded_is_refused_whole(database: str, statements: list[str], why: str) -> None:
    before = everything(database)
    assert why in committed(database, statements)
    assert everything(database) == before


def test_a_second_writer_waits_and_sees_what_the_first_committed(database: str) -> None:
    seen: list[int] = []

    def second() -> None:
        with cluster.connect(database) as connection, connection.transaction():
            connection.execute(WORDS.TURN)
            seen.append(connection.execute("SELECT size FROM log_head").fetchone()[0])
            for statement in (OPEN, WRITE, log(seen[0]), head(seen[0] + 1)):
                connection.execute(statement)

    with cluster.connect(database) as first, cluster.connect(database) as watch:
        with first.transaction():
            first.execute(WORDS.TURN)
            other = threading.Thread(target=second)
            other.start()
            while not watch.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted").fetchone()[0]:
                assert other.is_alive()
            assert seen == []
            for statement in (OPEN, log(2), head(3)):
                first.execute(statement)
        other.join(20)
        assert seen == [3]
        assert watch.execute("SELECT size FROM log_head").fetchone() == (4,)


def test_a_dialect_that_is_not_known_is_refused() -> None:
    with pytest.raises(ValueError, match="oracle"):
        auditlog.dialect("oracle")
