"""The sheets of one numbered copy as one PDF, made in memory, and its way to the controlled printer.

Called after the deed is committed. Pages come from the one rasteriser (viewing.pages) with the marks of this copy drawn
into their pixels; nothing of them is written to a disk by this program. A print queue of the machine (CUPS) keeps its
own spool: what that means stands in docs/operate.md.
"""

import io
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, replace

from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from mifeng.base.papers import issued_paper
from mifeng.engines.paper.issued import Issued
from mifeng.rooms.copies.models import Evidence
from mifeng.rooms.documents import files
from mifeng.rooms.documents.models import DocumentFile
from mifeng.rooms.viewing.pages import PAPER_DPI, SCREEN_DPI, Issue, page_image, sheet_image

LP_SECONDS = 60
POINTS = 72


@dataclass(frozen=True)
class Sheets:
    """What is to be drawn: the copy's random code, which names the file outside; its pages from 1; the marks."""

    code: str
    file: DocumentFile
    pages: tuple[int, ...]
    issue: Issue


@dataclass(frozen=True)
class Cover:
    """The first page of a copy that is to be set: the copy's random code, what stands on it, the marks."""

    code: str
    told: Issued
    issue: Issue


class NotPrinted(Exception):
    """The print queue did not take the job: says its exit code. The copy counts as printed; it is voided as a jam."""


def pdf(sheets: Sheets, dpi: int = PAPER_DPI) -> bytes:
    """One PDF without title, author or date, a picture a page. Raises vault.Unreadable, errors of the rasteriser."""
    return _bound(sheets.code, (page_image(sheets.file, page, sheets.issue, dpi) for page in sheets.pages), dpi)


def _bound(code: str, pictures: Iterable[bytes], dpi: int) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    canvas.setTitle(code)
    for picture in pictures:
        image = ImageReader(io.BytesIO(picture))
        width, height = (pixels * POINTS / dpi for pixels in image.getSize())
        canvas.setPageSize((width, height))
        canvas.drawImage(image, 0, 0, width, height)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def cover(told: Cover, dpi: int = PAPER_DPI) -> bytes:
    """The first page as a PDF without title, author or date, a picture with the marks of its copy. Raises as `pdf`."""
    plain = issued_paper(replace(told.told, creator=""))
    return _bound(told.code, [sheet_image(plain, f"{told.code}.cover", told.issue, dpi)], dpi)


def picture(row: Evidence, issue: Issue) -> bytes | None:
    """A photograph of a destruction as JPEG, marked for whoever looks; None = it cannot be shown. Raises as `pdf`."""
    upload = row.upload
    drawn = files.pictured(upload.original, upload.uid, upload.kind, upload.scan)
    return sheet_image(drawn, f"{row.uid}.evidence", issue, SCREEN_DPI) if drawn else None


def can_print(queue: str) -> bool:
    """Whether a controlled printer is configured and this machine can reach print queues."""
    return bool(queue) and shutil.which("lp") is not None


def hand_over(data: bytes, queue: str, name: str) -> None:
    """Give the PDF to the print queue through a pipe, under a name that says nothing. Raises NotPrinted."""
    try:
        done = subprocess.run(
            ["lp", "-d", queue, "-t", name, "-o", "job-sheets=none", "--", "-"], input=data, capture_output=True, timeout=LP_SECONDS,
            check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise NotPrinted(type(fault).__name__) from fault
    if done.returncode:
        raise NotPrinted(f"lp ended with {done.returncode}")
