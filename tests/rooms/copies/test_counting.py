"""Counting by scanning: one scan a copy and nothing else; what is not of the sheet is a difference."""

import os
from datetime import date, timedelta
from typing import Any

import pytest

from mifeng.base.refusals import NotThere
from mifeng.rooms.copies import actions, queries
from mifeng.rooms.copies.models import CountStray
from tests import holdings
from tests.house_fixtures import START

HAND = timedelta(seconds=2.4)  # how long a copy is taken in the hand, scanned and laid down
WHOLE = 500
MANY = WHOLE if os.environ.get("MIFENG_TEST_ALL") == "1" else 25
PART = {"X-Mf-Part": "1"}


def test_a_book_is_counted_by_one_scan_a_copy_and_five_hundred_take_twenty_minutes(house: Any, cast: Any) -> None:
    copies = holdings.entered(cast, MANY)
    count = actions.open_count(cast.clerk, cast.clerk, cast.office_head)
    client, inputs = house.open_page_as(cast.clerk), 0
    for n, copy in enumerate(copies[:-1]):
        with house.at(START + HAND * (n + 1)):
            answer = client.post(f"/copies/counts/{count.uid}/scan/", {"code": copy.code}, headers=PART)
            assert answer.context["answer"].tone == "ok"
            inputs += 1
    assert HAND * (inputs / len(copies[:-1])) * WHOLE <= timedelta(minutes=20)
    page = client.get(f"/copies/counts/{count.uid}/")
    assert [line["copy"] for line in page.context["lines"] if line["apart"]] == [copies[-1].number]
    assert (page.context["seen"], page.context["left"]) == (MANY - 1, 1)
    assert queries.disagreements() == []


def test_the_page_of_a_long_sheet_draws_a_part_of_it_and_the_figures_of_all(house: Any, cast: Any) -> None:
    copies = holdings.entered(cast, 35)
    count = actions.open_count(cast.clerk, cast.clerk, cast.office_head)
    for copy in copies[:4]:
        actions.count_seen(cast.clerk, count.uid, copy.code)
    page = house.open_page_as(cast.clerk).get(f"/copies/counts/{count.uid}/")
    assert [line["apart"] for line in page.context["lines"]] == [True] * 25
    assert [page.context[name] for name in ("total", "seen", "left", "all_apart")] == [35, 4, 31, 31]
    assert page.context["lines"][0]["copy"] == copies[4].number
    assert page.content.decode().count(f"{copies[4].document.number}</a></th>") == 25  # each once
    assert page.context["differences"] == []
    rest = house.open_page_as(cast.clerk).get(f"/copies/counts/{count.uid}/?{page.context['page']['next']}")
    assert [line["copy"] for line in rest.context["lines"]] == [copy.number for copy in (*copies[29:], *copies[:4])]
    assert (rest.context["page"]["next"], rest.context["page"]["previous"]) == ("", "after=0")


def test_a_second_scan_counts_once_and_others_are_differences(house: Any, cast: Any) -> None:
    copies, others = holdings.entered(cast, 2), holdings.entered(cast, 1, title="另一份计划")
    safe = holdings.place(cast)
    actions.store(cast.clerk, copies, safe)
    count = actions.open_count(cast.clerk, cast.clerk, cast.office_head, safe)
    assert count.lines.count() == 2
    seen = [actions.count_seen(cast.clerk, count.uid, code).verdict for code in
            (copies[0].code, copies[0].code, others[0].code, "0" * 16, "0" * 16)]  # fmt: skip
    assert seen == ["match", "again", "not_listed", "unknown", "unknown"]
    strays = CountStray.objects.filter(count=count).values_list("code", "copy")
    assert set(strays) == {(others[0].code, others[0].pk), ("0" * 16, None)}
    assert [row.event for row in queries.ledger(copies[0])] == ["number", "store", "see"]


def test_p0_3_whoever_counts_learns_nothing_of_copies_that_he_may_not_know(house: Any, cast: Any) -> None:
    copies = holdings.entered(cast, 1)
    count = actions.open_count(cast.clerk, cast.clerk, cast.outsider)
    counted, found = actions.open_sheet(cast.outsider, count.uid)
    assert (counted, found.lines, found.apart, found.total, found.left) == (count, [], frozenset(), 0, 0)
    assert actions.count_seen(cast.outsider, count.uid, copies[0].code).verdict == "unknown"
    with pytest.raises(NotThere):
        actions.open_sheet(cast.insider, count.uid)


def test_a_count_is_opened_by_the_custodian_or_the_office_and_signed_by_a_third(house: Any, cast: Any, refused: Any) -> None:
    holdings.entered(cast, 1)
    with refused("G4.2"):
        actions.open_count(cast.insider, cast.clerk, cast.office_head)
    with refused("G4.2"):
        actions.open_count(cast.clerk, cast.clerk, cast.clerk)
    assert actions.open_count(cast.office_head, cast.clerk, cast.second_clerk).lines.count() == 1


def test_the_pages_of_a_count_are_drawn_and_posted_to(house: Any, cast: Any) -> None:
    copies = holdings.entered(cast, 2)
    client, signer = house.open_page_as(cast.clerk), house.open_page_as(cast.office_head)
    told = {"custodian": cast.clerk.uid, "second": cast.office_head.uid, "place": ""}
    page = client.post("/copies/counts/", told)
    address = page.headers["Location"]
    client.post(f"{address}scan/", {"code": copies[0].code})
    foreign = client.post(f"{address}scan/", {"code": "6901234567892"}, headers=PART)
    assert foreign.context["answer"].tone == "bad"
    lines = [line["uid"] for line in client.get(address).context["lines"] if line["apart"]]
    client.post(address, {"do": "decide", "fate": "missing", "reason": "柜内未见", "line": lines})
    signer.post(address, {"do": "cross"})
    client.post(address, {"do": "close"})
    closed = client.get(address)
    assert [line["copy"] for line in closed.context["differences"]] == [copies[1].number]
    assert (closed.context["running"], closed.context["left"]) == (False, 0)
    copies[1].refresh_from_db()
    card = client.post(f"/copies/{copies[1].uid}/deed/", {"do": "find", "pages": "9", "reason": "在会议室找到", "sealed": "on"})
    assert card.status_code == 302
    copies[1].refresh_from_db()
    assert copies[1].state == "found"


def test_the_year_s_clear_up_stands_in_its_register(house: Any, cast: Any) -> None:
    holdings.entered(cast, 2)
    with house.at(date(2026, 12, 1)):
        actions.open_year(cast.office_head, 2026)
        page = house.open_page_as(cast.clerk).get("/registers/F11/")
    assert [[str(cell) for cell in line.cells][:3] for line in page.context["lines"]] == [
        ["清〔2026〕ZJB", "总经理办公室", cast.clerk.name]] * 2  # fmt: skip


def test_g4_5_two_sheets_of_one_department_bear_two_numbers_also_where_one_is_opened_later(house: Any, cast: Any) -> None:
    copies = holdings.entered(cast, 3)
    with house.at(date(2026, 12, 1)):
        actions.open_year(cast.office_head, 2026)
        actions.offer(cast.clerk, copies[:1], cast.second_clerk, "轮岗")
        actions.sign_for(cast.second_clerk, queries.to_sign(cast.second_clerk)[0].uid)
        assert [sheet.number for sheet in actions.open_year(cast.office_head, 2026)] == ["清〔2026〕ZJB-2"]
        assert actions.open_year(cast.office_head, 2026) == []
    with house.at(date(2027, 12, 1)):
        numbers = sorted(sheet.number for sheet in actions.open_year(cast.office_head, 2027))
    assert numbers == ["清〔2027〕ZJB", "清〔2027〕ZJB-2"]


def test_p0_3_whoever_counts_nothing_is_shown_no_place(house: Any, cast: Any) -> None:
    holdings.entered(cast, 1)
    holdings.place(cast)
    assert "BX-04" in house.open_page_as(cast.clerk).get("/copies/counts/").content.decode()
    outsider = house.open_page_as(cast.outsider)
    assert "BX-04" not in outsider.get("/copies/counts/").content.decode()
    assert outsider.post("/copies/counts/", {"custodian": "x"}).status_code == 404


def test_a_refused_decision_keeps_what_was_chosen_and_typed(house: Any, cast: Any) -> None:
    copies = holdings.entered(cast, 2)
    client = house.open_page_as(cast.clerk)
    told = {"custodian": cast.clerk.uid, "second": cast.office_head.uid, "place": ""}
    address = client.post("/copies/counts/", told).headers["Location"]
    client.post(f"{address}scan/", {"code": copies[0].code})
    line = next(line["uid"] for line in client.get(address).context["lines"] if line["copy"] == copies[0].number)
    answer = client.post(address, {"do": "decide", "fate": "missing", "reason": "放错柜", "line": [line]})
    assert answer.status_code == 403
    text = answer.content.decode()
    assert "此份已见到实物" in text and 'value="放错柜"' in text
    assert '<option value="missing" selected>' in text


def test_the_figures_follow_each_scan_and_whoever_signs_sees_figures_alone(house: Any, cast: Any) -> None:
    copies = holdings.entered(cast, 2)
    client = house.open_page_as(cast.clerk)
    told = {"custodian": cast.clerk.uid, "second": cast.hr.uid, "place": ""}
    address = client.post("/copies/counts/", told).headers["Location"]
    scanned = client.post(f"{address}scan/", {"code": copies[0].code}, headers=PART)
    assert scanned.context["tally"] == {"seen": 1, "left": 1, "strays": 0}
    signer = house.open_page_as(cast.hr).get(address)
    assert [signer.context[name] for name in ("total", "seen", "left", "apart")] == [2, 1, 1, 2]
    assert signer.context["lines"] == []
    assert copies[0].document.number not in signer.content.decode()
    assert house.open_page_as(cast.outsider).get(address).status_code == 404
