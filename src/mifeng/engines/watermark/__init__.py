"""Visible and invisible marks of pages: made, drawn, found again, and weighed.

Every page that somebody sees or carries away is a picture made for him alone. It shows for whom (`VisibleMark`),
and its grain and the edges of its strokes hold a 48-bit number of the occasion that lives through screenshots, chat
messages, photos and photocopies. The number says nothing by itself; who holds the keys (`Marks`) reads it, and who
holds the registry of issued numbers weighs it (`scan`).

    >>> import numpy as np
    >>> marks = Marks(root=bytes(range(32)), epoch="2026Q4")
    >>> paper = np.full((1754, 1240, 3), 255, np.uint8)
    >>> texts = VisibleMark(("000003", "澜岱公司 机密 5年"), "葛星野 · 研发中心 · gexy · 阅", *["葛星野 09:12"] * 2)
    >>> label = page_label("6f1c", 1)
    >>> page = mark_page(paper, texts, marks, 0x123456789ABC, label, first=True)
    >>> reading = read(page[200:1200, 100:1000], {"2026Q4": marks}, [label])
    >>> reading.ok, hex(reading.id), reading.page
    (True, '0x123456789abc', '6f1c|1')
    >>> finding = scan(reading, [Issued("2026Q4", (label,), [7, 0x123456789ABC])], {"2026Q4": marks})
    >>> str(finding.grade), [hit.mark_id for hit in finding.hits] == [0x123456789ABC]
    ('认定', True)

Pages come from `RasterPool` (processes that open hostile PDF files and have no keys) and leave through
`encode_jpeg`. Call `warm_up()` once in each process. Format, derivations, detector and bound:
docs/spec/watermark.md.
"""

from mifeng.engines.watermark.codes import new_mark_id, short_id
from mifeng.engines.watermark.detect import PictureTooLarge, PictureTooSmall
from mifeng.engines.watermark.encoding import NotEncodable, encode_jpeg
from mifeng.engines.watermark.hidden import EDGE_PAPER, EDGE_SCREEN, Image
from mifeng.engines.watermark.keys import Marks, page_label
from mifeng.engines.watermark.marking import mark_page, warm_up
from mifeng.engines.watermark.reading import Reading, read
from mifeng.engines.watermark.registry import Finding, Grade, Hit, Issued, bound, pooled, scan, threshold
from mifeng.engines.watermark.render import (
    PageNotThere,
    PdfBroken,
    PdfEncrypted,
    PdfTooLarge,
    PoolClosed,
    Raster,
    RasterPool,
    RasterRefused,
    RasterTimeout,
    RasterWorkerLost,
)
from mifeng.engines.watermark.visible import VisibleMark

__all__ = [
    "EDGE_PAPER",
    "EDGE_SCREEN",
    "Finding",
    "Grade",
    "Hit",
    "Image",
    "Issued",
    "Marks",
    "NotEncodable",
    "PageNotThere",
    "PdfBroken",
    "PdfEncrypted",
    "PdfTooLarge",
    "PictureTooLarge",
    "PictureTooSmall",
    "PoolClosed",
    "Raster",
    "RasterPool",
    "RasterRefused",
    "RasterTimeout",
    "RasterWorkerLost",
    "Reading",
    "VisibleMark",
    "bound",
    "encode_jpeg",
    "mark_page",
    "new_mark_id",
    "page_label",
    "pooled",
    "read",
    "scan",
    "short_id",
    "threshold",
    "warm_up",
]
