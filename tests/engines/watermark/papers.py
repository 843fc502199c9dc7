"""Papers of the fictional company as PDF, and what happens to their pages outside the house."""

import io
from pathlib import Path

import cv2
import numpy as np
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

import mifeng.engines.watermark as watermark

FONTS = Path(watermark.__file__).parent / "fonts"
FACES = ("NotoSansSC-Regular", "NotoSerifSC-Regular", "NotoSerifSC-Bold")
TEXT = (
    "青鹭三型关节模组的研制分三个阶段：方案与样机、小批量试制、定型。研发中心牵头，制造部与质量部参加；"
    "第一阶段完成谐波减速器选型、力矩传感器标定和控制板改版，第二阶段完成一百二十台试制并通过一千小时寿命试验。"
) * 9

Picture = np.ndarray


def paper(pages: int = 2, *, password: str = "") -> bytes:
    """A paper on A4: red head, number, text, page number; with a password when one is given."""
    for face in FACES:
        pdfmetrics.registerFont(TTFont(face, FONTS / f"{face}.ttf"))
    target = io.BytesIO()
    sheet = Canvas(target, pagesize=(595.3, 841.9), encrypt=StandardEncryption(password) if password else None)
    for number in range(1, pages + 1):
        sheet.setFillColorRGB(0.75, 0, 0.1)
        sheet.setFont("NotoSerifSC-Bold", 30)
        sheet.drawCentredString(297, 640, "云汐澜岱精密传动有限公司文件")
        sheet.setFillColorRGB(0, 0, 0)
        sheet.setFont("NotoSerifSC-Regular", 16)
        for row in range(17):
            sheet.drawString(80, 560 - 28 * row, TEXT[26 * row : 26 * row + 26])
        sheet.setFont("NotoSansSC-Regular", 12)
        sheet.drawCentredString(297, 60, f"— {number} —")
        sheet.showPage()
    sheet.save()
    return target.getvalue()


def raw_pdf(*objects: str) -> bytes:
    """A PDF of the given objects, numbered from 1, the first being the catalogue; readers rebuild its table."""
    body = "\n".join(f"{number} 0 obj {text} endobj" for number, text in enumerate(objects, 1))
    return f"%PDF-1.5\n{body}\ntrailer <</Root 1 0 R>>\n%%EOF".encode("latin-1")


def one_page(box: str, more: str = "", *objects: str) -> bytes:
    """A PDF of one page with a media box and further entries."""
    page = f"<</Type/Page/Parent 2 0 R/MediaBox[{box}]{more}>>"
    return raw_pdf("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", page, *objects)


def stream(entries: str, content: str) -> str:
    """A stream object."""
    return f"<<{entries}/Length {len(content)}>> stream\n{content}\nendstream"


def endless() -> bytes:
    """A page whose form draws a form ten times, and so on, twelve deep: 10^12 strokes in a kilobyte."""
    depth = 12
    box = "/Type/XObject/Subtype/Form/BBox[0 0 600 800]"
    forms = [stream(f"{box}/Resources<</XObject<</F {6 + level} 0 R>>>>", "/F Do " * 10) for level in range(depth)]
    forms.append(stream(box, "0 0 m 600 800 l S"))
    more = "/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>"
    return one_page("0 0 600 800", more, stream("", "/F Do"), *forms)


def jpeg(picture: Picture, quality: int) -> Picture:
    """Through JPEG and back."""
    return cv2.imdecode(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_UNCHANGED)


def scaled(picture: Picture, factor: float) -> Picture:
    """Shown at another size."""
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return cv2.resize(picture, None, fx=factor, fy=factor, interpolation=way)


def turned(picture: Picture, degrees: float) -> Picture:
    """Laid askew."""
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return cv2.warpAffine(picture, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255))


def chatted(picture: Picture) -> Picture:
    """Sent through a chat program: at most 1 280 px, JPEG 60."""
    return jpeg(scaled(picture, 1280 / max(picture.shape)), 60)


def photographed(picture: Picture) -> Picture:
    """Photographed at a slant, out of focus, with noise, on a dark desk."""
    height, width = picture.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    seen = np.array([[130, 90], [1330, 140], [1370, 1900], [80, 1840]], np.float32)
    way = cv2.getPerspectiveTransform(corners, seen)
    photo = cv2.warpPerspective(picture, way, (1450, 2000), flags=cv2.INTER_AREA, borderValue=(45, 45, 45))
    photo = cv2.GaussianBlur(photo, (0, 0), 0.8).astype(np.float32) * 0.9
    noise = np.random.default_rng(1).normal(0, 3, photo.shape)
    return jpeg(np.clip(photo + noise, 0, 255).astype(np.uint8), 80)
