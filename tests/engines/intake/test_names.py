from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mifeng.engines.intake.names import UNNAMED, clean, member_name


@pytest.mark.parametrize(
    ("declared", "shown", "changed"),
    [
        ("2026年计划.pdf", "2026年计划.pdf", ()),
        ("合同\u202efdp.docx", "合同fdp.docx", ("bidi",)),
        ("合同\0.pdf", "合同.pdf", ("control",)),
        ("a\r\nb\u2028.txt", "ab.txt", ("control",)),
        ("../../etc/passwd", "passwd", ("path",)),
        ("C:\\用户\\桌面\\合同.doc", "合同.doc", ("path",)),
        ('a<b>"c|d?.txt', "abcd.txt", ("path",)),
        ("caf\u0065\u0301.txt", "caf\u00e9.txt", ()),
        ("..", UNNAMED, ("empty",)),
        ("\u200b\u202e", UNNAMED, ("bidi", "control", "empty")),
        ("  .hidden.pdf. ", "hidden.pdf", ()),
    ],
)
def test_a_name_is_shown_without_what_deceives(declared: str, shown: str, changed: tuple[str, ...]) -> None:
    assert (clean(declared).text, clean(declared).changed) == (shown, changed)


def test_a_long_name_keeps_its_extension_and_has_two_hundred_signs() -> None:
    name = clean("密" * 500 + ".docx")
    assert (len(name.text), name.extension, name.changed) == (200, "docx", ("length",))
    assert clean("密" * 195 + ".docx").changed == ()


def test_a_name_in_gb18030_is_read_and_said_so() -> None:
    assert clean("立项计划.pdf".encode("gb18030")).text == "立项计划.pdf"
    assert clean("立项计划.pdf".encode("gb18030")).changed == ("encoding",)
    carried = "立项计划.pdf".encode("gb18030").decode("utf-8", "surrogateescape")
    assert clean(carried).text == "立项计划.pdf"


def test_a_name_in_no_encoding_is_shown_escaped() -> None:
    assert clean(b"\xff\xfe\xff.pdf").text == "%FF%FE%FF.pdf"


@pytest.mark.parametrize(
    ("declared", "runnable"),
    [
        ("合同.pdf.exe", True),
        ("合同.exe.pdf", True),
        ("合同\u202efdp.exe", True),
        ("合同.docx.pdf", False),
        ("com.pdf", False),
    ],
)
def test_a_double_extension_that_hides_a_program_is_seen(declared: str, runnable: bool) -> None:
    assert clean(declared).runnable is runnable


def test_a_member_named_in_gbk_is_read_as_such() -> None:
    assert member_name("合同.xml".encode("gb18030").decode("cp437"), utf8=False) == "合同.xml"
    assert member_name("合同.xml", utf8=True) == "合同.xml"


@given(st.one_of(st.text(), st.binary(max_size=400)))
def test_whatever_comes_in_what_is_shown_is_one_short_line_without_a_path(declared: str | bytes) -> None:
    shown = clean(declared).text
    assert 1 <= len(shown) <= 200
    assert not {unicodedata.category(sign) for sign in shown} & {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}
    assert not set(shown) & set("/\\\0\r\n\u202e\u2066")
    assert clean(shown).text == shown
