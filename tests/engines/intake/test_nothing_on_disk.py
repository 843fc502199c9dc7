"""A rare word goes through every step, also a killed one; afterwards no file and no memory folder of this machine
holds it."""

from __future__ import annotations

import os
import re
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mifeng.engines.intake import Clean, Rendition, Text, inspect, read_text, render

from . import samples

PLACES = ("/tmp", "/var/tmp", "/dev/shm", "/run")


def holders(word: str, since: float, *packed: bytes) -> list[str]:
    """Files changed since then that hold the word in UTF-8 or UTF-16, or a stretch from the middle of one of the
    `packed` files."""
    stretches = [whole[len(whole) // 2 :][:48] for whole in packed]
    forms = (word.encode("utf-8"), word.encode("utf-16-le"), *stretches)
    return [str(path) for path in changed(since) if any(form in content(path) for form in forms)]


def changed(since: float) -> Iterator[Path]:
    for place in PLACES:
        for folder, folders, files in os.walk(place, onerror=None):
            # The test's own control files live under pytest's folder and are searched like any other.
            folders[:] = [name for name in folders if not Path(folder, name).is_symlink()]
            for name in files:
                path = Path(folder, name)
                try:
                    if path.is_file() and path.stat().st_mtime >= since - 1:
                        yield path
                except OSError:
                    continue


def content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(64 << 20)
    except OSError:
        return b""


def test_the_search_finds_what_is_there() -> None:
    word, since = f"canary-{secrets.token_hex(8)}", time.time()
    planted = Path("/tmp", f"intake-control-{os.getpid()}")
    data = samples.word((word,))
    try:
        planted.write_text(f"before {word} after", "utf-8")
        assert holders(word, since) == [str(planted)]
        planted.write_bytes(data)
        assert holders(word, since) == [] and holders(word, since, data) == [str(planted)]
    finally:
        planted.unlink()


@samples.needs_converter()
def test_no_step_leaves_the_word_in_a_file() -> None:
    word, since = f"金丝雀{secrets.token_hex(8)}", time.time()
    data = samples.word((word, *samples.PASSAGE))
    found = inspect(data, f"{word}.docx", policy="off")
    made = render(data, found.kind, verdict=Clean())
    read = read_text(data, found.kind)
    assert isinstance(made, Rendition) and isinstance(read, Text) and word in read.text
    assert holders(word, since, data, made.pdf) == []
    assert changed_by_office(since) == []


def changed_by_office(since: float) -> list[str]:
    """Lock files, profiles and half documents of a converter that wrote outside its memory."""
    marks = re.compile(r"\.~lock.*|lu\w+\.tmp|OSL_PIPE.*|registrymodifications\.xcu|document\.(docx|pdf)")
    return [str(path) for path in changed(since) if marks.fullmatch(path.name)]


CONVERT = """
import sys
from mifeng.engines.intake import Clean, office, render
from mifeng.engines.intake.kinds import KINDS
data = sys.stdin.buffer.read()
office.available()
print("begun", flush=True)
render(data, KINDS["docx"], verdict=Clean(), font_folder=sys.argv[1])
"""


def converting(data: bytes, token: str) -> subprocess.Popen[bytes]:
    """A service of its own that has just begun to convert; the token stands in the command line of all it starts."""
    service = subprocess.Popen(
        [sys.executable, "-c", CONVERT, f"/nowhere/{token}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert service.stdin is not None and service.stdout is not None
    service.stdin.write(data)
    service.stdin.close()
    assert service.stdout.readline() == b"begun\n"
    return service


def killed(service: subprocess.Popen[bytes]) -> None:
    service.send_signal(signal.SIGKILL)
    service.wait()
    assert service.stdout is not None
    service.stdout.close()


def left_of(token: str, patience: float = 3.0) -> list[str]:
    """Command lines with this token that are still alive after a moment."""
    deadline = time.monotonic() + patience
    while (found := [line for line in command_lines() if token in line]) and time.monotonic() < deadline:
        time.sleep(0.02)
    return found


def command_lines() -> Iterator[str]:
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            yield Path("/proc", pid, "cmdline").read_text("utf-8", "replace").replace("\0", " ")
        except OSError:
            continue


@samples.needs_converter()
@pytest.mark.parametrize("delay", [0.1, 0.7])
def test_killed_in_the_middle_nothing_is_left_neither_word_nor_process(delay: float) -> None:
    word, since = f"金丝雀{secrets.token_hex(8)}", time.time()
    token = secrets.token_hex(8)
    data = samples.word((word, *samples.PASSAGE * 30))
    service = converting(data, token)
    time.sleep(delay)
    killed(service)
    assert left_of(token) == []
    assert holders(word, since, data) == []


@samples.needs_converter()
def test_killed_while_the_sandbox_is_being_built_nothing_stays_alive() -> None:
    """In its first milliseconds bubblewrap does not yet die with its parent; the guards must reach it all the same."""
    left: list[str] = []
    for _ in range(12):
        token = secrets.token_hex(8)
        service = converting(samples.word(), token)
        deadline = time.monotonic() + 2
        while not begun(service.pid) and time.monotonic() < deadline:
            pass
        killed(service)
        left += left_of(token, patience=0.4)
    assert left == []


def begun(pid: int, parent: str = "") -> bool:
    """Whether bubblewrap has made its child somewhere below this process."""
    try:
        name = Path(f"/proc/{pid}/comm").read_text("utf-8").strip()
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    except OSError:
        return False
    return name == parent == "bwrap" or any(begun(int(child), name) for child in below)


def test_a_worker_whose_service_is_killed_dies_too() -> None:
    program = (
        "import threading, time, os, sys\n"
        "from mifeng.engines.intake import children\n"
        "from mifeng.engines.intake.ask import ask\n"
        "from mifeng.engines.intake.limits import READER\n"
        "threading.Thread(target=lambda: ask('sleep', b''), daemon=True).start()\n"
        "deadline = time.monotonic() + 5\n"
        "def own():\n"
        "    for pid in filter(str.isdigit, os.listdir('/proc')):\n"
        "        try:\n"
        "            words = open(f'/proc/{pid}/stat').read().rpartition(') ')[2].split()\n"
        "            if int(words[1]) == os.getpid(): yield pid\n"
        "        except OSError: pass\n"
        "while not list(own()) and time.monotonic() < deadline: time.sleep(0.01)\n"
        "time.sleep(0.4)\n"
        "print(*own(), flush=True)\n"
        "time.sleep(30)\n"
    )
    service = subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert service.stdout is not None
    children = [int(pid) for pid in service.stdout.readline().split()]
    assert len(children) == 1 and alive(children[0])
    service.send_signal(signal.SIGKILL)
    service.wait()
    service.stdout.close()
    deadline = time.monotonic() + 3
    while alive(children[0]) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not alive(children[0])


def alive(pid: int) -> bool:
    try:
        return Path("/proc", str(pid), "stat").read_bytes().rpartition(b") ")[2][:1] not in (b"Z", b"X")
    except OSError:
        return False
