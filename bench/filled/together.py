"""Four people at once, over HTTP, at the server that `mifeng up` starts: wall time of each page."""

import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from lines import Row

from filled import visits
from mifeng.rooms.people.models import Person
from tests.cast import LOGINS

COLLECT = "from mifeng.site import start; start.django_up(); start.static_files()"
ROUNDS = 12  # times that each of them goes through his day, after one that warms the server up
# Who goes where, in this order: a clerk, a reader, the general manager, the head of the office.
DAYS = {
    "clerk": (
        "/", "/copies/", "/copies/scan/", "/copies/scan/?code={code}", "/copies/{copy}/", "/circulation/loans/", "/circulation/slips/",
        "/circulation/receipts/", "/circulation/dispatches/", "/copies/counts/{sheet}/", "/registers/F05/", "/registers/F04/",
        "/documents/",
    ),
    "insider": ("/", "/documents/", "/documents/{doc}/", "/copies/?view=held", "/circulation/slips/", "/approvals/", "/notices/"),
    "gm": ("/", "/approvals/", "/documents/", "/documents/{doc}/", "/registers/F08/", "/registers/F01/?year={year}", "/notices/"),
    "office_head": ("/", "/documents/", "/circulation/receipts/", "/copies/counts/", "/registers/F03/", "/registers/F11/", "/approvals/"),
}  # fmt: skip


class Browser:
    """One person's browser: a connection that is kept, and his cookies."""

    def __init__(self, port: int, person: str) -> None:
        self.port, self.cookies = port, {}
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        page = self.get("/demo/")[1]
        token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        form = urlencode({"person": person, "csrfmiddlewaretoken": token[1].decode() if token else ""})
        self.ask("POST", "/demo/", form, {"Content-Type": "application/x-www-form-urlencoded"})

    def get(self, place: str) -> tuple[int, bytes]:
        """Status and body."""
        return self.ask("GET", place)

    def ask(self, how: str, place: str, body: str | None = None, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
        """One request on the kept connection."""
        told = {"Accept": "text/html", "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **(headers or {})}
        self.connection.request(how, place, body, told)
        answer = self.connection.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return answer.status, answer.read()


def rows(folder: Path, goal: float) -> list[Row]:
    """p50, p95 and p99 of each page and of all; CPU that the server took for one page on the average."""
    addresses, people = visits.names(), {who: Person.objects.get(login=LOGINS[who]).uid for who in DAYS}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    source = str(Path(__file__).resolve().parents[2] / "src")
    house = os.environ | {"MIFENG_PORT": str(port), "MIFENG_LISTEN": "127.0.0.1", "PYTHONPATH": source}
    del house["MIFENG_FAST_DISK"]  # the fsync of a real house
    # In a process of its own: this one draws with plain names of static files.
    subprocess.run([sys.executable, "-c", COLLECT], env=house, check=True)
    server = subprocess.Popen([sys.executable, "-m", "mifeng", "serve"], env=house)
    try:
        _wait(port)
        _quiet(server.pid)
        taken: dict[str, list[float]] = defaultdict(list)
        faults: list[str] = []
        told = (addresses, taken, faults)
        goers = [threading.Thread(target=_goes, args=(who, Browser(port, people[who]), *told)) for who in DAYS]
        before, begun = _cpu(server.pid), time.perf_counter()
        for goer in goers:
            goer.start()
        for goer in goers:
            goer.join()
        cpu, wall = _cpu(server.pid) - before, time.perf_counter() - begun
    finally:
        server.terminate()
        server.wait(15)
    if faults:
        raise SystemExit("; ".join(faults))
    return _told(taken, goal, cpu, wall)


def _goes(who: str, browser: Browser, addresses: dict[str, Any], taken: dict[str, list[float]], faults: list[str]) -> None:
    for turn in range(ROUNDS + 1):
        for place in DAYS[who]:
            begun = time.perf_counter()
            status, _body = browser.get(place.format(**addresses))
            if status != 200:
                faults.append(f"{who} {place}: {status}")
                return
            if turn:  # the first round warms the server up
                taken[f"{who} {place}"].append((time.perf_counter() - begun) * 1e3)


def _told(taken: dict[str, list[float]], goal: float, cpu: float, wall: float) -> list[Row]:
    found = [_row(f"4 at once: {page}", times, goal) for page, times in taken.items()]
    every = [one for times in taken.values() for one in times]
    rounds = (ROUNDS + 1) / ROUNDS
    each, rate = cpu * 1e3 / (len(every) * rounds), len(every) * rounds / wall
    return [*found, _row("4 at once: all pages", every, goal), Row("4 at once: CPU of the server", round(each, 1), "ms CPU", None, None,
            f"a page on the average; {rate:.1f} pages a second")]  # fmt: skip


def _row(name: str, times: list[float], goal: float) -> Row:
    ordered = sorted(times)
    p95, p99 = (ordered[min(len(ordered) - 1, int(len(ordered) * share))] for share in (0.95, 0.99))
    note = f"p50 {statistics.median(ordered):.0f}, p99 {p99:.0f} ms; {len(ordered)} pages"
    return Row(name, round(p95, 1), "ms p95", goal, p95 <= goal, note)


def _wait(port: int) -> None:
    for _ in range(600):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/health/ready")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise SystemExit("the server did not answer within a minute")


def _quiet(pid: int) -> None:
    """Wait, at most a minute, until the house has done what it does once a day, in the first minute of a day or of a start."""
    for _ in range(20):
        before = _cpu(pid)
        time.sleep(3)
        if _cpu(pid) - before < 0.15:
            return


def _cpu(pid: int) -> float:
    """Seconds of CPU that this process and its children have taken."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    ticks = os.sysconf("SC_CLK_TCK")
    own = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(own[11]) + int(own[12])) / ticks + sum(_cpu(int(child)) for child in children)
