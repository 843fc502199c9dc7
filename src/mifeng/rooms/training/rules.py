"""Rules on pledges and acknowledgements. Pure."""

from datetime import date, timedelta

from mifeng.clauses import enforces, parameter
from mifeng.clauses.parameters import after_months
from mifeng.engines.access import Decision
from mifeng.rooms.training.facts import PledgeFacts, RulesFacts


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


def trained_until(taken_on: date) -> date:
    """The last day on which a passed test holds: the corresponding day so many months later (I12)."""
    return after_months(taken_on, int(parameter("I12", "months", on=taken_on)))


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
