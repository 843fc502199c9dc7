"""Benchmark of approvals: the cycle in memory beside engines made for such things, and the whole of it as deeds.

    ./mifeng bench approvals [--quick] [--workers N] [--grants N] [--cycles N] [--json FILE]

A cycle is a request that is submitted, approved and used. In memory nothing is stored: our table of transitions beside
pytransitions, django-fsm-2 and SpiffWorkflow, each asking the same conditions, best of three rounds of CPU time. As deeds
everything counts: decided, signed, granted, spent, registered with a number, closed, each with its entry, in a throw-away
house with real fsync. `workers` threads then share out `grants` grants of one use, each asked for by all of them at once.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import deeds
from lines import Row
from peers.cycles import a_second

ROOT = Path(__file__).resolve().parents[1]
FLOOR, DEEDS_GOAL, WAIT_GOAL = 50, 200, 2.0


def ours_in_memory(count: int) -> float:
    """Cycles a second of CPU time through `rules.transition`, best of three; the facts are ready, as the peers' are."""
    from mifeng.rooms.approvals.facts import Circumstances, Event, State  # start-up time
    from mifeng.rooms.approvals.rules import transition

    asks, signs = Circumstances("copy", actor_is_applicant=True), Circumstances("copy", decides=True)
    uses = Circumstances("copy", executor_ready=True, uses_left=1)

    def cycle() -> Any:
        state = transition(State.DRAFT, Event.SUBMIT, asks)
        return transition(transition(state, Event.APPROVE, signs), Event.SPEND, uses)

    return a_second(cycle, count)


def in_memory(count: int) -> list[Row]:
    """Our table beside each peer, in the same minute."""
    command = [sys.executable, str(ROOT / "bench" / "peers" / "cycles.py"), str(count // 4)]
    told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    ours = ours_in_memory(count)
    rows = [
        Row("cycle in memory", ours, "1/s", None, None, "three transitions with their conditions", f"{name} {peer['version']}",
            peer["a_second"], ours / peer["a_second"])
        for name, peer in told.items()
    ]  # fmt: skip
    best = min(row.ratio for row in rows)
    return [*rows, Row("cycle in memory, beside the fastest peer", best, "x", FLOOR, best >= FLOOR, "the design's figure")]


class House:
    """A founded house with a matter for copying; everything it does is a deed of the product."""

    def __init__(self) -> None:
        from mifeng.base import clock, numbers  # app loading
        from mifeng.rooms.approvals import actions, grants
        from mifeng.rooms.approvals.facts import Wanted
        from tests import matters
        from tests.cast import Cast

        self.cast, self.matters, self.actions, self.grants, self.numbers, self.clock = Cast(), matters, actions, grants, numbers, clock
        self.wanted = Wanted(copies=1, pages=frozenset({1}))

    def granted(self) -> Any:
        """A request that was approved; its grant."""
        asked = self.matters.ask(self.cast.drafter, "copy", wanted=self.wanted)
        return self.actions.approve(self.cast.deputy, asked, "同意").grants.get()

    def use(self, grant: Any) -> None:
        """Spend, register under a number, close: one deed, as printing a copy will be."""

        def print_it() -> None:
            spent = self.grants.spend(self.cast.clerk, grant, act="copy", item_key=grant.item_key, pages=(1,))
            number = self.numbers.register_number("复密", self.numbers.take("复密"))
            self.grants.register(spent.approval, number)
            self.grants.close(spent.approval)

        self.matters.inside(self.cast.clerk, print_it)


def as_deeds(house: House, count: int) -> list[Row]:
    """Median milliseconds of each deed of a cycle, and cycles a second."""
    taken: dict[str, list[float]] = {"asked": [], "approved": [], "used, registered, closed": []}
    start = time.perf_counter()
    for _ in range(count):
        held: list[Any] = []
        asked = deeds.milliseconds(lambda: held.append(house.matters.ask(house.cast.drafter, "copy", wanted=house.wanted)))  # noqa: B023
        approved = deeds.milliseconds(lambda: held.append(house.actions.approve(house.cast.deputy, held[0], "同意")))  # noqa: B023
        used = deeds.milliseconds(lambda: house.use(held[1].grants.get()))  # noqa: B023
        for name, time_taken in zip(taken, (asked, approved, used), strict=True):
            taken[name].append(time_taken)
    second = 3 * count / (time.perf_counter() - start)
    rows = [Row(f"deed: {name}", statistics.median(times), "ms", None, None, deeds.said(times)) for name, times in taken.items()]
    return [*rows, Row("deeds of approvals, one after the other", second, "1/s", DEEDS_GOAL, second >= DEEDS_GOAL, f"{count} cycles")]


def shared_out(house: House, workers: int, count: int) -> list[Row]:
    """Every grant is asked for by all workers at once; each may be used once. Waits in seconds."""
    from django.db import connections  # app loading

    from mifeng.base.models import Issued
    from mifeng.base.refusals import Conflict, Refused

    made = [house.granted() for _ in range(count)]
    waits: list[float] = []
    spent: list[int] = []
    faults: list[str] = []
    before = Issued.objects.filter(series="复密").count()

    def work(order: Callable[[list[Any]], list[Any]]) -> None:
        for grant in order(made):
            start = time.perf_counter()
            try:
                house.use(grant)
                spent.append(grant.pk)
            except (Refused, Conflict):
                pass
            except Exception as fault:  # noqa: BLE001  # counted and shown
                faults.append(type(fault).__name__)
            waits.append(time.perf_counter() - start)
        connections.close_all()

    threads = [threading.Thread(target=work, args=(list,)) for _ in range(workers)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - start
    numbers = sorted(Issued.objects.filter(series="复密").values_list("n", flat=True))
    gaps = numbers[-1] - len(numbers)
    doubles, lost = len(spent) - len(set(spent)), count - len(set(spent)) + abs(len(numbers) - before - len(spent))
    waits.sort()
    worst = f"p50 {waits[len(waits) // 2]:.3f} p99 {waits[int(len(waits) * 0.99)]:.3f} worst {waits[-1]:.2f} s"
    return [
        Row("grants spent twice", doubles, "grants", 0, doubles == 0, f"{workers} workers, {count} grants of one use"),
        Row("grants lost, or numbers that do not fit", lost, "", 0, lost == 0, f"{len(numbers)} numbers"),
        Row("gaps in numbers", gaps, "", 0, gaps == 0, ""),
        Row("errors", len(faults), "", 0, not faults, ", ".join(sorted(set(faults)))),
        Row("longest wait", waits[-1], "s", WAIT_GOAL, waits[-1] <= WAIT_GOAL, worst),
        Row("attempts with all workers", len(waits) / took, "1/s", None, None, "used or refused, each with its entry"),
    ]


def state_bytes(house: House) -> Row:
    """What one running request takes in the tables: request, parts, signatures, grant, as SQLite stores their columns."""
    from django.db import connection  # app loading

    from mifeng.rooms.approvals.models import Approval, Grant, Part, StepTaken

    approval, total = house.granted().approval, 0
    for model, name in ((Approval, "id"), (Part, "approval_id"), (StepTaken, "approval_id"), (Grant, "approval_id")):
        columns = " + ".join(f'coalesce(length(CAST("{field.column}" AS BLOB)), 0)' for field in model._meta.concrete_fields)
        with connection.cursor() as cursor:
            # Nothing but names of our own tables is pasted in.
            cursor.execute(f'SELECT sum({columns}) FROM {model._meta.db_table} WHERE "{name}" = %s', [approval.pk])
            total += cursor.fetchone()[0] or 0
    return Row("a running request in the tables", total, "bytes", None, None, "one signature, one grant, texts sealed, rows coded")


def searched(most: int) -> list[Row]:
    """States that the model search of the tests looks at in a second, and faults it finds."""
    from mifeng.clauses import matrix  # start-up time
    from tests.rooms.approvals import model

    steps = tuple(map(tuple, matrix.steps("copy", 20)))
    scope = model.Scope(
        "copy", 20, steps, ticks=2, lapse=1, uses=1, requests=2, leavers=(model.HEAD,), applicants=(model.STAFF, model.DEPUTY)
    )
    start = time.perf_counter()
    found = model.search(scope, most)
    second = found.states / (time.perf_counter() - start)
    return [
        Row("model: states", found.states, "states", None, None, f"{found.edges} steps, two requests at once"),
        Row("model: faults", len(found.broken), "", 0, not found.broken, "; ".join(found.broken)),
        Row("model: states a second", second, "1/s", None, None, ""),
    ]


def orders(deep: dict[str, int]) -> list[Row]:
    """Deeds tried in every case of so many people over one request, from each of these starts, and the faults seen."""
    from tests.rooms.approvals import office  # app loading
    from tests.rooms.approvals.search import search
    from tests.rooms.approvals.steps import put_back

    rows = []
    with office.office() as item_key:
        for start, people in deep.items():
            with put_back():
                office.STARTS[start](item_key)
                found = search(people)
            note = f"{people} of {len(office.ACTORS)} deeds, {found.allowed} allowed"
            rows += [
                Row(f"every order from {start}: deeds", found.deeds, "deeds", None, None, note),
                Row(f"every order from {start}: faults", len(found.faults), "", 0, not found.faults, "; ".join(found.faults[:3])),
            ]
    return rows


def shown(row: Row) -> str:
    """A line for the terminal."""
    met = "" if row.met is None else "met" if row.met else "NOT MET"
    goal = "" if row.goal is None else f"goal {row.goal:g}"
    peer = f"{row.peer} {row.peer_value:,.0f} = {row.ratio:.1f}x" if row.peer else ""
    return f"{row.name:44} {row.ours:>14,.2f} {row.unit:7} {goal:9} {met:8} {peer:36} {row.note}"


def main() -> int:
    """Print the lines, write them where asked; 1 when something was spent twice, lost or wrong, never for a speed."""
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="mifeng bench approvals", description=__doc__, formatter_class=plain)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--grants", type=int)
    parser.add_argument("--cycles", type=int)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    cycles, count = asked.cycles or (2_000 if asked.quick else 20_000), asked.grants or (40 if asked.quick else 300)
    with tempfile.TemporaryDirectory(prefix="mifeng-bench-") as name:
        deeds.name_folders(Path(name))
        from tests import house_fixtures  # app loading

        house_fixtures.build(Path(name) / "var", Path(name) / "var-keys", house_fixtures.company())
        from mifeng.base import clock
        from tests import matters

        rows = in_memory(cycles)
        with clock.played(house_fixtures.START):  # first: they look at the only request of the house
            rows += orders({"approved": 2} if asked.quick else {"asked": 2, "delegated": 2, "approved": 3, "begun": 2})
        with clock.played(house_fixtures.START), matters.announced("copy"):
            house = House()
            rows += [*as_deeds(house, max(cycles // 100, 20)), *shared_out(house, asked.workers, count), state_bytes(house)]
    rows += searched(20_000 if asked.quick else 2_000_000)
    print("\n".join(map(shown, rows)))
    if asked.json:
        told = {"bench": "approvals", "rows": [asdict(row) for row in rows]}
        asked.json.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    return 0 if all(row.met is not False for row in rows if row.goal == 0) else 1


if __name__ == "__main__":
    sys.exit(main())
