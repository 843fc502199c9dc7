"""Working days: Monday to Friday, but for the public holidays and the weekends worked in their place.

The days stand in working_days.toml, a year at a time, with the notice they come from; a year that the office has entered
itself (`adopt`) counts in its place. A year that nobody has entered is counted by the week alone; `state_of` says which
years those are, and doctor asks for the next one from November on.

    >>> after(date(2025, 9, 30), 1)  # National Day, and the Saturday that is worked for it is the second
    datetime.date(2025, 10, 9)
    >>> is_one(date(2025, 10, 11))
    True
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Literal

FILE = Path(__file__).with_suffix(".toml")
SATURDAY = 5
ANNOUNCED = 11  # the month in which next year's holidays are announced
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
    year = _entered.get(day.year) or shipped().get(day.year)
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


_entered: dict[int, Year] = {}


def adopt(entered: Mapping[int, Year]) -> None:
    """Count by these years of the office from now on, in place of all adopted before and of the file's."""
    global _entered
    _entered = dict(entered)


def years() -> dict[int, Year]:
    """Every year that is known."""
    return shipped() | _entered


def wanted(day: date) -> list[int]:
    """The years whose notices should be known on this day: this one, and from November on the next."""
    return [day.year, day.year + 1] if day.month >= ANNOUNCED else [day.year]


@cache
def shipped(file: Path = FILE) -> dict[int, Year]:
    """Every year of the file. Raises CalendarBroken."""
    told = {}
    for name, table in tomllib.loads(file.read_text("utf-8")).items():
        year = Year(frozenset(table["off"]), frozenset(table["worked"]), table["source"], table.get("provisional", False))
        if fault := fault_of(int(name), year):
            code, day = fault
            raise CalendarBroken(f"{file.name}, {name}: {FAULTS[code].format(day=day)}")
        told[int(name)] = year
    return told


FAULTS = {
    "no_source": "no source is named", "empty": "no day is off", "another_year": "{day} is of another year",
    "off_and_worked": "{day} is off and worked", "not_a_weekend": "{day} is a day of the week and need not be named",
}  # fmt: skip


def fault_of(number: int, year: Year) -> tuple[str, date | None] | None:
    """What makes this no calendar of the year `number`: a code of FAULTS and the day; None when nothing does."""
    if not year.source.strip():
        return "no_source", None
    wrong = {
        "another_year": [day for day in year.off | year.worked if day.year != number],
        "off_and_worked": year.off & year.worked, "not_a_weekend": [day for day in year.worked if day.weekday() < SATURDAY],
    }  # fmt: skip
    return next(((code, min(days)) for code, days in wrong.items() if days), None if year.off or year.worked else ("empty", None))
