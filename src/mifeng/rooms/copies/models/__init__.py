"""Tables of the room."""

from mifeng.rooms.copies.models.counts import Count, CountLine, CountStray
from mifeng.rooms.copies.models.desks import DeskCheck, SignOff
from mifeng.rooms.copies.models.destructions import Destruction, DestructionLine
from mifeng.rooms.copies.models.imported import ImportedCopy, OldLedger
from mifeng.rooms.copies.models.incidents import IncidentDraft
from mifeng.rooms.copies.models.ledger import CODE_LENGTH, STANDS, Copy, Movement, Place, PlaceHolder, PlaceOpening, Standing, new_code

# One a line: two who add theirs do not meet.
__all__ = [
    "Destruction",
    "DestructionLine",
    "CODE_LENGTH",
    "Copy",
    "Count",
    "CountLine",
    "CountStray",
    "DeskCheck",
    "ImportedCopy",
    "IncidentDraft",
    "Movement",
    "OldLedger",
    "Place",
    "PlaceHolder",
    "PlaceOpening",
    "STANDS",
    "SignOff",
    "Standing",
    "new_code",
]
