"""No date passes in silence: looked at after the house's own work of each day. Terms are counted once more, naively."""

from datetime import timedelta

from mifeng.base import clock
from mifeng.base.models import Job, Notice
from mifeng.rooms.approvals import queries as approvals
from mifeng.rooms.approvals.models import Approval, Grant
from mifeng.rooms.documents import queries as documents
from mifeng.rooms.documents.models import Document, Freeze, Opening
from mifeng.site.simulation.office import Office

DATES = "no date passed in silence"
MONDAY = 0
NO_DEAD_END = "every request waits for somebody"


def look(office: Office) -> None:
    """Everything that fell due by today has its state, its notice or its task."""
    with clock.played(office.at):
        _terms(office)
        _lapses(office)
        _freezes(office)
        _openings(office)
        _requests(office)
        dead = Job.objects.filter(state=Job.State.DEAD).count()
        office.expect(DATES, dead == 0, f"{dead} jobs lie dead")


def _terms(office: Office) -> None:
    """The day after its last one an item is 到期待审, its owner told, and it stands on the list of reviews."""
    ending = Document.objects.filter(live=True, state__in=("valid", "expired_review"), expires_on__lt=office.today + timedelta(days=2))
    for item in ending.order_by("pk"):
        counted = office.lasts.get(item.pk)
        over, said = counted is not None and office.today > counted, f"item {item.pk}, last day {counted}, today {office.today}"
        office.expect(DATES, counted == item.expires_on, f"{said}: the row says it ends on {item.expires_on}")
        office.expect(DATES, over == (item.state == "expired_review"), f"{said}: {item.state}")
        if over and not item.sealed:
            told = Notice.objects.filter(person_key=item.owner_id, item_key=item.item_key, kind="term")
            office.expect(DATES, told.exists(), f"{said}: nobody told its owner")


def _lapses(office: Office) -> None:
    """A grant that nobody used by its end is lapsed, and its applicant knows."""
    for grant in Grant.objects.filter(until__lte=office.at, approval__state="approved").values_list("pk", "approval_id"):
        office.expect(DATES, False, f"grant {grant[0]}: over, its request {grant[1]} still stands as approved")
    fresh = Approval.objects.filter(state="lapsed", until__gt=office.at - timedelta(days=2), grants__isnull=False)
    for approval in fresh.distinct():
        told = Notice.objects.filter(person_key=approval.applicant_id, kind="lapsed", item_key=f"approvals:{approval.uid}")
        office.expect(DATES, told.exists(), f"request {approval.pk} lapsed and nobody told its applicant")


def _freezes(office: Office) -> None:
    """A freeze that nobody confirmed is over with its hours."""
    for row in Freeze.objects.filter(ended_at=None, confirmed_at=None).select_related("document"):
        office.expect(DATES, office.at < row.until, f"item {row.document_id}: frozen until {row.until.isoformat()}, not thawed")


def _openings(office: Office) -> None:
    """A review that is late stands on the GM's desk."""
    gm = office.holder("gm")
    for row in Opening.objects.filter(reviewed_at=None, review_by__lt=office.today) if gm else ():
        shown = {found.pk for found in documents.openings_of(gm)} if gm else set()
        office.expect(DATES, row.pk in shown, f"opening {row.pk}: review due on {row.review_by}, on no desk")


def _requests(office: Office) -> None:
    """Every open request waits for somebody who is there.

    Also on items that only a few may know: what none of them can decide was refused, withdrawn in the deed that limited the
    item, or by the last night. New requests are looked at each morning, all of them on Mondays.
    """
    fresh = Approval.objects.filter(state="asked", asked_at__gt=office.at - timedelta(days=2))
    every = Approval.objects.filter(state="asked")
    for approval in (every if office.today.weekday() == MONDAY else fresh).order_by("pk"):
        dead = approval.pk not in office.told_dead and approvals.resolution(approval).dead
        if dead:
            office.told_dead.add(approval.pk)
        said = f"request {approval.pk} ({approval.act} at {approval.level}, {approval.steps} step {approval.step_no}) waits for nobody"
        office.expect(NO_DEAD_END, not dead, said)
