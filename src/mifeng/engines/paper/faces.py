"""Typefaces: which file draws which sign. A sign that no face has is drawn as 〓 and its code point."""

import re
import threading
import unicodedata
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

MISSING = "〓"
# What a line may not begin with, and what it may not end with.
CLOSING = frozenset("，。、；：？\uff01）”’》〉」』】〕…—·℃％%,.;:?!)]}")
OPENING = frozenset("（“‘《〈「『【〔([{")
_TOKEN = re.compile(r"[0-9A-Za-z.,:%/+\-_×#&@'=]+| +|.", re.DOTALL)
_registering = threading.Lock()


class FaceBroken(Exception):
    """A font file that cannot be used: says which and why."""


@dataclass(frozen=True)
class Faces:
    """The faces of papers: 宋, its bold, 黑, 小标宋 (titles, banner), 仿宋 (bodies), 楷 (signatures); `spare` for rare signs.

    TrueType files (.ttf, or .ttc whose first face is taken).
    """

    song: Path
    bold: Path
    hei: Path
    banner: Path
    fang: Path
    kai: Path
    spare: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Token:
    """What a line is not broken within: one Chinese sign, or a run of Latin letters and digits; widths in points."""

    text: str
    font: str
    width: float


def font(path: Path) -> TTFont:
    """The font of that file, known to the setter. Raises FaceBroken."""
    with _registering:
        return _font(path)


@lru_cache(maxsize=64)
def _font(path: Path) -> TTFont:
    try:
        made = TTFont(f"mf{zlib.crc32(str(path).encode()):08x}", str(path))
    except (TTFError, OSError) as fault:
        raise FaceBroken(f"{path}: {fault}") from fault
    pdfmetrics.registerFont(made)
    return made


def cleaned(text: str) -> str:
    """Text fit for paper: NFC, no control or format signs but line ends."""
    whole = unicodedata.normalize("NFC", str(text)).replace("\r\n", "\n").replace("\t", " ")
    return "".join(sign for sign in whole if sign == "\n" or unicodedata.category(sign)[0] != "C")


def width(text: str, path: Path, size: float, faces: Faces) -> float:
    """How wide a line is in points."""
    return sum(token.width for token in tokens(text, path, size, faces))


def tokens(text: str, path: Path, size: float, faces: Faces) -> list[Token]:
    """Cleaned text as what a line may be broken between; signs that the face lacks stand in another."""
    found: list[Token] = []
    for piece in _TOKEN.findall(text):
        made = font(path)
        if all(ord(sign) in made.face.charToGlyph for sign in piece):
            found.append(_token(piece, made, size))
        else:
            found += [_sign(sign, path, size, faces) for sign in piece]
    return found


def _sign(sign: str, path: Path, size: float, faces: Faces) -> Token:
    for one in (path, faces.song, faces.hei, *faces.spare):
        if ord(sign) in font(one).face.charToGlyph:
            return _token(sign, font(one), size)
    return _token(f"{MISSING}{ord(sign):04X}", font(faces.song), size)


def _token(text: str, made: TTFont, size: float) -> Token:
    known, usual = made.face.charWidths, made.face.defaultWidth
    return Token(text, made.fontName, sum(known.get(ord(sign), usual) for sign in text) * size / 1000)


def lines(text: str, path: Path, size: float, wide: float, faces: Faces, indent: float = 0) -> list[list[Token]]:
    """The text in lines no wider than `wide` points; none begins with a closing sign or ends with an opening one.

    A run that is wider than a line by itself is broken anywhere. `indent`: of the first line of each paragraph. An empty
    paragraph is an empty line.
    """
    found: list[list[Token]] = []
    for paragraph in cleaned(text).split("\n"):
        found += _paragraph(tokens(paragraph, path, size, faces), wide, indent) or [[]]
    return found


def _paragraph(pieces: list[Token], wide: float, indent: float) -> list[list[Token]]:
    done: list[list[Token]] = []
    line: list[Token] = []
    length = indent
    for token in (part for piece in pieces for part in _fitting(piece, wide)):
        if line and length + token.width > wide + 0.1 and not token.text.isspace():
            down = [token]
            while len(line) > 1 and (down[0].text in CLOSING or line[-1].text in OPENING):
                down.insert(0, line.pop())
            done.append(line)
            line, length = down, sum(one.width for one in down)
        else:
            line.append(token)
            length += token.width
    return [*done, line] if line else done


def _fitting(token: Token, wide: float) -> list[Token]:
    if token.width <= wide or len(token.text) == 1:
        return [token]
    return [Token(sign, token.font, token.width / len(token.text)) for sign in token.text]
