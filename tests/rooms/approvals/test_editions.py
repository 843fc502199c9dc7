"""The table of approvals as dated, versioned data: proposed by one post, decided by another, never reaching back."""

from dataclasses import replace
from typing import Any

import pytest

from mifeng.base import deeds
from mifeng.base.codes import Tampered
from mifeng.base.refusals import Conflict, Refused
from mifeng.rooms.approvals import actions, changes, grants, matrix, people_facts, queries, versions
from mifeng.rooms.approvals.changes import Change
from mifeng.rooms.approvals.facts import Wanted
from mifeng.rooms.approvals.models import MatrixRow, MatrixVersion
from tests import matters

LEND = ("lend", "highly_confidential")
BOTH = (("owning_dept_head",), ("deputy_gm", "gm"))


def refusal_of(call: Any, *args: Any, **told: Any) -> tuple[str, str]:
    """Rule and clause of a refusal."""
    with pytest.raises(Refused) as caught:
        call(*args, **told)
    return caught.value.decision.rule, caught.value.decision.clause


def changed(cast: Any, cell: tuple[str, str], steps: Any) -> MatrixVersion:
    """Proposed and approved."""
    return actions.decide(cast.gm, actions.propose(cast.secadmin, {cell: steps}, "规模扩大"), True)


def test_the_first_version_is_the_regulations_own_table(house: Any, cast: Any) -> None:
    assert versions.number() == 0
    first = actions.load(None)
    assert (first.no, versions.table_of(first)) == (1, changes.shipped())
    assert actions.load(None) == first
    assert versions.number() == 1
    assert first.rows.count() == len(changes.shipped())


def test_a_change_holds_for_requests_that_begin_later(house: Any, cast: Any) -> None:
    with matters.announced("lend"):
        before = matters.ask(cast.insider, "lend")
        version = changed(cast, LEND, BOTH)
        after = matters.ask(cast.insider, "lend", item_key="documents:d2")
        assert (before.matrix_version, before.steps_list) == (0, [["deputy_gm", "gm"]])
        assert (after.matrix_version, after.steps_list) == (2, [["owning_dept_head"], ["deputy_gm", "gm"]])
        assert queries.candidates(after) == [cast.dept_head]
        assert actions.approve(cast.deputy, before).state == "approved"
        assert version.no == 2


def test_nothing_changes_before_the_gm_decides(house: Any, cast: Any) -> None:
    version = actions.propose(cast.secadmin, {LEND: BOTH}, "规模扩大")
    assert versions.steps("lend", 20) == [["deputy_gm", "gm"]]
    assert actions.decide(cast.gm, version, False, "暂不需要").decision == "refused"
    assert versions.steps("lend", 20) == [["deputy_gm", "gm"]]
    with pytest.raises(Conflict):
        actions.decide(cast.gm, version, True)


@pytest.mark.parametrize("who", ["gm", "sysadmin", "auditor", "office_head", "deputy"])
def test_m1_2_only_the_security_administrator_proposes(house: Any, cast: Any, who: str) -> None:
    assert refusal_of(actions.propose, getattr(cast, who), {LEND: BOTH}, "试") == ("secadmin_proposes", "M1.2")


@pytest.mark.parametrize("who", ["secadmin", "sysadmin", "auditor", "office_head", "deputy", "board_secretary"])
def test_m1_2_only_the_gm_decides(house: Any, cast: Any, who: str) -> None:
    version = actions.propose(cast.secadmin, {LEND: BOTH}, "规模扩大")
    assert refusal_of(actions.decide, getattr(cast, who), version, True) == ("gm_decides_table", "M1.2")


@pytest.mark.parametrize(
    ("cell", "steps", "rule", "clause"),
    [
        pytest.param(("copy", "confidential"), (("owning_dept_head",),), "source_exact", "M2.1", id="copy-by-a-head"),
        pytest.param(("copy", "top_secret"), (("gm", "deputy_gm", "gmo_head"),), "source_exact", "M2.1", id="copy-by-the-office"),
        pytest.param(("external_provision", "confidential"), (("deputy_gm",),), "source_exact", "M4", id="provision-by-a-deputy"),
        pytest.param(("publicity", "top_secret"), (("gm",),), "never", "C6.2", id="publicity-of-a-secret"),
        pytest.param(LEND, (), "no_step", "C3", id="no-step"),
        pytest.param(LEND, (("sysadmin",),), "officers_approve_nothing", "M1.2", id="an-officer"),
        pytest.param(LEND, (("king",),), "unknown_post", "C3", id="no-such-post"),
        pytest.param(LEND, (("subject_leader",),), "not_in_this_act", "C3", id="a-leader-nobody-names"),
        pytest.param(("copy", "any"), (("gm",),), "no_such_cell", "M1.2", id="no-such-cell"),
        pytest.param(LEND, (("deputy_gm", "gm"),), "no_such_cell", "M1.2", id="nothing-changed"),
    ],
)
def test_a_change_that_the_regulation_does_not_allow(house: Any, cast: Any, cell: Any, steps: Any, rule: str, clause: str) -> None:
    assert refusal_of(actions.propose, cast.secadmin, {cell: steps}, "试") == (rule, clause)
    assert not MatrixVersion.objects.exists()


def test_a_change_that_leaves_somebody_without_approver_is_refused(house: Any, cast: Any) -> None:
    """Only leave of the leader himself never climbs: when every leader's own step is asked of another leader's matter."""
    gone = [cast.gm, cast.deputy, cast.other_deputy, cast.sales_deputy, cast.board_secretary]
    organisation = people_facts.organisation()
    left = {p.pk for p in gone}
    alone = replace(organisation, people=tuple(replace(p, active=p.pid not in left) for p in organisation.people))
    assert matrix.dead_ends(organisation, changes.shipped()) == []
    dead = matrix.dead_ends(alone, changes.shipped() | {LEND: (("legal",),)})
    assert any((one.act, one.column) == LEND for one in dead)


def test_m2_1_an_exact_row_may_be_tightened(house: Any, cast: Any) -> None:
    assert changed(cast, ("copy", "top_secret"), (("gm",),)).no == 2
    assert versions.steps("copy", 30) == [["gm"]]
    assert refusal_of(actions.propose, cast.secadmin, {("copy", "top_secret"): (("gmo_head",),)}, "试") == ("source_exact", "M2.1")
    # Back to the regulation's own is no loosening of the regulation.
    assert changed(cast, ("copy", "top_secret"), (("gm", "deputy_gm"),)).no == 3


def test_a_tightening_lists_what_began_before_it_and_a_loosening_lists_nothing(house: Any, cast: Any) -> None:
    with matters.announced("lend"), matters.announced("copy"):
        begun = matters.ask(cast.insider, "lend")
        low = matters.ask(cast.insider, "lend", level=10, item_key="documents:d2")
        other = matters.ask(cast.insider, "copy", item_key="documents:d3", wanted=Wanted(copies=1, pages=frozenset({1})))
        given = actions.approve(cast.deputy, matters.ask(cast.insider, "lend", item_key="documents:d4"))
        tight = changed(cast, LEND, BOTH)
        assert [a.pk for a in versions.overtaken(tight)] == [begun.pk, given.pk]
        assert {low.pk, other.pk}.isdisjoint(a.pk for a in versions.overtaken(tight))
        assert grants.may_revoke(cast.gm, given)
        assert actions.revoke(cast.gm, given, "审批权限表已加严").state == "revoked"
        loose = changed(cast, LEND, (("deputy_gm", "gm"),))
        assert list(versions.overtaken(loose)) == []


def test_one_change_is_decided_before_the_next_is_proposed(house: Any, cast: Any) -> None:
    actions.propose(cast.secadmin, {LEND: BOTH}, "规模扩大")
    assert refusal_of(actions.propose, cast.secadmin, {LEND: (("gm",),)}, "再改") == ("one_at_a_time", "M1.2")


def test_a_row_of_the_table_written_past_the_deeds_stops_every_request(house: Any, cast: Any) -> None:
    version = changed(cast, LEND, BOTH)

    def write() -> None:
        MatrixRow.objects.filter(version=version, act="lend", column="highly_confidential").update(steps='[["employee"]]')

    deeds._do("test:past", cast.secadmin, None, write)
    with matters.announced("lend"), pytest.raises(Tampered):
        matters.ask(cast.insider, "lend")


@pytest.mark.parametrize(
    ("before", "after", "tightens"),
    [
        pytest.param((("gm", "deputy_gm"),), (("gm",),), True, id="one-of-two-to-one"),
        pytest.param((("gm",),), (("gm", "deputy_gm"),), False, id="one-to-one-of-two"),
        pytest.param((("gm",),), (("owning_dept_head",), ("gm",)), True, id="a-step-more"),
        pytest.param((("owning_dept_head",), ("gm",)), (("gm",),), False, id="a-step-less"),
        pytest.param((("deputy_gm",),), (("gm",),), True, id="another-post"),
    ],
)
def test_what_tightens_is_what_was_enough_and_is_not_any_more(before: Any, after: Any, tightens: bool) -> None:
    assert Change("lend", "confidential", before, after).tightens is tightens


def test_the_page_of_the_versions_proposes_and_decides(house: Any, cast: Any) -> None:
    officer, leader = house.open_page_as(cast.secadmin), house.open_page_as(cast.gm)
    assert "没有变更过" in officer.get("/approvals/table/versions/").content.decode()
    typed = {"cell": "lend highly_confidential", "steps": "归口部门负责人\n主管副总经理或总经理", "reason": "规模扩大"}
    wrong = officer.post("/approvals/table/versions/", typed | {"steps": "国王"})
    assert wrong.status_code == 422
    assert "没有这个岗位：国王" in wrong.content.decode()
    assert officer.post("/approvals/table/versions/", typed).status_code == 302
    version = MatrixVersion.objects.get(decision="")
    url = f"/approvals/table/versions/{version.uid}/"
    assert url not in officer.get("/approvals/table/versions/").content.decode()
    assert url in leader.get("/approvals/table/versions/").content.decode()
    assert leader.post(url, {"decision": "approve"}).status_code == 302
    assert "加严" in leader.get("/approvals/table/versions/").content.decode()
    assert house.open_page_as(cast.insider).get("/approvals/table/versions/").status_code == 404
