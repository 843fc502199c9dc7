"""The way of one file: inspected, rendered, read, each in a process of its own; this one never parses the file.

The steps are separate functions because they are separate jobs: each is repeatable and leaves nothing behind. `stage`
is told the name of each step as it begins: virus, type, convert, paint, typeset, trial, fonts, modernise, text.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from . import fonts, names, ocr, office, texts
from .antivirus import Clamd, Clean, Found, NotChecked, Verdict
from .ask import Answer, WorkerLost, ask
from .kinds import KINDS, Family, Kind, megabytes
from .limits import INSPECTOR, PAINTER, READER, RECOGNISER, STANDARD, Bounds, Limits
from .names import FileName
from .reasons import Line, NoText, Recognised, Rejected, Rendition, Table, Text, Unviewable, _, rejected
from .sandbox import SandboxAbsent
from .text import OLD_WORD

Stage = Callable[[str], None]
Policy = Literal["off", "when_present", "required"]
UNCHECKED = NotChecked("absent")
LEGACY = frozenset({"doc", "xls", "ppt", "wps", "et", "dps"})
TABLES = frozenset({"xlsx", "txt", "csv"})

NOT_CHECKED = {
    "off": _("未启用"),
    "absent": _("病毒检查服务没有应答"),
    "timeout": _("超时"),
    "size_limit": _("超过病毒检查的大小上限"),
    "half_answer": _("应答中断"),
    "busy": _("病毒检查繁忙"),
    "error": _("病毒检查出错"),
}
NO_TEXT = {
    "empty": _("文件里没有文字。"),
    "scan": _("页面是图像,没有文字层;未作文字识别。"),
    "rubbish": _("读出的文字是乱码,不予采用。"),
    "too_costly": _("读取文字超出了时间或内存的限额。"),
    "unread": _("读不出文字,文件可能已损坏。"),
    "no_reader": _("这种格式没有读取文字的工具。"),
}


@dataclass(frozen=True)
class Inspection:
    """A file that may be taken in. `pages` is 0 where only a rendition will tell; `sha256` is of the whole file."""

    name: FileName
    kind: Kind
    verdict: Verdict
    size: int
    sha256: bytes
    pages: int = 0


def inspect(
    data: bytes,
    declared_name: str | bytes,
    *,
    scanner: Clamd | None = None,
    policy: Policy = "required",
    limits: Limits = STANDARD,
    stage: Stage | None = None,
) -> Inspection | Rejected:
    """Judge a whole file: size, virus check, type, structure, limits.

    `policy`: with "required" a file without a verdict is refused (code not_checked); with "when_present" it goes on
    and carries `NotChecked`; "off" asks nobody. A known virus is refused under every policy. Does not raise on any
    content.
    """
    name = names.clean(declared_name)
    if not data:
        return rejected("empty")
    if len(data) > limits.upload:
        return rejected("too_large", size=megabytes(len(data)), limit=megabytes(limits.upload))
    verdict = _scanned(data, scanner, policy, stage)
    if isinstance(verdict, Found):
        return rejected("virus")
    if isinstance(verdict, NotChecked) and policy == "required":
        return rejected("not_checked", cause=NOT_CHECKED.get(verdict.cause, verdict.cause))
    _tell(stage, "type")
    try:
        told = ask("inspect", data, bounds=INSPECTOR, name=name.text, limits=asdict(limits)).told
    except WorkerLost as lost:
        return rejected("too_costly" if lost.too_costly else "broken")
    if "rejected" in told:
        return _refusal(told)
    kind = replace(KINDS[told["kind"]], notes=tuple(told["notes"]), encoding=told["encoding"])
    return Inspection(name, kind, verdict, len(data), hashlib.sha256(data).digest(), told["pages"])


def _scanned(data: bytes, scanner: Clamd | None, policy: Policy, stage: Stage | None) -> Verdict:
    if policy == "off":
        return NotChecked("off")
    if scanner is None:
        return NotChecked("absent")
    _tell(stage, "virus")
    return scanner.check(data)


def render(
    data: bytes,
    kind: Kind,
    *,
    verdict: Verdict = UNCHECKED,
    limits: Limits = STANDARD,
    text_font: str | None = None,
    font_folder: str | None = None,
    stage: Stage | None = None,
) -> Rendition | Unviewable:
    """Make the PDF that stands for an inspected file, and try its first page.

    `verdict`: an office program gets no file without `Clean`; pages and pictures are made in any case. `text_font`:
    path of a TrueType font for plain text; without one, or without its glyphs, the office program draws it.
    `font_folder`: further fonts for conversion. Does not raise on any content.
    """
    try:
        return _rendered(data, kind, verdict, limits, text_font, font_folder, stage)
    except WorkerLost as lost:
        if lost.too_costly:
            return Unviewable(_("生成页面超出了时间或内存的限额。"), "too_costly")
        return Unviewable(_("文件结构已损坏,无法生成页面。"), "broken")
    except SandboxAbsent:
        return Unviewable(_("没有沙箱:Office 文件可登记,不转换、不预览。"), "no_converter", "apt install bubblewrap")


def _rendered(
    data: bytes,
    kind: Kind,
    verdict: Verdict,
    limits: Limits,
    text_font: str | None,
    font_folder: str | None,
    stage: Stage | None,
) -> Rendition | Unviewable:
    if kind.family is Family.PDF:
        return _tried(data, limits, stage)
    if kind.family is Family.IMAGE:
        return _tried(_made("paint", data, PAINTER, stage, kind=kind.name, limits=asdict(limits)), limits, stage)
    if kind.family is Family.OFD:
        return Unviewable(_("OFD 文件可登记、可检索,暂不预览。请同时提供 PDF。"), "no_converter")
    if kind.family is Family.MAIL:
        return Unviewable(_("邮件不整封预览。请把需要登记的附件分别上传。"), "no_converter")
    if kind.family is Family.TEXT:
        return _text_pages(data, kind, verdict, limits, text_font, font_folder, stage)
    return _office_pages(data, kind, verdict, limits, font_folder, stage)


def _office_pages(
    data: bytes, kind: Kind, verdict: Verdict, limits: Limits, font_folder: str | None, stage: Stage | None
) -> Rendition | Unviewable:
    if not isinstance(verdict, Clean):
        return Unviewable(_("未经病毒检查,不用办公软件打开,因此没有预览。"), "not_checked", "apt install clamav-daemon")
    _tell(stage, "convert")
    pdf = office.convert(data, kind, font_folder=font_folder)
    if isinstance(pdf, Unviewable):
        return pdf
    rendition = _tried(pdf, limits, stage)
    if isinstance(rendition, Unviewable):
        return rendition
    _tell(stage, "fonts")
    asked = ask("fonts", data, bounds=READER, kind=kind.name, limits=asdict(limits)).told["families"]
    return replace(rendition, fonts_substituted=fonts.missing(asked))


def _text_pages(
    data: bytes,
    kind: Kind,
    verdict: Verdict,
    limits: Limits,
    text_font: str | None,
    font_folder: str | None,
    stage: Stage | None,
) -> Rendition | Unviewable:
    made: Answer | Unviewable = Unviewable(_("没有可用的字体,纯文本不能预览。"), "no_converter")
    if text_font is not None:
        made = _made(
            "typeset",
            data,
            PAINTER,
            stage,
            {"font": text_font},
            encoding=kind.encoding,
            limits=asdict(limits),
        )
        if isinstance(made, Answer) and not made.told["missing"]:
            return _tried(made, limits, stage)
    # A kind that was kept by its name alone has forgotten its encoding.
    encoding = kind.encoding or texts.encoding(data) or "utf-8"
    plain = data.decode(encoding, "replace").replace("\r\n", "\n").encode("utf-8")
    drawn = _office_pages(plain, kind, verdict, limits, font_folder, stage)
    # Pages with a few empty boxes are better than no pages.
    return _tried(made, limits, stage) if isinstance(drawn, Unviewable) and isinstance(made, Answer) else drawn


def _made(
    job: str, data: bytes, bounds: Bounds, stage: Stage | None, prepare: dict[str, Any] | None = None, **arguments: Any
) -> Answer | Unviewable:
    _tell(stage, job)
    answer = ask(job, data, bounds=bounds, prepare=prepare, **arguments)
    return _unviewable(answer.told) if "rejected" in answer.told else answer


def _tried(made: bytes | Answer | Unviewable, limits: Limits, stage: Stage | None) -> Rendition | Unviewable:
    if isinstance(made, Unviewable):
        return made
    pdf = made.payload if isinstance(made, Answer) else made
    _tell(stage, "trial")
    told = ask("trial", pdf, bounds=READER, limits=asdict(limits)).told
    return _unviewable(told) if "rejected" in told else Rendition(pdf, told["pages"])


def read_text(
    data: bytes,
    kind: Kind,
    *,
    verdict: Verdict = UNCHECKED,
    limits: Limits = STANDARD,
    stage: Stage | None = None,
) -> Text | NoText:
    """The text of an inspected file. Legacy office files whose text our own reader does not find go through the office
    program first, and only with `Clean`.

    Does not raise on any content.
    """
    if kind.family is Family.IMAGE:
        return _no_text("scan")
    if kind.name in OLD_WORD:
        found = _text(data, kind, limits, stage)
        if isinstance(found, Text) or found.code == "empty":
            return found
    try:
        if kind.name in LEGACY:
            _tell(stage, "modernise")
            modern = office.modernise(data, kind) if isinstance(verdict, Clean) else None
            if not isinstance(modern, bytes):
                return _no_text("no_reader" if modern is None or modern.code == "no_converter" else "unread")
            data, kind = modern, KINDS[office.MODERN[kind.family].partition(":")[0]]
    except SandboxAbsent:
        return _no_text("no_reader")
    return _text(data, kind, limits, stage)


def _text(data: bytes, kind: Kind, limits: Limits, stage: Stage | None) -> Text | NoText:
    """What our own readers find."""
    _tell(stage, "text")
    try:
        answer = ask("text", data, prepare={"kind": kind.name}, kind=kind.name, encoding=kind.encoding, limits=asdict(limits))
    except WorkerLost as lost:
        return _no_text("too_costly" if lost.too_costly else "unread")
    code, scans = answer.told["code"], tuple(answer.told["scans"])
    return replace(_no_text(code), scans=scans) if code else Text(answer.payload.decode("utf-8"), scans)


def read_tables(data: bytes, kind: Kind, *, limits: Limits = STANDARD) -> list[Table] | NoText:
    """The sheets of an inspected workbook (xlsx) or of a CSV, hidden ones too. Does not raise on any content."""
    if kind.name not in TABLES:
        return _no_text("no_reader")
    try:
        answer = ask(
            "table", data, bounds=READER, prepare={"kind": kind.name}, kind=kind.name, encoding=kind.encoding, limits=asdict(limits)
        )
    except WorkerLost as lost:
        return _no_text("too_costly" if lost.too_costly else "unread")
    except SandboxAbsent:
        return _no_text("no_reader")
    if code := answer.told["code"]:
        return _no_text(code)
    return [Table(**sheet) for sheet in json.loads(answer.payload)]


def scanned_pages(pdf: bytes) -> tuple[int, ...]:
    """Which pages (from 1) of a rendition are pictures without text. Does not raise on any content."""
    try:
        return tuple(ask("scans", pdf, bounds=READER).told["scans"])
    except WorkerLost:
        return ()


def recognise(pdf: bytes, page: int) -> Recognised | NoText:
    """Read one page (from 1) of a rendition by its looks, in a worker of its own. Does not raise on any content."""
    if not ocr.capability().present:
        return _no_text("no_reader")
    try:
        answer = ask("recognise", pdf, bounds=RECOGNISER, page=page)
    except WorkerLost as lost:
        return _no_text("too_costly" if lost.too_costly else "unread")
    if code := answer.told["code"]:
        return _no_text(code)
    lines = tuple(Line(words, sure, tuple(box)) for words, sure, *box in json.loads(answer.payload))
    return Recognised(lines, answer.told["doubtful"])


def can_recognise() -> bool:
    """Whether this machine has what `recognise` needs."""
    return ocr.capability().present


def _no_text(code: str) -> NoText:
    return NoText(NO_TEXT[code], code)


def _refusal(told: dict[str, Any]) -> Rejected:
    code, values = told["rejected"]
    return rejected(code, **values)


def _unviewable(told: dict[str, Any]) -> Unviewable:
    refusal = _refusal(told)
    return Unviewable(refusal.sentence(), refusal.code)


def _tell(stage: Stage | None, name: str) -> None:
    if stage is not None:
        stage(name)
