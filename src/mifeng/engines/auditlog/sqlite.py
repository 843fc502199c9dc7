"""The log's tables on SQLite and the triggers that keep them.

The triggers catch errors of the program: a write without an entry, an entry anywhere but at the head, a changed log.
Whoever may alter the database can drop them; against him stand the tree and the checkpoints kept elsewhere.

A deed opens with `OPEN_ENTRY`, writes guarded tables, and closes by inserting its log row. A commit with an open entry
fails. That check is a deferred foreign key: it needs ``PRAGMA foreign_keys = ON`` on the connection; where it is off,
the leftover row refuses the next deed instead. ``recursive_triggers`` may be off: REPLACE is refused at the insert.
"""

TURN = ""
"""Nothing to wait for: the deed's transaction begins with the write lock (BEGIN IMMEDIATE)."""

OPEN_ENTRY = "INSERT INTO pending_entry (seq) SELECT size FROM log_head"

_TABLES = [
    """CREATE TABLE log (
        seq INTEGER PRIMARY KEY,
        entry BLOB NOT NULL CHECK (typeof(entry) = 'blob' AND length(entry) <= 60000),
        leaf BLOB NOT NULL CHECK (typeof(leaf) = 'blob' AND length(leaf) = 32)
    );""",
    """CREATE TABLE log_head (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        size INTEGER NOT NULL,
        frontier BLOB NOT NULL CHECK (typeof(frontier) = 'blob' AND length(frontier) = length(frontier) / 32 * 32),
        epoch INTEGER NOT NULL DEFAULT 1
    );""",
    "INSERT INTO log_head (one, size, frontier) VALUES (1, 0, x'');",
    "CREATE TABLE pending_entry (seq INTEGER PRIMARY KEY REFERENCES log (seq) DEFERRABLE INITIALLY DEFERRED);",
    "CREATE TABLE checkpoint (size INTEGER PRIMARY KEY, note TEXT NOT NULL);",
]


def _refuse(name: str, event: str, table: str, when: str, why: str) -> str:
    condition = f" WHEN {when}" if when else ""
    return (
        f'CREATE TRIGGER IF NOT EXISTS "{name}" BEFORE {event} ON "{table}"{condition}\n'
        f"BEGIN SELECT RAISE(ABORT, '{why}'); END;"
    )


_TIME = "json_extract(CAST({} AS TEXT), '$.t')"
_AT_HEAD = "NEW.seq IS (SELECT size FROM log_head) AND NOT EXISTS (SELECT 1 FROM log WHERE seq = NEW.seq)"
_RUNS_BACK = f"{_TIME.format('NEW.entry')} < (SELECT {_TIME.format('entry')} FROM log WHERE seq = NEW.seq - 1)"
_ONE_FURTHER = (
    "NEW.one IS OLD.one AND NEW.epoch IS OLD.epoch AND NEW.size IS OLD.size + 1"
    " AND EXISTS (SELECT 1 FROM log WHERE seq = OLD.size)"
)

_TRIGGERS = [
    # REPLACE deletes the old row without a delete trigger, and UPSERT arrives as an insert: both are refused here.
    _refuse("log_only_at_head", "INSERT", "log", f"NOT ({_AT_HEAD})", "the log grows at its head only"),
    _refuse("log_time", "INSERT", "log", _RUNS_BACK, "an entry is not older than the one before it"),
    _refuse("log_no_update", "UPDATE", "log", "", "the log is append only"),
    _refuse("log_no_delete", "DELETE", "log", "", "the log is append only"),
    "CREATE TRIGGER IF NOT EXISTS log_closes_entry AFTER INSERT ON log\n"
    "BEGIN DELETE FROM pending_entry WHERE seq = NEW.seq; END;",
    _refuse("head_once", "INSERT", "log_head", "EXISTS (SELECT 1 FROM log_head)", "the log has one head"),
    _refuse("head_forward", "UPDATE", "log_head", f"NOT ({_ONE_FURTHER})", "the head moves one entry at a time"),
    _refuse("head_stays", "DELETE", "log_head", "", "the log has one head"),
    _refuse(
        "pending_once", "INSERT", "pending_entry",
        f"NOT ({_AT_HEAD}) OR EXISTS (SELECT 1 FROM pending_entry)", "one open entry, at the head",
    ),
    _refuse("pending_no_update", "UPDATE", "pending_entry", "", "an open entry is closed by recording it"),
    _refuse(
        "pending_until_recorded", "DELETE", "pending_entry",
        "NOT EXISTS (SELECT 1 FROM log WHERE seq = OLD.seq)", "an open entry is closed by recording it",
    ),
    _refuse(
        "checkpoint_once", "INSERT", "checkpoint",
        "NEW.size > (SELECT size FROM log_head) OR EXISTS (SELECT 1 FROM checkpoint WHERE size = NEW.size)",
        "one checkpoint a size, never beyond the head",
    ),
    _refuse("checkpoint_no_update", "UPDATE", "checkpoint", "", "a checkpoint is never changed"),
    _refuse("checkpoint_no_delete", "DELETE", "checkpoint", "", "a checkpoint is never changed"),
]  # fmt: skip

SCHEMA: list[str] = [*_TABLES, *_TRIGGERS]
"""The DDL, one statement an item, each with its semicolon; ``"\\n".join(SCHEMA)`` is a script."""


def guard_triggers(table: str) -> list[str]:
    """Three triggers that refuse insert, update and delete on a business table while no entry is open ('no deed').

    Statements are idempotent. A migration that makes the table anew loses them: run them again after it.
    """
    if '"' in table or "'" in table:
        raise ValueError(f"not a table name: {table}")
    closed = "NOT EXISTS (SELECT 1 FROM pending_entry)"
    return [
        _refuse(f"{table}_guard_{event.lower()}", event, table, closed, "no deed")
        for event in ("INSERT", "UPDATE", "DELETE")
    ]
