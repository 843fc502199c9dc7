"""Inclusion and consistency proofs: made after RFC 6962 section 2.1, checked after RFC 9162 sections 2.1.3 and 2.1.4.

Making a proof here reads all leaves of the range once (about a second for 10^6); reading it costs O(log n).
"""

from collections.abc import Callable, Iterable, Sequence

from mifeng.engines.auditlog.errors import ProofWrong
from mifeng.engines.auditlog.tree import Digest, node, root_of, sha256

Leaves = Callable[[int], bytes] | Sequence[bytes]


def inclusion_proof(leaf_of: Leaves, index: int, size: int, digest: Digest = sha256) -> list[bytes]:
    """The path from leaf `index` to the root of the first `size` leaves, lowest node first.

    `leaf_of` is a sequence of leaf hashes or a function index -> leaf hash. Raises `IndexError` if `index` is beyond.
    """
    if not 0 <= index < size:
        raise IndexError(f"no leaf {index} among {size}")
    path, low, high = [], 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(_range_root(leaf_of, middle, high, digest))
            high = middle
        else:
            path.append(_range_root(leaf_of, low, middle, digest))
            low = middle
    return path[::-1]


def consistency_proof(leaf_of: Leaves, old: int, new: int, digest: Digest = sha256) -> list[bytes]:
    """The proof that the first `old` leaves are a prefix of the first `new`; empty for 0 and for equal sizes.

    Raises `IndexError` if `old` is beyond `new`.
    """
    if not 0 <= old <= new:
        raise IndexError(f"{old} is not a size before {new}")
    path, low, high, whole = [], 0, new, True
    while old > 0 and high > old:
        middle = low + _split(high - low)
        if old <= middle:
            path.append(_range_root(leaf_of, middle, high, digest))
            high = middle
        else:
            path.append(_range_root(leaf_of, low, middle, digest))
            low, whole = middle, False
    # The reader knows the old root itself; a subtree of it must be told.
    if not whole:
        path.append(_range_root(leaf_of, low, high, digest))
    return path[::-1]


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes, digest: Digest = sha256
) -> None:
    """Returns if `leaf` stands at `index` of the tree of `size` with this root, raises `ProofWrong` otherwise."""
    if not 0 <= index < size:
        raise ProofWrong(f"no leaf {index} among {size}")
    at, last, top = index, size - 1, leaf
    for step in proof:
        if last == 0:
            raise ProofWrong("the proof is too long")
        if at & 1 or at == last:
            top = node(step, top, digest)
            at, last = _climb(at, last)
        else:
            top = node(top, step, digest)
        at, last = at >> 1, last >> 1
    if last != 0 or top != root:
        raise ProofWrong(f"leaf {index} does not lead to the root of size {size}")


def verify_consistency(
    old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes], digest: Digest = sha256
) -> None:
    """Returns if the tree of `old` entries is a prefix of the tree of `new`, raises `ProofWrong` otherwise."""
    if not 0 <= old <= new:
        raise ProofWrong(f"{old} is not a size before {new}")
    if old in (0, new):
        if proof or old_root != (digest(b"") if old == 0 else new_root):
            raise ProofWrong(f"size {old} and size {new} do not agree")
        return
    steps = list(proof) if old & (old - 1) else [old_root, *proof]
    if not steps:
        raise ProofWrong("the proof is too short")
    if _both_roots(old - 1, new - 1, steps, digest) != (old_root, new_root):
        raise ProofWrong(f"size {old} is not a prefix of size {new}")


def _both_roots(at: int, last: int, steps: Iterable[bytes], digest: Digest) -> tuple[bytes, bytes]:
    while at & 1:
        at, last = at >> 1, last >> 1
    first, *rest = steps
    old_top = new_top = first
    for step in rest:
        if last == 0:
            raise ProofWrong("the proof is too long")
        if at & 1 or at == last:
            old_top, new_top = node(step, old_top, digest), node(step, new_top, digest)
            at, last = _climb(at, last)
        else:
            new_top = node(new_top, step, digest)
        at, last = at >> 1, last >> 1
    if last != 0:
        raise ProofWrong("the proof is too short")
    return old_top, new_top


def _climb(at: int, last: int) -> tuple[int, int]:
    """Skip the levels on which a rightmost node has no neighbour and rises unchanged."""
    while at and not at & 1:
        at, last = at >> 1, last >> 1
    return at, last


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def _range_root(leaf_of: Leaves, low: int, high: int, digest: Digest) -> bytes:
    get = leaf_of if callable(leaf_of) else leaf_of.__getitem__
    return root_of((get(index) for index in range(low, high)), digest)
