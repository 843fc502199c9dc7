"""What this room answers to the conditions of the table of approvals: predicates by name, for its matters."""

from datetime import date
from typing import Any

from mifeng.base import clock
from mifeng.engines.access import Level, Term
from mifeng.rooms.approvals import queries as approvals
from mifeng.rooms.approvals.facts import Sight
from mifeng.rooms.documents import queries
from mifeng.rooms.documents.actions import _shared
from mifeng.rooms.documents.actions.changing import REVIEWED
from mifeng.rooms.documents.rules import terms
from mifeng.rooms.people.models import Person


def decider_not_below_original(approval: Any, person: Any, stage: str) -> bool:
    """P4.1: whoever signs last stands no lower than whoever decided the level; a delegate counts as whom he acts for."""
    if stage != "decide" or approval.step_no + 1 < len(approval.steps_list):
        return True
    standing = approvals.standing(person, approval)
    mine = max(_shared.rank(person), terms.DECIDER_RANK.get(standing.post, 0) if standing else 0)
    return terms.may_release(_shared.facts_of(queries.of_key(approval.item_key)), mine).allow


def extension_allowed(approval: Any, person: Any, stage: str) -> bool:
    """P4.0, P4.1: before the last day is over and inside the cap of the level, also when it is decided."""
    document, told = queries.of_key(approval.item_key), approval.payload_data["term"]
    if approval.payload_data.get("kind") in REVIEWED:  # counted from the review; the deed itself weighs it
        return True
    if told is None or document.level < Level.CONFIDENTIAL:  # released in the meantime: no term is left to extend
        return False
    start = document.term_start or clock.today()
    on = date.fromisoformat(told["on"]) if told["on"] else None
    ends = Term(told["kind"], value=told["value"], on=on).ends_on(start)
    return terms.may_extend(_shared.facts_of(document), ends, start, clock.today()).allow


def named_persons_at_top(approval: Any, person: Any, stage: str) -> bool:
    """P1.1: at 绝密 the scope names persons, never posts or departments."""
    return approval.level < Level.TOP_SECRET or all(line[0] == "person" for line in approval.payload_data["lines"])


def knew(approval: Any, person: Person) -> None:
    """Whoever judges an item knows it from then on: 审批, or its title (知悉标题) where he decides without reading.

    Inside the deed of looking or deciding, before the decision. The first page of a copy, once opened, is entered by
    the reader itself.
    """
    way = "approval" if approvals.sight(person, approval) is Sight.PAGES else "title"
    _shared.knows(queries.of_key(approval.item_key), person, way)


CONDITIONS = {
    "decider_not_below_original_decider": decider_not_below_original, "before_expiry": extension_allowed,
    "within_cap_30_20_10_years": extension_allowed, "named_persons_only_at_top_secret": named_persons_at_top,
}  # fmt: skip
