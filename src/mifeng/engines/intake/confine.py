"""How the worker locks itself in: after its imports, before it reads the first byte of a file.

Each step takes something away for good: limits, network name space, new privileges, the file system (Landlock), system
calls (seccomp), uid, the parent's survival. A step the kernel does not know is skipped; those that remain are
named by `confine`.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import resource
import signal
import struct
import sys
from collections.abc import Callable
from pathlib import Path

from . import seccomp
from .limits import Bounds

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
SECCOMP_MODE_FILTER = 2
CLONE_NEWNET = 0x40000000
LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 444, 445, 446
LANDLOCK_VERSION = 1
# The access rights each version of Landlock knows: 13, then refer, truncate, and from version 5 ioctl on devices.
LANDLOCK_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}
LANDLOCK_READ = (1 << 2) | (1 << 3)


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def confine(bounds: Bounds, uid: int | None, parent: int, settle: Callable[[], None]) -> list[str]:
    """Take away from this process all it does not need to read one file; returns the names of the layers now in force.

    `uid`: the plain uid to become (only root can), None = stay. `parent`: the pid that started us. `settle` is called
    behind all walls but the change of uid, which takes every thread along; the program's files can still be read then,
    wherever they lie. Raises OSError if a layer that always exists cannot be set or a thread would stand outside.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if len(os.listdir("/proc/self/task")) != 1:
        # Name space, Landlock and seccomp are of the thread that asks for them and of those that it begins.
        raise OSError(errno.EBUSY, "threads")
    layers = ["limits"]
    _limit(bounds)
    if uid is not None and libc.unshare(CLONE_NEWNET) == 0:
        layers.append("network")
    _must(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    if _landlock(libc):
        layers.append("landlock")
    if _seccomp(libc):
        layers.append("seccomp")
    settle()
    if uid is not None:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
        layers.append("uid")
    # After the change of uid, which clears it; the parent may have died in between.
    _must(libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0))
    if os.getppid() != parent:
        os._exit(1)
    _must(libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
    return layers


def _must(result: int) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def _limit(bounds: Bounds) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (bounds.memory, bounds.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (bounds.cpu, bounds.cpu + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (bounds.file, bounds.file))
    resource.setrlimit(resource.RLIMIT_NOFILE, (bounds.open_files, bounds.open_files))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # A write past the limit becomes an error of that write; the default would be a signal, and with it a core.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def _seccomp(libc: ctypes.CDLL) -> bool:
    if not seccomp.supported():
        return False
    code = seccomp.reader_filter()
    program = _Program(len(code) // 8, code)
    return bool(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0)


def _landlock(libc: ctypes.CDLL) -> bool:
    """Leave nothing of the file system but reading program code (a late import); no write, no new name anywhere."""
    if platform.machine() not in ("x86_64", "aarch64"):
        return False
    version = libc.syscall(LANDLOCK_CREATE, None, ctypes.c_size_t(0), LANDLOCK_VERSION)
    if version < 1:
        return False
    handled = struct.pack("=Q", LANDLOCK_RIGHTS.get(version, (1 << 16) - 1))
    ruleset = libc.syscall(LANDLOCK_CREATE, handled, ctypes.c_size_t(len(handled)), 0)
    if ruleset < 0:
        return False
    for folder in _code_folders():
        _allow_reading(libc, ruleset, folder)
    done = libc.syscall(LANDLOCK_RESTRICT, ruleset, 0) == 0
    os.close(ruleset)
    return done


def _code_folders() -> list[str]:
    folders = {sys.prefix, sys.base_prefix, str(Path(__file__).resolve().parents[3])}
    return sorted(folder for folder in folders if folder != "/")


def _allow_reading(libc: ctypes.CDLL, ruleset: int, folder: str) -> None:
    try:
        place = os.open(folder, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    libc.syscall(LANDLOCK_ADD, ruleset, 1, struct.pack("=Qi", LANDLOCK_READ, place), 0)
    os.close(place)
