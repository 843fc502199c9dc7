"""Book C, copies: in cupboards, drawers locked, nothing kept privately."""

from datetime import date, timedelta

import pytest

from mifeng.base import clock, duties
from mifeng.rooms.copies import actions, queries, stock_duties, stock_queries
from mifeng.rooms.copies.models import DeskCheck
from mifeng.rooms.oversight import reminders
from tests import holdings

scenario = pytest.mark.scenario
TODAY = date(2026, 3, 16)


@scenario("C4.2/1")
def test_c4_2_a_copy_without_a_place_is_on_the_list_of_deficiencies_until_it_has_one(house, cast):
    copies = holdings.entered(cast)
    actions.store(cast.clerk, copies[:2], holdings.place(cast))
    page = house.open_page_as(cast.clerk).get("/copies/?view=unplaced")
    assert [(line["copy"], line["no_place"]) for line in page.context["lines"]] == [("000003", True)]
    assert [(duty.count, len(duty.items)) for duty in stock_duties.no_place(cast.clerk)] == [(1, 1)]
    assert [line["no_place"] for line in house.open_page_as(cast.clerk).get("/copies/").context["lines"]] == [False, False, True]
    actions.store(cast.clerk, copies[2:], holdings.place(cast, "BX-03"))
    assert list(queries.without_place(cast.clerk)) == []


def drawn(cast, count=1):
    return actions.draw_desks(cast.office_head, count)[0]


@scenario("C4.3/1")
def test_c4_3_an_open_drawer_is_a_finding_with_the_day_by_which_it_is_put_right(house, cast, refused):
    check = drawn(cast)
    for day in (None, TODAY - timedelta(days=1)):
        with refused("C4.3"):
            actions.look_at_desk(cast.office_head, check.uid, False, "左抽屉", day)
    found = actions.look_at_desk(cast.office_head, check.uid, False, "左抽屉", TODAY + timedelta(days=3))
    assert found.open_finding and found.rectify_by == TODAY + timedelta(days=3)
    assert [duty.count for duty in stock_duties.desks(found.person)] == [1]
    assert "desk" in {notice.kind for notice in duties.desk(found.person_id)}
    with house.at(timedelta(days=7)):
        reminders.remind_all(clock.now())
        actions.rectify_desk(cast.office_head, check.uid)
    assert [duty.count for duty in stock_duties.desks(found.person)] == [0]


@scenario("C4.3/1")
def test_c4_3_a_locked_drawer_is_no_finding(house, cast):
    locked = actions.look_at_desk(cast.office_head, drawn(cast).uid, True)
    assert not locked.open_finding
    assert [duty.count for duty in stock_duties.desks(locked.person)] == [0]


def test_c4_3_nobody_looks_at_his_own_desk_and_not_everybody_looks(house, cast, refused):
    with refused("C4.3"):
        actions.draw_desks(cast.insider, 1)
    mine = next(one for one in actions.draw_desks(cast.office_head, 20) if one.person != cast.clerk)
    with refused("C4.3"):
        actions.look_at_desk(mine.person, mine.uid, True)
    assert not DeskCheck.objects.filter(person=cast.office_head).exists()


@scenario("C5.1/1")
def test_c5_1_whoever_holds_a_copy_past_its_day_is_told_on_and_not_signed_off_until_it_is_back(house, cast, refused):
    (copy,) = holdings.entered(cast, 1)
    with refused("C5.1"):
        holdings.issued(cast, copy, cast.insider, None)
    holdings.issued(cast, copy, cast.insider, 5)
    for days in range(5, 10):  # the rounds of these days
        with house.at(TODAY + timedelta(days=days)):
            reminders.remind_all(clock.now())
    with house.at(TODAY + timedelta(days=9)):
        told = {notice.kind for notice in duties.desk(cast.dept_head.pk)}
        assert "overdue" in told
        with refused("C5.1"):
            actions.sign_off(cast.hr, cast.insider, "transfer")
        actions.return_item(cast.clerk, copy, 9)
        assert actions.sign_off(cast.hr, cast.insider, "transfer").person == cast.insider


@scenario("C5.1/2")
def test_c5_1_an_appointed_custodian_keeps_a_copy_without_a_day(house, cast):
    copies = holdings.entered(cast, 2)
    line = holdings.issued(cast, copies[0], cast.second_clerk, None)
    assert (line.holder, line.due_at) == (cast.second_clerk, None)
    assert [copy.due_at for copy in copies] == [None, None]


@scenario("C4.1/1")
def test_c4_1_a_custodian_who_has_not_cleaned_up_for_a_quarter_is_reminded_until_he_has(house, cast):
    copies = holdings.entered(cast, 1)
    with house.at(TODAY + timedelta(days=91)):
        reminders.remind_all(clock.now())
        assert stock_queries.clean_up_dates() == [(cast.clerk.pk, date(2026, 6, 16))]
    with house.at(date(2026, 6, 17)):
        reminders.remind_all(clock.now())
        told = [notice.item_key for notice in duties.desk(cast.clerk.pk) if notice.kind == "clean"]
        assert told and set(told) == {cast.clerk.item_key}
        count = actions.open_count(cast.clerk, cast.clerk, cast.office_head, quarter=True)
        actions.count_seen(cast.clerk, count.uid, copies[0].code)
        actions.cross_count(cast.office_head, count.uid)
        actions.close_count(cast.clerk, count.uid)
        assert stock_queries.clean_up_dates() == [(cast.clerk.pk, date(2026, 9, 17))]
