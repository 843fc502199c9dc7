"""Word and WPS files of an item, with real files: pages that can be viewed where the machine has what it takes; where not,
the card says what is missing and what to do, and the text is read all the same."""

from typing import Any

import pytest

from mifeng.base import jobs, vault
from mifeng.engines import intake
from mifeng.engines.intake import office, sandbox
from mifeng.engines.intake.reasons import Capability
from mifeng.engines.vault import Kind
from mifeng.rooms.documents import files
from mifeng.rooms.documents.models import Document
from tests import factories
from tests.antivirus import CLEAN
from tests.engines.intake import samples
from tests.engines.intake.test_word97 import old_word

SAID = samples.PASSAGE[1]


def brought(cast: Any, data: bytes, name: str) -> Document:
    document = factories.classified(cast, uploads=(factories.uploaded(cast.drafter, data, name),))
    jobs.run_all()
    return document


def card(house: Any, cast: Any, document: Document) -> str:
    return house.open_page_as(cast.drafter).get(f"/documents/{document.uid}/").content.decode()


def text_of(document: Document) -> str:
    file = document.files.get()
    asked = {"doc_id": bytes.fromhex(file.vault_doc), "version": 1, "part": 0, "kind": Kind.TEXT}
    return vault.opened().withdraw(bytes.fromhex(file.text), **asked).decode()


@pytest.fixture
def only_python(monkeypatch):
    """A fresh machine: neither office program nor sandbox nor recogniser."""
    monkeypatch.setattr(office, "_folder", lambda: None)
    absent = Capability("bubblewrap", False, "没有沙箱。", "apt install bubblewrap")
    monkeypatch.setattr(sandbox, "available", lambda: absent)
    monkeypatch.setattr(intake, "can_recognise", lambda: False)


@pytest.mark.part("libreoffice")
@pytest.mark.part("bubblewrap")
@pytest.mark.parametrize("name", ["计划.docx", "计划.wps"])
def test_a_word_file_and_a_wps_file_are_read_page_by_page_and_their_text_is_known(house, cast, antivirus, name):
    antivirus(CLEAN)
    document = brought(cast, samples.word() if name.endswith("x") else samples.real_old_word(), name)
    file = document.files.get()
    assert (file.kind, file.state, file.pages, file.scan) == (name.partition(".")[2], "ready", 1, "clean")
    assert SAID in text_of(document)
    assert "有文本" in card(house, cast, document)
    assert house.open_page_as(cast.drafter).get(f"/read/{document.uid}/").status_code == 200
    drawn = intake.read_text(files.rendition(file), intake.KINDS["pdf"])
    assert isinstance(drawn, intake.Text) and SAID in drawn.text


FILES = [("计划.docx", samples.word()), ("计划.doc", old_word()), ("计划.wps", old_word())]


@pytest.mark.parametrize(("name", "data"), FILES, ids=["docx", "doc", "wps"])
def test_on_a_machine_with_python_alone_the_text_is_read_and_the_next_step_is_told(house, cast, antivirus, only_python, name, data):
    antivirus(CLEAN)
    document = brought(cast, data, name)
    file = document.files.get()
    assert (file.state, file.pages) == ("unviewable", 0)
    assert "减速比为一百零一比一" in text_of(document)
    told = card(house, cast, document)
    assert "不可预览：没有 LibreOffice 文字部件：Word、WPS 文件可登记，文字照读，不转换、不预览。请另存为 PDF 后更正上传。" in told
    assert "有文本" in told
    assert document.number  # registered and in force all the same


def test_a_wps_table_on_such_a_machine_is_registered_and_says_what_is_missing(house, cast, antivirus, only_python):
    antivirus(CLEAN)
    document = brought(cast, samples.compound({"Workbook": b"\0" * 12}), "台账.et")
    assert document.files.get().state == "unviewable"
    told = card(house, cast, document)
    assert "没有 LibreOffice 表格部件" in told
    assert "无文本：本机没有读取这种格式的部件，请另存为 PDF、DOCX 或 XLSX 后更正上传" in told


def test_what_no_antivirus_has_looked_at_is_not_opened_by_an_office_program_and_says_so(house, cast):
    document = brought(cast, old_word(), "计划.wps")
    assert document.files.get().scan == "unchecked"
    told = card(house, cast, document)
    assert "不可预览：未经病毒检查，不用办公软件打开，因此没有预览。" in told
    assert "无文本：未经病毒检查" in told


@pytest.mark.parametrize(
    ("name", "data", "reason", "step"),
    [
        ("报告.wps", samples.compound({"MatOST": b"\0"}), "这是微软 Works 的文档", "请用原软件另存为 .docx 或 PDF 后上传"),
        ("报告.wps", samples.word(), "扩展名是 .wps,内容却是Word 文档", "请用原软件另存为正确的类型后上传"),
        ("报告.wps", samples.compound({"WordDocument": b"\0", "Macros": b"\0"}), "文件带有宏程序", "请另存为不带宏的格式"),
        ("报告.wps", samples.compound({"EncryptedPackage": b"\0"}), "文件设有打开口令", "请去掉口令后重新上传"),
    ],
    ids=["works", "docx under another name", "macros", "password"],
)
def test_what_cannot_be_taken_in_is_refused_with_its_reason_and_the_next_step(house, cast, name, data, reason, step):
    upload = factories.uploaded(cast.drafter, data, name)
    assert upload.state == "rejected"
    assert reason in upload.reason and step in upload.reason
