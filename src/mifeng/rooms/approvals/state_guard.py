"""A guard in the database: no request and no grant goes to a state that the table does not list, whoever writes it."""

from typing import Any

from django.db import connection

from mifeng.rooms.approvals import rules
from mifeng.rooms.approvals.facts import State

# A grant lives as long as its approval: it ends by revocation or lapse, nothing else; uses are counted beside it.
GRANT_PAIRS = frozenset({(State.APPROVED, State.REVOKED), (State.APPROVED, State.LAPSED)})
BEGINS = {"approvals_approval": (State.DRAFT, State.OPINION, State.ASKED), "approvals_grant": (State.APPROVED,)}


def statements(vendor: str) -> list[str]:
    """The statements that put the guards in place, for `sqlite` or `postgresql`; may be run again. ValueError otherwise."""
    if vendor not in _FORMS:
        raise ValueError(f"no guard for {vendor}")
    tables = {"approvals_approval": rules.pairs(), "approvals_grant": GRANT_PAIRS}
    return [line for table, pairs in tables.items() for line in _FORMS[vendor](table, _listed(pairs), BEGINS[table])]


def _listed(pairs: Any) -> str:
    return ", ".join(sorted(f"'{before.value}>{after.value}'" for before, after in pairs))


def _sqlite(table: str, pairs: str, begins: tuple[State, ...]) -> list[str]:
    first = ", ".join(f"'{state.value}'" for state in begins)
    no = "SELECT RAISE(ABORT, 'no such change of state')"
    return [
        f"DROP TRIGGER IF EXISTS {table}_state", f"DROP TRIGGER IF EXISTS {table}_begins",
        f"CREATE TRIGGER {table}_state BEFORE UPDATE OF state ON {table} WHEN OLD.state <> NEW.state "
        f"AND OLD.state || '>' || NEW.state NOT IN ({pairs}) BEGIN {no}; END",
        f"CREATE TRIGGER {table}_begins BEFORE INSERT ON {table} WHEN NEW.state NOT IN ({first}) BEGIN {no}; END",
    ]  # fmt: skip


def _postgresql(table: str, pairs: str, begins: tuple[State, ...]) -> list[str]:
    first = ", ".join(f"'{state.value}'" for state in begins)
    return [
        f"CREATE OR REPLACE FUNCTION {table}_state() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'INSERT' AND NEW.state NOT IN ({first}) OR TG_OP = 'UPDATE' AND OLD.state <> NEW.state "
        f"AND OLD.state || '>' || NEW.state NOT IN ({pairs}) THEN RAISE EXCEPTION 'no such change of state'; END IF; "
        "RETURN NEW; END $$",
        f"DROP TRIGGER IF EXISTS {table}_state ON {table}",
        f"CREATE TRIGGER {table}_state BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_state()",
    ]  # fmt: skip


_FORMS = {"sqlite": _sqlite, "postgresql": _postgresql}


def install(**_: Any) -> None:
    """After a migration, once both tables stand."""
    with connection.cursor() as cursor:
        if BEGINS.keys() <= set(connection.introspection.table_names(cursor)):
            for line in statements(connection.vendor):
                cursor.execute(line)
