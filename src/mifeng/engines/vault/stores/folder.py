"""Blobs as files: ``ab/ab54…`` under one folder, mode 0600, written under another name and renamed when complete."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from mifeng.engines.vault.durable import fsync_folder, private_folder
from mifeng.engines.vault.errors import BlobAbsent, BlobExists

_NAME = re.compile(r"[0-9a-f]{32}")
_PARTIAL = re.compile(r"\.[0-9a-f]{32}\.[0-9a-f]{8}\.part")


class Folder:
    """A blob store in a folder of the local file system, see ``BlobStore``."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self.scratch = self.path
        private_folder(self.path)

    def put(self, name: str, data: bytes | Iterable[bytes | memoryview]) -> int:
        """Write, fsync, rename, fsync the folder. Raises ``BlobExists``; on any error nothing is left behind."""
        place = self._place(name)
        private_folder(place.parent)
        partial = place.with_name(f".{name}.{os.urandom(4).hex()}.part")
        pieces = (data,) if isinstance(data, (bytes, bytearray, memoryview)) else data
        try:
            size = self._written(partial, pieces)
            self._passed("partial written")
            if place.exists():
                raise BlobExists(f"blob {name} is already there")
            os.rename(partial, place)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
        self._passed("renamed")
        fsync_folder(place.parent)
        return size

    def get(self, name: str, start: int = 0, length: int | None = None) -> bytes:
        """Bytes from ``start``, at most ``length``. Raises ``BlobAbsent``."""
        try:
            with open(self._place(name), "rb") as blob:
                blob.seek(start)
                return blob.read(-1 if length is None else length)
        except FileNotFoundError:
            raise BlobAbsent(f"no blob {name}") from None

    def size(self, name: str) -> int:
        """Size in bytes. Raises ``BlobAbsent``."""
        try:
            return self._place(name).stat().st_size
        except FileNotFoundError:
            raise BlobAbsent(f"no blob {name}") from None

    def delete(self, name: str) -> bool:
        """Remove the file and make the removal durable; False if it was not there."""
        place = self._place(name)
        try:
            place.unlink()
        except FileNotFoundError:
            return False
        fsync_folder(place.parent)
        return True

    def names(self, before: float | None = None) -> Iterator[str]:
        """Names of all blobs, or of those whose file was last written before this moment (seconds since 1970)."""
        return (place.name for place in self._files(_NAME, before))

    def clear_partial(self, before: float) -> int:
        """Remove half-written files last touched before this moment; returns how many."""
        stale = list(self._files(_PARTIAL, before))
        for place in stale:
            place.unlink(missing_ok=True)
        return len(stale)

    def _place(self, name: str) -> Path:
        # The name comes from a database: a name with a slash or dots in it must not reach another folder.
        if not _NAME.fullmatch(name):
            raise ValueError("a blob name has 32 lower-case hex characters")
        return self.path / name[:2] / name

    def _files(self, pattern: re.Pattern[str], before: float | None) -> Iterator[Path]:
        for place in self.path.glob("[0-9a-f][0-9a-f]/*"):
            if pattern.fullmatch(place.name) and (before is None or self._written_at(place) < before):
                yield place

    @staticmethod
    def _written_at(place: Path) -> float:
        try:
            return place.stat().st_mtime
        except FileNotFoundError:  # removed by another process while we walk: as good as brand-new
            return float("inf")

    @staticmethod
    def _written(partial: Path, pieces: Iterable[bytes | memoryview]) -> int:
        with open(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
            size = sum(out.write(piece) for piece in pieces)
            out.flush()
            os.fsync(out.fileno())
        return size

    def _passed(self, step: str) -> None:
        """Called after each step; crash tests override it."""
