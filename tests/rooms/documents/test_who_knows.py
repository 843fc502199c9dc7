"""谁知悉, and what somebody knows: for those who answer for it, as of a day, without a sign of what is hidden."""

from datetime import date, timedelta
from typing import Any

import pytest

from mifeng.base.refusals import Refused
from mifeng.rooms.documents import actions, queries
from mifeng.rooms.documents.facts import ScopeLine
from mifeng.rooms.people import actions as people
from mifeng.rooms.viewing import actions as viewing
from tests import factories, printed


def opens(house: Any, person: Any, document: Any) -> None:
    session = house.sit(person)
    reading, _file = viewing.open_document(person, session, document.uid)
    viewing.open_page(person, session, reading, 1)


def who(house: Any, person: Any, document: Any, day: date | None = None) -> Any:
    return actions.who_knows(person, document, house.sit(person), day)


def what(house: Any, person: Any, holder: Any, day: date | None = None) -> list[str]:
    return [row.document.uid for row in actions.what_knows(person, holder, house.sit(person), day)]


def test_p1_2_the_list_of_those_who_know_holds_every_way(house, cast):
    document = factories.readable(cast)
    opens(house, cast.insider, document)
    actions.open_card(cast.clerk, house.sit(cast.clerk), document.uid)
    actions.record_briefing(cast.clerk, document, cast.engineer, cast.drafter, "研发部会议室,部门负责人要求")
    actions.enter_mistake(cast.clerk, document, cast.sales_head, "误送到其信箱", pledged=True)
    row = actions.offer_custody(cast.drafter, document, cast.clerk, "保管")
    found = who(house, cast.deputy, document)
    ways = {(line.person, line.way) for line in found.known}
    assert ways == {
        (cast.drafter, "drafted"), (cast.deputy, "approval"), (cast.insider, "viewed"), (cast.clerk, "title"),
        (cast.engineer, "told"), (cast.sales_head, "mistaken"), (cast.dept_head, "approval"),
    }  # fmt: skip
    assert (house.last()["act"], house.last()["obj"], house.last()["n"]["knowers"]) == ("documents:who_knows", document.item_key, 7)
    actions.accept_custody(cast.clerk, row.uid)
    document.refresh_from_db()
    kept = actions.who_knows
    with pytest.raises(Refused):
        kept(cast.deputy, document, house.sit(cast.deputy))  # in sole custody it is the custodian's alone


@pytest.mark.parametrize("post", ["drafter", "deputy", "dept_head"])
def test_p1_2_owner_decider_and_head_of_the_department_may_ask(house, cast, post):
    assert who(house, getattr(cast, post), factories.classified(cast)).known


@pytest.mark.parametrize("post", ["insider", "engineer", "clerk", "sales_head", "office_head", "gm", "auditor", "sysadmin", "hr"])
def test_p0_3_nobody_else_may_and_no_post_shows_an_item_that_is_not_his_to_know(house, cast, post):
    """The engineer is in the scope and answers for nothing; the GM and the office answer for much and are in no scope."""
    with pytest.raises(Refused) as caught:
        who(house, getattr(cast, post), factories.classified(cast))
    assert caught.value.hidden


def test_p0_3_the_office_asks_about_an_item_that_it_may_know(house, cast):
    document = factories.classified(cast, proposed=factories.proposed(scope=factories.scope_of("niezx", "fangrl")))
    assert who(house, cast.office_head, document).known


def test_a2_the_person_concerned_learns_nothing_from_the_list_and_the_handler_asks(house, cast):
    document = factories.classified(cast, proposed=factories.proposed(scope=factories.scope_of("niezx", "dingxl")), owner=cast.hr)
    actions.open_embargo(cast.hr, document, (cast.hr,), (cast.drafter,))
    document.refresh_from_db()
    found = who(house, cast.hr, document)
    assert found.within == [cast.hr]  # the scope names more, and the embargo lets nobody else in
    with pytest.raises(Refused) as caught:
        who(house, cast.drafter, document)
    assert caught.value.hidden


def test_p1_1_who_could_know_on_a_day_is_read_from_the_scope_of_that_day(house, cast):
    document = factories.classified(cast)
    with house.at(date(2026, 4, 1)):
        line = ScopeLine("person", cast.insider.uid)
        actions.narrow_scope(cast.drafter, document, (line,), "项目调整")
    document.refresh_from_db()
    with house.at(date(2026, 4, 10)):
        then = who(house, cast.drafter, document, date(2026, 3, 31))
        now = who(house, cast.drafter, document)
    assert cast.insider in then.within
    assert cast.insider not in now.within
    assert cast.engineer in now.within
    assert not who(house, cast.drafter, document, date(2026, 3, 15)).within  # before it was registered


def test_p1_1_who_knew_on_a_day_does_not_hold_what_was_learnt_later(house, cast):
    document = factories.readable(cast)
    with house.at(date(2026, 3, 20)):
        opens(house, cast.insider, document)
        assert cast.insider in {row.person for row in who(house, cast.drafter, document).known}
        assert cast.insider not in {row.person for row in who(house, cast.drafter, document, date(2026, 3, 19)).known}


def test_p1_1_a_post_of_that_day_counts_and_not_the_one_held_today(house, cast):
    scope = (ScopeLine("person", cast.drafter.uid), ScopeLine("post", "dept_head"))
    document = factories.classified(cast, proposed=factories.proposed(scope=scope))
    with house.at(date(2026, 4, 1)):
        people.end_post(cast.hr, cast.sales_head, "dept_head")
        assert cast.sales_head in who(house, cast.drafter, document, date(2026, 3, 20)).within
        assert cast.sales_head not in who(house, cast.drafter, document).within


def test_i8_what_somebody_knows_is_shown_as_far_as_whoever_asks_may_know_it(house, cast):
    project = factories.readable(cast)
    common = factories.classified(cast, proposed=factories.proposed(scope=factories.scope_of("niezx", "gexy", "dingxl", "fangrl")))
    opens(house, cast.insider, project)
    actions.record_briefing(cast.clerk, common, cast.insider, cast.drafter, "会议室")
    assert what(house, cast.insider, cast.insider) == [common.uid, project.uid]
    assert what(house, cast.hr, cast.insider) == [common.uid]
    assert what(house, cast.office_head, cast.insider) == [common.uid]
    assert house.last()["n"] == {"lines": 1}
    assert what(house, cast.insider, cast.insider, date(2026, 3, 15)) == []


@pytest.mark.parametrize("post", ["gm", "dept_head", "clerk", "auditor", "secadmin", "engineer"])
def test_p0_3_what_another_knows_is_nobody_s_business(house, cast, post):
    with pytest.raises(Refused):
        actions.what_knows(getattr(cast, post), cast.insider, house.sit(getattr(cast, post)))


def test_p0_3_the_page_is_the_same_whether_something_is_hidden_or_there_is_nothing(house, cast):
    hr = house.open_page_as(cast.hr)
    place = f"/documents/knowledge/{cast.insider.uid}/"
    before = hr.get(place).content
    opens(house, cast.insider, factories.readable(cast))
    after = hr.get(place).content

    assert (main_of(before) == main_of(after), b"<table" in after) == (True, False)


def main_of(page: bytes) -> bytes:
    """The page below its head, which counts the minutes of the sitting."""
    return page[page.index(b"<main") : page.index(b"</main>")]


def test_d2_nobody_outside_the_scope_is_told_but_by_the_item_s_own_leader(house, cast, refused):
    document = factories.classified(cast)
    with refused("D2"):
        actions.record_briefing(cast.clerk, document, cast.sales_head, cast.drafter, "食堂")
    with refused("P1.2"):
        actions.record_briefing(cast.clerk, document, cast.engineer, cast.sales_head, "食堂")  # the teller may not know it
    with refused("P1.2"):
        actions.record_briefing(cast.insider, document, cast.engineer, cast.drafter, "会议室")  # neither clerk nor teller
    with refused("P1.2"):
        actions.record_briefing(cast.clerk, document, cast.engineer, cast.drafter, " ")
    actions.record_briefing(cast.drafter, document, cast.engineer, cast.drafter, "会议室")
    actions.record_briefing(cast.clerk, document, cast.leaver, cast.deputy, "会议室")  # the deputy decided this item
    low = cast.outsider
    people.set_clearance(cast.secadmin, low, 10, "调岗")
    with refused("D2"):
        actions.record_briefing(cast.clerk, document, low, cast.deputy, "会议室")  # no leave lifts a clearance


@pytest.mark.parametrize("way", ["told", "mistaken"])
def test_d3_what_was_told_or_learnt_by_mistake_gives_no_right(house, cast, way):
    document = factories.classified(cast)
    if way == "told":
        actions.record_briefing(cast.clerk, document, cast.leaver, cast.deputy, "会议室")
    else:
        actions.enter_mistake(cast.clerk, document, cast.leaver, "误送", pledged=True)
    viewer = queries.viewer(cast.leaver, house.sit(cast.leaver))
    decision = queries.decided(viewer, document, "read")
    assert (decision.allow, decision.knows) == (False, False)
    assert document.pk not in queries.keys(queries.known(viewer))
    assert document.uid not in what(house, cast.leaver, cast.leaver)  # nor does his own page show the title again


def test_d3_knowledge_by_mistake_is_entered_outside_the_scope_with_a_promise_of_silence(house, cast, refused):
    document = factories.classified(cast)
    with refused("D3"):
        actions.enter_mistake(cast.clerk, document, cast.sales_head, "误送到其信箱", pledged=False)
    with refused("D3"):
        actions.enter_mistake(cast.engineer, document, cast.sales_head, "误送到其信箱", pledged=True)
    with refused("D3"):
        actions.record_mistake(cast.insider, document, "误看", pledged=False)
    actions.enter_mistake(cast.clerk, document, cast.sales_head, "误送到其信箱", pledged=True)
    row = document.knowers.get(person=cast.sales_head)
    assert (row.way, row.by, row.words) == ("mistaken", cast.clerk, "误送到其信箱")


def test_p1_2_the_list_is_printed_with_a_serial_of_its_own(house, cast):
    document = factories.classified(cast)
    page = house.open_page_as(cast.drafter)
    shown = page.get(f"/documents/{document.uid}/who/?on=2026-03-16")
    assert (shown.status_code, cast.deputy.name in shown.content.decode()) == (200, True)
    paper = printed.words(page.post(f"/documents/{document.uid}/who/", {"do": "print"}).content)
    assert "印册〔2026〕" in paper
    assert cast.deputy.name in paper
    assert house.open_page_as(cast.insider).get(f"/documents/{document.uid}/who/").status_code == 404
    absent = f"/documents/{document.uid[::-1]}/who/"
    assert house.open_page_as(cast.sales_head).get(absent).status_code == 404


def test_p1_2_the_clerk_enters_what_was_told_of_an_item_that_she_does_not_open(house, cast):
    document = factories.classified(cast)
    place, clerk = f"/documents/{document.uid}/told/", house.open_page_as(cast.clerk)
    assert place in clerk.get(f"/documents/{document.uid}/").content.decode()
    told = {"do": "told", "told": cast.engineer.login, "by": cast.drafter.login, "place": "研发部会议室,部门负责人要求"}
    assert clerk.post(place, told).status_code == 302
    learnt = {"do": "mistake", "learnt": cast.sales_head.login, "words": "误送到其信箱"}
    assert clerk.post(place, learnt).status_code == 422  # no promise of silence
    assert clerk.post(place, learnt | {"pledged": "on"}).status_code == 302
    ways = set(document.knowers.values_list("person__login", "way"))
    assert {(cast.engineer.login, "told"), (cast.sales_head.login, "mistaken")} <= ways
    assert house.open_page_as(cast.sales_head).get(place).status_code == 404


def test_i12_a_pass_holds_twelve_months_and_is_a_fact_of_the_rule_table(house, cast):
    until = cast.insider.facts().trained_until
    with house.at(date(2027, 1, 5)):
        assert until > queries.viewer(cast.insider, None).context.now  # the last day, 5 January, counts
    with house.at(date(2027, 1, 6) + timedelta(days=0)):
        assert until <= queries.viewer(cast.insider, None).context.now
