"""Statements are composed once: what was asked before is asked again with other values (decision 0018).

To have Django compose the SQL of a question costs ten times what the database takes to answer it, and a desk asks eighty. The
tables of the house (rows.py) note down how a question is put; its shape (shapes.py) leads here to the statement that Django made
of that shape the first time.

A statement is kept only if its values stand in it as they are: it is composed with stand-ins, whose places are looked up, and
composed again with the values of the first question (but for those that stand there twice, as what fills up a list does: Django
takes them once), and must come out the same. What is kept is only read, by all threads: none has to compose what another has.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet

from mifeng.base import shapes
from mifeng.base.shapes import LARGE, SMALL, Shape, Unlike

KEPT = 2000  # statements; beyond that all are forgotten
FAR = datetime(2900, 1, 1, tzinfo=UTC)


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


_kept: dict[Shape, Statement | None] = {}


Composing = Callable[[Any, Any], tuple[str, Iterable[Any], Any]]  # Django's query, connection -> SQL, parameters, compiler


def statement(asked: Any, use: str, connection: Any, compose: Composing | None = None) -> Statement | None:
    """The statement for a question noted down, for `use`: "rows", "count", "exists", or another with what composes it; None: Django
    composes it each time.
    """
    shape = connection.vendor, asked.model, asked._asked, use
    try:
        return _kept[shape]
    except KeyError:
        pass
    if len(_kept) >= KEPT:
        _kept.clear()
    _kept[shape] = made = _made(asked, compose or USES[use], connection, whole=compose is None)
    return made


def _made(asked: Any, compose: Composing, connection: Any, *, whole: bool) -> Statement | None:
    """`whole`: every value has a place in it; of a part of a question only those of that part have one."""
    stand_ins = tuple(_stand_in(value, at) for at, value in enumerate(asked._told))
    try:
        sql, params, compiler = composed(asked, stand_ins, compose, connection)
        where = {_adapted(value, connection): at for at, value in enumerate(stand_ins)}
        places = tuple((where[param], None) if _hashable(param) and param in where else (None, param) for param in params)
        made = Statement(sql, places, compiler, _converters(compiler))
        tried = tuple(value if value not in asked._told[:at] else stand_ins[at] for at, value in enumerate(asked._told))
        same = composed(asked, tried, compose, connection)[:2] == (sql, tuple(made.bound(tried, connection)))
    except Exception:  # noqa: BLE001 - whatever it is, Django says it where the question is asked
        return None
    return made if same and (not whole or {at for at, _ in places} >= set(range(len(stand_ins)))) else None


def composed(asked: Any, values: Iterable[Any], compose: Composing, connection: Any) -> tuple[str, tuple[Any, ...], Any]:
    """What Django makes of a question noted down with these values."""
    sql, params, compiler = compose(shapes.composed(asked.model, asked._asked, iter(values)).query, connection)
    return sql, tuple(params), compiler


def _rows(query: Any, connection: Any) -> tuple[str, Iterable[Any], Any]:
    compiler = query.get_compiler(connection.alias)
    return *compiler.as_sql(), compiler


def _count(query: Any, connection: Any) -> tuple[str, Iterable[Any], Any]:
    return *_caught(query.get_count, connection), None


def _exists(query: Any, connection: Any) -> tuple[str, Iterable[Any], Any]:
    return *_caught(query.has_results, connection), None


USES: dict[str, Composing] = {"rows": _rows, "count": _count, "exists": _exists}


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

    others, connection.execute_wrappers = connection.execute_wrappers, [catch]  # nobody else is to see what is never sent
    try:
        ask(connection.alias)
    except _Caught as caught:
        sql, params = caught.args
        return sql, params
    finally:
        connection.execute_wrappers = others
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
