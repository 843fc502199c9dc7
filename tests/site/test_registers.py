"""Registers on the screen: by year and page, searched without an address that tells, void numbers and corrections shown."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mifeng.base import deeds, numbers, papers, room
from mifeng.base.registers import Column, Lines, Register
from mifeng.rooms.documents.models import Change
from mifeng.site import register_lines, registers
from tests import factories, printed

NEW_YEAR = datetime(2026, 1, 6, 2, 0, tzinfo=UTC)
LAST_YEAR = datetime(2025, 3, 3, 2, 0, tzinfo=UTC)
F08 = "/registers/F08/"


def by_deed(act: Callable[[], Any]) -> None:
    deeds._do("documents:test_lines", None, None, act)


def entered(document: Any, person: Any, first: int, count: int, begun: datetime, apart: timedelta) -> None:
    """Lines of F08 with the serials of `begun`'s year from `first` on, `apart` from each other."""

    def act() -> None:
        for n in range(count):
            Change.objects.create(
                document=document, what="classified", at=begun + n * apart, person=person, before="", reason="",
                after=f"澜岱公司 机密 5年 第{n}次", number=f"定密〔{begun.year}〕{first + n:04d}",
            )  # fmt: skip

    by_deed(act)


def serials(page: Any) -> list[str]:
    return [str(line.cells[0]) for line in page.context["lines"]]


def follow(client: Any, way: str, page: Any) -> Any:
    return client.get(f"{F08}?{page.context['page'][way]}")


@pytest.fixture
def book(house: Any, cast: Any) -> Any:
    """45 lines of last year, all of one instant, and of this year 25 an hour apart beside the paper's own; 0015 is missing."""
    document = factories.classified(cast)
    entered(document, cast.deputy, 1, 45, LAST_YEAR, timedelta())
    entered(document, cast.deputy, 2, 13, NEW_YEAR, timedelta(hours=1))
    entered(document, cast.deputy, 16, 12, NEW_YEAR + timedelta(hours=13), timedelta(hours=1))
    return document


def test_a_register_shows_this_year_newest_first_and_turns_its_pages_both_ways(house: Any, cast: Any, book: Any) -> None:
    client = house.open_page_as(cast.clerk)
    first = client.get(F08)
    assert (first.context["years"], first.context["page"]["total"]) == ([2026, 2025], 26)
    assert serials(first) == ["定密〔2026〕0001", *(f"定密〔2026〕{n:04d}" for n in (*range(27, 15, -1), *range(14, 7, -1)))]
    second = follow(client, "next", first)
    assert serials(second) == [f"定密〔2026〕{n:04d}" for n in range(7, 1, -1)]
    assert second.context["page"]["next"] == ""
    assert serials(follow(client, "previous", second)) == serials(first)


def test_pages_within_one_instant_lose_no_line_and_show_none_twice(house: Any, cast: Any, book: Any) -> None:
    client = house.open_page_as(cast.clerk)
    page, seen = client.get(F08 + "?year=2025"), []
    pages = [page]
    while page.context["page"]["next"]:
        seen += serials(page)
        page = follow(client, "next", page)
        pages.append(page)
    seen += serials(page)
    assert (len(pages), seen) == (3, [f"定密〔2025〕{n:04d}" for n in range(45, 0, -1)])
    assert serials(follow(client, "previous", pages[2])) == serials(pages[1])
    assert serials(follow(client, "previous", pages[1])) == serials(pages[0])


def test_a_made_up_place_or_year_is_the_first_page(house: Any, cast: Any, book: Any) -> None:
    client = house.open_page_as(cast.clerk)
    first = serials(client.get(F08))
    for made_up in ("?after=x", "?after=99999999999999999999.1", "?year=0", "?year=2999", "?since=never", "?before=-1.1"):
        assert serials(client.get(F08 + made_up)) == first, made_up
    assert client.get(F08 + "?after=99999999999999999.999999").context["lines"] == []
    assert client.get(F08 + "?year=1999").context["lines"] == []


def test_days_and_numbers_and_words_find_lines_and_words_never_stand_in_an_address(house: Any, cast: Any, book: Any) -> None:
    client = house.open_page_as(cast.clerk)
    days = client.post(F08, {"do": "find", "year": "2026", "since": "2026-01-06", "until": "2026-01-06"})
    assert (days.status_code, days.headers["Location"]) == (302, F08 + "?year=2026&since=2026-01-06&until=2026-01-06")
    assert len(serials(client.get(days.headers["Location"]))) == 14  # 10:00 to 23:00 in the company's zone
    assert serials(client.post(F08, {"do": "find", "year": "2026", "number": "9"})) == ["定密〔2026〕0009"]
    ten = serials(client.post(F08, {"do": "find", "year": "2026", "number": "[2026]000"}))
    assert sorted(ten) == [f"定密〔2026〕{n:04d}" for n in range(1, 10)]
    found = client.post(F08, {"do": "find", "year": "2026", "words": f"{book.title[2:6]} 第12次 0014"})
    assert (found.status_code, serials(found)) == (200, ["定密〔2026〕0014"])
    assert serials(client.get(f"{F08}?words={book.title[:4]}&number=9")) == serials(client.get(F08))  # an address is no search


def test_a_search_by_words_stops_after_a_stretch_and_goes_on(house: Any, cast: Any, book: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(register_lines, "WALKED", 10)
    client = house.open_page_as(cast.clerk)
    found = client.post(F08, {"do": "find", "year": "2026", "words": "第0次 0002"})
    assert (serials(found), bool(found.context["more"])) == ([], True)
    steps = 0
    while found.context["more"] and not serials(found):
        found = client.post(F08, {"year": "2026", "words": "第0次 0002", "after": found.context["more"]})
        steps += 1
    assert (serials(found), steps) == (["定密〔2026〕0002"], 2)


def test_void_numbers_stand_in_their_places_for_keepers_only(house: Any, cast: Any, book: Any) -> None:
    def act() -> None:
        for before, why in ((14, "夹页"), (27, "登错行"), (28, "撕页")):
            numbers.start_at("定密", 2026, before)
            numbers.void(numbers.take("定密"), why)

    by_deed(act)
    client = house.open_page_as(cast.clerk)
    first = client.get(F08)
    second = follow(client, "next", first)
    assert serials(first)[:3] == ["定密〔2026〕0029", "定密〔2026〕0028", "定密〔2026〕0001"]
    assert "定密〔2026〕0016 定密〔2026〕0015 定密〔2026〕0014" in " ".join(serials(first))
    assert len(serials(first) + serials(second)) == 26 + 3
    assert "作废：撕页" in first.content.decode()
    assert "作废" not in house.open_page_as(cast.gm).get(F08).content.decode()
    assert "作废" not in client.get(F08 + "?year=2025").content.decode()


def test_a_corrected_title_shows_both_sides(house: Any, cast: Any) -> None:
    from mifeng.rooms.documents import actions

    document = factories.classified(cast, title="青鹭三型试制安排")
    actions.correct(cast.drafter, document, title="青鹭三型试制计划", reason="题名抄错")
    page = house.open_page_as(cast.clerk).get(F08).content.decode()
    assert "<del>青鹭三型试制安排</del> <ins>青鹭三型试制计划</ins>" in page


def test_every_register_of_the_house_opens_is_printed_and_leaves_as_a_table(house: Any, cast: Any) -> None:
    factories.classified(cast)
    clients = {who: house.open_page_as(getattr(cast, who)) for who in ("clerk", "office_head", "gm")}
    seen = []
    for told in (one for announced in room.rooms() for one in announced.registers):
        for client in clients.values():
            address = f"/registers/{told.form}/"
            page = client.get(address)
            if page.status_code == 404:
                continue
            seen.append(told.form)
            assert page.status_code == 200, told.form
            assert client.post(address, {"do": "find", "words": "没有", "number": "1"}).status_code == 200, told.form
            answers = [client.post(address, {"do": how}) for how in ("print", "table")]
            assert [answer.headers["Content-Type"] for answer in answers] == [papers.PDF, papers.XLSX], told.form
            assert told.purpose, told.form
            break
    assert set(seen) == {one.form for announced in room.rooms() for one in announced.registers}


def test_lines_may_be_dated_by_what_they_belong_to(house: Any, cast: Any) -> None:
    documents = [factories.classified(cast, title=f"第{n}件") for n in range(3)]
    lines = Lines(Change.objects.filter(what="classified").select_related("document"), at="document__registered_at")
    told = Register("F08", "", (Column("", lambda row: row.document.title),), rows=lambda person: lines)
    pages, after = [], ""
    while not pages or after:
        shown = register_lines.window(told, lines, register_lines.Wanted(2026, after=after, size=1))
        pages, after = [*pages, *(row.document_id for row in shown.rows)], shown.after
    assert pages == [document.pk for document in reversed(documents)]
    by_day = Lines(Change.objects.filter(what="classified").select_related("document"), at="document__issued_on")
    assert register_lines.window(told, by_day, register_lines.Wanted(2026, since=date(2000, 1, 1))).total == len(
        [document for document in documents if document.issued_on]
    )


def test_an_empty_register_says_what_it_is_for_and_names_the_first_deed(house: Any, cast: Any) -> None:
    page = house.open_page_as(cast.clerk).get(F08).content.decode()
    assert "本簿记每一件密件由谁审定" in page
    assert 'href="/documents/new/"' in page
    searched = house.open_page_as(cast.clerk).post(F08, {"do": "find", "words": "没有"}).content.decode()
    assert "可放宽条件再查" in searched


def test_a_register_is_printed_as_a_pdf_in_the_order_of_the_book_with_void_numbers_and_the_level_of_the_list(
    house: Any, cast: Any, book: Any
) -> None:
    def act() -> None:
        numbers.start_at("定密", 2026, 14)
        numbers.void(numbers.take("定密"), "夹页")

    by_deed(act)
    client = house.open_page_as(cast.clerk)
    answer = client.post(F08, {"do": "print", "year": "2026", "since": "2026-01-06", "until": "2026-01-06"})
    assert (answer.headers["Content-Type"], answer.headers["Content-Disposition"]) == (
        "application/pdf", 'inline; filename="F08-2026-0001.pdf"',
    )  # fmt: skip
    assert "2026-01-06 至 2026-01-06" in printed.words(answer.content)
    whole = printed.words(client.post(F08, {"do": "print", "year": "2026"}).content)
    assert "本簿按 机密 管理" in whole
    assert "登记号 定密〔2026〕0002—0001" in whole
    lines = re.findall(r"^(\d{4})(?:[^\d-]|$)", whole, re.MULTILINE)
    assert lines == [f"{n:04d}" for n in (*range(2, 28), 1)]
    assert "作废：夹页" in whole
    assert "共 27 行，作废 1 行" in whole
    assert house.last()["n"] == {"lines": 27}


def test_a_printed_register_has_both_sides_of_a_correction_and_a_table_has_only_text(house: Any, cast: Any) -> None:
    from mifeng.rooms.documents import actions

    titles = ("=1+1", "@SUM(A1)", "+8613800000000", "-2+3", "\tcmd|'/c calc'!A0", '=HYPERLINK("http://x/","x")')
    for title in titles:
        document = factories.classified(cast, title=title)
    actions.correct(cast.drafter, document, title="正名", reason="题名抄错")
    client = house.open_page_as(cast.clerk)
    assert "=HYPERLINK" in printed.words(client.post(F08, {"do": "print"}).content)
    answer = client.post(F08, {"do": "table"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="F08-2026-0002.xlsx"'
    assert (house.last()["act"], house.last()["n"]) == ("site:export_register", {"lines": 6})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {(cell.data_type, cell.number_format) for cell in cells} == {("s", "@")}
    assert [row[1].value for row in sheet.iter_rows(min_row=2, max_row=6)] == [title.strip() for title in titles[:5]]
    assert sheet["B7"].value == f"正名（原：{titles[5]}）"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as parts:
        assert not [name for name in parts.namelist() if "external" in name.lower()]
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


def test_more_lines_than_can_be_printed_at_once_are_not_printed_and_take_no_serial(
    house: Any, cast: Any, book: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(registers, "MOST_PRINTED", 30)
    client = house.open_page_as(cast.clerk)
    answer = client.post(F08, {"do": "print", "year": "2025"})
    assert (answer.status_code, "请按日期分段打印" in answer.content.decode()) == (422, True)
    assert numbers.Issued.objects.filter(series="印册").count() == 0
    assert client.post(F08, {"do": "print", "year": "2026"}).status_code == 200


def test_an_address_alone_prints_nothing(house: Any, cast: Any, book: Any) -> None:
    client = house.open_page_as(cast.clerk)
    assert client.get(F08 + "?do=print").headers["Content-Type"].startswith("text/html")
    assert numbers.Issued.objects.filter(series="印册").count() == 0


def test_the_work_of_a_page_does_not_grow_with_the_register(house: Any, cast: Any, book: Any) -> None:
    client = house.open_page_as(cast.clerk)

    def statements() -> int:
        client.get(F08)
        with CaptureQueriesContext(connection) as caught:
            client.get(F08)
        return len(caught)

    before = statements()
    entered(book, cast.deputy, 100, 300, NEW_YEAR + timedelta(days=20), timedelta(minutes=7))
    assert statements() == before
    rows = client.get(F08).context["rows"]
    assert len(rows) == 20


def test_a_reader_of_many_items_and_one_of_few_are_shown_the_same_lines(house: Any, cast: Any, book: Any, monkeypatch: Any) -> None:
    from mifeng.rooms.documents import queries

    factories.classified(cast, title="与他人无关", proposed=factories.proposed(scope=factories.scope_of("luyz")))
    people = (cast.clerk, cast.gm, cast.deputy)
    few = [serials(house.open_page_as(who).get(F08 + "?year=2026")) for who in people]
    monkeypatch.setattr(queries, "MOST_COUNTED", 0)
    much = [serials(house.open_page_as(who).get(F08 + "?year=2026")) for who in people]
    assert few == much
    assert len({len(lines) for lines in few}) >= 1
    assert few[0]


def test_a_book_without_a_line_this_year_opens_at_its_last_one(house: Any, cast: Any) -> None:
    document, seat = factories.classified(cast), house.open_page_as(cast.clerk)

    def act() -> None:
        Change.objects.create(document=document, what="term", at=LAST_YEAR, person=cast.deputy, before="", reason="", after="5年")

    by_deed(act)
    opened, this_year = seat.get("/registers/F09/").context, seat.get("/registers/F09/?year=2026").context
    assert (opened["wanted"].year, len(opened["lines"]), this_year["wanted"].year, this_year["lines"]) == (2025, 1, 2026, [])
