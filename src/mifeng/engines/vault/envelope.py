"""MFV1: one sealed object. 96 bytes of header, then chunks of an authenticated cipher. Format: docs/spec/vault.md."""

import hmac
import io
import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from mifeng.engines.vault.errors import Broken
from mifeng.engines.vault.suites import TAG, Suite

MAGIC = b"MFV1"
HEADER = 96
CHUNK_LOG2 = 16
_FIELDS = struct.Struct(">4sBBBB16sIIQ16s7sB")
_NONCE = struct.Struct(">7sIB").pack  # prefix, number of the chunk, 1 on the last chunk
_MOST_CHUNKS = 1 << 32
_FETCH = 4 << 20  # bytes asked of the blob store at once


class Kind(IntEnum):
    """What an object holds; the number stands in the header."""

    ORIGINAL = 1
    PAGE = 2
    TEXT = 3
    MARKED_COPY = 4
    SPOOL = 5  # only in memory and in nameless files, never in the blob store
    INDEX = 6
    RENDITION = 7
    RECOGNISED = 8  # what a scanned page seems to say: asked for under its own name, so never taken for TEXT


_KINDS = frozenset(map(int, Kind))


@dataclass(slots=True)
class Header:
    """What an object is, bound to every chunk of it. ``length`` is that of the plain text, in bytes."""

    suite: int
    kind: int
    doc_id: bytes  # 16 random bytes
    version: int
    part: int  # page number from 1, or 0
    length: int
    object_id: bytes  # 16 random bytes
    prefix: bytes  # 7 random bytes, first part of every nonce
    chunk_log2: int = CHUNK_LOG2

    def __post_init__(self) -> None:
        if not 12 <= self.chunk_log2 <= 20:
            raise ValueError(f"chunk_log2 is 12 to 20, got {self.chunk_log2}")
        if self.kind not in _KINDS:
            raise ValueError(f"kind {self.kind} is not known")
        if (len(self.doc_id), len(self.object_id), len(self.prefix)) != (16, 16, 7):
            raise ValueError("doc_id and object_id have 16 bytes, prefix has 7")
        if not (0 <= self.version < 1 << 32 and 0 <= self.part < 1 << 32 and self.length >= 0):
            raise ValueError("version and part are unsigned 32-bit numbers, length is not negative")
        if self.chunks > _MOST_CHUNKS:
            raise ValueError("longer than 2^32 chunks")

    @property
    def chunk(self) -> int:
        """Bytes of plain text in every chunk but the last."""
        return 1 << self.chunk_log2

    @property
    def chunks(self) -> int:
        """How many chunks; an empty object is one empty last chunk, so that emptiness is authenticated, too."""
        return max(1, -(-self.length >> self.chunk_log2))

    @property
    def container_size(self) -> int:
        """Exact size of the whole container in bytes."""
        return HEADER + self.length + TAG * self.chunks

    def fields(self) -> bytes:
        """The first 64 bytes."""
        return _FIELDS.pack(
            MAGIC, self.suite, self.chunk_log2, self.kind, 0, self.doc_id, self.version, self.part,
            self.length, self.object_id, self.prefix, 0,
        )  # fmt: skip

    def bound(self, suite: Suite, dek: bytes) -> bytes:
        """The whole header, 96 bytes: the fields and the commitment to the key that opens them."""
        return self.fields() + commitment(suite, dek, self.fields())


def commitment(suite: Suite, dek: bytes, fields: bytes) -> bytes:
    """32 bytes that only this key gives. GCM does not commit: without it one container could open under two keys."""
    return suite.mac(dek, b"MFV1 commit" + fields)


def parse(head: bytes) -> Header:
    """The header in its first 64 bytes; raises ``Broken``. The caller still has to check the commitment."""
    if len(head) != HEADER:
        raise Broken("short header")
    magic, suite, log2, kind, flags, doc_id, version, part, length, object_id, prefix, zero = _FIELDS.unpack(head[:64])
    if magic != MAGIC or flags or zero:
        raise Broken("no MFV1 header")
    try:
        return Header(suite, kind, doc_id, version, part, length, object_id, prefix, log2)
    except ValueError:
        raise Broken("header field out of range") from None


class Writer:
    """One container about to be sealed. ``head``: its 96 bytes of header; ``binding``: their hash, for the key slot.

    A key serves one container and a writer one pass: nonces are counters.
    """

    def __init__(self, suite: Suite, dek: bytes, header: Header) -> None:
        self.head = header.bound(suite, dek)
        self.binding = suite.hash(self.head)
        self._header, self._encrypt_into = header, suite.aead(dek).encrypt_into

    def pieces(self, blocks: Iterable[memoryview]) -> Iterator[bytes | memoryview]:
        """The container piece by piece, from the plain text in exactly ``header.chunks`` blocks, full but the last.

        A piece lives only until the next one is asked for: one buffer serves all chunks, because a large fresh
        buffer costs more in page faults than the cipher itself.
        """
        yield self.head
        encrypt_into, aad, prefix = self._encrypt_into, self.binding, self._header.prefix
        last, filled = self._header.chunks - 1, 0
        # Sixteen chunks at once are a fifth faster, but only where the larger buffer is used often enough to pay.
        batch = 16 if last >= 64 else 1
        room = memoryview(bytearray(batch * (min(self._header.chunk, self._header.length) + TAG)))
        for number, block in zip(range(last + 1), blocks, strict=True):
            end = filled + len(block) + TAG
            encrypt_into(_NONCE(prefix, number, number == last), block, aad, room[filled:end])
            filled = end % len(room)
            if not filled or number == last:
                yield room[:end]


class Reader:
    """An opened container. Nothing of the header may be believed before the commitment fits, hence the order here."""

    def __init__(self, suite: Suite, dek: bytes, head: bytes, size: int, fetch: Callable[[int, int], bytes]) -> None:
        """``fetch(start, length)`` reads the container's bytes, ``size`` is its size. Raises ``Broken``."""
        self.header = parse(head)
        if self.header.suite != suite.number:
            raise Broken("another suite")
        if not hmac.compare_digest(head[64:], commitment(suite, dek, head[:64])):
            raise Broken("the key is not the one committed to")
        if size != self.header.container_size:
            raise Broken("wrong size")
        self._aad = suite.hash(head)
        self._decrypt_into = suite.aead(dek).decrypt_into
        self._fetch = fetch

    def read(self, start: int = 0, length: int | None = None) -> bytes:
        """``text[start : start + length]``, ``None`` = to the end; opens only the chunks it needs.

        An empty answer opens one chunk all the same: the length in the header is believed only after one good tag.
        Raises ``InvalidTag`` or ``Broken``; ``ValueError`` for a negative argument.
        """
        if start < 0 or (length is not None and length < 0):
            raise ValueError("start and length are not negative")
        whole, log2 = self.header.length, self.header.chunk_log2
        start = min(start, whole)
        stop = whole if length is None else min(whole, start + length)
        first = min(start >> log2, self.header.chunks - 1)
        beyond = max(first + 1, -(-stop >> log2))
        text = self._opened(first, beyond)
        skip = start - (first << log2)
        return text[skip : skip + stop - start]

    def _opened(self, first: int, beyond: int) -> bytes:
        """Plain text of the chunks ``first`` to ``beyond`` - 1."""
        log2, step = self.header.chunk_log2, _FETCH >> self.header.chunk_log2
        size = min(beyond << log2, self.header.length) - (first << log2)
        # BytesIO hands out the bytes it was filled in without another copy, which is half the time of a large read.
        out = io.BytesIO(bytes(size))
        with out.getbuffer() as room:
            for number in range(first, beyond, step):
                done = (number - first) << log2
                self._open_batch(number, min(number + step, beyond), room[done : done + (step << log2)])
        return out.getvalue()

    def _open_batch(self, first: int, beyond: int, room: memoryview) -> None:
        chunk, prefix, last = self.header.chunk, self.header.prefix, self.header.chunks - 1
        stride = chunk + TAG
        size = len(room) + TAG * (beyond - first)
        sealed = memoryview(self._fetch(HEADER + first * stride, size))
        if len(sealed) != size:
            raise Broken("cut short")
        for i in range(beyond - first):
            nonce = _NONCE(prefix, first + i, first + i == last)
            text = room[i * chunk : (i + 1) * chunk]
            self._decrypt_into(nonce, sealed[i * stride : i * stride + len(text) + TAG], self._aad, text)
