"""Reading the books of circulation: the inbox, one arrival, the lines that somebody may know."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import F, Model, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects

from mifeng.base import clock, codes, duties, ladders, weighing
from mifeng.base.fields import new_uid
from mifeng.base.refusals import NotThere
from mifeng.base.shapes import Exists
from mifeng.rooms.circulation.facts import Inbox, LoanState, Sent, SlipState
from mifeng.rooms.circulation.models import Dispatch, Filing, Incoming, Loan, Parcel, Slip, SlipLine
from mifeng.rooms.circulation.rules import lending
from mifeng.rooms.copies import queries as copies
from mifeng.rooms.copies.facts import GONE, State
from mifeng.rooms.copies.models import Copy, Movement
from mifeng.rooms.documents import queries as documents
from mifeng.rooms.documents.models import Document
from mifeng.rooms.people import queries as people
from mifeng.rooms.people.models import Person

Row = TypeVar("Row", bound=Model)
PAGE = 25
READERS, SENT_TO = ("reader__department", "taken_in_by"), ("copy__holder", "recipient__department")
AT_HAND = (State.DESK, State.STORED, State.ARCHIVED)  # where a copy may be handed out from
SUPERVISE = frozenset({"gmo_head"})  # who looks after the office's counter without sitting at it


def entrusted(person: Person, act: str) -> bool:
    """A 委托 of this person for a carrier act is in force today, whatever level and department it names (M1.1)."""
    return act in people.entrusted_acts(person, clock.today())


def covers(person: Person, act: str, document: Document) -> bool:
    """A 委托 for this carrier act reaches the item's level and department today (M1.1)."""
    return people.is_appointed(person, act, document.level, document.department_id, clock.today())


def at_counter(person: Person) -> bool:
    """He may look into the inbox: entrusted with 收发, or head of the office."""
    return entrusted(person, "mail") or bool(person.posts() & SUPERVISE)


def arrivals() -> QuerySet[Incoming]:
    """Arrivals with what a page shows of them, the newest first."""
    parts = ("by", "addressee__department", "handled_by", "document__department", "particulars")
    return Incoming.objects.select_related(*parts).prefetch_related("amendments").order_by("-pk")


def waiting() -> QuerySet[Incoming]:
    """What arrived and is neither registered nor closed, the oldest first: what the inbox still owes (P5.1)."""
    return arrivals().filter(state=Inbox.ARRIVED).order_by("pk")


@dataclass(frozen=True)
class Page:
    """One page of a book: verified rows, how many in all (1,001: more than 1,000), the key before which the next page starts
    (0 = none)."""

    rows: list[Incoming]
    total: int
    after: int


def registered(person: Person, after: int = 0) -> Page:
    """The lines of F01 that this person may know, the newest first: by keyset, never by offset. Raises Tampered."""
    found = documents.lines(person, arrivals().filter(state=Inbox.REGISTERED))
    rows = list((found.filter(pk__lt=after) if after else found)[: PAGE + 1])
    shown = sound(rows[:PAGE])
    total = found.order_by()[: documents.MOST_COUNTED + 1].count()
    return Page(shown, total, shown[-1].pk if len(rows) > PAGE else 0)


def sound(rows: Iterable[Incoming]) -> list[Incoming]:
    """Lines about to be shown, with their items verified. Raises Tampered."""
    shown = list(rows)
    codes.verify("incoming", [row.pk for row in shown])
    prefetch_related_objects(shown, "amendments")
    documents.sound({row.document_id: row.document for row in shown if row.document}.values())
    return shown


def find(person: Person, uid: str) -> Incoming:
    """The arrival of this address: an unopened one for the counter, a registered one for whoever may know the item.

    Raises NotThere, Tampered. What is not there is refused with the work of refusing a hidden one (P0.3).
    """
    row = weighing.row_or_another(arrivals(), uid)
    if row is None:
        raise NotThere
    codes.verify("incoming", [row.pk])
    known = knows(person, row, in_place=row.uid != uid)
    if row.uid != uid or not known:
        raise NotThere
    return row


def knows(person: Person, row: Incoming, in_place: bool = False) -> bool:
    """Register facts of the item where there is one; else the counter's own. Either costs the same work (P0.3).

    `in_place`: the arrival stands in for one that is not there.
    """
    _none, other = documents.find_to_weigh(new_uid())
    counter, weighed = at_counter(person), row.document or other
    stands_in = in_place or row.document is None
    known = weighed is not None and copies.knows(person, weighed, "read", "register_facts", in_place=stands_in).allow
    return counter if row.document is None else known


def amended(row: Incoming) -> dict[str, list[str]]:
    """Field -> what stood there one after the other, the last one standing now; only fields that were corrected."""
    found: dict[str, list[str]] = {}
    for one in sorted(row.amendments.all(), key=lambda made: made.pk):
        found.setdefault(one.field, [one.before]).append(one.after)
    return found


def told(row: Incoming, name: str) -> str:
    """What a field of the line says now, after its corrections; "" for a field that has none."""
    stood = amended(row).get(name)
    return stood[-1] if stood else _first(row, name)


def _first(row: Incoming, name: str) -> str:
    """What was entered at the registration."""
    beside = getattr(row, "particulars", None)
    days = {"deadline": row.deadline, "return_on": beside.return_on if beside else None}
    if name in days:
        return days[name].isoformat() if days[name] else ""
    return {"sender": row.sender, "remark": row.remark}.get(name, "")


def registered_paper(document: Document) -> bool:
    """It stands in a book: it has a number and is still there (G4.4)."""
    return bool(document.number) and document.live


def numbered_copies(document: Document) -> int:
    """How many copies of the item the company answers for."""
    return document.numbered_copies.exclude(state__in=list(GONE)).count()


def may_know(people: Iterable[Person], document: Document) -> set[int]:
    """Keys of those persons who may know what the item says: scope, clearance, pledge; wherever they sit."""
    return {person.pk for person in people if documents.could_know(person, document)}


def slips() -> QuerySet[Slip]:
    """Slips with what a page shows of them, the newest first."""
    return Slip.objects.select_related("document__department", "copy", "asked_by", "clerk").order_by("-pk")


def lines(slip: Slip) -> list[SlipLine]:
    """The readers of a slip in their order; asked for once where sound_slips brought them."""
    if is_loaded(slip, "lines"):
        return sorted(slip.lines.all(), key=lambda line: line.no)
    return list(slip.lines.select_related(*READERS, "slip__document").order_by("no"))


def is_loaded(row: Model, name: str) -> bool:
    """The rows that hang on this one by `name` were loaded with those of all of its page."""
    return name in getattr(row, "_prefetched_objects_cache", {})


def find_slip(person: Person, uid: str) -> Slip:
    """The slip of this address: for whoever may know the item, or its register facts.

    Raises NotThere, Tampered. What is not there is refused with the work of refusing a hidden one (P0.3).
    """
    row = weighing.row_or_another(slips(), uid)
    if row is None:
        raise NotThere
    codes.verify("slip", [row.pk])
    known = copies.knows(person, row.document, "read", "register_facts", in_place=row.uid != uid).allow
    if row.uid != uid or not known:
        raise NotThere
    return row


def slips_known(person: Person, states: Iterable[SlipState], after: int = 0) -> tuple[list[Slip], int]:
    """The newest slips in these states that this person may know, verified; as before()."""
    rows, more = before(documents.lines(person, slips().filter(state__in=list(states))), after)
    return sound_slips(rows), more


def before(found: QuerySet[Row], after: int) -> tuple[list[Row], int]:
    """A page of rows, the newest first: those before the key `after` where it is given; the key to go on after, 0 at the end."""
    rows = list((found.filter(pk__lt=after) if after else found)[: PAGE + 1])
    return rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else 0


def sound_slips(rows: Iterable[Slip]) -> list[Slip]:
    """Slips about to be shown, with their items verified; with their readers and the arrivals of their items. Raises Tampered."""
    shown = verified_slips(rows)
    readers = Prefetch("lines", SlipLine.objects.select_related(*READERS))
    prefetch_related_objects(shown, readers, "document__arrivals")
    return shown


def verified_slips(rows: Iterable[Slip]) -> list[Slip]:
    """Slips with their items verified. Raises Tampered."""
    shown = list(rows)
    codes.verify("slip", [row.pk for row in shown])
    documents.sound({row.document_id: row.document for row in shown}.values())
    return shown


def with_reader(person: Person, most: int | None = None) -> tuple[int, list[SlipLine]]:
    """How much went round to this person and waits for him, as far as he may still know it, and the first of it to come back.
    Verified.
    """
    found = SlipLine.objects.filter(reader=person, in_at=None, skipped_at=None, slip__state=SlipState.OPEN).exclude(out_at=None)
    keys = list(found.order_by("due_at", "pk").values_list("pk", "slip__document"))
    known = known_items(person, {item for _key, item in keys})
    mine = [key for key, item in keys if item in known]
    first = SlipLine.objects.filter(pk__in=mine[:most]).select_related("slip__document", "slip__copy").order_by("due_at", "pk")
    rows = list(first) if mine else []
    codes.verify("slip", [row.slip_id for row in rows])
    return len(mine), rows


def out_now() -> QuerySet[SlipLine]:
    """Every line that is with a reader, by the date on which it is to be back."""
    found = SlipLine.objects.filter(in_at=None, skipped_at=None, slip__state=SlipState.OPEN).exclude(out_at=None)
    return found.select_related("slip__document", "reader").order_by("due_at", "pk")


def to_send(clerk: Person) -> QuerySet[Slip]:
    """Slips of this clerk whose next reader waits: back at the counter, or approved and not begun, with a copy at hand.

    Of items that he may not know he hears nothing, whatever he is entrusted with (P0.3).
    """
    lines = SlipLine.objects.filter(slip=OuterRef("pk"), skipped_at=None)
    waits, away = lines.filter(out_at=None), lines.filter(in_at=None).exclude(out_at=None)
    begins = Q(state=SlipState.APPROVED) & (Q(electronic=True) | Q(_at_hand_of(clerk)))
    mine = Q(clerk=clerk) | Q(copy__custodian=clerk) | begins
    found = slips().filter(mine, state__in=(SlipState.APPROVED, SlipState.OPEN)).filter(Exists(waits))
    return documents.lines(clerk, found.filter(Q(electronic=True) | ~Exists(away))).order_by("pk")


def _at_hand_of(clerk: Person) -> Exists:
    """This custodian has a copy of the row's item at hand: looked for by the item (+ 0: not among all that he keeps)."""
    kept = Copy.objects.annotate(keeper=F("custodian_id") + 0)
    return Exists(kept.filter(document=OuterRef("document"), keeper=clerk.pk, state__in=AT_HAND))


def begun_by(clerk: Person) -> Q:
    """Slips that have a clerk, and this one sends them out and takes them in (as is_clerk_of)."""
    return Q(clerk__isnull=False) & (Q(clerk=clerk) | Q(copy__custodian=clerk))


def is_clerk_of(person: Person, slip: Slip) -> bool:
    """He sends it out and takes it in: its clerk and the custodian of its copy; before that, whoever is entrusted with it."""
    if slip.clerk_id:
        return person.pk == slip.clerk_id or bool(slip.copy and person.pk == slip.copy.custodian_id)
    return covers(person, "transit", slip.document) and slip.asked_by_id != person.pk


def copies_at_hand(person: Person, document: Document) -> list[Copy]:
    """Copies of the item that this custodian has in his cupboard or on his desk, verified."""
    found = copies.copies().filter(document=document, custodian=person, state__in=AT_HAND)
    return copies.sound(found.order_by("n", "rep"))


def not_put_away(person: Person, document: Document) -> list[Copy]:
    """Copies of the item that this custodian has numbered and not yet put into a cupboard: they go to nobody before that."""
    found = copies.copies().filter(document=document, custodian=person, state=State.NUMBERED)
    return copies.sound(found.order_by("n", "rep"))


def copies_to_send(person: Person, slip: Slip) -> list[Copy]:
    """Which copies may go round now: the slip's own once it has begun, else any that this custodian has at hand."""
    if slip.electronic:
        return []
    at_hand = copies_at_hand(person, slip.document)
    return [copy for copy in at_hand if copy.pk == slip.copy_id] if slip.copy_id else at_hand


def find_filing(person: Person, uid: str) -> Filing:
    """The open filing of this address: for the copy's custodian, and whoever may know the item or its register facts."""
    row = weighing.row_or_another(filings_open(), uid)
    if row is None:
        raise NotThere
    codes.verify("filing", [row.pk])
    known = copies.knows(person, row.copy.document, "read", "register_facts", in_place=row.uid != uid).allow
    if row.uid != uid or not (known or row.copy.custodian_id == person.pk):
        raise NotThere
    return row


def number_of(slip: Slip) -> str:
    """收文号-传01; for a paper of our own, its 发文字号."""
    arrival = min(slip.document.arrivals.all(), key=lambda row: row.pk, default=None)
    return f"{arrival.number if arrival else slip.document.number}-{slip.mark}"


def loans() -> QuerySet[Loan]:
    """Loans with what a page shows of them, the newest first."""
    parts = ("document__department", "copy", "borrower__department", "lender", "receiver")
    return Loan.objects.select_related(*parts).order_by("-pk")


def find_loan(person: Person, uid: str) -> Loan:
    """The loan of this address: for whoever may know the item, or its register facts. As find_slip."""
    row = weighing.row_or_another(loans(), uid)
    if row is None:
        raise NotThere
    codes.verify("loan", [row.pk])
    known = copies.knows(person, row.document, "read", "register_facts", in_place=row.uid != uid).allow
    if row.uid != uid or not known:
        raise NotThere
    return row


def loans_known(person: Person, states: Iterable[LoanState], after: int = 0, *, late: bool = False) -> tuple[list[Loan], int]:
    """The newest loans in these states that this person may know, verified; as before(). `late`: what should have come back."""
    found = loans().filter(state__in=list(states))
    rows, more = before(documents.lines(person, found.filter(due_at__lte=clock.now()) if late else found), after)
    return sound_loans(rows), more


def sound_loans(rows: Iterable[Loan]) -> list[Loan]:
    """Loans about to be shown, with their items verified. Raises Tampered."""
    shown = list(rows)
    codes.verify("loan", [row.pk for row in shown])
    documents.sound({row.document_id: row.document for row in shown}.values())
    return shown


def lent_now() -> QuerySet[Loan]:
    """What is on loan, the first to come back first."""
    return loans().filter(state=LoanState.LENT).order_by("due_at", "pk")


def late_with(person: Person) -> list[Loan]:
    """What this person has borrowed and should have brought back: it shuts him out of new loans (C3). Raises Tampered."""
    rows = list(lent_now().filter(borrower=person, due_at__lte=clock.now()))
    codes.verify("loan", [row.pk for row in rows])
    return rows


def late_in(head: Person) -> list[Loan]:
    """What people of this head's department should have brought back, so late that he is told (C3). Raises Tampered."""
    if "dept_head" not in head.posts():
        return []
    rows = lent_now().filter(borrower__department=head.department_id, due_at__lte=clock.now()).exclude(borrower=head)
    told = [loan for loan in duties.few(rows) if lending.head_is_told(clock.local(loan.due_at - ladders.INSTANT).date(), clock.today())]
    codes.verify("loan", [loan.pk for loan in told])
    return told


def to_lend(clerk: Person) -> QuerySet[Loan]:
    """Approved loans of items of which this custodian has a copy at hand, and may know (P0.3)."""
    return documents.lines(clerk, loans().filter(_at_hand_of(clerk), state=LoanState.APPROVED)).order_by("pk")


def filings_open() -> QuerySet[Filing]:
    """Copies that have been noted and do not lie in a cupboard yet, the oldest first (D1)."""
    parts = ("copy__document__department", "copy__custodian", "copy__place", "kept_by", "slip")
    return Filing.objects.filter(filed_at=None).select_related(*parts).order_by("due_at", "pk")


def filings_of(person: Person) -> list[Filing]:
    """Those of this custodian; for the head of the office, everybody's as far as he may know of the items. Verified."""
    own = Q(copy__custodian=person)
    shown = duties.few(filings_open().filter(own))
    if person.posts() & SUPERVISE:
        others = documents.lines(person, filings_open().exclude(own), "copy__document")
        shown = sorted([*shown, *others], key=lambda row: (row.due_at, row.pk))
    codes.verify("filing", [row.pk for row in shown])
    copies.sound(row.copy for row in shown)
    return shown


def known_items(person: Person, keys: Iterable[int]) -> set[int]:
    """Which of these items the person may know, by one condition: a decision on each would cost more where he has more
    requests to weigh, and so tell of them (P0.3).
    """
    wanted = list(keys)
    return set(documents.known_by(person).filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()


def dispatches() -> QuerySet[Dispatch]:
    """Dispatches with what a page shows of them, the newest first."""
    parts = ("document__department", "document__drafter", "document__decider", "by", "carrier", "second", "drafts")
    return Dispatch.objects.select_related(*parts).order_by("-pk")


def sound_dispatches(rows: Iterable[Dispatch]) -> list[Dispatch]:
    """Dispatches about to be shown, with their items verified. Raises Tampered."""
    shown = list(rows)
    codes.verify("dispatch", [row.pk for row in shown])
    documents.sound({row.document_id: row.document for row in shown}.values())
    prefetch_related_objects(shown, Prefetch("parcels", Parcel.objects.select_related(*SENT_TO)))
    given = [one for row in shown for one in row.parcels.all() if not one.delivered_at]
    signed = _signed_for(given)
    for one in given:
        one.signed_at = signed.get((one.item_key, one.recipient_id))
    return shown


def _signed_for(parcels: list[Parcel]) -> dict[tuple[str, int], datetime]:
    """When each of these was first signed for: (key of the parcel, who signed) -> instant."""
    lines = Movement.objects.filter(copy__in=[one.copy_id for one in parcels], ref__in=[one.item_key for one in parcels])
    told = lines.exclude(signed_at=None).order_by("-no").values_list("ref", "signer_id", "signed_at")
    return {(ref, signer): at for ref, signer, at in told}


def dispatches_known(person: Person, after: int = 0) -> tuple[list[Dispatch], int]:
    """The newest dispatches that this person may know, verified; as before()."""
    rows, more = before(documents.lines(person, dispatches()), after)
    return sound_dispatches(rows), more


def find_dispatch(person: Person, uid: str) -> Dispatch:
    """The dispatch of this address: for whoever may know the item, or its register facts. As find_slip."""
    row = weighing.row_or_another(dispatches(), uid)
    if row is None:
        raise NotThere
    codes.verify("dispatch", [row.pk])
    known = copies.knows(person, row.document, "read", "register_facts", in_place=row.uid != uid).allow
    if row.uid != uid or not known:
        raise NotThere
    return row


def parcels(row: Dispatch) -> list[Parcel]:
    """The lines of a dispatch in the order of their copies; asked for once where sound_dispatches brought them."""
    found = row.parcels.all() if is_loaded(row, "parcels") else row.parcels.select_related(*SENT_TO, "dispatch")
    return sorted(found, key=lambda one: (one.copy.n, one.copy.rep))


def _on_their_way() -> QuerySet[Parcel]:
    found = Parcel.objects.filter(delivered_at=None, ended_at=None, dispatch__via=Sent.CARRIED)
    return found.select_related("dispatch__document", "dispatch__carrier", "copy__document", "recipient").order_by("pk")


def coming_to(person: Person) -> list[Parcel]:
    """Parcels under way to this person, verified."""
    return _verified(_on_their_way().filter(recipient=person))


def carried_by(person: Person) -> list[Parcel]:
    """Parcels in this carrier's hands, verified."""
    # + 0: found among what is under way, not among all that he holds.
    return _verified(_on_their_way().annotate(with_=F("copy__holder_id") + 0).filter(with_=person.pk))


def _verified(found: QuerySet[Parcel]) -> list[Parcel]:
    shown = duties.few(found)
    codes.verify("dispatch", [row.dispatch_id for row in shown])
    copies.sound(row.copy for row in shown)
    return shown


def receipt_of(parcel: Parcel) -> datetime | None:
    """When the recipient signed for the copy: on delivery, or for what was given into his own hands."""
    if parcel.delivered_at:
        return parcel.delivered_at
    if hasattr(parcel, "signed_at"):
        return parcel.signed_at
    signed = parcel.copy.ledger.filter(ref=parcel.item_key, signer_id=parcel.recipient_id).exclude(signed_at=None)
    return signed.values_list("signed_at", flat=True).order_by("no").first()
