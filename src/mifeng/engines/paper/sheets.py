"""Sheets of paper: a canvas with its origin at the upper left corner, measured in millimetres."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from mifeng.engines.paper.faces import Faces, Token, cleaned, lines, tokens

MM = 72 / 25.4
PORTRAIT, LANDSCAPE = (210.0, 297.0), (297.0, 210.0)
Ink = tuple[float, float, float]
BLACK, GREY, RED = (0.0, 0.0, 0.0), (0.35, 0.35, 0.35), (0.72, 0.12, 0.11)
ASCENT = 0.88  # of the em, in the faces the house ships: the square of a Chinese sign ends there

PageWords = Callable[[int, int], str]


@dataclass(frozen=True)
class Text:
    """Words in a face and size (points), struck through or not."""

    words: str
    face: Path
    size: float
    struck: bool = False
    ink: Ink = BLACK


class Sheets:
    """Sheets of one document. Lengths in mm from the upper left corner; sizes of letters and weights of lines in points."""

    def __init__(self, faces: Faces, size: tuple[float, float], title: str, creator: str) -> None:
        self.faces, self.wide, self.high = faces, *size
        self._out = io.BytesIO()
        self.canvas = Canvas(self._out, pagesize=(size[0] * MM, size[1] * MM), invariant=1, pageCompression=1)
        self.canvas.setTitle(cleaned(title))
        self.canvas.setCreator(creator)
        self.canvas.setProducer(creator)

    def turn(self) -> None:
        """The next sheet."""
        self.canvas.showPage()

    def pdf(self) -> bytes:
        """The document; its last sheet must have been turned."""
        self.canvas.save()
        return self._out.getvalue()

    def line(self, x: float, y: float, to_x: float, to_y: float, weight: float = 0.5, ink: Ink = BLACK) -> None:
        """A straight line, `weight` points thick."""
        self.canvas.setStrokeColorRGB(*ink)
        self.canvas.setLineWidth(weight)
        self.canvas.line(x * MM, (self.high - y) * MM, to_x * MM, (self.high - to_y) * MM)

    def box(self, x: float, y: float, wide: float, high: float, weight: float = 0.5, ink: Ink = BLACK) -> None:
        """An empty rectangle."""
        self.canvas.setStrokeColorRGB(*ink)
        self.canvas.setLineWidth(weight)
        self.canvas.rect(x * MM, (self.high - y - high) * MM, wide * MM, high * MM)

    def double_box(self, x: float, y: float, wide: float, high: float) -> None:
        """The frame of a register: a thick line outside, a thin one 0.8 mm within."""
        self.box(x, y, wide, high, 1.2)
        self.box(x + 0.8, y + 0.8, wide - 1.6, high - 1.6, 0.5)

    def picture(self, data: bytes, x: float, y: float, wide: float, high: float) -> None:
        """A PNG."""
        self.canvas.drawImage(ImageReader(io.BytesIO(data)), x * MM, (self.high - y - high) * MM, wide * MM, high * MM)

    def broken(self, text: Text, wide: float, indent: float = 0) -> list[list[Token]]:
        """The text in lines of that width (mm)."""
        return lines(text.words, text.face, text.size, wide * MM, self.faces, indent * MM)

    def measured(self, text: Text) -> float:
        """How wide one line of it is, in mm."""
        return sum(token.width for token in tokens(cleaned(text.words), text.face, text.size, self.faces)) / MM

    def put(self, text: Text, x: float, y: float, *, right: float | None = None, centre: float | None = None) -> None:
        """One line, the squares of its signs beginning at `y`: from `x`, or up to `right`, or round `centre`."""
        line = tokens(cleaned(text.words).replace("\n", " "), text.face, text.size, self.faces)
        length = sum(token.width for token in line) / MM
        at = right - length if right is not None else centre - length / 2 if centre is not None else x
        self.set_line(line, at, y, text)

    def set_line(self, line: Sequence[Token], x: float, y: float, like: Text, spread: float = 0) -> None:
        """A broken line, runs of one font together; `spread` points are added between signs."""
        base = self.high * MM - y * MM - like.size * ASCENT
        text: Any = self.canvas.beginText(x * MM, base)
        text.setFillColorRGB(*like.ink)
        text.setCharSpace(spread)
        start = 0
        for at in range(1, len(line) + 1):
            if at == len(line) or line[at].font != line[start].font:
                text.setFont(line[start].font, like.size)
                text.textOut("".join(token.text for token in line[start:at]))
                start = at
        self.canvas.drawText(text)
        if like.struck and line:
            middle = y + like.size * 0.5 / MM
            self.line(x, middle, x + sum(token.width for token in line) / MM, middle, 0.6, like.ink)

    def paragraph(self, broken: Sequence[Sequence[Token]], x: float, y: float, like: Text, leading: float) -> float:
        """Broken lines below each other, `leading` mm apart; returns where the next would begin."""
        for line in broken:
            self.set_line(line, x, y, like)
            y += leading
        return y
