"""What a file is, judged by its signature and its structure; its name and the browser's word only have to agree.

>>> detect(b"%PDF-1.7\\n1 0 obj<</Type/Catalog>>endobj\\ntrailer<</Root 1 0 R>>\\n%%EOF\\n", "计划.pdf").name
'pdf'
>>> detect(b"<html><body>hello</body></html>", "计划.docx").sentence()
'扩展名是 .docx,内容却是网页。'
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from . import names, ole, texts, zips
from .limits import STANDARD, Limits
from .reasons import Rejected, _, rejected

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


class Family(StrEnum):
    """Kinds that are handled alike."""

    PDF = "pdf"
    WRITER = "writer"
    SHEET = "sheet"
    SLIDES = "slides"
    OFD = "ofd"
    IMAGE = "image"
    TEXT = "text"
    MAIL = "mail"


OFFICE = frozenset({Family.WRITER, Family.SHEET, Family.SLIDES})


@dataclass(frozen=True)
class Kind:
    """A type that is taken in. `notes` names what a reader should know: active_content, attachments, embedded_objects,
    external_links. `encoding`: of plain text, a Python codec name."""

    name: str
    family: Family
    label: str
    extensions: frozenset[str]
    container: str = ""
    notes: tuple[str, ...] = ()
    encoding: str = ""

    @property
    def office(self) -> bool:
        """Whether a rendition needs an office program."""
        return self.family in OFFICE


def _kind(name: str, family: Family, label: str, extensions: str, container: str = "") -> Kind:
    return Kind(name, family, label, frozenset(extensions.split()), container)


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        _kind("pdf", Family.PDF, _("PDF 文件"), "pdf"),
        _kind("docx", Family.WRITER, _("Word 文档"), "docx dotx", "zip"),
        _kind("xlsx", Family.SHEET, _("Excel 表格"), "xlsx xltx", "zip"),
        _kind("pptx", Family.SLIDES, _("PowerPoint 演示文稿"), "pptx ppsx potx", "zip"),
        _kind("odt", Family.WRITER, _("ODF 文档"), "odt ott", "zip"),
        _kind("ods", Family.SHEET, _("ODF 表格"), "ods ots", "zip"),
        _kind("odp", Family.SLIDES, _("ODF 演示文稿"), "odp otp", "zip"),
        _kind("doc", Family.WRITER, _("Word 97 文档"), "doc dot", "ole"),
        _kind("xls", Family.SHEET, _("Excel 97 表格"), "xls xlt", "ole"),
        _kind("ppt", Family.SLIDES, _("PowerPoint 97 演示文稿"), "ppt pps pot", "ole"),
        _kind("wps", Family.WRITER, _("WPS 文字"), "wps wpt", "ole"),
        _kind("et", Family.SHEET, _("WPS 表格"), "et ett", "ole"),
        _kind("dps", Family.SLIDES, _("WPS 演示"), "dps dpt", "ole"),
        _kind("ofd", Family.OFD, _("OFD 版式文件"), "ofd", "zip"),
        _kind("png", Family.IMAGE, _("PNG 图片"), "png"),
        _kind("jpeg", Family.IMAGE, _("JPEG 图片"), "jpg jpeg jpe jfif"),
        _kind("tiff", Family.IMAGE, _("TIFF 图片"), "tif tiff"),
        _kind("webp", Family.IMAGE, _("WebP 图片"), "webp"),
        _kind("txt", Family.TEXT, _("纯文本"), "txt text log md"),
        _kind("csv", Family.TEXT, _("CSV 表格文本"), "csv tsv"),
        _kind("eml", Family.MAIL, _("电子邮件"), "eml"),
    )
}

OOXML_MAIN = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml": "pptx",
    "application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml": "pptx",
    "application/vnd.openxmlformats-officedocument.presentationml.template.main+xml": "pptx",
}
ODF_MIME = {
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.text-template": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.spreadsheet-template": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
    "application/vnd.oasis.opendocument.presentation-template": "odp",
}
REFUSED_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"MZ", _("程序")),
    (b"\x7fELF", _("程序")),
    (b"\xca\xfe\xba\xbe", _("程序")),
    (b"#!", _("脚本")),
    (b"L\x00\x00\x00\x01\x14\x02\x00", _("快捷方式")),
    (b"Rar!", _("压缩包")),
    (b"7z\xbc\xaf\x27\x1c", _("压缩包")),
    (b"\x1f\x8b", _("压缩包")),
    (b"BZh", _("压缩包")),
    (b"\xfd7zXZ", _("压缩包")),
    (b"MSCF", _("压缩包")),
    (b"{\\rtf", _("RTF 文档")),
    (b"GIF8", _("GIF 图片")),
    (b"BM", _("BMP 图片")),
    (b"%!PS", _("PostScript 文件")),
)
ACTIVE_PDF = (b"/JavaScript", b"/JS ", b"/JS(", b"/Launch", b"/RichMedia", b"/XFA")
SMALL_PART = 1 << 20
ODD_BYTES = frozenset(bytes([byte]) for byte in range(1, 256, 2))


def detect(data: bytes, declared_name: str | bytes, limits: Limits = STANDARD) -> Kind | Rejected:
    """The kind of a whole file, or why it is not taken in. Codes: empty, too_large, type_not_allowed, disguised,
    polyglot, truncated, broken, encrypted, macro, zip_path, xml_entity, bomb.

    Meant for the worker; a password on a PDF is found by pdfs.measure, because only its reader can tell it from a
    permission.
    """
    if not data:
        return rejected("empty")
    if len(data) > limits.upload:
        return rejected("too_large", size=megabytes(len(data)), limit=megabytes(limits.upload))
    name = names.clean(declared_name)
    if name.runnable:
        return rejected("type_not_allowed", found=_("程序"))
    found = _structure(data, name.extension, limits)
    if isinstance(found, Kind) and name.extension and name.extension not in found.extensions:
        return rejected("disguised", extension=name.extension, found=found.label)
    return found


def megabytes(size: int) -> str:
    """A size for people, one decimal."""
    return f"{size / 1_048_576:.1f} MB"


def _structure(data: bytes, extension: str, limits: Limits) -> Kind | Rejected:
    if data.lstrip(b"\xef\xbb\xbf \t\r\n\0")[:5] == b"%PDF-":
        return _pdf(data)
    for magic, judge in SIGNATURES:
        if data.startswith(magic):
            return judge(data, extension, limits)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _picture("webp", data, len(data) >= int.from_bytes(data[4:8], "little") + 8)
    for magic, label in REFUSED_SIGNATURES:
        # "BM" and "MZ" may also begin an honest text; binary files betray themselves by a zero byte.
        if data.startswith(magic) and (len(magic) > 2 or magic == b"#!" or b"\0" in data[:512]):
            return _refused(label, extension)
    return _text(data, extension)


def _refused(label: str, extension: str) -> Rejected:
    if any(extension in kind.extensions for kind in KINDS.values()):
        return rejected("disguised", extension=extension, found=label)
    return rejected("type_not_allowed", found=label)


def _pdf(data: bytes) -> Kind | Rejected:
    if b"%%EOF" not in data[-2048:]:
        return rejected("truncated")
    if zips.hidden_in(data):
        return rejected("polyglot")
    notes = ["active_content"] if any(word in data for word in ACTIVE_PDF) else []
    notes += ["attachments"] if b"/EmbeddedFile" in data else []
    return replace(KINDS["pdf"], notes=tuple(notes))


def _picture(name: str, data: bytes, whole: bool) -> Kind | Rejected:
    if zips.hidden_in(data):
        return rejected("polyglot")
    return KINDS[name] if whole else rejected("truncated")


def _zip(data: bytes, extension: str, limits: Limits) -> Kind | Rejected:
    members = zips.folder(data, limits)
    if isinstance(members, Rejected):
        return members
    if b"%PDF-" in data[:1024]:
        return rejected("polyglot")
    by_name = {member.name: member for member in members}
    try:
        if "[Content_Types].xml" in by_name:
            return _ooxml(data, by_name, extension)
        if members and members[0].name == "mimetype":
            return _odf(data, by_name, extension)
        if "OFD.xml" in by_name:
            root = _xml(data, by_name["OFD.xml"])
            return root if isinstance(root, Rejected) else KINDS["ofd"]
    except zips.Lie:
        return rejected("broken")
    return _refused(_("压缩包"), extension)


def _ooxml(data: bytes, members: dict[str, zips.Member], extension: str) -> Kind | Rejected:
    root = _xml(data, members["[Content_Types].xml"])
    if isinstance(root, Rejected):
        return root
    types = [str(line.get("ContentType", "")) for line in root]
    if any("macroEnabled" in each or "vbaProject" in each or "macrosheet" in each.lower() for each in types):
        return rejected("macro")
    if any(name.lower().endswith("vbaproject.bin") or "/macrosheets/" in name for name in members):
        return rejected("macro")
    found = {OOXML_MAIN[each] for each in types if each in OOXML_MAIN}
    if len(found) != 1:
        return _refused(_("其他 Office 文件"), extension)
    return replace(KINDS[found.pop()], notes=_office_notes(data, members))


def _office_notes(data: bytes, members: dict[str, zips.Member]) -> tuple[str, ...]:
    notes = ["embedded_objects"] if any("/embeddings/" in name for name in members) else []
    for name, member in members.items():
        if name.endswith(".rels") and EXTERNAL.search(zips.content(data, member, SMALL_PART)):
            return (*notes, "external_links")
    return tuple(notes)


# A link to click is no danger; a picture, template or data source that is fetched by itself is.
EXTERNAL = re.compile(
    rb"<Relationship\b(?=[^<>]*TargetMode\s*=\s*[\"']External)(?![^<>]*Type\s*=\s*[\"'][^\"']*/hyperlink[\"'])[^<>]*>"
)


def _odf(data: bytes, members: dict[str, zips.Member], extension: str) -> Kind | Rejected:
    mime = zips.content(data, members["mimetype"], 200).decode("ascii", "replace").strip()
    if mime not in ODF_MIME:
        return _refused(_("其他 ODF 文件"), extension)
    manifest = members.get("META-INF/manifest.xml")
    if manifest and b"encryption-data" in zips.content(data, manifest, SMALL_PART):
        return rejected("encrypted")
    if any(name.startswith(("Basic/", "Scripts/")) for name in members):
        return rejected("macro")
    notes = ("embedded_objects",) if any(name.startswith("Object ") for name in members) else ()
    return replace(KINDS[ODF_MIME[mime]], notes=notes)


def _xml(data: bytes, member: zips.Member) -> Element | Rejected:
    """The root element of a small part, or a refusal."""
    from xml.etree.ElementTree import ParseError  # start-up time of a verb

    from defusedxml import DefusedXmlException  # start-up time of a verb
    from defusedxml.ElementTree import fromstring  # start-up time of a verb

    if member.size > SMALL_PART:
        return rejected("bomb", what=_("展开后的大小"))
    try:
        root: Element = fromstring(zips.content(data, member, SMALL_PART), forbid_dtd=True)
    except DefusedXmlException:
        return rejected("xml_entity")
    except (ParseError, ValueError, LookupError):
        return rejected("broken")
    return root


def _ole(data: bytes, extension: str, limits: Limits) -> Kind | Rejected:
    try:
        file = ole.CompoundFile(data)
        return _ole_kind(file, extension, data)
    except ole.OleBroken as fault:
        return rejected("truncated" if fault.cut_short else "broken")


def _ole_kind(file: ole.CompoundFile, extension: str, data: bytes) -> Kind | Rejected:
    if "EncryptedPackage" in file.top or "EncryptedSummary" in file.top:
        return rejected("encrypted")
    if any(name in file.top for name in ("Macros", "_VBA_PROJECT_CUR", "VBA")):
        return rejected("macro")
    if "WordDocument" in file.top:
        # FIB, offset 10, bit 8: the text is encrypted or obfuscated (MS-DOC 2.5.2).
        if file.read("WordDocument", 12)[11:] in ODD_BYTES:
            return rejected("encrypted")
        return KINDS["wps"] if extension in KINDS["wps"].extensions else KINDS["doc"]
    for stream in ("Workbook", "Book"):
        if stream in file.top:
            wanted = "et" if extension in KINDS["et"].extensions else "xls"
            return _workbook(file.read(stream, 1 << 16)) or KINDS[wanted]
    if "PowerPoint Document" in file.top:
        wanted = "dps" if extension in KINDS["dps"].extensions else "ppt"
        return _slides(file, data) or KINDS[wanted]
    if "MatOST" in file.top:
        # Works wrote another format under the extension of WPS.
        return rejected("old_works")
    mail = "__properties_version1.0" in file.top
    return _refused(_("Outlook 邮件") if mail else _("其他复合文件"), extension)


def _workbook(start: bytes) -> Rejected | None:
    """Passwords and Excel 4 macro sheets stand in the first records (MS-XLS 2.4.117 FilePass, 2.4.28 BoundSheet8)."""
    at = 0
    while at + 4 <= len(start):
        record, length = int.from_bytes(start[at : at + 2], "little"), int.from_bytes(start[at + 2 : at + 4], "little")
        if record == 0x2F:
            return rejected("encrypted")
        if record == 0x85 and start[at + 9 : at + 10] == b"\x01":
            return rejected("macro")
        if record == 0x0A:
            return None
        at += 4 + length
    return None


def _slides(file: ole.CompoundFile, data: bytes) -> Rejected | None:
    """Encryption is told by the head of "Current User", macros by the VBAInfoAtom (MS-PPT 2.3.2, 2.4.11)."""
    if "Current User" in file.top and file.read("Current User", 16)[12:16] == b"\xdf\xc4\xd1\xf3":
        return rejected("encrypted")
    return (
        rejected("macro") if re.search(rb"\x02\x00\x00\x04\x0c\x00\x00\x00.{4}\x01\x00\x00\x00", data, re.S) else None
    )


def _text(data: bytes, extension: str) -> Kind | Rejected:
    encoding = texts.encoding(data)
    if encoding is None:
        return _refused(_("无法识别的二进制内容"), extension)
    text = texts.decoded(data, encoding)
    if "%PDF-" in text[:1024]:
        return rejected("polyglot")
    markup = texts.markup(text)
    if markup:
        return _refused(markup, extension)
    if texts.mail(text):
        return KINDS["eml"]
    return replace(KINDS["csv" if extension in KINDS["csv"].extensions else "txt"], encoding=encoding)


Judge = Callable[[bytes, str, Limits], Kind | Rejected]
SIGNATURES: tuple[tuple[bytes, Judge], ...] = (
    (zips.LOCAL, _zip),
    (zips.END, lambda data, extension, limits: _refused(_("压缩包"), extension)),
    (ole.MAGIC, _ole),
    (b"\x89PNG\r\n\x1a\n", lambda data, extension, limits: _picture("png", data, b"IEND" in data[-4096:])),
    (b"\xff\xd8\xff", lambda data, extension, limits: _picture("jpeg", data, b"\xff\xd9" in data[-65536:])),
    (b"II*\0", lambda data, extension, limits: _picture("tiff", data, True)),
    (b"MM\0*", lambda data, extension, limits: _picture("tiff", data, True)),
)
