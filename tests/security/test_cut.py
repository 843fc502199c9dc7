"""A disk that lost the end of a file: the log of changes (-wal) or the database cut anywhere in a short history of approvals.

What was acknowledged before the cut stands whole, what came after it has not happened; or the house refuses to open.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from mifeng.base import record, vault
from mifeng.site import anchor, database, sqlite_file, verification
from tests import cluster, house_fixtures, matters
from tests.house_fixtures import PASSPHRASE
from tests.security.dying_uses import approve, ask, revoke, use_newest

pytestmark = pytest.mark.skipif(cluster.POSTGRESQL, reason="SQLite only: PostgreSQL keeps its own files")
EVERY = 997  # every so-many-th byte; all of them were tried: docs/spec/turns.md
SAYS = (
    "SELECT size FROM log_head", "SELECT count(*) FROM log", "SELECT state, count(*) FROM approvals_approval GROUP BY 1 ORDER BY 1",
    "SELECT state, sum(uses), sum(uses_left) FROM approvals_grant GROUP BY 1 ORDER BY 1",
    "SELECT series, n FROM base_counter ORDER BY 1", "SELECT series, count(*), max(n) FROM base_issued GROUP BY 1 ORDER BY 1",
    "SELECT count(*) FROM pending_entry",
)  # fmt: skip


@dataclass
class History:
    """A house after some deeds: its file and the log of changes, as they lay on the disk; what stood at which length."""

    home: Path
    keys: Path
    wal: bytes
    stood: list[tuple[int, tuple[Any, ...]]]

    def after(self, length: int) -> tuple[Any, ...]:
        """What must stand when only so many bytes of the log of changes are left."""
        return [state for end, state in self.stood if end <= length][-1]

    def edges(self) -> list[int]:
        """Lengths around the ends of the deeds."""
        return [end + by for end, _state in self.stood for by in (-1, 0, 1) if 0 <= end + by <= len(self.wal)]


def says(path: Path) -> tuple[Any, ...]:
    """What the file says to somebody who only reads it."""
    reader = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return tuple(tuple(reader.execute(question).fetchall()) for question in SAYS)
    finally:
        reader.close()


@pytest.fixture
def history(house: Any, cast: Any, tmp_path: Path) -> Iterator[History]:
    """Ask, approve, use with its number; ask, approve, revoke. Copied as a power cut would leave it: nothing closed."""
    house_fixtures.settle()
    file, wal = house.home / "mifeng.db", house.home / "mifeng.db-wal"
    stood = []
    with matters.announced("copy"):
        record.head()
        stood.append((0, says(file)))
        for deed in (ask, approve, use_newest, ask, approve, revoke):
            deed()
            stood.append((wal.stat().st_size, says(file)))
        copied = tmp_path / "cut"
        shutil.copytree(house.home, copied / "var")
        shutil.copytree(house.keys, copied / "var-keys")
        (copied / "var" / "mifeng.db-shm").unlink()
        yield History(copied / "var", copied / "var-keys", wal.read_bytes(), stood)


def cut(history: History, every: int) -> Iterator[tuple[int, bool]]:
    """The log of changes cut at every so-many-th byte and around each deed, from the end: the length, and whether it fits."""
    file = history.home / "mifeng.db"
    wal, shm = file.with_name("mifeng.db-wal"), file.with_name("mifeng.db-shm")
    wal.write_bytes(history.wal)
    for length in sorted({*range(0, len(history.wal) + 1, every), *history.edges()}, reverse=True):
        with wal.open("r+b") as open_file:
            open_file.truncate(length)
        shm.unlink(missing_ok=True)
        yield length, says(file) == history.after(length)


def test_m2_1_a_cut_anywhere_leaves_what_was_acknowledged_before_it(history: History) -> None:
    assert len({state for _end, state in history.stood}) == 7
    found = dict(cut(history, EVERY))
    assert len(found) > len(history.wal) // EVERY
    assert [length for length, fits in found.items() if not fits] == []


def test_the_cuts_would_find_a_history_that_is_not_whole(history: History) -> None:
    broken = bytearray(history.wal)
    broken[history.stood[1][0] - 10] ^= 1  # in the first deed: it and all that follows are gone
    history.wal = bytes(broken)
    found = [fits for length, fits in cut(history, 10**9) if length >= history.stood[1][0]]
    assert len(found) > 10
    assert not any(found)


@pytest.mark.parametrize("deeds", range(7))
def test_a_house_that_was_cut_after_a_deed_opens_as_it_stood_then(history: History, deeds: int) -> None:
    end, state = history.stood[deeds]
    opened(history, history.wal[: end + 5])
    assert says(history.home / "mifeng.db") == state
    assert verification.run() == []
    if deeds in (1, 4):  # a request that waits: the office goes on with it
        assert approve()["act"] == "approve"
        assert verification.run() == []


def opened(history: History, wal: bytes) -> None:
    """The house of these files, opened as at a start."""
    connection.close()
    (history.home / "mifeng.db-wal").write_bytes(wal)
    (history.home / "mifeng.db-shm").unlink(missing_ok=True)
    house_fixtures.open_folders(history.home, history.keys)
    database.check()
    vault.unseal(PASSPHRASE)
    house_fixtures.start_log()


def test_a_house_that_lost_more_than_its_note_knows_refuses_to_open(history: History) -> None:
    opened(history, history.wal)
    anchor.compare()  # what is noted outside: the whole history
    end = history.stood[3][0]
    connection.close()
    with pytest.raises(anchor.LogRolledBack):
        opened(again(history), history.wal[:end])
        anchor.compare()


def again(history: History) -> History:
    """The same files as before anybody opened them; the note outside stays."""
    shutil.copy(history.home.parent / "first.db", history.home / "mifeng.db")
    return history


@pytest.fixture(autouse=True)
def first(history: History) -> None:
    """The database as the history left it."""
    shutil.copy(history.home / "mifeng.db", history.home.parent / "first.db")


@pytest.mark.parametrize("wal", [True, False], ids=["with_the_log_of_changes", "alone"])
def test_a_database_that_was_cut_refuses_to_open(history: History, wal: bool) -> None:
    file, whole = history.home / "mifeng.db", (history.home / "mifeng.db").read_bytes()
    left = history.wal if wal else b""
    assert sqlite_file.is_whole(file)
    for length in (1, 99, 100, 4096, 5000, len(whole) // 2, len(whole) - 4096, len(whole) - 1):
        file.write_bytes(whole[:length])
        with pytest.raises(database.UnusableDatabase, match="不完整"):
            opened(history, left)
    file.write_bytes(b"")
    assert sqlite_file.is_whole(file)
