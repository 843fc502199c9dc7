"""A small client of clamd: one stream, one verdict. Whatever is not a clear answer is `NotChecked`, never clean.

Protocol: clamd(8), command INSTREAM: `zINSTREAM\\0`, then chunks of a 4-byte big-endian length and the bytes, then a
length of zero; the answer ends with a zero byte.
"""

from __future__ import annotations

import re
import socket
import struct
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

CHUNK = 256 * 1024
ANSWER = 4096


@dataclass(frozen=True)
class Clean:
    """The scanner read all bytes and knows nothing against them."""


@dataclass(frozen=True)
class Found:
    """The scanner knows this file. `name` is the signature's name, for the log and the security officer."""

    name: str


@dataclass(frozen=True)
class NotChecked:
    """No verdict. `cause`: off, absent, timeout, size_limit, error, half_answer, busy."""

    cause: str


Verdict = Clean | Found | NotChecked


@dataclass(frozen=True)
class Signatures:
    """What the daemon says of itself. `built` is the time of its signature set in UTC, or None when it does not
    tell."""

    engine: str
    number: str
    built: datetime | None

    def age(self, now: datetime) -> timedelta | None:
        """How old the signatures are at `now` (aware); None = unknown, to be treated as old."""
        return None if self.built is None else now - self.built


class Clamd:
    """The daemon behind `address`: the path of its Unix socket, or (host, port) on the loopback.

    At most `at_once` streams run together; `timeout` (seconds) covers connecting, sending and the answer as a whole.
    """

    def __init__(self, address: str | tuple[str, int], *, timeout: float = 60.0, at_once: int = 2) -> None:
        self.address = address
        self.timeout = timeout
        self._turns = threading.BoundedSemaphore(at_once)

    def check(self, data: bytes) -> Verdict:
        """Stream `data` to the daemon and return its verdict. Does not raise."""
        deadline = time.monotonic() + self.timeout
        if not self._turns.acquire(timeout=self.timeout):
            return NotChecked("busy")
        try:
            with self._connect(deadline) as line:
                self._send(line, data, deadline)
                return _verdict(self._answer(line, deadline))
        except TimeoutError:
            return NotChecked("timeout")
        except OSError:
            return NotChecked("absent")
        finally:
            self._turns.release()

    def signatures(self) -> Signatures | None:
        """Engine and signature set of the daemon (`zVERSION`), or None when it does not answer. Does not raise."""
        deadline = time.monotonic() + min(self.timeout, 5.0)
        try:
            with self._connect(deadline) as line:
                line.sendall(b"zVERSION\0")
                return _signatures(self._answer(line, deadline))
        except OSError:
            return None

    def _connect(self, deadline: float) -> socket.socket:
        family = socket.AF_UNIX if isinstance(self.address, str) else socket.AF_INET
        line = socket.socket(family, socket.SOCK_STREAM)
        try:
            _wait_until(line, deadline)
            line.connect(self.address)
        except BaseException:
            line.close()
            raise
        return line

    def _send(self, line: socket.socket, data: bytes, deadline: float) -> None:
        view = memoryview(data)
        try:
            line.sendall(b"zINSTREAM\0")
            for start in range(0, len(view), CHUNK):
                part = view[start : start + CHUNK]
                _wait_until(line, deadline)
                line.sendall(struct.pack(">I", len(part)))
                line.sendall(part)
            line.sendall(struct.pack(">I", 0))
        except (BrokenPipeError, ConnectionResetError):
            # The daemon hangs up in the middle when its size limit is reached; its reason may still lie in the line.
            return

    def _answer(self, line: socket.socket, deadline: float) -> bytes:
        answer = b""
        while b"\0" not in answer and len(answer) < ANSWER:
            _wait_until(line, deadline)
            try:
                part = line.recv(ANSWER)
            except ConnectionResetError:
                break
            if not part:
                break
            answer += part
        return answer


def _wait_until(line: socket.socket, deadline: float) -> None:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    line.settimeout(left)


def _verdict(answer: bytes) -> Verdict:
    if not answer.endswith(b"\0"):
        return NotChecked("half_answer")
    text = answer.rstrip(b"\0").decode("utf-8", "replace").strip()
    if text == "stream: OK":
        return Clean()
    if text.startswith("stream: ") and text.endswith(" FOUND"):
        return Found(text.removeprefix("stream: ").removesuffix(" FOUND"))
    return NotChecked("size_limit" if "size limit" in text.lower() else "error")


def _signatures(answer: bytes) -> Signatures | None:
    """Read `ClamAV 1.4.6/27000/Mon Nov 24 10:00:00 2025`; a daemon with own signatures alone says only `ClamAV
    1.4.6`."""
    if not answer.endswith(b"\0"):
        return None
    engine, _, rest = answer.rstrip(b"\0").decode("ascii", "replace").strip().partition("/")
    number, _, when = rest.partition("/")
    if not re.match(r"ClamAV \d", engine):
        return None
    return Signatures(engine, number, _moment(when))


def _moment(when: str) -> datetime | None:
    try:
        return datetime.strptime(when.strip(), "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC)
    except ValueError:
        return None
