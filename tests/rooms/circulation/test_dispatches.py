"""发文: each copy to one person, what is not sent stays in its safe, each leg of the way signed."""

import pytest

from mifeng.base import duties
from mifeng.base.refusals import NotThere
from mifeng.rooms.circulation import actions, books, queries
from mifeng.rooms.circulation.actions.dispatching import ToSend
from mifeng.rooms.circulation.facts import Drafts, Sent
from mifeng.rooms.circulation.models import Dispatch
from mifeng.rooms.copies import actions as copies
from mifeng.rooms.copies import queries as copy_queries
from mifeng.rooms.copies.models import IncidentDraft
from tests import factories
from tests.rooms.circulation import papers


def test_what_is_not_sent_stays_in_its_safe(house, cast):
    document, copy, place = papers.shelved(cast)
    other = copies.enter(cast.clerk, document, [2], 9)[0]
    copies.store(cast.clerk, [other], place)
    actions.dispatch(cast.clerk, document, [ToSend(copy, cast.insider)], Sent.IN_PERSON, (), papers.NEXT_MONTH)
    other.refresh_from_db()
    assert (other.state, other.place) == ("stored", place)


def test_c1_nothing_is_sent_to_somebody_outside_the_scope(house, cast, refused):
    document, copy, _place = papers.shelved(cast)
    with refused("C1") as seen:
        actions.dispatch(cast.clerk, document, [ToSend(copy, cast.outsider)], Sent.IN_PERSON, (), papers.NEXT_MONTH)
    assert seen[0].decision.rule == "recipient_outside_scope"  # not in the words of a list of readers
    assert actions.dispatch(cast.clerk, document, [ToSend(copy, cast.insider)], Sent.IN_PERSON, (), papers.NEXT_MONTH)


def test_c5_1_a_recipient_who_keeps_no_papers_has_it_until_a_day(house, cast, refused):
    document, copy, _place = papers.shelved(cast)
    with refused("C5.1"):
        actions.dispatch(cast.clerk, document, [ToSend(copy, cast.insider)], Sent.IN_PERSON)
    assert actions.dispatch(cast.clerk, document, [ToSend(copy, cast.insider)], Sent.IN_PERSON, (), papers.NEXT_MONTH)


def test_what_is_given_into_somebody_s_hands_is_received_once_he_has_signed(house, cast):
    document, copy, _place = papers.shelved(cast)
    made = actions.dispatch(cast.clerk, document, [ToSend(copy, cast.insider)], Sent.IN_PERSON, (), papers.NEXT_MONTH)
    parcel = queries.parcels(made)[0]
    assert queries.receipt_of(parcel) is None
    copies.sign_for(cast.insider, copy_queries.to_sign(cast.insider)[0].uid)
    assert queries.receipt_of(parcel)


def test_m2_2_a_leg_is_handed_on_to_a_designated_carrier_who_signs(house, cast, refused):
    parcel = papers.on_its_way(cast)
    with refused("M2.2"):
        actions.relay(cast.second_clerk, parcel.uid, cast.engineer)
    actions.relay(cast.second_clerk, parcel.uid, cast.clerk)
    with pytest.raises(NotThere):  # it is not in his hands any more
        actions.relay(cast.second_clerk, parcel.uid, cast.clerk)
    with refused("M2.2"):
        actions.deliver(cast.insider, parcel.uid, "签-0007")
    copies.sign_for(cast.clerk, copy_queries.to_sign(cast.clerk)[0].uid)
    actions.deliver(cast.insider, parcel.uid, " 签-0007 ")
    with pytest.raises(NotThere):
        actions.deliver(cast.insider, parcel.uid, "签-0007")
    assert IncidentDraft.objects.count() == 0
    assert [row.event for row in copy_queries.ledger(parcel.copy)] == ["number", "store", "issue", "deliver", "deliver"]
    assert copy_queries.disagreements() == []


def test_what_came_back_undelivered_is_over_and_may_be_sent_again(house, cast):
    parcel = papers.on_its_way(cast)
    copies.return_item(cast.clerk, parcel.copy, 9)
    with pytest.raises(NotThere):
        actions.deliver(cast.insider, parcel.uid, "签-0007")
    assert (queries.coming_to(cast.insider), queries.carried_by(cast.second_clerk)) == ([], [])
    document = parcel.dispatch.document
    again = actions.dispatch(cast.clerk, document, [ToSend(parcel.copy, cast.insider)], Sent.IN_PERSON, (), papers.NEXT_MONTH)
    assert again.number == "发密〔2026〕0002"


def test_a_sending_that_was_taken_back_is_over(house, cast):
    parcel = papers.on_its_way(cast, signed=False)
    copies.take_back(cast.clerk, parcel.copy, copy_queries.ledger(parcel.copy)[-1].uid)
    parcel.refresh_from_db()
    assert (parcel.under_way, parcel.delivered_at) == (False, None)
    assert copy_queries.disagreements() == []


def test_the_pages_walk_a_paper_from_the_safe_to_its_receipt(house, cast):
    document, copy, _place = papers.shelved(cast)
    clerk, carrier, reader = (house.open_page_as(person) for person in (cast.clerk, cast.second_clerk, cast.insider))
    address = f"/circulation/dispatches/new/{document.uid}/"
    typed = {
        "via": "carried", "carrier": cast.engineer.uid, "return_on": "2026-04-15", f"to_{copy.uid}": cast.insider.uid,
        f"envelope_{copy.uid}": "封-01", f"seal_{copy.uid}": "签-0007",
    }  # fmt: skip
    assert copy.number in clerk.get(address).content.decode()
    assert clerk.post(address, typed).status_code == 403
    place = clerk.post(address, typed | {"carrier": cast.second_clerk.uid})["Location"]
    assert "在途" in clerk.get(place).content.decode()
    copies.sign_for(cast.second_clerk, copy_queries.to_sign(cast.second_clerk)[0].uid)
    parcel = queries.coming_to(cast.insider)[0]
    assert "传递件" in carrier.get("/").content.decode()
    assert parcel.envelope in carrier.get("/circulation/dispatches/").content.decode()
    way = f"/circulation/parcels/{parcel.uid}/"
    shown = reader.get(way).content.decode()
    assert ("到件时的封签号" in shown, "签-0007" in shown) == (True, False)
    assert reader.post(way, {"do": "deliver", "seal": "签-0008"}).status_code == 302
    assert "到件为 签-0008" in clerk.get(place).content.decode()
    assert "incident" in {notice.kind for notice in duties.desk(cast.office_head.pk)}
    assert house.open_page_as(cast.outsider).get(place).status_code == 404
    lines = books.DISPATCHES.rows(cast.clerk)
    (row,) = lines.sound(list(lines.found))
    cells = {column.key: str(column.value(row)) for column in books.DISPATCHES.columns}
    assert (cells["recipients"], cells["envelope_no"], cells["carrier"]) == ("000001 葛星野", "封-01/签-0007", cast.second_clerk.name)
    assert factories.TITLE in clerk.get("/registers/F02/").content.decode()


def test_f02_the_drafts_of_what_went_out_are_filed_or_destroyed_before_a_witness_and_entered_once(house, cast, refused):
    parcel = papers.on_its_way(cast)
    uid = parcel.dispatch.uid
    with refused("M2.2"):
        actions.settle_drafts(cast.insider, uid, Drafts.FILED, 3, "随正本归卷")
    with refused("G4.4"):
        actions.settle_drafts(cast.clerk, uid, Drafts.FILED, 3, " ")
    with refused("G4.5"):
        actions.settle_drafts(cast.clerk, uid, Drafts.DESTROYED, 3, "碎纸机", cast.clerk)
    actions.settle_drafts(cast.clerk, uid, Drafts.DESTROYED, 3, "碎纸机", cast.office_head)
    with refused("G4.4"):
        actions.settle_drafts(cast.clerk, uid, Drafts.FILED, 3, "随正本归卷")
    row = books.sound_dispatches([Dispatch.objects.select_related("document", "drafts").get(uid=uid)])[0]
    said = books.DISPATCHES.values(row)
    assert {key: said[key] for key in ("printed", "copy_from_to", "drafts")} == {
        "printed": "1", "copy_from_to": "000001", "drafts": "销毁 3 碎纸机"}  # fmt: skip


def test_f02_copies_that_were_not_sent_are_said_to_stay_in_the_safe(house, cast):
    document, copy, place = papers.shelved(cast)
    others = copies.enter(cast.clerk, document, [2, 3, 5], 9)
    copies.store(cast.clerk, others, place)
    actions.dispatch(cast.clerk, document, [papers.ToSend(copy, cast.insider)], Sent.IN_PERSON, return_on=papers.NEXT_MONTH)
    said = books.DISPATCHES.values(books.sound_dispatches(list(Dispatch.objects.all()))[0])
    assert (said["printed"], said["copy_from_to"]) == ("4", "000001—000003、000005")
    assert said["recipients"] == f"000001 {cast.insider.name}；留存 000002—000003、000005"


def test_the_page_of_a_dispatch_asks_the_counter_for_the_drafts_and_shows_what_became_of_them(house, cast):
    uid = papers.on_its_way(cast).dispatch.uid
    address, clerk = f"/circulation/dispatches/{uid}/", house.open_page_as(cast.clerk)
    assert 'value="settle"' in clerk.get(address).content.decode()
    assert clerk.post(address, {"do": "settle", "how": "filed", "sheets": "3", "note": "随正本归卷"}).status_code == 302
    page = clerk.get(address).content.decode()
    assert "随正本归卷" in page and 'value="settle"' not in page
