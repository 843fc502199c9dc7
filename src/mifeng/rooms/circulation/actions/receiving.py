"""Deeds of the counter: an envelope arrives, its paper is registered, or it is no secret and leaves the inbox (F01)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext_noop

from mifeng.base import clock, codes, deeds
from mifeng.base.deeds import deed
from mifeng.base.refusals import Conflict, NotThere, Refused, insist
from mifeng.clauses import parameter
from mifeng.engines.access import Decision, Level
from mifeng.rooms.circulation import queries
from mifeng.rooms.circulation.facts import Envelope, Inbox, Origin, Urgency, Via
from mifeng.rooms.circulation.models import Amendment, Incoming, Particulars
from mifeng.rooms.circulation.rules import dispatching, receiving
from mifeng.rooms.copies.actions import _incidents, _ledger
from mifeng.rooms.copies.actions._ledger import Line
from mifeng.rooms.documents.actions import _shared
from mifeng.rooms.documents.actions.registering import ReceivedPaper, received
from mifeng.rooms.documents.facts import ScopeLine, TermFacts
from mifeng.rooms.documents.models import Document, Upload
from mifeng.rooms.people.models import Person

NOT_RECEIVED = gettext_noop("未登记")
SERIES = "收密"
STATE_TITLE = "国家秘密载体(只登记封套)"
MOST_COPIES, LONGEST = 500, 200  # of one paper; signs of their numbers in the book
PERSONAL_TITLE = "亲启件(只登记封套)"


@dataclass(frozen=True)
class Cover:
    """What stands on an envelope and how it was found. `marked`: the level on it, 0 = none; `personal`: 亲启."""

    sender: str
    addressee: Person
    via: Via = Via.CONFIDENTIAL_MAIL
    origin: Origin = Origin.PARTNER
    marked: int = 0
    personal: bool = False
    envelope: Envelope = Envelope.INTACT
    uid: str = ""


@dataclass(frozen=True)
class Paper:
    """What stands on the paper itself. `term` not given at a level: the usual years; `copy_numbers`: as printed.

    `deadline` 办结期限, `return_on` 清退期限: local days, included.
    """

    title: str = ""
    reference: str = ""
    level: int = 0
    term: TermFacts = field(default_factory=TermFacts)
    copy_numbers: tuple[int, ...] = ()
    pages: int = 0
    issued_on: date | None = None
    deadline: date | None = None
    return_on: date | None = None
    attachments: int = 0
    urgency: Urgency = Urgency.PLAIN
    remark: str = ""
    uploads: Sequence[Upload] = ()


def _insist_counter(person: Person) -> None:
    if not queries.entrusted(person, "mail"):
        raise Refused(Decision.refuse("not_entrusted_mail", "M2.2", "收发由受委托的人员办理"), NOT_RECEIVED)


@deed("circulation:note_arrival")
def note_arrival(person: Person, cover: Cover) -> Incoming:
    """An envelope arrived and waits to be opened and registered: it stands in the inbox until then."""
    _insist_counter(person)
    made = _arrive(person, cover, cover.marked)
    deeds.note(obj=made.item_key)
    return made


def _arrive(person: Person, cover: Cover, marked: int) -> Incoming:
    if not cover.sender.strip():
        raise Refused(Decision.refuse("sender_required", "G4.4", "请填写来文单位"), NOT_RECEIVED)
    if cover.uid and Incoming.objects.filter(uid=cover.uid).exists():
        raise Conflict("", "此件刚刚已登记")
    return Incoming.objects.create(
        **({"uid": cover.uid} if cover.uid else {}), at=clock.now(), by=person, via=cover.via, origin=cover.origin, marked=marked,
        personal=cover.personal, addressee=cover.addressee, envelope=cover.envelope, sender=cover.sender.strip(),
    )  # fmt: skip


@deed("circulation:receive")
def receive(person: Person, cover: Cover, paper: Paper) -> Incoming:
    """Register a paper as it is taken from its envelope: protected at once at the level that it bears, its copies numbered."""
    _insist_counter(person)
    arrival = _arrive(person, cover, max(cover.marked, paper.level))
    return _register(person, arrival, paper)


@deed("circulation:register_arrival", subject="arrival")
def register_arrival(person: Person, arrival: Incoming, paper: Paper) -> Incoming:
    """Register what stood in the inbox."""
    _insist_counter(person)
    return _register(person, _open(arrival), paper)


def _open(arrival: Incoming) -> Incoming:
    codes.verify("incoming", [arrival.pk])
    arrival.refresh_from_db()
    if arrival.state != Inbox.ARRIVED:
        raise Conflict("", "此件刚刚已登记")
    return arrival


def _register(person: Person, arrival: Incoming, paper: Paper) -> Incoming:
    insist(receiving.may_enter(arrival.source, arrival.personal, bool(paper.title.strip()), bool(paper.uploads)), NOT_RECEIVED)
    if paper.level < arrival.marked and not (arrival.personal or arrival.source is Origin.STATE):
        reason = "文件上的密级低于封套所标,请照录文件上的标志并核对来件"
        raise Refused(Decision.refuse("mark_below_cover", "G3", reason), NOT_RECEIVED)
    level = max(paper.level, arrival.marked)
    document = received(person, _as_received(arrival, paper, level))
    number = _shared.register_number(SERIES, document)
    made = _copies(person, document, paper, Line(register_no=number, ref=arrival.item_key))
    arrival.number, arrival.document, arrival.marked, arrival.state = number, document, level, Inbox.REGISTERED
    arrival.copy_numbers = receiving.listed([copy.n for copy in made], LONGEST)
    arrival.deadline, arrival.remark = paper.deadline, paper.remark.strip()
    arrival.handled_by, arrival.handled_at = person, clock.now()
    arrival.save()
    Particulars.objects.create(
        incoming=arrival, urgency=paper.urgency, attachments=max(paper.attachments, 0), return_on=paper.return_on
    )
    if made and receiving.suspicious(arrival.cover, level):
        _incidents.draft(made[0], "来件封装破损或未密封,可能有人拆阅", "M2.2", person, arrival.item_key)
    _shared.tell(document, [arrival.addressee_id], "to_read", once=arrival.uid)
    deeds.note(obj=document.item_key, register=number, title=document.title)
    return arrival


def _copies(person: Person, document: Document, paper: Paper, line: Line) -> list[_ledger.Copy]:
    """The copies under the numbers that stand on them; one without a number gets the first of our own."""
    given = sorted(paper.copy_numbers)
    many = len(given) > MOST_COPIES or len(receiving.listed(given, LONGEST)) > LONGEST
    if many or len(set(given)) != len(given) or (given and given[0] < 1):
        raise Refused(Decision.refuse("copy_numbers_form", "G4.4", "请逐一填写原件上的份号,不得重复"), NOT_RECEIVED)
    if document.level < Level.CONFIDENTIAL and not given:
        return []
    return [
        _ledger.number(document, person, person, pages=paper.pages, given=n, line=line) for n in given or [None]
    ]  # fmt: skip


def _as_received(arrival: Incoming, paper: Paper, level: int) -> ReceivedPaper:
    title = PERSONAL_TITLE if arrival.personal else paper.title
    addressee, state = arrival.addressee, arrival.source is Origin.STATE
    return ReceivedPaper(
        title=STATE_TITLE if state else title, department=addressee.department, owner=addressee, level=level,
        term=paper.term if paper.term.given else _usual(level), scope=(ScopeLine("person", addressee.uid),),
        number=paper.reference, issued_on=paper.issued_on, pages=paper.pages, copies=max(len(paper.copy_numbers), 1),
        kind="state_secret" if state else "paper", origin=arrival.origin, uploads=tuple(paper.uploads),
    )  # fmt: skip


def _usual(level: int) -> TermFacts:
    """A mark without a term: the usual years of its level (P4.0)."""
    if level < Level.CONFIDENTIAL:
        return TermFacts()
    return TermFacts("years", int(parameter("P4.0", f"default_years_{level}", on=clock.today())))


@deed("circulation:leave_unregistered", subject="arrival")
def leave_unregistered(person: Person, arrival: Incoming, reason: str) -> Incoming:
    """办结而不登记: only what bears no level leaves the inbox in this way (P5.1)."""
    _insist_counter(person)
    arrival = _open(arrival)
    insist(receiving.may_leave_unregistered(arrival.marked, arrival.source), "未办结")
    if not reason.strip():
        raise Refused(Decision.refuse("reason_required", "G4.4", "请写明不登记的原因"), "未办结")
    arrival.state, arrival.remark = Inbox.CLOSED, reason.strip()
    arrival.handled_by, arrival.handled_at = person, clock.now()
    arrival.save()
    return arrival


AMENDED = ("sender", "deadline", "return_on", "remark")
DAYS = ("deadline", "return_on")


@deed("circulation:amend", subject="arrival")
def amend(person: Person, arrival: Incoming, name: str, value: str, reason: str) -> Amendment:
    """更正 of a line of F01: the wrong entry stays readable, the correction refers to it (G4.4)."""
    _insist_counter(person)
    codes.verify("incoming", [arrival.pk])
    arrival.refresh_from_db()
    if arrival.state != Inbox.REGISTERED:
        raise NotThere
    insist(dispatching.may_mail(queries.covers(person, "mail", arrival.document)), "未更正")
    before = queries.told(arrival, name)
    if name not in AMENDED or not reason.strip() or value.strip() == before:
        raise Refused(Decision.refuse("correction_form", "G4.4", "请指明更正哪一项,写出新的内容和原因"), "未更正")
    if name in DAYS and value.strip():
        date.fromisoformat(value.strip())
    deeds.note(obj=arrival.document.item_key, register=arrival.number)
    return Amendment.objects.create(
        incoming=arrival, field=name, by=person, at=clock.now(), before=before, after=value.strip(), reason=reason.strip()
    )


@deed("circulation:list_receipts", reads=True)
def list_receipts(person: Person, after: int) -> tuple[list[Incoming], queries.Page]:
    """The inbox, for the counter, and the lines of the book that this person may know."""
    waiting = queries.sound(queries.waiting()) if queries.at_counter(person) else []
    found = queries.registered(person, after)
    deeds.note(counts={"shown": len(waiting) + len(found.rows)})
    return waiting, found


@deed("circulation:open_receipt", reads=True)
def open_receipt(person: Person, uid: str) -> Incoming:
    """Look at one arrival."""
    row = queries.find(person, uid)
    deeds.note(obj=row.document.item_key if row.document else row.item_key)
    return row
