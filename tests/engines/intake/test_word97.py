"""Old Word files and WPS text files are read by our own reader, without an office program."""

from __future__ import annotations

import io
import struct

import docx
import pytest

from mifeng.engines.intake import Clean, NotChecked, NoText, Rejected, Text, inspect, office, ole, read_text, word97
from mifeng.engines.intake.kinds import KINDS, Kind, detect
from mifeng.engines.intake.reasons import Capability

from . import samples

PIECES = ("关节模组的减速比为一百零一比一。\r", "Ratio 101:1\r", "页眉里的一句话。\r")


def old_word(
    pieces: tuple[str, ...] = PIECES, second: bool = True, version: int = 0x00C1, before: bytes = b"", ends: tuple[int, ...] = (),
) -> bytes:  # fmt: skip
    """A Word 97 file by hand: Latin pieces in one byte a sign, the others in two; `before`: formatting kept before them."""
    body, places = bytearray(0x400), []
    for piece in pieces:
        narrow = piece.isascii()
        places.append((len(body) * 2) | word97.COMPRESSED if narrow else len(body))
        body += piece.encode("cp1252" if narrow else "utf-16-le")
        body += b"\0" * (len(body) % 2)
    at, signs = [0], 0
    for piece in pieces:
        signs += len(piece)
        at.append(signs)
    at = list(ends) or at
    plc = struct.pack(f"<{len(at)}I", *at) + b"".join(struct.pack("<HIH", 0, place, 0) for place in places)
    clx = before + struct.pack("<BI", 2, len(plc)) + plc
    struct.pack_into("<HH", body, 0, word97.IDENT, version)
    struct.pack_into("<H", body, word97.FLAGS, word97.SECOND_TABLE if second else 0)
    struct.pack_into("<II", body, word97.PIECES, 16, len(clx))
    return samples.compound({"WordDocument": bytes(body), "1Table" if second else "0Table": b"\0" * 16 + clx})


def read(data: bytes, kind: str = "doc", checked: bool = False) -> Text | NoText:
    return read_text(data, KINDS[kind], verdict=Clean() if checked else NotChecked("absent"))


@pytest.fixture
def no_office(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fresh machine, on which there is Python and nothing else."""
    monkeypatch.setattr(office, "_folder", lambda: None)


@pytest.mark.parametrize("second", [True, False], ids=["1Table", "0Table"])
@pytest.mark.parametrize("kind", ["doc", "wps"])
def test_all_pieces_are_read_without_an_office_program(no_office: None, kind: str, second: bool) -> None:
    assert read(old_word(second=second), kind) == Text("关节模组的减速比为一百零一比一。\nRatio 101:1\n页眉里的一句话。")


def test_formatting_kept_before_the_pieces_is_passed_over() -> None:
    before = struct.pack("<BH", 1, 5) + b"\x02\x02\x02\x02\x02"
    assert read(old_word(before=before)) == read(old_word())


def test_of_a_field_the_result_is_read_and_of_a_table_its_cells() -> None:
    field = '见\x13 HYPERLINK "http://a.example/\x13 PAGE \x147\x15" \x14附件一\x15。\r'
    table = "减速比\x07一百零一\x07\x07回差\x07三十角秒\x07\x07"
    assert read(old_word((field, table))) == Text("见附件一。\n减速比\t一百零一\n回差\t三十角秒")


@samples.needs_converter()
def test_our_reader_and_the_office_program_find_the_same() -> None:
    document = docx.Document()
    document.add_heading("关于样机的通知", 1)
    document.add_paragraph(samples.PASSAGE[0] + " Ratio 101:1")
    for number, cell in enumerate(document.add_table(2, 2)._cells):
        cell.text = f"表格第{number}格"
    document.sections[0].header.paragraphs[0].text = "页眉里的一句话。"
    document.sections[0].footer.paragraphs[0].text = "页脚里的一句话。"
    document.add_comment(document.paragraphs[0].runs[0], text="批注里的一句话。")
    out = io.BytesIO()
    document.save(out)
    old = samples.written(out.getvalue(), "docx", "doc:MS Word 97")
    ours = read(old, "wps")
    modern = office.modernise(old, KINDS["wps"])
    assert isinstance(modern, bytes)
    theirs = read_text(modern, KINDS["docx"])
    assert isinstance(ours, Text) and isinstance(theirs, Text)
    assert sorted(ours.text.split()) == sorted(theirs.text.split())
    assert len(ours.text.split()) > 8


@pytest.mark.parametrize(
    "data",
    [
        old_word(version=0x0065),
        old_word(before=struct.pack("<BH", 1, 60_000)),
        old_word(before=b"\x07"),
        samples.compound({"WordDocument": b"\xec\xa5\xc1\x00" + b"\0" * 4000}),
        samples.compound({"WordDocument": old_word()[:4096]}),
        old_word()[:3000],
    ],
    ids=["Word 95", "formatting without end", "no pieces", "no table", "no head", "cut off"],
)
def test_what_is_no_word_97_has_no_text_and_no_reader_is_lost(no_office: None, data: bytes) -> None:
    assert read(data, checked=True).code == "no_reader"
    with pytest.raises(ole.OleBroken):
        word97.text(data, 1_000_000)


def test_pieces_that_share_their_bytes_or_run_backwards_end_at_the_limit() -> None:
    shared = old_word(("关" * 400,), ends=(0, 4_000_000_000))
    assert len(word97.text(shared, 1_000_000)) < 10_000
    assert word97.text(old_word(("关节", "模组"), ends=(0, 2, 1)), 100) == "关节"
    assert word97.text(old_word(("关节", "模组")), 3) == "关节模"


def test_garbled_pieces_are_not_believed(no_office: None) -> None:
    garbled = "".join(samples.PASSAGE).encode("gb18030").decode("latin-1")
    assert read(old_word((garbled,)), checked=True).code == "no_reader"


def test_a_document_of_works_is_refused_with_the_next_step() -> None:
    found = inspect(samples.compound({"MatOST": b"\0", "CONTENTS": b"CHNKWKS"}), "报告.wps", policy="off")
    assert isinstance(found, Rejected)
    assert found.sentence() == "这是微软 Works 的文档,不是 WPS 文字,没有读取它的工具。"
    assert found.advice() == "请用原软件另存为 .docx 或 PDF 后上传。"


@pytest.mark.parametrize(("stream", "name"), [("WordDocument", "wps"), ("Workbook", "et"), ("PowerPoint Document", "dps")])
def test_files_of_wps_are_told_by_their_streams_and_their_extension(stream: str, name: str) -> None:
    found = detect(samples.compound({stream: b"\0" * 12}), f"报告.{name}")
    assert isinstance(found, Kind) and found.name == name
    assert isinstance(detect(samples.compound({"Other": b"\0"}), f"报告.{name}"), Rejected)


@pytest.mark.parametrize("kind", ["et", "dps"])
def test_tables_and_slides_of_wps_need_the_office_program_and_say_so(no_office: None, kind: str) -> None:
    assert read(samples.compound({"Workbook": b"\0"}), kind, checked=True).code == "no_reader"
    able: Capability = office.available(KINDS[kind].family)
    assert "请另存为 PDF" in able.consequence_zh and f".{kind}" in able.consequence_zh
