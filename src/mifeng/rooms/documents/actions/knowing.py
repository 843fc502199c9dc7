"""Deeds of reading the register and of knowing: lists, cards, searches, oral briefings, mistaken knowledge."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from mifeng.base import clock, deeds, numbers
from mifeng.base.deeds import deed
from mifeng.base.refusals import NextStep, Refused, insist
from mifeng.engines.access import Decision
from mifeng.rooms.documents import queries, who
from mifeng.rooms.documents.actions import _shared
from mifeng.rooms.documents.models import Document
from mifeng.rooms.documents.rules import scope as scope_rules
from mifeng.rooms.people import queries as people
from mifeng.rooms.people.models import Person, Session

NOT_ENTITLED = Decision.refuse("not_entitled_to_knowers", "P0.3", "知悉情况只供责任人、审定人和总经理办公室查看")
MISTAKE = NextStep(_("按误知登记"), "#mistake")


@deed("documents:list", reads=True)
def list_register(
    person: Person,
    session: Session | None,
    *,
    after: str = "",
    before: str = "",
    size: int = queries.PAGE,
    by_end: bool = False,
    **filters: Any,
) -> queries.Page:
    """A page of the register as this person may know it; the entry carries the number of lines, never titles.

    `by_end`: of the few items that the filter finds by an index of its own, the first to end first.
    """
    found = queries.known(queries.viewer(person, session)).filter(**filters)
    shown = queries.first_to_end(found, size) if by_end else queries.page(found, after, size, before)
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
    """口头传达 (P1.2): who told whom, on what authority, where; the hearer is among those who know, and gains no right.

    Only somebody who may know tells. Whoever stands outside the scope is told by the item's own leader, whose telling is
    his leave (D2), or not at all: what was told past that is knowledge by mistake and is entered as such. The GM's talk
    with the person concerned before a publication (任前谈话, H2) is entered and opens nothing.
    """
    if "clerk" not in person.posts() and person.pk != by.pk:
        raise Refused(Decision.refuse("clerk_records", "P1.2", "口头传达由传达人或机要员登记"), "未登记")
    if told.pk == by.pk or not place.strip():
        raise Refused(Decision.refuse("briefing_form", "P1.2", "请写明由谁传达给谁、地点与依据"), "未登记")
    document = queries.as_it_stands(document)
    if not _talk_before_publication(document, told, by):
        leave = by.pk == document.decider_id
        insist(scope_rules.may_tell(queries.could_know(by, document)), "未登记")
        insist(scope_rules.may_be_told(document.level, queries.could_know(told, document, leave)), "未登记", MISTAKE)
    _shared.knows(document, told, "told", by, place)
    _shared.touched(document, place=place)


def _talk_before_publication(document: Document, told: Person, by: Person) -> bool:
    return document.sealed and "gm" in by.posts() and document.concerned.filter(person=told).exists()


@deed("documents:record_mistake", subject="document")
def record_mistake(person: Person, document: Document, words: str, pledged: bool = False) -> None:
    """误知登记 (D3): whoever learnt by mistake says so himself, promises silence, counts as knowing, and gains no right."""
    if not words.strip() or not pledged:
        raise Refused(Decision.refuse("how_learnt", "D3", "请写明如何得知,并承诺不外传"), "未登记")
    _enter_mistake(document, person, person, words)


@deed("documents:enter_mistake", subject="document")
def enter_mistake(person: Person, document: Document, learnt: Person, words: str, pledged: bool = False) -> None:
    """误知登记 for somebody to whom the item must not open: the clerk or the owner enters it, with his promise of silence.

    Outside the scope, even the person concerned of a sealed item: it is a fact, not a right, and is never refused for that.
    """
    if "clerk" not in person.posts() and person.pk not in (document.owner_id, document.decider_id):
        raise Refused(Decision.refuse("clerk_records", "D3", "他人误知由机要员、责任人或审定人登记"), "未登记")
    if not words.strip() or not pledged:
        raise Refused(Decision.refuse("how_learnt", "D3", "请写明如何得知,并承诺不外传"), "未登记")
    _enter_mistake(document, learnt, person, words)


def _enter_mistake(document: Document, learnt: Person, by: Person, words: str) -> None:
    _shared.knows(document, learnt, "mistaken", by, words)
    office = [officer.pk for officer in people.holders("gmo_head")]
    _shared.tell(document, {document.owner_id, *office} - {learnt.pk}, "mistaken", f"{document.uid}:{learnt.pk}")
    _shared.touched(document, words=words)


@deed("documents:who_knows", subject="document", reads=True)
def who_knows(
    person: Person, document: Document, session: Session | None, day: date | None = None, printed: bool = False
) -> who.Knowing:
    """谁知悉此件: who knows, since when, by which way; who stood in its scope on `day` (default today).

    For the owner, the decider, the owning department's head, the office's head, the GM and the team of a frozen item,
    as far as they may know the item themselves; to anybody else it is not there. `printed`: a print-out with a serial of
    its own. Raises Refused, Tampered.
    """
    document = queries.as_it_stands(document)
    decision = queries.decided(queries.viewer(person, session), document, "read")
    if not (decision.allow or decision.knows) or not who.may_ask(person, document):
        raise Refused(Decision(False, decision.rule, decision.clause, False, decision.reasons or NOT_ENTITLED.reasons))
    found = who.of_item(document, day or clock.today())
    deeds.note(counts={"knowers": len(found.known), "within": len(found.within)})
    return replace(found, serial=numbers.register_number("印册", numbers.take("印册"))) if printed else found


@deed("documents:what_knows", subject="holder", reads=True)
def what_knows(person: Person, holder: Person, session: Session | None, day: date | None = None) -> list[who.Known]:
    """此人知悉什么: items that `holder` knows, as far as whoever asks may know them himself, and with no sign of others.

    For the person himself, the office's head, and HR clearing somebody who leaves (I8). Raises Refused, Tampered.
    """
    if not who.may_ask_of(person, holder):
        raise Refused(NOT_ENTITLED)
    found = who.of_person(queries.viewer(person, session), holder, day or clock.today())
    deeds.note(counts={"lines": len(found)})
    return found
