"""Seccomp filters as classic BPF bytes, written by hand for x86_64 and aarch64 (seccomp(2), linux/bpf_common.h).

Two filters: `CONVERTER` leaves a program everything but what a document converter never needs and an intruder does;
`READER` is for our own worker after its imports and also takes away new programs, new processes and every socket.
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
# pidfd_getfd, io_uring_{setup,enter,register}, open_tree, move_mount, fsopen, fsconfig, fsmount, fspick, mount_setattr
SAME_EVERYWHERE = (438, 425, 426, 427, 428, 429, 430, 431, 432, 433, 442)

MACHINES = {
    "x86_64": Machine(
        audit=0xC000003E,
        # ptrace, process_vm_{readv,writev}, mount, umount2, pivot_root, chroot, keyctl, add_key, request_key, bpf,
        # userfaultfd, perf_event_open, {init,finit,delete}_module, unshare, setns, {name_to,open_by}_handle_at,
        # kexec_{load,file_load}, reboot, swapon, swapoff, syslog, acct, quotactl, iopl, ioperm
        refused=(
            101,
            310,
            311,
            165,
            166,
            155,
            161,
            250,
            248,
            249,
            321,
            323,
            298,
            175,
            313,
            176,
            272,
            308,
            303,
            304,
            246,
            320,
        )
        + (169, 167, 168, 103, 163, 179, 172, 173)
        + SAME_EVERYWHERE,
        socket=41,
        clone=56,
        programs=(59, 322, 57, 58),  # execve, execveat, fork, vfork
    ),
    "aarch64": Machine(
        audit=0xC00000B7,
        refused=(
            117,
            270,
            271,
            40,
            39,
            41,
            51,
            219,
            217,
            218,
            280,
            282,
            241,
            105,
            273,
            106,
            97,
            268,
            264,
            265,
            104,
            294,
        )
        + (142, 224, 225, 116, 89, 60)
        + SAME_EVERYWHERE,
        socket=198,
        clone=220,
        programs=(221, 281),  # execve, execveat; fork and vfork do not exist here
    ),
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
