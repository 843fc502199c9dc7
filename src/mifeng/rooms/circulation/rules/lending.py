"""借阅: within the scope, for a term, renewed once, never lent on; 绝密 in the reading room only. Pure."""

from datetime import date

from mifeng.base import working_days
from mifeng.clauses import enforces, parameter
from mifeng.engines.access import Decision, Level
from mifeng.rooms.circulation.facts import WHERE_WORDS, Lending

READING_ROOM = "reading_room"


@enforces("C3")
def may_lend(loan: Lending) -> Decision:
    """立卷、归档、借阅按规定办理。

    Looked at when it is asked for and again when it is handed out.
    """
    if loan.where not in WHERE_WORDS:
        return Decision.refuse("where_required", "C3", "请写明阅读地点:机要室或本部门涉密场所")
    if loan.level >= Level.TOP_SECRET and loan.where != READING_ROOM:
        return Decision.refuse("top_secret_in_reading_room", "C3", "绝密件只能在机要室当场阅读,不得借出")
    if not loan.in_scope:
        return Decision.refuse("borrower_outside_scope", "C3", "借阅人不在知悉范围内")
    if loan.late:
        return Decision.refuse("borrower_is_late", "C3", "借阅人有逾期未还的密件,归还之前不得再借")
    if not loan.by_keeper:
        return Decision.refuse("no_sub_lending", "C3", "借阅件不得转借,由保管人收回后另行借出")
    return Decision.permit("may_lend", "C3")


@enforces("C3")
def may_renew(renewals: int, late: bool, on: date) -> Decision:
    """立卷、归档、借阅按规定办理。

    Once, and before it is due.
    """
    if late:
        return Decision.refuse("renewal_too_late", "C3", "已逾期,不得续借,请先归还")
    if renewals >= int(parameter("C3", "renewals", on=on)):
        return Decision.refuse("renewed_already", "C3", "只能续借一次")
    return Decision.permit("may_renew", "C3")


def is_out(back: bool) -> Decision:
    """What came back is given back once: whoever types it again is told so."""
    if back:
        return Decision.refuse("already_back", "C3", "此件已归还,不再办理归还、续借")
    return Decision.permit("is_out", "C3")


def head_is_told(due: date, today: date) -> bool:
    """So many days after the last day the head of the borrower's department is told; `due` is that last day."""
    return (today - due).days >= int(parameter("C3", "dept_head_after_days", on=due))


def last_day(level: int, on: date) -> date:
    """The last day of a loan that begins on `on`: 绝密 the same day, 机密 5, 秘密 10 working days (the clause's figures)."""
    return working_days.after(on, int(parameter("C3", f"loan_working_days_{level}", on=on)))
