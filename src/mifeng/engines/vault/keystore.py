"""keys.db: wrapped keys, nothing else, in an SQLite file of its own with its own backups. SQL only, no cryptography."""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mifeng.engines.vault.durable import private_folder
from mifeng.engines.vault.errors import KeyStoreForeign, ResidueRemains

FORMAT = 1
_APPLICATION = 0x4D46_4B53  # "MFKS", so that `file` and a restore can tell what it is

SCHEMA = """
CREATE TABLE anchor (one INTEGER PRIMARY KEY CHECK (one = 1), proof BLOB NOT NULL) STRICT;
CREATE TABLE kek (
    kek_id      TEXT PRIMARY KEY,
    compartment TEXT NOT NULL,
    gen         INTEGER NOT NULL CHECK (gen >= 1),
    suite       INTEGER NOT NULL,
    wrapped     BLOB,
    wraps       INTEGER NOT NULL DEFAULT 0,
    created     INTEGER NOT NULL,
    destroyed   INTEGER,
    UNIQUE (compartment, gen),
    CHECK ((wrapped IS NULL) = (destroyed IS NOT NULL))
) STRICT;
CREATE TABLE slot (
    object_id BLOB PRIMARY KEY CHECK (length(object_id) = 16),
    doc_id    BLOB NOT NULL CHECK (length(doc_id) = 16),
    kind      INTEGER NOT NULL,
    kek_id    TEXT NOT NULL REFERENCES kek (kek_id),
    suite     INTEGER NOT NULL,
    gen       INTEGER NOT NULL,
    binding   BLOB NOT NULL CHECK (length(binding) = 32),
    wrapped   BLOB NOT NULL,
    created   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX one_document_key ON slot (doc_id) WHERE kind = 0;
CREATE INDEX slot_doc ON slot (doc_id);
CREATE INDEX slot_kek ON slot (kek_id);
CREATE TABLE shredded (
    object_id BLOB PRIMARY KEY,
    doc_id    BLOB NOT NULL,
    kind      INTEGER NOT NULL,
    kek_id    TEXT NOT NULL,
    gen       INTEGER NOT NULL,
    binding   BLOB NOT NULL,
    shredded  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX shredded_doc ON shredded (doc_id);
"""


@dataclass(frozen=True)
class KekRow:
    """A compartment key as it lies in the store; ``wraps`` counts how often it was used to wrap."""

    kek_id: str
    compartment: str
    gen: int
    suite: int
    wrapped: bytes
    wraps: int


@dataclass(frozen=True)
class SlotRow:
    """A key slot with the compartment key over it. ``binding``: 32 bytes that say what the key belongs to."""

    object_id: bytes
    doc_id: bytes
    kind: int  # that of the container, 0 = document key
    suite: int
    gen: int
    binding: bytes
    wrapped: bytes
    created: int
    kek: KekRow


@dataclass(frozen=True)
class ShreddedRow:
    """What stays of a shredded slot: whose it was, which key wrapped it, when it went (seconds since 1970)."""

    object_id: bytes
    doc_id: bytes
    kind: int
    kek_id: str
    gen: int
    binding: bytes
    shredded: int


_KEK = "kek.kek_id, kek.compartment, kek.gen, kek.suite, kek.wrapped, kek.wraps"
_SLOT = (
    "SELECT slot.object_id, slot.doc_id, slot.kind, slot.suite, slot.gen, slot.binding, slot.wrapped, slot.created, "
    f"{_KEK} FROM slot JOIN kek USING (kek_id) WHERE kek.destroyed IS NULL AND "
)


def _slot(row: tuple) -> SlotRow:
    return SlotRow(*row[:8], KekRow(*row[8:]))


class KeyStore:
    """The key store file at ``path``, made (0600, its folder 0700) if absent. One connection a thread and process.

    ``wait``: seconds to be patient with another writer or reader of the file. Raises ``KeyStoreForeign`` for a file of
    another program or version.
    """

    def __init__(self, path: str | os.PathLike[str], *, wait: float = 10.0) -> None:
        self.path = Path(path)
        self._wait = wait
        private_folder(self.path.parent)
        # SQLite gives its journal the rights of the database, so these are set before it opens anything.
        os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
        self._inherited: list[list] = []
        self._start_process()
        self._prepare_schema()

    # -- reading ---------------------------------------------------------------------------------------------------

    def slot(self, object_id: bytes) -> SlotRow | None:
        """The slot of an object, ``None`` if there is none or its compartment key was destroyed."""
        return self._one_slot("slot.object_id = ?", object_id)

    def document_slot(self, doc_id: bytes) -> SlotRow | None:
        """The slot of a document's own key, from which its field key comes."""
        return self._one_slot("slot.kind = 0 AND slot.doc_id = ?", doc_id)

    def slots_of(self, doc_id: bytes) -> list[SlotRow]:
        """All slots of a document, its own key included, oldest first."""
        return [_slot(row) for row in self._read(_SLOT + "slot.doc_id = ? ORDER BY slot.created, object_id", doc_id)]

    def slots_under(self, kek_id: str, most: int) -> list[SlotRow]:
        """At most so many slots under one compartment key."""
        return [_slot(row) for row in self._read(_SLOT + "slot.kek_id = ? LIMIT ?", kek_id, most)]

    def slot_ids(self) -> list[tuple[bytes, bytes, int, int]]:
        """(object_id, doc_id, kind, created) of every slot."""
        return self._read("SELECT object_id, doc_id, kind, created FROM slot")

    def keks(self) -> list[tuple[KekRow, int]]:
        """Every compartment key that is not destroyed, with the number of slots under it."""
        rows = self._read(
            f"SELECT {_KEK}, (SELECT count(*) FROM slot WHERE slot.kek_id = kek.kek_id) FROM kek "
            "WHERE destroyed IS NULL ORDER BY compartment, gen"
        )
        return [(KekRow(*row[:-1]), row[-1]) for row in rows]

    def current_kek(self, compartment: str) -> KekRow | None:
        """The newest compartment key, under which everything new is wrapped."""
        rows = self._read(
            f"SELECT {_KEK} FROM kek WHERE compartment = ? AND destroyed IS NULL ORDER BY gen DESC LIMIT 1", compartment
        )
        return KekRow(*rows[0]) if rows else None

    def highest_gen(self, compartment: str) -> int:
        """The highest generation ever used for this compartment, destroyed ones included; 0 = none yet."""
        return self._read("SELECT coalesce(max(gen), 0) FROM kek WHERE compartment = ?", compartment)[0][0]

    def is_shredded_document(self, doc_id: bytes) -> bool:
        """Whether this document's own key was shredded; it never gets another one."""
        return bool(self._read("SELECT 1 FROM shredded WHERE doc_id = ? AND kind = 0", doc_id))

    def anchor(self) -> bytes | None:
        """The proof of the root key this store belongs to."""
        rows = self._read("SELECT proof FROM anchor")
        return rows[0][0] if rows else None

    # -- writing: every method below wants an open ``writing()`` ----------------------------------------------------

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction that holds the write lock from its start; durable when the block ends."""
        connection = self._connection()
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    def add_slot(self, slot: SlotRow) -> None:
        """A new slot, counted as one more wrap of its compartment key."""
        self._write(
            "INSERT INTO slot (object_id, doc_id, kind, kek_id, suite, gen, binding, wrapped, created) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            slot.object_id, slot.doc_id, slot.kind, slot.kek.kek_id, slot.suite, slot.gen, slot.binding, slot.wrapped,
            slot.created,
        )  # fmt: skip
        self._count_wrap(slot.kek)

    def move_slot(self, object_id: bytes, kek: KekRow, wrapped: bytes) -> None:
        """The same slot under another compartment key."""
        self._write(
            "UPDATE slot SET kek_id = ?, gen = ?, wrapped = ? WHERE object_id = ?",
            kek.kek_id, kek.gen, wrapped, object_id,
        )  # fmt: skip
        self._count_wrap(kek)

    def drop_slot(self, object_id: bytes) -> None:
        """Remove a slot without a trace: only for an object that nobody was ever told of."""
        self._write("DELETE FROM slot WHERE object_id = ?", object_id)

    def shred_slot(self, object_id: bytes, now: int) -> ShreddedRow | None:
        """Delete the slot and note its end; the old note if it was shredded before, ``None`` if never known."""
        self._write(
            "INSERT INTO shredded SELECT object_id, doc_id, kind, kek_id, gen, binding, ? FROM slot "
            "WHERE object_id = ? ON CONFLICT (object_id) DO NOTHING",
            now, object_id,
        )  # fmt: skip
        self.drop_slot(object_id)
        rows = self._read("SELECT * FROM shredded WHERE object_id = ?", object_id)
        return ShreddedRow(*rows[0]) if rows else None

    def add_kek(self, kek: KekRow, now: int) -> None:
        """A new compartment key."""
        self._write(
            "INSERT INTO kek (kek_id, compartment, gen, suite, wrapped, wraps, created) VALUES (?, ?, ?, ?, ?, ?, ?)",
            kek.kek_id, kek.compartment, kek.gen, kek.suite, kek.wrapped, kek.wraps, now,
        )  # fmt: skip

    def destroy_kek(self, kek_id: str, now: int) -> bool:
        """Erase a compartment key under which no slot is left; False if there still is one. Its number stays taken."""
        return self._write(
            "UPDATE kek SET wrapped = NULL, destroyed = ? WHERE kek_id = ? AND destroyed IS NULL "
            "AND NOT EXISTS (SELECT 1 FROM slot WHERE slot.kek_id = kek.kek_id)",
            now, kek_id,
        ) == 1  # fmt: skip

    def set_anchor(self, proof: bytes) -> None:
        """Tie a new store to its root key."""
        self._write("INSERT INTO anchor VALUES (1, ?)", proof)

    # -- the file ---------------------------------------------------------------------------------------------------

    def truncate_journal(self) -> None:
        """Write the journal back and cut it to nothing, so that no deleted slot lives on in it.

        Waits ``wait`` seconds for others, then raises ``ResidueRemains``.
        """
        deadline = time.monotonic() + self._wait
        # SQLite waits for readers by itself, but gives up at once where another checkpoint is under way.
        while self._connection().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            if time.monotonic() > deadline:
                raise ResidueRemains("another process is holding the journal of the key store open")
            time.sleep(0.005)

    def close(self) -> None:
        """Close the connections of all threads; nobody may be using the store any more."""
        with self._guard:
            for _, connection in self._all:
                connection.close()
            self._all.clear()
            self._mine = threading.local()

    def _prepare_schema(self) -> None:
        with self.writing():
            if not self._read("SELECT 1 FROM sqlite_master"):
                # Not executescript: it would commit first, and two processes could start the same file together.
                for statement in SCHEMA.split(";\n"):
                    self._connection().execute(statement)
                self._connection().execute(f"PRAGMA application_id = {_APPLICATION}")
                self._connection().execute(f"PRAGMA user_version = {FORMAT}")
        found = self._read("PRAGMA application_id")[0][0], self._read("PRAGMA user_version")[0][0]
        if found != (_APPLICATION, FORMAT):
            raise KeyStoreForeign(f"expected a key store of format {FORMAT}, found {found}")

    def _one_slot(self, condition: str, value: bytes) -> SlotRow | None:
        rows = self._read(_SLOT + condition, value)
        return _slot(rows[0]) if rows else None

    def _read(self, sql: str, *values: object) -> list[tuple]:
        # All rows at once: an unfinished statement would hold the journal and keep a shred from truncating it.
        return self._connection().execute(sql, values).fetchall()

    def _write(self, sql: str, *values: object) -> int:
        connection = self._connection()
        if not connection.in_transaction:
            raise RuntimeError("a write of the key store stands inside writing()")
        return connection.execute(sql, values).rowcount

    def _count_wrap(self, kek: KekRow) -> None:
        self._write("UPDATE kek SET wraps = wraps + 1 WHERE kek_id = ?", kek.kek_id)

    def _connection(self) -> sqlite3.Connection:
        if self._process != os.getpid():
            # After a fork: the parent's connections must be neither used nor closed here, so they are only kept.
            self._inherited.append(self._all)
            self._start_process()
        if not hasattr(self._mine, "connection"):
            self._mine.connection = self._connect()
        return self._mine.connection

    def _start_process(self) -> None:
        self._process = os.getpid()
        self._mine = threading.local()
        self._all: list[tuple[threading.Thread, sqlite3.Connection]] = []
        self._guard = threading.Lock()

    def _connect(self) -> sqlite3.Connection:
        # Used by one thread only; the check is off because ``close`` runs in another one.
        connection = sqlite3.connect(self.path, timeout=self._wait, isolation_level=None, check_same_thread=False)
        try:
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON", "foreign_keys = ON"):
                connection.execute(f"PRAGMA {pragma}")
        except sqlite3.DatabaseError as error:
            connection.close()
            if isinstance(error, sqlite3.OperationalError):  # locked or unwritable: nothing is known about the content
                raise
            raise KeyStoreForeign("the file is no SQLite database") from None
        with self._guard:
            for thread, abandoned in [pair for pair in self._all if not pair[0].is_alive()]:
                abandoned.close()
                self._all.remove((thread, abandoned))
            self._all.append((threading.current_thread(), connection))
        return connection
