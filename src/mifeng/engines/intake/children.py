"""One child process from start to certain end: bytes in, bytes out, a wall clock, and nobody left afterwards."""

from __future__ import annotations

import fcntl
import os
import secrets
import selectors
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

PIECE = 1 << 16
ERROR_TAIL = 8192
NOBODY = 65534
# A range no distribution hands out (systemd: "unused", UIDS-GIDS document): a uid of its own makes a job countable
# and keeps two jobs from touching one another.
JOB_UIDS = (0x78000000, 0x10000)


@dataclass(frozen=True)
class Ended:
    """How a child ended. `code` is negative for a signal; `survivors` counts processes that were still there after
    the kill."""

    code: int
    output: bytes = b""
    error: str = ""
    timed_out: bool = False
    overflowed: bool = False
    survivors: int = 0
    wall: float = 0.0


@dataclass
class _Stream:
    limit: int
    pieces: list[bytes] = field(default_factory=list)
    size: int = 0

    def take(self, piece: bytes) -> bool:
        """Keep the piece; False when the limit is passed."""
        self.size += len(piece)
        if self.size <= self.limit:
            self.pieces.append(piece)
        return self.size <= self.limit


def job_uid() -> int | None:
    """A plain uid for one job, or None when this process is not root and so has one already."""
    if os.geteuid() != 0:
        return None
    first, count = JOB_UIDS
    return first + secrets.randbelow(count) if _mapped(first, count) else NOBODY


def _mapped(first: int, count: int) -> bool:
    for line in Path("/proc/self/uid_map").read_text("ascii").splitlines():
        inside, _, length = (int(figure) for figure in line.split())
        if inside <= first and first + count <= inside + length:
            return True
    return False


def run(
    argv: Sequence[str],
    *,
    environment: Mapping[str, str],
    feed: bytes | None = b"",
    hand_down: Sequence[int] = (),
    wall: float,
    output: int,
) -> Ended:
    """Run `argv` in a session of its own, write `feed` to it, collect at most `output` bytes, kill its group in every
    case.

    `feed` None: nothing is written, and standard input stays open as long as this process lives (a life line).
    `wall`: seconds until the whole group is killed. `hand_down`: descriptors the child keeps under the same number.
    Raises OSError when the program cannot be started.
    """
    began = time.monotonic()
    child = subprocess.Popen(
        list(argv),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        pass_fds=tuple(hand_down),
        env=dict(environment),
        cwd="/",
        start_new_session=True,
        bufsize=0,
    )
    ended = Ended(code=0)
    try:
        ended = _converse(child, feed, began + wall, output)
    finally:
        kill_group(child.pid)
        code = child.wait()
        for end in (child.stdin, child.stdout, child.stderr):
            if end is not None:
                end.close()
    return replace(ended, code=code, wall=time.monotonic() - began)


def kill_group(pid: int) -> None:
    """Kill the process group led by `pid`; a group that is gone is no error."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass


def _converse(child: subprocess.Popen[bytes], feed: bytes | None, deadline: float, limit: int) -> Ended:
    assert child.stdin is not None and child.stdout is not None and child.stderr is not None
    output, error = _Stream(limit), _Stream(1 << 20)
    timed_out = overflowed = False
    waiting = memoryview(feed or b"")
    with selectors.DefaultSelector() as selector:
        for end, what, event in (
            (child.stdout, output, selectors.EVENT_READ),
            (child.stderr, error, selectors.EVENT_READ),
            (child.stdin, None, selectors.EVENT_WRITE),
        ):
            if what is not None or feed is not None:
                os.set_blocking(end.fileno(), False)
                selector.register(end, event, what)
        while selector.get_map() and not (timed_out or overflowed):
            ready = selector.select(max(0.0, deadline - time.monotonic()))
            timed_out = not ready and time.monotonic() >= deadline
            for key, _ in ready:
                if key.data is None:
                    waiting = _write(selector, child, waiting)
                elif not _read(selector, key) and key.data is output:
                    overflowed = True
            timed_out = timed_out or time.monotonic() >= deadline
    text = b"".join(error.pieces)[-ERROR_TAIL:].decode("utf-8", "replace")
    return Ended(0, b"".join(output.pieces), text, timed_out, overflowed)


def _write(selector: selectors.BaseSelector, child: subprocess.Popen[bytes], waiting: memoryview) -> memoryview:
    assert child.stdin is not None
    try:
        waiting = waiting[os.write(child.stdin.fileno(), waiting[:PIECE]) :] if waiting else waiting
    except BrokenPipeError:
        waiting = waiting[:0]
    except BlockingIOError:
        return waiting
    if not waiting:
        selector.unregister(child.stdin)
        child.stdin.close()
    return waiting


def _read(selector: selectors.BaseSelector, key: selectors.SelectorKey) -> bool:
    piece = os.read(key.fd, PIECE)
    if not piece:
        selector.unregister(key.fileobj)
        return True
    return bool(key.data.take(piece))


def memory_file(content: bytes) -> int:
    """A sealed descriptor on memory that holds `content`, at its start; it has no name on any disk. The caller closes
    it."""
    fd = os.memfd_create("intake", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        waiting = memoryview(content)
        while waiting:
            waiting = waiting[os.write(fd, waiting) :]
        seals = fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE
        fcntl.fcntl(fd, fcntl.F_ADD_SEALS, seals)
        os.lseek(fd, 0, os.SEEK_SET)
    except BaseException:
        os.close(fd)
        raise
    return fd


def survivors(uid: int | None, pid_namespace: int | None, patience: float = 2.0) -> int:
    """How many processes of a job are alive after its end: those with its own uid or in its pid namespace.

    The kernel needs a moment to take a namespace down, so they are killed and counted again for `patience` seconds.
    """
    deadline = time.monotonic() + patience
    while True:
        alive = _alive(uid, pid_namespace)
        if not alive or time.monotonic() >= deadline:
            return len(alive)
        for pid in alive:
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                pass
        time.sleep(0.01)


def _alive(uid: int | None, pid_namespace: int | None) -> list[int]:
    return [pid for pid in map(int, filter(str.isdigit, os.listdir("/proc"))) if _belongs(pid, uid, pid_namespace)]


def _belongs(pid: int, uid: int | None, pid_namespace: int | None) -> bool:
    try:
        # One that has ended and waits to be reaped by init holds nothing any more.
        if Path(f"/proc/{pid}/stat").read_bytes().rpartition(b") ")[2][:1] in (b"Z", b"X"):
            return False
        if uid not in (None, NOBODY) and os.stat(f"/proc/{pid}").st_uid == uid:
            return True
        return pid_namespace is not None and os.stat(f"/proc/{pid}/ns/pid").st_ino == pid_namespace
    except OSError:
        return False
