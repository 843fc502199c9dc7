"""Book C: carrying out: with the leader's approval, by designated carriers, back with every page and in time."""

from datetime import timedelta

import pytest

from mifeng.base import duties, jobs
from mifeng.rooms.approvals import actions as approvals
from mifeng.rooms.approvals import queries as approval_queries
from mifeng.rooms.copies import actions, queries, rounds
from mifeng.rooms.copies.facts import State
from mifeng.rooms.oversight import reminders
from mifeng.rooms.people import actions as people
from mifeng.rooms.people.models import Person
from tests import carrying, factories

scenario = pytest.mark.scenario


@scenario("C5.2/1")
def test_c5_2_the_department_head_does_not_let_papers_out(house, cast, refused):
    document, copy = carrying.kept(cast)
    approval = carrying.asked(house, cast, document, copy)
    with refused("C5.2"):
        approvals.approve(cast.dept_head, approval, "同意")
    assert approval_queries.candidates(approval) == [cast.deputy]
    assert approvals.approve(cast.deputy, approval, "同意").state == "approved"


@scenario("C5.2/4")
def test_c5_2_a_designated_carrier_takes_it_to_a_partner_and_the_count_at_the_door_is_recorded(house, cast, refused):
    document, copy = carrying.kept(cast)
    with refused("M2.2"):
        carrying.asked(house, cast, document, copy, bearer=cast.drafter)
    trip = carrying.gone(house, cast, document, copy)
    copy.refresh_from_db()
    assert (copy.state, copy.holder, copy.custodian, copy.due_at) == (State.OUT, cast.insider, cast.clerk, trip.back_planned)
    assert (trip.number, [row.pages_out for row in trip.carried.all()]) == ("携密〔2026〕0001", [9])
    assert [line.copy for line in queries.to_sign(cast.insider)] == [copy]
    actions.check_in(cast.clerk, trip, {copy.uid: 9})
    copy.refresh_from_db()
    assert (copy.state, copy.holder, actions.list_incidents(cast.office_head)) == (State.DESK, cast.clerk, [])


@scenario("C5.2/2")
def test_c5_2_eleven_pages_of_twelve_back_open_an_incident_and_the_copy_is_missing(house, cast, refused):
    document, copy = carrying.kept(cast, pages=12)
    other = carrying.stored(cast, document, 2, 12)
    trip = carrying.gone(house, cast, document, copy, other)
    with refused("C5.2"):
        actions.check_in(cast.clerk, trip, {copy.uid: 11, other.uid: 13})
    actions.check_in(cast.clerk, trip, {copy.uid: 11, other.uid: 12})
    assert [(one.number, one.state) for one in queries.of_document(document)] == [("000001", State.MISSING), ("000002", State.DESK)]
    draft = actions.list_incidents(cast.office_head)[0]
    assert (draft.copy, draft.clause, draft.ref) == (copy, "C5.2", trip.item_key)
    assert "incident" in {notice.kind for notice in duties.desk(cast.office_head.pk)}
    assert queries.disagreements() == []


@scenario("C5.2/3")
def test_c5_2_not_back_in_time_is_reminded_and_is_an_incident_after_a_day(house, cast):
    document, copy = carrying.kept(cast)
    trip = carrying.gone(house, cast, document, copy)
    told = [(-timedelta(hours=2), 0, 1), (timedelta(0), 0, 2), (timedelta(hours=23), 0, 2), (timedelta(hours=24), 1, 2)]
    for after, drafts, reminded in told:
        with house.at(trip.back_planned + after):
            reminders.send(trip.back_planned + after, hourly=True)
            jobs.run_all()
            found = [notice for notice in duties.desk(cast.insider.pk) if notice.kind == "overdue"]
            assert (len(actions.list_incidents(cast.office_head)), len(found)) == (drafts, reminded), after
            assert rounds.late_trips() == 0  # the round of the day finds nothing that its hour did not
            assert len(actions.list_incidents(cast.office_head)) == drafts
    with house.at(trip.back_planned + timedelta(days=3)):
        assert rounds.late_trips() == 0  # the same trip is drafted once
        assert len(actions.list_incidents(cast.office_head)) == 1


@scenario("C5.2/4")
def test_c5_2_top_secret_is_carried_by_two_with_the_general_manager_s_leave(house, cast, refused):
    document, copy = carrying.kept(cast, proposed=factories.proposed(30, scope=factories.scope_of(*factories.KNOWERS)))
    bearer, second = (Person.objects.get(login=login) for login in ("wenqh", "jianxh"))
    carrying.entrust(cast, bearer, 30)
    with refused("M2.2") as refusal:
        carrying.asked(house, cast, document, copy, bearer=bearer, by=cast.dept_head)
    assert refusal[0].decision.rule == "two_carriers_at_top_secret"
    people.set_clearance(cast.secadmin, second, 30, "机要")
    carrying.entrust(cast, second, 30)
    approval = carrying.asked(house, cast, document, copy, bearer=bearer, companion=second, by=cast.dept_head)
    assert approval_queries.candidates(approval) == [cast.gm]


@scenario("C5.2/4")
def test_c5_2_only_somebody_in_the_scope_asks_and_only_with_a_live_approval_it_goes(house, cast, refused):
    document, copy = carrying.kept(cast)
    with refused("P0.2"):
        carrying.asked(house, cast, document, copy, by=cast.sales_head)
    approval = carrying.asked(house, cast, document, copy)
    with refused("C5.2") as refusal:
        actions.check_out(cast.clerk, house.sit(cast.clerk), approval, {copy.uid: 9})
    assert refusal[0].decision.rule == "default-act"
    approvals.approve(cast.deputy, approval, "同意")
    assert actions.check_out(cast.clerk, house.sit(cast.clerk), approval, {copy.uid: 9})
