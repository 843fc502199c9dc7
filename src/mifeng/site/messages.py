"""Message catalogues: .po files are the source, .mo files are made at start by our own small compiler."""

import ast
import struct
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings


def read_po(path: Path) -> dict[str, str]:
    """Messages of a catalogue: msgid (with context as ctx\\x04id) -> msgstr; plural forms joined by \\0.

    Left out is what has no English yet, a plural that lacks one of its forms, and what is marked fuzzy.
    """
    read = entries(path.read_text(encoding="utf-8"))
    return {key: "\0".join(texts) for key, texts, fuzzy in read if texts and all(texts) and not fuzzy}


def entries(text: str) -> Iterator[tuple[str, list[str], bool]]:
    """Each entry of a .po text: key as in `read_po`, its translations (two for a plural), whether it is fuzzy."""
    for block in text.split("\n\n"):
        lines = [line for line in block.splitlines() if line.strip()]
        entry = _fields([line for line in lines if not line.startswith("#")])
        if "msgid" in entry:
            key = entry["msgid"] + ("\0" + entry["msgid_plural"] if "msgid_plural" in entry else "")
            key = f"{entry['msgctxt']}\x04{key}" if "msgctxt" in entry else key
            texts = [entry[name] for name in sorted(entry) if name.startswith("msgstr")]
            yield key, texts, any(line.startswith("#,") and "fuzzy" in line for line in lines)


def _fields(lines: list[str]) -> dict[str, str]:
    fields: dict[str, str] = {}
    name = ""
    for line in lines:
        if not line.startswith('"'):
            name, _space, line = line.partition(" ")
            fields[name] = ""
        if name:
            fields[name] += ast.literal_eval(line.strip())
    return fields


def mo(messages: dict[str, str]) -> bytes:
    """The GNU .mo format of these messages."""
    keys = sorted(messages)
    ids = [key.encode() for key in keys]
    texts = [messages[key].encode() for key in keys]
    start = 7 * 4 + 16 * len(keys)
    tables, blob = [b"", b""], b""
    for number, group in enumerate((ids, texts)):
        for text in group:
            tables[number] += struct.pack("<II", len(text), start + len(blob))
            blob += text + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(keys), 28, 28 + 8 * len(keys), 0, 0)
    return head + tables[0] + tables[1] + blob


def compile_all() -> None:
    """Make every .mo that is missing or older than its .po."""
    for folder in settings.LOCALE_PATHS:
        for po in Path(folder).glob("*/LC_MESSAGES/*.po"):
            made = po.with_suffix(".mo")
            if not made.exists() or made.stat().st_mtime < po.stat().st_mtime:
                new = made.with_suffix(".tmp")
                new.write_bytes(mo(read_po(po)))
                new.replace(made)
