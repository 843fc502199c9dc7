"""A deed is done as a whole or not at all, whoever else is at work: two connections, held between any two statements."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, models

from mifeng.base import codes, deeds, numbers, record
from mifeng.base.models import Issued
from mifeng.rooms.approvals import actions, grants
from mifeng.rooms.approvals.facts import Wanted
from mifeng.rooms.approvals.models import Approval, Grant
from tests import cluster, matters
from tests.rooms.approvals import meeting
from tests.rooms.approvals.meeting import Deed, Met
from tests.rooms.approvals.test_interleavings import naive_spend

ONE = Wanted(copies=1, pages=frozenset({1}))
STEP = 7  # every seventh pair of statements; all of them: `./mifeng bench approvals`


ON_POSTGRESQL = pytest.mark.skipif(not cluster.POSTGRESQL, reason="the second pass, on PostgreSQL")


class Pairs:
    """Two deeds that want the same thing, made anew each time, and what must be so afterwards."""

    def __init__(self, cast: Any) -> None:
        self.people = {name: getattr(cast, name) for name in ("drafter", "deputy", "clerk", "second_clerk")}
        self.approval: Any = None
        self.size = 0

    def _asked(self) -> Approval:
        return matters.ask(self.people["drafter"], "copy", wanted=ONE)

    def _granted(self) -> Grant:
        return actions.approve(self.people["deputy"], self._asked(), "同意").grants.get()

    def _use(self, who: str, grant: Grant) -> Deed:
        person, told = self.people[who], {"act": "copy", "item_key": "documents:d1", "pages": (1,)}
        return lambda: matters.inside(person, grants.spend, person, grant, **told)

    def _made(self, approval: Any, first: Deed, second: Deed) -> tuple[Deed, Deed]:
        self.approval, self.size = approval, record.head()[0]
        return first, second

    def uses(self) -> tuple[Deed, Deed]:
        grant = self._granted()
        return self._made(grant.approval, self._use("clerk", grant), self._use("clerk", Grant.objects.get(pk=grant.pk)))

    def use_and_revocation(self) -> tuple[Deed, Deed]:
        grant = self._granted()
        return self._made(grant.approval, self._use("clerk", grant), lambda: actions.revoke(self.people["deputy"], grant.approval, "停"))

    def approval_and_withdrawal(self) -> tuple[Deed, Deed]:
        asked = self._asked()
        mine, his = Approval.objects.get(pk=asked.pk), Approval.objects.get(pk=asked.pk)
        return self._made(
            asked, lambda: actions.approve(self.people["deputy"], his), lambda: actions.withdraw(self.people["drafter"], mine)
        )

    def draws(self) -> tuple[Deed, Deed]:
        first, second = (self.people[name] for name in ("clerk", "second_clerk"))
        return self._made(
            None, lambda: matters.inside(first, numbers.take, "复密"), lambda: matters.inside(second, numbers.take, "复密")
        )

    def result(self) -> tuple[Any, ...]:
        """State of the request, states and uses of its grants, entries since the deeds were made."""
        grown = record.head()[0] - self.size
        if self.approval is None:
            given = sorted(Issued.objects.filter(series="复密").values_list("n", flat=True))
            return given == list(range(1, len(given) + 1)), grown
        state = Approval.objects.values_list("state", flat=True).get(pk=self.approval.pk)
        return state, list(Grant.objects.filter(approval=self.approval).values_list("state", "uses_left")), grown


# What both say, and what stands afterwards: nothing else may come out.
RIGHT: dict[str, set[tuple[tuple[str, str], Any]]] = {
    "uses": {
        (("done", "used_up"), "executing approved 0 +2"), (("used_up", "done"), "executing approved 0 +2"),
    },
    "use_and_revocation": {
        (("done", "done"), "revoked revoked 0 +2"), (("revoked", "done"), "revoked revoked 0 +2"),
    },
    "approval_and_withdrawal": {
        (("done", "no_such_step"), "approved approved 1 +2"), (("conflict", "done"), "withdrawn +2"),
    },
    "draws": {(("done", "done"), "True +2")},
}  # fmt: skip


def told(result: tuple[Any, ...]) -> str:
    """A result in words."""
    first, *grants_of, grown = result
    words = [f"{state} {left}" for state, left in (grants_of[0] if grants_of else [])]
    return " ".join([str(first), *words, f"+{grown}"])


@pytest.fixture
def pairs(house: Any, cast: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pairs]:
    """The office without the process's own queue."""
    monkeypatch.setattr(deeds, "_queue", meeting.NoQueue())
    with matters.announced("copy"):
        yield Pairs(cast)


def outcomes(pairs: Pairs, name: str, step: int) -> Iterator[tuple[Met, str]]:
    """Each way in which the two deeds of that name can meet, and what stands afterwards."""
    for met in meeting.every_way(getattr(pairs, name), step):
        yield met, told(pairs.result())


@ON_POSTGRESQL
@pytest.mark.parametrize("name", RIGHT)
def test_m2_1_two_deeds_held_anywhere_come_out_as_one_after_the_other(pairs: Pairs, name: str) -> None:
    seen = set()
    for met, result in outcomes(pairs, name, STEP):
        assert (met.said, result) in RIGHT[name], met
        # Inside the first one's turn the second gets no further than asking for its own.
        assert not met.inside or met.second_came_to == 1
        seen.add(met.said)
    assert seen == {said for said, _result in RIGHT[name]}
    assert record.has_open_entry() is False


@ON_POSTGRESQL
def test_without_the_turn_the_open_entry_still_holds_the_second_back(pairs: Pairs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "take_turn", lambda: None)
    for met, result in outcomes(pairs, "uses", 2 * STEP):
        assert (met.said, result) in RIGHT["uses"], met
        assert not met.inside or met.second_came_to == 1


@ON_POSTGRESQL
def test_without_turn_and_open_entry_the_conditional_update_still_counts_once(pairs: Pairs, unguarded: None) -> None:
    found = list(outcomes(pairs, "uses", 2 * STEP))
    assert any(met.inside and met.second_came_to > 1 for met, _result in found)
    assert all((met.said, result) in RIGHT["uses"] for met, result in found)


@ON_POSTGRESQL
def test_and_without_that_two_uses_of_one_are_found(pairs: Pairs, unguarded: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grants, "spend", naive_spend)
    monkeypatch.setattr(codes.CodedRow, "_do_update", models.Model._do_update)
    wrong = {met.said for met, result in outcomes(pairs, "uses", STEP) if (met.said, result) not in RIGHT["uses"]}
    assert wrong


@pytest.fixture
def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A house whose deeds take no turn and announce no entry, and whose tables have no triggers."""

    def begin() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")

    monkeypatch.setattr(record, "open_entry", begin)


@pytest.mark.sqlite_only("on PostgreSQL the second deed waits, above")
def test_m2_1_nobody_gets_between_two_statements_of_a_deed(pairs: Pairs) -> None:
    length = meeting._length(pairs.uses()[0])
    for at in range(3, length + 1, STEP):  # from the first statement after BEGIN IMMEDIATE on
        first, second = pairs.uses()
        held = meeting.Held(first, at)
        held.start()
        assert held.reaches()
        pushing = meeting.Held(lambda second=second: impatient(second), 0)
        pushing.run()
        assert pushing.said == "LogUnavailable"  # neither done nor recorded: the turn is the first one's
        held.go.set()
        held.join()
        assert (held.said, told(pairs.result())) == ("done", "executing approved 0 +1")


def impatient(deed: Callable[[], Any]) -> Any:
    """The deed of somebody who does not wait for his turn."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 0")
    return deed()
