"""Work of the room that outlives a request."""

from functools import partial
from typing import Any

from mifeng.base import codes
from mifeng.base.models import Job
from mifeng.rooms.copies import actions, old_papers
from mifeng.rooms.copies.models import OldLedger

PORTION = 40  # rows entered by one deed: nobody waits long behind it


def enter_rows(job: Job) -> Any:
    """Read the ledger anew and enter the next portion, the rows after the one that the subject names; done for whoever
    confirmed the list."""
    uid, _, after = job.subject.partition(":")
    ledger = OldLedger.objects.select_related("upload", "person__department", "decided_by").filter(uid=uid, state="running").first()
    if ledger is None:
        return None
    codes.verify("old_ledger", [ledger.pk])
    plan = old_papers.Plan.of(ledger.plan)
    entries = old_papers.read(ledger, old_papers.sheets(ledger), plan).entries
    left = old_papers.still_to_enter(entry for entry in entries if entry.row > int(after))
    return partial(actions.enter_rows, ledger.decided_by, ledger, plan, left[:PORTION], len(left) > PORTION)
