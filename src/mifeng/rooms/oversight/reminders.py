"""Reminders by the ladders of the rooms, and the check that nothing is past due with neither decision nor task."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from mifeng.base import clock, codes, duties, ladders, room
from mifeng.base.ladders import Deadline, Gap, Rung
from mifeng.rooms.oversight.actions.reminding import Line, remind
from mifeng.rooms.people import queries

CHECKERS = ("gmo_head", "auditor")


def remind_all(at: datetime) -> int:
    """Once a day, after the rooms' own work: who is reminded of what, then what nobody looks after; returns how many lines."""
    return send(at) + tell_gaps(at)


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
    return sum(remind(None, [new[key] for key in some]) for some in codes.batched(new, codes.BATCH))
