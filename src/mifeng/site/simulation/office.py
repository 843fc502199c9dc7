"""The simulated office: its clock, its people by nature, and the one door through which every deed is done and watched.

`do` compares what a deed came to with what the log says of it. What does not fit is a breach: an invariant and a sentence.
"""

import random
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from mifeng.base import clock, record
from mifeng.base.codes import Tampered
from mifeng.base.refusals import Conflict, NotThere, Refused
from mifeng.rooms.documents.models import Document
from mifeng.rooms.people import actions as people
from mifeng.rooms.people.models import Device, Person, PostHolding, Session, token_hash

NATURES = ("honest", "careless", "malicious")
SHARES = (78, 15, 7)  # of a hundred
GOES_ON = "record:states"  # states of a large deed that did not go into its entry


@dataclass(frozen=True)
class Plan:
    """What is simulated: people, days from the founding on, deeds a working day, the seed of every choice.

    It ends at so many breaches. `nights`: the house does its rounds every so many nights; 1 = every night.
    """

    people: int
    days: int
    deeds_a_day: int
    seed: int
    nights: int = 1
    most_breaches: int = 20  # a house that is broken in one place is broken in many: the first ones explain it


@dataclass(frozen=True)
class Breach:
    """A promise that was not kept: which invariant, what happened, when, in which entry of the log."""

    invariant: str
    sentence: str
    at: datetime
    seq: int


@dataclass(frozen=True)
class Outcome:
    """What became of a deed: allowed, refused or failed, by which rule and clauses, what it returned, its entry."""

    out: str
    rule: str
    clauses: tuple[str, ...]
    result: Any
    seq: int

    @property
    def allowed(self) -> bool:
        return self.out == "allowed"


class TooManyBreaches(Exception):
    """The house is broken; going on would say the same again."""


@dataclass
class Kept:
    """The simulation's own account of one grant: uses granted, spends as (instant, person, count), when it was ended."""

    uses: int
    until: datetime
    spent: list[tuple[datetime, int, int]] = field(default_factory=list)
    ended: datetime | None = None

    @property
    def used(self) -> int:
        """How often it was used."""
        return sum(times for _at, _who, times in self.spent)

    def is_over(self, at: datetime) -> bool:
        """Used up, past its end, or ended."""
        return self.ended is not None or at >= self.until or self.used >= self.uses


class Office:
    """Everything that moves of one simulation share."""

    def __init__(self, plan: Plan, words: dict[str, Any], at: datetime, say: Callable[[str], None]) -> None:
        self.plan, self.words, self.at, self.say = plan, words, at, say
        self.chance = random.Random(plan.seed)
        self.size = self.first = record.head()[0]
        self.outcomes: Counter[str] = Counter()
        self.deeds: Counter[str] = Counter()
        self.acts: Counter[tuple[str, str]] = Counter()
        self.rules: Counter[str] = Counter()
        self.checked: Counter[str] = Counter()
        self.breaches: list[Breach] = []
        self.grants: dict[int, Kept] = {}
        self.held: dict[int, Any] = {}  # copy -> who keeps and who holds it by the simulation's own account
        self.seen: set[tuple[int, int]] = set()  # (person, item): pages opened
        self.lasts: dict[int, date | None] = {}  # item -> last day of its term as this simulation counts it
        self.sessions: dict[int, int] = {}
        self.passwords: dict[int, str] = {}
        self.told_dead: set[int] = set()
        self.shown_at = at  # instant of the last deed
        self.natures: dict[int, str] = {}
        self.posts: dict[str, list[int]] = {}
        self.active: list[int] = []
        self.left: list[int] = []
        self.later: Any = None
        self.look_round()

    # Time ---------------------------------------------------------------------------------------------------------

    def wait(self, seconds: float) -> None:
        """Time goes on."""
        self.at += timedelta(seconds=seconds)

    def until(self, at: datetime) -> None:
        """Time goes on to this instant, never back."""
        self.at = max(self.at, at)

    @property
    def today(self) -> date:
        return clock.local(self.at).date()

    # People -------------------------------------------------------------------------------------------------------

    def look_round(self) -> None:
        """Who is there and holds which post today; whoever is new gets a nature."""
        self.active = list(Person.objects.filter(active=True).order_by("pk").values_list("pk", flat=True))
        for pk in self.active:
            if pk not in self.natures:
                self.natures[pk] = self.chance.choices(NATURES, SHARES)[0]
        held = PostHolding.objects.filter(person__active=True, since__lte=self.today).exclude(until__lt=self.today)
        self.posts = {}
        for post, pk in held.order_by("person_id", "pk").values_list("post", "person_id"):
            self.posts.setdefault(post, []).append(pk)

    def person(self, pk: int) -> Person:
        """Somebody as he stands in the house now."""
        return Person.objects.select_related("department").get(pk=pk)

    def anybody(self, but: Collection[int] = (), nature: str = "") -> Person:
        """Some active person, of that nature where one is asked for and found."""
        while True:
            pk = self.chance.choice(self.active)
            for _try in range(40 if nature else 0):
                if self.natures[pk] == nature:
                    break
                pk = self.chance.choice(self.active)
            if pk not in but:
                return self.person(pk)

    def holder(self, post: str, but: Collection[int] = ()) -> Person | None:
        """Somebody who holds the post today; None when nobody else does."""
        found = [pk for pk in self.posts.get(post, ()) if pk not in but]
        return self.person(self.chance.choice(found)) if found else None

    def is_(self, person: Person, nature: str) -> bool:
        """Whether this is a person of that nature."""
        return self.natures[person.pk] == nature

    def often(self, percent: float) -> bool:
        """True so many times of a hundred."""
        return self.chance.random() * 100 < percent

    def paper(self, **only: Any) -> Document | None:
        """Some item, the newer ones more often; None when there is none of that kind."""
        found = Document.objects.select_related("department", "owner").filter(**only)
        last = Document.objects.order_by("-pk").values_list("pk", flat=True).first()
        if last is None:
            return None
        far = int(min(self.chance.expovariate(1 / 60) if self.often(80) else self.chance.random() * last, last - 1))
        with clock.played(self.at):
            return found.filter(pk__lte=last - far).order_by("-pk").first()

    # Deeds --------------------------------------------------------------------------------------------------------

    def do(self, deed: Callable[..., Any], person: Person | None, *args: Any, **told: Any) -> Outcome:
        """Do one deed now; compare it with its entry in the log."""
        name, result, rule, clauses = deed.deed.name, None, "", ()  # type: ignore[attr-defined]
        out, self.shown_at = "allowed", self.at
        with clock.played(self.at):
            try:
                result = deed(person, *args, **told)
            except Refused as refusal:
                out, rule, clauses = "refused", refusal.decision.rule, tuple(refusal.clauses)
            except NotThere:
                out, rule, clauses = "refused", "not_there", ("P0.3",)
            except Conflict:
                out, rule = "failed", "conflict"
            except Tampered as tampering:
                out, rule, clauses = "refused", "tampered", ("row_mac",)
                self.breach("rows are what deeds wrote", f"{name}: {tampering.table} {tampering.pk}")
            except Exception as fault:  # noqa: BLE001  # whatever breaks in a deed is a finding of the simulation
                out, rule = "failed", type(fault).__name__
                self.breach("no deed breaks", f"{name}: {type(fault).__name__}: {fault}")
        seq = self._compare(name, out, person)
        self.outcomes[out] += 1
        self.deeds[name] += 1
        if rule:
            self.rules[rule] += 1
        self.wait(self.chance.uniform(2, 40))
        return Outcome(out, rule, clauses, result, seq)

    def _compare(self, name: str, out: str, person: Person | None) -> int:
        """log = acts: exactly one entry has come, and it says who did what with which outcome."""
        found = record.entries(self.size)
        self.checked["log = acts"] += 1
        told = [(entry["act"], entry["out"], entry.get("actor", "")) for _seq, entry in found if entry["act"] != GOES_ON]
        wanted = [(name, out, person.uid if person else "")]
        if told != wanted:
            self.breach("log = acts", f"{name} ended {out}; the log has {[row[:2] for row in told] or 'no entry'} for it")
        self.acts[name, out] += 1
        self.size = found[-1][0] + 1 if found else self.size
        return self.size - 1

    def house_did(self) -> Counter[tuple[str, str]]:
        """What the house did by itself since the last deed: acts and outcomes of the entries that have come."""
        found = record.entries(self.size)
        did = Counter((entry["act"], entry["out"]) for _seq, entry in found if entry["act"] != GOES_ON)
        self.size += len(found)
        self.acts += did
        return did

    def must_refuse(self, deed: Callable[..., Any], person: Person | None, *args: Any, **told: Any) -> Outcome:
        """A deed that nobody could be allowed: that it is done is a breach."""
        ended = self.do(deed, person, *args, **told)
        self.checked["what is forbidden is refused"] += 1
        if ended.allowed:
            who = person.login if person else "nobody"
            self.breach("what is forbidden is refused", f"{deed.deed.name} was allowed to {who}")  # type: ignore[attr-defined]
        return ended

    def breach(self, invariant: str, sentence: str) -> None:
        """Note a broken promise and say it. Raises TooManyBreaches."""
        self.breaches.append(Breach(invariant, sentence, self.at, self.size - 1))
        self.say(f"{self.at.isoformat()}  BROKEN {invariant}: {sentence}")
        if len(self.breaches) >= self.plan.most_breaches:
            raise TooManyBreaches

    def expect(self, invariant: str, holds: bool, sentence: str) -> None:
        """One look at an invariant."""
        self.checked[invariant] += 1
        if not holds:
            self.breach(invariant, sentence)

    # Seats --------------------------------------------------------------------------------------------------------

    def seat(self, person: Person, fresh_minutes: int = 20) -> Session:
        """A live session of this person at his own device, its second factor not older than that."""
        live = Session.objects.select_related("person__department", "device").filter(ended_at=None)
        found = live.filter(pk=self.sessions.get(person.pk, 0)).first()
        if found and found.second_factor_at and self.at - found.second_factor_at < timedelta(minutes=fresh_minutes):
            return found
        ended = self.do(people.enter_demo, None, person, self.device(person), "10.8.0.0/24")
        if not ended.allowed:
            raise NoSeat
        self.sessions[person.pk] = ended.result.session.pk
        return ended.result.session

    def device(self, person: Person) -> Device:
        """His own device, registered by the security administrator unless he is a careless one."""
        token = f"desk of {person.login}"
        device = Device.objects.filter(token_hash=token_hash(token)).first()
        if device:
            return device
        kind = "phone" if self.often(8) else "pc"
        device = self.do(people.meet_device, None, token, kind).result
        if not self.is_(person, "careless") or self.often(50):
            cap, officer = max(5, min(person.clearance, 30 if kind == "pc" else 20)), self.holder("secadmin")
            self.do(people.register_device, officer, device, label=kind, kind=kind, level_cap=cap, owner=person)
            device.refresh_from_db()
        return device


class NoSeat(Exception):
    """Somebody who has left the company sits nowhere."""
