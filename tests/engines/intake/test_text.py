from __future__ import annotations

import io
from pathlib import Path

import docx
import openpyxl
import pypdfium2
import pytest
from openpyxl.comments import Comment

from mifeng.engines.intake import Limits, NoText, Rendition, Text, Unviewable, plausible, read_text, render
from mifeng.engines.intake.kinds import KINDS, Kind, detect
from mifeng.engines.intake.text import normal

from . import samples

WORDS = "".join(samples.PASSAGE).replace(" ", "")


def read(data: bytes, kind: str, **settings: object) -> str:
    found = read_text(data, KINDS[kind], **settings)
    assert isinstance(found, Text), found
    return found.text


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("docx", samples.word()),
        ("xlsx", samples.workbook()),
        ("pdf", samples.pdf()),
        ("odt", samples.open_text()),
        ("ofd", samples.fixed_layout()),
        ("txt", "\r\n".join(samples.PASSAGE).encode("utf-8")),
        ("txt", "\n".join(samples.PASSAGE).encode("gb18030")),
        ("txt", "\n".join(samples.PASSAGE).encode("utf-16")),
        ("csv", "\n".join(samples.PASSAGE).encode("gb18030")),
        ("eml", samples.mail()),
    ],
)
def test_one_text_is_the_same_in_every_kind_of_file(kind: str, data: bytes) -> None:
    # A sheet brings its name along, a letter its headers.
    frame = {"xlsx": "一", "eml": "里程碑计划a@example.comb@example.comMon,02Mar202609:00:00+0800"}.get(kind, "")
    assert "".join(read(data, kind).split()) == frame + WORDS


def test_all_of_a_word_file_is_read_not_only_what_the_page_shows() -> None:
    document = docx.Document()
    document.add_paragraph("正文里的一句话。")
    document.add_table(1, 2).cell(0, 1).text = "表格里的一句话。"
    document.sections[0].header.paragraphs[0].text = "页眉里的一句话。"
    document.sections[0].footer.paragraphs[0].text = "页脚里的一句话。"
    document.add_comment(document.paragraphs[0].runs[0], text="批注里的一句话。")
    out = io.BytesIO()
    document.save(out)
    names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    changes = (
        "<w:p><w:del><w:r><w:delText>删去的一句话。</w:delText></w:r></w:del><w:ins><w:r><w:t>插入的一句话。</w:t></w:r></w:ins></w:p>"
        '<w:p><w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        "<mc:Choice><w:txbxContent><w:p><w:r><w:t>文本框里的一句话。</w:t></w:r></w:p></w:txbxContent></mc:Choice>"
        "<mc:Fallback><w:txbxContent><w:p><w:r><w:t>文本框里的一句话。</w:t></w:r></w:p></w:txbxContent></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p></w:body>"
    )
    note = '<w:footnote w:id="2"><w:p><w:r><w:t>脚注里的一句话。</w:t></w:r></w:p></w:footnote>'
    notes = f'<?xml version="1.0"?><w:footnotes {names}>{note}</w:footnotes>'
    types = samples.member(out.getvalue(), "[Content_Types].xml").decode()
    relations = samples.member(out.getvalue(), "word/_rels/document.xml.rels").decode()
    data = samples.repacked(
        out.getvalue(),
        {
            "word/document.xml": samples.member(out.getvalue(), "word/document.xml")
            .decode()
            .replace("</w:body>", changes),
            "word/footnotes.xml": notes,
            "[Content_Types].xml": types.replace(
                "</Types>",
                '<Override PartName="/word/footnotes.xml" ContentType="application/vnd.openxmlformats-officedocument.'
                'wordprocessingml.footnotes+xml"/></Types>',
            ),
            "word/_rels/document.xml.rels": relations.replace(
                "</Relationships>",
                '<Relationship Id="rId80" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"'
                ' Target="footnotes.xml"/></Relationships>',
            ),
        },
    )
    text = read(data, "docx")
    places = ("正文", "表格", "页眉", "页脚", "批注", "脚注", "文本框")
    wanted = [f"{place}里的一句话。" for place in places] + ["删去的一句话。", "插入的一句话。"]
    assert {sentence: text.count(sentence) for sentence in wanted} == dict.fromkeys(wanted, 1)


def test_all_of_a_workbook_is_read_and_no_formula_is_computed() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "总表"
    sheet["A1"], sheet["B2"], sheet["C3"] = "公开的一格内容", 42.0, '=WEBSERVICE("http://127.0.0.1/")'
    sheet["A1"].comment = Comment("批注里的一句话", "某人")
    sheet.oddHeader.center.text = "页眉里的一句话"
    hidden = book.create_sheet("隐藏的表")
    hidden.sheet_state = "veryHidden"
    hidden["A1"] = "隐藏的一格内容"
    out = io.BytesIO()
    book.save(out)
    text = read(out.getvalue(), "xlsx")
    wanted = ("总表", "公开的一格内容", "42", "批注里的一句话", "页眉里的一句话", "隐藏的表", "隐藏的一格内容")
    assert [word for word in wanted if word not in text] == []
    assert "WEBSERVICE" not in text and "42.0" not in text


def test_a_sheet_that_claims_to_be_endless_is_left_at_the_limit() -> None:
    book = openpyxl.Workbook()
    for n in range(1, 60):
        book.active.cell(n, 200, "角")
    out = io.BytesIO()
    book.save(out)
    found = read_text(out.getvalue(), KINDS["xlsx"], limits=Limits(cells=10_000))
    assert isinstance(found, NoText) and found.code == "too_costly"
    assert isinstance(read_text(out.getvalue(), KINDS["xlsx"], limits=Limits(cells=12_000)), Text)


CHINESE = "本公司的商业秘密分为绝密、机密、秘密三级,由定密责任人按照目录确定,任何人不得擅自复制或者外带。" * 3


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("utf-8 read as gbk", CHINESE.encode().decode("gb18030", "replace")),
        ("gbk read as latin-1", CHINESE.encode("gb18030").decode("latin-1")),
        ("utf-8 read as latin-1", CHINESE.encode().decode("latin-1")),
        ("gbk read as utf-16", CHINESE.encode("gb18030").decode("utf-16-le", "replace")),
        ("gbk read as utf-8", CHINESE.encode("gb18030").decode("utf-8", "replace")),
        ("private use", "".join(chr(0xE000 + n % 3000) for n in range(200))),
        ("replacement saved once more", "锟斤拷" * 40),
        ("controls", "\x01\x02\x03a" * 50),
    ],
)
def test_mojibake_is_no_text(name: str, text: str) -> None:
    assert plausible.judge(text) == "rubbish"


@pytest.mark.parametrize(
    "text",
    [
        CHINESE,
        "本公司的商業秘密分為絕密、機密、秘密三級,由定密責任人按照目錄確定。" * 3,
        "The reduction ratio of the joint is 101:1.",
        "型号 QL-3\t减速比 101:1\t回差 ≤ 30″\n" * 5,
        "会議資料の取り扱いについてのお知らせです。" * 3,
        "禤翀 逄赟 亓龑",
        "1 2 3 4.5 6.7",
    ],
)
def test_what_an_office_writes_is_text(text: str) -> None:
    assert plausible.judge(text) == ""


def test_a_text_file_in_no_known_encoding_is_refused_rather_than_guessed() -> None:
    assert not isinstance(detect(bytes(range(128, 256)) * 10, "a.txt"), Kind)


def test_a_scan_has_no_text_and_says_so() -> None:
    made = render(samples.picture(size=(400, 400)), KINDS["png"])
    assert isinstance(made, Rendition)
    found = read_text(made.pdf, KINDS["pdf"])
    assert isinstance(found, NoText) and found.code == "scan"
    empty = read_text(samples.pdf(lines=()), KINDS["pdf"])
    assert isinstance(empty, NoText) and empty.code == "empty"


def test_old_word_files_are_not_read_by_guessing() -> None:
    found = read_text(samples.old_word(), KINDS["doc"])
    assert isinstance(found, NoText) and found.code == "no_reader"


def test_the_normal_text_has_one_form() -> None:
    assert normal("\ufeffa\r\nb  \r\rc\n\n\n\nd\x02 \u2f08 e\u0301") == "a\nb\n\nc\n\nd \u4eba \u00e9"


def shipped_font() -> str | None:
    """A TrueType font to typeset with: any Chinese one of this machine."""
    places = [Path(__file__).parents[3] / "src/mifeng/engines/watermark/fonts", Path("/usr/share/fonts/truetype")]
    found = [
        path for place in places for path in sorted(place.rglob("*.ttf")) if "CJK" in path.name or "SC" in path.name
    ]
    return str(found[0]) if found else None


def test_plain_text_is_typeset_with_the_font_that_is_handed_in() -> None:
    font = shipped_font()
    if font is None:
        pytest.skip("part missing: a Chinese TrueType font (src/mifeng/engines/watermark/fonts)")
    lines = "\n".join(samples.PASSAGE * 40).encode("gb18030")
    kind = detect(lines, "a.txt")
    assert isinstance(kind, Kind)
    made = render(lines, kind, text_font=font)
    assert isinstance(made, Rendition) and made.pages == len(pypdfium2.PdfDocument(made.pdf)) > 1
    assert "".join(read(made.pdf, "pdf").split()) == WORDS * 40
    forgotten = render(lines, KINDS["txt"], text_font=font)
    assert isinstance(forgotten, Rendition) and forgotten.pdf == made.pdf


@samples.needs_converter()
def test_plain_text_without_a_font_is_drawn_by_the_office_program() -> None:
    from mifeng.engines.intake import Clean

    lines = "\n".join(samples.PASSAGE).encode("gb18030")
    kind = detect(lines, "a.csv")
    assert isinstance(kind, Kind)
    made = render(lines, KINDS["csv"], verdict=Clean())
    assert isinstance(made, Rendition)
    assert "".join(read(made.pdf, "pdf").split()) == WORDS


def test_what_is_not_drawn_is_said() -> None:
    codes = {}
    for kind, data in (("ofd", samples.fixed_layout()), ("eml", samples.mail()), ("txt", b"hello")):
        made = render(data, KINDS[kind])
        codes[kind] = made.code if isinstance(made, Unviewable) else "drawn"
    assert codes == {"ofd": "no_converter", "eml": "no_converter", "txt": "not_checked"}
