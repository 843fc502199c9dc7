"""Reading an old ledger: which column is what, what each cell means, and which rows cannot be taken over, by name. Pure.

The sheets come from somebody's Excel of many years: titles above the heading, merged cells, four ways to write a date, five
to write copy numbers. Nothing is guessed that matters: what cannot be read is named with its cell, never filled in.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

# Field -> how headings name it, the most exact first. A heading is compared without blanks and brackets.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "number": ("发文字号", "文号", "文件编号", "原发文字号", "来文字号", "编号", "字号"),
    "title": ("标题", "文件名称", "文件标题", "名称", "题名", "文件名", "事由"),
    "level": ("密级", "密级程度", "秘密等级", "级别"),
    "term": ("保密期限", "期限", "保密年限", "密期"),
    "issued_on": ("成文日期", "发文日期", "日期", "收文日期", "登记日期", "形成日期", "时间"),
    "department": ("责任部门", "承办部门", "部门", "主办部门", "来文部门", "归口部门"),
    "owner": ("责任人", "承办人", "经办人", "负责人", "经手人"),
    "copies": ("份号", "份数", "编号份号", "份"),
    "pages": ("页数", "页码", "页", "张数"),
    "custodian": ("保管人", "保管员", "管理人", "现持有人", "持有人"),
    "place": ("存放位置", "存放地点", "柜号", "位置", "存放处", "保管地点"),
    "state": ("状态", "去向", "现状", "处理情况", "备注", "说明"),
}
REQUIRED = ("number", "title", "level")
HEADING_WITHIN = 12  # rows
LEVELS = {"绝密": 30, "机密": 20, "秘密": 10}
NUMERALS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
GONE = re.compile(r"销毁|已销|清退|退回原单位|作废")
MOST_COPIES = 200
EXCEL_EPOCH = date(1899, 12, 30)


@dataclass(frozen=True)
class Term:
    """A term as written: kind years | months | date | event | indefinite."""

    kind: str
    value: int = 0
    on: date | None = None
    event: str = ""


@dataclass(frozen=True)
class Fault:
    """Why a row is not taken over: its number in the sheet (from 1), the field, the code of the reason, the cell."""

    row: int
    field: str
    code: str
    cell: str = ""


@dataclass(frozen=True)
class Entry:
    """A row that can be taken over. `copies`: 份号; `keeper`, `owner`, `department` as keys that the caller knows."""

    row: int
    number: str
    title: str
    level: int
    term: Term | None
    issued_on: date
    department: str
    owner: str
    copies: tuple[int, ...]
    pages: int
    keeper: str
    place: str
    note: str = ""


@dataclass(frozen=True)
class Known:
    """What a cell may name: names -> keys of people, departments; codes of places; what stands where a cell is empty."""

    people: Mapping[str, str]
    departments: Mapping[str, str]
    places: Collection[str]
    owner: str = ""
    department: str = ""
    keeper: str = ""
    today: date = date.max


@dataclass
class Read:
    """A ledger as read: entries, faults by row, and how many rows bear something."""

    entries: list[Entry] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    rows: int = 0


def normal(text: str) -> str:
    """Width and blanks folded, brackets of numbers made one kind: two ways to write one number compare equal."""
    folded = unicodedata.normalize("NFKC", text).translate(str.maketrans("[](){}【】〔〕", "〔〕〔〕〔〕〔〕〔〕"))
    return re.sub(r"\s+", "", folded)


def heading(rows: Sequence[Sequence[str]]) -> int | None:
    """The index of the row that names the columns: the one among the first that names most of them, None for none."""
    named = [(len(columns(row)), -n) for n, row in enumerate(rows[:HEADING_WITHIN])]
    best = max(named, default=(0, 0))
    return -best[1] if best[0] >= 2 else None


def columns(row: Sequence[str]) -> dict[str, int]:
    """Field -> column, as the headings of this row name them; each column and field at most once."""
    bare = [re.sub(r"[\s()〔〕:：*、/]+", "", normal(cell)) for cell in row]
    found: dict[str, int] = {}
    for exact in (True, False):
        for name, words in HEADINGS.items():
            for word in words if name not in found else ():
                at = next((n for n, cell in enumerate(bare) if n not in found.values() and cell and
                           (cell == word if exact else word in cell)), None)  # fmt: skip
                if at is not None:
                    found[name] = at
                    break
    return found


def read(rows: Sequence[Sequence[str]], first: int, at: Mapping[str, int], known: Known) -> Read:
    """Every row below the heading: an entry, or a fault that names it. `first`: index of the first row of the ledger."""
    found = Read()
    seen: Counter[tuple[str, int]] = Counter()
    above: dict[str, str] = {}
    for index in range(first, len(rows)):
        cells = {name: rows[index][n].strip() if n < len(rows[index]) else "" for name, n in at.items()}
        if not any(cells.values()) or _is_sum(rows[index]):
            continue
        found.rows += 1
        _carry_down(cells, above)
        entry = _entry(index + 1, cells, known)
        if isinstance(entry, Entry):
            double = [n for n in entry.copies if seen[normal(entry.number), n]]
            entry = Fault(index + 1, "copies", "twice", str(double[0])) if double else entry
        if isinstance(entry, Fault):
            found.faults.append(entry)
            continue
        seen.update((normal(entry.number), n) for n in entry.copies)
        found.entries.append(entry)
    return found


def _is_sum(row: Sequence[str]) -> bool:
    return any(re.fullmatch(r"(合|总|小)计.*", normal(cell)) for cell in row)


def _carry_down(cells: dict[str, str], above: dict[str, str]) -> None:
    """A merged cell stands in its first row only: number, title, level go on below while only copies differ."""
    if not cells.get("number") and not cells.get("title") and (cells.get("copies") or cells.get("custodian")):
        for name in ("number", "title", "level", "term", "issued_on", "department", "owner", "pages"):
            cells[name] = cells.get(name) or above.get(name, "")
    else:
        above.clear()
        above.update(cells)


def _entry(row: int, cells: Mapping[str, str], known: Known) -> Entry | Fault:
    for name in REQUIRED:
        if not cells.get(name):
            return Fault(row, name, "empty")
    if GONE.search(cells.get("state", "")):
        return Fault(row, "state", "gone", cells["state"])
    level, issued = level_of(cells["level"]), day_of(cells.get("issued_on", ""))
    if level is None:
        return Fault(row, "level", "unread", cells["level"])
    issued = issued or year_of(cells["number"])
    if issued is None or issued > known.today:
        return Fault(row, "issued_on", "unread" if cells.get("issued_on") else "empty", cells.get("issued_on", ""))
    term = term_of(cells.get("term", "") or cells["level"])
    if cells.get("term") and term is None:
        return Fault(row, "term", "unread", cells["term"])
    copies = copies_of(cells.get("copies", "") or "1")
    if not copies:
        return Fault(row, "copies", "unread", cells.get("copies", ""))
    pages = whole(cells.get("pages", "") or "0")
    if pages is None:
        return Fault(row, "pages", "unread", cells.get("pages", ""))
    named = _named(row, cells, known)
    if isinstance(named, Fault):
        return named
    return Entry(row, normal(cells["number"]), cells["title"], level, term, issued, copies=copies, pages=pages, **named)


def _named(row: int, cells: Mapping[str, str], known: Known) -> dict[str, str] | Fault:
    told: dict[str, str] = {}
    tables: tuple[tuple[str, str, Mapping[str, str], str], ...] = (
        ("department", "department", known.departments, known.department), ("owner", "owner", known.people, known.owner),
        ("keeper", "custodian", known.people, known.keeper),
    )  # fmt: skip
    for name, column, table, default in tables:
        cell = re.sub(r"\s+", "", cells.get(column, ""))
        key = table.get(cell) if cell else default
        if not key:
            return Fault(row, column, "unknown" if cell else "empty", cells.get(column, ""))
        told[name] = key
    place = normal(cells.get("place", "")).upper()
    if place and place not in known.places:
        return Fault(row, "place", "unknown", cells["place"])
    state = cells.get("state", "")
    return told | {"place": place, "note": state}


def level_of(cell: str) -> int | None:
    """绝密 30, 机密 20, 秘密 10, however it is decorated (机 密, a star, 机密级); None for everything else."""
    bare = normal(cell)
    found = [rank for word, rank in LEVELS.items() if word in bare]
    return found[0] if len(found) == 1 else None


def day_of(cell: str) -> date | None:
    """2019-03-05, 2019.3.5, 2019/3/5, 2019年3月5日, 20190305, 2019年3月 (its first day), an Excel number; None else."""
    bare = normal(cell)
    for pattern in (r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?(?:00:00:00)?", r"(\d{4})(\d{2})(\d{2})", r"(\d{4})[-./年](\d{1,2})月?"):
        if found := re.fullmatch(pattern, bare):
            parts = [int(part) for part in found.groups()]
            return _date(*parts, *([1] if len(parts) == 2 else []))
    if re.fullmatch(r"[2-5]\d{4}", bare):
        return EXCEL_EPOCH + timedelta(days=int(bare))
    return None


def year_of(number: str) -> date | None:
    """The first day of the year that a number names: 澜岱密〔2019〕3号."""
    found = re.search(r"〔((?:19|20)\d{2})〕", normal(number))
    return date(int(found[1]), 1, 1) if found else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def term_of(cell: str) -> Term | None:
    """5年, 五年, 6个月, 长期, 公布前, 至2028年12月31日, a level and a term in one cell; None where no term is written."""
    bare = normal(cell)
    if "长期" in bare or "永久" in bare:
        return Term("indefinite")
    if (found := re.search(r"(\d{1,3}|[一二两三四五六七八九十]{1,2})年(?!\d)", bare)) and not re.search(r"\d年\d", bare):
        return Term("years", _numeral(found[1]))
    found = re.search(r"(\d{1,3}|[一二两三四五六七八九十]{1,2})个?月(?!\d)", bare)
    if found and not re.search(r"月\d", bare) and "年" not in bare:
        return Term("months", _numeral(found[1]))
    if on := day_of(re.sub(r"^(至|到|截止|截至)|(止|前)$", "", bare)):
        return Term("date", on=on)
    if found := re.fullmatch(r"(.{1,20})[之以]?前", bare):
        return Term("event", event=found[0])
    return None


def _numeral(text: str) -> int:
    if text.isdecimal():
        return int(text)
    tens, _, ones = text.partition("十")
    return (NUMERALS.get(tens, 1) * 10 + NUMERALS.get(ones, 0)) if "十" in text else NUMERALS[text]


def whole(cell: str) -> int | None:
    """A number of pages: 12, 12页, 共12页; None else."""
    found = re.fullmatch(r"共?(\d{1,4})[页张]?", normal(cell))
    return int(found[1]) if found else None


def copies_of(cell: str) -> tuple[int, ...]:
    """份号 as written: 3, 000003, 1-5, 000001—000003号, 1、2、4, 共3份 (the first three); () where it cannot be read."""
    bare = re.sub(r"[号份第]|NO\.?", "", normal(cell).upper())
    if found := re.fullmatch(r"共(\d{1,3})", bare):
        return tuple(range(1, int(found[1]) + 1)) if 0 < int(found[1]) <= MOST_COPIES else ()
    told: list[int] = []
    for part in re.split(r"[、,;;和及]", bare):
        ends = re.fullmatch(r"(\d{1,6})(?:[-—–~至到]+(\d{1,6}))?", part)
        if not ends:
            return ()
        first, last = int(ends[1]), int(ends[2] or ends[1])
        if not 0 < first <= last < first + MOST_COPIES:
            return ()
        told += range(first, last + 1)
    return tuple(told) if len(set(told)) == len(told) <= MOST_COPIES else ()

