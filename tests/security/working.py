"""A worker's loop in processes that are killed. For each line on stdin, minutes since the start, it forks one.

    python -m tests.security.working HOME KEYS

Says `child PID` at each turn of its loop and `dead PID` when it has ended.
"""

import os
import sys
import threading
from datetime import timedelta
from pathlib import Path

from tests import house_fixtures  # brings Django and the rooms up, once for all forks

# isort: split
from mifeng.base import clock, jobs, record, vault
from mifeng.site import ticker
from tests.house_fixtures import PASSPHRASE, START
from tests.security.dying import say


def main(home: Path, keys: Path) -> None:
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            house_fixtures.open_folders(home, keys)
            work(int(line))
        os.waitpid(pid, 0)
        say({"dead": pid})


def work(minutes: int) -> None:
    """The very loop of `mifeng worker`, at a played instant: leases of the last life are over in the next."""
    vault.unseal(PASSPHRASE)
    record.start()
    with clock.played(START + timedelta(minutes=minutes)):
        jobs.work(threading.Event(), turn)


def turn() -> None:
    ticker.tick()
    say({"child": os.getpid()})


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
