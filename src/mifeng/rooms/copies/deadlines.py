"""What of copies runs out: returns, combinations, rectifications. Whom a sealed item speaks of is never told (A2)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from mifeng.base import clock
from mifeng.base.ladders import Deadline, due_after
from mifeng.clauses import parameter
from mifeng.rooms.copies import queries, stock_queries
from mifeng.rooms.copies.facts import State
from mifeng.rooms.copies.models import Copy, DeskCheck
from mifeng.rooms.copies.rules import keeping
from mifeng.rooms.documents import queries as documents
from mifeng.rooms.people import office
from mifeng.rooms.people.models import Person

PARTS = "document__department"


def carried(_at: datetime) -> Iterator[Deadline]:
    """Copies that somebody has outside, by the instant at which they are to be back; the leader is over the owning department."""
    told, shut = office.today(), documents.spoken_of()
    out = Copy.objects.filter(state=State.OUT).exclude(due_at=None).select_related(PARTS).order_by("pk")
    for copy in out:
        own = {"carrier": [copy.holder_id], "leader": [copy.document.department.supervisor_id]}
        who = told.who(copy.document.department_id, shut.get(copy.document_id, ()), **own)
        yield Deadline("carry_out", copy.item_key, copy.due_at, None, who)


def held(_at: datetime) -> Iterator[Deadline]:
    """Copies that were handed out against a day by which they come back (C5.1)."""
    told, shut = office.today(), documents.spoken_of()
    issued = Copy.objects.filter(state=State.ISSUED).exclude(due_at=None).select_related("holder").order_by("pk")
    for copy in issued:
        who = told.who(copy.holder.department_id, shut.get(copy.document_id, ()), holder=[copy.holder_id])
        yield Deadline("held_copy", copy.item_key, copy.due_at, None, who)


def combinations(_at: datetime) -> Iterator[Deadline]:
    """Combinations by their last day: half a year, or the day before somebody who knew one did no longer hold it (M2.3)."""
    told = office.today()
    for place in queries.places():
        if place.closed_on is None:
            left = queries.holder_left(place)
            last = keeping.combination_until(place.combination_on, clock.today())
            if left is not None:
                last = min(last, left - timedelta(days=1))
            yield Deadline("combination", place.item_key, clock.end_of(last), None, told.who(place.department_id))


def desks(_at: datetime) -> Iterator[Deadline]:
    """Findings at desks by the day until which they are put right (C4.3)."""
    told = office.today()
    found = DeskCheck.objects.filter(locked=False, rectified_at=None).select_related("person").order_by("pk")
    for check in found:
        who = told.who(check.person.department_id, person=[check.person_id])
        yield Deadline("desk", check.item_key, clock.end_of(check.rectify_by), None, who)


def missing(_at: datetime) -> Iterator[Deadline]:
    """Missing copies by the last day on which each may still be found; afterwards it is treated as a leak (M7.2)."""
    told, today, shut = office.today(), clock.today(), documents.spoken_of()
    for copy, last in stock_queries.missing():
        who = told.who(copy.document.department_id, shut.get(copy.document_id, ()), custodian=[copy.custodian_id])
        yield Deadline("missing_copy", copy.item_key, clock.end_of(last), None, who, undone=last < today - timedelta(days=1))


def clean_ups(_at: datetime) -> Iterator[Deadline]:
    """Custodians by the last day until which each cleans up his book again (C4.1)."""
    told, keys = office.today(), dict(Person.objects.values_list("pk", "uid"))
    for custodian, last in stock_queries.clean_up_dates():
        who = told.who(told.department.get(custodian), custodian=[custodian])
        yield Deadline("clean_up", f"people:{keys[custodian]}", clock.end_of(last), None, who)


def clear_ups(_at: datetime) -> Iterator[Deadline]:
    """Sheets of a year's campaign by the day of its report, 15 January of the next (G4.5)."""
    told = office.today()
    for count in stock_queries.open_years(clock.today().year) + stock_queries.open_years(clock.today().year - 1):
        month, day = str(parameter("G4.5", "clearup_report", on=clock.today())).split("-")
        who = told.who(count.department_id, custodian=[count.custodian_id])
        yield Deadline("clear_up", count.item_key, clock.end_of(date(count.year + 1, int(month), int(day))), None, who)


def re_marks(_at: datetime) -> Iterator[Deadline]:
    """Copies that bear an old mark, by the day until which their holders strike it out (P4.3)."""
    told, found, shut = office.today(), list(stock_queries.to_re_mark()), documents.spoken_of()
    changed = stock_queries.level_changes(found)
    for copy in found:
        if copy.document_id in changed:
            begun = changed[copy.document_id]
            own = {"holder": [copy.holder_id], "custodian": [copy.custodian_id]}
            who = told.who(copy.holder.department_id, shut.get(copy.document_id, ()), **own)
            yield Deadline("re_mark", copy.item_key, due_after("re_mark", begun), begun, who)
