"""No request stands still: acts, levels, cases, departments, applicants, the officers' own accounts, B persons, delegations."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from mifeng.rooms.approvals import changes, matrix, people_facts, rules, versions
from mifeng.rooms.approvals.facts import BPerson, DelegationFacts, Matter, Organisation
from tests.rooms.approvals.company import TODAY, company, dept, name_of, pid


def gone(*names: str) -> Organisation:
    """The demonstration company after these people left."""
    left = {pid(name) for name in names}
    return replace(company(), people=tuple(replace(p, active=p.pid not in left) for p in company().people))


def deciders(organisation: Organisation, act: str, column: str, who: str, of: str) -> list[list[str]]:
    """The names that may sign each step."""
    begun = Matter(act, 0, changes.shipped()[act, column], pid(who), dept(of))
    return [[name_of(found.pid) for found in step.candidates] for step in rules.route(begun, organisation)]


@pytest.mark.parametrize("post", ["sysadmin", "secadmin", "auditor"])
def test_i5_2_an_officers_own_account_is_reset_by_others(post: str) -> None:
    officer = name_of(company().holders(post)[0])
    for step in deciders(company(), "password_reset", "officer", officer, "XX"):
        assert step
        assert officer not in step


def test_i5_2_the_b_person_stands_in_when_the_officer_is_gone() -> None:
    heirs = {b.post: b.pid for b in company().b_persons}
    holders = [name_of(p) for p in company().holders("sysadmin")]
    alone = gone(*holders)
    first = deciders(alone, "password_reset", "any", "葛星野", "YF")[0]
    assert first
    assert name_of(heirs["sysadmin"]) in first or heirs["sysadmin"] in {pid(name) for name in holders}


@pytest.mark.parametrize("case", ["above_limit", "officer"])
def test_every_case_resolves_for_every_applicant(case: str) -> None:
    cells = {cell: steps for cell, steps in changes.shipped().items() if cell[1] == case}
    assert cells
    asked = {(request.act, column) for request, column in matrix._requests(company(), changes.shipped())}
    assert cells.keys() <= asked


@pytest.mark.parametrize("leader", ["温启航", "方若琳", "田敬之", "路明诚"])
def test_one_leader_may_be_gone_and_nothing_stands_still(leader: str) -> None:
    assert matrix.dead_ends(gone(leader)) == []


def cleared(name: str, clearance: int) -> Organisation:
    """The demonstration company after somebody's clearance was lowered."""
    return replace(company(), people=tuple(replace(p, clearance=clearance) if p.pid == pid(name) else p for p in company().people))


def test_k1_0_a_deputy_who_may_know_less_is_passed_over_and_a_general_manager_who_may_is_told_by_doctor() -> None:
    assert matrix.dead_ends(cleared("温启航", 10)) == []
    told = matrix.dead_ends(cleared("陆远舟", 20))
    assert {end.column for end in told} == {"top_secret"}
    assert {"classify", "copy", "carry_out", "destroy"} <= {end.act for end in told}


def test_m4_without_a_general_manager_the_board_secretarys_own_requests_go_to_a_deputy() -> None:
    """He decides in the GM's place; his own requests go to the deputy GMs, everybody else's still to him alone."""
    without = gone("陆远舟")
    assert matrix.dead_ends(without) == []
    last = deciders(without, "external_provision", "top_secret", "沈听澜", "YF")[-1]
    assert set(last) == {name_of(one) for one in company().holders("deputy_gm")}
    assert deciders(without, "external_provision", "top_secret", "葛星野", "YF")[-1] == ["沈听澜"]


def test_m4_with_a_general_manager_no_deputy_stands_in_for_him() -> None:
    assert deciders(company(), "external_provision", "top_secret", "沈听澜", "YF")[-1] == ["陆远舟"]
    assert deciders(company(), "external_provision", "top_secret", "陆远舟", "YF")[-1] == ["沈听澜"]


def test_whoever_holds_nothing_asks_like_his_neighbour() -> None:
    """One plain person a department is asked for all: the others of his department would be answered alike."""
    asked = {p.pid for p in matrix._applicants(company())}
    plain = [p for p in company().people if p.pid not in asked]
    assert plain
    for person in plain[:6]:
        here = (p for p in company().people if p.department == person.department and p.posts <= matrix.PLAIN)
        stands = next(p for p in here if p.pid in asked)
        both = {person.pid, stands.pid}
        for (act, column), steps in changes.shipped().items():
            begun = Matter(act, 0, steps, person.pid, dept("YF"), chair=pid("田敬之"), leader=pid("岑书平"))
            assert signers(begun, both) == signers(replace(begun, applicant=stands.pid), both), (act, column)


def signers(begun: Matter, without: set[int]) -> list[list[int]]:
    """Who may sign each step, but for these persons."""
    return [[c.pid for c in step.candidates if c.pid not in without] for step in rules.route(begun, company())]


def test_delegations_make_no_dead_end() -> None:
    given = tuple(
        DelegationFacts(pid("陆远舟"), pid("沈听澜"), act, 30, TODAY - timedelta(days=1), TODAY + timedelta(days=1))
        for act in {act for act, _column in changes.shipped()}
    )
    assert matrix.dead_ends(replace(company(), delegations=given)) == []


def test_a_company_without_anybody_above_is_told() -> None:
    dead = matrix.dead_ends(gone("陆远舟", "温启航", "岑书平", "骆以宁", "沈听澜"))
    assert {one.act for one in dead} >= {"copy", "external_provision", "classify"}


def test_a_b_person_of_a_department_head_signs_where_the_head_is_gone() -> None:
    heir = BPerson("dept_head", pid("葛星野"), dept("YF"))
    alone = replace(gone("田敬之"), b_persons=(*company().b_persons, heir))
    begun = Matter("lend", 10, (("owning_dept_head",),), pid("聂知行"), dept("YF"))
    assert [name_of(c.pid) for c in rules.resolve(begun, alone).candidates] == ["葛星野"]


def test_the_house_of_the_tests_has_no_dead_end(house: Any, cast: Any) -> None:
    assert matrix.dead_ends(people_facts.organisation(), versions.table_of(versions.in_force())) == []
