"""Deeds on drafts of incidents: they are read by the head of the GM's office, where a leak report would go (M7.1)."""

from mifeng.base import deeds
from mifeng.base.deeds import deed
from mifeng.base.refusals import NotThere
from mifeng.rooms.copies import queries
from mifeng.rooms.copies.models import IncidentDraft
from mifeng.rooms.people.models import Person


@deed("copies:list_incidents", reads=True)
def list_incidents(person: Person) -> list[IncidentDraft]:
    """The drafts that wait to be looked into, newest first; for the head of the GM's office, and for the general manager
    those in which the head has a part. Raises NotThere."""
    if not queries.sees_incidents(person):
        raise NotThere
    found = queries.incidents(person)
    if not found and "gmo_head" not in person.posts():
        raise NotThere
    deeds.note(counts={"shown": len(found)})
    return found
