"""Approvals under kill -9: at every statement of a use, and at random; and four processes that want the same grants.

Nothing that was acknowledged is lost, nothing is half done, each grant is used at most as often as it says, and the numbers
have no gap. The same houses on SQLite and, in the second pass, on PostgreSQL.
"""

import random
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from mifeng.base import record
from mifeng.base.models import Counter, Issued
from mifeng.rooms.approvals import actions
from mifeng.rooms.approvals.facts import Wanted
from mifeng.rooms.approvals.models import Approval, Grant
from mifeng.site import verification
from tests import matters
from tests.security.dying_uses import SERIES
from tests.security.test_kill import Worker

KILLS = 12
EVERY = 4  # every fourth statement of the deed; all of them were tried: docs/spec/turns.md
PROCESSES, GRANTS = 4, 20


@pytest.fixture
def copying(house: Any) -> Iterator[None]:
    """The house has a matter for copies."""
    with matters.announced("copy"):
        yield


class Uses(Worker):
    """The process whose children use grants."""

    MODULE = "tests.security.dying_uses"


@pytest.fixture
def worker(house: Any, copying: None) -> Iterator[Worker]:
    """A process of that kind beside the house."""
    started = Uses(house.home, house.keys)
    yield started
    started.close()


def granted(cast: Any) -> Grant:
    """A grant of one copy."""
    asked = matters.ask(cast.drafter, "copy", wanted=Wanted(copies=1, pages=frozenset({1})))
    return actions.approve(cast.deputy, asked, "同意").grants.get()


def stands() -> tuple[Any, ...]:
    """The newest grant with its request, the numbers, the entries."""
    grant = Grant.objects.select_related("approval").order_by("pk").last()
    numbers = list(Issued.objects.filter(series=SERIES).order_by("n").values_list("n", flat=True))
    return grant.state, grant.uses_left, grant.approval.state, grant.approval.parts.count(), numbers, record.head()[0]


def uses(house: Any, worker: Worker, every: int) -> int:
    """Kill a use before every so-many-th statement: each time nothing of it is left. How many statements a use has."""
    before = stands()
    connection.close()
    at = 1
    while not (said := worker.whole_life(f"at {at}")):
        assert stands() == before, at
        assert not record.has_open_entry(), at
        connection.close()
        at += every
    assert at > said[0]["statements"]  # only a point behind the last statement lets it live
    return said[0]["statements"]


def test_m2_1_a_use_killed_between_two_statements_has_not_happened(house: Any, cast: Any, worker: Worker) -> None:
    granted(cast)
    size = record.head()[0]
    statements = uses(house, worker, EVERY)
    assert statements > 40
    assert stands() == ("approved", 0, "closed", 3, [1], size + 1)
    assert verification.run() == []


def test_m2_1_approvals_killed_at_random_lose_nothing_and_use_nothing_twice(house: Any, cast: Any, worker: Worker) -> None:
    connection.close()
    moments, said = random.Random(20260316), []
    for _n in range(KILLS):
        said += worker.life("round", moments.uniform(0, 0.05), moments.randint(1, 7))
    assert {words["act"] for words in said} == {"ask", "approve", "use", "revoke"}
    check(house, said)


def check(house: Any, said: list[dict[str, Any]]) -> None:
    """What was told is there; log, requests, grants and numbers say the same."""
    states = dict(Approval.objects.values_list("pk", "state"))
    for words in said:
        if words["act"] == "use":
            assert states[Grant.objects.get(pk=words["grant"]).approval_id] == "closed"
        elif words["act"] == "revoke":
            assert states[words["approval"]] == "revoked"
        else:
            assert words["approval"] in states
    used = [entry for entry in house.log() if entry["act"] == "test:act" and entry["out"] == "allowed" and "grant" in entry]
    spent = Grant.objects.filter(uses_left=0, state="approved").count()
    numbers = list(Issued.objects.filter(series=SERIES).order_by("n").values_list("n", flat=True))
    counted = Counter.objects.filter(series=SERIES).values_list("n", flat=True).first() or 0
    assert spent == len(numbers) == len({entry["grant"] for entry in used}) == len(used)
    assert numbers == list(range(1, counted + 1))
    assert not Grant.objects.filter(state="revoked").exclude(uses_left=0).exists()
    assert verification.run() == []


def share_out(cast: Any, worker: Worker, processes: int, count: int) -> list[dict[str, Any]]:
    """So many processes ask for every one of so many grants at once; what each said."""
    for _n in range(count):
        granted(cast)
    connection.close()
    return worker.whole_life(f"share {processes}")


def test_m2_1_four_processes_that_want_the_same_grants_use_each_once(house: Any, cast: Any, worker: Worker) -> None:
    size = record.head()[0]
    told = share_out(cast, worker, PROCESSES, GRANTS)
    assert [words["faults"] for words in told] == [[]] * PROCESSES
    spent = [pk for words in told for pk in words["spent"]]
    assert sorted(spent) == sorted(Grant.objects.values_list("pk", flat=True))
    assert sum(words["refused"] for words in told) == (PROCESSES - 1) * GRANTS
    assert record.head()[0] == size + 2 * GRANTS + PROCESSES * GRANTS  # asked, approved; used or refused, each with its entry
    assert Counter.objects.get(series=SERIES).n == GRANTS == Issued.objects.filter(series=SERIES).count()
    assert verification.run() == []
