"""An issued paper by the habit of GB/T 9704-2012: red head or plain, mark on its lines, body, imprint on the last sheet.

A4; 37 mm above, 28 mm at the left, 156 x 225 mm, 22 lines of 28 signs. Lengths in mm, sizes of letters in points.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mifeng.engines.paper.faces import Faces, Token
from mifeng.engines.paper.sheets import BLACK, MM, PORTRAIT, Ink, Sheets, Text

LEFT, TOP, WIDE, HIGH = 28.0, 37.0, 156.0, 225.0
LINE = HIGH / 22
SIGN = WIDE / 28
BODY = SIGN * MM  # 三号: 28 of them fill a line
TITLE, SMALL = 22.0, 14.0  # 二号, 四号
BANNER = 35.0  # from the top of the type area to that of the banner
BELOW_REFERENCE = 4.0  # the red line
CRIMSON: Ink = (0.78, 0.06, 0.09)
HANGING = frozenset("，。、；：）”》〕")
STOPS = frozenset("的与和及")  # a title is divided after one of these, if it can be
FIRST, SECOND = re.compile(r"[一二三四五六七八九十]+、"), re.compile(r"（[一二三四五六七八九十]+）")


@dataclass(frozen=True)
class Issued:
    """What stands on an issued paper; "" = not there. Dates and labels come in words (抄送：董事会办公室。).

    `copy_no`: 份号, six figures. `mark`: level and term; `struck`: the mark before, shown struck beside it. `urgency`: 特急,
    加急. `banner`: in red on a red-headed paper; on a `plain` one the company's name above a black double line. `signer`:
    label and name, of a paper that goes upwards. `attachments`: 附件说明 after the body. `imprint`: 抄送, office and day.
    """

    banner: str
    title: str
    reference: str = ""
    copy_no: str = ""
    mark: str = ""
    struck: str = ""
    urgency: str = ""
    signer: tuple[str, str] = ("", "")
    addressee: str = ""
    body: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    signature: str = ""
    day: str = ""
    copied_to: str = ""
    imprint: tuple[str, str] = ("", "")
    plain: bool = False
    demo: str = ""
    creator: str = ""


def pdf(told: Issued, faces: Faces) -> bytes:
    """The paper as PDF, the same bytes each time. The title is in no property of the file. Raises FaceBroken."""
    setter = _Setter(told, Sheets(faces, PORTRAIT, "", told.creator))
    setter.head()
    setter.words()
    setter.foot()
    return setter.sheets.pdf()


class _Setter:
    """`y`: where the next line begins, in mm from the upper edge."""

    def __init__(self, told: Issued, sheets: Sheets) -> None:
        self.told, self.sheets, self.faces = told, sheets, sheets.faces
        self.y, self.number = TOP, 1

    def put(self, words: str, face: Path, size: float, y: float, ink: Ink = BLACK, **where: float) -> None:
        self.sheets.put(Text(words, face, size, ink=ink), where.pop("x", LEFT), y, **where)

    # ---------------------------------------------------------------------------------------------------------- the head

    def head(self) -> None:
        self._marks()
        below = self._plain_head() if self.told.plain else self._red_head()
        title = Text(self.told.title, self.faces.banner, TITLE)
        y = below + 2 * LINE + (LINE - TITLE / MM) / 2 - LINE
        for line in _balanced(self.sheets, title):
            self.put(line, self.faces.banner, TITLE, y, centre=LEFT + WIDE / 2)
            y += 12.0
        self.y = y - (LINE - TITLE / MM) / 2 + LINE * 0.8

    def _marks(self) -> None:
        """份号, 密级和保密期限, 紧急程度: one line each, in this order, from the first line on."""
        told, y = self.told, TOP + (LINE - SIGN) / 2
        if told.copy_no:
            self.put(told.copy_no, self.faces.fang, BODY, y)
            y += LINE
        if told.mark:
            x = LEFT
            if told.struck:
                old = Text(told.struck, self.faces.hei, BODY, struck=True)
                self.sheets.put(old, x, y)
                x += self.sheets.measured(old) + SIGN
            self.put(told.mark, self.faces.hei, BODY, y, x=x)
            y += LINE
        if told.urgency:
            self.put(told.urgency, self.faces.hei, BODY, y)
        if told.demo:
            self.put(told.demo, self.faces.hei, 9, TOP - 8, CRIMSON, right=LEFT + WIDE)

    def _red_head(self) -> float:
        """The banner, the number of the paper, the red line; returns where that lies."""
        name = Text(self.told.banner, self.faces.banner, 100)
        size = min(40.0, 100 * WIDE * 0.96 / self.sheets.measured(name)) if self.told.banner else 40.0
        self.put(self.told.banner, self.faces.banner, size, TOP + BANNER, CRIMSON, centre=LEFT + WIDE / 2)
        y = TOP + BANNER + size / MM + 2 * LINE
        label, signer = self.told.signer
        if signer:
            self.put(self.told.reference, self.faces.fang, BODY, y, x=LEFT + SIGN)
            right = LEFT + WIDE - SIGN
            self.put(signer, self.faces.kai, BODY, y, right=right)
            self.put(label, self.faces.fang, BODY, y, right=right - self.sheets.measured(Text(signer, self.faces.kai, BODY)))
        else:
            self.put(self.told.reference, self.faces.fang, BODY, y, centre=LEFT + WIDE / 2)
        y += SIGN + BELOW_REFERENCE
        self.sheets.line(LEFT, y, LEFT + WIDE, y, 1.6, CRIMSON)
        return y

    def _plain_head(self) -> float:
        y = TOP + BANNER
        self.put(self.told.banner, self.faces.hei, BODY, y, centre=LEFT + WIDE / 2)
        y += SIGN + 3.0
        self.sheets.line(LEFT, y, LEFT + WIDE, y, 1.4)
        self.sheets.line(LEFT, y + 0.9, LEFT + WIDE, y + 0.9, 0.5)
        self.put(self.told.reference, self.faces.fang, SMALL, y + 2.5, right=LEFT + WIDE)
        return y + 4.0

    # ---------------------------------------------------------------------------------------------------------- the body

    def words(self) -> None:
        told = self.told
        if told.addressee:
            self._paragraph(told.addressee, 0)
        for paragraph in told.body:
            self._paragraph(paragraph, 2 * SIGN)
        if told.attachments:
            self.y += LINE
            for line in told.attachments:
                self._paragraph(line, 2 * SIGN)
        if told.signature or told.day:
            self._signed()

    def _need(self, high: float) -> None:
        if self.y + high > TOP + HIGH + 0.3:
            self._close()
            self.number, self.y = self.number + 1, TOP

    def _paragraph(self, words: str, indent: float) -> None:
        face = self.faces.hei if FIRST.match(words) else self.faces.kai if SECOND.match(words) else self.faces.fang
        like = Text(words, face, BODY)
        lines = self.sheets.broken(like, WIDE, indent)
        if FIRST.match(words) or SECOND.match(words):
            self._need(LINE * (len(lines) + 1))  # a heading keeps a line of what follows
        for at, line in enumerate(lines):
            left = len(lines) - at
            # A single first or last line does not stand alone on a sheet.
            self._need(LINE * (2 if (at == 0 and left > 1) or (at > 0 and left == 2) else 1))
            inset = indent if at == 0 else 0.0
            self.sheets.set_line(line, LEFT + inset, self.y + (LINE - SIGN) / 2, like, 0.0 if left == 1 else _spread(line, WIDE - inset))
            self.y += LINE

    def _signed(self) -> None:
        """署名 over 成文日期; the date ends four signs from the right edge, so that a seal has room over both."""
        self.y += LINE
        self._need(2 * LINE)
        inset = (LINE - SIGN) / 2
        right = LEFT + WIDE - 4 * SIGN
        middle = right - self.sheets.measured(Text(self.told.day, self.faces.fang, BODY)) / 2
        half = self.sheets.measured(Text(self.told.signature, self.faces.fang, BODY)) / 2
        middle = min(middle, LEFT + WIDE - half)
        self.put(self.told.signature, self.faces.fang, BODY, self.y + inset, centre=middle)
        self.put(self.told.day, self.faces.fang, BODY, self.y + LINE + inset, right=right)
        self.y += 2 * LINE

    # ---------------------------------------------------------------------------------------------------------- the foot

    def foot(self) -> None:
        """版记 at the foot of the last sheet: thick lines 0.35 mm above and below, thin ones 0.25 mm between."""
        told = self.told
        copied = self.sheets.broken(Text(told.copied_to, self.faces.fang, SMALL), WIDE - 2 * SMALL / MM) if told.copied_to else []
        row = 8.0
        high = (max(row, len(copied) * 6.4 + 1.6) if copied else 0.0) + (row if any(told.imprint) else 0.0)
        if high:
            self._need(high + LINE / 2)
            self._imprint(copied, TOP + HIGH - high, high, row)
        self._close()

    def _imprint(self, copied: Sequence[Sequence[Token]], y: float, high: float, row: float) -> None:
        thick, thin, inset = 0.35 * MM, 0.25 * MM, SMALL / MM
        self.sheets.line(LEFT, y, LEFT + WIDE, y, thick)
        self.sheets.line(LEFT, y + high, LEFT + WIDE, y + high, thick)
        office, day = self.told.imprint
        last = y + high - row
        if copied:
            like = Text("", self.faces.fang, SMALL)
            self.sheets.paragraph(copied, LEFT + inset, y + 1.6, like, 6.4)
        if office or day:
            if copied:
                self.sheets.line(LEFT, last, LEFT + WIDE, last, thin)
            self.put(office, self.faces.fang, SMALL, last + 1.5, x=LEFT + inset)
            self.put(day, self.faces.fang, SMALL, last + 1.5, right=LEFT + WIDE - inset)

    def _close(self) -> None:
        """Page number 7 mm below the type area: odd at the right, even at the left, one sign in."""
        words, y, inset = f"— {self.number} —", TOP + HIGH + 7.0, SMALL / MM
        if self.number % 2:
            self.put(words, self.faces.song, SMALL, y, right=LEFT + WIDE - inset)
        else:
            self.put(words, self.faces.song, SMALL, y, x=LEFT + inset)
        self.sheets.turn()


def _spread(line: Sequence[Token], wide: float) -> float:
    """Points to add between signs so that the line ends at the edge; a closing sign at its end may hang half out."""
    signs = sum(len(token.text) for token in line)
    hanging = line[-1].width / 2 if line and line[-1].text in HANGING else 0.0
    left = wide * MM - (sum(token.width for token in line) - hanging)
    return left / (signs - 1) if signs > 1 else 0.0


def _balanced(sheets: Sheets, title: Text) -> list[str]:
    """A title that needs two lines or more is divided into even ones, two of them after a word that may end a line."""
    lines = len(sheets.broken(title, WIDE))
    if lines == 1:
        return [title.words]
    half = len(title.words) / 2
    after = [at + 1 for at, sign in enumerate(title.words) if sign in STOPS and abs(at + 1 - half) <= 5]
    for at in sorted(after, key=lambda stop: abs(stop - half)) if lines == 2 else ():
        parts = [title.words[:at], title.words[at:]]
        if all(sheets.measured(Text(part, title.face, title.size)) <= WIDE for part in parts):
            return parts
    share = sheets.measured(title) / lines
    for room in (share + step * TITLE / MM / 2 for step in range(1, 40)):
        broken = sheets.broken(title, min(room, WIDE))
        if len(broken) <= lines or room >= WIDE:
            return ["".join(token.text for token in line) for line in broken]
    return [title.words]
