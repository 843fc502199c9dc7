"""Benchmark of decisions with reasons: ours beside casbin, cedarpy (single and batch) and regopy, on the same rules.

    ./mifeng bench access_decisions [--quick] [--docs N] [--people N] [--seed N] [--peers cedarpy,casbin,regopy] [--json FILE]

Everybody is asked the same questions and must give the same answers, row by row where a peer can name the rows; any
difference ends the run before a time is printed. Five rounds in turn in one process, the median of each, ratios of the
medians. Facts, policies, entities and inputs are made ready before: a time is the deciding alone.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from decisions import peers, world
from lines import Different, Row

ROUNDS = 5
FLOOR, GOAL = 50, 100
OURS_GOAL = 1_000_000
DOCS = 1_000_000


def same_answers(asked: list[world.Question], ours: Any, theirs: Any) -> None:
    """Question by question. Raises Different."""
    for question, mine, other in zip(asked, ours.answers(), theirs.answers(), strict=True):
        rows = mine[1] if other[1] is not None else None
        if (mine[0], rows) != other:
            raise Different(f"{theirs.name} says {other}, we say {mine}: {question}")


def rate(run: Callable[[], Any], count: int, times: int = 1) -> float:
    """Decisions a second over so many runs, for one of ours is over too soon to be timed."""
    began = time.perf_counter()
    for _ in range(times):
        run()
    return count * times / (time.perf_counter() - began)


def measured(names: list[str], *, docs: int, people: int, seed: int, count: int, times: int) -> list[Row]:
    """The rows of the result. Raises Different."""
    asked = world.questions(count, docs=docs, people=people, seed=seed)
    ours = peers.Ours(asked)
    others = [kind(asked) for name in names for kind in peers.PEERS[name]]
    for other in others:
        same_answers(asked, ours, other)
    rates: dict[str, list[float]] = {name: [] for name in ("ours", *(other.name for other in others))}
    for _ in range(ROUNDS):
        rates["ours"].append(rate(ours.run, count, times))
        for other in others:
            rates[other.name].append(rate(other.run, count))
    return rows({name: statistics.median(found) for name, found in rates.items()}, others, ours, count)


def rows(medians: dict[str, float], others: list[Any], same: Any, compared: int) -> list[Row]:
    """Ours alone, beside each peer, and beside the best of them."""
    ours = medians["ours"]
    allowed = sum(answer[0] for answer in same.answers())
    note = f"{compared} questions compared, {allowed} allowed, 0 different answers"
    made = [Row("decisions with reasons", round(ours), "1/s", OURS_GOAL, ours >= OURS_GOAL, note)]
    for other in others:
        ratio = ours / medians[other.name]
        said = "rows named" if other.name != "casbin" else "yes or no only: it cannot name all rows"
        made.append(
            Row(f"beside {other.name}", round(ours), "1/s", GOAL, ratio >= GOAL, f"{version(other.package)}; {said}", other.name,
                round(medians[other.name]), round(ratio, 1))
        )  # fmt: skip
    if others:
        best = max(others, key=lambda other: medians[other.name])
        ratio = ours / medians[best.name]
        made.append(
            Row("beside the best peer, floor", round(ours), "1/s", FLOOR, ratio >= FLOOR, "", best.name,
                round(medians[best.name]), round(ratio, 1))
        )  # fmt: skip
    return made


def options(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """What `bench access` shares with this part."""
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--docs", type=int, default=0, help="of which the questions are asked; 0: a million, lists: their own")
    parser.add_argument("--people", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--peers", default="cedarpy,casbin,regopy")
    parser.add_argument("--json", type=Path)
    return parser


def run(asked: argparse.Namespace) -> list[Row]:
    """The rows of this part. Raises Different."""
    names = [name for name in asked.peers.split(",") if name in peers.PEERS]
    count, times = (280, 50) if asked.quick else (4_200, 50)
    return measured(names, docs=asked.docs or DOCS, people=asked.people, seed=asked.seed, count=count, times=times)


def show(found: list[Row]) -> None:
    """The table for people."""
    for row in found:
        verdict = "met" if row.met else "NOT MET"
        beside = f"{row.peer_value:>9,} 1/s  x{row.ratio:<8}" if row.peer else " " * 23
        print(f"{row.name:30} {row.ours:>12,} {row.unit} {beside} goal {row.goal:>9,} {verdict}  {row.note}")


def main() -> int:
    """Print, and write where asked."""
    asked = options(argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)).parse_args()
    found = run(asked)
    show(found)
    if asked.json:
        asked.json.write_text(json.dumps({"bench": "access decisions", "rows": [asdict(row) for row in found]}, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
