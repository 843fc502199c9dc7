"""Every setting of the process, read once from the environment, typed; an unknown MIFENG_ name is an error.

Figures of the regulation are parameters (mifeng.clauses.parameters), never settings.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit


class UnusableSetting(Exception):
    """A MIFENG_ variable that cannot be used: names the variable, what was expected and what stands there."""


@dataclass(frozen=True)
class Env:
    """Settings of one process. Paths are absolute; `port` is a TCP port; `locks_fsync` False only in tests."""

    home: Path
    keystore: Path
    backups: Path | None
    key_backups: Path | None
    database_url: str = field(repr=False)  # may hold a password
    listen: str
    port: int
    behind_proxy: str
    tls: bool
    language: str
    clamd: str
    printer: str
    unseal_file: str
    fonts: Path | None
    work_inline: bool
    fast_disk: bool
    debug: bool


NAMES = {
    "MIFENG_HOME", "MIFENG_KEYSTORE", "MIFENG_BACKUPS", "MIFENG_KEY_BACKUPS", "MIFENG_DATABASE_URL", "MIFENG_LISTEN",
    "MIFENG_PORT", "MIFENG_BEHIND_PROXY", "MIFENG_TLS", "MIFENG_LANGUAGE", "MIFENG_CLAMD", "MIFENG_PRINTER", "MIFENG_UNSEAL_FILE",
    "MIFENG_FONTS", "MIFENG_WORK_INLINE", "MIFENG_FAST_DISK", "MIFENG_DEBUG",
    "MIFENG_TEST_ALL", "MIFENG_TEST_WHOLE", "MIFENG_TEST_STATEMENTS", "MIFENG_TEST_PROCESSES", "MIFENG_TEST_DATABASE",
    "MIFENG_TEST_CLUSTER",
}


def read(environ: Mapping[str, str] = os.environ) -> Env:
    """The settings of this process. Raises UnusableSetting."""
    unknown = sorted(name for name in environ if name.startswith("MIFENG_") and name not in NAMES)
    if unknown:
        raise UnusableSetting(f"unknown setting {unknown[0]}; known: {', '.join(sorted(NAMES))}")
    home = Path(environ.get("MIFENG_HOME", "var")).resolve()
    keystore = Path(environ.get("MIFENG_KEYSTORE", f"{home}-keys")).resolve()
    if keystore == home or home in keystore.parents:
        raise UnusableSetting(f"MIFENG_KEYSTORE {keystore} lies below MIFENG_HOME {home}: keys and papers stay apart")
    url = environ.get("MIFENG_DATABASE_URL", "")
    if url and urlsplit(url).scheme not in ("sqlite", "postgresql"):
        raise UnusableSetting(f"MIFENG_DATABASE_URL: expected sqlite: or postgresql:, got {urlsplit(url).scheme!r}")
    return Env(
        home=home,
        keystore=keystore,
        backups=_folder(environ, "MIFENG_BACKUPS"),
        key_backups=_folder(environ, "MIFENG_KEY_BACKUPS"),
        database_url=url,
        listen=environ.get("MIFENG_LISTEN", "127.0.0.1"),
        port=_number(environ, "MIFENG_PORT", 8000),
        behind_proxy=environ.get("MIFENG_BEHIND_PROXY", ""),
        tls=_yes(environ, "MIFENG_TLS"),
        language=environ.get("MIFENG_LANGUAGE", "zh-hans"),
        clamd=environ.get("MIFENG_CLAMD", "/run/clamav/clamd.ctl"),
        printer=_queue(environ.get("MIFENG_PRINTER", "")),
        unseal_file=environ.get("MIFENG_UNSEAL_FILE", ""),
        fonts=_folder(environ, "MIFENG_FONTS"),
        work_inline=_yes(environ, "MIFENG_WORK_INLINE"),
        fast_disk=_yes(environ, "MIFENG_FAST_DISK"),
        debug=_yes(environ, "MIFENG_DEBUG"),
    )


def _folder(environ: Mapping[str, str], name: str) -> Path | None:
    return Path(environ[name]).resolve() if environ.get(name) else None


def _number(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name, "")
    if not text:
        return default
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise UnusableSetting(f"{name}: expected a port number, got {text!r}")
    return int(text)


def _queue(name: str) -> str:
    """The name of a print queue as CUPS takes it; it goes to a command, so nothing else is taken."""
    if name and (len(name) > 127 or not all(sign.isascii() and (sign.isalnum() or sign in "_-.") for sign in name) or name[0] == "-"):
        raise UnusableSetting(f"MIFENG_PRINTER: expected the name of a print queue, got {name!r}")
    return name


def _yes(environ: Mapping[str, str], name: str) -> bool:
    text = environ.get(name, "0")
    if text not in ("", "0", "1"):
        raise UnusableSetting(f"{name}: expected 0 or 1, got {text!r}")
    return text == "1"
