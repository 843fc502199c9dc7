"""The organisation in memory: verified once, then as the log says; a committed change is seen at once, a written one never."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mifeng.base import clock, deeds, record
from mifeng.base.codes import Tampered
from mifeng.rooms.approvals import actions, people_facts, queries
from mifeng.rooms.people import actions as people
from mifeng.rooms.people.models import Person, PostHolding
from tests import cluster, factories


def posts(person):
    return people_facts.organisation().by_pid[person.pk].posts


def newcomer(cast, number):
    return people.NewPerson(f"员工{number}", f"yuangong{number}", cast.engineer.department.code, "员工", (), 5)


def test_it_is_the_same_object_until_something_of_it_differs(house, cast):
    before = people_facts.organisation()
    house.sit(cast.insider)  # a session is a row of the person, and no fact of the organisation
    assert people_facts.organisation() is before
    people.assign_post(cast.hr, cast.engineer, "legal", clock.today())
    after = people_facts.organisation()
    assert after is not before
    assert "legal" in after.by_pid[cast.engineer.pk].posts


def test_p1_1_a_post_that_ended_is_gone_at_the_next_look(house, cast):
    assert "dept_head" in posts(cast.dept_head)
    people.end_post(cast.hr, cast.dept_head, "dept_head")
    assert "dept_head" not in posts(cast.dept_head)


def test_a_post_until_a_day_ends_with_it_though_nothing_is_written(house, cast):
    people.assign_post(cast.hr, cast.engineer, "legal", clock.today(), clock.today() + timedelta(days=1))
    with house.at(timedelta(days=1)):
        assert "legal" in posts(cast.engineer)
    with house.at(timedelta(days=2)):
        assert "legal" not in posts(cast.engineer)


def test_a_deed_sees_what_it_has_changed_itself_and_nobody_does_when_it_is_rolled_back(house, cast):
    seen = []

    def half_done():
        PostHolding.objects.create(person=cast.engineer, post="legal", since=clock.today())
        seen.append("legal" in posts(cast.engineer))
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        deeds._do("test:half", cast.hr, None, half_done)
    assert seen == [True]
    assert "legal" not in posts(cast.engineer)


def test_somebody_new_and_somebody_gone_are_known(house, cast):
    before = set(people_facts.organisation().by_pid)
    made = people.add_person(cast.sysadmin, newcomer(cast, 0))
    assert set(people_facts.organisation().by_pid) == before | {made.pk}
    people.close_account(cast.hr, cast.engineer)
    assert not people_facts.organisation().by_pid[cast.engineer.pk].active


def test_a_row_written_past_the_deeds_is_not_believed_and_stops_a_house_that_starts_with_it(house, cast):
    people_facts.organisation()
    with cluster.administrator(house.home) as database:
        database.do("UPDATE people_postholding SET post = 'gm' WHERE person_id = ? AND post = 'employee'", cast.outsider.pk)
        database.do("UPDATE people_person SET clearance = 30 WHERE id = ?", cast.outsider.pk)
    assert people_facts.organisation().by_pid[cast.outsider.pk].clearance < 30
    record.start()
    with pytest.raises(Tampered):
        people_facts.organisation()


def test_a_decision_costs_the_same_statements_in_a_company_five_times_as_large(house, cast):
    def cost():
        asked = factories.registered(cast)
        approval = queries.open_for(asked.item_key, "documents:classify")
        with CaptureQueriesContext(connection) as caught:
            actions.approve(cast.dept_head, approval, "同意")
        rows = [q["sql"] for q in caught if "people_person" in q["sql"] or "people_postholding" in q["sql"]]
        return len(caught), len(rows), sum(sql.count(",") for sql in rows)

    cost()  # everything that is loaded once is loaded
    before = cost()
    for number in range(4 * Person.objects.count()):
        people.add_person(cast.sysadmin, newcomer(cast, number))
    people_facts.organisation()
    assert cost() == before
