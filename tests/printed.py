"""What stands on printed papers: words of a PDF, and where its ink lies in millimetres."""

import numpy as np
import pypdfium2
from numpy.typing import NDArray

SCALE = 4  # pixels a point
MM = 72 / 25.4 * SCALE  # pixels a millimetre


def words(pdf: bytes) -> str:
    """All the words, page after page."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(document[number].get_textpage().get_text_range() for number in range(len(document)))
    finally:
        document.close()


def pages(pdf: bytes) -> int:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()


def size(pdf: bytes) -> tuple[int, int]:
    """Width and height of the first sheet in mm."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        wide, high = document[0].get_size()
    finally:
        document.close()
    return round(wide / 72 * 25.4), round(high / 72 * 25.4)


def drawn(pdf: bytes, page: int = 0) -> NDArray[np.uint8]:
    """The sheet as a picture, red green blue, SCALE pixels a point."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return np.asarray(document[page].render(scale=SCALE).to_pil().convert("RGB"))
    finally:
        document.close()


def ink(picture: NDArray[np.uint8], top: float = 0, bottom: float = 1000, red: bool = False) -> tuple[float, float, float, float]:
    """Left, top, right, bottom in mm of what is printed between two heights; only what is red, if asked for."""
    band = picture[int(top * MM) : int(bottom * MM)].astype(int)
    dark = (band[..., 0] - band[..., 1] > 80) if red else band.min(axis=2) < 128
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    return columns[0] / MM, top + rows[0] / MM, (columns[-1] + 1) / MM, top + (rows[-1] + 1) / MM
