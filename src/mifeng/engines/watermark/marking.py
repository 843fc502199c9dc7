"""One page through both marks."""

import numpy as np

from mifeng.engines.watermark.codes import short_id
from mifeng.engines.watermark.encoding import encode_jpeg
from mifeng.engines.watermark.hidden import BASE_DPI, EDGE_SCREEN, Image, embed
from mifeng.engines.watermark.keys import Marks
from mifeng.engines.watermark.visible import VisibleMark, draw


def mark_page(
    image: Image,
    visible: VisibleMark,
    marks: Marks,
    mark_id: int,
    page: str,
    *,
    first: bool,
    edge: float = EDGE_SCREEN,
    dpi: float = BASE_DPI,
) -> Image:
    """Returns a copy of a page picture with the visible and the invisible mark; equal arguments give equal pixels.

    Args:
        image: uint8 (h, w, 3) BGR or (h, w) grey; the answer is BGR.
        mark_id: 48-bit number of the occasion, from `new_mark_id`; reloads of one occasion keep it, so that
            averaging gains nothing.
        page: label from `page_label`: document version and page number.
        first: page 1 carries the level lines in full, the others a small one at the top right.
        edge: 32 on screen, 48 for the highest level and for everything printed or exported.
        dpi: real resolution, see `RasterPool.render`.

    Raises:
        ValueError: the number does not fit 48 bits, or `edge` is below 32.
    """
    drawn = draw(image, visible, short_id(mark_id), first=first, dpi=dpi)
    return embed(drawn, marks, mark_id, page, edge=edge, dpi=dpi)


def warm_up() -> None:
    """Marks and encodes one page for nobody: fonts, tables and threads of the libraries cost the first call 0.5 s
    otherwise.
    """
    texts = VisibleMark(("000000", "密封"), "密封", "密封", "密封")
    blank = np.full((1754, 1240, 3), 255, np.uint8)
    encode_jpeg(mark_page(blank, texts, Marks(bytes(32), "warm"), 0, "warm|1", first=True))
