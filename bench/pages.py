"""Benchmark of the pages: what the server does for each page people open daily, with few copies and with 100,000.

    ./mifeng bench pages [--quick] [--copies N] [--seed S] [--house FOLDER] [--json FILE]

The demonstration company, its register filled up with papers like its own over ten years, as many numbered copies with their
ledgers, and the books of the counter: loans, slips, receipts, dispatches, runs, trips, destructions, counts; keys, titles and
codes are real. First part: the same people open the same pages twice over, with 1,000 copies and with N (100,000; --quick:
10,000); CPU milliseconds of the server for one page, median, statements counted, the house's own checks in force. The peer in
the same run: the change list of Django's admin and a bare list view over the same rows, which decide, verify, open and record
nothing. Second part: the server that `mifeng up` starts, on loopback, with four people at once and no pause between their pages, once the
daily work of the house is done; wall time of each page.
`--house`: the filled house stays in that folder and is used again (the small register is not measured then).
"""

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import deeds
from lines import Row

GOAL = 30.0  # milliseconds of CPU a page
GROWS = 1.5  # times the work of the small register at most
P95 = 150.0  # milliseconds of wall time, four people at once
SMALL = 1_000
CHECKS = frozenset({"sysadmin /system/"})  # looks at everything on purpose, as `mifeng doctor` does


def founded(folder: Path) -> None:
    """The demonstration company with all its papers, its past played by deeds; one that lies there already is opened."""
    opened = folder / "var" / "demo-unseal"
    deeds.name_folders(folder)
    os.environ |= {"MIFENG_FAST_DISK": "1", "MIFENG_UNSEAL_FILE": str(opened)}
    from mifeng.site import start  # app loading

    start.django_up()
    from mifeng.site.demo import loader

    start.folders()
    start.migrate()
    if opened.exists():
        start.unseal_from_file(opened)
        start.house()
    else:
        loader.make_vault(opened)
        start.house()
        loader.load()


def plain_static_files() -> None:
    """Nothing is collected for the first part: plain names of static files will do."""
    from django.conf import settings  # app loading

    backend = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES, settings.ALLOWED_HOSTS = settings.STORAGES | {"staticfiles": backend}, ["*"]


Measured = dict[str, tuple[float, int]]


def rows_of(small: Measured, large: Measured) -> list[Row]:
    """A line for each page, then the slowest and the one that grows most."""
    rows = []
    for page, (milliseconds, statements) in large.items():
        before, least = small.get(page, (milliseconds, statements))
        ratio = milliseconds / before
        note = f"{before:.1f} ms with {SMALL:,} = {ratio:.2f}x; {least} and " if page in small else ""
        note += f"{statements} statements"
        goal, met = (None, None) if page in CHECKS else (GOAL, milliseconds <= GOAL)
        rows.append(Row(page, round(milliseconds, 1), "ms CPU", goal, met, note, ratio=round(ratio, 2)))
    daily = [row for row in rows if row.goal]
    worst, kept = max(row.ours for row in daily), sum(bool(row.met) for row in daily)
    rows.append(Row("the slowest page", worst, "ms CPU", GOAL, worst <= GOAL, f"{kept} of {len(daily)} pages within the goal"))
    if small:
        grown = max(row.ratio for row in rows)
        rows.append(Row("the page that grows most", grown, "x", GROWS, grown <= GROWS, "the large register beside the small one"))
    return rows


def shown(row: Row) -> str:
    met = "" if row.met is None else "met" if row.met else "NOT MET"
    goal = "" if row.goal is None else f"goal {row.goal:<5g}"
    return f"{row.name:44} {row.ours:>9,.2f} {row.unit:7} {goal:10} {met:8} {row.note}"


def timed(say: str, act: Callable[[], Any]) -> Any:
    start = time.perf_counter()
    told = act()
    print(f"{say}: {time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)
    return told


def first_part(most: int, chance: random.Random) -> list[Row]:
    """CPU of each page in this process, and of the peers over the same rows."""
    from filled import house, peers, visits  # app loading

    small: Measured = {}
    if house.copies() < most:
        world = house.world(chance)
        timed(f"{SMALL:,} copies", lambda: house.fill(world, SMALL))
        small = timed("pages of the small register", visits.measured)
        timed(f"{most:,} copies", lambda: house.fill(world, most))
    large = timed("pages of the large register", visits.measured)
    print(f"{house.said()}", file=sys.stderr, flush=True)
    return [*rows_of(small, large), *peers.rows(large["clerk /copies/"][0])]


def main() -> int:
    """Print the lines, write them where asked. Never fails for a speed."""
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="mifeng bench pages", description=__doc__, formatter_class=plain)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--copies", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--house", type=Path)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    most, chance = asked.copies or (10_000 if asked.quick else 100_000), random.Random(asked.seed)
    folder = asked.house or Path(tempfile.mkdtemp(prefix="mifeng-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        timed("founded", lambda: founded(folder))
        plain_static_files()
        rows = first_part(most, chance)
        from filled import together  # app loading

        rows += timed("four people at once", lambda: together.rows(folder, P95))
    finally:
        if asked.house is None:
            shutil.rmtree(folder, ignore_errors=True)
    print("\n".join(map(shown, rows)))
    if asked.json:
        told = {"bench": "pages", "copies": most, "rows": [asdict(row) for row in rows]}
        asked.json.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
