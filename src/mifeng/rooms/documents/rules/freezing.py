"""Freezing an item while an incident is looked into (M7.1, whose clause belongs to the room of incidents). Pure."""

from collections.abc import Collection
from datetime import datetime

from mifeng.engines.access import Decision

MAY_FREEZE = frozenset({"gmo_head", "gm"})


def may_freeze(posts: Collection[str], reason: str, frozen: bool) -> Decision:
    """By the office's head; where he is involved himself, by the general manager. A freeze names its reason."""
    if not MAY_FREEZE & set(posts):
        return Decision.refuse("office_freezes", "M7.1", "冻结由总经理办公室主任办理,本人涉事的由总经理办理")
    if not reason.strip():
        return Decision.refuse("reason_required", "M7.1", "请写明理由")
    if frozen:
        return Decision.refuse("frozen_already", "M7.1", "此件已冻结")
    return Decision.permit("may_freeze", "M7.1")


def may_lift(posts: Collection[str], frozen: bool) -> Decision:
    """Whoever may freeze confirms and lifts."""
    if not MAY_FREEZE & set(posts):
        return Decision.refuse("office_freezes", "M7.1", "冻结由总经理办公室主任办理,本人涉事的由总经理办理")
    if not frozen:
        return Decision.refuse("not_frozen", "M7.1", "此件没有冻结")
    return Decision.permit("may_lift", "M7.1")


def is_over(until: datetime, confirmed: bool, now: datetime) -> bool:
    """True when the hours of an unconfirmed freeze have passed."""
    return not confirmed and until <= now
