"""Tables of the room."""

from mifeng.rooms.copies.models.incidents import IncidentDraft
from mifeng.rooms.copies.models.ledger import CODE_LENGTH, STANDS, Copy, Movement, Place, PlaceHolder, Standing, new_code

__all__ = ["CODE_LENGTH", "STANDS", "Copy", "IncidentDraft", "Movement", "Place", "PlaceHolder", "Standing", "new_code"]
