"""What waits for whom: from memory the same as by asking every request, whatever is done, at a price that others do not raise."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mifeng.base import clock, deeds, record
from mifeng.base.refusals import Conflict, NotThere, Refused
from mifeng.rooms.approvals import actions, queries, waiting
from mifeng.rooms.approvals.facts import Wanted
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.documents import queries as documents
from mifeng.rooms.documents.models import Document, Handler
from mifeng.rooms.people import actions as people
from mifeng.rooms.people.models import Person
from tests import factories, matters

WANTED = Wanted(copies=2, pages=frozenset({1, 2}), destination="reading_room")
ACTS = ("copy", "lend", "circulate", "excerpt")


def by_asking_each() -> dict[int, set[int]]:
    """The slow definition: every open request is resolved from its rows, and its deciders are noted."""
    found: dict[int, set[int]] = {}
    for approval in Approval.objects.filter(state="asked"):
        for candidate in queries.resolution(approval).candidates:
            found.setdefault(candidate.pid, set()).add(approval.pk)
    return found


def from_memory() -> dict[int, set[int]]:
    return {pid: set(one) for pid in Person.objects.values_list("pk", flat=True) if (one := waiting.of(pid))}


class Office:
    """One house in which anybody does something at random, by real deeds."""

    def __init__(self, house: Any, seed: int, papers: list[Document]) -> None:
        self.house, self.chance, self.papers, self.count = house, random.Random(seed), papers, 0

    def anybody(self) -> Person:
        return self.chance.choice(list(Person.objects.filter(active=True).order_by("pk")))

    def ask(self) -> None:
        person, act = self.anybody(), self.chance.choice(ACTS)
        self.count += 1
        item, level = self.chance.choice(self.papers).item_key, self.chance.choice([10, 20, 30])
        matters.ask(person, act, level=level, wanted=WANTED, item_key=item, number=f"试{self.count}")

    def decide(self) -> None:
        waits = Approval.objects.filter(state="asked").order_by("pk").first()
        if waits and (deciders := queries.candidates(waits)):
            self.chance.choice([actions.approve, lambda p, a: actions.send_back(p, a, "材料不全")])(deciders[0], waits)

    def withdraw(self) -> None:
        waits = Approval.objects.filter(state="asked", matter__startswith="test").order_by("-pk").first()
        if waits:
            actions.withdraw(waits.applicant, waits)

    def delegate(self) -> None:
        leader = self.chance.choice([self.house.cast.gm, self.house.cast.deputy, self.house.cast.other_deputy])
        until = clock.today() + timedelta(days=9)
        actions.delegate(leader, self.anybody(), act="copy", level_max=30, since=clock.today(), until=until, paper="授〔2026〕1号")

    def seal(self) -> None:
        def act() -> None:
            paper = self.chance.choice(self.papers)
            paper.refresh_from_db()
            paper.sealed = not paper.sealed
            paper.save()
            Handler.objects.create(document=paper, person=self.anybody())

        deeds._do("test:seal", self.house.cast.gm, None, act)

    def appoint(self) -> None:
        people.assign_post(self.house.cast.hr, self.anybody(), self.chance.choice(["dept_head", "gmo_head"]), clock.today())

    def dismiss(self) -> None:
        head = self.chance.choice([p for p in Person.objects.filter(active=True) if "dept_head" in p.posts()])
        people.end_post(self.house.cast.hr, head, "dept_head")

    def leave(self) -> None:
        people.close_account(self.house.cast.hr, self.anybody())

    def half_done(self) -> None:
        """A deed that asks, looks, and fails: what it saw is gone with it."""

        def act() -> None:
            matters.requests.ask(
                matter="test:copy", item_key=self.papers[0].item_key, level=20, applicant=self.house.cast.drafter,
                department=self.house.cast.drafter.department, purpose="x", payload={}, number="", wanted=WANTED,
            )  # fmt: skip
            assert from_memory() == by_asking_each()
            raise Conflict("", "")

        deeds._do("test:half", self.house.cast.drafter, None, act)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_memory_says_what_asking_every_request_says_whatever_is_done(house: Any, cast: Any, seed: int) -> None:
    office = Office(house, seed, [factories.classified(cast, title=f"试件{n}") for n in range(3)])
    doings: list[Callable[[], None]] = [
        office.ask, office.ask, office.ask, office.decide, office.decide, office.withdraw, office.delegate, office.seal,
        office.appoint, office.dismiss, office.leave, office.half_done,
    ]  # fmt: skip
    done, open_turns = set(), 0
    with matters.of_papers("copy"), matters.of_papers("lend"), matters.of_papers("circulate"), matters.of_papers("excerpt"):
        for turn in range(36):
            doing = office.chance.choice(doings)
            try:
                with house.at(timedelta(hours=8 * turn)):
                    doing()
                    done.add(doing.__name__)
            except (Refused, Conflict, NotThere):
                pass
            with house.at(timedelta(hours=8 * turn)):
                told = by_asking_each()
                assert from_memory() == told, (seed, turn, doing.__name__)
                open_turns += bool(told)
        record.start()  # a process that starts now finds the same
        assert from_memory() == by_asking_each()
    assert open_turns >= 8  # there was something to be compared
    assert {"ask", "decide"} <= done


def statements(doing: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as caught:
        doing()
    return len(caught)


@pytest.mark.parametrize("who", ["outsider", "dept_head", "other_deputy", "office_head", "secadmin"])
def test_p0_3_requests_of_others_cost_a_page_no_statement(house: Any, cast: Any, who: str) -> None:
    person = getattr(cast, who)

    def look() -> None:
        queries.waiting_for(person)
        queries.judged_keys(person)
        documents.page(documents.known(documents.viewer(person, None)))

    with matters.announced("copy"):
        matters.ask(cast.drafter, "copy", wanted=WANTED)
        mine = len(queries.waiting_for(person))
        look()
        before = statements(look)
        for number in range(30):
            matters.ask(cast.drafter, "copy", wanted=WANTED, item_key=f"documents:{number}")
        look()
        assert (len(queries.waiting_for(person)), statements(look)) == (mine, before)


def test_what_waits_for_oneself_is_loaded_in_a_fixed_number_of_statements(house: Any, cast: Any) -> None:
    with matters.announced("copy"):
        matters.ask(cast.drafter, "copy", wanted=WANTED)
        queries.waiting_for(cast.deputy)
        before = statements(lambda: queries.waiting_for(cast.deputy))
        for number in range(30):
            matters.ask(cast.drafter, "copy", wanted=WANTED, item_key=f"documents:{number}")
        assert len(queries.waiting_for(cast.deputy)) == 31
        assert statements(lambda: queries.waiting_for(cast.deputy)) == before


def test_m2_1_a_delegation_ends_with_its_day_though_nothing_is_written(house: Any, cast: Any) -> None:
    with matters.announced("copy"):
        asked = matters.ask(cast.drafter, "copy", wanted=WANTED)
        last = date(2026, 3, 17)
        actions.delegate(cast.deputy, cast.sales_head, act="copy", level_max=20, since=clock.today(), until=last, paper="授1号")
        assert asked.pk in waiting.of(cast.sales_head.pk)
        with house.at(last):
            assert asked.pk in waiting.of(cast.sales_head.pk)
        with house.at(last + timedelta(days=1)):
            assert asked.pk not in waiting.of(cast.sales_head.pk)
            assert asked.pk in waiting.of(cast.deputy.pk)


def test_only_what_has_changed_is_resolved_again(house: Any, cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with matters.announced("copy"):
        for number in range(20):
            matters.ask(cast.drafter, "copy", wanted=WANTED, item_key=f"documents:{number}")
        waiting.of(cast.gm.pk)
        resolved = []
        whole = waiting.rules.resolve

        def counted(matter: Any, organisation: Any) -> Any:
            resolved.append(matter.case_key)
            return whole(matter, organisation)

        monkeypatch.setattr(waiting.rules, "resolve", counted)
        waiting.of(cast.gm.pk)
        assert resolved == []
        actions.approve(cast.deputy, Approval.objects.get(item_key="documents:7"))
        resolved.clear()
        waiting.of(cast.gm.pk)
        assert resolved == []
        matters.ask(cast.drafter, "copy", wanted=WANTED, item_key="documents:new")
        resolved.clear()
        waiting.of(cast.gm.pk)
        assert resolved == ["documents:new"]
