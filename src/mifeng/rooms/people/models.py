"""Tables of the room. Rows that decisions rest on carry their code (base.codes); no decisions here."""

import secrets
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from django.db import models

from mifeng.base import clock, codes, moment, room
from mifeng.base.codes import CodedRow
from mifeng.base.fields import SealedRow, SealedText, new_uid
from mifeng.engines.access import (
    KIND_ALL,
    KIND_DEPARTMENT,
    KIND_PERSON,
    KIND_POST,
    Level,
    Subject,
    key,
)  # fmt: skip
from mifeng.rooms.people.facts import OFFICERS, POST_NUMBER, POSTS, AppointmentFacts, Role

EVER = datetime(9999, 1, 1, tzinfo=UTC)
EVER_SECONDS = 2**40


def token_hash(token: str) -> str:
    """What is stored of a 256-bit token: its SHA-256. The stored value signs nobody in."""
    return sha256(token.encode()).hexdigest()


class Company(CodedRow):
    """The one company of this instance. `instance` is demo or real and never changes: log entry 0 says it, too."""

    STATE = ("company", "id")
    CODED = ("name", "short", "code", "instance", "zone", "scheme")
    name = models.CharField(max_length=80)
    short = models.CharField(max_length=20)
    code = models.CharField(max_length=10)
    name_en = models.CharField(max_length=80, blank=True)
    zone = models.CharField(max_length=40, default="Asia/Shanghai")
    instance = models.CharField(max_length=4)
    scheme = models.CharField(max_length=20, default="company3")

    @property
    def is_demo(self) -> bool:
        return self.instance == "demo"


class CalendarYear(CodedRow):
    """A year of working days as the office entered it from the official notice; of several rows of a year the newest counts."""

    STATE = ("calendar", "id")
    CODED = ("year", "off", "worked", "source", "entered_by_id", "at")
    year = models.IntegerField()
    off = models.TextField()  # ISO dates, separated by a space
    worked = models.TextField(blank=True)
    source = models.CharField(max_length=200)
    entered_by = models.ForeignKey("Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()


class Department(CodedRow):
    """A department; its supervisor is the deputy GM (or the GM himself) who is 主管领导 for its matters."""

    STATE = ("department", "id")
    CODED = ("code", "supervisor_id", "parent_id")
    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    code = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=40)
    parent = models.ForeignKey("self", models.PROTECT, null=True)
    supervisor = models.ForeignKey("Person", models.PROTECT, null=True, related_name="supervises")

    def __str__(self) -> str:
        return self.name

    def chain(self) -> list[int]:
        """Keys of this department and those above it."""
        return [self.pk, *(self.parent.chain() if self.parent else [])]


class Person(CodedRow):
    """Somebody of the company. `pid` of the access engine is this key: two accounts would still be one subject."""

    STATE = ("person", "id")
    CODED = ("uid", "login", "department_id", "clearance", "active", "epoch")
    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    name = models.CharField(max_length=40)
    pinyin = models.CharField(max_length=80, blank=True)
    login = models.CharField(max_length=40, unique=True)
    department = models.ForeignKey(Department, models.PROTECT, related_name="people")
    title = models.CharField(max_length=60, blank=True)
    clearance = models.IntegerField(default=Level.INTERNAL)
    active = models.BooleanField(default=True)
    left_on = models.DateField(null=True)
    epoch = models.IntegerField(default=0)  # raised by every revocation: running sessions compare it at each request
    language = models.CharField(max_length=8, default="zh-hans")
    density = models.CharField(max_length=8, default="normal")
    idle_minutes = models.IntegerField(default=5)

    class Meta:
        ordering = ["pinyin", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def item_key(self) -> str:
        return f"people:{self.uid}"

    @property
    def called(self) -> str:
        """Post and name, as people are called in texts: 机要员简小禾."""
        return f"{self.title.split('(')[0]}{self.name}"

    def posts(self, on: date | None = None) -> frozenset[str]:
        """Codes of the posts held on that day (default today); membership by post ends the same day."""
        day = on or clock.today()
        return moment.kept(("posts", self.pk, day), lambda: self._posts(day))

    def _posts(self, day: date) -> frozenset[str]:
        held = self.holdings.filter(since__lte=day).exclude(until__lt=day)
        return frozenset(held.values_list("post", flat=True)) | {"employee"}

    def role(self) -> Role:
        """Which of the three officers this person is, or staff."""
        officer = next((post for post in OFFICERS if post in self.posts()), None)
        return Role(OFFICERS.index(officer) + 1) if officer else Role.STAFF

    def keys(self) -> frozenset[int]:
        """Audience keys: all staff, the person, his posts, his department and those above it."""
        found = {key(KIND_ALL, 0), key(KIND_PERSON, self.pk)}
        found |= {key(KIND_POST, POST_NUMBER[post]) for post in self.posts()}
        return frozenset(found | {key(KIND_DEPARTMENT, dept) for dept in self.department.chain()})

    def facts(self) -> Subject:
        """This person as the access engine sees him; every row it rests on is checked first. Raises Tampered."""
        return moment.kept(("facts", self.pk), self._facts)

    def _facts(self) -> Subject:
        codes.verify("person", [self.pk])
        codes.verify("department", self.department.chain())  # a department hung under another opens that one's scopes
        told = room.conditions(self)
        return Subject(
            pid=self.pk, clearance=self.clearance, role=int(self.role()), active=int(self.active),
            pledge_until=told.get("pledge_until", EVER_SECONDS), trained_until=told.get("trained_until", EVER_SECONDS),
            rules_read=told.get("rules_read", 1), keys=self.keys(),
        )  # fmt: skip

    def appointments_facts(self) -> list[AppointmentFacts]:
        """The 委托 of this person as the rules see them."""
        return list(moment.kept(("appointments", self.pk), lambda: [row.facts() for row in self.appointments.all()]))


class PostHolding(CodedRow):
    """Somebody holds a post from a day until a day (included; None = until further notice)."""

    STATE = ("person", "person_id")
    CODED = ("person_id", "post", "since", "until")
    person = models.ForeignKey(Person, models.PROTECT, related_name="holdings")
    post = models.CharField(max_length=20, choices=list(POSTS.items()))
    since = models.DateField()
    until = models.DateField(null=True)


class OfficerPair(CodedRow):
    """The named A and B person of each of the three officers."""

    STATE = ("officers", "id")
    CODED = ("role", "a_id", "b_id")
    role = models.CharField(max_length=12, unique=True)
    a = models.ForeignKey(Person, models.PROTECT, related_name="+")
    b = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)


class Appointment(SealedRow, CodedRow):
    """委托书 (F28): who may do which carrier acts, to which level, for which departments, until when."""

    STATE = ("person", "person_id")
    CODED = ("person_id", "acts", "level_max", "departments", "since", "until", "appointer_id", "revoked_on")
    person = models.ForeignKey(Person, models.PROTECT, related_name="appointments")
    acts = models.CharField(max_length=80)  # codes, separated by a space
    level_max = models.IntegerField()
    departments = models.CharField(max_length=200, blank=True)  # keys, separated by a space; empty = all
    since = models.DateField()
    until = models.DateField()
    appointer = models.ForeignKey(Person, models.PROTECT, related_name="+")
    revoked_on = models.DateField(null=True)
    reason = SealedText()
    number = models.CharField(max_length=24, blank=True)

    def facts(self) -> AppointmentFacts:
        return AppointmentFacts(
            acts=frozenset(self.acts.split()), level_max=self.level_max, since=self.since, until=self.until,
            departments=frozenset(map(int, self.departments.split())), revoked=self.revoked_on is not None,
        )  # fmt: skip


class Delegation(SealedRow, CodedRow):
    """授权委托: written, by act, by level, for a period; shown as 代; never delegated on."""

    STATE = ("person", "delegate_id")
    CODED = ("principal_id", "delegate_id", "act", "level_max", "since", "until", "case_key", "revoked_on")
    principal = models.ForeignKey(Person, models.PROTECT, related_name="+")
    delegate = models.ForeignKey(Person, models.PROTECT, related_name="delegations")
    act = models.CharField(max_length=40)
    level_max = models.IntegerField()
    since = models.DateField()
    until = models.DateField()
    case_key = models.CharField(max_length=64, blank=True)
    revoked_on = models.DateField(null=True)
    paper = SealedText()


class Account(CodedRow):
    """At most one live account a person: created disabled by the system administrator, activated by the security one."""

    STATE = ("person", "person_id")
    CODED = ("person_id", "state", "created_by_id", "activated_by_id", "shut_levels_until")
    person = models.OneToOneField(Person, models.PROTECT, related_name="account")
    state = models.CharField(max_length=8, default="disabled")  # disabled | active | closed
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    activated_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    shut_levels_until = models.DateTimeField(null=True)


class Credential(CodedRow):
    """The password: an Argon2id hash, when it was changed, the hashes before it."""

    STATE = ("person", "person_id")
    CODED = ("person_id", "secret_hash", "changed_at", "earlier", "must_change")
    person = models.OneToOneField(Person, models.PROTECT, related_name="credential")
    secret_hash = models.CharField(max_length=200)
    changed_at = models.DateTimeField()
    earlier = models.TextField(blank=True)  # the last hashes, one a line
    must_change = models.BooleanField(default=False)


class Finding(SealedRow, CodedRow):
    """What an inspector noted against an account: a password that lay open, where, and since when it is another one."""

    STATE = ("person", "person_id")
    CODED = ("person_id", "noted_by_id", "noted_at", "rectified_at")
    person = models.ForeignKey(Person, models.PROTECT, related_name="findings")
    where = SealedText()
    noted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()
    rectified_at = models.DateTimeField(null=True)


class Authenticator(SealedRow, CodedRow):
    """A TOTP secret, encrypted in the vault; `last_step` makes each code good for one use."""

    STATE = ("person", "person_id")
    CODED = ("person_id", "secret", "confirmed_at", "last_step")
    person = models.OneToOneField(Person, models.PROTECT, related_name="authenticator")
    secret = SealedText()
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)


class Enrolment(CodedRow):
    """A one-time code in two halves (officer and HR): first password, or a reset that two posts signed."""

    STATE = ("person", "person_id")
    CODED = ("person_id", "kind", "half_one", "half_two", "until", "used_at", "asked_by_id", "signed_by_id")
    person = models.ForeignKey(Person, models.PROTECT, related_name="enrolments")
    kind = models.CharField(max_length=8)  # first | reset
    half_one = models.CharField(max_length=64, blank=True)
    half_two = models.CharField(max_length=64, blank=True)
    until = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    asked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    signed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")


class Device(CodedRow):
    """A browser that signs in, known by a token; `level_cap` is what it may show once it is registered."""

    STATE = ("device", "id")
    CODED = ("token_hash", "kind", "registered", "level_cap", "owner_id", "department_id", "revoked")
    uid = models.CharField(max_length=32, unique=True, default=new_uid)
    token_hash = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=8, default="pc")  # pc | phone
    registered = models.BooleanField(default=False)
    level_cap = models.IntegerField(default=Level.INTERNAL)
    owner = models.ForeignKey(Person, models.PROTECT, null=True, related_name="devices")
    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+")
    revoked = models.BooleanField(default=False)
    first_seen = models.DateTimeField()


class Session(CodedRow):
    """A live sign-in: the cookie's token is stored hashed; `ended_at` closes it for good."""

    STATE = ("person", "person_id")
    CODED = ("token_hash", "person_id", "device_id", "created_at", "ended_at", "second_factor_at", "epoch")
    token_hash = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="sessions")
    device = models.ForeignKey(Device, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=20, blank=True)
    second_factor_at = models.DateTimeField(null=True)
    epoch = models.IntegerField(default=0)
    network = models.CharField(max_length=45, blank=True)


class SessionPulse(models.Model):
    """What moves at every request: written outside deeds. Changing it signs nobody in: the cookie is needed, too."""

    session = models.OneToOneField(Session, models.CASCADE, related_name="pulse")
    last_activity = models.DateTimeField()
    locked_at = models.DateTimeField(null=True)


class SavedPage(SealedRow):
    """What somebody had typed when the session was locked, under his own key; dropped after 7 days."""

    COMPARTMENT = "typed"
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    path = models.CharField(max_length=200)
    typed = SealedText()
    at = models.DateTimeField()


class AudienceSet(CodedRow):
    """A scope as a set of keys with periods, interned: equal sets are one row, a set never changes."""

    STATE = ("aset", "id")
    CODED = ("digest",)
    digest = models.CharField(max_length=64, unique=True)

    def rows_digest(self) -> str:
        """The digest of the rows as they stand in the table now."""
        return audience_digest(self.rows.values_list("key", "since", "until"))


class AudienceRow(models.Model):
    """One key of a set: kind << 48 | number, live from `since` until `until` (seconds UTC, end exclusive)."""

    aset = models.ForeignKey(AudienceSet, models.PROTECT, related_name="rows")
    key = models.BigIntegerField()
    since = models.BigIntegerField()
    until = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "aset", "since"], name="audience_once")]
        indexes = [
            models.Index(fields=["aset", "key", "since", "until"], name="audience_of_set"),
            models.Index(fields=["key", "aset", "since", "until"], name="audience_of_key"),
        ]


def audience_digest(rows: Any) -> str:
    """SHA-256 over the sorted rows (key, since, until)."""
    return sha256(repr(sorted(tuple(row) for row in rows)).encode()).hexdigest()


def new_token() -> str:
    """256 random bits, URL-safe."""
    return secrets.token_urlsafe(32)
