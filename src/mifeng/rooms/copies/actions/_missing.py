"""A copy is missing. Not a deed: called inside the deeds that notice it."""

from mifeng.rooms.copies.actions import _incidents, _ledger
from mifeng.rooms.copies.actions._ledger import Line
from mifeng.rooms.copies.facts import Event
from mifeng.rooms.copies.models import Copy, Movement
from mifeng.rooms.people.models import Person


def miss(person: Person, copy: Copy, reason: str, ref: str = "") -> Movement:
    """The copy is missing from now on, and whoever looks into it is told (G4.2). Raises Refused."""
    line = _ledger.move(copy, Event.MISS, person, Line(note=reason, ref=ref), not_done="未登记")
    _incidents.draft(copy, "清点未见到实物,下落不明", "G4.2", person, ref or line.uid)
    return line
