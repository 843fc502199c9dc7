"""传阅 within the approved range, from the clerk to one reader and back, never from reader to reader. Pure."""

from collections.abc import Collection
from datetime import date, datetime

from mifeng.base import working_days
from mifeng.clauses import enforces, parameter
from mifeng.engines.access import Decision, Level
from mifeng.rooms.circulation.facts import Sending


@enforces("G4.4")
def may_circulate(registered: bool, copies: int, electronic: bool) -> Decision:
    """认真登记三密文件的收与发。

    What has no number in a book yet, or on paper no numbered copy, is neither circulated nor lent.
    """
    if not registered:
        return Decision.refuse("not_registered", "G4.4", "此件尚未登记编号,不得传阅、借阅")
    if not electronic and not copies:
        return Decision.refuse("no_numbered_copy", "G4.4", "此件没有已编号登记的份,请先登记份号")
    return Decision.permit("may_circulate", "G4.4")


@enforces("C1")
def list_within_scope(readers: Collection[int], within: Collection[int]) -> Decision:
    """各部门收发内外保密文电严格登记,按规定范围传阅,不扩散。

    Every name on the list stands in the scope of the item (`within`: those of them who may know it).
    """
    if not readers or len(set(readers)) != len(readers):
        return Decision.refuse("no_readers", "C1", "请写明阅件人,不得重复")
    if set(readers) - set(within):
        return Decision.refuse("reader_outside_scope", "C1", "传阅名单超出知悉范围,请先办理扩大知悉范围")
    return Decision.permit("list_within_scope", "C1")


@enforces("C1")
def may_send(step: Sending) -> Decision:
    """各部门收发内外保密文电严格登记,按规定范围传阅,不扩散。

    Star-shaped: whoever keeps it sends it to one reader of the list, and to the next when it is back.
    """
    if step.giver != step.keeper:
        return Decision.refuse("star_only", "C1", "不得横传:阅件人阅毕退回机要员,由机要员送下一位")
    if not step.listed:
        return Decision.refuse("not_on_the_list", "C1", "此人不在批定的传阅名单上,或已送过")
    if not step.in_scope:
        return Decision.refuse("reader_outside_scope", "C1", "此人已不在知悉范围内,请注明原因后跳过")
    if not step.at_counter:
        return Decision.refuse("still_with_a_reader", "C1", "此份还在前一位阅件人手上,退回后再送")
    return Decision.permit("may_send", "C1")


def is_with_reader(back: bool) -> Decision:
    """What came back from a reader is taken in once."""
    if back:
        return Decision.refuse("already_back", "C1", "此份已由这位阅件人退回,不再办理")
    return Decision.permit("is_with_reader", "C1")


def may_sign(signed: bool, given_back: bool, same: bool) -> Decision:
    """What a reader signed and gave back stands: the next ones read it, and the paper is filed by it (D1, G4.4)."""
    if signed and given_back and not same:
        return Decision.refuse("opinion_stands", "G4.4", "意见已签并已退回,不再改写,另有意见请签报")
    return Decision.permit("may_sign", "G4.4")


def last_day(level: int, on: date) -> date:
    """Until when a reader has it: 绝密 on the spot, the same day; else the working days of the clause."""
    if level >= Level.TOP_SECRET:
        return on
    return working_days.after(on, int(parameter("C1", "reader_working_days", on=on)))


def is_late(due: datetime | None, now: datetime) -> bool:
    """A reader is late once the instant is over at which it was to be back."""
    return due is not None and due <= now
