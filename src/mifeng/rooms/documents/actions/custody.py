"""专人保管 (G4.1): a sole custody is offered by one and accepted by the other; it is opened in an emergency by four."""

from typing import Any

from django.utils.translation import gettext_noop

from mifeng.base import clock, codes, deeds, duties, weighing, working_days
from mifeng.base.deeds import deed
from mifeng.base.refusals import NotThere, Refused, insist
from mifeng.clauses import parameter
from mifeng.engines.access import Decision
from mifeng.rooms.approvals import requests
from mifeng.rooms.documents import queries
from mifeng.rooms.documents.actions import _shared
from mifeng.rooms.documents.models import Custody, Document, Opening
from mifeng.rooms.documents.rules import custody as rules
from mifeng.rooms.people import queries as people
from mifeng.rooms.people.facts import OFFICERS
from mifeng.rooms.people.models import Person


@deed("documents:offer_custody", subject="document")
def offer_custody(person: Person, document: Document, to: Person, reason: str) -> Custody:
    """The first signature of a hand-over: by the custodian; where there is none yet, by the owner or the office's head."""
    entitled = person.pk == document.owner_id or "gmo_head" in person.posts()
    insist(rules.may_hand_over(person.pk, to.pk, document.excl_id, entitled), "未移交")
    insist(rules.may_take(_taker(document, to), document.level), "未移交")
    if not reason.strip() or document.sealed or not document.live:
        raise Refused(Decision.refuse("custody_form", "G4.1", "请写明理由;禁言期内或已销毁的件不办理移交"), "未移交")
    _withdraw_open(document)
    row = Custody.objects.create(document=document, giver=person, taker=to, offered_at=clock.now(), reason=reason)
    duties.remind(to.pk, "custody", document.item_key, once=row.uid)
    _shared.touched(document, reason=reason)
    return row


def _taker(document: Document, to: Person) -> rules.Taker:
    kept = people.is_appointed(to, "keep", document.level, document.department_id, clock.today())
    concerned = document.concerned.filter(person=to).exists()
    return rules.Taker(to.pk, kept, to.clearance, to.active, concerned)


def _withdraw_open(document: Document) -> None:
    for row in Custody.objects.filter(document=document, accepted_at=None, ended_at=None):
        row.ended_at = clock.now()
        row.save()


@deed("documents:accept_custody")
def accept_custody(person: Person, uid: str) -> Custody:
    """The second signature: from this instant the custody is his, and the chain shows both (G4.1)."""
    row = _offer(person, uid)
    document = row.document
    deeds.note(obj=document.item_key)
    if document.excl_id not in (None, row.giver_id):
        raise Refused(Decision.refuse("custody_moved", "G4.1", "保管人已变更,此移交作废"), "未接收")
    insist(rules.may_take(_taker(document, person), document.level), "未接收")
    _move(document, row, person)
    return row


def _offer(person: Person, uid: str) -> Custody:
    """The open offer of that address to this person; anything else is not there."""
    row = queries.custody_offers(person).filter(uid=uid).first()
    if row is None:
        raise NotThere
    codes.verify("custody", [row.document_id])
    return row


def _move(document: Document, row: Custody, to: Person) -> None:
    for held in Custody.objects.filter(document=document, ended_at=None).exclude(accepted_at=None):
        held.ended_at = clock.now()
        held.save()
    row.accepted_at = clock.now()
    row.save()
    before = document.excl.name if document.excl else ""
    document.excl = to
    document.save()
    requests.resettle_for(document.item_key)
    _shared.knows(document, to, "custody", row.giver)
    _shared.history(document, to, "custody", before, to.name, row.reason)


@deed("documents:decline_custody")
def decline_custody(person: Person, uid: str) -> None:
    """Whoever was offered a custody does not take it: everything stays as it was."""
    row = _offer(person, uid)
    deeds.note(obj=row.document.item_key)
    row.ended_at = clock.now()
    row.save()


@deed("documents:end_custody", subject="document")
def end_custody(person: Person, document: Document, reason: str) -> None:
    """The custodian gives a sole custody up: the item is open to its scope of knowledge again."""
    if document.excl_id != person.pk or not reason.strip():
        raise Refused(Decision.refuse("custodian_ends", "G4.1", "专人保管由保管人本人解除,并写明理由"), "未解除")
    _withdraw_open(document)
    for held in Custody.objects.filter(document=document, ended_at=None):
        held.ended_at = clock.now()
        held.save()
    document.excl = None
    document.save()
    _shared.history(document, person, "custody", person.name, "", reason)
    _shared.touched(document, reason=reason)


# 应急开柜 -------------------------------------------------------------------------------------------------------------


@deed("documents:decide_opening", subject="holder")
def decide_opening(person: Person, holder: Person, office: Person, witness: Person, reason: str) -> Opening:
    """The GM decides that the custody of somebody who is absent is opened, by whom and before whose eyes.

    By custodian, not by item: the GM learns nothing of what lies there. The absent one is told at once.
    """
    facts = rules.OpeningFacts(
        holder=holder.pk, decider=person.pk, by_gm="gm" in person.posts(), office=office.pk,
        by_office=office.active and "gmo_head" in office.posts(), witness=witness.pk,
        witness_staff=witness.active and not witness.posts() & set(OFFICERS), reason=reason,
    )  # fmt: skip
    insist(rules.may_open(facts), "未开柜")
    if Opening.objects.filter(holder=holder, ended_at=None).exists():
        raise Refused(Decision.refuse("opening_runs", "G4.1", "该保管人的应急开柜正在办理"), "未开柜")
    days = int(parameter("G4.1", "opening_review_days", on=clock.today()))
    row = Opening.objects.create(
        holder=holder, decided_by=person, decided_at=clock.now(), office=office, witness=witness, reason=reason,
        review_by=working_days.after(clock.today(), days),
    )  # fmt: skip
    for told in (holder, office, witness):
        duties.remind(told.pk, "opening", row.item_key, once=row.uid)
    deeds.note(reason=reason)
    return row


def _opening(person: Person, uid: str) -> Opening:
    """The opening of that address, its row verified, for whoever has a part in it and for its reviewers.

    To everybody else it is not there, and refused with the same work as one that is not. Raises Tampered.
    """
    row = weighing.row_or_another(queries.openings(), uid)
    if row is None:
        raise NotThere
    codes.verify("opening", [row.pk])
    parts = {row.holder_id, row.decided_by_id, row.office_id, row.witness_id, row.interim_id}
    reviews = bool(person.posts() & {"gm", "deputy_gm"})
    if row.uid != uid or not (person.pk in parts or reviews):
        raise NotThere
    deeds.note(obj=row.item_key)
    return row


@deed("documents:open_opening", reads=True)
def open_opening(person: Person, uid: str) -> Opening:
    """Look at an opening: for whoever has a part in it, and for its reviewers."""
    return _opening(person, uid)


@deed("documents:count_opening")
def count_opening(person: Person, uid: str, counted: int, seal: str) -> Opening:
    """The office's head opens, counts what lies there, seals it again: figures and the seal's number go on record."""
    row = _opening(person, uid)
    found = Document.objects.filter(excl=row.holder, live=True).count()
    if person.pk != row.office_id or row.ended_at or not seal.strip() or counted < 0:
        raise Refused(Decision.refuse("office_counts", "G4.1", "由开柜人清点、加封并登记封条号"), "未登记清点")
    row.counted, row.seal, row.counted_at, row.witnessed_at = counted, seal, clock.now(), None
    row.save()
    deeds.note(counts={"counted": counted, "on_record": found})
    return row


@deed("documents:witness_opening")
def witness_opening(person: Person, uid: str) -> Opening:
    """The witness signs the same figures."""
    row = _opening(person, uid)
    if person.pk != row.witness_id or row.counted_at is None or row.ended_at:
        raise Refused(Decision.refuse("witness_signs", "G4.1", "清点登记后由见证人本人签字"), "未见证")
    row.witnessed_at = clock.now()
    row.save()
    return row


@deed("documents:name_interim")
def name_interim(person: Person, uid: str, interim: Person) -> Opening:
    """Both have signed: an interim custodian is named, who is neither of them and is appointed for everything there."""
    row = _opening(person, uid)
    if person.pk != row.office_id or row.witnessed_at is None or row.ended_at:
        raise Refused(Decision.refuse("office_names_interim", "G4.1", "两人清点签字后,由开柜人指定临时保管人"), "未指定")
    insist(rules.may_inherit(interim.pk, row.office_id, row.witness_id, row.holder_id), "未指定")
    for document in _lying(row):
        insist(rules.may_take(_taker(document, interim), document.level), "未指定")
    row.interim = interim
    row.save()
    duties.remind(interim.pk, "opening", row.item_key, once=f"{row.uid}:interim")
    return row


def _lying(row: Opening) -> list[Document]:
    return queries.sound(Document.objects.select_related("excl").filter(excl=row.holder, live=True).order_by("pk"))


@deed("documents:take_interim")
def take_interim(person: Person, uid: str) -> int:
    """The interim custodian signs: every item moves to him, and the two who opened see nothing of it any more."""
    row = _opening(person, uid)
    if person.pk != row.interim_id or row.ended_at:
        raise Refused(Decision.refuse("interim_signs", "G4.1", "由指定的临时保管人本人签字"), "未接收")
    found = _lying(row)
    for document in found:
        insist(rules.may_take(_taker(document, person), document.level), "未接收")
        _withdraw_open(document)
        held = Custody.objects.create(
            document=document, giver=row.office, taker=person, offered_at=clock.now(), opening=row, reason=gettext_noop("应急开柜")
        )
        _move(document, held, person)
    row.ended_at = clock.now()
    row.save()
    duties.remind(row.holder_id, "opening", row.item_key, once=f"{row.uid}:moved")
    deeds.note(counts={"moved": len(found)})
    return len(found)


@deed("documents:review_opening")
def review_opening(person: Person, uid: str, finding: str) -> Any:
    """The finding is reviewed within five working days: was it needed, was everything there."""
    row = _opening(person, uid)
    posts = person.posts()
    insist(rules.may_review(person.pk, row.office_id, row.witness_id, row.interim_id, bool(posts & {"gm", "deputy_gm"})), "未复核")
    if not finding.strip() or row.counted_at is None or row.reviewed_at:
        raise Refused(Decision.refuse("finding_required", "G4.1", "清点后复核一次,请写明结论"), "未复核")
    row.reviewed_by, row.reviewed_at, row.finding = person, clock.now(), finding
    row.save()
    return row
