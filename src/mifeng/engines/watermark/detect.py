"""The blind detector: a picture and the sync keys in, read-outs out. Needs no original and sees no payload key.

Order of search: four residual views of the picture as it is; then, if a sheet's outline is seen, of the rectified
sheet; then, when `deep`, a fine grid of scales and small turns on the whitened view. Read-outs come lazily, the
likeliest first; whoever reads the payload stops when he has it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from types import MappingProxyType

import cv2
import numpy as np

from mifeng.engines.watermark.align import ReadOut, aligned, read_out, usable
from mifeng.engines.watermark.hidden import Image
from mifeng.engines.watermark.keys import SyncPattern
from mifeng.engines.watermark.lattice import Placement, middle, placements, rectified, sheet_corners
from mifeng.engines.watermark.sync import Candidate, Extent, SyncSearch, extent
from mifeng.engines.watermark.views import VIEWS, Grey, Residuals

# Read-outs that a search may make, fixed before it begins: the bound is charged with these, however early a search
# ends.
BUDGET = MappingProxyType({False: 128, True: 192})
USUAL_SCALES = (1.0, 0.75, 1.5, 2.0, 110 / 150, 200 / 150)
A4_HEIGHT, A4_RATIO = 1754, 1.4142
WORTH_TRYING, STRONG = 5.2, 14.0
LONGEST_SIDE = 3600
LARGEST_PIXELS = 100_000_000
DARK_BELOW = 110


class PictureTooLarge(Exception):
    """The picture has more than 100 million pixels."""


class PictureTooSmall(Exception):
    """A side of the picture is shorter than 48 pixels."""


def read_outs(image: Image, patterns: Sequence[SyncPattern], *, deep: bool = False) -> Iterator[ReadOut]:
    """Yields at most `BUDGET[deep]` read-outs of a picture, uint8, BGR or grey.

    Raises:
        PictureTooLarge: more than 100 million pixels.
        PictureTooSmall: a side below 48 pixels.
    """
    grey = _grey(image)
    dark = float(np.median(grey)) < DARK_BELOW
    # The paper view looks for dark strokes on a light ground, so a dark picture is turned over first. Whether that
    # undid a negative or made one is told by the sign of the sync peak, which is searched in both signs anyway.
    found = islice(_all_read_outs(255 - grey if dark else grey, SyncSearch(patterns), deep), BUDGET[deep])
    return (replace(out, negative=out.negative != dark) for out in found)


def _grey(image: Image) -> Grey:
    """Returns the picture in grey, its longer side at most 3 600 px."""
    height, width = image.shape[:2]
    if height * width > LARGEST_PIXELS:
        raise PictureTooLarge(f"at most {LARGEST_PIXELS} pixels, got {height * width}")
    if min(height, width) < 48:
        raise PictureTooSmall(f"at least 48 pixels a side, got {width} x {height}")
    grey = image if image.ndim == 2 else cv2.cvtColor(image[..., :3], cv2.COLOR_BGR2GRAY)
    factor = LONGEST_SIDE / max(height, width)
    return grey if factor >= 1 else cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)


def _all_read_outs(grey: Grey, search: SyncSearch, deep: bool) -> Iterator[ReadOut]:
    whole = _whole_page_scale(grey)
    scales = (whole, *USUAL_SCALES) if _looks_like_a4(grey) else USUAL_SCALES
    residuals = Residuals(grey)
    yield from _stage(residuals, search, [(0.0, scale) for scale in scales], take=2)
    corners = sheet_corners(grey)
    if corners is not None:
        sheet = rectified(grey, corners)
        base = _whole_page_scale(sheet)
        yield from _stage(Residuals(sheet), search, [(0.0, base * f) for f in np.arange(0.98, 1.0201, 0.005)], take=2)
    if deep:
        fine = [
            (float(a), whole * float(f)) for f in np.arange(0.985, 1.0151, 0.005) for a in np.arange(-1.5, 1.51, 0.25)
        ]
        yield from _stage(residuals, search, fine, take=4, views=("whitened",), lattice=False)


def _whole_page_scale(grey: Grey) -> float:
    return max(grey.shape) / A4_HEIGHT


def _looks_like_a4(grey: Grey) -> bool:
    return abs(max(grey.shape) / min(grey.shape) - A4_RATIO) < 0.06


def _stage(
    residuals: Residuals,
    search: SyncSearch,
    guesses: list[Placement],
    *,
    take: int,
    views: Sequence[str] = tuple(VIEWS),
    lattice: bool = True,
) -> Iterator[ReadOut]:
    """Yields the read-outs of the `take` best candidates of each view."""
    for view in views:
        residual = residuals[view]
        tried = list(guesses)
        if lattice:
            part = middle(residual)
            tried += placements(residual) + (placements(part, 8) if part is not None else [])
        found = sorted((search.best(residual, placement, view) for placement in tried), key=lambda one: -one.z)
        for candidate in found[:take]:
            if candidate.z >= WORTH_TRYING:
                yield from _of_candidate(residuals, search, candidate)


def _of_candidate(residuals: Residuals, search: SyncSearch, found: Candidate) -> Iterator[ReadOut]:
    """Yields read-outs in every view, as placed (all views only where sync is weak, as alignment may then fail) and
    as aligned.
    """
    pattern = search.patterns[found.epoch]
    grid = extent(residuals.grey.shape, found.angle, found.scale).moved(*found.offset)
    for view in VIEWS if found.z < STRONG else ():
        yield read_out(residuals[view], grid, found, pattern, view)
    better = _aligned(residuals, search, found, grid)
    if better is not None and usable(better):
        for view in (found.view, *(other for other in VIEWS if other != found.view)):
            yield read_out(residuals[view], better, found, pattern, view)


def _aligned(residuals: Residuals, search: SyncSearch, found: Candidate, grid: Extent) -> Extent | None:
    try:
        return aligned(residuals[found.view], search.tiles[found.epoch][found.turn], found, grid)
    except (cv2.error, np.linalg.LinAlgError):
        # A degenerate fit of a picture without mark; the read-outs without alignment stand.
        return None
