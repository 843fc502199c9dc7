from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from mifeng.engines.intake import (
    Clean,
    Inspection,
    NotChecked,
    Rendition,
    Text,
    Unviewable,
    inspect,
    office,
    read_text,
    render,
    sandbox,
)
from mifeng.engines.intake.kinds import KINDS, Family, Kind, detect
from mifeng.engines.intake.limits import CONVERTER
from mifeng.engines.intake.reasons import Capability

from . import samples

writer = samples.needs_converter()


class Server:
    """A web server of this machine that counts who calls."""

    def __init__(self) -> None:
        self.requests: list[bytes] = []
        self._door = socket.socket()
        self._door.bind(("127.0.0.1", 0))
        self._door.listen()
        self.address = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._door.accept()
            except OSError:
                return
            with line:
                self.requests.append(line.recv(1000))
                line.sendall(b"HTTP/1.0 404 Not Found\r\n\r\n")

    def close(self) -> None:
        self._door.close()


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    with socket.create_connection(("127.0.0.1", int(running.address.rpartition(":")[2]))) as line:
        line.sendall(b"GET /counter-case HTTP/1.0\r\n\r\n")
        line.recv(100)
    assert len(running.requests) == 1, "the counter must count before its zero means anything"
    running.requests.clear()
    yield running
    running.close()


def remote_picture(address: str) -> bytes:
    """A docx whose picture, template and hidden frame lie on a server."""
    kinds = ("image", "attachedTemplate", "frame")
    links = "".join(
        f'<Relationship Id="rId9{n}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"'
        f' Target="{address}/{kind}.png" TargetMode="External"/>'
        for n, kind in enumerate(kinds)
    )
    relations = samples.member(samples.word(), "word/_rels/document.xml.rels").decode()
    body = samples.member(samples.word(), "word/document.xml").decode()
    picture = (
        '<w:p><w:r><w:drawing xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
        ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
        ' xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
        ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><wp:inline>'
        '<wp:extent cx="990000" cy="990000"/><wp:docPr id="1" name="p"/><a:graphic>'
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
        '<pic:nvPicPr><pic:cNvPr id="1" name="p"/><pic:cNvPicPr/></pic:nvPicPr>'
        '<pic:blipFill><a:blip r:link="rId90"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="990000" cy="990000"/></a:xfrm>'
        '<a:prstGeom prst="rect"/></pic:spPr>'
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )
    return samples.repacked(
        samples.word(),
        {
            "word/_rels/document.xml.rels": relations.replace("</Relationships>", links + "</Relationships>"),
            "word/document.xml": body.replace("<w:body>", "<w:body>" + picture, 1),
        },
    )


def html(address: str) -> bytes:
    return (
        f'<html><head><link rel="stylesheet" href="{address}/a.css"></head>'
        f'<body background="{address}/b.png"><img src="{address}/a.png"><p>hello</p></body></html>'
    ).encode()


@writer
def test_a_word_file_becomes_pages_with_its_text_and_the_missing_font_is_named() -> None:
    stages: list[str] = []
    body = samples.member(samples.word(), "word/document.xml").replace(
        b"<w:r>", '<w:r><w:rPr><w:rFonts w:eastAsia="方正小标宋_不存在"/></w:rPr>'.encode()
    )
    data = samples.repacked(samples.word(), {"word/document.xml": body})
    made = render(data, KINDS["docx"], verdict=Clean(), stage=stages.append)
    assert isinstance(made, Rendition), made
    assert (made.pdf[:5], made.pages, stages) == (b"%PDF-", 1, ["convert", "trial", "fonts"])
    assert "方正小标宋_不存在" in made.fonts_substituted
    read = read_text(made.pdf, KINDS["pdf"])
    assert isinstance(read, Text) and samples.PASSAGE[1] in read.text


@writer
def test_an_old_word_file_is_told_by_its_extension_and_read() -> None:
    data = samples.real_old_word()
    named = {name: detect(data, f"a.{name}") for name in ("doc", "wps")}
    assert [found.name for found in named.values() if isinstance(found, Kind)] == ["doc", "wps"]
    read = read_text(data, KINDS["wps"], verdict=Clean())
    assert isinstance(read, Text) and read.text.split() == " ".join(samples.PASSAGE).split()


@writer
def test_an_odf_text_becomes_pages() -> None:
    made = render(samples.open_text(), KINDS["odt"], verdict=Clean())
    assert isinstance(made, Rendition) and made.pages == 1


@samples.needs_converter(Family.SHEET)
def test_a_workbook_becomes_pages() -> None:
    made = render(samples.workbook(), KINDS["xlsx"], verdict=Clean())
    assert isinstance(made, Rendition) and made.pages == 1


@samples.needs_converter(Family.SHEET)
@pytest.mark.parametrize("name", ["xls", "et"])
def test_an_old_workbook_and_a_wps_table_become_pages_and_are_read(name: str) -> None:
    data = samples.written(samples.workbook(), "xlsx", "xls:MS Excel 97")
    shown, read = passed_through(data, name)
    assert shown.pages == 1
    assert "".join(read.text.split()) == "一" + "".join(samples.PASSAGE).replace(" ", "")


@samples.needs_converter(Family.SLIDES)
@pytest.mark.parametrize("name", ["ppt", "dps"])
def test_old_slides_and_wps_slides_become_pages_and_are_read(name: str) -> None:
    data = samples.written(samples.open_slides(), "odp", "ppt:MS PowerPoint 97")
    shown, read = passed_through(data, name)
    assert shown.pages == 1
    assert "".join(read.text.split()) == "".join(samples.PASSAGE).replace(" ", "")


def passed_through(data: bytes, name: str) -> tuple[Rendition, Text]:
    """What the whole intake makes of a file under this extension, where it was looked at for viruses."""
    found = inspect(data, f"材料.{name}", policy="off")
    assert isinstance(found, Inspection) and found.kind.name == name
    shown, read = render(data, found.kind, verdict=Clean()), read_text(data, found.kind, verdict=Clean())
    assert isinstance(shown, Rendition) and isinstance(read, Text), (shown, read)
    return shown, read


@writer
def test_the_conversion_of_a_document_with_remote_parts_calls_nobody(server: Server) -> None:
    made = render(remote_picture(server.address), KINDS["docx"], verdict=Clean())
    assert isinstance(made, Rendition)
    time.sleep(0.1)
    assert server.requests == []


@writer
def test_even_a_web_page_read_as_a_web_page_calls_nobody(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Type check and named reader are passed by on purpose: the walls alone must hold."""
    monkeypatch.setitem(office.INPUT_FILTERS, "doc", "HTML (StarWriter)")
    assert isinstance(office.convert(html(server.address), KINDS["doc"]), bytes)
    time.sleep(0.1)
    assert server.requests == []


@writer
def test_a_web_page_that_calls_itself_a_document_is_not_read_as_a_web_page() -> None:
    made = office.convert(html("http://127.0.0.1:9"), KINDS["docx"])
    assert isinstance(made, Unviewable) and made.code == "broken"


@writer
def test_a_conversion_that_takes_too_long_is_ended() -> None:
    made = office.convert(samples.word(), KINDS["docx"], bounds=replace(CONVERTER, wall=0.2))
    assert isinstance(made, Unviewable) and made.code == "too_costly"


def test_an_office_program_gets_no_file_that_was_not_checked() -> None:
    made = render(samples.word(), KINDS["docx"], verdict=NotChecked("absent"))
    assert isinstance(made, Unviewable) and made.code == "not_checked"
    assert isinstance(render(samples.pdf(), KINDS["pdf"], verdict=NotChecked("absent")), Rendition)


def test_without_a_sandbox_there_is_no_conversion(monkeypatch: pytest.MonkeyPatch) -> None:
    absent = Capability("bubblewrap", False, "没有沙箱。", "apt install bubblewrap")
    monkeypatch.setattr(sandbox, "available", lambda: absent)
    assert not office.available().present
    made = office.convert(samples.word(), KINDS["docx"])
    assert isinstance(made, Unviewable) and (made.code, bool(made.command)) == ("no_converter", True)


def test_without_the_office_program_the_command_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "_folder", lambda: None)
    able = office.available(Family.SHEET)
    assert (able.present, able.command) == (False, "apt install libreoffice-calc-nogui")
    made = render(samples.workbook(), KINDS["xlsx"], verdict=Clean())
    assert isinstance(made, Unviewable) and made.command == able.command
