"""A password that was found lying open (I6.1): where its holder may still go, and what the inspectors' pages show."""

import pytest

from mifeng.base import deeds
from mifeng.rooms.people import actions, queries
from mifeng.rooms.people import room as people_room
from mifeng.rooms.people.models import Credential, Person, SavedPage
from mifeng.site.middleware import WHILE_EXPOSED
from tests.house_fixtures import PASSWORD
from tests.journeys import inventory
from tests.security.test_probe_walk import filled

CHANGE = "/account/password/"


@pytest.fixture
def exposed(house, cast):
    """The insider at his desk, a minute after the office found his password."""
    client = house.open_page_as(cast.insider)
    actions.note_exposed(cast.office_head, cast.insider, "键盘下面")
    return client


def test_i6_1_every_address_but_the_change_leads_to_the_change(exposed):
    astray = {}
    for address in inventory.patterns():
        path = filled(address, "none")
        if path.startswith(WHILE_EXPOSED):
            continue
        for method in ("get", "post", "head", "put"):
            answer = getattr(exposed, method)(path)
            if (answer.status_code, answer.headers.get("Location")) != (302, CHANGE):
                astray[method, path] = answer.status_code
    assert astray == {}


def test_i6_1_a_part_of_a_page_asked_for_by_script_leads_there_as_well(exposed):
    for method in ("get", "post"):
        answer = getattr(exposed, method)("/people/find/", headers={"HX-Request": "true"})
        assert (answer.status_code, answer.headers["HX-Redirect"], answer.content) == (204, CHANGE, b"")


def test_i6_1_what_was_half_written_waits_and_one_may_leave(exposed, cast):
    exposed.post("/documents/new/", {"title": "青鹭四型", "password": "x"})
    kept = SavedPage.objects.get(person=cast.insider)
    assert (kept.path, "password" in kept.typed) == ("/documents/new/", False)
    assert exposed.get("/account/locked/").status_code == 423
    assert exposed.post("/account/sign-out/").headers["Location"] == "/account/login/"
    assert exposed.get("/").headers["Location"].startswith("/account/login/")


def test_i6_1_a_wrong_old_password_changes_nothing(exposed):
    typed = {"old": "nicht-dieses", "new": "Neues-Wort-2026", "again": "Neues-Wort-2026"}
    assert exposed.post(CHANGE, typed).status_code == 403
    assert exposed.get("/").status_code == 302
    assert exposed.post(CHANGE, typed | {"old": PASSWORD}).status_code == 200
    assert exposed.get("/").status_code == 200


def test_i6_1_the_form_on_the_persons_page_notes_it_and_the_list_shows_it(house, cast):
    office = house.open_page_as(cast.office_head)
    card = f"/people/{cast.insider.uid}/"
    assert "口令外露" in office.get(card).content.decode()
    assert office.post(card + "deed/", {"deed": "exposed", "where": ""}).status_code == 422
    assert office.post(card + "deed/", {"deed": "exposed", "where": "键盘下面"}).headers["Location"] == card
    assert "外露，须更换" in office.get(card).content.decode()
    listed = office.get("/people/findings/").content.decode()
    assert cast.insider.name in listed and "键盘下面" in listed and "待更换" in listed
    assert [duty.count for duty in people_room._exposed(cast.office_head)] == [1]
    actions.change_password(cast.insider, PASSWORD, "Neues-Wort-2026")
    assert [duty.count for duty in people_room._exposed(cast.office_head)] == [0]
    assert "已整改" in office.get("/people/findings/").content.decode()


def test_i6_1_whoever_does_not_inspect_sees_neither_form_nor_list(house, cast):
    actions.note_exposed(cast.secadmin, cast.insider, "键盘下面")
    head = house.open_page_as(cast.dept_head)
    assert 'value="exposed"' not in head.get(f"/people/{cast.insider.uid}/").content.decode()
    assert head.get("/people/findings/").status_code == 404
    posted = head.post(f"/people/{cast.engineer.uid}/deed/", {"deed": "exposed", "where": "键盘下面"})
    assert (posted.status_code, queries.must_change(cast.engineer)) == (403, False)
    auditor = house.open_page_as(cast.auditor)
    assert 'value="exposed"' not in auditor.get(f"/people/{cast.insider.uid}/").content.decode()
    assert "键盘下面" in auditor.get("/people/findings/").content.decode()  # who checks may read


def test_i6_1_a_secrecy_officer_reads_of_his_own_department_only(house, cast):
    actions.note_exposed(cast.office_head, cast.insider, "键盘下面")
    actions.note_exposed(cast.office_head, cast.hr, "抽屉里")
    keeper = Person.objects.get(login="douq")
    client = house.open_page_as(keeper)
    listed = client.get("/people/findings/").content.decode()
    assert "键盘下面" in listed and "抽屉里" not in listed
    assert client.get(f"/people/{cast.insider.uid}/").status_code == 200
    assert client.get(f"/people/{cast.hr.uid}/").status_code == 404


def test_i6_1_an_account_without_a_password_has_none_to_change(house, cast, refused):
    def forget():
        Credential.objects.get(person=cast.insider).delete()

    deeds._do("people:test_forget", cast.insider, None, forget)
    with refused("I6.1"):
        actions.note_exposed(cast.secadmin, cast.insider, "键盘下面")
