"""Book D: documents in everybody's hands: showing, looking, passing on."""

from datetime import date

import pytest

from mifeng.base import duties
from mifeng.base.refusals import Refused
from mifeng.rooms.documents import actions, queries
from mifeng.rooms.documents.facts import ScopeLine
from mifeng.rooms.documents.rules import scope as scope_rules
from mifeng.rooms.people import actions as people
from mifeng.rooms.viewing import actions as viewing
from tests import factories

scenario = pytest.mark.scenario
FRIDAY, SATURDAY = date(2026, 3, 20), date(2026, 3, 21)


def opens(person, session, document):
    """Page 1, as the reader asks for it."""
    reading, _file = viewing.open_document(person, session, document.uid)
    return viewing.open_page(person, session, reading, 1)


def until_friday(cast, document, session):
    """The leave for 夏知秋 to know until Friday, as it is asked for."""
    line = ScopeLine("person", cast.leaver.uid, until=FRIDAY)
    actions.widen_scope(cast.insider, document, session, (line,), "工艺评审")


@scenario("D2/1")
def test_d2_a_holder_who_shows_it_to_a_colleague_outside_is_refused_and_offered_the_request(house, cast, refused):
    document, client = factories.readable(cast), house.open_page_as(cast.insider)
    scope = f"/documents/{document.uid}/scope/"
    answer = client.post(scope, {"do": "show", "colleague": cast.leaver.login})
    words = answer.content.decode()
    assert (answer.status_code, "对方不在知悉范围内，须先经领导许可" in words) == (403, True)
    assert f'href="{scope}"' in words and "申请许可" in words
    assert (house.last()["act"], house.last()["out"], house.last()["why"]) == ("documents:share", "refused", ["D2"])
    assert duties.desk(cast.leaver.pk) == []
    asked = {"lines-0-who": cast.leaver.login, "purpose": "工艺评审", "until": FRIDAY.isoformat()}
    assert client.post(scope, asked).status_code == 302  # the way that was offered, on that page
    factories.approve_all(document.item_key)
    assert client.post(scope, {"do": "show", "colleague": cast.leaver.login}).status_code == 302
    assert "to_read" in [notice.kind for notice in duties.desk(cast.leaver.pk)]
    assert opens(cast.leaver, house.sit(cast.leaver), document)


@scenario("D2/1")
def test_d2_to_a_colleague_in_the_scope_it_is_shown_and_told_without_asking(house, cast, refused):
    document, session = factories.classified(cast), house.sit(cast.insider)
    actions.share(cast.insider, document, session, cast.engineer)  # who knows it already
    assert [notice.kind for notice in duties.desk(cast.engineer.pk)] == ["to_read"]
    with refused("D2"):  # telling is showing
        actions.record_briefing(cast.insider, document, cast.leaver, cast.insider, "茶水间")
    actions.record_briefing(cast.insider, document, cast.engineer, cast.insider, "茶水间")


@scenario("D2/2", "D2/3")
def test_d2_a_permitted_colleague_sees_it_until_friday_and_not_on_saturday(house, cast):
    document, session = factories.readable(cast), house.sit(cast.insider)
    until_friday(cast, document, session)
    with pytest.raises(Refused):
        opens(cast.leaver, house.sit(cast.leaver), document)  # asked for is not permitted
    factories.approve_all(document.item_key)
    with house.at(FRIDAY):
        assert opens(cast.leaver, house.sit(cast.leaver), document)
        assert scope_rules.showing_lasts(FRIDAY, FRIDAY)
    with house.at(SATURDAY):
        with pytest.raises(Refused):
            opens(cast.leaver, house.sit(cast.leaver), document)
        assert not scope_rules.showing_lasts(FRIDAY, SATURDAY)
        assert opens(cast.engineer, house.sit(cast.engineer), document)  # whose knowledge has no end


@scenario("D3/1")
def test_d3_a_clearance_without_scope_opens_nothing(house, cast):
    document, session = factories.readable(cast), house.sit(cast.clerk)
    assert cast.clerk.clearance >= document.level
    with pytest.raises(Refused) as refusal:
        viewing.open_document(cast.clerk, session, document.uid)
    assert refusal.value.clauses == ["P0.2"]
    assert (house.last()["act"], house.last()["out"]) == ("viewing:open_document", "refused")
    _found, read, facts = actions.open_card(cast.clerk, session, document.uid)
    assert (read.allow, facts.allow) == (False, True)  # she keeps the register: its facts, no page
    people.set_clearance(cast.secadmin, cast.engineer, 10, "转岗")
    lower = queries.decided(queries.viewer(cast.engineer, house.sit(cast.engineer)), document, "read")
    assert (lower.allow, lower.clauses) == (False, ("K1.0",))  # and a scope without clearance opens nothing either


@scenario("D3/2")
def test_d3_whoever_learnt_by_mistake_says_so_and_counts_as_knowing(house, cast):
    document = factories.classified(cast)
    assert not document.knowers.filter(person=cast.leaver).exists()
    actions.record_mistake(cast.leaver, document, "误送到本人信箱", pledged=True)
    knower = document.knowers.get(person=cast.leaver)
    assert (knower.way, knower.words) == ("mistaken", "误送到本人信箱")
    with pytest.raises(Refused):
        actions.record_mistake(cast.leaver, document, " ", pledged=True)


@scenario("D3/3")
def test_d3_a_clerk_in_scope_opens_it_for_filing_and_it_is_recorded(house, cast):
    knowers = factories.scope_of("niezx", "jianxh")
    document, session = factories.readable(cast, proposed=factories.proposed(scope=knowers)), house.sit(cast.clerk)
    opens(cast.clerk, session, document)
    last = house.last()
    assert (last["act"], last["out"], last["obj"], last["actor"]) == (
        "viewing:open_page", "allowed", document.item_key, cast.clerk.uid,
    )  # fmt: skip
    assert document.knowers.filter(person=cast.clerk, way="viewed").exists()


def test_a_right_that_ended_between_two_pages_refuses_the_second(house, cast, refused):
    document, session = factories.readable(cast), house.sit(cast.insider)
    reading, _file = viewing.open_document(cast.insider, session, document.uid)
    viewing.open_page(cast.insider, session, reading, 1)
    actions.narrow_scope(cast.drafter, document, (ScopeLine("person", cast.insider.uid),), "已调离项目")
    reading.refresh_from_db()
    with refused("P0.2"):
        viewing.open_page(cast.insider, session, reading, 2)
    assert not queries.in_scope(cast.insider, document)
