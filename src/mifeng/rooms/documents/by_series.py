"""系列定密 looked at again: what a standing decision classified, for whoever supervises, who may object for some days."""

from datetime import date

from django.db.models import F

from mifeng.base import clock, working_days
from mifeng.clauses import parameter
from mifeng.rooms.documents.facts import State
from mifeng.rooms.documents.models import Change, Document
from mifeng.rooms.people.models import Department, Person

BY_SERIES = "系列定密"
DECIDING = frozenset({"classifier", "deputy_gm", "gm"})


def last_day(document: Document) -> date:
    """Until when, included, the classifier may object: working days after the registration (K1.0)."""
    registered = clock.local(document.registered_at).date()
    days = int(parameter("K1.0", "objection_working_days", on=registered))
    return working_days.after(registered, days)


def is_by_series(document: Document) -> bool:
    """Whether a standing decision gave it its level, and nobody has decided on it since."""
    return document.state == State.VALID and was_by_series(document.changes.filter(what="classified").order_by("pk").last())


def was_by_series(decided: Change | None) -> bool:
    """That decision was made by a standing one, without a signature of its own (K1.0)."""
    return decided is not None and not decided.approval_uid and decided.after.startswith(BY_SERIES)


def answers_for(person: Person, document: Document) -> bool:
    """The classifier who supervises the department looks at what its series classified; never its own drafter."""
    supervises = document.department.supervisor_id == person.pk and person.posts() & DECIDING
    return bool(supervises) and document.drafter_id != person.pk


def open_to_objection(person: Person) -> list[Document]:
    """What series classified in the departments of this person and he may still object to, oldest first."""
    if not person.posts() & DECIDING:
        return []
    today = clock.today()
    # What was registered before so many working days can be open no more; the day itself is looked at below.
    first = working_days.before(today, int(parameter("K1.0", "objection_working_days", on=today)) + 1)
    # Found by the day: few were registered since, and many are in force or of these departments (+ 0: no index of theirs).
    recent = Document.objects.filter(registered_at__gte=clock.start_of(first), level__gte=10).annotate(of=F("department_id") + 0)
    own = recent.filter(of__in=Department.objects.filter(supervisor=person).values("pk")).select_related("department")
    own = own.exclude(state__in=[state for state in State if state != State.VALID]).exclude(drafter=person)
    found = {d.pk: d for d in own.order_by("registered_at", "pk") if today <= last_day(d)}
    decided = {change.document_id: change for change in Change.objects.filter(
        document_id__in=list(found), what="classified").order_by("pk")}  # fmt: skip
    for key, change in decided.items():
        change.document = found[key]
    return [document for pk, document in found.items() if was_by_series(decided.get(pk))]
