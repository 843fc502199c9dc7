"""Book G: not home, not to public places, whoever approves."""

import pytest

from mifeng.base import clock
from mifeng.engines.access import DESTINATION_BRANCH, DESTINATION_HOME, DESTINATION_PUBLIC
from mifeng.rooms.approvals import actions as approvals
from mifeng.rooms.approvals import requests
from mifeng.rooms.approvals.facts import Wanted
from mifeng.rooms.copies import actions
from mifeng.rooms.copies.facts import State
from mifeng.rooms.documents import queries as documents
from mifeng.rooms.documents.queries import Brought
from mifeng.rooms.people import actions as people
from tests import carrying, factories
from tests.matters import inside

scenario = pytest.mark.scenario
NOWHERE = [
    ("partner", "街角咖啡馆"), ("partner", "携带人住所"), ("own_site", "回家中审阅"), ("meeting", "高铁车站"), ("home", "某小区"),
    ("public", "某处"),
]  # fmt: skip


@scenario("G4.3/1")
def test_g4_3_a_cafe_and_a_home_are_refused_whoever_asks_and_whoever_would_approve(house, cast, refused):
    document, copy = carrying.kept(cast)
    for kind, place in NOWHERE:
        for person in (cast.drafter, cast.deputy):
            with refused("G4.3") as refusal:
                carrying.asked(house, cast, document, copy, destination=kind, place=place, by=person)
            assert refusal[0].decision.rule == "deny-place", place
    assert carrying.asked(house, cast, document, copy, place="华东合作单位国家实验室三层")
    who = documents.viewer(cast.clerk, house.sit(cast.clerk))
    for to, rule in ((DESTINATION_HOME, "deny-place"), (DESTINATION_PUBLIC, "deny-place"), (None, "deny-nowhere"),
                     (DESTINATION_BRANCH, "permit-execute")):  # fmt: skip
        approved_by_gm = Brought(True, cast.drafter.pk, cast.gm.pk, to)
        assert documents.decided(who, document, "carry_out", brought=approved_by_gm).rule == rule


@scenario("G4.3/1")
def test_g4_3_a_request_that_goes_past_the_form_is_sent_to_nobody(house, cast, refused):
    document, copy = carrying.kept(cast)
    told = {
        "matter": "copies:carry_out", "item_key": document.item_key, "level": 20, "applicant": cast.drafter, "number": "",
        "department": document.department, "purpose": "评审", "payload": {"copies": [copy.uid], "route": "", "measures": [], "out": ""},
    }  # fmt: skip
    for kind, place, fine in (("partner", "咖啡馆", False), ("reading_room", "机要室", False), ("partner", "合作单位", True)):
        wanted = Wanted(destination=kind, place=place, until=clock.now().replace(month=12), people=(cast.insider.pk,))
        if fine:
            assert inside(cast.drafter, requests.ask, wanted=wanted, **told)
        else:
            with refused("G4.3"):
                inside(cast.drafter, requests.ask, wanted=wanted, **told)


@scenario("G4.3/2")
def test_g4_3_two_carriers_take_top_secret_to_a_partner_s_office(house, cast, refused):
    document, copy = carrying.kept(cast, proposed=factories.proposed(30, scope=factories.scope_of(*factories.KNOWERS)))
    people.set_clearance(cast.secadmin, cast.insider, 30, "外出携带")
    carrying.entrust(cast, cast.insider, 30)
    carrying.entrust(cast, cast.deputy, 30)
    with refused("M2.2"):
        carrying.asked(house, cast, document, copy, by=cast.dept_head)
    approval = carrying.asked(house, cast, document, copy, by=cast.dept_head, companion=cast.deputy)
    approvals.approve(cast.gm, approval, "同意")
    actions.check_out(cast.clerk, house.sit(cast.clerk), approval, {copy.uid: 9})
    copy.refresh_from_db()
    assert (copy.state, copy.holder) == (State.OUT, cast.insider)
