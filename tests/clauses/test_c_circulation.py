"""Book C: circulation within the range and by the clerk's hands; loans for a term, and what follows when it is over."""

from datetime import date, timedelta

import pytest

from mifeng.base import clock, duties
from mifeng.rooms.circulation import actions, queries
from mifeng.rooms.circulation.facts import LoanState, SlipState
from mifeng.rooms.copies import queries as copies
from mifeng.rooms.oversight import reminders
from tests.rooms.circulation import papers

scenario = pytest.mark.scenario


@scenario("C1/1")
def test_c1_a_reader_does_not_pass_it_on_to_the_next_reader(house, cast, refused):
    document, copy, _place = papers.shelved(cast)
    slip = papers.slip_for(cast, document, cast.insider, cast.engineer)
    actions.send(cast.clerk, slip, papers.line(slip, cast.insider).uid, copy)
    with refused("C1"):
        actions.send(cast.insider, slip, papers.line(slip, cast.engineer).uid, copy)
    with refused("C1"):  # nor does the clerk send on what has not come back to her
        actions.send(cast.clerk, slip, papers.line(slip, cast.engineer).uid, copy)
    copy.refresh_from_db()
    assert (copy.holder, copy.custodian) == (cast.insider, cast.clerk)


@scenario("C1/2")
def test_c1_a_name_outside_the_scope_is_not_put_on_the_list(house, cast, refused):
    document, _copy, _place = papers.shelved(cast)
    with refused("C1"):
        actions.ask_circulation(cast.drafter, document, [cast.insider, cast.outsider], "评审")
    assert actions.ask_circulation(cast.drafter, document, [cast.insider, cast.engineer], "评审")


@scenario("C1/3")
def test_c1_the_clerk_sends_it_to_one_reader_after_the_other_until_all_have_read_it(house, cast):
    document, copy, _place = papers.shelved(cast)
    slip = papers.slip_for(cast, document, cast.insider, cast.engineer)
    for reader in (cast.insider, cast.engineer):
        line = actions.send(cast.clerk, slip, papers.line(slip, reader).uid, copy)
        copy.refresh_from_db()
        assert (copy.holder, copy.state, line.due_at) == (reader, "circulating", clock.end_of(date(2026, 3, 17)))
        actions.take_in(cast.clerk, slip, line.uid, 9)
    slip.refresh_from_db()
    assert slip.state == SlipState.DONE
    assert copies.disagreements() == []


@scenario("C3/1")
def test_c3_top_secret_is_not_lent_out_of_the_reading_room(house, cast, refused):
    document, copy, _place = papers.shelved(cast, 30)
    with refused("C3"):
        actions.ask_loan(cast.deputy, document, house.sit(cast.deputy), "own_site", "核对")
    loan = papers.borrowed(house, cast, document, copy, cast.deputy, "reading_room")
    assert loan.due_at == clock.end_of(clock.today())  # on the spot


@scenario("C3/2")
def test_c3_three_days_late_the_head_is_told_and_nothing_new_is_lent(house, cast, refused):
    document, copy, _place = papers.shelved(cast)
    other, _copy, _place = papers.shelved(cast)
    loan = papers.borrowed(house, cast, document, copy, cast.insider)
    assert loan.due_at == clock.end_of(date(2026, 3, 23))
    with house.at(date(2026, 3, 24)):
        reminders.send(clock.now())
        assert "loan" in kinds(cast.insider)
        with refused("C3"):
            actions.renew(cast.clerk, loan)
        assert "overdue" not in kinds(cast.dept_head)
    with house.at(date(2026, 3, 26)):
        reminders.send(clock.now())
        assert "overdue" in kinds(cast.dept_head)
        with refused("C3"):
            actions.ask_loan(cast.insider, other, house.sit(cast.insider), "own_site", "再借")
        assert actions.ask_loan(cast.engineer, other, house.sit(cast.engineer), "own_site", "借阅")
        actions.take_back_loan(cast.clerk, loan, 9)
        assert queries.late_with(cast.insider) == []
        assert actions.ask_loan(cast.insider, other, house.sit(cast.insider), "own_site", "再借")


def kinds(person):
    return {notice.kind for notice in duties.desk(person.pk)}


@scenario("C3/3")
def test_c3_a_loan_is_for_five_working_days_to_somebody_in_scope_and_renewed_once(house, cast, refused):
    document, copy, _place = papers.shelved(cast)
    with refused("P0.2"):
        actions.ask_loan(cast.leaver, document, house.sit(cast.leaver), "own_site", "了解")
    loan = actions.ask_loan(cast.insider, document, house.sit(cast.insider), "own_site", "编制评审材料")
    with refused("C3"):  # asked for is not approved
        actions.lend(cast.clerk, house.sit(cast.clerk), loan, copy)
    papers.approve(loan.approval_uid)
    with refused("C3"):  # and only its custodian hands it out
        actions.lend(cast.second_clerk, house.sit(cast.second_clerk), loan, copy)
    loan = actions.lend(cast.clerk, house.sit(cast.clerk), loan, copy)
    copy.refresh_from_db()
    assert (loan.state, copy.holder, copy.due_at) == (LoanState.LENT, cast.insider, clock.end_of(date(2026, 3, 23)))
    with house.at(timedelta(days=1)):
        loan = actions.renew(cast.clerk, loan)
        assert loan.due_at == clock.end_of(date(2026, 3, 30))
        with refused("C3"):
            actions.renew(cast.clerk, loan)
        loan = actions.take_back_loan(cast.clerk, loan, 9)
    assert (loan.state, loan.pages_in, loan.intact, loan.receiver) == (LoanState.BACK, 9, True, cast.clerk)
    assert copies.disagreements() == []
