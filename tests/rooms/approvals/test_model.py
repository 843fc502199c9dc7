"""Everything that can happen to a request in a small office, and that the search would see a rule go missing."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from mifeng.clauses import matrix
from mifeng.rooms.approvals import rules
from mifeng.rooms.approvals.facts import Event, State
from tests.rooms.approvals import model
from tests.rooms.approvals.model import DEPUTY, GM, HEAD, STAFF, Scope


def scope(act: str, level: int, **changes: object) -> Scope:
    """A search small enough for every run."""
    small = Scope(
        act, level, tuple(map(tuple, matrix.steps(act, level))), ticks=2, lapse=1, uses=2, applicants=(STAFF, HEAD, DEPUTY),
        leavers=(DEPUTY, HEAD), delegates=(model.CLERK,),
    )  # fmt: skip
    return replace(small, **changes)


SCOPES = {
    "m2_1_copy": scope("copy", 20),
    "k1_0_classify": scope("classify", 20),
    "d2_widen_scope": scope("widen_scope", 30),
    "m4_external_provision": scope("external_provision", 20, uses=1, applicants=(STAFF,)),
    "c5_2_carry_out_by_the_gm_himself": scope("carry_out", 30, applicants=(GM, STAFF)),
    "m2_1_two_copies_at_once": scope("copy", 10, ticks=1, uses=1, requests=2, applicants=(STAFF, DEPUTY), leavers=(HEAD,)),
}


@pytest.mark.parametrize("name", SCOPES)
def test_no_way_through_the_office_leads_to_an_own_decision_a_second_use_or_a_use_after_the_end(name: str) -> None:
    found = model.search(SCOPES[name])
    assert found.broken == []
    assert found.states > 1000


def test_the_search_reaches_every_state_that_the_table_knows_without_opinions() -> None:
    assert model.search(SCOPES["m2_1_copy"]).reached == set(State) - {State.OPINION}


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """Take one guard out of a row of the table."""

    def take(state: State, event: Event, *rule_ids: str) -> None:
        row = rules.TABLE[state, event]
        left = tuple(guard for guard in row.guards if guard.__name__ not in rule_ids)
        assert len(left) == len(row.guards) - len(rule_ids)
        monkeypatch.setitem(rules.TABLE, (state, event), replace(row, guards=left))
        model.forget()

    yield take
    monkeypatch.undo()
    model.forget()


MISSING = {
    "who_decides": (State.ASKED, Event.APPROVE, ("own_request", "wrong_approver"), "decided his own request"),
    "used_up": (State.EXECUTING, Event.SPEND, ("used_up",), "more uses than were granted"),
    "in_time": (State.APPROVED, Event.SPEND, ("lapsed",), "used after the end"),
    "in_time_again": (State.EXECUTING, Event.SPEND, ("lapsed",), "used after the end"),
    "executor": (State.APPROVED, Event.SPEND, ("not_executor",), "carried out his own request"),
}


@pytest.mark.parametrize("name", MISSING)
def test_a_guard_taken_out_of_the_table_is_found_with_the_way_that_leads_there(name: str, without: object) -> None:
    state, event, rule_ids, fault = MISSING[name]
    without(state, event, *rule_ids)
    found = model.search(SCOPES["m2_1_copy"])
    assert [fault in told for told in found.broken[:1]] == [True]
    assert " > " in found.broken[0]


def test_a_step_left_out_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def hasty(facts: rules.Circumstances) -> State:
        return State.APPROVED

    row = rules.TABLE[State.ASKED, Event.APPROVE]
    monkeypatch.setitem(rules.TABLE, (State.ASKED, Event.APPROVE), replace(row, then=hasty))
    model.forget()
    found = model.search(SCOPES["k1_0_classify"])
    model.forget()
    assert "approved without every step" in found.broken[0]
