"""What comes in: a marked paper is registered before anything else, the contents of state secrets never. Pure."""

from collections.abc import Sequence

from mifeng.clauses import enforces
from mifeng.engines.access import Decision, Level
from mifeng.rooms.circulation.facts import Envelope, Origin


@enforces("P5.1")
def may_leave_unregistered(marked: int, origin: Origin) -> Decision:
    """文员经手的文件所载秘密一律纳入管理。

    An envelope or paper that bears a level (`marked`, a rank), and a state secret in any case, leaves the inbox by registration only.
    """
    if marked < Level.CONFIDENTIAL and origin is not Origin.STATE:
        return Decision.permit("may_leave_unregistered", "P5.1")
    return Decision.refuse("marked_paper_unregistered", "P5.1", "来件标有密级,须登记后才能办结")


def may_enter(origin: Origin, personal: bool, title: bool, files: bool) -> Decision:
    """Of a state secret, and of what is for the addressee's own hands, only the cover is entered: no title, no file."""
    if origin is Origin.STATE and (title or files):
        return Decision.refuse("state_secret_cover_only", "G4.4", "国家秘密只登记封套所载,不得录标题、不得上传内容")
    if personal and (title or files):
        return Decision.refuse("personal_cover_only", "G4.4", "亲启件只登记封套,由收件人本人拆封")
    return Decision.permit("may_enter", "G4.4")


def listed(numbers: Sequence[int], most: int) -> str:
    """份号 as the book says them, one by one; where that is more than `most` signs, as runs: 000001—000060、000071."""
    single = "、".join(f"{n:06d}" for n in numbers)
    if len(single) <= most:
        return single
    runs: list[list[int]] = []
    for n in sorted(numbers):
        if runs and n == runs[-1][1] + 1:
            runs[-1][1] = n
        else:
            runs.append([n, n])
    return "、".join(f"{first:06d}" if first == last else f"{first:06d}—{last:06d}" for first, last in runs)


def numbers_of(told: str) -> set[int]:
    """The numbers that the book says so."""
    found: set[int] = set()
    for part in told.split("、") if told else ():
        first, _dash, last = part.partition("—")
        found |= set(range(int(first), int(last or first) + 1))
    return found


def suspicious(envelope: Envelope, marked: int) -> bool:
    """A levelled paper whose cover is damaged, or that came without one: somebody may have read it on its way."""
    return marked >= Level.CONFIDENTIAL and envelope is not Envelope.INTACT
