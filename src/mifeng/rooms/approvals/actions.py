"""Deeds of deciding: approve, return, withdraw, look at the inbox and at one request."""

from datetime import timedelta

from mifeng.base import clock, deeds, duties, room
from mifeng.base.deeds import deed
from mifeng.base.refusals import Conflict, NotThere, Refused
from mifeng.clauses import parameter
from mifeng.engines.access import Decision
from mifeng.rooms.approvals import queries, requests
from mifeng.rooms.approvals.models import Approval, Part, StepTaken
from mifeng.rooms.people.models import Person


def _mine(person: Person, approval: Approval) -> queries.Standing:
    """In which capacity this person decides the present step; refused when he is not one who does."""
    standing = queries.standing(person, approval)
    if approval.state != "asked":
        raise Conflict("", queries.state_word(approval))
    if standing is None:
        raise Refused(queries.why_not(person, approval), "未批准")
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
    Part.objects.get_or_create(approval=approval, role="approver", person=person)


@deed("approvals:approve", subject="")
def approve(person: Person, approval: Approval, note: str = "") -> Approval:
    """Say yes to the present step; the last yes carries the matter out in the same transaction."""
    standing = _mine(person, approval)
    deeds.note(obj=approval.item_key, grant=approval.uid, step=standing.post)
    _take(approval, person, standing, "approved", note)
    if approval.step_no + 1 < len(approval.steps_list):
        approval.step_no += 1
        approval.save()
        requests.settle(approval)
        return approval
    approval.state, approval.decided_at = "approved", clock.now()
    approval.until = clock.now() + timedelta(days=int(parameter("M2.1", "approval_lapse_days", on=clock.today())))
    approval.save()
    room.matters()[approval.matter].done(approval, person)
    duties.remind(approval.applicant_id, "decided", f"approvals:{approval.uid}", once=approval.uid)
    return approval


@deed("approvals:return", subject="")
def send_back(person: Person, approval: Approval, reason: str) -> Approval:
    """退回 with a reason; the applicant may ask again."""
    if not reason.strip():
        raise Refused(Decision.refuse("reason_required", "P3.1", "退回须写明理由"), "未退回")
    standing = _mine(person, approval)
    deeds.note(obj=approval.item_key, grant=approval.uid, reason=reason)
    _take(approval, person, standing, "returned", reason)
    approval.state, approval.decided_at = "returned", clock.now()
    approval.save()
    room.matters()[approval.matter].returned(approval, person)
    duties.remind(approval.applicant_id, "returned", f"approvals:{approval.uid}", once=approval.uid)
    return approval


@deed("approvals:withdraw", subject="")
def withdraw(person: Person, approval: Approval) -> Approval:
    """The applicant takes his request back while nobody has decided it."""
    if approval.applicant_id != person.pk:
        raise Refused(Decision.refuse("applicant_withdraws", "M2.1", "只有申请人可以撤回"), "未撤回")
    if approval.state != "asked":
        raise Conflict("", queries.state_word(approval))
    deeds.note(obj=approval.item_key, grant=approval.uid)
    approval.state, approval.decided_at = "withdrawn", clock.now()
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
def open_request(person: Person, uid: str) -> Approval:
    """One request: for those who decide a step of it, its applicant, and those who decided one. Others: not there."""
    approval = Approval.objects.filter(uid=uid).first()
    if approval is None:
        raise NotThere
    deeds.note(obj=approval.item_key, grant=approval.uid)
    if not queries.may_open(person, approval):
        raise NotThere
    return approval
