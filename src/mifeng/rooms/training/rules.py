"""Rules on pledges, acknowledgements and tests. Pure."""

from datetime import date, timedelta

from mifeng.clauses import enforces, parameter, schemes
from mifeng.clauses.parameters import after_months
from mifeng.engines.access import Decision, Level
from mifeng.rooms.training.facts import PledgeFacts, RulesFacts, SelfCheckFacts, SittingFacts


@enforces("P0.1")
def pledge_until(pledge: PledgeFacts) -> date | None:
    """接触秘密的办公室文员按涉密岗位对待,上岗即负保密义务,须有书面确认。

    The last day on which a signed pledge (with a passed entry test) opens levelled items: one year; after a change of
    the text old signers sign again before that day. None = never.
    """
    if pledge.signed_on is None or not pledge.test_passed:
        return None
    try:
        return pledge.signed_on.replace(year=pledge.signed_on.year + 1)
    except ValueError:  # signed on 29 February
        return pledge.signed_on.replace(year=pledge.signed_on.year + 1, day=28)


@enforces("I12")
def trained_until(passed_on: date | None) -> date | None:
    """使用者提高技能,公司定期培训考核。

    The last day on which a passed test holds: the corresponding day so many months later. None = none was passed.
    """
    return after_months(passed_on, int(parameter("I12", "months", on=passed_on))) if passed_on else None


@enforces("I12")
def is_passed(score: int, on: date) -> bool:
    """使用者提高技能,公司定期培训考核。

    A test of that day is passed from the pass mark on.
    """
    return score >= int(parameter("I12", "pass_mark", on=on))


@enforces("I12")
def may_sit(sitting: SittingFacts, on: date) -> Decision:
    """使用者提高技能,公司定期培训考核。

    Whoever did not pass sits once more; after that only when the period of validity has gone by.
    """
    resits = int(parameter("I12", "resits", on=on))
    if sitting.failed <= resits:
        return Decision.permit("may_sit", "I12")
    zh = f"一个考核周期内只可补考{resits}次,补考仍不合格"
    en = f"A failed test may be taken again {resits} time(s) within the period of validity; that was failed as well."
    return Decision.refuse("resit_used", "I12", zh, en=en)


@enforces("I12")
def may_be_let_in(level: int, trained: date | None, on: date) -> Decision:
    """使用者提高技能,公司定期培训考核。

    Nobody is newly let know what is 机密 or above while no passed test of his holds.
    """
    if level < Level.HIGHLY_CONFIDENTIAL or (trained is not None and on <= trained):
        return Decision.permit("may_be_let_in", "I12")
    zh = f"该人员培训考核未在有效期内,{schemes.word_from(Level.HIGHLY_CONFIDENTIAL)}以上不得新增知悉"
    least = schemes.english(schemes.in_force().least(Level.HIGHLY_CONFIDENTIAL))
    en = f"This person's training assessment is no longer valid; nothing {least} or above may newly be shown to them."
    return Decision.refuse("training_over", "I12", zh, en=en)


@enforces("G1")
def rules_known(rules: RulesFacts, on: date) -> Decision:
    """员工自觉遵守国家保密守则和公司规定。

    15 days after the issue of a new version, or after the return from leave, levelled items are shut until it is
    acknowledged.
    """
    start = max(filter(None, (rules.issued_on, rules.back_on)), default=None)
    days = int(parameter("G1", "acknowledge_days", on=on))
    if rules.acknowledged or start is None or on <= start + timedelta(days=days):
        return Decision.permit("rules_known", "G1")
    zh = f"新制度印发已满{days}日,您尚未确认,涉密内容暂停"
    en = f"The new rules were issued {days} days ago and not acknowledged by you; classified content is suspended."
    return Decision.refuse("rules_not_acknowledged", "G1", zh, en=en)


@enforces("M6.2")
def self_check_until(since: date | None) -> date | None:
    """公共场所不谈公司秘密。

    The last day on which the self-check of that day holds, or, for who has done none yet, until when he does his first
    one after that day in the company. None = it is not known since when, so that it is due.
    """
    return after_months(since, int(parameter("M6.2", "self_check_months", on=since))) if since else None


@enforces("M6.2")
def may_hand_in(check: SelfCheckFacts) -> Decision:
    """公共场所不谈公司秘密。

    Every line is answered, and whoever did not keep to one says what happened.
    """
    if set(check.asked) != check.answered or not check.not_kept <= check.answered:
        return Decision.refuse("self_check_open", "M6.2", "自查须逐项回答")
    if check.not_kept and not check.explained:
        return Decision.refuse("self_check_unexplained", "M6.2", "没有做到的,须写明情况")
    return Decision.permit("may_hand_in", "M6.2")
