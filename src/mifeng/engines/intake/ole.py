"""Reading the folder of an OLE compound file (MS-CFB): which streams it holds, and the first bytes of one.

Only what is needed to tell a Word file from a workbook and to see passwords and macros. Every chain is followed with
a count, so a file that points at itself ends in `OleBroken`.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LAST_SECTOR = 0xFFFFFFFA
NOTHING = 0xFFFFFFFF
MOST_ENTRIES = 100_000


class OleBroken(Exception):
    """The compound file does not hold together; `cut_short` = it points behind its own end."""

    def __init__(self, expected: str, cut_short: bool = False) -> None:
        super().__init__(expected)
        self.cut_short = cut_short


@dataclass(frozen=True)
class Entry:
    """One line of the folder. `kind`: 1 storage, 2 stream, 5 root."""

    name: str
    kind: int
    left: int
    right: int
    child: int
    start: int
    size: int


class CompoundFile:
    """The folder of `data`. Raises `OleBroken`."""

    def __init__(self, data: bytes) -> None:
        if len(data) < 512 or data[:8] != MAGIC:
            raise OleBroken("header", cut_short=True)
        self._data = data
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise OleBroken("sector size")
        self._sector = 1 << shift
        self._most = len(data) // self._sector + 1
        folder, self._cutoff, mini_table = struct.unpack_from("<I4xII", data, 48)
        self._table = self._sector_table()
        self._entries = self._folder(folder)
        self._mini_table = self._numbers(self._chain(mini_table)) if mini_table < LAST_SECTOR else ()
        self.top = {entry.name: entry for entry in self._children(self._entries[0].child)}

    def read(self, name: str, most: int = 8192) -> bytes:
        """The first `most` bytes of a stream of the top level; KeyError when there is none."""
        entry = self.top[name]
        length = min(most, entry.size)
        if entry.size >= self._cutoff:
            return self._chain(entry.start, length)[:length]
        store = self._chain(self._entries[0].start)
        pieces, sector = [], entry.start
        while sector < LAST_SECTOR and sum(map(len, pieces)) < length:
            if sector >= len(self._mini_table) or len(pieces) > self._cutoff // 64:
                raise OleBroken("short sector")
            pieces.append(store[sector * 64 : sector * 64 + 64])
            sector = self._mini_table[sector]
        return b"".join(pieces)[:length]

    def _at(self, sector: int) -> bytes:
        start = (sector + 1) * self._sector
        if start >= len(self._data):
            raise OleBroken("sector inside the file", cut_short=True)
        return self._data[start : start + self._sector]

    def _sector_table(self) -> tuple[int, ...]:
        sectors = list(struct.unpack_from("<109I", self._data, 76))
        more, steps = struct.unpack_from("<I", self._data, 68)[0], 0
        while more < LAST_SECTOR:
            numbers = self._numbers(self._at(more))
            sectors += numbers[:-1]
            more, steps = numbers[-1], steps + 1
            if steps > self._most:
                raise OleBroken("chain that ends")
        used = [sector for sector in sectors if sector < LAST_SECTOR]
        if len(used) > self._most:
            raise OleBroken("table no larger than the file")
        return self._numbers(b"".join(self._at(sector) for sector in used))

    def _numbers(self, raw: bytes) -> tuple[int, ...]:
        count = len(raw) // 4
        return struct.unpack(f"<{count}I", raw[: count * 4])

    def _chain(self, sector: int, enough: int | None = None) -> bytes:
        pieces: list[bytes] = []
        while sector < LAST_SECTOR and (enough is None or len(pieces) * self._sector < enough):
            if sector >= len(self._table) or len(pieces) > self._most:
                raise OleBroken("chain that ends")
            pieces.append(self._at(sector))
            sector = self._table[sector]
        return b"".join(pieces)

    def _folder(self, sector: int) -> list[Entry]:
        raw = self._chain(sector)
        entries = [self._entry(raw[start : start + 128]) for start in range(0, len(raw) - 127, 128)]
        if not entries or len(entries) > MOST_ENTRIES or entries[0].kind != 5:
            raise OleBroken("root entry")
        return entries

    def _entry(self, raw: bytes) -> Entry:
        length, kind = struct.unpack_from("<HB", raw, 64)
        left, right, child = struct.unpack_from("<III", raw, 68)
        start, size = struct.unpack_from("<II", raw, 116)
        name = raw[: max(0, min(64, length) - 2)].decode("utf-16-le", "replace")
        return Entry(name, kind, left, right, child, start, size)

    def _children(self, first: int) -> list[Entry]:
        found: list[Entry] = []
        waiting, seen = [first], {NOTHING}
        while waiting:
            number = waiting.pop()
            if number in seen:
                continue
            if number >= len(self._entries):
                raise OleBroken("entry inside the folder")
            seen.add(number)
            entry = self._entries[number]
            found.append(entry)
            waiting += [entry.left, entry.right]
        return found
