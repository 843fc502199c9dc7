"""Deeds of counting: a sheet is opened, copies are seen by scanning, differences are decided, two persons sign, it is closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mifeng.base import clock, codes, deeds, duties, numbers
from mifeng.base.deeds import deed
from mifeng.base.refusals import NotThere, Refused, insist
from mifeng.clauses import parameter
from mifeng.engines.access import Decision
from mifeng.rooms.copies import queries, stock_queries
from mifeng.rooms.copies.actions import _filing, _ledger, _missing
from mifeng.rooms.copies.actions._ledger import Line
from mifeng.rooms.copies.facts import GONE, LOST, Event, State
from mifeng.rooms.copies.models import Copy, Count, CountLine, CountStray, Place
from mifeng.rooms.copies.rules import counting, fates, keeping
from mifeng.rooms.copies.rules.counting import Fate, Kind
from mifeng.rooms.people.facts import KEEPERS
from mifeng.rooms.people.models import Person

SERIES = "盘"


@dataclass(frozen=True)
class Seen:
    """What a scan during a count found. `verdict`: match | again | elsewhere | not_listed | lost | unknown."""

    verdict: str
    line: CountLine | None = None
    copy: Copy | None = None


@deed("copies:open_count", subject="custodian")
def open_count(person: Person, custodian: Person, second: Person, place: Place | None = None, quarter: bool = False) -> Count:
    """盘点 or 季度清理 of what this custodian keeps (in this place alone); a second person will sign it."""
    kind = Kind.QUARTER if quarter else Kind.STOCK
    office, apart = bool(person.posts() & KEEPERS), second.pk not in (person.pk, custodian.pk)
    insist(counting.may_open(kind, office, person.pk == custodian.pk, apart), "未发起")
    count = _opened(person, kind, custodian, numbers.register_number(SERIES, numbers.take(SERIES)), clock.today().year, second, place)
    duties.remind(second.pk, "count", count.item_key, once=count.uid)
    return count


def _opened(
    person: Person, kind: Kind, custodian: Person, number: str, year: int, second: Person | None, place: Place | None
) -> Count:
    """A sheet with a line for every copy of the book; what is known to be missing is not looked for again."""
    count = Count.objects.create(
        kind=kind, number=number, year=year, by=person, custodian=custodian, department=custodian.department, place=place,
        second=second, opened_at=clock.now(),
    )  # fmt: skip
    book = queries.kept_by(custodian, place=place)
    for copy in queries.sound(book):
        lost = copy.state in LOST
        CountLine.objects.create(
            count=count, number=number, at=count.opened_at, copy=copy, expected_place=copy.place, expected_holder=copy.holder,
            decision=Fate.MISSING if lost else "", decided_by=person if lost else None, decided_at=clock.now() if lost else None,
        )  # fmt: skip
    deeds.note(obj=count.item_key, counts={"copies": count.lines.count()}, number=number)
    return count


@deed("copies:open_year")
def open_year(person: Person, year: int) -> list[Count]:
    """年终清退清理 of this year: a sheet for every custodian, from 1 December on (G4.5); what has one keeps it."""
    insist(counting.may_open(Kind.YEAR, bool(person.posts() & KEEPERS), False, True), "未下达")
    month, day = str(parameter("G4.5", "clearup_opens", on=clock.today())).split("-")
    if clock.today() < date(year, int(month), int(day)) or year < clock.today().year - 1:
        raise Refused(Decision.refuse("clearup_opens", "G4.5", "年终清退清理自十二月一日起下达"), "未下达")
    have = set(Count.objects.filter(kind=Kind.YEAR, year=year).values_list("custodian_id", flat=True))
    keepers = Person.objects.filter(pk__in=Copy.objects.exclude(state__in=list(GONE)).values("custodian")).exclude(pk__in=have)
    made = []
    for custodian in keepers.select_related("department").order_by("department_id", "pk"):
        made.append(_opened(person, Kind.YEAR, custodian, _year_number(custodian, year), year, None, None))
        duties.remind(custodian.pk, "clearup", made[-1].item_key, once=made[-1].uid)
    deeds.note(counts={"sheets": len(made)})
    return made


def _year_number(custodian: Person, year: int) -> str:
    """清〔2026〕ZJB: the department's code in place of a serial; its second sheet of the year is ZJB-2, the third ZJB-3."""
    department = custodian.department
    n = Count.objects.filter(kind=Kind.YEAR, year=year, department=department).count() + 1
    return f"清〔{year}〕{department.code}" + (f"-{n}" if n > 1 else "")


def _running(person: Person, uid: str, not_done: str) -> Count:
    count = stock_queries.count_of(person, uid)
    if count.closed_at is not None:
        raise Refused(Decision.refuse("count_is_closed", "G4.2", "此单已结束"), not_done)
    deeds.note(obj=count.item_key)
    return count


@deed("copies:count_seen")
def count_seen(person: Person, uid: str, code: str) -> Seen:
    """A copy was seen: its line says so, once; what is not of this sheet stands on the list of differences."""
    count = _running(person, uid, "未记录")
    try:
        copy = queries.find(person, "", code)
    except NotThere:
        _stray(count, code, None, person)
        return Seen("unknown")
    line = count.lines.select_related("copy__document", "expected_place").filter(copy=copy).first()
    if line is None:
        _stray(count, code, copy, person)
        return Seen("not_listed", copy=copy)
    if copy.state in LOST:
        return Seen("lost", line, copy)
    if line.seen_at is not None:
        return Seen("again", line, copy)
    line.seen_at, line.seen_by, line.seen_place, line.decision = clock.now(), person, copy.place, ""
    line.save()
    _unsigned(count)
    _ledger.move(copy, Event.SEE, person, Line(ref=count.item_key, register_no=count.number), not_done="未记录")
    return Seen("match", line, copy)


def _unsigned(count: Count) -> None:
    """What was signed before something was added is to be signed again."""
    if count.crossed_at is not None:
        count.crossed_by, count.crossed_at = None, None
        count.save()


def _stray(count: Count, code: str, copy: Copy | None, person: Person) -> None:
    CountStray.objects.get_or_create(count=count, code=code, defaults={"copy": copy, "by": person, "at": clock.now()})


@deed("copies:decide_count")
def decide_count(person: Person, uid: str, lines: Sequence[str], fate: Fate, reason: str = "") -> int:
    """What becomes of copies of the sheet; a missing one is reported at once. Returns how many lines were decided."""
    count = _running(person, uid, "未确定")
    rows = list(count.lines.select_related("copy__document", "count").filter(uid__in=lines))
    if not rows or len(rows) != len(set(lines)):
        raise NotThere
    codes.verify("count_line", [row.pk for row in rows])
    for row in rows:
        insist(counting.may_decide(Kind(count.kind), fate, row.seen_at is not None, reason, person.pk == count.custodian_id), "未确定")
        _insist_may_meet(person, row.copy, fate, not_done="未确定")
        if fate is Fate.MISSING:
            _missing.miss(person, row.copy, reason.strip(), count.item_key)
        row.decision, row.decided_by, row.decided_at, row.reason = fate, person, clock.now(), reason.strip()
        row.save()
    _unsigned(count)
    deeds.note(counts={"lines": len(rows)})
    return len(rows)


def _insist_may_meet(person: Person, copy: Copy, fate: Fate, *, not_done: str) -> None:
    """What is done with a copy is done by its custodian of today, and the archive keeps what it keeps (G4.1, G4.5)."""
    if fate in counting.DONE:
        insist(keeping.may_act(copy.facts(), person.pk), not_done)
    if fate is Fate.DESTROY:
        insist(fates.may_set_aside(stock_queries.kept_until(copy), copy.state == State.ARCHIVED, clock.today()), not_done)


@deed("copies:cross_count")
def cross_count(person: Person, uid: str) -> Count:
    """The second signature on a sheet: the person who was named, or another department's secrecy officer."""
    count = _running(person, uid, "未签字")
    own = person.pk in (count.custodian_id, count.by_id)
    officer, same = "secrecy_officer" in person.posts(), person.department_id == count.department_id
    insist(counting.may_cross(Kind(count.kind), person.pk == count.second_id, officer, same, own), "未签字")
    count.crossed_by, count.crossed_at = person, clock.now()
    count.save()
    return count


@deed("copies:close_count")
def close_count(person: Person, uid: str) -> Count:
    """The sheet is closed by its custodian; a year's decisions take their effect: to be destroyed, archived (G4.5)."""
    count = _running(person, uid, "未结束")
    if person.pk != count.custodian_id:
        raise Refused(Decision.refuse("custodian_closes", "G4.1", "由保管人签字结束"), "未结束")
    rows = stock_queries.lines_of(person, count)
    unseen = stock_queries.named(stock_queries.unseen(rows))
    if count.kind == Kind.YEAR:
        undecided = stock_queries.named(row for row in rows if not row.decision)
        insist(counting.may_close_year(unseen, undecided, count.crossed_at is not None), "未关闭")
        _carry_out(person, count, rows)
    else:
        insist(counting.may_close(unseen, count.crossed_at is not None), "未结束")
    count.closed_by, count.closed_at = person, clock.now()
    count.save()
    return count


def _carry_out(person: Person, count: Count, rows: Sequence[CountLine]) -> None:
    """What was decided happens; the archive keeps for ever what it was not told otherwise about."""
    for row in rows:
        line = Line(ref=count.item_key, register_no=count.number, note=row.reason)
        if row.copy.custodian_id != person.pk:  # handed over since: its new custodian says what becomes of it
            continue
        if row.decision:
            _insist_may_meet(person, row.copy, Fate(row.decision), not_done="未关闭")
        if row.decision == Fate.DESTROY:
            _ledger.move(row.copy, Event.SET_ASIDE, person, line, not_done="未关闭")
        elif row.decision == Fate.ARCHIVE:
            _filing.file_copy(person, row.copy, 0, line)


@deed("copies:open_sheet", reads=True)
def open_sheet(person: Person, uid: str, begins: int = 0) -> tuple[Count, stock_queries.Sheet]:
    """A sheet and some of its lines from that place on, as far as this person may know their items."""
    count = stock_queries.count_of(person, uid)
    found = stock_queries.sheet(person, count, begins)
    deeds.note(obj=count.item_key, counts={"shown": len(found.lines)})
    return count, found


@deed("copies:list_counts", reads=True)
def list_counts(person: Person) -> list[Count]:
    """The sheets that this person may open."""
    found = stock_queries.counts(person)
    deeds.note(counts={"shown": len(found)})
    return found
