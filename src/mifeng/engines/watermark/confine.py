"""What a worker that reads hostile files gives up: memory, files, processes, the network, and root.

Every step is taken even when another would seem enough. On other systems than
Linux only the limits on files and processes hold.
"""

import ctypes
import math
import os
import platform
import resource
import struct
import sys
from pathlib import Path

LINUX = sys.platform == "linux"
NOBODY = 65534
MEMORY = 1_200_000_000
OPEN_FILES = 32
PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 4, 22, 38
SECCOMP_MODE_FILTER = 2

# System calls refused with EPERM, with their numbers on x86-64 and on AArch64 (-1: not there): sockets, new
# programs and processes, other processes, mounts, keys, and the doors by which old filters were passed.
REFUSED_CALLS: dict[str, tuple[int, int]] = {
    "socket": (41, 198),
    "connect": (42, 203),
    "bind": (49, 200),
    "listen": (50, 201),
    "socketpair": (53, 199),
    "clone": (56, 220),
    "fork": (57, -1),
    "vfork": (58, -1),
    "clone3": (435, 435),
    "execve": (59, 221),
    "execveat": (322, 281),
    "kill": (62, 129),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "mount": (165, 40),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "setns": (308, 268),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "perf_event_open": (298, 241),
    "bpf": (321, 280),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
}
# Column of the table and audit code of a machine.
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}


def confine() -> None:
    """Confines this process for good. To be called once, after everything it needs is loaded.

    Raises:
        OSError: root could not be given up.
    """
    _limit_resources()
    _give_up_root()
    _filter_calls()


def limit_cpu(seconds: int) -> None:
    """Allows `seconds` more of CPU time from now, or a part of one more; the kernel ends the process beyond that."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(used.ru_utime + used.ru_stime) + seconds, hard))


def _limit_resources() -> None:
    """Caps memory (what is mapped now plus 1.2 GB), open files and processes; no file may grow, no core is
    written.
    """
    limits = [
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ]
    if LINUX:
        mapped = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
        limits.append((resource.RLIMIT_AS, mapped + MEMORY))
    for kind, most in limits:
        resource.setrlimit(kind, (most, most))


def _give_up_root() -> None:
    if LINUX and os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
        if 0 in os.getresuid():
            raise PermissionError("root could not be given up")


def _filter_calls() -> None:
    """Loads a seccomp filter of the deny kind. Where the kernel or the machine knows none, the other layers stand
    alone.
    """
    if not LINUX:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    known = MACHINES.get(platform.machine())
    if known:
        column, machine = known
        numbers = tuple(call[column] for call in REFUSED_CALLS.values() if call[column] >= 0)
        code = ctypes.create_string_buffer(_program(machine, numbers))
        program = struct.pack("HxxxxxxP", len(code.raw[:-1]) // 8, ctypes.addressof(code))
        libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.c_char_p(program), 0, 0)


def _program(machine: int, refused: tuple[int, ...]) -> bytes:
    """Returns a classic BPF program: another machine code ends the process, a refused call answers EPERM, all else
    passes.
    """
    load_machine, load_call = (0x20, 0, 0, 4), (0x20, 0, 0, 0)
    equal, at_least, answer = 0x15, 0x35, 0x06
    allow, refuse, kill = 0x7FFF0000, 0x00050001, 0x80000000
    steps = [load_machine, (equal, 1, 0, machine), (answer, 0, 0, kill), load_call]
    # Numbers from 2^30 are the x32 ABI of the same machine, where every call has a second number.
    steps.append((at_least, len(refused) + 1, 0, 0x40000000))
    steps += [(equal, len(refused) - i, 0, call) for i, call in enumerate(refused)]
    steps += [(answer, 0, 0, allow), (answer, 0, 0, refuse)]
    return b"".join(struct.pack("HBBI", *step) for step in steps)
