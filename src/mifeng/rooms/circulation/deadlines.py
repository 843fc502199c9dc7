"""What of the books runs out: readers of slips (C1), loans (C3), papers to be filed (D1), receipts to be handled and given back.

Whom a sealed item speaks of is never told (A2).
"""

from collections.abc import Iterator
from datetime import datetime

from mifeng.base import clock
from mifeng.base.ladders import Deadline
from mifeng.rooms.circulation import courses, queries
from mifeng.rooms.copies.facts import GONE
from mifeng.rooms.documents import queries as documents
from mifeng.rooms.people import office


def circulating(_at: datetime) -> Iterator[Deadline]:
    """What is with a reader, by the instant at which it is to be back."""
    told, shut = office.today(), documents.spoken_of()
    for line in queries.out_now():
        who = told.who(line.slip.document.department_id, shut.get(line.slip.document_id, ()), reader=[line.reader_id])
        yield Deadline("circulation", line.item_key, line.due_at, line.out_at, who)


def lent(_at: datetime) -> Iterator[Deadline]:
    """What is on loan; the head is that of the borrower's department."""
    told, shut = office.today(), documents.spoken_of()
    for loan in queries.lent_now():
        who = told.who(loan.borrower.department_id, shut.get(loan.document_id, ()), borrower=[loan.borrower_id])
        yield Deadline("loan", loan.item_key, loan.due_at, loan.lent_at, who)


def filing(_at: datetime) -> Iterator[Deadline]:
    """What has been noted and lies in no cupboard; a recorded retention moves the day, it does not end it."""
    told, shut = office.today(), documents.spoken_of()
    for row in queries.filings_open():
        due = max(row.due_at, clock.end_of(row.kept_until)) if row.kept_until else row.due_at
        who = told.who(row.copy.document.department_id, shut.get(row.copy.document_id, ()), clerk=[row.copy.custodian_id])
        yield Deadline("filing", row.item_key, due, row.since, who)


def receipts(_at: datetime) -> Iterator[Deadline]:
    """办结期限 of what was received and is not concluded, for whoever handles it."""
    told, shut = office.today(), documents.spoken_of()
    for due_on, one in courses.to_conclude():
        who = told.who(one.undertaker.department_id, shut.get(one.row.document_id, ()), undertaker=[one.undertaker.pk])
        yield Deadline("receipt", one.row.item_key, clock.end_of(due_on), one.row.handled_at, who)


def surrenders(_at: datetime) -> Iterator[Deadline]:
    """清退期限 of what has to go back to its issuer, for the custodian of each copy that is still here."""
    told, shut = office.today(), documents.spoken_of()
    for due_on, one in courses.to_surrender():
        keepers = sorted({copy.custodian_id for copy in one.copies if copy.state not in GONE})
        if keepers:
            who = told.who(one.row.document.department_id, shut.get(one.row.document_id, ()), custodian=keepers)
            yield Deadline("surrender", one.row.item_key, clock.end_of(due_on), one.row.handled_at, who)
