"""Plain text on pages, drawn by ourselves with a font of the product: no converter needed for what has no layout."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from . import texts
from .limits import Limits

FONT = "intake"
PAPER = (595.28, 841.89)
MARGIN, SIZE, LEADING = 56.7, 10.5, 16.0
TAB = 4


def prepare(font: str) -> None:
    """Load the drawing library and the TrueType font at this path."""
    from reportlab.pdfbase import pdfmetrics  # start-up time of a verb
    from reportlab.pdfbase.ttfonts import TTFont  # start-up time of a verb
    from reportlab.pdfgen import canvas  # noqa: F401 - start-up time of a verb

    pdfmetrics.registerFont(TTFont(FONT, font))
    texts.prepare()


def typeset(data: bytes, encoding: str, limits: dict[str, int]) -> tuple[dict[str, Any], bytes]:
    """Worker job: A4 pages of the text as payload. Tells `pages` and `missing`, the number of signs the font does not
    have."""
    from reportlab.pdfbase import pdfmetrics  # start-up time of a verb
    from reportlab.pdfgen import canvas  # start-up time of a verb

    text = (
        texts.decoded(data, encoding or texts.encoding(data) or "utf-8")
        .replace("\r\n", "\n")
        .replace("\r", "\n")
        .expandtabs(TAB)
    )
    glyphs = pdfmetrics.getFont(FONT).face.charToGlyph
    missing = sum(1 for sign in text if sign > " " and ord(sign) not in glyphs)
    most = Limits(**limits).pdf_pages
    lines_a_page = int((PAPER[1] - 2 * MARGIN) // LEADING)
    out = io.BytesIO()
    paper = canvas.Canvas(out, pagesize=PAPER, invariant=1)
    pages = 0
    for line_number, line in enumerate(_wrapped(text)):
        if line_number % lines_a_page == 0:
            if pages:
                paper.showPage()
            pages += 1
            if pages > most:
                return {"rejected": ["pages", {"count": f"{most}+", "limit": str(most)}]}, b""
            paper.setFont(FONT, SIZE)
        paper.drawString(MARGIN, PAPER[1] - MARGIN - SIZE - (line_number % lines_a_page) * LEADING, line)
    paper.showPage()
    paper.save()
    return {"pages": pages, "missing": missing}, out.getvalue()


def _wrapped(text: str) -> Iterator[str]:
    """Lines no wider than the type area, broken between any two signs, as Chinese may be."""
    from reportlab.pdfbase.pdfmetrics import stringWidth  # start-up time of a verb

    room = PAPER[0] - 2 * MARGIN
    widths: dict[str, float] = {}
    for paragraph in text.split("\n"):
        start, used = 0, 0.0
        for place, sign in enumerate(paragraph):
            if sign not in widths:
                widths[sign] = stringWidth(sign, FONT, SIZE)
            width = widths[sign]
            if used + width > room and place > start:
                yield paragraph[start:place]
                start, used = place, 0.0
            used += width
        yield paragraph[start:]
