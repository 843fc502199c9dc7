"""The text of a Word 97-2003 file, and of a WPS text file, which is built alike (MS-DOC 2.4.1, 2.5, 2.8.35, 2.9.73).

The text stands in pieces of the stream WordDocument; the table of pieces stands in the stream 0Table or 1Table. All
stories follow one another: body, footnotes, headers, comments, endnotes, text boxes. What was deleted with revision
marks is among them.
"""

from __future__ import annotations

import re
import struct
from itertools import pairwise

from . import ole

IDENT = 0xA5EC
OLDEST = 0x00C1  # Word 97; before it the table of pieces was another one
FLAGS, PIECES = 0x0A, 0x01A2
SECOND_TABLE = 1 << 9
COMPRESSED = 1 << 30
PROPERTIES, TABLE = 1, 2
ROW_END = "\x07\x07"  # of the last cell and of the row
FIELD = re.compile("([\x13\x14\x15])")
# Cell, line, page and column ends; a hyphen that holds together; the rest marks notes, pictures and fields.
SIGNS = str.maketrans({"\x07": "\t", "\x0b": "\n", "\x0c": "\n", "\x0e": "\n", "\r": "\n", "\x1e": "-"})
MARKS = re.compile("[\x00-\x08\x0e-\x1f]")


def text(data: bytes, most: int) -> str:
    """The text of all stories, at most `most` characters. Raises `ole.OleBroken`."""
    file = ole.CompoundFile(data)
    document = _stream(file, "WordDocument")
    if len(document) < PIECES + 8:
        raise ole.OleBroken("head", cut_short=True)
    ident, version = struct.unpack_from("<HH", document)
    (flags,) = struct.unpack_from("<H", document, FLAGS)
    if ident != IDENT or version < OLDEST:
        raise ole.OleBroken("Word 97")
    table = _stream(file, "1Table" if flags & SECOND_TABLE else "0Table")
    start, length = struct.unpack_from("<II", document, PIECES)
    if start + length > len(table):
        raise ole.OleBroken("table of pieces", cut_short=True)
    return _plain("".join(_pieces(document, _table(table[start : start + length]), most)))


def _stream(file: ole.CompoundFile, name: str) -> bytes:
    if name not in file.top:
        raise ole.OleBroken(name)
    return file.read(name, file.top[name].size)


def _table(clx: bytes) -> bytes:
    """The table of pieces behind the formatting that is kept before it."""
    at = 0
    while at + 5 <= len(clx) and clx[at] == PROPERTIES:
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if at + 5 > len(clx) or clx[at] != TABLE:
        raise ole.OleBroken("table of pieces")
    (length,) = struct.unpack_from("<I", clx, at + 1)
    return clx[at + 5 : at + 5 + length]


def _pieces(document: bytes, table: bytes, most: int) -> list[str]:
    count = (len(table) - 4) // 12
    if count < 1:
        raise ole.OleBroken("pieces")
    ends = struct.unpack_from(f"<{count + 1}I", table)
    found: list[str] = []
    for number, (first, last) in enumerate(pairwise(ends)):
        # Pieces may share their bytes, so what they come to is counted and not what they lie in.
        if last < first or first > most:
            break
        (place,) = struct.unpack_from("<I", table, 4 * (count + 1) + 8 * number + 2)
        found.append(_piece(document, place, min(last, most) - first))
    return found


def _piece(document: bytes, place: int, signs: int) -> str:
    if place & COMPRESSED:
        start = (place & ~COMPRESSED) // 2
        return document[start : start + signs].decode("cp1252", "replace")
    return document[place : place + 2 * signs].decode("utf-16-le", "replace")


def _plain(raw: str) -> str:
    """Without the codes of fields, whose results stay, and without marks."""
    return MARKS.sub("", _without_codes(raw).replace(ROW_END, "\n").translate(SIGNS))


def _without_codes(raw: str) -> str:
    """Fields stand in fields: what is inside of any code is no text."""
    kept: list[str] = []
    open_fields: list[bool] = []  # whether its code is not over yet
    codes = 0
    for sign in FIELD.split(raw):
        if sign == "\x13":
            open_fields.append(True)
            codes += 1
        elif sign == "\x14" and open_fields:
            codes -= open_fields[-1]
            open_fields[-1] = False
        elif sign == "\x15" and open_fields:
            codes -= open_fields.pop()
        elif not codes:
            kept.append(sign)
    return "".join(kept)
