"""阅批即归档: what the leader has noted lies in its cupboard a working day later, or is kept out by name. Pure."""

from datetime import date, datetime

from mifeng.clauses import enforces
from mifeng.engines.access import Decision


@enforces("D1")
def overdue(due: datetime, kept_until: date | None, today: date, now: datetime) -> bool:
    """领导阅批完的文件按程序立即归档入柜,不得散置。

    True when its time is over and no retention with a date holds it back.
    """
    return due <= now and (kept_until is None or kept_until < today)


@enforces("D1")
def may_file(placed: bool) -> Decision:
    """领导阅批完的文件按程序立即归档入柜,不得散置。

    Filed is what lies in a place that has a code.
    """
    if placed:
        return Decision.permit("may_file", "D1")
    return Decision.refuse("place_required", "D1", "归档入柜须写明存放位置")


def may_keep_out(until: date, today: date, reason: str) -> Decision:
    """Whoever needs it longer says until when and for what."""
    if until > today and reason.strip():
        return Decision.permit("may_keep_out", "D1")
    return Decision.refuse("retention_form", "D1", "留用须写明到哪一天和事由")
