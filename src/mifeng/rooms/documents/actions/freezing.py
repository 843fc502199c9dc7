"""冻结 (M7.1): access to an item is suspended by one act of the office; only the team named for the case goes on."""

from datetime import timedelta

from mifeng.base import clock, jobs
from mifeng.base.deeds import deed
from mifeng.base.refusals import Refused, insist
from mifeng.clauses import parameter
from mifeng.engines.access import Decision
from mifeng.rooms.approvals import grants
from mifeng.rooms.documents.actions import _shared
from mifeng.rooms.documents.models import Document, Freeze, TeamMember
from mifeng.rooms.documents.rules import freezing as rules
from mifeng.rooms.people.models import Person


@deed("documents:freeze", subject="document")
def freeze(person: Person, document: Document, team: tuple[Person, ...], reason: str) -> Freeze:
    """One act of the office's head, or of the GM: at once, with the reason, for the team only; the owner is told."""
    insist(rules.may_freeze(person.posts(), reason, document.frozen), "未冻结")
    document.frozen = True
    document.save()
    for member in {person, *team}:
        TeamMember.objects.get_or_create(document=document, person=member)
    at = clock.now()
    hours = int(parameter("M7.1", "freeze_hours", on=clock.today()))
    row = Freeze.objects.create(document=document, by=person, at=at, until=at + timedelta(hours=hours), reason=reason)
    jobs.enqueue("documents:thaw", row.uid, dedupe=f"thaw:{row.uid}", delay=timedelta(hours=hours))
    _shared.tell(document, [document.owner_id], "frozen", row.uid)
    _shared.touched(document, reason=reason)
    return row


@deed("documents:confirm_freeze", subject="document")
def confirm_freeze(person: Person, document: Document) -> None:
    """Confirmed within its hours, a freeze lasts until it is lifted, and what was granted on the item is revoked."""
    row = _running(document)
    insist(rules.may_lift(person.posts(), row is not None), "未确认")
    if row:
        row.confirmed_at = clock.now()
        row.save()
        grants.freeze(document.item_key)
    _shared.touched(document)


@deed("documents:unfreeze", subject="document")
def unfreeze(person: Person, document: Document, reason: str) -> None:
    """Lift a freeze: the team is dissolved, the scope of knowledge stands as it stood."""
    row = _running(document)
    insist(rules.may_lift(person.posts(), row is not None), "未解冻")
    if not reason.strip():
        raise Refused(Decision.refuse("reason_required", "M7.1", "请写明理由"), "未解冻")
    _end(document, row)
    _shared.touched(document, reason=reason)


@deed("documents:thaw", subject="document")
def thaw(person: Person | None, document: Document) -> bool:
    """A freeze that nobody confirmed ends by itself; True when it did."""
    document = Document.objects.get(pk=document.pk)
    row = _running(document)
    if row is None or not rules.is_over(row.until, row.confirmed_at is not None, clock.now()):
        return False
    _end(document, row)
    return True


def _running(document: Document) -> Freeze | None:
    return Freeze.objects.filter(document=document, ended_at=None).order_by("-pk").first()


def _end(document: Document, row: Freeze | None) -> None:
    if row:
        row.ended_at = clock.now()
        row.save()
    for member in document.team.all():
        member.delete()
    document.frozen = False
    document.save()
    _shared.tell(document, [document.owner_id], "thawed", row.uid if row else "")
