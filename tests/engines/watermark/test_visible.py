"""The visible mark: always there, never more than text, never a star."""

import numpy as np
import pytest
from PIL import ImageFont

from mifeng.engines.watermark import VisibleMark, lettering, mark_page, short_id
from mifeng.engines.watermark.lettering import FONTS, cleaned, fitting_line, line, runs
from mifeng.engines.watermark.visible import draw
from tests.engines.watermark.conftest import Occasion

SHORT = short_id(5)
NAMES = {
    "rare": "龘",
    "rare and rarer": "龘㛃𠮷",
    "Latin": "Müller-Lüdenscheidt",
    "Uyghur": "ئابدۇرېھىم",
    "emoji": "😀🏳\ufe0f\u200d🌈",
    "two hundred signs": "葛" * 200,
    "a million signs": "星" * 1_000_000,
    "bidi": "葛\u202e野星\u202c",
    "controls": "\x00\x1b[31m\r\n\t",
    "star": "机密★5年",
    "only stars": "★☆⭐",
    "combining": "e" + "\u0301" * 500,
    "nothing": "",
    "markup": "<b>&amp;{{ name }}%s",
}


def sheet(
    mark: VisibleMark, *, first: bool = True, ground: int = 255, size: tuple[int, int] = (1754, 1240)
) -> np.ndarray:
    """How far each pixel of an even page moved."""
    paper = np.full((*size, 3), ground, np.uint8)
    return np.abs(draw(paper, mark, SHORT, first=first).astype(int) - paper).max(2)


def same(text: str) -> VisibleMark:
    return VisibleMark((text,), text, text, text)


@pytest.mark.parametrize("installed", [True, False], ids=["system fonts", "own font only"])
@pytest.mark.parametrize("name", NAMES)
def test_no_name_leaves_the_mark_empty(name: str, installed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not installed:
        monkeypatch.setattr(lettering, "SYSTEM_FACES", ())
    ink = sheet(same(NAMES[name]))
    for part in (ink[:, :75], ink[:, -75:], ink[1600:, :1100], ink[1600:, 900:], ink[300:1500, 200:1040]):
        assert (part > 15).sum() > 20


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("rare", "龘"),
        ("bidi", "葛野星"),
        ("controls", "[31m"),
        ("star", "机密 5年"),
        ("only stars", ""),
        ("nothing", ""),
        ("markup", "<b>&amp;{{ name }}%s"),
        ("two hundred signs", "葛" * 39 + "…"),
        ("a million signs", "星" * 39 + "…"),
    ],
)
def test_text_is_cleaned_and_cut(name: str, shown: str) -> None:
    assert cleaned(NAMES[name], 40) == shown


def test_no_cleaned_text_holds_a_star_or_a_direction_sign() -> None:
    for name in NAMES.values():
        assert not set(cleaned(name, 200)) & set("★☆⭐\u202e\u202c\u202a\u202b\u2066\u2067\u2069\u200f\u200e\n")


def test_the_shipped_font_cannot_draw_a_star() -> None:
    font = ImageFont.truetype(FONTS / "NotoSansSC-Regular.ttf", 24)
    assert bytes(font.getmask("★")) == bytes(font.getmask("\U0010fffe"))
    assert bytes(font.getmask("密")) != bytes(font.getmask("\U0010fffe"))


def test_a_sign_that_no_font_has_is_shown_by_its_code_point(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lettering, "SYSTEM_FACES", ())
    assert [run.text for run in runs("葛龘")] == ["葛", "〓9F98"]
    assert (line("龘", 30) != 0).sum() > (line("一", 30) != 0).sum()


def test_the_slanted_ink_takes_eight_to_twelve_per_cent() -> None:
    paper = np.full((1754, 1240, 3), 255, np.uint8)
    page = draw(paper, same("葛星野 09:12"), SHORT, first=False)
    luma = page[200:1500, 200:1040] @ np.array([0.114, 0.587, 0.299])
    assert 0.08 <= 1 - luma.min() / 255 <= 0.12


def test_the_first_page_carries_all_level_lines_and_the_others_one_at_the_right(occasion: Occasion) -> None:
    first, other = sheet(occasion.visible), sheet(occasion.visible, first=False)
    assert ((first[200:320, 150:600] > 200).sum() > 500, (first[40:160, 600:1100] > 80).sum()) == (True, 0)
    assert ((other[200:260, 150:600] > 200).sum(), (other[40:160, 600:1100] > 80).sum() > 200) == (0, True)


def test_where_the_page_has_text_already_the_level_lines_go_up_into_the_margin(occasion: Occasion) -> None:
    paper = np.full((1754, 1240, 3), 255, np.uint8)
    paper[200:330:8, 165:600] = 0
    page = draw(paper, occasion.visible, SHORT, first=True)
    assert (page[70:180, 150:600] < 80).all(2).sum() > 500


@pytest.mark.parametrize("ground", [0, 40, 128, 255])
def test_the_mark_shows_on_dark_slides_as_well(ground: int, occasion: Occasion) -> None:
    ink = sheet(occasion.visible, ground=ground)
    assert (ink[1600:, :1100] > 40).sum() > 300
    assert (ink[300:1500, 200:1040] >= 5).sum() > 2000


def test_words_under_the_mark_stay_readable(clean: np.ndarray, occasion: Occasion) -> None:
    page = draw(clean, occasion.visible, SHORT, first=True)
    assert (page <= clean).all()
    text = (clean[480:1500, 170:1080] < 60).all(2)
    assert text.sum() > 20_000
    assert np.abs(page[480:1500, 170:1080].astype(int) - clean[480:1500, 170:1080])[text].max() <= 10


@pytest.mark.parametrize("size", [(20, 20), (200, 3000), (3000, 200), (500, 353), (3508, 2480)])
def test_pages_of_any_size_are_marked(size: tuple[int, int], occasion: Occasion) -> None:
    paper = np.full(size, 255, np.uint8)
    page = mark_page(paper, occasion.visible, occasion.marks, 1, occasion.page, first=True)
    assert page.shape == (*size, 3)
    assert (page < 240).any()


def test_a_long_line_is_set_smaller_and_then_cut() -> None:
    assert fitting_line("葛星野", 40, 500, 10).shape[1] < 200
    assert 250 < fitting_line("葛星野" * 6, 40, 400, 10).shape[1] <= 400
    assert fitting_line("葛星野" * 60, 40, 400, 30).shape[1] <= 400


def test_the_short_id_stands_in_the_footer_of_every_page(occasion: Occasion) -> None:
    paper = np.full((1754, 1240, 3), 255, np.uint8)
    one, other = (draw(paper, occasion.visible, short_id(number), first=False) for number in (1, 2))
    rows, columns = np.nonzero((one != other).any(2))
    assert rows.min() > 1650
    assert columns.min() > 1000
