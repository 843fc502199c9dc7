"""Lines of a register, a page at a time: by year or days, by keyset, newest first; a search walks a bounded stretch.

The place of a page is an instant and how many lines of that instant came before: it tells nothing of lines that the
reader may not know, as a key would (decision 0007).
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from operator import attrgetter
from typing import Any

from django.db.models import DateTimeField, QuerySet

from mifeng.base import clock
from mifeng.base.models import Issued
from mifeng.base.numbers import register_number
from mifeng.base.registers import Corrected, Line, Lines, Register

MOST_COUNTED = 1000
WALKED = 600  # lines that one step of a search by words opens at most
AT_ONCE = 100
YEARS = 30  # offered for choice
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SERIAL = re.compile(r"^(.+)〔(\d{4})〕0*(\d+)$")


@dataclass(frozen=True)
class Wanted:
    """What somebody wants to see: a year, or days (both included); lines with this number or these words; from a place on.

    `since` or `until` given: the year does not count.
    """

    year: int
    since: date | None = None
    until: date | None = None
    number: str = ""
    words: str = ""
    after: str = ""
    before: str = ""
    size: int = 20

    @property
    def plain(self) -> bool:
        """A whole year, nothing searched."""
        return not (self.since or self.until or self.number or self.words)


@dataclass(frozen=True)
class VoidNumber:
    """作废: a serial number without a line, and why."""

    number: str
    void_reason: str


@dataclass
class Window:
    """A page: lines newest first, how many there are in all (None: not counted), places of the pages beside it ("" none)."""

    rows: list[Any] = field(default_factory=list)
    total: int | None = None
    more_than: bool = False
    after: str = ""
    before: str = ""
    below: Any = None  # the line after the last one, when it was loaded with them


def window(register: Register, lines: Lines | Iterable[Any], wanted: Wanted) -> Window:
    """The page that is wanted, verified; void numbers stand in their places. Raises Tampered."""
    if not isinstance(lines, Lines):
        return _listed(register, list(lines), wanted)
    found = _asked(register, lines, wanted)
    if wanted.words:
        return _searched(register, lines, found, wanted)
    total = found.order_by()[: MOST_COUNTED + 1].count()
    shown = _page(lines, found, wanted)
    shown.total, shown.more_than = min(total, MOST_COUNTED), total > MOST_COUNTED
    shown.rows = list(lines.sound(shown.rows))
    if register.series and wanted.plain:
        shown.below = shown.below or _below(lines, found, shown.after)
        shown.rows = _with_voids(register, shown.rows, wanted.year, newest=not shown.before, oldest=not shown.after, below=shown.below)
    return shown


def everything(register: Register, lines: Lines | Iterable[Any], wanted: Wanted, most: int) -> list[Any] | None:
    """All lines of that year or those days, in the order of the book; None when there are more than `most`. Raises Tampered."""
    if not isinstance(lines, Lines):
        rows = list(lines)
        return rows if len(rows) <= most else None
    rows = list(_newest_first(lines, _asked(register, lines, wanted))[: most + 1])
    if len(rows) > most:
        return None
    sound = [row for some in _some(rows) for row in lines.sound(some)]
    if register.series and wanted.plain:
        sound = _with_voids(register, sound, wanted.year, newest=True, oldest=True, below=None)
    return sound[::-1]


def numbered(register: Register, lines: Lines | Iterable[Any]) -> bool:
    """A line can be found by its serial number: not in an extract, which has none."""
    return not register.extract and (not isinstance(lines, Lines) or bool(lines.number))


def years(lines: Lines | Iterable[Any]) -> list[int]:
    """The years that have lines which this person may know, the newest first; this year in any case. Empty: not by year."""
    this = clock.today().year
    if not isinstance(lines, Lines):
        return []
    # Bounded below, as every page is: the lines are walked in their order then, and the first that he may know ends it.
    begins = date(this - YEARS, 1, 1)
    found = lines.found.filter(**{f"{lines.at}__gte": clock.start_of(begins) if _by_instant(lines) else begins})
    first = found.order_by(lines.at, "pk").values_list(lines.at, flat=True).first()
    begun = this if first is None else (clock.local(first).year if isinstance(first, datetime) else first.year)
    return list(range(this, max(min(begun, this), this - YEARS) - 1, -1))


def last_year(lines: Lines | Iterable[Any]) -> int | None:
    """The year of the newest line that this person may know; None without any."""
    if not isinstance(lines, Lines):
        return None
    last = lines.found.order_by(f"-{lines.at}", "-pk").values_list(lines.at, flat=True).first()
    return None if last is None else clock.local(last).year if isinstance(last, datetime) else int(last.year)


def drawn(register: Register, row: Any) -> Line:
    """A row as it is shown; a void number without one has the number alone."""
    return Line((row.number,), void=True, reason=row.void_reason, bare=True) if isinstance(row, VoidNumber) else register.line(row)


def _some(rows: list[Any]) -> Iterable[list[Any]]:
    return (rows[at : at + AT_ONCE] for at in range(0, len(rows), AT_ONCE))


def _by_instant(lines: Lines) -> bool:
    model, path = lines.found.model, lines.at.split("__")
    for name in path[:-1]:
        model = model._meta.get_field(name).related_model
    return isinstance(model._meta.get_field(path[-1]), DateTimeField)


def _at(lines: Lines, row: Any) -> Any:
    """The day or instant of a line."""
    return attrgetter(lines.at.replace("__", "."))(row)


def _asked(register: Register, lines: Lines, wanted: Wanted) -> QuerySet[Any]:
    """Lines of the year or days, with the number: an extract has none and is not searched by it."""
    open_ended = wanted.since or wanted.until
    first = wanted.since or (date.min if open_ended else date(wanted.year, 1, 1))
    last = wanted.until or (date.max if open_ended else date(wanted.year, 12, 31))
    found = lines.found
    if first > date.min:
        found = found.filter(**{f"{lines.at}__gte": clock.start_of(first) if _by_instant(lines) else first})
    if last < date.max:
        found = found.filter(**({f"{lines.at}__lt": clock.end_of(last)} if _by_instant(lines) else {f"{lines.at}__lte": last}))
    if wanted.number:
        if not numbered(register, lines):
            return found.none()
        typed = wanted.number.replace("[", "〔").replace("]", "〕").strip()
        how = {f"{lines.number}__endswith": f"〕{int(typed):04d}"} if typed.isdecimal() else {f"{lines.number}__icontains": typed}
        found = found.filter(**how)
    return found


def _newest_first(lines: Lines, found: QuerySet[Any]) -> QuerySet[Any]:
    return found.order_by(f"-{lines.at}", "-pk")


def _page(lines: Lines, found: QuerySet[Any], wanted: Wanted) -> Window:
    place = _place(lines, wanted.before)
    if place:
        at, skipped = place
        upwards = found.filter(**{f"{lines.at}__gte": at}).order_by(lines.at, "pk")
        rows = list(upwards[skipped : skipped + wanted.size + 1])
        if len(rows) > wanted.size:
            rows = rows[: wanted.size][::-1]
            return Window(rows, after=_after(lines, found, rows[-1]), before=_before(lines, found, rows[0]))
    rows = list(_from(lines, found, "" if place else wanted.after)[: wanted.size + 1])
    below, rows = (rows[wanted.size] if len(rows) > wanted.size else None), rows[: wanted.size]
    newer = bool(rows and wanted.after and not place)
    after = _after(lines, found, rows[-1]) if below else ""
    return Window(rows, after=after, before=_before(lines, found, rows[0]) if newer else "", below=below)


def _from(lines: Lines, found: QuerySet[Any], after: str) -> QuerySet[Any]:
    """Newest first, from that place on."""
    place = _place(lines, after)
    if place is None:
        return _newest_first(lines, found)
    return _newest_first(lines, found.filter(**{f"{lines.at}__lte": place[0]}))[place[1] :]


def _after(lines: Lines, found: QuerySet[Any], row: Any) -> str:
    at = _at(lines, row)
    return _written(at, found.filter(**{lines.at: at, "pk__gte": row.pk}).count())


def _before(lines: Lines, found: QuerySet[Any], row: Any) -> str:
    at = _at(lines, row)
    return _written(at, found.filter(**{lines.at: at, "pk__lte": row.pk}).count())


def _written(at: datetime | date, passed: int) -> str:
    number = (at - EPOCH) // timedelta(microseconds=1) if isinstance(at, datetime) else at.toordinal()
    return f"{number}.{passed}"


def _place(lines: Lines, text: str) -> tuple[datetime | date, int] | None:
    """The place as it stands in an address; None for none, or for one that was made up."""
    parts = re.fullmatch(r"(\d{1,17})\.(\d{1,6})", text)
    if parts is None:
        return None
    try:
        if _by_instant(lines):
            return EPOCH + timedelta(microseconds=int(parts[1])), int(parts[2])
        return date.fromordinal(int(parts[1])), int(parts[2])
    except (ValueError, OverflowError):
        return None


def _searched(register: Register, lines: Lines, found: QuerySet[Any], wanted: Wanted) -> Window:
    """Lines with all the words, from that place on; at most so many are opened, then the search goes on by a button."""
    rows, hits = list(_from(lines, found, wanted.after)[: WALKED + 1]), []
    walked = 0
    for some in _some(rows[:WALKED]):
        for row in lines.sound(some):
            walked += 1
            if _has(register, row, wanted.words):
                hits.append(row)
            if len(hits) == wanted.size:
                break
        if len(hits) == wanted.size:
            break
    more = len(rows) > walked
    return Window(hits, after=_after(lines, found, rows[walked - 1]) if more else "")


def _has(register: Register, row: Any, words: str) -> bool:
    said = _folded(" ".join(f"{text.was} {text.now}" if isinstance(text, Corrected) else str(text) for text in register.line(row).cells))
    return all(word in said for word in _folded(words).split())


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().replace("〔", "[").replace("〕", "]")


def _listed(register: Register, rows: list[Any], wanted: Wanted) -> Window:
    """The same of a short register that its room gives as a whole."""
    if wanted.words or wanted.number:
        rows = [row for row in rows if _has(register, row, f"{wanted.words} {wanted.number}")]
    rows = rows[::-1]
    start = int(wanted.after) if wanted.after.isdecimal() else max(0, int(wanted.before) if wanted.before.isdecimal() else 0)
    end = start + wanted.size
    return Window(
        rows[start:end], total=len(rows), after=str(end) if end < len(rows) else "",
        before=str(max(0, start - wanted.size)) if start else "",
    )  # fmt: skip


def _serial(register: Register, row: Any, year: int) -> int | None:
    """n of a line's number when it is one of the register's series of that year."""
    found = SERIAL.match(str(register.columns[0].value(row)))
    return int(found[3]) if found and (found[1], int(found[2])) == (register.series, year) else None


def _below(lines: Lines, found: QuerySet[Any], after: str) -> Any:
    """The line after the last of a page, of which this is the place; None = there is none."""
    return _from(lines, found, after).first() if after else None


def _with_voids(register: Register, rows: list[Any], year: int, *, newest: bool, oldest: bool, below: Any) -> list[Any]:
    """The lines of a year, newest first, with the void numbers of the series between them."""
    numbered = [(n, at) for at, row in enumerate(rows) if (n := _serial(register, row, year)) is not None]
    if not numbered and not (newest and oldest):
        return rows
    least = (_serial(register, below, year) or 0) if below and not oldest else 0
    voids = Issued.objects.filter(series=register.series, year=year, void=True, n__gt=least)
    if not newest:
        voids = voids.filter(n__lt=max(numbered)[0])
    under: dict[int, list[Any]] = {}  # index of the line above -> void numbers that follow it; -1 = before the first line
    for one in voids.order_by("-n"):
        above = min(((n, at) for n, at in numbered if n > one.n), default=(0, -1))[1]
        under.setdefault(above, []).append(VoidNumber(register_number(one.series, one), one.void_reason))
    return [*under.get(-1, []), *(line for at, row in enumerate(rows) for line in (row, *under.get(at, [])))]
