"""Scopes of knowledge as audience sets: keys with periods, interned, immutable.

A change of scope points the item at another set; the old set stays. From when to when an item pointed at a set stands
in the item's history and the lines of its scope, so "who could know it on that day" is a query.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db.models import OuterRef, Q, QuerySet

from mifeng.base import clock, codes, moment
from mifeng.base.shapes import Exists
from mifeng.engines.access import KIND_ALL, KIND_DEPARTMENT, KIND_PERSON, KIND_POST, key
from mifeng.rooms.people.facts import POST_NUMBER, POSTS
from mifeng.rooms.people.models import (
    EVER_SECONDS,
    AudienceRow,
    AudienceSet,
    Department,
    Person,
    PostHolding,
    audience_digest,
)  # fmt: skip


@dataclass(frozen=True)
class Named:
    """One line of a scope: a person, a post, a department or all staff, from an instant until a day (included)."""

    kind: int
    number: int
    since: datetime
    until: date | None = None

    def row(self) -> tuple[int, int, int]:
        """Key, start, end in seconds UTC. What begins now begins with the item's pointing at the set: it is written as 0.

        With the instant of its writing in it, no two sets would be equal: one would stand there for every item, and a
        person of all staff would be found in a million of them (docs/decisions/0007).
        """
        since = clock.seconds(self.since) if self.since > clock.now() else 0
        last = clock.seconds(clock.end_of(self.until)) if self.until else EVER_SECONDS
        return key(self.kind, self.number), since, last


def person(who: Person, since: datetime, until: date | None = None) -> Named:
    """A named person."""
    return Named(KIND_PERSON, who.pk, since, until)


def post(code: str, since: datetime, until: date | None = None) -> Named:
    """Whoever holds this post at the moment of reading."""
    return Named(KIND_POST, POST_NUMBER[code], since, until)


def department(dept: Department, since: datetime, until: date | None = None) -> Named:
    """Everybody of this department and those below it."""
    return Named(KIND_DEPARTMENT, dept.pk, since, until)


def everybody(since: datetime) -> Named:
    """All staff: for 内部 only."""
    return Named(KIND_ALL, 0, since)


def intern(lines: Iterable[Named]) -> AudienceSet:
    """The audience set of exactly these lines, made once. Inside a deed only."""
    rows = merged(lines)
    digest = audience_digest(rows)
    found = AudienceSet.objects.filter(digest=digest).first()
    if found:
        return found
    made = AudienceSet.objects.create(digest=digest)
    AudienceRow.objects.bulk_create([AudienceRow(aset=made, key=k, since=s, until=u) for k, s, u in rows])
    return made


def merged(lines: Iterable[Named]) -> list[tuple[int, int, int]]:
    """The rows of these lines: whoever is named twice from one instant on knows until the later end."""
    ends: dict[tuple[int, int], int] = {}
    for found, since, until in (line.row() for line in lines):
        ends[found, since] = max(until, ends.get((found, since), 0))
    return sorted((found, since, until) for (found, since), until in ends.items())


def verify(sets: Iterable[int]) -> None:
    """Each set still holds exactly the rows its coded digest names. Once a moment, as row codes. Raises codes.Tampered."""
    sets = list(sets)
    if codes.waits("scopes", verify, filter(None, sets)):
        return
    seen: set[int] = moment.kept("verified sets", set)
    wanted = sorted({pk for pk in sets if pk} - seen)
    if not wanted:
        return
    codes.verify("aset", wanted)
    rows: dict[int, list[tuple[int, int, int]]] = {}
    for pk, *row in AudienceRow.objects.filter(aset_id__in=wanted).values_list("aset_id", "key", "since", "until"):
        rows.setdefault(pk, []).append(tuple(row))
    for pk, digest in AudienceSet.objects.filter(pk__in=wanted).values_list("pk", "digest"):
        if audience_digest(rows.get(pk, ())) != digest:
            raise codes.Tampered("aset", pk, "people_audiencerow")
    seen.update(wanted)


def ends_of(aset_id: int | None) -> set[tuple[int, int]]:
    """The keys of a set, each with the instant at which it ends (seconds UTC), verified. Raises codes.Tampered."""
    verify([aset_id] if aset_id else [])
    return set(AudienceRow.objects.filter(aset_id=aset_id).values_list("key", "until"))


def contains(aset_id: int | None, keys: frozenset[int], at: int) -> bool:
    """SCOPE: one of the subject's keys is live in the set at `at` (seconds UTC)."""
    if not aset_id:
        return False
    return AudienceRow.objects.filter(aset_id=aset_id, key__in=keys, since__lte=at, until__gt=at).exists()


def containing(asets: Iterable[int], keys: frozenset[int], at: int) -> set[int]:
    """SCOPE for several sets at once: those in which one of the subject's keys is live at `at` (seconds UTC)."""
    found = AudienceRow.objects.filter(aset_id__in=sorted(asets), key__in=keys, since__lte=at, until__gt=at)
    return set(found.values_list("aset_id", flat=True))


def reaching_nobody() -> QuerySet[AudienceSet]:
    """The sets in which no key of anybody is live now. There are far fewer sets than items."""
    at = clock.seconds(clock.now())
    somebody = AudienceRow.objects.filter(aset=OuterRef("pk"), key__in=keys_of_all(), since__lte=at, until__gt=at)
    return AudienceSet.objects.filter(~Exists(somebody))


def people_of(aset_id: int | None, when: datetime | None = None) -> list[Person]:
    """The persons that the set reaches at an instant (default now), by pinyin. For those who may know the scope.

    Active today; of a day in the past also those who have left since. Raises codes.Tampered.
    """
    verify([aset_id] if aset_id else [])
    moment = when or clock.now()
    # A set whose day is over is asked for the last instant of that day.
    at = min(clock.seconds(moment), clock.seconds(clock.now())) - (when is not None and when < clock.now())
    rows = AudienceRow.objects.filter(aset_id=aset_id, since__lte=at, until__gt=at).values_list("key", flat=True)
    named: dict[int, set[int]] = {}
    for full in rows:
        named.setdefault(full >> 48, set()).add(full & (2**48 - 1))
    day = clock.local(datetime.fromtimestamp(at, UTC)).date()
    found = Person.objects.filter(Q(active=True) | Q(left_on__gt=day)).select_related("department")
    if KIND_ALL in named:
        return list(found)
    posts = [code for code, number in POST_NUMBER.items() if number in named.get(KIND_POST, ())]
    holders = PostHolding.objects.filter(post__in=posts, since__lte=day).exclude(until__lt=day).values("person")
    persons = found.filter(pk__in=named.get(KIND_PERSON, ())) | found.filter(pk__in=holders)
    inside = [d.pk for d in Department.objects.all() if set(d.chain()) & named.get(KIND_DEPARTMENT, set())]
    return list((persons | found.filter(department__in=inside)).distinct())


def keys_of_all() -> set[int]:
    """Every key under which an active person stands today: a set with none of them live reaches nobody."""
    active = list(Person.objects.filter(active=True))
    day = clock.today()
    held = PostHolding.objects.filter(person__active=True, since__lte=day).exclude(until__lt=day).values_list("post", flat=True)
    found = {key(KIND_ALL, 0)} if active else set()
    found |= {key(KIND_PERSON, who.pk) for who in active}
    found |= {key(KIND_POST, POST_NUMBER[code]) for code in set(held)}
    return found | {key(KIND_DEPARTMENT, dept) for dept in _with_those_above({who.department_id for who in active})}


def _with_those_above(departments: set[int]) -> set[int]:
    above = dict(Department.objects.values_list("pk", "parent_id"))
    found: set[int] = set()
    for dept in departments:
        while dept is not None and dept not in found:
            found.add(dept)
            dept = above[dept]
    return found


def describe(aset_id: int | None) -> list[tuple[str, date | None]]:
    """The set in words: (name of person, post or department; last day or None), in the order of kinds."""
    lines = []
    for row in AudienceRow.objects.filter(aset_id=aset_id).order_by("key"):
        kind, number = row.key >> 48, row.key & (2**48 - 1)
        until = None if row.until >= EVER_SECONDS else clock.local(datetime.fromtimestamp(row.until - 1, clock.now().tzinfo)).date()
        lines.append((_word(kind, number), until))
    return lines


def _word(kind: int, number: int) -> str:
    if kind == KIND_ALL:
        return "全体员工"
    if kind == KIND_PERSON:
        return Person.objects.values_list("name", flat=True).get(pk=number)
    if kind == KIND_DEPARTMENT:
        return Department.objects.values_list("name", flat=True).get(pk=number)
    return POSTS[next(code for code, n in POST_NUMBER.items() if n == number)]
