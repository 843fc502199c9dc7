"""Pages of deciding several requests at once: one list with all facts, confirmed once; then what became of each."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from mifeng.base import language
from mifeng.clauses import matrix
from mifeng.rooms.approvals import queries, sheets, together
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.people.models import Person


@require_POST
def several(request: HttpRequest) -> HttpResponse:
    """The chosen requests as one list to be confirmed, or, once confirmed, what became of each of them."""
    uids, done = request.POST.getlist("uid"), request.POST.get("do") == "approve"
    # What each says is read before the decision: afterwards whoever judged it may know it no more.
    rows = {one.uid: _row(request.person, one) for one in together.chosen(request.person, uids)}
    if not rows:
        return HttpResponseRedirect("/approvals/")
    if done:
        reason = request.POST.get("reason", "").strip()[:200]
        for outcome in together.approve(request.person, uids, reason):
            rows[outcome.approval.uid] |= {"done": not outcome.why, "why": outcome.why, "clause": outcome.clause}
    good = sum(not row["why"] for row in rows.values())
    context = {"rows": list(rows.values()), "decided": done, "good": good, "bad": len(rows) - good}
    return render(request, "approvals/several.html", context)


def _row(person: Person, approval: Approval) -> dict[str, Any]:
    """All of a request that stands on its own page, in one entry of the list; `why`: it must be decided singly."""
    summary, singly = sheets.told(person, approval), queries.why_singly(person, approval)
    return {
        "uid": approval.uid, "url": f"/approvals/{approval.uid}/", "label": summary["label"], "number": approval.number,
        "level": approval.level, "proposed": summary["proposed"], "five": sheets.five(summary), "due": sheets.due(approval),
        "act_clause": matrix.act(approval.act).clauses[0], "facts": summary["facts"],
        "why": language.said(singly.zh) if singly else "", "clause": singly.clause if singly else "", "done": False,
    }  # fmt: skip
