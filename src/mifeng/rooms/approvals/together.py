"""Several requests of low risk, looked at as one list and confirmed once; each is a deed and an entry of its own."""

from collections.abc import Iterable
from dataclasses import dataclass

from mifeng.base import language
from mifeng.base.refusals import Conflict, NotThere, Refused
from mifeng.rooms.approvals import actions, queries
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.people.models import Person

MOST = 50


@dataclass(frozen=True)
class Outcome:
    """What became of one of them: "" = approved, else why not, in the language of the page, with its clause."""

    approval: Approval
    why: str = ""
    clause: str = ""


def chosen(person: Person, uids: Iterable[str]) -> list[Approval]:
    """Those of these that wait for this person, in the order of his list, all of one matter: that of the first.

    What else was sent is nobody's, and is left where it was.
    """
    wanted = set(uids)
    found = [approval for approval in queries.waiting_for(person) if approval.uid in wanted]
    return [approval for approval in found if approval.matter == found[0].matter][:MOST]


def approve(person: Person, uids: Iterable[str], note: str = "") -> list[Outcome]:
    """Approve each of them by its own deed; one that fails is named, and the others stand."""
    found = chosen(person, uids)
    return [_one(person, approval, note, len(found)) for approval in found]


def _one(person: Person, approval: Approval, note: str, count: int) -> Outcome:
    try:
        actions.approve(person, approval, note, together=count)
    except Refused as refused:
        return Outcome(approval, language.reason(refused.decision.reasons[0]), refused.decision.clause)
    except (Conflict, NotThere):
        return Outcome(approval, queries.state_word(Approval.objects.get(pk=approval.pk)))
    return Outcome(approval)
