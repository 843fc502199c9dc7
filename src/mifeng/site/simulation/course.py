"""The course of the years: a working day has its deeds, every day has the house's own work, and a look at the dates."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from mifeng.base import clock, jobs, working_days
from mifeng.rooms.documents.models import Document
from mifeng.site.simulation import (
    attacks,
    carriers,
    dates,
    ending,
    founding,
    granting,
    incidents,
    later,
    papers,
    reading,
    staff,
    world,
)
from mifeng.site.simulation.office import NoSeat, Office, Plan, TooManyBreaches

Move = Callable[[Office], None]

# How often somebody does what, in relation to one another.
MOVES: dict[Move, int] = {
    papers.register: 90, papers.decide: 260, papers.propose_again: 12, papers.change: 25, papers.release: 12, papers.widen: 40,
    incidents.tell: 14, incidents.embargo: 8, incidents.freeze: 9, incidents.custody: 18, incidents.opening: 6, incidents.tidy: 14,
    reading.read: 160, reading.card: 40, reading.listed: 16, reading.who_knows: 14,
    granting.ask: 60, granting.use: 80, granting.settle: 25, granting.revoke: 14, granting.withdraw: 5,
    carriers.places: 8, carriers.number: 30, carriers.put: 26, carriers.hand: 10, carriers.sign: 24, carriers.lend: 36, carriers.wrong: 14,
    staff.join: 3, staff.leave: 3, staff.move: 6, staff.delegate: 8, staff.entrust: 12, staff.table: 2,
    staff.devices: 1, staff.accounts: 1,
    attacks.forge: 6, attacks.pry: 20, attacks.own_request: 8, attacks.use_again: 12, attacks.rights: 8, attacks.office_only: 10,
    attacks.gone: 5,
}  # fmt: skip
RULES_EVERY = 210  # days between two editions of the rules


@dataclass(frozen=True)
class Result:
    """What a simulation came to: figures for people and machines, and whether every promise was kept."""

    figures: dict[str, Any]
    breaches: list[dict[str, Any]]

    @property
    def kept(self) -> bool:
        return not self.breaches


def run(plan: Plan, say: Callable[[str], None] = lambda text: None) -> Result:
    """Simulate in the empty house of this process. Raises founding.NotEmpty, ValueError for too few people."""
    founding.found(world.company(plan.people, plan.seed))
    began = time.monotonic()
    with later.rooms() as doing:
        office = Office(plan, world.words(), founding.FOUNDED + timedelta(days=1), say)
        office.later = doing
        try:
            _years(office, say, began)
            with clock.played(office.at):
                ending.look(office)
        except TooManyBreaches:
            say("too many breaches")
    return _result(office, time.monotonic() - began)


def _years(office: Office, say: Callable[[str], None], began: float) -> None:
    first = office.today
    for number in range(office.plan.days):
        day = first + timedelta(days=number)
        office.until(clock.start_of(day) + timedelta(minutes=10))
        office.look_round()
        if number % office.plan.nights == 0:
            overnight(office)
        if number % RULES_EVERY == 30:
            office.until(_at(day, 8))
            staff.rules(office)
        if working_days.is_one(day):
            work(office, day, office.plan.deeds_a_day)
        elif office.often(20):
            work(office, day, 3)
        if number % 30 == 29:
            say(progress(office, number + 1, time.monotonic() - began))


def overnight(office: Office) -> None:
    """What the house does by itself while everybody sleeps, and what must have come of it."""
    over = Document.objects.filter(state="valid", live=True, expires_on__lt=office.today).count()
    with clock.played(office.at):
        jobs.enqueue_rounds()
        jobs.run_all()
    did = office.house_did()
    for (act, out), times in sorted(did.items()):
        office.expect("no deed breaks", out != "failed", f"{act} of the house itself failed {times} times")
    office.expect(
        "log = acts", did["documents:expire", "allowed"] == over,
        f"{over} terms were over, the log tells of {did['documents:expire', 'allowed']}",
    )  # fmt: skip
    granting.note_ended(office)
    dates.look(office)


def work(office: Office, day: date, deeds: int) -> None:
    """The deeds of one day, from half past eight on."""
    moves, weights = list(MOVES), list(MOVES.values())
    office.until(_at(day, 8) + timedelta(minutes=30))
    pause, end = 30000 / max(deeds, 1), office.outcomes.total() + deeds
    while office.outcomes.total() < end and office.at < _at(day, 22):
        before = office.outcomes.total()
        try:
            office.chance.choices(moves, weights)[0](office)
        except NoSeat:
            pass  # he has left in the meantime
        office.wait(office.chance.random() * pause * max(office.outcomes.total() - before, 1) / 2)


def _at(day: date, hour: int) -> datetime:
    return clock.start_of(day) + timedelta(hours=hour)


def progress(office: Office, days: int, seconds: float) -> str:
    """One line of a long run."""
    done = office.outcomes.total()
    return (
        f"{office.today.isoformat()}  day {days}/{office.plan.days}  {done} deeds  {office.size} entries  "
        f"{len(office.grants)} grants  {len(office.breaches)} breaches  {done / max(seconds, 0.001):.0f} deeds/s"
    )


def _result(office: Office, seconds: float) -> Result:
    spent = sum(kept.used for kept in office.grants.values())
    figures = {
        "people": office.plan.people, "days": office.plan.days, "seed": office.plan.seed, "until": office.today.isoformat(),
        "people_at_the_end": len(office.active), "left": len(office.left), "items": Document.objects.count(),
        "pages_seen_by": len(office.seen),
        "deeds": office.outcomes.total(), "by_outcome": dict(sorted(office.outcomes.items())),
        "by_deed": dict(office.deeds.most_common()), "by_rule": dict(office.rules.most_common()),
        "copies": len(office.held), "grants": len(office.grants), "spends": spent, "log_entries": office.size,
        "checked": dict(sorted(office.checked.items())), "seconds": round(seconds, 1),
        "deeds_per_second": round(office.outcomes.total() / max(seconds, 0.001), 1),
    }  # fmt: skip
    return Result(figures, [asdict(breach) | {"at": breach.at.isoformat()} for breach in office.breaches])
