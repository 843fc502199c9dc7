from __future__ import annotations

import struct
from collections.abc import Callable

import pytest

from mifeng.engines.intake.seccomp import MACHINES, converter_filter, reader_filter

ALLOW, KILL, EPERM, ENOSYS = 0x7FFF0000, 0x80000000, 0x00050001, 0x00050026
NUMBERS = {
    "x86_64": {
        "read": 0,
        "openat": 257,
        "mmap": 9,
        "socket": 41,
        "ptrace": 101,
        "mount": 165,
        "unshare": 272,
        "keyctl": 250,
    }
    | {
        "bpf": 321,
        "io_uring_setup": 425,
        "setns": 308,
        "clone": 56,
        "clone3": 435,
        "execve": 59,
        "fork": 57,
        "socketpair": 53,
    },
    "aarch64": {
        "read": 63,
        "openat": 56,
        "mmap": 222,
        "socket": 198,
        "ptrace": 117,
        "mount": 40,
        "unshare": 97,
        "keyctl": 219,
    }
    | {"bpf": 280, "io_uring_setup": 425, "setns": 268, "clone": 220, "clone3": 435, "execve": 221, "socketpair": 199},
}
NEWUSER, THREAD = 0x10000000, 0x00010000


def verdict(program: bytes, audit: int, number: int, first: int = 0) -> int:
    """Reference: classic BPF as seccomp(2) runs it, in the five instructions we use."""
    record = struct.pack("<IIQ6Q", number, audit, 0, first, 0, 0, 0, 0, 0)
    steps = [struct.unpack_from("=HBBI", program, at) for at in range(0, len(program), 8)]
    at, value = 0, 0
    while True:
        code, when, otherwise, figure = steps[at]
        if code == 0x06:
            return figure
        if code == 0x20:
            value = struct.unpack_from("<I", record, figure)[0]
            at += 1
            continue
        holds = {0x15: value == figure, 0x35: value >= figure, 0x45: bool(value & figure)}[code]
        at += 1 + (when if holds else otherwise)


@pytest.mark.parametrize("machine", MACHINES)
def test_a_converter_may_do_everything_but_what_it_never_needs(machine: str) -> None:
    program, audit = converter_filter(machine), MACHINES[machine].audit
    outcomes = {name: verdict(program, audit, number, 1) for name, number in NUMBERS[machine].items()}
    refused = {name for name, outcome in outcomes.items() if outcome == EPERM}
    assert refused == {"ptrace", "mount", "unshare", "keyctl", "bpf", "io_uring_setup", "setns"}
    assert {name for name, outcome in outcomes.items() if outcome == ENOSYS} == {"clone3"}
    assert outcomes["socket"] == outcomes["execve"] == ALLOW


@pytest.mark.parametrize("machine", MACHINES)
def test_a_converter_gets_local_sockets_only(machine: str) -> None:
    program, audit, number = converter_filter(machine), MACHINES[machine].audit, NUMBERS[machine]["socket"]
    allowed = {family for family in range(46) if verdict(program, audit, number, family) == ALLOW}
    assert allowed == {1}


@pytest.mark.parametrize("machine", MACHINES)
def test_a_converter_gets_no_name_space_of_its_own(machine: str) -> None:
    program, audit, number = converter_filter(machine), MACHINES[machine].audit, NUMBERS[machine]["clone"]
    assert verdict(program, audit, number, NEWUSER) == EPERM
    assert verdict(program, audit, number, 17) == ALLOW


@pytest.mark.parametrize("machine", MACHINES)
def test_a_reader_gets_no_socket_no_program_no_process_but_threads(machine: str) -> None:
    program, audit = reader_filter(machine), MACHINES[machine].audit
    numbers = NUMBERS[machine]
    outcomes = {
        name: verdict(program, audit, numbers[name], 1) for name in ("socket", "execve", "clone", "read", "mmap")
    }
    assert outcomes == {"socket": EPERM, "execve": EPERM, "clone": EPERM, "read": ALLOW, "mmap": ALLOW}
    assert verdict(program, audit, numbers["clone"], THREAD) == ALLOW


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("make", [converter_filter, reader_filter])
def test_calls_in_the_numbers_of_another_processor_end_the_process(machine: str, make: Callable[[str], bytes]) -> None:
    program = make(machine)
    assert verdict(program, 0x40000003, 11) == KILL
    x32 = verdict(program, MACHINES[machine].audit, 0x40000000 + 41)
    assert x32 == (KILL if machine == "x86_64" else ALLOW)
