"""Copying and first print: what may be copied at all, how many numbers, what is done with waste sheets. Pure."""

from collections.abc import Collection

from mifeng.clauses import enforces
from mifeng.engines.access import Decision, Level
from mifeng.rooms.copies.facts import GONE, LOST, CopyFacts, Sheets

FOREIGN = frozenset({"partner", "state"})  # where a paper that somebody else issued comes from


@enforces("M2.1")
def may_be_source(copy: CopyFacts) -> Decision:
    """未经总经理或主管副总经理批准,密级文件资料物品不得复制、摘抄。

    A copy of a copy is refused, whoever approved it; so is one of a copy that is lost or gone.
    """
    if copy.rep:
        return Decision.refuse("copy_of_a_copy", "M2.1", "此份本身是复制件,不得再复制、摘抄,请按原件办理")
    if copy.state in GONE | LOST:
        return Decision.refuse("no_source", "M2.1", "此份已不在或下落不明,不能作为复制的原件")
    return Decision.permit("may_be_source", "M2.1")


@enforces("M2.1")
def issuer_consents(origin: str, level: int, consent: str) -> bool:
    """未经总经理或主管副总经理批准,密级文件资料物品不得复制、摘抄。

    绝密 of another issuer is copied only with that issuer's consent, which is named.
    """
    return origin not in FOREIGN or level < Level.TOP_SECRET or bool(consent.strip())


@enforces("M2.1")
def pages_inside(pages: Collection[int], granted: Collection[int]) -> Decision:
    """未经总经理或主管副总经理批准,密级文件资料物品不得复制、摘抄。

    Page 4 is not opened by the approval of page 3.
    """
    if pages and set(pages) <= set(granted):
        return Decision.permit("pages_inside", "M2.1")
    return Decision.refuse("other_pages", "M2.1", "批准的页码不含这些页")


@enforces("M2.1")
def as_judged(version: int, now: int) -> Decision:
    """未经总经理或主管副总经理批准,密级文件资料物品不得复制、摘抄。

    What leaves is the version that was judged; a file that was replaced since is asked for anew. 0 = paper alone.
    """
    if version == now:
        return Decision.permit("as_judged", "M2.1")
    return Decision.refuse("another_version", "M2.1", "批准之后此件已换新版,批准不及新版,请按新版重新申请")


@enforces("C2.2")
def may_finish(sheets: Sheets) -> Decision:
    """印制、复印秘密文电须签批。

    A run is registered when the waste is: the sheets of each void copy are counted, and for any waste it is said what
    was done with it.
    """
    if sheets.counted < sheets.void:
        return Decision.refuse("waste_not_counted", "C2.2", "作废的份尚未清点废页,请先登记")
    if (sheets.waste or sheets.void) and not sheets.waste_told:
        return Decision.refuse("waste_not_told", "C2.2", "有废页的,须写明废页如何处理")
    if not sheets.good:
        return Decision.refuse("nothing_made", "C2.2", "没有一份完好,请由原批准人补发后再办")
    return Decision.permit("may_finish", "C2.2")


def may_void(made: bool) -> Decision:
    """`made`: the copy came of a run of copying, so it has sheets: spoiled ones are counted in its run, good ones destroyed."""
    if made:
        why = "复制、印制的份在办理页登记废页作废,已登记发放的须按销毁办理"
        return Decision.refuse("void_in_its_run", "C2.2", why)
    return Decision.permit("may_void", "G4.4")


def waste_counted(spoiled: int, pages: int, printed: bool) -> Decision:
    """How many sheets a void copy came to. A copy that was printed left the house's files whole: two pages a sheet at most."""
    if spoiled < 1 or (printed and 2 * spoiled < pages):
        return Decision.refuse("waste_form", "C2.2", "须写明原因并清点全部废页,已打印的份连同完好的页一并作废")
    return Decision.permit("waste_counted", "C2.2")


@enforces("C2.2")
def may_print_first(originals: int) -> Decision:
    """印制、复印秘密文电须签批。

    The issue sheet covers the first print once; whatever is wanted after it is a copy with an approval of its own.
    """
    if originals:
        return Decision.refuse("printed_already", "C2.2", "此件已经印制,再要份数请按复制报批")
    return Decision.permit("may_print_first", "C2.2")


def goes_inside(in_scope: bool) -> Decision:
    """Whoever is to have a copy may know the item; its applicant, who does, is told so in plain words."""
    if in_scope:
        return Decision.permit("goes_inside", "C1")
    return Decision.refuse("recipient_outside_scope", "C1", "每份去向须在知悉范围内,请先办理扩大知悉范围")
