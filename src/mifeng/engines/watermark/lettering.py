"""Text of a visible mark -> ink masks. Text is data here: cleaned, cut to length, and drawn glyph by glyph from
fonts that have it.

A sign that neither the shipped font nor a system font has is drawn as 〓 and its code point (〓9F98), so that it
still tells one name from another and a mark is never empty.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

FONTS = Path(__file__).parent / "fonts"
SANS = FONTS / "NotoSansSC-Regular.ttf"
# Fallback faces with their index in a collection. Those that are not installed are passed over.
SYSTEM_FACES = (
    (Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"), 2),
    (Path("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc"), 0),
    (Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"), 0),
)
MISSING = "〓"
STARS = frozenset("★☆✩✪✫✬✭✮✯✰⭐🌟⚝🟊⯪⯫")
MARKS_ON_A_SIGN = 2

Mask = NDArray[np.uint8]
Face = tuple[Path, int]


def cleaned(text: str, limit: int) -> str:
    """Returns `text` fit for drawing: NFC, one line, at most `limit` signs (the last then `…`).

    Removed are control, format (bidi, zero-width), private and unassigned signs, surrogates, variation selectors,
    stars (company levels never carry one), and combining marks beyond two on a sign. May be empty.
    """
    kept: list[str] = []
    marks = 0
    # Cut before normalising: a hostile name may be a million signs long.
    for sign in unicodedata.normalize("NFC", text[: 8 * limit]):
        category = unicodedata.category(sign)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if category in ("Zs", "Zl", "Zp", "Cc") or sign in STARS:
            kept.append(" ")
        elif category[0] != "C" and marks <= MARKS_ON_A_SIGN and not _is_selector(sign):
            kept.append(sign)
    line = " ".join("".join(kept).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _is_selector(sign: str) -> bool:
    return 0xFE00 <= ord(sign) <= 0xFE0F or 0xE0100 <= ord(sign) <= 0xE01EF or 0x1F3FB <= ord(sign) <= 0x1F3FF


@lru_cache(maxsize=64)
def _font(face: Face, size: int) -> ImageFont.FreeTypeFont:
    layout = ImageFont.Layout.BASIC if face[0] == SANS else None
    return ImageFont.truetype(str(face[0]), size, index=face[1], layout_engine=layout)


@lru_cache(maxsize=16)
def _empty_box(face: Face) -> bytes:
    """Returns the picture of the glyph that a face shows for signs it lacks."""
    return bytes(_font(face, 24).getmask("\U0010fffe"))


@lru_cache(maxsize=4096)
def _face_of(sign: str, system: tuple[Face, ...]) -> Face | None:
    """Returns the first face that has the sign, or None."""
    for face in ((SANS, 0), *system):
        if face[0].is_file():
            picture = bytes(_font(face, 24).getmask(sign))
            if sign == " " or (any(picture) and picture != _empty_box(face)):
                return face
    return None


@dataclass(frozen=True)
class Run:
    """Signs that follow one another in one face; `upright` signs keep standing in a vertical line."""

    text: str
    face: Face
    upright: bool


def runs(text: str) -> list[Run]:
    """Splits cleaned text into runs of one face; signs that no face has become 〓 and their code point."""
    pieces: list[Run] = []
    for sign in text:
        face = _face_of(sign, SYSTEM_FACES)
        shown = sign if face else f"{MISSING}{ord(sign):04X}"
        upright = unicodedata.east_asian_width(sign) in "WF" and face is not None
        piece = Run(shown, face or (SANS, 0), upright)
        if pieces and (pieces[-1].face, pieces[-1].upright) == (piece.face, piece.upright):
            pieces[-1] = Run(pieces[-1].text + shown, piece.face, upright)
        else:
            pieces.append(piece)
    return pieces


def line(text: str, size: int) -> Mask:
    """Returns the ink (0..255) of one horizontal line of cleaned text, `size` px an em, 1.5 em high."""
    pieces = [(run, _font(run.face, size)) for run in runs(text)]
    widths = [int(np.ceil(font.getlength(run.text))) for run, font in pieces]
    sheet = Image.new("L", (max(1, sum(widths)) + size // 4, round(size * 1.5)))
    pen, x = ImageDraw.Draw(sheet), size // 8
    for (run, font), width in zip(pieces, widths, strict=True):
        pen.text((x, round(size * 1.1)), run.text, font=font, fill=255, anchor="ls")
        x += width
    return np.asarray(sheet)


def fitting_line(text: str, size: int, width: int, smallest: int) -> Mask:
    """Returns a line no wider than `width` px: set smaller, down to `smallest`, then shortened with `…`."""
    mask = line(text, size)
    if mask.shape[1] > width:
        size = max(smallest, int(size * width / mask.shape[1]))
        mask = line(text, size)
    while mask.shape[1] > width and len(text) > 1:
        text = text[: max(1, min(len(text) - 2, int(len(text) * width / mask.shape[1]) - 1))] + "…"
        mask = line(text, size)
        if len(text) <= 2:
            break
    return mask[:, : max(1, width)]


def column(text: str, size: int) -> Mask:
    """Returns the ink of one vertical line, 1.5 em wide: Chinese signs stand, Latin and figures lie, read from
    above.
    """
    width, parts = round(size * 1.5), []
    for run in runs(text):
        if run.upright:
            parts += [_standing(sign, run.face, size, width) for sign in run.text]
        else:
            # Lines of other faces than Sans come from `line` too, so that one place knows about baselines.
            parts.append(np.rot90(line(run.text, size), -1))
    return np.concatenate(parts or [np.zeros((1, width), np.uint8)])


def _standing(sign: str, face: Face, size: int, width: int) -> Mask:
    cell = Image.new("L", (width, round(size * 1.05)))
    ImageDraw.Draw(cell).text((width // 2, round(size * 0.9)), sign, font=_font(face, size), fill=255, anchor="ms")
    return np.asarray(cell)


def slanted(mask: Mask, degrees: float) -> Mask:
    """Returns the ink turned by `degrees` anticlockwise, on a sheet that holds all of it."""
    return np.asarray(Image.fromarray(mask).rotate(degrees, Image.Resampling.BICUBIC, expand=True))
