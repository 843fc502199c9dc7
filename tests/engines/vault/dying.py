"""One act on a vault in a process that kills itself after a given step. Called by test_crashes.py.

Usage: python -m vault.dying HOME ACT STEP; the register of rows is HOME/rows.txt, one object id a line.
"""

import os
import signal
import sys
from pathlib import Path

from mifeng.engines.vault import Folder, KeyStore, Kind, RootKey, Vault

ROOT, PAPER, CONDEMNED = b"r" * 32, b"p" * 16, b"c" * 16


def passed(step: str) -> None:
    """Die at the step the caller named; a process killed like this runs no handler and flushes nothing."""
    if step == sys.argv[3]:
        os.kill(os.getpid(), signal.SIGKILL)


class DyingVault(Vault):
    """A vault that may die between its steps."""

    def _passed(self, step: str) -> None:
        passed(step)


class DyingFolder(Folder):
    """A folder that may die between its steps."""

    def _passed(self, step: str) -> None:
        passed(step)


def main(home: Path, act: str) -> None:
    vault = DyingVault(RootKey(ROOT), KeyStore(home / "keys" / "keys.db"), DyingFolder(home / "blobs"))
    if act == "prepare":
        made = vault.prepare(
            b"text", kind=Kind.ORIGINAL, doc_id=PAPER, version=1, part=0, compartment="20:YF"
        )  # fmt: skip
        with (home / "rows.txt").open("a") as rows:
            rows.write(made.object_id.hex() + "\n")
        passed("row written")
    elif act == "shred":
        vault.shred(holding.object_id for holding in vault.holdings(CONDEMNED))
    elif act == "rotate":
        vault.rotate("20:YF", batch=2)
    elif act == "rewrap":
        vault.rewrap_document(PAPER, "10:YF")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
