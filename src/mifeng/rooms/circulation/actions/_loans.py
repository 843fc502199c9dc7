"""What becomes of loans inside the deeds of others: an approval, a line of a copy's ledger. None of these is a deed."""

from typing import Any

from mifeng.base import codes
from mifeng.rooms.approvals import grants
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.circulation.facts import LoanState
from mifeng.rooms.circulation.models import Loan
from mifeng.rooms.copies.facts import Event
from mifeng.rooms.documents import queries as documents
from mifeng.rooms.documents.models import Document
from mifeng.rooms.people.models import Person


def loan_approved(approval: Approval, decider: Person) -> None:
    """The loan was approved: the clerk may hand it out. Inside the deed of the approval."""
    _set(approval, LoanState.APPROVED)


def loan_returned(approval: Approval, decider: Person) -> None:
    """The loan was not approved, or was taken back."""
    _set(approval, LoanState.RETURNED)


def _set(approval: Approval, state: LoanState) -> None:
    loan = Loan.objects.select_related("document").get(uid=approval.payload_data["loan"])
    codes.verify("loan", [loan.pk])
    loan.state = state
    loan.save()


def follow_return(loan: Loan, movement: Any) -> None:
    """The copy came back to the counter: the loan is over. Inside the deed that wrote the ledger."""
    loan.back_at, loan.receiver, loan.pages_in, loan.state = movement.at, movement.by, movement.pages, LoanState.BACK
    loan.intact = loan.intact is not False
    loan.save()
    approval = Approval.objects.get(uid=loan.approval_uid)
    if approval.state == "registered":
        grants.close(approval)


def follow_taken_back(loan: Loan, event: Event) -> None:
    """A handing-out, a renewal or a return was taken back at the counter: the loan stands as before it."""
    if event is Event.LEND:
        loan.state, loan.copy, loan.lender, loan.lent_at, loan.due_at = LoanState.APPROVED, None, None, None, None
    elif event is Event.RENEW:
        loan.renewals, loan.due_at = loan.renewals - 1, loan.copy.due_at
    else:
        loan.state, loan.back_at, loan.receiver, loan.pages_in, loan.intact = LoanState.LENT, None, None, None, None
    loan.save()


def borrower_holds(approval: Approval, person: Person, stage: str) -> bool:
    """borrower_within_scope: the borrower may know the item at this moment (C3)."""
    document = Document.objects.get(uid=approval.item_key.removeprefix("documents:"))
    return documents.could_know(approval.applicant, document)


def for_himself(approval: Approval, person: Person, stage: str) -> bool:
    """no_sub_lending: borrowed for nobody but the applicant, and not while he has something overdue (C3)."""
    wanted = approval.granted_now
    return not wanted.recipient and not wanted.people
