"""Deeds of reading the register and of knowing: lists, cards, searches, oral briefings, mistaken knowledge."""

from typing import Any

from mifeng.base import deeds
from mifeng.base.deeds import deed
from mifeng.base.refusals import Refused
from mifeng.engines.access import Decision
from mifeng.rooms.documents import queries
from mifeng.rooms.documents.actions import _shared
from mifeng.rooms.documents.models import Document
from mifeng.rooms.documents.rules import scope as scope_rules
from mifeng.rooms.people.models import Person, Session


@deed("documents:list", reads=True)
def list_register(
    person: Person,
    session: Session | None,
    *,
    after: str = "",
    before: str = "",
    size: int = queries.PAGE,
    **filters: Any,
) -> queries.Page:
    """A page of the register as this person may know it; the entry carries the number of lines, never titles."""
    found = queries.known(queries.viewer(person, session)).filter(**filters)
    shown = queries.page(found, after, size, before)
    deeds.note(counts={"lines": len(shown.rows)})
    return shown


@deed("documents:search", reads=True)
def look_up(person: Person, session: Session | None, words: str) -> list[Document]:
    """Titles and numbers that hold every word, among what this person may know; the words themselves go to `enc`."""
    found = queries.search(queries.known(queries.viewer(person, session)), words)
    deeds.note(counts={"hits": len(found)}, words=words)
    if not found:
        # An empty answer may be an attempt on a hidden title: counted with the refusals (P0.3).
        deeds.current().draft.why = ["P0.3"]
    return found[:100]


@deed("documents:open_card", reads=True)
def open_card(person: Person, session: Session | None, uid: str) -> tuple[Document, Decision, Decision]:
    """The card of one item: (item, may read pages, may see register facts). Absent and hidden raise the same."""
    (document, other), who = queries.find_to_weigh(uid), queries.viewer(person, session)
    if document is None:
        queries.refuse_absent(who, other, "read", "register_facts")
    read, facts = queries.decided(who, document, "read"), queries.decided(who, document, "register_facts")
    deeds.note(obj=document.item_key)
    if not scope_rules.shown_in_lists(read.allow or read.knows or facts.allow):
        raise Refused(read)
    if not read.allow and facts.allow:
        _shared.knows(document, person, "title")
    return document, read, facts


@deed("documents:record_briefing", subject="document")
def record_briefing(person: Person, document: Document, told: Person, by: Person, place: str) -> None:
    """口头传达 (P1.2): the clerk records who told whom, on what authority, where; the hearer is among those who know."""
    if "clerk" not in person.posts() and person.pk != by.pk:
        raise Refused(Decision.refuse("clerk_records", "P1.2", "口头传达由传达人或机要员登记"), "未登记")
    _shared.knows(document, told, "told", by, place)
    _shared.touched(document, place=place)


@deed("documents:record_mistake", subject="document")
def record_mistake(person: Person, document: Document, words: str) -> None:
    """误知登记 (D3): whoever learnt by mistake says so himself and counts as knowing from then on."""
    if not words.strip():
        raise Refused(Decision.refuse("how_learnt", "D3", "请写明如何得知"), "未登记")
    _shared.knows(document, person, "mistaken", words=words)
