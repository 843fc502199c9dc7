"""Checkpoints (C2SP tlog-checkpoint): a signed note that says how many entries the log had, and their root.

<origin>\\n<size>\\n<base64 root>\\n, then extension lines if any, none of them empty.
"""

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass

from mifeng.engines.auditlog.errors import NoteMalformed
from mifeng.engines.auditlog.notes import PublicKey, Signer, open_note, sign_note

_TEXT = re.compile(r"([^\n]+)\n(0|[1-9][0-9]{0,17})\n([A-Za-z0-9+/]{43}=)\n((?:[^\n]+\n)*)")


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint whose signatures were verified. `signed_by` = the known keys under it, at least one."""

    origin: str
    size: int
    root: bytes
    signed_by: tuple[PublicKey, ...] = ()
    extensions: tuple[str, ...] = ()


def checkpoint(origin: str, size: int, root: bytes, signer: Signer, *others: Signer) -> str:
    """The signed note for a head. `origin` names this log and no other, e.g. ``mifeng.example/log/3``.

    Raises `NoteMalformed` if the origin is empty or breaks the line, or the root has not 32 bytes.
    """
    if not origin or "\n" in origin or size < 0 or len(root) != 32:
        raise NoteMalformed("a checkpoint has an origin of one line, a size and a root of 32 bytes")
    return sign_note(f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n", signer, *others)


def open_checkpoint(note: str, keys: Iterable[PublicKey]) -> Checkpoint:
    """Read and verify a checkpoint against keys the reader trusts. Raises what `notes.open_note` raises."""
    text, signed_by = open_note(note, keys)
    parts = _TEXT.fullmatch(text)
    if not parts:
        raise NoteMalformed("a checkpoint is: origin, size without leading zeros, base64 root of 32 bytes")
    origin, size, encoded, extensions = parts.groups()
    root = base64.b64decode(encoded)
    if base64.b64encode(root).decode() != encoded:
        raise NoteMalformed("the root has loose padding bits")
    return Checkpoint(origin, int(size), root, signed_by, tuple(extensions.split("\n")[:-1]))
