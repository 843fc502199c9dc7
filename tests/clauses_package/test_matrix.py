"""The matrix: exact approvers, closed vocabularies, a missing level is refused."""

import pytest

from mifeng.clauses import clause, matrix, regulation

LEVELS = (30, 20, 10)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("act", ["copy", "excerpt", "first_print"])
def test_copying_is_approved_by_the_gm_or_the_supervising_deputy_at_every_level(act: str, level: int) -> None:
    assert matrix.steps(act, level) == [["gm", "deputy_gm"]]


@pytest.mark.parametrize("level", LEVELS)
def test_external_provision_ends_with_the_gm_alone(level: int) -> None:
    assert matrix.steps("external_provision", level) == [["owning_dept_head"], ["classifier"], ["legal"], ["gm"]]


@pytest.mark.parametrize("level", LEVELS)
def test_nobody_can_approve_publicity_of_a_levelled_paper(level: int) -> None:
    assert matrix.steps("publicity", level) == []
    assert matrix.steps("publicity", 5) == [["owning_dept_head"], ["gmo_head"], ["deputy_gm"]]


def test_a_missing_level_is_refused_never_any() -> None:
    assert matrix.steps("copy", 5) == []
    assert matrix.steps("copy", "public") == []
    assert matrix.act("copy").column(5) is None


def test_an_act_without_levels_is_the_same_at_every_level() -> None:
    assert {tuple(map(tuple, matrix.steps("exit_signoff", level))) for level in (0, 5, 10, 20, 30)} == {
        (("it_head",), ("hr",))
    }


def test_a_case_replaces_any_where_the_act_has_it() -> None:
    assert matrix.steps("password_reset", 0) == [["sysadmin"], ["secadmin"]]
    assert matrix.steps("password_reset", 0, "officer") == [["gmo_head"], ["gm"]]
    assert matrix.steps("seal_contract", 0, "above_limit")[-1] == ["gm"]
    assert matrix.steps("seal_company", 0, "above_limit") == matrix.steps("seal_company", 0)
    with pytest.raises(ValueError, match="no such case"):
        matrix.steps("password_reset", 0, "urgent")


def test_levels_are_named_or_ranked() -> None:
    assert matrix.steps("classify", "top_secret") == matrix.steps("classify", 30) == [["owning_dept_head"], ["gm"]]


def test_an_act_that_the_matrix_lacks_is_named() -> None:
    for ask in (lambda: matrix.act("fax"), lambda: matrix.steps("fax", 10)):
        with pytest.raises(matrix.UnknownAct, match="fax"):
            ask()


def test_what_is_handed_out_cannot_change_the_matrix() -> None:
    matrix.steps("copy", 10)[0].append("dept_head")
    assert matrix.steps("copy", 10) == [["gm", "deputy_gm"]]


def test_which_persons_are_apart() -> None:
    assert matrix.act("copy").separate == ("applicant", "approver", "executor")
    assert matrix.act("destroy").separate == ("applicant", "approver", "executor", "watcher1", "watcher2")
    narrow = {act.id for act in matrix.acts() if act.separate == ("applicant", "approver")}
    assert narrow == {
        "fault", "leader_schedule", "leader_private_info", "catalogue_change", "hr_publication", "exit_signoff",
        "relay",
    }  # fmt: skip


def test_only_classification_knows_standing_decisions() -> None:
    assert [act.id for act in matrix.acts() if act.standing] == ["classify"]


def test_every_condition_rests_on_a_clause_and_is_asked_for() -> None:
    asked = {name for act in matrix.acts() for name in act.conditions}
    assert asked == set(matrix.matrix().conditions)
    assert all(clause(matrix.condition(name).clause) for name in asked)


def test_no_department_head_decides_a_copy_a_carry_out_or_a_provision_last() -> None:
    last = {act: {post for level in LEVELS for post in matrix.steps(act, level)[-1]} for act in
            ("copy", "excerpt", "carry_out", "external_provision", "destroy", "classify")}  # fmt: skip
    assert set().union(*last.values()) == {"gm", "deputy_gm"}
    assert last["external_provision"] == {"gm"}


def test_every_act_is_found_from_its_clauses() -> None:
    assert [act.id for act in matrix.acts_of("M2.1")] == ["copy", "excerpt"]
    assert {one for act in matrix.acts() for one in act.clauses} <= set(regulation())
    assert len(matrix.acts()) == 31
