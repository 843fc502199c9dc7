"""Rules on level, scope, term and storage: tables of cases, and what holds for every proposal."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mifeng.clauses import catalogue
from mifeng.rooms.documents.facts import HARM_LEVEL, ItemFacts, Proposed, ScopeLine, TermFacts
from mifeng.rooms.documents.rules import classification, scope, storage, terms

LEVELS = frozenset({10, 20, 30})
DAY = date(2026, 3, 2)
PERSON, POST, DEPARTMENT, ALL = (
    ScopeLine("person", "0" * 32), ScopeLine("post", "gm"), ScopeLine("department", "YF"), ScopeLine("all", ""),
)  # fmt: skip


def proposed(level=20, **changes):
    harm = next(harm for harm, of in HARM_LEVEL.items() if of == level or level < 10)
    told = {"category": "S2", "line": "plan_project", "harm": harm, "interest": "先机", "term": TermFacts("years", 5)}
    return Proposed(level, **(told | {"scope": (PERSON,)} | changes))


# Level ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("level", "known"), [(0, True), (5, True), (10, True), (20, True), (30, True), (15, False), (-1, False)])
def test_a_level_is_one_of_the_scheme_or_none(level, known):
    decision = classification.is_a_level(level, LEVELS)
    assert (decision.allow, decision.clause) == (known, "K1.0")


def test_a_scheme_of_two_levels_has_no_third():
    assert [classification.is_a_level(level, frozenset({10, 30})).allow for level in (10, 20, 30)] == [True, False, True]


@pytest.mark.parametrize("level", [10, 20, 30])
@pytest.mark.parametrize("harm", sorted(HARM_LEVEL))
def test_harm_and_level_agree_or_are_refused(level, harm):
    rules = (classification.confidential_harm, classification.highly_confidential_harm, classification.top_secret_harm)
    refused = [rule(level, harm).clause for rule in rules if not rule(level, harm).allow]
    own = {10: "K1.3", 20: "K1.2", 30: "K1.1"}[level]
    wanted = {own} if HARM_LEVEL[harm] != level else set()
    assert set(refused) == (wanted | ({"K1.3"} if harm == "none" else set()))


@pytest.mark.parametrize(("harm", "level"), [("none", 5), ("harm", 10), ("grave", 20), ("exceptional", 30), ("", 5)])
def test_each_harm_stands_for_a_level(harm, level):
    assert classification.level_of_harm(harm) == level


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({}, ""), ({"interest": " "}, "interest_required"), ({"harm": ""}, "harm_required"),
        ({"level": 5, "interest": "", "harm": ""}, ""),
    ],
)  # fmt: skip
def test_an_interest_and_a_harm_are_named(changes, rule):
    decision = classification.interest_named(proposed(**changes))
    assert (decision.allow, decision.clause) == (rule == "", "P3.1")
    assert rule in ("", decision.rule)


def everything_refused(one):
    return {decision.clause for decision in classification.all_of(one, LEVELS) if not decision.allow}


@pytest.mark.parametrize("line", [line.id for line in catalogue.lines() if line.level >= 10])
def test_every_line_is_accepted_at_its_own_level_and_lower_only_with_a_reason(line):
    found = catalogue.line(line)
    project = "QL-3" if found.clause.startswith("T") else ""
    at = proposed(found.level, category=found.category, line=line, harm=found.harm, project=project)
    assert everything_refused(at) == set()
    lower = {30: 20, 20: 10, 10: 5}[found.level]
    below = proposed(lower, category=found.category, line=line, project=project)
    wanted = {found.category} - {"S7"} | ({found.basis} & {"K2.1", "K2.2", "K2.3", "A1", "T0"})
    assert everything_refused(below) == wanted
    with_reason = proposed(lower, category=found.category, line=line, project=project, reason="公开部分")
    assert everything_refused(with_reason) == ({"A1"} if found.clause == "A1" and lower < 20 else set())


@pytest.mark.parametrize("line", [line.id for line in catalogue.lines("S8")])
def test_everyday_papers_get_a_level_only_against_a_written_reason(line):
    assert everything_refused(proposed(10, category="S8", line=line)) == {"S8"}
    assert everything_refused(proposed(10, category="S8", line=line, override="附报价")) == set()
    assert everything_refused(proposed(5, category="S8", line=line)) == set()


@given(
    level=st.sampled_from([5, 10, 20, 30]), category=st.sampled_from([c.id for c in catalogue.categories()]),
    line=st.sampled_from(["", *(line.id for line in catalogue.lines())]), harm=st.sampled_from(sorted(HARM_LEVEL)),
)  # fmt: skip
def test_whatever_is_accepted_without_a_reason_is_not_below_what_its_category_and_line_propose(level, category, line, harm):
    """The lines of S7, H1 and L3 bind their matter whatever the category, and name no floor of their own."""

    one = proposed(level, category=category, line=line, harm=harm, project="X")
    found = catalogue.line(line)
    own = found is None or (found.category == category and found.category != "S7")
    if own and category not in ("S7", "S8") and not everything_refused(one):
        assert level >= (found.level if found else catalogue.propose(category).level)


@pytest.mark.parametrize(("posts", "allowed"), [({"gm"}, True), ({"deputy_gm"}, False), ({"dept_head"}, False), (set(), False)])
def test_only_the_general_manager_changes_the_catalogue(posts, allowed):
    assert classification.may_change_catalogue(frozenset(posts)).allow is allowed


@pytest.mark.parametrize(("decided", "asked", "level"), [(None, 20, 20), (None, 30, 30), (10, 20, 10), (5, 20, 5)])
def test_while_nothing_is_decided_the_proposed_level_protects(decided, asked, level):
    assert classification.protecting_level(decided, asked) == level


# Scope ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "lines", "allowed"),
    [
        (10, (), False), (10, (PERSON,), True), (10, (ALL,), False), (10, (PERSON, ALL), False), (5, (), True),
        (5, (ALL,), True), (30, (PERSON,), True),
    ],
)  # fmt: skip
def test_a_secret_has_a_scope_and_all_staff_is_none(level, lines, allowed):
    assert scope.has_scope(level, lines).allow is allowed


@pytest.mark.parametrize(("level", "smallest"), [(30, {"person"}), (20, {"person", "post"}), (10, {"person", "post", "department"})])
def test_how_wide_a_scope_may_be_hangs_on_the_level(level, smallest):
    lines = {"person": PERSON, "post": POST, "department": DEPARTMENT, "all": ALL}
    assert {kind for kind, line in lines.items() if scope.scope_is_small(level, (line,)).allow} == smallest
    assert {kind for kind, line in lines.items() if scope.scope_is_small(5, (line,)).allow} == set(lines)


@pytest.mark.parametrize(
    ("line", "lines", "allowed"),
    [
        ("tech_process", (PERSON,), True), ("tech_product", (PERSON, POST), False), ("tech_research", (DEPARTMENT,), False),
        ("plan_project", (DEPARTMENT,), True), ("", (POST,), True),
    ],
)  # fmt: skip
def test_technology_is_for_its_project_by_name(line, lines, allowed):
    assert scope.project_scope(line, lines).allow is allowed


@pytest.mark.parametrize(
    ("level", "live", "reached", "needed"),
    [(10, True, 0, True), (10, True, 1, False), (10, False, 0, False), (5, True, 0, False)],
)
def test_a_live_secret_that_reaches_nobody_needs_a_custodian(level, live, reached, needed):
    assert scope.custodian_needed(level, live, reached) is needed


@pytest.mark.parametrize(
    ("level", "inside", "permitted", "allowed"),
    [(10, False, False, False), (10, True, False, True), (10, False, True, True), (5, False, False, True)],
)
def test_it_is_shown_to_whoever_may_know_it_or_by_leave(level, inside, permitted, allowed):
    assert scope.may_show_to(level, inside, permitted).allow is allowed


# Term -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("term", "given"),
    [
        (TermFacts(), False), (TermFacts("event"), False), (TermFacts("event", event=" "), False),
        (TermFacts("event", event="公布前"), True), (TermFacts("years", 1), True), (TermFacts("indefinite"), True),
        (TermFacts("date", on=DAY), True),
    ],
)  # fmt: skip
def test_a_term_says_when_the_secret_ends(term, given):
    assert terms.has_term(10, term).allow is given
    assert terms.has_term(5, term).allow


@pytest.mark.parametrize(("level", "cap"), [(30, 30), (20, 20), (10, 10)])
def test_a_term_ends_within_the_cap_of_its_level(level, cap):
    last = DAY.replace(year=DAY.year + cap)
    assert terms.within_cap(level, TermFacts("years", cap), DAY).allow
    assert not terms.within_cap(level, TermFacts("years", cap + 1), DAY).allow
    assert terms.within_cap(level, TermFacts("months", 12 * cap), DAY).allow
    assert not terms.within_cap(level, TermFacts("months", 12 * cap + 1), DAY).allow
    assert terms.within_cap(level, TermFacts("date", on=last), DAY).allow
    assert not terms.within_cap(level, TermFacts("date", on=last + timedelta(days=1)), DAY).allow
    assert terms.within_cap(level, TermFacts("event", event="公布前"), DAY).allow


def item(**changes):
    told = {"level": 20, "proposed": False, "state": "valid", "expires_on": DAY, "drafter": 1, "decider_rank": 1}
    return ItemFacts(**(told | changes))


@pytest.mark.parametrize(
    ("facts", "days", "over"),
    [
        (item(), 0, False), (item(), 1, True), (item(expires_on=None), 9999, False), (item(state="proposed"), 1, False),
        (item(state="expired_review"), 1, False), (item(state="declassified"), 1, False),
    ],
)  # fmt: skip
def test_a_term_is_over_the_day_after_its_last(facts, days, over):
    assert terms.is_over(facts, DAY + timedelta(days=days)) is over


@pytest.mark.parametrize(
    ("new_end", "today", "rule"),
    [
        (DAY.replace(year=2046), DAY, ""), (DAY.replace(year=2046) + timedelta(days=1), DAY, "over_cap"), (None, DAY, "over_cap"),
        (DAY.replace(year=2030), DAY + timedelta(days=1), "expired_already"),
    ],
)  # fmt: skip
def test_a_term_is_extended_before_its_end_and_within_the_cap_of_the_first_start(new_end, today, rule):
    decision = terms.may_extend(item(), new_end, DAY, today)
    assert (decision.allow, decision.clause) == (rule == "", "P4.1")
    assert rule in ("", decision.rule)


@pytest.mark.parametrize(("first", "now", "allowed"), [(0, 0, True), (1, 1, True), (1, 2, True), (2, 1, False), (1, 0, False)])
def test_nobody_below_the_first_decider_releases(first, now, allowed):
    assert terms.may_release(item(decider_rank=first), now).allow is allowed


@pytest.mark.parametrize(
    ("level", "state", "needed"),
    [(20, "valid", True), (20, "expired_review", True), (20, "proposed", True), (5, "declassified", False), (5, "unclassified", False)],
)
def test_a_copy_needs_leave_until_the_release_is_decided(level, state, needed):
    assert terms.needs_copy_approval(level, state) is needed


@pytest.mark.parametrize(
    ("word", "term", "state", "mark"),
    [
        ("机密", "5年", "valid", "澜岱公司 机密 5年"), ("秘密", "公布前", "proposed", "澜岱公司 秘密 公布前"),
        ("机密", "5年", "declassified", "澜岱公司 解密"), ("", "", "unclassified", "澜岱公司"),
    ],
)  # fmt: skip
def test_the_mark_as_it_is_printed(word, term, state, mark):
    assert terms.mark_of("澜岱公司", word, term, state) == mark


# Storage --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("inside", [True, False])
def test_bytes_lie_in_the_opened_vault_or_nowhere(inside):
    assert (storage.may_store(inside).allow, storage.may_open(inside).allow) == (inside, inside)


@pytest.mark.parametrize(
    ("line", "level", "live", "active", "lacking"),
    [
        ("statistics", 20, True, False, True), ("statistics", 20, True, True, False), ("statistics", 5, True, False, False),
        ("statistics", 20, False, False, False), ("plan_project", 20, True, False, False),
    ],
)  # fmt: skip
def test_statistics_without_a_keeper_are_a_deficiency(line, level, live, active, lacking):
    assert storage.lacks_custodian(line, level, live, active) is lacking
