"""Opening a PDF in the worker: may it be taken in, does it show anything, what text does it hold. Reader: pdfium."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from .limits import Limits
from .reasons import Rejected, rejected

if TYPE_CHECKING:
    import pypdfium2

POINTS_PER_MM = 72 / 25.4
PASSWORD_WANTED = 4
TRIAL_DPI = 60
TRIAL_EDGE = 4000
SPARSE_PAGE = 20  # characters: a page of fewer with a picture is a scan


def prepare() -> None:
    """Load the library while files can still be opened."""
    import pypdfium2  # noqa: F401 - start-up time of a verb


def opened(data: bytes) -> pypdfium2.PdfDocument | Rejected:
    """The document, or a refusal: encrypted when it does not open without a password, broken otherwise."""
    import pypdfium2  # start-up time of a verb

    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as fault:
        wanted = getattr(fault, "err_code", None) == PASSWORD_WANTED or "password" in str(fault).lower()
        return rejected("encrypted" if wanted else "broken")


def measure(data: bytes, limits: Limits) -> int | Rejected:
    """The number of pages of a PDF that keeps the limits on pages and page edge."""
    document = opened(data)
    if isinstance(document, Rejected):
        return document
    pages = len(document)
    if pages == 0:
        return rejected("broken")
    if pages > limits.pdf_pages:
        return rejected("pages", count=str(pages), limit=str(limits.pdf_pages))
    longest = limits.page_edge_mm * POINTS_PER_MM
    for number in range(pages):
        if max(document.get_page_size(number)) > longest:
            return rejected("page_edge", limit=f"{limits.page_edge_mm / 1000:g}")
    return pages


def trial(data: bytes, limits: dict[str, int]) -> tuple[dict[str, Any], bytes]:
    """Worker job: rasterise the first page small. Tells `pages`, or `rejected` with code and values."""
    pages = measure(data, Limits(**limits))
    if isinstance(pages, Rejected):
        return {"rejected": [pages.code, pages.values]}, b""
    document = opened(data)
    assert not isinstance(document, Rejected)
    page = document[0]
    scale = min(TRIAL_DPI / 72, TRIAL_EDGE / max(1.0, *page.get_size()))
    bitmap = page.render(scale=scale)
    return {"pages": pages, "width": bitmap.width, "height": bitmap.height}, b""


def text(data: bytes, most: int) -> tuple[str, int, list[int]]:
    """The text of all pages up to `most` characters, the number of pages, and which of them (from 1) are scans."""
    document = opened(data)
    if isinstance(document, Rejected):
        return "", 0, []
    pieces: list[str] = []
    size, scanned = 0, []
    for number, page in enumerate(document, start=1):
        piece = page.get_textpage().get_text_bounded()
        if _is_scan(page, piece):
            scanned.append(number)
        pieces.append(piece)
        size += len(piece)
        if size > most:
            break
    return "\n".join(pieces), len(document), scanned


def scans(data: bytes) -> tuple[dict[str, Any], bytes]:
    """Worker job: tells `scans`, the numbers (from 1) of pages that show a picture and hold no text to speak of."""
    _text, _pages, scanned = text(data, sys.maxsize)
    return {"scans": scanned}, b""


def _is_scan(page: pypdfium2.PdfPage, words: str) -> bool:
    import pypdfium2.raw as raw  # start-up time of a verb

    if len(words.strip()) >= SPARSE_PAGE:
        return False
    return any(True for _ in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3))
