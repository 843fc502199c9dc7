"""Book S: what is a secret at all: eight ranges, each with the level it proposes."""

from datetime import date

import pytest

from mifeng.base import deeds, duties, record
from mifeng.base.codes import Tampered
from mifeng.base.refusals import Refused
from mifeng.clauses import catalogue
from mifeng.rooms.documents import actions, own_lines, queries, room
from mifeng.rooms.documents.facts import ScopeLine, TermFacts
from mifeng.rooms.documents.models import CatalogueLine, StandingDecision
from mifeng.rooms.people.models import Person
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


RECIPE = {"do": "propose", "code": "", "title": "供暖系统改造方案", "level": "20", "years": "4", "basis": "合同约定须保密"}
PAGE = "/documents/catalogue/"


def own(line, level=20, years=4):
    """A paper that cites a line of the company's own."""
    scope = factories.scope_of("niezx", "wenqh", "tianjz")
    proposed = factories.proposed(level, category="S7", line=line, scope=scope, term=TermFacts("years", years), reason="")
    return factories.new_document(Person.objects.get(login="niezx"), proposed=proposed)


@scenario("S7/1")
def test_s7_a_line_that_a_department_head_adds_is_in_no_catalogue_before_the_general_manager_decides(house, cast, refused):
    head = house.open_page_as(cast.dept_head)
    assert head.post(PAGE, RECIPE).status_code == 302
    row = CatalogueLine.objects.get()
    assert "catalogue" in [notice.kind for notice in duties.desk(cast.gm.pk)]
    answer = head.post(PAGE, {"do": "approve", "line": row.uid})
    assert (answer.status_code, house.last()["act"], house.last()["why"]) == (403, "documents:decide_line", ["S7"])
    for nobody in (cast.deputy, cast.office_head, cast.secadmin):
        with refused("S7"):
            actions.decide_line(nobody, row, True)
    with refused("S7"):  # not even proposed by whoever has no part in it
        actions.propose_line(cast.engineer, "食谱", 10, 3, "试")
    with house.at(date(2026, 3, 20)):
        assert catalogue.line(row.code) is None
        with refused("S7"):
            actions.register(cast.drafter, own(row.code))


@scenario("S7/2")
def test_s7_a_line_that_the_general_manager_approves_is_a_version_in_force_from_the_next_day(house, cast, refused):
    row = actions.propose_line(cast.dept_head, "供暖系统改造方案", 20, 4, "合同约定须保密")
    gm = house.open_page_as(cast.gm)
    assert "供暖系统改造方案" in gm.get(PAGE).content.decode()
    assert [duty.count for duty in room._lines(cast.gm)] == [1]
    before = own_lines.version()
    assert gm.post(PAGE, {"do": "approve", "line": row.uid}).status_code == 302
    row.refresh_from_db()
    assert (row.version, row.since, row.decided_by, own_lines.version()) == (before + 1, date(2026, 3, 17), cast.gm, before + 1)
    assert catalogue.line(row.code) is None
    with refused("S7"):
        actions.register(cast.drafter, own(row.code))
    with house.at(date(2026, 3, 17)):
        assert catalogue.propose("S7", row.code).level == 20
        changed = actions.propose_line(cast.gm, "供暖系统改造方案", 10, 2, "已部分公开", row.code)
        assert (changed.version, changed.since, catalogue.line(row.code).level) == (before + 2, date(2026, 3, 18), 20)
    with house.at(date(2026, 3, 18)):
        assert (catalogue.line(row.code).level, catalogue.line(row.code).term.text) == (10, "2年")
    with refused("S7"):
        actions.decide_line(cast.gm, row, False)  # decided is decided


@scenario("S7/3")
def test_s7_a_line_that_the_general_manager_adds_is_cited_by_a_later_paper(house, cast, refused):
    with refused("S7"):  # another matter of the company is secret only where a line says so
        actions.register(cast.drafter, own(""))
    gm = house.open_page_as(cast.gm)
    assert gm.post(PAGE, RECIPE).status_code == 302
    row = CatalogueLine.objects.get()
    assert (row.decision, row.proposed_by, row.decided_by) == ("approved", cast.gm, cast.gm)
    with house.at(date(2026, 3, 17)):
        document = actions.register(cast.drafter, own(row.code))
        assert (document.category, document.line, document.level, document.proposed) == ("S7", row.code, 20, True)
        page = house.open_page_as(cast.drafter).get("/documents/new/").content.decode()
        assert "供暖系统改造方案" in page
        with refused("S7"):
            actions.propose_line(cast.gm, " ", 20, 4, "试")
        with refused("P4.0"):  # no line goes past the longest term of its level
            actions.propose_line(cast.gm, "食谱", 10, 11, "试")


def test_s7_a_line_put_into_the_database_past_the_deeds_is_never_cited(house, cast):
    row = actions.propose_line(cast.dept_head, "供暖系统改造方案", 20, 4, "合同约定须保密")

    def forge():
        CatalogueLine.objects.filter(pk=row.pk).update(decision="approved", version=9, since=date(2026, 3, 1), decided_by=cast.gm)

    deeds._do("documents:test_forge", None, None, forge)
    record.start()  # another process, which has not seen the line before
    with pytest.raises(Tampered):
        catalogue.line(row.code)


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
