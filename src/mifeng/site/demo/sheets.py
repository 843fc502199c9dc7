"""Sets a paper as PDF by GB/T 9704-2012: A4, 37 mm above, 28 mm at the left, 156 x 225 mm, 22 lines of 28 characters.

Neither level nor copy number is printed: the house draws them, so the first 20 mm of the type area stay free.
"""

import io
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from mifeng.site.demo.reading import COMPANY, Block, Paper, banner, wide

MM = 72 / 25.4
PAGE = (210 * MM, 297 * MM)
LEFT, TOP, WIDTH, HEIGHT = 28 * MM, 37 * MM, 156 * MM, 225 * MM
LEADING = HEIGHT / 22
BODY = WIDTH / 28
CELL, CELL_LEADING = 12.0, 17.0
SERIF, BOLD, SANS = "MifengSerif", "MifengSerifBold", "MifengSans"
FONT_FILES = {SERIF: "NotoSerifSC-Regular.ttf", BOLD: "NotoSerifSC-Bold.ttf", SANS: "NotoSansSC-Regular.ttf"}
Ink = tuple[float, float, float]
BLACK, RED, DARK, PALE = (0.0, 0.0, 0.0), (0.78, 0.06, 0.09), (0.25, 0.25, 0.25), (0.6, 0.6, 0.6)
CLOSERS = frozenset("\uff0c\u3002\u3001\uff1b\uff1a\uff1f\uff09\u201d\u300b\u3015\u2103%")
HANGING = frozenset("\uff0c\u3002\u3001\uff1b\uff1a\uff09\u201d\u300b\u3015")
OPENERS = frozenset("\uff08\u201c\u300a\u3014")
TITLE_STOPS = "的年度会与及"


@dataclass(frozen=True)
class Token:
    """A Chinese character or an unbroken run of Latin letters and digits, with its font and width in points."""

    text: str
    font: str
    width: float


@lru_cache(maxsize=1)
def register_fonts() -> None:
    """Makes the fonts that the house ships known to the setter, once."""
    for name, file in FONT_FILES.items():
        with as_file(files("mifeng").joinpath("engines", "watermark", "fonts", file)) as path:
            pdfmetrics.registerFont(TTFont(name, path))


def tokens(text: str, font: str, size: float) -> list[Token]:
    """The text in wide signs as what a line may be broken between; needs the fonts registered."""
    found = re.findall(r"[0-9A-Za-z.,%/+:\-\u00d7]+| |.", wide(text))
    return [Token(piece, font, pdfmetrics.stringWidth(piece, font, size)) for piece in found]


def _natural(line: list[Token]) -> float:
    """Width of a line; a closing sign at its end counts half, for its ink lies in the left half of its square."""
    hanging = line[-1].width / 2 if line and line[-1].text in HANGING else 0
    return sum(token.width for token in line) - hanging


def broken(pieces: list[Token], width: float, indent: float = 0) -> list[list[Token]]:
    """The pieces as lines no wider than `width`; none begins with a closing sign or ends with an opening one."""
    lines: list[list[Token]] = []
    line: list[Token] = []
    for token in pieces:
        room = width - (0 if lines else indent)
        if line and _natural([*line, token]) > room + 0.1:
            down = [token]
            while len(line) > 1 and (down[0].text in CLOSERS or line[-1].text in OPENERS):
                down.insert(0, line.pop())
            lines.append(line)
            line = down
        else:
            line.append(token)
    return [*lines, line] if line else lines


def title_lines(title: str, most: int = 19) -> list[str]:
    """The title in one line or, when longer than `most` characters, in two that divide at a word near the middle."""
    if len(title) <= most:
        return [title]
    middle = len(title) / 2
    stops = [at + 1 for at, sign in enumerate(title[:-1]) if sign in TITLE_STOPS and len(title) - at - 1 <= most]
    at = min(stops, key=lambda stop: abs(stop - middle), default=round(middle))
    return [title[:at], title[at:]]


class _Sheets:
    """The sheets of one paper; `y` is the distance from the upper edge to the top of the next line, in points."""

    def __init__(self, out: io.BytesIO, told: Paper) -> None:
        self.canvas = Canvas(out, pagesize=PAGE, invariant=1, pageCompression=1)
        self.canvas.setTitle(wide(told.title))
        self.canvas.setAuthor(COMPANY)
        self.canvas.setCreator(COMPANY)
        self.y, self.number = TOP, 1

    def need(self, height: float) -> bool:
        """Goes to the next sheet when `height` no longer fits; True when it did."""
        if self.y + height <= TOP + HEIGHT + 1:
            return False
        self.turn()
        return True

    def turn(self) -> None:
        self.close()
        self.number, self.y = self.number + 1, TOP

    def close(self) -> None:
        """Page number, 四号, 7 mm below the type area: odd at the right, even at the left, one character in."""
        text = f"— {self.number} —"
        if self.number % 2:
            self.put(text, SERIF, 14, TOP + HEIGHT + 7 * MM, right=LEFT + WIDTH - 14)
        else:
            self.put(text, SERIF, 14, TOP + HEIGHT + 7 * MM, left=LEFT + 14)
        self.canvas.showPage()

    def put(
        self, text: str, font: str, size: float, y: float, *, left: float = LEFT, right: float | None = None,
        centre: bool = False, spread: float = 0, ink: Ink = BLACK,
    ) -> None:  # fmt: skip
        """One line whose character squares begin at `y`; `spread` is added between characters."""
        length = pdfmetrics.stringWidth(text, font, size) + spread * (len(text) - 1)
        x = LEFT + (WIDTH - length) / 2 if centre else left if right is None else right - length
        self.canvas.setFillColorRGB(*ink)
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, PAGE[1] - y - size * 0.88, text, charSpace=spread)

    def rule(self, y: float, weight: float, ink: Ink = BLACK) -> None:
        """A line over the whole width of the type area."""
        self.canvas.setStrokeColorRGB(*ink)
        self.canvas.setLineWidth(weight)
        self.canvas.line(LEFT, PAGE[1] - y, LEFT + WIDTH, PAGE[1] - y)

    def set_line(self, line: list[Token], x: float, y: float, size: float, spread: float) -> None:
        """A broken line, its runs of one font together."""
        text = self.canvas.beginText(x, PAGE[1] - y - size * 0.88)
        self.canvas.setFillColorRGB(*BLACK)
        text.setCharSpace(spread)
        start = 0
        for at in range(1, len(line) + 1):
            if at == len(line) or line[at].font != line[start].font:
                text.setFont(line[start].font, size)
                text.textOut("".join(token.text for token in line[start:at]))
                start = at
        self.canvas.drawText(text)

    def set_paragraph(self, pieces: list[Token], indent: float) -> None:
        """Both edges even, the last line as it falls; a single first or last line does not stand alone on a sheet."""
        lines = broken(pieces, WIDTH, indent)
        for at, line in enumerate(lines):
            left = len(lines) - at  # this line among them
            self.need(LEADING * (2 if (at == 0 and left > 1) or (at > 0 and left == 2) else 1))
            shift = indent if at == 0 else 0
            last = left == 1
            signs = sum(len(token.text) for token in line)
            spread = 0.0 if last or signs < 2 else (WIDTH - shift - _natural(line)) / (signs - 1)
            self.set_line(line, LEFT + shift, self.y + (LEADING - BODY) / 2, BODY, spread)
            self.y += LEADING


def pdf(told: Paper) -> bytes:
    """The paper as PDF, the same bytes each time."""
    register_fonts()
    out = io.BytesIO()
    sheets = _Sheets(out, told)
    (_red_head if told.red_headed else _plain_head)(sheets, told)
    for block in told.blocks:
        _set(sheets, block)
    _signature(sheets, [block.text for block in told.blocks if block.kind == "signature"])
    if told.red_headed:
        _imprint(sheets, told)
    sheets.close()
    sheets.canvas.save()
    return out.getvalue()


def _red_head(sheets: _Sheets, told: Paper) -> None:
    name = banner(told)
    size = min(33.0, (WIDTH - 12) / len(name) * 0.985)
    spread = (WIDTH - 8 - size * len(name)) / (len(name) - 1)
    sheets.put(name, BOLD, size, TOP + 35 * MM, centre=True, spread=spread, ink=RED)
    y = TOP + 35 * MM + size + LEADING
    sheets.put(told.ref, SERIF, BODY, y, centre=True)
    sheets.rule(y + BODY + 4 * MM, 2.2, RED)
    _title(sheets, told, y + BODY + 4 * MM + LEADING * 1.3)


def _plain_head(sheets: _Sheets, told: Paper) -> None:
    y = TOP + 20 * MM
    sheets.put(COMPANY, SANS, 10.5, y, centre=True, spread=3.2, ink=DARK)
    sheets.rule(y + 20, 0.9, DARK)
    sheets.rule(y + 22.4, 0.3, DARK)
    _title(sheets, told, y + 22 + LEADING * 1.2)


def _title(sheets: _Sheets, told: Paper, y: float) -> None:
    for line in title_lines(told.title):
        sheets.put(wide(line), BOLD, 22, y, centre=True)
        y += 34
    sheets.y = y + LEADING * 0.75


def _set(sheets: _Sheets, block: Block) -> None:
    if block.kind in ("signature", "imprint"):
        return
    if block.kind == "table":
        _table(sheets, block.rows)
    elif block.kind == "sign_off":
        sheets.y += LEADING * 0.5
        sheets.set_paragraph(tokens(block.text, SERIF, BODY), 2 * BODY)
    elif block.kind == "heading":
        sheets.need(LEADING * 3)
        sheets.set_paragraph(tokens(block.text, SANS, BODY), 2 * BODY)
    else:
        if not block.text:  # a head alone keeps two lines of what follows
            sheets.need(LEADING * 3)
        whole = wide(block.head + block.text)  # widened as one, so that a sign on the seam sees both its neighbours
        cut = len(block.head)
        pieces = [*tokens(whole[:cut], SANS, BODY), *tokens(whole[cut:], SERIF, BODY)]
        sheets.set_paragraph(pieces, 0 if block.kind == "addressee" else 2 * BODY)


def column_widths(rows: tuple[tuple[str, ...], ...], size: float, width: float) -> list[float]:
    """Shares of `width` by each column's widest cell, so that short columns stay short."""
    columns = zip(*rows, strict=True)
    widest = [max(pdfmetrics.stringWidth(wide(cell), SERIF, size) for cell in column) + size for column in columns]
    if sum(widest) <= width:
        return [one + (width - sum(widest)) / len(widest) for one in widest]
    fair = width / len(widest)
    short = [one for one in widest if one <= fair]
    factor = (width - sum(short)) / (sum(widest) - sum(short))
    return [one if one <= fair else one * factor for one in widest]


def _table(sheets: _Sheets, rows: tuple[tuple[str, ...], ...]) -> None:
    """Three lines and hairlines; the head comes again on the next sheet."""
    widths = column_widths(rows, CELL, WIDTH)
    sheets.y += 5
    sheets.need(75)
    for number, row in enumerate(rows):
        cells = _cells(row, widths, head=number == 0)
        if sheets.need(_height(cells)):
            _table_row(sheets, _cells(rows[0], widths, head=True), widths, head=True)
        _table_row(sheets, cells, widths, head=number == 0)
    sheets.rule(sheets.y, 1.1)
    sheets.y += 9


def _cells(row: tuple[str, ...], widths: list[float], *, head: bool) -> list[list[list[Token]]]:
    font = SANS if head else SERIF
    return [broken(tokens(cell, font, CELL), width - CELL) for cell, width in zip(row, widths, strict=True)]


def _height(cells: list[list[list[Token]]]) -> float:
    return max(len(lines) for lines in cells) * CELL_LEADING + 8


def _table_row(sheets: _Sheets, cells: list[list[list[Token]]], widths: list[float], *, head: bool) -> None:
    height, x = _height(cells), LEFT
    sheets.rule(sheets.y, 1.1 if head else 0.25, BLACK if head else PALE)
    for lines, width in zip(cells, widths, strict=True):
        y = sheets.y + (height - CELL_LEADING * len(lines) + CELL_LEADING - CELL) / 2
        for line in lines:
            length = sum(token.width for token in line)
            inset = (width - length) / 2 if len(lines) == 1 else CELL / 2
            sheets.set_line(line, x + inset, y, CELL, 0)
            y += CELL_LEADING
        x += width
    sheets.y += height
    if head:
        sheets.rule(sheets.y, 0.6)


def _signature(sheets: _Sheets, lines: list[str]) -> None:
    """署名 and 成文日期, centred over one another; the date ends four characters from the right edge."""
    if not lines:
        return
    sheets.y += LEADING * 0.7
    sheets.need(LEADING * len(lines))
    centre = LEFT + WIDTH - 4 * BODY - pdfmetrics.stringWidth(lines[-1], SERIF, BODY) / 2
    for line in lines:
        text = line.replace(" ", "\u3000")
        half = min(pdfmetrics.stringWidth(text, SERIF, BODY) / 2, LEFT + WIDTH - centre)
        sheets.put(text, SERIF, BODY, sheets.y + (LEADING - BODY) / 2, right=centre + half)
        sheets.y += LEADING


def _imprint(sheets: _Sheets, told: Paper) -> None:
    """版记 at the foot of the last sheet: who printed it, and when."""
    height = 27.0
    sheets.need(height + LEADING / 2)
    top = TOP + HEIGHT - height
    day = told.issued_on
    sheets.rule(top, 1)
    sheets.put("总经理办公室", SERIF, 14, top + 6, left=LEFT + 14)
    if day:
        sheets.put(f"{day.year}年{day.month}月{day.day}日印发", SERIF, 14, top + 6, right=LEFT + WIDTH - 14)
    sheets.rule(top + height, 1)
