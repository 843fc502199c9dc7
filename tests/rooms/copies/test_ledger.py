"""A copy and its ledger: one custodian, one place, numbers without a gap, two signatures, nothing written past it."""

from datetime import timedelta
from typing import Any

import pytest

from mifeng.base import duties
from mifeng.base.refusals import NotThere, Refused
from mifeng.rooms.copies import actions, queries
from mifeng.rooms.copies.actions import _ledger
from mifeng.rooms.copies.actions._ledger import Line
from mifeng.rooms.copies.facts import Event, PlaceKind, State
from mifeng.rooms.copies.models import Copy, Movement, Place
from mifeng.rooms.people.models import Department
from tests import factories
from tests.matters import inside


@pytest.fixture
def copies(house: Any, cast: Any) -> list[Copy]:
    """Three copies of the main paper as its issuer numbered them, kept by the clerk."""
    document = factories.classified(cast)
    return actions.enter(cast.clerk, document, [1, 2, 3], 9)


def place(cast: Any, code: str = "BX-04", kind: PlaceKind = PlaceKind.SAFE) -> Place:
    return actions.set_up_place(cast.office_head, code, kind, "研发中心保险柜", "302", Department.objects.get(code="YF"))


def test_g4_1_a_copy_has_one_custodian_and_the_ledger_says_what_its_row_says(copies, cast):
    actions.store(cast.clerk, copies, place(cast))
    assert [(c.state, c.custodian, c.holder, c.place.code) for c in queries.of_document(copies[0].document)] == [
        (State.STORED, cast.clerk, cast.clerk, "BX-04")
    ] * 3
    assert queries.disagreements() == []


def test_g4_1_custody_moves_when_both_have_signed_and_the_chain_shows_both(copies, cast):
    offered = actions.offer(cast.clerk, copies[:1], cast.second_clerk, "轮岗")[0]
    copies[0].refresh_from_db()
    assert copies[0].custodian == cast.clerk  # one signature moves nothing
    assert "sign_for" in {notice.kind for notice in duties.desk(cast.second_clerk.pk)}
    actions.sign_for(cast.second_clerk, offered.uid)
    copies[0].refresh_from_db()
    assert copies[0].custodian == copies[0].holder == cast.second_clerk
    chain = [(row.event, row.by) for row in queries.ledger(copies[0])]
    assert chain == [("number", cast.clerk), ("hand_over", cast.clerk), ("take_over", cast.second_clerk)]
    assert queries.disagreements() == []


def test_g4_1_custody_is_not_given_to_somebody_who_is_not_appointed(copies, cast, refused):
    with refused("G4.1"):
        actions.offer(cast.clerk, copies[:1], cast.insider, "保管")
    assert actions.offer(cast.clerk, copies[:1], cast.second_clerk, "保管")


def test_g4_1_an_offer_is_void_once_the_copy_was_handled_again(copies, cast, refused):
    offered = actions.offer(cast.clerk, copies[:1], cast.second_clerk, "轮岗")[0]
    actions.store(cast.clerk, copies[:1], place(cast))
    with refused("G4.1"):
        actions.sign_for(cast.second_clerk, offered.uid)
    copies[0].refresh_from_db()
    assert copies[0].custodian == cast.clerk


def test_g4_1_only_the_custodian_handles_a_copy(copies, cast, refused):
    safe = place(cast)
    with refused("G4.1"):
        actions.store(cast.second_clerk, copies[:1], safe)
    assert actions.store(cast.clerk, copies[:1], safe)


def test_m2_3_a_copy_does_not_go_into_a_place_that_is_too_weak(copies, cast, refused):
    cabinet = place(cast, "TG-01", PlaceKind.STEEL_CABINET)
    with refused("M2.3"):
        actions.store(cast.clerk, copies, cabinet)
    assert actions.store(cast.clerk, copies, place(cast))


def test_c4_2_a_copy_without_a_place_is_a_deficiency(copies, cast):
    assert set(queries.without_place(cast.clerk)) == set(copies)
    actions.store(cast.clerk, copies[:2], place(cast))
    assert list(queries.without_place(cast.clerk)) == copies[2:]


def test_g4_4_numbers_of_our_own_have_no_gap_and_a_void_one_stays_with_its_reason(house, cast):
    document = factories.classified(cast)
    made = [inside(cast.clerk, _ledger.number, document, cast.clerk, cast.clerk, pages=9) for _n in range(3)]
    assert [copy.number for copy in made] == ["000001", "000002", "000003"]
    line = actions.void(cast.clerk, made[1], "印刷模糊")
    assert (line.note, queries.of_document(document)[1].state) == ("印刷模糊", State.VOID)
    assert inside(cast.clerk, _ledger.number, document, cast.clerk, cast.clerk, pages=9).number == "000004"
    assert queries.disagreements() == []


def test_a_reproduction_keeps_the_number_of_its_original(house, cast):
    document = factories.classified(cast)
    first = inside(cast.clerk, _ledger.number, document, cast.clerk, cast.clerk, pages=9)
    made = [inside(cast.clerk, _ledger.number, document, cast.clerk, cast.clerk, pages=9, of=first) for _n in range(2)]
    assert [copy.number for copy in made] == ["000001复01", "000001复02"]
    assert queries.disagreements() == []


def test_an_issuer_s_number_is_entered_once(copies, cast, refused):
    with refused("G4.4"):
        actions.enter(cast.clerk, copies[0].document, [3], 9)
    assert actions.enter(cast.clerk, copies[0].document, [17], 9)[0].number == "000017"


def lent(cast: Any, copy: Copy, to: Any) -> Movement:
    until = copy.document.registered_at + timedelta(days=30)
    return inside(cast.clerk, _ledger.move, copy, Event.LEND, cast.clerk, Line(holder=to, due_at=until, signer=to), not_done="未登记")


def test_a_copy_in_somebody_s_hands_is_among_his_holdings_and_not_in_the_cupboard(copies, cast):
    actions.store(cast.clerk, copies, place(cast))
    lent(cast, copies[0], cast.insider)
    assert list(queries.held_by(cast.insider)) == copies[:1]
    copies[0].refresh_from_db()
    assert (copies[0].place, copies[0].custodian) == (None, cast.clerk)
    actions.return_item(cast.clerk, copies[0], 9)
    copies[0].refresh_from_db()
    assert (copies[0].state, copies[0].holder, copies[0].due_at) == (State.DESK, cast.clerk, None)
    assert list(queries.held_by(cast.insider)) == []


def test_returning_twice_or_with_fewer_pages_is_refused(copies, cast, refused):
    actions.store(cast.clerk, copies, place(cast))
    lent(cast, copies[0], cast.insider)
    with refused("C5.2"):
        actions.return_item(cast.clerk, copies[0], 8)
    actions.return_item(cast.clerk, copies[0], 9)
    with refused("G4.1"):
        actions.return_item(cast.clerk, copies[0], 9)


def test_what_was_given_is_signed_for_by_nobody_else_and_once(copies, cast, refused):
    actions.store(cast.clerk, copies, place(cast))
    line = lent(cast, copies[0], cast.insider)
    with pytest.raises(NotThere):
        actions.sign_for(cast.outsider, line.uid)
    assert actions.sign_for(cast.insider, line.uid).signed_at is not None
    with refused("G4.1"):
        actions.sign_for(cast.insider, line.uid)


def test_g4_4_a_line_is_taken_back_within_ten_minutes_by_the_same_person_if_nobody_acted(house, copies, cast, refused):
    actions.store(cast.clerk, copies, place(cast))
    line = lent(cast, copies[0], cast.insider)
    with refused("G4.4"):
        actions.take_back(cast.second_clerk, copies[0], line.uid)
    with house.at(timedelta(minutes=11)), refused("G4.4"):
        actions.take_back(cast.clerk, copies[0], line.uid)


def test_g4_4_what_was_taken_back_stays_readable_and_the_copy_stands_as_before(copies, cast, refused):
    actions.store(cast.clerk, copies, place(cast))
    line = lent(cast, copies[0], cast.insider)
    back = actions.take_back(cast.clerk, copies[0], line.uid)
    copies[0].refresh_from_db()
    assert (copies[0].state, copies[0].place.code, copies[0].holder) == (State.STORED, "BX-04", cast.clerk)
    assert (back.corrects, queries.to_sign(cast.insider)) == (line, [])
    other = lent(cast, copies[1], cast.insider)
    actions.sign_for(cast.insider, other.uid)
    with refused("G4.4"):  # somebody signed: it is a fact now
        actions.take_back(cast.clerk, copies[1], other.uid)


def test_g4_4_a_correction_refers_to_the_line_and_the_old_one_stays(copies, cast):
    wrong = copies[0].ledger.get(no=1)
    fixed = actions.correct(cast.clerk, copies[0], wrong.uid, 10, "点错一页")
    assert [(row.event, row.pages) for row in queries.ledger(copies[0])] == [("number", 9), ("correct", 10)]
    assert fixed.corrects == wrong
    assert queries.disagreements() == []


def test_destroyed_is_for_ever(copies, cast):
    actions.store(cast.clerk, copies, place(cast))
    inside(cast.clerk, _ledger.move, copies[0], Event.SET_ASIDE, cast.clerk, not_done="未登记")
    inside(cast.clerk, _ledger.move, copies[0], Event.DESTROY, cast.clerk, not_done="未登记")
    for event in set(Event) - {Event.NUMBER, Event.TAKE_BACK}:
        with pytest.raises(Refused):
            inside(cast.clerk, _ledger.move, copies[0], event, cast.clerk, not_done="未登记")


def test_p0_3_whoever_neither_keeps_nor_holds_nor_may_know_finds_no_copy(house, copies, cast):
    assert actions.open_copy(cast.clerk, copies[0].uid) == copies[0]
    assert actions.open_copy(cast.insider, "", copies[0].code) == copies[0]
    for way in ((copies[0].uid, ""), ("", copies[0].code), ("0" * 32, ""), ("", "nonsense")):
        with pytest.raises(NotThere):
            actions.open_copy(cast.outsider, *way)


def test_m2_3_the_combination_is_to_be_changed_when_somebody_who_knew_it_left_and_after_half_a_year(house, cast):
    safe = place(cast)
    actions.entrust_combination(cast.office_head, safe, cast.second_clerk)
    assert queries.combinations_due() == []
    with house.at(timedelta(days=180)):
        assert queries.combinations_due() == []
    with house.at(timedelta(days=181)):
        assert queries.combinations_due() == [safe]
    with house.at(timedelta(days=2)):
        actions.withdraw_combination(cast.office_head, safe, cast.second_clerk)
        assert queries.combinations_due() == [safe]
        with house.at(timedelta(days=1)):
            actions.change_combination(cast.office_head, safe)
            assert queries.combinations_due() == []



def test_g4_4_a_page_count_is_corrected_on_the_card_and_both_are_shown(house, copies, cast):
    client, address = house.open_page_as(cast.clerk), f"/copies/{copies[0].uid}/"
    wrong = copies[0].ledger.get(no=1)
    offered = [uid for uid, _words in client.get(address).context["forms"]["correct"].fields["line"].widget.choices]
    assert offered == [wrong.uid]
    told = {"do": "correct", "line": wrong.uid, "pages": "10", "reason": "点错一页"}
    assert client.post(f"{address}deed/", told | {"reason": ""}).status_code == 422
    assert client.post(f"{address}deed/", told | {"line": "0" * 32}).status_code == 403
    assert client.post(f"{address}deed/", told).status_code == 302
    page = client.get(address)
    assert [(line["row"].event, line["counted"], line["row"].pages) for line in page.context["ledger"]] == [
        ("correct", True, 10), ("number", True, 9)]  # fmt: skip
    assert "对第 1 条" in page.content.decode()
    reader = house.open_page_as(cast.second_clerk).get(address)
    assert reader.status_code == 404 or 'value="correct"' not in reader.content.decode()


def test_m2_3_the_card_offers_places_strong_enough_and_the_deed_refuses_the_others(house, copies, cast):
    place(cast)
    actions.set_up_place(cast.office_head, "TG-01", PlaceKind.STEEL_CABINET, "铁皮柜", "301", cast.clerk.department)
    client, address = house.open_page_as(cast.clerk), f"/copies/{copies[0].uid}/"
    offered = [choice.key for choice in client.get(address).context["forms"]["store"].fields["place"].widget.pickable()]
    assert offered == ["BX-04"]
    weak = client.post(f"{address}deed/", {"do": "store", "place": "TG-01"})
    assert (weak.status_code, 'href="/clauses/M2.3/"' in weak.content.decode()) == (403, True)
