"""Who decides, who stands in, what may happen next: in the demonstration company and in small ones made for a rule."""

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mifeng.clauses import matrix as table
from mifeng.clauses.levels import RANKS
from mifeng.rooms.approvals import changes, conditions, matrix, rules
from mifeng.rooms.approvals.facts import (
    MERGED,
    PASSED_OVER,
    BPerson,
    Circumstances,
    DelegationFacts,
    DepartmentFacts,
    Event,
    Matter,
    Organisation,
    PersonFacts,
    Refusal,
    State,
)
from mifeng.rooms.people.facts import POSTS
from tests.rooms.approvals.company import TODAY, company, dept, name_of, pid


def asked(act: str, level: int | str, who: str, of: str, case: str = "", **more: object) -> Matter:
    """A request of the demonstration company: act, level, applicant by name, owning department by code."""
    return replace(matrix.matter(act, level, applicant=pid(who), department=dept(of), case=case), **more)


def route(matter: Matter, organisation: Organisation | None = None) -> list[str]:
    """Each step as `name/name`, with 代 where somebody acts for another, or the note of a step that nobody signs."""
    shown = []
    for step in rules.route(matter, organisation or company()):
        names = [name_of(c.pid) + (f"(代{name_of(c.on_behalf_of)})" if c.on_behalf_of else "") for c in step.candidates]
        shown.append(step.noted or "/".join(names))
    return shown


# ----------------------------------------------------------------------------------------------------- who decides


@pytest.mark.parametrize("level", [30, 20, 10])
def test_a_copy_is_decided_by_the_gm_or_the_deputy_over_the_owning_department(level: int) -> None:
    assert route(asked("copy", level, "葛星野", "YF")) == ["陆远舟/温启航"]
    assert route(asked("copy", level, "葛星野", "YX")) == ["陆远舟/骆以宁"]


@pytest.mark.parametrize(
    ("post", "before", "after"),
    [
        ("", [["dept_head"], ["deputy_gm", "gm"]], [["dept_head"], ["deputy_gm", "gm"]]),
        ("gm", [["dept_head"], ["deputy_gm", "gm"]], [["dept_head"], ["gm"]]),
        ("gm", [["legal"]], [["legal"], ["gm"]]),
        ("gm", [], []),
    ],
)  # fmt: skip
def test_what_a_clause_gives_to_one_post_alone_nobody_else_signs_last(post: str, before: list, after: list) -> None:
    assert rules.last_by(post, before) == after


@pytest.mark.parametrize("level", [30, 20, 10])
def test_what_the_gm_alone_decides_waits_for_somebody_whoever_asks(level: int) -> None:
    steps = tuple(map(tuple, rules.last_by("gm", table.steps("classify", level))))
    for who in company().people:
        for department in company().departments:
            asks = Matter("classify", level, steps, who.pid, department.key)
            assert not any(step.dead for step in rules.route(asks, company())), (who, department)


def test_the_deputy_who_applies_for_a_copy_needs_the_gm() -> None:
    assert route(asked("copy", 20, "温启航", "YF")) == ["陆远舟"]


def test_the_gm_who_applies_for_a_copy_needs_the_supervising_deputy() -> None:
    assert route(asked("copy", 20, "陆远舟", "YF")) == ["温启航"]


def test_the_board_secretary_decides_where_the_gm_applies_and_supervises_himself() -> None:
    assert route(asked("copy", 20, "陆远舟", "FW")) == ["沈听澜"]
    assert route(asked("copy", 20, "路明诚", "FW")) == ["陆远舟"]


def test_classification_goes_to_the_head_and_then_to_a_leader() -> None:
    assert route(asked("classify", 20, "葛星野", "YF")) == ["田敬之", "温启航/陆远舟"]
    assert route(asked("classify", 30, "葛星野", "YF")) == ["田敬之", "陆远舟"]


def test_a_head_who_applies_is_passed_over_when_a_later_step_remains() -> None:
    assert route(asked("classify", 20, "田敬之", "YF")) == [PASSED_OVER, "温启航/陆远舟"]


def test_a_head_who_applies_at_the_last_step_needs_his_supervisor() -> None:
    assert route(asked("lend", 10, "田敬之", "YF")) == ["温启航"]
    assert route(asked("lend", 10, "葛星野", "YF")) == ["田敬之"]


def test_a_head_below_the_level_cannot_judge_it_and_his_supervisor_does() -> None:
    assert route(asked("classify", 30, "柯文君", "ZL")) == ["温启航", "陆远舟"]
    assert route(asked("classify", 20, "柯文君", "ZL"))[0] == "鲍国栋"


def test_a_department_without_head_goes_to_its_supervisor_who_signs_once() -> None:
    assert route(asked("classify", 20, "岑书平", "GM")) == [MERGED, "陆远舟"]


def test_the_only_one_of_two_steps_signs_at_the_later_one() -> None:
    assert route(asked("key_site_entry", 20, "夏知秋", "AB")) == [MERGED, "龙啸林", "方若琳"]
    assert route(asked("key_site_entry", 20, "夏知秋", "ZZ")) == ["褚建业", "龙啸林", "方若琳"]


def test_who_shares_the_later_step_with_another_still_signs_the_earlier_one() -> None:
    assert route(asked("seal_finance", 0, "汤泽", "CW")) == ["裴静仪", "裴静仪/岑书平"]


def test_a_step_of_another_post_is_never_passed_over() -> None:
    assert route(asked("key_site_entry", 20, "龙啸林", "AB")) == [PASSED_OVER, "岑书平", "方若琳"]
    assert route(asked("publicity", "internal", "方若琳", "ZJB")) == [PASSED_OVER, MERGED, "岑书平"]


def test_external_provision_passes_head_classifier_and_legal_before_the_gm() -> None:
    at_20 = asked("external_provision", 20, "白路遥", "YX", classifier=pid("温启航"))
    assert route(at_20) == ["喻嘉树", "温启航", "路明诚", "陆远舟"]


def test_who_decided_the_level_and_has_left_is_replaced_by_the_supervising_deputy() -> None:
    gone = tuple(replace(p, active=p.pid != pid("温启航")) for p in company().people)
    matter = asked("external_provision", 20, "白路遥", "YX", classifier=pid("温启航"))
    assert route(matter, replace(company(), people=gone))[1] == "骆以宁"


def test_the_gms_own_provision_is_decided_by_the_board_secretary() -> None:
    matter = asked("external_provision", 20, "陆远舟", "YF", classifier=pid("温启航"))
    assert route(matter) == ["田敬之", "温启航", "路明诚", "沈听澜"]


def test_a_leaver_needs_the_it_head_and_hr() -> None:
    assert route(asked("exit_signoff", 0, "夏知秋", "YF")) == ["谭晋", "丁晓岚/尤佳宁/康乐"]


def test_when_the_it_head_leaves_the_deputy_gm_signs() -> None:
    assert route(asked("exit_signoff", 0, "谭晋", "XX")) == ["岑书平", "丁晓岚/尤佳宁/康乐"]


def test_nobody_of_hr_closes_his_own_exit() -> None:
    assert route(asked("exit_signoff", 0, "尤佳宁", "RL")) == ["谭晋", "丁晓岚/康乐"]


def test_an_officers_account_is_reset_by_the_office_head_and_the_gm() -> None:
    assert route(asked("password_reset", 0, "凌子墨", "XX", case="officer")) == ["方若琳", "陆远舟"]
    assert route(asked("password_reset", 0, "葛星野", "YF")) == ["凌子墨/鲁青桐", "宋知微/施暮云"]


def test_the_leader_himself_decides_what_is_told_of_him_and_nobody_stands_in() -> None:
    assert route(asked("leader_private_info", 0, "邵宇", "ZJB", leader=pid("陆远舟"))) == ["陆远舟"]
    gone = tuple(replace(p, active=p.pid != pid("陆远舟")) for p in company().people)
    matter = asked("leader_private_info", 0, "邵宇", "ZJB", leader=pid("陆远舟"))
    assert rules.resolve(matter, replace(company(), people=gone)).dead


def test_the_chair_decides_the_relay_and_his_supervisor_when_he_asks_himself() -> None:
    assert route(asked("relay", 0, "葛星野", "YF", chair=pid("田敬之"))) == ["田敬之"]
    assert route(asked("relay", 0, "田敬之", "YF", chair=pid("田敬之"))) == ["温启航"]


def test_the_person_concerned_decides_nothing_of_it() -> None:
    concerned = frozenset({pid("温启航")})
    assert route(asked("copy", 20, "葛星野", "YF", concerned=concerned)) == ["陆远舟"]
    everybody = frozenset(map(pid, ("温启航", "陆远舟", "沈听澜")))
    assert rules.resolve(asked("copy", 20, "葛星野", "YF", concerned=everybody), company()).dead


def test_whoever_plays_another_part_decides_nothing() -> None:
    for role in ("executor", "watcher1", "watcher2"):
        matter = asked("destroy", 20, "简小禾", "YF", parts=((role, pid("温启航")),))
        assert route(matter) == ["陆远舟"]


def test_who_signed_one_step_may_sign_another() -> None:
    signed = asked("classify", 20, "葛星野", "YF", step_no=1, parts=(("approver", pid("温启航")),))
    assert route(signed)[1] == "温启航/陆远舟"


def test_a_part_that_the_act_does_not_separate_shuts_nobody_out() -> None:
    assert route(asked("fault", 0, "葛星野", "YF", parts=(("executor", pid("田敬之")),))) == ["田敬之"]


@pytest.mark.parametrize(
    ("handlers", "posts"),
    [
        (None, ()), ({"岑书平", "丁晓岚"}, ()), ({"陆远舟"}, ()), ({"丁晓岚"}, ("gm", "deputy_gm")), (set(), ("gm", "deputy_gm")),
    ],
)  # fmt: skip
def test_what_none_of_the_few_can_decide_is_told_by_the_posts_of_the_step(handlers: set[str] | None, posts: tuple[str, ...]) -> None:
    few = None if handlers is None else frozenset(map(pid, handlers))
    assert rules.unreachable(asked("copy", 10, "丁晓岚", "RL", handlers=few), company()) == posts


def test_of_an_embargoed_paper_only_a_handler_decides() -> None:
    handlers = frozenset({pid("岑书平"), pid("丁晓岚")})
    assert route(asked("copy", 10, "丁晓岚", "RL", handlers=handlers)) == ["岑书平"]
    assert route(asked("copy", 10, "丁晓岚", "RL")) == ["陆远舟/岑书平"]


def test_the_named_b_person_stands_in_before_anybody_higher() -> None:
    b_persons = (BPerson("dept_head", pid("聂知行"), dept("YF")), BPerson("it_head", pid("万小满")))
    organisation = replace(company(), b_persons=b_persons)
    assert route(asked("lend", 10, "田敬之", "YF"), organisation) == ["聂知行"]
    assert route(asked("lend", 10, "褚建业", "ZZ"), organisation) == ["温启航"]
    assert route(asked("exit_signoff", 0, "谭晋", "XX"), organisation)[0] == "万小满"


def test_a_second_deputy_decides_the_gms_requests_where_there_is_no_board_secretary() -> None:
    people = tuple(p for p in company().people if "board_secretary" not in p.posts)
    matter = asked("classify", 30, "陆远舟", "YF")
    assert route(matter, replace(company(), people=people)) == ["田敬之", "岑书平/温启航/骆以宁"]


def test_a_sub_department_is_supervised_from_above() -> None:
    lab = DepartmentFacts(99, None, dept("YF"))
    organisation = replace(company(), departments=(*company().departments, lab))
    matter = replace(asked("copy", 20, "葛星野", "YF"), department=99)
    assert route(matter, organisation) == ["陆远舟/温启航"]


def test_who_supervises_but_is_no_deputy_any_more_does_not_decide() -> None:
    people = tuple(
        replace(p, posts=frozenset({"employee"})) if p.pid == pid("温启航") else p for p in company().people
    )  # fmt: skip
    assert route(asked("carry_out", 20, "葛星野", "YF"), replace(company(), people=people)) == ["陆远舟"]


# ------------------------------------------------------------------------------------------------------- delegation


def delegated(to: str, **more: object) -> Organisation:
    """The GM delegates copying, to 机密, for a month around today."""
    given = DelegationFacts(
        pid("陆远舟"), pid(to), "copy", 20, TODAY - timedelta(days=10), TODAY + timedelta(days=20)
    )  # fmt: skip
    return replace(company(), delegations=(replace(given, **more),))


def test_a_delegate_acts_for_his_principal_and_both_are_named() -> None:
    assert route(asked("copy", 20, "葛星野", "YF"), delegated("沈听澜")) == ["陆远舟/温启航/沈听澜(代陆远舟)"]


@pytest.mark.parametrize(
    "change",
    [
        {"act": "excerpt"}, {"level_max": 10}, {"until": TODAY - timedelta(days=1)},
        {"since": TODAY + timedelta(days=1)}, {"revoked": True}, {"case_key": "documents:other"},
        {"principal": pid("沈听澜")},
    ],
)  # fmt: skip
def test_a_delegation_covers_its_act_level_period_and_case_only(change: dict[str, object]) -> None:
    assert route(asked("copy", 20, "葛星野", "YF"), delegated("方若琳", **change)) == ["陆远舟/温启航"]


def test_the_last_day_of_a_delegation_counts() -> None:
    for last in ({"until": TODAY}, {"since": TODAY}, {"level_max": 20}):
        assert route(asked("copy", 20, "葛星野", "YF"), delegated("沈听澜", **last))[0].endswith("(代陆远舟)")


def test_no_delegation_to_a_person_of_the_same_chain() -> None:
    assert route(asked("copy", 20, "葛星野", "YF"), delegated("温启航")) == ["陆远舟/温启航"]
    head = asked("classify", 20, "葛星野", "YF", step_no=1)
    assert route(head, delegated("田敬之", act="classify"))[1] == "温启航/陆远舟"
    signed = asked("copy", 20, "葛星野", "YF", signed=frozenset({pid("方若琳")}))
    assert route(signed, delegated("方若琳")) == ["陆远舟/温启航"]


def test_no_delegation_to_the_applicant_an_officer_or_somebody_below_the_level() -> None:
    for to in ("葛星野", "宋知微", "邵宇"):
        assert route(asked("copy", 20, "葛星野", "YF"), delegated(to)) == ["陆远舟/温启航"]


def test_a_delegation_is_not_passed_on() -> None:
    first = DelegationFacts(pid("陆远舟"), pid("沈听澜"), "copy", 30, TODAY, TODAY)
    second = replace(first, principal=pid("沈听澜"), delegate=pid("方若琳"))
    organisation = replace(company(), delegations=(first, second))
    assert route(asked("copy", 20, "葛星野", "YF"), organisation) == ["陆远舟/温启航/沈听澜(代陆远舟)"]


def test_the_applicants_delegate_does_not_decide_for_him() -> None:
    assert route(asked("copy", 20, "陆远舟", "YF"), delegated("方若琳")) == ["温启航"]


def test_for_external_provision_a_delegation_names_the_case() -> None:
    matter = asked("external_provision", 20, "白路遥", "YX", classifier=pid("骆以宁"), case_key="documents:d1")
    general = delegated("岑书平", act="external_provision", case_key="")
    named = delegated("岑书平", act="external_provision", case_key="documents:d1")
    assert route(matter, general)[-1] == "陆远舟"
    assert route(matter, named)[-1] == "陆远舟/岑书平(代陆远舟)"
    assert route(replace(matter, case_key=""), general)[-1] == "陆远舟"


# ------------------------------------------------------------------------------------------------ classical refusals


@pytest.mark.parametrize(
    ("who", "matter", "rule", "clause"),
    [
        ("田敬之", asked("copy", 10, "葛星野", "YF"), "wrong_approver", "M2.1"),
        ("方若琳", asked("copy", 10, "葛星野", "YF"), "wrong_approver", "M2.1"),
        ("岑书平", asked("copy", 20, "葛星野", "YF"), "wrong_approver", "M2.1"),
        ("葛星野", asked("copy", 20, "葛星野", "YF"), "own_request", "M2.1"),
        ("温启航", asked("external_provision", 20, "葛星野", "YF", step_no=3), "wrong_approver", "M4"),
        ("田敬之", asked("carry_out", 10, "葛星野", "YF"), "wrong_approver", "C5.2"),
        ("田敬之", asked("classify", 20, "葛星野", "YF", step_no=1), "wrong_approver", "K1.0"),
        ("万小满", asked("exit_signoff", 0, "夏知秋", "YF"), "wrong_approver", "I8"),
        ("谭晋", asked("exit_signoff", 0, "谭晋", "XX"), "own_request", "I8"),
        ("简小禾", asked("destroy", 10, "简小禾", "YF"), "own_request", "M1.1"),
        ("田敬之", asked("appoint_person_in_charge", 0, "葛星野", "YF"), "wrong_approver", "M1.1"),
        ("温启航", asked("copy", 20, "葛星野", "YF", concerned=frozenset({pid("温启航")})), "person_concerned", "M2.1"),
        ("温启航", asked("copy", 20, "葛星野", "YF", parts=(("executor", pid("温启航")),)), "other_part", "M2.1"),
        ("沈听澜", asked("catalogue_change", 0, "田敬之", "YF"), "wrong_approver", "S7"),
        ("裴静仪", asked("seal_company", 0, "汤泽", "CW", step_no=1), "wrong_approver", "C8.1"),
    ],
)
def test_the_wrong_person_is_refused_by_the_acts_clause(who: str, matter: Matter, rule: str, clause: str) -> None:
    decision = rules.may_decide(pid(who), matter, company())
    assert (decision.allow, decision.rule, decision.clause) == (False, rule, clause)


def test_a_refusal_says_who_decides() -> None:
    refused = rules.may_decide(pid("田敬之"), asked("copy", 10, "葛星野", "YF"), company())
    assert refused.reasons[0].zh == "复制须由总经理或主管副总经理批准"
    own = rules.may_decide(pid("葛星野"), asked("copy", 10, "葛星野", "YF"), company())
    assert own.reasons[0].zh == "申请人不得批准自己的申请;复制须由总经理或主管副总经理批准"


def test_the_right_person_decides() -> None:
    for who, matter in [
        ("陆远舟", asked("copy", 10, "葛星野", "YF")), ("温启航", asked("copy", 10, "葛星野", "YF")),
        ("陆远舟", asked("external_provision", 20, "葛星野", "YF", step_no=3)),
        ("谭晋", asked("exit_signoff", 0, "夏知秋", "YF")),
        ("方若琳", asked("appoint_person_in_charge", 0, "简小禾", "ZJB")),
    ]:  # fmt: skip
        decision = rules.may_decide(pid(who), matter, company())
        assert (decision.allow, decision.clause) == (True, table.act(matter.act).clauses[0])


def test_a_leaver_is_refused_as_a_leaver() -> None:
    people = tuple(replace(p, active=p.pid != pid("温启航")) for p in company().people)
    decision = rules.may_decide(pid("温启航"), asked("copy", 10, "葛星野", "YF"), replace(company(), people=people))
    assert (decision.allow, decision.rule) == (False, "left")


# --------------------------------------------------------------------------------------------------- the whole matrix


def test_every_act_level_department_and_applicant_finds_somebody() -> None:
    assert matrix.dead_ends(company()) == []


def test_every_act_that_somebody_may_approve_was_asked() -> None:
    seen = {(request.act, column) for request, column in matrix._requests(company(), changes.shipped())}
    open_ones = {(act.id, column) for act in table.acts() for column, steps in act.levels.items() if steps}
    assert seen == open_ones
    assert {(act.id, column) for act in table.acts() for column in act.levels} - seen == {
        ("publicity", level) for level in ("top_secret", "highly_confidential", "confidential")
    }


def test_a_company_without_gm_and_board_secretary_has_dead_ends() -> None:
    people = tuple(p for p in company().people if not p.posts & {"gm", "board_secretary", "deputy_gm"})
    found = matrix.dead_ends(replace(company(), people=people))
    assert {end.act for end in found} >= {"copy", "external_provision", "destroy", "catalogue_change"}
    assert all(end.step_no >= 0 for end in found)


def test_a_company_whose_only_it_head_leaves_has_no_dead_end() -> None:
    people = tuple(replace(p, active=p.pid != pid("谭晋")) for p in company().people)
    assert [e for e in matrix.dead_ends(replace(company(), people=people)) if e.act == "exit_signoff"] == []


def test_a_company_of_one_leader_says_what_it_cannot_do() -> None:
    people = (
        PersonFacts(1, 1, frozenset({"gm", "classifier"})), PersonFacts(2, 2, frozenset({"dept_head"})),
        PersonFacts(3, 2, frozenset({"employee"})),
    )  # fmt: skip
    small = Organisation(TODAY, people, (DepartmentFacts(1, 1), DepartmentFacts(2, 1)))
    found = matrix.dead_ends(small)
    # Nobody above the GM decides for him, and where the company lacks a post its work climbs to the GM.
    assert {end.applicant for end in found if end.act == "copy"} == {1}
    assert {end.applicant for end in found if end.act == "exit_signoff"} == {1}
    assert route_of(small, "exit_signoff", 3) == ["merged", "1"]


def route_of(organisation: Organisation, act: str, applicant: int) -> list[str]:
    """A route by numbers, in the applicant's own department."""
    department = organisation.by_pid[applicant].department
    matter = matrix.matter(act, 0, applicant=applicant, department=department)
    return [s.noted or "/".join(str(c.pid) for c in s.candidates) for s in rules.route(matter, organisation)]


# Everybody may know everything: the steps differ by post alone.
CLEARED = replace(company(), people=tuple(replace(p, clearance=30) for p in company().people))


def signatures(matter: Matter) -> set[frozenset[int]]:
    """The sets of persons whose signatures complete the request."""
    steps = [s.candidates for s in rules.route(matter, CLEARED) if not s.noted]
    return {frozenset(c.pid for c in chosen) for chosen in product(*steps)}


def weakened(steps: tuple[tuple[str, ...], ...]) -> Iterable[tuple[str, tuple[tuple[str, ...], ...]]]:
    """Every way to drop one step, to make one of two steps, or two steps of one."""
    for number, step in enumerate(steps):
        rest = (*steps[:number], *steps[number + 1 :])
        if rest:
            yield f"without step {number + 1}", rest
        if len(step) > 1:
            yield f"step {number + 1} as and", (*steps[:number], *((post,) for post in step), *steps[number + 1 :])
        if number + 1 < len(steps):
            yield f"steps {number + 1} and {number + 2} as or", (
                *steps[:number], (*step, *steps[number + 1]), *steps[number + 2 :],
            )  # fmt: skip


MUTANTS = [
    pytest.param(act.id, column, steps, id=f"{act.clauses[0]} {act.id} {column} {what}")
    for act in table.acts()
    for column, whole in act.levels.items()
    for what, steps in weakened(whole)
]


@pytest.mark.parametrize(("act", "column", "steps"), MUTANTS)
def test_a_step_dropped_or_and_and_or_swapped_changes_who_signs(
    act: str, column: str, steps: tuple[tuple[str, ...], ...]
) -> None:
    level = RANKS.get(column, 0)
    case = column if column in table.CASES else ""
    changed = 0
    for who, of in [("葛星野", "YF"), ("凌子墨", "XX"), ("白路遥", "ZL"), ("汤泽", "CW"), ("温启航", "YF")]:
        matter = asked(
            act, level, who, of, case=case, classifier=pid("骆以宁"), chair=pid("田敬之"), leader=pid("岑书平")
        )
        changed += signatures(matter) != signatures(replace(matter, steps=steps))
    assert changed


def test_a_chain_of_posts_changed_by_hand_changes_the_answer() -> None:
    matter = asked("copy", 20, "葛星野", "YF")
    assert signatures(matter) == {frozenset({pid("陆远舟")}), frozenset({pid("温启航")})}
    assert signatures(replace(matter, steps=(("gm",), ("deputy_gm",)))) == {frozenset({pid("陆远舟"), pid("温启航")})}


def test_the_posts_of_the_matrix_are_the_posts_of_the_company() -> None:
    held = set(table.matrix().posts) - set(table.matrix().relative) - {"excerpter", "handing_over_person", "destroyer"}
    assert held <= set(POSTS)
    assert {post: table.post_word(post) for post in held} == {post: POSTS[post] for post in held}


# ------------------------------------------------------------------------------------ promises, over random companies

PEOPLE = range(1, 13)
SOME_POSTS = st.sets(
    st.sampled_from(
        ["dept_head", "deputy_gm", "gm", "board_secretary", "legal", "hr", "it_head", "sysadmin", "secadmin"]
    ),
    max_size=2,
)


@st.composite
def matters(draw: st.DrawFn) -> tuple[Matter, Organisation]:
    """A random company and a request in it; anybody may be anything."""
    people = tuple(
        PersonFacts(
            number,
            draw(st.integers(1, 3)),
            frozenset(draw(SOME_POSTS)),
            draw(st.sampled_from([5, 10, 20, 30])),
            draw(st.booleans()),
        )
        for number in PEOPLE
    )
    who = st.sampled_from(PEOPLE)
    delegations = tuple(
        DelegationFacts(draw(who), draw(who), draw(st.sampled_from(["copy", "classify"])), 30, TODAY, TODAY)
        for _ in range(draw(st.integers(0, 3)))
    )
    departments = tuple(DepartmentFacts(key, draw(st.none() | who)) for key in (1, 2, 3))
    act, level = draw(st.sampled_from([(a.id, c) for a in table.acts() for c, steps in a.levels.items() if steps]))
    case = level if level in table.CASES else ""
    matter = matrix.matter(act, RANKS.get(level, 0), applicant=draw(who), department=draw(st.integers(1, 3)), case=case)
    matter = replace(
        matter, chair=draw(who), leader=draw(who), classifier=draw(st.none() | who),
        concerned=frozenset(draw(st.sets(who, max_size=2))), step_no=draw(st.integers(0, len(matter.steps) - 1)),
        parts=(("executor", draw(who)), ("watcher1", draw(who))),
        handlers=draw(st.none() | st.frozensets(who, max_size=6)),
    )  # fmt: skip
    return matter, Organisation(TODAY, people, departments, delegations)


@given(matters())
def test_nobody_decides_who_must_not(made: tuple[Matter, Organisation]) -> None:
    matter, organisation = made
    act = table.act(matter.act)
    for found in rules.resolve(matter, organisation).candidates:
        person = organisation.by_pid[found.pid]
        assert person.active
        assert found.pid != matter.applicant
        assert found.pid not in matter.concerned
        assert not ("executor" in act.separate and found.pid == matter.parts[0][1])
        assert not ("watcher1" in act.separate and found.pid == matter.parts[1][1])
        assert found.post in rules.OFFICERS or not person.posts & rules.OFFICERS
        assert matter.handlers is None or found.pid in matter.handlers
        assert not act.has_levels or person.clearance >= matter.level


@given(matters())
def test_a_delegate_stands_for_a_candidate_and_is_none_himself(made: tuple[Matter, Organisation]) -> None:
    found = rules.resolve(*made).candidates
    own = {c.pid for c in found if c.on_behalf_of is None}
    acting = [c for c in found if c.on_behalf_of is not None]
    assert {c.on_behalf_of for c in acting} <= own
    assert not {c.pid for c in acting} & own
    assert len({c.pid for c in found}) == len(found)


@given(matters())
def test_the_last_step_is_signed_or_dead_never_passed_over(made: tuple[Matter, Organisation]) -> None:
    matter, organisation = made
    assert not rules.route(matter, organisation)[-1].passed_over


@given(matters())
def test_only_a_resolved_approver_may_decide(made: tuple[Matter, Organisation]) -> None:
    matter, organisation = made
    deciders = {c.pid for c in rules.resolve(matter, organisation).candidates}
    assert {number for number in PEOPLE if rules.may_decide(number, matter, organisation).allow} == deciders


# ------------------------------------------------------------------------------------------------- what may happen next

# The table of the design, word for word; whatever is not here refuses.
LISTED = {
    ("draft", "submit"), ("draft", "withdraw"), ("returned", "submit"), ("returned", "withdraw"), ("opinion", "give"),
    ("opinion", "withdraw"), ("asked", "approve"), ("asked", "return"), ("asked", "withdraw"), ("approved", "spend"),
    ("asked", "settle"), ("opinion", "settle"),
    ("approved", "lapse"), ("approved", "revoke"), ("executing", "spend"), ("executing", "register"),
    ("executing", "revoke"), ("registered", "close"),
}  # fmt: skip
READY = Circumstances("copy", decides=True, reason_given=True, uses_left=1, executor_ready=True, numbered=True)
APPLICANT = replace(READY, actor_is_applicant=True, decides=False)


def test_every_pair_of_state_and_event_is_listed_or_refused() -> None:
    assert {(state.value, event.value) for state, event in rules.TABLE} == LISTED
    for state, event in product(State, Event):
        outcome = rules.transition(state, event, READY)
        if (state, event) not in rules.TABLE:
            assert isinstance(outcome, Refusal)
            assert (outcome.rule, outcome.clause) == ("no_such_step", "M2.1")


@pytest.mark.parametrize("state", [State.CLOSED, State.WITHDRAWN, State.LAPSED, State.REVOKED])
def test_an_ended_request_stays_ended(state: State) -> None:
    assert all(isinstance(rules.transition(state, event, READY), Refusal) for event in Event)


@pytest.mark.parametrize(
    ("state", "event", "facts", "then"),
    [
        ("draft", "submit", APPLICANT, "asked"), ("draft", "submit", replace(APPLICANT, wants_opinion=True), "opinion"),
        ("returned", "submit", APPLICANT, "asked"), ("opinion", "give", READY, "asked"),
        ("asked", "approve", READY, "approved"), ("asked", "approve", replace(READY, steps_left=1), "asked"),
        ("asked", "return", READY, "returned"), ("asked", "withdraw", APPLICANT, "withdrawn"),
        ("asked", "settle", replace(READY, settled=True), "withdrawn"),
        ("approved", "spend", READY, "executing"), ("executing", "spend", READY, "executing"),
        ("approved", "lapse", replace(READY, past=True), "lapsed"), ("approved", "revoke", READY, "revoked"),
        ("executing", "revoke", replace(READY, decides=False, frozen=True), "revoked"),
        ("executing", "revoke", replace(READY, decides=False, superior=True), "revoked"),
        ("executing", "register", READY, "registered"), ("registered", "close", READY, "closed"),
    ],
)  # fmt: skip
def test_what_follows_when_all_is_well(state: str, event: str, facts: Circumstances, then: str) -> None:
    assert rules.transition(State(state), Event(event), facts) == then


@pytest.mark.parametrize(
    ("state", "event", "facts", "rule"),
    [
        ("draft", "submit", READY, "applicant_only"),
        ("draft", "submit", replace(APPLICANT, may_know=False), "must_know"),
        ("opinion", "give", APPLICANT, "own_request"),
        ("opinion", "give", replace(READY, other_part=True), "other_part"),
        ("asked", "approve", replace(READY, actor_is_applicant=True), "own_request"),
        ("asked", "approve", replace(READY, decides=False), "wrong_approver"),
        ("asked", "approve", replace(READY, other_part=True), "other_part"),
        ("asked", "approve", replace(READY, fixed=False), "not_fixed"),
        ("asked", "return", replace(READY, reason_given=False), "reason_required"),
        ("asked", "return", replace(READY, decides=False), "wrong_approver"),
        ("asked", "withdraw", READY, "applicant_only"), ("asked", "settle", READY, "not_settled"),
        ("approved", "spend", replace(READY, uses_left=0), "used_up"),
        ("approved", "spend", replace(READY, past=True), "lapsed"),
        ("approved", "spend", replace(READY, frozen=True), "frozen"),
        ("approved", "spend", replace(READY, gone=True), "gone"),
        ("approved", "spend", replace(READY, executor_ready=False), "not_executor"),
        ("approved", "lapse", READY, "still_in_force"),
        ("approved", "revoke", replace(READY, decides=False), "may_not_revoke"),
        ("executing", "register", replace(READY, numbered=False), "not_registered"),
        ("executing", "spend", replace(READY, uses_left=0), "used_up"),
        ("registered", "close", replace(READY, watched=False), "not_watched"),
        ("registered", "close", replace(READY, back=False), "not_back"),
    ],
)  # fmt: skip
def test_each_guard_refuses_by_name(state: str, event: str, facts: Circumstances, rule: str) -> None:
    refused = rules.transition(State(state), Event(event), facts)
    assert isinstance(refused, Refusal)
    assert (refused.rule, refused.clause) == (rule, "M2.1")


@pytest.mark.parametrize("act", [act.id for act in table.acts()])
def test_each_condition_of_an_act_stops_submission_decision_and_execution(act: str) -> None:
    for name in table.act(act).conditions:
        failing = {"act": act, "failing": (name,)}
        for state, event, facts in [
            (State.DRAFT, Event.SUBMIT, APPLICANT), (State.ASKED, Event.APPROVE, READY),
            (State.APPROVED, Event.SPEND, READY),
        ]:  # fmt: skip
            refused = rules.transition(state, event, replace(facts, **failing))
            assert isinstance(refused, Refusal)
            assert (refused.rule, refused.clause) == (name, table.condition(name).clause)


def test_a_condition_of_another_act_stops_nothing() -> None:
    facts = replace(READY, failing=("nda_on_file",))
    assert rules.transition(State.ASKED, Event.APPROVE, facts) is State.APPROVED


@given(st.lists(st.sampled_from(list(Event)), max_size=25), st.randoms(use_true_random=False))
def test_no_walk_executes_what_nobody_approved(events: list[Event], random: object) -> None:
    state, approved, spent = State.DRAFT, False, 0
    for event in events:
        facts = replace(
            READY, actor_is_applicant=random.random() < 0.5, decides=random.random() < 0.5,  # type: ignore[attr-defined]
            uses_left=2 - spent, past=random.random() < 0.2,  # type: ignore[attr-defined]
        )  # fmt: skip
        outcome = rules.transition(state, event, facts)
        if isinstance(outcome, Refusal):
            continue
        if event is Event.APPROVE:
            assert not facts.actor_is_applicant
            approved = True
        if event is Event.SPEND:
            spent += 1
        if outcome in (State.EXECUTING, State.REGISTERED, State.CLOSED):
            assert approved
            assert 1 <= spent <= 2
        state = outcome


def test_states_and_events_have_words() -> None:
    from mifeng.rooms.approvals.facts import EVENT_WORDS, NOTED_WORDS, STATE_WORDS

    assert (set(STATE_WORDS), set(EVENT_WORDS)) == (set(State), set(Event))
    assert NOTED_WORDS == {PASSED_OVER: "申请人即本级", MERGED: "并级"}


YES_NO = [field.name for field in fields(Circumstances) if isinstance(field.default, bool)]
ANY_FACTS = st.builds(
    Circumstances, st.just("destroy"), uses_left=st.integers(0, 1), steps_left=st.integers(0, 1),
    failing=st.sampled_from([(), table.act("destroy").conditions[:1], ("of_another_act",)]),
    **{name: st.booleans() for name in YES_NO},
)  # fmt: skip


@given(st.sampled_from(sorted(rules.TABLE)), ANY_FACTS)
def test_the_short_way_through_a_row_refuses_where_a_guard_does_and_nowhere_else(
    pair: tuple[State, Event], facts: Circumstances
) -> None:
    row = rules.TABLE[pair]
    refusals = [refusal for guard in row.guards if (refusal := guard(facts))]
    assert not (refusals and all(holds(facts) for holds in row.holds))
    assert rules.transition(*pair, facts) == (refusals[0] if refusals else row.then(facts))


def test_m1_2_the_house_does_not_start_on_a_condition_that_an_act_of_it_leaves_unanswered():
    ladders = {"re_mark": None}
    answered = {act.id: set(act.conditions) for act in table.acts()}
    conditions.check(answered, ladders)
    with pytest.raises(conditions.UnknownCondition, match="not_a_copy_of_a_copy of copy"):
        conditions.check(answered | {"copy": set()}, ladders)
    with pytest.raises(conditions.UnknownCondition, match="every_holder_told_and_copies_re_marked"):
        conditions.check({act: names - conditions.FOLLOWED.keys() for act, names in answered.items()})
