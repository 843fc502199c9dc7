"""What becomes of filings inside the deeds that write a copy's ledger. None of these is a deed."""

from typing import Any

from mifeng.rooms.circulation.models import Filing


def follow_stored(filing: Filing, movement: Any) -> None:
    """The copy lies in a place: filed. Inside the deed that wrote the ledger."""
    filing.filed_at, filing.filed_by = movement.at, movement.by
    filing.save()


def follow_taken_back(filing: Filing) -> None:
    """The putting away was taken back at the counter: it is still to be filed."""
    filing.filed_at = filing.filed_by = None
    filing.save()
