from __future__ import annotations

import os
import socket
import subprocess
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from mifeng.engines.intake import cgroup, sandbox
from mifeng.engines.intake.children import Ended, job_uid
from mifeng.engines.intake.limits import CONVERTER, MIB, Bounds

from . import samples

SHORT = replace(CONVERTER, wall=10.0)
pytestmark = samples.needs_sandbox()
python = samples.needs_program("/usr/bin/python3", "python3")


def script(text: str, bounds: Bounds = SHORT) -> Ended:
    return sandbox.run(["/bin/sh", "-c", text], files={}, bounds=bounds)


def program(text: str, bounds: Bounds = SHORT) -> Ended:
    return sandbox.run(["/usr/bin/python3", "-c", text], files={}, bounds=bounds)


def test_content_goes_in_and_comes_back_without_a_file_outside() -> None:
    content = os.urandom(3_000_000)
    ended = sandbox.run(["cat", "/work/in.bin"], files={"in.bin": content})
    assert (ended.code, ended.output, ended.survivors) == (0, content, 0)


def test_nothing_of_the_host_is_there_but_programs() -> None:
    ended = script("ls -1 /; ls -1 /etc /home /root /var /srv /sys 2>/dev/null")
    seen = set(ended.output.decode().split())
    assert {"usr", "work", "proc"} <= seen <= {"bin", "sbin", "lib", "lib64", "dev", "proc", "tmp", "usr", "work"}


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "/proc/1/root/etc/passwd", str(Path(__file__).resolve()), "/proc/1/environ"]
)
def test_what_must_stay_outside_cannot_be_read(path: str) -> None:
    # Inside, process 1 is the sandbox's own; its environment and root hold nothing of ours.
    os.environ["INTAKE_CANARY"] = "canary-in-the-environment"
    ended = script(f"cat {path} 2>/dev/null; true")
    assert b"canary" not in ended.output and b"root:" not in ended.output and b"def test" not in ended.output


def test_only_the_sized_memory_folder_can_be_written() -> None:
    ended = script("for d in / /dev /usr /proc /work /tmp; do (echo x > $d/x) 2>/dev/null && echo $d; done")
    assert ended.output.decode().split() == ["/work", "/tmp"]


@python
def test_the_filter_and_the_name_space_refuse_the_network() -> None:
    ended = program(
        "import socket\n"
        "for name in ('AF_INET', 'AF_INET6', 'AF_NETLINK', 'AF_PACKET', 'AF_UNIX'):\n"
        "    try: socket.socket(getattr(socket, name)); print(name)\n"
        "    except OSError: pass\n"
    )
    assert ended.output.decode().split() == ["AF_UNIX"]


@python
def test_new_name_spaces_and_tracing_are_refused() -> None:
    ended = program(
        "import ctypes, platform\n"
        "c = ctypes.CDLL(None, use_errno=True)\n"
        "print(c.unshare(0x10000000), c.ptrace(0, 0, 0, 0), c.mount(None, b'/work', b'tmpfs', 0, None))\n"
    )
    assert ended.output.decode().split() == ["-1", "-1", "-1"]


def test_no_server_of_this_machine_is_reached() -> None:
    """Counter-case first: outside, the same request arrives."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        port = door.getsockname()[1]
        arrived: list[int] = []

        def accept() -> None:
            while True:
                try:
                    line, _ = door.accept()
                except OSError:
                    return
                arrived.append(1)
                line.close()

        threading.Thread(target=accept, daemon=True).start()
        socket.create_connection(("127.0.0.1", port)).close()
        time.sleep(0.1)
        assert arrived == [1]
        script(f"exec 3<>/dev/tcp/127.0.0.1/{port}; bash -c 'exec 3<>/dev/tcp/127.0.0.1/{port}'; true")
        time.sleep(0.1)
        assert arrived == [1]


def test_a_sleeper_is_ended_by_the_wall_clock_with_all_its_children() -> None:
    began = time.monotonic()
    ended = script(
        "sleep 60 & setsid sleep 60 & (setsid sh -c 'sleep 60 & sleep 60' &) ; sleep 60", replace(CONVERTER, wall=0.5)
    )
    assert ended.timed_out and ended.survivors == 0
    assert time.monotonic() - began < 3


def test_a_child_left_behind_dies_with_the_job() -> None:
    ended = script("setsid sleep 60 >/dev/null 2>&1 </dev/null & echo done")
    assert (ended.code, ended.output, ended.survivors) == (0, b"done\n", 0)


def test_a_disk_bomb_meets_the_size_of_the_memory_folder() -> None:
    bounds = replace(CONVERTER, wall=10.0, tmpfs=16 * MIB, file=64 * MIB)
    ended = script("head -c 40000000 /dev/zero > /work/x; echo $?; stat -c %s /work/x", bounds)
    failed, size = ended.output.decode().split()
    assert failed != "0" and int(size) <= 16 * MIB


def test_one_file_has_a_size_limit() -> None:
    ended = script(
        "head -c 40000000 /dev/zero > /work/x; stat -c %s /work/x", replace(CONVERTER, wall=10.0, file=8 * MIB)
    )
    assert int(ended.output) <= 8 * MIB


@python
def test_a_memory_bomb_is_refused_memory() -> None:
    ended = program("x = bytearray(900 << 20); print('had it')", replace(CONVERTER, wall=10.0, memory=512 * MIB))
    assert b"had it" not in ended.output and ended.code != 0
    assert program("x = bytearray(90 << 20); print('had it')").output == b"had it\n"


def test_a_processor_bomb_is_ended_by_its_seconds() -> None:
    ended = script("while :; do :; done", replace(CONVERTER, wall=10.0, cpu=1))
    assert ended.code != 0 and not ended.timed_out and ended.wall < 5


def test_a_fork_bomb_stops_at_the_limit_of_processes() -> None:
    ended = script(
        "n=0; while [ $n -lt 200 ]; do sleep 20 & n=$((n+1)); echo $n; done", replace(CONVERTER, wall=2.0, processes=32)
    )
    started = len(ended.output.split())
    assert 0 < started < 40 and ended.survivors == 0


def test_too_much_output_ends_the_job() -> None:
    ended = script("head -c 3000000 /dev/zero", replace(CONVERTER, output=1_000_000))
    assert ended.overflowed


def test_without_bubblewrap_nothing_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(sandbox.SandboxAbsent):
        sandbox.run(["true"], files={})
    assert (sandbox.probe().present, sandbox.probe().command) == (False, "apt install bubblewrap")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a job a uid of its own")
def test_started_by_root_a_job_has_a_plain_uid_of_its_own() -> None:
    ended = script("id -u")
    assert int(ended.output) not in (0, os.getuid()) and job_uid() is not None


def test_control_groups_leave_nothing_behind() -> None:
    group = cgroup.create(memory=64 * MIB, processes=8)
    if group is None:
        pytest.skip("part missing: a control group tree that is ours (Delegate=yes)")
    assert all(folder.is_dir() for folder in group.folders)
    group.remove()
    assert [folder for folder in group.folders if folder.exists()] == []


def test_the_group_of_a_living_service_is_not_swept_that_of_a_dead_one_is() -> None:
    """Between its making and its first process a group is empty: another service must not take it for a left-over."""
    ours = cgroup.create(memory=64 * MIB, processes=8)
    if ours is None:
        pytest.skip("part missing: a control group tree that is ours (Delegate=yes)")
    ended = subprocess.Popen(["true"])
    ended.wait()
    dead = [folder.parent / f"{cgroup.PREFIX}{ended.pid}-0" for folder in ours.folders]
    for folder in dead:
        folder.mkdir()
    another = cgroup.create(memory=64 * MIB, processes=8)
    assert another is not None
    assert [folder.exists() for folder in (*ours.folders, *dead)] == [True] * len(ours.folders) + [False] * len(dead)
    ours.remove()
    another.remove()
