from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import struct
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mifeng.engines.intake import Clamd, Clean, Found, Inspection, NotChecked, Rejected, inspect
from mifeng.engines.intake.capability import antivirus
from mifeng.engines.intake.pipeline import Policy

from . import samples

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


Behaviour = Callable[[socket.socket, bytes], object]
Start = Callable[[Behaviour], Clamd]


class Daemon:
    """A clamd of the tests: it reads a whole stream and then does as it was told."""

    def __init__(self, path: Path, behave: Behaviour) -> None:
        self.address, self.streams = str(path), 0
        self._behave = behave
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(self.address)
        self._door.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _ = self._door.accept()
                with contextlib.suppress(OSError), line:
                    self._behave(line, b"")

    def close(self) -> None:
        self._door.close()


def stream(line: socket.socket) -> bytes:
    """The bytes of one INSTREAM command."""
    reader = line.makefile("rb")
    assert reader.read(10) == b"zINSTREAM\0"
    pieces = []
    while length := struct.unpack(">I", reader.read(4))[0]:
        pieces.append(reader.read(length))
    return b"".join(pieces)


@pytest.fixture
def daemon() -> Iterator[Start]:
    # Not tmp_path: the path of a Unix socket may have 107 bytes at most.
    folder = Path(tempfile.mkdtemp())
    running: list[Daemon] = []

    def start(behave: Behaviour) -> Clamd:
        running.append(Daemon(folder / f"{len(running)}.sock", behave))
        return Clamd(running[-1].address, timeout=0.5)

    yield start
    for each in running:
        each.close()
    shutil.rmtree(folder)


def saying(answer: bytes) -> Behaviour:
    def behave(line: socket.socket, _: bytes) -> None:
        stream(line)
        line.sendall(answer)

    return behave


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (b"stream: OK\0", Clean()),
        (b"stream: Win.Test.EICAR_HDB-1 FOUND\0", Found("Win.Test.EICAR_HDB-1")),
        (b"stream: OK FOUND\0", Found("OK")),
        (b"INSTREAM size limit exceeded. ERROR\0", NotChecked("size_limit")),
        (b"stream: Can't allocate memory ERROR\0", NotChecked("error")),
        (b"UNKNOWN COMMAND\0", NotChecked("error")),
        (b"stream: OK", NotChecked("half_answer")),
        (b"stre", NotChecked("half_answer")),
        (b"", NotChecked("half_answer")),
    ],
)
def test_only_a_whole_clear_answer_is_a_verdict(daemon: Start, answer: bytes, verdict: object) -> None:
    assert daemon(saying(answer)).check(b"content") == verdict


def test_a_daemon_that_hangs_is_left_after_the_time(daemon: Start) -> None:
    began = time.monotonic()
    assert daemon(lambda line, _: time.sleep(3)).check(b"content") == NotChecked("timeout")
    assert time.monotonic() - began < 1.5


def test_a_daemon_that_does_not_read_is_left_after_the_time(daemon: Start) -> None:
    assert daemon(lambda line, _: time.sleep(3)).check(b"0" * 20_000_000) == NotChecked("timeout")


def test_a_daemon_that_hangs_up_in_the_middle_has_checked_nothing(daemon: Start) -> None:
    def hang_up(line: socket.socket, _: bytes) -> None:
        line.recv(100)

    assert daemon(hang_up).check(b"0" * 5_000_000) == NotChecked("half_answer")


def test_a_daemon_that_refuses_a_long_stream_says_why(daemon: Start) -> None:
    def too_much(line: socket.socket, _: bytes) -> None:
        line.recv(1000)
        line.sendall(b"INSTREAM size limit exceeded. ERROR\0")
        line.shutdown(socket.SHUT_WR)
        while line.recv(1 << 20):
            pass

    assert daemon(too_much).check(b"0" * 5_000_000) == NotChecked("size_limit")


def test_without_a_daemon_nothing_is_clean() -> None:
    assert Clamd("/nowhere/clamd.sock").check(b"content") == NotChecked("absent")
    assert Clamd(("127.0.0.1", 9)).check(b"content") == NotChecked("absent")


def test_the_daemon_gets_every_byte(daemon: Start) -> None:
    got: list[bytes] = []

    def listen(line: socket.socket, _: bytes) -> None:
        got.append(stream(line))
        line.sendall(b"stream: OK\0")

    content = os.urandom(700_001)
    assert daemon(listen).check(content) == Clean()
    assert got == [content]


@pytest.mark.parametrize(
    ("answer", "policy", "outcome"),
    [
        (b"stream: OK\0", "required", Clean()),
        (b"stream: OK\0", "when_present", Clean()),
        (b"stream: X FOUND\0", "required", "virus"),
        (b"stream: X FOUND\0", "when_present", "virus"),
        (b"stream: E ERROR\0", "required", "not_checked"),
        (b"stream: E ERROR\0", "when_present", NotChecked("error")),
        (None, "required", "not_checked"),
        (None, "when_present", NotChecked("absent")),
        (b"stream: X FOUND\0", "off", NotChecked("off")),
    ],
)
def test_the_policy_decides_what_an_unchecked_file_may_do(
    daemon: Start, answer: bytes | None, policy: Policy, outcome: object
) -> None:
    scanner = None if answer is None else daemon(saying(answer))
    found = inspect(b"hello", "a.txt", scanner=scanner, policy=policy)
    assert (found.code if isinstance(found, Rejected) else found.verdict) == outcome


def test_the_age_of_the_signatures_is_known_or_counts_as_old(daemon: Start) -> None:
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def versions(answer: bytes) -> Behaviour:
        return lambda line, _: (line.recv(100), line.sendall(answer))

    fresh = daemon(versions(b"ClamAV 1.4.6/27000/Sat Feb 28 12:00:00 2026\0"))
    old = daemon(versions(b"ClamAV 1.4.6/26900/Sat Feb 14 12:00:00 2026\0"))
    silent = daemon(versions(b"ClamAV 1.4.6\0"))
    assert fresh.signatures().age(now) == timedelta(days=1)
    assert [[part.present for part in antivirus(each, now)] for each in (fresh, old, silent, None)] == [
        [True, True],
        [True, False],
        [True, False],
        [False],
    ]


@pytest.fixture(scope="module")
def clamd() -> Iterator[Clamd]:
    if shutil.which("clamd") is None:
        pytest.skip("part missing: clamd (apt install clamav-daemon)")
    folder = Path(tempfile.mkdtemp())
    (folder / "db").mkdir()
    (folder / "db" / "test.ndb").write_text(f"Test.Eicar:0:*:{EICAR.hex()}\n", "ascii")
    settings = {
        "LocalSocket": folder / "s",
        "DatabaseDirectory": folder / "db",
        "Foreground": "yes",
        "StreamMaxLength": "1M",
        "User": pwd.getpwuid(os.getuid()).pw_name,
        "TemporaryDirectory": folder,
    }
    (folder / "c").write_text("".join(f"{name} {value}\n" for name, value in settings.items()), "utf-8")
    process = subprocess.Popen(["clamd", "-c", str(folder / "c")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    scanner = Clamd(str(folder / "s"), timeout=10)
    deadline = time.monotonic() + 10
    while scanner.signatures() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    yield scanner
    process.terminate()
    process.wait(10)
    shutil.rmtree(folder)


def test_the_real_daemon_finds_the_test_virus_raw_zipped_and_in_a_document(clamd: Clamd) -> None:
    infected = samples.repacked(samples.word(), {"word/media/a.bin": EICAR})
    verdicts = [clamd.check(each) for each in (EICAR, samples.packed({"a": EICAR}), infected, samples.word())]
    assert [type(verdict) for verdict in verdicts] == [Found, Found, Found, Clean]


def test_the_real_daemon_does_not_call_clean_what_is_too_long_for_it(clamd: Clamd) -> None:
    assert clamd.check(b"0" * (2 << 20)) == NotChecked("size_limit")


def test_an_infected_document_is_refused_before_it_is_opened(clamd: Clamd) -> None:
    stages: list[str] = []
    infected = samples.repacked(samples.word(), {"word/media/a.bin": EICAR})
    refusal = inspect(infected, "a.docx", scanner=clamd, stage=stages.append)
    assert isinstance(refusal, Rejected) and refusal.code == "virus"
    assert stages == ["virus"]
    assert isinstance(inspect(samples.word(), "a.docx", scanner=clamd), Inspection)
