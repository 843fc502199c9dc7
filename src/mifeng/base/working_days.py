"""Working days: Monday to Friday, but for the public holidays and the weekends worked in their place.

The days stand in working_days.toml, a year at a time, with the notice they come from. A year that nobody has entered is
counted by the week alone; `state_of` says which years those are, and doctor asks for the next one from November on.

    >>> after(date(2025, 9, 30), 1)  # National Day, and the Saturday that is worked for it is the second
    datetime.date(2025, 10, 9)
    >>> is_one(date(2025, 10, 11))
    True
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Literal

FILE = Path(__file__).with_suffix(".toml")
SATURDAY = 5
State = Literal["official", "provisional", "missing"]


class CalendarBroken(ValueError):
    """The file of working days contradicts itself: says which year and day."""


@dataclass(frozen=True)
class Year:
    """One year as announced: days off, weekend days that are worked, the notice; `provisional` = holidays by law only."""

    off: frozenset[date]
    worked: frozenset[date]
    source: str
    provisional: bool


def is_one(day: date) -> bool:
    """Whether people work on this day."""
    year = years().get(day.year)
    if year and day in year.off:
        return False
    return day.weekday() < SATURDAY or bool(year and day in year.worked)


def after(day: date, count: int) -> date:
    """The `count`-th working day after `day`, which is not counted itself; `day` for 0."""
    while count:
        day += timedelta(days=1)
        count -= is_one(day)
    return day


def before(day: date, count: int) -> date:
    """The `count`-th working day before `day`, which is not counted itself; `day` for 0."""
    while count:
        day -= timedelta(days=1)
        count -= is_one(day)
    return day


def state_of(year: int) -> State:
    """How well a year is known."""
    found = years().get(year)
    if found is None:
        return "missing"
    return "provisional" if found.provisional else "official"


@cache
def years(file: Path = FILE) -> dict[int, Year]:
    """Every year of the file. Raises CalendarBroken."""
    told = {}
    for name, table in tomllib.loads(file.read_text("utf-8")).items():
        year = Year(frozenset(table["off"]), frozenset(table["worked"]), table["source"], table.get("provisional", False))
        for fault in _faults(int(name), year):
            raise CalendarBroken(f"{file.name}, {name}: {fault}")
        told[int(name)] = year
    return told


def _faults(number: int, year: Year) -> Iterator[str]:
    if not year.source.strip():
        yield "no source is named"
    for day in sorted(year.off | year.worked):
        if day.year != number:
            yield f"{day} is of another year"
    for day in sorted(year.off & year.worked):
        yield f"{day} is off and worked"
    for day in sorted(year.worked):
        if day.weekday() < SATURDAY:
            yield f"{day} is a day of the week and need not be named"
