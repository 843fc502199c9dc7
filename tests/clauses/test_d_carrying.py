"""Book D: company papers are not taken home."""

import pytest

from mifeng.base.refusals import Refused
from mifeng.rooms.copies import actions
from mifeng.rooms.copies.facts import State
from mifeng.rooms.viewing import actions as viewing
from tests import carrying, factories

scenario = pytest.mark.scenario


@scenario("D5/1")
def test_d5_no_request_takes_a_paper_home_whoever_asks(house, cast, refused):
    document, copy = carrying.kept(cast)
    for person in (cast.drafter, cast.dept_head, cast.deputy):
        with refused("G4.3") as refusal:
            carrying.asked(house, cast, document, copy, destination="partner", place="本人住所", by=person)
        assert refusal[0].decision.rule == "deny-place"
    assert carrying.asked(house, cast, document, copy)


@scenario("D5/2")
def test_d5_a_levelled_item_opens_on_no_unregistered_device(house, cast):
    document = factories.readable(cast)
    with pytest.raises(Refused) as refusal:
        viewing.open_document(cast.insider, house.sit(cast.insider, registered=False, kind="phone"), document.uid)
    assert (refusal.value.decision.rule, refusal.value.clauses) == ("deny-device", ["D5"])
    assert viewing.open_document(cast.insider, house.sit(cast.insider), document.uid)


@scenario("D5/3")
def test_d5_an_approved_trip_to_the_southern_branch_goes_out_at_the_door(house, cast, refused):
    document, copy = carrying.kept(cast)
    trip = carrying.gone(house, cast, document, copy, destination="own_site", place="南方分公司")
    copy.refresh_from_db()
    assert (copy.state, trip.bearer, trip.destination) == (State.OUT, cast.insider, "own_site")
    with refused("C5.2"):  # one approval, one trip
        actions.check_out(cast.clerk, house.sit(cast.clerk), carrying.last(), {copy.uid: 9})
