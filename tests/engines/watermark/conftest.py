"""One paper, one pool, one set of keys, one occasion."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pytest

from mifeng.engines.watermark import Marks, RasterPool, VisibleMark, mark_page, page_label
from tests.engines.watermark.papers import paper

ROOT = bytes(range(32))
EPOCH = "2026Q4"
TEXTS = VisibleMark(
    lines_top=("000003", "澜岱公司 机密 5年"),
    footer="葛星野 · 研发中心 · gexy · 2026-11-24 09:12 · 阅",
    diagonal="葛星野 2026-11-24 09:12",
    edges="葛星野 2026-11-24 09:12",
)


@dataclass(frozen=True)
class Occasion:
    """葛星野 reads page 3 of a paper of five pages."""

    marks: Marks = field(default_factory=lambda: Marks(ROOT, EPOCH))
    mark_id: int = 0x5A17C0FFEE42
    labels: tuple[str, ...] = tuple(page_label("6f1c", number) for number in range(1, 6))
    page: str = page_label("6f1c", 3)
    visible: VisibleMark = TEXTS

    @property
    def keys(self) -> dict[str, Marks]:
        return {EPOCH: self.marks}


@pytest.fixture(scope="session")
def pool() -> Iterator[RasterPool]:
    with RasterPool() as pool:
        yield pool


@pytest.fixture(scope="session")
def pdf() -> bytes:
    return paper()


@pytest.fixture(scope="session")
def clean(pool: RasterPool, pdf: bytes) -> np.ndarray:
    """Page 1 at 150 dpi without any mark."""
    picture = pool.page(pdf, 1, 150)
    picture.setflags(write=False)
    return picture


@pytest.fixture(scope="session")
def occasion() -> Occasion:
    return Occasion()


@pytest.fixture(scope="session")
def marked(clean: np.ndarray, occasion: Occasion) -> np.ndarray:
    picture = mark_page(clean, occasion.visible, occasion.marks, occasion.mark_id, occasion.page, first=True)
    picture.setflags(write=False)
    return picture
