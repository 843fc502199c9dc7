"""What rooms and site put on paper: registers, forms, issued papers and labels, in the faces of this house, and tables as .xlsx.

Words are those of the page's language. Every function here only draws: that something is printed is a deed of the caller.
"""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from mifeng.base import language
from mifeng.base.registers import Corrected, Filled, Label, Line, Register, Signed, minute, void_words
from mifeng.clauses import forms
from mifeng.engines.paper import Faces, form, issued, labels, ledger
from mifeng.engines.watermark import lettering

CREATOR = "Mifeng"
PDF, XLSX = "application/pdf", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NAMES = ("song", "bold", "hei", "banner", "fang", "kai")  # files of the company's own faces, .ttf or .ttc
NUMBER = 7  # share of the line of a serial number whose series stands in the head
SHORT = ("int", "bool", "date", "dt", "enum", "level", "term", "person", "dept", "copy", "str", "place")
# 复制审批单与复制登记簿: the sheet is the former.
BOOK = re.compile(r"与[^与]*(?:登记簿|清册|登记)$")
BOOK_EN = re.compile(r" and (?:register|log|list)$")
NOTED = re.compile(r" ?[(\uff08].*$")  # what stands in brackets after the name of a list
SPARE = (Path("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc"), Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"))


@dataclass(frozen=True)
class Printing:
    """Of which company, by whom, when, under which serial; `demo`: a print of the demonstration says so."""

    company: str
    by: str
    at: datetime
    serial: str
    demo: bool = False

    @property
    def words(self) -> str:
        """As it stands at the foot of a paper."""
        by = _("打印 %(name)s %(time)s") % {"name": self.by, "time": minute(self.at)}
        return f"{by} · {_('印次 %(serial)s') % {'serial': self.serial}}"

    @property
    def told(self) -> str:
        """The frame of the demonstration."""
        return _("演示资料，均为虚构") if self.demo else ""


@cache
def faces() -> Faces:
    """The faces of this house: those in MIFENG_FONTS, the shipped open ones for the rest."""
    shipped = {
        "song": lettering.FONTS / "NotoSerifSC-Regular.ttf", "bold": lettering.FONTS / "NotoSerifSC-Bold.ttf", "hei": lettering.SANS,
        "banner": lettering.FONTS / "NotoSerifSC-Bold.ttf", "fang": lettering.FONTS / "NotoSerifSC-Regular.ttf",
        "kai": lettering.FONTS / "NotoSerifSC-Regular.ttf",
    }  # fmt: skip
    own = own_faces(settings.ENV.fonts)
    return Faces(**shipped | own, spare=tuple(path for path in SPARE if path.is_file()))


def own_faces(folder: Path | None) -> dict[str, Path]:
    """The company's own faces in that folder, by name."""
    kinds = (".ttf", ".ttc")
    return {path.stem: path for path in sorted(folder.glob("*")) if path.stem in NAMES and path.suffix in kinds} if folder else {}


def as_file(data: bytes, name: str, kind: str = PDF) -> HttpResponse:
    """The file as an answer; a PDF is shown by the browser and not stored. `name` holds no title: browsers keep it."""
    response = HttpResponse(data, content_type=kind)
    response.headers["Content-Disposition"] = f'{"inline" if kind == PDF else "attachment"}; filename="{name}"'
    return response


def serial_name(form_id: str, serial: str, ending: str) -> str:
    """File name of a print: form and serial, F08-2026-0001.pdf."""
    return f"{form_id or 'print'}-{'-'.join(re.findall(r'[0-9]+', serial))}.{ending}"


# Registers ------------------------------------------------------------------------------------------------------------


def register(told: Register, lines: Sequence[Line], printing: Printing, *, span: str = "", about: str = "") -> bytes:
    """A register on A4 landscape, in the order given. `span`: which year or days; `about`: in place of the numbers."""
    numbers = [] if told.extract else [str(line.cells[0]) for line in lines if line.cells and str(line.cells[0])]
    series = _series(numbers)
    between = _("登记号 %(numbers)s") % {"numbers": f"{numbers[0]}—{numbers[-1].removeprefix(series)}"} if numbers else ""
    levels = [line.level for line in lines if line.level is not None]
    counted = ngettext("共 %(n)s 行", "共 %(n)s 行", len(lines)) % {"n": len(lines)}
    void = sum(line.void for line in lines)
    title = str(told.title)
    return ledger.pdf(
        ledger.Ledger(
            title=_("%(title)s（摘录）") % {"title": title} if told.extract and told.form else title,
            head=(
                _("单位：%(unit)s") % {"unit": printing.company}, "  ".join(part for part in (span, about or between) if part),
                _("本簿按 %(level)s 管理") % {"level": language.level(max(levels))} if levels else "",
            ),
            columns=tuple(
                ledger.Heading(str(column.label), NUMBER if series and at == 0 else column.width or 10, column.number, column.under)
                for at, column in enumerate(told.columns)
            ),
            rows=[_row(line, series) for line in lines],
            foot=(_("%(counted)s，作废 %(n)s 行") % {"counted": counted, "n": void} if void else counted, printing.words),
            sign=_("核对人（签名）"), ended=_("（以下空白）"), empty=_("无"), page=_page, creator=CREATOR, demo=printing.told,
        ),
        faces(),
    )  # fmt: skip


def _page(n: int, of: int) -> str:
    return _("第 %(n)s 页 共 %(of)s 页") % {"n": n, "of": of}


def _series(numbers: list[str]) -> str:
    """收密〔2026〕 where all numbers begin with it: it stands in the head, and the lines bear what follows."""
    found = {number.rpartition("〕")[0] for number in numbers}
    return f"{found.pop()}〕" if len(found) == 1 and numbers[0].count("〕") == 1 else ""


def _row(line: Line, series: str) -> ledger.Row:
    if line.bare:
        return ledger.Row((ledger.Cell(str(line.cells[0]).removeprefix(series), struck=True),), across=void_words(line))
    cells = [ledger.Cell(str(text), was=text.was if isinstance(text, Corrected) else "", struck=line.void) for text in line.cells]
    cells[0] = replace(cells[0], text=cells[0].text.removeprefix(series))
    if line.void:
        last = cells[-1]
        cells[-1] = ledger.Cell(void_words(line), was=last.text)
    return ledger.Row(tuple(cells))


def table(told: Register, lines: Iterable[Line], printing: Printing) -> bytes:
    """The same lines as .xlsx: every cell is text, whatever it begins with, so that no title becomes a formula."""
    book = Workbook(write_only=True)
    book.properties.creator = CREATOR
    sheet = book.create_sheet(told.form or "1")
    sheet.freeze_panes = "A2"
    for at, column in enumerate(told.columns):
        sheet.column_dimensions[get_column_letter(at + 1)].width = max(8, (column.width or 10) * 1.2)
    sheet.append([_text_cell(sheet, str(column.label), bold=True) for column in told.columns] + [_text_cell(sheet, _("备注"), bold=True)])
    for line in lines:
        sheet.append([_text_cell(sheet, text) for text in (*map(_both, line.cells), void_words(line) if line.void else "")])
    sheet.append([_text_cell(sheet, printing.words)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _both(text: str | Corrected) -> str:
    return _("%(now)s（原：%(was)s）") % {"now": text.now, "was": text.was} if isinstance(text, Corrected) else str(text)


def _text_cell(sheet: Any, text: str, bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value="")
    cell.value = ILLEGAL_CHARACTERS_RE.sub(" ", text)[:32_000]
    cell.data_type = "s"  # openpyxl takes what begins with = for a formula
    cell.number_format = "@"
    cell.quotePrefix = True  # it stays text when somebody edits the cell
    if bold:
        cell.font = Font(bold=True)
    return cell


# Forms ----------------------------------------------------------------------------------------------------------------


def filled_form(form_id: str, filled: Filled, printing: Printing) -> bytes:
    """A form on A4 portrait: its fields, boxes and states are those of forms.toml, in that order. Raises UnknownForm."""
    office = forms.form(form_id)
    boxes = [field.label for field in office.fields if field.kind == "sign" or field.key in filled.boxes]
    alone = [word for word in office.signatures if not any(_same_hand(word, label) for label in boxes)]
    state = filled.state
    reached = next((at for at, word in enumerate(office.states) if state and state in re.split(r"[|()]", word)), -1)
    states = [state if at == reached else word.replace("|", "/") for at, word in enumerate(office.states)]
    return form.pdf(
        form.Paper(
            title=filled.title or _sheet_title(office),
            mark=filled.mark, number=filled.number,
            left=_("部门：%(dept)s") % {"dept": filled.department} if filled.department else "",
            right=language.day(printing.at), rows=[_part(field, filled) for field in office.fields],
            states=([_wide(_state(word)) for word in states], reached),
            signatures=[_signature(word, filled) for word in alone], foot=(filled.basis, f"{form_id} · {printing.words}"),
            page=_page, creator=CREATOR, qr=labels.qr(filled.code) if filled.code else b"", demo=printing.told,
        ),
        faces(),
    )  # fmt: skip


def _sheet_title(office: forms.Form) -> str:
    """What a single sheet is called where the form and its register bear one name."""
    if not language.in_chinese():
        return BOOK_EN.sub("", office.title_en)
    return _wide(BOOK.sub("", office.title_zh).replace("登记簿", "单"))


def _state(word: str) -> str:
    """A state of a form, which is said otherwise than the deed of the same word."""
    return language.punctuated(pgettext("状态", word))


def _wide(text: str) -> str:
    """Brackets of Chinese words as they are printed."""
    return text.translate({ord("("): "\uff08", ord(")"): "\uff09"}) if language.in_chinese() else text


def _same_hand(word: str, label: str) -> bool:
    """A signature has its box already: they share two signs (部门负责人 and 部门审核)."""
    return any(word[at : at + 2] in label for at in range(len(word) - 1))


def _part(field: forms.Field, filled: Filled) -> form.Field | form.Box | form.Table:
    label = capfirst(_wide(language.said(field.label)))
    if field.key in filled.lists:
        told = filled.lists[field.key]
        return form.Table(NOTED.sub("", label), told.headings, told.shares, told.rows)
    if field.kind != "sign" and field.key not in filled.boxes:
        return form.Field(label, filled.values.get(field.key, ""), long=field.kind not in SHORT)
    signs = filled.signs.get(field.key, ())
    if not signs:  # a name that the register has of it is no sign: the box waits for ink
        return form.Box(label, ink=(_("（签名）"), _("____年__月__日")))
    words = "\n".join(sign.words for sign in signs if sign.words)
    return form.Box(label, stamp=signs[-1].stamp, words=words, signs=tuple(_sign(sign) for sign in signs))


def _signature(word: str, filled: Filled) -> form.Signature:
    """A signature at the foot: the last electronic sign under its word, or room for ink."""
    signs = filled.signs.get(word, ())
    return form.Signature(_wide(language.said(word)), _sign(signs[-1]) if signs else None, signs[-1].words if signs else "")


def _sign(sign: Signed) -> form.Sign:
    post = _("%(post)s（代 %(who)s）") % {"post": sign.post, "who": sign.on_behalf_of} if sign.on_behalf_of else sign.post
    at = minute(sign.at)
    entry = _("日志 %(no)s") % {"no": f"{sign.log_no:,}"} if sign.log_no is not None else ""
    return form.Sign(sign.name, tuple(line for line in (post, " · ".join(part for part in (at, entry) if part)) if line))


# Issued papers and labels ---------------------------------------------------------------------------------------------


def issued_paper(told: issued.Issued) -> bytes:
    """An issued paper by the habit of GB/T 9704-2012, in the faces of this house (regime: marking and layout)."""
    return issued.pdf(told, faces())


def issued_day(day: date) -> str:
    """成文日期 as it is printed, figures in arabic."""
    return f"{day.year}年{day.month}月{day.day}日"


def qr_labels(told: Sequence[Label], skip: int = 0) -> bytes:
    """A sheet of QR labels, 3 x 8 on A4; the first `skip` places are left free. Raises LabelTooLong."""
    return labels.pdf(told, faces(), CREATOR, skip=skip)
