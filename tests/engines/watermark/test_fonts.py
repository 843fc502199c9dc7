"""The shipped fonts: TrueType outlines, the signs of the house, a licence beside them."""

import pytest
from fontTools.ttLib import TTFont

from mifeng.engines.watermark.lettering import FONTS

FACES = sorted(FONTS.glob("*.ttf"))
CAST = (
    "陆远舟温启航方若琳简小禾葛星野邵宇凌子墨宋知微殷以默岑书平谭晋夏知秋褚建业云汐澜岱精密传动有限公司青鹭三型关节模组"
)
PUNCTUATION = "〔〕《》「」【】，。、；：？（）——……·〇①⑳Ⅷ℃㎡×÷±¥€“”‘’"


def gb2312() -> set[str]:
    return {
        bytes((lead, trail)).decode("gb2312", "ignore") for lead in range(0xB0, 0xF8) for trail in range(0xA1, 0xFF)
    }


def test_there_are_three_faces_and_their_licence() -> None:
    assert [face.name for face in FACES] == [
        "NotoSansSC-Regular.ttf",
        "NotoSerifSC-Bold.ttf",
        "NotoSerifSC-Regular.ttf",
    ]
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "OFL.txt").read_text("utf-8")


@pytest.mark.parametrize("path", FACES, ids=lambda path: path.stem)
def test_a_face_is_truetype_small_and_complete(path: object) -> None:
    with TTFont(path, lazy=True) as font:
        assert "glyf" in font
        assert "CFF " not in font
        signs = {chr(point) for point in font.getBestCmap()}
    assert path.stat().st_size < 4_000_000
    chinese = gb2312() - {""}
    assert len(chinese) == 6763
    assert chinese - signs == set()
    assert (set(CAST) | set(PUNCTUATION) | {chr(point) for point in range(0x20, 0x7F)}) - signs == set()
    assert signs & set("★☆") == set()
