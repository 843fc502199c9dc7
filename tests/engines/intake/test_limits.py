from __future__ import annotations

import io
import struct
import time
import zlib

import pytest
from PIL import Image

from mifeng.engines.intake import Inspection, Limits, Rejected, inspect
from mifeng.engines.intake.limits import STANDARD
from mifeng.engines.intake.walk import container, prolog

from . import samples

GIB = 1 << 30


def judged(data: bytes, name: str = "a.docx", limits: Limits = STANDARD) -> Inspection | Rejected:
    return inspect(data, name, policy="off", limits=limits)


def ten_gigabytes() -> bytes:
    """Ten members that each claim 1 GiB, honest as to the ratio a folder may show."""
    content, crc = samples.zeros(16 << 20)
    return samples.bare_word([(b"word/%d.bin" % n, content, 8, crc, GIB) for n in range(10)])


def lying_size() -> bytes:
    """The folder says 1000 bytes; 64 MiB come out."""
    content, crc = samples.zeros(64 << 20)
    return samples.bare_word([(b"word/media/a.bin", content, 8, crc, 1000)])


def honest_ratio() -> bytes:
    content, crc = samples.zeros(64 << 20)
    return samples.bare_word([(b"word/media/a.bin", content, 8, crc, 64 << 20)])


def overlapping() -> bytes:
    """One body, told of twenty times."""
    content, crc = samples.zeros(4 << 20)
    one = samples.raw_zip([(b"a", content, 8, crc, 4 << 20)])
    at = one.rindex(b"PK\1\2")
    line, end = one[at : one.rindex(b"PK\5\6")], one[one.rindex(b"PK\5\6") :]
    lines = b"".join(line[:46] + bytes([97 + n]) for n in range(20))
    return one[:at] + lines + end[:8] + struct.pack("<HHII", 20, 20, len(lines), at) + end[20:]


def nested(depth: int) -> bytes:
    inner = samples.packed({"a.txt": "x"})
    for n in range(depth):
        inner = samples.packed({f"word/embeddings/{n}.zip": inner}, method=0)
    return samples.repacked(samples.word(), {"word/embeddings/a.docx": inner})


def many_members() -> bytes:
    return samples.raw_zip([(b"word/%d" % n, b"", 0, 0, 0) for n in range(10_001)])


def entities() -> bytes:
    laughs = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY a{n} "{"&a;" * 10 if n == 0 else f"&a{n - 1};" * 10}">' for n in range(10)
    )
    return samples.repacked(samples.word(), {"word/document.xml": laughs + "]><a>&a9;</a>"})


def external_entity() -> bytes:
    body = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
    return samples.repacked(samples.word(), {"word/header1.xml": body.encode("utf-16")})


def pixel_png(width: int = 60_000, height: int = 60_000) -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", samples.zeros(8 << 20)[0]) + chunk(b"IEND", b"")


def pixel_tiff() -> bytes:
    tags = [
        (256, 4, 1, 100_000),
        (257, 4, 1, 100_000),
        (258, 3, 1, 1),
        (259, 3, 1, 1),
        (262, 3, 1, 0),
        (273, 4, 1, 8),
        (277, 3, 1, 1),
        (278, 4, 1, 100_000),
        (279, 4, 1, 10),
    ]
    body = struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags) + struct.pack("<I", 0)
    return b"II*\0" + struct.pack("<I", 8) + body


def many_frames(count: int) -> bytes:
    out = io.BytesIO()
    frame = Image.new("1", (2, 2))
    frame.save(out, "TIFF", save_all=True, append_images=[frame] * (count - 1))
    return out.getvalue()


def looping_tiff() -> bytes:
    """Its only directory names itself as the next one."""
    data = bytearray(pixel_tiff())
    data[8 + 2 + 8 : 8 + 2 + 12] = struct.pack("<I", 10)
    data[8 + 2 + 12 + 8 : 8 + 2 + 24] = struct.pack("<I", 10)
    data[-4:] = struct.pack("<I", 8)
    return bytes(data)


BOMBS = {
    "ten gigabytes": (ten_gigabytes, "a.docx", "bomb"),
    "the folder lies about a size": (lying_size, "a.docx", "bomb"),
    "ratio": (honest_ratio, "a.docx", "bomb"),
    "overlapping members": (overlapping, "a.docx", "bomb"),
    "nested zips": (lambda: nested(2), "a.docx", "bomb"),
    "ten thousand members": (many_members, "a.docx", "bomb"),
    "entity bomb": (entities, "a.docx", "xml_entity"),
    "external entity in utf-16": (external_entity, "a.docx", "xml_entity"),
    "entities in ods": (
        lambda: samples.repacked(samples.open_text(), {"styles.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"}),
        "a.odt",
        "xml_entity",
    ),
    "entities in ofd": (
        lambda: samples.repacked(samples.fixed_layout(), {"OFD.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"}),
        "a.ofd",
        "xml_entity",
    ),
    "entities in content types": (
        lambda: samples.repacked(samples.word(), {"[Content_Types].xml": "<!DOCTYPE a><Types/>"}),
        "a.docx",
        "xml_entity",
    ),
    "pixel png": (pixel_png, "a.png", "pixels"),
    "pixel tiff": (pixel_tiff, "a.tif", "pixels"),
    "five hundred and one frames": (lambda: many_frames(501), "a.tif", "frames"),
    "page of six metres": (lambda: samples.pdf(size=(17_100, 842)), "a.pdf", "page_edge"),
    "pdf with password": (lambda: samples.pdf(password="secret"), "a.pdf", "encrypted"),
    "zip slip": (lambda: samples.repacked(samples.word(), {"../../evil.xml": "<a/>"}), "a.docx", "zip_path"),
    "zip slip with backslash": (
        lambda: samples.repacked(samples.word(), {"..\\evil.xml": "<a/>"}),
        "a.docx",
        "zip_path",
    ),
    "absolute member": (lambda: samples.repacked(samples.word(), {"/etc/evil.xml": "<a/>"}), "a.docx", "zip_path"),
    "symlink": (lambda: samples.raw_zip([samples.TYPES_LINE], 0xA1FF0000), "a.docx", "zip_path"),
    "two members of one name": (
        lambda: samples.bare_word([(b"word/a.xml", b"<a/>", 0, zlib.crc32(b"<a/>"), 4)] * 2),
        "a.docx",
        "broken",
    ),
    "wrong checksum": (lambda: samples.bare_word([(b"word/a.bin", b"abcd", 0, 1, 4)]), "a.docx", "broken"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_within_two_seconds(name: str) -> None:
    make, declared, code = BOMBS[name]
    data = make()
    began = time.monotonic()
    found = judged(data, declared)
    assert isinstance(found, Rejected), found
    assert found.code == code
    assert time.monotonic() - began < 2.0


def test_the_next_file_after_the_bombs_is_taken_in() -> None:
    assert isinstance(judged(entities()), Rejected)
    assert isinstance(judged(samples.word()), Inspection)


def test_what_is_just_inside_the_limits_is_taken_in() -> None:
    assert isinstance(judged(many_frames(20), "a.tif", Limits(frames=20)), Inspection)
    assert isinstance(judged(samples.pdf(pages=3), "a.pdf", Limits(pdf_pages=3)), Inspection)
    assert isinstance(judged(samples.picture(size=(100, 100)), "a.png", Limits(pixels=10_000)), Inspection)
    assert container(nested(0), Limits()) is None


def test_one_more_than_the_limit_is_refused() -> None:
    assert judged(many_frames(21), "a.tif", Limits(frames=20)).code == "frames"
    assert judged(samples.pdf(pages=4), "a.pdf", Limits(pdf_pages=3)).code == "pages"
    assert judged(samples.picture(size=(101, 100)), "a.png", Limits(pixels=10_000)).code == "pixels"
    assert judged(samples.word(), "a.docx", Limits(entries=3)).code == "bomb"


def test_a_tiff_that_names_itself_as_its_next_page_ends() -> None:
    found = judged(looping_tiff(), "a.tif")
    assert isinstance(found, Inspection) or found.code in ("frames", "broken")


def test_a_member_named_in_gbk_is_no_fault() -> None:
    body = b"<a/>"
    archive = samples.bare_word([("word/附件.xml".encode("gb18030"), body, 0, zlib.crc32(body), len(body))])
    assert container(archive, Limits()) is None


@pytest.mark.parametrize(
    ("start", "code"),
    [
        (b"<a/>", None),
        (b'<?xml version="1.0"?><!-- x --><a>', None),
        (b"", None),
        (b"<!DOCTYPE a><a/>", "xml_entity"),
        (b"<!-- " + b"x" * 70_000 + b" --><!DOCTYPE a><a/>", "xml_entity"),
        (b"not xml", "broken"),
    ],
)
def test_xml_may_declare_nothing_before_its_first_element(start: bytes, code: str | None) -> None:
    refusal = prolog(start)
    assert (refusal.code if refusal else None) == code
