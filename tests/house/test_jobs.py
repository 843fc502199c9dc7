"""The job table: who has a job, what its effect is, how it ends, and what is left when somebody dies in between."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import OperationalError, connection

from mifeng.base import clock, deeds, jobs, room, vault
from mifeng.base.models import Counter, Job
from mifeng.rooms.documents import actions, work
from mifeng.rooms.documents.models import Document
from mifeng.site import ticker
from tests import cluster, factories

State = Job.State


@deeds.deed("people:test_count")
def count(person: Any, series: str) -> None:
    """A deed that leaves a row, for jobs of the tests."""
    Counter.objects.create(series=series, year=2026)


del deeds.REGISTERED["people:test_count"]  # the list of deeds is the house's


def counts() -> int:
    return Counter.objects.filter(series__startswith="试").count()


@pytest.fixture
def kind(house, monkeypatch):
    """A kind of job whose effect is one row; `kind.before` is called while the work is prepared."""

    class Kind:
        before = staticmethod(lambda job: None)
        effect = staticmethod(lambda job: partial(count, None, f"试{job.pk}"))

        def handler(self, job: Job) -> Any:
            self.before(job)
            return self.effect(job)

    made = Kind()
    told = room.job_kinds() | {"people:test": room.JobKind(made.handler, "试")}
    monkeypatch.setattr(room, "job_kinds", lambda: told)
    return made


def asked(dedupe: str = "") -> Job:
    return jobs.enqueue("people:test", "x", dedupe=dedupe)


def of(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def allowed(house: Any, act: str) -> int:
    return sum(entry["act"] == act and entry["out"] == "allowed" for entry in house.log())


# ------------------------------------------------------------------------------------------------- the effect and its end


def test_a_job_is_done_in_the_transaction_of_its_effect(house, kind, monkeypatch):
    """The commit of the effect is the end of the job: between the two nothing can happen."""
    job, seen = asked(), []
    before = deeds._commit

    def watched(*args: Any, **told: Any) -> Any:
        result = before(*args, **told)
        seen.append(of(job).state)
        return result

    monkeypatch.setattr(deeds, "_commit", watched)
    assert jobs.run_one()
    assert seen == [State.DONE]
    assert (counts(), of(job).state) == (1, State.DONE)


def test_a_worker_that_woke_late_commits_nothing(house, kind):
    """Its lease ran out while it prepared; another did the work. Whatever it still does is rolled back."""
    job = asked()

    def sleeps(mine: Job) -> None:
        kind.before = lambda job: None
        with house.at(timedelta(hours=1)):
            assert jobs.run_one()
        assert (counts(), of(job).state) == (1, State.DONE)

    kind.before = sleeps
    assert jobs.run_one()
    assert counts() == 1
    assert (of(job).state, of(job).attempts, of(job).last_error_class) == (State.DONE, 2, "")
    late = [entry for entry in house.log() if entry["out"] == "failed"]
    assert [(entry["act"], entry["why"]) for entry in late] == [("people:test_count", ["LeaseLost"])]


def test_a_worker_that_woke_late_cannot_say_a_step_nor_do_a_deed_on_the_way(house, kind):
    job = asked()

    def sleeps(mine: Job) -> None:
        kind.before = lambda job: None
        with house.at(timedelta(hours=1)):
            jobs.run_one()
        with pytest.raises(jobs.LeaseLost):
            jobs.step(mine, "converting")
        with pytest.raises(jobs.LeaseLost):
            count(None, "试late")

    kind.before = sleeps
    assert jobs.run_one()
    assert counts() == 1 and of(job).step == ""


def test_work_that_takes_longer_than_its_lease_is_still_one_s_own_while_nobody_took_it(house, kind):
    asked()
    with house.at(timedelta(hours=1)):
        job = jobs.claim()
    assert job is not None
    with house.at(timedelta(hours=2)):
        jobs.finish(job)
    assert of(job).state == State.DONE


def test_an_effect_is_one_deed(house, kind):
    """A function that is no deed, and two deeds in one effect, are programming errors that end on the dead-letter page."""
    job = asked()
    kind.effect = lambda job: lambda: count(None, "试a")
    jobs.run_one()
    assert (counts(), of(job).last_error_class, of(job).state) == (0, "NotADeed", State.DUE)


def test_a_job_that_finds_nothing_to_do_is_done(house, kind):
    job = asked()
    kind.effect = lambda job: None
    jobs.run_one()
    assert (counts(), of(job).state) == (0, State.DONE)


def test_what_an_effect_refuses_or_breaks_leaves_the_job_due(house, kind, monkeypatch):
    job = asked()
    kind.effect = lambda job: partial(count, None, series=None)
    jobs.run_one()
    assert (counts(), of(job).state, of(job).lease_until) == (0, State.DUE, None)
    assert of(job).last_error_class == "IntegrityError"


def test_the_announced_kinds_are_these(house):
    """Whoever adds a kind says here which deed its effect is; the next test runs them."""
    shown_elsewhere = {"copies:enter_rows", "copies:late", "copies:shred", "documents:recognise"}  # tests/rooms
    assert set(room.job_kinds()) - shown_elsewhere == set(EFFECTS)


EFFECTS = {
    "documents:convert": "documents:file_converted", "documents:rewrap": "documents:rewrapped", "documents:thaw": "documents:thaw",
    "documents:map_levels": "documents:map_levels",
}  # fmt: skip


def due_job(cast: Any, kind: str) -> Job:
    """A real job of the house of this kind, everything before it done."""
    if kind == "documents:convert":
        factories.classified(cast, uploads=(factories.uploaded(cast.drafter),))
    elif kind == "documents:map_levels":
        factories.classified(cast, proposed=factories.proposed(10))
        switch = actions.propose_scheme(cast.office_head, "soe2", {30: 30, 20: 30, 10: 10}, "改制")
        actions.decide_scheme(cast.gm, switch, True)
    else:
        document = factories.classified(cast)
        if kind == "documents:thaw":
            actions.freeze(cast.office_head, document, (), "疑似外泄")
        else:
            actions.ask_change(cast.drafter, document, "upgrade", level=30, reason="涉及核心参数")
            factories.approve_all(document.item_key)
    return Job.objects.get(kind=kind)


@pytest.mark.parametrize("kind", sorted(EFFECTS))
def test_every_kind_of_job_ends_in_the_transaction_of_its_effect(house, cast, kind, monkeypatch):
    """The end of the job and the entry of its effect are in one transaction: without the one there is not the other."""
    job = due_job(cast, kind)
    before, inside = jobs.finish, []

    def watched(ended: Job) -> None:
        inside.append((connection.in_atomic_block, deeds.current().draft.act))
        before(ended)

    monkeypatch.setattr(jobs, "finish", watched)
    with house.at(timedelta(hours=100)):
        while jobs.run_one():
            pass
    assert inside == [(True, EFFECTS[kind])]
    assert of(job).state == State.DONE
    assert allowed(house, EFFECTS[kind]) == 1


# --------------------------------------------------------------------------------------------------- tries and the dead


def test_a_job_that_kills_its_process_is_given_up_after_the_last_try(house, kind):
    """Nobody is left to say that it failed: only whoever claims it next can see that."""
    job, tries = asked(), 0
    at = clock.now()
    for n in range(20):
        with house.at(at + n * timedelta(hours=3)):
            tries += jobs.claim() is not None
    assert tries == jobs.TRIES == 5
    assert (of(job).state, of(job).last_error_class) == (State.DEAD, "WorkerDied")


def test_a_job_whose_process_died_waits_as_long_as_one_that_failed(house, kind):
    asked()
    at, tries = clock.now(), []
    for minute in range(0, 240):
        with house.at(at + timedelta(minutes=minute)):
            if jobs.claim():
                tries.append(minute)
    assert tries == [0, 2, 7, 37, 157]  # the first is a minute, but a lease is a minute and a half


def test_a_job_that_fails_is_tried_five_times_and_then_dead(house, kind):
    job = asked()
    kind.effect = lambda job: partial(count, None, series=None)
    at, tries = clock.now(), []
    for minute in range(0, 240):
        with house.at(at + timedelta(minutes=minute)):
            if jobs.run_one():
                tries.append(minute)
    assert tries == [0, 1, 6, 36, 156]
    assert (of(job).state, of(job).attempts, of(job).lease_token) == (State.DEAD, 5, "")
    assert of(job).ended_at is not None


def test_a_dead_job_keeps_nobody_else_from_the_queue(house, kind):
    for _n in range(3):
        asked()
    broken = Job.objects.first()
    Job.objects.filter(pk=broken.pk).update(attempts=5)
    assert jobs.run_all() == 2
    assert counts() == 2 and of(broken).state == State.DEAD


def test_no_lease_and_no_time_to_wait_is_longer_than_the_house_ever_gives(house, kind):
    """A clock that was years ahead for a moment left a lease and a back-off there: neither keeps the job for years."""
    first, second = asked(), asked()
    far = clock.now() + timedelta(days=60 * 365)
    Job.objects.filter(pk=first.pk).update(lease_until=far, lease_token="x")
    Job.objects.filter(pk=second.pk).update(run_at=far)
    assert jobs.run_all() == 2
    assert {of(first).state, of(second).state} == {State.DONE}


def test_only_what_is_started_by_the_clock_may_be_put_off(house, kind):
    with pytest.raises(ValueError, match="people:test"):
        jobs.enqueue("people:test", "x", delay=timedelta(hours=72))


# ----------------------------------------------------------------------------------------------------------- the loop


class Stop:
    """An event that is set after so many waits, and has written down how long each was."""

    def __init__(self, after: int) -> None:
        self.after, self.waits = after, []

    def is_set(self) -> bool:
        return len(self.waits) >= self.after

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)


def looped(monkeypatch: Any, waits: int, tick: Any = lambda: None) -> list[float]:
    stop = Stop(waits)
    monkeypatch.setattr(jobs, "_wake", type("Wake", (), {"wait": stop.wait, "clear": lambda self: None, "set": lambda self: None})())
    monkeypatch.setattr(jobs, "pulse", jobs.Pulse())
    jobs.work(stop, tick)
    return stop.waits


def test_the_loop_says_its_trouble_by_class_only_and_waits_longer_each_time(house, monkeypatch, caplog):
    def away() -> None:
        raise OperationalError("could not connect to 10.0.0.9 with password swordfish")

    waits = looped(monkeypatch, 9, away)
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert jobs.pulse.fault == "OperationalError"
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 9 and "OperationalError" in said[0]
    assert "swordfish" not in "".join(said) and "10.0.0.9" not in "".join(said)


def test_the_loop_recovers_and_says_so(house, monkeypatch, kind):
    away = [OperationalError("x"), OperationalError("x")]

    def tick() -> None:
        if away:
            raise away.pop()

    job = asked()
    assert looped(monkeypatch, 3, tick) == [1, 2, 1]
    assert jobs.pulse.fault == "" and of(job).state == State.DONE


def test_the_loop_does_nothing_while_the_vault_is_sealed(house, monkeypatch, kind):
    job = asked()
    vault.seal()
    assert looped(monkeypatch, 2) == [1, 1]
    assert of(job).attempts == 0


def test_an_idle_look_takes_no_write_lock(house, kind):
    """A house where nothing is due is asked once a second: that look must not stand in a writer's way."""
    said: list[str] = []
    with connection.execute_wrapper(lambda execute, sql, *rest: (said.append(sql), execute(sql, *rest))[1]):
        assert jobs.claim() is None
    assert len(said) == 1 and said[0].startswith("SELECT")


# ------------------------------------------------------------------------------------------------------- periodic work


@pytest.fixture
def rounds(house, monkeypatch):
    """One periodic duty of the tests instead of the house's own; returns the days on which it was done."""
    days: list[str] = []
    told = {"people.test": lambda at: days.append(clock.local(at).date().isoformat())}
    monkeypatch.setattr(room, "rounds", lambda: told)
    return days


def test_a_periodic_duty_is_done_once_a_day_however_many_processes_ask(house, rounds):
    for _process in range(3):
        jobs.enqueue_rounds()
        jobs.run_all()
    assert rounds == ["2026-03-16"]
    with house.at(timedelta(days=1)):
        for _process in range(3):
            jobs.enqueue_rounds()
            jobs.run_all()
    assert rounds == ["2026-03-16", "2026-03-17"]


def test_after_an_outage_today_s_duty_is_done_once_and_not_the_backlog(house, rounds):
    jobs.enqueue_rounds()
    at = clock.now()
    assert jobs.claim() is not None  # and here the house went down, for two weeks
    with house.at(at + timedelta(days=14)):
        jobs.enqueue_rounds()
        assert jobs.run_all() == 2
    assert rounds == ["2026-03-30"]
    assert set(Job.objects.values_list("state", flat=True)) == {State.DONE}


def test_a_duty_that_was_cut_off_is_done_again_on_the_same_day(house, rounds):
    jobs.enqueue_rounds()
    jobs.claim()
    with house.at(timedelta(minutes=10)):
        jobs.run_all()
    assert rounds == ["2026-03-16"]


def test_a_round_that_goes_through_settles_the_dead_ones_before_it(house, rounds):
    jobs.enqueue_rounds()
    Job.objects.update(state=State.DEAD, attempts=5)
    with house.at(timedelta(days=1)):
        jobs.enqueue_rounds()
        jobs.run_all()
    assert set(Job.objects.values_list("state", flat=True)) == {State.DONE}


def test_rows_of_rounds_are_kept_a_month(house, rounds):
    jobs.enqueue_rounds()
    jobs.run_all()
    with house.at(timedelta(days=32)):
        jobs.enqueue_rounds()
    assert Job.objects.count() == 1


def test_what_a_round_does_is_fenced_deed_by_deed(house, monkeypatch):
    """A round does several deeds; one whose worker woke late does no further one."""
    done = []

    def two(_at: Any) -> None:
        count(None, "试1")
        Job.objects.update(lease_token="somebody else's")
        done.append("first")
        count(None, "试2")
        done.append("second")

    monkeypatch.setattr(room, "rounds", lambda: {"people.test": two})
    jobs.enqueue_rounds()
    jobs.run_one()
    assert (counts(), done) == (1, ["first"])


def test_one_item_that_raises_does_not_keep_the_others_waiting(house, cast):
    """P4.1: the second of three items whose term is over was changed past the deeds; the others become 到期待审."""
    papers = [factories.classified(cast) for _n in range(3)]
    with cluster.administrator(house.home) as database:
        database.do("UPDATE documents_document SET level = 10 WHERE id = ?", papers[1].pk)
    with house.at(timedelta(days=6 * 366)):
        with pytest.raises(jobs.SomeFailed) as fault:
            work.expire_all()
        assert fault.value.classes == "Tampered"
    states = [Document.objects.get(pk=paper.pk).state for paper in papers]
    assert states == ["expired_review", "valid", "expired_review"]


def test_while_the_date_is_in_doubt_no_job_is_begun_and_no_round_asked_for(house, rounds, monkeypatch):
    """Its effect would be refused like every change, five times, and the job would be dead for nothing."""
    monkeypatch.setattr(clock, "believed", lambda: False)
    job = jobs.enqueue("documents:rewrap", "nobody")
    ticker.forget()
    ticker.tick()
    assert jobs.run_all() == 0 and Job.objects.count() == 1
    monkeypatch.undo()
    ticker.forget()
    monkeypatch.setattr(room, "rounds", lambda: {"people.test": lambda at: None})
    ticker.tick()
    assert jobs.run_all() == 2 and of(job).state == State.DONE
