"""Book M: receipt, dispatch and transit by designated persons, under seal."""

import pytest

from mifeng.base import clock
from mifeng.rooms.circulation import actions, queries
from mifeng.rooms.circulation.actions.dispatching import ToSend
from mifeng.rooms.circulation.facts import Sent
from mifeng.rooms.copies import actions as copies
from mifeng.rooms.copies import queries as copy_queries
from mifeng.rooms.copies.models import IncidentDraft
from mifeng.rooms.people import actions as people
from tests.rooms.circulation import papers

scenario = pytest.mark.scenario


@scenario("M2.2/1")
def test_m2_2_a_carrier_who_is_not_designated_does_not_carry_it(house, cast, refused):
    line, document = papers.to_send(cast)
    with refused("M2.2"):
        actions.dispatch(cast.clerk, document, [line], Sent.CARRIED, [cast.engineer], papers.NEXT_MONTH)
    with refused("M2.2"):  # nor anybody without a sealed envelope
        actions.dispatch(cast.clerk, document, [ToSend(line.copy, cast.insider)], Sent.CARRIED, [cast.second_clerk], papers.NEXT_MONTH)
    assert actions.dispatch(cast.clerk, document, [line], Sent.CARRIED, [cast.second_clerk], papers.NEXT_MONTH)


@scenario("M1.1/1")
def test_m1_1_a_clerk_entrusted_with_confidential_mail_dispatches_nothing_above_it(house, cast, refused):
    line, document = papers.to_send(cast)
    for held in cast.clerk.appointments.all():
        people.revoke_appointment(cast.office_head, held)
    entrust(cast, ("keep",), 30)
    entrust(cast, ("mail",), 10)
    with refused("M1.1"):
        actions.dispatch(cast.clerk, document, [line], Sent.CARRIED, [cast.second_clerk], papers.NEXT_MONTH)
    entrust(cast, ("mail",), 20)
    assert actions.dispatch(cast.clerk, document, [line], Sent.CARRIED, [cast.second_clerk], papers.NEXT_MONTH)


def entrust(cast, acts, level):
    today = clock.today()
    people.appoint(cast.office_head, cast.clerk, acts=acts, level_max=level, since=today, until=today)


@scenario("M2.2/2")
def test_m2_2_another_seal_on_arrival_opens_an_incident(house, cast):
    parcel = papers.on_its_way(cast)
    actions.deliver(cast.insider, parcel.uid, "签-0008")
    found = IncidentDraft.objects.get()
    assert (found.copy, found.clause, found.ref) == (parcel.copy, "M2.2", parcel.item_key)


@scenario("M2.2/3")
def test_m2_2_a_designated_carrier_delivers_it_under_its_seal_and_both_sign(house, cast, refused):
    parcel = papers.on_its_way(cast, signed=False)
    with refused("M2.2"):  # no leg of the way without a signature
        actions.deliver(cast.insider, parcel.uid, "签-0007")
    copies.sign_for(cast.second_clerk, copy_queries.to_sign(cast.second_clerk)[0].uid)
    actions.deliver(cast.insider, parcel.uid, "签-0007")
    parcel.copy.refresh_from_db()
    chain = [(row.event, row.signer, bool(row.signed_at)) for row in copy_queries.ledger(parcel.copy)[-2:]]
    assert chain == [("issue", cast.second_clerk, True), ("deliver", cast.insider, True)]
    assert (parcel.copy.holder, parcel.copy.custodian, IncidentDraft.objects.count()) == (cast.insider, cast.clerk, 0)
    assert copy_queries.disagreements() == []


def test_m2_2_top_secret_is_carried_by_two(house, cast, refused):
    document, copy, _place = papers.shelved(cast, 30)
    line = ToSend(copy, cast.deputy, "封-01", "签-0007")
    with refused("M2.2"):
        actions.dispatch(cast.clerk, document, [line], Sent.CARRIED, [cast.clerk], papers.NEXT_MONTH)
    with refused("M2.2"):  # the second clerk is entrusted up to 机密 only
        actions.dispatch(cast.clerk, document, [line], Sent.CARRIED, [cast.clerk, cast.second_clerk], papers.NEXT_MONTH)
    assert queries.dispatches().count() == 0
