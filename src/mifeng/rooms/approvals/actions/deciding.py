"""Deeds of deciding: approve, return, withdraw, look at the inbox and at one request."""

import json
from typing import Any

from mifeng.base import clock, deeds, duties, room, weighing
from mifeng.base.deeds import deed
from mifeng.base.refusals import Conflict, NotThere, Refused
from mifeng.engines.access import Decision
from mifeng.rooms.approvals import checks, grants, limits, moves, queries, requests, verbal
from mifeng.rooms.approvals.facts import Circumstances, Event, Refusal, Sight, Stage, State
from mifeng.rooms.approvals.models import Approval, StepTaken
from mifeng.rooms.people.models import Person


def _mine(person: Person, approval: Approval, not_done: str) -> queries.Standing:
    """In which capacity this person decides the present step; refused when he is not one who does."""
    queries.verify(approval, person)
    standing = queries.standing(person, approval)
    if approval.state != State.ASKED:
        raise Conflict("", queries.state_word(approval))
    if standing is None:
        raise Refused(queries.why_not(person, approval), not_done)
    if not verbal.may_confirm(person, approval):
        raise Refused(Decision.refuse("leader_confirms", "D2", "口头许可由许可的领导本人确认"), not_done)
    return standing


def _take(approval: Approval, person: Person, standing: queries.Standing, decision: str, note: str) -> None:
    """One signature; a second click or a second approver meets a changed version and is told who was first."""
    changed = Approval.objects.filter(pk=approval.pk, ver=approval.ver, state="asked").update(ver=approval.ver + 1)
    if not changed:
        raise Conflict("", queries.state_word(Approval.objects.get(pk=approval.pk)))
    approval.ver += 1
    StepTaken.objects.create(
        approval=approval, no=approval.step_no, post=standing.post, person=person, on_behalf_of=standing.on_behalf_of,
        decision=decision, at=clock.now(), note=note,
    )  # fmt: skip
    requests.take_part(approval, "approver", person)


@deed("approvals:approve", subject="")
def approve(
    person: Person, approval: Approval, note: str = "", limit: dict[str, Any] | None = None, together: int = 0
) -> Approval:
    """Say yes to the present step; the last yes carries the matter out, or makes its grant, in the same transaction.

    `limit`: what is granted less than asked: copies, pages, since, until, people. Never more. `together`: how many were
    confirmed at once, this one among them; only a request of low risk may be one of several.
    """
    standing = _mine(person, approval, "未批准")
    _insist_low_risk(person, approval, together)
    deeds.note(obj=approval.item_key, grant=approval.uid, step=standing.post, **_for_whom(standing))
    _limit(approval, limit)
    left = len(approval.steps_list) - approval.step_no - 1
    facts = Circumstances(
        approval.act, actor_is_applicant=approval.applicant_id == person.pk, decides=True, steps_left=left,
        failing=checks.failing(approval, person, Stage.DECIDE),
    )  # fmt: skip
    room.matters()[approval.matter].knew(approval, person)
    _take(approval, person, standing, "approved", note)
    moves.move(approval, Event.APPROVE, facts, "未批准")
    if approval.state == State.ASKED:
        approval.step_no += 1
        approval.save()
        requests.settle(approval)
        return approval
    _decided(approval, person)
    return approval


def _insist_low_risk(person: Person, approval: Approval, together: int) -> None:
    singly = queries.why_singly(person, approval) if together else None
    if singly is not None:
        deeds.note(obj=approval.item_key, grant=approval.uid)
        raise moves.refusal(singly, "未批准")
    if together:
        deeds.note(counts={"together": together})


def _for_whom(standing: queries.Standing) -> dict[str, str]:
    """A delegate is named with the one he acts for (代)."""
    return {"on_behalf_of": standing.on_behalf_of.uid} if standing.on_behalf_of else {}


def _limit(approval: Approval, limit: dict[str, Any] | None) -> None:
    if not limit:
        return
    found = limits.limited(approval.granted_now, limit, approval.act, clock.now())
    if isinstance(found, Refusal):
        raise moves.refusal(found, "未批准")
    approval.granted = json.dumps(found.plain(), ensure_ascii=False)
    deeds.note(limited=found.plain())


def _decided(approval: Approval, person: Person) -> None:
    matter = room.matters()[approval.matter]
    approval.decided_at = clock.now()
    approval.until = limits.ends(approval.granted_now, clock.now() + grants.lapse_after())
    approval.save()
    if matter.grants:
        grants.make(approval)
    matter.done(approval, person)
    duties.remind(approval.applicant_id, "decided", f"approvals:{approval.uid}", once=approval.uid)


@deed("approvals:return", subject="")
def send_back(person: Person, approval: Approval, reason: str) -> Approval:
    """退回 with a reason; the applicant may ask again."""
    standing = _mine(person, approval, "未退回")
    deeds.note(obj=approval.item_key, grant=approval.uid, reason=reason, **_for_whom(standing))
    room.matters()[approval.matter].knew(approval, person)
    _take(approval, person, standing, "returned", reason)
    facts = Circumstances(approval.act, decides=True, reason_given=bool(reason.strip()))
    moves.move(approval, Event.RETURN, facts, "未退回")
    approval.decided_at = clock.now()
    approval.save()
    room.matters()[approval.matter].returned(approval, person)
    duties.remind(approval.applicant_id, "returned", f"approvals:{approval.uid}", once=approval.uid)
    return approval


@deed("approvals:withdraw", subject="")
def withdraw(person: Person, approval: Approval) -> Approval:
    """The applicant takes his request back while nobody has decided it."""
    approval = Approval.objects.get(pk=approval.pk)
    queries.verify(approval, person)
    deeds.note(obj=approval.item_key, grant=approval.uid)
    mine = approval.applicant_id == person.pk
    moves.move(approval, Event.WITHDRAW, Circumstances(approval.act, actor_is_applicant=mine), "未撤回")
    approval.decided_at = clock.now()
    approval.save()
    room.matters()[approval.matter].returned(approval, person)
    return approval


@deed("approvals:list", reads=True)
def open_inbox(person: Person) -> queries.Inbox:
    """One's own requests, in three lists: to decide, asked by me, decided by me."""
    inbox = queries.inbox(person)
    deeds.note(counts={"lines": len(inbox.waiting) + len(inbox.asked) + len(inbox.done)})
    return inbox


@deed("approvals:open", reads=True)
def open_request(person: Person, uid: str, to_revoke: bool = False) -> Approval:
    """One request: for those who decide a step of it, its applicant, and those who decided one. Others: not there.

    `to_revoke`: for whoever may take the approval back, besides.
    """
    approval = weighing.row_or_another(Approval.objects.all(), uid)
    if approval is None:
        raise NotThere
    opens = queries.may_open(person, approval)
    revokes = to_revoke and grants.may_revoke(person, approval)
    if approval.uid != uid:
        raise NotThere
    deeds.note(obj=approval.item_key, grant=approval.uid)
    if not opens and not revokes:
        raise NotThere
    if queries.sight(person, approval) is not Sight.NOTHING:
        room.matters()[approval.matter].knew(approval, person)
    return approval
