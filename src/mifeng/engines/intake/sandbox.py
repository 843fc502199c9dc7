"""Run a foreign program on a hostile file: bubblewrap with every further layer the machine offers.

Order, outermost first: plain uid, control group, name spaces (no network, no home, no data folder), seccomp filter,
rlimits, wall clock. Content goes in through inherited memory and comes back through a pipe; the only files are in the
sandbox's own tmpfs.
"""

from __future__ import annotations

import functools
import json
import os
import platform
import shutil
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from . import cgroup, children, seccomp
from .children import Ended
from .limits import CONVERTER, Bounds
from .reasons import Capability, _

WORK = "/work"
INSTALL = "apt install bubblewrap"
# A killed service must not leave a conversion behind, and --die-with-parent alone does leave one when the kill falls
# into bubblewrap's first milliseconds (seen in 7 of 100 tries). Hence a life line, a pipe that only the service holds
# open, and two readers of it. The one outside kills the whole group; it reaches a sandbox that is still being built.
# It kills, too, when it comes too late to open the line: bubblewrap ends early when nobody reads what it reports.
# The parentheses keep the input of the first shell as it is; the second joins the control groups and becomes the next
# program, so that there is no moment in which a child could be outside of them.
JOIN = 'while [ "$1" != -- ]; do echo $$ >"$1" || exit 125; shift; done; shift; exec "$@"'
GUARD = (
    f"( read -r _ </proc/$$/fd/0; kill -KILL 0 ) >/dev/null 2>&1 & ( exec /bin/sh -c '{JOIN}' sh " + '"$@" ); exit $?'
)
# The one inside kills all of its name space; it reaches what has left the group.
INNER_GUARD = 'exec 9<&0; ( read -r _ <&9; kill -KILL -1 ) >/dev/null 2>&1 & exec "$@" </dev/null 9<&-'
# Inside the sandbox, where it is a link into the sized memory folder.
TEMPORARY = "/tmp"  # noqa: S108 - the sandbox's own
PLAIN = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": f"{WORK}/home", "TMPDIR": f"{WORK}/scratch"}


class SandboxAbsent(Exception):
    """There is no bubblewrap, or it does not work here. The message says which."""


def run(
    argv: Sequence[str],
    *,
    files: Mapping[str, bytes],
    bounds: Bounds = CONVERTER,
    shown: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
) -> Ended:
    """Run `argv` in a fresh sandbox whose /work holds `files` (name below /work -> content); its standard output
    comes back.

    `shown`: paths of the host that exist read-only inside as well (fonts, program settings), beside /usr. Raises
    `SandboxAbsent` where bubblewrap is missing. Every process of the job has ended when this returns; `survivors`
    counts those that had to be hunted down and were not.
    """
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        raise SandboxAbsent("bwrap not found")
    uid = children.job_uid()
    with ExitStack() as stack:
        group = cgroup.create(memory=bounds.memory, processes=bounds.processes)
        if group is not None:
            stack.callback(group.remove)
        news, told = os.pipe()
        stack.callback(os.close, news)
        descriptors = [told]
        inside = [bwrap, *_walls(bounds, shown), "--info-fd", str(told)]
        inside += _contents(files, stack, descriptors)
        inside += _filter(stack, descriptors)
        inside += _settings({**PLAIN, **(environment or {})})
        try:
            ended = children.run(
                [
                    *_guarded(group),
                    *_bounded(bounds),
                    *_dropped(uid),
                    *inside,
                    "--",
                    "/bin/sh",
                    "-c",
                    INNER_GUARD,
                    "sh",
                    *argv,
                ],
                environment=PLAIN,
                feed=None,
                hand_down=descriptors,
                wall=bounds.wall,
                output=bounds.output,
            )
        finally:
            os.close(told)
        return replace(ended, survivors=children.survivors(uid, _namespace(news)))


def _guarded(group: cgroup.Group | None) -> list[str]:
    return ["/bin/sh", "-c", GUARD, "sh", *(group.entrances if group else ()), "--"]


def _bounded(bounds: Bounds) -> list[str]:
    figures = {
        "as": bounds.memory,
        "cpu": bounds.cpu,
        "fsize": bounds.file,
        "nofile": bounds.open_files,
        "nproc": bounds.processes,
        "core": 0,
    }
    return ["prlimit", *(f"--{name}={figure}" for name, figure in figures.items())]


def _dropped(uid: int | None) -> list[str]:
    # Before bubblewrap, not by it: started by root, its children are not bound by the limit on processes.
    if uid is None:
        return ["setpriv", "--no-new-privs"]
    return ["setpriv", "--reuid", str(uid), "--regid", str(uid), "--clear-groups", "--no-new-privs"]


def _walls(bounds: Bounds, shown: Sequence[str]) -> list[str]:
    walls = [
        "--unshare-all",
        "--die-with-parent",
        "--new-session",
        "--hostname",
        "sandbox",
        "--ro-bind",
        "/usr",
        "/usr",
    ]
    for name in ("bin", "sbin", "lib", "lib64"):
        path = Path("/", name)
        if path.is_symlink():
            walls += ["--symlink", os.readlink(path), str(path)]
        elif path.is_dir():
            walls += ["--ro-bind", str(path), str(path)]
    for path_shown in shown:
        walls += ["--ro-bind-try", path_shown, path_shown]
    walls += ["--proc", "/proc", "--dev", "/dev", "--size", str(bounds.tmpfs), "--tmpfs", WORK]
    walls += ["--dir", f"{WORK}/scratch", "--dir", f"{WORK}/home", "--symlink", f"{WORK[1:]}/scratch", TEMPORARY]
    return walls


def _contents(files: Mapping[str, bytes], stack: ExitStack, descriptors: list[int]) -> list[str]:
    words: list[str] = []
    for folder in sorted({str(Path(name).parent) for name in files} - {"."}):
        words += ["--dir", f"{WORK}/{folder}"]
    for name, content in files.items():
        fd = children.memory_file(content)
        stack.callback(os.close, fd)
        descriptors.append(fd)
        words += ["--file", str(fd), f"{WORK}/{name}"]
    # From here on the one place that can be written is the sized tmpfs: the others would be memory without a limit.
    return [*words, "--remount-ro", "/dev", "--remount-ro", "/"]


def _filter(stack: ExitStack, descriptors: list[int]) -> list[str]:
    if not seccomp.supported():
        return []
    fd = children.memory_file(seccomp.converter_filter())
    stack.callback(os.close, fd)
    descriptors.append(fd)
    return ["--seccomp", str(fd)]


def _settings(environment: Mapping[str, str]) -> list[str]:
    words = ["--clearenv", "--chdir", WORK]
    for name, value in environment.items():
        words += ["--setenv", name, value]
    return words


def _namespace(news: int) -> int | None:
    """The job's pid namespace, as bubblewrap told it; None when it was killed before it could."""
    os.set_blocking(news, False)
    try:
        return int(json.loads(os.read(news, 4096))["pid-namespace"])
    except (BlockingIOError, ValueError, KeyError):
        return None


@functools.cache
def available() -> Capability:
    """Whether a sandbox works here, tried once in the life of the process (`probe` tries again)."""
    return probe()


def probe() -> Capability:
    """Start a sandbox for real and see whether it starts at all; an old or forbidden bubblewrap is as good as none."""
    why = _("没有沙箱:Office 文件可登记,不转换、不预览。")
    if shutil.which("bwrap") is None or shutil.which("setpriv") is None or shutil.which("prlimit") is None:
        return Capability("bubblewrap", False, why, INSTALL)
    ended = run(["true"], files={}, bounds=replace(CONVERTER, wall=10.0))
    if ended.code != 0:
        return Capability("bubblewrap", False, why, INSTALL, detail=ended.error.strip()[-200:])
    return Capability("bubblewrap", True)


def filter_capability() -> Capability:
    """Whether there is a system call filter for this processor; without one conversion goes on with the other
    layers."""
    if seccomp.supported():
        return Capability("seccomp", True, detail=platform.machine())
    why = _("这种处理器没有系统调用过滤:转换照常,少一层防护。")
    return Capability("seccomp", False, why, detail=platform.machine())


def group_capability() -> Capability:
    """Which controllers of the control group tree are ours to use."""
    group = cgroup.create(memory=CONVERTER.memory, processes=CONVERTER.processes)
    if group is not None:
        group.remove()
    have = group.controllers if group else ()
    if {"memory", "pids"} <= set(have):
        return Capability("cgroup", True, detail=" ".join(have))
    why = _("没有可用的控制组:转换照常,内存和进程数只受进程限额约束。")
    return Capability(
        "cgroup", False, why, "systemctl edit mifeng  # [Service] Delegate=yes DelegateSubgroup=main", " ".join(have)
    )
