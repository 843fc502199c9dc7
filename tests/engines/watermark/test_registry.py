"""Figures and grades: how sure one may be."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mifeng.engines.watermark import Grade, Hit, Issued, Marks, Reading, bound, pooled, scan, threshold
from mifeng.engines.watermark.align import ReadOut
from mifeng.engines.watermark.codes import words
from mifeng.engines.watermark.registry import _graded
from tests.engines.watermark.conftest import EPOCH, ROOT

PAGES = ("6f1c|1", "6f1c|2")
OTHERS = [int(number) for number in np.random.default_rng(9).integers(0, 2**48, 500)]
Z, COUNTS = st.floats(0, 15.97), st.integers(1, 10**9)


@given(Z, Z, COUNTS, COUNTS, st.integers(1, 512))
def test_the_bound_is_monotone(z: float, more: float, issued: int, further: int, readouts: int) -> None:
    here = bound(z, issued, readouts)
    assert 0 <= here <= 1
    assert bound(min(15.97, z + more), issued, readouts) <= here
    assert bound(z, issued + further, readouts) >= here
    assert bound(z, issued, readouts + 1) >= here


@pytest.mark.parametrize(
    ("issued", "readouts", "z"), [(10**6, 64, 8.80), (10**7, 256, 9.21), (10**8, 64, 9.31), (10**9, 256, 9.69)]
)
def test_the_threshold_of_one_in_a_thousand_million(issued: int, readouts: int, z: float) -> None:
    assert threshold(1e-9, issued, readouts) == pytest.approx(z, abs=0.005)
    assert bound(threshold(1e-9, issued, readouts), issued, readouts) <= 1.01e-9


def test_the_threshold_never_falls_below_what_a_foreign_word_can_reach() -> None:
    assert threshold(1e-6, 1, 1) == 8.8 > (255 - 2 * 61) / math.sqrt(255)


def read_out(strengths: dict[int, float], page: str = PAGES[0], *, seed: int = 1) -> ReadOut:
    """A made-up read-out that holds the words of some numbers, each so strongly, under the signs of one page."""
    marks, rng = Marks(ROOT, EPOCH), np.random.default_rng(seed)
    soft = sum(strength * words([mark_id])[0] for mark_id, strength in strengths.items())
    chips = rng.normal(0, 1, 2304)
    chips[marks.payload_cells] += np.tile(soft, 6) * marks.page_signs(page)
    return ReadOut(EPOCH, "paper", False, 20.0, chips.astype(np.float32), np.eye(3))


def reading(*outs: ReadOut, ok: bool = False, mark_id: int = 0) -> Reading:
    return Reading(ok, mark_id, PAGES[0], EPOCH, 20.0, 0.0, "paper", False, len(outs), 128, outs)


def issued(*mark_ids: int, proven: bool = True) -> list[Issued]:
    return [Issued(EPOCH, PAGES, OTHERS), Issued(EPOCH, PAGES, list(mark_ids), proven)]


def found(outs: ReadOut, registry: list[Issued], **more: object) -> SimpleNamespace:
    finding = scan(reading(outs, **more), registry, {EPOCH: Marks(ROOT, EPOCH)})
    return SimpleNamespace(grade=finding.grade, ids=[hit.mark_id for hit in finding.hits], finding=finding)


def test_a_clear_word_is_named_with_its_page_and_its_figures() -> None:
    result = found(read_out({7: 1.0}, PAGES[1]), issued(7))
    assert (result.grade, result.ids) == (Grade.NAMED, [7])
    hit, finding = result.finding.hits[0], result.finding
    assert (hit.page, finding.issued, finding.readouts) == (PAGES[1], 2 * 501, 128)
    assert hit.bound == bound(hit.z, 2 * 501, 128) < 1e-9
    assert finding.runner_up.z < hit.z - 3


def test_noise_names_nobody() -> None:
    result = found(read_out({7: 0.0}), issued(7))
    assert (result.grade, result.ids) == (Grade.NONE, [])
    assert result.finding.best.z < 5


def test_an_issue_without_witness_or_under_an_alarmed_epoch_is_a_clue_at_most() -> None:
    out = read_out({7: 1.0})
    assert found(out, issued(7, proven=True)).grade is Grade.NAMED
    assert found(out, issued(7, proven=False)).grade is Grade.CLUE
    assert found(out, issued(7, proven=False)).ids == [7]


def test_two_words_over_the_bar_are_two_named_not_a_doubt() -> None:
    result = found(read_out({7: 1.0, 8: 1.0}), issued(7, 8))
    assert (result.grade, sorted(result.ids)) == (Grade.NAMED, [7, 8])


def test_a_number_that_was_never_issued_is_told_and_nobody_is_blamed_for_it() -> None:
    result = found(read_out({99: 3.0}), issued(7), ok=True, mark_id=99)
    assert (result.grade, result.finding.unregistered) == (Grade.NONE, True)
    assert not found(read_out({7: 3.0}), issued(7), ok=True, mark_id=7).finding.unregistered


def test_an_issue_of_an_epoch_without_keys_is_an_error_not_a_silent_miss() -> None:
    with pytest.raises(KeyError):
        scan(reading(read_out({7: 1.0})), [Issued("2020Q1", PAGES, [7])], {EPOCH: Marks(ROOT, EPOCH)})


def hit(mark_id: int, z: float, *, proven: bool = True) -> Hit:
    return Hit(mark_id, EPOCH, PAGES[0], z, bound(z, 1000, 128), proven)


@pytest.mark.parametrize(
    ("z", "grade", "ids"),
    [
        ((12.0, 4.0), Grade.NAMED, [0]),
        ((12.0, 11.0, 4.0), Grade.NAMED, [0, 1]),
        ((10.0, 8.0), Grade.CLUE, [0, 1]),
        ((8.7, 4.0), Grade.CLUE, [0]),
        ((7.2, 4.0), Grade.CLUE, [0]),
        ((6.9, 4.0), Grade.NONE, []),
        ((), Grade.NONE, []),
    ],
    ids=str,
)
def test_grades(z: tuple[float, ...], grade: Grade, ids: list[int]) -> None:
    """With 1 000 pairs and 128 read-outs a clue begins at 7.16; a runner-up within 3 of the bar drops the case."""
    finding = _graded([hit(i, value) for i, value in enumerate(z)], 1000, 128, unregistered=False)
    assert (finding.grade, [one.mark_id for one in finding.hits]) == (grade, ids)


def test_pages_of_one_leak_add_up() -> None:
    assert pooled([6.0, 6.0, 6.0, 6.0]) == 12.0
    assert pooled([9.0]) == 9.0
    with pytest.raises(ValueError, match="at least one"):
        pooled([])
