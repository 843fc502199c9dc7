"""保密事项一览表: the proposal is the highest of line, category and sources; harm raises it and never lowers it."""

from itertools import product

import pytest

from mifeng.clauses import catalogue, regulation
from mifeng.clauses.catalogue import HARM_LEVEL, propose


@pytest.mark.parametrize(
    ("category", "level", "clause"),
    [
        ("S1", 30, "K2.1"), ("S2", 20, "K2.2"), ("S3", 10, "K2.3"), ("S4", 20, "K2.2"), ("S5", 10, "K2.3"),
        ("S6", 10, "K2.3"), ("S7", 5, "S7"), ("S8", 5, "S8"),
    ],
)  # fmt: skip
def test_a_category_proposes_its_level(category: str, level: int, clause: str) -> None:
    made = propose(category)
    assert (made.level, made.clause, made.lower_harm) == (level, clause, False)
    assert category in made.clauses


@pytest.mark.parametrize(
    ("category", "line", "level", "clause", "term"),
    [
        ("S1", "decision_merger", 30, "K2.1", "10年"), ("S1", "decision_board", 30, "A1", "5年"),
        ("S3", "minutes_main", 20, "K2.2", "5年"), ("S3", "contract_supply", 10, "K2.3", "5年"),
        ("S3", "proposal_project", 20, "S3", "作出决定"), ("S3", "study_feasibility", 20, "S3", "作出决定"),
        ("S4", "statistics", 20, "K2.2", "2年"), ("S5", "tech_process", 20, "T0", "8年"),
        ("S5", "bid_price", 10, "K2.3", "开标"), ("S6", "hr_deployment", 10, "H1", "3年"),
        ("S7", "key_management", 30, "S7", "5年"), ("S7", "leader_matters", 10, "S7", "3个月"),
        ("S8", "notice", 5, "S8", ""),
    ],
)  # fmt: skip
def test_a_line_proposes_level_clause_and_term(category: str, line: str, level: int, clause: str, term: str) -> None:
    made = propose(category, line, "")
    assert (made.level, made.clause, made.term) == (level, clause, term)


def test_a_type_line_binds_whatever_the_category() -> None:
    made = propose("S2", "decision_board")
    assert (made.level, made.clause) == (30, "A1")


def test_the_highest_source_is_the_floor() -> None:
    made = propose("S3", "contract_supply", "harm", [10, 20])
    assert (made.level, made.clause, made.lower_harm) == (20, "D4", True)
    assert propose("S3", "contract_supply", "harm", [10]).level == 10


@pytest.mark.parametrize(("harm", "level", "clause"), [("exceptional", 30, "K1.1"), ("grave", 20, "K1.2")])
def test_a_higher_harm_raises_the_proposal(harm: str, level: int, clause: str) -> None:
    made = propose("S6", "hr_pay", harm)
    assert (made.level, made.clause, made.lower_harm) == (level, clause, False)


def test_harm_alone_proposes_its_level_where_nothing_else_does() -> None:
    assert (propose("S7", "", "harm").level, propose("S7", "", "harm").clause) == (10, "K1.3")


def test_a_lower_harm_is_pointed_out_and_lowers_nothing() -> None:
    made = propose("S4", "report_financial", "harm")
    assert (made.level, made.lower_harm) == (20, True)
    assert made.sentence == "按一览表“月度、季度财务报表”拟定机密;损害一般,低于拟定密级,须改写损害或书面说明定低的理由"
    assert not propose("S4", "report_financial", "grave").lower_harm


def test_what_harms_nobody_is_no_secret() -> None:
    made = propose("S3", "contract_supply", "none")
    assert made.lower_harm
    assert made.sentence.endswith("泄露没有损害的,不得定密")


def test_ordinary_papers_are_proposed_as_internal() -> None:
    for line in catalogue.lines("S8"):
        assert (propose("S8", line.id, "none").level, propose("S8", line.id, "none").lower_harm) == (5, False)


def test_nothing_answered_yet_proposes_nothing_secret() -> None:
    made = propose("")
    assert (made.level, made.clause, made.term) == (5, "K1.0", "")


def test_the_proposal_is_never_below_any_of_its_grounds() -> None:
    for line, harm, source in product(catalogue.lines(), ["", *HARM_LEVEL], [(), (10,), (20,), (30,)]):
        made = propose(line.category, line.id, harm, source)
        category = catalogue.catalogue().categories[line.category].level
        assert made.level == max(line.level, category, HARM_LEVEL.get(harm, 0), *source, 5)
        assert set(made.clauses) <= set(regulation())


def test_every_line_names_clauses_and_stands_in_a_category() -> None:
    ids = set(regulation())
    assert [line.id for line in catalogue.lines() if not {line.clause, line.basis, line.category} <= ids] == []
    assert {line.category for line in catalogue.lines()} == {f"S{place}" for place in range(1, 9)}


def test_technology_is_told_by_the_name_of_its_lines() -> None:
    tech = {line.id for line in catalogue.lines() if line.clause.startswith("T")}
    assert tech == {line.id for line in catalogue.lines() if line.id.startswith("tech_")}
    assert {line.level for line in catalogue.lines() if line.id in tech} == {20}


def test_no_standing_decision_at_top_secret() -> None:
    standing = [line for line in catalogue.lines() if line.standing]
    assert standing
    assert {line.level for line in standing} == {10, 20}


def test_a_line_that_the_catalogue_lacks_is_none() -> None:
    assert catalogue.line("") is None
    assert catalogue.line("recipes") is None
