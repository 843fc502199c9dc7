"""Names that come with files: data to be shown, never a path.

>>> clean("C:\\\\桌面\\\\合同\\u202efdp.docx").text
'合同fdp.docx'
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

LONGEST = 200
UNNAMED = "未命名"

# Signs that turn the reading direction: with them "gnp.exe" reads as "exe.png".
BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Signs that mean something to a file system or a shell on some machine.
PATH_SIGNS = frozenset('/\\:*?"<>|')
RUNNABLE = frozenset(
    "exe com scr pif bat cmd msi msp cpl dll jar js jse vbs vbe wsf wsh hta ps1 sh lnk reg scf inf apk app iso img vhd".split()
)


@dataclass(frozen=True)
class FileName:
    """A name made fit to be shown. `changed` names what was altered: encoding, bidi, control, path, length, empty."""

    text: str
    changed: tuple[str, ...] = ()

    @property
    def extension(self) -> str:
        """The last extension in lower case without its dot, "" where there is none."""
        stem, dot, last = self.text.rpartition(".")
        return last.lower() if dot and stem else ""

    @property
    def runnable(self) -> bool:
        """Whether any of the extensions belongs to a program (`合同.pdf.exe`, `合同.exe .pdf`)."""
        return any(part.strip().lower() in RUNNABLE for part in self.text.split(".")[1:])


def decode(raw: bytes) -> tuple[str, bool]:
    """The name in `raw` and whether it was UTF-8. Otherwise GB18030 is tried; what is neither is shown as %XX."""
    try:
        return raw.decode("utf-8"), True
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("gb18030"), False
    except UnicodeDecodeError:
        return "".join(chr(b) if 32 <= b < 127 else f"%{b:02X}" for b in raw), False


def member_name(name: str, utf8: bool) -> str:
    """The name of a zip member as people read it. Python gives names without the UTF-8 flag as cp437; Chinese tools
    wrote GBK."""
    if utf8:
        return name
    try:
        return decode(name.encode("cp437"))[0]
    except UnicodeEncodeError:
        return name


def clean(declared: str | bytes) -> FileName:
    """The declared name as a `FileName`: NFC, one line, no path, no control or direction sign, at most 200
    characters."""
    changed: list[str] = []
    text = _as_text(declared, changed)
    if "/" in text or "\\" in text:
        # Old browsers and mail programs send the whole path; only its last part is the name.
        text = text.replace("\\", "/").rstrip("/").rpartition("/")[2]
        changed.append("path")
    text = _without(text, BIDI.__contains__, "bidi", changed)
    text = _without(text, _unshown, "control", changed)
    text = _without(text, PATH_SIGNS.__contains__, "path", changed)
    text = unicodedata.normalize("NFC", text).strip().lstrip(".").rstrip(". ")
    if not text:
        changed.append("empty")
        text = UNNAMED
    if len(text) > LONGEST:
        changed.append("length")
        text = _shortened(text)
    return FileName(text, tuple(dict.fromkeys(changed)))


def _as_text(declared: str | bytes, changed: list[str]) -> str:
    if isinstance(declared, str):
        try:
            declared.encode("utf-8")
            return declared
        except UnicodeEncodeError:
            # Lone surrogates are how Python carries bytes it could not decode (PEP 383).
            declared = declared.encode("utf-8", "surrogateescape" if _escaped(declared) else "replace")
    text, utf8 = decode(declared)
    if not utf8:
        changed.append("encoding")
    return text


def _escaped(text: str) -> bool:
    return all(0xDC80 <= ord(sign) <= 0xDCFF for sign in text if 0xD800 <= ord(sign) <= 0xDFFF)


def _unshown(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp")


def _without(text: str, unwanted: Callable[[str], bool], what: str, changed: list[str]) -> str:
    kept = "".join(sign for sign in text if not unwanted(sign))
    if kept != text:
        changed.append(what)
    return kept


def _shortened(text: str) -> str:
    stem, dot, extension = text.rpartition(".")
    if dot and len(extension) <= 10:
        return stem[: LONGEST - 1 - len(extension)].rstrip() + "." + extension
    return text[:LONGEST]
