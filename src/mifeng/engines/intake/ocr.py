"""Reading scanned pages in the worker: one page a life, its lines with what the recogniser thinks of them.

The recogniser (rapidocr over onnxruntime, models inside its wheel) is an extra: without it nothing else changes. It
starts threads when it is imported, and a thread that begins before the walls stands outside of them. So its libraries
are mapped before and it is imported after: no path of a file is asked for that Landlock does not grant.
"""

from __future__ import annotations

import ctypes
import importlib.util
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import pdfs, plausible, texts
from .reasons import Capability, Rejected, _
from .text import normal

if TYPE_CHECKING:
    import numpy
    import pypdfium2

DPI = 200
LONGEST = 2_000  # pixels of the longer edge that the recogniser looks at
THOUSAND = 1_000
# Below this a line is doubtful; a page is where more than DOUBTFUL_SHARE of its signs stand in such lines.
SURE = 0.90
DOUBTFUL_SHARE = 0.05
UPRIGHT, UPSIDE_DOWN, ON_ITS_SIDE = 0, 2, 1  # quarter turns
TALL = 1.5
MODELS = {"Det": "PP-OCRv6_det_small.onnx", "Rec": "PP-OCRv6_rec_small.onnx"}
COMMAND = "./mifeng add ocr"

_recogniser: Any = None


def capability() -> Capability:
    """Whether this machine can read scans. The parts are looked for and not loaded: loading is the worker's."""
    if all(importlib.util.find_spec(name) for name in ("rapidocr", "onnxruntime")):
        return Capability("ocr", True)
    why = _("没有文字识别部件:扫描件照常登记、逐页阅览,标为无文本,其中的文字不能检索。")
    return Capability("ocr", False, why, COMMAND)


def prepare() -> None:
    """Map the libraries and load what starts no thread."""
    # The mathematics of numpy and OpenCV would keep a crowd of threads from their first moment on.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    pdfs.prepare()
    texts.prepare()
    import cv2  # start-up time of a verb

    cv2.setNumThreads(1)
    native = importlib.util.find_spec("onnxruntime")
    assert native is not None and native.origin is not None
    for library in sorted(Path(native.origin).parent.glob("capi/onnxruntime_pybind11_state*.so")):
        ctypes.CDLL(str(library))


def settle() -> None:
    """Import the recogniser and load its models, inside the walls and before the first byte of a file."""
    global _recogniser
    import rapidocr  # start-up time of a verb; see above

    models = Path(rapidocr.__file__).parent / "models"
    settings: dict[str, Any] = {f"{part}.model_path": str(models / name) for part, name in MODELS.items()}
    settings |= {"EngineConfig.onnxruntime.intra_op_num_threads": 1, "EngineConfig.onnxruntime.inter_op_num_threads": 1}
    # Lines are not turned one by one: the model for that turns some of a straight page over.
    settings |= {"Global.log_level": "critical", "Global.text_score": 0.0, "Global.use_cls": False}
    settings |= {"Global.max_side_len": LONGEST, "Rec.rec_batch_num": 1}
    _recogniser = rapidocr.RapidOCR(params=settings)
    # Else they are looked for with the first page, when the files of the program may be out of reach.
    _recogniser._load_det_model()
    _recogniser._load_rec_model()


def recognise(data: bytes, page: int) -> tuple[dict[str, Any], bytes]:
    """Worker job: the lines of `page` (from 1) as JSON payload, [text, confidence, left, top, right, bottom], all but the
    text in thousandths. Tells `code`, "" or that of a `NoText`, and `doubtful`."""
    document = pdfs.opened(data)
    if isinstance(document, Rejected) or not 0 < page <= len(document):
        return {"code": "unread", "doubtful": False}, b""
    lines = _best(_pixels(document[page - 1]))
    if not lines:
        return {"code": "empty", "doubtful": False}, b""
    return {"code": "", "doubtful": doubtful(lines)}, json.dumps(lines, ensure_ascii=False).encode("utf-8")


def doubtful(lines: list[list[Any]]) -> bool:
    """Whether nobody should rely on these lines: too many signs in weak ones, or no plausible text at all."""
    signs = sum(len(line[0]) for line in lines)
    weak = sum(len(line[0]) for line in lines if line[1] < SURE * THOUSAND)
    return weak > DOUBTFUL_SHARE * signs or bool(plausible.judge("\n".join(line[0] for line in lines)))


def _pixels(page: pypdfium2.PdfPage) -> numpy.ndarray:
    """The page in colours at 200 dpi, a large one coarser."""
    longest = max(1.0, *page.get_size())
    scale = min(DPI / 72, 2 * LONGEST / longest)
    return page.render(scale=scale, rev_byteorder=False).to_numpy()[:, :, :3]


def _best(pixels: numpy.ndarray) -> list[list[Any]]:
    """The lines of the page as it lies; of one on its side, set upright; of what reads badly then, turned over."""
    turns = UPRIGHT
    lines, tall = _read(pixels, turns)
    if tall:
        # Each line by itself would be read well even so, but in the order of columns.
        turns = ON_ITS_SIDE
        lines, _tall = _read(pixels, turns)
    if not lines or _mean(lines) >= SURE * THOUSAND:
        return lines
    return max(lines, _read(pixels, turns + UPSIDE_DOWN)[0], key=_mean)


def _read(pixels: numpy.ndarray, turns: int) -> tuple[list[list[Any]], bool]:
    """The lines of a page turned by so many quarters, and whether most of them stand on end."""
    import numpy  # start-up time of a verb

    turned = numpy.ascontiguousarray(numpy.rot90(pixels, turns))
    found = _recogniser(turned)
    height, width = turned.shape[:2]
    lines: list[list[Any]] = []
    tall = 0
    parts = [part if part is not None else () for part in (found.boxes, found.txts, found.scores)]
    for box, words, score in zip(*parts, strict=True):
        text = normal(words)
        left, top, right, bottom = box[:, 0].min(), box[:, 1].min(), box[:, 0].max(), box[:, 1].max()
        tall += bool(len(text) > 1 and bottom - top > TALL * (right - left))
        if text:
            places = (left / width, top / height, right / width, bottom / height)
            lines.append([text, _thousandths(score), *map(_thousandths, places)])
    return lines, tall * 2 > len(lines)


def _mean(lines: list[list[Any]]) -> float:
    """The mean confidence by signs, in thousandths; 0 without lines."""
    signs = sum(len(line[0]) for line in lines)
    return sum(len(line[0]) * line[1] for line in lines) / signs if signs else 0.0


def _thousandths(share: float) -> int:
    return max(0, min(THOUSAND, round(float(share) * THOUSAND)))
