"""发文: what must be kept secret says so, is carried by designated persons under seal, and its seal arrives whole. Pure."""

from collections.abc import Collection

from mifeng.clauses import enforces
from mifeng.engines.access import Decision, Level
from mifeng.rooms.circulation.facts import Carriage, Outgoing


@enforces("G3")
def may_dispatch(paper: Outgoing) -> Decision:
    """上级和各部门发文需保密的,必须注明密级。

    Level decided, term, number of the paper and numbers of its copies: nothing levelled goes out without one of them.
    """
    if paper.level < Level.CONFIDENTIAL:
        return Decision.permit("may_dispatch", "G3")
    if not paper.decided or not paper.numbered:
        return Decision.refuse("not_issued", "G3", "密级未审定、未取发文字号的,不得发出")
    if not paper.has_term:
        return Decision.refuse("mark_incomplete", "G3", "密级标志未写明保密期限,不得发出")
    if not paper.copies:
        return Decision.refuse("no_copy_numbers", "G3", "涉密文件须逐份编号,写明哪一份发给谁")
    return Decision.permit("may_dispatch", "G3")


def may_mail(covered: bool) -> Decision:
    """`covered`: the 委托 for 收发 reaches this paper's level and department today (M1.1, kept by the people's room)."""
    if not covered:
        return Decision.refuse("mail_not_covered", "M1.1", "收发委托不及此密级或此部门,由受委托收发此密级的人员办理")
    return Decision.permit("may_mail", "M1.1")


def may_receive(in_scope: bool) -> Decision:
    """Whoever it is for stands in the scope on the day when it arrives, too (C1)."""
    if in_scope:
        return Decision.permit("may_receive", "C1")
    return Decision.refuse("recipient_outside_scope", "C1", "收件人已不在知悉范围内,请原封退回发件人")


def goes_inside(recipients: Collection[int], within: Collection[int]) -> Decision:
    """Every recipient may know the item (`within`: those of them who do)."""
    if not recipients:
        return Decision.refuse("no_recipients", "C1", "请写明哪一份发给谁")
    if set(recipients) - set(within):
        return Decision.refuse("recipient_outside_scope", "C1", "有收件人不在知悉范围内,请先办理扩大知悉范围")
    return Decision.permit("goes_inside", "C1")


@enforces("M2.2")
def may_carry(carriage: Carriage) -> Decision:
    """收发、传递、外出携带由指定人员担任并有安全措施。

    Every carrier is entrusted with 传递 at that level; the envelope is sealed and numbered; 绝密 is carried by two.
    """
    if not carriage.carriers or not carriage.designated:
        return Decision.refuse("carrier_not_designated", "M2.2", "传递须由受委托的人员担任")
    if carriage.level >= Level.TOP_SECRET and carriage.carriers < 2:
        return Decision.refuse("two_carriers", "M2.2", "绝密件须两人同行传递")
    if not carriage.sealed:
        return Decision.refuse("not_sealed", "M2.2", "传递件须密封,写明封装号和封签号")
    return Decision.permit("may_carry", "M2.2")


@enforces("M2.2")
def seal_holds(sent: str, found: str) -> bool:
    """收发、传递、外出携带由指定人员担任并有安全措施。

    The number of the seal on arrival is that under which it was sent.
    """
    return bool(found.strip()) and sent.strip() == found.strip()


def may_settle_drafts(settled: bool, destroyed: bool, witness: int, person: int, note: str) -> Decision:
    """底稿与正本同样管理: once, with where they lie or how they were destroyed; destroyed before a second person."""
    if settled:
        return Decision.refuse("drafts_settled", "G4.4", "此次发文的底稿已登记处理")
    if not note.strip():
        return Decision.refuse("drafts_where", "G4.4", "请写明底稿存放何处,或如何销毁")
    if destroyed and witness in (0, person):
        return Decision.refuse("drafts_witness", "G4.5", "底稿销毁须有另一人在场见证")
    return Decision.permit("may_settle_drafts", "G4.4")
