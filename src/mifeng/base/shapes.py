"""How a question to a table is put: noted down as a shape, which is all of it but its values, and played back to Django.

Values met on the way are appended to `values`, in the order in which they are taken out again when the notes are played.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import repeat
from typing import Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.models import F, Field, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import CombinedExpression

Shape = Any  # nested tuples, hashable
Steps = tuple[Shape, ...]
Table = type[models.Model]

MOST = 1024  # values of one list
SMALL = 1_900_000_000  # below it an integer fits into every column, those of 32 bits, too
LARGE = 1 << 62  # the kind of the others
MANY = frozenset(type(some) for some in ([], (), set(), frozenset(), {}, {}.keys(), {}.values()))
# Lookups whose values stand in a statement as they are. Patterns, parts of dates and texts in another case do not.
PLAIN = frozenset({"exact", "in", "lt", "lte", "gt", "gte", "isnull"})


class Unlike(Exception):
    """A question that cannot be noted down: Django composes it."""


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
    except (TypeError, ValueError, FieldError):
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
    if kind in MANY or isinstance(value, dict):
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
