"""A writer is killed again and again: no acknowledged act is lost, no act stands without its entry, nor the reverse.

The process is killed, the machine is not: this shows nothing about power loss.
"""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

from mifeng.engines import auditlog

from . import reference
from .samples import ROOT, SqliteLog

KILLS = 10


def run_until_killed(database: Path, seconds: float) -> int:
    """Number of acts acknowledged in this run, 0 if none was."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    command = [sys.executable, "-m", "tests.engines.auditlog.writer", str(database)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as writer:
        assert writer.stdout
        first = writer.stdout.readline()  # it is at work
        time.sleep(seconds)
        writer.kill()
        lines = [first, *writer.stdout.read().splitlines(keepends=True)]
    return int([line for line in lines if line.endswith(b"\n")][-1])


def test_kill_9_loses_no_acknowledged_act_and_leaves_no_act_without_entry(tmp_path: Path) -> None:
    database = tmp_path / "house.db"
    made = SqliteLog(database).connection
    made.executescript("PRAGMA journal_mode = WAL;" + "\n".join(auditlog.SCHEMA))
    made.executescript("CREATE TABLE act (id INTEGER PRIMARY KEY, what);" + "\n".join(auditlog.guard_triggers("act")))
    made.close()
    chance, acknowledged = random.Random(9), 0
    for _ in range(KILLS):
        acknowledged = run_until_killed(database, chance.uniform(0.01, 0.12))
        log = SqliteLog(database)
        entries, head = log.entries(), log.head()
        acts = [row[0] for row in log.connection.execute("SELECT id FROM act ORDER BY id")]
        leaves = [row[0] for row in log.connection.execute("SELECT leaf FROM log ORDER BY seq")]
        assert log.connection.execute("SELECT count(*) FROM pending_entry").fetchone() == (0,)
        log.connection.close()
        assert acts == list(range(head.size)) == [auditlog.parse(one)["n"] for one in entries]
        assert head.size >= acknowledged > 0
        assert leaves == [auditlog.leaf(one) for one in entries]
        assert auditlog.root(head.frontier) == reference.tree(entries)
