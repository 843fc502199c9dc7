"""Sole custody (G4.1): two signatures, no exception for the GM, an emergency opening by four that shows no page."""

from datetime import date, timedelta
from typing import Any

import pytest

from mifeng.base import duties
from mifeng.base.refusals import NotThere, Refused
from mifeng.rooms.documents import actions, queries
from mifeng.rooms.people import actions as people
from tests import factories


@pytest.fixture
def held(house: Any, cast: Any) -> Any:
    """The main paper in the sole custody of the clerk."""
    document = factories.readable(cast, proposed=factories.proposed(scope=factories.scope_of("niezx", "jianxh", "wenqh", "luyz")))
    row = actions.offer_custody(cast.drafter, document, cast.clerk, "集中保管")
    actions.accept_custody(cast.clerk, row.uid)
    document.refresh_from_db()
    return document


def reads(house: Any, person: Any, document: Any, act: str = "read") -> Any:
    return queries.decided(queries.viewer(person, house.sit(person)), document, act)


def listed(house: Any, person: Any) -> set[int]:
    return set(queries.keys(queries.known(queries.viewer(person, house.sit(person)))))


def test_g4_1_custody_moves_when_both_have_signed_and_the_chain_shows_both(house, cast):
    document = factories.classified(cast)
    row = actions.offer_custody(cast.drafter, document, cast.clerk, "集中保管")
    document.refresh_from_db()
    assert document.excl_id is None  # one signature moves nothing
    assert "custody" in {notice.kind for notice in duties.desk(cast.clerk.pk)}
    actions.accept_custody(cast.clerk, row.uid)
    document.refresh_from_db()
    chain = document.custodies.get()
    assert (document.excl, chain.giver, chain.taker, chain.accepted_at is not None) == (cast.clerk, cast.drafter, cast.clerk, True)
    assert document.knowers.filter(person=cast.clerk, way="custody", by=cast.drafter).exists()


def test_g4_1_custody_to_a_person_not_appointed_is_refused(house, cast, refused):
    document = factories.classified(cast)
    with refused("G4.1"):
        actions.offer_custody(cast.drafter, document, cast.insider, "保管")
    assert actions.offer_custody(cast.drafter, document, cast.clerk, "保管")


def test_g4_1_an_appointment_that_ended_between_the_two_signatures_refuses_the_second(house, cast, refused):
    document = factories.classified(cast)
    row = actions.offer_custody(cast.drafter, document, cast.clerk, "保管")
    people.revoke_appointment(cast.office_head, cast.clerk.appointments.get())
    with refused("G4.1"):
        actions.accept_custody(cast.clerk, row.uid)


def test_g4_1_nobody_else_signs_for_what_was_offered_to_one(house, cast):
    document = factories.classified(cast)
    row = actions.offer_custody(cast.drafter, document, cast.clerk, "保管")
    with pytest.raises(NotThere):
        actions.accept_custody(cast.second_clerk, row.uid)
    actions.decline_custody(cast.clerk, row.uid)
    with pytest.raises(NotThere):
        actions.accept_custody(cast.clerk, row.uid)


def test_g4_1_only_the_custodian_opens_it_and_the_gm_is_no_exception(house, cast, held):
    assert reads(house, cast.clerk, held).allow
    for other in (cast.gm, cast.deputy, cast.drafter, cast.office_head):
        decision = reads(house, other, held)
        assert (decision.allow, decision.knows) == (False, False)
        assert held.pk not in listed(house, other)
    assert "G4.1" in reads(house, cast.gm, held).clauses


def test_g4_1_only_the_custodian_hands_over(house, cast, held, refused):
    for other in (cast.gm, cast.office_head, cast.drafter):
        with refused("G4.1"):
            actions.offer_custody(other, held, cast.second_clerk, "急用")
    row = actions.offer_custody(cast.clerk, held, cast.second_clerk, "休假")
    actions.accept_custody(cast.second_clerk, row.uid)
    held.refresh_from_db()
    assert (held.excl, reads(house, cast.clerk, held).allow) == (cast.second_clerk, False)


def test_g4_1_a_custody_that_is_given_up_opens_the_item_to_its_scope_again(house, cast, held, refused):
    with refused("G4.1"):
        actions.end_custody(cast.gm, held, "需要阅览")
    actions.end_custody(cast.clerk, held, "不再需要")
    held.refresh_from_db()
    assert reads(house, cast.deputy, held).allow


def decided(cast: Any) -> Any:
    return actions.decide_opening(cast.gm, cast.clerk, cast.office_head, cast.cfo, "保管人住院,投标材料急用")


def test_g4_1_an_emergency_opening_is_decided_by_the_gm_for_two_others(house, cast, held, refused):
    with refused("G4.1"):
        actions.decide_opening(cast.deputy, cast.clerk, cast.office_head, cast.cfo, "急用")  # not the GM
    with refused("G4.1"):
        actions.decide_opening(cast.gm, cast.clerk, cast.deputy, cast.cfo, "急用")  # not the office's head
    for witness in (cast.office_head, cast.clerk, cast.gm, cast.auditor):
        with refused("G4.1"):
            actions.decide_opening(cast.gm, cast.clerk, cast.office_head, witness, "急用")
    with refused("G4.1"):
        actions.decide_opening(cast.gm, cast.clerk, cast.office_head, cast.cfo, " ")
    row = decided(cast)
    assert "opening" in {notice.kind for notice in duties.desk(cast.clerk.pk)}  # the absent one is told
    assert row.review_by == date(2026, 3, 23)  # Monday the 16th and five working days


def test_g4_1_the_two_who_open_see_what_is_counted_and_no_page(house, cast, held):
    before = {person.pk: listed(house, person) for person in (cast.office_head, cast.cfo, cast.gm)}
    decided(cast)
    for person in (cast.office_head, cast.cfo):
        assert listed(house, person) - before[person.pk] == {held.pk}
        assert reads(house, person, held, "register_facts").allow
        assert not reads(house, person, held).allow
    assert listed(house, cast.gm) == before[cast.gm.pk]
    assert not reads(house, cast.gm, held, "register_facts").allow


def test_g4_1_counted_sealed_witnessed_then_taken_by_a_third_and_reviewed(house, cast, held, refused):
    row = decided(cast)
    with refused("G4.1"):
        actions.count_opening(cast.cfo, row.uid, 1, "封0001")
    with refused("G4.1"):
        actions.witness_opening(cast.cfo, row.uid)  # nothing was counted yet
    actions.count_opening(cast.office_head, row.uid, 1, "封0001,完好")
    with refused("G4.1"):
        actions.name_interim(cast.office_head, row.uid, cast.second_clerk)  # the witness has not signed
    actions.witness_opening(cast.cfo, row.uid)
    for heir in (cast.office_head, cast.cfo, cast.clerk):
        with refused("G4.1"):
            actions.name_interim(cast.office_head, row.uid, heir)
    with refused("G4.1"):
        actions.name_interim(cast.office_head, row.uid, cast.insider)  # no appointment for keeping
    actions.name_interim(cast.office_head, row.uid, cast.second_clerk)
    with refused("G4.1"):
        actions.take_interim(cast.office_head, row.uid)
    assert actions.take_interim(cast.second_clerk, row.uid) == 1
    held.refresh_from_db()
    assert held.excl == cast.second_clerk
    for person in (cast.office_head, cast.cfo, cast.clerk):
        assert held.pk not in listed(house, person)
        assert not reads(house, person, held, "register_facts").allow
    with refused("G4.1"):
        actions.review_opening(cast.office_head, row.uid, "无误")
    actions.review_opening(cast.gm, row.uid, "确有必要,件数相符")
    row.refresh_from_db()
    assert (row.reviewed_by, row.finding) == (cast.gm, "确有必要,件数相符")


def test_g4_1_a_finding_not_reviewed_in_five_working_days_is_late_on_the_gm_s_desk(house, cast, held):
    from mifeng.base import room  # the rooms are loaded with Django

    row = decided(cast)
    actions.count_opening(cast.office_head, row.uid, 1, "封0001")

    def line() -> Any:
        return next(duty for duty in room.duties(cast.gm) if duty.url == "/documents/custody/")

    with house.at(date(2026, 3, 23)):
        assert not line().late
    with house.at(date(2026, 3, 24)):
        assert line().late


def test_g4_1_an_opening_is_there_only_for_those_who_have_a_part_in_it(house, cast, held):
    row = decided(cast)
    assert actions.open_opening(cast.cfo, row.uid) == row
    for other in (cast.insider, cast.sysadmin, cast.sales_head):
        with pytest.raises(NotThere):
            actions.open_opening(other, row.uid)


def test_g4_1_the_pages_of_a_hand_over_and_of_an_opening(house, cast):
    document = factories.classified(cast)
    owner, clerk = house.open_page_as(cast.drafter), house.open_page_as(cast.clerk)
    told = {"do": "offer", "to": cast.clerk.login, "reason": "集中保管"}
    assert owner.post(f"/documents/{document.uid}/guard/", told).status_code == 302
    uid = document.custodies.get().uid
    assert document.number in clerk.get("/documents/custody/").content.decode()
    assert clerk.post(f"/documents/custody/{uid}/", {"do": "accept"}).status_code == 302
    assert owner.get(f"/documents/{document.uid}/guard/").status_code == 404
    gm, office, witness = (house.open_page_as(p) for p in (cast.gm, cast.office_head, cast.cfo))
    told = {"office": cast.office_head.login, "witness": cast.cfo.login, "reason": "急用"}
    made = gm.post(f"/documents/openings/of/{cast.clerk.uid}/", told)
    place = made["Location"]
    assert document.title in office.get(place).content.decode()
    assert document.title not in gm.get(place).content.decode()
    assert office.post(place, {"do": "count", "counted": "1", "seal": "封0001"}).status_code == 302
    assert witness.post(place, {"do": "witness"}).status_code == 302
    assert office.post(place, {"do": "name", "interim": cast.second_clerk.login}).status_code == 302
    assert house.open_page_as(cast.second_clerk).post(place, {"do": "take"}).status_code == 302
    assert gm.post(place, {"do": "review", "finding": "相符"}).status_code == 302
    document.refresh_from_db()
    assert document.excl == cast.second_clerk


def test_m7_1_one_act_of_the_office_s_head_shuts_an_item_to_all_but_the_team(house, cast, refused):
    document = factories.readable(cast)
    with refused("M7.1"):
        actions.freeze(cast.deputy, document, (), "疑似外泄")
    with refused("M7.1"):
        actions.freeze(cast.office_head, document, (), " ")
    assert reads(house, cast.insider, document).allow
    actions.freeze(cast.office_head, document, (cast.deputy,), "疑似外泄")
    document.refresh_from_db()
    shut = reads(house, cast.insider, document)
    assert (shut.allow, "M7.1" in shut.clauses, document.pk in listed(house, cast.insider)) == (False, True, False)
    assert reads(house, cast.deputy, document).allow
    assert document.pk in listed(house, cast.deputy)
    assert not reads(house, cast.office_head, document).allow  # the team's row opens nothing by itself: she is in no scope
    assert "frozen" in {notice.kind for notice in duties.desk(cast.drafter.pk)}
    actions.unfreeze(cast.office_head, document, "已查清")
    document.refresh_from_db()
    assert reads(house, cast.insider, document).allow


@pytest.mark.parametrize(("confirmed", "frozen"), [(False, False), (True, True)], ids=["not confirmed", "confirmed"])
def test_m7_1_a_freeze_ends_after_72_hours_unless_it_is_confirmed(house, cast, confirmed, frozen):
    from mifeng.base import jobs

    document = factories.classified(cast)
    actions.freeze(cast.office_head, document, (), "疑似外泄")
    if confirmed:
        actions.confirm_freeze(cast.office_head, document)
    with house.at(timedelta(hours=71, minutes=59)):
        jobs.run_all()
        document.refresh_from_db()
        assert document.frozen
    with house.at(timedelta(hours=72)):
        jobs.run_all()
        document.refresh_from_db()
        assert document.frozen is frozen


def test_p1_1_whoever_read_one_bidder_s_paper_finds_the_other_s_closed(house, cast, refused):
    mine, other, neutral = (factories.readable(cast) for _paper in range(3))
    with refused("P1.1"):
        actions.declare_side(cast.insider, mine, "2026年轴承招标", "甲公司")
    for document, side in ((mine, "甲公司"), (other, "乙公司")):
        actions.declare_side(cast.deputy, document, "2026年轴承招标", side)
    assert reads(house, cast.insider, mine).allow
    assert reads(house, cast.insider, other).allow  # nothing was read yet
    session = house.sit(cast.insider)
    from mifeng.rooms.viewing import actions as viewing

    reading, _file = viewing.open_document(cast.insider, session, mine.uid)
    viewing.open_page(cast.insider, session, reading, 1)
    shut = reads(house, cast.insider, other)
    assert (shut.allow, shut.knows, "P1.1" in shut.clauses) == (False, False, True)
    assert listed(house, cast.insider) & {mine.pk, other.pk, neutral.pk} == {mine.pk, neutral.pk}
    assert reads(house, cast.engineer, other).allow  # who read neither side
    with pytest.raises(Refused):
        actions.open_card(cast.insider, house.sit(cast.insider), other.uid)
