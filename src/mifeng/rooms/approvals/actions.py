"""Deeds of deciding: approve, return, withdraw, look at the inbox and at one request."""

from datetime import timedelta

from mifeng.base import clock, deeds, duties, room
from mifeng.base.deeds import deed
from mifeng.base.refusals import Conflict, NotThere, Refused
from mifeng.clauses import parameter
from mifeng.engines.access import Decision
from mifeng.rooms.approvals import queries, requests, rules
from mifeng.rooms.approvals.facts import Circumstances, Event, Refusal, State
from mifeng.rooms.approvals.models import Approval, Part, StepTaken
from mifeng.rooms.people.models import Person


def _mine(person: Person, approval: Approval, not_done: str) -> queries.Standing:
    """In which capacity this person decides the present step; refused when he is not one who does."""
    queries.verify(approval)
    standing = queries.standing(person, approval)
    if approval.state != State.ASKED:
        raise Conflict("", queries.state_word(approval))
    if standing is None:
        raise Refused(queries.why_not(person, approval), not_done)
    return standing


def _move(approval: Approval, event: Event, circumstances: Circumstances, not_done: str) -> None:
    """The one way to another state: the table of rules.transition; the caller saves. Raises Refused."""
    then = rules.transition(State(approval.state), event, circumstances)
    if isinstance(then, Refusal):
        raise Refused(Decision.refuse(then.rule, then.clause, then.zh, en=then.en), not_done)
    approval.state = then


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
    standing = _mine(person, approval, "未批准")
    deeds.note(obj=approval.item_key, grant=approval.uid, step=standing.post)
    _take(approval, person, standing, "approved", note)
    left = len(approval.steps_list) - approval.step_no - 1
    _move(approval, Event.APPROVE, Circumstances(approval.act, decides=True, steps_left=left), "未批准")
    if approval.state == State.ASKED:
        approval.step_no += 1
        approval.save()
        requests.settle(approval)
        return approval
    approval.decided_at = clock.now()
    approval.until = clock.now() + timedelta(days=int(parameter("M2.1", "approval_lapse_days", on=clock.today())))
    approval.save()
    room.matters()[approval.matter].done(approval, person)
    duties.remind(approval.applicant_id, "decided", f"approvals:{approval.uid}", once=approval.uid)
    return approval


@deed("approvals:return", subject="")
def send_back(person: Person, approval: Approval, reason: str) -> Approval:
    """退回 with a reason; the applicant may ask again."""
    standing = _mine(person, approval, "未退回")
    deeds.note(obj=approval.item_key, grant=approval.uid, reason=reason)
    _take(approval, person, standing, "returned", reason)
    _move(approval, Event.RETURN, Circumstances(approval.act, decides=True, reason_given=bool(reason.strip())), "未退回")
    approval.decided_at = clock.now()
    approval.save()
    room.matters()[approval.matter].returned(approval, person)
    duties.remind(approval.applicant_id, "returned", f"approvals:{approval.uid}", once=approval.uid)
    return approval


@deed("approvals:withdraw", subject="")
def withdraw(person: Person, approval: Approval) -> Approval:
    """The applicant takes his request back while nobody has decided it."""
    deeds.note(obj=approval.item_key, grant=approval.uid)
    mine = approval.applicant_id == person.pk
    _move(approval, Event.WITHDRAW, Circumstances(approval.act, actor_is_applicant=mine), "未撤回")
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
def open_request(person: Person, uid: str) -> Approval:
    """One request: for those who decide a step of it, its applicant, and those who decided one. Others: not there."""
    approval = Approval.objects.filter(uid=uid).first()
    if approval is None:
        raise NotThere
    deeds.note(obj=approval.item_key, grant=approval.uid)
    if not queries.may_open(person, approval):
        raise NotThere
    return approval
