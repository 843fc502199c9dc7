"""Checkpoints of the log: a C2SP note over size and root, signed with Ed25519.

In the one-process default the signing key lies in the key store, encrypted under a key of the opened vault: 同机同户, the
weakest of the three forms, and said so on the page and by doctor. A key on the auditor's own machine is the recommended one.
"""

import os
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection

from mifeng.base import record, vault
from mifeng.engines import auditlog
from mifeng.rooms.people import queries as people


def origin() -> str:
    """The log's name: who runs it, which epoch."""
    return f"mifeng/{people.company().instance}/{_log_id()}/log/1"


def _log_id() -> str:
    return vault.derived("log origin", 8).hex()


def _file() -> Path:
    return vault.places().keystore / "checkpoint.key"


def signer() -> auditlog.Signer:
    """The note signer of this installation; its key is made at the first call."""
    box = AESGCM(vault.derived("checkpoint key"))
    if not _file().exists():
        seed, nonce = os.urandom(32), os.urandom(12)
        _file().write_bytes(nonce + box.encrypt(nonce, seed, b"checkpoint"))
        _file().chmod(0o600)
    raw = _file().read_bytes()
    return auditlog.Signer(origin(), box.decrypt(raw[:12], raw[12:], b"checkpoint"))


def note() -> str:
    """A signed note on the head as it stands."""
    size, root = record.head()
    return auditlog.checkpoint(origin(), size, root, signer())


def kept_notes(below: int) -> list[str]:
    """The checkpoints signed so far on fewer than `below` entries, oldest first; every 64th of a long history."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT note FROM checkpoint WHERE size < %s ORDER BY size", [below])
        notes = [note for (note,) in cursor.fetchall()]
    return notes[:: max(len(notes) // 64, 1)]


def public_key() -> str:
    """The verifier key line that an outsider needs, in C2SP form."""
    return str(signer().key)
