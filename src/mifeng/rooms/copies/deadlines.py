"""What of copies runs out: the return of what was carried out (C5.2)."""

from collections.abc import Iterator
from datetime import datetime

from mifeng.base.ladders import Deadline
from mifeng.rooms.copies.facts import State
from mifeng.rooms.copies.models import Copy
from mifeng.rooms.people import office


def carried(_at: datetime) -> Iterator[Deadline]:
    """Copies that somebody has outside, by the instant at which they are to be back; the leader is over the owning department."""
    told = office.today()
    out = Copy.objects.filter(state=State.OUT).exclude(due_at=None).select_related("document__department").order_by("pk")
    for copy in out:
        who = told.who(copy.document.department_id, carrier=[copy.holder_id], leader=[copy.document.department.supervisor_id])
        yield Deadline("carry_out", copy.item_key, copy.due_at, None, who)
