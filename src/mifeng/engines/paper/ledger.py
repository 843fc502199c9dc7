"""A register on A4 landscape: every sheet has the whole head, the columns, who printed it and when, and page n of m."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mifeng.engines.paper.faces import Faces, Token
from mifeng.engines.paper.sheets import LANDSCAPE, MM, PageWords, Sheets, Text

LEFT, RIGHT, TOP, BOTTOM = 16.0, 12.0, 13.0, 12.0
WIDE = LANDSCAPE[0] - LEFT - RIGHT
TITLE, SMALL = 20.0, 10.0  # points
SIZES = (9.0, 8.5, 8.0, 7.5, 7.0, 6.5)  # of the cells: the first in which no number and no name has to be broken
SIDES = (SMALL, 9.0, 8.0, 7.0)  # of the words between two others
LEADING = 4.4 / 9.0  # mm between the lines of a cell, for each point of their size
PAD_X, PAD_Y = 0.9, 1.3
PLAIN = re.compile(r"[ -~]{1,16}")  # a date, a number, a code
LATIN = re.compile(r"[A-Za-z]{3}")  # words that are divided where one ends
WORDS = re.compile(r"[A-Za-z]{4,16}(?:'s)?")  # words of a cell of several, that are not divided
AMONG = re.compile(r"[0-9][0-9A-Z-]{3,11}[^ -~]?")  # one among the words of a cell, with the comma after it
UNBROKEN, NAME = 40.0, 4  # mm that a number is given at most to stand in one line; signs of a name that is not broken
BRIEF = 2  # signs of a heading that is not broken
TABLE = TOP + 18.0  # where the table begins
FOOT = 15.0  # below the table: printed by whom, page number


@dataclass(frozen=True)
class Heading:
    """A column: its heading, its share of the width, whether its cells are centred.

    `under`: it shares the cell of the column at its left and stands below it.
    """

    label: str
    share: float
    centred: bool = False
    under: bool = False


@dataclass(frozen=True)
class Cell:
    """A cell: what stands there, `was` what stood there before (struck above it), struck itself when the line is void."""

    text: str
    was: str = ""
    struck: bool = False


@dataclass(frozen=True)
class Row:
    """A line of the register. `across`: one text over all cells but the first, as the reason of a void number."""

    cells: tuple[Cell, ...]
    across: str = ""


@dataclass(frozen=True)
class Ledger:
    """A register to be printed, all its words in the language of the paper.

    `head`: left, middle and right of the line below the title; the right one stands in 黑体 (level of the list). `foot`: left
    and middle of the line below the table, `sign` its right, with room for ink. `ended`: stands below the last line, so
    that nothing can be added. `page`: (n, of) -> words. `demo`: a frame in red at the top, or "".
    """

    title: str
    head: tuple[str, str, str]
    columns: tuple[Heading, ...]
    rows: Sequence[Row]
    foot: tuple[str, str]
    sign: str
    ended: str
    empty: str
    page: PageWords
    creator: str
    demo: str = ""


def pdf(told: Ledger, faces: Faces) -> bytes:
    """The register as PDF, the same bytes each time. Raises FaceBroken."""
    sheets = Sheets(faces, LANDSCAPE, told.title, told.creator)
    setter = _Setter(told, sheets)
    pages = setter.pages()
    for number, rows in enumerate(pages, start=1):
        setter.sheet(rows, number, len(pages))
    return sheets.pdf()


def shared(shares: Sequence[float], needed: Sequence[float], total: float) -> list[float]:
    """The total by shares, where no column gets less than it needs; together they need no more than there is."""
    fixed: set[int] = set()
    while True:
        left = total - sum(needed[at] for at in fixed)
        unit = left / (sum(share for at, share in enumerate(shares) if at not in fixed) or 1.0)
        short = {at for at, share in enumerate(shares) if at not in fixed and share * unit < needed[at]}
        if not short:
            return [needed[at] if at in fixed else share * unit for at, share in enumerate(shares)]
        fixed |= short


Lines = list[tuple[list[Token], Text]]


def _groups(columns: Sequence[Heading]) -> list[list[int]]:
    """The columns by their numbers, those that share a cell together."""
    found: list[list[int]] = []
    for at, column in enumerate(columns):
        if column.under and found:
            found[-1].append(at)
        else:
            found.append([at])
    return found


class _Setter:
    def __init__(self, told: Ledger, sheets: Sheets) -> None:
        self.told, self.sheets, self.faces = told, sheets, sheets.faces
        self.groups = _groups(told.columns)
        self.size, self.widths = self._fitted()
        self.leading = self.size * LEADING
        self.heads = [self._head(group, wide) for group, wide in zip(self.groups, self.widths, strict=True)]
        self.head_high = max(8.0, self._high(self.heads))
        self.room = LANDSCAPE[1] - BOTTOM - FOOT - TABLE - 1.6 - self.head_high

    def _fitted(self) -> tuple[float, list[float]]:
        """Size of the letters and widths of the columns: by their shares, but no number and no name is broken if it can be."""
        whole = [set().union(*(self._whole(at) for at in group)) for group in self.groups]
        shares = [max(self.told.columns[at].share for at in group) for group in self.groups]
        for size in SIZES:
            needed = [
                max((self._wide(text, size, bold) for text, bold in texts), default=0.0) + 2 * PAD_X + 0.2 for texts in whole
            ]
            if sum(needed) <= WIDE - 1.6:
                return size, shared(shares, needed, WIDE - 1.6)
        # Too much for one sheet: each column gives up the same part of what it needs.
        less = (WIDE - 1.6) / sum(needed)
        return SIZES[-1], shared(shares, [wide * less for wide in needed], WIDE - 1.6)

    def _whole(self, at: int) -> set[tuple[str, bool]]:
        """What of a column should stand in one line, and whether it is bold: its numbers, its names, half of its heading."""
        column = self.told.columns[at]
        texts = {row.cells[at].text for row in self.told.rows if at < len(row.cells)}
        kept = {text for text in texts if column.centred or len(text) <= NAME or PLAIN.fullmatch(text)}
        kept = {part for text in kept for part in (text.split() if LATIN.search(text) else [text])}
        kept |= {part for text in texts - kept for part in AMONG.findall(text)}
        kept |= {part for text in texts if not column.centred for part in WORDS.findall(text)}
        label = column.label
        heading = label.split() if LATIN.search(label) else [label if len(label) <= BRIEF else label[: (len(label) + 1) // 2]]
        return {(text, False) for text in kept} | {(text, True) for text in heading}

    def _wide(self, text: str, size: float, bold: bool) -> float:
        return min(UNBROKEN, self.sheets.measured(Text(text, self.faces.bold if bold else self.faces.song, size)))

    def _broken(self, text: Text, wide: float) -> Lines:
        return [(line, text) for line in self.sheets.broken(text, wide - 2 * PAD_X)] if text.words else []

    def _cell(self, cell: Cell, wide: float) -> Lines:
        was = self._broken(Text(cell.was, self.faces.song, self.size, struck=True), wide)
        return was + self._broken(Text(cell.text, self.faces.song, self.size, struck=cell.struck), wide)

    def _head(self, group: list[int], wide: float) -> Lines:
        return [line for at in group for line in self._broken(Text(self.told.columns[at].label, self.faces.bold, self.size), wide)]

    def _stacked(self, cells: Sequence[Cell], wide: float) -> Lines:
        """The cells of one group below each other; an empty one keeps its line, so that each stands where its heading does."""
        blank: Lines = [([], Text("", self.faces.song, self.size))]
        parts = [self._cell(cell, wide) for cell in cells]
        if not any(parts):
            return []
        return [line for part in parts for line in part or (blank if len(parts) > 1 else [])]

    def _high(self, cells: Sequence[Lines]) -> float:
        return max((len(lines) for lines in cells), default=1) * self.leading + 2 * PAD_Y

    def _row(self, row: Row) -> list[Lines]:
        if row.across:
            reason = Text(row.across, self.faces.song, self.size)
            return [self._cell(row.cells[0], self.widths[0]), self._broken(reason, sum(self.widths[1:]))]
        return [
            self._stacked([row.cells[at] for at in group], wide) for group, wide in zip(self.groups, self.widths, strict=True)
        ]

    def pages(self) -> list[list[tuple[list[Lines], float]]]:
        """The rows sheet by sheet, each with its height; a row taller than a sheet is cut to it."""
        pages: list[list[tuple[list[Lines], float]]] = [[]]
        used = 0.0
        for row in self.told.rows:
            cells = self._row(row)
            high = max(7.0, self._high(cells))
            if high > self.room:
                most = int((self.room - 2 * PAD_Y) / self.leading)
                cells, high = [lines[:most] for lines in cells], self.room
            if used + high > self.room and pages[-1]:
                pages.append([])
                used = 0.0
            pages[-1].append((cells, high))
            used += high
        return pages

    def sheet(self, rows: list[tuple[list[Lines], float]], number: int, of: int) -> None:
        self._top()
        y = self._column_heads()
        for cells, high in rows:
            self._draw_row(cells, y, high)
            y += high
        if not rows:
            self.sheets.put(Text(self.told.empty, self.faces.song, 9.0), 0, y + 2.4, centre=LEFT + WIDE / 2)
            y += 8.0
        self.sheets.double_box(LEFT, TABLE, WIDE, y + 0.8 - TABLE)
        if number == of and rows:
            self.sheets.put(Text(self.told.ended, self.faces.song, 9.0), 0, y + 1.6, centre=LEFT + WIDE / 2)
        self._bottom(number, of)
        self.sheets.turn()

    def _top(self) -> None:
        told, put = self.told, self.sheets.put
        put(Text(told.title, self.faces.banner, TITLE), 0, TOP, centre=LEFT + WIDE / 2)
        y = TABLE - 6.0
        left, middle, right = Text(told.head[0], self.faces.song, SMALL), told.head[1], Text(told.head[2], self.faces.hei, SMALL)
        put(left, LEFT, y)
        put(right, 0, y, right=LEFT + WIDE)
        self._between(middle, LEFT + self.sheets.measured(left) + 4.0, LEFT + WIDE - self.sheets.measured(right) - 4.0, y)
        if told.demo:
            put(Text(told.demo, self.faces.hei, 9, ink=(0.70, 0.15, 0.12)), 0, TOP, right=LEFT + WIDE)

    def _between(self, words: str, left: float, right: float, y: float) -> None:
        """In the middle of the sheet, or of what the words at either side leave; smaller where that is not enough."""
        size = next((size for size in SIDES if self.sheets.measured(Text(words, self.faces.song, size)) <= right - left), SIDES[-1])
        text = Text(words, self.faces.song, size)
        half, middle = self.sheets.measured(text) / 2, LEFT + WIDE / 2
        free = left <= middle - half and middle + half <= right
        self.sheets.put(text, 0, y, centre=middle if free else (left + right) / 2)

    def _column_heads(self) -> float:
        y = TABLE + 0.8
        x = LEFT + 0.8
        for lines, wide in zip(self.heads, self.widths, strict=True):
            self._stack(lines, x, y, wide, self.head_high, centred=True)
            x += wide
        self._verticals(y, self.head_high, self.widths)
        self.sheets.line(LEFT + 0.8, y + self.head_high, LEFT + WIDE - 0.8, y + self.head_high, 0.8)
        return y + self.head_high

    def _draw_row(self, cells: list[Lines], y: float, high: float) -> None:
        widths = self.widths if len(cells) == len(self.widths) else [self.widths[0], sum(self.widths[1:])]
        x = LEFT + 0.8
        for at, (lines, wide) in enumerate(zip(cells, widths, strict=True)):
            across = at > 0 and len(widths) < len(self.widths)
            self._stack(lines, x, y, wide, high, centred=self.told.columns[self.groups[at][0]].centred and not across)
            x += wide
        self._verticals(y, high, widths)
        self.sheets.line(LEFT + 0.8, y + high, LEFT + WIDE - 0.8, y + high, 0.4)

    def _verticals(self, y: float, high: float, widths: Sequence[float]) -> None:
        x = LEFT + 0.8
        for wide in widths[:-1]:
            x += wide
            self.sheets.line(x, y, x, y + high, 0.4)

    def _stack(self, lines: Lines, x: float, y: float, wide: float, high: float, *, centred: bool) -> None:
        """Lines of a cell, in the middle of its height."""
        top = y + (high - len(lines) * self.leading) / 2 + (self.leading - self.size / MM) / 2
        for line, text in lines:
            length = sum(token.width for token in line) / MM
            self.sheets.set_line(line, x + (wide - length) / 2 if centred else x + PAD_X, top, text)
            top += self.leading

    def _bottom(self, number: int, of: int) -> None:
        told, put, y = self.told, self.sheets.put, LANDSCAPE[1] - BOTTOM - FOOT + 5.5
        left, middle = told.foot
        put(Text(left, self.faces.song, 9), LEFT, y)
        put(Text(middle, self.faces.song, 9), 0, y, centre=LEFT + WIDE / 2)
        ink = 34.0
        put(Text(told.sign, self.faces.song, 9), 0, y, right=LEFT + WIDE - ink)
        self.sheets.line(LEFT + WIDE - ink, y + 3.9, LEFT + WIDE, y + 3.9, 0.5)
        put(Text(told.page(number, of), self.faces.song, 9), 0, LANDSCAPE[1] - BOTTOM - 1.5, centre=LEFT + WIDE / 2)
