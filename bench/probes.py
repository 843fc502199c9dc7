"""Benchmark of what cannot be told apart: how long a hidden item and an absent one take to be refused, in the same minute.

    ./mifeng bench probes [--quick] [--samples N] [--database sqlite|postgresql|both] [--seed N] [--json FILE]

A throw-away house with the tests' company; the requests go through every layer of it, without a network, which would only
blur them; beside the time on the wall stands that of the CPU, which no asker can measure so well. Each round asks for a
hidden uid and for one that nothing bears, in an order drawn anew, with a control beside:
two that nothing bears. AUC 0.5 = no time tells them apart; the guess is a threshold learnt on the first half and tried
on the second. Where the bound of the interval nearer to 0.5 lies beyond 0.52, the goal is missed.
"""

import argparse
import gc
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import apart
import deeds
from lines import Row

GOAL = 0.02  # beyond 0.5 either way
CPU, HEAPS = " cpu", ("hidden", "absent", "control")
# What is asked: name, who asks, which hidden thing, method, address.
ASKED = (
    ("card", "outsider", "paper", "get", "/documents/{}/"),
    ("card of a sealed item", "excluded", "sealed", "get", "/documents/{}/"),
    ("card behind a wall", "outsider", "walled", "get", "/documents/{}/"),
    ("reader", "outsider", "paper", "get", "/read/{}/"),
    ("who knows", "sales_head", "paper", "get", "/documents/{}/who/"),
    ("request", "outsider", "approval", "get", "/approvals/{}/"),
    ("revoking", "outsider", "decided", "post", "/approvals/{}/revoke/"),
    ("emergency opening", "outsider", "opening", "get", "/documents/openings/{}/"),
    ("place in the list", "outsider", "paper", "get", "/documents/?after={}"),
    ("progress of a job", "outsider", "job", "get", "/jobs/{}/"),
)  # fmt: skip
SEARCHED = ("search for its title", "outsider", "青鹭三型关节模组", "赤雁五式传动机构")


def timed(act: Callable[[], Any]) -> tuple[float, float]:
    """Milliseconds of one act: on the wall, and of this process."""
    begun, worked = time.perf_counter(), time.process_time()
    act()
    return (time.perf_counter() - begun) * 1e3, (time.process_time() - worked) * 1e3


def in_turn(samples: int, drawn: random.Random, hidden: Callable[[], Any], absent: Callable[[], Any]) -> dict[str, list[float]]:
    """Times of the hidden, the absent and a second absent one, round after round, each round in an order of its own."""
    acts = {"hidden": hidden, "absent": absent, "control": absent}
    taken: dict[str, list[float]] = {f"{name}{which}": [] for name in acts for which in ("", CPU)}
    for act in (*acts.values(), *acts.values()):
        act()
    gc.collect()
    gc.disable()
    for _ in range(samples):
        for name in drawn.sample(list(acts), len(acts)):
            wall, cpu = timed(acts[name])
            taken[name].append(wall)
            taken[f"{name}{CPU}"].append(cpu)
        gc.collect(0)
    gc.enable()
    return taken


def rows_of(name: str, database: str, taken: dict[str, list[float]]) -> list[Row]:
    """What the times of one page say; of CPU time only where the database works in this process, too."""
    ways = {"": "wall", CPU: "CPU"} if database == "sqlite" else {"": "wall"}
    return [_row(f"{name}, {word}, {database}", *(taken[f"{one}{which}"] for one in HEAPS)) for which, word in ways.items()]


def _row(name: str, hidden: list[float], absent: list[float], control: list[float]) -> Row:
    apart_by, apart_control = apart.auc(hidden, absent), apart.auc(control, absent)
    gap = apart.difference(hidden, absent)
    nearest = min(abs(bound - 0.5) for bound in (apart_by.low, apart_by.high)) if not apart_by.low <= 0.5 <= apart_by.high else 0.0
    usual = sorted(absent)[len(absent) // 2]
    note = (
        f"{len(hidden)} pairs, AUC {apart_by}, control {apart_control}, guess {apart.guessed(hidden, absent)}, "
        f"median difference {gap.value * 1e3:+.0f} µs [{gap.low * 1e3:+.0f}, {gap.high * 1e3:+.0f}] of {usual:.2f} ms"
    )
    return Row(name, round(apart_by.value, 3), "AUC", 0.5 + GOAL, nearest <= GOAL, note)


def measured(database: str, samples: int, seed: int, folder: Path) -> list[Row]:
    """Every page asked in a house of that database; this process works in `folder`."""
    deeds.name_folders(folder)
    os.environ["MIFENG_FAST_DISK"] = "1"  # what the disk takes to keep an entry is the same for both, and blurs them
    if database == "postgresql":
        os.environ["MIFENG_TEST_DATABASE"] = "postgresql"
    from tests import cluster  # the settings are read from the environment that was just made

    server = cluster.Cluster() if cluster.POSTGRESQL else None
    if server:
        os.environ["MIFENG_TEST_CLUSTER"] = str(server.folder)
        os.environ["MIFENG_DATABASE_URL"] = cluster.url("postgres")
    try:
        return _in_house(database, samples, random.Random(seed), folder)
    finally:
        if server:
            server.stop()


def _in_house(database: str, samples: int, drawn: random.Random, folder: Path) -> list[Row]:
    from django.conf import settings  # app loading

    from tests import house_fixtures

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}  # nothing is collected for a bench
    founded = folder / "founded"
    house_fixtures.build(founded / "var", founded / "var-keys", house_fixtures.company())
    house_fixtures.settle()
    from mifeng.base import clock
    from mifeng.base.fields import new_uid
    from tests.security import probing

    def made(name: str) -> Path:
        (folder / name).mkdir()
        return folder / name

    rows = []
    with clock.played(house_fixtures.START):
        worlds = probing.built(founded, made)
        worlds.enter("hidden")
        for name, who, key, method, path in ASKED:
            client, uid = worlds.client(who), worlds.uids[key]
            ask = getattr(client, method)
            taken = in_turn(samples, drawn, lambda: ask(path.format(uid)), lambda: ask(path.format(new_uid())))  # noqa: B023
            rows += _printed(rows_of(name, database, taken))
        name, who, title, other = SEARCHED
        client = worlds.client(who)
        taken = in_turn(samples, drawn, lambda: client.post("/search/", {"q": title}), lambda: client.post("/search/", {"q": other}))
        rows += _printed(rows_of(name, database, taken))
        worlds.drop()
    return rows


def _printed(rows: list[Row]) -> list[Row]:
    for row in rows:
        print(shown(row), flush=True)
    return rows


def shown(row: Row) -> str:
    """A line for the terminal."""
    return f"{row.name:36} {row.ours:6.3f} {row.unit}  goal {row.goal}  {'met' if row.met else 'MISSED'}  {row.note}"


def main() -> int:
    """Print the lines, write them where asked; 1 when a goal is missed."""
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="mifeng bench probes", description=__doc__, formatter_class=plain)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--samples", type=int)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    samples = asked.samples or (100 if asked.quick else 2_000)
    with tempfile.TemporaryDirectory(prefix="mifeng-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        rows = _both(asked, samples, folder) if asked.database == "both" else measured(asked.database, samples, asked.seed, folder)
    if asked.json:
        told = {"bench": "probes", "rows": [asdict(row) for row in rows]}
        asked.json.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    return 0 if all(row.met for row in rows) else 1


def _both(asked: argparse.Namespace, samples: int, folder: Path) -> list[Row]:
    """Each database in a process of its own: settings are read once."""
    rows = []
    for database in ("sqlite", "postgresql"):
        file = folder / f"{database}.json"
        command = [sys.executable, __file__, "--database", database, "--samples", str(samples), "--seed", str(asked.seed)]
        if subprocess.run([*command, "--json", str(file)], check=False).returncode > 1:
            raise SystemExit(f"the run on {database} broke off")
        rows += [Row(**row) for row in json.loads(file.read_text("utf-8"))["rows"]]
    return rows


if __name__ == "__main__":
    sys.exit(main())
