"""Reminders by the ladders of the rooms, and the check that nothing is past due with neither decision nor task."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from mifeng.base import clock, codes, deeds, duties, ladders, room
from mifeng.base.deeds import deed
from mifeng.base.ladders import Deadline, Gap, Rung
from mifeng.rooms.people import queries

CHECKERS = ("gmo_head", "auditor")


@dataclass(frozen=True)
class Line:
    """One notice to be: whose desk, the neutral kind, the subject's key, which occasion."""

    person: int
    kind: str
    key: str
    once: str

    @property
    def occasion(self) -> str:
        return duties.occasion(self.person, self.kind, self.key, self.once)


def send(at: datetime, hourly: bool = False) -> int:
    """Put on the desks what the ladders say at `at`; returns how many lines were new. `hourly`: kinds that count hours.

    After a stop only the rung reached last is told. Nothing is recorded where everything was told already.
    """
    kinds = {kind for kind, one in ladders.ladders().items() if one.hourly} if hourly else None
    lines = [line for deadline in room.deadlines(at, kinds) for line in _lines(deadline, ladders.nearest(deadline, at))]
    return _remind_of(lines)


def tell_gaps(at: datetime) -> int:
    """Once a day: where something is past due with neither, the office's head and the auditor are told so."""
    if not gaps(at):
        return 0
    told = [person.pk for post in CHECKERS for person in queries.holders(post)]
    return _remind_of([Line(pid, "gap", "", clock.local(at).date().isoformat()) for pid in told])


def gaps(at: datetime) -> list[Gap]:
    """What is past due with neither decision nor task, over everything that the rooms announce."""
    late = [deadline for deadline in room.deadlines(at) if deadline.due <= at]
    after = {deadline: [rung for rung in ladders.rungs_of(deadline, at) if rung.side == "after"] for deadline in late}
    asked = {line.occasion for deadline, rungs in after.items() for line in _lines(deadline, rungs)}
    known = duties.known(asked)

    def told(deadline: Deadline, rung: Rung) -> bool:
        return any(line.occasion in known for line in _lines(deadline, [rung]))

    return ladders.gaps(late, at, told)


def _lines(deadline: Deadline, rungs: Iterable[Rung]) -> Iterator[Line]:
    for rung in rungs:
        for person in deadline.persons(rung.to):
            yield Line(person, rung.notice, deadline.key, deadline.once(rung))


def _remind_of(lines: list[Line]) -> int:
    known = duties.known({line.occasion for line in lines})
    new = {line.occasion: line for line in lines if line.occasion not in known}
    return sum(_remind(None, [new[key] for key in some]) for some in codes.batched(new, codes.BATCH))


@deed("site:remind")
def _remind(person: None, lines: list[Line]) -> int:
    """The lines of one run, on the desks of those whom the ladders name; returns how many were new."""
    made = sum(duties.remind(line.person, line.kind, line.key, line.once) for line in lines)
    deeds.note(counts={"reminded": made})
    return made
