"""Deeds of lending (F04): asked for by whoever may know it, approved, handed out for a term, renewed once, counted back."""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext_noop

from mifeng.base import clock, codes, deeds, ladders
from mifeng.base.deeds import deed
from mifeng.base.refusals import NotThere, Refused, insist
from mifeng.engines.access import Decision
from mifeng.rooms.approvals import grants, requests
from mifeng.rooms.approvals.facts import Wanted
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.circulation import queries
from mifeng.rooms.circulation.facts import Lending, LoanState
from mifeng.rooms.circulation.models import Loan
from mifeng.rooms.circulation.rules import circulating, lending
from mifeng.rooms.copies import granted
from mifeng.rooms.copies import queries as copies
from mifeng.rooms.copies.actions import _incidents, _ledger
from mifeng.rooms.copies.actions._ledger import Line
from mifeng.rooms.copies.facts import Event
from mifeng.rooms.copies.models import Copy
from mifeng.rooms.documents import queries as documents
from mifeng.rooms.documents.actions import _shared
from mifeng.rooms.documents.models import Document
from mifeng.rooms.people.models import Person, Session

NOT_LENT, NOT_ASKED = gettext_noop("未借出"), gettext_noop("未送审")
SERIES = "借密"


@deed("circulation:ask_loan", subject="document")
def ask_loan(person: Person, document: Document, session: Session, where: str, purpose: str) -> Loan:
    """Ask to borrow a paper, for oneself: whoever stands in its scope, with nothing overdue (C3)."""
    insist(documents.decided(documents.viewer(person, session), document, "apply_lend"), NOT_ASKED)
    insist(circulating.may_circulate(queries.registered_paper(document), queries.numbered_copies(document), False), NOT_ASKED)
    insist(lending.may_lend(_lending(person, document, where)), NOT_ASKED)
    if not purpose.strip():
        raise Refused(Decision.refuse("purpose_required", "C3", "借阅须写明用途"), NOT_ASKED)
    loan = Loan.objects.create(
        document=document, borrower=person, where=where, purpose=purpose.strip(), asked_at=clock.now(),
        number=_shared.register_number(SERIES, document),
    )  # fmt: skip
    approval = requests.ask(
        matter="circulation:lend", item_key=document.item_key, level=document.level, applicant=person,
        department=document.department, purpose=purpose.strip(), payload={"loan": loan.uid}, number=loan.number,
        concerned=[row.person for row in document.concerned.all()], wanted=Wanted(copies=1, destination=where),
    )  # fmt: skip
    loan.approval_uid = approval.uid
    loan.save()
    deeds.note(obj=document.item_key, register=loan.number)
    return loan


def _lending(borrower: Person, document: Document, where: str, by_keeper: bool = True) -> Lending:
    inside = documents.could_know(borrower, document)
    return Lending(document.level, where, inside, bool(queries.late_with(borrower)), by_keeper)


def _sound(loan: Loan) -> Loan:
    codes.verify("loan", [loan.pk])
    loan.refresh_from_db()
    return loan


@deed("circulation:lend", subject="loan")
def lend(person: Person, session: Session | None, loan: Loan, copy: Copy) -> Loan:
    """借出: the copy's custodian hands it out as it was approved; the borrower signs on his own screen.

    Whether he may hand it out at this device, now, decides the access engine.
    """
    loan = _sound(loan)
    codes.verify("copy", [copy.pk])
    copy.refresh_from_db()
    if copy.document_id != loan.document_id:
        raise NotThere
    deeds.note(obj=loan.document.item_key, register=loan.number)
    insist(lending.may_lend(_lending(loan.borrower, loan.document, loan.where, copy.custodian_id == person.pk)), NOT_LENT)
    if loan.state != LoanState.APPROVED:
        raise Refused(Decision.refuse("loan_not_approved", "C3", "借阅未经批准,或已借出"), NOT_LENT)
    approval = Approval.objects.get(uid=loan.approval_uid)
    grant, unused = approval.grants.get(), approval.state == "approved"
    # A handing-out that was taken back has used it already; handed out again it is while the approval lasts.
    live = unused or (approval.state == "registered" and clock.now() < grant.until)
    granted.insist_may(person, session, loan.document, approval, live=live, not_done=NOT_LENT)
    if unused:
        grants.spend(person, grant, act="lend", item_key=loan.document.item_key, not_done=NOT_LENT)
        grants.register(approval, loan.number)
    loan.due_at = clock.end_of(lending.last_day(loan.document.level, clock.today()))
    loan.copy, loan.lender, loan.lent_at, loan.pages_out, loan.state = copy, person, clock.now(), copy.pages, LoanState.LENT
    loan.save()
    told = Line(holder=loan.borrower, due_at=loan.due_at, signer=loan.borrower, register_no=loan.number, ref=loan.item_key,
                approval_uid=loan.approval_uid)  # fmt: skip
    _ledger.move(copy, Event.LEND, person, told, not_done=NOT_LENT)
    return loan


@deed("circulation:renew", subject="loan")
def renew(person: Person, loan: Loan) -> Loan:
    """续借: once, before it is due, by the custodian who sees that it is there; for whoever may still borrow it."""
    loan = _lent(loan, not_done="未续借")
    insist(copies.may_act(person, loan.copy), "未续借")
    insist(lending.may_lend(replace(_lending(loan.borrower, loan.document, loan.where), late=False)), "未续借")
    insist(lending.may_renew(loan.renewals, loan.due_at <= clock.now(), clock.today()), "未续借")
    last = clock.local(loan.due_at - ladders.INSTANT).date()
    loan.renewals, loan.due_at = loan.renewals + 1, clock.end_of(lending.last_day(loan.document.level, last))
    loan.save()
    _ledger.move(loan.copy, Event.RENEW, person, Line(due_at=loan.due_at, register_no=loan.number, ref=loan.item_key), not_done="未续借")
    return loan


def _lent(loan: Loan, not_done: str) -> Loan:
    loan = _sound(loan)
    insist(lending.is_out(loan.state == LoanState.BACK), not_done)
    if loan.state != LoanState.LENT or loan.copy is None:
        raise NotThere
    return loan


@deed("circulation:take_back_loan", subject="loan")
def take_back_loan(person: Person, loan: Loan, pages: int, intact: bool = True, note: str = "") -> Loan:
    """归还: the custodian counts its pages and looks at it; the line of the book follows the ledger."""
    loan = _lent(loan, not_done="未收回")
    insist(copies.may_act(person, loan.copy), "未收回")
    if pages != loan.copy.pages:
        raise Refused(Decision.refuse("pages_differ", "C5.2", "清点页数与登记不符,请查明;确有缺页的报下落不明"), "未收回")
    if not intact and not note.strip():
        raise Refused(Decision.refuse("damage_described", "C3", "归还时不完好的,须写明情况"), "未收回")
    loan.intact, loan.note = intact, note.strip()
    loan.save()
    _ledger.move(loan.copy, Event.RETURN, person, Line(register_no=loan.number, ref=loan.item_key), not_done="未收回")
    if not intact:
        _incidents.draft(loan.copy, "借阅件归还时不完好", "C3", person, loan.item_key)
    loan.refresh_from_db()
    return loan


@deed("circulation:list_loans", reads=True)
def list_loans(person: Person, states: Sequence[LoanState], after: int = 0, *, late: bool = False) -> tuple[list[Loan], int]:
    """A page of the loans in these states that this person may know, and the key after which the next one starts."""
    found, more = queries.loans_known(person, states, after, late=late)
    deeds.note(counts={"shown": len(found)})
    return found, more


@deed("circulation:open_loan", reads=True)
def open_loan(person: Person, uid: str) -> Loan:
    """Look at one loan."""
    loan = queries.find_loan(person, uid)
    deeds.note(obj=loan.document.item_key, register=loan.number)
    return loan
