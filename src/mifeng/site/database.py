"""Which database the house lies in, and whether it will do: an SQLite file in the home, or a PostgreSQL database.

A password is taken from the address (or from libpq's own places) and handed to the driver; it is never printed.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from mifeng.site import sqlite_file

OLDEST = 14  # CREATE OR REPLACE TRIGGER
# A house that waits longer for its turn says so; a process that hangs inside a deed does not hold the house for ever.
# Statements take milliseconds; compiling one takes longer than running it.
SESSION = "-c synchronous_commit={} -c jit=off -c lock_timeout=20s -c idle_in_transaction_session_timeout=300s -c client_encoding=UTF8"


class UnusableDatabase(Exception):
    """The database cannot hold a house: what was found and what to do, in Chinese and English."""


def is_postgresql(url: str) -> bool:
    """Whether the address names a PostgreSQL database; an empty one and `sqlite:` mean the file in the home."""
    return urlsplit(url).scheme == "postgresql"


def settings_for(url: str, home: Path, fast_disk: bool) -> dict[str, Any]:
    """Django's entry for the database. Raises UnusableDatabase for an address that libpq cannot read."""
    return _postgresql(url, fast_disk) if is_postgresql(url) else _sqlite(home, fast_disk)


def _sqlite(home: Path, fast_disk: bool) -> dict[str, Any]:
    # WAL with FULL: NORMAL may lose the last commits on power loss, and the log must not. fast_disk is for tests only.
    sync = "OFF" if fast_disk else "FULL"
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": home / "mifeng.db",
        # A thread keeps its connection: to open it anew and to parse 135 statements again cost a desk half as much as all else.
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "cached_statements": 2000,  # a desk asks 180; a statement that has to be parsed again costs as much as it reads
            "init_command": (
                f"PRAGMA journal_mode=WAL;PRAGMA synchronous={sync};PRAGMA foreign_keys=ON;"
                "PRAGMA recursive_triggers=ON;PRAGMA secure_delete=ON;PRAGMA temp_store=MEMORY;"
                "PRAGMA cache_size=-32000;PRAGMA mmap_size=134217728;"
            ),
        },
    }


def _postgresql(url: str, fast_disk: bool) -> dict[str, Any]:
    parts = _read(url)
    given = parts.pop("options", "")
    session = SESSION.format("off" if fast_disk else "on") if not given else f"{SESSION.format('on')} {given}"
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", ""),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**parts, "options": session},  # sslmode and the like as given
    }


def _read(url: str) -> dict[str, Any]:
    import psycopg  # optional dependency: a house on SQLite needs no driver
    from psycopg.conninfo import conninfo_to_dict  # optional dependency

    try:
        parts = dict(conninfo_to_dict(url))
    except psycopg.Error:
        # Without the driver's words: they repeat the address, and with it the password.
        raise UnusableDatabase(
            "数据库地址无法读取，应为 postgresql://用户@主机:端口/库名 / this is no address of a database: "
            "postgresql://user@host:port/name is expected"
        ) from None
    if not parts.get("dbname"):
        raise UnusableDatabase("数据库地址缺少库名 / the address names no database: postgresql://user@host:port/name")
    return parts


def place() -> str:
    """The database in words fit for a screen: kind, name, host; never the password."""
    from django.db import connection  # app loading

    named = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"SQLite {Path(named['NAME']).name}"
    return f"PostgreSQL {named['NAME']} @ {named['HOST'] or 'localhost'}"


def check(fast_disk: bool = False) -> None:
    """On PostgreSQL: reachable, new enough, UTF-8, durable, and nobody else's; on SQLite: a whole file. Raises UnusableDatabase."""
    from django.db import OperationalError, connection  # app loading

    if connection.vendor != "postgresql":
        if not sqlite_file.is_whole(Path(connection.settings_dict["NAME"])):
            raise UnusableDatabase(f"数据库文件不完整，请从备份恢复 / the database file was cut: restore it from a backup（{place()}）")
        return
    try:
        connection.ensure_connection()
    except OperationalError as fault:
        raise UnusableDatabase(f"{_why(str(fault))}（{place()}）") from None
    for found in (_age(connection.connection.info.server_version), *_settings(connection, fast_disk), _strangers(connection)):
        if found:
            raise UnusableDatabase(f"{found}（{place()}）")


def _why(words: str) -> str:
    """libpq's refusal as a sentence of ours: its own repeats what it was given, and speaks the server's language."""
    known = {
        "password": "数据库不接受此用户或密码 / the database refuses this user or password",
        "does not exist": "数据库或用户不存在，请先建立 / the database or its user does not exist: create it first",
        "no pg_hba.conf entry": "数据库不接受从此处登录 / the server takes no connection of this user from here (pg_hba.conf)",
        "SSL": "数据库连接的加密方式不符 / the connection's encryption does not fit: see sslmode",
        "too many": "数据库连接已满 / the server has no free connection",
    }
    for part, sentence in known.items():
        if part in words:
            return sentence
    return "连不上数据库，请查看服务器是否运行、地址是否正确 / no database server answers: is it running, is the address right?"


def _age(version: int) -> str:
    if version >= OLDEST * 10000:
        return ""
    return f"数据库版本过旧，须为 PostgreSQL {OLDEST} 或更新 / the server is too old: PostgreSQL {OLDEST} or newer is needed"


def _settings(connection: Any, fast_disk: bool) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_encoding'), current_setting('synchronous_commit')")
        encoding, commit = cursor.fetchone()
    bad = []
    if encoding != "UTF8":
        bad.append(f"数据库编码为 {encoding}，须为 UTF8 / the database is encoded in {encoding}: create it with ENCODING 'UTF8'")
    if commit not in ("on", "remote_apply") and not fast_disk:
        bad.append(f"synchronous_commit 为 {commit}，断电会丢失留痕，须为 on / synchronous_commit is {commit}: "
                   "a power cut would lose entries of the log; it must be on")  # fmt: skip
    return bad


def _strangers(connection: Any) -> str:
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    if not tables or "log_head" in tables or tables == {"django_migrations"}:
        return ""
    if "base_counter" in tables:  # a first migration that was interrupted
        return ""
    first = min(tables)
    return f"此库中已有别人的表（如 {first}），须用空库 / tables of somebody else live here ({first}): an empty database is needed"


def empty() -> None:
    """Take our tables out of a PostgreSQL database: only for a demonstration that begins again."""
    from django.db import connection  # app loading

    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        named = ", ".join(connection.ops.quote_name(table) for table in connection.introspection.table_names(cursor))
        if named:
            cursor.execute(f"DROP TABLE {named} CASCADE")
