"""What of people runs out: passwords for levelled items (I6.3), 委托书 (M1.1), delegations (I6.2)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from mifeng.base import clock
from mifeng.base.ladders import Deadline, first_possible
from mifeng.rooms.people import office, rules
from mifeng.rooms.people.models import Appointment, Credential, Delegation

MENTIONED = timedelta(days=30)  # how long an appointment that ended is still spoken of


def password(pid: int, uid: str, changed: datetime) -> Deadline:
    """One person's password: it opens levelled items until the end of its last day (I6.3)."""
    due = clock.end_of(rules.password_last_day(clock.local(changed).date()))
    return Deadline("password", f"people:{uid}", due, changed, lambda word: [pid])


def passwords(at: datetime) -> Iterator[Deadline]:
    """The passwords of active accounts; key people:uid."""
    told, far = office.today(), first_possible("password", at)
    live = Credential.objects.filter(person__active=True, person__account__state="active").order_by("pk")
    for pid, uid, changed in live.values_list("person_id", "person__uid", "changed_at"):
        found = password(pid, uid, changed)
        if found.due <= far:
            yield replace(found, who=told.who(person=[pid]))


def appointments(at: datetime) -> Iterator[Deadline]:
    """Appointments that end soon or ended lately and that no later one continues."""
    told, far = office.today(), first_possible("appointment", at)
    since = clock.local(at - MENTIONED).date()
    live = Appointment.objects.filter(revoked_on=None, person__active=True, until__gte=since).select_related("person")
    every = list(live.order_by("pk"))
    for row in every:
        if clock.end_of(row.until) <= far and not any(_continues(other, row) for other in every):
            who = told.who(row.person.department_id, person=[row.person_id])
            yield Deadline("appointment", f"appointments:{row.uid}", clock.end_of(row.until), clock.start_of(row.since), who)


def _continues(other: Appointment, row: Appointment) -> bool:
    """`other` lets the same person do the same acts to the same level for longer."""
    return (
        other.person_id == row.person_id and other.until > row.until and other.level_max >= row.level_max
        and set(row.acts.split()) <= set(other.acts.split())
        and (not other.departments or set(row.departments.split()) <= set(other.departments.split()) != set())
    )  # fmt: skip


def delegations(at: datetime) -> Iterator[Deadline]:
    """Delegations that end soon; one that ended owes nobody anything."""
    told, far = office.today(), first_possible("delegation", at)
    for row in Delegation.objects.filter(revoked_on=None, until__gte=clock.local(at).date()).order_by("pk"):
        if clock.end_of(row.until) <= far:
            who = told.who(principal=[row.principal_id], delegate=[row.delegate_id])
            yield Deadline("delegation", f"delegations:{row.uid}", clock.end_of(row.until), clock.start_of(row.since), who)
