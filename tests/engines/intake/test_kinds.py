from __future__ import annotations

import struct
import zlib

import pytest

from mifeng.engines.intake.kinds import KINDS, Kind, detect
from mifeng.engines.intake.limits import Limits
from mifeng.engines.intake.reasons import REJECTIONS, Rejected

from . import samples

HONEST = {
    "计划.pdf": (samples.pdf, "pdf"),
    "计划.docx": (samples.word, "docx"),
    "台账.xlsx": (samples.workbook, "xlsx"),
    "计划.odt": (samples.open_text, "odt"),
    "计划.ofd": (samples.fixed_layout, "ofd"),
    "旧.doc": (samples.old_word, "doc"),
    "旧.wps": (samples.old_word, "wps"),
    "旧.xls": (lambda: samples.compound({"Workbook": struct.pack("<HHH", 0x809, 2, 0)}), "xls"),
    "旧.et": (lambda: samples.compound({"Workbook": struct.pack("<HHH", 0x809, 2, 0)}), "et"),
    "旧.ppt": (lambda: samples.compound({"PowerPoint Document": b"x"}), "ppt"),
    "旧.dps": (lambda: samples.compound({"PowerPoint Document": b"x"}), "dps"),
    "图.png": (samples.picture, "png"),
    "图.JPG": (lambda: samples.picture("JPEG"), "jpeg"),
    "图.tif": (lambda: samples.picture("TIFF"), "tiff"),
    "图.webp": (lambda: samples.picture("WEBP"), "webp"),
    "文.txt": (lambda: "\n".join(samples.PASSAGE).encode(), "txt"),
    "表.csv": (lambda: "序号,名称\n1,青鹭\n".encode("gb18030"), "csv"),
    "信.eml": (samples.mail, "eml"),
}


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_file_is_recognised(name: str) -> None:
    make, kind = HONEST[name]
    found = detect(make(), name)
    assert isinstance(found, Kind), found
    assert found.name == kind


@pytest.mark.parametrize("name", [name for name in HONEST if not name.endswith((".wps", ".et", ".dps", ".csv"))])
def test_without_an_extension_the_structure_decides(name: str) -> None:
    make, kind = HONEST[name]
    found = detect(make(), "scan0001")
    assert isinstance(found, Kind) and found.name == kind


@pytest.mark.parametrize("name", HONEST)
def test_no_file_passes_under_the_extension_of_another(name: str) -> None:
    make, kind = HONEST[name]
    other = "png" if kind != "png" else "pdf"
    found = detect(make(), f"x.{other}")
    assert isinstance(found, Rejected) and found.code == "disguised"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("青鹭三型", "utf-8"), ("青鹭三型", "utf-8-sig"), ("青鹭三型,报告书", "gb18030"), ("青鹭三型", "utf-16")],
)
def test_plain_text_is_known_in_the_encodings_of_an_office(text: str, encoding: str) -> None:
    found = detect(text.encode(encoding), "a.txt")
    assert isinstance(found, Kind) and (found.name, found.encoding) == ("txt", encoding)


FLAT = (
    b'<?xml version="1.0"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    b' office:mimetype="application/vnd.oasis.opendocument.text"/>'
)
BAD = {
    "empty": (lambda: b"", "a.pdf", "empty"),
    "web page as docx": (lambda: b"<html><img src=http://127.0.0.1/x.png></html>", "a.docx", "disguised"),
    "web page as doc, after a comment": (lambda: b"<!-- x -->\n<!DOCTYPE html><p>a", "a.doc", "disguised"),
    "flat odf as docx": (lambda: FLAT, "a.docx", "disguised"),
    "flat odf as itself": (lambda: FLAT, "a.fodt", "type_not_allowed"),
    "svg": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "type_not_allowed"),
    "svg as text": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.txt", "disguised"),
    "rtf as doc": (lambda: b"{\\rtf1 hello}", "a.doc", "disguised"),
    "program as pdf": (lambda: b"MZ\x90\0" + b"\0" * 200, "a.pdf", "disguised"),
    "program": (lambda: b"\x7fELF" + b"\0" * 200, "a.bin", "type_not_allowed"),
    "script as text": (lambda: b"#!/bin/sh\nrm x\n", "a.txt", "disguised"),
    "double extension": (lambda: samples.pdf(), "a.pdf.exe", "type_not_allowed"),
    "reversed extension": (lambda: samples.pdf(), "a\u202efdp.exe", "type_not_allowed"),
    "name cut by a zero byte": (lambda: samples.pdf(), "a.pdf\0.exe", "type_not_allowed"),
    "zero bytes in a text": (lambda: b"abc\0def", "a.txt", "disguised"),
    "plain zip": (lambda: samples.packed({"a.txt": "x"}), "a.zip", "type_not_allowed"),
    "plain zip as docx": (lambda: samples.packed({"a.txt": "x"}), "a.docx", "disguised"),
    "rar": (lambda: b"Rar!\x1a\x07\0" + b"\0" * 50, "a.rar", "type_not_allowed"),
    "docx with macro": (lambda: samples.with_vba(samples.word()), "a.docx", "macro"),
    "docm": (lambda: samples.macro_enabled(samples.word()), "a.docm", "macro"),
    "docm as docx": (lambda: samples.macro_enabled(samples.word()), "a.docx", "macro"),
    "xlsx with macro": (lambda: samples.with_vba(samples.workbook(), "xl"), "a.xlsx", "macro"),
    "xlsx with macro sheet": (
        lambda: samples.repacked(samples.workbook(), {"xl/macrosheets/sheet1.xml": "<a/>"}),
        "a.xlsx",
        "macro",
    ),
    "odt with macro": (lambda: samples.open_text(Basic__script_xml=b"<a/>"), "a.odt", "macro"),
    "doc with macro": (lambda: samples.old_word(storages=("Macros",)), "a.doc", "macro"),
    "xls with macro sheet": (
        lambda: samples.compound({"Workbook": struct.pack("<HHHHHIBB", 0x809, 2, 0, 0x85, 8, 0, 0, 1)}),
        "a.xls",
        "macro",
    ),
    "encrypted ooxml": (
        lambda: samples.compound({"EncryptedPackage": b"x", "EncryptionInfo": b"y"}),
        "a.docx",
        "encrypted",
    ),
    "encrypted doc": (lambda: samples.old_word(encrypted=True), "a.doc", "encrypted"),
    "encrypted xls": (
        lambda: samples.compound({"Workbook": struct.pack("<HHHHHH", 0x809, 2, 0, 0x2F, 2, 0)}),
        "a.xls",
        "encrypted",
    ),
    "encrypted ppt": (
        lambda: samples.compound({"PowerPoint Document": b"x", "EncryptedSummary": b"y"}),
        "a.ppt",
        "encrypted",
    ),
    "outlook message": (lambda: samples.compound({"__properties_version1.0": b"x"}), "a.msg", "type_not_allowed"),
    "half a pdf": (lambda: samples.pdf()[:-60], "a.pdf", "truncated"),
    "half a docx": (lambda: samples.word()[:-100], "a.docx", "truncated"),
    "half a png": (lambda: samples.picture()[:-20], "a.png", "truncated"),
    "half a jpeg": (lambda: samples.picture("JPEG")[:-20], "a.jpg", "truncated"),
    "half a doc": (lambda: samples.old_word()[:1000], "a.doc", "truncated"),
    "pdf and zip": (lambda: samples.pdf() + samples.packed({"a.txt": "x"}), "a.pdf", "polyglot"),
    "zip after bytes": (lambda: b"PK\3\4junk" + samples.word(), "a.docx", "polyglot"),
    "png and zip": (lambda: samples.picture() + samples.packed({"a.txt": "x"}), "a.png", "polyglot"),
    "zip that begins as pdf": (
        lambda: samples.raw_zip([(b"%PDF-1.4", b"x", 0, zlib.crc32(b"x"), 1), samples.TYPES_LINE]),
        "a.docx",
        "polyglot",
    ),
    "text that becomes pdf": (lambda: b"hello\n%PDF-1.4\n", "a.txt", "polyglot"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_by_its_fault(name: str) -> None:
    make, declared, code = BAD[name]
    found = detect(make(), declared)
    assert isinstance(found, Rejected), found
    assert found.code == code


def test_an_encrypted_odf_is_told_by_its_manifest() -> None:
    manifest = b'<?xml version="1.0"?><manifest><file-entry><encryption-data/></file-entry></manifest>'
    data = samples.repacked(samples.open_text(), {"META-INF/manifest.xml": manifest})
    found = detect(data, "a.odt")
    assert isinstance(found, Rejected) and found.code == "encrypted"


def test_a_file_above_the_limit_is_refused_before_it_is_looked_at() -> None:
    small = Limits(upload=1000)
    refusal = detect(b"%PDF-" + b"0" * 2000, "a.pdf", small)
    assert isinstance(refusal, Rejected) and refusal.code == "too_large"
    assert isinstance(detect(samples.pdf(), "a.pdf", Limits(upload=len(samples.pdf()))), Kind)


def test_what_a_file_brings_along_is_noted() -> None:
    script = samples.pdf().replace(b"/Type /Catalog", b"/OpenAction<</S/JavaScript/JS(x)>> /Type /Catalog")
    linked = samples.member(samples.word(), "word/_rels/document.xml.rels").replace(
        b"</Relationships>",
        b'<Relationship Id="rId90" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"'
        b' Target="http://127.0.0.1/a.png" TargetMode="External"/></Relationships>',
    )
    clicked = linked.replace(b"relationships/image", b"relationships/hyperlink")
    notes = {
        "script": detect(script, "a.pdf"),
        "picture": detect(samples.repacked(samples.word(), {"word/_rels/document.xml.rels": linked}), "a.docx"),
        "link": detect(samples.repacked(samples.word(), {"word/_rels/document.xml.rels": clicked}), "a.docx"),
        "object": detect(samples.repacked(samples.word(), {"word/embeddings/oleObject1.bin": b"x"}), "a.docx"),
    }
    assert {name: found.notes for name, found in notes.items() if isinstance(found, Kind)} == {
        "script": ("active_content",),
        "picture": ("external_links",),
        "link": (),
        "object": ("embedded_objects",),
    }


@pytest.mark.parametrize("code", REJECTIONS)
def test_every_refusal_says_why_and_what_to_do_next(code: str) -> None:
    values = dict.fromkeys(("size", "limit", "found", "extension", "what", "count", "cause"), "1")
    refusal = Rejected(code, *REJECTIONS[code], values)
    assert refusal.sentence().endswith("。") and refusal.advice().endswith("。")
    assert "%" not in refusal.sentence() + refusal.advice()


def test_an_ole_chain_that_bites_its_own_tail_ends() -> None:
    data = bytearray(samples.old_word())
    data[512 + 4 : 512 + 8] = struct.pack("<I", 1)
    found = detect(bytes(data), "a.doc")
    assert isinstance(found, Rejected) and found.code in ("broken", "truncated")


def test_each_kind_has_a_name_of_its_own_and_extensions_nobody_else_has() -> None:
    extensions = [extension for kind in KINDS.values() for extension in kind.extensions]
    assert len(extensions) == len(set(extensions))
