"""Pages of deciding: the inbox, one request in five lines, the table of who approves what."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from mifeng.base import clock, language, room
from mifeng.base.refusals import NotThere
from mifeng.clauses import matrix
from mifeng.rooms.approvals import actions, grants, queries, versions
from mifeng.rooms.approvals.facts import NOTED_WORDS, pages_of, pages_word
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.people.models import Person

TABS = {"waiting": gettext_lazy("待我批"), "asked": gettext_lazy("我申请的"), "done": gettext_lazy("办过的")}
TONES = {"asked": "wait", "approved": "ok", "returned": "bad", "withdrawn": "end", "lapsed": "end", "revoked": "end"}
PHRASES = (
    gettext_lazy("知悉范围过大，请点到人。"), gettext_lazy("期限过长，请缩短。"), gettext_lazy("密级偏低，请按一览表重拟。"),
    gettext_lazy("不属保密范围，不应定密。"), gettext_lazy("材料不全，请补齐再送。"),
)  # fmt: skip
LEVELS = (
    ("top_secret", gettext_lazy("绝密")), ("highly_confidential", gettext_lazy("机密")), ("confidential", gettext_lazy("秘密")),
    ("internal", gettext_lazy("内部")), ("any", gettext_lazy("不分密级")),
)  # fmt: skip


def told(person: Person, approval: Approval) -> dict[str, Any]:
    """谁 要做 为何 多久 风险 of a request, as this person may know its item."""
    matter = room.matters()[approval.matter]
    return {"approval": approval, "label": matter.label, **matter.summary(person, approval)}


def inbox(request: HttpRequest) -> HttpResponse:
    """Three lists: to decide, asked, done."""
    found, tab = actions.open_inbox(request.person), request.GET.get("tab", "waiting")
    shown = {"waiting": found.waiting, "asked": found.asked, "done": found.done}.get(tab, found.waiting)
    context = {
        "views": [
            {"label": label, "url": f"?tab={key}", "count": len(getattr(found, key)), "current": key == tab}
            for key, label in TABS.items()
        ],
        "requests": [_line(request.person, approval, tab) for approval in shown], "mine": tab == "asked",
        "page": {"total": len(shown)},
    }  # fmt: skip
    return render(request, "approvals/inbox.html", context)


def _line(person: Person, approval: Approval, tab: str) -> dict[str, Any]:
    summary = told(person, approval)
    days = (clock.now() - approval.asked_at).days
    return {
        "uid": approval.uid, "url": f"/approvals/{approval.uid}/", "number": approval.number,
        "act": _heading(summary), "level": approval.level, "proposed": summary["proposed"],
        "risk": summary["risk_score"], "applicant": summary["who"], "purpose": summary["why"], "until": summary["how_long"],
        "due": _("特急") if approval.urgent else _("已等 %(n)d 天") % {"n": days} if days else "", "late": approval.urgent or days > 1,
        "state_tone": TONES[approval.state], "state": "" if tab == "waiting" else queries.state_word(approval),
    }  # fmt: skip


def request_page(request: HttpRequest, uid: str) -> HttpResponse:
    """One request: five lines, earlier signatures, what an approval will do; the thumb bar for whoever decides."""
    approval = actions.open_request(request.person, uid)
    if request.method == "POST":
        return _decide(request, approval)
    return render(request, "approvals/request.html", _page(request.person, approval))


def _decide(request: HttpRequest, approval: Approval) -> HttpResponse:
    reason = request.POST.get("reason", "").strip()[:200]
    limit, wrong = _limit_typed(request, approval)
    if wrong:
        context = _page(request.person, approval) | {"reason_error": wrong}
        return render(request, "approvals/request.html", context, status=422)
    if request.POST.get("decision") == "return":
        if not reason:
            context = _page(request.person, approval) | {"reason_error": _("退回须写明理由")}
            return render(request, "approvals/request.html", context, status=422)
        actions.send_back(request.person, approval, reason)
    else:
        actions.approve(request.person, approval, reason, limit)
    return HttpResponseRedirect("/approvals/")


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
            limit["until"] = clock.end_of(date.fromisoformat(until))
    except ValueError:
        return {}, _("份数、页码或日期填写有误，例：2；1-3,5；2026-03-31")
    return limit, ""


def _limits(approval: Approval) -> list[dict[str, Any]]:
    """What of the request an approver may cut down, with what stands now."""
    stands = approval.granted_now
    fields = [
        {"name": "limit_copies", "label": _("份数、次数"), "value": stands.copies or ""},
        {"name": "limit_pages", "label": _("页码"), "value": pages_word(stands.pages)},
    ]  # fmt: skip
    until = [{"name": "limit_until", "label": _("到哪一天"), "value": ""}] if room.matters()[approval.matter].grants else []
    return [field for field in fields if field["value"]] + until


def _page(person: Person, approval: Approval) -> dict[str, Any]:
    summary, standing = told(person, approval), queries.standing(person, approval)
    days = (clock.now() - approval.asked_at).days
    mine = approval.applicant_id == person.pk and approval.state == "asked"
    return {
        "ask": {
            "number": approval.number or summary["label"], "act": _heading(summary), "level": approval.level,
            "proposed": summary["proposed"],
            "due": _("特急") if approval.urgent else _("已等 %(n)d 天") % {"n": days} if days else _("今天送来"),
            "five": _five(summary), "pages_url": summary["pages"] if standing else "", "opens": summary["opens"], "facts": summary["facts"],
        },
        "signs": _signs(approval), "may_decide": standing is not None, "decide_url": f"/approvals/{approval.uid}/",
        "why_not": "" if standing or mine else queries.state_word(approval), "phrases": PHRASES,
        "knows_note": _knows_note(approval, standing is not None, summary),
        "limit_fields": _limits(approval) if standing else [],
        "revoke_url": f"/approvals/{approval.uid}/revoke/" if grants.may_revoke(person, approval) else "",
        "withdraw_url": f"/approvals/{approval.uid}/withdraw/" if mine else "",
    }  # fmt: skip


def _knows_note(approval: Approval, decides: bool, summary: dict[str, Any]) -> str:
    """What was entered about whoever looks at this request because he decides it."""
    if not decides or not room.matters()[approval.matter].pages:
        return ""
    return _("您因审批知悉本件，已登记。") if summary["document"] else _("您因审批知悉题名，已登记。")


def _heading(summary: dict[str, Any]) -> str:
    return _("%(act)s：%(title)s") % {"act": summary["label"], "title": summary["title"]}


def _five(summary: dict[str, Any]) -> dict[str, Any]:
    return {
        "who": {"main": summary["who"], "small": summary["who_small"]},
        "what": {"main": summary["what"], "small": summary["title"]},
        "why": {"main": summary["why"] or "—", "small": summary["reason"]},
        "until": {"main": summary["how_long"] or "—", "small": summary["ends"]},
        "risk": {"score": summary["risk_score"], "small": summary["risk"]},
    }  # fmt: skip


def _signs(approval: Approval) -> list[dict[str, Any]]:
    """Each step: who signed, or who may sign now, or whose turn comes later."""
    taken = {row.no: row for row in approval.taken.select_related("person", "on_behalf_of")}
    return [_sign(approval, no, posts, taken.get(no)) for no, posts in enumerate(approval.steps_list)]


def _sign(approval: Approval, no: int, posts: list[str], row: Any) -> dict[str, Any]:
    words = language.either(_(matrix.post_word(post)) for post in posts)
    if row is not None and row.person is None:
        return {"tone": "end", "post": words, "name": "", "words": _(NOTED_WORDS[row.decision]), "at": row.at}
    if row is not None:
        good = row.decision == "approved"
        behalf = row.on_behalf_of.name if row.on_behalf_of else ""
        said = row.note or (_("同意") if good else _("退回"))
        return {"tone": "ok" if good else "bad", "post": words, "name": row.person.name, "words": said, "at": row.at,
                "delegate": behalf}  # fmt: skip
    now = no == approval.step_no and approval.state == "asked"
    names = language.listed(person.name for person in queries.candidates(approval)) if now else ""
    return {"tone": "wait" if now else "end", "post": words, "name": names, "words": _("待批") if now else _("未到"), "now": now}


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
    approval = Approval.objects.filter(uid=uid).first()
    if approval is None or (not queries.may_open(request.person, approval) and not grants.may_revoke(request.person, approval)):
        raise NotThere
    actions.revoke(request.person, approval, request.POST.get("reason", "").strip()[:200])
    return HttpResponseRedirect("/approvals/?tab=done")


def table(request: HttpRequest) -> HttpResponse:
    """审批权限表: act and level -> steps, with basis and clauses, as in force."""
    now = versions.table_of(versions.in_force())
    rows = [{"act": act, "cells": [steps_word(now.get((act.id, level))) for level, _word in LEVELS]} for act in matrix.acts()]
    return render(request, "approvals/table.html", {"rows": rows, "levels": [word for _level, word in LEVELS]})


def steps_word(steps: matrix.Steps | None) -> str:
    """Steps as one reads them; a dash where the act has no such level."""
    if steps is None:
        return "—"
    return " → ".join(language.either(_(matrix.post_word(post)) for post in step) for step in steps) or _("任何人不得批准")
