"""A marked page goes out, a picture comes back: read, or rightly not read."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from mifeng.engines.watermark import (
    EDGE_PAPER,
    Grade,
    Issued,
    Marks,
    PictureTooLarge,
    PictureTooSmall,
    Reading,
    mark_page,
    read,
    scan,
)
from mifeng.engines.watermark.detect import BUDGET
from tests.engines.watermark.conftest import EPOCH, ROOT, Occasion
from tests.engines.watermark.papers import chatted, jpeg, photographed, scaled, turned

CHANNELS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "screenshot": lambda picture: picture,
    "three quarters, JPEG 60": lambda picture: jpeg(scaled(picture, 0.75), 60),
    "one and a half, JPEG 60": lambda picture: jpeg(scaled(picture, 1.5), 60),
    "quarter of the page": lambda picture: picture[500:1377, 300:920],
    "turned by two degrees": lambda picture: turned(picture, 2),
    "negative": lambda picture: 255 - picture,
    "negative, by chat": lambda picture: chatted(255 - picture),
    "tilted photo": photographed,
}


def issued(occasion: Occasion, *more: int) -> list[Issued]:
    """2 000 other numbers and the given ones, each for all five pages."""
    others = [int(number) for number in np.random.default_rng(8).integers(0, 2**48, 2000)]
    return [Issued(EPOCH, occasion.labels, [*others, *more])]


def finding_of(picture: np.ndarray, occasion: Occasion) -> tuple[Reading, Grade]:
    reading = read(picture, occasion.keys, occasion.labels)
    return reading, scan(reading, issued(occasion, occasion.mark_id), occasion.keys).grade


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_number_and_the_page_come_back_exactly(channel: str, marked: np.ndarray, occasion: Occasion) -> None:
    reading, grade = finding_of(CHANNELS[channel](marked), occasion)
    assert (reading.ok, reading.id, reading.page, reading.epoch) == (True, occasion.mark_id, occasion.page, EPOCH)
    assert reading.negative is ("negative" in channel)
    assert reading.z > 14
    assert 1 <= reading.tried <= reading.budget == BUDGET[False]
    assert grade is Grade.NAMED


def test_a_printed_page_in_grey_is_read_at_300_dpi(clean: np.ndarray, occasion: Occasion) -> None:
    paper = mark_page(
        scaled(clean, 2), occasion.visible, occasion.marks, 7, occasion.page, first=False, edge=EDGE_PAPER, dpi=300
    )
    reading = read(cv2.cvtColor(paper[900:2300, 500:1900], cv2.COLOR_BGR2GRAY), occasion.keys, occasion.labels)
    assert (reading.ok, reading.id, reading.page) == (True, 7, occasion.page)


def test_a_one_bit_copy_of_a_printed_page_is_read(clean: np.ndarray, occasion: Occasion) -> None:
    paper = mark_page(clean, occasion.visible, occasion.marks, 7, occasion.page, first=False, edge=EDGE_PAPER)
    copy = cv2.threshold(cv2.cvtColor(paper, cv2.COLOR_BGR2GRAY), 180, 255, cv2.THRESH_BINARY)[1]
    reading = read(copy, occasion.keys, occasion.labels)
    assert scan(reading, issued(occasion, 7), occasion.keys).hits[0].mark_id == 7


def test_an_unmarked_page_names_nobody(clean: np.ndarray, occasion: Occasion) -> None:
    for picture in (jpeg(clean, 60)[:1300], np.full((500, 400), 250, np.uint8)):
        reading, grade = finding_of(picture, occasion)
        assert (reading.ok, grade) == (False, Grade.NONE)


@pytest.mark.parametrize(
    "foreign", [Marks(ROOT, "2026Q3"), Marks(ROOT[::-1], EPOCH), Marks(ROOT, EPOCH, 2)], ids=["epoch", "key", "suite"]
)
def test_foreign_keys_name_nobody(foreign: Marks, marked: np.ndarray, occasion: Occasion) -> None:
    part = marked[500:1377, 300:920]
    reading = read(part, {foreign.epoch: foreign}, occasion.labels)
    others = [Issued(foreign.epoch, occasion.labels, issued(occasion, occasion.mark_id)[0].mark_ids)]
    assert (reading.ok, scan(reading, others, {foreign.epoch: foreign}).grade) == (False, Grade.NONE)
    assert finding_of(part, occasion)[1] is Grade.NAMED


def test_under_the_label_of_another_page_nobody_is_named(marked: np.ndarray, occasion: Occasion) -> None:
    others = tuple(label for label in occasion.labels if label != occasion.page)
    reading = read(marked[500:1377, 300:920], occasion.keys, others)
    assert reading.read_outs[0].sync > 20
    finding = scan(reading, [Issued(EPOCH, others, issued(occasion, occasion.mark_id)[0].mark_ids)], occasion.keys)
    assert (reading.ok, finding.grade) == (False, Grade.NONE)
    assert finding.best is not None
    assert finding.best.z < 6


def test_the_right_page_is_found_among_hundreds_and_the_right_epoch_among_four(
    marked: np.ndarray, occasion: Occasion
) -> None:
    labels = [f"other{number}|1" for number in range(400)] + list(occasion.labels)
    keys = {epoch: Marks(ROOT, epoch) for epoch in ("2026Q1", "2026Q2", "2026Q3", EPOCH)}
    reading = read(chatted(marked), keys, labels)
    assert (reading.ok, reading.id, reading.page, reading.epoch) == (True, occasion.mark_id, occasion.page, EPOCH)


def test_two_who_average_their_copies_are_both_named(clean: np.ndarray, occasion: Occasion) -> None:
    copies = [
        mark_page(clean, occasion.visible, occasion.marks, mark_id, occasion.page, first=True).astype(np.uint16)
        for mark_id in (11, 12)
    ]
    mixed = jpeg((sum(copies) // 2).astype(np.uint8), 80)
    finding = scan(read(mixed, occasion.keys, occasion.labels), issued(occasion, 11, 12), occasion.keys)
    assert (finding.grade, {hit.mark_id for hit in finding.hits}) == (Grade.NAMED, {11, 12})


def test_brightness_and_contrast_change_nothing(marked: np.ndarray, occasion: Occasion) -> None:
    part = marked[500:1377, 300:920]
    dimmed = np.clip(part.astype(float) * 0.7 + 40, 0, 255).astype(np.uint8)
    plain, dim = (read(picture, occasion.keys, occasion.labels) for picture in (part, dimmed))
    assert (plain.id, dim.id) == (occasion.mark_id, occasion.mark_id)
    assert dim.z == pytest.approx(plain.z, abs=0.4)


def test_a_second_run_gives_the_same_read_out(marked: np.ndarray, occasion: Occasion) -> None:
    part = turned(marked, 1)[300:1400, 200:1000]
    first, second = (read(part, occasion.keys, occasion.labels) for _ in range(2))
    assert first.z == second.z
    assert [(a.chips == b.chips).all() for a, b in zip(first.read_outs, second.read_outs, strict=True)] == [True]


def test_pictures_too_large_or_too_small_are_refused(occasion: Occasion) -> None:
    with pytest.raises(PictureTooSmall):
        read(np.zeros((47, 600), np.uint8), occasion.keys, occasion.labels)
    with pytest.raises(PictureTooLarge):
        read(np.broadcast_to(np.uint8(9), (10_001, 10_000)), occasion.keys, occasion.labels)
    assert not read(np.zeros((48, 600), np.uint8), occasion.keys, occasion.labels).ok


def test_without_pages_nothing_is_searched(marked: np.ndarray, occasion: Occasion) -> None:
    assert read(marked, occasion.keys, ()).tried == 0
