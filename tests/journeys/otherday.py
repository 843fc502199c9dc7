"""A house that lives on another day than this machine: the clock of its processes is set, and goes on from there.

    JOURNEY_AT=2026-11-23T09:00+08:00 python -m tests.journeys.otherday      serves as `mifeng serve` does

What waits for a day (a loan that runs out, the clear-up in December) is then walked on every day of the real year.
"""

import os
import time
from datetime import datetime, timedelta
from typing import Any

from mifeng.base import clock
from mifeng.site.cli import serve

AT = "JOURNEY_AT"  # an instant with its zone; when it is not said, the machine's own clock counts


def play() -> None:
    """From now on this process's machine shows the instant of the environment, and the seconds since."""
    if AT not in os.environ:
        return
    began, since = datetime.fromisoformat(os.environ[AT]), time.monotonic()
    clock.machine_clock = lambda: began + timedelta(seconds=time.monotonic() - since)


def main() -> None:
    """`mifeng serve`, but the process that serves plays the day first."""
    execute = os.execv

    def with_its_day(program: str, words: list[str]) -> Any:
        execute(program, [*words[:-1], "tests.journeys.otherday_wsgi:application"])

    os.execv = with_its_day  # type: ignore[assignment]
    serve.main([])


if __name__ == "__main__":
    main()
