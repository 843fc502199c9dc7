"""Append: one entry at the head, inside the transaction of the act it records."""

from dataclasses import dataclass
from typing import Protocol

from mifeng.engines.auditlog.entry import check
from mifeng.engines.auditlog.errors import HeadInconsistent
from mifeng.engines.auditlog.tree import Digest, leaf, push, sha256


@dataclass(frozen=True)
class Head:
    """The state of the log: number of entries, and the roots of the perfect subtrees, largest first (tree.push)."""

    size: int
    frontier: tuple[bytes, ...] = ()


class Store(Protocol):
    """Where the log lies. Both verbs run inside the caller's open transaction; the store never commits."""

    def head(self) -> Head:
        """The head, under the write lock: nobody else may append until the transaction ends."""
        ...

    def add(self, seq: int, entry: bytes, leaf: bytes, head_after: Head) -> None:
        """Write the entry at `seq` and the head that follows."""
        ...


def append(store: Store, entry: bytes, digest: Digest = sha256) -> int:
    """Append the canonical bytes of one entry; returns its sequence number, which is its leaf index.

    Call it as the last statement of the transaction: the head is the one row everybody waits for. Raises `NotCanonical`
    for bytes a verifier would not accept, `HeadInconsistent` if size and frontier do not belong together. Whether ``t``
    runs forward is judged by the store, which knows the entry before (`sqlite.SCHEMA` refuses a step back).
    """
    check(entry)
    head = store.head()
    # One subtree a one-bit of the size: pushing onto anything else would make a root nobody can rebuild.
    if len(head.frontier) != head.size.bit_count():
        raise HeadInconsistent(f"size {head.size} has {head.size.bit_count()} subtrees, found {len(head.frontier)}")
    hashed = leaf(entry, digest)
    store.add(head.size, entry, hashed, Head(head.size + 1, push(head.frontier, head.size, hashed, digest)))
    return head.size
