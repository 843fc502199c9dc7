"""The service's side of the worker: hand one file to a fresh process, get an answer or learn how it was lost."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from . import children
from .limits import READER, Bounds

PACKAGE_ROOT = str(Path(__file__).resolve().parents[3])


class WorkerLost(Exception):
    """The worker gave no answer. `cause`: time, memory, output, crash, or the class name of what its reader raised."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause

    @property
    def too_costly(self) -> bool:
        """Whether a limit ended it, so that trying again on this machine is useless."""
        return self.cause in ("time", "memory", "output", "MemoryError", "RecursionError")


@dataclass(frozen=True)
class Answer:
    """What the worker told, and the bytes it made."""

    told: dict[str, Any]
    payload: bytes


def ask(
    job: str, data: bytes, *, bounds: Bounds = READER, prepare: dict[str, Any] | None = None, **arguments: Any
) -> Answer:
    """Let a fresh worker do `job` on `data`; `arguments` must be plain JSON values. Raises `WorkerLost`.

    `prepare`: values for the module's preparation, which runs before the worker locks itself in (paths of fonts).
    """
    uid = children.job_uid()
    request = {"job": job, "arguments": arguments, "prepare": prepare or {}, "bounds": asdict(bounds)}
    request |= {"uid": uid, "parent": os.getpid()}
    ended = children.run(
        [sys.executable, "-P", "-B", "-s", "-m", "mifeng.engines.intake.worker"],
        environment={"PYTHONPATH": _code_path(), "PATH": os.defpath, "LANG": "C.UTF-8"},
        feed=json.dumps(request).encode("ascii") + b"\n" + data,
        wall=bounds.wall,
        output=bounds.output,
    )
    return _opened(ended)


def _code_path() -> str:
    """Our own package and the installed ones; never the folder we were started in, where anybody may put a module."""
    installed = [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
    return os.pathsep.join([PACKAGE_ROOT, *installed])


def _opened(ended: children.Ended) -> Answer:
    if ended.timed_out or ended.code in (-24, -9):
        # 24 is SIGXCPU; 9 comes a second later from the same limit, or from a control group that is out of memory.
        raise WorkerLost("time" if ended.timed_out or ended.code == -24 else "memory")
    if ended.overflowed:
        raise WorkerLost("output")
    line, newline, payload = ended.output.partition(b"\n")
    if ended.code != 0 or not newline:
        raise WorkerLost("memory" if "MemoryError" in ended.error else "crash")
    told = json.loads(line)
    if "failed" in told:
        raise WorkerLost(told["failed"])
    return Answer(told, payload)
