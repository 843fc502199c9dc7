"""Reading the log: entries for a question, in words; whether the tree holds."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from mifeng.base import clock, room
from mifeng.base.models import LogIndex
from mifeng.rooms.documents.models import Document
from mifeng.rooms.oversight.facts import Question
from mifeng.rooms.people.models import Person

PAGE = 50


@dataclass(frozen=True)
class Line:
    """One entry as the auditor reads it: never a title; a person's name, because he must know who."""

    seq: int
    at: datetime
    who: str
    act: str
    act_word: str
    obj: str
    out: str
    why: str


def found(question: Question) -> QuerySet[LogIndex]:
    """Index rows that answer the question, newest first."""
    rows = LogIndex.objects.order_by("-seq")
    for name in ("actor", "obj", "out"):
        if getattr(question, name):
            rows = rows.filter(**{name: getattr(question, name)})
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
    names = dict(Person.objects.filter(uid__in={row.actor for row in shown}).values_list("uid", "name"))
    words = deed_words()
    return [
        Line(r.seq, r.at, names.get(r.actor, ""), r.act, words.get(r.act, r.act), r.obj, r.out, r.why) for r in shown
    ]


def deed_words() -> dict[str, str]:
    """What each deed is called in the log: the first sentence of its docstring."""
    every = [deed for announced in room.rooms() for deed in announced.deeds]
    return {deed.deed.name: (deed.__doc__ or "").split(".")[0].split("\n")[0] for deed in every}


def officers_week() -> list[dict[str, Any]]:
    """What the three officers did in the last seven days, by deed."""
    since = clock.start_of(clock.today()).timestamp() - 6 * 86400
    start = datetime.fromtimestamp(since, tz=clock.now().tzinfo)
    rows = []
    for person in Person.objects.filter(holdings__post__in=("sysadmin", "secadmin", "auditor")).distinct():
        acts = LogIndex.objects.filter(actor=person.uid, at__gte=start).values_list("act", flat=True)
        rows.append({"person": person, "count": len(acts), "acts": sorted(set(acts))})
    return rows


def by_day(rows: QuerySet[LogIndex], days: int = 14) -> list[tuple[date, int]]:
    """How many entries on each of the last days."""
    today = clock.today()
    counts = {date.fromordinal(today.toordinal() - n): 0 for n in range(days)}
    oldest = clock.start_of(min(counts))
    for at in rows.filter(at__gte=oldest).values_list("at", flat=True):
        counts[clock.local(at).date()] = counts.get(clock.local(at).date(), 0) + 1
    return sorted(counts.items())


def object_key(number: str) -> str:
    """The opaque key of an item whose 发文字号 somebody names; "" when there is none. The auditor gets no title for it."""
    wanted = number.strip()
    found_one = next((d for d in Document.objects.iterator() if d.number and d.number == wanted), None)
    return found_one.item_key if found_one else ""
