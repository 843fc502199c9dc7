"""Book G, copies: one designated custodian, two signatures."""

import pytest

from mifeng.rooms.copies import actions, queries
from mifeng.rooms.people import actions as people
from tests import holdings

scenario = pytest.mark.scenario


@scenario("G4.1/1")
def test_g4_1_custody_is_not_given_to_a_person_who_is_not_appointed(house, cast, refused):
    copies = holdings.entered(cast, 2)
    with refused("G4.1"):
        actions.offer(cast.clerk, copies, cast.insider, "保管")
    for held in cast.second_clerk.appointments.all():
        people.revoke_appointment(cast.office_head, held)
    with refused("G4.1"):  # an appointment that is over is none
        actions.offer(cast.clerk, copies, cast.second_clerk, "保管")
    assert [copy.custodian for copy in queries.of_document(copies[0].document)] == [cast.clerk] * 2


@scenario("G4.1/2", "G4.1/3")
def test_g4_1_when_both_have_signed_custody_moves_to_an_appointed_clerk_and_the_chain_shows_both(house, cast):
    (copy,) = holdings.entered(cast, 1)
    assert (copy.level, cast.second_clerk.clearance) == (20, 20)
    (offered,) = actions.offer(cast.clerk, [copy], cast.second_clerk, "轮岗")
    copy.refresh_from_db()
    assert copy.custodian == cast.clerk
    actions.sign_for(cast.second_clerk, offered.uid)
    copy.refresh_from_db()
    assert copy.custodian == cast.second_clerk
    chain = [(row.event, row.by, row.custodian) for row in queries.ledger(copy)[1:]]
    assert chain == [("hand_over", cast.clerk, cast.clerk), ("take_over", cast.second_clerk, cast.second_clerk)]
