"""Following the sync pattern over the sheet, and the final read-out of 2 304 chip values. Knows no payload."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from mifeng.engines.watermark.keys import CELLS, SYNC_CHIPS, SyncPattern
from mifeng.engines.watermark.sync import SAMPLES, TILE, Candidate, Extent, Place, folded, moved, sampled, softened
from mifeng.engines.watermark.views import Residual

# Rounds from the middle outward: patch edge in tiles, search radius in samples, reach from the middle in samples.
ROUNDS = ((1.5, 5, 2.0 * TILE), (1.25, 5, 4.0 * TILE), (1.0, 4, np.inf), (1.0, 3, np.inf))
AFFINE_ROUNDS = 2
MATCHED = 4.2
FILLED = 0.25
LARGEST = 9000
CLIP = 2.5

Points = NDArray[np.float32]


@dataclass(frozen=True)
class ReadOut:
    """2 304 chip values of one alignment, scaled robustly, upright and of positive sign, in the order of the tile's
    cells.

    `sync` is the correlation with the sync chips in sigmas; `negative` tells that light and dark were exchanged;
    `place` takes grid samples (96 a tile) to pixels of the picture that was searched.
    """

    epoch: str
    view: str
    negative: bool
    sync: float
    chips: NDArray[np.float32]
    place: Place


def read_out(residual: Residual, grid: Extent, found: Candidate, pattern: SyncPattern, view: str) -> ReadOut:
    """Resamples the whole picture, folds it to one tile and returns its chips.

    They are centred, scaled by the median and clipped before any statistic: white-clipped and 1-bit pictures have a
    few huge cells that would otherwise rule (sync 44 at payload 0.9 was seen).
    """
    x, y = (int(np.floor(low / TILE)) * TILE for low in grid.low)
    width, height = int(grid.high[0]) - x, int(grid.high[1]) - y
    tile = folded(sampled(softened(residual, found.scale), grid.place, x, y, width, height), even=True)
    cells = np.rot90(tile.reshape(CELLS, SAMPLES, CELLS, SAMPLES).sum((1, 3)), -found.turn).reshape(-1) * found.sign
    cells = cells - np.median(cells)
    cells = np.clip(cells / (1.4826 * np.median(np.abs(cells)) + 1e-9), -CLIP, CLIP)
    cells = cells - cells.mean()
    cells = (cells / (cells.std() + 1e-9)).astype(np.float32)
    sync = float((cells[pattern.cells] * pattern.signs).sum() / np.sqrt(SYNC_CHIPS))
    return ReadOut(pattern.epoch, view, found.sign < 0, sync, cells, grid.place)


def usable(grid: Extent) -> bool:
    """Tells whether an alignment is finite and of a size that a sheet can have."""
    corners = np.concatenate([grid.low, grid.high])
    return bool(np.isfinite(corners).all() and (grid.high > grid.low).all() and (grid.high - grid.low).max() <= LARGEST)


def aligned(residual: Residual, tile: Residual, found: Candidate, grid: Extent) -> Extent | None:
    """Matches patches to the sync tile from the middle outward and fits shift, affine map, homography; None when
    that runs away.

    Args:
        residual: the view in which `found` was seen.
        tile: the sync tile in the quarter turn of `found`, 96 x 96.
        grid: the extent of `found` with its offset applied.
    """
    # RANSAC draws from a generator of the process: a fixed seed makes a second run give the same sheet.
    cv2.setRNGSeed(1)
    soft = softened(residual, found.scale) * found.sign
    middle = (grid.low + grid.high) / 2
    for number, (edge, radius, reach) in enumerate(ROUNDS):
        window = int(TILE * edge)
        at, seen, weights = _matches(soft, tile, grid, middle, (window, radius, reach))
        change = _fit(at, seen, weights, affine_only=number < AFFINE_ROUNDS) if len(at) else None
        if change is None:
            continue
        grid = _covering(grid.place @ change, residual.shape)
        if not usable(grid):
            return None
    return grid


def _covering(place: Place, shape: tuple[int, ...]) -> Extent:
    """Returns the extent of the whole picture under a new place."""
    height, width = shape
    corners = np.array([[[0, 0], [width, 0], [0, height], [width, height]]], np.float64)
    box = cv2.perspectiveTransform(corners, np.linalg.inv(place))[0]
    low = np.floor(box.min(0))
    return Extent(place, low, np.minimum(np.ceil(box.max(0)), low + 6000))


def _matches(
    soft: Residual, tile: Residual, grid: Extent, middle: NDArray[np.float64], how: tuple[int, int, float]
) -> tuple[Points, Points, list[float]]:
    """Returns patch centres on the grid, where they were really seen, and how well each matched."""
    window, radius, reach = how
    left, top = (int(low) - 16 for low in np.floor(grid.low))
    width, height = (int(side) + 32 + window for side in grid.high - grid.low)
    sheet = sampled(soft, grid.place, left, top, width, height)
    at, seen, weights = [], [], []
    for y in np.arange(grid.low[1], grid.high[1] - window * 0.4, TILE * 0.5):
        for x in np.arange(grid.low[0], grid.high[0] - window * 0.4, TILE * 0.5):
            if max(abs(x + window / 2 - middle[0]), abs(y + window / 2 - middle[1])) > reach:
                continue
            match = _match(sheet, tile, (int(x), int(y)), (left, top), window, radius)
            if match:
                centre = (int(x) + window / 2, int(y) + window / 2)
                at.append(centre)
                seen.append((centre[0] + match[0], centre[1] + match[1]))
                weights.append(match[2])
    return np.array(at, np.float32), np.array(seen, np.float32), weights


def _match(
    sheet: Residual, tile: Residual, corner: tuple[int, int], origin: tuple[int, int], window: int, radius: int
) -> tuple[float, float, float] | None:
    """Returns shift in x and y (samples, with fraction) and quality of one patch, or None when it is empty or does
    not match.
    """
    x, y = corner
    column, row = x - origin[0] - radius, y - origin[1] - radius
    side = window + 2 * radius
    if row < 0 or column < 0:
        return None
    patch = sheet[row : row + side, column : column + side]
    if patch.shape != (side, side) or np.count_nonzero(patch) < FILLED * patch.size:
        return None
    wanted = tile[np.arange(y, y + window) % TILE][:, np.arange(x, x + window) % TILE]
    match = cv2.matchTemplate(patch, wanted, cv2.TM_CCORR)
    i, j = np.unravel_index(int(np.argmax(match)), match.shape)
    quality = float(match[i, j] / (np.sqrt((patch[radius:-radius, radius:-radius] ** 2).sum()) * SAMPLES + 1e-9))
    if quality < MATCHED:
        return None
    return j - radius + _peak(match[i], j), i - radius + _peak(match[:, j], i), quality


def _peak(values: Residual, at: int) -> float:
    """Returns the fraction of a sample by which the peak of a parabola through three values lies beside `at`."""
    if not 0 < at < len(values) - 1:
        return 0.0
    before, top, after = (float(value) for value in values[at - 1 : at + 2])
    bend = before - 2 * top + after
    return 0.0 if abs(bend) < 1e-9 else float(np.clip(0.5 * (before - after) / bend, -0.5, 0.5))


def _fit(at: Points, seen: Points, weights: list[float], *, affine_only: bool) -> Place | None:
    """Returns the map from grid to seen points: homography from 8 points, affine from 4, else the mean shift. None:
    no agreement.
    """
    if len(at) >= 8 and not affine_only:
        return cv2.findHomography(at, seen, cv2.RANSAC, 1.0)[0]
    if len(at) >= 4:
        affine = cv2.estimateAffine2D(at, seen, method=cv2.RANSAC, ransacReprojThreshold=1.2)[0]
        if affine is None or abs(np.linalg.det(affine[:, :2]) - 1) > 0.15:
            return None
        return np.vstack([affine, [0, 0, 1]])
    shift = np.average(seen - at, axis=0, weights=weights)
    return moved(np.eye(3), float(shift[0]), float(shift[1]))
