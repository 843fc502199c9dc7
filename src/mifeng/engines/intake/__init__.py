"""Intake: what a hostile file is, a PDF that stands for it, and its text, never parsed in the calling process.

Short manual
------------
1. `inspect` judges a whole file: size, virus check, type by structure, limits against bombs. It returns an
   `Inspection` or a `Rejected` with a Chinese reason and a next step.
2. `render` makes a PDF of it (a `Rendition`, itself hostile: only a raster worker may open it) or an `Unviewable`.
3. `read_text` gives its `Text` or a `NoText`, `read_tables` the sheets of a workbook or a CSV.
4. `scanned_pages` names the pages of a rendition that are pictures, `recognise` reads one of them by its looks.
5. `capabilities` says what this machine lacks for that.

Content travels through pipes and memory without a name; no byte of it reaches a disk. Each step is one process with
its own uid where the service is root, no network, no file system, limits of memory, time and output.

>>> found = inspect("第一条 本公司的商业秘密分为绝密、机密、秘密三级。".encode("gb18030"), "制度.txt", policy="off")
>>> found.kind.name, found.kind.encoding, found.name.text
('txt', 'gb18030', '制度.txt')
>>> read_text("第一条 本公司的商业秘密分为绝密、机密、秘密三级。".encode("gb18030"), found.kind).text
'第一条 本公司的商业秘密分为绝密、机密、秘密三级。'
>>> inspect(b"<html><img src='http://example.com/a.png'></html>", "通知.docx", policy="off").sentence()
'扩展名是 .docx,内容却是网页。'
"""

from __future__ import annotations

from .antivirus import Clamd, Clean, Found, NotChecked, Signatures, Verdict
from .capability import capabilities
from .kinds import KINDS, Family, Kind, detect
from .limits import Limits
from .names import FileName, clean
from .pipeline import (
    Inspection,
    can_recognise,
    inspect,
    read_tables,
    read_text,
    recognise,
    render,
    scanned_pages,
)
from .reasons import Capability, Line, NoText, Recognised, Rejected, Rendition, Table, Text, Unviewable

__all__ = [
    "KINDS",
    "Capability",
    "Clamd",
    "Clean",
    "Family",
    "FileName",
    "Found",
    "Inspection",
    "Kind",
    "Limits",
    "Line",
    "NoText",
    "NotChecked",
    "Recognised",
    "Rejected",
    "Rendition",
    "Signatures",
    "Table",
    "Text",
    "Unviewable",
    "Verdict",
    "can_recognise",
    "capabilities",
    "clean",
    "detect",
    "inspect",
    "read_tables",
    "read_text",
    "recognise",
    "render",
    "scanned_pages",
]
