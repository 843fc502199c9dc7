"""A draft of an incident, written inside the deed that noticed it. Not a deed: whoever notices calls it."""

from mifeng.base import clock, duties
from mifeng.rooms.copies.models import Copy, IncidentDraft
from mifeng.rooms.people import queries as people
from mifeng.rooms.people.models import Person


def draft(copy: Copy, why: str, clause: str, by: Person, ref: str = "") -> IncidentDraft:
    """Record that something is wrong with this copy, and tell the head of the GM's office; the same occasion once.

    `why`: one sentence without title or level, in Chinese; `clause`: what was not kept; `ref`: key of the row it came
    from. Nobody whom a sealed item speaks of is told (A2). Where each head is spoken of, or keeps the copy himself, the
    general manager is told, too.
    """
    found = IncidentDraft.objects.filter(copy=copy, clause=clause, ref=ref).first()
    if found is not None:
        return found
    made = IncidentDraft.objects.create(copy=copy, clause=clause, ref=ref, at=clock.now(), by=by, why=why)
    concerned = set(copy.document.concerned.values_list("person_id", flat=True))
    heads = people.holders("gmo_head")
    apart = any(head.pk not in concerned and head.pk != copy.custodian_id for head in heads)
    for person in {*heads, *(() if apart else people.holders("gm"))}:
        if person.pk not in concerned:
            duties.remind(person.pk, "incident", made.item_key, once=made.uid)
    return made
