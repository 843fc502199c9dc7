"""QR labels: n x m on an A4 sheet, each with a random id, a number and a mark in words. Never a title."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import segno

from mifeng.engines.paper.faces import Faces
from mifeng.engines.paper.sheets import PORTRAIT, Sheets, Text

LONGEST = 24  # signs of an id: more makes the modules smaller than a phone reads on a label


class LabelTooLong(Exception):
    """An id of more signs than a label carries: says how many."""


@dataclass(frozen=True)
class Label:
    """One label: the id in the QR code, the number in large type, lines below it (mark, copy, date)."""

    code: str
    number: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stock:
    """The sheet of labels in the printer: columns, rows, margins and size of one in mm; 3 x 8 of 70 x 36 is common."""

    columns: int = 3
    rows: int = 8
    wide: float = 70.0
    high: float = 36.0
    left: float = 0.0
    top: float = 4.5


def qr(code: str, scale: int = 8) -> bytes:
    """A QR code as PNG, error correction M or better, with its quiet zone. Raises LabelTooLong."""
    out = io.BytesIO()
    _symbol(code).save(out, kind="png", scale=scale, border=4)
    return out.getvalue()


def qr_svg(code: str, title: str) -> str:
    """The same as an SVG that may stand in a page: no style, no size but its view box; `title` is what is read aloud."""
    return _symbol(code).svg_inline(scale=1, border=4, omitsize=True, title=title, svgclass=None, lineclass=None)


def _symbol(code: str) -> segno.QRCode:
    if len(code) > LONGEST:
        raise LabelTooLong(f"{len(code)} signs, at most {LONGEST}")
    return segno.make_qr(code, error="m", boost_error=True)


def pdf(labels: Sequence[Label], faces: Faces, creator: str, stock: Stock | None = None, skip: int = 0) -> bytes:
    """Sheets of labels; the first `skip` places are left free, for a sheet begun before. Raises LabelTooLong, FaceBroken."""
    stock = stock or Stock()
    sheets = Sheets(faces, PORTRAIT, "", creator)
    each = stock.columns * stock.rows
    for at, label in enumerate(labels, start=skip):
        place = at % each
        if at > skip and place == 0:
            sheets.turn()
        _draw(sheets, label, stock, stock.left + place % stock.columns * stock.wide, stock.top + place // stock.columns * stock.high)
    sheets.turn()
    return sheets.pdf()


def _draw(sheets: Sheets, label: Label, stock: Stock, x: float, y: float) -> None:
    side = min(26.0, stock.high - 6.0)
    sheets.picture(qr(label.code), x + 4.0, y + (stock.high - side) / 2, side, side)
    room, left = stock.wide - side - 9.0, x + 4.0 + side + 2.0
    size = next((size for size in (11, 10, 9, 8) if sheets.measured(Text(label.number, sheets.faces.bold, size)) <= room), 8)
    number = Text(label.number, sheets.faces.bold, size)
    lines = sheets.broken(number, room)[:2]
    top = y + (stock.high - len(lines) * 5.0 - len(label.lines) * 4.6 - 4.2) / 2
    top = sheets.paragraph(lines, left, top, number, 5.0) + 0.6
    for words in label.lines:
        like = Text(words, sheets.faces.hei, 9)
        for line in sheets.broken(like, room)[:1]:
            sheets.set_line(line, left, top, like)
        top += 4.6
    sheets.put(Text(label.code, sheets.faces.song, 6.5), left, top)
