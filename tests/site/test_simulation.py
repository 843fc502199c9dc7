"""The simulation finds what is broken, and finds nothing where nothing is."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection

from mifeng.base import deeds, record, room, vault
from mifeng.engines.access import Term
from mifeng.rooms.approvals import conditions, grants, rules
from mifeng.rooms.approvals.actions import deciding
from mifeng.rooms.approvals.facts import Event, State
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.copies import facts as copies
from mifeng.rooms.copies.actions import _ledger
from mifeng.rooms.documents import queries, work
from mifeng.rooms.documents.facts import TermFacts
from mifeng.rooms.people.models import Person
from mifeng.site import ticker
from mifeng.site.simulation import attacks, carriers, course, founding, later, might, papers, world
from mifeng.site.simulation.office import Plan
from tests import cluster, house_fixtures

# Registering, deciding, and what is done with copies: many of them go out and come back.
HANDS = {papers.register, papers.decide, carriers.places, carriers.number, carriers.put, carriers.hand, carriers.sign, carriers.lend}
SMALL = Plan(people=51, days=60, deeds_a_day=40, seed=3, most_breaches=1)


@pytest.fixture
def house(django_house: None, tmp_path: Path) -> Iterator[Path]:
    """An empty place for a house; on PostgreSQL an empty database."""
    home, keys = tmp_path / "var", tmp_path / "var-keys"
    house_fixtures.open_folders(home, keys)
    ticker.forget()
    yield home
    connection.close()
    if cluster.POSTGRESQL:
        cluster.drop(cluster.name_of(home))
    vault.seal()


def broken(result: course.Result) -> set[str]:
    """The invariants that were broken."""
    return {breach["invariant"] for breach in result.breaches}


def test_two_hundred_people_over_two_years_keep_every_promise(house: Path) -> None:
    """CI-sized: two years, three deeds on each working day, the rounds of the house every fifth night."""
    result = course.run(Plan(people=200, days=730, deeds_a_day=3, seed=20260105, nights=5))
    assert result.breaches == []
    assert result.figures["until"] == "2028-01-05"
    assert result.figures["deeds"] > 1400
    for name in (
        "log = acts", "who saw ⊆ who might", "who may is not shut out", "every grant used ≤ its uses", "a use fits its grant",
        "no date passed in silence", "every request waits for somebody", "what is forbidden is refused", "no deed breaks",
        "Σ holdings = register",
    ):  # fmt: skip
        assert result.figures["checked"][name] > 10, name
    assert set(result.figures["by_outcome"]) >= {"allowed", "refused"}
    assert result.figures["spends"] > 0


def test_a_copy_that_stays_in_the_borrower_s_book_after_it_came_back_is_found(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_ledger, "AWAY", frozenset(copies.State))
    monkeypatch.setattr(course, "MOVES", {move: times for move, times in course.MOVES.items() if move in HANDS})
    assert broken(course.run(replace(SMALL, days=40, most_breaches=1))) == {"Σ holdings = register"}


def test_the_same_seed_does_the_same_deeds_in_another_house(house: Path, tmp_path: Path) -> None:
    plan = Plan(people=60, days=12, deeds_a_day=30, seed=9)
    one = course.run(plan)
    house_fixtures.open_folders(tmp_path / "second", tmp_path / "second-keys")
    two = course.run(plan)
    clocks = {"seconds", "deeds_per_second"}
    assert {k: v for k, v in one.figures.items() if k not in clocks} == {k: v for k, v in two.figures.items() if k not in clocks}
    assert one.figures["deeds"] > 200
    if cluster.POSTGRESQL:
        connection.close()
        cluster.drop(cluster.name_of(tmp_path / "second"))


def test_a_scope_that_lets_everybody_in_is_found(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries.scopes, "contains", lambda *args: True)
    assert broken(course.run(SMALL)) == {"who saw ⊆ who might"}


def test_a_scope_that_lets_nobody_in_is_found(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries.scopes, "contains", lambda *args: False)
    assert broken(course.run(SMALL)) == {"who may is not shut out"}


def test_a_use_that_is_given_back_is_found(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spend = grants.spend

    def gives_back(person, grant, **told):
        done = spend(person, grant, **told)
        done.uses_left += told["count"]
        done.save()
        return done

    monkeypatch.setattr(grants, "spend", gives_back)
    assert broken(course.run(SMALL)) == {"every grant used ≤ its uses"}


@pytest.mark.parametrize("seed", [3, 4])
def test_a_term_that_ends_unseen_is_found(house: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Every term ends within days: which paper comes first is the seed's, that one does is not."""
    monkeypatch.setattr(papers, "_term", lambda office, *told: TermFacts("date", on=office.today + timedelta(days=3)))
    monkeypatch.setattr(work.actions, "expire", lambda *args: False)
    result = course.run(Plan(people=51, days=30, deeds_a_day=30, seed=seed, most_breaches=2))
    assert broken(result) == {"log = acts", "no date passed in silence"}
    assert "terms were over" in result.breaches[0]["sentence"]


def test_a_deed_that_the_log_does_not_tell_of_is_found(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    append, announce, doing = record.append, record.open_entry, deeds._draft

    def drafted(name, person, item):
        forgotten.append(name == "documents:open_card")
        return doing(name, person, item)

    forgotten: list[bool] = []
    monkeypatch.setattr(deeds, "_draft", drafted)
    monkeypatch.setattr(record, "open_entry", lambda: None if forgotten[-1] else announce())
    monkeypatch.setattr(record, "append", lambda draft: None if forgotten[-1] else append(draft))
    result = course.run(SMALL)
    assert broken(result) == {"log = acts"}
    assert "documents:open_card" in result.breaches[0]["sentence"]
    assert "no entry" in result.breaches[0]["sentence"]


@pytest.mark.parametrize("seed", [3, 4])
def test_whoever_approves_his_own_request_is_found(house: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Somebody tries it as often as a paper is registered: which request it is is the seed's, that one is there is not."""
    row = rules.TABLE[State.ASKED, Event.APPROVE]
    less = replace(row, guards=tuple(guard for guard in row.guards if guard.__name__ != "own_request"))
    monkeypatch.setitem(rules.TABLE, (State.ASKED, Event.APPROVE), less)
    monkeypatch.setitem(conditions.KNOWN, "decider_is_not_drafter", lambda moment: True)
    monkeypatch.setattr(deciding, "_mine", lambda person, approval, not_done: deciding.queries.Standing("gm"))
    monkeypatch.setattr(deciding.requests, "take_part", lambda *args: None)
    monkeypatch.setattr(course, "MOVES", {papers.register: 1, attacks.own_request: 1})
    (breach,) = course.run(Plan(people=51, days=30, deeds_a_day=30, seed=seed, most_breaches=1)).breaches
    assert breach["invariant"] == "what is forbidden is refused"
    assert Person.objects.get(login=breach["sentence"].split()[-1]).pk in Approval.objects.values_list("applicant", flat=True)


def test_it_takes_an_empty_place_only(house: Path) -> None:
    plan = Plan(people=51, days=1, deeds_a_day=3, seed=1)
    assert course.run(plan).kept
    with pytest.raises(founding.NotEmpty):
        course.run(plan)


def test_the_room_of_the_simulation_is_gone_afterwards(house: Path) -> None:
    names = set(deeds.REGISTERED), set(room.matters())
    with pytest.raises(ZeroDivisionError), later.rooms():
        assert {"later:ask", "later:use"} <= set(deeds.REGISTERED)
        assert "later:copy" in room.matters()
        raise ZeroDivisionError
    assert (set(deeds.REGISTERED), set(room.matters())) == names


@pytest.mark.parametrize("people", [51, 200, 2000])
def test_the_company_grows_in_proportion(people: int) -> None:
    told = world.company(people, seed=4)
    assert len(told["person"]) == people
    for unique in ("name", "login"):
        assert len({row[unique] for row in told["person"]}) == people
    codes = {dept["code"] for dept in told["dept"]}
    assert {row["dept"] for row in told["person"]} <= codes
    headed = {row["dept"] for row in told["person"] if "dept_head" in row["roles"]}
    assert {code for code in codes if code.startswith("S")} <= headed
    assert told == world.company(people, seed=4)
    assert told != world.company(people, seed=5) or people == 51


def test_too_small_a_company_is_refused() -> None:
    with pytest.raises(ValueError, match="51"):
        world.company(50, seed=1)


@pytest.mark.parametrize("start", [date(2026, 1, 31), date(2027, 12, 31), date(2028, 2, 29), date(2026, 3, 16)])
@pytest.mark.parametrize("months", [1, 2, 11, 12, 13, 48])
def test_the_naive_calendar_counts_as_terms_do(start: date, months: int) -> None:
    assert might.months_later(start, months) == Term("months", value=months).ends_on(start)


def test_the_verb_leaves_figures_and_no_house(tmp_path: Path) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    figures = tmp_path / "figures.json"
    command = [sys.executable, "-m", "mifeng", "simulate", "--people", "51", "--days", "4", "--deeds", "12", "--seed", "7"]
    done = subprocess.run(
        [*command, "--folder", str(folder), "--json", str(figures)], capture_output=True, text=True, check=False,
        env={**os.environ, "MIFENG_HOME": str(tmp_path / "real"), "MIFENG_KEYSTORE": str(tmp_path / "real-keys")},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "every promise was kept" in done.stdout
    told = json.loads(figures.read_text())
    assert told["breaches"] == []
    assert told["log_entries"] > told["deeds"] > 10
    assert list(folder.iterdir()) == []
    assert not (tmp_path / "real").exists()
