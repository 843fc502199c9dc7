"""A log that an outsider can verify: entries under a Merkle tree, heads signed as checkpoints.

Every entry becomes a leaf of an RFC 6962 tree in the same transaction as the act it records. A checkpoint signs size
and root. Whoever kept one checkpoint notices every later change of what it covers; whoever is given an export checks
all of it with one file of the standard library. The tail after the last checkpoint kept elsewhere can be cut unnoticed.

    >>> from mifeng.engines import auditlog
    >>> class Memory:
    ...     def __init__(self):
    ...         self.at, self.entries, self.leaves = auditlog.Head(0), [], []
    ...     def head(self):
    ...         return self.at
    ...     def add(self, seq, entry, leaf, head_after):
    ...         self.entries.append(entry)
    ...         self.leaves.append(leaf)
    ...         self.at = head_after
    >>> log = Memory()
    >>> for page in (1, 2, 3):
    ...     entry = {"v": 1, "t": 1767225600000 + page, "act": "viewing:open_page", "n": {"page": page}}
    ...     seq = auditlog.append(log, auditlog.canonical(entry))
    >>> seq, log.entries[2]
    (2, b'{"act":"viewing:open_page","n":{"page":3},"t":1767225600003,"v":1}')
    >>> signer = auditlog.Signer("example.com/log/1", bytes(range(32)))
    >>> note = auditlog.checkpoint("example.com/log/1", log.at.size, auditlog.root(log.at.frontier), signer)
    >>> seen = auditlog.open_checkpoint(note, [auditlog.PublicKey.parse(str(signer.key))])
    >>> seen.size
    3
    >>> proof = auditlog.inclusion_proof(log.leaves, 1, seen.size)
    >>> auditlog.verify_inclusion(auditlog.leaf(log.entries[1]), 1, seen.size, proof, seen.root)

`verify_…` return nothing and raise `ProofWrong`: an answer nobody looks at must not pass. A real store keeps the tables
of `SCHEMA` (SQLite; `dialect("postgresql")` has the same for PostgreSQL); `guard_triggers` refuses writes to business
tables outside an open entry (`OPEN_ENTRY`). The format stands in docs/spec/auditlog.md.
"""

from mifeng.engines.auditlog.checkpoints import Checkpoint, checkpoint, open_checkpoint
from mifeng.engines.auditlog.dialects import dialect
from mifeng.engines.auditlog.entry import canonical, parse
from mifeng.engines.auditlog.errors import (
    AuditLogError,
    EntryTooLong,
    HeadInconsistent,
    KeyUnusable,
    NotCanonical,
    NoteMalformed,
    ProofWrong,
    SignatureWrong,
    SignedByNoKnownKey,
)
from mifeng.engines.auditlog.export import entry_path, export_bundle
from mifeng.engines.auditlog.notes import COSIGNATURE, ED25519, PublicKey, Signer, open_note, sign_note
from mifeng.engines.auditlog.proofs import consistency_proof, inclusion_proof, verify_consistency, verify_inclusion
from mifeng.engines.auditlog.sqlite import OPEN_ENTRY, SCHEMA, guard_triggers
from mifeng.engines.auditlog.store import Head, Store, append
from mifeng.engines.auditlog.tree import Digest, leaf, node, push, root, root_of, sha256

__all__ = [
    "COSIGNATURE",
    "ED25519",
    "OPEN_ENTRY",
    "SCHEMA",
    "AuditLogError",
    "Checkpoint",
    "Digest",
    "EntryTooLong",
    "Head",
    "HeadInconsistent",
    "KeyUnusable",
    "NotCanonical",
    "NoteMalformed",
    "ProofWrong",
    "PublicKey",
    "SignatureWrong",
    "SignedByNoKnownKey",
    "Signer",
    "Store",
    "append",
    "canonical",
    "checkpoint",
    "consistency_proof",
    "dialect",
    "entry_path",
    "export_bundle",
    "guard_triggers",
    "inclusion_proof",
    "leaf",
    "node",
    "open_checkpoint",
    "open_note",
    "parse",
    "push",
    "root",
    "root_of",
    "sha256",
    "sign_note",
    "verify_consistency",
    "verify_inclusion",
]
