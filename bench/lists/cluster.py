"""A PostgreSQL of the bench's own: made in a folder, on a free port of the loopback, gone afterwards."""

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

# As a small server would be set; nothing of it changes a plan but the memory of one sort.
SETTINGS = {
    "listen_addresses": "127.0.0.1", "shared_buffers": "1GB", "work_mem": "16MB", "maintenance_work_mem": "512MB",
    "max_wal_size": "4GB", "synchronous_commit": "off", "jit": "off",
}  # fmt: skip


class NoServer(Exception):
    """No PostgreSQL was named and none is installed here."""


@contextmanager
def server(database: str, folder: Path) -> Iterator[dict[str, Any]]:
    """Django's settings of a database: the one that the URL names, else a cluster below `folder`. Raises NoServer."""
    if "://" in database:
        url = urlsplit(database)
        yield _settings(url.hostname or "127.0.0.1", url.port or 5432, url.username or "", url.path.lstrip("/"), url.password or "")
        return
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    if not found:
        raise NoServer("no PostgreSQL below /usr/lib/postgresql; name one: --database postgresql://user@host/name")
    port, place, as_owner = _free_port(), folder / "postgres", _owner(folder)
    given = " ".join(f"-c {name}={value}" for name, value in {**SETTINGS, "unix_socket_directories": place}.items())
    _run([*as_owner, found[-1].with_name("initdb"), "-D", place, "-A", "trust", "-U", "bench", "-E", "UTF8", "--locale=C.UTF-8"])
    _run([*as_owner, found[-1], "-D", place, "-w", "-l", place / "log", "-o", f"-p {port} {given}", "start"])
    try:
        yield _settings("127.0.0.1", port, "bench", "postgres")
    finally:
        _run([*as_owner, found[-1], "-D", place, "-w", "-m", "immediate", "stop"])


def _settings(host: str, port: int, user: str, name: str, password: str = "") -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql", "NAME": name, "USER": user, "PASSWORD": password, "HOST": host,
        "PORT": str(port), "OPTIONS": {"options": "-c jit=off"},
    }  # fmt: skip


def _owner(folder: Path) -> list[str]:
    """The server refuses to run as root: then it runs as the account `postgres`, which gets the folder."""
    if os.geteuid() != 0:
        return []
    folder.chmod(0o755)
    (folder / "postgres").mkdir()
    _run(["chown", "postgres", folder / "postgres"])
    return ["runuser", "-u", "postgres", "--"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(command: list[Any]) -> None:
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL, cwd="/")
