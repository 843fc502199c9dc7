"""Until when: every levelled item has a term; at its end it is reviewed, then released to 内部, never to 公开."""

from datetime import date

from mifeng.clauses import enforces, parameter
from mifeng.engines.access import Decision, Level, Term
from mifeng.rooms.documents.facts import ItemFacts, State, TermFacts

DECIDER_RANK = {"deputy_gm": 1, "gm": 2}


@enforces("P4.0")
def has_term(level: int, term: TermFacts) -> Decision:
    """秘密会随情势失效;失效即应降密或解密转为可公开信息。

    A period, a date or an event by name; 长期 with a yearly review.
    """
    if level < Level.CONFIDENTIAL or term.given:
        return Decision.permit("has_term", "P4.0")
    return Decision.refuse("term_required", "P4.0", "涉密事项须写明保密期限或解密条件")


@enforces("P4.0")
def within_cap(level: int, term: TermFacts, start: date) -> Decision:
    """秘密会随情势失效;失效即应降密或解密转为可公开信息。

    绝密 30, 机密 20, 秘密 10 years at most, counted from the first day (P4.0 caps).
    """
    if level < Level.CONFIDENTIAL or term.kind in ("event", "indefinite", ""):
        return Decision.permit("within_cap", "P4.0")
    ends = Term(term.kind, value=term.value, on=term.on).ends_on(start)
    cap = int(parameter("P4.0", f"cap_years_{level}", on=start))
    if ends is not None and ends <= Term("years", value=cap).ends_on(start):
        return Decision.permit("within_cap", "P4.0")
    en = f"The classification term at this level is {cap} years at most."
    return Decision.refuse("over_cap", "P4.0", f"该密级的保密期限最长{cap}年", en=en)


@enforces("P4.1")
def is_over(item: ItemFacts, today: date) -> bool:
    """此时为密,彼时可为公开:到期、到事件即处理。

    The last day counts; from the day after it the item is 到期待审, its protection unchanged.
    """
    return item.state == State.VALID and item.expires_on is not None and today > item.expires_on


@enforces("P4.1")
def may_extend(item: ItemFacts, new_end: date | None, start: date, today: date) -> Decision:
    """此时为密,彼时可为公开:到期、到事件即处理。

    Only before the old term is over, and within the cap of the level counted from the first start.
    """
    if item.expires_on is not None and today > item.expires_on:
        return Decision.refuse("expired_already", "P4.1", "保密期限已满,不能再延长,只能审查后解密或重新定密")
    cap = int(parameter("P4.0", f"cap_years_{item.level}", on=today))
    if new_end is None or new_end > Term("years", value=cap).ends_on(start):
        en = f"With this extension the term would exceed the {cap} years allowed at this level."
        return Decision.refuse("over_cap", "P4.1", f"延长后超过该密级最长{cap}年", en=en)
    return Decision.permit("may_extend", "P4.1")


@enforces("P4.1")
def may_release(item: ItemFacts, decider_rank: int) -> Decision:
    """此时为密,彼时可为公开:到期、到事件即处理。

    Released to 内部 by nobody below the rank of the first decider.
    """
    if decider_rank >= item.decider_rank:
        return Decision.permit("may_release", "P4.1")
    return Decision.refuse("below_first_decider", "P4.1", "解密须由不低于原定密责任人的人审定")


@enforces("P4.1")
def may_review(term_kind: str, state: str) -> Decision:
    """此时为密,彼时可为公开:到期、到事件即处理。

    What has no end is reviewed every year; what has one is extended, or decided when it is over.
    """
    if term_kind == "indefinite" and state == State.VALID:
        return Decision.permit("may_review", "P4.1")
    return Decision.refuse("not_indefinite", "P4.1", "只有在用的长期事项须年度复核")


@enforces("P4.1")
def may_limit(level: int, term: TermFacts, today: date) -> Decision:
    """此时为密,彼时可为公开:到期、到事件即处理。

    An item without an end is given one: in the future, within the cap of its level counted from the review.
    """
    if term.kind not in ("years", "months", "date"):
        return Decision.refuse("term_required", "P4.1", "改定期限须写明今日以后的年限、月数或日期")
    last = Term(term.kind, value=term.value, on=term.on).ends_on(today)
    if last is None or last < today:
        return Decision.refuse("term_required", "P4.1", "改定期限须写明今日以后的年限、月数或日期")
    return within_cap(level, term, today)


@enforces("P4.1")
def needs_gm(term_kind: str) -> bool:
    """此时为密,彼时可为公开:到期、到事件即处理。

    长期 waits for the general manager from the beginning, at the classification as at each yearly review.
    """
    return term_kind == "indefinite"


@enforces("P4.1")
def may_keep(posts: frozenset[str]) -> Decision:
    """此时为密,彼时可为公开:到期、到事件即处理。

    长期 is the general manager's: when it is given, and each year anew. `posts`: those of whoever signs last, and the one
    he signs for, which is the GM's where he stands in for him.
    """
    if "gm" in posts:
        return Decision.permit("may_keep", "P4.1")
    zh = "定为长期须由总经理决定;可退回,由承办人改拟有期限的,或重新送总经理"
    return Decision.refuse("gm_keeps", "P4.1", zh)


@enforces("P4.3")
def needs_copy_approval(level: int, state: str) -> bool:
    """密与非密界限清楚,公开后不再按密管理。

    A released item needs no approval to copy; one whose release is only proposed does.
    """
    return level >= Level.CONFIDENTIAL and state != State.DECLASSIFIED


@enforces("P4.3")
def mark_of(short: str, level_word: str, term_text: str, state: str) -> str:
    """密与非密界限清楚,公开后不再按密管理。

    The mark as printed: 澜岱公司 机密 5年; a released item carries 解密. Never the star of state secrets.
    """
    return f"{short} 解密" if state == State.DECLASSIFIED else " ".join(part for part in (short, level_word, term_text) if part)
