"""审批单 on paper, of what was carried out under an approval: copying (F05), excerpts (F06), carrying out (F07).

They say what the line of the register says; the signs are those of the request, the person's own and the counter's.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from mifeng.base import clock, codes, deeds, language, weighing
from mifeng.base.refusals import NotThere
from mifeng.base.registers import Filled, Form, Listed, Signed, day, minute
from mifeng.engines.access import Level
from mifeng.rooms.approvals import signed
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.copies import act_books, queries
from mifeng.rooms.copies.facts import State
from mifeng.rooms.copies.models import CarryOut, Excerpt, Reproduced, Reproduction
from mifeng.rooms.documents import marking
from mifeng.rooms.documents.models import Document
from mifeng.rooms.people.models import Person, Session

ENDS = ((State.DESTROYED, "销毁"), (State.ARCHIVED, "归档"))
NOT_ASKED = frozenset({"own", "taken_over"})  # whose own papers need nobody else's consent


def _found(person: Person, table: QuerySet[Any], uid: str, kind: str) -> Any:
    """The line of this uid for whoever may know its item or its register facts. Raises NotThere, Tampered.

    What is not there is refused with the work of refusing a hidden one (P0.3).
    """
    row: Any = weighing.row_or_another(table, uid)
    if row is None:
        raise NotThere
    codes.verify(kind, [row.pk])
    known = queries.knows(person, row.document, "read", "register_facts", in_place=row.uid != uid).allow
    if row.uid != uid or not known:
        raise NotThere
    deeds.note(obj=row.document.item_key)
    return row


def by_hand(person: Person | None, at: datetime | None) -> tuple[Signed, ...]:
    """A sign that somebody gave at the counter or on his own screen."""
    return (Signed(person.name, post=person.title.split("(")[0], at=at),) if person and at else ()


def requested(uid: str) -> Approval | None:
    """The request under which something was done."""
    return Approval.objects.filter(uid=uid).select_related("applicant").first()


def opinions(person: Person, document: Document, request: Approval | None) -> dict[str, tuple[Signed, ...]]:
    """Signs of a request: its applicant's, those of the steps before the last, the last one, which approves.

    What was written beside them speaks of what the item says: it is for those who may know that.
    """
    if request is None:
        return {}
    before, deciding = signed.opinions(request)
    if not queries.knows(person, document, "read").allow:
        before, deciding = (tuple(replace(sign, words="") for sign in signs) for signs in (before, deciding))
    return {"申请人": (signed.asked(request),), "dept_opinion": before, "approver": deciding}


def title_of(document: Document) -> str:
    """Title and number of an item, as a form has them."""
    return "\n".join(part for part in (document.title, document.number) if part)


def _valid_until(request: Approval | None) -> str:
    """The last local day on which the approval served."""
    grant = request.grants.order_by("-pk").first() if request else None
    return day(grant.until - timedelta(microseconds=1)) if grant else ""


# Copying ---------------------------------------------------------------------------------------------------------------


def copying(person: Person, session: Session | None, uid: str) -> Filled:
    """复制（印制）审批单 of one line of F05. Raises NotThere, Tampered."""
    table = Reproduction.objects.select_related("applicant__department", "approver", "operator", "document__department")
    row: Reproduction = act_books.sound_copying([_found(person, table, uid, "reproduction")])[0]
    request, document = requested(row.approval_uid), row.document
    values = act_books.COPYING.values(row) | {
        "item": title_of(document), "term": language.term(document.term()), "valid_until": _valid_until(request),
        "origin_consent": _consent(row, request),
    }  # fmt: skip
    lines = tuple((one.copy.number, _recipient(one, row), *_handed(one, row.until)) for one in row.copies_made)
    return Filled(
        number=row.number, values=values,
        signs=opinions(person, document, request) | {"operator": by_hand(row.operator, row.made_at)} | _taken(row),
        lists={"recipients": Listed((_("复制件编号"), _("领取人"), _("领取签收"), _("收回期限")), (16, 18, 18, 14), lines)},
        state=_copying_state(row), mark=marking.mark_text(document), department=row.applicant.department.name, level=document.level,
        basis=_basis("M2.1", "C2.2"),
    )  # fmt: skip


def _consent(row: Reproduction, request: Approval | None) -> str:
    if row.document.origin in NOT_ASKED or row.document.level < Level.TOP_SECRET:
        return _("不需要")
    return str(request.payload_data.get("consent", "")) if request else ""


def _recipient(one: Reproduced, row: Reproduction) -> str:
    if one.copy.state == State.VOID:
        return _("作废")
    return one.recipient.name if one.recipient else _("%(name)s（留存）") % {"name": row.operator.name}


def _signed_at(one: Reproduced) -> datetime | None:
    if one.recipient is None:
        return None
    ledger = one.copy.ledger.filter(signer=one.recipient).exclude(signed_at=None)
    return ledger.values_list("signed_at", flat=True).order_by("no").first()


def _handed(one: Reproduced, until: date | None) -> tuple[str, str]:
    at = _signed_at(one)
    return minute(at, "—"), until.isoformat() if until and one.recipient else "—"


def _taken(row: Reproduction) -> dict[str, tuple[Signed, ...]]:
    """领取人: the last of those who signed for a copy; all of them stand in the list."""
    found = [(at, one.recipient) for one in row.copies_made if one.recipient and (at := _signed_at(one))]
    at, last = max(found, default=(None, None), key=lambda pair: pair[0])
    return {"领取人": by_hand(last, at)}


def _copying_state(row: Reproduction) -> str:
    if row.finished_at is None:
        return "执行"
    states = {State(one.copy.state) for one in row.copies_made} - {State.VOID}
    return next((word for state, word in ENDS if states == {state}), "登记发放")


# Excerpts --------------------------------------------------------------------------------------------------------------


def excerpt(person: Person, session: Session | None, uid: str) -> Filled:
    """摘录审批单 of one line of F06. Raises NotThere, Tampered."""
    table = Excerpt.objects.select_related("applicant__department", "approver", "executor", "made", "document__department")
    row: Excerpt = act_books.sound_excerpts([_found(person, table, uid, "excerpt")])[0]
    request = requested(row.approval_uid)
    return Filled(
        number=row.number, values=act_books.EXCERPTS.values(row) | {"item": title_of(row.document), "excerpt_hash": row.fingerprint},
        signs=opinions(person, row.document, request) | {"executor": by_hand(row.executor, row.made_at)}, state="随目标文件管理",
        mark=marking.mark_text(row.document), department=row.applicant.department.name, level=row.document.level,
        basis=_basis("M2.1", "D4"),
    )  # fmt: skip


# Carrying out ----------------------------------------------------------------------------------------------------------


def trip(person: Person, session: Session | None, uid: str) -> Filled:
    """携带密件外出审批单 of one line of F07. Raises NotThere, Tampered."""
    table = CarryOut.objects.select_related("bearer__department", "companion", "approver", "out_by", "back_by", "document__department")
    row: CarryOut = act_books.sound_trips([_found(person, table, uid, "carry_out")])[0]
    request = requested(row.approval_uid)
    values = act_books.CARRYING.values(row) | {"designated": _designated(row)}
    lines = tuple(
        (row.document.title, one.copy.number, str(one.pages_out), "" if one.pages_back is None else str(one.pages_back))
        for one in row.copies_out
    )  # fmt: skip
    signs = {
        "check_out": by_hand(row.out_by, row.out_at), "check_in": by_hand(row.back_by, row.back_at),
        "携带人": by_hand(row.bearer, row.out_at), "机要员(出/回)": by_hand(row.back_by or row.out_by, row.back_at or row.out_at),
    }  # fmt: skip
    return Filled(
        number=row.number, values=values, signs=opinions(person, row.document, request) | signs,
        lists={"items": Listed((_("文件"), _("份号"), _("出门页数"), _("返回页数")), (40, 12, 10, 10), lines)},
        state="在途" if row.back_at is None else "异常" if row.difference else "注销", mark=marking.mark_text(row.document),
        department=row.bearer.department.name, level=row.level, basis=_basis("G4.3", "D5", "C5.2"),
    )  # fmt: skip


def _designated(row: CarryOut) -> str:
    """指定人员依据: the 委托书 for 传递 under which each carried it, as it stood on that day."""
    on = clock.local(row.out_at).date()
    held = []
    for one in (row.bearer, row.companion):
        found = one.appointments.filter(since__lte=on, until__gte=on).order_by("-pk") if one else ()
        paper = next((each for each in found if "transit" in each.acts.split() and each.level_max >= row.level), None)
        if one and paper:
            held.append(_("%(name)s：委托书 %(number)s，至 %(day)s") % {
                "name": one.name, "number": paper.number or "—", "day": paper.until.isoformat()})  # fmt: skip
    return "\n".join(held)


def _basis(*clauses: str) -> str:
    return _("依据 %(clauses)s") % {"clauses": language.listed(clauses)}




FORMS = (Form("F05", copying), Form("F06", excerpt), Form("F07", trip))
