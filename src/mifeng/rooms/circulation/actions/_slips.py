"""What becomes of slips inside the deeds of others: an approval, a line of a copy's ledger, 已阅. None of these is a deed."""

from typing import Any

from mifeng.base import clock, codes, ladders
from mifeng.rooms.approvals import grants
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.circulation import queries
from mifeng.rooms.circulation.facts import SlipState
from mifeng.rooms.circulation.models import Filing, Slip, SlipLine
from mifeng.rooms.circulation.rules import circulating
from mifeng.rooms.copies.facts import Event
from mifeng.rooms.documents.models import Document
from mifeng.rooms.people.models import Person


def list_approved(approval: Approval, decider: Person) -> None:
    """The list was approved, whole or cut down: the clerk begins to send. Inside the deed of the approval."""
    slip = _of(approval)
    granted = set(approval.granted_now.people)
    for line in queries.lines(slip):
        if line.reader_id not in granted:
            line.skipped_at, line.skipped = clock.now(), "未获批准"
            line.save()
    slip.state = SlipState.APPROVED
    slip.save()


def list_returned(approval: Approval, decider: Person) -> None:
    """The list was not approved, or was taken back."""
    slip = _of(approval)
    slip.state = SlipState.RETURNED
    slip.save()


def _of(approval: Approval) -> Slip:
    slip = Slip.objects.select_related("document").get(uid=approval.payload_data["slip"])
    codes.verify("slip", [slip.pk])
    return slip


def follow_read(person: Person, document: Document) -> None:
    """已阅 under the last page closes the reader's line on a slip that goes round on the screen. Inside that deed."""
    found = SlipLine.objects.select_related("slip__document").filter(
        reader=person, slip__document=document, slip__electronic=True, slip__state=SlipState.OPEN, in_at=None, skipped_at=None
    )
    for line in found.exclude(out_at=None):
        codes.verify("slip", [line.slip_id])
        line.read_at = line.in_at = clock.now()
        line.save()
        finish(line.slip)


def follow_return(line: SlipLine, movement: Any) -> None:
    """The copy came back to the counter: the reader's line says so. Inside the deed that wrote the ledger."""
    line.in_at, line.taken_in_by = movement.at, movement.by
    line.read_at = line.read_at or movement.at
    line.save()
    finish(line.slip)


def follow_taken_back(line: SlipLine, event: Event) -> None:
    """A sending, or a return, was taken back at the counter: the reader's line stands as before it."""
    if event is Event.CIRCULATE:
        line.out_at = line.due_at = None
    else:
        line.in_at = line.taken_in_by = None
        _reopen(line.slip)
    line.save()


def _reopen(slip: Slip) -> None:
    for filing in slip.filings.filter(filed_at=None):
        filing.delete()
    slip.state, slip.done_at = SlipState.OPEN, None
    slip.save()


def finish(slip: Slip) -> None:
    """阅毕, once every reader has read it or was passed over: a paper is to be filed now (D1)."""
    rows = list(slip.lines.all())
    if slip.state != SlipState.OPEN or any(row.in_at is None and row.skipped_at is None for row in rows):
        return
    at = clock.now()
    slip.state, slip.done_at = SlipState.DONE, at
    slip.save()
    if slip.copy_id:
        Filing.objects.create(copy=slip.copy, slip=slip, since=at, due_at=ladders.due_after("filing", at))
    approval = Approval.objects.get(uid=slip.approval_uid)
    if approval.state == "registered":
        grants.close(approval)


def range_holds(approval: Approval, person: Person, stage: str) -> bool:
    """readers_within_scope: every reader on the list, as it stands, may know the item (C1)."""
    document, keys = _document(approval), approval.granted_now.people
    return circulating.list_within_scope(keys, queries.may_know(Person.objects.filter(pk__in=keys), document)).allow


def paper_registered(approval: Approval, person: Person, stage: str) -> bool:
    """registered: the paper stands in a book (G4.4)."""
    return queries.registered_paper(_document(approval))


def _document(approval: Approval) -> Document:
    return Document.objects.get(uid=approval.item_key.removeprefix("documents:"))
