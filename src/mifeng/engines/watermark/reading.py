"""From read-outs to a number: page signs, soft bits, decoding."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mifeng.engines.watermark.align import ReadOut
from mifeng.engines.watermark.bch import CODE_BITS
from mifeng.engines.watermark.codes import decode
from mifeng.engines.watermark.detect import BUDGET, read_outs
from mifeng.engines.watermark.hidden import Image
from mifeng.engines.watermark.keys import PAYLOAD_CHIPS, REPEATS, Marks

SYNC_BAR, METRIC_BAR = 5.5, 9.8
# The right page nearly always leads by energy; only 1-bit and clipped pictures need a list.
PAGES_DECODED = 200
# An accepted number below this z is looked at in a few more views: the finding is the stronger for it, and the
# budget has them.
SURE, SPARE_READ_OUTS = 13.0, 7


@dataclass(frozen=True)
class Reading:
    """What a picture says without the registry.

    `ok`: the CRC holds, sync > 5.5 and metric > 9.8; only then do `id` and `page` mean anything. `z` is the metric
    of the best word, <y, c> / |y|, at most 15.97. `tried` counts the read-outs made, `budget` those the bound is
    charged with. A number read here is not yet a finding: see `registry.scan`.
    """

    ok: bool
    id: int
    page: str
    epoch: str
    sync: float
    z: float
    view: str
    negative: bool
    tried: int
    budget: int
    read_outs: tuple[ReadOut, ...]

    @property
    def metric(self) -> float:
        """The same as `z`."""
        return self.z


def soft_bits(chips: NDArray[np.float32], marks: Marks, page: str) -> NDArray[np.float32]:
    """Returns the 255 soft code bits (positive = 0) of 2 304 chip values under the signs of one page."""
    return (chips[marks.payload_cells] * marks.page_signs(page)).reshape(REPEATS, CODE_BITS).sum(0)


def read(
    image: Image, marks_by_epoch: Mapping[str, Marks], page_labels: Sequence[str], *, deep: bool = False
) -> Reading:
    """Searches a picture for a mark and reads its number; needs no original.

    Args:
        image: screenshot, photo or scan, uint8, BGR or grey, up to 100 million pixels.
        marks_by_epoch: the mark keys of all epochs that come into question.
        page_labels: labels (`page_label`) of all pages that come into question; thousands are fine.
        deep: search on for fax and lost highlights, up to a minute.

    Raises:
        PictureTooLarge, PictureTooSmall: see `detect.read_outs`.
    """
    epochs = {marks.epoch: marks for marks in marks_by_epoch.values()}
    pages = {epoch: _PageSigns(marks, page_labels) for epoch, marks in epochs.items()}
    best, made, spare = _nothing(BUDGET[deep]), list[ReadOut](), SPARE_READ_OUTS
    for out in read_outs(image, [marks.sync for marks in epochs.values()], deep=deep) if page_labels else ():
        made.append(out)
        found = _read_one(out, epochs[out.epoch], pages[out.epoch], BUDGET[deep])
        if _beats(found, best):
            best = found
        spare -= best.ok
        if (best.ok and best.z >= SURE) or spare < 0:
            break
    return replace(best, tried=len(made), read_outs=tuple(made))


def _beats(found: Reading, best: Reading) -> bool:
    """An accepted number beats none, then the greater z; among those not accepted, sync and z together tell which
    came nearer.
    """
    if found.ok or best.ok:
        return (found.ok, found.z) > (best.ok, best.z)
    return found.sync * 0.6 + found.z > best.sync * 0.6 + best.z


def _nothing(budget: int) -> Reading:
    return Reading(False, 0, "", "", 0.0, 0.0, "", False, 0, budget, ())


def _read_one(out: ReadOut, marks: Marks, pages: "_PageSigns", budget: int) -> Reading:
    """Decodes a read-out under the likeliest pages; where sync is below its bar one page is enough, as nothing can
    be accepted.
    """
    best = _nothing(budget)
    for page in pages.likeliest(out.chips, PAGES_DECODED if out.sync > SYNC_BAR else 1):
        mark_id, crc_holds, metric = decode(soft_bits(out.chips, marks, page))
        ok = crc_holds and out.sync > SYNC_BAR and metric > METRIC_BAR
        if ok or metric > best.z:
            best = Reading(ok, mark_id, page, out.epoch, out.sync, metric, out.view, out.negative, 0, budget, ())
        if ok:
            break
    return best


class _PageSigns:
    """The payload signs of many pages in one array, so that they are ordered by energy in one pass."""

    def __init__(self, marks: Marks, labels: Sequence[str]) -> None:
        self.labels = tuple(labels)
        self._cells = marks.payload_cells
        self._signs = np.empty((len(self.labels), PAYLOAD_CHIPS), np.int8)
        for row, label in enumerate(self.labels):
            self._signs[row] = marks.page_signs(label)

    def likeliest(self, chips: NDArray[np.float32], count: int) -> list[str]:
        """Returns up to `count` labels, the greatest energy |y|^2 of the soft bits first."""
        payload, energy = chips[self._cells], np.empty(len(self.labels), np.float32)
        for start in range(0, len(self.labels), 1000):
            signs = self._signs[start : start + 1000]
            soft = (signs * payload).reshape(len(signs), REPEATS, CODE_BITS).sum(1)
            energy[start : start + 1000] = (soft * soft).sum(1)
        return [self.labels[i] for i in np.argsort(-energy, kind="stable")[:count]]
