"""What intake says when a file does not go on: values for the caller, sentences for the person.

A sentence is Chinese and may hold `%(name)s` marks; `values` fills them. Sentence and values stay apart so that the
caller can translate the sentence first. Neither ever holds a file name, a title or a word of the content: progress
and refusals are shown to people who may not know the item.
"""

from __future__ import annotations

from dataclasses import dataclass, field


def _(sentence: str) -> str:
    """Mark a sentence for the catalogue; the caller translates, because an engine knows no language setting."""
    return sentence


@dataclass(frozen=True)
class Rejected:
    """The file is not taken in. `code` is stable (see docs/spec/intake.md), `why` and `next_step` are for the
    person."""

    code: str
    why: str
    next_step: str
    values: dict[str, str] = field(default_factory=dict)

    def sentence(self) -> str:
        """The Chinese reason with its figures filled in."""
        return self.why % self.values

    def advice(self) -> str:
        """The Chinese next step with its figures filled in."""
        return self.next_step % self.values


@dataclass(frozen=True)
class Rendition:
    """A PDF that stands for the file. It is as hostile as its source: only a raster worker may open it.

    `fonts_substituted`: families the file asks for and this machine does not have; not empty = the layout may differ.
    """

    pdf: bytes
    pages: int
    fonts_substituted: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unviewable:
    """No rendition; the file is still registered. `command` is what an administrator may type to change that, or ""."""

    reason: str
    code: str = "unviewable"
    command: str = ""


@dataclass(frozen=True)
class Text:
    """The text of a file: NFC, lines end with a line feed, plausible by the check of plausible.py.

    `scans`: of a PDF, pages (from 1) that are pictures without text.
    """

    text: str
    scans: tuple[int, ...] = ()


@dataclass(frozen=True)
class Table:
    """A sheet: its name, whether it is hidden, its rows from the first on, cells as texts without blanks at the end."""

    name: str
    hidden: bool
    rows: list[list[str]]


@dataclass(frozen=True)
class Line:
    """A line that was recognised in a picture: what it seems to say, and how sure the recogniser is, in thousandths.

    `box`: left, top, right, bottom in thousandths of the page.
    """

    text: str
    confidence: int
    box: tuple[int, int, int, int]


@dataclass(frozen=True)
class Recognised:
    """What a scanned page seems to say. It is no `Text`: it is searched under its own name and never quoted.

    `doubtful`: too much of it is unsure to be relied on.
    """

    lines: tuple[Line, ...]
    doubtful: bool

    @property
    def confidence(self) -> int:
        """The mean of its lines by signs, in thousandths."""
        signs = sum(len(line.text) for line in self.lines)
        return round(sum(len(line.text) * line.confidence for line in self.lines) / signs) if signs else 0


@dataclass(frozen=True)
class NoText:
    """No usable text. `code`: empty, scan, rubbish, unread, no_reader, too_costly; `scans`: as of `Text`."""

    reason: str
    code: str = "unread"
    scans: tuple[int, ...] = ()


@dataclass(frozen=True)
class Capability:
    """One part of the machine that intake can use. `consequence_zh` says what follows when it is absent, "" when
    present."""

    name: str
    present: bool
    consequence_zh: str = ""
    command: str = ""
    detail: str = ""

    @property
    def ok(self) -> bool:
        """Short for `present`."""
        return self.present

    @property
    def reason(self) -> str:
        """Short for `consequence_zh`."""
        return self.consequence_zh


REJECTIONS: dict[str, tuple[str, str]] = {
    "empty": (_("文件是空的。"), _("请检查原文件后重新上传。")),
    "too_large": (
        _("文件有 %(size)s,超过 %(limit)s 的上限。"),
        _("请拆分或压缩图片后重新上传。"),
    ),
    "truncated": (_("文件不完整,结尾部分缺失。"), _("请从原处重新上传整个文件。")),
    "broken": (_("文件结构已损坏,无法读取。"), _("请用原软件打开并另存一份,再上传。")),
    "type_not_allowed": (
        _("不接收这种类型的文件(%(found)s)。"),
        _("请另存为 PDF、DOCX、XLSX、PPTX、OFD、图片或纯文本后上传。"),
    ),
    "disguised": (
        _("扩展名是 .%(extension)s,内容却是%(found)s。"),
        _("请用原软件另存为正确的类型后上传。"),
    ),
    "old_works": (
        _("这是微软 Works 的文档,不是 WPS 文字,没有读取它的工具。"),
        _("请用原软件另存为 .docx 或 PDF 后上传。"),
    ),
    "polyglot": (
        _("文件里叠放了第二种格式的内容。"),
        _("请用原软件另存一份干净的文件后上传。"),
    ),
    "encrypted": (
        _("文件设有打开口令。"),
        _("请去掉口令后重新上传;系统不收集口令。"),
    ),
    "macro": (
        _("文件带有宏程序。"),
        _("请另存为不带宏的格式(如 .docx、.xlsx)后上传。"),
    ),
    "bomb": (
        _("文件展开后的规模超出上限(%(what)s)。"),
        _("请确认文件来源;确属工作需要的,请拆分后上传。"),
    ),
    "zip_path": (
        _("文件内部的成员路径指向文件之外。"),
        _("请用原软件另存一份干净的文件后上传。"),
    ),
    "xml_entity": (
        _("文件内部的 XML 声明了实体或外部引用。"),
        _("请用原软件另存一份后上传。"),
    ),
    "pages": (
        _("文件有 %(count)s 页,超过 %(limit)s 页的上限。"),
        _("请拆分后分别上传。"),
    ),
    "page_edge": (_("页面边长超过 %(limit)s 米。"), _("请缩小页面或分幅后上传。")),
    "pixels": (
        _("图片有 %(count)s 百万像素,超过 %(limit)s 百万像素的上限。"),
        _("请降低分辨率后上传。"),
    ),
    "frames": (
        _("图片有 %(count)s 帧以上,超过 %(limit)s 帧的上限。"),
        _("请拆分后分别上传。"),
    ),
    "virus": (
        _("病毒检查发现恶意代码,文件已隔离。"),
        _("请勿再次打开原文件,并告知安全保密管理员。"),
    ),
    "not_checked": (
        _("病毒检查没有完成(%(cause)s),文件暂不接收。"),
        _("请稍后再试;多次如此请告知系统管理员。"),
    ),
    "too_costly": (
        _("检查这个文件超出了时间或内存的限额。"),
        _("请用原软件另存一份,或拆分后上传。"),
    ),
}


def rejected(code: str, **values: str) -> Rejected:
    """The refusal with this code; `values` fill the marks of its sentences. Raises KeyError for an unknown code."""
    why, next_step = REJECTIONS[code]
    return Rejected(code, why, next_step, values)
