"""The worker's reading job: a file in, its text out, or the reason why there is none."""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Any

from . import office_text, ole, pdfs, plausible, texts, walk, word97, zips
from .limits import Limits
from .reasons import Rejected

OLD_WORD = frozenset({"doc", "wps"})
TAGS = re.compile(r"<(script|style)\b.*?</\1>|<[^<>]*>", re.S | re.I)


def prepare(kind: str) -> None:
    """Load the readers of this kind, codecs included."""
    texts.prepare()
    import defusedxml.ElementTree  # noqa: F401 - start-up time of a verb

    if kind == "pdf":
        pdfs.prepare()
    elif kind == "docx":
        import docx.opc.package  # noqa: F401 - start-up time of a verb
    elif kind == "xlsx":
        import openpyxl  # noqa: F401 - start-up time of a verb
    elif kind == "eml":
        import email.parser
        import email.policy  # noqa: F401 - start-up time of a verb


def read(data: bytes, kind: str, encoding: str, limits: dict[str, int]) -> tuple[dict[str, Any], bytes]:
    """Worker job: the text as UTF-8 payload. Tells `code`, "" or that of a `NoText`, and `scans`, pages without text."""
    bounds = Limits(**limits)
    pages, scans = 0, []
    if kind == "pdf":
        found, pages, scans = pdfs.text(data, bounds.text_characters)
    elif kind in office_text.READERS:
        try:
            found = _contained(data, kind, bounds)
        except office_text.TooManyCells:
            return {"code": "too_costly", "scans": []}, b""
    elif kind in OLD_WORD:
        try:
            found = word97.text(data, bounds.text_characters)
        except ole.OleBroken:
            return {"code": "unread", "scans": []}, b""
    elif kind == "eml":
        found = _mail(data)
    else:
        found = texts.decoded(data, encoding or texts.encoding(data) or "utf-8")
    plain = normal(found[: bounds.text_characters])
    code = plausible.judge(plain)
    if scans and (code == "empty" or len(plain) < pdfs.SPARSE_PAGE * pages):
        code = "scan"
    return {"code": code, "scans": scans}, b"" if code else plain.encode("utf-8")


def normal(text: str) -> str:
    """NFC, radicals as characters, line feeds, no trailing blanks, no stacks of empty lines, no signs that only a
    printer needs."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x02", "").replace("\ufffe", "").replace("\xad", "")
    # Some fonts name their glyphs by the Kangxi radical (U+2F00…) where the character is meant.
    text = re.sub(r"[\u2f00-\u2fdf]", lambda found: unicodedata.normalize("NFKC", found[0]), text)
    text = unicodedata.normalize("NFC", text.replace("\ufeff", ""))
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t\f\v\xa0]+\n", "\n", text)).strip()


def _contained(data: bytes, kind: str, limits: Limits) -> str:
    # Checked again although intake checked it: this job may be asked for by itself, years later.
    refusal = walk.container(data, limits)
    members = zips.folder(data, limits)
    if refusal is not None or isinstance(members, Rejected):
        return ""
    by_name = {member.name: member for member in members}
    if kind == "xlsx":
        return office_text.sheet(data, by_name, limits.cells)
    return office_text.READERS[kind](data, by_name)


def _mail(data: bytes) -> str:
    """Subject, people, date and the readable parts; attached files are intakes of their own."""
    import email  # start-up time of a verb
    import email.policy  # start-up time of a verb

    message = email.message_from_bytes(data, policy=email.policy.default)
    lines = [str(message.get(name, "")) for name in ("subject", "from", "to", "cc", "date")]
    body = message.get_body(("plain", "html"))
    if body is not None:
        content = str(body.get_content())
        lines.append(html.unescape(TAGS.sub(" ", content)) if body.get_content_subtype() == "html" else content)
    return "\n".join(line for line in lines if line)
