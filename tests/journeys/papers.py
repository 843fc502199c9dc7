"""Files as they are brought to the form: a real paper, and the bad ones."""

import io
import zipfile
from pathlib import Path

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from mifeng.site.demo import papers
from tests.engines.intake import samples

MAIN = "DOC-008"
TITLE = "青鹭三型关节模组项目立项与里程碑计划"


def main_paper(folder: Path) -> Path:
    """The main paper as a real PDF, under the name it has on the drafter's desk."""
    file = folder / f"{TITLE}.pdf"
    file.write_bytes(papers.pdf(papers.paper(MAIN)))
    return file


def encrypted_pdf() -> bytes:
    """A PDF that opens with a password only."""
    out = io.BytesIO()
    sheet = Canvas(out, encrypt=StandardEncryption("open sesame", strength=128))
    sheet.drawString(60, 500, "locked")
    sheet.save()
    return out.getvalue()


def bomb() -> bytes:
    """A docx that unfolds to 300 MB."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        with zipfile.ZipFile(io.BytesIO(samples.word())) as honest:
            for name in honest.namelist():
                archive.writestr(name, honest.read(name))
        archive.writestr("word/media/image1.bin", bytes(300 * 1024 * 1024))
    return out.getvalue()


# File name -> content, and words of the sentence that must stand beside it.
def bad_files() -> dict[str, tuple[bytes, str]]:
    """What may not be taken in, each with words that must stand in its sentence."""
    return {
        "空白.pdf": (b"", "空的"),
        "加了口令.pdf": (encrypted_pdf(), "打开口令"),
        "带宏.docm": (samples.macro_enabled(samples.word()), "宏"),
        "其实是网页.docx": (b"<!doctype html><html><body>hello</body></html>", "内容却是"),
        "压缩炸弹.docx": (bomb(), "展开后的规模"),
        "其实是图片.pdf": (samples.picture(), "内容却是"),
        "断了.pdf": (samples.pdf()[:300], ""),
    }


def lay_out(folder: Path, files: dict[str, bytes]) -> list[Path]:
    """Write the files into the folder; returns them in order."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in files]
