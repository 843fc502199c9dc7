"""What the worker can and cannot do once it is locked in: tried by tests and capability page, not believed."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from typing import Any


def prepare() -> None:
    """Import the readers, so that the answer also says whether they are installed."""
    import defusedxml.ElementTree  # noqa: F401 - start-up time of a verb
    import docx  # noqa: F401 - start-up time of a verb
    import openpyxl  # noqa: F401 - start-up time of a verb
    import PIL.Image  # noqa: F401 - start-up time of a verb
    import pypdfium2  # noqa: F401 - start-up time of a verb


def layers(data: bytes, write_to: str = "", read_from: str = "/etc/passwd") -> tuple[dict[str, Any], bytes]:
    """Try what is forbidden and tell which of it worked: `escaped` is a list of names and should be empty."""
    attempts: dict[str, Callable[[], object]] = {
        "socket": lambda: socket.socket(socket.AF_INET),
        "local socket": lambda: socket.socket(socket.AF_UNIX),
        "program": lambda: os.posix_spawn("/bin/true", ["true"], {}),
        "process": _fork,
        "read": lambda: os.close(os.open(read_from, os.O_RDONLY)),
        "root": lambda: os.setuid(0) if os.getuid() else None,
    }
    if write_to:
        attempts["write"] = lambda: _write(write_to, data)
    return {"uid": os.getuid(), "escaped": [name for name, attempt in attempts.items() if _worked(attempt)]}, b""


def sleep(data: bytes, seconds: float = 30.0) -> tuple[dict[str, Any], bytes]:
    """Do nothing for a while: what a worker does whose service dies meanwhile can only be tried on one that lives."""
    time.sleep(seconds)
    return {}, b""


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def _write(path: str, data: bytes) -> None:
    fd = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    os.write(fd, data)


def _worked(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except OSError:
        return False
    return True
