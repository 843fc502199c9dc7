"""Deeds on what was granted: revoked, lapsed, replaced."""

from mifeng.base import clock, codes, deeds, duties
from mifeng.base.deeds import deed
from mifeng.base.refusals import Refused
from mifeng.clauses import matrix
from mifeng.engines.access import Decision
from mifeng.rooms.approvals import grants, moves, queries, requests
from mifeng.rooms.approvals.facts import Circumstances, Event, State
from mifeng.rooms.approvals.models import Approval, Grant
from mifeng.rooms.people.models import Person


@deed("approvals:revoke", subject="")
def revoke(person: Person, approval: Approval, reason: str) -> Approval:
    """撤销: the approver or his superior takes the approval back; what is unused can be used no more."""
    approval = Approval.objects.get(pk=approval.pk)
    queries.verify(approval, person)
    deeds.note(obj=approval.item_key, grant=approval.uid, reason=reason)
    if not reason.strip():
        clause = matrix.act(approval.act).clauses[0]
        raise Refused(Decision.refuse("reason_required", clause, "须写明理由"), "未撤销")
    grants.end(approval, grants.revoker(person, approval))
    return approval


@deed("approvals:lapse", subject="")
def lapse(person: Person, approval: Approval) -> bool:
    """失效 is written down; the applicant is told."""
    approval = Approval.objects.get(pk=approval.pk)
    deeds.note(obj=approval.item_key, grant=approval.uid)
    codes.verify("approval", [approval.pk])
    codes.verify("grant", approval.grants.values_list("pk", flat=True))
    past = approval.until is not None and approval.until <= clock.now()
    moves.move(approval, Event.LAPSE, Circumstances(approval.act, past=past), "未失效")
    moves.end_grants(approval, State.LAPSED)
    approval.save()
    duties.remind(approval.applicant_id, "lapsed", f"approvals:{approval.uid}", once=approval.uid)
    return True


@deed("approvals:resettle", subject="")
def resettle(person: Person, approval: Approval) -> bool:
    """An open request that waits for nobody: on to the next step where this one needs no signature any more; withdrawn where
    none of the few who may know its item can decide it. True if anything was done.
    """
    approval = Approval.objects.get(pk=approval.pk)
    deeds.note(obj=approval.item_key, grant=approval.uid)
    return approval.state == State.ASKED and requests.resettle(approval)


@deed("approvals:replace", subject="")
def replace(person: Person, grant: Grant, count: int, reason: str) -> Grant:
    """补发: uses that were spent on spoiled, registered sheets are granted once more, as a grant of its own."""
    grant = Grant.objects.select_related("approval").get(pk=grant.pk)
    approval = grant.approval
    queries.verify(approval, person)
    codes.verify("grant", [grant.pk])
    deeds.note(obj=grant.item_key, grant=grant.uid, reason=reason)
    clause = matrix.act(grant.act).clauses[0]
    if not grants.revoker(person, approval).decides:
        raise Refused(Decision.refuse("wrong_approver", clause, "只能由原批准人补发"), "未补发")
    again = sum(grant.replacements.values_list("uses", flat=True))
    if not reason.strip() or approval.state != State.EXECUTING or not 0 < count <= grant.uses - (grant.uses_left or 0) - again:
        raise Refused(Decision.refuse("nothing_to_replace", clause, "补发不得多于已用而作废的次数，并须写明理由"), "未补发")
    at = clock.now()
    end = max(grant.until, at + grants.lapse_after()) if approval.granted_now.until is None else grant.until
    return Grant.objects.create(
        approval=approval, item_key=grant.item_key, person=grant.person, act=grant.act, level=grant.level,
        executor_post=grant.executor_post, since=at, until=end, uses=count, uses_left=count, pages=grant.pages,
        replaces=grant, reason=reason,
    )  # fmt: skip
