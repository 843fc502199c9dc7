"""The sheets of one numbered copy as one PDF, made in memory, and its way to the controlled printer.

Called after the deed is committed. Pages come from the one rasteriser (viewing.pages) with the marks of this copy drawn
into their pixels; nothing of them is written to a disk by this program. A print queue of the machine (CUPS) keeps its
own spool: what that means stands in docs/operate.md.
"""

import io
import shutil
import subprocess
from dataclasses import dataclass

from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from mifeng.rooms.documents.models import DocumentFile
from mifeng.rooms.viewing.pages import PAPER_DPI, Issue, page_image

LP_SECONDS = 60
POINTS = 72


@dataclass(frozen=True)
class Sheets:
    """What is to be drawn: the copy's random code, which names the file outside; its pages from 1; the marks."""

    code: str
    file: DocumentFile
    pages: tuple[int, ...]
    issue: Issue


class NotPrinted(Exception):
    """The print queue did not take the job: says its exit code. The copy counts as printed; it is voided as a jam."""


def pdf(sheets: Sheets, dpi: int = PAPER_DPI) -> bytes:
    """One PDF without title, author or date, a picture a page. Raises vault.Unreadable, errors of the rasteriser."""
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    canvas.setTitle(sheets.code)
    for page in sheets.pages:
        image = ImageReader(io.BytesIO(page_image(sheets.file, page, sheets.issue, dpi)))
        width, height = (pixels * POINTS / dpi for pixels in image.getSize())
        canvas.setPageSize((width, height))
        canvas.drawImage(image, 0, 0, width, height)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


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
