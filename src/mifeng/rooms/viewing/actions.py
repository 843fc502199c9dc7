"""Deeds of reading: open an item, open each page, acknowledge."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from mifeng.base import clock, codes, deeds, duties, record, room
from mifeng.base.codes import Tampered
from mifeng.base.deeds import deed
from mifeng.base.refusals import NextStep, NotThere, Refused, insist
from mifeng.clauses import parameter
from mifeng.engines import watermark
from mifeng.engines.access import Decision, Level
from mifeng.rooms.approvals import queries as approvals
from mifeng.rooms.documents import queries as documents
from mifeng.rooms.documents import work
from mifeng.rooms.documents.marking import mark_text
from mifeng.rooms.documents.models import Document, DocumentFile
from mifeng.rooms.people import queries as people
from mifeng.rooms.people.models import Person, Session
from mifeng.rooms.viewing import rules
from mifeng.rooms.viewing.facts import PURPOSES
from mifeng.rooms.viewing.models import MarkIssue, Reading, Receipt
from mifeng.rooms.viewing.pages import Issue

OPEN_PAGE = "viewing:open_page"
record.COUNTED.add(OPEN_PAGE)

NEXT_STEPS = {
    "I6.3": NextStep(_("更换口令"), "/account/password/"),
    "I6.2": NextStep(_("再次验证身份"), "/account/second-factor/"),
    "P0.1": NextStep(_("签署承诺书"), "/training/pledges/"),
    "G1": NextStep(_("阅读并确认制度"), "/training/pledges/"),
}


def _may_read(person: Person, document: Document, session: Session | None, page: int | None = None) -> Decision:
    """May he open this page, SOME_PAGE of it, or the item as a whole (None)?"""
    decision = documents.decided(documents.viewer(person, session), document, "read", page)
    return insist(rules.may_open_page(decision), "未打开。", NEXT_STEPS.get(decision.clause))


@deed("viewing:open_document", reads=True)
def open_document(person: Person, session: Session, uid: str) -> tuple[Reading, DocumentFile]:
    """Begin an occasion of reading: decided, a mark drawn for it; no page leaves yet."""
    document, other = documents.find_to_weigh(uid)
    if document is None:
        documents.refuse_absent(documents.viewer(person, session), other, "read")
    deeds.note(obj=document.item_key)
    decision = _may_read(person, document, session, approvals.SOME_PAGE)
    file = document.files.filter(state="ready").order_by("-version", "pk").first()
    if file is None:
        raise Refused(Decision.refuse("no_pages", "I9.3", _why_no_pages(document)), "未打开。")
    purpose = "judge" if decision.rule == "permit-judge" else "view"
    reading = Reading.objects.create(
        document=document, file=file, person=person, session=session, purpose=purpose, opened_at=clock.now()
    )
    _issue(reading, document)
    return reading, file


def _why_no_pages(document: Document) -> str:
    last = document.files.order_by("-version", "pk").first()
    if last is None:
        return gettext_noop("此件只登记了纸质载体,没有可阅览的页面")
    return last.note or gettext_noop("文件正在转换,请稍候再打开")


def _issue(reading: Reading, document: Document) -> MarkIssue:
    at = clock.now()
    local = clock.local(at)
    edge = 48 if document.level >= Level.TOP_SECRET else 32
    person = reading.person
    return MarkIssue.objects.create(
        reading=reading, mark=f"{watermark.new_mark_id():012x}", epoch=f"{local.year}Q{(local.month + 2) // 3}",
        reader=f"{person.uid}|{person.name}|{person.department.name}|{person.login}", edge=edge, at=at,
    )  # fmt: skip


@deed(OPEN_PAGE, reads=True)
def open_page(person: Person, session: Session, reading: Reading, page: int) -> Issue:
    """Open one page: its own decision; the entry is durable before the first byte leaves. Returns what to draw."""
    document = reading.document
    deeds.note(obj=document.item_key, counts={"page": page, "version": reading.file.version})
    if reading.person_id != person.pk or reading.session_id != session.pk:
        raise NotThere
    _may_read(person, document, session, page)
    _note_device(session)
    _is_of_item(reading)
    if reading.file.state != "ready":
        raise Refused(Decision.refuse("file_replaced", "G4.4", "此文件已更正,请重新打开"), "未打开。")
    _keep_pace(person)
    if not 1 <= page <= max(reading.file.pages, 1):
        raise NotThere
    reading.farthest, reading.last_page_at = max(reading.farthest, page), clock.now()
    reading.save()
    way = "approval" if reading.purpose == "judge" else "viewed"
    work.now_knows(document, person, way)
    return _to_draw(reading, document, page)


def _note_device(session: Session) -> None:
    """未登记设备: while the company registers its devices, a page on another one is shown and recorded as such (D5)."""
    if not session.device.registered:
        deeds.note(counts={"unregistered_device": 1})


def _is_of_item(reading: Reading) -> None:
    """The decision was on the item: the file about to be drawn is one of its own, the mark the one issued. Raises Tampered."""
    codes.verify("reading", [reading.pk])
    if reading.file.document_id != reading.document_id:
        raise Tampered("reading", reading.pk, reading._meta.db_table)


def _keep_pace(person: Person) -> None:
    on = clock.today()
    since = clock.now() - timedelta(minutes=int(parameter("I10.6", "minutes", on=on)))
    opened = sum(done.out == "allowed" for done in record.done_lately(person.uid, (OPEN_PAGE,), since))
    insist(rules.within_pace(opened, on), "未打开。")
    if opened + 1 == int(parameter("I10.6", "pages", on=on)):
        for officer in people.holders("secadmin"):
            duties.remind(officer.pk, "viewing_paused", person.item_key)


def _to_draw(reading: Reading, document: Document, page: int) -> Issue:
    row = reading.issues.get()
    person, mark = reading.person, int(row.mark, 16)
    minute = clock.local(clock.now()).strftime("%Y-%m-%d %H:%M")
    who = f"{person.name} {minute}"
    text = mark_text(document)
    top = ("电子阅览件", text) if page == 1 else (text,)
    footer = " · ".join([
        person.name, person.department.name, person.login, minute, PURPOSES[reading.purpose], watermark.short_id(mark),
        *(() if reading.file.scan == "clean" else ("未检",)),  # no antivirus has seen the file it was made from (I9.3)
    ])  # fmt: skip
    return Issue(mark, row.epoch, top, footer, who, person.name, row.edge)


@deed("viewing:acknowledge", subject="")
def acknowledge(person: Person, session: Session, reading: Reading) -> Receipt:
    """已阅: after the last page was opened in this occasion."""
    document = reading.document
    deeds.note(obj=document.item_key)
    if reading.person_id != person.pk:
        raise NotThere
    _may_read(person, document, session)
    if reading.farthest < reading.file.pages:
        raise Refused(Decision.refuse("not_read_through", "C1", "请翻阅到最后一页再签已阅"), "未签已阅")
    receipt, _made = Receipt.objects.get_or_create(
        document=document, person=person, version=reading.file.version, defaults={"at": clock.now()}
    )
    room.read_through(person, document)
    return receipt
