"""Decisions a second, conditions of lists a second, lists of 50 on SQLite; answers are checked before a time counts.

Usage: python bench/access_quick.py [--docs N] [--json FILE]
"""

import argparse
import json
import random
import sqlite3
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mifeng.engines.access import EVER, Columns, Context, Decision, Item, Relations, Subject, decide, key, where
from mifeng.engines.access.policy import RULES, whole
from mifeng.engines.access.readings.interpreted import World, holds

DICE = random.Random(1)
DESK = Context(1000, 30, EVER, EVER, EVER, 1)
QUESTIONS = 50_000
RELATIONS = (
    Relations(), Relations(scope=True), Relations(scope=True, concerned=True), Relations(handler=True),
    Relations(judge=True), Relations(appointed=True, grant=True, applicant=99, destination=1),
)  # fmt: skip
COLUMNS = Columns(
    level="doc.level", aset="doc.aset", live="doc.live", frozen="0", sealed="doc.sealed", excl="doc.excl",
    dept="doc.dept", no_copy="0", id="doc.id", audience_table="audience", audience_aset="aset", audience_key="key",
    audience_since="since", audience_until="until", handler_table="handler", handler_item="doc",
    handler_person="person", concerned_table="concerned", concerned_item="doc", concerned_person="person",
)  # fmt: skip
Question = tuple[str, Subject, Context, Item, Relations]


@dataclass
class Row:
    """One line of the result, as every benchmark of the house writes it."""

    name: str
    ours: float
    unit: str
    goal: float
    met: bool
    note: str
    peer: str = ""
    peer_value: float = 0
    ratio: float = 0


def person(number: int) -> Subject:
    """Somebody in one of 20 departments; one in twelve is an officer."""
    keys = frozenset({key(1, 0), key(2, number), key(4, number % 20)})
    role = 1 if number % 12 == 11 else 0
    return Subject(number, DICE.choice([5, 10, 20, 30]), role, int(number % 25 != 0), EVER, EVER, 1, keys)


def document(number: int) -> Item:
    """Levels 50/40/9/1 %, one in a hundred sealed, one in fifty in sole custody."""
    level = DICE.choices([5, 10, 20, 30], [50, 40, 9, 1])[0]
    sealed, excl = int(number % 100 == 7), number % 300 if number % 50 == 3 else None
    return Item(number, level, 0, int(number % 33 != 0), 0, sealed, excl, number % 20, 0, 0)


def questions(act: str) -> list[Question]:
    """Random questions of one act."""
    people, papers = [person(n) for n in range(300)], [document(n) for n in range(2000)]
    return [(act, DICE.choice(people), DESK, DICE.choice(papers), DICE.choice(RELATIONS)) for _ in range(QUESTIONS)]


def checked(asked: list[Question]) -> int:
    """How many are allowed; the interpreter agrees on each of the first 2,000. Raises SystemExit on a difference."""
    for act, *facts in asked[:2000]:
        if decide(act, *facts).allow != holds(whole(RULES, act), World(*facts)):
            raise SystemExit(f"different answers for {act}: {facts}")
    return sum(decide(*question).allow for question in asked)


def best(times: int, act: Callable[[], Any]) -> float:
    """The shortest of several runs, in seconds."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        taken.append(time.perf_counter() - began)
    return min(taken)


def decisions(act: str) -> Row:
    """Decisions a second with all reasons."""
    asked = questions(act)
    allowed = checked(asked)

    def run() -> list[Decision]:
        return [decide(*question) for question in asked]

    speed = len(asked) / best(5, run)
    return Row(
        f"decide {act}", round(speed), "1/s", 300_000, speed >= 300_000, f"{allowed} of {QUESTIONS} allowed, best of 5"
    )


def conditions() -> Row:
    """Conditions of lists built a second."""
    people = [person(n) for n in range(300)]
    speed = len(people) / best(5, lambda: [where("read", who, DESK, COLUMNS) for who in people])
    return Row("where read", round(speed), "1/s", 2_000, speed >= 2_000, "300 people, best of 5")


def filled(size: int) -> sqlite3.Connection:
    """A register of that size: one scope of one to three keys for every item."""
    db = sqlite3.connect(":memory:")
    db.executescript("""create table doc(id integer primary key, level int, aset int, live int, sealed int, excl int,
        dept int);
        create table audience(aset int, key int, since int, until int); create table handler(doc int, person int);
        create table concerned(doc int, person int);""")
    for number in range(size):
        paper = document(number)
        db.execute("insert into doc values (?, ?, ?, ?, ?, ?, ?)",
                   (number, paper.level, number, paper.live, paper.sealed, paper.excl, paper.dept))  # fmt: skip
        kind = 1 if paper.level == 5 and DICE.random() < 0.4 else 4 if paper.level <= 10 else 2
        for _ in range(DICE.randrange(1, 4)):
            named = {1: 0, 2: DICE.randrange(300), 4: DICE.randrange(20)}[kind]
            db.execute("insert into audience values (?, ?, 0, ?)", (number, key(kind, named), EVER))
    db.executescript("create index by_set on audience(aset, key, since, until); create index h on handler(doc, person);"
                     "create index c on concerned(doc, person); analyze;")  # fmt: skip
    return db


def lists(db: sqlite3.Connection, size: int, name: str, people: list[Subject]) -> Row:
    """The 50 newest papers somebody may read, by a plain scan from the newest."""
    taken = []
    for who in people:
        sql, values = where("read", who, DESK, COLUMNS)
        statement = f"select id from doc where {sql.replace('%s', '?')} order by id desc limit 50"
        taken.append(best(3, lambda: db.execute(statement, values).fetchall()) * 1000)  # noqa: B023
    taken.sort()
    last = taken[int(len(taken) * 0.99) - 1]
    note = f"{size} documents, {len(people)} people, p50 {statistics.median(taken):.2f}, worst {taken[-1]:.2f}"
    return Row(f"list, {name}, p99", round(last, 2), "ms", 10, last <= 10, note)


def hardly_anything(number: int) -> Subject:
    """Cleared for everything and named in next to nothing: the whole register is looked through."""
    return Subject(number, 30, 0, 1, EVER, EVER, 1, frozenset({key(2, number)}))


def main() -> None:
    """Print the rows, write them where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--docs", type=int, default=20_000)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    rows = [*(decisions(act) for act in ("read", "apply_copy", "print")), conditions()]
    db = filled(asked.docs)
    rows.append(lists(db, asked.docs, "typical", [person(n) for n in range(1, 101)]))
    rows.append(lists(db, asked.docs, "hardly anything", [hardly_anything(n) for n in range(1, 41)]))
    for row in rows:
        verdict = "met" if row.met else "NOT MET"
        print(f"{row.name:28} {row.ours:>12,} {row.unit:4} goal {row.goal:>9,} {verdict}  {row.note}")
    if asked.json:
        asked.json.write_text(
            json.dumps({"bench": "access", "rows": [asdict(row) for row in rows]}, ensure_ascii=False)
        )


if __name__ == "__main__":
    main()
