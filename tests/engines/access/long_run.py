"""Compares the readings of the rule table over random offices: function, interpreter, SQL on both databases, the naive
specification, Cedar.

Usage: python -m tests.engines.access.long_run [--decisions N] [--seed N] [--without cedar,postgresql]

Each office has people, items, scopes, grants, seals, walls, appointments and a clock of its own; every person asks every
act of every item. Prints the figures; exit code 1 when any two readings differ.
"""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

from mifeng.engines.access import ACTS, KIND_DEPARTMENT, KIND_PERSON, Decision, decide, key, where
from mifeng.engines.access.policy import RULES, whole
from mifeng.engines.access.readings.interpreted import World as Facts
from mifeng.engines.access.readings.interpreted import holds
from tests.cluster import running
from tests.parts_plugin import database_programs

from . import cedar, reference
from .world import Doc, Paper, Person, Rows, World, context, handed, item, relations, subject

PEOPLE, ITEMS = 8, 20
PER_OFFICE = PEOPLE * ITEMS * len(ACTS)
GRANTED = ("show", "copy", "excerpt", "print", "lend", "carry_out", "external")
APPOINTED = ("register_facts", "copy", "excerpt", "print", "lend", "carry_out")
TABLE = {act: whole(RULES, act) for act in ACTS}
Key = tuple[int, int, str]


class Differ(Exception):
    """Two readings gave different answers; says which, about what."""


@dataclass
class Tally:
    """What was compared."""

    decisions: int = 0
    offices: int = 0
    compared: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)


class Dice(random.Random):
    """Chances with words."""

    def one_in(self, n: int) -> bool:
        return self.randrange(n) == 0

    def later(self, now: int) -> int:
        """An end: mostly far off, else around this instant."""
        return self.choice([9999] * 30 + [now - 1, now, now, now + 1])

    def some(self, people: int, most: int) -> frozenset[int]:
        return frozenset(self.sample(range(people), self.randrange(most + 1)))


def office(dice: Dice) -> World:
    """A random office at a random second."""
    w = World(now=dice.randrange(1, 1000))
    w.people = {pid: _person(dice, pid, w.now) for pid in range(PEOPLE)}
    w.docs = {number: _item(dice, number, w.now) for number in range(ITEMS)}
    w.docs |= {number: _prepared(dice, w.docs[number], act) for number, act in enumerate(GRANTED)}
    w.judges = {(dice.randrange(ITEMS), dice.randrange(PEOPLE)) for _ in range(dice.randrange(2 * ITEMS))}
    w.appointments = [
        (pid, act, dice.choice([10, 20, 30, 30, 30]), dice.choice([1, 1, 2]), dice.choice([0, 0, w.now, w.now + 1]), dice.later(w.now))
        for pid in range(PEOPLE) for act in APPOINTED if not dice.one_in(3)
    ]  # fmt: skip
    w.appointments += [(d.grant.executor, d.grant.act, 30, 1, 0, 9999) for d in w.docs.values() if d.grant and d.id < len(GRANTED)]
    return w


def _person(dice: Dice, pid: int, now: int) -> Person:
    keys = frozenset({1 << 48, key(KIND_PERSON, pid), key(KIND_DEPARTMENT, pid % 3)})
    role = dice.choice([0] * 12 + [1, 2, 3])
    return Person(
        pid, dice.choice([5, 10, 20, 30, 30, 30, 30]), role, int(not dice.one_in(20)), dice.later(now), dice.later(now),
        int(not dice.one_in(15)), keys, dice.choice([5, 10, 20, 30, 30, 30, 30]), dice.later(now), dice.later(now), dice.later(now),
        int(not dice.one_in(15)),
    )  # fmt: skip


def _item(dice: Dice, number: int, now: int) -> Doc:
    among = [1 << 48, *(key(KIND_PERSON, pid) for pid in range(PEOPLE)), *(key(KIND_DEPARTMENT, n) for n in range(3))]
    scope = tuple((k, dice.choice([0, 0, 0, now, now + 1]), dice.later(now)) for k in dice.sample(among, dice.randrange(4)))
    rarely = dice.choice([0, 0, 0, 1])
    return Doc(
        number, dice.choice([0, 5, 9, 10, 10, 15, 20, 20, 25, 30]), int(not dice.one_in(12)), int(dice.one_in(10)),
        int(dice.one_in(6)), dice.randrange(PEOPLE) if dice.one_in(6) else None, dice.choice([1, 1, 2]), int(dice.one_in(6)), scope,
        dice.some(PEOPLE, 4), dice.some(PEOPLE, 2), dice.some(PEOPLE, 4), None if dice.one_in(5) else _paper(dice, now),
        dice.some(PEOPLE, 2) if rarely else frozenset(), dice.some(PEOPLE, 3),
    )  # fmt: skip


def _prepared(dice: Dice, d: Doc, act: str) -> Doc:
    """An item with which nothing is wrong and a live grant of this act: else next to nothing would ever be carried out."""
    paper = Paper(act, 0, dice.randrange(1, PEOPLE), 0, 9999, 1, True, dice.choice([1, 4]), PEOPLE)
    return replace(d, live=1, frozen=0, sealed=0, excl=None, dept=1, no_copy=0, walled=frozenset(), grant=paper)


def _paper(dice: Dice, now: int) -> Paper:
    return Paper(
        dice.choice(GRANTED), dice.randrange(PEOPLE), dice.randrange(PEOPLE), dice.choice([0, 0, 0, now, now + 1]),
        dice.later(now), dice.choice([0, 1, 1, 2]), not dice.one_in(3), dice.choice([None, 1, 2, 3, 4, 4, 8, 9]),
        dice.choice([None, PEOPLE, PEOPLE, *range(PEOPLE)]),
    )  # fmt: skip


def questions(w: World) -> Iterator[tuple[Person, Doc, str]]:
    """Everybody asks everything of every item."""
    return ((p, d, act) for p in w.people.values() for d in w.docs.values() for act in ACTS)


def compare(w: World, databases: list[Rows], tally: Tally, *, with_cedar: bool) -> None:
    """One office through every reading. Raises Differ."""
    decisions = {(p.pid, d.id, act): _decided(w, p, d, act, tally) for p, d, act in questions(w)}
    for rows in databases:
        _store(w, rows)
        _compare_lists(w, rows, decisions, tally)
    if with_cedar:
        asked = list(questions(w))
        for (p, d, act), answer in zip(asked, cedar.answers(w, asked), strict=True):
            _same("cedar", cedar.like(decisions[p.pid, d.id, act]), answer, (p, d, act, w.now), tally)
    tally.decisions += len(decisions)
    tally.offices += 1


def _decided(w: World, p: Person, d: Doc, act: str, tally: Tally) -> Decision:
    facts = (subject(p), context(w, p), item(d), relations(w, p, d, act))
    decision, told = decide(act, *facts), (p, d, act, w.now)
    clauses = reference.refusals(w, p, d, act)
    _same("interpreter", decision.allow, holds(TABLE[act], Facts(*facts)), told, tally)
    _same("specification", [reason.clause for reason in decision.reasons], clauses, told, tally)
    _same("knowing", decision.knows, decision.allow or reference.knows(w, p, d, act), told, tally)
    flags = reference.flagged(w, p, d, act) if decision.allow else []
    _same("flags", [flag.clause for flag in decision.flags], flags, told, tally)
    tally.told[f"{act} {'allowed' if decision.allow else 'refused'}"] += 1
    tally.rules.update([decision.rule])
    return decision


def _compare_lists(w: World, rows: Rows, decisions: dict[Key, Decision], tally: Tally) -> None:
    everything = set(w.docs)
    for p in w.people.values():
        for act in ACTS:
            listed = rows.those(where(act, subject(p), context(w, p), rows.columns, **handed(w, p, act)), everything)
            for number in everything:
                _same(rows.dialect, decisions[p.pid, number, act].allow, number in listed, (p, number, act, w), tally)


def _store(w: World, rows: Rows) -> None:
    rows.clear()
    for d in w.docs.values():
        rows.store(d)
    rows.add("judge", w.judges)
    rows.add("appointment", w.appointments)


def _same(reading: str, ours: object, theirs: object, about: object, tally: Tally) -> None:
    if ours != theirs:
        raise Differ(f"{reading}: {ours} against {theirs} about {about}")
    tally.compared[reading] += 1


def run(decisions: int, seed: int, without: frozenset[str] = frozenset()) -> Tally:
    """That many decisions at least. Raises Differ."""
    tally, dice = Tally(), Dice(seed)
    with ExitStack() as stack:
        databases = [Rows.in_memory()]
        if "postgresql" not in without:
            databases.append(Rows.on_server(stack.enter_context(running())))
        while tally.decisions < decisions:
            compare(office(dice), databases, tally, with_cedar="cedar" not in without)
    return tally


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--decisions", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--without", default="" if database_programs() else "postgresql")
    asked = parser.parse_args()
    began = time.monotonic()
    try:
        tally = run(asked.decisions, asked.seed, frozenset(asked.without.split(",")))
    except Differ as different:
        print(different)
        return 1
    print(f"{tally.decisions:,} decisions in {tally.offices:,} offices, 0 mismatches, {time.monotonic() - began:.0f} s, seed {asked.seed}")
    for reading, number in tally.compared.items():
        print(f"  {reading:14} {number:>12,} compared")
    for act in ACTS:
        print(f"  {act:16} {tally.told[f'{act} allowed']:>10,} allowed {tally.told[f'{act} refused']:>10,} refused")
    print(f"  {len(tally.rules)} different rules were the determining one")
    return 0


if __name__ == "__main__":
    sys.exit(main())
