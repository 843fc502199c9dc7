"""Sole custody of an item and its opening in an emergency (G4.1, whose clause belongs to the room of copies). Pure."""

from dataclasses import dataclass

from mifeng.engines.access import Decision


@dataclass(frozen=True)
class Taker:
    """Who is to take a custody over: keys of persons; appointed = a 委托 for 保存 covers level and department today."""

    pid: int
    appointed: bool
    clearance: int
    active: bool = True
    concerned: bool = False


def may_take(taker: Taker, level: int) -> Decision:
    """A custodian is appointed for keeping at that level, cleared for it, and nobody the item speaks of."""
    if not taker.active or not taker.appointed or taker.concerned:
        return Decision.refuse("custodian_not_appointed", "G4.1", "接收人没有覆盖此密级和部门的保存委托")
    if taker.clearance < level:
        return Decision.refuse("custodian_not_cleared", "K1.0", "接收人的涉密等级低于此件密级")
    return Decision.permit("may_take", "G4.1")


def may_hand_over(giver: int, taker: int, custodian: int | None, entitled: bool) -> Decision:
    """A custody moves by its custodian only, whatever post somebody else holds; the first is set by who is `entitled`."""
    if giver == taker:
        return Decision.refuse("to_oneself", "G4.1", "移交须由两人分别签字,不得交给本人")
    if custodian is not None and custodian != giver:
        return Decision.refuse("custodian_hands_over", "G4.1", "此件由专人保管,只能由保管人本人移交,总经理也不例外")
    if custodian is None and not entitled:
        return Decision.refuse("owner_sets_custody", "G4.1", "专人保管由责任人或总经理办公室主任设定")
    return Decision.permit("may_hand_over", "G4.1")


@dataclass(frozen=True)
class OpeningFacts:
    """An emergency opening as decided: persons by key, whether the GM decides, whether the office's head opens."""

    holder: int
    decider: int
    by_gm: bool
    office: int
    by_office: bool
    witness: int
    witness_staff: bool
    reason: str


def may_open(facts: OpeningFacts) -> Decision:
    """应急开柜: the GM decides; the office's head and a witness open, two persons, neither the custodian nor the decider."""
    if not facts.by_gm or facts.decider == facts.holder:
        return Decision.refuse("gm_decides_opening", "G4.1", "应急开柜由总经理决定,本人保管的除外")
    if not facts.by_office:
        return Decision.refuse("office_opens", "G4.1", "开柜由总经理办公室主任和一名见证人共同办理")
    if len({facts.holder, facts.decider, facts.office, facts.witness}) != 4 or not facts.witness_staff:
        return Decision.refuse("opening_two_persons", "G4.1", "决定人、开柜人、见证人、保管人须为不同的人,三员不作见证")
    if not facts.reason.strip():
        return Decision.refuse("reason_required", "G4.1", "请写明理由")
    return Decision.permit("may_open", "G4.1")


def may_inherit(interim: int, office: int, witness: int, holder: int) -> Decision:
    """Who opened and who witnessed take nothing over: they are no heirs of the custody."""
    if interim in (office, witness, holder):
        return Decision.refuse("openers_do_not_inherit", "G4.1", "开柜人、见证人和原保管人不得作临时保管人")
    return Decision.permit("may_inherit", "G4.1")


def may_review(reviewer: int, office: int, witness: int, interim: int | None, by_gm: bool) -> Decision:
    """The finding is reviewed by the GM who decided or by another deputy, never by one of those who acted."""
    if not by_gm or reviewer in (office, witness, interim):
        return Decision.refuse("review_by_gm", "G4.1", "开柜结果由总经理或主管副总经理复核,经办的人除外")
    return Decision.permit("may_review", "G4.1")

