"""A clamd of the tests: it reads every stream and answers with the verdict it was started with."""

import dataclasses
import shutil
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

CLEAN = b"stream: OK\0"
VERSION = b"ClamAV 1.4.2/27581/Mon Mar 16 08:30:00 2026\0"


class Scanner:
    """Listens on a Unix socket of its own until it is closed."""

    def __init__(self, verdict: bytes) -> None:
        self.folder = Path(tempfile.mkdtemp(dir="/tmp"))  # the path of a Unix socket has 107 bytes at most
        self.address, self.verdict = str(self.folder / "clamd"), verdict
        self.door = socket.socket(socket.AF_UNIX)
        self.door.bind(self.address)
        self.door.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        try:
            while True:
                line, _ = self.door.accept()
                with line:
                    self._answer(line)
        except OSError:
            return

    def _answer(self, line: socket.socket) -> None:
        asked = b""
        while not asked.endswith(b"\0\0\0\0" if asked.startswith(b"zINSTREAM") else b"\0"):
            asked += line.recv(65536)
        line.sendall(self.verdict if asked.startswith(b"zINSTREAM") else VERSION)

    def close(self) -> None:
        self.door.close()
        shutil.rmtree(self.folder)


@pytest.fixture
def antivirus(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[bytes], None]]:
    """`antivirus(CLEAN)`: from here on the house asks a scanner that answers so."""
    running: list[Scanner] = []

    def start(verdict: bytes) -> None:
        running.append(Scanner(verdict))
        monkeypatch.setattr(settings, "ENV", dataclasses.replace(settings.ENV, clamd=running[-1].address))

    yield start
    for each in running:
        each.close()
