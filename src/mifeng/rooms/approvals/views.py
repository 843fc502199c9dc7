"""Pages of deciding: the inbox, one request in five lines, the table of who approves what."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mifeng.base import room
from mifeng.base.refusals import NotThere
from mifeng.clauses import matrix
from mifeng.rooms.approvals import actions, queries
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.people.models import Person

TABS = {"waiting": _("待我审批"), "asked": _("我申请的"), "done": _("我办过的")}
LEVELS = ("top_secret", "highly_confidential", "confidential", "internal", "any")
READY_REASONS = (_("密级偏低，请按一览表重拟"), _("知悉范围过大，请点到人"), _("期限过长"), _("材料不全"), _("不属保密范围"))
READY_NOTES = (_("同意"), _("同意，控制知悉范围"), _("同意，到期即审"))


def told(person: Person, approval: Approval) -> dict[str, Any]:
    """谁 要做 为何 多久 风险 of a request, as this person may know its item."""
    matter = room.matters()[approval.matter]
    return {"approval": approval, "label": matter.label, "pages_judged": matter.pages, **matter.summary(person, approval)}


def inbox(request: HttpRequest) -> HttpResponse:
    """Three lists: to decide, asked, done."""
    found, tab = actions.open_inbox(request.person), request.GET.get("tab", "waiting")
    shown = {"waiting": found.waiting, "asked": found.asked, "done": found.done}.get(tab, found.waiting)
    context = {
        "tab": tab, "tabs": [(key, label, len(getattr(found, key))) for key, label in TABS.items()],
        "rows": [told(request.person, approval) | {"state": queries.state_word(approval)} for approval in shown],
    }  # fmt: skip
    return render(request, "approvals/inbox.html", context)


def request_page(request: HttpRequest, uid: str) -> HttpResponse:
    """One request: five lines, earlier signatures, what an approval will do; the thumb bar for whoever decides."""
    approval = actions.open_request(request.person, uid)
    act = matrix.act(approval.act)
    context = told(request.person, approval) | {
        "standing": queries.standing(request.person, approval), "state": queries.state_word(approval),
        "steps": _steps(approval), "act": act, "notes": READY_NOTES, "reasons_ready": READY_REASONS,
        "mine": approval.applicant_id == request.person.pk, "candidates": queries.candidates(approval),
    }  # fmt: skip
    return render(request, "approvals/request.html", context)


def _steps(approval: Approval) -> list[dict[str, Any]]:
    taken = {row.no: row for row in approval.taken.select_related("person", "on_behalf_of")}
    return [
        {
            "posts": "或".join(matrix.post_word(post) for post in posts), "taken": taken.get(no),
            "now": no == approval.step_no and approval.state == "asked",
        }
        for no, posts in enumerate(approval.steps_list)
    ]  # fmt: skip


def _found(uid: str) -> Approval:
    approval = Approval.objects.filter(uid=uid).first()
    if approval is None:
        raise NotThere
    return approval


@require_POST
def approve(request: HttpRequest, uid: str) -> HttpResponse:
    """批准."""
    actions.approve(request.person, _found(uid), request.POST.get("note", "")[:200])
    return HttpResponseRedirect("/approvals/")


@require_POST
def send_back(request: HttpRequest, uid: str) -> HttpResponse:
    """退回, with a reason."""
    reason = request.POST.get("reason", "") or request.POST.get("ready", "")
    actions.send_back(request.person, _found(uid), reason[:200])
    return HttpResponseRedirect("/approvals/")


@require_POST
def withdraw(request: HttpRequest, uid: str) -> HttpResponse:
    """撤回 one's own request."""
    actions.withdraw(request.person, _found(uid))
    return HttpResponseRedirect("/approvals/?tab=asked")


def table(request: HttpRequest) -> HttpResponse:
    """审批权限表: act and level -> steps, with basis and clauses, as in force."""
    rows = []
    for act in matrix.acts():
        cells = [(level, _cell(act, level)) for level in LEVELS]
        rows.append({"act": act, "cells": cells})
    return render(request, "approvals/table.html", {"rows": rows, "levels": LEVELS})


def _cell(act: Any, level: str) -> str | None:
    steps = act.levels.get(level)
    if steps is None:
        return None
    return " → ".join("或".join(matrix.post_word(post) for post in step) for step in steps) or "不得批准"
