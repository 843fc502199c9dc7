"""Rules on looking at pages: tables of cases."""

from datetime import date

import pytest

from mifeng.engines.access import Decision
from mifeng.rooms.viewing import rules
from mifeng.rooms.viewing.facts import Leaving

DAY = date(2026, 3, 16)


@pytest.mark.parametrize(("level", "grace"), [(30, 0), (20, 20), (10, 20), (5, 20)])
def test_a_page_stays_as_long_as_its_level_allows(level, grace):
    assert rules.grace_seconds(level, DAY) == grace
    assert not rules.must_blank(level, Leaving(grace), DAY)
    assert rules.must_blank(level, Leaving(grace + 0.1), DAY)


@pytest.mark.parametrize("why", ["hidden", "locked", "superseded"])
@pytest.mark.parametrize("level", [30, 20, 10])
def test_a_page_that_nobody_may_see_is_emptied_at_once(level, why):
    assert rules.must_blank(level, Leaving(0, **{why: True}), DAY)


@pytest.mark.parametrize(("pages", "allowed"), [(0, True), (199, True), (200, False), (5000, False)])
def test_the_two_hundred_and_first_page_within_ten_minutes_is_refused(pages, allowed):
    decision = rules.within_pace(pages, DAY)
    assert (decision.allow, decision.clause) == (allowed, "I10.6")


@pytest.mark.parametrize("decision", [Decision.permit("permit-scope", "P0.2"), Decision.refuse("default", "P0.2", "未列入知悉范围")])
def test_a_page_opens_exactly_where_the_table_says_so(decision):
    assert rules.may_open_page(decision) is decision
