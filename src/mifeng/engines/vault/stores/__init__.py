"""Where ciphertext lies. One store so far: ``folder``."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol


class BlobStore(Protocol):
    """Five verbs and a broom. ``name`` is 32 lower-case hex characters; a blob is written once and never changed."""

    scratch: Path  # a local folder with room for nameless encrypted spools

    def put(self, name: str, data: bytes | Iterable[bytes | memoryview]) -> int:
        """Store a whole blob; returns its size. Durable, or not there at all, when it returns or raises."""

    def get(self, name: str, start: int = 0, length: int | None = None) -> bytes:
        """Bytes ``[start, start + length)``, fewer at the end; ``None`` = to the end. Raises ``BlobAbsent``."""

    def size(self, name: str) -> int:
        """Size in bytes. Raises ``BlobAbsent``."""

    def delete(self, name: str) -> bool:
        """Remove durably; False if it was not there."""

    def names(self, before: float | None = None) -> Iterator[str]:
        """Names of all whole blobs, or of those written before this moment (seconds since 1970)."""

    def clear_partial(self, before: float) -> int:
        """Remove what crashed writers left half-written before this moment; returns how many."""
