"""Reading an official holiday notice that somebody has written down as TOML, CSV or iCal. Pure: bytes in, a year out.

TOML is the form of base/working_days.toml: one table a year with source, off, worked. CSV has a day and 休 or 班 a line.
iCal has all-day events whose title says which of the two they are.
"""

import csv
import io
import re
import tomllib
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from mifeng.base.working_days import Year, fault_of

LARGEST = 200_000  # bytes
LONGEST = 31  # days of one event
OFF = re.compile(r"休|放假|假期|假日|\boff\b|\bholiday\b", re.I)
WORKED = re.compile(r"班|\bwork(ed|ing|day)?\b", re.I)
KINDS = {"off": OFF, "worked": WORKED}


class NoticeBroken(ValueError):
    """The file cannot be taken: `code` says why (words in calendar_views), `at` which line, day or word."""

    def __init__(self, code: str, at: Any = "") -> None:
        self.code, self.at = code, at
        super().__init__(f"{code}: {at}")


def read(name: str, data: bytes, number: int, source: str) -> Year:
    """The year `number` out of a file called `name`; `source` names the notice where the file does not. Raises NoticeBroken."""
    if not data or len(data) > LARGEST:
        raise NoticeBroken("size", len(data))
    readers = {"toml": _toml, "csv": _csv, "ics": _ical}
    reader = readers.get(name.rpartition(".")[2].lower())
    if reader is None:
        raise NoticeBroken("kind", name)
    off, worked, named = reader(_text(data), number)
    return checked(number, off, worked, named or source)


def checked(number: int, off: Iterable[date], worked: Iterable[date], source: str) -> Year:
    """The year, when nothing in it contradicts itself or the law. Raises NoticeBroken."""
    year = Year(frozenset(off), frozenset(worked), source.strip(), provisional=False)
    if fault := fault_of(number, year):
        raise NoticeBroken(*fault)
    for day in (date(number, 1, 1), date(number, 5, 1), date(number, 10, 1)):
        if day not in year.off:
            raise NoticeBroken("by_law", day)
    return year


Days = tuple[list[date], list[date], str]


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NoticeBroken("text")


def _toml(text: str, number: int) -> Days:
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise NoticeBroken("toml", fault) from None
    year = table.get(str(number))
    if not isinstance(year, dict):
        raise NoticeBroken("no_year", number)
    found: list[list[date]] = []
    for field in ("off", "worked"):
        days = year.get(field, [])
        if not isinstance(days, list) or not all(type(day) is date for day in days):
            raise NoticeBroken("days", field)
        found.append(days)
    return found[0], found[1], str(year.get("source", ""))


def _csv(text: str, number: int) -> Days:
    days: dict[str, list[date]] = {"off": [], "worked": []}
    for place, row in enumerate(csv.reader(io.StringIO(text)), 1):
        cells = [cell.strip() for cell in row]
        if not any(cells) or (place == 1 and not re.search(r"\d", cells[0])):  # an empty line, the heading
            continue
        day = _day(cells[0], place)
        days[_kind(cells[1] if len(cells) > 1 else "", place)].append(day)
    return days["off"], days["worked"], ""


def _ical(text: str, number: int) -> Days:
    days: dict[str, list[date]] = {"off": [], "worked": []}
    for place, event in enumerate(_events(text), 1):
        first = _all_day(event.get("DTSTART", ""), place)
        after = _all_day(event["DTEND"], place) if event.get("DTEND") else first + timedelta(days=1)
        if not 1 <= (after - first).days <= LONGEST:
            raise NoticeBroken("event_days", place)
        kind = _kind(event.get("SUMMARY", ""), place)
        spanned = (first + timedelta(days=n) for n in range((after - first).days))
        days[kind] += [day for day in spanned if day.year == number]
    return days["off"], days["worked"], ""


def _events(text: str) -> Iterator[dict[str, str]]:
    """The events of a calendar: property -> value, lines unfolded, parameters left out."""
    event: dict[str, str] | None = None
    for line in re.sub(r"\r?\n[ \t]", "", text).splitlines():
        head, _, value = line.partition(":")
        name = head.partition(";")[0].strip().upper()
        if (name, value.strip().upper()) == ("BEGIN", "VEVENT"):
            event = {}
        elif (name, value.strip().upper()) == ("END", "VEVENT") and event is not None:
            yield event
            event = None
        elif event is not None:
            event[name] = value.strip()


def _all_day(value: str, place: int) -> date:
    if not re.fullmatch(r"\d{8}", value):
        raise NoticeBroken("not_all_day", place)
    return _day(f"{value[:4]}-{value[4:6]}-{value[6:]}", place)


def _day(value: str, place: int) -> date:
    found = re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", value)
    try:
        return date(*map(int, found.groups())) if found else date.fromisoformat(value)
    except ValueError:
        raise NoticeBroken("no_day", place) from None


def _kind(words: str, place: int) -> str:
    """Off or worked, when the words say exactly one of them; 调休上班 is work."""
    said = [kind for kind, pattern in KINDS.items() if pattern.search(words.replace("调休", ""))]
    if len(said) != 1:
        raise NoticeBroken("off_or_worked", place)
    return said[0]
