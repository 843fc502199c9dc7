"""Copies go round: numbered, put away, handed over, lent, back, lost, found, wrong, void. Two accounts, one here, one there.

The account of the simulation is made from outcomes only: who keeps and who holds each copy since the last deed that was
allowed. The house's registers must say the same, copy by copy and person by person.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from mifeng.rooms.circulation import actions as circulation
from mifeng.rooms.circulation.models import Loan
from mifeng.rooms.copies import actions as copies
from mifeng.rooms.copies import queries
from mifeng.rooms.copies.facts import AWAY, GONE, PlaceKind, State
from mifeng.rooms.copies.models import Copy, Movement, Place
from mifeng.rooms.people import actions as people
from mifeng.rooms.people.models import Appointment, Department, Person
from mifeng.site.simulation import founding, reading
from mifeng.site.simulation.office import Office

HOLDINGS = "Σ holdings = register"
KINDS = (PlaceKind.COMBINATION_SAFE, PlaceKind.SAFE, PlaceKind.STEEL_CABINET)
PAGES = 2


@dataclass
class Held:
    """One copy in the simulation's own account: keys of who keeps and who holds it, its state."""

    keeps: int
    holds: int
    state: str


def places(office: Office) -> None:
    """The office enters cupboards, strong and weak; somebody else tries to."""
    number = Place.objects.count() + 1
    head = office.holder("gmo_head") if office.often(85) else office.anybody()
    if number > 12 or head is None:
        return
    kind, department = office.chance.choice(KINDS), Department.objects.order_by("pk").first()
    office.do(copies.set_up_place, head, f"BX-{number:02d}", kind, office.words["place"], office.words["place"], department)


def number(office: Office) -> None:
    """A clerk enters the copies that lie before him, now and then a number that is there already."""
    document, clerk = office.paper(live=True, level__gte=10, sealed=False), office.holder("clerk")
    if document is None or clerk is None:
        return
    if office.often(90):
        _get_ready(office, clerk)
    first = Copy.objects.filter(document=document).count() + (0 if office.often(10) else 1)
    ended = office.do(copies.enter, clerk, document, list(range(max(first, 1), max(first, 1) + office.chance.randrange(1, 4))), PAGES)
    for copy in ended.result or ():
        office.held[copy.pk] = Held(clerk.pk, clerk.pk, State.NUMBERED)


def _get_ready(office: Office, clerk: Person) -> None:
    """What an honest clerk has done before: pledge and rules, and a 委托 in force."""
    reading.get_ready(office, clerk)
    head = office.holder("gmo_head", but=(clerk.pk,))
    if head and not Appointment.objects.filter(person=clerk, revoked_on=None, until__gte=office.today).exists():
        office.do(people.appoint, head, clerk, acts=founding.CARRIERS, level_max=clerk.clearance, since=office.today,
                  until=date(office.today.year, 12, 31), reason=office.words["reason"])  # fmt: skip


def _some(office: Office, *states: str) -> Copy | None:
    keys = [key for key, held in office.held.items() if not states or held.state in states]
    if not keys:
        return None
    key = keys[-1 - min(int(office.chance.expovariate(1 / 12)), len(keys) - 1)]
    return Copy.objects.select_related("document", "custodian").get(pk=key)


def _keeper(office: Office, copy: Copy) -> Person:
    """Mostly its custodian, sometimes whoever stands at the counter, which is refused."""
    own = office.person(office.held[copy.pk].keeps)
    return own if office.often(90) and own.active else office.anybody()


def put(office: Office) -> None:
    """A copy is put into some place, too weak a one at times."""
    copy, place = _some(office, State.NUMBERED, State.DESK, State.STORED), _place(office)
    if copy and place and office.do(copies.store, _keeper(office, copy), [copy], place).allowed:
        office.held[copy.pk].state = State.STORED


def _place(office: Office) -> Place | None:
    found = list(Place.objects.filter(closed_on=None).order_by("pk"))
    return office.chance.choice(found) if found else None


def hand(office: Office) -> None:
    """A custody is offered to a clerk, or to anybody; who was offered one signs, late ones too."""
    copy = _some(office, State.STORED, State.DESK, State.NUMBERED)
    to = (office.holder("clerk") if office.often(80) else None) or office.anybody()
    if copy:
        office.do(copies.offer, _keeper(office, copy), [copy], to, office.words["reason"])


def sign(office: Office) -> None:
    """Somebody signs for what was given to him; somebody else tries to."""
    line = Movement.objects.filter(signed_at=None).exclude(signer=None).select_related("copy").order_by("-pk").first()
    if line is None:
        return
    signer = office.person(line.signer_id) if office.often(92) else office.anybody()
    if office.do(copies.sign_for, signer, line.uid).allowed and line.event == "hand_over":
        held = office.held[line.copy_id]
        held.holds = signer.pk if held.holds == held.keeps and held.state not in AWAY else held.holds
        held.keeps = signer.pk


def lend(office: Office) -> None:
    """Somebody asks to borrow; what was approved is lent; what was lent comes back, with a page too few at times."""
    what = office.chance.randrange(3)
    if what == 0:
        _ask(office)
    elif what == 1:
        _hand_out(office)
    else:
        _come_back(office)


def _ask(office: Office) -> None:
    copy = _some(office, State.STORED, State.DESK)
    if copy is None:
        return
    person = copy.document.owner if office.often(60) else office.anybody()
    where = "reading_room" if copy.document.level >= 30 or office.often(40) else "department"
    office.do(circulation.ask_loan, person, copy.document, office.seat(person), where, office.words["reason"])


def _hand_out(office: Office) -> None:
    loan = Loan.objects.filter(state="approved").select_related("document", "borrower").order_by("-pk").first()
    copy = Copy.objects.filter(document=loan.document, state__in=(State.STORED, State.DESK)).order_by("pk").first() if loan else None
    if loan is None or copy is None:
        return
    if office.do(circulation.lend, _keeper(office, copy), loan, copy).allowed:
        held = office.held[copy.pk]
        held.state, held.holds = State.LENT, loan.borrower_id


def _come_back(office: Office) -> None:
    loan = Loan.objects.filter(state="lent").select_related("copy").order_by("pk").first()
    if loan is None:
        return
    pages = loan.copy.pages if office.often(85) else 1
    if office.do(circulation.take_back_loan, _keeper(office, loan.copy), loan, pages).allowed:
        held = office.held[loan.copy_id]
        held.state, held.holds = State.DESK, held.keeps


def wrong(office: Office) -> None:
    """A line is taken back, corrected, or a number made void; too late, by the wrong one, twice."""
    copy = _some(office)
    if copy is None:
        return
    person, line = _keeper(office, copy), copy.ledger.order_by("-no").first()
    what = office.chance.randrange(3)
    if line is None:
        return
    if what == 0:
        before = copy.ledger.filter(no=line.no - 1).first()
        if office.do(copies.take_back, person if office.often(60) else line.by, copy, line.uid).allowed and before:
            office.held[copy.pk] = Held(before.custodian_id, before.holder_id, before.state)
    elif what == 1:
        office.do(copies.correct, person, copy, line.uid, PAGES if office.often(80) else PAGES + 1, office.words["reason"])
    elif office.do(copies.void, person, copy, office.words["reason"]).allowed:
        office.held[copy.pk].state = State.VOID


def look(office: Office) -> None:
    """Every copy, and every person's holdings, as the registers say and as the account says."""
    for copy in Copy.objects.order_by("pk"):
        held = office.held.get(copy.pk)
        told = (held.keeps, held.holds, held.state) if held else None
        said = (copy.custodian_id, copy.holder_id, copy.state)
        office.expect(HOLDINGS, told == said, f"copy {copy.pk}: the register says {said}, the account {told}")
    for item in queries.disagreements():
        office.breach(HOLDINGS, f"{item}: its row is not its ledger, or its number has a gap")
    hands = Counter(held.holds for held in office.held.values() if held.state in AWAY)
    books = Counter(held.keeps for held in office.held.values() if held.state not in GONE)
    for pk in {*hands, *books}:
        person = office.person(pk)
        told = (hands[pk], books[pk])
        said = (queries.held_by(person).count(), queries.kept_by(person).count())
        office.expect(HOLDINGS, told == said, f"person {pk} holds and keeps {said} by the lists, {told} by the account")
