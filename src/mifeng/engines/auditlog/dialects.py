"""Which DDL a database takes: SQLite and PostgreSQL keep the same tables and guards, each in its own words."""

from types import ModuleType

from mifeng.engines.auditlog import postgresql, sqlite

_KNOWN = {"sqlite": sqlite, "postgresql": postgresql}


def dialect(name: str) -> ModuleType:
    """`SCHEMA`, `guard_triggers(table)` and `TURN` for `sqlite` or `postgresql`. ValueError for another."""
    if name not in _KNOWN:
        raise ValueError(f"the log knows {' and '.join(_KNOWN)}, not {name}")
    return _KNOWN[name]
