"""Keys of the invisible mark and what grows out of them: cell permutation, sync signs, page signs.

One root of 32 bytes serves one installation and one epoch. What is derived here is for ever: a sheet of paper may
turn up after ten years. `vectors/watermark/` holds the fixed values.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from types import MappingProxyType

import numpy as np
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC
from numpy.typing import NDArray

CELLS = 48
REPEATS = 6
PAYLOAD_CHIPS = 255 * REPEATS
SYNC_CHIPS = CELLS * CELLS - PAYLOAD_CHIPS
SUITES = MappingProxyType({1: "SHA-256, SHAKE-256", 2: "SM3"})

Signs = NDArray[np.float32]


def page_label(version: str, number: int) -> str:
    """Returns the label of one page of one document version, `version|number`; pages count from 1.

    Raises:
        ValueError: the version is empty or holds `|`, or the number is below 1.
    """
    if not version or "|" in version or number < 1:
        raise ValueError("page label needs a version without | and a page number from 1")
    return f"{version}|{number}"


def _sm3(key: bytes, text: bytes) -> bytes:
    mac = HMAC(key, hashes.SM3())
    mac.update(text)
    return mac.finalize()


def _hash_mac(suite: int, key: bytes, text: bytes) -> bytes:
    return _sm3(key, text) if suite == 2 else hmac.digest(key, text, "sha256")


def hkdf(suite: int, root: bytes, info: bytes) -> bytes:
    """Returns 32 bytes of HKDF (RFC 5869) with an empty salt and one block of output; the hash is SHA-256 or SM3."""
    return _hash_mac(suite, _hash_mac(suite, bytes(32), root), info + b"\x01")


def expand(suite: int, key: bytes, label: bytes, length: int) -> bytes:
    """Returns `length` bytes of the stream named `label`.

    Suite 1: SHAKE-256(key | "|" | label). Suite 2: HMAC-SM3(key, counter as 4 bytes big-endian from 1 | label),
    blocks joined.
    """
    if suite == 1:
        return hashlib.shake_256(key + b"|" + label).digest(length)
    blocks = range(1, length // 32 + 2)
    return b"".join(_sm3(key, number.to_bytes(4, "big") + label) for number in blocks)[:length]


def signs(suite: int, key: bytes, label: bytes, count: int) -> Signs:
    """Returns `count` signs of the stream: bits most significant first, 0 -> +1, 1 -> -1."""
    stream = np.frombuffer(expand(suite, key, label, (count + 7) // 8), np.uint8)
    return (1 - 2 * np.unpackbits(stream)[:count].astype(np.float32)).astype(np.float32)


@dataclass(frozen=True)
class SyncPattern:
    """What a detector may know before the alignment is final: where the sync chips lie and their signs, and nothing
    of the payload.

    The bound on false accusation rests on this: page signs must be independent of every choice made while aligning.
    """

    epoch: str
    cells: NDArray[np.intp]
    signs: Signs

    @cached_property
    def tile(self) -> NDArray[np.float32]:
        """The 48 x 48 tile of +1, -1 at sync cells and 0 at payload cells."""
        tile = np.zeros(CELLS * CELLS, np.float32)
        tile[self.cells] = self.signs
        return tile.reshape(CELLS, CELLS)


@dataclass(frozen=True)
class Marks:
    """Mark keys of one installation in one epoch. `root`: 32 bytes; `epoch`: its name, for example `2026Q4`; suite
    1 or 2.

    Raises:
        ValueError: a root of another length, an epoch that is empty or holds `|`, or an unknown suite.
    """

    root: bytes = field(repr=False)
    epoch: str
    suite: int = 1

    def __post_init__(self) -> None:
        if len(self.root) != 32 or not self.epoch or "|" in self.epoch or self.suite not in SUITES:
            raise ValueError("marks need a root of 32 bytes, an epoch without | and suite 1 or 2")

    def _key(self, purpose: str) -> bytes:
        return hkdf(self.suite, self.root, f"mifeng/mark/1/{purpose}".encode())

    @cached_property
    def _permutation(self) -> NDArray[np.intp]:
        words = np.frombuffer(expand(self.suite, self._key(f"sync|{self.epoch}"), b"perm", CELLS * CELLS * 4), "<u4")
        return np.argsort(words, kind="stable")

    @property
    def payload_cells(self) -> NDArray[np.intp]:
        """Cells of the 1 530 payload chips; chip j carries code bit j modulo 255."""
        return self._permutation[:PAYLOAD_CHIPS]

    @cached_property
    def sync(self) -> SyncPattern:
        """The part of the keys that a detector gets."""
        key = self._key(f"sync|{self.epoch}")
        return SyncPattern(self.epoch, self._permutation[PAYLOAD_CHIPS:], signs(self.suite, key, b"sync", SYNC_CHIPS))

    def page_signs(self, page: str) -> Signs:
        """Returns the 1 530 payload signs of the page with label `page` (see `page_label`)."""
        return _page_signs(self, page)


@lru_cache(maxsize=512)
def _page_signs(marks: Marks, page: str) -> Signs:
    return signs(marks.suite, marks._key(f"page|{marks.epoch}|{page}"), b"page", PAYLOAD_CHIPS)
