"""Jobs and death: at every statement, by kill -9 in the middle, two workers at once. Afterwards each was done, and once."""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from mifeng.base import clock, deeds, jobs, room, vault
from mifeng.base.models import Counter as Series
from mifeng.base.models import Job, LogIndex
from mifeng.engines.vault import Kind
from mifeng.rooms.documents import actions, files
from mifeng.rooms.documents.models import Document, DocumentFile
from mifeng.site import verification
from tests import cluster, factories
from tests.house_fixtures import PASSPHRASE
from tests.security.test_kill import Worker

ROOT = Path(__file__).parents[2]
DONE = Job.State.DONE
LATER = timedelta(minutes=10)  # every lease and the first back-off are over


class Died(BaseException):
    """The process is no more: nothing that handles errors sees it."""


class Points:
    """Where a process may die: before each statement, before and after each commit, after each step in the vault."""

    def __init__(self, at: int | None = None) -> None:
        self.at, self.passed = at, 0

    def point(self, *_told: Any) -> None:
        self.passed += 1
        if self.passed - 1 == self.at:
            connection.close()  # as the database sees the end of a process
            raise Died

    def statement(self, execute: Any, *told: Any) -> Any:
        self.point()
        return execute(*told)

    def commit(self) -> None:
        self.point()
        self.committed()
        self.point()

    @contextmanager
    def passing(self) -> Iterator["Points"]:
        connection.ensure_connection()
        self.committed = connection.commit
        connection.commit, vault.opened()._passed = self.commit, self.point
        try:
            with connection.execute_wrapper(self.statement):
                yield self
        finally:
            del connection.commit, vault.opened()._passed


def done_times(act: str) -> int:
    return LogIndex.objects.filter(act=act, out="allowed").count()


def state(job: Job) -> str:
    return Job.objects.get(pk=job.pk).state


def dies_everywhere(house: Any, act: str, enqueued: Callable[[], Job], after: timedelta = timedelta()) -> int:
    """One life that nobody ends tells how many points there are; then one death at each. Returns how many."""
    first = enqueued()
    with house.at(after), Points().passing() as points:
        jobs.run_one()
    assert state(first) == DONE
    for n in range(points.passed):
        job, before = enqueued(), done_times(act)
        with house.at(after):
            with suppress(Died), Points(n).passing():
                jobs.run_one()
            connection.close()
            # Both or neither: no effect without the end of the job, no end without its effect.
            assert done_times(act) - before == (state(job) == DONE), n
            with house.at(LATER):
                jobs.run_all()
        assert (done_times(act) - before, state(job)) == (1, DONE), n
    assert set(Job.objects.values_list("state", flat=True)) == {DONE}
    assert verification.run() == []
    return points.passed


def test_a_freeze_s_end_survives_death_at_every_statement(house, cast):
    document = factories.classified(cast)

    def frozen() -> Job:
        document.refresh_from_db()
        actions.freeze(cast.office_head, document, (), "疑似外泄")
        return Job.objects.order_by("pk").last()

    assert dies_everywhere(house, "documents:thaw", frozen, timedelta(hours=72)) >= 30
    assert not Document.objects.get().frozen


def test_a_move_of_keys_survives_death_at_every_statement(house, cast):
    document = factories.classified(cast, uploads=(factories.uploaded(cast.drafter),))
    jobs.run_all()
    ids = [bytes.fromhex(uid) for uid in (document.uid, document.files.get().vault_doc)]

    def moved_away() -> Job:
        for doc_id in ids:
            vault.opened().rewrap_document(doc_id, "10:YF")
        return jobs.enqueue("documents:rewrap", document.uid)

    assert dies_everywhere(house, "documents:rewrapped", moved_away) >= 18
    assert {holding.compartment for doc_id in ids for holding in vault.opened().holdings(doc_id)} == {"20:YF"}


def test_a_conversion_survives_death_at_every_statement_and_in_the_vault(house, cast, monkeypatch):
    def convert(original: str, vault_doc: str, version: int, kind: str, scan: str, compartment: str) -> Any:
        sealed = vault.opened().prepare(
            b"%PDF", kind=Kind.RENDITION, doc_id=bytes.fromhex(vault_doc), version=version, part=0, compartment=compartment
        )
        return files.Converted(sealed.object_id.hex(), pages=2)

    monkeypatch.setattr(files, "convert", convert)
    document = factories.classified(cast, uploads=(factories.uploaded(cast.drafter),))
    Job.objects.all().delete()

    def unconverted() -> Job:
        def again() -> None:
            file = DocumentFile.objects.get()
            file.state, file.rendition = "waiting", ""
            file.save()

        deeds._do("people:test_waiting", None, None, again)
        return jobs.enqueue("documents:convert", DocumentFile.objects.get().uid)

    assert dies_everywhere(house, "documents:file_converted", unconverted) >= 30
    file = document.files.get()
    assert (file.state, files.rendition(file)) == ("ready", b"%PDF")
    assert {one.compartment for one in vault.opened().holdings(bytes.fromhex(file.vault_doc))} >= {"20:YF"}


@deeds.deed("people:test_count")
def count(person: Any, series: str) -> None:
    """A deed that leaves a row, for jobs of the tests."""
    Series.objects.create(series=series, year=2026)


del deeds.REGISTERED["people:test_count"]  # the list of deeds is the house's


def test_a_round_of_several_deeds_survives_death_at_every_statement(house, monkeypatch):
    """It is done again from the beginning; what stands there is not done a second time."""
    day = ["0"]

    def three(_at: Any) -> int:
        names = [f"试{day[0]}{n}" for n in range(3)]
        there = set(Series.objects.filter(series__in=names).values_list("series", flat=True))
        return jobs.each([name for name in names if name not in there], lambda name: count(None, name) is None)

    monkeypatch.setattr(room, "rounds", lambda: {"people.test": three})

    def a_day(n: int, at: int | None) -> int:
        day[0] = f"{n:04}"
        with house.at(timedelta(days=1)):
            with suppress(Died), Points(at).passing() as points:
                jobs.enqueue_rounds()
                jobs.run_all()
            connection.close()
            with house.at(LATER):
                jobs.enqueue_rounds()
                jobs.run_all()
        assert Series.objects.filter(series__startswith=f"试{day[0]}").count() == 3, at
        return points.passed

    points = a_day(1, None)
    assert points > 50
    for n in range(points):
        a_day(n + 2, n)
    assert done_times("people:test_count") == 3 * (points + 1)
    assert set(Job.objects.values_list("state", flat=True)) == {DONE}


# ------------------------------------------------------------------------------------------------------ several workers


@pytest.fixture
def counting(house, monkeypatch):
    """Thirty jobs of the tests' own kind, each leaving one row."""
    kind = room.JobKind(lambda job: partial(count, None, f"试{job.subject}"), "试")
    told = room.job_kinds() | {"people:test": kind}
    monkeypatch.setattr(room, "job_kinds", lambda: told)
    return [jobs.enqueue("people:test", f"{n}") for n in range(30)]


def test_four_workers_at_once_do_each_job_once(house, counting):
    together, faults = threading.Barrier(4), []

    def worker() -> None:
        try:
            together.wait(10)
            jobs.run_all()
        except Exception as fault:  # noqa: BLE001  # told below
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=worker) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []
    assert {(job.state, job.attempts) for job in Job.objects.all()} == {(DONE, 1)}
    assert done_times("people:test_count") == Series.objects.filter(series__startswith="试").count() == 30


def test_a_worker_takes_the_next_job_while_another_process_holds_the_first(house, counting):
    """SKIP LOCKED: the second does not wait, and does not find nothing."""
    if not cluster.POSTGRESQL:
        pytest.skip("PostgreSQL only: on SQLite nobody writes beside a writer")
    first, second = counting[:2]
    with cluster.connect(cluster.name_of(house.home)) as other:
        other.autocommit = False
        other.execute("SELECT id FROM base_job WHERE id = %s FOR UPDATE", [first.pk])
        assert jobs.claim().pk == second.pk
        other.rollback()
        assert jobs.claim().pk == first.pk


def test_an_effect_under_way_is_not_taken_over_though_its_lease_runs_out(house, counting, monkeypatch):
    """PostgreSQL: the deed holds the row from its first statement on, another process finds the next one."""
    if not cluster.POSTGRESQL:
        pytest.skip("PostgreSQL only: on SQLite nobody writes beside a writer")
    taken: list[Any] = []

    def looks() -> None:
        with cluster.connect(cluster.name_of(house.home)) as other:
            taken.append(other.execute("SELECT id FROM base_job ORDER BY id FOR UPDATE SKIP LOCKED LIMIT 1").fetchone()[0])

    kind = room.JobKind(lambda job: partial(looked, None), "试")
    looked = deeds.deed("people:test_look")(lambda person: looks())
    del deeds.REGISTERED["people:test_look"]
    told = room.job_kinds() | {"people:test": kind}
    monkeypatch.setattr(room, "job_kinds", lambda: told)
    jobs.run_one()
    assert taken == [counting[1].pk]


# --------------------------------------------------------------------------------------------------------- real deaths


class Workers(Worker):
    """Worker's processes: each life is the loop of jobs until it is killed."""

    MODULE = "tests.security.working"

    def life(self, turn: int, delay: float) -> list[dict[str, Any]]:
        self.process.stdin.write(f"{turn}\n".encode())
        self.process.stdin.flush()
        for _turn in range(1 + turn // 10 % 4):  # at the first one what the clock asks for is done and the first job begins
            pid = self.heard()["child"]
        time.sleep(delay)
        os.kill(pid, signal.SIGKILL)
        said = [self.heard()]
        while "dead" not in said[-1]:
            said.append(self.heard())
        return said


@pytest.fixture
def workers(house):
    connection.close()
    started = Workers(house.home, house.keys)
    yield started
    started.close()


def test_kill_9_of_a_worker_loses_no_job_and_does_none_twice(house, cast, workers):
    document = factories.classified(cast)
    for _n in range(120):  # more than the lives can end, so that no job is taken by five of them
        jobs.enqueue("documents:rewrap", document.uid)
    frozen = [factories.classified(cast) for _n in range(4)]
    for paper in frozen:
        actions.freeze(cast.office_head, paper, (), "疑似外泄")
    moments = random.Random(20260316)
    life = cut_off = 0
    while life < 24 or (not cut_off and life < 240):  # until one has died while it had a job, however fast the machine is
        connection.close()
        workers.life(73 * 60 + life * 10, moments.uniform(0, 0.1))
        cut_off += Job.objects.filter(state="due").exclude(lease_until=None).count()
        life += 1
    assert done_times("documents:rewrapped") == Job.objects.filter(kind="documents:rewrap", state=DONE).count() > 0
    assert cut_off > 0  # of some the worker died while it had them
    with house.at(timedelta(minutes=78 * 60 + life * 10)):
        jobs.enqueue_rounds()
        jobs.run_all()
    assert set(Job.objects.values_list("state", flat=True)) == {DONE}
    assert done_times("documents:rewrapped") == 120
    assert done_times("documents:thaw") == 4 and not Document.objects.filter(frozen=True).exists()
    rounds = Job.objects.filter(kind=jobs.ROUND)
    assert sorted(rounds.values_list("subject", flat=True)) == sorted(room.rounds())
    assert verification.run() == []


def test_kill_9_in_the_middle_of_a_real_conversion(house, cast, workers):
    document = factories.classified(cast, uploads=(factories.uploaded(cast.drafter),))
    connection.close()
    for life, delay in enumerate((0.1, 0.4)):
        workers.life(life * 10, delay)
    with house.at(timedelta(hours=1)):
        jobs.run_all()
    assert document.files.get().state == "ready" and files.rendition(document.files.get())[:4] == b"%PDF"
    assert done_times("documents:file_converted") == 1
    assert verification.run() == []


# --------------------------------------------------------------------------------- the worker beside the web process


def environment(house: Any, port: int) -> dict[str, str]:
    secret = house.home / "unseal"
    secret.write_text(PASSPHRASE)
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("MIFENG_", "DJANGO_"))}
    database = {"MIFENG_DATABASE_URL": cluster.url(cluster.name_of(house.home))} if cluster.POSTGRESQL else {}
    return plain | database | {
        "PYTHONPATH": f"{ROOT / 'src'}", "MIFENG_HOME": str(house.home), "MIFENG_KEYSTORE": str(house.keys),
        "MIFENG_UNSEAL_FILE": str(secret), "MIFENG_PORT": str(port), "MIFENG_FAST_DISK": "1",
    }  # fmt: skip


@contextmanager
def running(house: Any, *verbs: str) -> Iterator[list[subprocess.Popen[bytes]]]:
    """These verbs, each in a process of its own; they end with the block."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    told = environment(house, port)
    out = (house.home / "said.log").open("ab")
    started = [
        subprocess.Popen([sys.executable, "-m", "mifeng", verb], env=told, cwd=house.home, stdout=out, stderr=out, start_new_session=True)
        for verb in verbs
    ]  # fmt: skip
    try:
        yield started
    finally:
        for process in started:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        out.close()


def waited(until: Callable[[], bool], seconds: float = 90) -> bool:
    """Whether it came true in time."""
    end = time.monotonic() + seconds
    while not until() and time.monotonic() < end:
        connection.close()
        time.sleep(0.1)
    return until()


def test_a_worker_beside_the_web_process_and_each_job_and_round_once(house, cast):
    """Two real processes, each with the loop of jobs; one is killed while they work."""
    with clock.played(datetime.now(UTC)):
        document = factories.classified(cast)
        for _n in range(40):
            jobs.enqueue("documents:rewrap", document.uid)
        connection.close()
        with running(house, "serve", "worker") as (_web, worker):
            assert waited(lambda: Job.objects.filter(state=DONE, kind="documents:rewrap").count() > 5)
            os.killpg(worker.pid, signal.SIGKILL)
            leased = Job.objects.filter(state="due").exclude(lease_until=None)
            assert waited(lambda: Job.objects.filter(state="due").count() <= leased.count() <= 1)
        said = (house.home / "said.log").read_text()
    with clock.played(datetime.now(UTC) + LATER):
        jobs.run_all()
    assert {(job.state) for job in Job.objects.all()} == {DONE}, said
    assert done_times("documents:rewrapped") == 40
    rounds = list(Job.objects.filter(kind=jobs.ROUND).values_list("subject", flat=True))
    assert sorted(set(rounds)) == sorted(room.rounds()) and len(rounds) <= 2 * len(set(rounds))  # midnight may pass
    assert "Traceback" not in said
    assert verification.run() == []
