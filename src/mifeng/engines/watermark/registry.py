"""From read-outs to a finding: every issued number tried, and how sure one may be.

z = <y, c> / |y| for the code word c of an issued number. Page signs are independent of the picture, so for a page
that does not carry a mark of this key the signs of y are fair coins, and Hoeffding gives P(z >= t) <= exp(-t*t/2)
for every picture, without a noise model. N issued (number, page) pairs in R read-outs: at most N * R times that.
"""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from mifeng.engines.watermark.codes import words
from mifeng.engines.watermark.keys import Marks
from mifeng.engines.watermark.reading import Reading, soft_bits

NAMED_CHANCE, CLUE_CHANCE = 1e-9, 1e-6
# A perfectly read foreign word gives another number up to (255 - 2 * 61) / sqrt(255) = 8.33, so no threshold lies
# below this.
LOWEST_Z = 8.8
RUNNER_UP_DISTANCE = 3.0
# Words of so many numbers fit the processor's cache: larger chunks take three times as long.
CHUNK = 1_000


class Grade(StrEnum):
    """How strong a finding is."""

    NAMED = "认定"
    CLUE = "线索"
    NONE = "无结论"


@dataclass(frozen=True)
class Issued:
    """Numbers issued under one epoch, each of them for each of `pages`.

    `proven` is false when the entries lie in a period without witnessed checkpoint, or the epoch has a key alarm:
    whoever held the keys then could have forged the mark, so it is at most a clue.
    """

    epoch: str
    pages: tuple[str, ...]
    mark_ids: Sequence[int]
    proven: bool = True


@dataclass(frozen=True)
class Hit:
    """One issued number in the picture: its best z over pages and read-outs, and the bound on that being chance."""

    mark_id: int
    epoch: str
    page: str
    z: float
    bound: float
    proven: bool


@dataclass(frozen=True)
class Finding:
    """The result sheet's figures.

    `hits` are all numbers over the bar of the grade (two of them in 认定 mean collusion, not doubt); empty in
    无结论. `best` and `runner_up` are shown to tracers whatever the grade; the runner-up is the best number that is
    not a hit. `unregistered` tells that the picture was read without the registry and its number is not among the
    issued ones.
    """

    grade: Grade
    hits: tuple[Hit, ...]
    best: Hit | None
    runner_up: Hit | None
    issued: int
    readouts: int
    unregistered: bool


def bound(z: float, issued: int, readouts: int) -> float:
    """Returns the upper bound of the chance that any of `issued` innocent pairs reaches `z` in any of `readouts`
    read-outs.
    """
    return min(1.0, issued * readouts * math.exp(-(max(z, 0.0) ** 2) / 2))


def threshold(chance: float, issued: int, readouts: int) -> float:
    """Returns the z at which `bound` comes down to `chance`, and never less than 8.8."""
    return max(LOWEST_Z, math.sqrt(max(0.0, 2 * math.log(max(1, issued * readouts) / chance))))


def pooled(z: Sequence[float]) -> float:
    """Returns the z of several pages of one leak on which the same person had an issue: sum / sqrt(number), under
    the same bound.

    N is then the number of sets tried. Raises ValueError when empty.
    """
    if not z:
        raise ValueError("pooling needs at least one page")
    return sum(z) / math.sqrt(len(z))


def scan(reading: Reading, issued: Iterable[Issued], marks_by_epoch: Mapping[str, Marks]) -> Finding:
    """Tries every issued number on every read-out of a reading and grades the outcome.

    R is the budget of the search, fixed before it began, not the number of read-outs at which it happened to stop.

    Raises:
        KeyError: an issue of an epoch whose keys are not in `marks_by_epoch`.
    """
    groups = list(issued)
    count = sum(len(group.pages) * len(group.mark_ids) for group in groups)
    best: dict[tuple[int, str], Hit] = {}
    for group in groups:
        for hit in _of_group(reading, group, marks_by_epoch[group.epoch], count):
            known = best.get((hit.mark_id, hit.epoch))
            if known is None or hit.z > known.z:
                best[hit.mark_id, hit.epoch] = hit
    known_id = any(reading.id in set(group.mark_ids) for group in groups) if reading.ok else True
    return _graded(sorted(best.values(), key=lambda hit: -hit.z), count, reading.budget, unregistered=not known_id)


def _of_group(reading: Reading, group: Issued, marks: Marks, count: int) -> Iterator[Hit]:
    """Yields the strongest numbers of a group: all over z = 6, or else its two best."""
    columns = [
        (page, soft_bits(out.chips, marks, page))
        for out in reading.read_outs
        if out.epoch == group.epoch
        for page in group.pages
    ]
    columns = [(page, soft / np.linalg.norm(soft)) for page, soft in columns if np.linalg.norm(soft) > 0]
    if not columns or not len(group.mark_ids):
        return
    z, column = _best_columns(group.mark_ids, np.array([soft for _, soft in columns], np.float32).T)
    order = np.argsort(-z, kind="stable")
    for i in order[: max(2, int((z > 6.0).sum()))]:
        value = float(z[i])
        yield Hit(
            group.mark_ids[i],
            group.epoch,
            columns[column[i]][0],
            value,
            bound(value, count, reading.budget),
            group.proven,
        )


def _best_columns(mark_ids: Sequence[int], soft: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """Returns for each number its greatest correlation over the columns of `soft` (255 x columns) and that column."""
    best, column = [], []
    for start in range(0, len(mark_ids), CHUNK):
        match = words(mark_ids[start : start + CHUNK]) @ soft
        column.append(match.argmax(1))
        best.append(match.max(1))
    return np.concatenate(best), np.concatenate(column)


def _graded(ranked: Collection[Hit], count: int, readouts: int, *, unregistered: bool) -> Finding:
    """Applies the bars of tracing: named, clue, none."""
    over = [hit for hit in ranked if hit.bound <= NAMED_CHANCE and hit.z >= LOWEST_Z]
    near = [hit for hit in ranked if hit.bound <= CLUE_CHANCE and (hit.z >= LOWEST_Z or not unregistered)]
    rest = [hit for hit in ranked if hit not in over]
    # A runner-up close below the bar means that the bar cuts through a crowd: something else than one mark is being
    # read.
    crowded = bool(over and rest and rest[0].z > over[-1].z - RUNNER_UP_DISTANCE)
    if over and not crowded and all(hit.proven for hit in over):
        grade, hits = Grade.NAMED, over
    elif near:
        grade, hits = Grade.CLUE, near
    else:
        grade, hits = Grade.NONE, []
    others = [hit for hit in ranked if hit not in hits]
    best = next(iter(ranked), None)
    runner_up = next((hit for hit in others if hit is not best), None)
    return Finding(grade, tuple(hits), best, runner_up, count, readouts, unregistered)
