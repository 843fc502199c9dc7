"""Row codes: whoever can write the database must not be able to grant himself anything.

Every row that a decision rests on carries a code (`row_mac`) under a key that lives only in the opened vault. An old
row put back is caught by the digest of the object it belongs to, which the last log entry on that object carries; the
digests are read from the log as it grows and kept in memory, where no database writer reaches them (access.md).
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from functools import cache, lru_cache, partial
from itertools import islice
from typing import Any, ClassVar

from django.apps import apps
from django.db import connection, models, transaction

from mifeng.base import moment, vault
from mifeng.base.fields import SealedText
from mifeng.base.refusals import CHANGED, Conflict

CODE_BYTES = 16
BATCH = 500
ROWS = "authorisation rows"  # the label of their key
PROVED = 20_000  # rows remembered as right
NO_ROWS = hashlib.sha256().hexdigest()[:32]


class Tampered(Exception):
    """A row or an object does not carry the code it must: somebody wrote past the deeds. Names table and key only."""

    def __init__(self, kind: str, pk: int, table: str) -> None:
        self.kind, self.pk, self.table = kind, pk, table
        self.recorded = False  # True once a deed has written it into the log and told the officers
        super().__init__(f"{kind} {pk}: code of {table} does not match")


class CodedRow(models.Model):
    """A row that decisions rest on. `STATE` = (kind of object, attribute that holds its key); `CODED` = its columns."""

    row_mac = models.BinaryField(max_length=CODE_BYTES, default=b"", editable=False)
    STATE: ClassVar[tuple[str, str]]
    CODED: ClassVar[tuple[str, ...]]
    _stood: bytes = b""  # the code that the row bore when this object was loaded or last saved

    class Meta:
        abstract = True

    def row_code(self) -> bytes:
        """HMAC over table, key and the coded columns as they stand in this row."""
        return _code(self._meta.db_table, self.pk, [_plain(_stored_value(self, name, field)) for name, field in _coded(type(self))])

    def save(self, *args: Any, **kwargs: Any) -> None:
        from mifeng.base import deeds  # app loading

        self._meet()
        for field in _sealed(type(self)):
            field.seal(self)
        made, self._stood = self.pk is None, self.row_mac
        if not made:
            self.row_mac = self.row_code()
        super().save(*args, **kwargs)
        if made:  # the code covers the key, which the database has just given
            self.row_mac = self.row_code()
            type(self)._base_manager.filter(pk=self.pk).update(row_mac=self.row_mac)
        deeds.touch(self.STATE[0], getattr(self, self.STATE[1]))

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        from mifeng.base import deeds  # app loading

        self._meet()
        deeds.touch(self.STATE[0], getattr(self, self.STATE[1]))
        return super().delete(*args, **kwargs)

    def _do_update(self, base_qs: Any, using: Any, pk_val: Any, values: Any, update_fields: Any, forced_update: Any) -> bool:
        """The row is written only while it stands as it was loaded; else what was done meanwhile would be undone.

        Django's own place for it: one statement, whose row count decides. Raises Conflict.
        """
        same = base_qs if self._state.adding else base_qs.filter(row_mac=self._stood)
        written = super()._do_update(same, using, pk_val, values, update_fields, forced_update)
        if not written and not self._state.adding:
            raise Conflict("", CHANGED)
        return written

    def _meet(self) -> None:
        """Before a deed's first write to an object: a new code must not wash clean what somebody changed before it."""
        key = getattr(self, self.STATE[1])
        if key is not None:  # None: the object itself is being made
            verify(self.STATE[0], [key])


def _code(table: str, pk: int, columns: list[Any]) -> bytes:
    """The code of a row of which these are the coded columns, as JSON can carry them."""
    return hmac.digest(vault.derived(ROWS), _written([table, pk, columns]).encode(), "sha256")[:CODE_BYTES]


_written = json.JSONEncoder(ensure_ascii=False).encode


def _stored_value(row: models.Model, name: str, sealed: SealedText | None) -> Any:
    """A column as it is stored: of an opened text, what counts is the ciphertext."""
    value = row.__dict__.get(name)
    if sealed and isinstance(value, str):
        value = row.__dict__.get(sealed.stored)
        if value is None:
            value = type(row)._base_manager.filter(pk=row.pk).values_list(name, flat=True).get()
    return value


def _plain(value: Any) -> Any:
    """A column as JSON can carry it: instants as microseconds, dates as text, bytes (ciphertext, too) as hex."""
    if value.__class__ is str or value.__class__ is int or value is None:
        return value
    if isinstance(value, datetime):
        return int(value.timestamp() * 1_000_000)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).hex()
    return int(value) if isinstance(value, bool) else value


@cache
def _coded(model: type[CodedRow]) -> tuple[tuple[str, SealedText | None], ...]:
    """The coded columns in order, each with its field where that is a sealed text."""
    sealed = {field.attname: field for field in _sealed(model)}
    return tuple((name, sealed.get(name)) for name in model.CODED)


@cache
def _sealed(model: type[models.Model]) -> tuple[SealedText, ...]:
    return tuple(field for field in model._meta.concrete_fields if isinstance(field, SealedText))


@cache
def _models_of(kind: str) -> tuple[type[CodedRow], ...]:
    found = [m for m in apps.get_models() if issubclass(m, CodedRow) and m.STATE[0] == kind]
    return tuple(sorted(found, key=lambda m: m._meta.db_table))


def digests(kind: str, keys: Iterable[int], check: bool = False) -> dict[int, str]:
    """The state digest of each object: 32 hex characters over the codes of all its rows, sorted by table and key.

    With `check`, every code is computed again and compared first. Raises Tampered.
    """
    sums = {key: hashlib.sha256() for key in keys}
    for some in batched(sums, BATCH):
        for table, pk, key, code in (_checked if check else _stored)(kind, some):
            sums[key].update(f"{table}|{pk}|".encode() + bytes(code))
    return {key: digest.hexdigest()[:32] for key, digest in sums.items()}


def batched(keys: Iterable[int], size: int) -> Iterator[list[int]]:
    """The keys in lists of at most `size`: a statement takes only so many values."""
    rest = iter(keys)
    while some := list(islice(rest, size)):
        yield some


Coded = tuple[str, int, int, bytes]  # table, row, object, code


def _stored(kind: str, keys: list[int]) -> Iterator[Coded]:
    """The codes as they stand in the tables."""
    found = _models_of(kind)
    with connection.cursor() as cursor:
        cursor.execute(_union(kind, len(keys)), keys * len(found))
        for number, pk, key, code in cursor.fetchall():
            yield found[number]._meta.db_table, pk, key, code


def _checked(kind: str, keys: list[int]) -> Iterator[Coded]:
    """The same, each computed again from its row. Raises Tampered."""
    proved = _rows_proved()
    for model in _models_of(kind):
        table = model._meta.db_table
        for row in _read(model, keys):
            pk, key, code = row[0], row[1], bytes(row[2])
            if proved.get((table, pk)) != row:
                if not hmac.compare_digest(code, _code(table, pk, _values(model, row))):
                    raise Tampered(kind, key, table)
                proved[table, pk] = row
            yield table, pk, key, code


_proved: tuple[bytes, dict[tuple[str, int], tuple[Any, ...]]] = (b"", {})


def _rows_proved() -> dict[tuple[str, int], tuple[Any, ...]]:
    """Rows whose codes were right under the present key, as the database gave them. One that is still the same in every column has
    the same code, and need not be computed again; whether it is the newest, the digests tell. Raises Sealed.
    """
    global _proved
    key = vault.derived(ROWS)
    if _proved[0] != key:
        _proved = (key, {})
    if len(_proved[1]) >= PROVED:
        _proved[1].clear()
    return _proved[1]


def _read(model: type[CodedRow], keys: list[int]) -> list[tuple[Any, ...]]:
    """Key, object, code and coded columns of the rows of these objects as the database gives them, and nothing else."""
    columns, _converters = _columns(model, connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(_select(model, columns, len(keys)) + f' ORDER BY "{model._meta.pk.column}"', keys)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def _values(model: type[CodedRow], row: tuple[Any, ...]) -> list[Any]:
    """The coded columns of such a row, as JSON can carry them."""
    values = list(row[3:])
    for at, convert in _columns(model, connection.vendor)[1]:
        values[at] = convert(values[at])
    return [_plain(value) for value in values]


@cache
def _columns(model: type[CodedRow], vendor: str) -> tuple[str, tuple[tuple[int, Callable[[Any], Any]], ...]]:
    """For a SELECT in this dialect: key, object, code and the coded columns; how those that need it become values."""
    fields = [model._meta.get_field(name) for name in model.CODED]
    first = [model._meta.pk.column, _column(model), "row_mac"]
    columns = ", ".join(f'"{column}"' for column in [*first, *(field.column for field in fields)])
    told = [(at, _converter(field, vendor)) for at, field in enumerate(fields)]
    return columns, tuple((at, convert) for at, convert in told if convert)


def _converter(field: Any, vendor: str) -> Callable[[Any], Any] | None:
    """What makes a value of this column out of what the database gives; None = it is one."""
    column = field.get_col(field.model._meta.db_table)
    steps = [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
    if not steps:
        return None

    def convert(value: Any) -> Any:
        for step in steps:
            value = step(value, column, connection)
        return value

    return _instant(convert) if vendor == "sqlite" and isinstance(field, models.DateTimeField) else convert


def _instant(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Instants lie in SQLite without their zone, which is UTC; what is anything but such an instant goes the usual way."""

    def quick(value: Any) -> Any:
        if type(value) is datetime and value.tzinfo is None:
            return value.replace(tzinfo=UTC)
        return convert(value) if value is not None else None

    return quick


# Written by hand: every deed asks a dozen tables, and to have Django compose the queries took ten times the answers.


@lru_cache(64)
def _union(kind: str, count: int) -> str:
    parts = []
    for number, model in enumerate(_models_of(kind)):
        columns = f'{number}, "{model._meta.pk.column}", "{_column(model)}", row_mac'
        parts.append(_select(model, columns, count))
    return " UNION ALL ".join(parts) + " ORDER BY 1, 2"


def _select(model: type[CodedRow], columns: str, count: int) -> str:
    return f'SELECT {columns} FROM "{model._meta.db_table}" WHERE "{_column(model)}" IN ({", ".join(["%s"] * count)})'


def _column(model: type[CodedRow]) -> str:
    return model._meta.get_field(model.STATE[1]).column


def objects(kind: str) -> set[int]:
    """Keys of all objects of a kind: those with rows, and those of which only the log still knows."""
    from mifeng.base import record  # app loading

    rows = (model._base_manager.values_list(model.STATE[1], flat=True) for model in _models_of(kind))
    return record.known_objects(kind).union(*rows)


Verifier = Callable[[Iterable[int]], None]
_waiting: ContextVar[dict[Hashable, tuple[Verifier, set[int]]] | None] = ContextVar("rows to be verified together", default=None)


@contextmanager
def together() -> Iterator[None]:
    """What a page of many parts looks at inside the block is verified at its end, all of a kind at once, and before anything is shown.

    A deed waits for nothing: what it decides on is verified then and there. Raises Tampered, also in place of another exception:
    what was refused may have been refused because of a row that somebody changed.
    """
    token = _waiting.set({})
    try:
        yield
    finally:
        found = _waiting.get() or {}
        _waiting.reset(token)
        for check, keys in found.values():
            check(sorted(keys))


def waits(name: Hashable, check: Verifier, keys: Iterable[int]) -> bool:
    """These keys are verified by `check` at the end of a block of `together`; False outside of one, and in a deed."""
    from mifeng.base import deeds  # app loading

    waiting = _waiting.get()
    if waiting is None or deeds.is_done_now():
        return False
    waiting.setdefault(name, (check, set()))[1].update(keys)
    return True


def verify(kind: str, keys: Iterable[int]) -> None:
    """Every row of these objects carries its code, and each object is in the state its last entry left it in.

    Once a moment. An object that this deed has changed was verified before the first change and is not looked at again: its new state
    stands in no entry yet. Raises Tampered for the first that does not.
    """
    from mifeng.base import deeds, record  # app loading

    keys = list(keys)
    if waits(kind, partial(verify, kind), keys):
        return
    seen: set[int] = moment.kept(("verified", kind), set)
    wanted = [key for key in keys if key not in seen and not deeds.is_touched(kind, key)]
    try:
        _compare(kind, wanted)
    except Tampered:
        if connection.in_atomic_block:
            raise
        # Outside of a transaction a deed of somebody else may have been committed between rows and log.
        with transaction.atomic():
            record.take_turn()
            _compare(kind, wanted)
    seen.update(wanted)


def _compare(kind: str, keys: list[int]) -> None:
    from mifeng.base import record  # app loading

    for key, digest in digests(kind, keys, check=True).items():
        known = record.state_of(kind, key)
        if known != digest and (known or digest != NO_ROWS):
            raise Tampered(kind, key, "state")
