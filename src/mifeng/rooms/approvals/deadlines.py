"""What of requests waits: for a decision, and for the confirmation of leave by word (D2). Telling climbs, deciding never."""

from collections.abc import Callable, Iterator
from datetime import datetime

from mifeng.base import ladders
from mifeng.base.ladders import Deadline
from mifeng.rooms.approvals import people_facts, queries, rules
from mifeng.rooms.approvals.facts import Matter, Organisation
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.people import office


def waiting(_at: datetime) -> Iterator[Deadline]:
    """Requests by their present step: approver, his delegates, the next higher; whom it concerns is never told."""
    organisation = people_facts.organisation()
    asked = Approval.objects.filter(state="asked", verbal_by=None).order_by("pk")
    for approval in asked.select_related("applicant", "department").prefetch_related("parts", "taken"):
        begun = max([approval.asked_at, *(taken.at for taken in approval.taken.all())])
        who = _who(queries.matter_of(approval), organisation)
        yield Deadline("approval", f"approvals:{approval.uid}", ladders.due_after("approval", begun), begun, who)


def _who(matter: Matter, organisation: Organisation) -> Callable[[str], list[int]]:
    def meant(word: str) -> list[int]:
        candidates = rules.resolve(matter, organisation).candidates
        if word == "next_higher":
            return list(rules.next_higher(matter, organisation))
        return [c.pid for c in candidates if bool(c.on_behalf_of) == (word == "delegate")]

    return meant


def verbal(_at: datetime) -> Iterator[Deadline]:
    """Leave by word that whoever gave it has not confirmed."""
    told = office.today()
    for approval in Approval.objects.filter(state="asked").exclude(verbal_by=None).order_by("pk").prefetch_related("parts"):
        shut = {part.person_id for part in approval.parts.all() if part.role == "concerned"}
        who = told.who(approval.department_id, shut, leader=[approval.verbal_by_id])
        due = ladders.due_after("verbal", approval.asked_at)
        yield Deadline("verbal", f"approvals:{approval.uid}", due, approval.asked_at, who)
