"""What was granted and waits for somebody's hands: grants of this room's matters, who carries them out, who may look."""

from dataclasses import dataclass

from mifeng.base import clock, codes, weighing
from mifeng.base.refusals import NotThere, insist
from mifeng.clauses import matrix
from mifeng.rooms.approvals import limits
from mifeng.rooms.approvals.models import Approval, Grant
from mifeng.rooms.copies.facts import Keeper
from mifeng.rooms.copies.rules import carrying
from mifeng.rooms.documents import known_by_few
from mifeng.rooms.documents import queries as documents
from mifeng.rooms.documents.models import Document
from mifeng.rooms.documents.queries import Brought
from mifeng.rooms.people import queries as people
from mifeng.rooms.people.models import Person, Session

# Act of the table of approvals -> act of the access engine.
ENGINE_ACT = {"copy": "copy", "first_print": "print", "carry_out": "carry_out", "excerpt": "excerpt", "lend": "lend"}
ASKING = {"copy": "apply_copy", "first_print": "apply_print", "carry_out": "apply_carry_out", "excerpt": "apply_excerpt"}
MATTERS = {act: f"copies:{act}" for act in ASKING}
PLACES = {"carry_out": "trips", "excerpt": "excerpts"}
RUNNING = ("approved", "executing")


def place(approval: Approval) -> str:
    """Where an approval is carried out."""
    return f"/copies/{PLACES.get(approval.act, 'jobs')}/{approval.uid}/"


def approver_of(approval: Approval) -> Person | None:
    """Who signed the last step; the person himself, also where he signed for another (代)."""
    row = approval.taken.filter(decision="approved").select_related("person").order_by("no").last()
    return row.person if row else None


def live_grant(approval: Approval) -> Grant | None:
    """The grant of this approval that may be used now: of several (补发) the newest."""
    now = clock.now()
    found = approval.grants.filter(state="approved", uses_left__gt=0, since__lte=now, until__gt=now)
    return found.order_by("-pk").first()


def brought(person: Person, approval: Approval, *, live: bool) -> Brought:
    """What this approval brings to the decision on carrying it out; `live`: its grant serves now."""
    wanted = approval.granted_now
    approver, grant = approver_of(approval), approval.grants.order_by("-pk").first()
    executes = grant is not None and (grant.executor_post in person.posts() or grant.executor_post in limits.BY_APPOINTMENT)
    return Brought(
        grant=live and executes, applicant=approval.applicant_id, approver=approver.pk if approver else None,
        destination=carrying.where_to(wanted.destination, wanted.place, clock.today()) if wanted.destination else None,
    )  # fmt: skip


def bearer(document: Document, person: Person) -> Keeper:
    """Somebody as a carrier of this item's copies: entrusted with 传递 at its level and for its department today, cleared,
    and none of whom it speaks (H2)."""
    held = people.is_appointed(person, "transit", document.level, document.department_id, clock.today())
    apart = not document.concerned.filter(person=person).exists()
    return Keeper(person.pk, held and apart and person.clearance >= document.level, person.clearance, person.active)


def insist_may(person: Person, session: Session | None, document: Document, approval: Approval, *, live: bool, not_done: str) -> None:
    """May this person carry out this approval, at this device, now? The access engine decides. Raises Refused, Tampered."""
    codes.verify("approval", [approval.pk])
    codes.verify("grant", approval.grants.values_list("pk", flat=True))
    who, act = documents.viewer(person, session), ENGINE_ACT[approval.act]
    insist(documents.decided(who, document, act, brought=brought(person, approval, live=live)), not_done)


def executes(person: Person, approval: Approval) -> bool:
    """Whether this is work for this person: the post that the grant names, entrusted, neither applicant nor approver.

    Of an item that few may know it is work for one of them alone, and never for somebody of whom it speaks (H2, P0.3).
    """
    few = known_by_few.limits().get(approval.item_key)
    if few is not None and person.pk not in few:
        return False
    if approval.act == "excerpt" and person.pk not in approval.granted_now.people:
        return False  # the person whom the approval names, and nobody else
    if person.pk == approval.applicant_id or approval.taken.filter(person=person).exists():
        return False
    if approval.parts.filter(role="concerned", person=person).exists():
        return False
    grant = approval.grants.order_by("-pk").first()
    carrier, department = limits.CARRIER[approval.act], approval.department_id
    held = people.is_appointed(person, carrier, approval.level, department, clock.today())
    return grant is not None and limits.executes(grant.executor_post, person.posts(), approval.act, held)


def executors(approval: Approval) -> list[Person]:
    """Everybody for whom it is work: holders of the post that the grant names, or the persons whom the request names."""
    grant = approval.grants.order_by("-pk").first()
    if grant is None:
        return []
    named = grant.executor_post in limits.BY_APPOINTMENT
    found = Person.objects.filter(pk__in=approval.granted_now.people) if named else people.holders(grant.executor_post)
    return [person for person in found if executes(person, approval)]


def acts_of(person: Person) -> list[str]:
    """The acts of this room that this person may carry out at all: his post, and what he is entrusted with today."""
    posts, held = person.posts(), people.entrusted_acts(person, clock.today())
    return [act for act in MATTERS if limits.executes(matrix.act(act).executor, posts, act, limits.CARRIER[act] in held)]


def waiting(person: Person) -> list[Approval]:
    """Approvals that are in force and wait for this person's hands, the oldest first, rows verified.

    Whoever carries nothing out asks no table: what others wait for costs him no statement (P0.3).
    """
    acts = acts_of(person)
    if not acts:
        return []
    wanted = Approval.objects.filter(matter__in=[MATTERS[act] for act in acts], state__in=RUNNING)
    found = wanted.select_related("applicant", "department").order_by("decided_at", "pk")
    mine = [approval for approval in found if executes(person, approval) and (live_grant(approval) or approval.state == "executing")]
    codes.verify("approval", [approval.pk for approval in mine])
    return mine


@dataclass(frozen=True)
class Job:
    """An approval with its item, for whoever may look at its execution; `executes`: it is his to carry out."""

    approval: Approval
    document: Document
    executes: bool
    approves: bool


def find(person: Person, uid: str) -> Job:
    """The approval of that address: for its applicant, whoever signed it, and whoever carries it out. Raises NotThere.

    What is not there is refused with the work of refusing a hidden one (P0.3).
    """
    rows = Approval.objects.filter(matter__in=MATTERS.values()).select_related("applicant", "department")
    approval = weighing.row_or_another(rows, uid)
    if approval is None:
        raise NotThere
    codes.verify("approval", [approval.pk])
    document = documents.of_key(approval.item_key)
    mine = executes(person, approval)
    signed = approval.taken.filter(person=person, decision="approved").exists()
    known = mine or signed or approval.applicant_id == person.pk
    if approval.uid != uid or not known:
        raise NotThere
    return Job(approval, document, mine, signed)
