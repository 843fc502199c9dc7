"""Benchmark of lists: the 50 newest items that somebody may know, out of a million, with the count beside them.

    ./mifeng bench access_lists [--quick] [--database sqlite|postgres|both|postgresql://…] [--docs N] [--people N]
                                [--seed N] [--variants pooled,fresh] [--peers plain,rls,one] [--sample N] [--json FILE]

The statements are the product's own (`rooms/documents/queries.py`: columns, register, `listing`), on the product's own
tables. A time is one capped count and one page, statements built and the subject's sets found anew each time; of a person
the median of five, p50 to worst over the persons. Before a time is printed every page of every sampled person was
compared with the decision on one document after the other, and with the other way to the same page; any difference ends
the run. The lists of peers are compared likewise.
"""

import argparse
import json
import os
import random
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

for name in [name for name in os.environ if name.startswith("MIFENG_")]:
    del os.environ[name]
FOLDER = Path(tempfile.mkdtemp(prefix="mifeng-lists-"))
os.environ.update(MIFENG_HOME=str(FOLDER / "var"), MIFENG_KEYSTORE=str(FOLDER / "var-keys"))

from mifeng.site import start  # noqa: E402

start.django_up()

from django.db.utils import OperationalError  # noqa: E402
from lines import Different, Row  # noqa: E402
from lists import cluster, loading, peers, world  # noqa: E402

from mifeng.engines.access import Listing, Subject, listing  # noqa: E402
from mifeng.rooms.documents import queries  # noqa: E402

FLOOR, GOAL, AUC_GOAL = 20.0, 10.0, 0.52
SIZE, COUNTED = queries.PAGE, queries.MOST_COUNTED + 1
SLOW = {"typical": 20, "without all staff": 20, "almost nothing": 3}  # persons that a peer is measured with
PAIRS = 2_000  # the AUC of equal times then lies within 0.018 of a half


@dataclass
class Lists:
    """The lists of one loaded company on one database."""

    connection: Any
    made: world.Company
    cursor: Any = field(init=False)

    def __post_init__(self) -> None:
        self.cursor = self.connection.cursor()
        self.columns = queries.columns(self.connection.vendor)

    def of(self, who: Subject) -> Listing:
        """The statements for this person, as queries.known builds them."""
        return listing(("read",), who, world.DESK, self.columns, queries.REGISTER, judge=False, grant=False)

    def run(self, sql: str, values: Any) -> list[tuple[Any, ...]]:
        self.cursor.execute(sql, values)
        return self.cursor.fetchall()

    def first(self, who: Subject) -> tuple[list[int], int]:
        """What the page of the register asks for: the count, then the page."""
        lists = self.of(who)
        count = lists.count(self.run, COUNTED)
        return lists.page(self.run, SIZE, much=count > queries.MOST_COUNTED).keys, count

    def place(self, key: int) -> tuple[Any, int]:
        """Where a document stands in the order, as the database holds it."""
        at = datetime.fromtimestamp(self.made.registered(self.made.papers[key - 1]), UTC)
        return self.connection.ops.adapt_datetimefield_value(at), key

    def further(self, who: Subject, last: int, much: bool) -> list[int]:
        """The page after a row."""
        return self.of(who).page(self.run, SIZE, after=self.place(last), much=much).keys


def compared(lists: Lists, groups: dict[str, list[Subject]], whole: int) -> None:
    """Every page against the naive decision, both ways against each other, whole lists for some. Raises Different."""
    for group, people in groups.items():
        for number, who in enumerate(people):
            keys, count = lists.first(who)
            both = [lists.of(who).page(lists.run, SIZE, much=much).keys for much in (False, True)]
            naive = lists.made.newest(who, SIZE) if group != "almost nothing" or number < whole else both[0]
            if not keys == both[0] == both[1] == naive:
                raise Different(f"{group}, person {who.pid}: the page is not what deciding one by one allows")
            if number < whole:
                every = sorted(row[0] for row in lists.run(*lists.of(who).everything()))
                naive = sorted(lists.made.newest(who, len(lists.made.papers)))
                if every != naive or count != min(len(naive), COUNTED):
                    raise Different(f"{group}, person {who.pid}: {len(every)} listed, {count} counted, {len(naive)} allowed")


def planned(lists: Lists, who: Subject) -> None:
    """The statements are walked as they were written to be, at this size and on this planner. Raises Different."""
    # Few documents lie as well by the plain index of the foreign key as by the one that holds the whole condition.
    of_set = r"document_of_set|documents_document_aset_id_\w+"
    wanted = {"scan": "document_newest", "gather": of_set, "counted": of_set}
    explain = "EXPLAIN " if lists.connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN "
    for name, index in wanted.items():
        sql, values = getattr(lists.of(who), name)(COUNTED)
        plan = "\n".join(str(row[-1]) for row in lists.run(explain + sql, values))
        whole = re.search(r"Seq Scan on documents_document|SCAN documents_document(?! USING)", plan)
        sorts = name == "scan" and re.search(r"Sort|ORDER BY", plan)
        if not re.search(index, plan) or whole or sorts:
            raise Different(f"{name} is not walked by {index}:\n{plan}")


def usual(act: Callable[[], Any]) -> float:
    """Milliseconds: the median of five runs, so that what else this machine does is not taken for a person's list."""
    return statistics.median(peers.timed(act)[0] for _ in range(5))


def spread(times: list[float]) -> tuple[float, str]:
    """p99 and the whole spread in words."""
    ranked = sorted(times)
    at = {q: ranked[min(len(ranked) - 1, int(len(ranked) * q))] for q in (0.95, 0.99)}
    words = f"p50 {statistics.median(ranked):.2f} p95 {at[0.95]:.2f} p99 {at[0.99]:.2f} worst {ranked[-1]:.2f}, n={len(ranked)}"
    return at[0.99], words


def measured(lists: Lists, groups: dict[str, list[Subject]], where: str, bounds: bool) -> list[Row]:
    """Lists, further pages, counts of each group."""
    rows = []
    for group, people in groups.items():
        firsts, nexts, counts, exact = [], [], [], []
        for number, who in enumerate(people):
            keys, count = lists.first(who)
            much = count > queries.MOST_COUNTED
            firsts.append(usual(partial(lists.first, who)))
            counts.append(usual(partial(lists.of(who).count, lists.run, COUNTED)))
            if keys:
                nexts.append(usual(partial(lists.further, who, keys[-1], much)))
            if number < SLOW[group]:
                exact.append(peers.timed(lambda who=who: lists.of(who).count(lists.run, 10**9))[0])
        p99, words = spread(firsts)
        met = p99 <= GOAL if bounds else None
        rows.append(Row(f"{where}, {group}: list", round(p99, 2), "ms", GOAL, met, f"{words}; floor {FLOOR:.0f}"))
        if nexts:
            p99, words = spread(nexts)
            rows.append(Row(f"{where}, {group}: next page", round(p99, 2), "ms", GOAL, p99 <= GOAL if bounds else None, words))
        note = f"capped at {queries.MOST_COUNTED}; medians"
        rows.append(_beside(f"{where}, {group}: count", statistics.median(counts), "exact", statistics.median(exact), note))
    return rows


def beside(lists: Lists, groups: dict[str, list[Subject]], where: str, named: list[str]) -> list[Row]:
    """Each peer on the same persons, its lists compared with ours first. Raises Different."""
    makers: dict[str, Callable[[], peers.Peer]] = {
        "plain": lambda: peers.plain(lists.cursor, lists.columns), "one": lambda: peers.one_by_one(lists.made),
        "rls": lambda: peers.row_security(lists.cursor),
    }  # fmt: skip
    rows = []
    for name in named:
        if name == "rls" and lists.connection.vendor != "postgresql":
            continue
        peer = makers[name]()
        rows += [_against(lists, peer, people[: SLOW[group]], name, f"{where}, {group}") for group, people in groups.items()]
    return rows


def _against(lists: Lists, peer: peers.Peer, people: list[Subject], name: str, where: str) -> Row:
    """Ours and a peer's list of the same persons in turn, medians."""
    ours, theirs = [], []
    for who in people:
        took, (keys, _count) = peers.timed(lambda who=who: lists.first(who))
        ours.append(took)
        took, found = peers.timed(lambda who=who: peer(who))
        theirs.append(took)
        if found != keys:
            raise Different(f"{where}, person {who.pid}: {name} lists other rows")
    note = f"medians of {len(ours)} persons, the peer without a count; its worst {max(theirs):.1f} ms"
    return _beside(f"{where}: beside {name}", statistics.median(ours), name, statistics.median(theirs), note)


def _beside(title: str, ours: float, peer: str, theirs: float, note: str) -> Row:
    return Row(title, round(ours, 2), "ms", None, None, note, peer, round(theirs, 2), round(theirs / ours, 1))


def auc(hidden: list[float], absent: list[float]) -> float:
    """How well the time tells one from the other: 0.5 = not at all, 1 = always. The side does not matter."""
    ranked = sorted([(t, 1) for t in hidden] + [(t, 0) for t in absent])
    ranks = sum(rank for rank, (_, one) in enumerate(ranked, 1) if one)
    area = (ranks - len(hidden) * (len(hidden) + 1) / 2) / (len(hidden) * len(absent))
    return max(area, 1 - area)


def told_apart(lists: Lists, who: Subject, where: str, group: str, most: int) -> list[Row]:
    """Hidden against absent, in random order: a place in the list, and a new document on top of the register."""
    dice = random.Random(5)
    seen = set(lists.made.newest(who, len(lists.made.papers)))
    hidden = [paper.id for paper in dice.sample(lists.made.papers, 2 * most) if paper.id not in seen][:most]
    uids = dict(lists.run(f"SELECT id, uid FROM documents_document WHERE id IN ({', '.join(map(str, hidden))})", []))

    def look(uid: str) -> None:
        rows = lists.run(*lists.of(who).place("documents_document.uid", uid, loading.new_uid()))
        if any(there and opened for _at, _key, there, opened in rows):
            raise Different(f"person {who.pid} is given the place of a row that is hidden")

    def page(uid: str) -> None:
        look(uid)
        lists.first(who)

    pairs = {"hidden": [uids[number] for number in hidden], "absent": [loading.new_uid() for _ in hidden]}
    bare = _in_turn(dice, {name: [partial(look, uid) for uid in found] for name, found in pairs.items()})
    taken = _in_turn(dice, {name: [partial(page, uid) for uid in found] for name, found in pairs.items()})
    area = auc(taken["hidden"], taken["absent"])
    apart = (statistics.median(bare["hidden"]) - statistics.median(bare["absent"])) * 1e3
    note = f"{len(hidden)} pairs; the one statement that meets the row: {apart:+.1f} µs, AUC {auc(bare['hidden'], bare['absent']):.3f}"
    rows = [Row(f"{where}, {group}: a page asked for by the uid of a hidden row or of none", round(area, 3), "AUC", AUC_GOAL,
                _met(area, most), note)]  # fmt: skip
    area = _one_more(lists, who, dice, most)
    note = f"{most} pairs; {_above(lists, who):,} rows of the register stand above the end of the page"
    rows.append(Row(f"{where}, {group}: the list with one hidden row more", round(area, 3), "AUC", AUC_GOAL, _met(area, most), note))
    return rows


def _met(area: float, most: int) -> bool | None:
    """With few pairs the chance alone is wider than the goal: then nothing is said."""
    return area <= AUC_GOAL if most >= PAIRS else None


def _above(lists: Lists, who: Subject) -> int:
    """How many rows of the register stand above the oldest on the first page: what a scan walks."""
    keys = lists.first(who)[0]
    return len(lists.made.papers) - keys[-1] if keys else 0


def _in_turn(dice: random.Random, acts: dict[str, list[Callable[[], Any]]]) -> dict[str, list[float]]:
    order = [(name, act) for name, found in acts.items() for act in found]
    dice.shuffle(order)
    taken: dict[str, list[float]] = {name: [] for name in acts}
    for name, act in order:
        taken[name].append(peers.timed(act)[0])
    return taken


def _one_more(lists: Lists, who: Subject, dice: random.Random, most: int) -> float:
    """The time of the list while the newest row is one that is hidden, against the time while it is not there."""
    top = lists.made.papers[-1].id
    allowed = lists.made.allowed(who, lists.made.papers[-1])
    hide = "UPDATE documents_document SET level = %s WHERE id = %s"
    away = "UPDATE documents_document SET registered_at = %s WHERE id = %s"
    if allowed:
        lists.cursor.execute(hide, [99, top])
    newest, oldest = lists.place(top)[0], lists.place(1)[0]
    taken: dict[int, list[float]] = {0: [], 1: []}
    for there in dice.sample([0, 1] * most, 2 * most):
        lists.cursor.execute(away, [newest if there else oldest, top])
        taken[there].append(peers.timed(lambda: lists.first(who))[0])
    lists.cursor.execute(away, [newest, top])
    lists.cursor.execute(hide, [lists.made.papers[-1].level, top])
    return auc(taken[1], taken[0])


def of_database(settings: dict[str, Any], asked: argparse.Namespace, variant: str, made: world.Company) -> list[Row]:
    """Load one company into one database and measure everything there."""
    connection = loading.open_database(settings)
    where = f"{'PostgreSQL' if connection.vendor == 'postgresql' else 'SQLite'}, {variant}"
    took, _ = peers.timed(lambda: loading.load(connection, made))
    lists = Lists(connection, made)
    note = f"{len(made.papers):,} documents, {len(made.sets):,} sets, {sum(map(len, made.sets)):,} scope rows"
    size = loading.size(connection) / len(made.papers)
    rows = [Row(f"{where}: load", round(took / 1e3, 1), "s", None, None, f"{note}, {size:.0f} bytes a document with all indexes")]
    some = random.Random(asked.seed).sample(made.people, min(asked.sample, len(made.people)))
    groups = {
        "typical": some, "without all staff": [world.without_all_staff(who) for who in some],
        "almost nothing": [world.almost_nothing(who) for who in some],
    }  # fmt: skip
    for people in groups.values():
        planned(lists, people[0])
    compared(lists, groups, 1 if asked.quick else 2)
    rows += measured(lists, groups, where, not asked.quick)
    rows += beside(lists, groups, where, asked.peers)
    for group in ("almost nothing", "typical"):
        rows += told_apart(lists, groups[group][0], where, group, 500 if asked.quick else PAIRS)
    connection.close()
    loading.clear(connection)
    return rows


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="20,000 documents, 25 persons, one variant")
    parser.add_argument("--database", default="sqlite")
    parser.add_argument("--docs", type=int, default=0)
    parser.add_argument("--people", type=int, default=5_000)
    parser.add_argument("--sample", type=int, default=0, help="persons measured of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--variants", default="")
    parser.add_argument("--peers", default="plain,rls,one")
    parser.add_argument("--json", type=Path)
    asked, _others = parser.parse_known_args()
    asked.docs = asked.docs or (20_000 if asked.quick else 1_000_000)
    asked.sample = asked.sample or (25 if asked.quick else 200)
    asked.variants = (asked.variants or ("fresh" if asked.quick else "pooled,fresh")).split(",")
    known = {"plain", "rls", "one"}
    asked.peers = [name for name in asked.peers.split(",") if name in known]
    return asked


def results(asked: argparse.Namespace) -> list[Row]:
    """All rows: each variant on each database."""
    rows = []
    for variant in asked.variants:
        made = world.company(asked.docs, asked.people, asked.seed, variant == "fresh")
        if asked.database in ("sqlite", "both"):
            (FOLDER / "var").mkdir(exist_ok=True)
            rows += of_database({"ENGINE": "django.db.backends.sqlite3", "NAME": FOLDER / "var" / "lists.db"}, asked, variant, made)
        if asked.database != "sqlite":
            shutil.rmtree(FOLDER / "postgres", ignore_errors=True)
            with cluster.server(asked.database, FOLDER) as settings:
                rows += of_database(settings, asked, variant, made)
    return rows


def main() -> None:
    """Print the rows, write them where asked; exit 1 when a list is slower than the floor."""
    asked = arguments()
    began = time.monotonic()
    try:
        rows = results(asked)
    except (cluster.NoServer, OperationalError) as reason:
        sys.exit(str(reason))
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
    for row in rows:
        verdict = {True: "met", False: "NOT MET", None: ""}[row.met]
        beside_it = f"{row.peer} {row.peer_value} = {row.ratio}x" if row.peer else ""
        goal = f"goal {row.goal:g}" if row.goal else ""
        print(f"{row.name:88} {row.ours:>10,} {row.unit:4} {goal:10} {verdict:8}{beside_it:28} {row.note}")
    print(f"0 differences; {time.monotonic() - began:.0f} s")
    if asked.json:
        asked.json.write_text(json.dumps({"bench": "access_lists", "rows": [asdict(row) for row in rows]}, ensure_ascii=False))


if __name__ == "__main__":
    main()
