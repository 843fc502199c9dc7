"""page_image: the only function of the house that returns page pixels.

It is called after the deed that shows the page is committed. The rendition is opened in memory, rasterised by a worker
that holds no key, marked for this reader and encoded; no plain page ever lies on a disk, no marked page is kept.
"""

import threading
from dataclasses import dataclass

from mifeng.base import vault
from mifeng.engines import watermark
from mifeng.rooms.documents import files
from mifeng.rooms.documents.models import DocumentFile

SCREEN_DPI, PAPER_DPI = 150, 300
QUALITY = 88

_lock = threading.Lock()
_pool: watermark.RasterPool | None = None


@dataclass(frozen=True)
class Issue:
    """For whom and for what a page is made: the mark id, its epoch, and the words that are drawn into the pixels."""

    mark: int
    epoch: str
    top: tuple[str, ...]
    footer: str
    diagonal: str
    edges: str
    edge: int = 32


def pool() -> watermark.RasterPool:
    """The workers that open hostile files, started once a process."""
    global _pool
    with _lock:
        if _pool is None:
            _pool = watermark.RasterPool(workers=1)
        return _pool


def marks(epoch: str) -> watermark.Marks:
    """The mark keys of an epoch (a quarter), derived from the vault's root."""
    return watermark.Marks(vault.derived("mark root"), epoch)


def page_image(file: DocumentFile, page: int, issue: Issue, dpi: int = SCREEN_DPI) -> bytes:
    """Page `page` (from 1) of the file's rendition as JPEG without metadata, marked for `issue`.

    Raises vault.Unreadable, watermark errors of the rasteriser.
    """
    return _marked(files.rendition(file), page, page_label(file, page), issue, dpi)


def sheet_image(sheet: bytes, label: str, issue: Issue, dpi: int = PAPER_DPI) -> bytes:
    """A single sheet (PDF, one page) that is no page of an item's file: a first page, a photograph; marked like any other.

    `label`: what the payload signs of the sheet hang on.
    """
    return _marked(sheet, 1, watermark.page_label(label, 1), issue, dpi)


def _marked(pdf: bytes, page: int, label: bytes, issue: Issue, dpi: int) -> bytes:
    image = pool().page(pdf, page, dpi)
    visible = watermark.VisibleMark(lines_top=issue.top, footer=issue.footer, diagonal=issue.diagonal, edges=issue.edges)
    marked = watermark.mark_page(
        image, visible, marks(issue.epoch), issue.mark, label, first=page == 1, edge=issue.edge, dpi=dpi
    )
    return watermark.encode_jpeg(marked, QUALITY)


def page_label(file: DocumentFile, page: int) -> str:
    """What the payload signs of a page hang on: version id and page number."""
    return watermark.page_label(f"{file.uid}.{file.version}", page)
