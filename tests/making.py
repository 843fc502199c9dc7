"""Copying in tests: asked for by somebody in the scope, approved, carried out by the clerk."""

from typing import Any

from mifeng.rooms.approvals import actions as approvals
from mifeng.rooms.copies import actions
from mifeng.rooms.copies.actions.reproducing import Wish
from mifeng.rooms.copies.facts import Method

PLACE = "机要室 复印机 2 号"


def wish(**changes: Any) -> Wish:
    """Two prints of the first three pages."""
    told: dict[str, Any] = {"method": Method.PRINT, "pages": frozenset({1, 2}), "count": 2, "purpose": "项目评审会用"}
    return Wish(**told | changes)


def asked(house: Any, cast: Any, document: Any, **changes: Any) -> Any:
    """A request of the drafter, who is in the scope."""
    by = changes.pop("by", cast.drafter)
    return actions.ask_reproduction(by, document, house.sit(by), wish(**changes))


def approved(house: Any, cast: Any, document: Any, **changes: Any) -> Any:
    """The same, approved by the supervising deputy, or by whom the test names."""
    approver = changes.pop("approver", cast.deputy)
    return approvals.approve(approver, asked(house, cast, document, **changes), "同意")
