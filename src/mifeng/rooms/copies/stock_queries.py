"""Reading counts, missing copies and what is due with them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, F, Max, Min, Q, QuerySet, When

from mifeng.base import clock, codes, duties
from mifeng.base.refusals import NotThere
from mifeng.rooms.copies import old_marks, queries
from mifeng.rooms.copies.facts import GONE, LOST, Event, State
from mifeng.rooms.copies.models import Copy, Count, CountLine, Movement, Retention
from mifeng.rooms.copies.rules import counting
from mifeng.rooms.copies.rules.counting import Kind
from mifeng.rooms.documents import queries as documents
from mifeng.rooms.documents.models import Change
from mifeng.rooms.people.facts import KEEPERS
from mifeng.rooms.people.models import Person

SHOWN = 25  # lines of a sheet that a page draws
IN_ORDER = ("copy__document_id", "copy__n", "copy__rep", "pk")
PARTS = ("custodian", "department", "second", "place", "by", "crossed_by", "closed_by")


def live(person: Person) -> QuerySet[Copy]:
    """Every copy of this person's book that the company still answers for."""
    return queries.kept_by(person)


def count_of(person: Person, uid: str) -> Count:
    """A sheet for its custodian, its counter, its second person, the office and whoever cross-checks. Raises NotThere, Tampered."""
    found, posts = Count.objects.select_related(*PARTS).filter(uid=uid).first(), person.posts()
    own = found is not None and person.pk in (found.custodian_id, found.by_id, found.second_id)
    officer = found is not None and found.kind == Kind.YEAR and "secrecy_officer" in posts
    if found is None or not (own or officer or posts & KEEPERS):
        raise NotThere
    codes.verify("count", [found.pk])
    return found


def counts(person: Person, most: int = 100, *, running: bool = False) -> list[Count]:
    """The sheets that this person may open, open ones first, the newest of each first; `running`: none that is closed."""
    found = Count.objects.select_related(*PARTS).order_by("-pk")
    if not person.posts() & KEEPERS:
        mine = Q(custodian=person) | Q(by=person) | Q(second=person)
        found = found.filter(mine | Q(kind=Kind.YEAR) if "secrecy_officer" in person.posts() else mine)
    rows = duties.few(found.filter(closed_at=None)) if running else list(found[:most])
    codes.verify("count", [row.pk for row in rows])
    return sorted(rows, key=lambda row: row.closed_at is not None)


def _lines(person: Person, count: Count) -> QuerySet[CountLine]:
    """The lines of a sheet as far as this person may know their items: all for the custodian; in the order of the papers."""
    rows: QuerySet[CountLine] = count.lines.all()
    if person.pk != count.custodian_id:
        rows = documents.lines(person, rows, "copy__document")
    named = ("count", "copy__document", "copy__place", "copy__holder", "expected_place", "expected_holder", "seen_by", "seen_place")
    return rows.select_related(*named).order_by(*IN_ORDER)


def _sound(rows: Iterable[CountLine]) -> list[CountLine]:
    found = list(rows)
    codes.verify("count_line", [row.pk for row in found])
    queries.sound(row.copy for row in found)
    return found


def lines_of(person: Person, count: Count) -> list[CountLine]:
    """The lines of a sheet as far as this person may know their items, verified."""
    return _sound(_lines(person, count))


@dataclass(frozen=True)
class Sheet:
    """What a page shows of a sheet: some of its lines from place `begins` on, verified, and how many there are in all, seen, open,
    apart: still to be explained (of a year's: decided). While it runs those come first and are the keys in `apart`, so that each
    copy stands on the page once; of a closed sheet `rest` are the first of those that stayed apart.
    """

    lines: list[CountLine]
    apart: frozenset[int]
    rest: list[CountLine]
    begins: int
    total: int
    seen: int
    left: int
    all_apart: int


def sheet(person: Person, count: Count, begins: int = 0, most: int = SHOWN) -> Sheet:
    """A page of the sheet: its work does not grow with the book that is counted."""
    rows = _lines(person, count)
    condition = Q(decision="") if count.kind == Kind.YEAR else Q(seen_at=None)
    apart, running = rows.filter(condition), count.closed_at is None
    if running:
        rows = rows.order_by(Case(When(condition, then=0), default=1), "decision", *IN_ORDER)
    shown = _sound(rows[begins : begins + most])
    keys = apart.filter(pk__in=[row.pk for row in shown]).order_by().values_list("pk", flat=True) if running else ()
    return Sheet(
        shown, frozenset(keys), [] if running else _sound(apart.order_by("decision", *IN_ORDER)[:most]), begins, rows.count(),
        rows.exclude(seen_at=None).count(), rows.filter(seen_at=None, decision="").count(), apart.count(),
    )  # fmt: skip


def named(rows: Iterable[CountLine]) -> list[str]:
    """The copies of these lines as a refusal names them: number of the paper and 份号."""
    return [f"{row.copy.document.number} {row.copy.number}".strip() for row in rows]


def unseen(rows: Iterable[CountLine]) -> list[CountLine]:
    """Lines whose copy nobody saw and nobody said anything about."""
    return [row for row in rows if row.seen_at is None and not row.decision]


def missing_since(copies: Iterable[Copy]) -> dict[int, date]:
    """Copy key -> the local day on which it was last reported missing."""
    told = Movement.objects.filter(event=Event.MISS, copy__in=[copy.pk for copy in copies]).values_list("copy_id")
    return {pk: clock.local(at).date() for pk, at in told.annotate(at=Max("at"))}


def missing() -> list[tuple[Copy, date]]:
    """Copies that are missing and not yet treated as a leak, each with the last day on which it may still be found."""
    gone = list(queries.copies().filter(state=State.MISSING).order_by("pk"))
    codes.verify("copy", [copy.pk for copy in gone])
    since, today = missing_since(gone), clock.today()
    ends = ((copy, counting.leak_after(copy.document.level, since[copy.pk], today)) for copy in gone)
    return [(copy, last) for copy, last in ends if last is not None]


def clean_up_dates() -> list[tuple[int, date]]:
    """Custodians with the last day until which each cleans up his book again (C4.1)."""
    kept = Copy.objects.exclude(state__in=list(GONE)).values_list("custodian_id").annotate(at=Min("ledger__at"))
    done = dict(Count.objects.exclude(closed_at=None).values_list("custodian_id").annotate(at=Max("closed_at")))
    today, found = clock.today(), []
    for custodian, since in kept:
        last = counting.clean_until(clock.local(done.get(custodian) or since).date(), today)
        if last is not None:
            found.append((custodian, last))
    return sorted(found)


def open_years(year: int) -> list[Count]:
    """Sheets of a year's campaign that are not closed."""
    return list(Count.objects.filter(kind=Kind.YEAR, year=year, closed_at=None).select_related(*PARTS).order_by("pk"))


def kept_until(copy: Copy) -> date | None:
    """The last day of an archived copy's retention, verified; None = for ever, or none was set."""
    found = Retention.objects.filter(copy=copy).first()
    if found is None:
        return None
    codes.verify("retention", [found.pk])
    return found.until


def to_re_mark(person: Person | None = None) -> QuerySet[Copy]:
    """Copies whose sheets bear another level than their item has, in this person's hands (None = anybody's) (P4.3)."""
    found = queries.copies().filter(pk__in=old_marks.candidates()).exclude(state__in=[*GONE, *LOST]).exclude(level=F("document__level"))
    # + 0: found among the candidates, and not among all that he holds.
    return (found.annotate(with_=F("holder_id") + 0).filter(with_=person.pk) if person else found).order_by("pk")


def level_changes(copies: Iterable[Copy]) -> dict[int, datetime]:
    """Item key -> when its level was last changed."""
    told = Change.objects.filter(document__in={copy.document_id for copy in copies}, what__in=("level", "released"))
    return dict(told.values_list("document_id").annotate(at=Max("at")))
