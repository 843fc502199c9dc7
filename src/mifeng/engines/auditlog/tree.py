"""The Merkle tree of RFC 6962, section 2.1: hashes and the frontier that grows it in O(log n) memory.

    leaf = H(00 ‖ entry)    node = H(01 ‖ left ‖ right)    empty root = H("")

An odd node rises unchanged. The frontier is the tuple of the roots of the perfect subtrees, largest first: one hash a
one-bit of the size, at most 40 for 10^12 entries. The hash is a parameter everywhere; suite 1 is SHA-256.
"""

import hashlib
from collections.abc import Callable, Iterable

Digest = Callable[[bytes], bytes]


def sha256(data: bytes) -> bytes:
    """The hash of suite 1, 32 bytes."""
    return hashlib.sha256(data).digest()


def leaf(entry: bytes, digest: Digest = sha256) -> bytes:
    """The leaf of an entry's exact bytes."""
    return digest(b"\x00" + entry)


def node(left: bytes, right: bytes, digest: Digest = sha256) -> bytes:
    """The node over two subtrees."""
    return digest(b"\x01" + left + right)


def push(frontier: tuple[bytes, ...], size: int, top: bytes, digest: Digest = sha256) -> tuple[bytes, ...]:
    """The frontier after one more leaf, `top`; `size` = number of leaves before it."""
    grown = list(frontier)
    while size & 1:
        top = node(grown.pop(), top, digest)
        size >>= 1
    return (*grown, top)


def root(frontier: tuple[bytes, ...], digest: Digest = sha256) -> bytes:
    """The root over a frontier; of the empty one, the hash of nothing."""
    if not frontier:
        return digest(b"")
    *larger, top = frontier
    for subtree in reversed(larger):
        top = node(subtree, top, digest)
    return top


def root_of(leaves: Iterable[bytes], digest: Digest = sha256) -> bytes:
    """The root over leaf hashes, read once and not kept."""
    frontier: tuple[bytes, ...] = ()
    for size, hashed in enumerate(leaves):
        frontier = push(frontier, size, hashed, digest)
    return root(frontier, digest)
