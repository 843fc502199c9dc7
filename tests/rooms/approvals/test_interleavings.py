"""Two and three people over one request, in every order of looking and doing."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import models

from mifeng.base import clock, codes, numbers
from mifeng.base.models import Issued
from mifeng.base.refusals import Conflict
from mifeng.rooms.approvals import grants, requests
from mifeng.rooms.approvals.actions import deciding
from mifeng.rooms.approvals.models import Approval, Grant, StepTaken
from tests.rooms.approvals import office
from tests.rooms.approvals.office import BY_NAME, STARTS
from tests.rooms.approvals.search import search
from tests.rooms.approvals.steps import Actor, Case, cases, put_back


@pytest.fixture
def paper(house: Any) -> Iterator[str]:
    """The office with a paper that somebody wants to copy."""
    with office.office() as item_key:
        yield item_key


@pytest.mark.sqlite_only("the pass on PostgreSQL takes those who touch one another's rows, below")
@pytest.mark.parametrize("start", STARTS)
def test_m2_1_whoever_of_two_is_quicker_nothing_is_done_twice_or_undone(paper: str, start: str) -> None:
    STARTS[start](paper)
    found = search(2)
    assert found.faults == []
    assert found.allowed > 100
    assert found.allowed_once >= CAN_HAPPEN[start]


# Besides leaving, freezing, narrowing, drawing and voiding, which can happen at every start.
CAN_HAPPEN = {
    "asked": {"approve", "gm approves", "return", "withdraw", "revoke", "spend", "lapse", "delegate", "delegate approves"},
    "delegated": {"approve", "delegate approves", "end delegation", "return", "withdraw"},
    "approved": {"revoke", "spend", "lapse", "register"},
    "begun": {"revoke", "spend", "register", "close", "void"},
}

# Those of three that touch one another's rows; all twenty-two in threes: `./mifeng bench approvals`.
THREES = {
    "asked": ("approve", "gm approves", "return", "withdraw", "deputy leaves", "spend", "revoke"),
    "delegated": ("delegate approves", "end delegation", "gm approves", "withdraw"),
    "approved": ("spend", "revoke", "lapse", "freeze", "clerk leaves", "register"),
    "begun": ("spend", "revoke", "register", "close", "confirm freeze", "void"),
}


@pytest.mark.parametrize("start", STARTS)
def test_m2_1_nor_of_three(paper: str, start: str) -> None:
    STARTS[start](paper)
    found = search(3, tuple(BY_NAME[name] for name in THREES[start]))
    assert found.faults == []
    assert found.deeds >= 70


# ----------------------------------------------------------------------------------- that the search would find a fault


def broken(actors: list[Actor]) -> tuple[int, int, set[str]]:
    """Of all orders of what these people look at and do: how many end in a fault, how many there are, and which faults."""
    bad = total = 0
    said = set()
    for case in cases(len(actors)):
        total += case.stands_for
        with put_back():
            fault = _fault(case, actors)
        bad += case.stands_for if fault else 0
        said |= {fault} if fault else set()
    return bad, total, said


def _fault(case: Case, actors: list[Actor]) -> str:
    watch, pages = office.begin(), {}
    for place, number in enumerate(case.order):
        for later, seen in enumerate(case.seen):
            if seen == place:
                pages[case.order[later]] = actors[case.order[later]].load()
        if pages[number] is not None:
            watch = watch.after(actors[number], pages[number])
        if watch.fault:
            return watch.fault
    return ""


def naive_spend(person: Any, grant: Grant, **told: Any) -> Grant:
    """A use as a form's save() does it: look at what was loaded, write it back one less."""
    if grant.state != "approved" or not grant.uses_left:
        raise Conflict("", "")
    grant.uses_left -= 1
    grant.save()
    return grant


def naive_take(approval: Any, person: Any, standing: Any, decision: str, note: str) -> None:
    """A signature without the condition on version and state."""
    StepTaken.objects.create(
        approval=approval, no=approval.step_no, post=standing.post, person=person, decision=decision, at=clock.now(), note=note
    )
    requests.take_part(approval, "approver", person)


def naive_void(number: Issued, reason: str) -> None:
    """A number made void whatever it is now."""
    number.void, number.void_reason = True, reason
    number.save()


@dataclass(frozen=True)
class Plant:
    """A fault put in: what replaces what, who meets, from where; in how many orders it shows, of how many, and how."""

    start: str
    actors: tuple[str, ...]
    bad: int
    of: int
    shows: str
    put: tuple[tuple[Any, str, Any], ...] = ()


UNGUARDED = (codes.CodedRow, "_do_update", models.Model._do_update)
SPENDS, TAKES = (grants, "spend", naive_spend), (deciding, "_take", naive_take)
VOIDS, DRAWS = (numbers, "void", naive_void), (office, "draw", office.draw_from_page)
STALE = (Approval, "refresh_from_db", lambda self: None)
LOADED = (grants, "_stays", lambda person: person.active)
# Where the database itself stops it, the person would meet an error instead of being told who was quicker.
STOPPED = "stopped by the database alone"
PLANTS = {
    "two_uses": Plant("approved", ("spend", "spend"), 4, 6, "2 uses of 1", (UNGUARDED, SPENDS)),
    "three_uses": Plant("approved", ("spend",) * 3, 72, 90, "2 uses of 1", (UNGUARDED, SPENDS)),
    "use_and_freeze": Plant("approved", ("spend", "freeze"), 3, 6, "used after freeze", (UNGUARDED, SPENDS)),
    "use_and_revocation": Plant("approved", ("spend", "revoke"), 2, 6, STOPPED, (UNGUARDED, SPENDS)),
    "use_and_lapse": Plant("approved", ("spend", "lapse"), 2, 6, STOPPED, (UNGUARDED, SPENDS)),
    "two_approvers": Plant("asked", ("approve", "gm approves"), 4, 6, STOPPED, (UNGUARDED, TAKES)),
    "approval_and_withdrawal": Plant("asked", ("approve", "withdraw"), 2, 6, STOPPED, (UNGUARDED, TAKES)),
    "approval_and_return": Plant("asked", ("gm approves", "return"), 4, 6, STOPPED, (UNGUARDED, TAKES)),
    "register_and_revocation": Plant("begun", ("register", "revoke"), 2, 6, STOPPED, (UNGUARDED, STALE)),
    "leaver_and_post": Plant("asked", ("deputy leaves", "deputy's post ends"), 2, 6, "undone: left", (UNGUARDED,)),
    "freeze_and_scope": Plant("asked", ("freeze", "narrow scope"), 4, 6, "undone: frozen, undone: scope narrowed", (UNGUARDED,)),
    "a_leaver_revokes": Plant("approved", ("deputy leaves", "revoke"), 2, 6, "revoke by somebody who has left", (LOADED,)),
    "two_voids": Plant("begun", ("void", "second void"), 6, 6, "the reason of a void number was written over", (VOIDS,)),
    "a_number_from_the_page": Plant("asked", ("draw", "draw"), 4, 6, STOPPED, (DRAWS,)),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANTS)
def test_a_careless_deed_is_found_and_ours_is_not(paper: str, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    plant = PLANTS[name]
    STARTS[plant.start](paper)
    actors = [BY_NAME[actor] for actor in plant.actors]
    assert broken(actors) == (0, plant.of, set())
    for where, attribute, instead in plant.put:
        monkeypatch.setattr(where, attribute, instead)
    assert broken(actors) == (plant.bad, plant.of, set(plant.shows.split(", ")))
