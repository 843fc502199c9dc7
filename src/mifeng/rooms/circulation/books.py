"""The customary books of the room: what they show, line by line, as far as somebody may know the items."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from mifeng.base import ladders, language
from mifeng.base.registers import Column, Corrected, Entry, Lines, Register, day, minute
from mifeng.rooms.approvals.models import StepTaken
from mifeng.rooms.circulation import courses, queries
from mifeng.rooms.circulation.facts import (
    DRAFT_WORDS,
    ENVELOPE_WORDS,
    LOAN_WORDS,
    ORIGIN_WORDS,
    SENT_WORDS,
    SLIP_WORDS,
    URGENCY_WORDS,
    VIA_WORDS,
    WHERE_WORDS,
    Drafts,
    Inbox,
    LoanState,
    SlipState,
    Urgency,
)
from mifeng.rooms.circulation.models import Dispatch, Incoming, Loan, Parcel, Slip, SlipLine
from mifeng.rooms.copies.facts import State as CopyState
from mifeng.rooms.copies.models import Copy
from mifeng.rooms.documents import queries as documents
from mifeng.rooms.people.facts import KEEPERS
from mifeng.rooms.people.models import Person

READERS = frozenset({"gm", "deputy_gm", "gmo_head", "clerk", "auditor"})


def _receipts(person: Person) -> Lines:
    # Said by what it is not: no index of states, the lines are walked in their order.
    rows = queries.arrivals().exclude(state__in=[state for state in Inbox if state != Inbox.REGISTERED]).order_by()
    return Lines(documents.lines(person, rows), at="handled_at", number="number", sound=sound_receipts)


def sound_receipts(rows: list[Incoming]) -> list[Incoming]:
    """The lines with what followed them, verified. Raises Tampered."""
    found = queries.sound(rows)
    told = courses.of(found)
    for row in found:
        row.told = told[row.pk]
    return found


def _amended(name: str) -> Callable[[Incoming], str | Corrected]:
    """A field as it stands, with what stood there before its corrections."""

    def value(row: Incoming) -> str | Corrected:
        stood = queries.amended(row).get(name)
        return Corrected(stood[0], stood[-1]) if stood else queries.told(row, name)

    return value


def _deadline(row: Incoming) -> str | Corrected:
    """办结期限: what was entered, unless a 批示 set another day."""
    stood, set_to = _amended("deadline")(row), row.told.due_on
    if set_to is None or str(stood) == set_to.isoformat():
        return stood
    return Corrected(str(stood), set_to.isoformat()) if str(stood) else set_to.isoformat()


def _beside(name: str) -> Callable[[Incoming], str]:
    def value(row: Incoming) -> str:
        beside = getattr(row, "particulars", None)
        return str(getattr(beside, name)) if beside else ""

    return value


def _urgency(row: Incoming) -> str:
    word = _beside("urgency")(row)
    return _(URGENCY_WORDS[Urgency(word)]) if word else ""


def _followed(say: Callable[[courses.Told], str]) -> Callable[[Incoming], str]:
    return lambda row: say(row.told)


RECEIPTS = Register(
    "F01", lazy("收文登记簿"),
    (
        Column(lazy("收文号"), lambda row: row.number, width=13, number=True, key="seq"),
        Column(lazy("收到时间"), lambda row: minute(row.at), width=14, number=True, key="received_at", under=True),
        Column(lazy("来件方式"), lambda row: _(VIA_WORDS[row.route]), width=8, key="via"),
        Column(lazy("来文单位"), _amended("sender"), width=16, key="sender"),
        Column(lazy("原发文字号"), lambda row: row.document.number, width=16, number=True, key="doc_ref"),
        Column(lazy("标题"), lambda row: row.document.title, width=24, key="title"),
        Column(lazy("密级"), lambda row: language.level(row.marked), width=7, number=True, key="level"),
        Column(lazy("保密期限"), lambda row: language.term(row.document.term()), width=9, key="term", under=True),
        Column(lazy("来源性质"), lambda row: _(ORIGIN_WORDS[row.source]), width=8, key="origin"),
        Column(lazy("份号"), lambda row: row.copy_numbers, width=9, key="copy_numbers"),
        Column(lazy("份数"), lambda row: str(row.document.copies), width=5, number=True, key="copies"),
        Column(lazy("页数"), lambda row: str(row.document.pages), width=5, number=True, key="pages", under=True),
        Column(lazy("附件"), _beside("attachments"), width=5, number=True, key="attachments"),
        Column(lazy("紧急程度"), _urgency, width=5, number=True, key="urgency", under=True),
        Column(lazy("封装"), lambda row: _(ENVELOPE_WORDS[row.cover]), width=7, key="seal_ok"),
        Column(lazy("签收人"), lambda row: row.by.name, width=8, key="receiver", under=True),
        Column(lazy("拟办意见"), _followed(courses.proposals), width=17, key="proposed_handling"),
        Column(lazy("领导批示"), _followed(courses.instructions), width=17, key="instruction"),
        Column(lazy("承办部门/人"), _followed(courses.handled_by), width=9, key="handled_by"),
        Column(lazy("办结期限"), _deadline, width=11, number=True, key="deadline"),
        Column(lazy("清退期限"), _amended("return_on"), width=11, number=True, key="return_due", under=True),
        Column(lazy("去向"), _followed(courses.fates), width=8, key="disposition"),
        Column(lazy("存放位置"), _followed(courses.places), width=8, key="place", under=True),
        Column(lazy("备注"), _amended("remark"), width=9, key="remark"),
    ),
    _receipts, posts=READERS, keepers=KEEPERS, series="收密", level=lambda row: row.document.level,
    purpose=lazy("本簿记每一件收进的密件：何时从何处来，标何密级，共几份，交谁承办。"),
    first=Entry(lazy("登记收文"), "/circulation/receipts/new/", "inbox"),
)  # fmt: skip

def _slips(person: Person) -> Lines:
    return Lines(documents.lines(person, queries.slips().order_by()), at="asked_at", sound=queries.sound_slips)


def _loans(person: Person) -> Lines:
    return Lines(documents.lines(person, queries.loans().order_by()), at="asked_at", number="number", sound=_sound_loans)


def _last_day(at: datetime | None) -> str:
    return day(at - ladders.INSTANT) if at else ""


def _each(value: Callable[[SlipLine], str]) -> Callable[[Slip], str]:
    """A cell with one entry a reader, in the order of the slip."""
    return lambda slip: "\n".join(text for line in queries.lines(slip) if (text := value(line)))


def _opinion(line: SlipLine) -> str:
    return f"{line.reader.name}：{line.opinion}" if line.opinion else ""


def _skipped(line: SlipLine) -> str:
    return f"{line.reader.name}：{line.skipped}" if line.skipped else ""


def _timed(name: str) -> Callable[[SlipLine], str]:
    return lambda line: f"{line.reader.name} {minute(getattr(line, name))}" if getattr(line, name) else ""


SLIPS = Register(
    "F03", lazy("传阅登记簿"),
    (
        Column(lazy("传阅单号"), queries.number_of, width=18, number=True),
        Column(lazy("文件"), lambda slip: slip.document.title, width=26, key="item"),
        Column(lazy("份号"), lambda slip: slip.copy.number if slip.copy else _("电子"), width=8, number=True, key="copy"),
        Column(lazy("密级"), lambda slip: language.level(slip.document.level), width=7, number=True, key="level"),
        Column(lazy("传阅范围（批定）"), _each(lambda line: line.reader.name), width=18, key="approved_list"),
        Column(lazy("送阅时间"), _each(_timed("out_at")), width=20, key="out_at"),
        Column(lazy("阅件时间"), _each(_timed("read_at")), width=20, key="reader"),
        Column(lazy("意见"), _each(_opinion), width=20, key="opinion"),
        Column(lazy("退回时间"), _each(_timed("in_at")), width=20, key="in_at"),
        Column(lazy("机要员"), lambda slip: slip.clerk.name if slip.clerk else "", width=8, key="clerk"),
        Column(lazy("跳过原因"), _each(_skipped), width=14, key="skipped"),
        Column(lazy("状态"), lambda slip: _(SLIP_WORDS[SlipState(slip.state)]), width=8, number=True),
    ),
    _slips, posts=READERS, keepers=KEEPERS, level=lambda slip: slip.document.level,
    purpose=lazy("本簿记每一件密件送谁阅、何时退回、谁签了什么意见。"), first=Entry(lazy("传阅"), "/circulation/slips/", "send"),
)  # fmt: skip


def _sound_loans(rows: list[Loan]) -> list[Loan]:
    """The rows, verified, each with whoever signed last for it: one statement for all of them. Raises Tampered."""
    shown = queries.sound_loans(rows)
    decided = [loan.approval_uid for loan in shown if loan.state != LoanState.ASKED]
    taken = StepTaken.objects.filter(approval__uid__in=decided, decision="approved").exclude(person=None)
    signed = {row.approval.uid: row.person.called for row in taken.select_related("person", "approval").order_by("pk")}
    for loan in shown:
        loan.approver = signed.get(loan.approval_uid, "")
    return shown


def _approver(loan: Loan) -> str:
    if hasattr(loan, "approver"):
        return str(loan.approver)
    if loan.state == LoanState.ASKED:  # who signed a step of it has not approved it
        return ""
    taken = StepTaken.objects.filter(approval__uid=loan.approval_uid, decision="approved").exclude(person=None)
    last = taken.select_related("person").order_by("-pk").first()
    return last.person.called if last else ""


def _intact(loan: Loan) -> str:
    return "" if loan.back_at is None else _("完好") if loan.intact else loan.note


LOANS = Register(
    "F04", lazy("借阅登记簿"),
    (
        Column(lazy("登记号"), lambda loan: loan.number, width=15, number=True),
        Column(lazy("借阅人"), lambda loan: loan.borrower.name, width=8, key="borrower"),
        Column(lazy("部门"), lambda loan: loan.borrower.department.name, width=10, key="dept"),
        Column(lazy("文件"), lambda loan: loan.document.title, width=24, key="item"),
        Column(lazy("份号"), lambda loan: loan.copy.number if loan.copy else "", width=8, number=True, key="copy"),
        Column(lazy("密级"), lambda loan: language.level(loan.document.level), width=7, number=True, key="level"),
        Column(lazy("用途"), lambda loan: loan.purpose, width=14, key="purpose"),
        Column(lazy("阅读地点"), lambda loan: _(WHERE_WORDS[loan.where]), width=9, key="where"),
        Column(lazy("借出时间"), lambda loan: minute(loan.lent_at), width=14, number=True, key="from"),
        Column(lazy("应还日期"), lambda loan: _last_day(loan.due_at), width=11, number=True, key="due"),
        Column(lazy("批准人"), _approver, width=12, key="approver"),
        Column(lazy("经手人"), lambda loan: loan.lender.name if loan.lender else "", width=8, key="lender"),
        Column(lazy("借出页数"), lambda loan: str(loan.pages_out or ""), width=6, number=True, key="pages_out"),
        Column(lazy("归还时间"), lambda loan: minute(loan.back_at), width=14, number=True, key="returned_at"),
        Column(lazy("归还页数"), lambda loan: "" if loan.pages_in is None else str(loan.pages_in), width=6, number=True, key="pages_in"),
        Column(lazy("归还情况"), _intact, width=10, key="intact"),
        Column(lazy("续借"), lambda loan: str(loan.renewals or ""), width=5, number=True, key="renewals"),
        Column(pgettext_lazy("借阅", "收件人"), lambda loan: loan.receiver.name if loan.receiver else "", width=8, key="receiver"),
        Column(lazy("状态"), lambda loan: _(LOAN_WORDS[LoanState(loan.state)]), width=8, number=True),
    ),
    _loans, posts=READERS, keepers=KEEPERS, series="借密", level=lambda loan: loan.document.level,
    purpose=lazy("本簿记每一件借出的密件：谁借、何时借、何时应还、何时还、页数是否相符。"),
    first=Entry(lazy("借阅"), "/circulation/loans/", "book-2"),
)  # fmt: skip

def _dispatches(person: Person) -> Lines:
    return Lines(documents.lines(person, queries.dispatches().order_by()), at="at", number="number", sound=sound_dispatches)


def _every(value: Callable[[Parcel], str]) -> Callable[[Dispatch], str]:
    """A cell with one entry a copy, in the order of their numbers."""
    return lambda row: "\n".join(text for parcel in queries.parcels(row) if (text := value(parcel)))


def _received(parcel: Parcel) -> str:
    at = queries.receipt_of(parcel)
    return f"{parcel.recipient.name} {minute(at)}" if at else ""


def _sealed(parcel: Parcel) -> str:
    return f"{parcel.envelope}/{parcel.seal_told or '—'}" if parcel.seal else ""


def _carriers(row: Dispatch) -> str:
    return "、".join(one.name for one in (row.carrier, row.second) if one)


def sound_dispatches(rows: list[Dispatch]) -> list[Dispatch]:
    """The lines with their copies, those that were numbered of each item, and what became of the drafts, verified. Raises Tampered."""
    found = queries.sound_dispatches(rows)
    numbered: dict[int, list[Copy]] = {}
    made = Copy.objects.filter(document__in={row.document_id for row in found}, rep=0).exclude(state=CopyState.VOID)
    for copy in made.order_by("n"):
        numbered.setdefault(copy.document_id, []).append(copy)
    for row in found:
        row.numbered = numbered.get(row.document_id, [])
    return found


def spans(numbers: Sequence[int]) -> str:
    """份号起止: 000001—000012, each unbroken run by its ends."""
    found: list[list[int]] = []
    for n in sorted(numbers):
        if found and n == found[-1][1] + 1:
            found[-1][1] = n
        else:
            found.append([n, n])
    return "、".join(f"{first:06d}" if first == last else f"{first:06d}—{last:06d}" for first, last in found)


def stays(row: Dispatch) -> list[int]:
    """Copies of the item that went out with no dispatch: they stay in the safe."""
    gone = set(Parcel.objects.filter(dispatch__document=row.document_id, ended_at=None).values_list("copy", flat=True))
    return [copy.n for copy in row.numbered if copy.pk not in gone]


def _recipients(row: Dispatch) -> str:
    sent = "；".join(f"{parcel.copy.number} {parcel.recipient.name}" for parcel in queries.parcels(row))
    kept = spans(stays(row))
    return f"{sent}；{_('留存')} {kept}" if kept else sent


def drafts(row: Dispatch) -> str:
    """底稿处理, with the sheets and where."""
    told = getattr(row, "drafts", None)
    return f"{_(DRAFT_WORDS[Drafts(told.how)])} {told.sheets} {told.note}" if told else ""


DISPATCHES = Register(
    "F02", lazy("发文登记簿"),
    (
        Column(lazy("登记号"), lambda row: row.number, width=13, number=True, key="seq"),
        Column(lazy("发文字号"), lambda row: row.document.number, width=16, number=True, key="doc_ref"),
        Column(lazy("标题"), lambda row: row.document.title, width=26, key="title"),
        Column(lazy("密级"), lambda row: language.level(row.document.level), width=7, number=True, key="level"),
        Column(lazy("保密期限"), lambda row: language.term(row.document.term()), width=9, key="term", under=True),
        Column(lazy("拟稿人"), lambda row: row.document.drafter.name, width=8, key="drafter"),
        Column(lazy("签发人"), lambda row: row.document.decider.called if row.document.decider else "", width=10, key="signatory",
               under=True),
        Column(lazy("印制份数"), lambda row: str(len(row.numbered)), width=6, number=True, key="printed"),
        Column(lazy("份号起止"), lambda row: spans([copy.n for copy in row.numbered]), width=12, key="copy_from_to"),
        Column(lazy("分发对象与份号"), _recipients, width=20, key="recipients"),
        Column(lazy("传递方式"), lambda row: _(SENT_WORDS[row.way]), width=6, key="via"),
        Column(lazy("封装号/封签号"), _every(_sealed), width=13, key="envelope_no"),
        Column(lazy("传递人"), _carriers, width=9, key="carrier"),
        Column(lazy("发出时间"), lambda row: minute(row.at), width=14, number=True, key="sent_at"),
        Column(lazy("回执签收"), _every(_received), width=18, key="receipt"),
        Column(lazy("底稿处理"), drafts, width=10, key="drafts"),
        Column(lazy("备注"), lambda row: row.remark, width=8, key="remark"),
    ),
    _dispatches, posts=READERS, keepers=KEEPERS, series="发密", level=lambda row: row.document.level,
    purpose=lazy("本簿记每一次发文：哪一份发给谁，谁传递，封签号，何时签收，底稿如何处理。"),
    first=Entry(lazy("发文"), "/circulation/dispatches/", "mail"),
)  # fmt: skip

REGISTERS = (RECEIPTS, DISPATCHES, SLIPS, LOANS)
