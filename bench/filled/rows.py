"""Rows as deeds leave them, in bulk: keys given beforehand, texts sealed, codes made, then one INSERT for all of a table."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from itertools import count
from typing import Any

from django.db import connection

from mifeng.base import deeds, vault


def numbered(model: Any, rows: Sequence[Any]) -> Sequence[Any]:
    """The rows with their keys, so that others may point at them before they are written."""
    last = model._base_manager.order_by("-pk").values_list("pk", flat=True).first() or 0
    for key, row in zip(count(last + 1), rows, strict=False):
        row.pk = key
    return rows


def write(model: Any, rows: Sequence[Any], states: Sequence[str] = ()) -> None:
    """Seal, code, insert, and let the deed know of the objects. `states`: all of them pass from the first to the last."""
    if not rows:
        return
    if rows[0].pk is None:
        numbered(model, rows)
    fields = model._meta.concrete_fields
    sealed = [field for field in fields if hasattr(field, "seal")]
    prepared: list[tuple[str, Callable[[Any], Any]]] = [(field.attname, _prepared(field)) for field in fields]
    coded = hasattr(model, "row_code")
    values = []
    for row in rows:
        for field in sealed:
            field.seal(row)
        if coded:
            row.row_mac = row.row_code()
            deeds.touch(model.STATE[0], getattr(row, model.STATE[1]))
        if states:
            row.state = states[0]
        values.append([prepare(row.__dict__[name]) for name, prepare in prepared])
    columns, marks = ", ".join(f'"{field.column}"' for field in fields), ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.executemany(f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({marks})', values)
    for state in states[1:]:
        model._base_manager.filter(pk__gte=rows[0].pk, pk__lte=rows[-1].pk).update(state=state)


def _prepared(field: Any) -> Callable[[Any], Any]:
    """How a value of this column goes to the database; instants and the like are the database's own affair."""
    if hasattr(field, "seal"):
        return lambda value: value or b""
    if field.get_internal_type() == "DateTimeField":
        return lambda value: connection.ops.adapt_datetimefield_value(value) if value else None
    return lambda value: field.get_db_prep_save(value, connection) if value.__class__ not in (int, str, bytes, type(None)) else value


@contextmanager
def keys_together() -> Iterator[None]:
    """The key slots made in this block are durable at its end, all at once."""
    store = vault.opened()._keys
    with store.writing():
        store.writing = nullcontext
        try:
            yield
        finally:
            del store.writing


def like(row: Any, **changes: Any) -> Any:
    """A new row with the same columns, but for these; sealed texts are taken as they read."""
    told = {f.attname: getattr(row, f.attname) for f in type(row)._meta.concrete_fields if f.attname not in ("id", "row_mac")}
    return type(row)(**(told | changes))


def within(at: datetime, most: datetime | None = None) -> datetime:
    """That instant, but none to come."""
    return min(at, most or datetime.now(UTC))


def flat(groups: Iterable[Iterable[Any]]) -> list[Any]:
    """All of them in one list."""
    return [one for group in groups for one in group]
