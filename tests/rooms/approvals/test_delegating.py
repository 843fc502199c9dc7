"""授权委托: whom one may delegate to, and what happens when a delegate signs."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from mifeng.base import clock
from mifeng.base.refusals import NotThere, Refused
from mifeng.rooms.approvals import actions, delegation, queries
from mifeng.rooms.approvals.facts import DelegationFacts, Wanted
from mifeng.rooms.approvals.models import StepTaken
from mifeng.rooms.people import actions as people
from mifeng.rooms.people.models import Delegation
from tests import matters
from tests.rooms.approvals.company import TODAY, company, pid

MONTH = {"since": date(2026, 3, 16), "until": date(2026, 4, 16), "paper": "授权书第三号"}
COPY = Wanted(copies=1, pages=frozenset({1}))


def given(by: str, to: str, act: str, **more: Any) -> DelegationFacts:
    """A delegation in the demonstration company for a month, to 机密."""
    return replace(DelegationFacts(pid(by), pid(to), act, 20, TODAY, TODAY + timedelta(days=30)), **more)


@pytest.mark.parametrize(
    ("wanted", "rule", "clause"),
    [
        pytest.param(given("陆远舟", "陆远舟", "copy"), "no_delegate", "I6.2", id="himself"),
        pytest.param(given("陆远舟", "温启航", "copy"), "same_chain", "M2.1", id="m2_1-an-approver-of-the-same-step"),
        pytest.param(given("温启航", "田敬之", "classify"), "same_chain", "K1.0", id="k1_0-the-head-of-the-step-before"),
        pytest.param(given("田敬之", "温启航", "classify"), "same_chain", "K1.0", id="k1_0-the-deputy-of-the-step-after"),
        pytest.param(given("陆远舟", "宋知微", "copy"), "unfit_delegate", "M2.1", id="m2_1-an-officer"),
        pytest.param(given("陆远舟", "邵宇", "copy"), "unfit_delegate", "M2.1", id="m2_1-below-the-level"),
        pytest.param(given("葛星野", "沈听澜", "copy"), "not_his", "M2.1", id="m2_1-what-is-not-his"),
        pytest.param(given("陆远舟", "岑书平", "external_provision"), "case_not_named", "M4", id="m4-without-a-case"),
        pytest.param(given("陆远舟", "沈听澜", "leader_private_info"), "personal", "L1", id="l1-ones-own-affairs"),
        pytest.param(given("陆远舟", "沈听澜", "copy", until=TODAY - timedelta(days=1)), "delegation_form", "I6.2", id="over"),
        pytest.param(given("陆远舟", "沈听澜", "nonsense"), "delegation_form", "I6.2", id="no-such-act"),
    ],
)
def test_whom_one_may_not_delegate_to(wanted: DelegationFacts, rule: str, clause: str) -> None:
    found = delegation.refusal(wanted, company())
    assert found is not None
    assert (found.rule, found.clause) == (rule, clause)


@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param(given("陆远舟", "沈听澜", "copy"), id="the-gm-to-the-board-secretary"),
        pytest.param(given("温启航", "岑书平", "classify"), id="a-deputy-to-the-other"),
        pytest.param(given("陆远舟", "沈听澜", "external_provision", case_key="documents:d1"), id="m4-for-a-named-case"),
        pytest.param(given("方若琳", "沈听澜", "circulate"), id="the-head-of-the-office"),
    ],
)
def test_whom_one_may_delegate_to(wanted: DelegationFacts) -> None:
    assert delegation.refusal(wanted, company()) is None


def test_a_delegate_cannot_delegate_on() -> None:
    first = given("陆远舟", "沈听澜", "copy")
    organisation = replace(company(), delegations=(first,))
    found = delegation.refusal(given("沈听澜", "方若琳", "copy"), organisation)
    assert found is not None
    assert found.rule == "not_his"


def test_m2_1_a_delegate_signs_as_one_who_acts_for_another_and_both_are_named(house: Any, cast: Any) -> None:
    with matters.announced("copy"):
        asked = matters.ask(cast.drafter, "copy", wanted=COPY)
        secretary = cast.board_secretary
        assert queries.standing(secretary, asked) is None
        actions.delegate(cast.gm, secretary, act="copy", level_max=20, **MONTH)
        standing = queries.standing(secretary, asked)
        assert standing is not None
        assert standing.on_behalf_of == cast.gm
        actions.approve(secretary, asked, "同意")
        row = StepTaken.objects.get(approval=asked)
        assert (row.person, row.on_behalf_of) == (secretary, cast.gm)
        entry = house.last()
        assert entry["act"] == "approvals:approve"
        assert entry["actor"] == secretary.uid
        assert "代" in house.open_page_as(cast.drafter).get(f"/approvals/{asked.uid}/").content.decode()


def test_a_delegation_that_was_ended_is_over_at_once(house: Any, cast: Any) -> None:
    with matters.announced("copy"):
        asked = matters.ask(cast.drafter, "copy", wanted=COPY)
        row = actions.delegate(cast.gm, cast.board_secretary, act="copy", level_max=20, **MONTH)
        with pytest.raises(NotThere):
            actions.end_delegation(cast.insider, row)
        actions.end_delegation(cast.gm, row)
        assert queries.standing(cast.board_secretary, asked) is None
        with pytest.raises(Refused):
            actions.end_delegation(cast.gm, row)


@pytest.mark.parametrize("who", ["gm", "board_secretary"])
def test_a_delegation_ends_with_whoever_gave_or_received_it_leaving(house: Any, cast: Any, who: str) -> None:
    with matters.announced("copy"):
        asked = matters.ask(cast.drafter, "copy", wanted=COPY)
        actions.delegate(cast.gm, cast.board_secretary, act="copy", level_max=20, **MONTH)
        people.close_account(cast.secadmin, getattr(cast, who), clock.today())
        assert cast.board_secretary not in queries.candidates(asked)


def test_the_person_concerned_is_no_delegate(house: Any, cast: Any) -> None:
    with matters.announced("copy"):
        actions.delegate(cast.gm, cast.board_secretary, act="copy", level_max=20, **MONTH)
        asked = matters.ask(cast.drafter, "copy", wanted=COPY, concerned=[cast.board_secretary])
        assert cast.board_secretary not in queries.candidates(asked)


def test_a_delegation_past_its_last_day_opens_nothing(house: Any, cast: Any) -> None:
    with matters.announced("copy"):
        asked = matters.ask(cast.drafter, "copy", wanted=COPY)
        actions.delegate(cast.gm, cast.board_secretary, act="copy", level_max=20, **MONTH)
        with house.at(MONTH["until"]):
            assert queries.standing(cast.board_secretary, asked)
        with house.at(MONTH["until"] + timedelta(days=1)):
            assert queries.standing(cast.board_secretary, asked) is None


def test_a_delegation_is_written(house: Any, cast: Any) -> None:
    with pytest.raises(Refused) as refusal:
        actions.delegate(cast.gm, cast.board_secretary, act="copy", level_max=20, **MONTH | {"paper": " "})
    assert refusal.value.clauses == ["I6.2"]
    assert not Delegation.objects.exists()


def test_the_page_gives_and_ends_a_delegation(house: Any, cast: Any) -> None:
    client = house.open_page_as(cast.gm)
    typed = {"delegate": "沈听澜", "act": "copy", "level_max": "20", "until": "2026-04-30", "paper": "授权书第三号"}
    missing = client.post("/approvals/delegations/", typed | {"case": "没有〔2026〕9号"})
    assert missing.status_code == 422
    assert client.post("/approvals/delegations/", typed).status_code == 302
    row = Delegation.objects.get()
    assert f"/approvals/delegations/{row.uid}/end/" in client.get("/approvals/delegations/").content.decode()
    refused = client.post("/approvals/delegations/", typed | {"act": "external_provision"})
    assert refused.status_code == 403
    assert house.open_page_as(cast.insider).post(f"/approvals/delegations/{row.uid}/end/").status_code == 404
    assert client.post(f"/approvals/delegations/{row.uid}/end/").status_code == 302
    assert Delegation.objects.get().revoked_on == clock.today()
