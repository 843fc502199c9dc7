"""定密登记簿 and 变更登记簿: the history of items as registers, trimmed like every list of them."""

from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from mifeng.base import deeds, language, weighing
from mifeng.base.refusals import NotThere
from mifeng.base.registers import Column, Corrected, Entry, Filled, Form, Lines, Register, Signed, day
from mifeng.clauses import catalogue
from mifeng.rooms.approvals import signed
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.documents import by_series, cards, marking, queries
from mifeng.rooms.documents.actions import _shared
from mifeng.rooms.documents.facts import HARM_WORDS
from mifeng.rooms.documents.models import Change, Document
from mifeng.rooms.documents.rules import scope as scope_rules
from mifeng.rooms.people.facts import KEEPERS
from mifeng.rooms.people.models import Person, Session

READERS = frozenset({"gm", "deputy_gm", "gmo_head", "clerk", "auditor", "classifier"})
CLASSIFIED = ("classified",)
CHANGED = ("level", "term", "released", "reviewed", "scope", "scheme")


def _lines(person: Person, kinds: tuple[str, ...]) -> Lines:
    made = Change.objects.filter(what__in=kinds).select_related("person", "document__drafter")
    return Lines(queries.lines(person, made), number="number", sound=sound)


def sound(rows: list[Change]) -> Iterable[Change]:
    """The rows with their items verified; those whose title was corrected since know the title before. Raises Tampered."""
    queries.sound({row.document_id: row.document for row in rows}.values())
    corrections = Change.objects.filter(what="corrected", document__in={row.document_id for row in rows}).order_by("-pk")
    first = {made.document_id: made.before.rpartition(" · ")[0] for made in corrections.select_related("document")}
    for row in rows:
        row.title_before = first.get(row.document_id, "")
    return rows


def _title(row: Change) -> str | Corrected:
    was, now = getattr(row, "title_before", ""), row.document.title
    return Corrected(was, now) if was and was != now else now


def _day(row: Change) -> str:
    return day(row.at)


def _level(row: Change) -> int:
    return row.document.level


NUMBER = Column(_("编号"), lambda row: row.number, width=15, number=True)
ITEM = Column(_("文件"), _title, width=34, key="item")
REFERENCE = Column(_("发文字号"), lambda row: row.document.number, width=16, number=True)
CLASSIFIER = Column(_("审定人"), lambda row: row.person.called, width=14, key="classifier")

REGISTERS = (
    Register(
        "F08", _("定密登记簿"),
        (
            NUMBER, ITEM, REFERENCE,
            Column(_("承办人"), lambda row: row.document.drafter.name, width=10, key="drafter"),
            CLASSIFIER,
            Column(_("审定密级与期限"), lambda row: row.after, width=20, key="final_level"),
            Column(_("现密级"), lambda row: language.level(row.document.level), width=8, number=True),
            Column(_("日期"), _day, width=11, number=True),
        ),
        lambda person: _lines(person, CLASSIFIED), posts=READERS, keepers=KEEPERS, series="定密", level=_level,
        purpose=_("本簿记每一件密件由谁审定、定为何级、多长期限。"), first=Entry(_("登记与定密"), "/documents/new/", "shield-lock"),
    ),
    Register(
        "F09", _("密级变更、解密登记簿"),
        (
            NUMBER, ITEM, REFERENCE,
            Column(_("类型"), lambda row: str(cards.CHANGES[row.what]), width=8, number=True, key="kind"),
            Column(_("原标志"), lambda row: row.before, width=18, key="from_level"),
            Column(_("现标志"), lambda row: row.after, width=18, key="to_level"),
            CLASSIFIER,
            Column(_("生效日期"), _day, width=11, number=True, key="effective"),
        ),
        lambda person: _lines(person, CHANGED), posts=READERS, keepers=KEEPERS, series="变密", level=_level,
        purpose=_("本簿记每一次升降密、延长、缩短、解密和知悉范围变更，原标志与现标志并列。"),
        first=Entry(_("到期审查"), "/documents/terms/", "calendar-due"),
    ),
)  # fmt: skip


# Forms ----------------------------------------------------------------------------------------------------------------


def _change(person: Person, session: Session | None, uid: str, kinds: tuple[str, ...]) -> tuple[Change, bool]:
    """That line, and whether the person stands inside: a clerk who handles the item has its register facts alone.

    Absent and hidden raise the same after the same work (P0.3).
    """
    rows = Change.objects.filter(what__in=kinds).select_related("person", "document__drafter", "document__department", "document__owner")
    row, who = weighing.row_or_another(rows, uid), queries.viewer(person, session)
    if row is None:
        raise NotThere
    if row.uid != uid:
        queries.refuse_absent(who, row.document, "read", "register_facts")
    read, facts = queries.decided(who, row.document, "read"), queries.decided(who, row.document, "register_facts")
    inside = read.allow or read.knows
    if not scope_rules.shown_in_lists(inside or facts.allow):
        raise NotThere
    deeds.note(obj=row.document.item_key)
    if not inside:
        _shared.knows(row.document, person, "title")
    return row, inside


def issued_under(document: Document) -> tuple[Signed, tuple[Signed, ...]]:
    """Who drafted an item and the signs of the request under which it got its level, in order; none where it was by series.

    The request is verified. Raises Tampered.
    """
    row = Change.objects.filter(document=document, what__in=CLASSIFIED).select_related("person").order_by("pk").last()
    request = _request(row) if row else None
    drafter = signed.asked(request) if request else Signed(document.drafter.name)
    if request:
        return drafter, tuple(signed.steps(request))
    return drafter, ((Signed(row.person.name, at=row.at),) if row else ())


def _request(row: Change) -> Approval | None:
    return Approval.objects.filter(uid=row.approval_uid).select_related("applicant").first() if row.approval_uid else None


def _filled(row: Change, inside: bool, values: dict[str, str]) -> Filled:
    """What both forms have; signs are those of the request under which it was decided."""
    request = _request(row)
    # Without a request nobody approved it: it was by series, or the term had run out.
    before, deciding = signed.opinions(request) if request else ((), (Signed(row.person.name, at=row.at),))
    if not inside:  # opinions speak of what the item says
        before, deciding = (tuple(replace(sign, words="") for sign in some) for some in (before, deciding))
    drafter = signed.asked(request) if request else Signed(row.document.drafter.name)
    signs = {"drafter": (drafter,), "dept_review": before, "classifier": deciding}
    title = "\n".join(part for part in (row.document.title, row.document.number) if part)
    return Filled(
        number=row.number, values={"item": title, **values}, signs=signs, state="",
        mark=marking.mark_text(row.document), department=row.document.department.name, level=row.document.level,
    )  # fmt: skip


def _basis(*clauses: str) -> str:
    return str(_("依据 %(clauses)s")) % {"clauses": language.listed(clauses)}


def _parts(mark: str) -> tuple[str, str]:
    """Level and term of a mark as it was written (澜岱公司 机密 5年)."""
    _owner, level, term = [*mark.split(" ", 2), "", ""][:3]
    return language.said(level), term


def classification(person: Person, session: Session | None, uid: str) -> Filled:
    """定密审批表 of one line of F08. Raises NotThere, Tampered."""
    row, inside = _change(person, session, uid, CLASSIFIED)
    document, (level, term) = row.document, _parts(row.after)
    values = {
        "final_level": level, "final_term": term, "filed": row.number, "copies": str(document.copies or ""),
        "standing": str(_("按系列定密")) if by_series.was_by_series(row) else "",
    }  # fmt: skip
    if inside:
        line = catalogue.line(document.line)
        basis = " ".join(part for part in (language.said(line.title), line.basis) if part) if line else document.basis
        values |= {
            "category": document.category, "basis": basis, "interest": document.interest,
            "harm": language.said(HARM_WORDS.get(document.harm, "")), "proposed_level": level, "proposed_term": term,
            "scope": _shared.scope_words(_shared.scope_lines(document)),
        }  # fmt: skip
    return replace(_filled(row, inside, values), state="备案", basis=_basis("P3.1", "K1"))


def change_of_mark(person: Person, session: Session | None, uid: str) -> Filled:
    """变更、解密审批表 of one line of F09. Raises NotThere, Tampered."""
    row, inside = _change(person, session, uid, CHANGED)
    (was_level, was_term), (level, term) = _parts(row.before), _parts(row.after)
    values = {
        "kind": str(cards.CHANGES[row.what]), "from_level": was_level, "from_term": was_term, "to_level": level, "to_term": term,
        "reason": row.reason if inside else "", "effective": _day(row),
    }  # fmt: skip
    return replace(_filled(row, inside, values), state="审定", basis=_basis("P4.0", "P4.3"))


FORMS = (Form("F08", classification), Form("F09", change_of_mark))
