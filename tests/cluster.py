"""A PostgreSQL server for the tests: a cluster of their own in a temporary folder, on a socket, on no network.

`MIFENG_TEST_DATABASE=postgresql` makes every house of the tests lie in it. The process that starts the tests starts the
server, its workers find the folder in `MIFENG_TEST_CLUSTER`. A house is a database made from a template, in some 50 ms.
"""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

POSTGRESQL = os.environ.get("MIFENG_TEST_DATABASE", "") == "postgresql"
# No test outlives a power cut: the server keeps nothing on disk before it answers.
FAST = ("fsync=off", "full_page_writes=off", "jit=off", "autovacuum=off", "listen_addresses=", "wal_level=minimal",
        "max_wal_senders=0", "max_connections=60", "shared_buffers=64MB")  # fmt: skip


class Cluster:
    """A running server. `folder` holds its data and its socket."""

    def __init__(self) -> None:
        from tests.parts_plugin import database_programs  # a plugin: pytest loads it first

        where = database_programs()
        assert where, "no PostgreSQL server here (apt install postgresql)"
        # The server refuses to run as root; whoever is not root runs it himself.
        name = next((u.pw_name for u in pwd.getpwall() if u.pw_name in ("postgres", "nobody")), "") if not os.geteuid() else ""
        user = {"user": name} if name else {}
        self.folder = Path(tempfile.mkdtemp(prefix="mifeng-pg-"))
        if name:
            shutil.chown(self.folder, name)
        self.folder.chmod(0o711)
        made = [where / "initdb", "-D", self.folder / "data", "-U", "mifeng", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
        subprocess.run(made, check=True, capture_output=True, cwd=self.folder, **user)
        options = [word for option in FAST for word in ("-c", option)]
        command = [where / "postgres", "-D", self.folder / "data", "-k", self.folder, *options]
        self.server = subprocess.Popen(
            command, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, **user
        )
        self._wait()

    def _wait(self) -> None:
        import psycopg  # a machine without the driver runs every other test

        for _n in range(200):
            with contextlib.suppress(psycopg.OperationalError):
                connect("postgres", self.folder).close()
                return
            if self.server.poll() is not None:
                break
            time.sleep(0.05)
        self.stop()
        raise RuntimeError("the PostgreSQL server of the tests did not start")

    def stop(self) -> None:
        """End the server at once and remove its folder."""
        with contextlib.suppress(ProcessLookupError):
            self.server.send_signal(signal.SIGQUIT)
        self.server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextlib.contextmanager
def running() -> Iterator[Any]:
    """A connection to a new server; both end with the block."""
    server = Cluster()
    try:
        with connect("postgres", server.folder) as connection:
            yield connection
    finally:
        server.stop()


def connect(database: str, folder: Path | None = None) -> Any:
    """A connection of psycopg, each statement committed at once."""
    import psycopg  # as above

    host = str(folder or os.environ["MIFENG_TEST_CLUSTER"])
    return psycopg.connect(host=host, user="mifeng", dbname=database, autocommit=True)


def url(database: str) -> str:
    """The address of a database of the cluster, as an installation is given it."""
    return f"postgresql://mifeng@/{database}?host={os.environ['MIFENG_TEST_CLUSTER']}"


def name_of(home: Path) -> str:
    """The database of the house in this folder."""
    return f"house_{sha256(str(home).encode()).hexdigest()[:16]}"


def make(database: str, template: str = "template0") -> None:
    """A new database, a copy of `template`; nothing when it stands already."""
    with connect("postgres") as server:
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            server.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}" STRATEGY file_copy')


def drop(database: str) -> None:
    """The database is gone, whoever is still connected."""
    with connect("postgres") as server:
        server.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


class Administrator:
    """The database in the hands of whoever may do everything with it: other connection, no guard in the way."""

    def __init__(self, home: Path) -> None:
        if POSTGRESQL:
            self.connection = connect(name_of(home))
            self.connection.autocommit = False
            self.connection.execute("SET session_replication_role = replica")  # neither triggers nor foreign keys
        else:
            import sqlite3

            self.connection = sqlite3.connect(home / "mifeng.db", timeout=5)
            for (name,) in self.connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                self.connection.execute(f'DROP TRIGGER "{name}"')

    def do(self, sql: str, *values: Any) -> Any:
        """Run a statement written with `?`; returns the cursor."""
        if POSTGRESQL:
            sql = sql.replace("x''", "''::bytea")
            sql = sql.replace("%", "%%").replace("?", "%s") if values else sql
        return self.connection.execute(sql, values)

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows of a question; [] of a statement that gives none."""
        cursor = self.do(sql, *values)
        return cursor.fetchall() if cursor.description else []

    def columns(self, table: str) -> list[tuple[str, str]]:
        """Name and kind of the columns that a new row must be given: not null, without a default, not the key."""
        if not POSTGRESQL:
            told = self.connection.execute(f"PRAGMA table_info({table})").fetchall()
            return [(name, kind) for _n, name, kind, needed, default, pk in told if needed and default is None and not pk]
        return self.rows(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = ? AND is_nullable = 'NO' "
            "AND column_default IS NULL AND is_identity = 'NO'", table,
        )  # fmt: skip


@contextlib.contextmanager
def administrator(home: Path) -> Iterator[Administrator]:
    """Everything written inside the block is committed at its end."""
    from tests import prepared  # app loading

    prepared.end()  # the house is no fresh one any more
    opened = Administrator(home)
    try:
        yield opened
        opened.connection.commit()
    finally:
        opened.connection.close()
