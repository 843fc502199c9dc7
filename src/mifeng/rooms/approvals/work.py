"""What the room does every day by itself: writes down which approvals have lapsed."""

from datetime import datetime

from mifeng.base import clock, jobs
from mifeng.rooms.approvals import actions
from mifeng.rooms.approvals.models import Approval


def lapse_all(_at: datetime | None = None) -> int:
    """Once a day: write down which approvals have lapsed unused; that they have is computed. Returns how many."""
    over = Approval.objects.filter(state="approved", until__lte=clock.now(), grants__isnull=False).distinct()
    return jobs.each(over.select_related("applicant"), lambda approval: actions.lapse(approval.applicant, approval))
