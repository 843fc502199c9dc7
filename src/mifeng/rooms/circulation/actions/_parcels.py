"""What becomes of parcels inside the deeds that write a copy's ledger. None of these is a deed."""

from typing import Any

from mifeng.rooms.circulation.models import Parcel


def follow_end(parcel: Parcel, movement: Any) -> None:
    """It came back undelivered, or its sending was taken back."""
    parcel.ended_at = movement.at
    parcel.save()


def follow_taken_back(parcel: Parcel, returned: Any) -> None:
    """The return of what was under way was taken back: it is under way again."""
    if parcel.ended_at == returned.at:
        parcel.ended_at = None
        parcel.save()
