"""Ladders of reminders: which rung of which kind is reached, and who is meant. Pure: instants in, rungs out.

The kinds and their rungs stand in ladders.toml, the figures of clauses in regulation/parameters.toml. Rooms announce
*deadlines*: what is due, until when, and whom each word of the table means for it. One rung is one notice: after the
house stood still only the last rung that was reached is told, not those passed over. Telling is all a rung does.
"""

import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal

from mifeng.base import clock, working_days
from mifeng.clauses import parameter
from mifeng.clauses.parameters import UnknownParameter, after_months, parameters, rungs

FILE = Path(__file__).with_suffix(".toml")
DAYS, WORKING_DAYS, HOURS, MONTHS = "days", "working days", "hours", "months"
UNITS = frozenset({DAYS, WORKING_DAYS, HOURS})
INSTANT = timedelta(microseconds=1)
Side = Literal["before", "after"]


class LaddersBroken(ValueError):
    """The table of ladders contradicts itself or the regulation: says which kind and field."""


@dataclass(frozen=True)
class Span:
    """How far: a number with its unit, or a figure of a clause ("P4.1 reminder_days") that holds on the day asked for."""

    counts: tuple[int, ...]
    unit: str
    figure: tuple[str, str] | None = None

    def on(self, day: date) -> tuple[int, ...]:
        """The numbers in force on that day: one, or several where the figure is a ladder itself."""
        if self.figure is None:
            return self.counts
        try:
            return rungs(*self.figure, on=day)
        except UnknownParameter:  # one figure, no ladder
            return (int(parameter(*self.figure, on=day)),)


@dataclass(frozen=True)
class Step:
    """A line of the table: on which side of the last day, how far from it, whom it tells and by which notice."""

    side: Side
    span: Span
    to: tuple[str, ...]
    notice: str
    daily: bool = False


@dataclass(frozen=True)
class Ladder:
    """A kind of deadline: its name for people, its clause, the room that announces it, what follows, its steps."""

    kind: str
    zh: str
    clause: str
    room: str
    effect: str
    allowed: Span | None
    steps: tuple[Step, ...]

    @property
    def hourly(self) -> bool:
        """Some of its rungs count hours: looked at more often than once a day."""
        return any(step.span.unit == HOURS for step in self.steps)


@dataclass(frozen=True)
class Rung:
    """A rung as it stands for one deadline: `name` is before30, after7…; reached from the instant `at` on."""

    name: str
    side: Side
    at: datetime
    to: tuple[str, ...]
    notice: str
    daily: bool = False


def _nobody(word: str) -> Iterable[int | None]:
    return ()


@dataclass(frozen=True)
class Deadline:
    """What a room announces: `due` is the instant at which the time is over (end exclusive, UTC), never prolonged by a job.

    `begun`: no rung at or before it is told. `who` resolves a word of the table to keys of persons who act today.
    `undone`: what should follow from the end by itself has not followed.
    """

    kind: str
    key: str
    due: datetime
    begun: datetime | None = None
    who: Callable[[str], Iterable[int | None]] = field(default=_nobody, compare=False)
    undone: bool = False

    @property
    def last_day(self) -> date:
        """The last local day that still counts."""
        return clock.local(self.due - INSTANT).date()

    def persons(self, words: Iterable[str]) -> list[int]:
        """Keys of those meant by these words, each once."""
        return sorted({key for word in words for key in self.who(word) if key})

    def once(self, rung: Rung) -> str:
        """What tells this occasion from every other one of the subject: the rung and what was due."""
        return f"{rung.name}|{self.due.astimezone(UTC):%Y%m%dT%H%M}"


def ladder(kind: str) -> Ladder:
    """The ladder of a kind. KeyError for an unknown one."""
    return ladders()[kind]


def due_after(kind: str, begun: datetime) -> datetime:
    """When the time that a kind is allowed is over: hours to the instant, days and months at the end of the day.

    ValueError for a kind whose rows name their own last day.
    """
    allowed = ladder(kind).allowed
    if allowed is None:
        raise ValueError(f"{kind} has no time of its own")
    day = clock.local(begun).date()
    (count,) = allowed.on(day)
    if allowed.unit == HOURS:
        return begun + timedelta(hours=count)
    if allowed.unit == MONTHS:
        return clock.end_of(after_months(day, count))
    return clock.end_of(working_days.after(day, count) if allowed.unit == WORKING_DAYS else day + timedelta(days=count))


def rungs_of(deadline: Deadline, at: datetime) -> list[Rung]:
    """Every rung of a deadline that lies after its beginning, in the order of time; daily ones up to `at`."""
    found = [rung for step in ladder(deadline.kind).steps for rung in _expanded(step, deadline, at)]
    begun = deadline.begun
    return sorted((rung for rung in found if begun is None or rung.at > begun), key=lambda rung: (rung.at, rung.name))


def nearest(deadline: Deadline, at: datetime) -> list[Rung]:
    """The rungs to tell at `at`: the last that was reached (several where they fall on one instant), [] before the first.

    What is told every day does not take the place of the superior's rung: a house that stood still on the day of that
    rung tells it afterwards, beside the day's own.
    """
    reached = [rung for rung in rungs_of(deadline, at) if rung.at <= at]
    climbing = [rung for rung in reached if rung.side == "after" and not rung.daily]
    return [rung for rung in reached if rung.at == reached[-1].at or (rung in climbing and rung.at == climbing[-1].at)]


def first_possible(kind: str, at: datetime) -> datetime:
    """No deadline of this kind that is due at or after this instant has reached a rung at `at`: where to stop reading."""
    day = clock.local(at).date()
    farthest = day
    for step in ladder(kind).steps:
        for count in step.span.on(day) if step.side == "before" else ():
            days = {DAYS: count, WORKING_DAYS: (working_days.after(day, count) - day).days, HOURS: count // 24 + 1}
            farthest = max(farthest, day + timedelta(days=days[step.span.unit]))
    return clock.end_of(farthest)


@dataclass(frozen=True)
class Gap:
    """Something past due with neither decision nor task: `why` is nobody (to act) | untold | undone (its effect)."""

    deadline: Deadline
    why: Literal["nobody", "untold", "undone"]


def gaps(deadlines: Iterable[Deadline], at: datetime, told: Callable[[Deadline, Rung], bool]) -> list[Gap]:
    """What is past due with neither: a decided deadline is not announced any more, so what is announced is undecided.

    It has a task when what follows by itself has followed, somebody active is meant, and he was told: `told` says
    whether a rung after the end stands on a desk. Before the first rung after the end nobody need have been told.
    """
    return [Gap(deadline, why) for deadline in deadlines if deadline.due <= at and (why := _why_gap(deadline, at, told))]


def _why_gap(deadline: Deadline, at: datetime, told: Callable[[Deadline, Rung], bool]) -> Any:
    after = [rung for rung in rungs_of(deadline, at) if rung.side == "after"]
    if deadline.undone:
        return "undone"
    if after and not deadline.persons(word for rung in after for word in rung.to):
        return "nobody"
    reached = [rung for rung in after if rung.at <= at and deadline.persons(rung.to)]
    return "untold" if reached and not any(told(deadline, rung) for rung in reached) else ""


def unannounced(announced: Collection[str]) -> list[Ladder]:
    """Kinds that no standing room announces: their clauses are not kept by a ladder yet."""
    return [found for kind, found in ladders().items() if kind not in announced]


def _expanded(step: Step, deadline: Deadline, at: datetime) -> Iterator[Rung]:
    for count in step.span.on(deadline.last_day):
        yield _rung(step, count, deadline)
    if step.daily:
        passed = (clock.local(at).date() - deadline.last_day).days
        if passed > max(step.span.on(deadline.last_day)):
            yield _rung(step, passed, deadline)


def _rung(step: Step, count: int, deadline: Deadline) -> Rung:
    unit = {DAYS: "", WORKING_DAYS: "w", HOURS: "h"}[step.span.unit]
    return Rung(f"{step.side}{count}{unit}", step.side, _instant(step, count, deadline), step.to, step.notice, step.daily)


def _instant(step: Step, count: int, deadline: Deadline) -> datetime:
    sign = -1 if step.side == "before" else 1
    if step.span.unit == HOURS:
        return deadline.due + sign * timedelta(hours=count)
    if step.span.unit == WORKING_DAYS:
        moved = working_days.before if sign < 0 else working_days.after
        return clock.start_of(moved(deadline.last_day, count))
    return clock.start_of(deadline.last_day + sign * timedelta(days=count))


@cache
def ladders(file: Path = FILE) -> dict[str, Ladder]:
    """Every kind of the table. Raises LaddersBroken."""
    return {kind: _read(kind, table) for kind, table in tomllib.loads(file.read_text("utf-8")).items()}


def _read(kind: str, table: dict[str, Any]) -> Ladder:
    missing = {"zh", "clause", "room", "notice", "effect", "rungs"} - set(table)
    if missing or set(table) - {"zh", "clause", "room", "notice", "effect", "rungs", "allowed"}:
        raise LaddersBroken(f"{kind}: fields are missing or unknown: {sorted(missing) or sorted(table)}")
    allowed = _span(kind, table["allowed"], DAYS) if "allowed" in table else None
    steps = tuple(_step(kind, row, table["notice"]) for row in table["rungs"])
    return Ladder(kind, table["zh"], table["clause"], table["room"], table["effect"], allowed, steps)


def _step(kind: str, row: dict[str, Any], notice: str) -> Step:
    sides = {"before", "after"} & set(row)
    if len(sides) != 1 or not row.get("to") or set(row) - {"before", "after", "to", "unit", "notice", "daily"}:
        raise LaddersBroken(f"{kind}: a rung is before or after, names whom it tells and nothing unknown: {row}")
    side: Side = "before" if "before" in sides else "after"
    span = _span(kind, row[side], row.get("unit", DAYS))
    if span.unit not in UNITS:
        raise LaddersBroken(f"{kind}: a rung counts {', '.join(sorted(UNITS))}, not {span.unit}")
    return Step(side, span, tuple(row["to"]), row.get("notice", notice), bool(row.get("daily")))


def _span(kind: str, told: Any, unit: str) -> Span:
    if isinstance(told, str):
        clause, _, name = told.partition(" ")
        if (clause, name) not in parameters():
            raise LaddersBroken(f"{kind}: {told} is no figure of the regulation")
        return Span((), parameters()[clause, name].unit, (clause, name))
    if isinstance(told, dict):
        return Span((told["count"],), told["unit"])
    return Span(tuple(told) if isinstance(told, list) else (told,), unit)
