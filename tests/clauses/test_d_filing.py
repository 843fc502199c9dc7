"""Book D: what the leader has noted goes straight into its cupboard."""

from datetime import date

import pytest

from mifeng.base import clock, duties
from mifeng.rooms.circulation import actions, queries
from mifeng.rooms.copies import actions as copies
from mifeng.rooms.copies.facts import PlaceKind
from mifeng.rooms.oversight import reminders
from tests.rooms.circulation import papers

scenario = pytest.mark.scenario
MONDAY, TUESDAY, WEDNESDAY = date(2026, 3, 16), date(2026, 3, 17), date(2026, 3, 18)


@pytest.fixture
def noted(house, cast):
    """A paper that the deputy has noted and given back on Monday, on the clerk's desk since; and its safe."""
    document, copy, place = papers.shelved(cast)
    slip = papers.slip_for(cast, document, cast.deputy)
    line = actions.send(cast.clerk, slip, papers.line(slip, cast.deputy).uid, copy)
    actions.note_opinion(cast.deputy, line.uid, "同意,按程序办理", instruction=True)
    actions.take_in(cast.clerk, slip, line.uid, 9)
    return queries.filings_open().get(), place


@scenario("D1/1")
def test_d1_a_working_day_after_the_note_the_clerk_is_reminded_and_it_stands_on_the_list(house, cast, noted):
    filing, place = noted
    assert filing.due_at == clock.end_of(TUESDAY)
    with house.at(TUESDAY):
        reminders.send(clock.now())
        assert actions.list_filings(cast.clerk, True) == []
        assert "filing" not in {notice.kind for notice in duties.desk(cast.clerk.pk)}
    with house.at(WEDNESDAY):
        reminders.send(clock.now())
        assert actions.list_filings(cast.clerk, True) == [filing]
        assert "filing" in {notice.kind for notice in duties.desk(cast.clerk.pk)}
        actions.file(cast.clerk, filing, place)
        assert actions.list_filings(cast.clerk, False) == []


@scenario("D1/2")
def test_d1_it_is_not_filed_without_a_place(house, cast, noted, refused):
    filing, place = noted
    with refused("D1"):
        actions.file(cast.clerk, filing, None)
    assert queries.filings_open().get() == filing
    assert actions.file(cast.clerk, filing, place).filed_at


@scenario("D1/3")
def test_d1_it_is_filed_into_a_place_that_is_strong_enough_and_the_place_is_recorded(house, cast, noted, refused):
    filing, place = noted
    cabinet = copies.set_up_place(cast.office_head, "TG-09", PlaceKind.STEEL_CABINET, "走廊铁柜", "走廊", cast.clerk.department)
    with refused("M2.3"):
        actions.file(cast.clerk, filing, cabinet)
    done = actions.file(cast.clerk, filing, place)
    done.copy.refresh_from_db()
    assert (done.filed_by, done.copy.place, done.copy.state) == (cast.clerk, place, "stored")


def test_d1_what_is_kept_for_further_work_is_recorded_with_a_day_and_is_late_after_it(house, cast, noted, refused):
    filing, _place = noted
    with refused("D1"):
        actions.keep_out(cast.clerk, filing, MONDAY, "起草实施方案")
    actions.keep_out(cast.clerk, filing, date(2026, 3, 20), "起草实施方案")
    with house.at(date(2026, 3, 20)):
        assert actions.list_filings(cast.clerk, True) == []
    with house.at(date(2026, 3, 21)):
        assert actions.list_filings(cast.clerk, True) == [filing]
