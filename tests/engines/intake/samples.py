"""Files for the tests, made in memory: honest ones first, then what can be done to them."""

from __future__ import annotations

import functools
import io
import shutil
import struct
import zipfile
import zlib
from collections.abc import Mapping

import docx
import openpyxl
import pytest
from PIL import Image, ImageDraw
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

from mifeng.engines.intake import office, sandbox
from mifeng.engines.intake.kinds import KINDS, Family

PASSAGE = (
    "第一条 青鹭三型关节模组的立项与里程碑计划由研发中心负责编写。",
    "第二条 样机的减速比为一百零一比一,回差不大于三十角秒。",
    "第三条 未经批准,任何人不得复制、摘抄或者向外提供本文件的内容。",
)

OPEN_NAMES = {"office": "office", "text": "text", "draw": "drawing", "svg": "svg-compatible"}


def needs_converter(family: Family = Family.WRITER) -> pytest.MarkDecorator:
    able = office.available(family)
    return pytest.mark.skipif(not able.present, reason=f"part missing: {able.name} ({able.command})")


def needs_sandbox() -> pytest.MarkDecorator:
    return pytest.mark.skipif(
        not sandbox.available().present, reason="part missing: bubblewrap (apt install bubblewrap)"
    )


def needs_program(name: str, package: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(name) is None, reason=f"part missing: {name} (apt install {package})")


@functools.cache
def word(lines: tuple[str, ...] = PASSAGE) -> bytes:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@functools.cache
def workbook(lines: tuple[str, ...] = PASSAGE) -> bytes:
    """The first line is the name of the sheet's place in the text, so that all kinds give one text."""
    book = openpyxl.Workbook()
    book.active.title = "一"
    for line in lines:
        book.active.append([line])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@functools.cache
def pdf(
    lines: tuple[str, ...] = PASSAGE, pages: int = 1, size: tuple[float, float] = (595.0, 842.0), password: str = ""
) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    encryption = None
    if password:
        from reportlab.lib.pdfencrypt import StandardEncryption

        encryption = StandardEncryption(password, ownerPassword="owner")
    paper = canvas.Canvas(out, pagesize=size, invariant=1, encrypt=encryption)
    for _ in range(pages):
        paper.setFont("STSong-Light", 12)
        for number, line in enumerate(lines):
            paper.drawString(50, size[1] - 60 - 20 * number, line)
        paper.showPage()
    paper.save()
    return out.getvalue()


def picture(form: str = "PNG", size: tuple[int, int] = (80, 40), mode: str = "RGB", **settings: object) -> bytes:
    image = Image.new(mode, size, "white")
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 4, size[1] // 4), fill="black" if mode in ("1", "L") else "red")
    out = io.BytesIO()
    image.save(out, form, **settings)
    return out.getvalue()


def packed(members: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def repacked(archive: bytes, changed: Mapping[str, bytes | str], without: tuple[str, ...] = ()) -> bytes:
    """The same zip with members replaced, added or left out."""
    with zipfile.ZipFile(io.BytesIO(archive)) as old:
        members: dict[str, bytes | str] = {name: old.read(name) for name in old.namelist() if name not in without}
    return packed({**members, **changed})


def member(archive: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(archive)) as old:
        return old.read(name)


def with_vba(archive: bytes, main: str = "word") -> bytes:
    types = member(archive, "[Content_Types].xml").replace(
        b"</Types>",
        b'<Override PartName="/'
        + main.encode()
        + b'/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>',
    )
    return repacked(archive, {"[Content_Types].xml": types, f"{main}/vbaProject.bin": b"\xd0\xcf\x11\xe0 project"})


def macro_enabled(archive: bytes) -> bytes:
    types = member(archive, "[Content_Types].xml").replace(
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        b"application/vnd.ms-word.document.macroEnabled.main+xml",
    )
    return repacked(archive, {"[Content_Types].xml": types})


def zeros(size: int) -> tuple[bytes, int]:
    """A deflate stream of `size` zero bytes and its checksum, made piece by piece."""
    engine = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    piece, pieces, crc = b"\0" * (1 << 20), [], 0
    for _ in range(size >> 20):
        pieces.append(engine.compress(piece))
        crc = zlib.crc32(piece, crc)
    return b"".join(pieces) + engine.flush(), crc


def raw_zip(lines: list[tuple[bytes, bytes, int, int, int]], attributes: int = 0) -> bytes:
    """A zip written by hand: (name, packed bytes, method, checksum, size the folder claims)."""
    out, folder = b"", b""
    for name, content, method, crc, claimed in lines:
        at = len(out)
        out += struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, method, 0, 33, crc, len(content), claimed, len(name), 0)
        out += name + content
        folder += struct.pack(
            "<4sHHHHHHIIIHHHHHII",
            b"PK\1\2",
            0x031E,
            20,
            0,
            method,
            0,
            33,
            crc,
            len(content),
            claimed,
            len(name),
            0,
            0,
            0,
            0,
            attributes,
            at,
        )
        folder += name
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, len(lines), len(lines), len(folder), len(out), 0)
    return out + folder + end


TYPES = (
    b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    b'wordprocessingml.document.main+xml"/></Types>'
)
TYPES_LINE = (b"[Content_Types].xml", TYPES, 0, zlib.crc32(TYPES), len(TYPES))


def bare_word(extra: list[tuple[bytes, bytes, int, int, int]]) -> bytes:
    """A docx that is only its content types and `extra` raw members."""
    return raw_zip([TYPES_LINE, *extra])


def open_text(lines: tuple[str, ...] = PASSAGE, **extra: bytes) -> bytes:
    return _open_document("text", "".join(f"<text:p>{line}</text:p>" for line in lines), extra)


def open_slides(lines: tuple[str, ...] = PASSAGE) -> bytes:
    box = "".join(f"<text:p>{line}</text:p>" for line in lines)
    place = 'svg:width="20cm" svg:height="5cm" svg:x="2cm" svg:y="2cm"'
    frame = f"<draw:frame {place}><draw:text-box>{box}</draw:text-box></draw:frame>"
    return _open_document("presentation", f"<draw:page>{frame}</draw:page>", {})


def _open_document(kind: str, body: str, extra: Mapping[str, bytes]) -> bytes:
    space, mime = "urn:oasis:names:tc:opendocument:xmlns", f"application/vnd.oasis.opendocument.{kind}"
    names = " ".join(f'xmlns:{one}="{space}:{long}:1.0"' for one, long in OPEN_NAMES.items())
    body = f"<office:body><office:{kind}>{body}</office:{kind}></office:body>"
    content = f'<?xml version="1.0"?><office:document-content {names} office:version="1.2">{body}</office:document-content>'
    manifest = (
        f'<?xml version="1.0"?><manifest:manifest xmlns:manifest="{space}:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{mime}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", mime, zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
        for name, given in extra.items():
            archive.writestr(name.replace("__", "/"), given)
    return out.getvalue()


def fixed_layout(lines: tuple[str, ...] = PASSAGE) -> bytes:
    space, head = 'xmlns:ofd="http://www.ofdspec.org/2016"', '<?xml version="1.0"?>'
    objects = "".join(
        f'<ofd:TextObject ID="{n}" Boundary="0 0 100 10" Font="1" Size="4">'
        f'<ofd:TextCode X="0" Y="4">{line}</ofd:TextCode></ofd:TextObject>'
        for n, line in enumerate(lines, 10)
    )
    root = "<ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"
    page = f"<ofd:Content><ofd:Layer>{objects}</ofd:Layer></ofd:Content>"
    return packed(
        {
            "OFD.xml": f'{head}<ofd:OFD {space} Version="1.1">{root}</ofd:OFD>',
            "Doc_0/Document.xml": f"{head}<ofd:Document {space}/>",
            "Doc_0/Pages/Page_0/Content.xml": f"{head}<ofd:Page {space}>{page}</ofd:Page>",
        }
    )


def mail(lines: tuple[str, ...] = PASSAGE) -> bytes:
    from email.message import EmailMessage

    message = EmailMessage()
    message["From"], message["To"], message["Date"] = "a@example.com", "b@example.com", "Mon, 2 Mar 2026 09:00:00 +0800"
    message["Subject"] = "里程碑计划"
    message.set_content("\n".join(lines))
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="计划.pdf")
    return message.as_bytes()


def compound(streams: Mapping[str, bytes], storages: tuple[str, ...] = ()) -> bytes:
    """A small OLE compound file: every stream is at least 4096 bytes long, one sector table, names in one row of
    right siblings."""
    sector = 512
    bodies = {name: content.ljust(4096, b"\0") for name, content in streams.items()}
    bodies = {name: body + b"\0" * (-len(body) % sector) for name, body in bodies.items()}
    entries = 1 + len(storages) + len(streams)
    folder_sectors = -(-entries * 128 // sector)
    table: list[int] = [0xFFFFFFFD, *range(2, folder_sectors + 1), 0xFFFFFFFE][: folder_sectors + 1]
    starts: dict[str, int] = {}
    for name, body in bodies.items():
        starts[name] = len(table)
        count = len(body) // sector
        table += [*range(len(table) + 1, len(table) + count), 0xFFFFFFFE]
    raw_table = struct.pack(f"<{len(table)}I", *table).ljust(sector, b"\xff")
    assert len(raw_table) == sector
    head = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        0,
        1,
        1,
        0,
        4096,
        0xFFFFFFFE,
        0,
        0xFFFFFFFE,
        0,
        0,
    )
    head = head[:76] + struct.pack("<109I", 0, *([0xFFFFFFFF] * 108))
    lines = [_entry("Root Entry", 5, child=1 if entries > 1 else 0xFFFFFFFF)]
    order = [*storages, *streams]
    for number, name in enumerate(order, start=1):
        right = number + 1 if number < len(order) else 0xFFFFFFFF
        if name in streams:
            lines.append(_entry(name, 2, right=right, start=starts[name], size=len(bodies[name])))
        else:
            lines.append(_entry(name, 1, right=right))
    folder = b"".join(lines).ljust(folder_sectors * sector, b"\0")
    return head + raw_table + folder + b"".join(bodies.values())


def _entry(
    name: str, kind: int, *, right: int = 0xFFFFFFFF, child: int = 0xFFFFFFFF, start: int = 0, size: int = 0
) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    return struct.pack("<64sHBBIII16xI8x8xIQ", text, len(text), kind, 1, 0xFFFFFFFF, right, child, 0, start, size)


def old_word(encrypted: bool = False, storages: tuple[str, ...] = ()) -> bytes:
    """Only the head of a Word 97 file: enough to tell its kind."""
    return compound(
        {"WordDocument": struct.pack("<HHHHHH", 0xA5EC, 0xC1, 0, 0x804, 0, 0x0100 if encrypted else 0)}, storages
    )


@functools.cache
@functools.cache
def written(data: bytes, kind: str, target: str) -> bytes:
    """The file as the office program itself writes it in an older format."""
    made = office._run(data, KINDS[kind], target, b"\xd0\xcf\x11\xe0", None, office.CONVERTER)
    assert isinstance(made, bytes), made
    return made


def real_old_word() -> bytes:
    """A Word 97 file written by LibreOffice itself."""
    return written(word(), "docx", "doc:MS Word 97")
