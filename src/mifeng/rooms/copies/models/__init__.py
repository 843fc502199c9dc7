"""Tables of the room."""

from mifeng.rooms.copies.models.carrying import Carried, CarryOut
from mifeng.rooms.copies.models.counts import Count, CountLine, CountStray
from mifeng.rooms.copies.models.desks import DeskCheck, SignOff
from mifeng.rooms.copies.models.destructions import Destruction, DestructionLine, Evidence, EvidenceMark, Joined
from mifeng.rooms.copies.models.excerpting import Excerpt
from mifeng.rooms.copies.models.imported import ImportedCopy, OldLedger
from mifeng.rooms.copies.models.incidents import IncidentDraft
from mifeng.rooms.copies.models.ledger import CODE_LENGTH, STANDS, Copy, Movement, Place, PlaceHolder, PlaceOpening, Standing, new_code
from mifeng.rooms.copies.models.making import CoverSheet, Reproduced, Reproduction, SheetMark
from mifeng.rooms.copies.models.retention import Retention

# One a line: two who add theirs do not meet.
__all__ = [
    "CODE_LENGTH",
    "Carried",
    "CarryOut",
    "Copy",
    "Count",
    "CountLine",
    "CountStray",
    "CoverSheet",
    "DeskCheck",
    "Destruction",
    "DestructionLine",
    "Evidence",
    "EvidenceMark",
    "Excerpt",
    "ImportedCopy",
    "IncidentDraft",
    "Joined",
    "Movement",
    "OldLedger",
    "Place",
    "PlaceHolder",
    "PlaceOpening",
    "Reproduced",
    "Reproduction",
    "Retention",
    "STANDS",
    "SheetMark",
    "SignOff",
    "Standing",
    "new_code",
]
