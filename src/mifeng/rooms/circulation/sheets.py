"""Forms of the room on paper: receipt sheet, dispatch sheet, circulation slip, loan form; they say what the line of the register says."""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from mifeng.base import deeds
from mifeng.base.refusals import NotThere
from mifeng.base.registers import Filled, Form, Listed, Signed, minute
from mifeng.rooms.approvals import signed
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.circulation import books, courses, queries
from mifeng.rooms.circulation.facts import STAGE_WORDS, Handled, LoanState, SlipState
from mifeng.rooms.circulation.models import Handling
from mifeng.rooms.documents import books as classified
from mifeng.rooms.documents import marking
from mifeng.rooms.documents.models import Document
from mifeng.rooms.people.models import Person, Session

# Our states -> those of the forms.
SLIP_STATES = {SlipState.APPROVED: "批定范围", SlipState.OPEN: "送阅", SlipState.DONE: "阅毕"}
LOAN_STATES = {LoanState.ASKED: "申请", LoanState.APPROVED: "批准", LoanState.LENT: "借出", LoanState.BACK: "归还"}


def _title(document: Document) -> str:
    return "\n".join(part for part in (document.title, document.number) if part)


def _requested(uid: str) -> Approval | None:
    """The request under which it was done."""
    return Approval.objects.filter(uid=uid).select_related("applicant").first() if uid else None


def _at_counter(person: Person | None, at: object) -> tuple[Signed, ...]:
    return (Signed(person.name, post=_post(person), at=at),) if person and at else ()  # type: ignore[arg-type]


def receipt(person: Person, session: Session | None, uid: str) -> Filled:
    """收文登记 of one paper. Raises NotThere, Tampered."""
    row = queries.find(person, uid)
    if row.document is None:
        raise NotThere
    deeds.note(obj=row.document.item_key)
    row, told = books.sound_receipts([row])[0], courses.one(row)
    concluded = told.steps(Handled.CONCLUDED)
    signs = {
        "receiver": _at_counter(row.by, row.at), "proposed_handling": _written(told.steps(Handled.PROPOSED)),
        "instruction": (*_written(told.steps(Handled.INSTRUCTED)), *_noted(told)), "承办人": _written(concluded[-1:]),
    }  # fmt: skip
    return Filled(
        number=row.number, values=books.RECEIPTS.values(row), signs=signs, boxes=("proposed_handling", "instruction"),
        state=STAGE_WORDS[told.stage], mark=marking.mark_text(row.document), department=row.addressee.department.name,
        level=row.document.level, title=_("收文处理单"),
    )  # fmt: skip


def _written(lines: Sequence[Handling]) -> tuple[Signed, ...]:
    """What was written on the own screen, signed."""
    return tuple(Signed(line.by.name, post=_post(line.by), at=line.at, words=line.words) for line in lines)


def _noted(told: courses.Told) -> tuple[Signed, ...]:
    """批示 that were noted on a slip."""
    return tuple(
        Signed(line.reader.name, post=_post(line.reader), at=line.read_at or line.out_at, words=line.opinion) for line in told.noted
    )


def _post(person: Person) -> str:
    return person.title.split("(")[0]


def slip(person: Person, session: Session | None, uid: str) -> Filled:
    """传阅单: its readers with the time at which each had read it, opinions beside. Raises NotThere, Tampered."""
    row = queries.find_slip(person, uid)
    deeds.note(obj=row.document.item_key)
    lines = queries.lines(row)
    order = "、".join(f"{line.no}.{line.reader.name}" for line in lines)
    readers = tuple(sign for line in lines for sign in _at_counter(line.reader, line.read_at))
    _before, deciding = signed.opinions(_requested(row.approval_uid))
    return Filled(
        number=queries.number_of(row), values=books.SLIPS.values(row) | {"item": _title(row.document), "order": order},
        signs={"reader": readers, "clerk": _at_counter(row.clerk, row.done_at), "批定领导": deciding},
        state=SLIP_STATES.get(SlipState(row.state), ""),
        mark=marking.mark_text(row.document), department=row.document.department.name, level=row.document.level,
        code=row.copy.code if row.copy else "",
    )  # fmt: skip


def dispatch(person: Person, session: Session | None, uid: str) -> Filled:
    """发文单 of one dispatch: who drafted, decided and signed it, which copy went to whom and was signed for.

    Raises NotThere, Tampered.
    """
    row = queries.find_dispatch(person, uid)
    deeds.note(obj=row.document.item_key)
    row = books.sound_dispatches([row])[0]
    drafter, steps = classified.issued_under(row.document)
    parcels, drafts = queries.parcels(row), getattr(row, "drafts", None)
    lines = [(parcel, queries.receipt_of(parcel)) for parcel in parcels]
    receipts = tuple(Signed(parcel.recipient.name, post=parcel.copy.number, at=at) for parcel, at in lines if at)
    done = len(receipts) == sum(parcel.ended_at is None for parcel in parcels)
    signs = {
        "signatory": tuple(replace(sign, stamp=_("签发"), words="") for sign in steps[-1:]), "receipt": receipts, "收件人": receipts[-1:],
        "拟稿人": (drafter,), "核稿人": tuple(replace(sign, words="") for sign in steps[:-1]),
        "定密责任人": tuple(replace(sign, words="") for sign in steps[-1:]),
    }  # fmt: skip
    rows = tuple(
        (parcel.copy.number, f"{parcel.recipient.department.name} {parcel.recipient.name}", parcel.envelope or "—", parcel.seal_told or "—",
         minute(at) or ("—" if parcel.ended_at is None else _("已退回")))
        for parcel, at in lines
    )  # fmt: skip
    return Filled(
        number=row.number, values=books.DISPATCHES.values(row), signs=signs, title=_("发文单"),
        lists={"recipients": Listed((_("份号"), _("发给"), _("封装号"), _("封签号"), _("签收时间")), (12, 26, 14, 14, 18), rows)},
        state="归档" if done and drafts else "签收回执" if done else "分发", mark=marking.mark_text(row.document),
        department=row.document.department.name, level=row.document.level,
    )  # fmt: skip


def loan(person: Person, session: Session | None, uid: str) -> Filled:
    """借阅审批: who asked, who approved, who handed out and took back. Raises NotThere, Tampered."""
    row = queries.find_loan(person, uid)
    deeds.note(obj=row.document.item_key)
    request = _requested(row.approval_uid)
    before, deciding = signed.opinions(request)
    signs = {
        "approver": deciding, "lender": _at_counter(row.lender, row.lent_at), "receiver": _at_counter(row.receiver, row.back_at),
        "借阅人": (signed.asked(request),) if request else (), "部门负责人": before[-1:],
        "机要员(出/还)": _at_counter(row.receiver, row.back_at) or _at_counter(row.lender, row.lent_at),
    }  # fmt: skip
    return Filled(
        number=row.number, values=books.LOANS.values(row) | {"item": _title(row.document)}, signs=signs,
        state=LOAN_STATES.get(LoanState(row.state), ""), mark=marking.mark_text(row.document),
        department=row.borrower.department.name, level=row.document.level, code=row.copy.code if row.copy else "",
    )  # fmt: skip


FORMS = (Form("F01", receipt), Form("F02", dispatch), Form("F03", slip), Form("F04", loan))
