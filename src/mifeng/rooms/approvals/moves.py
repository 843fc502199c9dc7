"""The one way to another state: `rules.transition` says where to, nothing else writes the column.

A guard in the database (`state_guard`) refuses every change that the table does not list, whoever writes it.
"""

from mifeng.base import deeds
from mifeng.base.codes import CodedRow
from mifeng.base.refusals import Refused
from mifeng.engines.access import Decision
from mifeng.rooms.approvals import rules
from mifeng.rooms.approvals.facts import Circumstances, Event, Refusal, State
from mifeng.rooms.approvals.models import Approval, Grant


def refusal(found: Refusal, not_done: str) -> Refused:
    """A refusal of the rules as the deed raises it."""
    return Refused(Decision.refuse(found.rule, found.clause, found.zh, en=found.en), not_done)


def move(approval: Approval, event: Event, circumstances: Circumstances, not_done: str) -> None:
    """Move the request along the table; the caller saves. Raises Refused with the first guard that does not hold."""
    then = rules.transition(State(approval.state), event, circumstances)
    if isinstance(then, Refusal):
        raise refusal(then, not_done)
    approval.state = then


def end_grants(approval: Approval, state: State) -> int:
    """Every live grant of the request ends, its uses at 0; how many did. Inside a deed; verified by the caller.

    One conditional UPDATE a grant, as in spending: of a use and a revocation at the same instant one is first.
    """
    ended = 0
    for grant in approval.grants.filter(state="approved"):
        left = 0 if grant.uses_left is not None else None
        changed = Grant.objects.filter(pk=grant.pk, state="approved").update(state=state, uses_left=left, ver=grant.ver + 1)
        if changed:
            grant.refresh_from_db()
            recode(grant)
        ended += changed
    return ended


def recode(row: CodedRow) -> None:
    """The code of a row that a conditional UPDATE has just changed: the row was verified before it, in this deed."""
    row.row_mac = row.row_code()
    type(row)._base_manager.filter(pk=row.pk).update(row_mac=row.row_mac)
    deeds.touch(row.STATE[0], getattr(row, row.STATE[1]))
