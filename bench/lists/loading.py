"""The company in the product's own tables, on SQLite or PostgreSQL: made by the models, filled in bulk.

Guards and codes are left out: nobody reads a document here. Sealed columns hold random bytes of the usual length.
"""

import os
import secrets
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import connections, models

from mifeng.engines.access import EVER
from mifeng.rooms.documents.models import Concerned, Document, Handler, TeamMember
from mifeng.rooms.people.models import AudienceRow, AudienceSet, Department, Person

from .world import Company

ALIAS = "bench"
TABLES: tuple[type[models.Model], ...] = (Department, Person, AudienceSet, AudienceRow, Document, Handler, Concerned, TeamMember)
SEALED = 96  # bytes of a title of thirty Chinese characters, sealed
BATCH = 20_000


def open_database(url: dict[str, Any]) -> Any:
    """The connection of the bench, in the settings of the house's own where the engine is the same."""
    from django.conf import settings  # app loading

    own = settings.DATABASES["default"]
    given = own | url if url["ENGINE"] == own["ENGINE"] else {"OPTIONS": {}, **url}
    if hasattr(connections._connections, ALIAS):
        del connections[ALIAS]
    connections.databases[ALIAS] = connections.configure_settings({"default": {}, ALIAS: given})[ALIAS]
    return connections[ALIAS]


def load(connection: Any, made: Company) -> None:
    """Make the tables, fill them, then the indexes, then the statistics of the planner."""
    with connection.schema_editor() as editor:
        for model in TABLES:
            editor.create_model(model)
        later, editor.deferred_sql = editor.deferred_sql, []
        for model, rows in _rows(made):
            _fill(connection, model, rows)
        editor.deferred_sql = [one for one in later if "FOREIGN KEY" not in str(one)]
    connection.close()
    with connection.cursor() as cursor:
        for model in TABLES:
            cursor.execute(f'{"VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE"} "{model._meta.db_table}"')


def size(connection: Any) -> int:
    """Bytes of tables and indexes."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        return int(cursor.fetchone()[0])


def clear(connection: Any) -> None:
    """Take the tables away, so that another company may be loaded."""
    if connection.vendor == "sqlite":
        for tail in ("", "-wal", "-shm"):
            Path(f"{connection.settings_dict['NAME']}{tail}").unlink(missing_ok=True)
        return
    with connection.cursor() as cursor:
        cursor.execute("DROP OWNED BY bench_reader; DROP ROLE bench_reader") if _has_reader(cursor) else None
        cursor.execute("DROP TABLE " + ", ".join(f'"{model._meta.db_table}"' for model in TABLES) + " CASCADE")
    connection.close()


def _has_reader(cursor: Any) -> bool:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = 'bench_reader'")
    return bool(cursor.fetchone())


def _rows(made: Company) -> Iterator[tuple[type[models.Model], Iterable[dict[str, Any]]]]:
    yield Department, (
        {"id": n, "uid": new_uid(), "code": f"D{n}", "name": f"部门{n}", "parent_id": above + 1 if above is not None else None}
        for n, above in enumerate(made.parents, 1)
    )
    yield Person, (
        {"id": who.pid, "uid": new_uid(), "name": f"员工{who.pid}", "login": f"e{who.pid}", "department_id": 1}
        for who in made.people
    )
    yield AudienceSet, ({"id": n, "digest": secrets.token_hex(32)} for n in range(1, len(made.sets) + 1))
    pairs = ((n, key) for n, keys in enumerate(made.sets, 1) for key in keys)
    yield AudienceRow, (
        {"id": n, "aset_id": aset, "key": key, "since": 0, "until": EVER} for n, (aset, key) in enumerate(pairs, 1)
    )
    yield Document, _documents(made)
    yield Handler, _persons((p.id, pid) for p in made.papers for pid in p.handlers)
    yield Concerned, _persons((p.id, pid) for p in made.papers for pid in p.concerned)


def _documents(made: Company) -> Iterator[dict[str, Any]]:
    for paper in made.papers:
        sealed = os.urandom(2 * SEALED)
        yield {
            "id": paper.id, "uid": new_uid(), "compartment": f"{paper.level}:D{paper.dept}", "level": paper.level,
            "title": sealed[:SEALED], "number": sealed[SEALED : SEALED + 48], "interest": sealed[SEALED:],
            "state": "valid", "department_id": paper.dept, "owner_id": 1, "drafter_id": 1, "registered_by_id": 1,
            "registered_at": datetime.fromtimestamp(made.registered(paper), UTC), "aset_id": paper.aset,
            "excl_id": paper.excl, "sealed": paper.sealed, "live": paper.live,
        }  # fmt: skip


def _persons(pairs: Iterable[tuple[int, int]]) -> Iterator[dict[str, Any]]:
    return ({"id": n, "document_id": doc, "person_id": pid} for n, (doc, pid) in enumerate(pairs, 1))


def new_uid() -> str:
    """128 random bits, as uids of the product are."""
    return secrets.token_hex(16)


def _fill(connection: Any, model: type[models.Model], rows: Iterable[dict[str, Any]]) -> None:
    """All rows of a table; columns that are not named take the field's default."""
    columns = [field.column for field in model._meta.concrete_fields]
    usual = {field.column: _default(field) for field in model._meta.concrete_fields} | {"row_mac": b"0" * 16}
    table, names = model._meta.db_table, ", ".join(f'"{column}"' for column in columns)
    ready = (tuple((usual | row)[column] for column in columns) for row in rows)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                for row in ready:
                    copy.write_row(row)
            return
        marks = ", ".join("?" * len(columns))
        text = [at for at, field in enumerate(model._meta.concrete_fields) if isinstance(field, models.DateTimeField)]
        adapted = (_text_dates(row, text, connection) for row in ready) if text else ready
        # The cursor of sqlite3 itself: Django's would count the marks of every row.
        connection.connection.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', adapted)


def _text_dates(row: tuple[Any, ...], places: list[int], connection: Any) -> tuple[Any, ...]:
    return tuple(
        connection.ops.adapt_datetimefield_value(value) if at in places and value else value for at, value in enumerate(row)
    )


def _default(field: Any) -> Any:
    if field.null or field.primary_key:
        return None
    return b"" if isinstance(field, models.BinaryField) else field.get_default()
