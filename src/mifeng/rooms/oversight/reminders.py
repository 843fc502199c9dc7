"""Reminders by the ladders of the rooms, and the check that nothing is past due with neither decision nor task."""

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime
from typing import TypeVar

from django.db import DatabaseError

from mifeng.base import clock, codes, duties, jobs, ladders, moment, room
from mifeng.base.ladders import Deadline, Gap, Rung
from mifeng.rooms.oversight.actions.reminding import Line, remind
from mifeng.rooms.people import queries

CHECKERS = ("gmo_head", "auditor")
Found = TypeVar("Found")


class Faults:
    """What could not be read, by kind and class of the fault, never by its text: one broken row silences no other."""

    def __init__(self) -> None:
        self.of: dict[str, str] = {}

    def around(self, kind: str, read: Callable[[], Iterable[Found]]) -> Iterator[Found]:
        """What `read` gives, up to the fault that ends it. A database that is away is no fault of one kind: it is raised."""
        try:
            yield from read()
        except DatabaseError:
            raise
        except Exception as fault:  # noqa: BLE001  # of one kind or one deadline, whatever it is
            self.of[kind] = type(fault).__name__

    def insist(self) -> None:
        """Raise SomeFailed when there was one: the round is tried again and then stands on the page of the jobs."""
        if self.of:
            raise jobs.SomeFailed(list(self.of.values()))


def remind_all(at: datetime) -> int:
    """Once a day, after the rooms' own work: who is reminded of what, then what nobody looks after; returns how many lines.

    Raises SomeFailed after everybody was told of whom it could be read.
    """
    faults = Faults()
    announced = _announced(at, faults)
    told = _send(announced, at, faults) + _tell(_gaps(announced, at, faults), at)
    faults.insist()
    return told


def send(at: datetime, hourly: bool = False) -> int:
    """Put on the desks what the ladders say at `at`; returns how many lines were new. `hourly`: kinds that count hours.

    After a stop only the rung reached last is told, beside a daily one the superior's (ladders.nearest).
    Nothing is recorded where everything was told already.
    """
    faults, kinds = Faults(), {kind for kind, one in ladders.ladders().items() if one.hourly} if hourly else None
    return _send(_announced(at, faults, kinds), at, faults)


def _send(announced: Iterable[Deadline], at: datetime, faults: Faults) -> int:
    return _remind_of(
        [
            line
            for deadline in announced
            for line in faults.around(deadline.kind, lambda: list(_lines(deadline, ladders.nearest(deadline, at))))  # noqa: B023
        ]
    )


def _announced(at: datetime, faults: Faults, kinds: Collection[str] | None = None) -> list[Deadline]:
    """What the rooms announce, each kind by itself, all of one moment."""
    found: list[Deadline] = []
    with moment.one():
        for kind, told in room.deadline_kinds().items():
            if kinds is None or kind in kinds:
                found += faults.around(kind, lambda: told(at))  # noqa: B023  # read before the next kind
    return found


def tell_gaps(at: datetime) -> int:
    """Once a day: where something is past due with neither, the office's head and the auditor are told so."""
    return _tell(gaps(at), at)


def _tell(found: list[Gap], at: datetime) -> int:
    if not found:
        return 0
    told = [person.pk for post in CHECKERS for person in queries.holders(post)]
    return _remind_of([Line(pid, "gap", "", clock.local(at).date().isoformat()) for pid in told])


def gaps(at: datetime) -> list[Gap]:
    """What is past due with neither decision nor task, over everything that the rooms announce and that can be read."""
    return looked_at(at)[0]


def looked_at(at: datetime) -> tuple[list[Gap], dict[str, str]]:
    """The gaps, and of which kinds something could not be read: kind -> class of the fault."""
    faults = Faults()
    return _gaps(_announced(at, faults), at, faults), faults.of


def _gaps(announced: Iterable[Deadline], at: datetime, faults: Faults) -> list[Gap]:
    late = [deadline for deadline in announced if deadline.due <= at]
    lines = {deadline: list(faults.around(deadline.kind, lambda: _after(deadline, at))) for deadline in late}  # noqa: B023
    known = duties.known({line.occasion for found in lines.values() for _name, line in found})

    def told(deadline: Deadline, rung: Rung) -> bool:
        return any(line.occasion in known for name, line in lines[deadline] if name == rung.name)

    return [gap for deadline in late for gap in faults.around(deadline.kind, lambda: ladders.gaps([deadline], at, told))]  # noqa: B023


def _after(deadline: Deadline, at: datetime) -> Iterator[tuple[str, Line]]:
    """Every line that a rung after the end would put on a desk, with the rung's name."""
    for rung in ladders.rungs_of(deadline, at):
        if rung.side == "after":
            for line in _lines(deadline, [rung]):
                yield rung.name, line


def _lines(deadline: Deadline, rungs: Iterable[Rung]) -> Iterator[Line]:
    for rung in rungs:
        for person in deadline.persons(rung.to):
            yield Line(person, rung.notice, deadline.key, deadline.once(rung))


def _remind_of(lines: list[Line]) -> int:
    known = duties.known({line.occasion for line in lines})
    new = {line.occasion: line for line in lines if line.occasion not in known}
    return sum(remind(None, [new[key] for key in some]) for some in codes.batched(new, codes.BATCH))
