"""Scans for the tests: pages set with our own letters, then seen as a scanner sees them."""

from __future__ import annotations

import functools
import io
import tomllib
from pathlib import Path

import numpy
import pypdfium2
from PIL import Image

from mifeng.engines.intake import Recognised, typeset

ROOT = Path(__file__).resolve().parents[3]
FONT = ROOT / "src" / "mifeng" / "engines" / "watermark" / "fonts" / "NotoSerifSC-Regular.ttf"
REGULATION = sorted((ROOT / "src" / "mifeng" / "regulation").glob("?_*.toml"))


def signs(text: str) -> str:
    return "".join(text.split())


def right(found: str, truth: str) -> float:
    """The share of the signs that are right: 1 - edit distance / length."""
    found, truth = signs(found), signs(truth)
    row = list(range(len(truth) + 1))
    for number, sign in enumerate(found, start=1):
        last, row[0] = row[0], number
        for place, wanted in enumerate(truth, start=1):
            last, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, last + (sign != wanted))
    return 1 - row[-1] / len(truth)


@functools.cache
def regulation(length: int, start: int = 0) -> str:
    """So many signs of our own regulation: Chinese, figures and punctuation as an office writes them."""
    found: list[str] = []

    def gather(value: object) -> None:
        if isinstance(value, dict):
            for one in value.values():
                gather(one)
        elif isinstance(value, list):
            for one in value:
                gather(one)
        elif isinstance(value, str) and sum("\u4e00" <= sign <= "\u9fff" for sign in value) > 12:
            found.append(value)

    for file in REGULATION:
        gather(tomllib.loads(file.read_text("utf-8")))
    return "".join(signs("\n".join(found)))[start : start + length]


@functools.cache
def typeset_page(text: str) -> bytes:
    typeset.prepare(str(FONT))
    told, pdf = typeset.typeset(text.encode("utf-8"), "utf-8", {})
    assert told == {"pages": 1, "missing": 0}
    return pdf


def scan(text: str, turn: float = 0.7, noise: float = 12.0, coarse: int = 1, share: float = 0.25) -> Image.Image:
    """The upper share of the page as a scanner sees it: 200 dpi, laid on at an angle, grainy; `coarse`: dots seen as one."""
    page = pypdfium2.PdfDocument(typeset_page(text))[0].render(scale=200 / 72).to_pil().convert("L")
    page = page.crop((0, 0, page.width, int(page.height * share)))
    page = page.resize((page.width // coarse, page.height // coarse), Image.Resampling.BOX)
    page = page.resize((page.width * coarse, page.height * coarse), Image.Resampling.BILINEAR)
    page = page.rotate(turn, resample=Image.Resampling.BICUBIC, expand=abs(turn) > 45, fillcolor=255)
    grain = numpy.random.default_rng(7).normal(0, noise, (page.height, page.width))
    return Image.fromarray(numpy.clip(numpy.asarray(page) + grain, 0, 255).astype("uint8"))


def stored(picture: Image.Image, form: str) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, dpi=(200, 200))
    return out.getvalue()


def words(found: Recognised) -> str:
    return "\n".join(line.text for line in found.lines)
