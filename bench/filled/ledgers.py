"""Numbered copies and their ledgers, one line after the other, as the room's own rules lead them on."""

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from filled import rows
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.copies.facts import AWAY, PLACED, Event, State
from mifeng.rooms.copies.models import STANDS, Copy, Movement
from mifeng.rooms.copies.rules import states

DAY = timedelta(days=1)
# A request begins as one that is asked; the database lets it take no other way to its end.
LED_ON = {Approval: ("asked", "approved", "executing", "registered", "closed")}

@dataclass
class World:
    """Who and what there is, and the rows that wait to be written, by table in the order in which they go in."""

    chance: random.Random
    clerks: list[Any]
    readers: list[Any]
    places: dict[int, list[Any]]  # by level
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    waiting: dict[Any, list[Any]] = field(default_factory=lambda: defaultdict(list))
    keys: dict[Any, int] = field(default_factory=dict)
    serials: dict[tuple[str, int], int] = field(default_factory=lambda: defaultdict(lambda: 1000))
    copies: list[Any] = field(default_factory=list)

    def add(self, row: Any) -> Any:
        """A row with its key, to be written with the others."""
        model = type(row)
        if model not in self.keys:
            self.keys[model] = model._base_manager.order_by("-pk").values_list("pk", flat=True).first() or 0
        self.keys[model] += 1
        row.pk = self.keys[model]
        self.waiting[model].append(row)
        return row

    def write(self) -> None:
        """Everything that waits; tables that others point at first (foreign keys are checked at the end of the deed)."""
        for model, waiting in self.waiting.items():
            rows.write(model, waiting, LED_ON.get(model, ()))
        self.waiting.clear()
        self.copies.clear()

    def number(self, series: str, at: datetime) -> str:
        """The next number of a customary register, behind those of the demonstration."""
        self.serials[series, at.year] += 1
        return f"{series}〔{at.year}〕{self.serials[series, at.year]:04d}"

    def reader(self, level: int) -> Any:
        """Somebody who may hold a copy of that level."""
        return self.chance.choice([one for one in self.readers if one.clearance >= level])


def marked(paper: Any) -> int:
    """The level that its sheets bore at first."""
    return paper.marked_from_level if paper.state == "declassified" else paper.level


def numbered(world: World, paper: Any, n: int) -> Any:
    """A new copy in the hands of a clerk; the strongest level has one clerk alone."""
    level = marked(paper)
    fit = [clerk for clerk in world.clerks if clerk.clearance >= level and (level < 30 or clerk is world.clerks[0])]
    custodian = world.chance.choice(fit)
    pages = paper.pages or 4
    copy = Copy(document=paper, n=n, moves=0, state="", level=level, custodian=custodian, holder=custodian, pages=pages)
    world.add(copy)
    world.copies.append(copy)
    copy.since = paper.registered_at
    return copy


def store(world: World, copy: Any) -> None:
    """Put away where it is strong enough."""
    move(world, copy, "store", hours=4, place=world.chance.choice(world.places[copy.level]))


def issue(world: World, copy: Any) -> None:
    """Handed out against a date and signed for; one of fifty is not signed for yet."""
    to = world.reader(copy.level)
    made = move(world, copy, "issue", days=1, holder=to, due_at=copy.since + DAY * 366, signer=to)
    if made is not None and world.chance.random() < 0.02 and made.at > world.now - 20 * DAY:
        made.signed_at = None


def move(world: World, copy: Any, event: str, *, days: float = 0, hours: float = 0, **told: Any) -> Any:
    """One line of the ledger, and the copy's row made to say the same; None when its day has not come."""
    at = copy.since + timedelta(days=days, hours=hours)
    if at > world.now or not states.may_happen(State(copy.state) if copy.state else None, Event(event)).allow:
        return None
    copy.state = states.after(State(copy.state) if copy.state else None, Event(event)).value
    for name in ("holder", "place", "pages", "due_at", "level"):
        if name in told:
            setattr(copy, name, told[name])
    if copy.state not in AWAY:
        copy.holder, copy.due_at = copy.custodian, None
    if copy.state not in PLACED:
        copy.place = None
    copy.moves, copy.since = copy.moves + 1, at
    signer = told.get("signer")
    line = Movement(
        copy=copy, no=copy.moves, event=event, at=at, by=copy.custodian, signer=signer, signed_at=at if signer else None,
        register_no=told.get("register_no", ""), ref=told.get("ref", ""), approval_uid=told.get("approval_uid", ""),
        note=told.get("note", ""), **{name: getattr(copy, name) for name in STANDS},
    )  # fmt: skip
    return world.add(line)
