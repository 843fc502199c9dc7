"""A control group for one job, where this process owns a part of the tree; elsewhere None, and only rlimits hold.

A group that somebody else manages is not ours to divide. Ours is what is marked as delegated (systemd `Delegate=`,
extended attribute `user.delegate`) and what looks like the root of the tree, as in a container. Both versions of the
interface work.
"""

from __future__ import annotations

import os
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
PREFIX = "mifeng-job-"


@dataclass(frozen=True)
class Group:
    """The folders of one job's group; under version 1 there is one for each controller."""

    folders: tuple[Path, ...]
    controllers: tuple[str, ...]

    @property
    def entrances(self) -> tuple[str, ...]:
        """Files into which a process writes its pid to join."""
        return tuple(str(folder / "cgroup.procs") for folder in self.folders)

    def remove(self, patience: float = 1.0) -> None:
        """Take the group away; its last processes may need a moment to go.

        What cannot go is swept by the first job after this service has ended.
        """
        deadline = time.monotonic() + patience
        for folder in self.folders:
            while not _gone(folder) and time.monotonic() < deadline:
                time.sleep(0.01)


def create(*, memory: int, processes: int) -> Group | None:
    """A fresh group with these limits (bytes, count), or None where the tree is not ours or lacks both controllers."""
    folders: list[Path] = []
    controllers: list[str] = []
    name = f"{PREFIX}{os.getpid()}-{secrets.token_hex(8)}"
    for controllers_here, parent, figures in _places(memory, processes):
        folder = parent / name
        try:
            _sweep(parent)
            folder.mkdir()
            for file, figure in figures.items():
                (folder / file).write_text(str(figure), "ascii")
        except OSError:
            _gone(folder)
            continue
        folders.append(folder)
        controllers += controllers_here
    return Group(tuple(folders), tuple(controllers)) if folders else None


def _places(memory: int, processes: int) -> list[tuple[list[str], Path, dict[str, int]]]:
    """Where a group may be made: controllers, parent folder, limit files."""
    places: list[tuple[list[str], Path, dict[str, int]]] = []
    for line in _own_lines():
        _, controllers, own = line.split(":", 2)
        if controllers in ("memory", "pids") and own == "/":
            figures = {"memory.limit_in_bytes": memory} if controllers == "memory" else {"pids.max": processes}
            places.append(([controllers], ROOT / controllers, figures))
        elif not controllers:
            places += _unified(own, memory, processes)
    return places


def _unified(own: str, memory: int, processes: int) -> list[tuple[list[str], Path, dict[str, int]]]:
    base = ROOT / "unified" if (ROOT / "unified").is_dir() else ROOT
    here = base / own.lstrip("/")
    # A group with processes of its own may not hand controllers down, so the delegated one is usually our parent.
    for parent in (here, here.parent):
        given = _words(parent / "cgroup.subtree_control")
        if parent.is_relative_to(base) and _ours(parent, own) and {"memory", "pids"} <= given:
            return [(["memory", "pids"], parent, {"memory.max": memory, "pids.max": processes})]
    return []


def _ours(folder: Path, own: str) -> bool:
    if own == "/":
        return True
    try:
        return os.getxattr(folder, "user.delegate") == b"1"
    except OSError:
        return False


def _own_lines() -> list[str]:
    try:
        return Path("/proc/self/cgroup").read_text("utf-8").splitlines()
    except OSError:
        return []


def _words(file: Path) -> set[str]:
    try:
        return set(file.read_text("ascii").split())
    except OSError:
        return set()


def _sweep(parent: Path) -> None:
    """Groups of services that were killed. One of a service that lives is empty for a moment, too, and must stay."""
    for folder in parent.glob(PREFIX + "*"):
        owner = folder.name.removeprefix(PREFIX).partition("-")[0]
        if not Path("/proc", owner).exists():
            _gone(folder)


def _gone(folder: Path) -> bool:
    try:
        folder.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True
