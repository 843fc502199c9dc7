"""The hand-over to the controlled printer against the real print service; test_making_pages.py does it against a stand-in."""

import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from mifeng.rooms.copies import sheets
from tests import factories

pytestmark = pytest.mark.part("cups")

CONFIGURATION = """\
Listen 127.0.0.1:{port}
PreserveJobFiles No
Browsing Off
WebInterface No
<Location />
  Order allow,deny
  Allow localhost
</Location>
<Policy default>
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
"""
FOLDERS = {"ServerRoot": "etc", "RequestRoot": "spool", "CacheDir": "cache", "StateDir": "state", "TempDir": "tmp"}


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


def until(true: Callable[[], object], patience: float = 20.0) -> None:
    """Wait for the print service, which works by itself."""
    deadline = time.monotonic() + patience
    while not true():
        assert time.monotonic() < deadline, "the print service did not do it"
        time.sleep(0.05)


@dataclass
class Printer:
    """Takes what a queue sends it, as a printer on the network does."""

    door: socket.socket = field(default_factory=socket.socket)
    got: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.door.bind(("127.0.0.1", 0))
        self.door.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self.door.accept()
            except OSError:
                return
            with line, line.makefile("rb") as stream:
                self.got.append(stream.read())


@dataclass
class Service:
    folder: Path
    printer: Printer
    process: subprocess.Popen

    def spooled(self) -> list[bytes]:
        """What the service keeps of its jobs: control files (c…) and data files (d…)."""
        return [path.read_bytes() for path in (self.folder / "spool").iterdir() if path.is_file()]


@pytest.fixture
def service(monkeypatch) -> Iterator[Service]:
    """The machine's own cupsd with a queue secret-1, in a folder and on a port of its own."""
    port, printer = free_port(), Printer()
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o755)  # the service sends what it spooled as a user of its own
    for name in FOLDERS.values():
        (folder / name).mkdir()
    (folder / "etc" / "cupsd.conf").write_text(CONFIGURATION.format(port=port), "utf-8")
    places = "".join(f"{name} {folder / place}\n" for name, place in FOLDERS.items())
    logs = "".join(f"{name} {folder / name}\n" for name in ("ErrorLog", "AccessLog", "PageLog"))
    (folder / "etc" / "cups-files.conf").write_text(places + logs + "SystemGroup root\n", "utf-8")
    command = ["cupsd", "-f", "-c", str(folder / "etc" / "cupsd.conf"), "-s", str(folder / "etc" / "cups-files.conf")]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    monkeypatch.setenv("CUPS_SERVER", f"127.0.0.1:{port}")
    try:
        until(lambda: told("lpstat", "-r") == 0)
        address = f"socket://127.0.0.1:{printer.door.getsockname()[1]}"
        until(lambda: told("lpadmin", "-p", "secret-1", "-E", "-v", address, "-m", "raw") == 0)
        yield Service(folder, printer, process)
    finally:
        process.terminate()
        process.wait(10)
        printer.door.close()
        shutil.rmtree(folder)


def told(*command: str) -> int:
    return subprocess.run(command, capture_output=True, timeout=20, check=False).returncode


def test_a_marked_copy_goes_to_the_queue_byte_by_byte_under_its_code_and_stays_in_no_spool(service):
    copy = factories.pdf("page one", "page two")
    assert sheets.can_print("secret-1")
    sheets.hand_over(copy, "secret-1", "code-4711")
    until(lambda: service.printer.got == [copy])
    until(lambda: not [path for path in (service.folder / "spool").glob("d*") if path.is_file()])
    until(lambda: any(b"code-4711" in kept for kept in service.spooled()))
    assert not any(b"%PDF" in kept for kept in service.spooled())


@pytest.mark.parametrize("fault", ["refuses", "unknown", "gone"])
def test_what_the_queue_does_not_take_is_told_and_nothing_is_printed(service, fault):
    queue = "no-such-queue" if fault == "unknown" else "secret-1"
    if fault == "refuses":
        assert told("cupsreject", "secret-1") == 0
    if fault == "gone":
        service.process.terminate()
        service.process.wait(10)
    with pytest.raises(sheets.NotPrinted):
        sheets.hand_over(factories.pdf(), queue, "code-4711")
    assert service.printer.got == []
