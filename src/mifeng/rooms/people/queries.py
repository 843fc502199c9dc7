"""Reading people: who holds a post, who supervises, who may be told."""

from datetime import UTC, date, datetime, timedelta

from django.db.models import QuerySet

from mifeng.base import clock, codes, moment, record, vault
from mifeng.base.widgets import Choice
from mifeng.clauses import parameter
from mifeng.engines.access import Context
from mifeng.rooms.people import rules
from mifeng.rooms.people.models import (
    Company,
    Credential,
    Department,
    Device,
    Enrolment,
    Finding,
    Person,
    PostHolding,
    Session,
)  # fmt: skip

OVERSEE = rules.INSPECTORS | {"gm", "auditor"}  # who reads the findings of every department


def company() -> Company:
    """The company of this instance, its row verified once the vault is open. DoesNotExist before set-up; raises Tampered.

    Its name stands in every mark and its code in every number.
    """
    found = Company.objects.get()
    if vault.is_open():
        codes.verify("company", [found.pk])
    return found


def is_demo() -> bool:
    """Whether this is a demonstration, its row verified: what a demonstration leaves out would open a real house."""
    return company().is_demo


def holders(post: str, on: date | None = None) -> list[Person]:
    """Active persons who hold the post on that day, by pinyin."""
    day = on or clock.today()
    held = PostHolding.objects.filter(post=post, since__lte=day).exclude(until__lt=day).values("person")
    return list(Person.objects.filter(pk__in=held, active=True))


def head_of(department: Department) -> list[Person]:
    """The department's head(s)."""
    return [person for person in holders("dept_head") if person.department_id == department.pk]


def find(text: str) -> list[Person]:
    """Active persons whose name, pinyin or login holds the text: for person pickers, at most 20."""
    word = text.strip().lower()
    people = Person.objects.filter(active=True)
    return [p for p in people if word in p.name.lower() or word in p.pinyin.lower() or word in p.login.lower()][:20]


def choices() -> list[Choice]:
    """Everybody in the company for a picker: by name and login, with department and title beside."""
    people = Person.objects.filter(active=True).select_related("department")
    return [Choice(p.uid, p.name, p.login, f"{p.department.name} {p.title}") for p in people]


def refusals_today(person: Person) -> int:
    """How often something was refused to this person on the present local date; from the log's own entries."""
    return len(record.refused_lately(person.uid, clock.start_of(clock.today())))


# Deeds at which somebody could guess: a password, a code of the authenticator, the other half of a one-time code.
GUESSED = ("people:sign_in", "people:unlock", "people:prove_again", "people:change_password", "people:use_code")
record.COUNTED.update(GUESSED)


def failures(login_uid: str, since_minutes: int) -> int:
    """Refused guesses at one account in the last minutes, after its last good one; from the log's own entries."""
    outs = [done.out for done in record.done_lately(login_uid, GUESSED, clock.now() - timedelta(minutes=since_minutes))]
    last_good = max((place for place, out in enumerate(outs) if out == "allowed"), default=-1)
    return outs[last_good + 1 :].count("refused")


CODE_LIVES = timedelta(days=1)


def code_tried_out(enrolment: Enrolment) -> bool:
    """Somebody has tried halves on this one-time code so often that it opens nothing any more (I5.2).

    Counted over its whole life: the pause after wrong passwords is short beside the day that a code is good for.
    """
    tried = record.refused_lately(enrolment.person.item_key, enrolment.until - CODE_LIVES)
    return sum(done.act == "people:use_code" for done in tried) >= int(parameter("I5.2", "code_tries", on=clock.today()))


def device_cap(device: Device) -> int:
    """The highest level this device may show now; its row is verified first. Raises Tampered."""
    codes.verify("device", [device.pk])
    policy = str(parameter("D5", "device_policy", on=clock.today()))
    return rules.device_cap(device.kind, device.registered and not device.revoked, device.level_cap, policy)


def must_change(person: Person) -> bool:
    """Whether an inspector found this person's password lying open and it has not been changed since (I6.1)."""
    return Credential.objects.filter(person=person, must_change=True).exists()


def findings_for(viewer: Person) -> QuerySet[Finding]:
    """What was noted against accounts, newest first: all of it for who inspects or oversees, else one's own department's."""
    found = Finding.objects.select_related("person__department", "noted_by").order_by("-noted_at", "-pk")
    return found if viewer.posts() & OVERSEE else found.filter(person__department=viewer.department_id)


def password_until(person: Person) -> int:
    """Seconds UTC at which the password stops opening levelled items (I6.3, I6.1); 0 when it opens none."""
    return moment.kept(("password until", person.pk), lambda: _password_until(person))


def _password_until(person: Person) -> int:
    credential = Credential.objects.filter(person=person).first()
    if credential is None or credential.must_change:
        return 0
    return clock.seconds(clock.end_of(rules.password_last_day(clock.local(credential.changed_at).date())))


def context(session: Session, at: datetime) -> Context:
    """Time, device and freshness of a session as the access engine sees them; seconds UTC, ends exclusive."""
    on = clock.local(at).date()
    proved = session.second_factor_at or datetime(1970, 1, 1, tzinfo=UTC)
    hours, minutes = (int(parameter("I6.2", name, on=on)) for name in ("factor_hours", "factor_minutes_30"))
    return Context(
        now=clock.seconds(at), device_cap=device_cap(session.device),
        fresh_until=clock.seconds(proved + timedelta(hours=hours)),
        fresh_top_until=clock.seconds(proved + timedelta(minutes=minutes)),
        password_until=password_until(session.person), session_ok=int(session.ended_at is None),
    )  # fmt: skip


def entrusted_acts(person: Person, on: date) -> set[str]:
    """The carrier acts that some 委托 of this person covers on that day, whatever its level and department (M1.1)."""
    live = (one for one in person.appointments_facts() if not one.revoked and one.since <= on <= one.until)
    return {act for one in live for act in one.acts}


def is_appointed(person: Person, act: str, level: int, department: int | None, on: date) -> bool:
    """A 委托 of this person covers the carrier act, level and department on that day (M1.1)."""
    return rules.is_appointed(person.appointments_facts(), act, level, department, on).allow
