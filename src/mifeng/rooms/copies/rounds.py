"""What the room looks at every day by itself."""

from typing import Any

from django.db.models import F

from mifeng.base import clock, jobs
from mifeng.rooms.copies import actions
from mifeng.rooms.copies.facts import State
from mifeng.rooms.copies.models import Copy, IncidentDraft


def late_trips(_at: Any = None) -> int:
    """Copies that are out beyond the hours of C5.2 become drafts of incidents, one a trip; returns how many did.

    Looked at are those past their time whose present trip has none; the deed decides by the hours.
    """
    out = Copy.objects.filter(state=State.OUT, due_at__lte=clock.now()).select_related("custodian", "document").order_by("pk")
    drafted = IncidentDraft.objects.filter(clause="C5.2", copy__in=out, at__gte=F("copy__due_at")).values_list("copy", flat=True)
    return jobs.each(out.exclude(pk__in=list(drafted)), lambda copy: actions.carry_overdue(copy.custodian, copy))
