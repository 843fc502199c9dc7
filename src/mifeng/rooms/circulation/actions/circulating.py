"""Deeds of circulation (F03): the list is asked for, approved, and the paper goes out and comes back reader by reader."""

from collections.abc import Sequence

from django.utils.translation import gettext_noop

from mifeng.base import clock, codes, deeds, duties
from mifeng.base.deeds import deed
from mifeng.base.refusals import NotThere, Refused, insist
from mifeng.engines.access import Decision
from mifeng.rooms.approvals import grants, requests
from mifeng.rooms.approvals.facts import Wanted
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.circulation import queries
from mifeng.rooms.circulation.actions import _slips
from mifeng.rooms.circulation.facts import Sending, SlipState
from mifeng.rooms.circulation.models import Slip, SlipLine
from mifeng.rooms.circulation.rules import circulating
from mifeng.rooms.copies import queries as copies
from mifeng.rooms.copies.actions import _ledger
from mifeng.rooms.copies.actions._ledger import Line
from mifeng.rooms.copies.facts import Event
from mifeng.rooms.copies.models import Copy
from mifeng.rooms.documents.models import Document
from mifeng.rooms.people.models import Person

NOT_SENT = gettext_noop("未送阅")


@deed("circulation:ask_circulation", subject="document")
def ask_circulation(person: Person, document: Document, readers: Sequence[Person], purpose: str, electronic: bool = False) -> Slip:
    """Ask that an item goes round to these readers, in this order; its list is approved by whoever the matrix names (C1)."""
    insist(copies.knows(person, document, "read", "register_facts"), "未送审")
    insist(_may_circulate(document, electronic), "未送审")
    keys = [reader.pk for reader in readers]
    insist(circulating.list_within_scope(keys, queries.may_know(readers, document)), "未送审")
    if not purpose.strip():
        raise Refused(Decision.refuse("purpose_required", "C1", "请写明传阅的事由"), "未送审")
    if electronic and not document.files.filter(state="ready").exists():
        raise Refused(Decision.refuse("no_pages", "C1", "此件没有可阅览的页面,请送纸质件传阅"), "未送审")
    n = Slip.objects.filter(document=document).count() + 1
    slip = Slip.objects.create(document=document, n=n, electronic=electronic, asked_by=person, asked_at=clock.now())
    for no, reader in enumerate(readers, start=1):
        SlipLine.objects.create(slip=slip, no=no, reader=reader)
    wanted = Wanted(recipient="、".join(reader.name for reader in readers), people=tuple(keys))
    approval = requests.ask(
        matter="circulation:circulate", item_key=document.item_key, level=document.level, applicant=person,
        department=document.department, purpose=purpose.strip(), payload={"slip": slip.uid}, number=slip.mark,
        concerned=[row.person for row in document.concerned.all()], wanted=wanted,
    )  # fmt: skip
    slip.approval_uid = approval.uid
    slip.save()
    deeds.note(obj=document.item_key)
    return slip


def _may_circulate(document: Document, electronic: bool) -> Decision:
    return circulating.may_circulate(queries.registered_paper(document), queries.numbered_copies(document), electronic)


def _sound(slip: Slip) -> Slip:
    codes.verify("slip", [slip.pk])
    slip.refresh_from_db()
    return slip


@deed("circulation:send", subject="slip")
def send(person: Person, slip: Slip, line_uid: str, copy: Copy | None = None) -> SlipLine:
    """送阅: the clerk sends it to one reader of the list. The first sending uses the approval and fixes the copy."""
    slip = _sound(slip)
    deeds.note(obj=slip.document.item_key)
    line = slip.lines.select_related("reader__department").filter(uid=line_uid).first()
    if line is None:
        raise NotThere
    line.slip = slip
    copy = _copy(slip, copy)
    insist(_may_circulate(slip.document, slip.electronic), NOT_SENT)
    insist(circulating.may_send(_step(person, slip, copy, line)), NOT_SENT)
    if slip.state == SlipState.APPROVED:
        _begin(person, slip, copy)
    elif slip.state != SlipState.OPEN:
        raise Refused(Decision.refuse("list_not_approved", "C1", "传阅名单未经批定,或已阅毕"), NOT_SENT)
    at = clock.now()
    line.out_at = at
    line.due_at = clock.end_of(circulating.last_day(slip.document.level, clock.today()))
    line.save()
    if copy is None:
        duties.remind(line.reader_id, "to_read", slip.document.item_key, once=line.uid)
        return line
    told = Line(holder=line.reader, due_at=line.due_at, signer=line.reader, register_no=slip.mark, ref=line.item_key,
                approval_uid=slip.approval_uid)  # fmt: skip
    _ledger.move(copy, Event.CIRCULATE, person, told, not_done=NOT_SENT)
    return line


def _copy(slip: Slip, asked: Copy | None) -> Copy | None:
    """The copy that goes round: fixed by the first sending; none for what is read on the screen."""
    if slip.electronic:
        return None
    copy = slip.copy or asked
    if copy is None or copy.document_id != slip.document_id or (slip.copy_id and asked and asked.pk != slip.copy_id):
        raise Refused(Decision.refuse("which_copy", "C1", "请指明传阅哪一份"), NOT_SENT)
    codes.verify("copy", [copy.pk])
    copy.refresh_from_db()
    return copy


def _step(person: Person, slip: Slip, copy: Copy | None, line: SlipLine) -> Sending:
    keeper = copy.custodian_id if copy else slip.clerk_id or (person.pk if queries.covers(person, "transit", slip.document) else 0)
    away = copy is not None and any(row.away for row in slip.lines.all())
    return Sending(
        person.pk, keeper, listed=line.waits, in_scope=bool(queries.may_know([line.reader], slip.document)), at_counter=not away
    )


def _begin(person: Person, slip: Slip, copy: Copy | None) -> None:
    approval = Approval.objects.get(uid=slip.approval_uid)
    grant = approval.grants.get()
    grants.spend(person, grant, act="circulate", item_key=slip.document.item_key, not_done=NOT_SENT)
    slip.state, slip.clerk, slip.copy, slip.opened_at = SlipState.OPEN, person, copy, clock.now()
    slip.save()
    grants.register(approval, slip.mark)


@deed("circulation:skip_reader", subject="slip")
def skip_reader(person: Person, slip: Slip, line_uid: str, reason: str) -> SlipLine:
    """跳过: a reader who is away, or out of scope, is passed over with a note; what is in his hands comes back first."""
    slip = _sound(slip)
    line = slip.lines.filter(uid=line_uid).first()
    if line is None or slip.state not in (SlipState.APPROVED, SlipState.OPEN):
        raise NotThere
    line.slip = slip
    if not queries.is_clerk_of(person, slip):
        raise Refused(Decision.refuse("star_only", "C1", "传阅由送阅的机要员办理"), "未跳过")
    if not reason.strip():
        raise Refused(Decision.refuse("reason_required", "C1", "跳过阅件人须写明原因"), "未跳过")
    if line.in_at or line.skipped_at or (line.out_at and slip.copy_id):
        raise Refused(Decision.refuse("not_skipped", "C1", "此人已阅退,或文件还在其手上,请先收回"), "未跳过")
    line.skipped_at, line.skipped = clock.now(), reason.strip()
    line.save()
    _slips.finish(slip)
    return line


@deed("circulation:take_in", subject="slip")
def take_in(person: Person, slip: Slip, line_uid: str, pages: int) -> SlipLine:
    """退回: the clerk takes the copy back from a reader and counts its pages; the line of the slip follows."""
    slip = _sound(slip)
    line = slip.lines.select_related("slip__document").filter(uid=line_uid).first()
    if line is None or slip.copy is None or line.out_at is None:
        raise NotThere
    insist(circulating.is_with_reader(line.in_at is not None), "未收回")
    insist(copies.may_act(person, slip.copy), "未收回")
    if pages != slip.copy.pages:
        raise Refused(Decision.refuse("pages_differ", "C5.2", "清点页数与登记不符,请查明;确有缺页的报下落不明"), "未收回")
    _ledger.move(slip.copy, Event.RETURN, person, Line(register_no=slip.mark, ref=line.item_key), not_done="未收回")
    line.refresh_from_db()
    return line


@deed("circulation:note_opinion")
def note_opinion(person: Person, line_uid: str, words: str, instruction: bool = False, read: bool = True) -> SlipLine:
    """阅件意见 or 批示 of a reader, on his own screen; `read`: he has read it and gives it back to the clerk."""
    line = SlipLine.objects.select_related("slip__document", "slip__copy").filter(uid=line_uid, reader=person).first()
    if line is None or line.out_at is None or line.skipped_at:
        raise NotThere
    _sound(line.slip)
    deeds.note(obj=line.slip.document.item_key)
    insist(copies.knows(person, line.slip.document, "read"), "未签署")
    insist(circulating.may_sign(bool(line.opinion), line.in_at is not None, words.strip() in ("", line.opinion)), "未签署")
    if line.slip.state != SlipState.OPEN:
        raise Refused(Decision.refuse("slip_is_done", "C1", "此件已阅毕,意见请另行签报"), "未签署")
    if words.strip():
        line.opinion, line.instruction = words.strip(), instruction
    if read and line.slip.copy_id and line.read_at is None:
        line.read_at = clock.now()
    line.save()
    return line


@deed("circulation:list_slips", reads=True)
def list_slips(person: Person, states: Sequence[SlipState], after: int = 0) -> tuple[list[SlipLine], list[Slip], int]:
    """What is with this person, a page of the slips in these states that he may know, the key after which the next starts."""
    (_count, mine), (found, more) = queries.with_reader(person), queries.slips_known(person, states, after)
    deeds.note(counts={"shown": len(mine) + len(found)})
    return mine, found, more


@deed("circulation:open_slip", reads=True)
def open_slip(person: Person, uid: str) -> Slip:
    """Look at one slip."""
    slip = queries.find_slip(person, uid)
    deeds.note(obj=slip.document.item_key)
    return slip
