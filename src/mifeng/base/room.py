"""How a room announces itself: menu, registers, deeds, matters, duties, conditions, holdings.

A lower room learns from higher ones through these announcements without importing them. The house refuses to start on a
double deed name, a clause claimed twice, a matter without a row in the matrix.
"""

import importlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from mifeng import clauses
from mifeng.base import ladders
from mifeng.base.registers import Column as Column  # rooms announce with these; they are at home in base.registers
from mifeng.base.registers import Entry as Entry
from mifeng.base.registers import Form as Form
from mifeng.base.registers import Labels as Labels
from mifeng.base.registers import Register as Register
from mifeng.clauses import forms as customary
from mifeng.clauses import matrix
from mifeng.engines import access
from mifeng.rooms import ORDER


class HouseDoesNotStand(Exception):
    """The announcements contradict each other or the regulation: says which and where."""


def _anybody(approval: Any) -> None:
    """No item of the matter is known to some only."""


@dataclass(frozen=True)
class Matter:
    """What approvals may be asked for. `pages` = the item has pages, of which the approver sees what the act needs.

    `item` loads the item by its key for the person who looks; `summary` gives who, what, why, how long, risk as the person
    may know them; `done` carries the decision out in the same transaction; `returned` takes a refusal back.
    `grants`: an approval makes a grant that a later deed spends. `conditions`: predicates of the matrix by name that this
    room answers itself, (approval, person, stage) -> holds. `handlers`: the only persons who may know the item, and so
    judge it; `limits`: the same of every item of the room that has such a limit, by item key, from memory. `frozen`: an
    incident holds the item; `gone`: it was destroyed or withdrawn. `knew` enters whoever judges the item among those who
    know it (way 审批). `form`: what can be printed of a request, by its uid, from its asking on (F05); "" = nothing.
    """

    name: str
    act: str
    label: str
    item: Callable[[str], Any]
    summary: Callable[[Any, Any], dict[str, Any]]
    done: Callable[[Any, Any], None]
    returned: Callable[[Any, Any], None]
    handlers: Callable[[Any], frozenset[int] | None] = _anybody
    limits: Callable[[], Mapping[str, frozenset[int]]] | None = None
    pages: bool = False
    grants: bool = False
    conditions: Mapping[str, Callable[[Any, Any, Any], bool]] = field(default_factory=dict)
    frozen: Callable[[Any], bool] = lambda approval: False
    gone: Callable[[Any], bool] = lambda approval: False
    knew: Callable[[Any, Any], None] = lambda approval, person: None
    form: str = ""


@dataclass(frozen=True)
class Duty:
    """One line of the desk: what is due and why; at most three items closable in place."""

    title: str
    why: str
    url: str
    count: int
    items: tuple["DutyItem", ...] = ()
    late: bool = False
    order: int = 50


@dataclass(frozen=True)
class DutyItem:
    """One thing to do: text as this person may know it, level (None = not shown), the verb and where it leads.

    `shows`: key of the item whose title the text is; "" where it is a number or a word. A title shown is a reading.
    """

    text: str
    detail: str
    verb: str
    url: str
    level: int | None = None
    proposed: bool = False
    late: bool = False
    shows: str = ""


LEASE = timedelta(seconds=90)


@dataclass(frozen=True)
class JobKind:
    """A kind of work that outlives a request. `handler` prepares outside of any transaction and returns the effect: one
    deed still to be done, as a `functools.partial`, or None when nothing is left to do.

    `label` is neutral: it does not tell what happened to an item. `timed`: started by the clock, it may be put off for
    long. `owed`: nobody may give it up. `lease`: longer than the longest time between two steps.
    """

    handler: Callable[[Any], Any]
    label: Any
    timed: bool = False
    owed: bool = False
    lease: timedelta = LEASE


@dataclass(frozen=True)
class Room:
    """A register of the office as the house knows it; see architecture.md."""

    name: str
    label: str
    order: int
    clauses: tuple[str, ...] = ()
    menu: tuple[Entry, ...] = ()
    registers: tuple[Register, ...] = ()
    forms: tuple[Form, ...] = ()
    labels: tuple[Labels, ...] = ()
    deeds: tuple[Any, ...] = ()
    matters: tuple[Matter, ...] = ()
    duties: tuple[Callable[[Any], Iterable[Duty]], ...] = ()
    # (person) -> facts the access engine reads about a *person*, e.g. {"pledge_until": seconds}: training announces
    # the pledge, people the password's age.
    conditions: tuple[Callable[[Any], dict[str, int]], ...] = ()
    # Names of facts and relations of the access engine that this room reads from its own rows. What no room supplies
    # stands at its neutral value, keeps no clause, and is listed by doctor as 未启用.
    supplies: tuple[str, ...] = ()
    holdings: tuple[Callable[[Any, Any], Iterable[Any]], ...] = ()
    jobs: Mapping[str, JobKind] = field(default_factory=dict)
    # (instant) -> anything: work of each day. A job of its own each, so it may be done twice in part: it decides again.
    daily: tuple[Callable[[Any], Any], ...] = ()
    # (person, request) -> he has opened the pages that the request concerns since it was sent: several requests at once
    # are decided only by whoever has read what must be read.
    judged: Callable[[Any, Any], bool] | None = None
    # (line of a copy's ledger) -> nothing: what the books of this room conclude from it, in the same transaction.
    moved: tuple[Callable[[Any], None], ...] = ()
    # (person, item) -> nothing: he has signed 已阅 under its last page, in the same transaction.
    read_through: tuple[Callable[[Any, Any], None], ...] = ()
    # Kind of the table of ladders -> what is due or past due and not decided, at this instant.
    deadlines: Mapping[str, Callable[[datetime], Iterable[ladders.Deadline]]] = field(default_factory=dict)


@cache
def rooms() -> tuple[Room, ...]:
    """Every room that stands, lowest first."""
    return tuple(importlib.import_module(f"mifeng.rooms.{name}.room").room for name in ORDER)


@cache
def matters() -> dict[str, Matter]:
    """What may be asked for, by name (`documents:classify`)."""
    return {matter.name: matter for room in rooms() for matter in room.matters}


@cache
def paper_forms() -> dict[str, Form]:
    """What can be printed as a form, by form id (F08)."""
    return {form.form: form for room in rooms() for form in room.forms}


@cache
def labels() -> dict[str, Labels]:
    """What labels can be printed for, by name (`copies:copy`)."""
    return {kind.name: kind for room in rooms() for kind in room.labels}


@cache
def job_kinds() -> dict[str, JobKind]:
    """Kinds of the job table, by name (`documents:convert`)."""
    return {name: kind for room in rooms() for name, kind in room.jobs.items()}


@cache
def rounds() -> dict[str, Callable[[Any], Any]]:
    """The daily work of every room, by name (`documents.expire_all`)."""
    return {f"{room.name}.{work.__name__}": work for room in rooms() for work in room.daily}


def conditions(person: Any) -> dict[str, int]:
    """Facts about this person that rooms announced, for the access engine."""
    facts: dict[str, int] = {}
    for room in rooms():
        for condition in room.conditions:
            facts |= condition(person)
    return facts


def holdings(person: Any, viewer: Any) -> list[Any]:
    """What this person still holds, as the viewer may know it, room by room."""
    return [line for room in rooms() for held in room.holdings for line in held(person, viewer)]


def duties(person: Any) -> list[Duty]:
    """The desk of this person: lines in order, the late ones first within their order."""
    lines = [duty for room in rooms() for due in room.duties for duty in due(person) if duty.count]
    return sorted(lines, key=lambda duty: (duty.order, not duty.late))


@cache
def deadline_kinds() -> dict[str, Callable[[datetime], Iterable[ladders.Deadline]]]:
    """Who announces the deadlines of each kind of the table of ladders that some room has."""
    return {kind: told for room in rooms() for kind, told in room.deadlines.items()}


def deadlines(at: datetime, kinds: Collection[str] | None = None) -> Iterator[ladders.Deadline]:
    """What is due soon or past due and undecided, of these kinds (None = all), room by room."""
    for kind, told in deadline_kinds().items():
        if kinds is None or kind in kinds:
            yield from told(at)


def supplied() -> dict[str, str]:
    """Every fact and relation that some room supplies, with the room. Raises HouseDoesNotStand for a double one."""
    found: dict[str, str] = {}
    for room in rooms():
        for name in room.supplies:
            if name in found:
                raise HouseDoesNotStand(f"{name} is supplied by {found[name]} and {room.name}")
            found[name] = room.name
    return found


def moved(line: Any) -> None:
    """Tell the rooms above of a new line of a copy's ledger. Inside the deed that wrote it."""
    for room in rooms():
        for follow in room.moved:
            follow(line)


def read_through(person: Any, item: Any) -> None:
    """Tell the rooms above that somebody has signed 已阅 for an item. Inside that deed."""
    for room in rooms():
        for follow in room.read_through:
            follow(person, item)


def _check_supplies() -> None:
    specs = {spec.name: spec for spec in (*access.FACTS, *access.RELATIONS)}
    found = supplied()
    for name, owner in found.items():
        if name not in specs:
            raise HouseDoesNotStand(f"{owner} supplies {name}, which the access engine does not know")
        if specs[name].awaits:
            raise HouseDoesNotStand(f"{owner} supplies {name}, which still awaits {specs[name].awaits}")
    if missing := [name for name, spec in specs.items() if name not in found and not spec.awaits]:
        raise HouseDoesNotStand(f"nobody supplies {', '.join(missing)}")


def _check_deadlines() -> None:
    told: dict[str, str] = {}
    for room in rooms():
        for kind in room.deadlines:
            if kind in told or kind not in ladders.ladders() or ladders.ladder(kind).room != room.name:
                raise HouseDoesNotStand(f"{room.name} announces deadlines of {kind}, which the table of ladders gives to another")
            told[kind] = room.name
    standing = {room.name for room in rooms()}
    if silent := [one.kind for one in ladders.unannounced(told) if one.room in standing]:
        raise HouseDoesNotStand(f"nobody announces deadlines of {', '.join(silent)}")


def _check_papers() -> None:
    """Registers and forms are those of the office, each once; their columns stand in the customary order."""
    registers = [register for room in rooms() for register in room.registers]
    for announced in (registers, [form for room in rooms() for form in room.forms]):
        if len({one.form for one in announced}) != len(announced):
            raise HouseDoesNotStand(f"announced twice: one of {', '.join(sorted(one.form for one in announced))}")
        for one in announced:
            customary.form(one.form)
    for register in registers:
        keys = [column.key for column in register.columns if column.key]
        if keys != [field.key for field in customary.form(register.form).fields if field.key in keys]:
            raise HouseDoesNotStand(f"columns of {register.form} stand in another order than the form's: {', '.join(keys)}")


def check() -> None:
    """Compare what the rooms announce with each other and with the regulation. Raises HouseDoesNotStand."""
    _check_papers()
    _check_supplies()
    _check_deadlines()
    claimed: dict[str, str] = {}
    for room in rooms():
        for clause in room.clauses:
            if clause in claimed:
                raise HouseDoesNotStand(f"clause {clause} is claimed by {claimed[clause]} and {room.name}")
            claimed[clause] = room.name
            if clauses.regulation()[clause].room != room.name:
                raise HouseDoesNotStand(f"clause {clause} belongs to {clauses.regulation()[clause].room}, not {room.name}")
        for matter in room.matters:
            matrix.act(matter.act)
            if (matter.handlers is _anybody) != (matter.limits is None):
                raise HouseDoesNotStand(f"{matter.name} says who alone may know an item in one way only: handlers and limits")
    if len(rounds()) != sum(len(room.daily) for room in rooms()):
        raise HouseDoesNotStand("two daily works of a room bear one name")
