"""The invisible mark: 2 304 chips of +1 and -1 in a tile of 48 x 48 cells that covers the page.

A cell is 0.677 mm at every resolution (4 px at 150 dpi), a tile 32.5 mm. On blank paper the mark is a grain of
three grey levels; at the edges of strokes, where nobody sees it, it is up to ten times stronger.
"""

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from mifeng.engines.watermark.codes import encode
from mifeng.engines.watermark.keys import CELLS, REPEATS, Marks

BASE_DPI = 150
CELL_PX = 4
TILE_PX = CELLS * CELL_PX
SOFTENING_PX = 0.8
PAPER = 3.0
EDGE_SCREEN, EDGE_PAPER = 32, 48
EDGE_GAIN = 1.2
BLACK_BELOW, BLACK_LIFT = 12, 8.0

Image = NDArray[np.uint8]


def chips(marks: Marks, mark_id: int, page: str) -> NDArray[np.float32]:
    """Returns the 2 304 chips of one tile, row by row."""
    tile = marks.sync.tile.reshape(-1).copy()
    tile[marks.payload_cells] = np.tile(1 - 2 * encode(mark_id).astype(np.float32), REPEATS) * marks.page_signs(page)
    return tile


@lru_cache(maxsize=128)
def pattern_tile(marks: Marks, mark_id: int, page: str) -> NDArray[np.float32]:
    """Returns one tile at 150 dpi, 192 x 192, values in -1 .. +1, softened cyclically so that copies join without a
    seam.
    """
    cells = np.repeat(np.repeat(chips(marks, mark_id, page).reshape(CELLS, CELLS), CELL_PX, 0), CELL_PX, 1)
    wrapped = cv2.copyMakeBorder(cells, 8, 8, 8, 8, cv2.BORDER_WRAP)
    tile = np.ascontiguousarray(cv2.GaussianBlur(wrapped, (0, 0), SOFTENING_PX)[8:-8, 8:-8])
    tile.setflags(write=False)
    return tile


def pattern(tile: NDArray[np.float32], height: int, width: int, dpi: float) -> NDArray[np.float32]:
    """Covers a page of `height` x `width` pixels with the tile, from the top left corner."""
    scale = dpi / BASE_DPI
    rows, columns = int(np.ceil(height / scale)), int(np.ceil(width / scale))
    sheet = np.tile(tile, (rows // TILE_PX + 1, columns // TILE_PX + 1))[:rows, :columns]
    return sheet if scale == 1 else cv2.resize(sheet, (width, height), interpolation=cv2.INTER_LINEAR)


@lru_cache(maxsize=8)
def _curves(paper: float, edge: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Returns two tables of 256 entries: local contrast -> amplitude, grey -> head room (white goes down, black
    up).
    """
    steps = np.arange(256, dtype=np.float32)
    amplitude = paper + (edge - paper) * np.clip(EDGE_GAIN * steps / 255, 0, 1)
    room = np.where(steps > 255 - paper, -paper, 0) + np.where(steps < BLACK_BELOW, BLACK_LIFT, 0)
    return amplitude.astype(np.float32), room.astype(np.float32)


def embed(
    image: Image, marks: Marks, mark_id: int, page: str, *, edge: float = EDGE_SCREEN, dpi: float = BASE_DPI
) -> Image:
    """Returns a marked copy of a page picture.

    Args:
        image: uint8, (h, w, 3) BGR or (h, w) grey, at least 16 px a side; it is not changed.
        mark_id: 48-bit number of the occasion.
        page: label of document version and page, see `page_label`; reading needs the same label.
        edge: amplitude at strokes in grey levels, 32 for the screen, 48 for paper and the highest level. Lower was
            never measured.
        dpi: real resolution of `image`; the cell keeps its size in millimetres.

    Raises:
        ValueError: the number does not fit, or `edge` is below 32.
    """
    if edge < EDGE_SCREEN:
        raise ValueError(f"edge must be at least {EDGE_SCREEN}, got {edge}")
    grey = image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    amplitude, room = _curves(PAPER, float(edge))
    contrast = cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    change = cv2.LUT(contrast, amplitude)
    cv2.multiply(change, pattern(pattern_tile(marks, mark_id, page), *grey.shape, dpi), change)
    cv2.add(change, cv2.LUT(grey, room), change)
    # Rounded once, as signed 16-bit, so that the three channels move by exactly the same amount (luma only, no tint).
    steps = cv2.add(change, 0, dtype=cv2.CV_16S)
    return cv2.add(image, steps if image.ndim == 2 else cv2.merge([steps] * 3), dtype=cv2.CV_8U)
