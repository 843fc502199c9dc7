"""Plain text: which encoding it has, whether it is markup or mail in disguise."""

from __future__ import annotations

import codecs
import re

from .reasons import _

MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
SAMPLE = 1 << 20
MARKUP = re.compile(
    r"\s*(?:<!--.*?-->\s*)*<(!doctype\s+html|html|head|body|script|svg|meta|iframe|\?xml|!doctype|mso)\b", re.I | re.S
)
HEADER = re.compile(r"([A-Za-z][A-Za-z0-9-]*):")
MAIL_HEADERS = frozenset(
    {"from", "to", "date", "subject", "message-id", "received", "return-path", "mime-version", "cc"}
)
DATED = frozenset({"from", "date", "received", "message-id"})


def prepare() -> None:
    """Load all codecs while files can still be opened."""
    for name in ("utf-8-sig", "utf-16", "utf-16-le", "gb18030", "gb2312", "big5", "cp437", "cp1252", "latin-1", "ascii"):
        codecs.lookup(name)


def encoding(data: bytes) -> str | None:
    """utf-8, utf-8-sig, utf-16 (with mark) or gb18030, or None when `data` is no text in any of them."""
    for mark, name in MARKS:
        if data.startswith(mark):
            return name if _reads(data, name) else None
    if b"\0" in data:
        return None
    return next((name for name in ("utf-8", "gb18030") if _reads(data, name)), None)


def decoded(data: bytes, name: str) -> str:
    """The whole text in this encoding. Raises UnicodeDecodeError."""
    return data.decode(name)


def _reads(data: bytes, name: str) -> bool:
    try:
        text = data.decode(name)
    except UnicodeDecodeError:
        return False
    sample = text[:SAMPLE]
    odd = sum(1 for sign in sample if (sign < " " and sign not in "\t\n\r\f\x1b") or "\x7f" <= sign < "\xa0")
    return odd * 100 <= len(sample)


def markup(text: str) -> str:
    """What kind of markup this text begins with, in Chinese; "" for none."""
    found = MARKUP.match(text[:8192])
    if found is None:
        return ""
    if "office:document" in text[:8192]:
        return _("单文件 ODF(扁平 XML)")
    return (
        _("XML 文件") if found[1].lower() in ("?xml", "!doctype") and "<html" not in text[:8192].lower() else _("网页")
    )


def mail(text: str) -> bool:
    """Whether this is a message (RFC 5322): a block of header lines with a sender and a date or path."""
    block = re.split(r"\r?\n\r?\n", text[:65536], maxsplit=1)[0]
    found: set[str] = set()
    for line in block.splitlines():
        header = HEADER.match(line)
        if header:
            found.add(header[1].lower())
        elif not line[:1].isspace():
            return False
    return len(found & MAIL_HEADERS) >= 3 and len(found & DATED) >= 2
