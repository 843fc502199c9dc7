"""Random lives of copies against a one-minute model: Σ holdings = register, one custodian, no gap, destroyed is for ever.

The model is written from regime.md §3 and the clauses, not from the table of the room: a step that one allows and the
other refuses fails here.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from mifeng.base import clock
from mifeng.base.refusals import NotThere, Refused
from mifeng.rooms.copies import actions, queries
from mifeng.rooms.copies.actions import _ledger
from mifeng.rooms.copies.actions._ledger import Line
from mifeng.rooms.copies.facts import Event, PlaceKind, State
from mifeng.rooms.copies.models import Copy, Movement
from mifeng.rooms.copies.rules import states
from mifeng.rooms.people.models import Department
from tests import factories
from tests.matters import inside

CLERKS = ("clerk", "second_clerk")
READERS = ("insider", "drafter")
AWAY = {"issued", "circulating", "lent", "out", "external", "meeting"}
OVER = {"destroyed", "surrendered", "void"}
# 在库的才能出去；出去的才能回来。Written from the state model of the regime.
LEAVES = {"issue": "issued", "circulate": "circulating", "lend": "lent", "carry_out": "out", "send_out": "external",
          "take_to_meeting": "meeting"}  # fmt: skip
FROM_NUMBERED = {"issue", "send_out", "take_to_meeting"}  # what a run that was just printed is made for


@dataclass
class One:
    """A copy of the model."""

    custodian: str
    state: str = "numbered"
    holder: str = ""
    place: str = ""
    history: list[tuple[str, str, str, str]] = field(default_factory=list)

    def now(self) -> tuple[str, str, str, str]:
        return self.state, self.custodian, self.holder or self.custodian, self.place


def may(one: One, what: str) -> bool:
    """Whether the regime lets this happen to the copy."""
    s, at_hand = one.state, {"desk", "stored", "archived"}
    if what in LEAVES:
        return s in at_hand or (what in FROM_NUMBERED and s == "numbered") or (what == "carry_out" and s in {"issued", "lent"})
    return {
        "store": s in {"numbered", "desk", "stored", "found"}, "return": s in AWAY, "deliver": s == "issued",
        "archive": s in {"desk", "stored"},
        "set_aside": s in at_hand, "release": s == "set_aside", "destroy": s == "set_aside",
        "miss": s not in OVER | {"missing", "leaked"}, "find": s in {"missing", "leaked"}, "leak": s == "missing",
        "surrender": s in {"desk", "stored"}, "void": s == "numbered", "hand_over": s not in OVER | {"missing", "leaked"},
    }[what]  # fmt: skip


def happen(one: One, what: str, who: str) -> None:
    """What it does to the copy."""
    one.history.append(one.now())
    if what in LEAVES:
        one.state, one.holder, one.place = LEAVES[what], who, ""
    elif what == "hand_over":
        one.custodian = who
    else:
        one.state = {
            "store": "stored", "return": "desk", "archive": "archived", "set_aside": "set_aside", "release": "desk",
            "destroy": "destroyed", "miss": "missing", "find": "found", "leak": "leaked", "surrender": "surrendered", "void": "void",
        }[what]  # fmt: skip
        one.holder = ""
        one.place = "BX-01" if what == "store" else one.place if one.state in {"stored", "archived", "set_aside"} else ""


STEP = st.tuples(
    st.sampled_from([*LEAVES, "store", "store", "return", "return", "archive", "set_aside", "release", "destroy", "miss", "find", "leak",
                     "surrender", "void", "hand_over", "number", "take_back"]),
    st.integers(0, 5), st.integers(0, 1),
)  # fmt: skip


@pytest.fixture
def office(house: Any, cast: Any) -> Any:
    """The cast and a safe for everything; one house for all examples, each with an item of its own."""
    safe = actions.set_up_place(cast.office_head, "BX-01", PlaceKind.COMBINATION_SAFE, "甲", "301", Department.objects.get(code="YF"))
    return cast, safe


@settings(
    max_examples=12, deadline=None, derandomize=True, phases=(Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(steps=st.lists(STEP, min_size=12, max_size=30))
def test_g4_1_register_and_holdings_agree_after_any_steps(office: Any, steps: list[tuple[str, int, int]]) -> None:
    cast, safe = office
    document, model = factories.classified(cast), []
    number(cast, document, model)
    for what, which, who in steps:
        if what == "number":
            number(cast, document, model)
            continue
        copy, one = nth(document, which), model[which % len(model)]
        if what == "take_back":
            take_back(cast, copy, one)
            continue
        name = CLERKS[who] if what == "hand_over" else READERS[who]
        allowed = may(one, what) and not (what == "hand_over" and name == one.custodian)
        try:
            do(cast, safe, copy, what, name, one)
            assert allowed, (what, one)
            happen(one, what, name)
        except Refused:
            assert not allowed, (what, one)
    agree(cast, document, model)


def number(cast: Any, document: Any, model: list[One]) -> None:
    inside(cast.clerk, _ledger.number, document, cast.clerk, cast.clerk, pages=9)
    model.append(One("clerk"))


def nth(document: Any, which: int) -> Copy:
    rows = list(Copy.objects.filter(document=document).order_by("n"))
    return rows[which % len(rows)]


def do(cast: Any, safe: Any, copy: Copy, what: str, who: str, one: One) -> None:
    keeper = getattr(cast, one.custodian)
    if what == "store":
        actions.store(keeper, [copy], safe)
    elif what == "return":
        actions.return_item(keeper, copy, copy.pages)
    elif what == "void":
        actions.void(keeper, copy, "试")
    elif what == "hand_over":
        line = actions.offer(keeper, [copy], getattr(cast, who), "轮岗")[0]
        actions.sign_for(getattr(cast, who), line.uid)
    else:
        away = what in LEAVES
        due = clock.now() + timedelta(days=3)
        line = Line(holder=getattr(cast, who), due_at=due) if away else Line()
        inside(keeper, _ledger.move, copy, Event(what), keeper, line, not_done="未登记")


def take_back(cast: Any, copy: Copy, one: One) -> None:
    """Only what can be taken back: never numbers, destructions, voids, custody; the row stands as before."""
    last = copy.ledger.order_by("no").last()
    if last.event in {"number", "void", "destroy", "miss", "leak", "see", "take_over", "take_back", "correct"}:
        with pytest.raises(Refused):
            actions.take_back(last.by, copy, last.uid)
        return
    actions.take_back(last.by, copy, last.uid)
    one.state, one.custodian, one.holder, one.place = one.history.pop()


def agree(cast: Any, document: Any, model: list[One]) -> None:
    """Rows, ledgers and what each person holds all say what the model says."""
    rows = queries.of_document(document)
    said = [(c.state, c.custodian.login, c.holder.login, c.place.code if c.place else "") for c in rows]
    login = {name: getattr(cast, name).login for name in (*CLERKS, *READERS)}
    assert said == [(s, login[c], login[h], p) for s, c, h, p in (one.now() for one in model)]
    assert [c.n for c in rows] == list(range(1, len(model) + 1))
    held = Counter(login[one.holder] for one in model if one.state in AWAY)
    for name in READERS:
        mine = [c for c in queries.held_by(getattr(cast, name)) if c.document_id == document.pk]
        assert len(mine) == held[login[name]]
    kept = Counter(login[one.custodian] for one in model if one.state not in OVER)
    for name in CLERKS:
        assert queries.kept_by(getattr(cast, name)).filter(document=document).count() == kept[login[name]]
    assert queries.disagreements() == []


def test_a_line_of_a_ledger_is_never_changed_once_written_but_for_its_signature(office: Any) -> None:
    cast, safe = office
    document = factories.classified(cast)
    copy = inside(cast.clerk, _ledger.number, document, cast.clerk, cast.clerk, pages=9)
    before = list(Movement.objects.filter(copy=copy).values_list("no", "event", "at", "row_mac"))
    actions.store(cast.clerk, [copy], safe)
    with pytest.raises(NotThere):
        actions.take_back(cast.clerk, copy, "0" * 32)
    assert list(Movement.objects.filter(copy=copy).values_list("no", "event", "at", "row_mac"))[:1] == before


@pytest.mark.parametrize("state", [state for state in State if state])
def test_every_event_in_every_state_is_allowed_exactly_where_the_regime_allows_it(state: State) -> None:
    one = One("clerk", str(state))
    for what in [*LEAVES, "store", "return", "archive", "set_aside", "release", "destroy", "miss", "find", "leak", "surrender", "void",
                 "hand_over"]:  # fmt: skip
        assert states.may_happen(state, Event(what)).allow == may(one, what), what
        if may(one, what):
            happen(one, what, "insider")
            assert states.after(state, Event(what)) == one.state, what
            one.state = str(state)
