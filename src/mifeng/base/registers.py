"""What a room announces of its customary registers and printed forms: columns, lines, boxes. Pages and paper are the site's.

    Register("F05", _("复制登记簿"), (Column(_("编号"), lambda row: row.number), ...), lines, keepers=KEEPERS, series="复密",
             purpose=_("登记每次复制的份数与去向"), first=Entry(_("登记复制"), "/copies/reproduce/", "copy"))

    def lines(person):
        rows = queries.lines(person, Copying.objects.all())
        return Lines(rows, at="made_at", number="number", sound=queries.sound_lines)
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from mifeng.base import clock
from mifeng.engines.paper.labels import Label


@dataclass(frozen=True)
class Entry:
    """A line of the menu. `posts` empty = everybody; `count` = number of own duties behind it."""

    label: str
    url: str
    icon: str
    posts: frozenset[str] = frozenset()
    group: str = ""
    count: Callable[[Any], int] | None = None
    only: Callable[[Any], bool] | None = None


@dataclass(frozen=True)
class Corrected:
    """更正 in a cell: what stood there and what stands now. Screen and paper show both, the former struck."""

    was: str
    now: str

    def __str__(self) -> str:
        return self.now


@dataclass(frozen=True)
class Column:
    """A column of a register: heading and how a row gives its text.

    `width`: its share of the printed line; 0 = 10. `number`: centred and unbroken on paper. `key`: the field of the form
    (forms.toml) that it shows; columns with a key stand in the customary order of the form. `under`: it shares the cell of
    the column at its left, below it, as customary books of many columns do.
    """

    label: str
    value: Callable[[Any], str | Corrected]
    width: int = 0
    number: bool = False
    key: str = ""
    under: bool = False

    @property
    def brief(self) -> bool:
        """A name or a word: not broken on the screen."""
        return 0 < self.width <= 10


def minute(at: datetime | None, none: str = "") -> str:
    """An instant as cells and forms have it: local, to the minute; `none` where there is none."""
    return clock.local(at).strftime("%Y-%m-%d %H:%M") if at else none


def day(at: datetime | None, none: str = "") -> str:
    """The local day of an instant, in the same way."""
    return clock.local(at).date().isoformat() if at else none


@dataclass(frozen=True)
class Lines:
    """The lines of a register that one person may know, of all years; nothing is read before a page of them is wanted.

    `found`: a query set, trimmed by the room, in any order. `at`: its column with the day or instant of a line, or of what the
    line belongs to (`count__opened_at`), indexed together with the key: lines are found by year and stand in its order.
    `number`: its column with the serial, by which a line is found; "" = none. `sound`: rows about to be shown, verified by the
    room; it may raise Tampered.
    """

    found: Any
    at: str = "at"
    number: str = ""
    sound: Callable[[list[Any]], Iterable[Any]] = list


@dataclass(frozen=True)
class Line:
    """A line as it is shown: its cells in the order of the columns, struck when void; `bare`: a number without a row."""

    cells: tuple[str | Corrected, ...]
    void: bool = False
    reason: str = ""
    bare: bool = False
    level: int | None = None
    paper: str = ""  # address of the line's form, when it can be printed


@dataclass(frozen=True)
class Register:
    """A customary register: form id (F08), title, columns in the customary order, lines as this person may know them.

    `rows`: (person) -> Lines, or all lines as an iterable where there will never be more than a few hundred.
    `keepers`: the posts that read the serial numbers (first column); others get an extract without them, since a gap
    tells of a hidden line. Empty: everybody, because no line of the register is hidden. `series`: of its serial numbers;
    those that were voided (base.numbers) stand among the lines, for keepers. A row with `void` true is struck, with its
    `void_reason`. `level` tells a row's level: a printed list is handled as its highest. `purpose`: what the register is
    for, one sentence; `first`: the deed that makes its first line.
    """

    form: str
    title: str
    columns: tuple[Column, ...]
    rows: Callable[[Any], Lines | Iterable[Any]]
    posts: frozenset[str] = frozenset()
    keepers: frozenset[str] = frozenset()
    extract: bool = False
    series: str = ""
    level: Callable[[Any], int | None] | None = None
    purpose: str = ""
    first: Entry | None = None

    @property
    def groups(self) -> list[tuple[Column, ...]]:
        """The columns as they stand beside each other: those that share a cell together."""
        found: list[tuple[Column, ...]] = []
        for column in self.columns:
            if column.under and found:
                found[-1] = (*found[-1], column)
            else:
                found.append((column,))
        return found

    def as_read_by(self, posts: Collection[str]) -> "Register":
        """The register, or its extract without serial numbers, for somebody who holds these posts."""
        if not self.keepers or self.keepers & set(posts):
            return self
        return replace(self, columns=self.columns[1:], extract=True, series="")

    def values(self, row: Any) -> dict[str, str]:
        """What the keyed columns say of a row, by the fields of the form: the same words go onto the form."""
        return {column.key: str(column.value(row)) for column in self.columns if column.key}

    def line(self, row: Any) -> Line:
        """A row as it is shown."""
        void = bool(getattr(row, "void", False))
        cells = tuple(column.value(row) for column in self.columns)
        return Line(cells, void, str(getattr(row, "void_reason", "")) if void else "", level=self.level(row) if self.level else None)


def void_words(line: Line) -> str:
    """作废 and why."""
    return _("作废：%(why)s") % {"why": line.reason} if line.reason else _("作废")


@dataclass(frozen=True)
class Signed:
    """An electronic sign in a box of a form: who, as what, for whom (代), when, number of its entry in the log.

    `stamp`: one word in a red frame (批准, 退回); `words`: the opinion.
    """

    name: str
    post: str = ""
    on_behalf_of: str = ""
    at: datetime | None = None
    log_no: int | None = None
    stamp: str = ""
    words: str = ""


@dataclass(frozen=True)
class Listed:
    """A list inside a form: headings, their shares of the width, rows of texts."""

    headings: tuple[str, ...]
    shares: tuple[float, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Filled:
    """A form as it goes to paper. `values`: texts by field key of forms.toml; what is missing is left for the pen.

    `signs`: electronic signs by field key or by the word of a signature; one without stays empty, with room for ink.
    `boxes`: fields without a sign of their own that are drawn as boxes for an opinion; `lists`: fields drawn as a table.
    `title`: where the sheet is called otherwise than its book.
    `state`: the state reached, one of the form's words. `mark`: level mark of the item; `code`: random id for the QR.
    """

    number: str = ""
    values: dict[str, str] = field(default_factory=dict)
    signs: dict[str, tuple[Signed, ...]] = field(default_factory=dict)
    boxes: tuple[str, ...] = ()
    lists: dict[str, Listed] = field(default_factory=dict)
    state: str = ""
    mark: str = ""
    department: str = ""
    basis: str = ""
    code: str = ""
    level: int | None = None
    title: str = ""


@dataclass(frozen=True)
class Form:
    """A form that can be printed for one matter: form id (F08), how it is filled, which uid a line of the register has.

    `filled`: (person, session, uid) -> Filled, called inside the deed that records the print; raises NotThere where the
    person may not know the matter, Refused where he may not have it on paper.
    """

    form: str
    filled: Callable[[Any, Any, str], Filled]
    uid: Callable[[Any], str] = lambda row: str(row.uid)


@dataclass(frozen=True)
class Labels:
    """Labels that a room prints: name (`copies:copy`) and how they are made.

    `of`: (person, uids) -> labels in that order, called inside the deed that records the print; raises NotThere where the
    person may not know one of them, Refused where he may not label it.
    """

    name: str
    of: Callable[[Any, list[str]], list[Label]]
