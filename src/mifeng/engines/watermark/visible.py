"""The visible mark, drawn into the pixels of a page: level lines, footer, slanted name and time, names along both
edges.

Ink is multiplied onto light ground and screened onto dark ground, so that the mark never brightens a stroke, never
hides a word and shows on a dark slide, too. Everything that does not depend on the page's content is drawn once per
occasion and page size.
"""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from mifeng.engines.watermark.hidden import Image
from mifeng.engines.watermark.lettering import Mask, cleaned, column, fitting_line, slanted

LINE_SIGNS, FOOTER_SIGNS, DIAGONAL_SIGNS, EDGE_SIGNS = 40, 120, 48, 48
SLANT = 27.0
DIAGONALS_AT = (0.27, 0.52, 0.77)
EDGES_AT = (0.155, 0.42, 0.69)
BLANK_ABOVE, DARK_BELOW = 200, 96

# How much of the light each ink leaves, blue, green, red. The slanted ink takes 10 % (8 to 12 by design).
BLACK = (0.10, 0.10, 0.10)
GREY = (0.45, 0.45, 0.45)
FOOTER = (0.24, 0.24, 0.50)
EDGE = (0.72, 0.72, 0.80)
SLANTED = (0.885, 0.885, 0.935)

Ink = tuple[float, float, float]


@dataclass(frozen=True)
class VisibleMark:
    """Texts of a visible mark; each is cleaned and cut, none is ever parsed.

    Attributes:
        lines_top: lines at the top left of the first page (份号, then `公司简称 机密 5年`); other pages show the
            last one, small, at the right.
        footer: name · department · account · minute · purpose; the short id of the occasion is added at the right.
        diagonal: name and time, slanted over the page.
        edges: name (and time) along both sides.

    Where footer, diagonal or edges have nothing that can be drawn, the short id stands in their place.
    """

    lines_top: tuple[str, ...]
    footer: str
    diagonal: str
    edges: str


@dataclass(frozen=True)
class Patch:
    """A rectangle of ink: `left` and `top` in pixels, `kept` = share of light left, uint8 (h, w, 3)."""

    top: int
    left: int
    kept: NDArray[np.uint8]


@dataclass(frozen=True)
class Overlay:
    """All ink for one page size. `raised` is the level mark at the top margin, `standard` at the place of GB/T 9704
    (first page only).
    """

    patches: tuple[Patch, ...]
    raised: tuple[Patch, ...]
    standard: tuple[Patch, ...]


def draw(image: Image, visible: VisibleMark, short: str, *, first: bool, dpi: float = 150) -> Image:
    """Returns a copy of a page picture (uint8, BGR or grey) with the visible mark; the answer is BGR.

    Args:
        short: short id of the occasion, see `codes.short_id`.
        first: whether this is page 1, which carries the level lines in full.
        dpi: real resolution of `image`.
    """
    page = image.copy() if image.ndim == 3 else cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)
    height, width = page.shape[:2]
    overlay = _overlay(visible, short, first, height, width, float(dpi))
    blank = bool(overlay.standard) and all(_is_blank(page, patch) for patch in overlay.standard)
    for patch in (*overlay.patches, *(overlay.standard if blank else overlay.raised)):
        _apply(page, patch)
    return page


def _area(page: Image, patch: Patch) -> Image:
    height, width = patch.kept.shape[:2]
    return page[patch.top : patch.top + height, patch.left : patch.left + width]


def _is_blank(page: Image, patch: Patch) -> bool:
    area = _area(page, patch)
    return area.size > 0 and int(area.min()) >= BLANK_ABOVE


def _apply(page: Image, patch: Patch) -> None:
    area = _area(page, patch)
    if area.size == 0:
        return
    if area[::4, ::4].mean() < DARK_BELOW:
        area[:] = 255 - cv2.multiply(255 - area, patch.kept, scale=1 / 255)
    else:
        area[:] = cv2.multiply(np.ascontiguousarray(area), patch.kept, scale=1 / 255)


def _patch(mask: Mask, left: float, top: float, ink: Ink, height: int, width: int) -> Patch:
    """Returns the mask in its ink at a place, cut to the page."""
    x, y = round(left), round(top)
    mask = mask[max(0, -y) : max(0, height - y), max(0, -x) : max(0, width - x)]
    curve = np.arange(256)[:, None] / 255
    table = np.round(255 * (1 - curve * (1 - np.array(ink)))).astype(np.uint8)
    return Patch(max(0, y), max(0, x), np.ascontiguousarray(table[mask]))


@dataclass(frozen=True)
class _Sheet:
    """A page in millimetres and points."""

    height: int
    width: int
    dpi: float

    def mm(self, value: float) -> float:
        return value * self.dpi / 25.4

    def pt(self, value: float) -> int:
        return max(6, round(value * self.dpi / 72))

    def patch(self, mask: Mask, left: float, top: float, ink: Ink) -> Patch:
        return _patch(mask, left, top, ink, self.height, self.width)


@lru_cache(maxsize=24)
def _overlay(visible: VisibleMark, short: str, first: bool, height: int, width: int, dpi: float) -> Overlay:
    sheet = _Sheet(height, width, dpi)
    patches = (
        *_diagonals(sheet, cleaned(visible.diagonal, DIAGONAL_SIGNS) or short),
        *_edges(sheet, cleaned(visible.edges, EDGE_SIGNS) or short),
        *_footer(sheet, cleaned(visible.footer, FOOTER_SIGNS), short),
    )
    lines = [text for text in (cleaned(text, LINE_SIGNS) for text in visible.lines_top) if text]
    if not first:
        return Overlay(patches, _running_head(sheet, lines), ())
    return Overlay(patches, _level_lines(sheet, lines, 12.0), _level_lines(sheet, lines, 35.0))


def _level_lines(sheet: _Sheet, lines: list[str], top: float) -> tuple[Patch, ...]:
    """Returns the lines at the top left, size 三号 (16 pt), from `top` mm downwards."""
    left = min(sheet.mm(28), sheet.width * 0.14)
    masks = [fitting_line(text, sheet.pt(15.5), round(sheet.width - 2 * left), sheet.pt(7)) for text in lines]
    return tuple(sheet.patch(mask, left, sheet.mm(top + 7.2 * row), BLACK) for row, mask in enumerate(masks))


def _running_head(sheet: _Sheet, lines: list[str]) -> tuple[Patch, ...]:
    """Returns the last line, small, at the top right."""
    right = sheet.width - min(sheet.mm(26), sheet.width * 0.12)
    masks = [fitting_line(text, sheet.pt(10), round(right / 2), sheet.pt(6)) for text in lines[-1:]]
    return tuple(sheet.patch(mask, right - mask.shape[1], sheet.mm(12), GREY) for mask in masks)


def _footer(sheet: _Sheet, text: str, short: str) -> tuple[Patch, ...]:
    """Returns a hairline, the text at the left and the short id at the right, 8 mm above the lower edge."""
    margin, top = min(sheet.mm(10), sheet.width * 0.05), sheet.height - sheet.mm(11)
    right = fitting_line(f"标记 {short[:3]}-{short[3:]}", sheet.pt(9.5), round(sheet.width * 0.3), sheet.pt(5))
    space = sheet.width - 2 * margin - right.shape[1] - sheet.mm(4)
    hairline = np.full((max(1, round(sheet.mm(0.15))), round(sheet.width - 2 * margin)), 90, np.uint8)
    left = (
        [sheet.patch(fitting_line(text, sheet.pt(9.5), round(space), sheet.pt(5)), margin, top, FOOTER)] if text else []
    )
    return (
        *left,
        sheet.patch(right, sheet.width - margin - right.shape[1], top, FOOTER),
        sheet.patch(hairline, margin, top - sheet.mm(1), FOOTER),
    )


def _diagonals(sheet: _Sheet, text: str) -> list[Patch]:
    """Returns the text three times, rising to the right, no longer than three quarters of the page's width."""
    length = round(min(0.78 * sheet.width / np.cos(np.deg2rad(SLANT)), 0.9 * sheet.height))
    mask = slanted(fitting_line(text, sheet.pt(27), length, sheet.pt(9)), SLANT)
    left = (sheet.width - mask.shape[1]) / 2
    return [sheet.patch(mask, left, at * sheet.height - mask.shape[0] / 2, SLANTED) for at in DIAGONALS_AT]


def _edges(sheet: _Sheet, text: str) -> list[Patch]:
    """Returns the text three times along each side, 7.5 mm from it, none longer than a quarter of the page's
    height.
    """
    mask, longest = column(text, sheet.pt(10.5)), round(0.25 * sheet.height)
    if mask.shape[0] > longest:
        mask = column(text, max(sheet.pt(6), int(sheet.pt(10.5) * longest / mask.shape[0])))[:longest]
    side = sheet.mm(7.5)
    lefts = (side - mask.shape[1] / 2, sheet.width - side - mask.shape[1] / 2)
    return [sheet.patch(mask, left, at * sheet.height - mask.shape[0] / 2, EDGE) for at in EDGES_AT for left in lefts]
