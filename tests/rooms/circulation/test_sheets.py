"""The room's forms on paper, from real rows: slip with its readers, loan with its signs, receipt; none for outsiders."""

from typing import Any

from mifeng.base import room
from mifeng.base.registers import Filled
from mifeng.rooms.approvals import actions as approvals
from mifeng.rooms.approvals import queries as approval_queries
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.circulation import actions
from mifeng.rooms.copies import actions as copies
from mifeng.rooms.copies import queries as copy_queries
from mifeng.site import prints
from tests import printed
from tests.engines.paper.test_papers import squeezed
from tests.rooms.circulation import papers


def on_paper(house: Any, person: Any, form: str, uid: str) -> Filled:
    return prints.record_form(person, house.sit(person), room.paper_forms()[form], uid)[1]


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


def test_c1_the_slip_bears_the_sign_of_whoever_approved_its_readers(house: Any, cast: Any) -> None:
    document, _copy, _place = papers.shelved(cast)
    slip = papers.slip_for(cast, document, cast.insider)
    filled = on_paper(house, cast.clerk, "F03", slip.uid)
    [sign] = filled.signs["批定领导"]
    signed = Approval.objects.get(uid=slip.approval_uid).taken.exclude(person=None).last()
    assert (sign.name, sign.stamp) == (signed.person.name, "批准")


def test_c3_who_signed_a_step_of_a_loan_has_not_approved_it(house: Any, cast: Any) -> None:
    document, copy, _place = papers.shelved(cast)
    loan = papers.borrowed(house, cast, document, copy, cast.insider)
    whole = on_paper(house, cast.clerk, "F04", loan.uid)
    assert [sign.stamp for sign in whole.signs["approver"]] == ["批准"]
    assert [sign.name for sign in whole.signs["借阅人"]] == [cast.insider.name]
    asked = actions.ask_loan(cast.drafter, document, house.sit(cast.drafter), "own_site", "编制评审材料")
    request = Approval.objects.get(uid=asked.approval_uid)
    if len(request.steps_list) > 1:
        approvals.approve(approval_queries.candidates(request)[0], request, "同意")
        request.refresh_from_db()
    assert request.state == "asked"
    filled = on_paper(house, cast.clerk, "F04", asked.uid)
    assert filled.signs["approver"] == () and filled.values["approver"] == ""
    assert [sign.name for sign in filled.signs["借阅人"]] == [cast.drafter.name]
