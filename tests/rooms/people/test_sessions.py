"""Sessions: one lives, the ended ones are forgotten in time, and the log keeps them all."""

from datetime import timedelta

from mifeng.base import codes
from mifeng.rooms.people import actions
from mifeng.rooms.people.models import Session, new_token
from mifeng.rooms.viewing import actions as viewing
from mifeng.rooms.viewing.models import Reading
from tests import factories
from tests.house_fixtures import PASSWORD


def signs_in(person):
    return actions.sign_in(None, person.login, PASSWORD, "", actions.meet_device(None, new_token(), "pc"), "10.1.1.0/24").session


def test_what_ended_a_month_ago_is_forgotten_at_the_next_sign_in(house, cast):
    old, mine = signs_in(cast.insider), {"person": cast.insider}
    with house.at(timedelta(days=1)):
        second = signs_in(cast.insider)
    with house.at(timedelta(days=29)):
        third = signs_in(cast.insider)
        assert set(Session.objects.filter(**mine)) == {old, second, third}
    with house.at(timedelta(days=35)):
        fourth = signs_in(cast.insider)
        assert set(Session.objects.filter(**mine)) == {third, fourth}  # the second ended when the third began
        codes.verify("person", [cast.insider.pk])
    told = [entry for entry in house.log() if entry["act"] == "people:sign_in" and entry["obj"] == cast.insider.item_key]
    assert len(told) == 4


def test_what_was_read_in_a_forgotten_session_stays(house, cast):
    document = factories.readable(cast)
    reading, _file = viewing.open_document(cast.insider, house.sit(cast.insider), document.uid)
    for days in (1, 40):
        with house.at(timedelta(days=days)):
            signs_in(cast.insider)
    kept = Reading.objects.get(pk=reading.pk)
    assert (kept.person, kept.session) == (cast.insider, None)
