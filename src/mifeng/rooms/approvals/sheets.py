"""How a request stands on a page: its line in the inbox, its five lines, who signed, what an approver may cut down."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mifeng.base import clock, language, room
from mifeng.clauses import matrix
from mifeng.rooms.approvals import checks, grants, queries
from mifeng.rooms.approvals.facts import NOTED_WORDS, Stage, pages_word
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.people.models import Person

TONES = {
    "draft": "wait", "opinion": "wait", "asked": "wait", "approved": "ok", "executing": "run", "registered": "ok", "closed": "end",
    "returned": "bad", "withdrawn": "end", "lapsed": "end", "revoked": "end",
}  # fmt: skip
PHRASES = (
    gettext_lazy("知悉范围过大，请点到人。"), gettext_lazy("期限过长，请缩短。"), gettext_lazy("密级偏低，请按一览表重拟。"),
    gettext_lazy("不属保密范围，不应定密。"), gettext_lazy("材料不全，请补齐再送。"),
)  # fmt: skip


def told(person: Person, approval: Approval) -> dict[str, Any]:
    """谁 要做 为何 多久 风险 of a request, as this person may know its item."""
    matter = room.matters()[approval.matter]
    return {"approval": approval, "label": matter.label, **matter.summary(person, approval)}


def line(person: Person, approval: Approval, tab: str) -> dict[str, Any]:
    """A request as one line of the inbox; `several`: it may be decided together with others of its kind."""
    summary, waits = told(person, approval), approval.state == "asked"
    return {
        "uid": approval.uid, "url": f"/approvals/{approval.uid}/", "number": approval.number,
        "act": _heading(summary), "level": approval.level, "proposed": summary["proposed"],
        "risk": summary["risk_score"], "applicant": summary["who"], "purpose": summary["why"], "until": summary["how_long"],
        "due": due(approval) if waits else "", "late": waits and (approval.urgent or queries.overdue(approval, clock.now())),
        "state_tone": TONES[approval.state], "state": "" if tab == "waiting" else queries.state_word(approval),
        "several": tab == "waiting" and queries.why_singly(person, approval) is None,
    }  # fmt: skip


def due(approval: Approval) -> str:
    """特急, 逾期, and how long the request has waited for the present step."""
    now = clock.now()
    days = (clock.local(now).date() - clock.local(queries.waits_since(approval)).date()).days
    parts = [
        _("特急") if approval.urgent else "", _("已逾一个工作日") if queries.overdue(approval, now) else "",
        _("已等 %(n)d 天") % {"n": days} if days else _("今天送来"),
    ]  # fmt: skip
    return " · ".join(part for part in parts if part)


def page(person: Person, approval: Approval) -> dict[str, Any]:
    """Everything of one request on one page, as approvals/request.html reads it."""
    summary, standing = told(person, approval), queries.standing(person, approval)
    mine = approval.applicant_id == person.pk and approval.state == "asked"
    return {
        "ask": {
            "number": approval.number or summary["label"], "label": summary["label"], "act": _heading(summary),
            "level": approval.level, "proposed": summary["proposed"], "due": due(approval) if approval.state == "asked" else "",
            "late": queries.overdue(approval, clock.now()) or approval.urgent, "five": five(summary),
            "pages_url": summary["pages"] if standing else "", "opens": summary["opens"], "facts": summary["facts"],
            "clause": matrix.act(approval.act).clauses[0],
            "failing": [matrix.condition(name) for name in checks.failing(approval, person, Stage.DECIDE)] if standing else [],
        },
        "signs": signs(approval), "may_decide": standing is not None, "decide_url": f"/approvals/{approval.uid}/",
        "why_not": "" if standing or mine else queries.state_word(approval), "phrases": PHRASES,
        "knows_note": _knows_note(approval, standing is not None, summary),
        "lapse_days": grants.lapse_after().days if room.matters()[approval.matter].grants else 0,
        "limit_fields": limits(approval) if standing else [], "place": place(person, approval) if standing else None,
        "revoke_url": f"/approvals/{approval.uid}/revoke/" if grants.may_revoke(person, approval) else "",
        "withdraw_url": f"/approvals/{approval.uid}/withdraw/" if mine else "",
        "paper": {"form": room.matters()[approval.matter].form, "uid": approval.uid},
    }  # fmt: skip


def place(person: Person, approval: Approval) -> dict[str, Any] | None:
    """Where a request stands among those that wait for this person, and its neighbours; None when it waits no more."""
    uids = [one.uid for one in queries.waiting_for(person)]
    if approval.uid not in uids:
        return None
    at = uids.index(approval.uid)
    before, after = uids[at - 1 : at] if at else [], uids[at + 1 : at + 2]
    return {
        "number": at + 1, "count": len(uids), "before": f"/approvals/{before[0]}/" if before else "",
        "after": f"/approvals/{after[0]}/" if after else "",
    }  # fmt: skip


def _knows_note(approval: Approval, decides: bool, summary: dict[str, Any]) -> str:
    """What was entered about whoever looks at this request because he decides it."""
    if not decides or not room.matters()[approval.matter].pages:
        return ""
    return _("您因审批知悉本件，已登记。") if summary["document"] else _("您因审批知悉题名，已登记。")


def _heading(summary: dict[str, Any]) -> str:
    return _("%(act)s：%(title)s") % {"act": summary["label"], "title": summary["title"]}


def five(summary: dict[str, Any]) -> dict[str, Any]:
    """谁 要做 为何 多久 风险, as base/five.html reads them."""
    return {
        "who": {"main": summary["who"], "small": summary["who_small"]},
        "what": {"main": summary["what"], "small": summary["title"]},
        "why": {"main": summary["why"] or "—", "small": summary["reason"]},
        "until": {"main": summary["how_long"] or "—", "small": summary["ends"]},
        "risk": {"score": summary["risk_score"], "small": summary["risk"]},
    }  # fmt: skip


def limits(approval: Approval) -> list[dict[str, Any]]:
    """What of the request an approver may cut down, with what stands now."""
    stands = approval.granted_now
    fields = [
        {"name": "limit_copies", "label": _("份数、次数"), "value": stands.copies or ""},
        {"name": "limit_pages", "label": _("页码"), "value": pages_word(stands.pages)},
    ]  # fmt: skip
    until = [{"name": "limit_until", "label": _("到哪一天"), "value": "", "day": True}]
    return [field for field in fields if field["value"]] + (until if room.matters()[approval.matter].grants else [])


def signs(approval: Approval) -> list[dict[str, Any]]:
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
