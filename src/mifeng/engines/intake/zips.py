"""Zip containers as hostile things: nothing their folder says is believed, every byte is counted while inflating.

The folder check refuses by arithmetic alone (a bomb in well under a second); `walk` then inflates each member up to
what the folder promised and not one byte further. Format: APPNOTE.TXT of PKWARE, sections 4.3.7, 4.3.12, 4.3.16,
4.5.3.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from .limits import Limits
from .names import member_name
from .reasons import Rejected, _, rejected

LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
STORED, DEFLATED = 0, 8
PIECE = 1 << 16
TOO_LARGE = 0xFFFFFFFF
END_SEARCH = 65_557
# Some writers add the zip64 end record and its locator even where nothing needs them.
ZIP64_RECORDS = 56 + 20


@dataclass(frozen=True)
class Member:
    """One line of the folder: where its bytes are said to be and how many they are said to become."""

    name: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    at: int
    symlink: bool

    @property
    def folder(self) -> bool:
        """Whether it only names a folder."""
        return self.name.endswith("/")


@dataclass(frozen=True)
class _End:
    at: int
    count: int
    folder_size: int
    folder_at: int


def end_record(data: bytes) -> _End | None:
    """The end record whose comment reaches exactly to the end of `data`, or None."""
    at = data.rfind(END, max(0, len(data) - END_SEARCH))
    while at >= 0:
        if at + 22 <= len(data):
            count, folder_size, folder_at, comment = struct.unpack_from("<HIIH", data, at + 10)
            if at + 22 + comment == len(data):
                return _End(at, count, folder_size, folder_at)
        at = data.rfind(END, max(0, len(data) - END_SEARCH), at)
    return None


def hidden_in(data: bytes) -> bool:
    """Whether a file of another type also opens as a zip: an end record that points at a folder."""
    end = end_record(data)
    return end is not None and data[max(0, end.at - end.folder_size) :].startswith(CENTRAL)


def folder(data: bytes, limits: Limits) -> tuple[Member, ...] | Rejected:
    """The members of a zip that begins at the first byte of `data`, or why it is refused. Nothing is inflated."""
    end = end_record(data)
    if end is None:
        return rejected("truncated")
    if end.count > limits.entries or TOO_LARGE in (end.folder_size, end.folder_at):
        return _bomb(_("成员太多"))
    gap = end.at - end.folder_at - end.folder_size
    if gap and not (gap == ZIP64_RECORDS and data[end.at - 20 : end.at - 16] == b"PK\x06\x07"):
        # Bytes before or between: a second file is wrapped around this one.
        return rejected("polyglot" if gap > 0 else "truncated")
    members: list[Member] = []
    at = end.folder_at
    while at < end.folder_at + end.folder_size and len(members) <= limits.entries:
        member, at = _line(data, at, end.at)
        if member is None:
            return rejected("broken")
        members.append(member)
    if len(members) > limits.entries:
        return _bomb(_("成员太多"))
    if len(members) != end.count:
        return rejected("broken")
    return _judged(tuple(members), len(data), end.folder_at, limits)


def _line(data: bytes, at: int, end: int) -> tuple[Member | None, int]:
    if data[at : at + 4] != CENTRAL or at + 46 > end:
        return None, at
    made_by, flags, method = struct.unpack_from("<H2xHH", data, at + 4)
    crc, packed, size, name_length, extra_length, comment = struct.unpack_from("<IIIHHH", data, at + 16)
    attributes, local = struct.unpack_from("<II", data, at + 38)
    name = data[at + 46 : at + 46 + name_length]
    extra = data[at + 46 + name_length : at + 46 + name_length + extra_length]
    size, packed, local = _long(extra, size, packed, local)
    text = name.decode("utf-8", "replace") if flags & 0x800 else member_name(name.decode("cp437"), False)
    symlink = made_by >> 8 == 3 and attributes >> 28 == 0xA
    after = at + 46 + name_length + extra_length + comment
    return Member(text, flags, method, crc, packed, size, local, symlink), after


def _long(extra: bytes, size: int, packed: int, local: int) -> tuple[int, int, int]:
    """Replace figures that did not fit by those of the zip64 field (id 1), in the order the format gives them."""
    if TOO_LARGE not in (size, packed, local):
        return size, packed, local
    at = 0
    while at + 4 <= len(extra):
        field, length = struct.unpack_from("<HH", extra, at)
        if field == 1:
            figures = iter(struct.unpack_from(f"<{min(length, len(extra) - at - 4) // 8}Q", extra, at + 4))
            size, packed, local = (
                next(figures, figure) if figure == TOO_LARGE else figure for figure in (size, packed, local)
            )
        at += 4 + length
    return size, packed, local


def _judged(members: tuple[Member, ...], length: int, folder_at: int, limits: Limits) -> tuple[Member, ...] | Rejected:
    if any(member.flags & 1 for member in members):
        return rejected("encrypted")
    if any(_leaves(member) for member in members):
        return rejected("zip_path")
    if len({member.name.lower() for member in members}) != len(members) or any("\0" in m.name for m in members):
        # Two members of one name: each program would read another one.
        return rejected("broken")
    if any(member.method not in (STORED, DEFLATED) for member in members):
        return rejected("broken")
    return _bombed(members, length, limits) or _misplaced(members, folder_at) or members


def _leaves(member: Member) -> bool:
    parts = member.name.replace("\\", "/").split("/")
    return member.symlink or ".." in parts or member.name[:1] in ("/", "\\") or parts[0][1:2] == ":"


def _bombed(members: tuple[Member, ...], length: int, limits: Limits) -> Rejected | None:
    total = sum(member.size for member in members)
    if total > limits.expanded:
        return _bomb(_("展开后的大小"))
    for member in members:
        if member.size > limits.ratio_floor and member.size > limits.member_ratio * max(1, member.packed):
            return _bomb(_("压缩比"))
    if total > limits.ratio_floor and total > limits.whole_ratio * length:
        return _bomb(_("压缩比"))
    return None


def _misplaced(members: tuple[Member, ...], folder_at: int) -> Rejected | None:
    """Overlapping members are how a small file holds one bomb ten thousand times; bytes before the first hide a
    second file."""
    reached = 0
    for member in sorted(members, key=lambda each: each.at):
        if member.at < reached:
            return _bomb(_("成员互相重叠"))
        if reached == 0 and member.at != 0:
            return rejected("polyglot")
        reached = member.at + 30 + member.packed
    return rejected("broken") if reached > folder_at else None


def inflate(data: bytes, member: Member, most: int | None = None) -> Iterator[bytes]:
    """The bytes of a member in pieces, at most `most` of them (default: to its end).

    Raises `Lie` as soon as more comes out than the folder promised, or less, or something else (checksum).
    """
    if data[member.at : member.at + 4] != LOCAL or member.at + 30 > len(data):
        raise Lie("local header")
    name_length, extra_length = struct.unpack_from("<HH", data, member.at + 26)
    start = member.at + 30 + name_length + extra_length
    packed = memoryview(data)[start : start + member.packed]
    produced, crc = 0, 0
    for piece in _raw(packed) if member.method == DEFLATED else _cut(packed):
        produced += len(piece)
        crc = zlib.crc32(piece, crc)
        if produced > member.size:
            raise Lie("size")
        yield piece
        if most is not None and produced >= most:
            return
    if produced != member.size or crc != member.crc:
        raise Lie("size or checksum")


class Lie(Exception):
    """A member is not what the folder says of it."""


def _cut(packed: memoryview) -> Iterator[bytes]:
    for start in range(0, len(packed), PIECE):
        yield bytes(packed[start : start + PIECE])


def _raw(packed: memoryview) -> Iterator[bytes]:
    engine = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for start in range(0, len(packed), PIECE):
            waiting = bytes(packed[start : start + PIECE])
            while waiting and not engine.eof:
                piece = engine.decompress(waiting, PIECE)
                waiting = engine.unconsumed_tail
                if piece:
                    yield piece
        while not engine.eof:
            piece = engine.decompress(engine.unconsumed_tail, PIECE)
            if not piece:
                break
            yield piece
    except zlib.error as fault:
        raise Lie("deflate stream") from fault
    if not engine.eof:
        raise Lie("end of the deflate stream")


def content(data: bytes, member: Member, most: int) -> bytes:
    """At most `most` bytes of a member. Raises `Lie`."""
    return b"".join(inflate(data, member, most))[:most]


def _bomb(what: str) -> Rejected:
    return rejected("bomb", what=what)
