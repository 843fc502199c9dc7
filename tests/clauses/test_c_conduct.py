"""Book C: conduct: statistics, locked screens, encryption."""

import shutil
from datetime import timedelta

import pytest

from mifeng.base import clock, duties, record, vault
from mifeng.engines import vault as engine
from mifeng.rooms.documents import actions, queries, room
from mifeng.rooms.documents.facts import ScopeLine, TermFacts
from mifeng.rooms.people import actions as people
from mifeng.rooms.people import credentials
from mifeng.rooms.viewing import actions as viewing
from mifeng.rooms.viewing import rules as viewing_rules
from mifeng.rooms.viewing.facts import Leaving
from mifeng.site import unseal
from tests import factories
from tests.house_fixtures import PASSPHRASE

scenario = pytest.mark.scenario


@scenario("C6.1/1")
def test_c6_1_statistics_whose_keeper_has_left_are_a_deficiency(house, cast):
    line = {"category": "S4", "line": "statistics"}
    table = factories.classified(cast, title="产能统计表", owner=cast.leaver, proposed=factories.proposed(**line),
                                 department=cast.leaver.department)  # fmt: skip
    open_to_all = factories.proposed(5, scope=(ScopeLine("all", ""),), term=TermFacts(), **line)
    factories.registered(cast, title="产能口径说明", owner=cast.leaver, proposed=open_to_all, department=cast.leaver.department)
    assert queries.without_custodian() == []
    people.close_account(cast.hr, cast.leaver)
    assert queries.without_custodian() == [table]
    assert [duty.count for duty in room._statistics(cast.office_head)] == [1]
    assert [duty.count for duty in room._statistics(cast.insider)] == [0]


@scenario("C10.1/1")
def test_c10_1_after_five_idle_minutes_the_session_is_locked_and_pages_are_empty(house, cast):
    client = house.open_page_as(cast.insider)
    with house.at(timedelta(minutes=4, seconds=59)):
        assert client.get("/jobs/none/").status_code == 404  # an ordinary answer, and an activity
    with house.at(timedelta(minutes=9, seconds=59)):
        assert client.get("/jobs/none/").status_code == 423
        assert viewing_rules.must_blank(10, Leaving(0, locked=True), clock.today())
    assert not viewing_rules.must_blank(10, Leaving(0), clock.today())


@scenario("C10.2/1")
def test_c10_2_a_copied_database_with_its_blobs_is_unreadable_without_the_keys(house, cast, refused, tmp_path):
    document, session = factories.readable(cast), house.sit(cast.insider)
    paper = factories.new_document(cast.drafter)
    shutil.copytree(house.home, tmp_path / "stolen" / "var")
    sealed = document.__class__.objects.filter(pk=document.pk).values_list("title", flat=True).get()
    blobs = [file.read_bytes() for file in (tmp_path / "stolen" / "var" / "blobs").rglob("*") if file.is_file()]
    assert blobs and not any(b"%PDF" in blob or b"page one" in blob for blob in blobs)
    assert document.title.encode() not in bytes(sealed)
    vault.use(tmp_path / "stolen" / "var", tmp_path / "stolen" / "var-keys")
    vault.create("another passphrase", engine.Cost(memory_kib=64, passes=1, lanes=1))
    with pytest.raises(engine.Unreadable):
        assert document.__class__.objects.get(pk=document.pk).title
    vault.use(house.home, house.keys)
    with pytest.raises(vault.Sealed):  # and the rules say so while nobody has unsealed
        viewing.open_document(cast.insider, session, document.uid)
    with refused("C10.2"):
        actions.register(cast.drafter, paper)
    vault.unseal(PASSPHRASE)
    assert actions.register(cast.drafter, paper)
    assert document.__class__.objects.get(pk=document.pk).title == document.title


@scenario("C10.2/2")
def test_c10_2_two_keepers_unseal_and_it_is_recorded(house, cast):
    document, session, whole = factories.readable(cast), house.sit(cast.insider), credentials.passphrase()
    engine.FileProvider(vault.places().root_file).rewrap(PASSPHRASE, whole)
    shares = engine.unseal.split(whole, 2, 3)
    vault.seal()
    assert unseal._try(shares[0], "one") == "" and not vault.is_open()
    assert unseal._try(shares[2], "another") == "" and vault.is_open()
    assert (house.last()["act"], house.last()["n"]["shares"]) == ("people:unseal", 2)
    record.start()
    assert viewing.open_document(cast.insider, session, document.uid)
    assert actions.look_up(cast.outsider, house.sit(cast.outsider), document.title) == []
    assert duties.desk(cast.secadmin.pk) == []
