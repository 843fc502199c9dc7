"""Deeds of dispatch (F02): copies go out to named persons by designated carriers under seal, and are signed for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_noop

from mifeng.base import clock, codes, deeds, duties
from mifeng.base.deeds import deed
from mifeng.base.refusals import NotThere, Refused, insist
from mifeng.engines.access import Decision
from mifeng.rooms.circulation import queries
from mifeng.rooms.circulation.facts import Carriage, Drafts, Outgoing, Sent
from mifeng.rooms.circulation.models import Dispatch, DraftsSettled, Parcel
from mifeng.rooms.circulation.rules import dispatching
from mifeng.rooms.copies import queries as copies
from mifeng.rooms.copies.actions import _incidents, _ledger
from mifeng.rooms.copies.actions._ledger import Line
from mifeng.rooms.copies.facts import Event
from mifeng.rooms.copies.models import Copy
from mifeng.rooms.documents.actions import _shared
from mifeng.rooms.documents.facts import State
from mifeng.rooms.documents.models import Document
from mifeng.rooms.people import queries as people
from mifeng.rooms.people.models import Person

NOT_SENT, NOT_DELIVERED, NOT_SETTLED = gettext_noop("未发出"), gettext_noop("未签收"), gettext_noop("未登记底稿处理")
SERIES = "发密"


@dataclass(frozen=True)
class ToSend:
    """One line of a distribution: the copy, for whom, envelope and seal numbers (none where it is given in person)."""

    copy: Copy
    recipient: Person
    envelope: str = ""
    seal: str = ""


@deed("circulation:dispatch", subject="document")
def dispatch(
    person: Person, document: Document, lines: Sequence[ToSend], via: Sent, carriers: Sequence[Person] = (),
    return_on: date | None = None, remark: str = "",
) -> Dispatch:
    """发出: each copy to one person; what is not sent stays where it lies. Recipients stand in the scope (C1)."""
    if not queries.entrusted(person, "mail"):
        raise Refused(Decision.refuse("not_entrusted_mail", "M2.2", "收发由受委托的人员办理"), NOT_SENT)
    insist(copies.knows(person, document, "read", "register_facts"), NOT_SENT)
    insist(dispatching.may_mail(queries.covers(person, "mail", document)), NOT_SENT)
    insist(dispatching.may_dispatch(_outgoing(document, lines)), NOT_SENT)
    recipients = [line.recipient for line in lines]
    insist(dispatching.goes_inside({one.pk for one in recipients}, queries.may_know(recipients, document)), NOT_SENT)
    if via is Sent.CARRIED:
        for line in lines:
            insist(dispatching.may_carry(_carriage(document, carriers, line.envelope, line.seal)), NOT_SENT)
    made = Dispatch.objects.create(
        document=document, by=person, at=clock.now(), via=via, carrier=carriers[0] if carriers else None,
        second=carriers[1] if len(carriers) > 1 else None, return_on=return_on, remark=remark.strip(),
        number=_shared.register_number(SERIES, document),
    )  # fmt: skip
    for line in lines:
        _send(person, made, line)
    deeds.note(obj=document.item_key, register=made.number, counts={"copies": len(lines)})
    return made


def _outgoing(document: Document, lines: Sequence[ToSend]) -> Outgoing:
    held = {line.copy.pk for line in lines if line.copy.document_id == document.pk}
    whole = len(held) == len(lines)
    return Outgoing(
        document.level, bool(document.number), document.state == State.VALID and not document.proposed, document.term() is not None,
        len(held) if whole else 0,
    )  # fmt: skip


def _carriage(document: Document, carriers: Sequence[Person], envelope: str, seal: str) -> Carriage:
    on = clock.today()
    named = {carrier.pk for carrier in carriers}
    concerned = set(document.concerned.values_list("person_id", flat=True))  # nobody carries what speaks of him (H2)
    designated = not named & concerned and all(
        people.is_appointed(one, "transit", document.level, document.department_id, on) for one in carriers
    )
    return Carriage(document.level, len(named), designated, bool(envelope.strip() and seal.strip()))


def _send(person: Person, made: Dispatch, line: ToSend) -> None:
    copy = line.copy
    codes.verify("copy", [copy.pk])
    copy.refresh_from_db()
    insist(copies.may_act(person, copy), NOT_SENT)
    insist(copies.may_hold(line.recipient, copy, made.return_on is not None), NOT_SENT)
    parcel = Parcel.objects.create(
        dispatch=made, copy=copy, recipient=line.recipient, envelope=line.envelope.strip(), seal=line.seal.strip()
    )
    first = made.carrier if made.way is Sent.CARRIED else line.recipient
    due = clock.end_of(made.return_on) if made.return_on else None
    told = Line(holder=first, due_at=due, signer=first, register_no=made.number, ref=parcel.item_key)
    _ledger.move(copy, Event.ISSUE, person, told, not_done=NOT_SENT)
    if made.way is Sent.CARRIED:
        duties.remind(line.recipient.pk, "sign_for", copy.item_key, once=parcel.uid)


def _parcel(uid: str) -> Parcel:
    """The parcel of this address while it is under way, its rows verified."""
    parts = ("dispatch__document__department", "copy__document", "recipient")
    parcel = Parcel.objects.select_related(*parts).filter(uid=uid).first()
    if parcel is None or not parcel.under_way or parcel.dispatch.way is not Sent.CARRIED:
        raise NotThere
    codes.verify("dispatch", [parcel.dispatch_id])
    codes.verify("copy", [parcel.copy_id])
    return parcel


@deed("circulation:relay")
def relay(person: Person, uid: str, to: Person) -> Parcel:
    """A leg of the way ends: the carrier hands the sealed envelope to the next designated one, who signs for it."""
    parcel = _parcel(uid)
    if parcel.copy.holder_id != person.pk:
        raise NotThere
    deeds.note(obj=parcel.dispatch.document.item_key, copy=parcel.copy.number)
    others = [one for one in (parcel.dispatch.carrier, parcel.dispatch.second) if one and one.pk not in (person.pk, to.pk)]
    insist(dispatching.may_carry(_carriage(parcel.dispatch.document, [to, *others], parcel.envelope, parcel.seal)), "未交接")
    insist(_signed(parcel), "未交接")
    told = Line(holder=to, signer=to, register_no=parcel.dispatch.number, ref=parcel.item_key)
    _ledger.move(parcel.copy, Event.DELIVER, person, told, not_done="未交接")
    return parcel


def _signed(parcel: Parcel) -> Decision:
    """Whoever carries it has signed that he took it: no leg of the way is without both signatures."""
    last = parcel.copy.ledger.filter(ref=parcel.item_key).order_by("-no").first()
    if last is not None and last.signed_at is not None:
        return Decision.permit("leg_signed", "M2.2")
    return Decision.refuse("leg_not_signed", "M2.2", "传递人尚未签收,不得交接")


@deed("circulation:deliver")
def deliver(person: Person, uid: str, seal_found: str) -> Parcel:
    """签收回执: the recipient reads the seal on arrival and signs; a seal that is another one is an incident (M2.2)."""
    parcel = _parcel(uid)
    if parcel.recipient_id != person.pk:
        raise NotThere
    deeds.note(obj=parcel.dispatch.document.item_key, copy=parcel.copy.number)
    insist(_signed(parcel), NOT_DELIVERED)
    insist(dispatching.may_receive(bool(queries.may_know([person], parcel.dispatch.document))), NOT_DELIVERED)
    if not seal_found.strip():
        raise Refused(Decision.refuse("seal_number_required", "M2.2", "请照实填写到件时的封签号"), NOT_DELIVERED)
    parcel.delivered_at, parcel.seal_found = clock.now(), seal_found.strip()
    parcel.save()
    told = Line(holder=person, signer=person, signed=True, register_no=parcel.dispatch.number, ref=parcel.item_key)
    _ledger.move(parcel.copy, Event.DELIVER, person, told, not_done=NOT_DELIVERED)
    if not dispatching.seal_holds(parcel.seal, parcel.seal_found):
        _incidents.draft(parcel.copy, "到件封签号与发出时不符", "M2.2", person, parcel.item_key)
    return parcel


@deed("circulation:settle_drafts")
def settle_drafts(
    person: Person, uid: str, how: Drafts, sheets: int, note: str, witness: Person | None = None
) -> DraftsSettled:
    """底稿处理: drafts, proofs and plates of what went out are filed with it or destroyed before a witness (F02)."""
    if not queries.entrusted(person, "mail"):
        raise Refused(Decision.refuse("not_entrusted_mail", "M2.2", "收发由受委托的人员办理"), NOT_SETTLED)
    row = queries.find_dispatch(person, uid)
    deeds.note(obj=row.document.item_key, register=row.number)
    settled = DraftsSettled.objects.filter(dispatch=row).exists()
    destroyed = how is Drafts.DESTROYED
    insist(dispatching.may_settle_drafts(settled, destroyed, witness.pk if witness else 0, person.pk, note), NOT_SETTLED)
    return DraftsSettled.objects.create(
        dispatch=row, how=how, sheets=max(sheets, 0), by=person, witness=witness if destroyed else None, at=clock.now(), note=note.strip()
    )


@deed("circulation:list_dispatches", reads=True)
def list_dispatches(person: Person, after: int) -> tuple[list[Parcel], list[Parcel], list[Dispatch], int]:
    """What is coming to this person, what he carries, a page of the book as he may know it, the key after which the next starts."""
    coming, carried = queries.coming_to(person), queries.carried_by(person)
    found, more = queries.dispatches_known(person, after)
    deeds.note(counts={"shown": len(coming) + len(carried) + len(found)})
    return coming, carried, found, more


@deed("circulation:open_dispatch", reads=True)
def open_dispatch(person: Person, uid: str) -> Dispatch:
    """Look at one dispatch."""
    row = queries.find_dispatch(person, uid)
    deeds.note(obj=row.document.item_key, register=row.number)
    return row
