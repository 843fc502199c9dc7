"""The real server in a child process: granian on a free port, a data folder of its own."""

import http.cookiejar
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from tests.cast import LOGINS
from tests.journeys.found import house_of

ROOT = Path(__file__).resolve().parents[2]
MASK = "j" * 32  # a CSRF secret of our own choosing: cookie and field have to agree, nothing else
AGENTS = {"pc": "Mozilla/5.0 (X11; Linux)", "phone": "Mozilla/5.0 (Linux; Android 14) Mobile"}


class NoAnswer(Exception):
    """The server did not come up; holds what it said."""


def child_environment(settings: dict[str, str]) -> dict[str, str]:
    """This environment without any setting of the test process, with those of the house."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("MIFENG_", "DJANGO_"))}
    return {**plain, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}", "PYTHONUTF8": "1", **settings}


def free_port() -> int:
    """A TCP port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def another_day(at: datetime | None) -> dict[str, str]:
    """The environment of a process that lives on that day (tests.journeys.otherday)."""
    return {"JOURNEY_AT": at.isoformat()} if at else {}


@dataclass
class Server:
    """One running house. `address` ends without a stroke. `at`: the day it lives on, when it is not this one."""

    folder: Path
    at: datetime | None = None
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What the server wrote to its terminal."""
        return self.folder / "server.log"

    def start(self) -> None:
        """Start and wait until it answers. Raises NoAnswer."""
        settings = house_of(self.folder) | {"MIFENG_PORT": str(self.port)} | another_day(self.at)
        program = "tests.journeys.otherday" if self.at else "mifeng"
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", program, "serve"], env=child_environment(settings), stdout=out, stderr=out,
                cwd=self.folder, start_new_session=True,
            )  # fmt: skip
        until = time.monotonic() + 30
        while time.monotonic() < until and self.process.poll() is None:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=2):
                    return
            except OSError:
                time.sleep(0.05)
        raise NoAnswer(self.log.read_text("utf-8", "replace")[-2000:])

    def stop(self) -> None:
        """End the server and its workers, by the group that was started here."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout=6)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def wait_until(self, at: datetime) -> None:
        """The house stands still until this instant, as over a holiday; then it is opened again and does the day's duties."""
        if self.at is not None and at > self.at:
            self.stop()
            self.at = at
            self.start()

    @property
    def told(self) -> dict[str, dict[str, str]]:
        """people: login -> uid, papers: id of the demonstration's list -> uid."""
        return dict(json.loads((self.folder / "house.json").read_text()))

    def uid_of(self, who: str) -> str:
        """The uid of a person of the cast, or of a login."""
        return self.told["people"][LOGINS.get(who, who)]

    def count(self, table: str, **wanted: str) -> int:
        """Rows of a table of the running house that hold these values."""
        where = " AND ".join(f"{column} = ?" for column in wanted) or "1"
        with closing(sqlite3.connect(f"file:{self.folder / 'var' / 'mifeng.db'}?mode=ro", uri=True)) as file:
            [(found,)] = file.execute(f"SELECT count(*) FROM {table} WHERE {where}", tuple(wanted.values()))
        return int(found)

    def sit(self, login: str, device: str = "pc") -> dict[str, str]:
        """Sit down at a new device (pc, phone) as this person, without a browser: the cookies of the session."""
        jar = http.cookiejar.CookieJar()
        ask = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        ask.addheaders = [("Accept", "text/html"), ("Cookie", f"mf_csrf={MASK}"), ("User-Agent", AGENTS[device])]
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": MASK, "person": self.told["people"][login]}).encode()
        try:
            ask.open(f"{self.address}/demo/", body, timeout=10).close()
        except urllib.error.HTTPError as answer:  # the page that follows is none of our business
            answer.close()
        return {cookie.name: cookie.value or "" for cookie in jar}
