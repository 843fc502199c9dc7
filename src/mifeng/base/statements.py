"""Statements are composed once: what was asked before is asked again with other values (decision 0018).

To have Django compose the SQL of a question costs ten times what the database takes to answer it, and a desk asks eighty. The
tables of the house (rows.py) note down how a question is put. Its shape, which is all of it but the values, leads here to the
statement that Django made of that shape the first time.

A statement is kept only if its values stand in it as they are: it is composed with stand-ins, whose places are looked up, and
composed again with the values of the first question (but for those that stand there twice, as what fills up a list does: Django
takes them once), and must come out the same. Kept for each connection: no two threads share
what Django hangs on a statement.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import repeat
from typing import Any
from weakref import WeakKeyDictionary

from django.core.exceptions import EmptyResultSet, FieldError
from django.db import models
from django.db.models import F, Field, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import CombinedExpression

Shape = Any  # nested tuples, hashable: everything about a question but its values
Steps = tuple[Shape, ...]
Table = type[models.Model]

KEPT = 2000  # statements a connection; beyond that all are forgotten
MOST = 1024  # values of one list
SMALL = 1_900_000_000  # from here on integers stand in for those below, in columns of 32 bits, too
LARGE = 1 << 62  # and here for the larger ones
MANY = frozenset(type(some) for some in ([], (), set(), frozenset(), {}, {}.keys(), {}.values()))
FAR = datetime(2900, 1, 1, tzinfo=UTC)
# Lookups whose values stand in a statement as they are. Patterns, parts of dates and texts in another case do not.
PLAIN = frozenset({"exact", "in", "lt", "lte", "gt", "gte", "isnull"})


class Unlike(Exception):
    """A question that cannot be noted down: Django composes it."""


# Shapes. Values met on the way are appended to `values`, in the order in which `composed` takes them out again.


def narrowing(table: Table, negated: bool, args: Iterable[Any], kwargs: dict[str, Any], values: list[Any]) -> Shape:
    """filter(...) or exclude(...). Raises Unlike."""
    asked = tuple(_condition(table, arg, values) for arg in args)
    return "narrow", negated, asked, tuple(_pair(table, *pair, values) for pair in kwargs.items())


def extra(where: Iterable[str], params: Iterable[Any], values: list[Any]) -> Shape:
    """extra(where=..., params=...): conditions written as SQL. Raises Unlike."""
    return "extra", tuple(where), tuple(_value(param, values) for param in params)


def annotating(named: dict[str, Any]) -> Shape:
    """annotate(...) by what is reckoned from columns. Raises Unlike."""
    return "annotate", tuple((name, _reckoned(asked)) for name, asked in named.items())


def _reckoned(asked: Any) -> Shape:
    match asked:
        case F(name=name) if type(asked) is F:
            return F, name
        case Value(value=int() as value) if type(asked) is Value:
            return Value, value
        case CombinedExpression(lhs=left, connector=sign, rhs=right) if type(asked) is CombinedExpression:
            return CombinedExpression, _reckoned(left), sign, _reckoned(right)
    raise Unlike


def _condition(table: Table, asked: Any, values: list[Any]) -> Shape:
    if type(asked) is Q:
        return asked.connector, asked.negated, tuple(_condition(table, child, values) for child in asked.children)
    if type(asked) is tuple:
        return _pair(table, *asked, values)
    if type(asked) is Exists:
        return Exists, asked.negated, _inner(asked.found, values), None
    raise Unlike


def _pair(table: Table, name: str, value: Any, values: list[Any]) -> Shape:
    if not _is_plain(name) or (isinstance(value, models.Model) and not _fits(table, name, type(value))):
        raise Unlike
    return name, _value(value, values)


@cache
def _fits(table: Table, name: str, kind: Table) -> bool:
    """Django lets a row of this kind be compared there: of a row, only its key is noted."""
    try:
        return bool(QuerySet(table).filter(**{name: kind(pk=1)}).query)
    except (ValueError, FieldError):
        return False


@cache
def _is_plain(name: str) -> bool:
    """The words of this keyword are names of columns and relations, and the last of them perhaps a plain lookup."""
    words = set(name.split("__")[1:])
    return not words & (_lookups() - PLAIN)


@cache
def _lookups() -> frozenset[str]:
    fields = [Field, *Field.__subclasses__(), models.DateTimeField, models.ForeignKey]
    return frozenset(name for field in fields for name in field.get_lookups())


def _value(value: Any, values: list[Any]) -> Shape:
    """The kind of a value; what Django would put into the SQL itself is its own kind."""
    kind = type(value)
    if value is None or kind is bool:
        return None, value
    if kind in MANY:
        return _list(list(value), values)
    if kind in (F, OuterRef):
        return kind, value.name
    return _inner(value, values) if isinstance(value, QuerySet) else _single(value, values)


def _single(value: Any, values: list[Any]) -> Shape:
    kind, plain = type(value), value
    if kind is str:
        pass
    elif isinstance(value, models.Model):
        plain = value.pk
        if type(plain) is not int:
            raise Unlike
    elif isinstance(value, str):
        kind, plain = str, str.__str__(value)  # of an enumeration its text
    elif isinstance(value, int):
        kind, plain = int, int(value)
        if not -SMALL < plain < SMALL:
            kind = LARGE
    elif not (kind is date or kind is bytes or (kind is datetime and value.tzinfo is not None)):
        raise Unlike
    values.append(plain)
    return kind


def _list(found: list[Any], values: list[Any]) -> Shape:
    """A list is filled up with its last value to a power of two, so that ten lengths stand for all."""
    if not 0 < len(found) <= MOST:
        raise Unlike  # of nothing Django makes another statement, or none
    length = 1 << (len(found) - 1).bit_length()
    kinds = {_single(value, values) for value in found}
    if len(kinds) > 1 or isinstance(found[0], models.Model):
        raise Unlike
    values.extend(repeat(values[-1], length - len(found)))
    return list, kinds.pop(), length


def _inner(found: Any, values: list[Any]) -> Shape:
    """A question within a question."""
    if getattr(found, "_asked", None) is None:
        raise Unlike
    values.extend(found._told)
    return QuerySet, found.model, found._asked


@dataclass(frozen=True)
class Exists:
    """Django's Exists, of a question noted down; composed when Django asks for it."""

    found: QuerySet[Any]
    negated: bool = False
    conditional = True  # to Django: it may stand in a filter

    def __invert__(self) -> "Exists":
        return Exists(self.found, not self.negated)

    def __or__(self, other: Any) -> Q:
        return Q(self) | other

    def __and__(self, other: Any) -> Q:
        return Q(self) & other

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Any:
        """As Django's."""
        return _there(self.found, self.negated).resolve_expression(*args, **kwargs)


# And back: the notes played to Django.


def composed(model: Table, steps: Steps, values: Iterator[Any]) -> QuerySet[Any]:
    """The question as Django puts it. Raises whatever Django raises for it."""
    found: QuerySet[Any] = QuerySet(model)
    for name, *told in steps:
        found = _PLAYED.get(name, _called)(found, name, told, values)
    return found


def _called(found: Any, name: str, told: list[Any], _values: Iterator[Any]) -> QuerySet[Any]:
    made: QuerySet[Any] = getattr(found, name)(*told)
    return made


def _narrow(found: QuerySet[Any], _name: str, told: list[Any], values: Iterator[Any]) -> QuerySet[Any]:
    negated, args, kwargs = told
    asked = [_asked(arg, values) for arg in args]
    named = {name: _taken(kind, values) for name, kind in kwargs}
    return found.exclude(*asked, **named) if negated else found.filter(*asked, **named)


def _asked(shape: Shape, values: Iterator[Any]) -> Any:
    match shape:
        case (name, kind):
            return name, _taken(kind, values)
        case (connector, negated, children):
            return Q.create([_asked(child, values) for child in children], connector, negated)
    _exists, negated, inner, _ = shape
    return _there(_taken(inner, values), negated)


def _there(found: QuerySet[Any], negated: bool) -> Any:
    return ~models.Exists(found) if negated else models.Exists(found)


def _annotate(found: QuerySet[Any], _name: str, told: list[Any], _values: Iterator[Any]) -> QuerySet[Any]:
    return found.annotate(**{name: _reckoning(shape) for name, shape in told[0]})


def _reckoning(shape: Shape) -> Any:
    kind, *told = shape
    if kind is CombinedExpression:
        return CombinedExpression(_reckoning(told[0]), told[1], _reckoning(told[2]))
    return kind(told[0])


def _extra(found: QuerySet[Any], _name: str, told: list[Any], values: Iterator[Any]) -> QuerySet[Any]:
    where, params = told
    return found.extra(where=list(where), params=[_taken(kind, values) for kind in params])


def _cut(found: QuerySet[Any], _name: str, told: list[Any], _values: Iterator[Any]) -> QuerySet[Any]:
    return found[told[0] : told[1]]


_PLAYED: dict[str, Callable[..., QuerySet[Any]]] = {"narrow": _narrow, "extra": _extra, "annotate": _annotate, "cut": _cut}


def _taken(kind: Shape, values: Iterator[Any]) -> Any:
    if type(kind) is not tuple:
        return next(values)
    match kind:
        case (None, value):
            return value
        case (reference, name) if reference in (F, OuterRef):
            return reference(name)
        case (of, single, length) if of is list:
            return [_taken(single, values) for _ in range(length)]
    _query, model, steps = kind
    return composed(model, steps, values)


# Statements.


@dataclass(frozen=True)
class Statement:
    """SQL, what stands at each of its places (the number of a value, or what is there always), and who reads the answer."""

    sql: str
    places: tuple[tuple[int | None, Any], ...]
    compiler: Any = None
    converters: Any = None

    def bound(self, values: tuple[Any, ...], connection: Any) -> list[Any]:
        """The values at their places, as the database takes them."""
        return [always if at is None else _adapted(values[at], connection) for at, always in self.places]


_kept: WeakKeyDictionary[Any, dict[Shape, Statement | None]] = WeakKeyDictionary()


def statement(asked: Any, use: str, connection: Any) -> Statement | None:
    """The statement for a question noted down, for `use`: "rows", "count" or "exists"; None: Django composes it."""
    known = _kept.setdefault(connection, {})
    shape = asked.model, asked._asked, use
    try:
        return known[shape]
    except KeyError:
        pass
    if len(known) >= KEPT:
        known.clear()
    known[shape] = made = _made(asked, use, connection)
    return made


def _made(asked: Any, use: str, connection: Any) -> Statement | None:
    stand_ins = tuple(_stand_in(value, at) for at, value in enumerate(asked._told))
    try:
        sql, params, compiler = _sql(asked, stand_ins, use, connection)
        where = {_adapted(value, connection): at for at, value in enumerate(stand_ins)}
        places = tuple((where[param], None) if _hashable(param) and param in where else (None, param) for param in params)
        made = Statement(sql, places, compiler, _converters(compiler))
        tried = tuple(value if value not in asked._told[:at] else stand_ins[at] for at, value in enumerate(asked._told))
        same = _sql(asked, tried, use, connection)[:2] == (sql, tuple(made.bound(tried, connection)))
    except Exception:  # noqa: BLE001 - whatever it is, Django says it where the question is asked
        return None
    return made if same and {at for at, _ in places} >= set(range(len(stand_ins))) else None


def _sql(asked: Any, values: Iterable[Any], use: str, connection: Any) -> tuple[str, tuple[Any, ...], Any]:
    query = composed(asked.model, asked._asked, iter(values)).query
    if use == "rows":
        compiler = query.get_compiler(connection.alias)
        sql, params = compiler.as_sql()
        return sql, tuple(params), compiler
    return *_caught(query.get_count if use == "count" else query.has_results, connection), None


def _converters(compiler: Any) -> Any:
    """What makes values of Python of the columns that need it, as Django's compilers keep it. Raises Unlike."""
    if compiler is None:
        return None
    fields = [selected[0] for selected in compiler.select[: compiler.col_count]]
    if compiler.has_composite_fields(fields) or compiler.has_extra_select:
        raise Unlike  # rows would have to be cut
    return compiler.get_converters(fields)


class _Caught(Exception):
    """The statement, before it reached the database."""


def _caught(ask: Callable[[str], Any], connection: Any) -> tuple[str, tuple[Any, ...]]:
    """SQL and parameters of what Django is about to execute."""

    def catch(_execute: Any, sql: str, params: Any, _many: bool, _context: Any) -> None:
        raise _Caught(sql, tuple(params))

    with connection.execute_wrapper(catch):
        try:
            ask(connection.alias)
        except _Caught as caught:
            sql, params = caught.args
            return sql, params
    raise EmptyResultSet


def _stand_in(value: Any, at: int) -> Any:
    """A value of the same kind that occurs nowhere else."""
    if type(value) is int:
        return (SMALL if -SMALL < value < SMALL else LARGE) + at
    if type(value) is str:
        return f"\x02{at}\x03"
    if type(value) is bytes:
        return f"\x02{at}\x03".encode()
    return FAR + timedelta(seconds=at) if type(value) is datetime else FAR.date() + timedelta(days=at)


def _adapted(value: Any, connection: Any) -> Any:
    if type(value) is datetime:
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value) if type(value) is date else value


def _hashable(value: Any) -> bool:
    return type(value).__hash__ is not None
