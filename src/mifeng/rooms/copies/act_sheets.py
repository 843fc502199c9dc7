"""审批单 on paper, of what was carried out under an approval: copying (F05), excerpts (F06), carrying out (F07).

They say what the line of the register says; the signs are those of the request, the person's own and the counter's. Of what
is asked for and not done yet, asked_sheets fills them.
"""

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from mifeng.base import clock, codes, deeds, language, weighing
from mifeng.base.refusals import NotThere
from mifeng.base.registers import Filled, Form, Listed, Signed, minute
from mifeng.rooms.copies import act_books, asked_sheets, queries
from mifeng.rooms.copies.asked_sheets import Asked
from mifeng.rooms.copies.facts import State
from mifeng.rooms.copies.models import CarryOut, Excerpt, Reproduced, Reproduction
from mifeng.rooms.copies.sheet_parts import basis, by_hand, consent, designated, named, opinions, requested, valid_until
from mifeng.rooms.documents import marking
from mifeng.rooms.documents.models import Document
from mifeng.rooms.people.models import Person, Session

ENDS = ((State.DESTROYED, "销毁"), (State.ARCHIVED, "归档"))


def _row(person: Person, table: QuerySet[Any], uid: str, kind: str, asked: Asked | None) -> Any:
    """What was done under the request (None: nothing yet), else the line of this uid. Raises NotThere, Tampered."""
    if asked is None:
        return _found(person, table, uid, kind)
    row = table.filter(approval_uid=asked.request.uid).first()
    if row is not None:
        codes.verify(kind, [row.pk])
    return row


def _title(document: Document, asked: Asked | None) -> str:
    return asked.title if asked else document.title


def _kept_back(asked: Asked | None) -> dict[str, str]:
    """What speaks of the item's contents, emptied for whoever sees the request and may not know the title."""
    return {} if asked is None or asked.named else dict.fromkeys(("purpose", "where", "target", "destination", "route"), "")


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


# Copying ---------------------------------------------------------------------------------------------------------------


def copying(person: Person, session: Session | None, uid: str) -> Filled:
    """复制（印制）审批单 of one line of F05, or of a request from its asking on. Raises NotThere, Tampered."""
    asked = asked_sheets.find(person, uid, "copy", "first_print")
    table = Reproduction.objects.select_related("applicant__department", "approver", "operator", "document__department")
    found = _row(person, table, uid, "reproduction", asked)
    if asked and found is None:
        return asked_sheets.copying(person, asked)
    row: Reproduction = act_books.sound_copying([found])[0]
    request, document = requested(row.approval_uid), row.document
    values = act_books.COPYING.values(row) | _kept_back(asked) | {
        "item": named(_title(document, asked), document.number), "term": language.term(document.term()),
        "valid_until": valid_until(request),
        "origin_consent": consent(document, request),
    }  # fmt: skip
    lines = tuple((one.copy.number, _recipient(one, row), *_handed(one, row.until)) for one in row.copies_made)
    return Filled(
        number=row.number, values=values,
        signs=opinions(person, document, request) | {"operator": by_hand(row.operator, row.made_at)} | _taken(row),
        lists={"recipients": Listed((_("复制件编号"), _("领取人"), _("领取签收"), _("收回期限")), (16, 18, 18, 14), lines)},
        state=_copying_state(row), mark=marking.mark_text(document), department=row.applicant.department.name, level=document.level,
        basis=basis("M2.1", "C2.2"),
    )  # fmt: skip


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
    """摘录审批单 of one line of F06, or of a request from its asking on. Raises NotThere, Tampered."""
    asked = asked_sheets.find(person, uid, "excerpt")
    table = Excerpt.objects.select_related("applicant__department", "approver", "executor", "made", "document__department")
    found = _row(person, table, uid, "excerpt", asked)
    if asked and found is None:
        return asked_sheets.excerpt(person, asked)
    row: Excerpt = act_books.sound_excerpts([found])[0]
    request = requested(row.approval_uid)
    return Filled(
        number=row.number, values=act_books.EXCERPTS.values(row) | _kept_back(asked) | {
            "item": named(_title(row.document, asked), row.document.number), "excerpt_hash": row.fingerprint,
        },
        signs=opinions(person, row.document, request) | {"executor": by_hand(row.executor, row.made_at)}, state="随目标文件管理",
        mark=marking.mark_text(row.document), department=row.applicant.department.name, level=row.document.level,
        basis=basis("M2.1", "D4"),
    )  # fmt: skip


# Carrying out ----------------------------------------------------------------------------------------------------------


def trip(person: Person, session: Session | None, uid: str) -> Filled:
    """携带密件外出审批单 of one line of F07, or of a request from its asking on. Raises NotThere, Tampered."""
    asked = asked_sheets.find(person, uid, "carry_out")
    table = CarryOut.objects.select_related("bearer__department", "companion", "approver", "out_by", "back_by", "document__department")
    found = _row(person, table, uid, "carry_out", asked)
    if asked and found is None:
        return asked_sheets.trip(person, asked)
    row: CarryOut = act_books.sound_trips([found])[0]
    request = requested(row.approval_uid)
    bearers = designated((row.bearer, row.companion), row.level, clock.local(row.out_at).date())
    values = act_books.CARRYING.values(row) | _kept_back(asked) | {"designated": bearers}
    lines = tuple(
        (_title(row.document, asked), one.copy.number, str(one.pages_out), "" if one.pages_back is None else str(one.pages_back))
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
        department=row.bearer.department.name, level=row.level, basis=basis("G4.3", "D5", "C5.2"),
    )  # fmt: skip


FORMS = (Form("F05", copying), Form("F06", excerpt), Form("F07", trip))
