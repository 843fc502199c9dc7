"""Book M, copies: cupboards and safes that are strong enough, combinations that are changed."""

from datetime import timedelta

import pytest

from mifeng.base import clock, duties
from mifeng.rooms.copies import actions, stock_duties
from mifeng.rooms.copies.facts import PlaceKind, State
from mifeng.rooms.oversight import reminders
from mifeng.rooms.people import actions as people
from tests import factories, holdings

scenario = pytest.mark.scenario


def top_secret(cast):
    """A copy of a paper at 绝密, kept by the clerk who is cleared for it."""
    (copy,) = holdings.entered(cast, 1, proposed=factories.proposed(30))
    assert copy.level == 30
    return copy


@scenario("M2.3/1", "M2.3/3")
def test_m2_3_a_top_secret_copy_is_refused_by_a_steel_cabinet_and_taken_by_a_combination_safe(house, cast, refused):
    copy = top_secret(cast)
    for code, kind in (("TG-01", PlaceKind.STEEL_CABINET), ("BX-04", PlaceKind.SAFE)):
        with refused("M2.3"):
            actions.store(cast.clerk, [copy], holdings.place(cast, code, kind))
    actions.store(cast.clerk, [copy], holdings.place(cast, "BX-01", PlaceKind.COMBINATION_SAFE))
    copy.refresh_from_db()
    assert (copy.state, copy.place.code) == (State.STORED, "BX-01")


def to_change(cast):
    """The codes of places whose combination the office has to change."""
    return [item.text for duty in stock_duties.combinations(cast.office_head) for item in duty.items]


@scenario("M2.3/2")
def test_m2_3_when_a_holder_of_the_combination_leaves_its_change_is_a_task_until_it_is_done(house, cast):
    safe, other = holdings.place(cast), holdings.place(cast, "BX-03")
    actions.entrust_combination(cast.office_head, safe, cast.leaver)
    actions.entrust_combination(cast.office_head, other, cast.second_clerk)
    assert to_change(cast) == []
    with house.at(timedelta(days=3)):
        people.close_account(cast.hr, cast.leaver)
        assert to_change(cast) == ["BX-04"]
        assert stock_duties.combinations(cast.insider) == []
        reminders.remind_all(clock.now())
        assert "combination" in {notice.kind for notice in duties.desk(cast.clerk.pk)}
        with house.at(timedelta(days=1)):
            actions.change_combination(cast.office_head, safe)
            assert to_change(cast) == []




