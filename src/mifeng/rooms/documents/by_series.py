"""系列定密 looked at again: what a standing decision classified, for whoever supervises, who may object for some days."""

from datetime import date, timedelta

from mifeng.base import clock
from mifeng.clauses import parameter
from mifeng.rooms.approvals import workdays
from mifeng.rooms.documents.facts import State
from mifeng.rooms.documents.models import Change, Document
from mifeng.rooms.people.models import Person

BY_SERIES = "系列定密"
LONGEST = timedelta(days=31)


def last_day(document: Document) -> date:
    """Until when, included, the classifier may object: working days after the registration (K1.0)."""
    registered = clock.local(document.registered_at).date()
    days = int(parameter("K1.0", "objection_working_days", on=registered))
    return workdays.after(registered, days)


def is_by_series(document: Document) -> bool:
    """Whether a standing decision gave it its level, and nobody has decided on it since."""
    decided = document.changes.filter(what="classified").order_by("pk").last()
    return document.state == State.VALID and decided is not None and decided.after.startswith(BY_SERIES)


def answers_for(person: Person, document: Document) -> bool:
    """The classifier who supervises the department looks at what its series classified; never its own drafter."""
    supervises = document.department.supervisor_id == person.pk and person.posts() & {"classifier", "deputy_gm", "gm"}
    return bool(supervises) and document.drafter_id != person.pk


def open_to_objection(person: Person) -> list[Document]:
    """What series classified in the departments of this person and he may still object to, oldest first."""
    since = clock.now() - LONGEST
    recent = Change.objects.filter(what="classified", approval_uid="", at__gte=since).select_related("document__department")
    found = {change.document_id: change.document for change in recent.order_by("pk")}
    today = clock.today()
    return [d for d in found.values() if answers_for(person, d) and is_by_series(d) and today <= last_day(d)]
