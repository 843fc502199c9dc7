"""Reading the log: entries for a question, in words; who did what on which day; what is worth a look."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import Case, Count, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Substr

from mifeng.base import clock
from mifeng.base.models import LogIndex
from mifeng.rooms.documents.models import Document
from mifeng.rooms.oversight.facts import Question
from mifeng.rooms.oversight.models import Bundle, ClockWord
from mifeng.rooms.oversight.words import DEEDS
from mifeng.rooms.people.facts import OFFICERS
from mifeng.rooms.people.models import Device, Person

PAGE = 50
GRID_PEOPLE, GRID_DAYS = 12, 31
MANY_REFUSALS, REFUSAL_DAYS = 3, 7
# Who may vouch for the date: whoever has no hand on the machine.
CONFIRMERS = frozenset({"gm", "deputy_gm", "gmo_head", "secadmin", "auditor"})
WORD_GOOD_FOR = timedelta(hours=24)  # by the machine's clock: the second word is given to the clock of the first


@dataclass(frozen=True)
class Line:
    """One entry as the auditor reads it: never a title; a person's name, because he must know who."""

    seq: int
    at: datetime
    person: Person | None
    act: str
    obj: str
    out: str
    why: str
    device: str

    @property
    def what(self) -> Any:
        """The deed in words."""
        return DEEDS.get(self.act, self.act)


def found(question: Question) -> QuerySet[LogIndex]:
    """Index rows that answer the question, newest first."""
    rows = LogIndex.objects.order_by("-seq")
    if question.actors:
        rows = rows.filter(actor__in=question.actors)
    if question.obj:
        rows = rows.filter(obj__in=[question.obj, *question.also])
    if question.out:
        rows = rows.filter(out=question.out)
    if question.act:
        rows = rows.filter(act__startswith=question.act)
    if question.since:
        rows = rows.filter(at__gte=clock.start_of(date.fromisoformat(question.since)))
    if question.until:
        rows = rows.filter(at__lt=clock.end_of(date.fromisoformat(question.until)))
    return rows


def page(rows: QuerySet[LogIndex], before: int | None) -> list[Line]:
    """At most 50 lines below sequence number `before`."""
    shown = list((rows.filter(seq__lt=before) if before is not None else rows)[:PAGE])
    people = {person.uid: person for person in Person.objects.filter(uid__in={row.actor for row in shown})}
    places = dict(Device.objects.filter(uid__in={row.device for row in shown}).values_list("uid", "label"))
    return [Line(r.seq, r.at, people.get(r.actor), r.act, r.obj, r.out, r.why, places.get(r.device, "") if r.device else "") for r in shown]


def officers() -> tuple[str, ...]:
    """The uids of whoever holds one of the three officers' posts now."""
    held = Person.objects.filter(holdings__post__in=OFFICERS, active=True).distinct()
    return tuple(person.uid for person in held if person.posts() & set(OFFICERS))


def grid(rows: QuerySet[LogIndex], since: date, until: date) -> dict[str, Any] | None:
    """Persons by days, for at most a month: v read, x refused, o anything else; None when nothing happened."""
    first = max(since, until - timedelta(days=GRID_DAYS - 1))
    days = [first + timedelta(days=n) for n in range((until - first).days + 1)]
    marks: dict[str, dict[str, str]] = {}
    for actor, at, mark in _marks(rows.filter(at__gte=clock.start_of(first)).exclude(actor="")):
        own, day = marks.setdefault(actor, {}), str(clock.local(at).day)
        own[day] = _stronger(own.get(day, ""), mark)
    names = dict(Person.objects.filter(uid__in=marks).values_list("uid", "name"))
    shown = [{"label": names[uid], "marks": own} for uid, own in marks.items() if uid in names][:GRID_PEOPLE]
    return {"days": [day.day for day in days], "rows": shown} if shown else None


def _marks(rows: QuerySet[LogIndex]) -> Iterator[tuple[str, datetime, str]]:
    """Who, when and which mark, once for each hour (minute, where the company's zone is not whole hours from UTC): a month has a
    million entries, and few hours.
    """
    whole = clock.local(clock.now()).utcoffset() % timedelta(hours=1) == timedelta(0)  # type: ignore[operator]
    text = Substr(Cast("at", TextField()), 1, len("2026-01-05 09") if whole else len("2026-01-05 09:30"))
    mark = Case(When(out="refused", then=Value("x")), When(act__startswith="viewing:", then=Value("v")), default=Value("o"))
    for actor, at, which in rows.annotate(text=text, mark=mark).order_by("-text", "actor").values_list("actor", "text", "mark").distinct():
        yield actor, datetime.fromisoformat(at).replace(tzinfo=UTC), which


def _stronger(one: str, other: str) -> str:
    """Of two marks of a day: a refusal before a reading before anything else."""
    return min(filter(None, (one, other)), key="xvo".index)


def often_refused() -> list[tuple[Person, int]]:
    """Who was refused at least three times in the last seven days, most often first."""
    since = clock.start_of(clock.today() - timedelta(days=REFUSAL_DAYS - 1))
    rows = LogIndex.objects.filter(out="refused", at__gte=since).exclude(actor="").values("actor")
    counts = rows.annotate(n=Count("seq")).filter(n__gte=MANY_REFUSALS).order_by("-n")
    people = {p.uid: p for p in Person.objects.filter(uid__in=[row["actor"] for row in counts])}
    return [(people[row["actor"]], row["n"]) for row in counts if row["actor"] in people]


def officers_week() -> list[tuple[Person, int, list[str]]]:
    """What each of the three officers did in the last seven days: how often, and the most frequent deeds in words."""
    start = clock.start_of(clock.today() - timedelta(days=6))
    told = []
    for person in Person.objects.filter(uid__in=officers()):
        acts = Counter(LogIndex.objects.filter(actor=person.uid, at__gte=start).values_list("act", flat=True))
        told.append((person, sum(acts.values()), [str(DEEDS.get(act, act)) for act, _n in acts.most_common(3)]))
    return told


def own_questions(person: Person, most: int = 6) -> Iterable[LogIndex]:
    """What this auditor asked of the log lately: the general manager may look at it, too."""
    return LogIndex.objects.filter(actor=person.uid, act__startswith="oversight:").order_by("-seq")[:most]


def handed_out() -> int:
    """How many entries the last evidence bundle that was handed out holds; 0 when none was."""
    return Bundle.objects.order_by("-size").values_list("size", flat=True).first() or 0


def object_key(number: str) -> str:
    """The opaque key of an item whose 发文字号 somebody names; "" when there is none. The auditor gets no title for it."""
    wanted = number.strip()
    found_one = next((d for d in Document.objects.iterator() if d.number and d.number == wanted), None) if wanted else None
    return found_one.item_key if found_one else ""


def people_named(text: str) -> tuple[str, ...]:
    """The uids of whoever has this name, login or suggestion text of the picker."""
    word = text.strip()
    parts = {word, *word.split()}
    return tuple(p.uid for p in Person.objects.all() if p.name in parts or p.login in parts)


def in_question(told: clock.Reading) -> bool:
    """The machine's clock was set forward, which two persons may confirm, or back, which nobody can: the log never runs back."""
    return told.doubted or told.behind > clock.BEHIND


def alarmed_since(at: datetime) -> bool:
    """Whether some process of the house has told of the machine's clock after this instant."""
    return LogIndex.objects.filter(out="allowed", at__gt=at, act="oversight:clock_alarm").exists()


def first_word(told: clock.Reading) -> ClockWord | None:
    """The word that waits for a second one, given to this same clock; None when there is none."""
    since = told.machine - WORD_GOOD_FOR
    return ClockWord.objects.filter(spent=False, shown__gt=since, shown__lte=told.machine).order_by("-pk").first()
