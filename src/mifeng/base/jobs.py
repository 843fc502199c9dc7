"""Work that outlives a request: enqueued inside the business transaction, claimed by a lease, fenced by its token.

A handler gets the job and does its effect through deeds, which decide again at run time; it is idempotent, because a
process that died in the middle is followed by another. Payload: ids only.
"""

import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from mifeng.base import clock, room, vault
from mifeng.base.models import Job

LEASE = timedelta(seconds=90)
BACK_OFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))

_wake = threading.Event()


def enqueue(kind: str, subject: str, person_key: int | None = None, dedupe: str = "", delay: timedelta = timedelta()) -> Job:
    """Add a job in the caller's transaction; the same `dedupe` is added once."""
    job, _made = Job.objects.get_or_create(
        dedupe=dedupe or uuid.uuid4().hex,
        defaults={"kind": kind, "subject": subject, "person_key": person_key, "run_at": clock.now() + delay},
    )
    transaction.on_commit(_wake.set)
    return job


def claim() -> Job | None:
    """The next due job, leased to the caller; None when nothing is due."""
    at, token = clock.now(), uuid.uuid4().hex
    free = Q(lease_until=None) | Q(lease_until__lte=at)
    with transaction.atomic():
        due = _unlocked(Job.objects.filter(free, state=Job.State.DUE, run_at__lte=at)).order_by("run_at", "pk").first()
        if due is None:
            return None
        won = Job.objects.filter(free, pk=due.pk, state=Job.State.DUE).update(
            lease_token=token, lease_until=at + LEASE, attempts=F("attempts") + 1
        )
    return Job.objects.get(pk=due.pk) if won else None


def _unlocked(jobs: QuerySet[Job]) -> QuerySet[Job]:
    """Past what another worker is taking at this moment; on SQLite nobody else is, the transaction has the write lock."""
    skips = connection.features.has_select_for_update_skip_locked
    return jobs.select_for_update(skip_locked=True) if skips else jobs


def step(job: Job, name: str) -> None:
    """Say how far the work is, for the page that waits for it; prolongs the lease."""
    Job.objects.filter(pk=job.pk, lease_token=job.lease_token).update(step=name, lease_until=clock.now() + LEASE)


def finish(job: Job) -> bool:
    """Mark the job done; False when the lease was lost to somebody else."""
    return bool(Job.objects.filter(pk=job.pk, lease_token=job.lease_token, state=Job.State.DUE).update(
        state=Job.State.DONE, lease_until=None, step=""))  # fmt: skip


def failed(job: Job, fault: Exception) -> None:
    """Give the job back with a back-off, or lay it on the dead-letter page after the last try."""
    last = job.attempts > len(BACK_OFF)
    Job.objects.filter(pk=job.pk, lease_token=job.lease_token).update(
        state=Job.State.DEAD if last else Job.State.DUE,
        run_at=clock.now() + BACK_OFF[min(job.attempts, len(BACK_OFF)) - 1],
        lease_until=None, last_error_class=type(fault).__name__,
    )  # fmt: skip


def run_one(handlers: dict[str, Callable[[Any], None]] | None = None) -> bool:
    """Claim and do one job; True when there was one."""
    job = claim()
    if job is None:
        return False
    try:
        (handlers or room.job_kinds())[job.kind](job)
        finish(job)
    except Exception as fault:  # noqa: BLE001  # whatever a handler raises is the job's failure, not the worker's
        failed(job, fault)
    return True


def run_all() -> int:
    """Do everything that is due now; returns how many jobs were done. For tests, the demonstration and shut-downs."""
    done = 0
    while run_one():
        done += 1
    return done


def work(stop: threading.Event, tick: Callable[[], None] = lambda: None) -> None:
    """The worker's loop: runs until `stop` is set; sleeps while nothing is due or the vault is sealed.

    `tick` is called between two jobs: what the house does by the clock.
    """
    while not stop.is_set():
        try:
            busy = vault.is_open() and run_one()
            tick()
        except Exception:  # noqa: BLE001  # the database may be away for a moment; the loop goes on
            busy = False
        if not busy:
            connection.close()
            _wake.wait(1.0)
            _wake.clear()
