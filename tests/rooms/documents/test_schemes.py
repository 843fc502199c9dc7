"""A switch of the scheme of levels: what its preview counts, whose figures they are, what a request of the pages may say."""

import pytest

from mifeng.base import clock, jobs
from mifeng.clauses import schemes
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.documents import actions, levels
from mifeng.rooms.documents.facts import ScopeLine
from mifeng.rooms.documents.models import SchemeSwitch
from mifeng.rooms.people import actions as people
from tests import factories

SOE2 = {30: 30, 20: 30, 10: 10}
PAGE = "/documents/scheme/"


def preview(mapping=None):
    return levels.preview(schemes.in_force(), schemes.scheme("soe2"), SOE2 if mapping is None else mapping)


def counted():
    return [(line.word, line.new_word, line.items, line.proposed) for line in preview().lines]


def test_the_preview_counts_the_items_of_each_level(house, cast):
    factories.classified(cast)
    factories.registered(cast)
    factories.classified(cast, proposed=factories.proposed(10))
    assert counted() == [("绝密", "核心商密", 0, 0), ("机密", "核心商密", 2, 1), ("秘密", "普通商密", 1, 0)]
    found = preview()
    assert (found.named, found.asked, found.series) == (0, 1, 0)


def test_h2_an_item_under_embargo_moves_no_figure(house, cast):
    before = preview()
    factories.registered(
        cast, owner=cast.hr, by=cast.hr, handlers=(cast.hr, cast.gm), concerned=(cast.excluded,),
        proposed=factories.proposed(20, scope=(*factories.scope_of("dingxl"), ScopeLine("post", "gm+deputy_gm"))),
    )  # fmt: skip
    assert preview() == before


def test_it_says_whose_clearance_does_not_reach_and_whose_scope_is_to_be_named(house, cast):
    wide = (*factories.scope_of("niezx", "gexy"), ScopeLine("post", "gm+deputy_gm"))
    factories.classified(cast, proposed=factories.proposed(20, scope=wide))
    reach = preview().below
    people.set_clearance(cast.secadmin, cast.insider, 30, "岗位变动")
    assert (preview().named, preview().below) == (1, reach - 1)


def test_figures_are_for_those_who_propose_or_sign(house, cast):
    factories.classified(cast)
    actions.propose_scheme(cast.secadmin, "soe2", SOE2, "改制")
    for person, sees in ((cast.gm, True), (cast.office_head, True), (cast.secadmin, True), (cast.auditor, False)):
        page = house.open_page_as(person).get(PAGE)
        assert page.status_code == 200
        assert ("其中拟密待定" in page.content.decode()) is sees
    switch = SchemeSwitch.objects.get()
    for person in (cast.auditor, cast.drafter):
        assert house.open_page_as(person).post(f"{PAGE}{switch.uid}/", {"decision": "approve"}).status_code in (403, 404)
    switch.refresh_from_db()
    assert switch.decision == ""


@pytest.mark.parametrize("typed", [{}, {"scheme": "none"}, {"scheme": "soe2", "level_20": "7", "reason": "试", "do": "propose"}])
def test_a_form_that_says_nothing_right_proposes_nothing(house, cast, typed):
    answer = house.open_page_as(cast.secadmin).post(PAGE, typed)
    assert answer.status_code == 422
    assert not SchemeSwitch.objects.exists()


def test_a_refused_switch_leaves_everything_as_it_was(house, cast):
    paper = factories.classified(cast)
    leader = house.open_page_as(cast.gm)
    switch = actions.propose_scheme(cast.office_head, "soe2", SOE2, "改制")
    assert leader.post(f"{PAGE}{switch.uid}/", {"decision": "refuse", "note": ""}).status_code == 403
    assert leader.post(f"{PAGE}{switch.uid}/", {"decision": "refuse", "note": "再议"}).status_code == 302
    jobs.run_all()
    paper.refresh_from_db()
    assert (schemes.in_force().id, paper.level, paper.struck_mark) == ("company3", 20, "")


def test_a_worker_that_comes_twice_takes_over_nothing_twice(house, cast):
    paper = factories.classified(cast)
    switch = actions.decide_scheme(cast.gm, actions.propose_scheme(cast.office_head, "soe2", SOE2, "改制"), True)
    assert actions.map_levels(cast.gm, switch) == 1
    assert actions.map_levels(cast.gm, switch) == 0
    jobs.run_all()
    assert paper.changes.filter(what=levels.SWITCHED).count() == 1


def test_a_company_without_items_switches_at_once(house, cast):
    switch = actions.decide_scheme(cast.gm, actions.propose_scheme(cast.office_head, "soe2", SOE2, "改制"), True)
    jobs.run_all()
    switch.refresh_from_db()
    assert (switch.since, schemes.in_force().id) == (clock.now(), "soe2")
    with schemes.used("company3"):
        assert schemes.in_force().id == "company3"
    assert not Approval.objects.exists()
