"""Benchmark of the deed: what deciding, recording and refusing cost beside the bare act, and what a kill loses.

    ./mifeng bench deeds [--quick] [--json FILE] [--n N] [--database sqlite]

Everything happens in a throw-away house with real fsync on the disk of the temporary folder. Wall time; the acts that
are compared are done in turn, so that a slow minute of the disk is slow for all. Peers keep a history of rows without
deciding anything and without a tree; they run in a process of their own on the same disk.
"""

import argparse
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
ADDED_GOAL = 3.0  # milliseconds a deed may add to the bare act, median


def name_folders(folder: Path) -> None:
    """This process works in that folder, with the full fsync of a real house."""
    for name in [name for name in os.environ if name.startswith("MIFENG_")]:
        del os.environ[name]
    os.environ.update(
        DJANGO_SETTINGS_MODULE="mifeng.site.settings", MIFENG_HOME=str(folder / "var"),
        MIFENG_KEYSTORE=str(folder / "var-keys"),
    )  # fmt: skip
    sys.path.insert(0, str(ROOT))


def row(name: str, ours: float, unit: str, note: str, **more: Any) -> dict[str, Any]:
    """One row in the shape that all benchmarks share. `goal` is the most that is allowed; less is better."""
    peer_value, goal = more.get("peer_value"), more.get("goal")
    return {
        "name": name, "ours": round(ours, 3), "unit": unit, "peer": more.get("peer"),
        "peer_value": None if peer_value is None else round(peer_value, 3),
        "ratio": round(peer_value / ours, 3) if peer_value is not None and ours else None,
        "goal": goal, "met": None if goal is None else ours <= goal, "note": note,
    }  # fmt: skip


def milliseconds(act: Callable[[], Any], clock: Callable[[], float] = time.perf_counter) -> float:
    """Time of one act: wall time, or CPU time by `time.process_time`."""
    start = clock()
    act()
    return (clock() - start) * 1e3


def in_turn(count: int, **acts: Callable[[], Any]) -> dict[str, list[float]]:
    """Times of each act, done round after round; under `name cpu` the CPU times of the same."""
    taken: dict[str, list[float]] = {name: [] for act in acts for name in (act, f"{act} cpu")}
    for act in acts.values():
        act()
    for _ in range(count):
        for name, act in acts.items():
            cpu: list[float] = []
            taken[name].append(milliseconds(lambda: cpu.append(milliseconds(act, time.process_time))))  # noqa: B023
            taken[f"{name} cpu"] += cpu
    return taken


def p95(times: list[float]) -> float:
    """The 95th percentile."""
    return sorted(times)[int(len(times) * 0.95)]


def said(times: list[float]) -> str:
    """How often and how the slow ones were."""
    return f"n {len(times)}, p95 {p95(times):.2f} ms"


def flush_floor(folder: Path, count: int) -> list[float]:
    """What the disk alone takes: 4 KB appended to a file and flushed."""
    with open(folder / "floor", "wb", buffering=0) as file:
        return in_turn(count, floor=lambda: (file.write(os.urandom(4096)), os.fdatasync(file.fileno())))["floor"]


# ---------------------------------------------------------------------------------------------------------------- acts


def deed_times(count: int) -> dict[str, list[float]]:
    """The same change of a row bare and as a deed; a deed on a coded row; a refusal; an act that changes nothing."""
    from django.db import transaction  # app loading

    from mifeng.base import clock, deeds
    from mifeng.base.models import Job
    from mifeng.base.refusals import Refused
    from mifeng.rooms.people import actions
    from mifeng.rooms.people.models import Person

    work = Job.objects.create(kind="bench", dedupe="bench", subject="bench", run_at=clock.now())
    person = Person.objects.get(login="gexy")

    def change() -> None:
        work.attempts += 1
        work.save()

    def bare() -> None:
        with transaction.atomic(durable=True):
            change()

    def prefer(minutes: int) -> None:
        actions.set_preferences(person, language="zh-hans", density="normal", idle_minutes=minutes)

    def refused() -> None:
        with suppress(Refused):
            prefer(99)

    return in_turn(
        count, bare=bare, deed=lambda: deeds._do("bench:change", person, None, change), coded=lambda: prefer(4),
        refused=refused,
    )  # fmt: skip


def page_times(count: int) -> list[float]:
    """Open one page of a 机密 paper, decision and entry included, pixels not."""
    from mifeng.base import clock
    from mifeng.rooms.viewing import actions
    from tests import factories
    from tests.cast import Cast
    from tests.house_fixtures import House

    cast = Cast()
    document = factories.readable(cast)
    session = House(Path(), Path()).sit(cast.insider)
    person = session.person
    reading, _file = actions.open_document(person, session, document.uid)
    start, taken = clock.now(), []
    for number in range(count):
        # Six seconds between pages: 200 within ten minutes would rightly pause the reader.
        with clock.played(start + timedelta(seconds=6 * (number + 1))):
            taken.append(milliseconds(lambda: actions.open_page(person, session, reading, 1)))
    return taken


def paper_times(count: int) -> dict[str, list[float]]:
    """Register a 机密 paper without a file; approve each step of its classification."""
    from mifeng.rooms.approvals import actions, queries
    from mifeng.rooms.approvals.models import Approval
    from mifeng.rooms.documents import actions as documents
    from tests import factories
    from tests.cast import Cast

    drafter, taken = Cast().drafter, {"register": [], "approve": []}
    for _ in range(count):
        new, made = factories.new_document(drafter), []
        taken["register"].append(milliseconds(lambda: made.append(documents.register(drafter, new))))  # noqa: B023
        while asked := Approval.objects.filter(item_key=made[0].item_key, state="asked").first():
            decider = queries.candidates(asked)[0]
            taken["approve"].append(milliseconds(lambda: actions.approve(decider, asked, "同意")))  # noqa: B023
    return taken


# --------------------------------------------------------------------------------------------------------------- kills


def write_until_killed(folder: Path) -> None:
    """The victim: changes a row by deeds for ever and prints each number after its deed returned."""
    name_folders(folder)
    from tests import house_fixtures  # app loading

    house_fixtures.open_folders(folder / "var", folder / "var-keys")
    from mifeng.base import clock, deeds, record, vault
    from mifeng.base.models import Job

    vault.unseal(house_fixtures.PASSPHRASE)
    record.start()
    work = Job.objects.get(dedupe="killed")

    def change() -> None:
        work.attempts += 1
        work.save()
        deeds.note(counts={"n": work.attempts})

    with clock.played(house_fixtures.START + timedelta(hours=1)):
        while True:
            deeds._do("bench:killed", None, None, change)
            print(work.attempts, flush=True)


def kill_once(folder: Path, seconds: float) -> tuple[int, int]:
    """Let the victim work for a while, kill it: (deeds it was told are done, those of them that are lost)."""
    from mifeng.base import record
    from mifeng.base.models import Job

    victim = subprocess.Popen([sys.executable, __file__, "--victim", str(folder)], stdout=subprocess.PIPE, text=True)
    assert victim.stdout is not None
    first = victim.stdout.readline()
    time.sleep(seconds)
    victim.send_signal(signal.SIGKILL)
    told = [int(line) for line in [first, *victim.stdout.read().splitlines()] if line.strip()]
    victim.wait()
    logged = [entry["n"]["n"] for _seq, entry in record.entries() if entry["act"] == "bench:killed"]
    done = Job.objects.get(dedupe="killed").attempts
    # A change without a line and a line without a change count as lost, too.
    return len(told), len(set(told) - set(logged)) + abs(done - max(logged)) + len(logged) - len(set(logged))


def kills(folder: Path, count: int) -> dict[str, Any]:
    """Entries lost over so many kills; the tree must hold afterwards."""
    from mifeng.base import clock
    from mifeng.base.models import Job
    from mifeng.site import verification

    Job.objects.create(kind="bench", dedupe="killed", subject="bench", run_at=clock.now())
    dice, told, lost = random.Random(), 0, 0
    for _ in range(count):
        more, gone = kill_once(folder, dice.uniform(0.02, 0.4))
        told, lost = told + more, lost + gone
    findings = [line for line in verification.run() if "缺号" not in line]
    note = f"{count} kills, {told} deeds told as done, {len(findings)} findings of verify"
    return row("entries lost after kill -9", lost + len(findings), "entries", note, goal=0)


# ---------------------------------------------------------------------------------------------------------------- rows


def peer_times(folder: Path, count: int) -> dict[str, Any]:
    """What the peers took, {} when they are not installed."""
    from django.conf import settings  # app loading

    options = json.dumps(settings.DATABASES["default"]["OPTIONS"])
    command = [sys.executable, str(ROOT / "bench" / "peers" / "measure.py"), str(folder), str(count), options]
    env = {**os.environ, "PYTHONPATH": str(ROOT / "bench")}
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    return json.loads(done.stdout) if done.returncode == 0 else {}


def added(times: dict[str, list[float]], act: str, bare: str) -> float:
    """What the median of an act has over the median of the bare one."""
    return statistics.median(times[act]) - statistics.median(times[bare])


def compared(times: dict[str, list[float]], peers: dict[str, Any]) -> list[dict[str, Any]]:
    """What a deed adds, beside what each peer adds to the same change."""
    name, ours = "a deed adds to the same change", added(times, "deed", "bare")
    note = f"decided, recorded in the tree, entry coded; bare {said(times['bare'])}; deed {said(times['deed'])}"
    if not peers:
        return [row(name, ours, "ms", f"{note}; peers absent", goal=ADDED_GOAL)]
    return [
        row(name, ours, "ms", note, peer=f"{peer} {peers['versions'][key]}", goal=ADDED_GOAL,
            peer_value=added(peers["taken"], key, "Bare"))
        for key, peer in (("Audited", "django-auditlog"), ("Historied", "django-simple-history"))
    ]  # fmt: skip


def rows_of(folder: Path, count: int, quick: bool) -> list[dict[str, Any]]:
    """Every row; the house stands and is open."""
    floor, times, peers = flush_floor(folder, count), deed_times(count), peer_times(folder, count)
    middle = {name: statistics.median(taken) for name, taken in times.items()}
    pages, papers = page_times(count), paper_times(max(count // 8, 10))
    rows = [
        row("disk: 4 KB and fdatasync", statistics.median(floor), "ms", said(floor)),
        row("bare change in a plain transaction", middle["bare"], "ms", said(times["bare"]), peer="disk alone",
            peer_value=statistics.median(floor)),
        row("the same change as a deed", middle["deed"], "ms", said(times["deed"]), peer="bare change",
            peer_value=middle["bare"]),
        *compared(times, peers),
        row("deed on a coded row adds", added(times, "coded", "bare"), "ms",
            f"every row of the person verified before, digested after; {said(times['coded'])}", goal=ADDED_GOAL),
        row("CPU: a deed adds to the same change", added(times, "deed cpu", "bare cpu"), "ms", "whatever the disk does",
            goal=ADDED_GOAL),
        row("CPU: a deed on a coded row adds", added(times, "coded cpu", "bare cpu"), "ms", "whatever the disk does",
            goal=ADDED_GOAL),
        row("refused deed", middle["refused"], "ms", said(times["refused"]), peer="the same deed done",
            peer_value=middle["coded"], goal=round(middle["coded"], 3)),
        row("page opened, no pixels", statistics.median(pages), "ms", said(pages)),
    ]  # fmt: skip
    rows += [row(what, statistics.median(papers[key]), "ms", said(papers[key])) for what, key in (
        ("paper registered at 机密", "register"), ("step of a classification approved", "approve"))]  # fmt: skip
    return [*rows, kills(folder, 10 if quick else 40)]


def run(quick: bool, count: int | None = None) -> list[dict[str, Any]]:
    """All rows, in a house of their own that is removed afterwards; `quick` takes some half a minute."""
    folder = Path(tempfile.mkdtemp(prefix="mifeng-bench-"))
    try:
        name_folders(folder)
        from tests import house_fixtures  # app loading

        house_fixtures.build(folder / "var", folder / "var-keys", house_fixtures.company())
        from mifeng.base import clock

        with clock.played(house_fixtures.START):
            return rows_of(folder, count or (150 if quick else 1000), quick)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def shown(line: dict[str, Any]) -> str:
    """A row as a person reads it."""
    met = {True: "met", False: "NOT MET", None: ""}[line["met"]]
    goal = "" if line["goal"] is None else f"goal <= {line['goal']}"
    peer = f"{line['peer']} {line['peer_value']}" if line["peer"] else ""
    return f"{line['name']:36} {line['ours']:>9} {line['unit']:8} {goal:15} {met:8} {peer:36} {line['note']}"


def main() -> int:
    """Print the rows, write them where asked; 1 when a goal was missed."""
    parser = argparse.ArgumentParser(prog="mifeng bench deeds", description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--n", type=int, help="how often each act is done")
    parser.add_argument("--database", choices=["sqlite"], default="sqlite")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--victim", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.victim:
        write_until_killed(asked.victim)
    rows = run(asked.quick, asked.n)
    print("\n".join(map(shown, rows)))
    if asked.json:
        asked.json.write_text(json.dumps({"bench": "deeds", "rows": rows}, ensure_ascii=False, indent=1), "utf-8")
    return 0 if all(line["met"] is not False for line in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
