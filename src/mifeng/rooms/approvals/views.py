"""Pages of deciding: the inbox, one request on one screen, the table of who approves what."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from mifeng.base import clock, language
from mifeng.base.refusals import NotThere
from mifeng.base.widgets import LAST_DAY
from mifeng.clauses import matrix, schemes
from mifeng.clauses.levels import NAMES, RANKS, WORDS
from mifeng.rooms.approvals import actions, sheets, versions
from mifeng.rooms.approvals.facts import pages_of
from mifeng.rooms.approvals.models import Approval

TABS = {"waiting": gettext_lazy("待我批"), "asked": gettext_lazy("我申请的"), "done": gettext_lazy("办过的")}
CASES = {"any": gettext_lazy("不分密级"), "above_limit": gettext_lazy("超过限额"), "officer": gettext_lazy("三员账号")}
# Words on the page that follows a decision: the next request, or the list when nothing is left.
DONE = {"approved": gettext_lazy("上一件已批准。"), "returned": gettext_lazy("上一件已退回。")}


def inbox(request: HttpRequest) -> HttpResponse:
    """Three lists: to decide, asked, done."""
    found, tab = actions.open_inbox(request.person), request.GET.get("tab", "waiting")
    shown = {"waiting": found.waiting, "asked": found.asked, "done": found.done}.get(tab, found.waiting)
    lines = [sheets.line(request.person, approval, tab) for approval in shown]
    context = {
        "views": [
            {"label": label, "url": f"?tab={key}", "count": len(getattr(found, key)), "current": key == tab}
            for key, label in TABS.items()
        ],
        "requests": lines, "mine": tab == "asked", "page": {"total": len(shown)}, "done": _done(request),
        "several": sum(line["several"] for line in lines) > 1,
    }  # fmt: skip
    return render(request, "approvals/inbox.html", context)


def request_page(request: HttpRequest, uid: str) -> HttpResponse:
    """One request: five lines, the clause, earlier signatures, the pages; the thumb bar for whoever decides."""
    approval = actions.open_request(request.person, uid)
    if request.method == "POST":
        return _decide(request, approval)
    return render(request, "approvals/request.html", sheets.page(request.person, approval) | {"done": _done(request)})


def _done(request: HttpRequest) -> dict[str, Any] | None:
    words = DONE.get(request.GET.get("done", ""))
    return {"words": words} if words else None


def _decide(request: HttpRequest, approval: Approval) -> HttpResponse:
    reason, said = request.POST.get("reason", "").strip()[:200], request.POST.get("decision")
    back = said == "return"
    limit, wrong = _limit_typed(request, approval)
    if wrong or said not in ("approve", "return") or (back and not reason):
        # A request that names no decision is none, least of all a yes.
        lacking = _("退回须写明理由") if back else _("请选择批准或退回")
        errors = {"limit_error": wrong} if wrong else {"reason_error": lacking}
        context = sheets.page(request.person, approval) | errors | {"reason": reason}
        return render(request, "approvals/request.html", context, status=422)
    after = sheets.place(request.person, approval)
    if back:
        actions.send_back(request.person, approval, reason)
    else:
        actions.approve(request.person, approval, reason, limit)
    return HttpResponseRedirect(_next(after) + ("?done=returned" if back else "?done=approved"))


def _next(place: dict[str, Any] | None) -> str:
    """The next request that waits, else the one before it, else the list."""
    return (place and (place["after"] or place["before"])) or "/approvals/"


def _limit_typed(request: HttpRequest, approval: Approval) -> tuple[dict[str, Any], str]:
    """What the approver grants less than asked, as typed; what stands unchanged is no limit. And what was mistyped."""
    stands, limit = approval.granted_now, {}
    copies, pages, until = (request.POST.get(f"limit_{name}", "").strip() for name in ("copies", "pages", "until"))
    try:
        if copies and int(copies) != stands.copies:
            limit["copies"] = int(copies)
        if pages and pages_of(pages) != stands.pages:
            limit["pages"] = pages_of(pages)
        if until:
            limit["until"] = clock.end_of(_day(until))
    except ValueError:  # no number, no day, or one at the end of the calendar
        return {}, _("份数、页码或日期填写有误，例：2；1-3,5；2026-03-31")
    return limit, ""


def _day(typed: str) -> date:
    day = date.fromisoformat(typed)
    if day > LAST_DAY:
        raise ValueError(typed)
    return day


@require_POST
def withdraw(request: HttpRequest, uid: str) -> HttpResponse:
    """撤回 one's own request."""
    approval = Approval.objects.filter(uid=uid, applicant=request.person).first()
    if approval is None:
        raise NotThere
    actions.withdraw(request.person, approval)
    return HttpResponseRedirect("/approvals/?tab=asked")


@require_POST
def revoke(request: HttpRequest, uid: str) -> HttpResponse:
    """撤销 an approval that was given, with its reason."""
    approval = actions.open_request(request.person, uid, to_revoke=True)
    actions.revoke(request.person, approval, request.POST.get("reason", "").strip()[:200])
    return HttpResponseRedirect("/approvals/?tab=done")


def table(request: HttpRequest) -> HttpResponse:
    """审批权限表: act and level -> steps, with basis and clauses, as in force."""
    now = versions.table_of(versions.in_force())
    columns = [*(NAMES[level.rank] for level in schemes.in_force().levels if level.rank in NAMES), "internal", "any"]
    rows = [{"act": act, "cells": [steps_word(now.get((act.id, column))) for column in columns]} for act in matrix.acts()]
    return render(request, "approvals/table.html", {"rows": rows, "levels": [column_word(column) for column in columns]})


def column_word(column: str) -> str:
    """A column of the table as it is read: a level by its word in the scheme in force, else by that of the regulation."""
    rank = RANKS.get(column)
    if rank is None:
        return str(CASES[column])
    return language.level(rank) if rank in schemes.in_force().ranks else language.said(WORDS[rank])


def steps_word(steps: matrix.Steps | None) -> str:
    """Steps as one reads them; a dash where the act has no such level."""
    if steps is None:
        return "—"
    return " → ".join(language.either(_(matrix.post_word(post)) for post in step) for step in steps) or _("任何人不得批准")
