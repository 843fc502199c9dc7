"""Plain text on its way into a container: any kind of input as blocks of one size, counted and hashed once."""

import hashlib
import io
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from mifeng.engines.vault.errors import LengthDiffers, LengthUnknown
from mifeng.engines.vault.spool import SpoolFile

Data = bytes | bytearray | memoryview | BinaryIO | SpoolFile | Iterable[bytes]


class Source:
    """An input with a known length.

    Accepts bytes, a binary stream (from where it stands; its length is found by seeking if it can seek), a finished
    spool, or an iterable of bytes with ``length``. Raises ``LengthUnknown``.
    """

    def __init__(self, data: Data, length: int | None = None) -> None:
        self.length = _length_of(data) if length is None else length
        self._data = data
        self._hash = hashlib.sha256()

    def blocks(self, size: int) -> Iterator[memoryview]:
        """Blocks of ``size`` bytes, the last one shorter; one empty block if there is nothing.

        A block lives until the next is asked for. Raises ``LengthDiffers`` instead of a wrong last block.
        """
        left = self.length
        for block in _regrouped(self._data, size):
            left -= len(block)
            if left < 0:
                raise LengthDiffers(self.length, "more")
            self._hash.update(block)
            yield block
        if left:
            raise LengthDiffers(self.length, str(self.length - left))

    def sha256(self) -> bytes:
        """SHA-256 of what went through ``blocks``."""
        return self._hash.digest()


def _length_of(data: Data) -> int:
    if isinstance(data, (bytes, bytearray, memoryview)):
        return memoryview(data).nbytes
    if isinstance(data, SpoolFile):
        return data.size
    if hasattr(data, "seekable") and data.seekable():
        here = data.tell()
        end = data.seek(0, io.SEEK_END)
        data.seek(here)
        return end - here
    raise LengthUnknown("a stream that cannot seek needs its length, or a spool")


def _regrouped(data: Data, size: int) -> Iterator[memoryview]:
    if isinstance(data, (bytes, bytearray, memoryview)):
        whole = memoryview(data).cast("B")
        return (whole[at : at + size] for at in range(0, len(whole) or 1, size))
    if isinstance(data, SpoolFile):
        return _filled(data.read(), size)
    if hasattr(data, "read"):
        return _filled(iter(lambda: data.read(size), b""), size)
    return _filled(data, size)


def _filled(pieces: Iterable[bytes], size: int) -> Iterator[memoryview]:
    """Pieces of any size as blocks of one size, through one buffer."""
    room, held, given = memoryview(bytearray(size)), 0, False
    for piece in pieces:
        rest = memoryview(piece).cast("B")
        while rest:
            if held == size:
                yield room
                held, given = 0, True
            take = min(size - held, len(rest))
            room[held : held + take] = rest[:take]
            held, rest = held + take, rest[take:]
    if held or not given:
        yield room[:held]
