"""Deeds of carrying out (C5.2): asked for, counted at the door, counted when back, not back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_noop

from mifeng.base import clock, codes, deeds, jobs
from mifeng.base.deeds import deed
from mifeng.base.refusals import Refused, insist
from mifeng.engines.access import Decision
from mifeng.rooms.approvals import grants, requests
from mifeng.rooms.approvals.facts import Wanted
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.copies import granted
from mifeng.rooms.copies.actions import _incidents, _ledger
from mifeng.rooms.copies.actions._ledger import Line
from mifeng.rooms.copies.facts import LOST, Event, Measure, State
from mifeng.rooms.copies.models import Carried, CarryOut, Copy, IncidentDraft
from mifeng.rooms.copies.rules import carrying, keeping, states
from mifeng.rooms.documents import queries as documents
from mifeng.rooms.documents.actions import _shared
from mifeng.rooms.documents.models import Document
from mifeng.rooms.documents.queries import Brought
from mifeng.rooms.people.models import Person, Session

SERIES = "携密"
NOT_ASKED, NOT_OUT, NOT_IN = gettext_noop("未送审"), gettext_noop("未出门"), gettext_noop("未收回")
FEWER = gettext_noop("外出归还时页数少于出门清点的页数")
LATE = gettext_noop("携带外出超过返回时限未归")


@dataclass(frozen=True)
class Trip:
    """What is asked for: which copies of the item, by whom, where to, when. Instants UTC, `back` exclusive."""

    copies: Sequence[Copy]
    bearer: Person
    companion: Person | None
    destination: str
    place: str
    out: datetime
    back: datetime
    purpose: str
    route: str
    measures: Collection[Measure]


@deed("copies:ask_carry_out", subject="document")
def ask_carry_out(person: Person, document: Document, session: Session | None, trip: Trip) -> Approval:
    """申请携带外出: homes and public places are refused here, whoever would approve (G4.3, D5)."""
    to = carrying.where_to(trip.destination, trip.place, clock.today())
    who = documents.viewer(person, session)
    insist(documents.decided(who, document, granted.ASKING["carry_out"], brought=Brought(destination=to)), NOT_ASKED)
    _check(document, trip)
    people = [trip.bearer, *([trip.companion] if trip.companion else [])]
    payload: dict[str, Any] = {
        "copies": [copy.uid for copy in trip.copies], "route": trip.route.strip(), "measures": sorted(trip.measures),
        "out": trip.out.isoformat(),
    }  # fmt: skip
    return requests.ask(
        matter=granted.MATTERS["carry_out"], item_key=document.item_key, level=document.level, applicant=person,
        department=document.department, purpose=trip.purpose, payload=payload, number="",
        wanted=Wanted(
            recipient="、".join(one.name for one in people), destination=trip.destination, place=trip.place.strip(),
            # He may leave earlier on that day; the way back is what counts.
            since=clock.start_of(clock.local(trip.out).date()), until=trip.back, people=tuple(one.pk for one in people),
        ),
        concerned=[row.person for row in document.concerned.all()],
    )  # fmt: skip


def _check(document: Document, trip: Trip) -> None:
    if not trip.copies or any(copy.document_id != document.pk for copy in trip.copies):
        raise Refused(Decision.refuse("copies_of_the_item", "C5.2", "须写明携带此件的哪几份"), NOT_ASKED)
    if not trip.purpose.strip() or not trip.place.strip() or not clock.now() < trip.back or trip.out >= trip.back:
        raise Refused(Decision.refuse("trip_form", "C5.2", "须写明事由、目的地、拟外出和拟返回时间"), NOT_ASKED)
    for someone in (trip.bearer, trip.companion):
        if someone is not None:
            insist(carrying.may_bear(granted.bearer(document, someone)), NOT_ASKED)
    if trip.companion == trip.bearer:
        raise Refused(Decision.refuse("two_persons", "M2.2", "同行人须是另一人"), NOT_ASKED)
    insist(carrying.measures_fit(document.level, trip.measures), NOT_ASKED)
    for copy in trip.copies:
        insist(states.may_happen(State(copy.state), Event.CARRY_OUT), NOT_ASKED)


@deed("copies:check_out", subject="")
def check_out(person: Person, session: Session | None, approval: Approval, counted: Mapping[str, int]) -> CarryOut:
    """出门清点: the custodian counts the pages of each copy (uid -> pages), the bearer signs on his own screen."""
    approval = Approval.objects.select_related("applicant").get(pk=approval.pk)
    document, grant = documents.of_key(approval.item_key), granted.live_grant(approval)
    deeds.note(obj=document.item_key)
    granted.insist_may(person, session, document, approval, live=grant is not None, not_done=NOT_OUT)
    if grant is None:  # only where the rule above was switched off
        raise Refused(Decision.refuse("used_up", "C5.2", "准予次数已用完"), NOT_OUT)
    wanted = approval.granted_now
    if person.pk in wanted.people:
        raise Refused(Decision.refuse("bearer_checks_out", "C5.2", "携带人、同行人不得自己办理出门清点"), NOT_OUT)
    grants.spend(person, grant, act=approval.act, item_key=approval.item_key, not_done=NOT_OUT)
    trip = _trip(person, approval, document)
    for uid in approval.payload_data["copies"]:
        _leave(person, trip, Copy.objects.select_related("document").get(uid=uid), counted.get(uid, -1))
    grants.register(approval, trip.number)
    deeds.note(counts={"copies": len(approval.payload_data["copies"])}, register=trip.number)
    return trip


def _trip(person: Person, approval: Approval, document: Document) -> CarryOut:
    told, wanted, approver = approval.payload_data, approval.granted_now, granted.approver_of(approval)
    assert approver is not None and wanted.until is not None  # an approval that has a grant was signed; a trip has an end
    people = [Person.objects.get(pk=key) for key in wanted.people]
    return CarryOut.objects.create(
        document=document, approval_uid=approval.uid, number=_shared.register_number(SERIES, document),
        applicant=approval.applicant, approver=approver, bearer=people[0], companion=people[1] if len(people) > 1 else None,
        destination=wanted.destination, level=document.level, out_planned=datetime.fromisoformat(told["out"]),
        back_planned=wanted.until, out_at=clock.now(), out_by=person, place=wanted.place, purpose=approval.purpose,
        route=told["route"], measures=" ".join(told["measures"]),
    )  # fmt: skip


def _leave(person: Person, trip: CarryOut, copy: Copy, pages: int) -> None:
    codes.verify("copy", [copy.pk])
    insist(keeping.may_act(copy.facts(), person.pk), NOT_OUT)
    if pages != copy.pages:
        raise Refused(Decision.refuse("pages_differ", "C5.2", "清点页数与登记不符,请查明;确有缺页的报下落不明"), NOT_OUT)
    line = Line(
        holder=trip.bearer, signer=trip.bearer, due_at=trip.back_planned, outside=trip.place, register_no=trip.number,
        ref=trip.item_key, approval_uid=trip.approval_uid,
    )  # fmt: skip
    left = _ledger.move(copy, Event.CARRY_OUT, person, line, not_done=NOT_OUT)
    hour = carrying.incident_at(trip.back_planned)
    jobs.enqueue("copies:late", left.uid, dedupe=f"late:{left.uid}", delay=max(hour - clock.now(), timedelta()))
    Carried.objects.create(carry_out=trip, copy=copy, pages_out=pages)


@deed("copies:check_in", subject="")
def check_in(person: Person, trip: CarryOut, counted: Mapping[str, int]) -> CarryOut:
    """返回清点: copies (uid -> pages) that are whole come back; one that lacks pages, or is not there, is missing.

    A missing page is drafted as an incident at once. A copy that came back by another deed meanwhile stays as it is.
    """
    trip = CarryOut.objects.select_related("document").get(pk=trip.pk)
    codes.verify("carry_out", [trip.pk])
    deeds.note(obj=trip.document.item_key, register=trip.number)
    if trip.back_at is not None:
        raise Refused(Decision.refuse("trip_is_over", "C5.2", "此次外出已返回清点"), NOT_IN)
    rows = trip.carried.select_related("copy__document").order_by("pk")
    missing = [row.copy.number for row in rows if not _back(person, trip, row, counted)]
    trip.back_at, trip.back_by, trip.difference = clock.now(), person, "、".join(missing)
    trip.save()
    grants.close(Approval.objects.get(uid=trip.approval_uid))
    deeds.note(counts={"copies": trip.carried.count(), "missing": len(missing)})
    return trip


def _back(person: Person, trip: CarryOut, row: Carried, counted: Mapping[str, int]) -> bool:
    """One copy is counted; False when it lacks pages, or was reported missing on the way."""
    copy, pages = row.copy, counted.get(row.copy.uid, 0)
    codes.verify("copy", [copy.pk])
    insist(keeping.may_act(copy.facts(), person.pk), NOT_IN)
    row.pages_back = pages if copy.state == State.OUT else 0 if copy.state in LOST else row.pages_out
    row.save()
    if copy.state != State.OUT:
        return copy.state not in LOST
    whole = carrying.pages_back(row.pages_out, pages)
    if whole.rule == "more_pages_back":
        raise Refused(whole, NOT_IN)
    about = Line(register_no=trip.number, ref=trip.item_key, approval_uid=trip.approval_uid)
    if whole.allow:
        _ledger.move(copy, Event.RETURN, person, about, not_done=NOT_IN)
        return True
    _ledger.move(copy, Event.MISS, person, about, not_done=NOT_IN)
    _incidents.draft(copy, FEWER, "C5.2", person, trip.item_key)
    return False


@deed("copies:carry_overdue", subject="copy")
def carry_overdue(person: Person, copy: Copy) -> IncidentDraft | None:
    """未归: what is out beyond the hours of C5.2 becomes a draft of an incident, once; `person` is its custodian."""
    codes.verify("copy", [copy.pk])
    copy.refresh_from_db()
    if copy.state != State.OUT or copy.due_at is None or not carrying.is_incident(copy.due_at, clock.now()):
        return None
    line = copy.ledger.filter(event=Event.CARRY_OUT).order_by("no").last()
    return _incidents.draft(copy, LATE, "C5.2", person, line.ref if line else "")
