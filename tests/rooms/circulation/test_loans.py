"""借阅 and 归档: the book follows the ledger, and the pages say what is late."""

from datetime import date

import pytest

from mifeng.base import clock
from mifeng.base.refusals import NotThere
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.circulation import actions, books, queries
from mifeng.rooms.circulation.facts import Envelope, LoanState
from mifeng.rooms.copies import actions as copies
from mifeng.rooms.copies import queries as copy_queries
from mifeng.rooms.copies.facts import PlaceKind
from mifeng.rooms.copies.models import IncidentDraft
from mifeng.rooms.documents import actions as documents
from mifeng.rooms.documents.facts import ScopeLine
from mifeng.rooms.oversight import reminders
from tests import factories
from tests.rooms.circulation import papers


def test_a_loan_ends_whichever_way_the_copy_comes_back(house, cast):
    document, copy, _place = papers.shelved(cast)
    loan = papers.borrowed(house, cast, document, copy, cast.insider)
    copies.return_item(cast.clerk, copy, 9)
    loan.refresh_from_db()
    assert (loan.state, loan.pages_in, loan.receiver, loan.intact) == (LoanState.BACK, 9, cast.clerk, True)
    assert Approval.objects.get(uid=loan.approval_uid).state == "closed"
    copies.take_back(cast.clerk, copy, copy_queries.ledger(copy)[-1].uid)
    loan.refresh_from_db()
    assert (loan.state, loan.back_at) == (LoanState.LENT, None)
    actions.take_back_loan(cast.clerk, loan, 9)
    assert copy_queries.disagreements() == []


def test_a_handing_out_that_was_taken_back_is_done_again_under_the_same_approval(house, cast):
    document, copy, _place = papers.shelved(cast)
    loan = papers.borrowed(house, cast, document, copy, cast.insider)
    copies.take_back(cast.clerk, copy, copy_queries.ledger(copy)[-1].uid)
    loan.refresh_from_db()
    assert (loan.state, loan.copy) == (LoanState.APPROVED, None)
    assert actions.lend(cast.clerk, house.sit(cast.clerk), loan, copy).state == LoanState.LENT


def test_c3_the_borrower_lends_it_to_nobody_and_the_clerk_does_not_lend_it_twice(house, cast, refused):
    document, copy, _place = papers.shelved(cast)
    papers.borrowed(house, cast, document, copy, cast.insider)
    second = actions.ask_loan(cast.engineer, document, house.sit(cast.engineer), "own_site", "同一评审")
    papers.approve(second.approval_uid)
    with refused("C3"):
        actions.lend(cast.insider, house.sit(cast.insider), second, copy)
    with refused("G4.1"):  # it is not there
        actions.lend(cast.clerk, house.sit(cast.clerk), second, copy)
    copies.return_item(cast.clerk, copy, 9)
    assert actions.lend(cast.clerk, house.sit(cast.clerk), second, copy)


def test_c3_a_loan_ends_at_the_scope_of_the_borrower_even_after_its_approval(house, cast, refused):
    document, copy, _place = papers.shelved(cast)
    loan = actions.ask_loan(cast.insider, document, house.sit(cast.insider), "own_site", "评审")
    papers.approve(loan.approval_uid)
    from_scope(cast, document)
    with refused("C3"):
        actions.lend(cast.clerk, house.sit(cast.clerk), loan, copy)


def from_scope(cast, document):
    documents.narrow_scope(cast.drafter, document, (ScopeLine("person", cast.insider.uid),), "已调离项目")


def test_what_comes_back_damaged_is_described_and_drafted_as_an_incident(house, cast, refused):
    document, copy, _place = papers.shelved(cast)
    loan = papers.borrowed(house, cast, document, copy, cast.insider)
    with refused("C3"):
        actions.take_back_loan(cast.clerk, loan, 9, intact=False)
    loan = actions.take_back_loan(cast.clerk, loan, 9, intact=False, note="第3页被涂改")
    assert (loan.intact, loan.note) == (False, "第3页被涂改")
    found = IncidentDraft.objects.get()
    assert (found.copy, found.clause, found.ref) == (copy, "C3", loan.item_key)


def test_a_broken_envelope_is_drafted_as_an_incident_and_an_intact_one_is_not(house, cast):
    actions.receive(cast.clerk, papers.cover(cast), papers.paper())
    assert not IncidentDraft.objects.exists()
    row = actions.receive(cast.clerk, papers.cover(cast, envelope=Envelope.BROKEN), papers.paper())
    assert IncidentDraft.objects.get().ref == row.item_key


def test_the_pages_walk_a_loan_that_is_overdue_and_climbs(house, cast):
    document, copy, _place = papers.shelved(cast)
    asking = house.open_page_as(cast.insider)
    place = asking.post(f"/circulation/loans/new/{document.uid}/", {"where": "own_site", "purpose": "编制评审材料"})["Location"]
    loan = queries.loans().get()
    papers.approve(loan.approval_uid)
    clerk = house.open_page_as(cast.clerk)
    assert "借出" in clerk.get("/").content.decode()
    assert clerk.post(place, {"do": "lend", "copy": copy.uid}).status_code == 302
    assert "应还 2026-03-23" in asking.get("/").content.decode()
    with house.at(date(2026, 3, 26)):
        late = house.open_page_as(cast.clerk)
        assert "催还" in late.get("/").content.decode()
        assert loan.number in late.get("/circulation/loans/?view=late").content.decode()
        again = house.open_page_as(cast.insider)
        typed = {"where": "own_site", "purpose": "再借"}
        other, _copy, _place = papers.shelved(cast)
        refusal = again.post(f"/circulation/loans/new/{other.uid}/", typed)
        assert refusal.status_code == 403
        assert "逾期未还" in refusal.content.decode()
        assert late.post(place, {"do": "back", "pages": "9"}).status_code == 302
        assert again.post(f"/circulation/loans/new/{other.uid}/", typed).status_code == 302
        assert loan.number not in late.get("/circulation/loans/?view=late").content.decode()
        book = late.get("/registers/F04/").content.decode()
        assert loan.number in book
        assert factories.TITLE in book


def test_the_book_of_loans_tells_who_approved_lent_and_took_back(house, cast):
    document, copy, _place = papers.shelved(cast)
    loan = papers.borrowed(house, cast, document, copy, cast.insider)
    actions.take_back_loan(cast.clerk, loan, 9)
    row = books.LOANS.rows(cast.clerk).found.get()
    cells = {column.key: str(column.value(row)) for column in books.LOANS.columns if column.key}
    assert (cells["approver"], cells["lender"], cells["receiver"]) == (cast.deputy.called, cast.clerk.name, cast.clerk.name)
    assert (cells["due"], cells["pages_out"], cells["pages_in"]) == ("2026-03-23", "9", "9")


def test_the_pages_put_a_noted_paper_away(house, cast):
    document, copy, place = papers.shelved(cast)
    slip = papers.slip_for(cast, document, cast.insider)
    line = actions.send(cast.clerk, slip, papers.line(slip, cast.insider).uid, copy)
    actions.take_in(cast.clerk, slip, line.uid, 9)
    filing, clerk = queries.filings_open().get(), house.open_page_as(cast.clerk)
    address = f"/circulation/filings/{filing.uid}/"
    assert address in clerk.get("/circulation/filings/").content.decode()
    assert clerk.post(address, {"do": "keep", "until": "2026-03-20", "reason": "起草实施方案"}).status_code == 302
    assert "留用至 2026-03-20" in clerk.get("/circulation/filings/").content.decode()
    assert clerk.post(address, {"do": "file", "place": ""}).status_code == 422
    copies.set_up_place(cast.office_head, "TG-01", PlaceKind.STEEL_CABINET, "铁皮柜", "301", cast.clerk.department)
    offered = [code for code, _words in clerk.get(address).context["file"].fields["place"].widget.choices]
    assert offered == ["", place.code]  # a steel cabinet is not strong enough for 机密
    weak = clerk.post(address, {"do": "file", "place": "TG-01"})
    assert (weak.status_code, 'href="/clauses/M2.3/"' in weak.content.decode()) == (403, True)
    assert clerk.post(address, {"do": "file", "place": place.code}).status_code == 302
    copy.refresh_from_db()
    assert (copy.place, list(queries.filings_open())) == (place, [])
    with pytest.raises(NotThere):
        actions.open_filing(cast.clerk, filing.uid)


def test_c3_whether_the_clerk_may_hand_it_out_at_this_device_is_decided_as_for_every_act(house, cast, refused):
    document, copy, _place = papers.shelved(cast)
    loan = actions.ask_loan(cast.insider, document, house.sit(cast.insider), "own_site", "评审")
    papers.approve(loan.approval_uid)
    with refused("D5", "I6.2", "I7.2"):  # nobody sits there
        actions.lend(cast.clerk, None, loan, copy)
    assert actions.lend(cast.clerk, house.sit(cast.clerk), loan, copy).state == LoanState.LENT


def test_a_paper_that_is_back_is_given_back_and_renewed_no_more(house, cast, refused):
    document, copy, _place = papers.shelved(cast)
    loan = papers.borrowed(house, cast, document, copy, cast.insider)
    actions.take_back_loan(cast.clerk, loan, 9)
    for again in (lambda: actions.take_back_loan(cast.clerk, loan, 9), lambda: actions.renew(cast.clerk, loan)):
        with refused("C3"):
            again()
    assert copy_queries.disagreements() == []


def test_c3_the_head_sees_on_his_desk_what_his_people_have_not_brought_back_and_no_title_of_it(house, cast):
    document, copy, _place = papers.shelved(cast)
    loan = papers.borrowed(house, cast, document, copy, cast.insider)
    with house.at(date(2026, 3, 25)):
        assert queries.late_in(cast.dept_head) == []
    with house.at(date(2026, 3, 26)):
        assert queries.late_in(cast.dept_head) == [loan]
        assert queries.late_in(cast.sales_head) == queries.late_in(cast.insider) == []
        desk = house.open_page_as(cast.dept_head).get("/").content.decode()
        line = desk[desk.index("本部门逾期未还") :].split("</li>")[0]
        assert f"{loan.number} {cast.insider.name}" in line
        assert factories.TITLE not in line


def test_the_page_of_a_loan_says_who_was_told_of_it_and_when(house, cast):
    document, copy, _place = papers.shelved(cast)
    loan = papers.borrowed(house, cast, document, copy, cast.insider)
    address = f"/circulation/loans/{loan.uid}/"
    for day in (date(2026, 3, 23), date(2026, 3, 27)):  # nobody was there on the third day
        with house.at(day):
            reminders.send(clock.now())
    with house.at(date(2026, 3, 27)):
        page = house.open_page_as(cast.clerk).get(address)
        told = [(one["at"].date().day, one["what"], one["who"]) for one in page.context["reminders"]]
        assert told[0] == (23, "到期提醒", cast.insider)
        assert set(told[1:]) == {(27, "催还", cast.insider), (27, "告知上级", cast.dept_head)}
        assert (page.context["late_days"], "到期前一次" in page.content.decode()) == (4, False)


def test_a_copy_in_no_cupboard_is_not_handed_out_and_the_page_says_why(house, cast):
    document = factories.classified(cast)
    copy = copies.enter(cast.clerk, document, [1], 9)[0]
    slip = papers.slip_for(cast, document, cast.insider)
    loan = actions.ask_loan(cast.engineer, document, house.sit(cast.engineer), "own_site", "评审")
    papers.approve(loan.approval_uid)
    clerk = house.open_page_as(cast.clerk)
    for address in (f"/circulation/slips/{slip.uid}/", f"/circulation/loans/{loan.uid}/"):
        before = clerk.get(address)
        assert (list(before.context["copies"]), list(before.context["to_store"])) == ([], [copy])
        assert "先入柜才能交给别人" in before.content.decode()
    copies.store(cast.clerk, [copy], papers.safe(cast))
    for address in (f"/circulation/slips/{slip.uid}/", f"/circulation/loans/{loan.uid}/"):
        after = clerk.get(address)
        assert (list(after.context["copies"]), list(after.context["to_store"])) == ([copy], [])
