"""Residual views of a picture: the text taken away, the mark kept. No keys in here.

Four views for four enemies: `paper` for screenshots, chats and photos; `clipped` for strong text; `plain` for 1-bit
copies, where only the edge layer is left; `whitened` for fax and lost highlights. They are tried in this order.
"""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
Residual = NDArray[np.float32]

SIGMAS = 3.0


def _blurred(picture: Residual, sigma: float) -> Residual:
    return cv2.GaussianBlur(picture, (0, 0), sigma)


def paper(grey: Grey) -> Residual:
    """Keeps only the paper between the strokes: ink masked out, local mean of the rest taken off, clipped at 3
    sigma.
    """
    picture = grey.astype(np.float32)
    depth = _blurred(cv2.dilate(picture, np.ones((15, 15), np.uint8)), 7.5) - picture
    light = depth[depth < 40]
    middle = float(np.median(light)) if light.size else 0.0
    spread = float(np.median(np.abs(light - middle))) if light.size else 0.0
    ink = (depth > max(14.0, middle + 4.5 * 1.48 * spread)).astype(np.uint8)
    kept = (cv2.dilate(ink, np.ones((3, 3), np.uint8)) == 0).astype(np.float32)
    mean = _blurred(picture * kept, 8) / (_blurred(kept, 8) + 1e-3)
    rest = (picture - mean) * kept
    sigma = float(np.sqrt((rest**2).sum() / (kept.sum() + 1)) + 1e-6)
    return np.clip(rest, -SIGMAS * sigma, SIGMAS * sigma)


def clipped(grey: Grey) -> Residual:
    """High-pass, clipped at 1.5 times the median amplitude, so that strokes count little more than paper."""
    picture = grey.astype(np.float32)
    rest = picture - _blurred(picture, 9)
    limit = 1.5 * float(np.median(np.abs(rest))) + 4
    return np.clip(rest, -limit, limit)


def plain(grey: Grey) -> Residual:
    """Plain high-pass: all of the edge layer stays."""
    picture = grey.astype(np.float32)
    return picture - cv2.blur(picture, (31, 31))


def whitened(grey: Grey) -> Residual:
    """Spectrum divided by a smoothed copy of itself, clipped at 3 sigma."""
    picture = grey.astype(np.float32)
    spectrum = np.fft.rfft2(picture - _blurred(picture, 6))
    size = np.abs(spectrum)
    spectrum /= size * 0.5 + _blurred(size.astype(np.float32), 1.2) * 0.5 + 1e-3 * size.mean() + 1e-9
    rest = np.fft.irfft2(spectrum, s=picture.shape).astype(np.float32)
    sigma = float(rest.std())
    return np.clip(rest, -SIGMAS * sigma, SIGMAS * sigma)


VIEWS: dict[str, Callable[[Grey], Residual]] = {
    "paper": paper,
    "clipped": clipped,
    "plain": plain,
    "whitened": whitened,
}


class Residuals:
    """The views of one picture, each computed once, when first asked for."""

    def __init__(self, grey: Grey) -> None:
        self.grey = grey
        self._made: dict[str, Residual] = {}

    def __getitem__(self, view: str) -> Residual:
        if view not in self._made:
            self._made[view] = VIEWS[view](self.grey)
        return self._made[view]
