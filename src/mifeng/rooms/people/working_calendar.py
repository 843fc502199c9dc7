"""The years that the office has entered into the calendar of working days: coded rows, the newest of a year counts."""

from datetime import date

from mifeng.base import codes, record, working_days
from mifeng.base.working_days import Year
from mifeng.rooms.people.models import CalendarYear

_seen: tuple[tuple[int, bytes], ...] = ()


def _forget() -> None:
    global _seen
    _seen = ()
    working_days.adopt({})


record.opened_anew.append(_forget)


def follow() -> None:
    """Count by what stands in the table now: at the start, each minute, after an entry. Raises Tampered; then nothing changes."""
    global _seen
    rows = list(CalendarYear.objects.order_by("pk"))
    standing = tuple((row.pk, bytes(row.row_mac)) for row in rows)
    if standing == _seen:
        return
    codes.verify("calendar", codes.objects("calendar") | {row.pk for row in rows})
    working_days.adopt({row.year: year_of(row) for row in rows})
    _seen = standing


def year_of(row: CalendarYear) -> Year:
    """A row as the calendar counts by it."""
    return Year(_days(row.off), _days(row.worked), row.source, provisional=False)


def words(days: frozenset[date]) -> str:
    """Days as a row keeps them: in order, separated by a space."""
    return " ".join(day.isoformat() for day in sorted(days))


def _days(text: str) -> frozenset[date]:
    return frozenset(map(date.fromisoformat, text.split()))
