"""Rules on pledges and acknowledgements: tables of cases."""

from datetime import date, timedelta

import pytest

from mifeng.rooms.training import rules
from mifeng.rooms.training.facts import PledgeFacts, RulesFacts

ISSUED = date(2026, 3, 16)


@pytest.mark.parametrize(
    ("signed", "passed", "last"),
    [
        (date(2026, 1, 5), True, date(2027, 1, 5)),
        (date(2028, 2, 29), True, date(2029, 2, 28)),
        (date(2026, 1, 5), False, None),
        (None, True, None),
        (None, False, None),
    ],
)
def test_a_pledge_holds_a_year_and_only_with_a_passed_test(signed, passed, last):
    assert rules.pledge_until(PledgeFacts(signed, "a", "a", passed)) == last


def test_a_new_text_leaves_old_signatures_in_force_until_their_day():
    assert rules.pledge_until(PledgeFacts(date(2026, 1, 5), "old", "new", True)) == date(2027, 1, 5)


@pytest.mark.parametrize(
    ("facts", "days", "known"),
    [
        (RulesFacts(ISSUED, False), 15, True),
        (RulesFacts(ISSUED, False), 16, False),
        (RulesFacts(ISSUED, True), 400, True),
        (RulesFacts(None, False), 400, True),
        (RulesFacts(ISSUED, False, back_on=ISSUED + timedelta(days=30)), 45, True),
        (RulesFacts(ISSUED, False, back_on=ISSUED + timedelta(days=30)), 46, False),
        (RulesFacts(ISSUED, False, back_on=ISSUED - timedelta(days=30)), 15, True),
    ],
)
def test_new_rules_are_read_within_fifteen_days_of_issue_or_return(facts, days, known):
    decision = rules.rules_known(facts, ISSUED + timedelta(days=days))
    assert (decision.allow, decision.clause) == (known, "G1")
