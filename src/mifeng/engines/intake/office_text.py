"""Text of office containers, the hidden parts included: what is not on the page leaks all the same."""

from __future__ import annotations

import datetime
import html
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from . import xmltext, zips
from .xmltext import COMMENTS, ODF, OFD, SLIDE, WORD, Reader, gather, parts
from .zips import Member

WORD_PARTS = re.compile(
    r"wordprocessingml\.(document\.main|template\.main|header|footer|footnotes|endnotes|comments|document\.glossary)\+xml$"
)
DRAWN = re.compile(r"drawingml\.(chart|diagramData)\+xml$")
SHEET_TAIL = 1 << 17
SHEET_MARGINS = re.compile(r"<(?:odd|even|first)(?:Header|Footer)>(.*?)</", re.S)
# Codes of a header: &L &C &R place, &P &N page, &"font,style", &12 size.
MARGIN_CODES = re.compile(r'&(?:"[^"]*"|\d+|[LCRPNDTFAGBIUESXYZ])')


class TooManyCells(Exception):
    """A workbook has more cells than the limit."""


def word(data: bytes, members: Mapping[str, Member]) -> str:
    """Body, tables, text boxes, headers, footers, notes, comments, charts; inserted and deleted passages of tracked
    changes."""
    from docx.opc.package import OpcPackage  # start-up time of a verb

    package = OpcPackage.open(io.BytesIO(data))
    ordered: list[tuple[int, str, bytes]] = []
    for part in package.iter_parts():
        if WORD_PARTS.search(part.content_type) or DRAWN.search(part.content_type):
            main = ".main+xml" in part.content_type
            ordered.append((0 if main else 1, str(part.partname), part.blob))
    return "\n".join(xmltext.text_of(iter([blob]), WORD) for _, _, blob in sorted(ordered, key=lambda each: each[:2]))


def sheet(data: bytes, members: Mapping[str, Member], cells: int = 2_000_000) -> str:
    """All sheets, hidden ones too: their names, the last computed values, comments, headers, footers, text of drawings.

    Formulae are never evaluated. Raises `TooManyCells`.
    """
    import openpyxl  # start-up time of a verb

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    lines: list[str] = []
    for page in book.worksheets:
        lines.append(page.title)
        # The dimension a file declares is its own claim; without it openpyxl reads what is there.
        page.reset_dimensions()
        for row in page.iter_rows(values_only=True):
            cells -= len(row)
            if cells < 0:
                raise TooManyCells
            if any(value is not None for value in row):
                lines.append("\t".join(cell(value) for value in row if value is not None))
    lines += _margins(data, members)
    lines.append(gather(data, members, r"xl/(threaded)?comments/?[^/]*\.xml", COMMENTS))
    lines.append(gather(data, members, r"xl/threadedComments/[^/]*\.xml", COMMENTS))
    lines.append(gather(data, members, r"xl/(drawings/drawing|charts/chart)\d+\.xml", SLIDE))
    return "\n".join(lines)


def cell(value: Any) -> str:
    """A cell as a person sees it; "" for an empty one."""
    if value is None:
        return ""
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _margins(data: bytes, members: Mapping[str, Member]) -> Iterator[str]:
    for member in parts(members, r"xl/worksheets/[^/]+\.xml"):
        tail = b""
        for piece in zips.inflate(data, member):
            tail = (tail + piece)[-SHEET_TAIL:]
        for found in SHEET_MARGINS.findall(tail.decode("utf-8", "replace")):
            yield MARGIN_CODES.sub(" ", html.unescape(found)).strip()


def slides(data: bytes, members: Mapping[str, Member]) -> str:
    """Slides (hidden ones too), notes, comments, charts."""
    shown = gather(data, members, r"ppt/slides/slide\d+\.xml", SLIDE)
    notes = gather(
        data, members, r"ppt/(notesSlides/notesSlide|comments/[^/]*?|charts/chart|diagrams/data)\d*\.xml", SLIDE
    )
    return f"{shown}\n{notes}"


def open_document(data: bytes, members: Mapping[str, Member]) -> str:
    """Content, headers, footers, comments and tracked deletions of ODF text, sheets and slides."""
    return gather(data, members, r"content\.xml", ODF) + "\n" + gather(data, members, r"styles\.xml", ODF)


def fixed_layout(data: bytes, members: Mapping[str, Member]) -> str:
    """Text of an OFD: pages in the order of their numbers, then templates and annotations (GB/T 33190-2016,
    TextCode)."""
    pages = gather(data, members, r"Doc_\d+/Pages/.*\.xml", OFD)
    return pages + "\n" + gather(data, members, r"Doc_\d+/(Tpls|Temps|Annots)/.*\.xml", OFD)


READERS: dict[str, Reader] = {
    "docx": word,
    "xlsx": sheet,
    "pptx": slides,
    "odt": open_document,
    "ods": open_document,
    "odp": open_document,
    "ofd": fixed_layout,
}
