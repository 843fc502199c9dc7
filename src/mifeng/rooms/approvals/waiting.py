"""Which open requests wait for whom, in memory: resolved once, again when something they rest on has changed.

Every page asks it, since who judges an item may know of it. To resolve every open request each time would make the pages
of one person pay for the requests of all others. So the open requests, the items that only some may know and the
organisation are followed through the log (`base.snapshots`), and a request is resolved again only when its own facts
differ, or the organisation does. What is decided rests on none of this: a decision asks the tables and their codes.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from mifeng.base import room
from mifeng.base.snapshots import Snapshot
from mifeng.rooms.approvals import people_facts, rules
from mifeng.rooms.approvals.facts import Candidate, Matter, Organisation
from mifeng.rooms.approvals.models import Approval


@dataclass(frozen=True)
class Waits:
    """A request that waits for somebody: its matter at the present step, in which capacity he decides it."""

    matter: Matter
    candidate: Candidate


@dataclass(frozen=True)
class _Index:
    """Everything resolved: from which facts, request by request, person by person."""

    told: tuple[Any, ...] = ()
    resolved: Mapping[int, tuple[Matter, tuple[Candidate, ...]]] | None = None
    by_person: Mapping[int, dict[int, Waits]] | None = None


def _open(keys: Collection[int]) -> dict[int, tuple[str, Matter]]:
    """Of these requests the open ones: name of the matter, and the facts without who alone may know the item."""
    asked = people_facts.of(Approval, "pk", keys).filter(state="asked").prefetch_related("parts", "taken")
    return {approval.pk: (approval.matter, people_facts.matter_loaded(approval)) for approval in asked.order_by("pk")}


def _open_keys() -> set[int]:
    return set(Approval.objects.filter(state="asked").values_list("pk", flat=True))


_OPEN = Snapshot("approval", _open, first=_open_keys)
_last = _Index()


def of(pid: int) -> Mapping[int, Waits]:
    """The open requests whose present step this person decides today, by their keys. Raises Tampered."""
    index = _index()
    return (index.by_person or {}).get(pid, {})


def nobody() -> set[int]:
    """The open requests whose present step nobody decides today, by their keys. Raises Tampered."""
    return {pk for pk, (_matter, candidates) in (_index().resolved or {}).items() if not candidates}


def _index() -> _Index:
    global _last
    last = _last
    limits = {matter.limits: matter.limits() for matter in room.matters().values() if matter.limits}
    told = (people_facts.organisation(), _OPEN.now(), tuple(limits.values()))
    if last.told and last.told[0] is told[0] and last.told[1] is told[1] and _same(last.told[2], told[2]):
        return last
    known = last.resolved if last.told and last.told[0] is told[0] else None
    resolved = {pk: _resolved(pk, name, facts, known or {}, told[0]) for pk, (name, facts) in told[1].items()}
    by_person: dict[int, dict[int, Waits]] = {}
    for pk, (matter, candidates) in resolved.items():
        for candidate in candidates:
            by_person.setdefault(candidate.pid, {}).setdefault(pk, Waits(matter, candidate))
    _last = _Index(told, resolved, by_person)
    return _last


def _same(old: tuple[Any, ...], new: tuple[Any, ...]) -> bool:
    return len(old) == len(new) and all(one is other for one, other in zip(old, new, strict=True))


def _resolved(
    pk: int, name: str, facts: Matter, known: Mapping[int, tuple[Matter, tuple[Candidate, ...]]], organisation: Organisation
) -> tuple[Matter, tuple[Candidate, ...]]:
    announced = room.matters()[name].limits
    matter = replace(facts, handlers=announced().get(facts.case_key)) if announced else facts
    before = known.get(pk)
    return before if before and before[0] == matter else (matter, rules.resolve(matter, organisation).candidates)
