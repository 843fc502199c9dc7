"""Who knows an item and what somebody knows: read from the rows of knowing and from the audience sets of that day.

For the deeds of actions/knowing.py only: nothing here decides whether somebody may ask, but `may_ask` and `may_ask_of`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Mod

from mifeng.base import clock, codes
from mifeng.rooms.documents import queries
from mifeng.rooms.documents.models import SHELVES, Document, Knower, ScopePeriod, shelf
from mifeng.rooms.people import scopes
from mifeng.rooms.people.models import Person


@dataclass(frozen=True)
class Known:
    """One line: who, which item, by which way, since when, from whom, in which words."""

    document: Document
    person: Person
    way: str
    since: datetime
    by: Person | None
    words: str


@dataclass(frozen=True)
class Knowing:
    """Of an item on a day: who knew it by then, and who stood in its scope of knowledge; serial of a print-out."""

    day: date
    known: list[Known]
    within: list[Person]
    serial: str = ""


def may_ask(person: Person, document: Document) -> bool:
    """Who answers for the item or looks into its leaking; each must be allowed to know the item besides."""
    posts = person.posts()
    heads = "dept_head" in posts and person.department_id == document.department_id
    named = person.pk in (document.owner_id, document.decider_id)
    return named or heads or bool(posts & {"gmo_head", "gm"}) or document.team.filter(person=person).exists()


def may_ask_of(person: Person, holder: Person) -> bool:
    """Of a person: he himself, the office's head, HR for the clearance of a leaver (I8)."""
    return person.pk == holder.pk or bool(person.posts() & {"gmo_head", "hr"})


def of_item(document: Document, day: date) -> Knowing:
    """Rows of knowing that stood by the end of that day, oldest first; the persons of the scope at that moment.

    Raises Tampered.
    """
    verify_item(document)
    rows = Knower.objects.filter(document=document, since__lt=clock.end_of(day))
    found = [_line(row) for row in rows.select_related("document", "person__department", "by").order_by("since", "pk")]
    if document.sealed and day >= clock.today():  # while the embargo lasts, a scope tells nothing (H2)
        return Knowing(day, found, _handlers(document))
    return Knowing(day, found, within(document, min(clock.end_of(day), clock.now())))


def verify_item(document: Document) -> None:
    """Who knows an item is what deeds wrote, nobody added and nobody missing. Raises Tampered."""
    first = shelf(document.pk, 0)
    codes.verify("knower", range(first, first + SHELVES))
    _insist_shelved(Knower.objects.filter(document=document))


def _verify_person(person: Person) -> None:
    shelves = (key for key in codes.objects("knower") if key % SHELVES == person.pk % SHELVES)
    codes.verify("knower", sorted(shelves))
    _insist_shelved(Knower.objects.filter(person=person))


def _insist_shelved(rows: QuerySet[Knower]) -> None:
    """A row on a shelf where nobody looks for it was not put there by a deed."""
    place = F("document_id") * SHELVES + Mod("person_id", SHELVES)
    if (stray := rows.exclude(shelf=place).first()) is not None:
        raise codes.Tampered("knower", stray.shelf, Knower._meta.db_table)


def _handlers(document: Document) -> list[Person]:
    shut_out = document.concerned.values("person")
    rows = document.handlers.exclude(person__in=shut_out).select_related("person__department").order_by("person__pinyin")
    return [row.person for row in rows]


def within(document: Document, at: datetime) -> list[Person]:
    """Who stood in the item's scope at an instant: the audience set in force then, posts as held that day.

    Membership of a department is today's: the house keeps no history of it. Raises Tampered.
    """
    codes.verify("scope", [document.pk])
    period = ScopePeriod.objects.filter(document=document, since__lte=at).order_by("-since", "-pk").first()
    if period is None or (period.until is not None and period.until <= at):
        return []
    return scopes.people_of(period.aset_id, at)


def of_person(viewer: queries.Viewer, holder: Person, day: date) -> list[Known]:
    """What `holder` knew by the end of that day, newest first, among what the viewer may know. Raises Tampered."""
    _verify_person(holder)
    rows = Knower.objects.filter(person=holder, since__lt=clock.end_of(day)).order_by("-since", "-pk")
    allowed = queries.known(viewer).filter(pk__in=rows.values("document"))
    shown: dict[int, Any] = {row.pk: row for row in queries.sound(allowed)}
    return [_line(row) for row in rows.filter(document__in=shown).select_related("document", "person__department", "by")]


def _line(row: Knower) -> Known:
    return Known(row.document, row.person, row.way, row.since, row.by, row.words)
