"""Starts a PostgreSQL server in a folder of its own, on a socket in that folder and on no network."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class ServerDidNotStart(Exception):
    """The server's own last words."""


def programs() -> Path | None:
    """The folder with initdb and postgres, None where there is none."""
    on_path = shutil.which("initdb")
    found = [Path(on_path).parent] if on_path else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return next((folder for folder in reversed(found) if (folder / "postgres").exists()), None)


@contextmanager
def cluster() -> Iterator[Any]:
    """A connection (psycopg, each statement committed at once) to a new server; both end with the block.

    Raises ServerDidNotStart.
    """
    where, user = programs(), _server_user()
    assert where
    with tempfile.TemporaryDirectory(prefix="mifeng-pg-") as name:
        folder = Path(name)
        if user:
            shutil.chown(folder, user)
        given = {"cwd": folder, **({"user": user} if user else {})}
        made = [where / "initdb", "-D", folder / "data", "-U", "office", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run(made, check=True, capture_output=True, **given)
        command = [where / "postgres", "-D", folder / "data", "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "jit=off"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **given) as server:
            try:
                with _connected(folder, server) as connection:
                    yield connection
            finally:
                server.send_signal(signal.SIGQUIT)


def _connected(folder: Path, server: subprocess.Popen[bytes]) -> Any:
    import psycopg  # only here: a machine without the driver runs every other test

    for _ in range(100):
        try:
            return psycopg.connect(host=str(folder), user="office", dbname="postgres", autocommit=True)
        except psycopg.OperationalError:
            if server.poll() is not None:
                break
            time.sleep(0.1)
    raise ServerDidNotStart((server.stderr.read() if server.poll() is not None else b"").decode())


def _server_user() -> str | None:
    """The server refuses to run as root; whoever is not root runs it himself."""
    if os.geteuid():
        return None
    return next(name for name in ("postgres", "nobody") if any(entry.pw_name == name for entry in pwd.getpwall()))
