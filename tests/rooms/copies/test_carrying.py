"""Carrying out at the counter: who counts, what is refused, what else may have happened to a copy meanwhile."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils.html import strip_tags

from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.copies import act_duties, actions, queries
from mifeng.rooms.copies.facts import Measure, State
from mifeng.rooms.copies.models import CarryOut
from mifeng.rooms.people import actions as people
from tests import carrying


@pytest.fixture
def paper(house: Any, cast: Any) -> tuple[Any, Any]:
    return carrying.kept(cast)


def test_m2_2_measures_carriers_and_times_are_given(house, cast, paper, refused):
    document, copy = paper
    with refused("M2.2"):
        carrying.asked(house, cast, document, copy, measures=frozenset())
    with refused("M2.2"):
        carrying.asked(house, cast, document, copy, companion=cast.insider)
    with refused("C5.2"):
        carrying.asked(house, cast, document, copy, back=copy.document.registered_at - timedelta(hours=1))
    with refused("C5.2"):
        carrying.asked(house, cast, document)
    assert carrying.asked(house, cast, document, copy, measures=frozenset(Measure))


def test_c5_2_bearer_applicant_and_another_custodian_do_not_count_at_the_door(house, cast, paper, refused):
    document, copy = paper
    carrying.entrust(cast, cast.second_clerk)
    approval = carrying.approved(house, cast, document, copy, companion=cast.second_clerk)
    with refused("C5.2"):
        actions.check_out(cast.second_clerk, house.sit(cast.second_clerk), approval, {copy.uid: 9})
    with refused("M1.1", "C5.2", "M2.1"):
        actions.check_out(cast.drafter, house.sit(cast.drafter), approval, {copy.uid: 9})
    with refused("C5.2"):
        actions.check_out(cast.clerk, house.sit(cast.clerk), approval, {copy.uid: 8})
    with refused("C5.2"):
        actions.check_out(cast.clerk, house.sit(cast.clerk), approval, {})
    assert actions.check_out(cast.clerk, house.sit(cast.clerk), approval, {copy.uid: 9})


def test_c5_2_a_carrier_whose_appointment_was_revoked_takes_nothing(house, cast, paper, refused):
    document, copy = paper
    approval = carrying.approved(house, cast, document, copy)
    people.revoke_appointment(cast.office_head, cast.insider.appointments.get())
    with refused("M2.2"):
        actions.check_out(cast.clerk, house.sit(cast.clerk), approval, {copy.uid: 9})
    assert not CarryOut.objects.exists()


def test_a_copy_that_came_back_by_another_deed_is_left_as_it_is(house, cast, paper, refused):
    document, copy = paper
    trip = carrying.gone(house, cast, document, copy)
    line = copy.ledger.order_by("no").last()
    actions.take_back(cast.clerk, copy, line.uid)  # within ten minutes: it did not leave after all
    actions.check_in(cast.clerk, trip, {})
    copy.refresh_from_db()
    assert (copy.state, actions.list_incidents(cast.office_head)) == (State.STORED, [])
    with refused("C5.2"):
        actions.check_in(cast.clerk, trip, {copy.uid: 9})
    assert Approval.objects.get(uid=trip.approval_uid).state == "closed"
    assert queries.disagreements() == []


def test_what_was_not_brought_back_at_all_is_missing(house, cast, paper):
    document, copy = paper
    trip = carrying.gone(house, cast, document, copy)
    actions.check_in(cast.clerk, trip, {copy.uid: 0})
    copy.refresh_from_db()
    assert (copy.state, copy.holder, [row.copy for row in actions.list_incidents(cast.office_head)]) == (State.MISSING, cast.clerk, [copy])


def test_the_desks_of_clerk_and_carrier_say_what_is_to_be_done(house, cast, paper):
    document, copy = paper
    approval = carrying.approved(house, cast, document, copy)
    assert [duty.count for duty in act_duties._to_carry_out(cast.clerk)] == [1]
    trip = actions.check_out(cast.clerk, house.sit(cast.clerk), approval, {copy.uid: 9})
    assert [duty.count for duty in (*act_duties._to_carry_out(cast.clerk), *act_duties._not_back(cast.clerk))] == [0, 0]
    with house.at(trip.back_planned + timedelta(minutes=1)):
        for person in (cast.clerk, cast.insider):
            assert [duty.count for duty in act_duties._not_back(person)] == [1]
        assert [duty.count for duty in act_duties._not_back(cast.second_clerk)] == [0]


def test_a_trip_goes_through_its_pages_and_stands_in_its_register(house, cast, paper):
    document, copy = paper
    client = house.open_page_as(cast.drafter)
    typed = {
        "copies": [copy.uid], "bearer": "葛星野", "destination": "partner", "place": "华东合作单位", "out": "2026-03-16T14:00",
        "back": "2026-03-17T18:00", "purpose": "联合评审", "measures": ["locked_bag"],
    }  # fmt: skip
    cafe = client.post(f"/copies/carry-out/{document.uid}/", typed | {"place": "街角咖啡馆"})
    assert cafe.status_code == 403 and "不得带回家或带到公共场所" in cafe.content.decode()
    assert client.post(f"/copies/carry-out/{document.uid}/", typed).status_code == 302
    approval = carrying.last()
    carrying.approvals.approve(cast.deputy, approval, "同意")
    counter, place = house.open_page_as(cast.clerk), f"/copies/trips/{approval.uid}/"
    assert copy.number in counter.get(place).content.decode()
    assert counter.post(place + "deed/", {"do": "out", f"pages-{copy.uid}": "九"}).status_code == 422
    assert counter.post(place + "deed/", {"do": "out", f"pages-{copy.uid}": "9"}).status_code == 302
    assert counter.post(place + "deed/", {"do": "in", f"pages-{copy.uid}": "8"}).status_code == 302
    assert "缺页或未归：000001" in counter.get(place).content.decode()
    register = strip_tags(counter.get("/registers/F07/").content.decode())
    assert "携密〔2026〕0001" in register and "客户或合作单位" in register and "000001（9 页）" in register
