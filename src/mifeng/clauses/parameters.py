"""The figures of the regulation: each has a clause, a unit, a bound and values with the day they hold from.

A company chooses its own value inside the bound; the rows it has decided are handed in by `adopt` and then answer in
place of the regulation's. A bound may be a span of calendar months, turned into days for the day that is asked for.
"""

import calendar
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from mifeng.clauses import loader
from mifeng.clauses.books import known
from mifeng.clauses.loader import RegulationError, Shape, is_day, is_text, is_texts, is_whole

FILE = "parameters.toml"
Value = int | str | tuple[int, ...]
MONTHS = " calendar months"
WORDS = "words"  # unit of a list of words, written as people write one: 、 between them


def is_bound(value: Any) -> bool:
    """A number or a span such as `2 calendar months`."""
    return is_whole(value) or (isinstance(value, str) and value.partition(" ")[0].isdigit() and value.endswith(MONTHS))


def is_value(value: Any) -> bool:
    """A number, a word or a ladder of numbers."""
    return is_whole(value) or is_text(value) or (isinstance(value, list) and bool(value) and all(map(is_whole, value)))


def is_month_day(value: str) -> bool:
    """A day of every year, `12-01`; 29 February is none."""
    try:
        return date.fromisoformat(f"2026-{value}").strftime("%m-%d") == value
    except ValueError:
        return False


SHAPE = Shape(
    must={"zh": is_text, "unit": is_text, "values": lambda rows: isinstance(rows, list) and bool(rows)},
    may={"at_most": is_bound, "at_least": is_whole, "one_of": is_texts},
)
ROW = Shape(must={"since": is_day, "value": is_value, "basis": is_text})


class UnknownParameter(Exception):
    """No clause has a figure of this name: says which."""


class OutOfBound(Exception):
    """A value that the bound of its figure does not allow: says the figure, the value and the bound."""


@dataclass(frozen=True)
class Row:
    """A value and the day from which it holds (included); `basis` says why."""

    since: date
    value: Value
    basis: str


@dataclass(frozen=True)
class Own:
    """A figure as the company decided it: holds from `since`; `basis` names the decision."""

    clause: str
    name: str
    since: date
    value: Value
    basis: str


@dataclass(frozen=True)
class Parameter:
    """A figure of a clause. `at_most` may be a span of calendar months, written as in the file."""

    clause: str
    name: str
    zh: str
    unit: str
    at_least: int | None
    at_most: int | str | None
    one_of: tuple[str, ...]
    rows: tuple[Row, ...]

    def limit(self, on: date) -> int | None:
        """The upper bound for this day, in the figure's unit; None when there is none."""
        if isinstance(self.at_most, str):
            return (after_months(on, int(self.at_most.removesuffix(MONTHS))) - on).days
        return self.at_most

    def value_on(self, day: date) -> Value:
        """What is in force on a day: a figure cut to its bound, a word, or a ladder."""
        value = self.row_on(day).value
        limit = self.limit(day)
        return min(value, limit) if isinstance(value, int) and limit is not None else value

    def basis_on(self, day: date) -> str:
        """Why the value in force on a day is what it is."""
        return self.row_on(day).basis

    def row_on(self, day: date) -> Row:
        """The row in force on a day, the company's own before the regulation's; before the first row the first one."""
        own = [row for row in _own.get((self.clause, self.name), ()) if row.since <= day]
        return own[-1] if own else next((row for row in reversed(self.rows) if row.since <= day), self.rows[0])

    def check(self, value: Value) -> None:
        """Raises OutOfBound. A span of months is checked where it is longest: the figure is cut to it day by day."""
        if self.one_of:
            allowed = value in self.one_of
        elif isinstance(value, str):
            allowed = is_month_day(value) if self.unit == "month-day" else self.unit == WORDS and self._names_all(value)
        else:
            numbers = value if isinstance(value, tuple) else (value,)
            allowed = all(self._within(number) for number in numbers)
        if not allowed:
            bound = self.one_of or (self.at_least, self.at_most)
            raise OutOfBound(f"{self.clause} {self.name} cannot be {value!r}: bound {bound}")

    def _names_all(self, value: str) -> bool:
        """A company adds words to the regulation's own; it takes none away."""
        return set(split(self.rows[0].value)) <= set(split(value)) and all(split(value))

    def _within(self, number: int) -> bool:
        most = 31 * int(self.at_most.removesuffix(MONTHS)) if isinstance(self.at_most, str) else self.at_most
        return (self.at_least is None or number >= self.at_least) and (most is None or number <= most)


def split(value: Value) -> tuple[str, ...]:
    """A list of words as it is written, e.g. `住所、宿舍`."""
    return tuple(word.strip() for word in str(value).split("、"))


def after_months(day: date, months: int) -> date:
    """The corresponding day so many months later; the last day of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@cache
def parameters(folder: Path = loader.FOLDER) -> MappingProxyType[tuple[str, str], Parameter]:
    """Every figure by clause and name. Raises RegulationError naming file, figure and field."""
    found = {}
    for owner, figures in loader.read(FILE, folder).items():
        known(FILE, owner, "", owner)
        for name, table in figures.items():
            found[owner, name] = _parameter(owner, name, table)
    return MappingProxyType(found)


def parameters_of(clause: str) -> list[Parameter]:
    """The figures of one clause, in the order of the file."""
    return [figure for (owner, _), figure in parameters().items() if owner == clause]


def parameter(clause: str, name: str, on: date) -> int | str:
    """The figure in force on a day: the value or its bound, whichever is less.

    Before the first row the first one holds. Raises UnknownParameter.
    """
    value = _figure(clause, name).value_on(on)
    if isinstance(value, tuple):
        raise UnknownParameter(f"{clause} {name} is a ladder: ask for its rungs")
    return value


def rungs(clause: str, name: str, on: date) -> tuple[int, ...]:
    """A ladder in force on a day, as it is written, e.g. (90, 30, 7). Raises UnknownParameter."""
    value = _figure(clause, name).value_on(on)
    if not isinstance(value, tuple):
        raise UnknownParameter(f"{clause} {name} is one figure, no ladder")
    return value


def words_of(clause: str, name: str, on: date) -> tuple[str, ...]:
    """A list of words in force on a day. Raises UnknownParameter."""
    figure = _figure(clause, name)
    if figure.unit != WORDS:
        raise UnknownParameter(f"{clause} {name} is no list of words")
    return split(figure.value_on(on))


_own: dict[tuple[str, str], tuple[Row, ...]] = {}


def adopt(decided: Iterable[Own]) -> None:
    """Let the company's own figures answer from now on, in place of all adopted before.

    Raises OutOfBound or UnknownParameter, and then leaves everything as it was.
    """
    adopted: dict[tuple[str, str], tuple[Row, ...]] = {}
    for own in decided:
        _figure(own.clause, own.name).check(own.value)
        rows = (*adopted.get((own.clause, own.name), ()), Row(own.since, own.value, own.basis))
        adopted[own.clause, own.name] = tuple(sorted(rows, key=lambda row: row.since))
    _own.clear()
    _own.update(adopted)


@contextmanager
def adopted(decided: Iterable[Own]) -> Iterator[None]:
    """Inside the block these figures of the company answer. For tests."""
    before = dict(_own)
    adopt(decided)
    try:
        yield
    finally:
        _own.clear()
        _own.update(before)


def _figure(clause: str, name: str) -> Parameter:
    try:
        return parameters()[clause, name]
    except KeyError:
        raise UnknownParameter(f"{clause} has no figure {name}") from None


def _parameter(owner: str, name: str, table: Any) -> Parameter:
    entry = f"{owner} {name}"
    SHAPE.check(FILE, entry, table)
    for row in table["values"]:
        ROW.check(FILE, entry, row)
    rows = tuple(Row(row["since"], _frozen(row["value"]), row["basis"]) for row in table["values"])
    if [row.since for row in rows] != sorted({row.since for row in rows}):
        raise RegulationError(FILE, entry, "values", "do not stand in the order of their days")
    figure = Parameter(
        owner, name, table["zh"], table["unit"], table.get("at_least"), table.get("at_most"),
        tuple(table.get("one_of", ())), rows,
    )  # fmt: skip
    for row in rows:
        _inside(figure, row)
    return figure


def _inside(figure: Parameter, row: Row) -> None:
    entry = f"{figure.clause} {figure.name}"
    try:
        figure.check(row.value)
    except OutOfBound:
        raise RegulationError(FILE, entry, "values", f"{row.value!r} is out of bound") from None


def _frozen(value: Any) -> Value:
    return tuple(value) if isinstance(value, list) else value
