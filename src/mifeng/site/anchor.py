"""The head of the log, noted outside the database after each start and each checkpoint: a shorter or other log is found.

The note lies beside the keys, where a writer of the database does not reach; auditlog.md, Restore and fork.
"""

import json
import os
from pathlib import Path

from mifeng.base import record, vault
from mifeng.engines import auditlog


class LogRolledBack(Exception):
    """The log is shorter than, or differs from, what was noted outside: nothing is served until it is explained."""


def _file() -> Path:
    return vault.places().keystore / "log-head.json"


def note() -> None:
    """Remember size and root of the log as it stands. Raises LogUnavailable when it is not the one this process knows."""
    size, root = record.unbroken()
    made = _file().with_suffix(".new")
    with open(made, "w", encoding="utf-8") as file:
        json.dump({"size": size, "root": root.hex()}, file)
        file.flush()
        os.fsync(file.fileno())
    made.replace(_file())


def compare() -> None:
    """The log still begins with what was noted; notes the present head. Raises LogRolledBack."""
    if _file().exists():
        noted = json.loads(_file().read_text())
        size, _root = record.head()
        if size < noted["size"]:
            raise LogRolledBack(f"the log has {size} entries, {noted['size']} were noted")
        frontier: tuple[bytes, ...] = ()
        for seq, raw in enumerate(record.raw_entries()[: noted["size"]]):
            frontier = auditlog.push(frontier, seq, auditlog.leaf(raw))
        if auditlog.root(frontier).hex() != noted["root"]:
            raise LogRolledBack("the log differs from what was noted")
    note()
