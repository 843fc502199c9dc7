"""审批单 of copying (F05), excerpts (F06) and carrying out (F07) before anything was done: as asked, signed as far as it has come.

They are found by the uid of the request, by whoever may open its page or carries it out; what is not decided is left for the pen.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from mifeng.base import clock, codes, deeds, language, room, weighing
from mifeng.base.registers import Filled, Listed, minute
from mifeng.rooms.approvals import queries as approval_queries
from mifeng.rooms.approvals.facts import Sight, pages_word
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.copies import granted
from mifeng.rooms.copies.facts import CARRY_TO, MEASURE_WORDS, METHOD_WORDS, Measure, Method
from mifeng.rooms.copies.models import Copy
from mifeng.rooms.copies.sheet_parts import basis, consent, designated, named, opinions, valid_until
from mifeng.rooms.documents import marking
from mifeng.rooms.documents import queries as documents
from mifeng.rooms.documents.models import Document
from mifeng.rooms.people.models import Person

# States of a request -> states of the forms; what was withdrawn or has lapsed has none of them.
STATES = {"asked": "申请", "returned": "退回", "approved": "批准", "executing": "批准", "registered": "批准", "closed": "批准"}


@dataclass(frozen=True)
class Asked:
    """A request with its item as this person may know it: `title` is its number where he may not know the title."""

    request: Approval
    document: Document
    title: str

    @property
    def named(self) -> bool:
        """Whether he may know what is asked for in words, too: they speak of what the item says."""
        return self.title == self.document.title

    def said(self, words: str) -> str:
        """Words of the request, for whoever may know the title."""
        return words if self.named else ""


def find(person: Person, uid: str, *acts: str) -> Asked | None:
    """The request of this uid and these acts, for its applicant, whoever decides or has decided it, and whoever carries it out.

    None for anybody else and where there is none, after the same work (P0.3). Raises Tampered. Whoever sees it because he judges
    it is entered among those who know the item, as on its page.
    """
    matters = [granted.MATTERS[act] for act in acts]
    request = weighing.row_or_another(Approval.objects.filter(matter__in=matters).select_related("applicant__department"), uid)
    if request is None:
        return None
    codes.verify("approval", [request.pk])
    opens, executes = approval_queries.may_open(person, request), granted.executes(person, request)
    if request.uid != uid or not (opens or executes):
        return None
    deeds.note(obj=request.item_key, grant=request.uid)
    matter = room.matters()[request.matter]
    if approval_queries.sight(person, request) is not Sight.NOTHING:
        matter.knew(request, person)
    return Asked(request, documents.of_key(request.item_key), str(matter.summary(person, request)["title"]))


def _filled(person: Person, asked: Asked, values: dict[str, str], approved: str, clauses: tuple[str, ...], **more: Any) -> Filled:
    """What the three have in common. `approved`: the form's word for an approved request."""
    request, document = asked.request, asked.document
    signs = opinions(person, document, request)
    state = STATES.get(request.state, "")
    if state == "申请" and signs["dept_opinion"]:
        state = "部门意见"
    return Filled(
        number="", values={"item": named(asked.title, document.number), **values}, signs=signs,
        state=approved if state == "批准" else state, mark=marking.mark_text(document), department=request.applicant.department.name,
        level=document.level, basis=basis(*clauses), **more,
    )  # fmt: skip


def copying(person: Person, asked: Asked) -> Filled:
    """复制（印制）审批单 as it was asked for: a line for each copy, its number and its receipt left empty."""
    request, document, told, wanted = asked.request, asked.document, asked.request.payload_data, asked.request.granted_now
    names = dict(Person.objects.filter(uid__in=told["to"]).values_list("uid", "name"))
    to = [names[uid] for uid in told["to"]] if asked.named else []
    until = told["until"] or "—"
    rows = tuple(("", to[at], "", until) if at < len(to) else ("", _("机要员（留存）"), "", "—") for at in range(wanted.copies))
    values = {
        "applicant": request.applicant.name, "dept": request.applicant.department.name, "level": language.level(document.level),
        "term": language.term(document.term()), "origin_consent": consent(document, request),
        "kind": _(METHOD_WORDS[Method(told["method"])]),
        "pages": pages_word(wanted.pages), "count": str(wanted.copies), "purpose": asked.said(request.purpose),
        "valid_until": valid_until(request), "return_due": until,
    }  # fmt: skip
    heads = (_("复制件编号"), _("领取人"), _("领取签收"), _("收回期限"))
    return _filled(person, asked, values, "批准", ("M2.1", "C2.2"), lists={"recipients": Listed(heads, (16, 18, 18, 14), rows)})


def excerpt(person: Person, asked: Asked) -> Filled:
    """摘录审批单 as it was asked for: which passage, for what, at which level."""
    request, document, told = asked.request, asked.document, asked.request.payload_data
    place = _("第 %(pages)s 页 %(words)s") % {"pages": pages_word(request.granted_now.pages), "words": told["passage"]}
    values = {
        "applicant": request.applicant.name, "level": language.level(document.level), "where": asked.said(place),
        "purpose": asked.said(request.purpose), "target": asked.said(told["target"] or "—"),
        "target_level": language.level(max(int(told["level"]), document.level)),
        "target_term": document.expires_on.isoformat() if document.expires_on else language.term(document.term()),
    }  # fmt: skip
    return _filled(person, asked, values, "批准", ("M2.1", "D4"))


def trip(person: Person, asked: Asked) -> Filled:
    """携带密件外出审批单 as it was asked for: which copies, by whom, where to; both counts left empty."""
    request, document, told, wanted = asked.request, asked.document, asked.request.payload_data, asked.request.granted_now
    people = Person.objects.in_bulk(wanted.people)
    bearers = [people[key] for key in wanted.people]
    copies = Copy.objects.filter(uid__in=told["copies"]).order_by("n", "rep")
    out = datetime.fromisoformat(told["out"])
    values = {
        "bearer": bearers[0].name, "companion": bearers[1].name if len(bearers) > 1 else "—",
        "designated": designated(bearers, document.level, clock.local(out).date()), "level": language.level(document.level),
        "destination": asked.said(wanted.place), "dest_kind": _(CARRY_TO.get(wanted.destination, "—")),
        "purpose": asked.said(request.purpose), "route": asked.said(told["route"] or "—"),
        "measures": language.listed(_(MEASURE_WORDS[Measure(one)]) for one in told["measures"]), "out_planned": minute(out),
        "back_planned": minute(wanted.until),
    }  # fmt: skip
    rows = tuple((asked.title, copy.number, "", "") for copy in copies)
    heads = (_("文件"), _("份号"), _("出门页数"), _("返回页数"))
    return _filled(
        person, asked, values, "主管领导批准", ("G4.3", "D5", "C5.2"), lists={"items": Listed(heads, (40, 12, 10, 10), rows)}
    )


