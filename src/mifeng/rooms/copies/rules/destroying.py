"""The steps of a destruction, and what must be true before each. Pure."""

from collections.abc import Collection, Iterable
from enum import StrEnum

from mifeng.engines.access import Decision
from mifeng.rooms.copies.facts import Keeper


class Step(StrEnum):
    """Where a list stands (F10): listed, confirmed by the archive, asked for, approved, in sealed bags, destroyed, signed."""

    LISTED = "listed"
    CONFIRMED = "confirmed"
    ASKED = "asked"
    APPROVED = "approved"
    BAGGED = "bagged"
    EXECUTED = "executed"
    DONE = "done"
    RETURNED = "returned"
    DROPPED = "dropped"


STEP_WORDS = {
    Step.LISTED: "清理列册", Step.CONFIRMED: "鉴定", Step.ASKED: "待审批", Step.APPROVED: "已批准", Step.BAGGED: "封存",
    Step.EXECUTED: "待监销签字", Step.DONE: "已销毁", Step.RETURNED: "退回", Step.DROPPED: "已撤册",
}  # fmt: skip
METHODS = {
    "shred": "粉碎", "pulp": "化浆", "burn": "焚毁", "degauss": "消磁", "crush": "物理粉碎",
}  # fmt: skip
MOST_PICTURES = 12
# What may follow on what.
FOLLOWS: dict[Step, frozenset[Step]] = {
    Step.CONFIRMED: frozenset({Step.LISTED}),
    Step.ASKED: frozenset({Step.CONFIRMED, Step.RETURNED}),
    Step.BAGGED: frozenset({Step.APPROVED}),
    Step.EXECUTED: frozenset({Step.BAGGED}),
    Step.DONE: frozenset({Step.EXECUTED}),
    Step.DROPPED: frozenset({Step.LISTED, Step.CONFIRMED, Step.RETURNED}),
}


# From what is furthest behind to what is over.
ORDER = (
    Step.LISTED, Step.CONFIRMED, Step.RETURNED, Step.ASKED, Step.APPROVED, Step.BAGGED, Step.EXECUTED, Step.DONE, Step.DROPPED,
)  # fmt: skip
WAITING = frozenset({Step.ASKED, Step.APPROVED, Step.BAGGED})  # stands on a request or on what it granted


def stands(step: Step, runs: bool) -> Step:
    """Where a paper stands. What was asked for or granted and `runs` no more (lapsed, taken back) is asked for anew."""
    return Step.RETURNED if step in WAITING and not runs else step


def of_all(steps: Iterable[Step]) -> Step:
    """Where a list stands: where the paper is that is furthest behind."""
    return min(steps, key=ORDER.index)


def may_join(papers: int, limited: int) -> Decision:
    """Several papers stand on one list; one that only few may know stands alone, else its list would tell of it."""
    if papers > 1 and limited:
        return Decision.refuse("listed_alone", "P0.3", "只限少数人知悉的件、涉及人员的件单独列册,不与其他件同册")
    return Decision.permit("may_join", "G4.5")


def may_strike(step: Step, limited: bool) -> Decision:
    """A paper leaves its list before it is approved or once that is over; what few may know since then leaves it until it is destroyed."""
    if limited and step in (Step.APPROVED, Step.BAGGED):
        return Decision.permit("may_strike", "P0.3")
    return may_follow(step, Step.DROPPED)


def may_follow(now: Step, wanted: Step) -> Decision:
    """The steps come one after the other, none is left out."""
    if now in FOLLOWS[wanted]:
        return Decision.permit("destruction_step", "G4.5")
    return Decision.refuse("destruction_step", "G4.5", "销毁按列册、鉴定、审批、封存、监销的次序办理,此步现在不能办")


def may_list(copies: int, reason: str, place: str, method: str) -> Decision:
    """A list names its copies, why they go, how and where."""
    if not copies or not reason.strip() or not place.strip() or method not in METHODS:
        return Decision.refuse("destruction_form", "G4.5", "请写明销毁理由、方式和地点;列册的份须先列入待销")
    return Decision.permit("may_list", "G4.5")


def may_shred(others: int) -> Decision:
    """The item's files go only with its last copy: while one is left, they stay. Of several papers: the least that is left of one."""
    if others:
        zh = f"此件还有{others}份未了结,电子原件暂不销毁"
        return Decision.refuse("last_copy", "G4.5", zh, en=f"{others} other copies are left, so the files of this item stay.")
    return Decision.permit("may_shred", "G4.5")


def fit_to_watch(fit: bool) -> Decision:
    """`fit`: both watchers are there, cleared for the level, and none of whom the item speaks: they see every sheet."""
    if fit:
        return Decision.permit("fit_to_watch", "K1.0")
    return Decision.refuse("fit_to_watch", "K1.0", "监销人须在职,涉密等级不低于此件密级,且不是当事人")


def may_escort(escorts: Collection[Collection[Keeper]]) -> Decision:
    """押运: two persons, each entrusted with transit at the level of every paper, as its carriers are (M1.1, M2.2).

    `escorts`: each of the two as a bearer of each paper.
    """
    if len({one.pid for papers in escorts for one in papers}) != 2:
        return Decision.refuse("two_escorts", "G4.5", "封存须写明两名押运人")
    if not all(one.active and one.appointed for papers in escorts for one in papers):
        return Decision.refuse("escort_not_designated", "M2.2", "押运人须是受委托传递此密级的指定人员")
    return Decision.permit("may_escort", "M2.2")


def may_watch(watchers: Collection[int], applicant: int, executor: int) -> Decision:
    """Two persons watch, neither of them the applicant or whoever destroys (M1.1)."""
    if len(set(watchers) - {applicant, executor}) < 2:
        return Decision.refuse("two_watchers", "M1.1", "监销须两人,不得是申请人或销毁人")
    return Decision.permit("may_watch", "M1.1")


def may_show(step: Step, took_part: bool, picture: bool, already: int) -> Decision:
    """影像: whoever destroyed or watched adds photographs, once the papers are destroyed; pictures, and not too many."""
    if not took_part or step not in (Step.EXECUTED, Step.DONE):
        return Decision.refuse("evidence_by_those_present", "G4.5", "影像由销毁人、监销人在销毁之后附上")
    if not picture:
        return Decision.refuse("evidence_is_a_picture", "G4.5", "影像须为照片(JPEG、PNG、TIFF 或 WebP)")
    if already >= MOST_PICTURES:
        zh = f"一份清册最多附{MOST_PICTURES}张照片"
        return Decision.refuse("evidence_enough", "G4.5", zh, en=f"A list has at most {MOST_PICTURES} photographs.")
    return Decision.permit("may_show", "G4.5")
