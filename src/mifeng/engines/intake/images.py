"""Pictures become PDF pages that hold pixels and nothing else: no EXIF, no place, no second picture."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .limits import Limits
from .reasons import Rejected, rejected

if TYPE_CHECKING:
    from PIL import Image

FORMATS = {"png": "PNG", "jpeg": "JPEG", "tiff": "TIFF", "webp": "WEBP"}
JPEG_QUALITY = 90
A4_POINTS = (595.28, 841.89)
BELIEVABLE_DPI = (50.0, 2400.0)


def prepare(**unused: str) -> None:
    """Load Pillow with the decoders of the four formats while files can still be opened."""
    from PIL import (  # start-up time of a verb
        Image,
        ImageOps,  # noqa: F401
        JpegImagePlugin,  # noqa: F401
        MpoImagePlugin,  # noqa: F401
        PngImagePlugin,  # noqa: F401
        TiffImagePlugin,  # noqa: F401
        WebPImagePlugin,  # noqa: F401
    )

    Image.preinit()
    # We measure each frame ourselves, before any pixel is decoded.
    Image.MAX_IMAGE_PIXELS = None


def measure(data: bytes, kind: str, limits: Limits) -> int | Rejected:
    """The number of pages a picture will give, from headers alone, or why it is refused."""
    try:
        picture = _opened(data, kind)
        frames = 0
        for _ in _frames(picture, kind, limits.frames + 1):
            frames += 1
            if picture.width * picture.height > limits.pixels:
                count, limit = (
                    f"{pixels / 1_000_000:.0f}" for pixels in (picture.width * picture.height, limits.pixels)
                )
                return rejected("pixels", count=count, limit=limit)
    except (OSError, SyntaxError, ValueError, KeyError, EOFError, TypeError, IndexError):
        return rejected("broken")
    if frames > limits.frames:
        return rejected("frames", count=str(limits.frames), limit=str(limits.frames))
    return frames


def paint(data: bytes, kind: str, limits: dict[str, int]) -> tuple[dict[str, Any], bytes]:
    """Worker job: the PDF of a picture as payload. Tells `pages`, or `rejected` with code and values."""
    bounds = Limits(**limits)
    pages = measure(data, kind, bounds)
    if isinstance(pages, Rejected):
        return {"rejected": [pages.code, pages.values]}, b""
    picture = _opened(data, kind)
    sheets = [_sheet(frame, bounds) for frame in _frames(picture, kind, bounds.frames)]
    return {"pages": len(sheets)}, document(sheets)


def _opened(data: bytes, kind: str) -> Image.Image:
    from PIL import Image  # start-up time of a verb

    return Image.open(io.BytesIO(data), formats=(FORMATS[kind], "MPO") if kind == "jpeg" else (FORMATS[kind],))


def _frames(picture: Image.Image, kind: str, most: int) -> Iterator[Image.Image]:
    """Each page of a TIFF; of the others the first picture (the rest of an animation or of a 3D pair is no page)."""
    yield picture
    number = 1
    while kind == "tiff" and number < most:
        try:
            picture.seek(number)
        except EOFError:
            return
        yield picture
        number += 1


@dataclass(frozen=True)
class Sheet:
    """One page: its size in points, the pixels of its picture in a form PDF knows."""

    width: float
    height: float
    pixels: tuple[int, int]
    colours: str
    bits: int
    coding: str
    stream: bytes


def _sheet(frame: Image.Image, limits: Limits) -> Sheet:
    from PIL import ImageOps  # start-up time of a verb

    resolution = frame.info.get("dpi", (0, 0))
    upright = ImageOps.exif_transpose(frame) or frame
    turned = upright.size != frame.size
    plain = _flattened(upright)
    width, height = _page_size(plain.size, resolution[::-1] if turned else resolution, limits)
    if plain.mode == "1":
        return Sheet(width, height, plain.size, "DeviceGray", 1, "FlateDecode", zlib.compress(plain.tobytes(), 6))
    colours = "DeviceGray" if plain.mode == "L" else "DeviceRGB"
    return Sheet(width, height, plain.size, colours, 8, "DCTDecode", _jpeg(plain))


def _jpeg(plain: Image.Image) -> bytes:
    from PIL import Image  # start-up time of a verb

    # A fresh picture: `save` would carry profile and comment of the old one over.
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    return out.getvalue()


def _flattened(picture: Image.Image) -> Image.Image:
    """The picture as 1, L or RGB on white paper."""
    from PIL import Image  # start-up time of a verb

    if picture.mode in ("1", "L", "RGB"):
        return picture
    if picture.mode.startswith("I") or picture.mode == "F":
        # Sixteen bits and more: darkest to black, lightest to white, as these scans use but a part of the range.
        deep = picture.convert("F")
        low, high = deep.getextrema()
        scale = 255.0 / (high - low) if high > low else 1.0
        return deep.point(lambda value: value * scale - low * scale).convert("L")
    if picture.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in picture.info:
        seen = picture.convert("RGBA")
        paper = Image.new("RGB", seen.size, "white")
        paper.paste(seen, mask=seen.getchannel("A"))
        return paper
    return picture.convert("RGB")


def _page_size(pixels: tuple[int, int], resolution: tuple[float, float], limits: Limits) -> tuple[float, float]:
    """Points. The resolution in the file is believed when it is believable and gives a page of lawful size; else A4
    is filled."""
    low, high = BELIEVABLE_DPI
    if all(low <= float(dots) <= high for dots in resolution):
        size = (pixels[0] * 72 / float(resolution[0]), pixels[1] * 72 / float(resolution[1]))
        if max(size) <= limits.page_edge_mm * 72 / 25.4 and min(size) >= 1:
            return size
    paper = A4_POINTS if pixels[0] <= pixels[1] else A4_POINTS[::-1]
    scale = min(paper[0] / pixels[0], paper[1] / pixels[1])
    return max(1.0, pixels[0] * scale), max(1.0, pixels[1] * scale)


def document(sheets: list[Sheet]) -> bytes:
    """A PDF 1.4 of these pages: catalogue, page list, then page, drawing and picture of each. No dates, no names."""
    bodies = [b"<</Type/Catalog/Pages 2 0 R>>"]
    kids = " ".join(f"{3 + 3 * number} 0 R" for number in range(len(sheets)))
    bodies.append(f"<</Type/Pages/Count {len(sheets)}/Kids[{kids}]>>".encode("ascii"))
    for number, sheet in enumerate(sheets):
        bodies += _objects(sheet, 3 + 3 * number)
    out, places = bytearray(b"%PDF-1.4\n%\xe5\xaf\x86\n"), []
    for number, body in enumerate(bodies, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, table)
    return bytes(out)


def _objects(sheet: Sheet, first: int) -> list[bytes]:
    size = f"{sheet.width:.2f} {sheet.height:.2f}"
    page = f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {size}]/Contents {first + 1} 0 R/Resources<</XObject<</P {first + 2} 0 R>>>>>>"
    drawing = f"q {sheet.width:.2f} 0 0 {sheet.height:.2f} 0 0 cm /P Do Q".encode("ascii")
    picture = (
        f"<</Type/XObject/Subtype/Image/Width {sheet.pixels[0]}/Height {sheet.pixels[1]}/ColorSpace/{sheet.colours}"
        f"/BitsPerComponent {sheet.bits}/Filter/{sheet.coding}/Length {len(sheet.stream)}>>"
    )
    return [
        page.encode("ascii"),
        b"<</Length %d>>\nstream\n" % len(drawing) + drawing + b"\nendstream",
        picture.encode("ascii") + b"\nstream\n" + sheet.stream + b"\nendstream",
    ]
