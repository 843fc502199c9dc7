"""What the room does every day by itself: writes down which approvals have lapsed, moves on what waits for nobody."""

from datetime import datetime

from mifeng.base import clock, codes, jobs
from mifeng.rooms.approvals import actions, queries, waiting
from mifeng.rooms.approvals.models import Approval


def lapse_all(_at: datetime | None = None) -> int:
    """Once a day: write down which approvals have lapsed unused; that they have is computed. Returns how many."""
    over = Approval.objects.filter(state="approved", until__lte=clock.now(), grants__isnull=False).distinct()
    return jobs.each(over.select_related("applicant"), lambda approval: actions.lapse(approval.applicant, approval))


def resettle_all(_at: datetime | None = None) -> int:
    """Once a day: open requests that wait for nobody, because a post or the few who may know the item have changed. How many."""
    asked = Approval.objects.filter(state="asked").select_related("applicant").order_by("pk")
    found = [one for some in codes.batched(sorted(waiting.nobody()), codes.BATCH) for one in asked.filter(pk__in=some)]
    stuck = [one for one in found if queries.resolution(one).passed_over or queries.unreachable(one)]
    return jobs.each(stuck, lambda approval: actions.resettle(approval.applicant, approval))
