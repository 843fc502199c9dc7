"""Reading: pages, cards, lists, searches. Whatever was shown is held against the naive rule of who might see it."""

from typing import Any

from mifeng.base import clock
from mifeng.rooms.documents import actions as documents
from mifeng.rooms.documents.models import Document
from mifeng.rooms.people import actions as people
from mifeng.rooms.people.models import Credential, Person, Session
from mifeng.rooms.training import actions as training
from mifeng.rooms.training.models import Acknowledgement, Pledge, RuleVersion
from mifeng.rooms.viewing import actions as viewing
from mifeng.site.simulation import might
from mifeng.site.simulation.office import Office, Outcome

SAW = "who saw ⊆ who might"
MAY = "who may is not shut out"
# Refusals that say nothing of access: the item has no pages, the file was replaced, too many pages.
BESIDE = {"no_pages", "file_replaced", "too_many_pages"}


def read(office: Office) -> None:
    """Somebody reads a paper: mostly one that he is named for, sometimes one that is not his."""
    document = office.paper(files__state="ready") if office.often(85) else office.paper()
    if document is None:
        return
    person = _of(office, document) if office.often(70) else office.anybody()
    if not office.is_(person, "careless") or office.often(50):
        get_ready(office, person)
    open_pages(office, person, document)


def _of(office: Office, document: Document) -> Person:
    """Somebody whom the scope of the item names, or its owner, whether he is still there or not."""
    named = document.members.filter(kind="person", removed_at=None).order_by("pk").values_list("key", flat=True)
    found = list(Person.objects.filter(uid__in=list(named)).order_by("pk").values_list("pk", flat=True))
    return office.person(office.chance.choice([*found, document.owner_id]))


def open_pages(office: Office, person: Person, document: Document) -> None:
    """An occasion of reading, from the seat to the last page."""
    session = office.seat(person, 600 if office.is_(person, "careless") else 20)
    ended = office.do(viewing.open_document, person, session, document.uid)
    seen(office, person, document, session, ended)
    if not ended.allowed:
        return
    reading, file = ended.result
    for page in range(1, file.pages + 1):
        turned = office.do(viewing.open_page, person, session, reading, page)
        seen(office, person, document, session, turned)
        if not turned.allowed:
            return
    if office.often(50):
        office.do(viewing.acknowledge, person, session, reading)


def seen(office: Office, person: Person, document: Document, session: Session, ended: Outcome) -> None:
    """Hold one page against the rule: shown though it might not, or refused though it must."""
    with clock.played(office.shown_at):
        rule = might.page(person.pk, document.pk, session, office.shown_at)
    where = f"{person.login} and item {document.pk} at {document.level}"
    if ended.allowed:
        office.expect(SAW, rule != might.NEVER, f"{where}: opened")
        office.seen.add((person.pk, document.pk))
    elif ended.out == "refused" and ended.rule not in BESIDE:
        office.expect(MAY, rule != might.MUST, f"{where}: refused by {ended.rule}")


def card(office: Office) -> None:
    """Somebody opens the card of some item."""
    person, document = office.anybody(), office.paper()
    if document is None:
        return
    ended = office.do(documents.open_card, person, office.seat(person), document.uid)
    card_seen(office, person, document, ended)


def card_seen(office: Office, person: Person, document: Document, ended: Outcome) -> None:
    """Hold one card against the rule."""
    with clock.played(office.shown_at):
        rule = might.card(person.pk, document.pk, office.shown_at)
    where = f"{person.login} and the card of item {document.pk} at {document.level}"
    if ended.allowed:
        office.expect(SAW, rule != might.NEVER, f"{where}: opened")
    else:
        office.expect(MAY, rule != might.MUST, f"{where}: refused by {ended.rule}")


def listed(office: Office) -> None:
    """Somebody looks through the register, or searches it: every line is one that he might know of."""
    person = office.anybody()
    session = office.seat(person)
    if office.often(30):
        ended = office.do(documents.look_up, person, session, office.words["paper"])
        shown = ended.result or []
    else:
        ended = office.do(documents.list_register, person, session, size=20)
        shown = ended.result.rows if ended.allowed else []
    for document in shown[:8]:
        card_seen(office, person, document, ended)


def who_knows(office: Office) -> None:
    """Somebody asks who knows an item, or what somebody knows."""
    person, document = office.anybody(), office.paper()
    if document is None:
        return
    session = office.seat(person)
    if office.often(50):
        ended = office.do(documents.who_knows, person, document, session)
        if ended.allowed:
            card_seen(office, person, document, ended)
        return
    ended = office.do(documents.what_knows, person, office.anybody(), session)
    for line in (ended.result or [])[:5]:
        card_seen(office, person, line.document, ended)


def get_ready(office: Office, person: Person) -> None:
    """What an honest reader has done before: password changed in time, pledge signed, rules acknowledged."""
    credential = Credential.objects.filter(person=person).first()
    if credential is None or (office.today - clock.local(credential.changed_at).date()).days > 50:
        new_password(office, person)
    if person.clearance >= 10:
        last = Pledge.objects.filter(person=person).order_by("-signed_on").first()
        if last is None or (office.today - last.signed_on).days > 350:
            _pledge(office, person)
    version = RuleVersion.objects.order_by("-issued_on", "-pk").first()
    if version and not Acknowledgement.objects.filter(person=person, version=version).exists():
        office.do(training.acknowledge, person)


def new_password(office: Office, person: Person) -> None:
    """Another password; the old one is known."""
    told: Any = office.passwords
    new = f"Sim-{len(told)}-{office.chance.randrange(10**6)}-qX!"
    if office.do(people.change_password, person, told.get(person.pk, ""), new).allowed:
        told[person.pk] = new


def _pledge(office: Office, person: Person) -> None:
    hr = office.holder("hr", but=(person.pk,))
    if hr:
        office.do(training.record_test, hr, person, 90, office.today)
    office.do(training.sign_pledge, person)


