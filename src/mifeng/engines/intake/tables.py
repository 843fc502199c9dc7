"""The worker's job of reading a table: a workbook or a CSV in, its sheets as rows of texts out. Nothing is calculated."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from . import office_text, text, texts, walk, zips
from .limits import Limits
from .reasons import Rejected

MOST_COLUMNS = 200
LONGEST_CELL = 4_000
DELIMITED_WITHIN = 10  # lines that tell what separates the cells


def prepare(kind: str) -> None:
    """Load the readers of this kind, codecs included."""
    text.prepare(kind)


def read(data: bytes, kind: str, encoding: str, limits: dict[str, int]) -> tuple[dict[str, Any], bytes]:
    """Worker job: `[{"name", "hidden", "rows": [[text, …], …]}, …]` as JSON. Tells `code`: "" or that of a `NoText`.

    Cells are what a person sees: dates as 2026-03-01, whole numbers without a point, a formula as its last value. Empty
    rows stay, so that row n is row n of the sheet; blank cells at the end of a row are cut off.
    """
    bounds = Limits(**limits)
    try:
        sheets = _workbook(data, bounds) if kind == "xlsx" else [_plain(data, encoding)]
    except office_text.TooManyCells:
        return {"code": "too_costly"}, b""
    if not any(any(row) for sheet in sheets for row in sheet["rows"]):
        return {"code": "empty"}, b""
    return {"code": ""}, json.dumps(sheets, ensure_ascii=False).encode("utf-8")


def _workbook(data: bytes, limits: Limits) -> list[dict[str, Any]]:
    import openpyxl  # start-up time of a verb

    # Checked again although intake checked it: this job may be asked for by itself.
    if walk.container(data, limits) is not None or isinstance(zips.folder(data, limits), Rejected):
        return []
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    left, sheets = limits.cells, []
    for page in book.worksheets:
        page.reset_dimensions()  # what a file says of its size is its own claim
        rows = []
        for row in page.iter_rows(values_only=True, max_col=MOST_COLUMNS):
            left -= len(row)
            if left < 0:
                raise office_text.TooManyCells
            rows.append(_trimmed([office_text.cell(value) for value in row]))
        sheets.append({"name": page.title, "hidden": page.sheet_state != "visible", "rows": rows})
    return sheets


def _plain(data: bytes, encoding: str) -> dict[str, Any]:
    words = texts.decoded(data, encoding or texts.encoding(data) or "utf-8")
    first = "\n".join(words.splitlines()[:DELIMITED_WITHIN])  # a title above the headings has no delimiter
    delimiter = max("\t,;", key=first.count)
    rows = [_trimmed([cell.strip() for cell in row[:MOST_COLUMNS]]) for row in csv.reader(io.StringIO(words), delimiter=delimiter)]
    return {"name": "", "hidden": False, "rows": rows}


def _trimmed(cells: list[str]) -> list[str]:
    cells = [text.normal(cell[:LONGEST_CELL]) for cell in cells]
    while cells and not cells[-1]:
        cells.pop()
    return cells
