"""Work that outlives a request: enqueued inside the business transaction, claimed by a lease, finished in its effect.

A handler prepares outside of any transaction and returns its effect, one deed that was not done yet; the deed's own
transaction ends the job, or neither happens. Every deed on the way is fenced by the lease: a worker that woke late can
commit nothing. A handler is idempotent, because a process that died in the middle is followed by another. Payload: ids
only. See docs/decisions/0013.
"""

import logging
import threading
import uuid
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

from django.db import DatabaseError, connection, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mifeng.base import clock, deeds, room, vault
from mifeng.base.models import Job
from mifeng.base.room import JobKind

BACK_OFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
TRIES = len(BACK_OFF) + 1
LONGEST_LEASE = timedelta(hours=1)
ROUND = "round"
KEPT = timedelta(days=31)  # rows of rounds that were done

Item = TypeVar("Item")

_log = logging.getLogger("mifeng.jobs")
_wake = threading.Event()


class LeaseLost(Exception):
    """Somebody else has the job, or it was ended meanwhile: nothing that this worker does for it counts any more."""


class NotADeed(Exception):
    """A handler returned something else than one deed that is still to be done: nothing of it was done."""


class SomeFailed(Exception):
    """Some items of a round failed, the others are done. `classes`: what was raised, by class, without any text."""

    def __init__(self, faults: list[str]) -> None:
        self.classes = ", ".join(sorted(set(faults)))
        super().__init__(f"{len(faults)} failed: {self.classes}")


@dataclass
class Pulse:
    """How the loop of this process fares: the class of its last fault ("" while all is well), how often in a row."""

    fault: str = ""
    times: int = 0

    def well(self) -> None:
        if self.fault:
            _log.warning("jobs go on")
        self.fault, self.times = "", 0

    def trouble(self, fault: Exception) -> float:
        """Note and say it, by its class only; returns for how many seconds to leave the database alone."""
        self.fault, self.times = type(fault).__name__, self.times + 1
        _log.error("jobs stand still: %s", self.fault)
        return float(min(60, 2 ** (self.times - 1)))


pulse = Pulse()


def kinds() -> dict[str, JobKind]:
    """Every kind of job: what the rooms announced, and the rounds, which the clock starts."""
    return room.job_kinds() | {ROUND: JobKind(_round, _("每日例行"), timed=True, owed=True)}


def enqueue(kind: str, subject: str, person_key: int | None = None, dedupe: str = "", delay: timedelta = timedelta()) -> Job:
    """Add a job in the caller's transaction; the same `dedupe` is added once. Only a timed kind may have a delay."""
    if delay and not kinds()[kind].timed:
        raise ValueError(f"{kind} is not started by the clock")
    job, _made = Job.objects.get_or_create(
        dedupe=dedupe or uuid.uuid4().hex,
        defaults={"kind": kind, "subject": subject, "person_key": person_key, "run_at": clock.now() + delay},
    )
    transaction.on_commit(_wake.set)
    return job


def due() -> QuerySet[Job]:
    """Jobs that may be taken now. A lease or a back-off longer than any that is given was left by a clock that was wrong."""
    at = clock.now()
    free = Q(lease_until=None) | Q(lease_until__lte=at) | Q(lease_until__gt=at + LONGEST_LEASE)
    timed = Q(kind__in=[name for name, kind in kinds().items() if kind.timed])
    ripe = Q(run_at__lte=at) | (~timed & Q(run_at__gt=at + BACK_OFF[-1]))
    return Job.objects.filter(free, ripe, state=Job.State.DUE).order_by("run_at", "pk")


def claim() -> Job | None:
    """The next due job, leased to the caller; None when nothing is due. What has killed its last worker is given up.

    None, too, while the date is in doubt: the effect of a job is a deed that changes, and those wait (decision 0012).
    """
    while clock.believed() and due().exists():
        with deeds.turn(), transaction.atomic():
            job = _unlocked(due()).first()
            if job is None:
                return None
            if job.attempts < TRIES:
                return _leased(job)
            _bury(Job.objects.filter(pk=job.pk), "WorkerDied")
    return None


def _unlocked(jobs: QuerySet[Job]) -> QuerySet[Job]:
    """Past what another worker is taking at this moment; on SQLite nobody else is, the transaction has the write lock."""
    skips = connection.features.has_select_for_update_skip_locked
    return jobs.select_for_update(skip_locked=True) if skips else jobs


def _leased(job: Job) -> Job:
    at, told = clock.now(), kinds().get(job.kind)
    job.lease_token, job.attempts = uuid.uuid4().hex, job.attempts + 1
    job.lease_until = at + (told.lease if told else room.LEASE)
    job.run_at = at + _pause(job)  # should this process die, nobody is left to say when to try again
    job.save(update_fields=["lease_token", "attempts", "lease_until", "run_at"])
    return job


def _pause(job: Job) -> timedelta:
    return BACK_OFF[min(job.attempts, len(BACK_OFF)) - 1]


def _mine(job: Job) -> QuerySet[Job]:
    return Job.objects.filter(pk=job.pk, lease_token=job.lease_token, state=Job.State.DUE)


def step(job: Job, name: str) -> None:
    """Say how far the work is, for the page that waits for it; prolongs the lease. Raises LeaseLost."""
    with deeds.turn():
        _keep(job, step=name)


def _keep(job: Job, **told: Any) -> None:
    lease = kinds()[job.kind].lease
    if not _mine(job).update(lease_until=clock.now() + lease, **told):
        raise LeaseLost


def finish(job: Job) -> None:
    """The job is done, in the transaction that is open. Raises LeaseLost when it is not this worker's any more."""
    if not _mine(job).update(state=Job.State.DONE, lease_until=None, step="", ended_at=clock.now()):
        raise LeaseLost


def failed(job: Job, fault: Exception) -> None:
    """Give the job back with a back-off, or lay it on the dead-letter page after the last try."""
    classes = getattr(fault, "classes", type(fault).__name__)[:80]
    _log.warning("a job failed: %s", classes)
    with deeds.turn():
        if job.attempts >= TRIES:
            _bury(_mine(job), classes)
        else:
            _mine(job).update(run_at=clock.now() + _pause(job), lease_until=None, lease_token="", last_error_class=classes)


def _bury(jobs: QuerySet[Job], classes: str) -> None:
    jobs.update(
        state=Job.State.DEAD, lease_until=None, lease_token="", step="", last_error_class=classes, ended_at=clock.now()
    )  # fmt: skip


def run_one() -> bool:
    """Claim and do one job; True when there was one."""
    job = claim()
    if job is None:
        return False
    try:
        _carry_out(job)
    except LeaseLost:
        _log.warning("a worker woke late and did nothing")
    except Exception as fault:  # noqa: BLE001  # whatever a handler raises is the job's failure, not the worker's
        failed(job, fault)
    return True


def _carry_out(job: Job) -> None:
    with deeds.along(partial(_keep, job)):
        effect = kinds()[job.kind].handler(job)
    if effect is None:
        with deeds.turn():
            finish(job)
        return
    if not (isinstance(effect, partial) and hasattr(effect.func, "deed")):
        raise NotADeed
    with deeds.along(lambda: finish(job)):
        effect()


def run_all() -> int:
    """Do everything that is due now; returns how many jobs were done. For tests, the demonstration and shut-downs."""
    done = 0
    while run_one():
        done += 1
    return done


def each(items: Iterable[Item], act: Callable[[Item], Any]) -> int:
    """Act on every item by itself: one that fails keeps no other waiting. Returns for how many `act` was truthy.

    Raises SomeFailed after the last, so that the round is tried again; what is done then decides that it is done.
    """
    done, faults = 0, []
    for item in items:
        try:
            done += bool(act(item))
        except LeaseLost:
            raise
        except Exception as fault:  # noqa: BLE001  # of one item, whatever it is
            faults.append(type(fault).__name__)
    if faults:
        raise SomeFailed(faults)
    return done


def enqueue_rounds() -> None:
    """Today's periodic duties of the rooms, each once however many processes ask; an outage leaves no backlog."""
    day = clock.today().isoformat()
    with deeds.turn(), transaction.atomic():
        Job.objects.filter(kind=ROUND, state=Job.State.DONE, run_at__lt=clock.now() - KEPT).delete()
        for name in room.rounds():
            enqueue(ROUND, name, dedupe=f"{ROUND}|{name}|{day}")


def _round(job: Job) -> None:
    """One periodic duty; on a later day that day's own has taken its place. One that goes through settles dead ones."""
    duty = room.rounds().get(job.subject)
    if duty is None or not job.dedupe.endswith(f"|{clock.today().isoformat()}"):
        return
    duty(clock.now())
    with deeds.turn():
        Job.objects.filter(kind=ROUND, subject=job.subject, state=Job.State.DEAD, pk__lt=job.pk).update(state=Job.State.DONE)


def dead() -> QuerySet[Job]:
    """Jobs that were given up by the house and wait for somebody to decide."""
    return Job.objects.filter(state=Job.State.DEAD).order_by("-ended_at", "-pk")


def lateness() -> timedelta:
    """For how long the oldest due job has been waiting for a worker: whether anybody works at all."""
    oldest = due().values_list("run_at", flat=True).first()
    return max(clock.now() - oldest, timedelta()) if oldest else timedelta()


def work(stop: threading.Event, tick: Callable[[], None] = lambda: None) -> None:
    """The worker's loop: runs until `stop` is set; sleeps while nothing is due or the vault is sealed.

    `tick` is called between two jobs: what the house does by the clock. While the database is away the loop waits longer
    each time, up to a minute, and says so.
    """
    while not stop.is_set():
        pause = 0.0
        try:
            tick()
            if not (vault.is_open() and run_one()):
                pause = 1.0
            pulse.well()
        except Exception as fault:  # noqa: BLE001  # whatever it is, the loop goes on
            pause = pulse.trouble(fault)
        if pause:
            _rest(pause)


def _rest(seconds: float) -> None:
    with suppress(DatabaseError):
        connection.close()
    _wake.wait(seconds)
    _wake.clear()
