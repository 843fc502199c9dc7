"""What of training runs out: pledge (P0.1) and passed test (I12) of whoever is cleared, everybody's self-check (M6.2)."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from mifeng.base import clock
from mifeng.base.ladders import Deadline, first_possible, nearest
from mifeng.clauses import parameter
from mifeng.rooms.people import office
from mifeng.rooms.people.models import Person
from mifeng.rooms.training import queries, rules
from mifeng.rooms.training.facts import PledgeFacts
from mifeng.rooms.training.models import EntryTest, Pledge, text_hash


def pledges(at: datetime) -> Iterator[Deadline]:
    """Signed pledges by their last day. Who never signed has no date: that he has to sign stands on his desk."""
    passed, now_in_force = _passed(), text_hash()
    signatures = Pledge.objects.order_by("signed_on", "pk").values_list("person_id", "signed_on", "text_hash")
    newest, ends = {pid: (on, text) for pid, on, text in signatures}, {}
    for pid, (on, text) in newest.items():
        last = rules.pledge_until(PledgeFacts(on, text, now_in_force, pid in passed))
        if last is not None:
            ends[pid] = (on, last)
    yield from _cleared("pledge", at, ends)


def tests(at: datetime) -> Iterator[Deadline]:
    """The newest passed test of each by the last day on which it holds."""
    yield from _cleared("training", at, {pid: (taken, rules.trained_until(taken)) for pid, taken in _passed().items()})


def _passed() -> dict[int, date]:
    """The day of the newest passed test of each person."""
    mark = int(parameter("I12", "pass_mark", on=clock.today()))
    return dict(EntryTest.objects.filter(score__gte=mark).order_by("taken_on", "pk").values_list("person_id", "taken_on"))


def _cleared(kind: str, at: datetime, ends: dict[int, tuple[date, date]]) -> Iterator[Deadline]:
    told, far = office.today(), first_possible(kind, at)
    people = Person.objects.filter(active=True, clearance__gte=10).order_by("pk")
    for pid, uid, department in people.values_list("pk", "uid", "department_id"):
        begun, last = ends.get(pid, (None, None))
        if begun and last and clock.end_of(last) <= far:
            who = told.who(department, person=[pid])
            yield Deadline(kind, f"people:{uid}", clock.end_of(last), clock.start_of(begun), who)


def self_checks(at: datetime) -> Iterator[Deadline]:
    """Everybody's yearly self-check by the last day until which the newest one holds."""
    told, far = office.today(), first_possible("self_check", at)
    people = list(queries.who_checks())
    since = queries.checked_since(people)
    for person in people:
        found = _self_check(person, since[person.pk], told.who(person.department_id, person=[person.pk]))
        if found.due <= far:
            yield found


def _self_check(person: Person, since: date | None, who: Any) -> Deadline:
    last = rules.self_check_until(since)
    due = clock.end_of(last) if last else clock.start_of(clock.today())
    return Deadline("self_check", f"people:{person.uid}", due, clock.start_of(since) if since else None, who)


def own_self_check(person: Person) -> Deadline | None:
    """One's own self-check once its ladder has begun; None while there is time, and for whoever does none."""
    if not queries.who_checks(person.department_id).filter(pk=person.pk).exists():
        return None
    found = _self_check(person, queries.checked_since([person])[person.pk], lambda word: [person.pk])
    return found if nearest(found, clock.now()) else None
