"""Telling two heaps of times apart: how often the one is longer, how sure that is, how well a threshold guesses."""

import math
import statistics
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

SURE = 1.96  # of a normal distribution: 95 of 100


@dataclass(frozen=True)
class Between:
    """A figure and the interval in which it lies, 95 of 100 times."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def auc(longer: Sequence[float], shorter: Sequence[float]) -> Between:
    """How often one of the first is longer than one of the second, ties counted half; interval after DeLong.

    0.5 = nobody tells them apart, 1 or 0 = everybody does.
    """
    first = _placed(longer, sorted(shorter))
    second = [1 - share for share in _placed(shorter, sorted(longer))]
    value = statistics.fmean(first)
    spread = math.sqrt(statistics.variance(first) / len(first) + statistics.variance(second) / len(second))
    return Between(value, value - SURE * spread, value + SURE * spread)


def _placed(values: Sequence[float], among: Sequence[float]) -> list[float]:
    """Of each value the share of the others that it exceeds."""
    return [(bisect_left(among, value) + bisect_right(among, value)) / (2 * len(among)) for value in values]


def guessed(hidden: Sequence[float], absent: Sequence[float]) -> Between:
    """How often a threshold that was learnt on the first half guesses right on the second; interval after Wilson."""
    half = min(len(hidden), len(absent)) // 2
    cut, up = _learnt(hidden[:half], absent[:half])
    right = sum((value > cut) == up for value in hidden[half:]) + sum((value > cut) != up for value in absent[half:])
    count = len(hidden) + len(absent) - 2 * half
    share, z = right / count, SURE**2 / count
    middle, reach = (share + z / 2) / (1 + z), SURE * math.sqrt(share * (1 - share) / count + z / count / 4) / (1 + z)
    return Between(share, middle - reach, middle + reach)


def _learnt(hidden: Sequence[float], absent: Sequence[float]) -> tuple[float, bool]:
    """The threshold that parts them best, and whether the hidden ones lie above it."""
    above, below = sorted(hidden), sorted(absent)
    best = max(above, key=lambda cut: abs(bisect_right(below, cut) / len(below) - bisect_right(above, cut) / len(above)))
    return best, bisect_right(below, best) / len(below) >= bisect_right(above, best) / len(above)


def difference(hidden: Sequence[float], absent: Sequence[float]) -> Between:
    """Median of the differences of pairs, in the unit of the values; interval by the order of the differences."""
    ordered = sorted(one - other for one, other in zip(hidden, absent, strict=True))
    reach = SURE * math.sqrt(len(ordered)) / 2
    at = [max(0, min(len(ordered) - 1, round(len(ordered) / 2 + way * reach))) for way in (-1, 1)]
    return Between(statistics.median(ordered), ordered[at[0]], ordered[at[1]])
