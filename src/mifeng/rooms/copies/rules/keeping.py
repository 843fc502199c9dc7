"""Who keeps a copy, and where: the designated custodian, the strength of the place. Pure."""

from collections.abc import Mapping
from datetime import date, timedelta

from mifeng.clauses import enforces, parameter
from mifeng.engines.access import Decision, Level
from mifeng.rooms.copies.facts import KEPT, CopyFacts, Keeper, PlaceFacts, PlaceKind

# What each kind of place may hold at most (M2.3).
RATING: Mapping[PlaceKind, Level] = {
    PlaceKind.COMBINATION_SAFE: Level.TOP_SECRET, PlaceKind.SAFE: Level.HIGHLY_CONFIDENTIAL,
    PlaceKind.STEEL_CABINET: Level.CONFIDENTIAL,
}  # fmt: skip


@enforces("G4.1")
def may_keep(keeper: Keeper, level: int) -> Decision:
    """绝密、机密、秘密文件图表资料指定专人保管。

    A custodian is there, appointed for keeping at that level, and cleared for it.
    """
    if not keeper.active or not keeper.appointed:
        return Decision.refuse("keeper_not_appointed", "G4.1", "接收人没有覆盖此密级和部门的保存委托")
    if keeper.clearance < level:
        return Decision.refuse("keeper_not_cleared", "K1.0", "接收人的涉密等级低于此件密级")
    return Decision.permit("may_keep", "G4.1")


def may_be_given(known: bool) -> Decision:
    """`known`: whoever is to keep the copy may know of the item, or handles its register facts. Nobody is given a copy of
    what is kept from him: of an item under embargo or in sole custody, or of one that speaks of him.
    """
    if known:
        return Decision.permit("may_be_given", "H2")
    return Decision.refuse("outside_the_item", "H2", "接收人不在可以经手此件的人员之内")


def may_act(copy: CopyFacts, person: int) -> Decision:
    """Whatever is done with a copy at the counter is done by its custodian: one person answers for it."""
    if copy.custodian == person:
        return Decision.permit("custodian_acts", "G4.1")
    return Decision.refuse("custodian_acts", "G4.1", "此份由专人保管,只能由其保管人办理")


@enforces("M2.3")
def may_store(level: int, place: PlaceFacts) -> Decision:
    """密级件存放于设备完善的保险装置。

    绝密 in a combination safe, 机密 in a safe, 秘密 in a steel cabinet; a stronger one is always good enough.
    """
    if not place.open:
        return Decision.refuse("place_closed", "M2.3", "此存放位置已停用")
    if RATING[place.kind] < level:
        return Decision.refuse("place_too_weak", "M2.3", "此存放位置的等级低于此件密级:绝密须存密码保险柜,机密须存保险柜")
    return Decision.permit("may_store", "M2.3")


@enforces("M2.3")
def combination_due(changed_on: date, holder_left: bool, on: date) -> bool:
    """密级件存放于设备完善的保险装置。

    The combination is changed every 180 days (the parameter's figure), and at once when somebody who knew it does no
    longer hold it.
    """
    return holder_left or on > combination_until(changed_on, on)


def combination_until(changed_on: date, on: date) -> date:
    """The last day of a combination that was changed that day, by the figure in force on `on`."""
    return changed_on + timedelta(days=int(parameter("M2.3", "combination_days", on=on)))


@enforces("C4.2")
def lacks_place(copy: CopyFacts) -> bool:
    """文电存于有保密设施的铁皮柜或保险柜。

    True for a copy that is with its custodian and lies in no cupboard: it stands on the list of deficiencies.
    """
    return copy.level >= Level.CONFIDENTIAL and copy.state in KEPT and not copy.placed


@enforces("C5.1")
def may_hold(copy: CopyFacts, appointed: bool) -> Decision:
    """不得私人留存秘密文件。

    Nobody but an appointed custodian has a copy without a date by which it comes back.
    """
    if copy.has_due or appointed or copy.level < Level.CONFIDENTIAL:
        return Decision.permit("may_hold", "C5.1")
    return Decision.refuse("needs_return_date", "C5.1", "持有人不是受委托的保管人,须写明清退期限")
