"""What the stock leaves to be done: missing copies become leaks, keys of destroyed items are destroyed."""

from functools import partial
from typing import Any

from mifeng.base import clock, jobs, vault
from mifeng.base.models import Job
from mifeng.rooms.copies import actions, destructions, stock_queries
from mifeng.rooms.copies.facts import State
from mifeng.rooms.copies.models import Destruction, Movement


def treat_leaks(_at: Any = None) -> int:
    """Once a day: returns how many missing copies became leaks (G4.2, M7.2)."""
    over = [copy for copy, last in stock_queries.missing() if last < clock.today()]
    return jobs.each(over, lambda copy: actions.treat_as_leak(copy.custodian, copy) is not None)


def shred(job: Job) -> partial[Any] | None:
    """The second stage of a destruction: destroy the keys and delete the objects; done again after a crash until none is left."""
    found = Destruction.objects.select_related("document", "executor").filter(uid=job.subject).first()
    if found is None or found.shredded_at is not None:
        return None
    receipt = vault.opened().shred(holding.object_id for holding in destructions.keys_of(found.document))
    return partial(actions.shredded, found.executor, found.uid, len(receipt.shredded), receipt.blobs_deleted)


def late(job: Job) -> partial[Any] | None:
    """The hour of C5.2 has come for a copy that was carried out: an incident if it is still away; the deed looks again."""
    left = Movement.objects.select_related("copy__custodian", "copy__document").filter(uid=job.subject).first()
    if left is None or left.copy.state != State.OUT:
        return None
    return partial(actions.carry_overdue, left.copy.custodian, left.copy)
