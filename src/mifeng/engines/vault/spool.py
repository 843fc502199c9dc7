"""Uploads of unknown length: ciphertext in a file without a name, under a key that exists only in memory."""

import hashlib
import os
import struct
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from cryptography.exceptions import InvalidTag

from mifeng.engines.vault.envelope import Kind
from mifeng.engines.vault.errors import SpoolClosed, Unreadable
from mifeng.engines.vault.suites import TAG, Suite

CHUNK = 1 << 16
_NONCE = struct.Struct(">7sIB").pack


class _Sealed:
    """Key, nonce prefix and nameless file of one spool; shared by the writer and what it becomes."""

    def __init__(self, suite: Suite, folder: Path) -> None:
        self.suite = suite
        self.id = os.urandom(16)
        self.prefix = os.urandom(7)
        self.aad = b"MFV1 spool" + bytes([suite.number, Kind.SPOOL]) + self.id
        self.key = bytearray(suite.fresh_key())
        # Nameless from the start: a killed process leaves nothing that anybody would have to sweep.
        self.file: BinaryIO = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115 closed by drop()
        self.closed = False

    def nonce(self, number: int, last: bool) -> bytes:
        return _NONCE(self.prefix, number, last)

    def drop(self) -> None:
        self.key[:] = bytes(len(self.key))
        self.file.close()
        self.closed = True


class SpoolFile:
    """A finished upload: ``size`` in bytes, ``sha256`` of the plain text, ``read()`` as often as wanted, ``drop()``."""

    def __init__(self, sealed: _Sealed, size: int, sha256: bytes) -> None:
        self.size = size
        self.sha256 = sha256
        self._sealed = sealed

    def read(self) -> Iterator[bytes]:
        """The plain text in pieces of at most 64 KiB. Raises ``SpoolClosed``, ``Unreadable`` for an altered file."""
        chunks = max(1, -(-self.size // CHUNK))
        for number in range(chunks):
            if self._sealed.closed:
                raise SpoolClosed("the spool was dropped")
            yield self._chunk(number, number == chunks - 1)

    def drop(self) -> None:
        """Forget the key and let the file go. Twice is no fault."""
        self._sealed.drop()

    def _chunk(self, number: int, last: bool) -> bytes:
        sealed = self._sealed
        size = self.size - number * CHUNK if last else CHUNK
        data = os.pread(sealed.file.fileno(), size + TAG, number * (CHUNK + TAG))
        try:
            return sealed.suite.aead(bytes(sealed.key)).decrypt(sealed.nonce(number, last), data, sealed.aad)
        except InvalidTag:
            raise Unreadable(sealed.id) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.drop()


class Spool:
    """Takes bytes as they come. One writer at a time; at most 64 KiB of plain text wait in memory."""

    def __init__(self, suite: Suite, folder: Path) -> None:
        self._sealed: _Sealed | None = _Sealed(suite, folder)
        self._encrypt = suite.aead(bytes(self._sealed.key)).encrypt
        self._room = memoryview(bytearray(CHUNK))
        self._held = self._number = self._size = 0
        self._hash = hashlib.sha256()

    def write(self, data: bytes | bytearray | memoryview) -> int:
        """Append; returns how many bytes were taken, always all. Raises ``SpoolClosed``."""
        self._open()
        rest = memoryview(data).cast("B")
        taken = len(rest)
        self._hash.update(rest)
        while rest:
            # A full buffer waits until more comes: only then it is known not to be the last chunk.
            if self._held == CHUNK:
                self._seal(last=False)
            take = min(CHUNK - self._held, len(rest))
            self._room[self._held : self._held + take] = rest[:take]
            self._held, rest = self._held + take, rest[take:]
        self._size += taken
        return taken

    def finish(self) -> SpoolFile:
        """No more comes; the spool is closed for writing and what it holds can be read. Raises ``SpoolClosed``."""
        sealed = self._open()
        self._seal(last=True)
        self._release()
        return SpoolFile(sealed, self._size, self._hash.digest())

    def drop(self) -> None:
        """Give the upload up: key and text are gone. After ``finish`` this does nothing, the ``SpoolFile`` decides."""
        if self._sealed:
            self._sealed.drop()
            self._release()

    def _open(self) -> _Sealed:
        if self._sealed is None:
            raise SpoolClosed("the spool is finished or dropped")
        return self._sealed

    def _seal(self, *, last: bool) -> None:
        sealed = self._open()
        piece = memoryview(self._encrypt(sealed.nonce(self._number, last), self._room[: self._held], sealed.aad))
        while piece:
            piece = piece[sealed.file.write(piece) :]
        self._number, self._held = self._number + 1, 0

    def _release(self) -> None:
        self._room[:] = bytes(CHUNK)
        self._sealed = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.drop()
