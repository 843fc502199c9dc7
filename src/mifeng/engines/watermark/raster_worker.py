"""The process that opens hostile PDF files: `python -m mifeng.engines.watermark.raster_worker`.

It has no keys, no database and an environment of PATH and LANG only. Requests come on standard input, answers go to
standard output; every frame is a length (4 bytes, big-endian) and that many bytes.

Request: a JSON header {"do": "count" | "page", "page": 1.., "dpi": number}, then the PDF. Answer: a JSON header,
    then the pixels (BGR, rows from the top, no padding) or an empty frame. Header of an answer: {"pages": n},
    {"height", "width", "dpi"} or {"refused": word}.
"""

import json
import math
import os
import struct
import sys
from typing import BinaryIO

import pypdfium2

from mifeng.engines.watermark.confine import confine, limit_cpu

MOST_PAGES = 2000
LONGEST_EDGE_PT = 5000 / 25.4 * 72
MOST_PIXELS = 36_000_000
CPU_SECONDS = 10
BLANK = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>endobj\ntrailer<</Root 1 0 R>>\n"
)


class Refused(Exception):
    """A file this worker will not render; its word is one of encrypted, broken, pages, page, edge."""


def read_frame(source: BinaryIO) -> bytes:
    """Returns the next frame; raises EOFError at the end of the stream."""
    length = source.read(4)
    body = source.read(struct.unpack(">I", length)[0]) if len(length) == 4 else b""
    if len(length) < 4 or len(body) < struct.unpack(">I", length)[0]:
        raise EOFError("no further frame")
    return body


def write_frame(target: BinaryIO, body: bytes) -> None:
    """Writes one frame."""
    target.write(struct.pack(">I", len(body)))
    target.write(body)


def opened(pdf: bytes) -> pypdfium2.PdfDocument:
    """Opens a file and checks its number of pages."""
    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        raise Refused(
            "encrypted" if getattr(error, "err_code", 0) == pypdfium2.raw.FPDF_ERR_PASSWORD else "broken"
        ) from error
    if len(document) > MOST_PAGES:
        raise Refused("pages")
    if not len(document):
        raise Refused("broken")
    return document


def fitting_dpi(width: float, height: float, dpi: float) -> float:
    """Returns `dpi`, or less where a page of that many points would have more than 36 million pixels."""
    if max(width, height) > LONGEST_EDGE_PT:
        raise Refused("edge")
    pixels = width * height * (dpi / 72) ** 2
    return dpi if pixels <= MOST_PIXELS else dpi * math.sqrt(MOST_PIXELS / pixels) * 0.999


def page_pixels(pdf: bytes, number: int, dpi: float) -> tuple[dict[str, float], bytes]:
    """Renders one page, counted from 1; scripts and form fields of the file are not run."""
    document = opened(pdf)
    if not 1 <= number <= len(document):
        raise Refused("page")
    try:
        page = document[number - 1]
        real = fitting_dpi(*page.get_size(), dpi)
        pixels = page.render(scale=real / 72, may_draw_forms=False).to_numpy()[..., :3]
    except pypdfium2.PdfiumError as error:
        raise Refused("broken") from error
    return {"height": pixels.shape[0], "width": pixels.shape[1], "dpi": real}, pixels.tobytes()


def answer(request: dict[str, object], pdf: bytes) -> tuple[dict[str, object], bytes]:
    """Returns header and body of the answer to one request."""
    try:
        if request["do"] == "count":
            return {"pages": len(opened(pdf))}, b""
        return page_pixels(pdf, int(str(request["page"])), float(str(request["dpi"])))
    except Refused as refusal:
        return {"refused": str(refusal)}, b""


def main() -> None:
    """Serves requests until standard input ends."""
    # The library may print; what it prints must not land among the frames.
    target = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    # Everything is loaded before root, files and memory are given up.
    page_pixels(BLANK, 1, 72)
    confine()
    while True:
        try:
            request, pdf = json.loads(read_frame(sys.stdin.buffer)), read_frame(sys.stdin.buffer)
        except EOFError:
            return
        limit_cpu(CPU_SECONDS)
        header, body = answer(request, pdf)
        write_frame(target, json.dumps(header).encode())
        write_frame(target, body)
        target.flush()


if __name__ == "__main__":
    main()
