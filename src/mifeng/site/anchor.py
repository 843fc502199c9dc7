"""The head of the log, noted outside the database after each start and each checkpoint: a shorter or other log is found.

The note lies beside the keys, where a writer of the database does not reach, under a code of the opened vault, so that
whoever reaches that folder cannot write one either; auditlog.md, Restore and fork. Every house has one from its birth:
a log without a note is a note that somebody took away.
"""

import hmac
import json
import os
from pathlib import Path
from typing import Any

from django.db import transaction

from mifeng.base import record, vault
from mifeng.engines import auditlog


class LogRolledBack(Exception):
    """The log is shorter than, or differs from, what was noted outside: nothing is served until it is explained."""


def _file() -> Path:
    return vault.places().keystore / "log-head.json"


def _code(size: int, root: str) -> str:
    return hmac.digest(vault.derived("log head note"), f"{size}|{root}".encode(), "sha256").hex()


def note() -> None:
    """Remember size and root of the log as it stands. Raises LogUnavailable when it is not the one this process knows.

    In one's turn at the log until it is written: a worker beside the web process writes no note into this one.
    """
    with transaction.atomic():
        size, root = record.unbroken()
        made = _file().with_suffix(".new")
        with open(made, "w", encoding="utf-8") as file:
            json.dump({"size": size, "root": root.hex(), "code": _code(size, root.hex())}, file)
            file.flush()
            os.fsync(file.fileno())
        made.replace(_file())


def compare() -> None:
    """The log still begins with what was noted; notes the present head. Raises LogRolledBack."""
    size, _root = record.head()
    if size or _file().exists():
        _compare(_noted(), size)
    note()


def _noted() -> dict[str, Any]:
    """The note, if this house's vault wrote it. Raises LogRolledBack."""
    if not _file().exists():
        raise LogRolledBack(f"{_file().name} is gone from the keystore: put it back from the keystore's backup")
    try:
        noted = json.loads(_file().read_text())
        sound = hmac.compare_digest(noted["code"], _code(noted["size"], noted["root"]))
    except (ValueError, KeyError, TypeError) as reason:
        raise LogRolledBack(f"{_file().name} cannot be read: put it back from the keystore's backup") from reason
    if not sound:
        raise LogRolledBack(f"{_file().name} was not written by this house")
    return noted


def _compare(noted: dict[str, Any], size: int) -> None:
    if size < noted["size"]:
        raise LogRolledBack(f"the log has {size} entries, {noted['size']} were noted")
    frontier: tuple[bytes, ...] = ()
    for seq, raw in enumerate(record.raw_entries()[: noted["size"]]):
        frontier = auditlog.push(frontier, seq, auditlog.leaf(raw))
    if auditlog.root(frontier).hex() != noted["root"]:
        raise LogRolledBack("the log differs from what was noted")
