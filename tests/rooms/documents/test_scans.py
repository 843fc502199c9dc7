"""Scanned pages of an item: read by their looks as work of their own, under a name of their own, told on the card."""

import io
import json
from typing import Any

import pytest
from PIL import Image

from mifeng.base import jobs, vault
from mifeng.base.models import Job, LogIndex
from mifeng.engines import intake
from mifeng.engines.vault import Kind, Unreadable
from mifeng.rooms.documents import actions, work
from mifeng.rooms.documents.models import Document, PageText
from mifeng.site import verification
from tests import factories
from tests.engines.intake.scans import right, scan, stored
from tests.house_fixtures import contents

SAID = "未经批准,任何人不得复制、摘抄或者向外提供本文件的内容。"
BLANK = intake.Recognised((intake.Line(SAID, 993, (100, 100, 800, 130)),), doubtful=False)


def sheets(count: int) -> bytes:
    """A PDF of so many scanned sheets."""
    pictures = [Image.new("L", (120, 170), 250 - number) for number in range(count)]
    out = io.BytesIO()
    pictures[0].save(out, "PDF", save_all=True, append_images=pictures[1:])
    return out.getvalue()


def brought(cast: Any, data: bytes, name: str = "scan.pdf") -> Document:
    """A paper in force with this file, which is not converted yet."""
    return factories.classified(cast, uploads=(factories.uploaded(cast.drafter, data, name),))


def step(kind: str) -> None:
    """The next job, which is of this kind."""
    assert jobs.due().first().kind == kind
    jobs.run_one()


def pages(document: Document) -> list[tuple[int, str]]:
    return list(PageText.objects.filter(file__document=document).order_by("page").values_list("page", "state"))


def card(house: Any, cast: Any, document: Document) -> str:
    return house.open_page_as(cast.drafter).get(f"/documents/{document.uid}/").content.decode()


@pytest.fixture
def reader(monkeypatch):
    """A recogniser that answers at once; `answers` by page, `asked` in order."""

    class Reader:
        answers: dict[int, Any] = {}
        asked: list[int] = []

    Reader.answers, Reader.asked = {}, []

    def recognise(_pdf: bytes, page: int) -> Any:
        Reader.asked.append(page)
        return Reader.answers.get(page, BLANK)

    monkeypatch.setattr(intake, "can_recognise", lambda: True)
    monkeypatch.setattr(intake, "recognise", recognise)
    return Reader


@pytest.fixture
def nobody(monkeypatch):
    """A machine without a recogniser."""
    monkeypatch.setattr(intake, "can_recognise", lambda: False)


@pytest.mark.part("ocr")
def test_a_scan_is_read_after_its_pages_can_be_seen_and_lies_sealed_under_a_name_of_its_own(house, cast):
    document = brought(cast, stored(scan(SAID), "PDF"))
    assert document.files.get().state == "waiting"
    step("documents:convert")
    file = document.files.get()
    assert (file.state, file.text, pages(document)) == ("ready", "", [(1, "waiting")])
    assert "待识别：1 页中还有 1 页" in card(house, cast, document)
    step("documents:recognise")
    row = PageText.objects.get()
    assert (row.state, row.confidence > 950) == ("read", True)
    assert "识别文字 1 页，非原文，以页面图像为准" in card(house, cast, document)
    asked = {"doc_id": bytes.fromhex(file.vault_doc), "version": 1, "part": 1}
    sealed = vault.opened().withdraw(bytes.fromhex(row.words), kind=Kind.RECOGNISED, **asked).decode()
    assert right("".join(line[0] for line in json.loads(sealed)), SAID) > 0.9
    with pytest.raises(Unreadable):  # nobody who asks for the text of the file is given it
        vault.opened().withdraw(bytes.fromhex(row.words), kind=Kind.TEXT, **asked)
    assert verification.run() == []
    written = b"".join(data for _file, data in contents(house.disk()))
    assert document.uid.encode() in written  # what is looked for would be found
    lines = [line[0] for line in json.loads(sealed)]
    assert lines
    forms = [form for line in lines for form in (line.encode(), line.encode("utf-16-le"), json.dumps(line)[1:-1].encode())]
    assert not any(form in written for form in forms)


def test_without_a_recogniser_the_card_says_no_text_and_the_pages_can_be_seen(house, cast, nobody):
    document = brought(cast, sheets(3))
    jobs.run_all()
    file = document.files.get()
    assert (file.state, file.pages, file.text) == ("ready", 3, "")
    assert [state for _page, state in pages(document)] == ["waiting"] * 3
    text = card(house, cast, document)
    assert "无文本：扫描 3 页，本机没有文字识别部件" in text
    assert "识别文字" not in text
    assert not Job.objects.filter(state=Job.State.DEAD).exists()


def test_what_nobody_could_read_when_it_came_is_read_when_a_recogniser_was_added(house, cast, monkeypatch):
    monkeypatch.setattr(intake, "can_recognise", lambda: False)
    document = brought(cast, sheets(1))
    jobs.run_all()
    assert work.recognise_late() == 0
    monkeypatch.setattr(intake, "can_recognise", lambda: True)
    monkeypatch.setattr(intake, "recognise", lambda _pdf, _page: BLANK)
    assert work.recognise_late() == 1
    jobs.run_all()
    assert pages(document) == [(1, "read")]
    assert work.recognise_late() == 0


def test_a_long_scan_lets_other_files_pass_in_between(house, cast, reader):
    long = brought(cast, sheets(work.PORTION * 2 + 1))
    step("documents:convert")
    step("documents:recognise")
    other = factories.registered(cast, uploads=(factories.uploaded(cast.drafter),))
    assert "待识别：9 页中还有 5 页" in card(house, cast, long)
    jobs.run_one()
    step("documents:convert")
    assert other.files.get().state == "ready"
    jobs.run_all()
    assert reader.asked == list(range(1, 10))
    assert {state for _page, state in pages(long)} == {"read"}
    done = LogIndex.objects.filter(act="documents:pages_recognised")
    assert done.count() == 3


def test_weak_pages_and_pages_without_a_word_are_named_on_the_card(house, cast, reader):
    reader.answers = {
        2: intake.Recognised((intake.Line("青鹭", 410, (0, 0, 1, 1)),), doubtful=True), 3: intake.NoText("", "empty"),
    }  # fmt: skip
    document = brought(cast, sheets(3))
    jobs.run_all()
    assert pages(document) == [(1, "read"), (2, "doubtful"), (3, "none")]
    text = card(house, cast, document)
    assert all(words in text for words in ("识别文字 2 页", "低置信：第 2 页", "无文本：第 3 页"))


def test_where_the_text_of_a_file_is_rubbish_every_page_is_read_by_its_looks(house, cast, reader, monkeypatch):
    monkeypatch.setattr(intake, "read_text", lambda *_file, **_told: intake.NoText("", "rubbish"))
    document = brought(cast, factories.pdf("page one", "page two"))
    jobs.run_all()
    assert (document.files.get().text, pages(document), reader.asked) == ("", [(1, "read"), (2, "read")], [1, 2])


def test_a_paper_with_text_says_so_and_asks_no_recogniser(house, cast, reader):
    document = brought(cast, factories.pdf("The reduction ratio of the joint is one hundred and one."))
    jobs.run_all()
    assert (pages(document), reader.asked) == ([], [])
    assert "有文本" in card(house, cast, document)


def test_of_a_file_that_is_replaced_meanwhile_nothing_is_kept(house, cast, reader, monkeypatch):
    document = factories.registered(cast, uploads=(factories.uploaded(cast.drafter, sheets(1)),))
    step("documents:convert")

    def replaced(pdf: bytes, page: int) -> Any:
        actions.attach_version(cast.drafter, document, factories.uploaded(cast.drafter), "传错")
        return BLANK

    monkeypatch.setattr(intake, "recognise", replaced)
    step("documents:recognise")
    assert pages(document) == [(1, "waiting")]
    assert document.files.get(version=1).state == "replaced"


def test_a_level_that_rises_while_a_page_is_read_takes_its_key_along(house, cast, reader, monkeypatch):
    document = brought(cast, sheets(1))
    step("documents:convert")

    def raised(pdf: bytes, page: int) -> Any:
        actions.ask_change(cast.drafter, document, "upgrade", reason="涉及核心参数", level=30)
        factories.approve_all(document.item_key)
        return BLANK

    monkeypatch.setattr(intake, "recognise", raised)
    step("documents:recognise")
    file = document.files.get()
    holdings = vault.opened().holdings(bytes.fromhex(file.vault_doc))
    assert {held.compartment for held in holdings} == {"30:YF"}
    assert PageText.objects.get().words


def test_what_was_read_is_not_swept_and_what_no_row_names_is(house, cast, reader, monkeypatch):
    document = brought(cast, sheets(1))
    jobs.run_all()
    file, row = document.files.get(), PageText.objects.get()
    asked = {"doc_id": bytes.fromhex(file.vault_doc), "version": 1, "part": 1, "kind": Kind.RECOGNISED}
    vault.opened().prepare(b"[]", compartment=document.compartment, **asked)
    monkeypatch.setattr(work, "DAY", 0)
    assert work.sweep() == 1
    assert vault.opened().withdraw(bytes.fromhex(row.words), **asked)


def test_of_a_very_long_scan_the_first_pages_are_read_and_the_rest_is_named(house, cast, reader, monkeypatch):
    monkeypatch.setattr("mifeng.rooms.documents.actions.converting.MOST_RECOGNISED", 2)
    document = brought(cast, sheets(3))
    jobs.run_all()
    assert pages(document) == [(0, "none"), (1, "read"), (2, "read")]
    assert "扫描页过多，后面的页不作识别" in card(house, cast, document)
