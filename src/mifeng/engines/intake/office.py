"""Office files become PDF: LibreOffice in the sandbox, once a file, with a profile that lives as long as the job."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from . import fonts, sandbox
from .kinds import Family, Kind
from .limits import CONVERTER, Bounds
from .reasons import Capability, Unviewable, _


@dataclass(frozen=True)
class Program:
    """One program of the office suite: the library it lives in and what to install for it."""

    library: str
    package: str
    pdf_filter: str
    label: str


PROGRAMS = {
    Family.WRITER: Program("libswlo.so", "libreoffice-writer-nogui", "writer_pdf_Export", _("文字文件")),
    Family.TEXT: Program("libswlo.so", "libreoffice-writer-nogui", "writer_pdf_Export", _("文字文件")),
    Family.SHEET: Program("libsclo.so", "libreoffice-calc-nogui", "calc_pdf_Export", _("表格文件")),
    Family.SLIDES: Program("libsdlo.so", "libreoffice-impress-nogui", "impress_pdf_Export", _("演示文件")),
}
# The reader is named, never guessed: LibreOffice would gladly take a web page that calls itself .doc and fetch its
# pictures.
INPUT_FILTERS = {
    "docx": "MS Word 2007 XML",
    "doc": "MS Word 97",
    "wps": "MS Word 97",
    "odt": "writer8",
    "xlsx": "Calc MS Excel 2007 XML",
    "xls": "MS Excel 97",
    "et": "MS Excel 97",
    "ods": "calc8",
    "pptx": "Impress MS PowerPoint 2007 XML",
    "ppt": "MS PowerPoint 97",
    "dps": "MS PowerPoint 97",
    "odp": "impress8",
    "txt": "Text (encoded):UTF8,LF,,,",
    "csv": "Text (encoded):UTF8,LF,,,",
}
# What an old file becomes so that the readers can read its text.
MODERN = {Family.WRITER: "docx:MS Word 2007 XML", Family.SHEET: "xlsx:Calc MS Excel 2007 XML"}
MODERN[Family.SLIDES] = "pptx:Impress MS PowerPoint 2007 XML"

PROGRAM_FOLDERS = (
    "/usr/lib/libreoffice/program",
    "/usr/lib64/libreoffice/program",
    "/usr/local/lib/libreoffice/program",
)
# /etc/libreoffice: without it soffice aborts at start. The font cache only saves a second.
SHOWN = ("/etc/fonts", "/etc/libreoffice", "/var/cache/fontconfig")
SCRIPT = (
    'soffice "-env:UserInstallation=file:///work/profile" --headless --norestore --nologo --nodefault --nolockcheck'
    ' --nofirststartwizard "--infilter=$1" --convert-to "$2" --outdir /work/out "/work/$3" 1>&2 || exit 1;'
    ' exec cat "/work/out/document.$4"'
)


def _item(path: str, name: str, value: str) -> str:
    setting = f'<prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop>'
    return f'<item oor:path="/org.openoffice.Office.{path}">{setting}</item>'


PROFILE = (
    '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry"'
    ' xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    + _item("Common/Security/Scripting", "MacroSecurityLevel", "3")
    + _item("Common/Security/Scripting", "DisableMacrosExecution", "true")
    + _item("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true")
    # Known from version 7.6 on; older ones pass it over.
    + _item("Common/Security/Scripting", "DisableActiveContent", "true")
    # "Never" is 0 to Writer and 1 to Calc.
    + _item("Writer/Content/Update", "Link", "0")
    + _item("Calc/Content/Update", "Link", "1")
    # Characters that Chinese, Japanese and Korean share get their Chinese shape when a document does not tell its
    # language.
    + _item("Linguistic/General", "DefaultLocale_CJK", "zh-CN")
    + _item("Recovery/AutoSave", "Enabled", "false")
    + _item("Recovery/RecoveryInfo", "Enabled", "false")
    + _item("Common/Misc", "FirstRun", "false")
    + "</oor:items>"
).encode("utf-8")


def available(family: Family = Family.WRITER) -> Capability:
    """Whether files of this family can be converted here: the program and a sandbox that works. No sandbox, no
    conversion."""
    program = PROGRAMS[family]
    name, command = program.package.removesuffix("-nogui"), f"apt install {program.package}"
    folder = _folder()
    if folder is None or not (folder / program.library).exists():
        why = {
            Family.SHEET: _("没有 LibreOffice 表格部件:表格文件可登记,不转换、不预览,.xls、.et 读不出文字。请另存为 PDF 后更正上传。"),
            Family.SLIDES: _("没有 LibreOffice 演示部件:演示文稿可登记,不转换、不预览,.ppt、.dps 读不出文字。请另存为 PDF 后更正上传。"),
        }.get(family, _("没有 LibreOffice 文字部件:Word、WPS 文件可登记,文字照读,不转换、不预览。请另存为 PDF 后更正上传。"))
        return Capability(name, False, why, command)
    walls = sandbox.available()
    if not walls.present:
        return Capability(name, False, walls.consequence_zh, walls.command, walls.detail)
    return Capability(name, True)


def _folder() -> Path | None:
    found = shutil.which("soffice")
    places = [Path(os.path.realpath(found)).parent] if found else []
    places += [Path(place) for place in PROGRAM_FOLDERS]
    return next((place for place in places if (place / "soffice.bin").exists()), None)


def convert(
    data: bytes, kind: Kind, *, font_folder: str | None = None, bounds: Bounds = CONVERTER
) -> bytes | Unviewable:
    """The PDF of an office file or of UTF-8 text, or why there is none.

    `font_folder`: fonts of the company, shown read-only to the sandbox. The result is as hostile as `data`.
    """
    return _run(data, kind, f"pdf:{PROGRAMS[kind.family].pdf_filter}", b"%PDF-", font_folder, bounds)


def modernise(data: bytes, kind: Kind, bounds: Bounds = CONVERTER) -> bytes | Unviewable:
    """The docx, xlsx or pptx of a file in a format the readers do not know."""
    return _run(data, kind, MODERN[kind.family], b"PK\x03\x04", None, bounds)


def _run(
    data: bytes, kind: Kind, target: str, magic: bytes, font_folder: str | None, bounds: Bounds
) -> bytes | Unviewable:
    able = available(kind.family)
    if not able.present:
        return Unviewable(able.consequence_zh, "no_converter", able.command)
    source = f"document.{'doc' if kind.name == 'wps' else kind.name}"
    files = {
        source: data,
        "fonts.conf": fonts.fontconfig(font_folder),
        "profile/user/registrymodifications.xcu": PROFILE,
    }
    ended = sandbox.run(
        ["/bin/sh", "-c", SCRIPT, "sh", INPUT_FILTERS[kind.name], target, source, target.partition(":")[0]],
        files=files,
        bounds=bounds,
        shown=(*SHOWN, font_folder) if font_folder else SHOWN,
        environment={"FONTCONFIG_FILE": "/work/fonts.conf", "SAL_USE_VCLPLUGIN": "svp", "SAL_DISABLE_OPENCL": "1"},
    )
    if ended.timed_out or ended.code in (-9, 137, 152, -24):
        return Unviewable(_("转换超出了时间或内存的限额。"), "too_costly")
    # It ends with 0 and no file when it understood nothing: only what came out counts.
    if ended.code != 0 or not ended.output.startswith(magic):
        return Unviewable(_("转换程序读不出这个文件,可能已损坏。请提供 PDF。"), "broken")
    return ended.output
