"""Filing a copy with its retention. Not a deed: called inside those that archive."""

from mifeng.base import clock
from mifeng.rooms.copies.actions import _ledger
from mifeng.rooms.copies.actions._ledger import Line
from mifeng.rooms.copies.facts import Event, State
from mifeng.rooms.copies.models import Copy, Movement, Retention
from mifeng.rooms.copies.rules import fates
from mifeng.rooms.people.models import Person


def file_copy(person: Person, copy: Copy, years: int, line: Line | None = None) -> Movement:
    """The copy is archived for so many years (0 = for ever); one that is archived already gets another retention."""
    told = line or Line(note=fates.YEAR_WORDS[years])
    event = Event.CORRECT if copy.state == State.ARCHIVED else Event.ARCHIVE
    made, today = _ledger.move(copy, event, person, told, not_done="未归档"), clock.today()
    kept = Retention.objects.filter(copy=copy).first() or Retention(copy=copy)
    kept.years, kept.since, kept.until, kept.by = years, today, fates.until(years, today), person
    kept.save()
    return made
