"""What the books conclude from a line of a copy's ledger, and from 已阅: they never say otherwise than the copies do."""

from typing import Any

from mifeng.rooms.circulation.actions import _filings, _loans, _parcels, _slips
from mifeng.rooms.circulation.models import Filing, Loan, Parcel, SlipLine
from mifeng.rooms.copies.facts import PLACED, Event, State


def moved(line: Any) -> None:
    """A line was added to a copy's ledger: loans, slips and filings of that copy follow. Inside its deed."""
    if line.word is Event.TAKE_BACK:
        _taken_back(line)
    elif line.word is Event.RETURN:
        _returned(line)
    elif State(line.state) in PLACED:
        for row in Filing.objects.filter(copy=line.copy, filed_at=None):
            _filings.follow_stored(row, line)


def _returned(line: Any) -> None:
    loan = Loan.objects.select_related("document").filter(copy=line.copy, state="lent").first()
    if loan is not None:
        _loans.follow_return(loan, line)
    out = SlipLine.objects.select_related("slip__document", "slip__copy")
    found = out.filter(slip__copy=line.copy, slip__state="open", in_at=None, skipped_at=None).exclude(out_at=None).first()
    if found is not None:
        _slips.follow_return(found, line)
    for parcel in Parcel.objects.filter(copy=line.copy, delivered_at=None, ended_at=None):
        _parcels.follow_end(parcel, line)


def _taken_back(line: Any) -> None:
    undone = line.corrects
    before = undone.copy.ledger.filter(no__lt=undone.no).order_by("-no")
    ref = undone.ref or next((row.ref for row in before if row.ref), "")
    book, _sep, uid = ref.partition(":")
    if book == "loans" and undone.word in (Event.LEND, Event.RENEW, Event.RETURN):
        _loans.follow_taken_back(Loan.objects.select_related("document", "copy").get(uid=uid), undone.word)
    elif book == "slip_lines" and undone.word in (Event.CIRCULATE, Event.RETURN):
        row = SlipLine.objects.select_related("slip__document", "slip__copy").get(uid=uid)
        _slips.follow_taken_back(row, undone.word)
    elif book == "parcels" and undone.word is Event.ISSUE:
        _parcels.follow_end(Parcel.objects.get(uid=uid), line)
    elif book == "parcels" and undone.word is Event.RETURN:
        _parcels.follow_taken_back(Parcel.objects.get(uid=uid), undone)
    elif State(undone.state) in PLACED:
        for row in Filing.objects.filter(copy=line.copy, filed_at=undone.at):
            _filings.follow_taken_back(row)
