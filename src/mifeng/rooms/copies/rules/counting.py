"""Counting copies: who counts, when a sheet may be closed, when a missing copy is treated as a leak. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum

from mifeng.clauses import enforces, parameter
from mifeng.clauses.parameters import after_months
from mifeng.engines.access import Decision, Level

MOST_NAMED = 10


class Kind(StrEnum):
    """盘点, 季度清理, 年终清退清理."""

    STOCK = "stock"
    QUARTER = "quarter"
    YEAR = "year"


KIND_WORDS = {Kind.STOCK: "盘点", Kind.QUARTER: "季度清理", Kind.YEAR: "年终清退清理"}


class Fate(StrEnum):
    """What becomes of a copy that was counted; `explained`: not seen, and why (a stock-take decides nothing else)."""

    KEEP = "keep"
    ARCHIVE = "archive"
    RETURN = "return"
    DESTROY = "destroy"
    MISSING = "missing"
    EXPLAINED = "explain"


FATE_WORDS = {
    Fate.KEEP: "留用", Fate.ARCHIVE: "归档", Fate.RETURN: "清退原单位", Fate.DESTROY: "销毁", Fate.MISSING: "下落不明",
    Fate.EXPLAINED: "已说明",
}  # fmt: skip
OF_A_YEAR = frozenset({Fate.KEEP, Fate.ARCHIVE, Fate.RETURN, Fate.DESTROY})
DONE = frozenset({Fate.ARCHIVE, Fate.RETURN, Fate.DESTROY, Fate.MISSING})  # what a decision does to the copy


def may_open(kind: Kind, office: bool, own: bool, second_apart: bool) -> Decision:
    """A sheet is opened by the custodian himself or the office, with a second person who is neither."""
    if kind is Kind.YEAR and not office:
        return Decision.refuse("year_by_office", "G4.5", "年终清退清理由总经办下达")
    if not (office or own):
        return Decision.refuse("counts_own_book", "G4.2", "盘点由保管人本人或总经办发起")
    if kind is not Kind.YEAR and not second_apart:
        return Decision.refuse("second_person", "G4.2", "盘点须另有一人在场签字,不得是保管人或发起人")
    return Decision.permit("may_open_count", "G4.2")


def may_cross(kind: Kind, second: bool, officer: bool, same_department: bool, own: bool) -> Decision:
    """The second signature: whoever was named; of a year's sheet a secrecy officer of another department."""
    if own:
        return Decision.refuse("own_count", "G4.5", "本人保管或清点的,由他人核对")
    if kind is Kind.YEAR and (not officer or same_department):
        return Decision.refuse("other_department", "G4.5", "年终清理由其他部门的保密员交叉检查")
    if kind is not Kind.YEAR and not second:
        return Decision.refuse("second_person", "G4.2", "由发起时指定的第二人签字")
    return Decision.permit("may_cross", "G4.5")


@enforces("G4.2")
def may_close(unseen: Sequence[str], crossed: bool) -> Decision:
    """不得随处乱放、丢失。

    A stock-take is closed when each copy was seen, is said to be missing, or its absence was explained, and a second
    person has signed. `unseen`: numbers of the others.
    """
    if unseen:
        named, more = "、".join(unseen[:MOST_NAMED]), "" if len(unseen) <= MOST_NAMED else "……"
        zh = f"还有{len(unseen)}份未见到实物也未说明:{named}{more}"
        en = f"{len(unseen)} copies were neither seen nor explained: {', '.join(unseen[:MOST_NAMED])}{more}."
        return Decision.refuse("all_seen", "G4.2", zh, en=en)
    if not crossed:
        return Decision.refuse("count_signed", "G4.2", "第二人签字之后才能结束盘点")
    return Decision.permit("count_closed", "G4.2")


@enforces("G4.5")
def may_close_year(unseen: Sequence[str], undecided: Sequence[str], crossed: bool) -> Decision:
    """年终整理,逐件定存或销并分类处理。

    A year's sheet is closed when each copy was seen and decided on, and another department has checked it; the copies
    that stand in the way are named.
    """
    open_ones = list(dict.fromkeys([*unseen, *undecided]))
    if open_ones:
        named, more = "、".join(open_ones[:MOST_NAMED]), "" if len(open_ones) <= MOST_NAMED else "……"
        zh = f"{len(unseen)}份未见到实物,{len(undecided)}份未定去向:{named}{more}"
        en = f"{len(unseen)} copies were not seen, {len(undecided)} not decided: {', '.join(open_ones[:MOST_NAMED])}{more}."
        return Decision.refuse("all_decided", "G4.5", zh, en=en)
    if not crossed:
        return Decision.refuse("cross_checked", "G4.5", "其他部门交叉检查之后才能关闭")
    return Decision.permit("year_closed", "G4.5")


def may_decide(kind: Kind, fate: Fate, seen: bool, reason: str, own: bool) -> Decision:
    """What may be entered for a copy of a sheet: one of the year's fates for what was seen, else missing or a reason."""
    if not own:
        return Decision.refuse("custodian_decides", "G4.5", "去向由保管人逐件确定")
    if kind is Kind.YEAR and fate in OF_A_YEAR:
        if not seen:
            return Decision.refuse("decide_what_was_seen", "G4.5", "见到实物之后才能定去向;未见到的先找,确实找不到的报下落不明")
        return Decision.permit("may_decide", "G4.5")
    if fate is Fate.MISSING or (fate is Fate.EXPLAINED and kind is not Kind.YEAR):
        if seen:
            return Decision.refuse("seen_already", "G4.2", "此份已见到实物")
        if not reason.strip():
            return Decision.refuse("missing_reason", "G4.2", "未见到的须逐份写明情况")
        return Decision.permit("may_decide", "G4.2")
    return Decision.refuse("fate_of_a_year", "G4.5", "归档、清退、销毁在年终清理中确定")


@enforces("G4.2")
def leak_after(level: int, missing_on: date, on: date) -> date | None:
    """不得随处乱放、丢失。

    The last day on which a missing copy may still be found; afterwards it is treated as a leak (10 days for 绝密, 60 for
    机密 and 秘密: the parameters' figures). None below 秘密.
    """
    if level < Level.CONFIDENTIAL:
        return None
    return missing_on + timedelta(days=int(parameter("M7.2", f"missing_days_{level}", on=on)))


@enforces("C4.1")
def clean_until(last: date, on: date) -> date | None:
    """定期清理文电。

    The last day until which a custodian cleans up again, `last` being the day of his last clean-up or the day since when
    he keeps copies.
    """
    return after_months(last, int(parameter("C4.1", "cleanup_months", on=on)))
