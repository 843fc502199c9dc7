"""Seccomp filters as classic BPF bytes, written by hand for x86_64 and aarch64 (seccomp(2), linux/bpf_common.h).

Two filters: the converter's leaves a program everything but what a converter never needs and an intruder does; the
reader's is for our own worker after its imports and also takes away new programs, new processes and every socket.
"""

from __future__ import annotations

import platform
import struct
from dataclasses import dataclass

LD_WORD, JUMP_EQUAL, JUMP_AT_LEAST, JUMP_ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, KILL_PROCESS = 0x7FFF0000, 0x80000000
EPERM, ENOSYS = 0x00050001, 0x00050026
AT_NUMBER, AT_ARCHITECTURE, AT_FIRST_ARGUMENT = 0, 4, 16
AF_UNIX = 1
CLONE_THREAD = 0x00010000
# NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET: a new user namespace gives root inside it.
NEW_NAMESPACES = 0x7E020000
X32 = 0x40000000

Instruction = tuple[int, int, int, int]


@dataclass(frozen=True)
class Machine:
    """Numbers of one processor type: audit architecture and system calls (the kernel's syscall tables)."""

    audit: int
    refused: tuple[int, ...]
    socket: int
    clone: int
    programs: tuple[int, ...]

    @property
    def has_x32(self) -> bool:
        """x86_64 has a second set of call numbers from 2^30 on; a filter that forgets it has a hole."""
        return self.audit == 0xC000003E


CLONE3 = 435
# System call -> its number on x86_64 and on aarch64; None where the call does not exist. From 424 on they are the same.
REFUSED: dict[str, tuple[int, int | None]] = {
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "bpf": (321, 280),
    "userfaultfd": (323, 282),
    "perf_event_open": (298, 241),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "unshare": (272, 97),
    "setns": (308, 268),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "syslog": (103, 116),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "iopl": (172, None),
    "ioperm": (173, None),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "pidfd_getfd": (438, 438),
    "mount_setattr": (442, 442),
}
# A new program or process: fork and vfork do not exist on aarch64.
PROGRAMS: dict[str, tuple[int, int | None]] = {
    "execve": (59, 221),
    "execveat": (322, 281),
    "fork": (57, None),
    "vfork": (58, None),
}


def _column(calls: dict[str, tuple[int, int | None]], column: int) -> tuple[int, ...]:
    return tuple(numbers[column] for numbers in calls.values() if numbers[column] is not None)  # type: ignore[misc]


MACHINES = {
    "x86_64": Machine(0xC000003E, _column(REFUSED, 0), socket=41, clone=56, programs=_column(PROGRAMS, 0)),
    "aarch64": Machine(0xC00000B7, _column(REFUSED, 1), socket=198, clone=220, programs=_column(PROGRAMS, 1)),
}


def supported(machine: str | None = None) -> bool:
    """Whether there is a filter for this processor type (default: the one we run on)."""
    return (machine or platform.machine()) in MACHINES


def converter_filter(machine: str | None = None) -> bytes:
    """The filter for a foreign converter. Sockets of AF_UNIX stay: LibreOffice does not start without them.

    Raises KeyError for an unknown processor type.
    """
    here = MACHINES[machine or platform.machine()]
    program = _head(here) + _refuse(here.refused)
    program += _unless_argument_equals(here.socket, AF_UNIX)
    program += _if_argument_has(here.clone, NEW_NAMESPACES)
    # clone3 hides its flags in memory where no filter can look; "not there" makes the C library fall back to clone.
    program += _answer(CLONE3, ENOSYS)
    return _packed(program + [(RETURN, 0, 0, ALLOW)])


def reader_filter(machine: str | None = None) -> bytes:
    """The filter for our own worker after its imports: no socket of any kind, no new program, no new process (threads
    may)."""
    here = MACHINES[machine or platform.machine()]
    program = _head(here) + _refuse(here.refused + here.programs + (here.socket,))
    program += _unless_argument_has(here.clone, CLONE_THREAD)
    program += _answer(CLONE3, ENOSYS)
    return _packed(program + [(RETURN, 0, 0, ALLOW)])


def _head(here: Machine) -> list[Instruction]:
    head: list[Instruction] = [
        (LD_WORD, 0, 0, AT_ARCHITECTURE),
        (JUMP_EQUAL, 1, 0, here.audit),
        (RETURN, 0, 0, KILL_PROCESS),
        (LD_WORD, 0, 0, AT_NUMBER),
    ]
    if here.has_x32:
        head += [(JUMP_AT_LEAST, 0, 1, X32), (RETURN, 0, 0, KILL_PROCESS)]
    return head


def _refuse(numbers: tuple[int, ...]) -> list[Instruction]:
    return [step for number in numbers for step in _answer(number, EPERM)]


def _answer(number: int, answer: int) -> list[Instruction]:
    return [(JUMP_EQUAL, 0, 1, number), (RETURN, 0, 0, answer)]


def _unless_argument_equals(number: int, wanted: int) -> list[Instruction]:
    return [
        (JUMP_EQUAL, 0, 4, number),
        (LD_WORD, 0, 0, AT_FIRST_ARGUMENT),
        (JUMP_EQUAL, 1, 0, wanted),
        (RETURN, 0, 0, EPERM),
        (RETURN, 0, 0, ALLOW),
    ]


def _if_argument_has(number: int, bits: int) -> list[Instruction]:
    return [
        (JUMP_EQUAL, 0, 4, number),
        (LD_WORD, 0, 0, AT_FIRST_ARGUMENT),
        (JUMP_ANY_BIT, 0, 1, bits),
        (RETURN, 0, 0, EPERM),
        (RETURN, 0, 0, ALLOW),
    ]


def _unless_argument_has(number: int, bits: int) -> list[Instruction]:
    return [
        (JUMP_EQUAL, 0, 4, number),
        (LD_WORD, 0, 0, AT_FIRST_ARGUMENT),
        (JUMP_ANY_BIT, 1, 0, bits),
        (RETURN, 0, 0, EPERM),
        (RETURN, 0, 0, ALLOW),
    ]


def _packed(program: list[Instruction]) -> bytes:
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in program)
