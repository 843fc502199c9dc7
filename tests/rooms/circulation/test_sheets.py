"""The room's forms on paper, from real rows: slip with its readers, loan with its signs, receipt; none for outsiders."""

from typing import Any

from mifeng.rooms.circulation import actions
from mifeng.rooms.copies import actions as copies
from mifeng.rooms.copies import queries as copy_queries
from tests import printed
from tests.engines.paper.test_papers import squeezed
from tests.rooms.circulation import papers


def said(answer: Any) -> str:
    assert answer.status_code == 200
    return squeezed(printed.words(answer.content))


def test_c1_the_slip_is_printed_with_its_readers_and_what_they_noted(house: Any, cast: Any) -> None:
    document, copy, _place = papers.shelved(cast)
    slip = papers.slip_for(cast, document, cast.insider)
    line = actions.send(cast.clerk, slip, papers.line(slip, cast.insider).uid, copy)
    copies.sign_for(cast.insider, copy_queries.to_sign(cast.insider)[0].uid)
    actions.note_opinion(cast.insider, line.uid, "建议压缩里程碑", instruction=False)
    paper = said(house.open_page_as(cast.clerk).post(f"/papers/{slip.uid}/", {"form": "F03"}))
    for each in (squeezed(document.title), "-传01", f"1.{cast.insider.name}", "建议压缩里程碑", "送阅", copy.number, "机要员"):
        assert each in paper, each
    assert paper.count(cast.insider.name) >= 3  # in the list, in the order, under what he has read
    assert house.open_page_as(cast.sales_head).post(f"/papers/{slip.uid}/", {"form": "F03"}).status_code == 404
    page = house.open_page_as(cast.clerk).get("/registers/F03/").content.decode()
    assert f'formaction="/papers/{slip.uid}/"' in page


def test_c3_the_loan_form_says_who_approved_handed_out_and_took_back(house: Any, cast: Any) -> None:
    document, copy, _place = papers.shelved(cast)
    loan = papers.borrowed(house, cast, document, copy, cast.insider)
    copies.return_item(cast.clerk, copy, 9)
    paper = said(house.open_page_as(cast.clerk).post(f"/papers/{loan.uid}/", {"form": "F04"}))
    for each in (loan.number, cast.insider.name, squeezed(document.title), "归还", copy.number):
        assert each in paper, each
    assert paper.count(cast.clerk.name) >= 2  # handed out, took back
    assert house.open_page_as(cast.sales_head).post(f"/papers/{loan.uid}/", {"form": "F04"}).status_code == 404
