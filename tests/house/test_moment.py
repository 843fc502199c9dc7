"""A page is drawn of one moment; a deed asks anew and leaves nothing that was kept."""

import contextvars
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mifeng.base import clock, codes, deeds, moment
from mifeng.base.codes import Tampered
from mifeng.base.refusals import Refused
from mifeng.rooms.people import actions as people
from mifeng.rooms.people.models import Person
from tests import cluster


def statements(ask):
    with CaptureQueriesContext(connection) as caught:
        ask()
    return len(caught.captured_queries)


def test_what_is_asked_again_in_a_moment_costs_nothing_and_outside_each_time(house, cast):
    person = cast.gm
    with moment.one():
        first, again = statements(person.facts), statements(person.facts)
    assert (first > 0, again) == (True, 0)
    assert statements(person.facts) == statements(person.facts) > 0


def test_a_deed_in_a_moment_is_seen_at_once(house, cast):
    holder = cast.engineer
    with moment.one():
        assert "classifier" not in holder.posts()
        people.assign_post(cast.hr, holder, "classifier", clock.today(), None)
        assert "classifier" in holder.posts()


def test_a_deed_does_not_decide_by_what_a_page_kept(house, cast):
    """Somebody else's revocation between a page's first question and its deed counts for the deed."""
    holder = cast.secadmin
    with moment.one():
        assert "secadmin" in holder.posts()
        holding = holder.holdings.get(post="secadmin")
        end_elsewhere(holding)
        assert "secadmin" in holder.posts()  # the page goes on as it began
        with pytest.raises(Refused):
            people.activate_account(holder, cast.engineer)
        assert "secadmin" not in holder.posts()


def end_elsewhere(holding):
    def end():
        holding.until = clock.today() - timedelta(days=1)
        holding.save()

    contextvars.Context().run(lambda: deeds._do("people:test_end", None, None, end))


def test_a_row_changed_past_the_deeds_is_noticed_in_the_next_moment(house, cast):
    person = cast.drafter
    with moment.one():
        codes.verify("person", [person.pk])
        database = cluster.Administrator(house.home)
        database.do("UPDATE people_person SET epoch = epoch + 7 WHERE id = ?", person.pk)
        database.connection.commit()
        database.connection.close()
        with pytest.raises(Tampered):
            people.set_preferences(Person.objects.get(pk=person.pk), language="en", density="normal", idle_minutes=5)
    with moment.one(), pytest.raises(Tampered):
        codes.verify("person", [person.pk])


def changed_past_the_deeds(house, person):
    database = cluster.Administrator(house.home)
    database.do("UPDATE people_person SET epoch = epoch + 7 WHERE id = ?", person.pk)
    database.connection.commit()
    database.connection.close()


def test_what_a_page_looks_at_in_many_places_is_verified_at_once(house, cast):
    with moment.one():
        apart = statements(lambda: [codes.verify("person", [person.pk]) for person in (cast.gm, cast.clerk, cast.drafter)])

    def gathered():
        with codes.together():
            for person in (cast.gm, cast.clerk, cast.drafter, cast.gm):
                codes.verify("person", [person.pk])

    with moment.one():
        assert statements(gathered) < apart / 2


@pytest.mark.parametrize("otherwise", [None, KeyError("refused for what was changed")], ids=["shown", "refused"])
def test_a_row_changed_past_the_deeds_is_noticed_at_the_end_of_what_is_verified_together(house, cast, otherwise):
    changed_past_the_deeds(house, cast.drafter)
    reached = []
    with pytest.raises(Tampered), codes.together():
        codes.verify("person", [cast.gm.pk, cast.drafter.pk])
        reached.append("the rest of the page")
        if otherwise:
            raise otherwise
    assert reached
    with codes.together():  # and who has nothing to do with it sees his page
        codes.verify("person", [cast.gm.pk])


def test_a_deed_in_a_page_does_not_wait(house, cast):
    changed_past_the_deeds(house, cast.drafter)
    done = []
    with codes.together(), pytest.raises(Tampered):
        people.set_preferences(cast.drafter, language="en", density="normal", idle_minutes=5)
        done.append("done")
    assert done == []


@pytest.mark.parametrize(("column", "value"), [("epoch", "epoch + 7"), ("clearance", "40"), ("active", "NOT active")])
def test_a_row_that_was_right_before_and_was_changed_since_is_noticed(house, cast, column, value):
    person = cast.drafter
    codes.verify("person", [person.pk])  # remembered as right
    codes.verify("person", [person.pk])
    database = cluster.Administrator(house.home)
    database.do(f"UPDATE people_person SET {column} = {value} WHERE id = ?", person.pk)
    database.connection.commit()
    database.connection.close()
    with pytest.raises(Tampered):
        codes.verify("person", [person.pk])


def test_an_old_row_put_back_is_noticed_though_it_was_right_once(house, cast):
    person = cast.drafter
    codes.verify("person", [person.pk])
    database = cluster.Administrator(house.home)
    [(code, epoch)] = database.rows("SELECT row_mac, epoch FROM people_person WHERE id = ?", person.pk)

    def revoke():
        person.epoch += 1
        person.save()

    deeds._do("people:test_revoke", None, None, revoke)
    codes.verify("person", [person.pk])
    database.do("UPDATE people_person SET row_mac = ?, epoch = ? WHERE id = ?", code, epoch, person.pk)
    database.connection.commit()
    database.connection.close()
    with pytest.raises(Tampered):
        codes.verify("person", [person.pk])
