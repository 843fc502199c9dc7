"""Separation of duties: by person, and by construction for the three officers."""

from itertools import combinations

import pytest

from mifeng.engines.access import OFFICERS, SEPARATE_DESTRUCTION, officer_conflict, role_sets, separated

POSTS = (*OFFICERS, "employee", "clerk", "gm", "it_head")


def test_the_three_officers_exclude_one_another_and_every_business_post() -> None:
    """All 128 sets of seven posts: with an officer in it, only he himself and the plain employee stand."""
    allowed = set()
    for size in range(len(POSTS) + 1):
        allowed |= {frozenset(held) for held in combinations(POSTS, size) if officer_conflict(held).allow}
    with_officer = {held for held in allowed if held & set(OFFICERS)}
    assert with_officer == {frozenset({o}) for o in OFFICERS} | {frozenset({o, "employee"}) for o in OFFICERS}
    assert len(allowed - with_officer) == 2**4
    assert set(role_sets(POSTS)) == allowed
    assert len(list(role_sets(POSTS))) == len(allowed)


@pytest.mark.parametrize("pair", list(combinations(OFFICERS, 2)))
def test_two_officers_in_one_person_are_refused_by_name(pair: tuple[str, str]) -> None:
    refused = officer_conflict({*pair, "employee"})
    assert [(reason.rule, reason.clause) for reason in refused.reasons] == [("officers_apart", "M1.2")]
    assert "由一人兼任" in refused.reasons[0].zh


def test_an_officer_with_a_business_post_and_another_office_hears_both_reasons() -> None:
    refused = officer_conflict({"sysadmin", "auditor", "clerk"})
    assert [reason.rule for reason in refused.reasons] == ["officers_apart", "officer_without_business"]


def test_a_post_nobody_has_heard_of_is_a_business_post() -> None:
    assert not officer_conflict({"auditor", "treasurer"}).allow
    assert officer_conflict({"clerk", "treasurer"}).allow


def test_applicant_approver_executor_are_three_persons() -> None:
    assert separated([("applicant", 1), ("approver", 2), ("executor", 3)]).allow
    for shared in combinations(("applicant", "approver", "executor"), 2):
        parts = [(role, 1 if role in shared else 2) for role in ("applicant", "approver", "executor")]
        refused = separated(parts)
        assert [reason.rule for reason in refused.reasons] == [f"{shared[0]}_is_{shared[1]}"]
        assert refused.clause == "M2.1"


def test_one_approver_may_sign_two_steps_and_two_may_sign_one_each() -> None:
    assert separated([("applicant", 1), ("approver", 2), ("approver", 2), ("approver", 4), ("executor", 3)]).allow
    assert not separated([("applicant", 1), ("approver", 2), ("approver", 1), ("executor", 3)]).allow


def test_destruction_takes_five_persons() -> None:
    five = list(zip(SEPARATE_DESTRUCTION, range(5), strict=True))
    assert separated(five, SEPARATE_DESTRUCTION, "G4.5").allow
    for one, other in combinations(range(5), 2):
        parts = [(role, one if pid == other else pid) for role, pid in five]
        refused = separated(parts, SEPARATE_DESTRUCTION, "G4.5")
        assert [reason.rule for reason in refused.reasons] == [f"{five[one][0]}_is_{five[other][0]}"]
    assert len(separated([(role, 1) for role in SEPARATE_DESTRUCTION], SEPARATE_DESTRUCTION).reasons) == 10


def test_only_the_roles_that_the_act_lists_are_compared() -> None:
    parts = [("applicant", 1), ("approver", 2), ("executor", 1)]
    assert separated(parts, ("applicant", "approver")).allow
    assert not separated(parts).allow
