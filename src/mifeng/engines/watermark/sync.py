"""Finding the tiles: sampling, folding and correlation with the sync chips. Knows no payload.

The reference grid has two samples a cell, 96 a tile. A place is a 3 x 3 matrix that takes grid coordinates (x, y)
to picture pixels.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from mifeng.engines.watermark.hidden import CELL_PX
from mifeng.engines.watermark.keys import CELLS, SyncPattern
from mifeng.engines.watermark.lattice import Placement
from mifeng.engines.watermark.views import Residual

SAMPLES = 2
TILE = CELLS * SAMPLES
# The middle 3.5 x 3.5 tiles are enough for sync, and few enough that an error of scale of one per cent does not
# smear them.
HALF_WINDOW = 1.75

Place = NDArray[np.float64]
Corner = NDArray[np.float64]


@dataclass(frozen=True)
class Candidate:
    """A place where the sync chips were seen: z = correlation peak in sigmas; turn = quarter turns; sign -1 =
    negative picture.
    """

    z: float
    angle: float
    scale: float
    turn: int
    sign: int
    offset: tuple[int, int]
    view: str
    epoch: int


@dataclass(frozen=True)
class Extent:
    """A place and the rectangle of the grid (low and high corner) that the picture covers there."""

    place: Place
    low: Corner
    high: Corner

    def moved(self, x: float, y: float) -> "Extent":
        """Returns the same extent with the grid's origin moved to (x, y)."""
        shift = np.array([x, y], float)
        return Extent(moved(self.place, x, y), self.low - shift, self.high - shift)


def moved(place: Place, x: float, y: float) -> Place:
    """Returns `place` with the grid's origin moved to (x, y)."""
    return place @ np.array([[1, 0, x], [0, 1, y], [0, 0, 1]], float)


def extent(shape: tuple[int, ...], angle: float, scale: float) -> Extent:
    """Returns the extent of a grid turned by `angle` degrees, at `scale`, with its origin in the picture's corner."""
    height, width = shape
    turn, unit = np.deg2rad(angle), scale * CELL_PX / SAMPLES
    rotation = unit * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    corners = np.array([[0, 0], [width, 0], [0, height], [width, height]], float) @ np.linalg.inv(rotation).T
    place = np.eye(3)
    place[:2, :2] = rotation
    return Extent(place, np.floor(corners.min(0)), np.ceil(corners.max(0)))


def sampled(residual: Residual, place: Place, x: float, y: float, width: int, height: int) -> Residual:
    """Returns the picture on the grid from (x, y); 0 outside."""
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpPerspective(residual, moved(place, x, y), (width, height), flags=flags, borderValue=0)


def softened(residual: Residual, scale: float) -> Residual:
    """Blurs away what is finer than a grid sample, so that sampling does not alias."""
    sigma = 0.35 * scale * CELL_PX / SAMPLES
    return cv2.GaussianBlur(residual, (0, 0), sigma) if sigma > 0.5 else residual


def folded(samples: Residual, *, even: bool = False) -> Residual:
    """Lays all tiles over one another and divides by the root of how many fell on each sample.

    `even` first divides by the local energy, so that no dark patch rules.
    """
    height, width = samples.shape
    sheet = np.zeros((-(-height // TILE) * TILE, -(-width // TILE) * TILE), np.float32)
    sheet[:height, :width] = samples
    if even:
        present = (sheet != 0).astype(np.float32)
        energy = cv2.blur(sheet * sheet, (25, 25)) / (cv2.blur(present, (25, 25)) + 1e-3)
        sheet = sheet / np.sqrt(energy + 1e-6) * present
    tiles = sheet.reshape(sheet.shape[0] // TILE, TILE, sheet.shape[1] // TILE, TILE)
    return tiles.sum((0, 2)) / np.sqrt(np.maximum((tiles != 0).sum((0, 2)), 1))


class SyncSearch:
    """The sync tiles of all epochs in four quarter turns, with their spectra."""

    def __init__(self, patterns: Sequence[SyncPattern]) -> None:
        self.patterns = tuple(patterns)
        self.tiles = [[_enlarged(np.rot90(pattern.tile, turn)) for turn in range(4)] for pattern in self.patterns]
        self._spectra = np.conj(np.fft.rfft2(np.array(self.tiles)))
        # A picture with an uneven ground has a mean; without this it would match any tile whose signs do not add up
        # to zero.
        self._spectra[..., 0, 0] = 0

    def best(self, residual: Residual, placement: Placement, view: str) -> Candidate:
        """Returns the strongest sync peak at one angle and scale, of any epoch, turn and sign; z = 0 when the
        picture is too small.
        """
        angle, scale = placement
        grid = extent(residual.shape, angle, scale)
        half = np.minimum((grid.high - grid.low) / 2, TILE * HALF_WINDOW)
        width, height = (int(side) for side in 2 * half)
        if min(width, height) < TILE // 2:
            return Candidate(0.0, angle, scale, 0, 1, (0, 0), view, 0)
        x, y = ((grid.low + grid.high) / 2 - half).round()
        spectrum = np.fft.rfft2(folded(sampled(softened(residual, scale), grid.place, x, y, width, height)))
        match = np.fft.irfft2(spectrum * self._spectra, s=(TILE, TILE))
        match /= match.std(axis=(2, 3), keepdims=True) + 1e-9
        epoch, turn, row, column = np.unravel_index(int(np.argmax(np.abs(match))), match.shape)
        peak = float(match[epoch, turn, row, column])
        offset = (int((column + x) % TILE), int((row + y) % TILE))
        return Candidate(abs(peak), angle, scale, int(turn), 1 if peak > 0 else -1, offset, view, int(epoch))


def _enlarged(tile: NDArray[np.float32]) -> Residual:
    return np.kron(tile, np.ones((SAMPLES, SAMPLES), np.float32))
