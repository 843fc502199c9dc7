from __future__ import annotations

import io

import pypdfium2
import pytest
from PIL import Image

from mifeng.engines.intake import NoText, Rendition, Unviewable, read_text, render
from mifeng.engines.intake.kinds import KINDS

from . import samples


def painted(data: bytes, kind: str) -> Rendition:
    made = render(data, KINDS[kind])
    assert isinstance(made, Rendition), made
    return made


def corner(made: Rendition, number: int = 0) -> tuple[str, tuple[int, int]]:
    """Where the red or black corner is, and the size of the page's raster."""
    image = pypdfium2.PdfDocument(made.pdf)[number].render(scale=1).to_pil().convert("RGB")
    places = {"top left": (2, 2), "top right": (image.width - 3, 2), "bottom left": (2, image.height - 3)}
    places["bottom right"] = (image.width - 3, image.height - 3)
    dark = [name for name, place in places.items() if image.getpixel(place)[1] < 128]
    return (dark[0] if dark else "none"), image.size


@pytest.mark.parametrize(("form", "kind"), [("PNG", "png"), ("JPEG", "jpeg"), ("TIFF", "tiff"), ("WEBP", "webp")])
def test_a_picture_becomes_one_page_that_shows_it(form: str, kind: str) -> None:
    made = painted(samples.picture(form, size=(800, 400)), kind)
    assert made.pages == 1
    assert corner(made)[0] == "top left"
    assert pypdfium2.PdfDocument(made.pdf)[0].get_size() == pytest.approx((841.89, 420.9), abs=1)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_way_of_holding_pixels_is_drawn_on_white(mode: str) -> None:
    white = 65535 if mode == "I;16" else 255
    image = Image.new("I;16" if mode == "I;16" else "L", (80, 40), white)
    image.paste(0, (0, 0, 20, 10))
    image = image if mode == "I;16" else image.convert(mode)
    out = io.BytesIO()
    image.save(out, "PNG")
    assert corner(painted(out.getvalue(), "png"))[0] == "top left"


def test_transparent_paper_is_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (80, 40), (0, 0, 0, 0)).save(out, "PNG")
    assert corner(painted(out.getvalue(), "png"))[0] == "none"


@pytest.mark.parametrize(
    ("orientation", "place"), [(1, "top left"), (3, "bottom right"), (6, "top right"), (8, "bottom left")]
)
def test_a_picture_is_turned_upright(orientation: int, place: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    made = painted(samples.picture("JPEG", size=(800, 400), exif=exif), "jpeg")
    found, size = corner(made)
    assert found == place
    assert (size[0] > size[1]) is (orientation in (1, 3))


def test_nothing_but_pixels_reaches_the_page() -> None:
    exif = Image.Exif()
    exif[0x010E], exif[0x0110] = "canary-description", "canary-camera"
    exif.get_ifd(0x8825)[1] = "canary-place"
    data = samples.picture("JPEG", exif=exif, comment=b"canary-comment", icc_profile=b"canary-profile" * 20)
    assert data.count(b"canary") >= 4
    made = painted(data, "jpeg")
    assert b"canary" not in made.pdf and b"Exif" not in made.pdf and b"ICC" not in made.pdf
    assert b"Date" not in made.pdf and b"/Info" not in made.pdf


def test_the_same_picture_gives_the_same_pages() -> None:
    data = samples.picture()
    assert painted(data, "png").pdf == painted(data, "png").pdf


def test_each_page_of_a_fax_becomes_a_page() -> None:
    out = io.BytesIO()
    pages = [Image.new("1", (1728, 2200), 1) for _ in range(3)]
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], compression="group4", dpi=(200, 200))
    made = painted(out.getvalue(), "tiff")
    assert made.pages == 3
    assert pypdfium2.PdfDocument(made.pdf)[2].get_size() == pytest.approx((622.08, 792.0), abs=1)


def test_a_broken_picture_has_no_pages() -> None:
    out = io.BytesIO()
    Image.effect_noise((200, 200), 50).save(out, "PNG")
    whole = out.getvalue()
    assert isinstance(render(whole, KINDS["png"]), Rendition)
    made = render(whole[:5000] + b"\0" * 500 + whole[5500:], KINDS["png"])
    assert isinstance(made, Unviewable) and made.code == "broken"


def test_a_picture_has_no_text_and_says_why() -> None:
    found = read_text(samples.picture(), KINDS["png"])
    assert isinstance(found, NoText) and found.code == "scan"
