"""Leave by word of mouth (D2): the clerk records it, the leader confirms within one working day, nothing opens before."""

from datetime import datetime

from mifeng.base import ladders
from mifeng.base.refusals import Refused
from mifeng.engines.access import Decision
from mifeng.rooms.approvals import queries
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.people.models import Person


def may_record(person: Person) -> Decision:
    """Only the clerk records what a leader allowed by word; nobody records leave for himself."""
    if "clerk" in person.posts():
        return Decision.permit("clerk_records_leave", "D2")
    return Decision.refuse("clerk_records_leave", "D2", "领导口头许可由机要员登记")


def insist(approval: Approval, not_done: str) -> None:
    """The leader who is said to have agreed decides this step today; anybody else's word opens nothing. Inside a deed."""
    leader = approval.verbal_by
    if leader is not None and leader not in queries.candidates(approval):
        raise Refused(Decision.refuse("not_his_leave", "D2", "口头许可须出自有权批准此事的领导"), not_done)


def may_confirm(person: Person, approval: Approval) -> bool:
    """A recorded word is confirmed by whoever gave it, as long as he decides the step; then by whoever does."""
    leader = approval.verbal_by
    return leader is None or leader == person or leader not in queries.candidates(approval)


def confirm_by(approval: Approval) -> datetime:
    """The instant at which the working day for confirming is over (D2): the end of the next working day."""
    return ladders.due_after("verbal", approval.asked_at)


def is_late(approval: Approval, at: datetime) -> bool:
    """Recorded, not confirmed in time: it opens nothing, and the head of the office sees it."""
    return approval.verbal_by_id is not None and approval.state == "asked" and at >= confirm_by(approval)
