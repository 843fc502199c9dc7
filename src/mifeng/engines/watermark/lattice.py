"""Where the tiles may lie: grid peaks of the autocorrelation, and the outline of a sheet in a photo. No keys in
here.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from mifeng.engines.watermark.hidden import TILE_PX
from mifeng.engines.watermark.views import Grey, Residual

SHORTEST, LONGEST = 60, 460
ANGLE_STEP, LOG_STEP = 0.25, 0.004
# Grid points whose peaks are added up, with their weight: far points are blurred by every error of scale.
GRID = (
    (1, 0, 1),
    (0, 1, 1),
    (1, 1, 0.8),
    (-1, 1, 0.8),
    (2, 0, 0.7),
    (0, 2, 0.7),
    (2, 1, 0.5),
    (1, 2, 0.5),
    (-1, 2, 0.5),
    (-2, 1, 0.5),
)
BIG = 900

Placement = tuple[float, float]


def placements(residual: Residual, count: int = 12) -> list[Placement]:
    """Returns the likeliest (angle in degrees, scale) of the tile grid; scale 1 is a cell of 4 px. Angles are
    modulo a quarter turn.
    """
    peaks = _autocorrelation(residual)
    angles = np.deg2rad(np.arange(0, 90, ANGLE_STEP))
    edges = np.exp(np.arange(np.log(SHORTEST), np.log(LONGEST), LOG_STEP))
    score = _grid_score(peaks, angles, edges, int(0.95 * max(residual.shape)))
    found = []
    for _ in range(count):
        i, j = np.unravel_index(int(np.argmax(score)), score.shape)
        found.append((float(np.rad2deg(angles[i])), float(edges[j] / TILE_PX)))
        score[max(0, i - 6) : i + 7, max(0, j - 6) : j + 7] = -1e9
    return found


def middle(residual: Residual) -> Residual | None:
    """Returns the middle part of a big picture, where a curved or tilted sheet is most even; None for a small one."""
    height, width = residual.shape
    if min(height, width) <= BIG:
        return None
    return np.ascontiguousarray(residual[height // 4 : height * 3 // 4, width // 5 : width * 4 // 5])


def _autocorrelation(residual: Residual) -> Residual:
    """Returns the autocorrelation around its centre in robust sigmas, without the ridges that text lines and
    columns make.

    |F| in place of |F|^2 whitens half, so that a few strong periods of the text do not rule.
    """
    side = 2048 if max(residual.shape) > 1100 else 1024
    size = np.abs(np.fft.rfft2(residual[:side, :side], s=(side, side)))
    size[:, :2] *= 0.1
    size[:2] *= 0.1
    size[-2:] *= 0.1
    peaks = np.fft.fftshift(np.fft.irfft2(size, s=(side, side))).astype(np.float32)
    peaks /= peaks[side // 2, side // 2] + 1e-12
    cross = slice(side // 2 - 1, side // 2 + 2)
    peaks[cross] = peaks[:, cross] = np.median(peaks)
    peaks -= cv2.GaussianBlur(peaks, (0, 0), 4)
    return np.clip(peaks / (float(np.median(np.abs(peaks))) * 1.48 + 1e-12), -8, 30)


def _grid_score(
    peaks: Residual, angles: NDArray[np.float64], edges: NDArray[np.float64], reach: int
) -> NDArray[np.float64]:
    """Returns the summed height of the grid's peaks for every angle (rows) and tile edge in pixels (columns)."""
    centre = peaks.shape[0] // 2
    reach = min(centre - 4, reach)
    turn, edge = np.meshgrid(angles, edges, indexing="ij")
    along, across = edge * np.cos(turn), edge * np.sin(turn)
    score = np.zeros_like(turn)
    for i, j, weight in GRID:
        x, y = i * along - j * across, i * across + j * along
        height = cv2.remap(
            peaks, (centre + x).astype(np.float32), (centre + y).astype(np.float32), cv2.INTER_LINEAR, borderValue=0
        )
        score += weight * np.where((np.abs(x) < reach) & (np.abs(y) < reach), height, 0)
    return score + 0.3 * np.roll(score, 1, 0) + 0.3 * np.roll(score, -1, 0)


def sheet_corners(grey: Grey) -> NDArray[np.float32] | None:
    """Returns the four corners of a bright sheet in a photo, clockwise from top left, or None when no such outline
    is seen.
    """
    factor = 900 / max(grey.shape)
    small = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8)), (0, 0), 2)
    outlines = cv2.findContours(
        cv2.threshold(small, 0, 255, cv2.THRESH_OTSU)[1], cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )[0]
    if not outlines:
        return None
    outline = max(outlines, key=cv2.contourArea)
    if not 0.2 * small.size < cv2.contourArea(outline) < 0.97 * small.size:
        return None
    hull = cv2.convexHull(outline)
    for tolerance in (0.02, 0.03, 0.05, 0.08):
        corners = cv2.approxPolyDP(hull, tolerance * cv2.arcLength(hull, True), True)
        if len(corners) == 4:
            return _clockwise(corners.reshape(4, 2).astype(np.float32) / factor)
    return None


def _clockwise(corners: NDArray[np.float32]) -> NDArray[np.float32]:
    total, difference = corners.sum(1), np.diff(corners, axis=1)[:, 0]
    return corners[[total.argmin(), difference.argmin(), total.argmax(), difference.argmax()]]


def rectified(grey: Grey, corners: NDArray[np.float32]) -> Grey:
    """Returns the sheet inside `corners` as an upright A4 page at 150 dpi, or 188 dpi when the picture is big."""
    scale = 1.0 if max(grey.shape) < 2200 else 1.25
    width, height = int(1240 * scale), int(1754 * scale)
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    return cv2.warpPerspective(
        grey, cv2.getPerspectiveTransform(corners, target), (width, height), flags=cv2.INTER_AREA
    )
