"""The log's tables on PostgreSQL (14 and newer) and the triggers that keep them: the same guards as on SQLite.

A deed first takes its `TURN`: one writer per log, in the order of asking, until its transaction ends. Under read
committed every statement after it sees what the deed before has committed, so decision, act and entry see one state.
A commit with an open entry fails: the foreign key of `pending_entry` is checked at the commit. TRUNCATE, which no row
trigger sees, has a trigger of its own and is always refused.
"""

TURN = "SELECT pg_advisory_xact_lock(5063756, 1)"
"""Wait for the log; the lock is handed on in the order of asking and ends with the transaction."""

_TABLES = [
    """CREATE TABLE log (
        seq bigint PRIMARY KEY,
        entry bytea NOT NULL CHECK (length(entry) <= 60000),
        leaf bytea NOT NULL CHECK (length(leaf) = 32)
    );""",
    """CREATE TABLE log_head (
        one integer PRIMARY KEY CHECK (one = 1),
        size bigint NOT NULL,
        frontier bytea NOT NULL CHECK (length(frontier) = length(frontier) / 32 * 32),
        epoch integer NOT NULL DEFAULT 1
    );""",
    "INSERT INTO log_head (one, size, frontier) VALUES (1, 0, '');",
    "CREATE TABLE pending_entry (seq bigint PRIMARY KEY REFERENCES log (seq) DEFERRABLE INITIALLY DEFERRED);",
    "CREATE TABLE checkpoint (size bigint PRIMARY KEY, note text NOT NULL);",
]

_TIME = "(convert_from({}, 'UTF8')::json ->> 't')::numeric"
_AT_HEAD = "NEW.seq = (SELECT size FROM log_head) AND NOT EXISTS (SELECT 1 FROM log WHERE seq = NEW.seq)"
_ONE_FURTHER = (
    "NEW.one = OLD.one AND NEW.epoch = OLD.epoch AND NEW.size = OLD.size + 1"
    " AND EXISTS (SELECT 1 FROM log WHERE seq = OLD.size)"
)


def _function(name: str, body: str) -> str:
    return f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$;"


def _unless(condition: str, why: str) -> str:
    """`IS NOT TRUE`: a NULL in a condition refuses, too."""
    return f"IF ({condition}) IS NOT TRUE THEN RAISE EXCEPTION '{why}' USING ERRCODE = 'integrity_constraint_violation'; END IF;"


def _trigger(name: str, event: str, table: str, function: str, when: str = "BEFORE", each: str = "ROW") -> str:
    return (
        f'CREATE OR REPLACE TRIGGER "{name}" {when} {event} ON "{table}" FOR EACH {each} EXECUTE FUNCTION {function}();'
    )


def _guard(name: str, event: str, table: str, body: str) -> list[str]:
    """A function of the trigger's own name and the trigger. A row that may go is returned as it came."""
    row = "OLD" if event == "DELETE" else "NEW"
    return [_function(name, f"{body} RETURN {row};"), _trigger(name, event, table, name)]


def _never(name: str, event: str, table: str, why: str) -> list[str]:
    each = "STATEMENT" if event == "TRUNCATE" else "ROW"
    return [_function(name, _unless("false", why) + " RETURN NULL;"), _trigger(name, event, table, name, each=each)]


_TRIGGERS = [
    *_guard(
        "log_only_at_head", "INSERT", "log",
        _unless(_AT_HEAD, "the log grows at its head only")
        + _unless(
            f"coalesce({_TIME.format('NEW.entry')} >= (SELECT {_TIME.format('entry')} FROM log WHERE seq = NEW.seq - 1), true)",
            "an entry is not older than the one before it",
        ),
    ),
    *_never("log_no_update", "UPDATE", "log", "the log is append only"),
    *_never("log_no_delete", "DELETE", "log", "the log is append only"),
    *_never("log_no_truncate", "TRUNCATE", "log", "the log is append only"),
    _function("log_closes_entry", "DELETE FROM pending_entry WHERE seq = NEW.seq; RETURN NULL;"),
    _trigger("log_closes_entry", "INSERT", "log", "log_closes_entry", when="AFTER"),
    *_guard("head_once", "INSERT", "log_head", _unless("NOT EXISTS (SELECT 1 FROM log_head)", "the log has one head")),
    *_guard("head_forward", "UPDATE", "log_head", _unless(_ONE_FURTHER, "the head moves one entry at a time")),
    *_never("head_stays", "DELETE", "log_head", "the log has one head"),
    *_never("head_no_truncate", "TRUNCATE", "log_head", "the log has one head"),
    *_guard(
        "pending_once", "INSERT", "pending_entry",
        _unless(f"{_AT_HEAD} AND NOT EXISTS (SELECT 1 FROM pending_entry)", "one open entry, at the head"),
    ),
    *_never("pending_no_update", "UPDATE", "pending_entry", "an open entry is closed by recording it"),
    *_guard(
        "pending_until_recorded", "DELETE", "pending_entry",
        _unless("EXISTS (SELECT 1 FROM log WHERE seq = OLD.seq)", "an open entry is closed by recording it"),
    ),
    *_never("pending_no_truncate", "TRUNCATE", "pending_entry", "an open entry is closed by recording it"),
    *_guard(
        "checkpoint_once", "INSERT", "checkpoint",
        _unless(
            "NEW.size <= (SELECT size FROM log_head) AND NOT EXISTS (SELECT 1 FROM checkpoint WHERE size = NEW.size)",
            "one checkpoint a size, never beyond the head",
        ),
    ),
    *_never("checkpoint_no_update", "UPDATE", "checkpoint", "a checkpoint is never changed"),
    *_never("checkpoint_no_delete", "DELETE", "checkpoint", "a checkpoint is never changed"),
    *_never("checkpoint_no_truncate", "TRUNCATE", "checkpoint", "a checkpoint is never changed"),
    _function(
        "no_deed",
        _unless("EXISTS (SELECT 1 FROM pending_entry)", "no deed")
        + " IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW;",
    ),
    _function("no_emptying", _unless("false", "no deed empties a table") + " RETURN NULL;"),
]  # fmt: skip

SCHEMA: list[str] = [*_TABLES, *_TRIGGERS]
"""The DDL, one statement an item, each with its semicolon. Function bodies hold semicolons of their own."""


def guard_triggers(table: str) -> list[str]:
    """Four triggers: insert, update and delete are refused while no entry is open ('no deed'), TRUNCATE always.

    Statements are idempotent; they need the functions of `SCHEMA`.
    """
    if '"' in table or "'" in table:
        raise ValueError(f"not a table name: {table}")
    return [
        *(_trigger(f"{table}_guard_{event.lower()}", event, table, "no_deed") for event in ("INSERT", "UPDATE", "DELETE")),
        _trigger(f"{table}_guard_truncate", "TRUNCATE", table, "no_emptying", each="STATEMENT"),
    ]
