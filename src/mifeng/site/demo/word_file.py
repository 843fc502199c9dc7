"""Sets a paper as docx with the same content; fonts bear the names an office knows, their other names beside."""

import io
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from mifeng.site.demo.reading import COMPANY, Block, Paper, banner, wide

BODY_FONT, HEAD_FONT, TITLE_FONT = "仿宋", "黑体", "宋体"
OTHER_NAMES = {
    "仿宋": "FangSong;STFangsong;Noto Serif SC",
    "黑体": "SimHei;Noto Sans SC",
    "宋体": "SimSun;Noto Serif SC",
}
RED = RGBColor(0xC7, 0x0F, 0x17)
FONT_TABLE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<w:fonts xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">{fonts}</w:fonts>'
)
FONT = '<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/><w:pitch w:val="variable"/></w:font>'


def docx(told: Paper) -> bytes:
    """The paper as docx: A4, the margins and line count of GB/T 9704-2012, a page number below."""
    document = Document()
    _prepare(document, told)
    if told.red_headed:
        _red_head(document, told)
    _line(document, wide(told.title), TITLE_FONT, 22, centre=True, bold=True, after=14, leading=34)
    for block in told.blocks:
        _block(document, block)
    if told.red_headed and told.issued_on:
        day = told.issued_on
        last = _line(document, f"总经理办公室\u3000\u3000{day.year}年{day.month}月{day.day}日印发", BODY_FONT, 14)
        _border(last, "top", "000000", 8)
        _border(last, "bottom", "000000", 8)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _prepare(document: Any, told: Paper) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(24)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = wide(told.title), COMPANY, ""
    properties.last_modified_by, properties.language = COMPANY, "zh-CN"
    _name_fonts(document)
    _font(document.styles["Normal"], BODY_FONT, 16)
    _page_number(section.footer.paragraphs[0])


def _name_fonts(document: Any) -> None:
    """A machine without 仿宋 looks for the other names before it takes just any font."""
    fonts = "".join(FONT.format(name=name, other=other) for name, other in OTHER_NAMES.items())
    for part in document.part.package.iter_parts():
        if part.partname == "/word/fontTable.xml":
            part._blob = FONT_TABLE.format(fonts=fonts).encode()  # the library has no word for this part


def _font(of: Any, name: str, size: float) -> None:
    of.font.name, of.font.size = "Times New Roman", Pt(size)
    of.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def _run(paragraph: Any, text: str, name: str, size: float, *, bold: bool = False, red: bool = False) -> Any:
    run = paragraph.add_run(text)
    _font(run, name, size)
    run.bold = bold
    if red:
        run.font.color.rgb = RED
    return run


def _line(
    document: Any, text: str, name: str, size: float, *, centre: bool = False, right: bool = False, bold: bool = False,
    red: bool = False, after: float = 0, leading: float = 29,
) -> Any:  # fmt: skip
    paragraph = document.add_paragraph()
    shape = paragraph.paragraph_format
    shape.line_spacing, shape.space_before, shape.space_after = Pt(leading), Pt(0), Pt(after)
    if centre or right:
        shape.alignment = WD_ALIGN_PARAGRAPH.CENTER if centre else WD_ALIGN_PARAGRAPH.RIGHT
    _run(paragraph, text, name, size, bold=bold, red=red)
    return paragraph


def _red_head(document: Any, told: Paper) -> None:
    name = banner(told)
    size = 26 if len(name) > 15 else 30
    _line(document, name, TITLE_FONT, size, centre=True, bold=True, red=True, after=29, leading=48)
    _border(_line(document, told.ref, BODY_FONT, 16, centre=True, after=29), "bottom", "C70F17", 18)


def _border(paragraph: Any, side: str, colour: str, eighths: int) -> None:
    """A line along the paragraph, its weight in eighths of a point."""
    properties = paragraph._p.get_or_add_pPr()
    borders = properties.find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
    line = OxmlElement(f"w:{side}")
    for key, value in (("val", "single"), ("sz", str(eighths)), ("space", "8"), ("color", colour)):
        line.set(qn(f"w:{key}"), value)
    borders.append(line)


def _page_number(paragraph: Any) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(paragraph, "— ", "宋体", 14)
    run = _run(paragraph, "", "宋体", 14)
    for kind in ("begin", "", "end"):
        mark = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark.text = "PAGE"
        run._r.append(mark)
    _run(paragraph, " —", "宋体", 14)


def _block(document: Any, block: Block) -> None:
    if block.kind == "table":
        _table(document, block.rows)
    elif block.kind == "signature":
        signed = _line(document, block.text.replace(" ", "\u3000"), BODY_FONT, 16, right=True)
        signed.paragraph_format.right_indent = Pt(64)
    elif block.kind == "heading":
        _line(document, wide(block.text), HEAD_FONT, 16).paragraph_format.first_line_indent = Pt(32)
    elif block.kind != "imprint":
        whole, cut = wide(block.head + block.text), len(block.head)
        paragraph = _line(document, whole[:cut], HEAD_FONT, 16)
        _run(paragraph, whole[cut:], BODY_FONT, 16)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        paragraph.paragraph_format.first_line_indent = Pt(0 if block.kind == "addressee" else 32)


def _table(document: Any, rows: tuple[tuple[str, ...], ...]) -> None:
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    table.style = "Table Grid"
    for number, row in enumerate(rows):
        for cell, text in zip(table.rows[number].cells, row, strict=True):
            paragraph = cell.paragraphs[0]
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            shape = paragraph.paragraph_format
            shape.line_spacing, shape.space_before, shape.space_after = Pt(17), Pt(3), Pt(3)
            _run(paragraph, wide(text), HEAD_FONT if number == 0 else BODY_FONT, 12)
    repeat = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)
