"""Rules on looking at pages. Pure."""

from datetime import date

from mifeng.clauses import enforces, parameter
from mifeng.engines.access import Decision, Level
from mifeng.rooms.viewing.facts import Leaving


@enforces("D3")
def may_open_page(decision: Decision) -> Decision:
    """不翻看无权知悉的资料;已知者不得转告任何人。

    Need-to-know is decided at every page: a clearance without scope opens nothing, a right that ended since page 1
    refuses page 2.
    """
    return decision


@enforces("P2.1")
def must_blank(level: int, leaving: Leaving, on: date) -> bool:
    """处理秘密时不得有无关者在场;屏幕、打印、交接均须独占。

    The page is emptied when focus is gone longer than the grace time (0 s at 绝密), and at once when it is hidden,
    locked or superseded by another session.
    """
    if leaving.hidden or leaving.locked or leaving.superseded:
        return True
    return leaving.seconds > grace_seconds(level, on)


def grace_seconds(level: int, on: date) -> int:
    """Seconds without focus before the page is emptied (P2.1): 0 at 绝密, at most 20 below."""
    name = "grace_seconds_30" if level >= Level.TOP_SECRET else "grace_seconds"
    return int(parameter("P2.1", name, on=on))


@enforces("I10.6")
def within_pace(pages_in_window: int, on: date) -> Decision:
    """不得拷贝带走计算机文件资料。

    200 pages within 10 minutes by one person pause his viewing; the security administrator is told.
    """
    most = int(parameter("I10.6", "pages", on=on))
    if pages_in_window < most:
        return Decision.permit("within_pace", "I10.6")
    minutes = int(parameter("I10.6", "minutes", on=on))
    return Decision.refuse(
        "too_many_pages", "I10.6", f"{minutes}分钟内已阅{most}页,阅览暂停,请稍后再阅",
        en=f"{most} pages were opened within {minutes} minutes. Reading is paused; please come back later.",
    )
