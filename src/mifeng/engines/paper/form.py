"""A form on A4 portrait: fields in the customary order, boxes for opinions with electronic signs and room for ink."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mifeng.engines.paper.faces import Faces
from mifeng.engines.paper.ledger import shared
from mifeng.engines.paper.sheets import MM, PORTRAIT, RED, PageWords, Sheets, Text

LEFT, RIGHT, TOP, BOTTOM = 22.0, 18.0, 16.0, 14.0
WIDE = PORTRAIT[0] - LEFT - RIGHT
LABEL, WIDER = 25.0, 34.0  # the column of labels; where long words would need another sheet
FRAME = 0.8
BODY, SMALL = 11.0, 9.5  # points
LEADING, SMALL_LEADING = 5.4, 4.6
PAD = 2.2
FIELD, BOX = 9.5, 25.0  # least height of a row of fields, of a box for an opinion
SIGNATURE = 22.0  # height of the row of signatures at the foot
SMALLER, SMALLER_LEADING = 10.0, 4.7
FEW, ONE_LINE = 3, 6.8  # signs of a box that stand below each other; the height of each where there are more
# What saves a sheet, by degrees: least heights of a row of fields, of a box, of a signed one, of the signatures; how many signs
# of a box stand below each other.
HEIGHTS = ((FIELD, BOX, 18.0, SIGNATURE, FEW), (8.2, 16.0, 11.5, SIGNATURE, 0), (7.0, 13.0, 10.5, 21.0, 0))
WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9'-]*")
PARTED = re.compile(r"(?<=.)(?=[（(])|(?<=/)(?=.)")  # where a label is divided that does not fit


@dataclass(frozen=True)
class Field:
    """A label and what was filled in; `long`: a row of its own."""

    label: str
    value: str
    long: bool = False


@dataclass(frozen=True)
class Sign:
    """An electronic sign: the name as it is drawn, the lines below it (post, 代, time, number in the log)."""

    name: str
    below: tuple[str, ...] = ()


@dataclass(frozen=True)
class Box:
    """A box: label, a word in a red frame, the opinion, the signs; without a sign the line for ink (its words, the date)."""

    label: str
    stamp: str = ""
    words: str = ""
    signs: tuple[Sign, ...] = ()
    ink: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Table:
    """A list inside a form: its label stands above it, then headings and rows; `shares` of the width, a column each."""

    label: str
    headings: tuple[str, ...]
    shares: tuple[float, ...]
    rows: Sequence[tuple[str, ...]]


@dataclass(frozen=True)
class Signature:
    """A signature at the foot: its word, what was written beside it, the electronic sign; without one there is room for ink."""

    word: str
    sign: Sign | None = None
    words: str = ""


@dataclass(frozen=True)
class Paper:
    """A form to be printed, all its words in the language of the paper.

    `rows`: fields, boxes and lists in the order of the form. `left`, `right`: the line below the title. `states`: the states of the
    matter and the index of the one that was reached (-1: none). `signatures`: the row at the foot. `qr`: PNG
    or nothing. `foot`: left (basis), right (form, serial, who and when).
    """

    title: str
    mark: str
    number: str
    left: str
    right: str
    rows: Sequence[Field | Box | Table]
    states: tuple[Sequence[str], int]
    signatures: Sequence[Signature]
    foot: tuple[str, str]
    page: PageWords
    creator: str
    qr: bytes = b""
    demo: str = ""


def pdf(told: Paper, faces: Faces) -> bytes:
    """The form as PDF, the same bytes each time. Raises FaceBroken."""
    sheets = Sheets(faces, PORTRAIT, told.title, told.creator)
    ways = ((0, LABEL), (1, LABEL), (2, LABEL), (2, WIDER))
    setter, pages = min((_set(told, sheets, tight, label) for tight, label in ways), key=lambda found: len(found[1]))
    for number, page in enumerate(pages, start=1):
        setter.sheet(page, number, len(pages))
    return sheets.pdf()


@dataclass(frozen=True)
class _Line:
    """A line of a list: its cells broken into lines, the widths; `head` = the headings, said again on the next sheet."""

    cells: tuple[list, ...]
    widths: tuple[float, ...]
    head: "_Line | None" = None
    bold: bool = False


Block = tuple[float, Sequence[Field] | Box | _Line | Sequence[Signature]]


def _paged(blocks: list[Block], first: float, other: float) -> list[list[Block]]:
    pages: list[list[Block]] = [[]]
    used = first
    for block in blocks:
        if used + block[0] > PORTRAIT[1] - BOTTOM - 13.0 and pages[-1]:
            head = block[1].head if isinstance(block[1], _Line) else None
            pages.append([(_line_high(head), head)] if head else [])
            used = other + (_line_high(head) if head else 0.0)
        pages[-1].append(block)
        used += block[0]
    return pages


def _line_high(line: _Line) -> float:
    return max(6.6, max((len(lines) for lines in line.cells), default=1) * SMALL_LEADING + 2.0)


def _set(told: Paper, sheets: Sheets, tight: int, label: float) -> tuple["_Setter", list[list[Block]]]:
    """The form sheet by sheet; `tight`: degree of HEIGHTS, where that saves a sheet; `label`: mm of the labels."""
    setter = _Setter(told, sheets, tight, label)
    return setter, _paged(setter.blocks(), first=setter.top_high(), other=setter.top_high(first=False))


class _Setter:
    def __init__(self, told: Paper, sheets: Sheets, tight: int, label: float) -> None:
        self.told, self.sheets, self.faces = told, sheets, sheets.faces
        self.tight, self.label = tight, label
        self.field, self.box, self.signed, self.signature, self.few = HEIGHTS[tight]
        self.body, self.leading = (SMALLER, SMALLER_LEADING) if tight > 1 else (BODY, LEADING)
        self.labels = tuple(self.body - less for less in (0.0, 0.5, 1.0))

    # ------------------------------------------------------------------------------------------------------ what goes where

    def blocks(self) -> list[Block]:
        """Rows of fields, boxes and the row of signatures, each with its height."""
        found: list[Block] = []
        short: list[Field] = []
        for row in self.told.rows:
            if isinstance(row, Table):
                if short:
                    found.append(self._fields(short))
                    short = []
                found += self._listed(row)
                continue
            if isinstance(row, Field) and not row.long and self._fits(row, 3):
                short.append(row)
                if len(short) == 3:
                    found.append(self._fields(short))
                    short = []
                continue
            if short:
                found.append(self._fields(short))
                short = []
            found.append(self._fields([row]) if isinstance(row, Field) else (self._box_high(row), row))
        if short:
            found.append(self._fields(short))
        return [*found, (self.signature, tuple(self.told.signatures))] if self.told.signatures else found

    def _listed(self, table: Table) -> list[Block]:
        """A list as blocks, a line each: the label over the whole width, the headings, the rows."""
        wide = WIDE - 2 * FRAME
        columns = zip(table.headings, *table.rows, strict=True)
        needed = [max(self._longest(cell) for cell in column) + 2.4 for column in columns]
        widths = tuple(shared(table.shares, needed if sum(needed) <= wide else [0.0] * len(needed), wide))

        def line(cells: Sequence[str], across: tuple[float, ...], bold: bool, head: _Line | None = None) -> _Line:
            face = self.faces.bold if bold else self.faces.song
            broken = tuple(
                self.sheets.broken(Text(cell, face, SMALL), room - 2.0) if cell else []
                for cell, room in zip(cells, across, strict=True)
            )
            return _Line(broken, across, head, bold)

        headings = line(table.headings, widths, True)
        lines = [line([table.label], (wide,), True), headings, *(line(row, widths, False, headings) for row in table.rows)]
        return [(_line_high(one), one) for one in lines]

    def _longest(self, words: str, face: Any = None, size: float = SMALL) -> float:
        """The widest word of Latin letters or figures, which is not divided; Chinese is divided anywhere."""
        return max((self.sheets.measured(Text(word, face or self.faces.bold, size)) for word in WORD.findall(words)), default=0.0)

    def _fits(self, field: Field, of: int) -> bool:
        """The field needs no more than two lines where so many share a row."""
        room = self._room(of)
        return self._longest(field.value, self.faces.song, self.body) <= room - 2 * PAD and len(self._value(field, room)) <= 2

    def _room(self, of: int) -> float:
        return (WIDE - 2 * FRAME) / of - self.label

    def _value(self, field: Field, wide: float) -> list:
        return self.sheets.broken(Text(field.value, self.faces.song, self.body), wide - 2 * PAD)

    def _label(self, label: str) -> tuple[list, Text]:
        """A label in its lines; one that does not fit is set a little smaller, or divided at a bracket or a stroke."""
        for size in self.labels:
            like = Text(label, self.faces.bold, size)
            if self.sheets.measured(like) <= self.label - 2.0:
                return self.sheets.broken(like, self.label - 2.0), like
        parts = PARTED.sub("\n", label)
        whole = WORD.findall(label) if WORD.match(label) else parts.split("\n")
        for size in (*self.labels, self.labels[-1] - 1.0):
            like = Text(parts, self.faces.bold, size)
            if all(self.sheets.measured(Text(part, self.faces.bold, size)) <= self.label - 2.0 for part in whole):
                break
        return self.sheets.broken(like, self.label - 2.0), like

    def _fields(self, fields: list[Field]) -> Block:
        tallest = max(max(len(self._value(f, self._room(len(fields)))), len(self._label(f.label)[0])) for f in fields)
        return max(self.field, tallest * self.leading + (1.4 if self.tight else 2) * PAD), tuple(fields)

    def _box_high(self, box: Box) -> float:
        room = WIDE - 2 * FRAME - self.label - 2 * PAD - self._stamp_wide(box)
        words = self.sheets.broken(Text(box.words, self.faces.song, self.body), room)
        signs = sum(self._sign_high(sign, len(box.signs)) for sign in box.signs) if box.signs else 8.0
        opinion = len(words) * self.leading if box.words else (self.leading if box.stamp else 0.0)
        least = self.signed if box.signs else self.box
        return max(least, opinion + signs + 2 * PAD + 1.5, len(self._label(box.label)[0]) * self.leading + 2 * PAD)

    def _sign_high(self, sign: Sign, among: int) -> float:
        """Many signs stand one a line."""
        return 6.4 + len(sign.below) * SMALL_LEADING if among <= self.few else ONE_LINE

    def _stamp_wide(self, box: Box) -> float:
        return self.sheets.measured(Text(box.stamp, self.faces.bold, self.body)) + 7.0 if box.stamp else 0.0

    # --------------------------------------------------------------------------------------------------------- a sheet

    def top_high(self, first: bool = True) -> float:
        """Where the table begins."""
        return TOP + (37.0 if self.told.qr and first else 32.0 if first else 14.0)

    def sheet(self, blocks: list[Block], number: int, of: int) -> None:
        top = self.top_high(first=number == 1)
        self._head(top, first=number == 1)
        y = top + FRAME
        for at, (high, block) in enumerate(blocks):
            if at:
                self.sheets.line(LEFT + FRAME, y, LEFT + WIDE - FRAME, y, 0.5)
            if isinstance(block, _Line):
                self._draw_line(block, y, high)
            elif isinstance(block, Box):
                self._draw_box(block, y, high)
            elif block and isinstance(block[0], Field):
                self._draw_fields(block, y, high)
            else:
                self._draw_signatures(block, y, high)
            y += high
        self.sheets.double_box(LEFT, top, WIDE, y + FRAME - top)
        self._foot(y + FRAME, number, of)
        self.sheets.turn()

    def _head(self, top: float, *, first: bool) -> None:
        told, put = self.told, self.sheets.put
        put(Text(told.mark, self.faces.hei, 12), LEFT, TOP)
        put(Text(told.number, self.faces.song, self.body), LEFT, TOP + (6.2 if told.mark else 0.0))
        if told.demo:
            put(Text(told.demo, self.faces.hei, 9, ink=RED), 0, TOP, right=LEFT + WIDE - (26.0 if told.qr and first else 0.0))
        if told.qr and first:
            self.sheets.picture(told.qr, LEFT + WIDE - 22.0, TOP - 1.0, 22.0, 22.0)
        if not first:
            put(Text(told.title, self.faces.banner, 12), 0, TOP + 6.2, right=LEFT + WIDE)
            return
        put(Text(told.title, self.faces.banner, 21), 0, top - 16.5, centre=LEFT + WIDE / 2)
        put(Text(told.left, self.faces.song, SMALL), LEFT, top - 5.0)
        put(Text(told.right, self.faces.song, SMALL), 0, top - 5.0, right=LEFT + WIDE)

    def _draw_label(self, label: str, x: float, y: float, high: float) -> None:
        lines, like = self._label(label)
        at = y + (high - len(lines) * self.leading) / 2 + (self.leading - like.size / MM) / 2
        for line in lines:
            length = sum(token.width for token in line) / MM
            self.sheets.set_line(line, x + (self.label - length) / 2, at, like)
            at += self.leading
        self.sheets.line(x + self.label, y, x + self.label, y + high, 0.5)

    def _draw_fields(self, fields: Sequence[Field], y: float, high: float) -> None:
        wide = (WIDE - 2 * FRAME) / len(fields)
        for at, field in enumerate(fields):
            x = LEFT + FRAME + at * wide
            if at:
                self.sheets.line(x, y, x, y + high, 0.5)
            self._draw_label(field.label, x, y, high)
            lines = self._value(field, wide - self.label)
            top = y + (high - len(lines) * self.leading) / 2 + (self.leading - self.body / MM) / 2
            self.sheets.paragraph(lines, x + self.label + PAD, top, Text("", self.faces.song, self.body), self.leading)

    def _draw_box(self, box: Box, y: float, high: float) -> None:
        x, right = LEFT + FRAME, LEFT + WIDE - FRAME - 3.0
        self._draw_label(box.label, x, y, high)
        inset = x + self.label + PAD
        if box.stamp:
            wide = self._stamp_wide(box) - 3.0
            self.sheets.box(inset, y + PAD - 0.6, wide, 6.0, 1.1, RED)
            self.sheets.put(Text(box.stamp, self.faces.bold, self.body, ink=RED), 0, y + PAD + 0.5, centre=inset + wide / 2)
        words = Text(box.words, self.faces.song, self.body)
        broken = self.sheets.broken(words, WIDE - 2 * FRAME - self.label - 2 * PAD - self._stamp_wide(box)) if box.words else []
        self.sheets.paragraph(broken, inset + self._stamp_wide(box), y + PAD + 0.5, words, self.leading)
        if box.signs:
            at = y + high - PAD - sum(self._sign_high(sign, len(box.signs)) for sign in box.signs)
            for sign in box.signs:
                at = self._draw_sign(sign, right, at, len(box.signs))
        else:
            self._draw_ink(box.ink, right, y + high - 7.2)

    def _draw_sign(self, sign: Sign, right: float, y: float, among: int) -> float:
        name = Text(sign.name, self.faces.kai, 14)
        self.sheets.put(name, 0, y, right=right)
        if among > self.few:
            beside = Text(" · ".join(sign.below), self.faces.song, SMALL)
            self.sheets.put(beside, 0, y + 1.2, right=right - self.sheets.measured(name) - 3.0)
            return y + ONE_LINE
        y += 6.4
        for line in sign.below:
            self.sheets.put(Text(line, self.faces.song, SMALL), 0, y, right=right)
            y += SMALL_LEADING
        return y

    def _draw_ink(self, ink: tuple[str, str], right: float, y: float) -> None:
        """Words, a line to sign on, the date to fill in."""
        words, day = ink
        if not words:
            return
        date = Text(day, self.faces.song, SMALL)
        self.sheets.put(date, 0, y, right=right)
        end = right - self.sheets.measured(date) - 4.0
        self.sheets.line(end - 34.0, y + 4.2, end, y + 4.2, 0.5)
        self.sheets.put(Text(words, self.faces.song, SMALL), 0, y, right=end - 35.0)

    def _draw_line(self, line: _Line, y: float, high: float) -> None:
        x = LEFT + FRAME
        like = Text("", self.faces.bold if line.bold else self.faces.song, SMALL)
        for at, (lines, wide) in enumerate(zip(line.cells, line.widths, strict=True)):
            if at:
                self.sheets.line(x, y, x, y + high, 0.5)
            top = y + (high - len(lines) * SMALL_LEADING) / 2 + (SMALL_LEADING - SMALL / MM) / 2
            for one in lines:
                length = sum(token.width for token in one) / MM
                self.sheets.set_line(one, x + (wide - length) / 2 if line.bold else x + 1.0, top, like)
                top += SMALL_LEADING
            x += wide

    def _draw_signatures(self, names: Sequence[Signature], y: float, high: float) -> None:
        wide = (WIDE - 2 * FRAME) / len(names)
        for at, name in enumerate(names):
            x = LEFT + FRAME + at * wide
            if at:
                self.sheets.line(x, y, x, y + high, 0.5)
            word = Text(name.word, self.faces.bold, SMALL)
            fitting = SMALL * min(1.0, (wide - PAD - 0.5) / self.sheets.measured(word))
            self.sheets.put(Text(name.word, self.faces.bold, fitting), x + PAD, y + PAD)
            if name.words:
                like = Text(name.words, self.faces.song, SMALL)
                label = self.sheets.measured(Text(name.word, self.faces.bold, SMALL)) + 3.0
                self.sheets.paragraph(self.sheets.broken(like, wide - label - 2 * PAD)[:1], x + PAD + label, y + PAD, like, SMALL_LEADING)
            if name.sign:
                self.sheets.put(Text(name.sign.name, self.faces.kai, 13), 0, y + 8.0, centre=x + wide / 2)
                for no, below in enumerate(name.sign.below[:2]):
                    like = Text(below, self.faces.song, 8.0)
                    fitting = 8.0 * min(1.0, (wide - 2.0) / self.sheets.measured(like))
                    self.sheets.put(Text(below, self.faces.song, fitting), 0, y + 14.0 + no * 3.6, centre=x + wide / 2)

    def _foot(self, y: float, number: int, of: int) -> None:
        told, put = self.told, self.sheets.put
        states, reached = told.states
        if number == of and states:
            self._states(states, reached, y + 2.0)
        left, right = told.foot
        bottom = PORTRAIT[1] - BOTTOM
        put(Text(left, self.faces.song, 8.5), LEFT, bottom - 4.0)
        put(Text(right, self.faces.song, 8.5), 0, bottom - 4.0, right=LEFT + WIDE)
        if of > 1:
            put(Text(told.page(number, of), self.faces.song, 8.5), 0, bottom + 0.8, centre=LEFT + WIDE / 2)

    def _states(self, states: Sequence[str], reached: int, y: float) -> None:
        """The states one after the other; the one that was reached stands in 黑体 and in a frame."""
        x = LEFT
        for at, state in enumerate(states):
            like = Text(state, self.faces.hei if at == reached else self.faces.song, 8.5)
            wide = self.sheets.measured(like)
            if x + wide > LEFT + WIDE:
                x, y = LEFT, y + 5.0
            self.sheets.put(like, x, y)
            if at == reached:
                self.sheets.box(x - 0.8, y - 0.7, wide + 1.6, 4.4, 0.8)
            x += wide + 1.4
            if at + 1 < len(states):
                self.sheets.put(Text("→", self.faces.song, 8.5), x, y)
                x += self.sheets.measured(Text("→", self.faces.song, 8.5)) + 1.4
