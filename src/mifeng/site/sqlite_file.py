"""Whether an SQLite file is whole: every page it counts lies in it or in the log of changes beside it (`-wal`).

SQLite itself takes a page beyond the end of a file that was cut for a page of zeros as long as the `-wal` names it; a house
would be opened and fail where such a page is read. Only lengths and page numbers are looked at, so it costs nothing to
ask at every start; what the pages hold, row codes and the tree of the log say.
"""

import struct
from collections.abc import Iterator
from pathlib import Path

HEADER, WAL_HEADER, FRAME = 100, 32, 24  # bytes


def is_whole(path: Path) -> bool:
    """Whether no page is missing. A file that is absent or empty is whole: a house will be made in it."""
    size = path.stat().st_size if path.exists() else 0
    if size == 0:
        return True
    with path.open("rb") as file:
        head = file.read(HEADER)
    if len(head) < HEADER or not head.startswith(b"SQLite format 3\0"):
        return False
    length, pages = struct.unpack(">H", head[16:18])[0], struct.unpack(">I", head[28:32])[0]
    length = 65536 if length == 1 else length
    changed: set[int] = set()
    for named, count in _commits(path.with_name(path.name + "-wal"), length):
        changed, pages = changed | named, count
    return changed.issuperset(range(size // length + 1, pages + 1))


def _commits(wal: Path, length: int) -> Iterator[tuple[set[int], int]]:
    """The pages of each committed change, and how many pages the file has after it; whole frames of this log only."""
    if not wal.exists():
        return
    with wal.open("rb") as file:
        salt = file.read(WAL_HEADER)[16:24]
        named: set[int] = set()
        while len(frame := file.read(FRAME + length)) == FRAME + length and frame[8:16] == salt:
            page, count = struct.unpack(">II", frame[:8])
            named.add(page)
            if count:
                yield named, count
                named = set()
