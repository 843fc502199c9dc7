"""A refusal has four parts: what did not happen, why, the clause, the next step.

Whoever may not know that the item exists gets the same bytes as for an item that does not exist (P0.3, P2.2): that is
decided here by `Refused.hidden`, not by each view.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.utils.translation import gettext_noop

from mifeng.engines.access import Decision

T = TypeVar("T")


@dataclass(frozen=True)
class NextStep:
    """The legal way, as a button: `label` is a verb, `url` a page of the house; POST only where the step itself acts."""

    label: str
    url: str
    post: bool = False


class Refused(Exception):
    """A deed was not done because a rule stood in the way. Raised inside a deed; recorded after the rollback."""

    def __init__(self, decision: Decision, not_done: str = "", next_step: NextStep | None = None) -> None:
        self.decision, self.not_done, self.next_step = decision, not_done, next_step
        super().__init__(f"refused by {decision.rule} ({decision.clause})")

    @property
    def hidden(self) -> bool:
        """True when the person may not learn that the item exists."""
        return not self.decision.knows

    @property
    def clauses(self) -> list[str]:
        """Clause ids that stood in the way, the determining one first."""
        return list(dict.fromkeys(reason.clause for reason in self.decision.reasons)) or [self.decision.clause]


class NotThere(Exception):
    """There is no such item; shown exactly like a hidden one."""


CHANGED = gettext_noop("已被改动")


class Conflict(Exception):
    """Somebody changed the row in between: `who` changed it, `what` stands there now (both fit for the person)."""

    def __init__(self, who: str, what: str) -> None:
        self.who, self.what = who, what
        super().__init__("changed in between")


def tried(deed: Callable[[], T]) -> tuple[T | None, Refused | None]:
    """What the deed gave, or why it was refused: for a page that says so beside what was typed, and keeps it.

    A refusal that hides the item is raised: its page is that of an absent item.
    """
    try:
        return deed(), None
    except Refused as refusal:
        if refusal.hidden:
            raise
        return None, refusal


def insist(decision: Decision, not_done: str = "", next_step: NextStep | None = None) -> Decision:
    """The decision when it allows; otherwise raises Refused with it."""
    if not decision.allow:
        raise Refused(decision, not_done, next_step)
    return decision
