"""Keys and the signal that goes into the page."""

import ast
from pathlib import Path

import numpy as np
import pytest

import mifeng.engines.watermark as watermark
from mifeng.engines.watermark import EDGE_PAPER, Marks, page_label
from mifeng.engines.watermark.hidden import embed, pattern_tile
from mifeng.engines.watermark.keys import PAYLOAD_CHIPS, SYNC_CHIPS
from tests.engines.watermark.conftest import EPOCH, ROOT, Occasion


def test_blank_paper_gets_a_grain_of_at_most_six_levels(occasion: Occasion) -> None:
    paper = np.full((400, 400, 3), 255, np.uint8)
    grain = embed(paper, occasion.marks, 1, occasion.page)
    assert (int(grain.min()), int(grain.max())) == (249, 255)
    assert 251 < grain.mean() < 253


def test_the_three_colours_move_by_the_same_amount(clean: np.ndarray, occasion: Occasion) -> None:
    change = embed(clean, occasion.marks, 1, occasion.page).astype(int) - clean
    inside = (clean > 60).all(2) & (clean < 190).all(2)
    assert inside.sum() > 200
    assert (change[inside].max(1) == change[inside].min(1)).all()
    assert np.abs(change).max() > 20


def test_equal_occasions_give_equal_pixels_and_others_do_not(clean: np.ndarray, occasion: Occasion) -> None:
    first = embed(clean, occasion.marks, 1, occasion.page)
    assert (first == embed(clean, Marks(ROOT, EPOCH), 1, occasion.page)).all()
    for other in (
        embed(clean, occasion.marks, 2, occasion.page),
        embed(clean, occasion.marks, 1, occasion.labels[0]),
        embed(clean, Marks(ROOT, "2027Q1"), 1, occasion.page),
        embed(clean, Marks(ROOT, EPOCH, 2), 1, occasion.page),
        embed(clean, occasion.marks, 1, occasion.page, edge=EDGE_PAPER),
    ):
        assert (first != other).any()


def test_the_page_handed_in_is_not_changed(clean: np.ndarray, occasion: Occasion) -> None:
    before = clean.copy()
    embed(clean, occasion.marks, 1, occasion.page)
    assert (clean == before).all()


def test_the_cell_keeps_its_millimetres_at_every_resolution(occasion: Occasion) -> None:
    at_150 = embed(np.full((384, 384), 128, np.uint8), occasion.marks, 1, occasion.page)
    at_300 = embed(np.full((768, 768), 128, np.uint8), occasion.marks, 1, occasion.page, dpi=300)
    small = at_300.reshape(384, 2, 384, 2).mean((1, 3))
    assert np.corrcoef(small.reshape(-1), at_150.reshape(-1))[0, 1] > 0.98


def test_tiles_join_without_a_seam(occasion: Occasion) -> None:
    tile = pattern_tile(occasion.marks, 1, occasion.page)
    steps = np.abs(np.diff(np.concatenate([tile[:, -1:], tile], 1), axis=1)).mean(0)[::4]
    # The first step lies between two tiles, the others between two cells of one tile.
    assert steps[1:].min() <= steps[0] <= steps[1:].max()
    assert steps[0] < 3 * np.abs(np.diff(tile, axis=1)).mean()


def test_a_weaker_edge_than_was_measured_is_refused(clean: np.ndarray, occasion: Occasion) -> None:
    with pytest.raises(ValueError, match="edge"):
        embed(clean, occasion.marks, 1, occasion.page, edge=31)


@pytest.mark.parametrize("bad", [(b"short", EPOCH, 1), (ROOT, "", 1), (ROOT, "a|b", 1), (ROOT, EPOCH, 3)])
def test_keys_that_could_be_taken_for_others_are_refused(bad: tuple[bytes, str, int]) -> None:
    with pytest.raises(ValueError, match="marks need"):
        Marks(*bad)
    assert len(Marks(ROOT, EPOCH).sync.signs) == SYNC_CHIPS


def test_a_root_is_not_shown_by_accident() -> None:
    assert repr(Marks(ROOT, EPOCH)) == "Marks(epoch='2026Q4', suite=1)"


@pytest.mark.parametrize("bad", [("", 1), ("a|b", 1), ("a", 0)])
def test_page_labels_are_unambiguous(bad: tuple[str, int]) -> None:
    with pytest.raises(ValueError, match="page label"):
        page_label(*bad)
    assert page_label("6f1c", 12) == "6f1c|12"


def test_page_signs_are_balanced_and_independent_of_one_another(occasion: Occasion) -> None:
    signs = np.array([occasion.marks.page_signs(page_label("6f1c", number)) for number in range(1, 41)])
    agreement = signs @ signs.T / np.sqrt(PAYLOAD_CHIPS) - np.sqrt(PAYLOAD_CHIPS) * np.eye(40)
    assert np.abs(agreement).max() < 5
    assert np.abs(signs.sum(1)).max() < 5 * np.sqrt(PAYLOAD_CHIPS)


def test_what_aligns_a_picture_cannot_see_the_payload() -> None:
    """The bound needs it: nothing below the read-out may import payload keys, words or the decoder."""
    folder, seen = Path(watermark.__file__).parent, set()
    for module in ("views", "lattice", "sync", "align", "detect"):
        for node in ast.walk(ast.parse((folder / f"{module}.py").read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("mifeng"):
                seen |= {(node.module.rsplit(".", 1)[1], alias.name) for alias in node.names}
    assert {name for module, name in seen if module == "keys"} == {"CELLS", "SYNC_CHIPS", "SyncPattern"}
    assert {name for module, name in seen if module == "hidden"} == {"CELL_PX", "TILE_PX", "Image"}
    assert {module for module, _ in seen} == {"keys", "hidden", "views", "lattice", "sync", "align"}
