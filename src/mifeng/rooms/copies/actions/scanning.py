"""What a scanner read is looked up: a copy for whoever may know of it, or a place."""

from dataclasses import dataclass

from mifeng.base import deeds
from mifeng.base.deeds import deed
from mifeng.base.refusals import NotThere
from mifeng.rooms.copies import queries
from mifeng.rooms.copies.models import Copy, Movement, Place
from mifeng.rooms.copies.rules import scanning
from mifeng.rooms.copies.rules.scanning import Due, Kind
from mifeng.rooms.people.models import Person


@dataclass(frozen=True)
class Scanned:
    """A copy with the deed that is due, the line to sign, the last line of its ledger; or a place."""

    copy: Copy | None = None
    due: Due = Due.NOTHING
    line: Movement | None = None
    last: Movement | None = None
    place: Place | None = None


@deed("copies:scan", reads=True)
def scan(person: Person, code: str) -> Scanned:
    """What bears this label or stands behind this door. Raises NotThere: nothing, or nothing that he may know of."""
    what = scanning.read(code)
    place = queries.place_of(what.value) if queries.puts_away(person) else None
    if place is not None:
        deeds.note(obj=place.item_key)
        return Scanned(place=place)
    if what.kind is not Kind.LABEL:
        raise NotThere
    copy = queries.find(person, "", what.value)
    deeds.note(obj=copy.document.item_key, copy=copy.number)
    line = next((row for row in queries.to_sign(person) if row.copy_id == copy.pk), None)
    due = scanning.due(copy.facts(), person.pk, line is not None)
    return Scanned(copy, due, line, queries.ledger(copy)[-1])
