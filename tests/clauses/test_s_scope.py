"""Book S: what is a secret at all: eight ranges, each with the level it proposes."""

from datetime import date

import pytest

from mifeng.base.refusals import Refused
from mifeng.clauses import catalogue
from mifeng.rooms.documents import actions, queries, room
from mifeng.rooms.documents.facts import ScopeLine, TermFacts
from mifeng.rooms.documents.models import StandingDecision
from tests import factories

scenario = pytest.mark.scenario
LOWER = {30: 20, 20: 10, 10: 5}


@pytest.mark.parametrize(
    ("category", "line", "level"),
    [
        pytest.param("S1", "decision_merger", 30, marks=scenario("S1/1")),
        pytest.param("S1", "", 30, marks=scenario("S1/1")),
        pytest.param("S2", "plan_market", 20, marks=scenario("S2/1")),
        pytest.param("S2", "", 20, marks=scenario("S2/1")),
        pytest.param("S3", "contract_supply", 10, marks=scenario("S3/1")),
        pytest.param("S3", "", 10, marks=scenario("S3/1")),
        pytest.param("S4", "accounts_annual", 20, marks=scenario("S4/1")),
        pytest.param("S4", "", 20, marks=scenario("S4/1")),
        pytest.param("S5", "bid_price", 10, marks=scenario("S5/1")),
        pytest.param("S5", "", 10, marks=scenario("S5/1")),
        pytest.param("S6", "hr_pay", 10, marks=scenario("S6/1")),
        pytest.param("S6", "", 10, marks=scenario("S6/1")),
    ],
)
def test_each_range_proposes_its_level_and_a_lower_one_needs_a_written_reason(house, cast, category, line, level):
    assert catalogue.propose(category, line).level == level

    def paper(at, reason):
        scope = factories.scope_of("luyz", "niezx") if at >= 10 else (ScopeLine("all", ""),)
        term = TermFacts("years", 1) if at >= 10 else TermFacts()
        proposed = factories.proposed(at, category=category, line=line, scope=scope, term=term, reason=reason)
        return factories.new_document(cast.drafter, proposed=proposed)

    with pytest.raises(Refused) as refusal:
        actions.register(cast.drafter, paper(LOWER[level], ""))
    assert category in refusal.value.clauses
    assert actions.register(cast.drafter, paper(LOWER[level], "只涉及公开部分")).level == LOWER[level]
    assert actions.register(cast.drafter, paper(level, "")).level == level


def stand(person, department, level=20, since=date(2026, 3, 16)):
    """The market strategies of a department become a series: 机密 3年."""
    return actions.stand(person, "plan_market", department, level, "years", 3, since)


def cited(level=20, years=3):
    return factories.proposed(level, line="plan_market", term=TermFacts("years", years), standing=True)


@scenario("S7/1")
def test_s7_a_department_head_alone_changes_no_line(house, cast, refused):
    with refused("S7"):
        stand(cast.dept_head, cast.dept_head.department)
    assert not StandingDecision.objects.exists()


@scenario("S7/2")
def test_s7_what_the_general_manager_decides_is_in_force_from_the_next_day(house, cast, refused):
    department = cast.drafter.department
    first = stand(cast.gm, department)
    assert (first.version, first.since) == (1, date(2026, 3, 17))
    with refused("K2.2"):
        actions.register(cast.drafter, factories.new_document(cast.drafter, proposed=cited()))
    with house.at(date(2026, 3, 17)):
        second = actions.stand(cast.gm, "plan_market", department, 20, "years", 5, date(2026, 3, 17))
        assert (second.version, second.since) == (2, date(2026, 3, 18))


@scenario("S7/3")
def test_s7_a_later_paper_cites_the_line(house, cast):
    stand(cast.gm, cast.drafter.department)
    with house.at(date(2026, 3, 17)):
        document = actions.register(cast.drafter, factories.new_document(cast.drafter, proposed=cited()))
        assert (document.state, document.proposed, document.decider) == ("valid", False, cast.gm)
        assert document.changes.get(what="classified").after == "系列定密 plan_market 第1版"


def notice(level=10, override="", **changes):
    return factories.proposed(level, category="S8", line="notice", reason="", override=override, **changes)


@scenario("S8/1")
def test_s8_a_canteen_notice_gets_no_level_unless_somebody_says_why(house, cast, refused):
    with refused("S8"):
        actions.register(cast.drafter, factories.new_document(cast.drafter, title="食堂通知", proposed=notice()))
    document = factories.registered(cast, title="食堂通知", proposed=notice(override="附供应商报价"))
    assert (document.level, document.proposed) == (10, True)


@scenario("S8/2")
def test_s8_what_was_overridden_stands_in_the_quarterly_audit(house, cast):
    document = factories.registered(cast, title="食堂通知", proposed=notice(override="附供应商报价"))
    factories.registered(cast)
    assert queries.overridden(date(2026, 1, 1), date(2026, 3, 31)) == [document]
    assert queries.overridden(date(2026, 4, 1), date(2026, 6, 30)) == []
    with house.at(date(2026, 4, 1)):
        assert [duty.count for duty in room._overrides(cast.office_head)] == [1]
        assert room._overrides(cast.insider) == []


@scenario("S8/3")
def test_s8_as_internal_it_is_issued_without_anybody_approving_a_level(house, cast):
    everybody = (ScopeLine("all", ""),)
    document = factories.registered(cast, title="食堂通知", proposed=notice(5, scope=everybody, term=TermFacts()))
    assert (document.level, document.state, document.number) == (5, "unclassified", "澜岱办〔2026〕1号")
    assert queries.decided(queries.viewer(cast.outsider, house.sit(cast.outsider)), document, "read").allow
