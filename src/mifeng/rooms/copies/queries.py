"""Reading the copies: one copy for whoever may know of it, what somebody keeps and holds, what disagrees."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext_noop

from mifeng.base import clock, codes, duties, weighing
from mifeng.base.refusals import NotThere
from mifeng.engines.access import Decision
from mifeng.rooms.copies.facts import AWAY, GONE, KEPT, SEE_PLACES, Keeper, State, Written
from mifeng.rooms.copies.models import (
    STANDS,
    Copy,
    DeskCheck,
    Excerpt,
    IncidentDraft,
    Joined,
    Movement,
    Place,
    PlaceHolder,
    PlaceOpening,
    SheetMark,
    SignOff,
)
from mifeng.rooms.copies.rules import keeping, states, taking_back
from mifeng.rooms.documents import deriving
from mifeng.rooms.documents import queries as documents
from mifeng.rooms.documents.models import Concerned, Document, DocumentFile
from mifeng.rooms.people import queries as people
from mifeng.rooms.people.models import Person

PAGE = 50


def keeper(document: Document, person: Person) -> Keeper:
    """Somebody as a custodian of this item's copies: entrusted with 保存 at its level and for its department today."""
    kept = people.is_appointed(person, "keep", document.level, document.department_id, clock.today())
    return Keeper(person.pk, kept, person.clearance, person.active)


def knows(person: Person, document: Document, *acts: str, in_place: bool = False) -> Decision:
    """May this person know of the item by one of these acts (reading, register facts), wherever he sits? Raises Tampered.

    `in_place`: the item stands in for one that is not there, and what waits on it is nothing of the absent one.
    """
    who = documents.viewer(person, None)
    calm = replace(who, context=who.context.calm())
    found = [documents.decided(calm, document, act, in_place=in_place) for act in acts]
    return next((decision for decision in found if decision.allow), found[0])


def may_act(person: Person, copy: Copy) -> Decision:
    """May this person do anything with the copy at the counter: its custodian, and nobody else (G4.1)?"""
    return keeping.may_act(copy.facts(), person.pk)


def may_hold(person: Person, copy: Copy, has_due: bool) -> Decision:
    """May this person have the copy: as an appointed custodian, or until a day (C5.1)?"""
    return keeping.may_hold(replace(copy.facts(), has_due=has_due), keeper(copy.document, person).appointed)


def may_store(document: Document, place: Place) -> Decision:
    """Is the place in use and strong enough for copies of this item (M2.3)?"""
    return keeping.may_store(document.level, place.facts())


def may_take_back(line: Written) -> Decision:
    """撤回: may a line of this room's ledgers, or of a book that follows them, still be taken back (G4.4)?"""
    return taking_back.may_take_back(line)


def line_taken_back(line: Movement, copy: Copy, person: Person) -> Decision:
    """May this person take this line of the copy's ledger back now?"""
    gone_on = line.no != copy.moves or line.signed_at is not None
    return may_take_back(Written(line.by_id == person.pk, gone_on, clock.now() - line.at, final=line.word in states.FINAL))


def copies() -> QuerySet[Copy]:
    """Copies with what a page shows of them."""
    return Copy.objects.select_related("document__department", "custodian", "holder", "place")


def find(person: Person, uid: str = "", code: str = "") -> Copy:
    """The copy of this address or label, its rows verified: for whoever keeps or holds it, may know the item or handles its
    register facts. Raises NotThere, Tampered.

    What is not there is refused with the work of refusing a hidden one (P0.3).
    """
    if code:
        uid = Copy.objects.filter(code=code).values_list("uid", flat=True).first() or ""
    copy = weighing.row_or_another(copies(), uid)
    if copy is None:
        raise NotThere
    codes.verify("copy", [copy.pk])
    own = person.pk in (copy.custodian_id, copy.holder_id)
    known = knows(person, copy.document, "read", "register_facts", in_place=copy.uid != uid).allow
    if copy.uid != uid or not (own or known):
        raise NotThere
    return copy


@dataclass(frozen=True)
class Page:
    """One page of copies: verified rows, how many in all (1,001: more than 1,000), the key after which the next page starts (0 = none)."""

    rows: list[Copy]
    total: int
    after: int


def kept_by(person: Person, states: Iterable[State] = (), place: Place | None = None) -> QuerySet[Copy]:
    """What this person answers for as custodian, by key; without states: all that is not gone."""
    found = copies().filter(custodian=person, state__in=list(states) or [s for s in State if s not in GONE])
    return (found.filter(place=place) if place else found).order_by("pk")


def held_by(person: Person) -> QuerySet[Copy]:
    """What is in this person's hands as a holder who is not its custodian, the first to come back first."""
    return copies().filter(holder=person, state__in=list(AWAY)).order_by("due_at", "pk")


def page(found: QuerySet[Copy], after: int = 0, size: int = PAGE) -> Page:
    """The copies with a greater key than `after`: by keyset, never by offset. Raises Tampered."""
    rows = list(found.filter(pk__gt=after)[: size + 1])
    shown = sound(rows[:size])
    total = found.order_by()[: documents.MOST_COUNTED + 1].count()
    return Page(shown, total, shown[-1].pk if len(rows) > size else 0)


def page_held(person: Person, skipped: int = 0, size: int = PAGE) -> Page:
    """What this person holds after so many of it, the first to come back first: his own hands, so a number tells him nothing."""
    found = held_by(person)
    rows = list(found[skipped : skipped + size + 1])
    return Page(sound(rows[:size]), found.order_by().count(), skipped + size if len(rows) > size else 0)


def sound(rows: Iterable[Copy]) -> list[Copy]:
    """The copies about to be shown, their rows and their items verified. Raises Tampered."""
    shown = list(rows)
    codes.verify("copy", [row.pk for row in shown])
    documents.sound({row.document_id: row.document for row in shown}.values())
    return shown


def of_document(document: Document) -> list[Copy]:
    """Every copy of the item in the order of its number, verified."""
    return sound(copies().filter(document=document).order_by("n", "rep"))


def ledger(copy: Copy) -> list[Movement]:
    """The lines of the copy's ledger, oldest first."""
    parts = ("by", "holder", "custodian", "place", "signer", "corrects", "copy__document")
    return list(copy.ledger.select_related(*parts).order_by("no"))


def to_sign(person: Person) -> list[Movement]:
    """What this person has still to sign for: what was given into his hands."""
    found = Movement.objects.filter(signer=person, signed_at=None).select_related("copy__document", "by")
    taken = Movement.objects.filter(event="take_back").values("corrects")
    return duties.few(found.exclude(pk__in=taken).order_by("at", "pk"))


def without_place(person: Person) -> QuerySet[Copy]:
    """C4.2: what this custodian keeps and has not put into a cupboard."""
    return copies().filter(custodian=person, state__in=list(KEPT), place=None, document__level__gte=10).order_by("pk")


def late(person: Person) -> QuerySet[Copy]:
    """What is past its date: in this person's hands, or owed to him as its custodian."""
    own = Q(holder=person) | Q(custodian=person)
    return copies().filter(own, state__in=list(AWAY), due_at__lte=clock.now()).order_by("due_at", "pk")


def counted() -> dict[tuple[int, str], int]:
    """How many copies stand in each custodian's book, by state: (custodian key, state) -> copies."""
    found = Copy.objects.values_list("custodian_id", "state").annotate(n=Count("pk"))
    return {(custodian, state): n for custodian, state, n in found}


def disagreements() -> list[str]:
    """Copies whose row is not what the last line of their ledger says, or whose numbers have a gap: none, by construction.

    Said in item keys. An independent look at the invariant of the room, for `verify`, tests and the simulation.
    """
    wrong, run = [], {}
    for copy in Copy.objects.order_by("document_id", "n", "rep").iterator():
        lines = list(copy.ledger.order_by("no").values(*STANDS, "no"))
        last = lines[-1] if lines else {}
        if [line["no"] for line in lines] != list(range(1, copy.moves + 1)) or any(getattr(copy, c) != last.get(c) for c in STANDS):
            wrong.append(copy.item_key)
        series = (copy.document_id, copy.n if copy.rep else 0)
        number = copy.rep or copy.n
        if not copy.given and number != run.get(series, 0) + 1:
            wrong.append(copy.item_key)
        if not copy.given:
            run[series] = number
    return wrong


def places() -> list[Place]:
    """Every place in the order of its code, rows verified."""
    found = list(_places())
    codes.verify("place", [place.pk for place in found])
    return found


def _places() -> QuerySet[Place]:
    return Place.objects.select_related("department").prefetch_related("holders__person").order_by("code")


def strong_enough(document: Document) -> list[Place]:
    """The places in use that are good for copies of this item (M2.3), in the order of their codes; verified."""
    return [place for place in places() if may_store(document, place).allow]


def puts_away(person: Person) -> bool:
    """Whether doors answer to this person's scanner: he is entrusted with keeping, has copies in his book, or may see the
    register of places. Everybody else would learn from the answer which safes there are.
    """
    entrusted = "keep" in people.entrusted_acts(person, clock.today()) or bool(person.posts() & SEE_PLACES)
    return entrusted or kept_by(person).exists()


def place_of(code: str) -> Place | None:
    """The place of this label or of this code on its door, verified; None = none. One statement, whatever is asked."""
    found = Place.objects.select_related("department").filter(Q(label=code) | Q(code=code)).first()
    if found is not None:
        codes.verify("place", [found.pk])
    return found


def lies_in(place: Place) -> QuerySet[Copy]:
    """The copies that lie in this place."""
    return copies().filter(place=place).order_by("pk")


def openings_of(place: Place, most: int = PAGE) -> list[PlaceOpening]:
    """The newest entries of the opening log of a place."""
    return list(place.openings.select_related("person").order_by("-at", "-pk")[:most])


def combinations_due() -> list[Place]:
    """Places in use whose combination is to be changed: its time is over, or somebody who knew it no longer holds it. Verified,
    these only: all entries of its opening log belong to a place.
    """
    due = [place for place in _places().filter(closed_on=None) if _combination_due(place)]
    codes.verify("place", [place.pk for place in due])
    return due


def _combination_due(place: Place) -> bool:
    return keeping.combination_due(place.combination_on, holder_left(place) is not None, clock.today())


def holder_left(place: Place) -> date | None:
    """The day since which somebody who knew the present combination does no longer hold it; None = all still do."""
    gone = [row.until or row.person.left_on or clock.today() for row in place.holders.all() if _left_since(row)]
    return min(gone, default=None)


def _left_since(row: PlaceHolder) -> bool:
    """He knew the combination that is set now, and does no longer hold it: withdrawn, or he has left the company."""
    return row.replaced_on is None and (row.until is not None or not row.person.active)


def sees_incidents(person: Person) -> bool:
    """Whether drafts of incidents may be for this person: a leak report goes to the head of the GM's office (M7.1), and to
    the general manager where no head looks into it who has no part in it himself."""
    return person.active and bool(person.posts() & {"gmo_head", "gm"})


def lists_of(item_key: str) -> tuple[str, ...]:
    """Keys of the lists for destruction on which this item stands with others: the entries of such a list bear its own key."""
    found = Joined.objects.filter(destruction__document__uid=item_key.removeprefix("documents:"))
    return tuple(f"destructions:{batch}" for batch in found.order_by("pk").values_list("batch", flat=True))


def incidents(person: Person) -> list[IncidentDraft]:
    """Drafts that no case was opened for, newest first, rows verified; none on an item that speaks of this person. Raises Tampered.

    For the general manager those of copies that the head keeps himself, or whose item speaks of him.
    """
    waiting = IncidentDraft.objects.filter(taken_at=None).exclude(copy__document__concerned__person=person)
    for head in people.holders("gmo_head") if "gmo_head" not in person.posts() else ():
        spoken_of = Concerned.objects.filter(person=head).values("document")
        waiting = waiting.filter(Q(copy__custodian=head) | Q(copy__document__in=spoken_of))
    found = list(waiting.select_related("copy__document", "by").order_by("-at", "-pk"))
    codes.verify("incident_draft", [row.pk for row in found])
    sound({row.copy_id: row.copy for row in found}.values())
    return found


def desk_checks(of: Person | None = None, most: int = 4 * PAGE) -> list[DeskCheck]:
    """Looks at desks, the newest first; `of`: only this person's. Verified."""
    found = DeskCheck.objects.select_related("person", "by").order_by("-pk")
    rows = list((found.filter(person=of) if of else found)[:most])
    codes.verify("desk", [row.pk for row in rows])
    return rows


def signed_off(most: int = 20) -> list[SignOff]:
    """The newest slips of whoever gave everything back."""
    return list(SignOff.objects.select_related("person", "by").order_by("-pk")[:most])


def pages_of(document: Document) -> int:
    """How many pages the item has: those of its file as it can be shown, else as registered."""
    file = file_of(document)
    return file.pages if file else document.pages


def file_of(document: Document) -> DocumentFile | None:
    """The file whose pages are printed: the newest one that could be converted; None where there is paper only."""
    return document.files.filter(state="ready").order_by("-version", "pk").first()


def version_of(document: Document) -> int:
    """The version of the item whose pages are printed; 0 = paper alone."""
    file = file_of(document)
    return file.version if file else 0


def copy_of_mark(mark: int) -> Copy | None:
    """The copy in whose printed sheets this mark stands; None when it was issued to none. Opens every mark: for tracing only."""
    found = next((row for row in SheetMark.objects.select_related("copy").iterator() if int(row.mark, 16) == mark), None)
    if found is not None:
        codes.verify("reproduction", [found.reproduction_id])
    return found.copy if found else None


LAGS = {
    "level": gettext_noop("来源已升密，摘录件须随之升密"), "term": gettext_noop("来源已延长期限，摘录件须随之延长"),
    "fate": gettext_noop("来源已销毁或收回，摘录件须一并销毁或收回"),
}  # fmt: skip


def lagging_excerpts(person: Person) -> list[tuple[Excerpt, str]]:
    """Live excerpts that this person answers for and that lag behind their source, with what they have not followed."""
    # What may lag: the rule says of each whether it does.
    ends = Q(document__expires_on=None) | Q(made__expires_on__lt=F("document__expires_on"))
    lags = Q(document__live=False) | Q(made__level__lt=F("document__level")) | (Q(made__expires_on__isnull=False) & ends)
    # Found among the excerpts, and not among all items of which he is the owner (+ 0).
    found = Excerpt.objects.annotate(of=F("made__owner_id") + 0).filter(lags, of=person.pk, made__live=True)
    found = found.select_related("document", "made").order_by("pk")
    lagging = [(row, what) for row in duties.few(found) if (what := deriving.lags(row.document, row.made))]
    codes.verify("excerpt", [row.pk for row, _what in lagging])
    documents.sound([document for row, _what in lagging for document in (row.document, row.made)])
    return lagging
