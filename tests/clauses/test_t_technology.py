"""Book T: technology: process, product, what lies in the computer."""

from datetime import date, timedelta

import pytest

from mifeng.base.refusals import Refused
from mifeng.rooms.documents import actions, queries
from mifeng.rooms.documents.facts import ScopeLine
from mifeng.rooms.documents.models import Document, DocumentFile
from mifeng.rooms.viewing import actions as viewing
from mifeng.rooms.viewing import pages
from tests import factories
from tests.house_fixtures import contents

scenario = pytest.mark.scenario


def technical(level=20, **changes):
    """A process or product paper of the project QL-3."""
    told = {"category": "S5", "line": "tech_product", "project": "QL-3", "reason": ""}
    return factories.proposed(level, **(told | changes))


def opens(person, session, document):
    reading, _file = viewing.open_document(person, session, document.uid)
    return viewing.open_page(person, session, reading, 1), reading


@scenario("T0/1")
def test_t0_a_process_card_without_a_level_is_held_as_proposed_and_protected(house, cast):
    """The form leaves the level open: what protects is the level of its line, from the first save."""

    client = house.open_page_as(cast.drafter)
    answers = {
        "title": "柔轮热处理工艺卡", "department": "YF", "owner": cast.drafter.uid, "category": "S5", "line": "tech_process",
        "harm": "grave", "interest": "独有工艺参数", "term_kind": "years", "term_value": "8", "project": "QL-3", "level": "",
        "scope-0-who": cast.insider.login, "scope-0-purpose": "", "scope-0-until": "",
    }  # fmt: skip
    client.post("/documents/new/", answers)
    card = Document.objects.get()
    assert (card.title, card.level, card.proposed, card.state) == ("柔轮热处理工艺卡", 20, True, "proposed")
    assert not queries.decided(queries.viewer(cast.sales_head, house.sit(cast.sales_head)), card, "read").allow
    assert queries.decided(queries.viewer(cast.insider, house.sit(cast.insider)), card, "read").allow


@scenario("T0/2")
def test_t0_with_level_and_project_decided_those_in_scope_use_the_card(house, cast, refused):
    with refused("T0"):
        actions.register(cast.drafter, factories.new_document(cast.drafter, proposed=technical(project=" ")))
    card = factories.readable(cast, title="柔轮热处理工艺卡", proposed=technical(line="tech_process"))
    assert (card.state, card.level, card.project, card.decider) == ("valid", 20, "QL-3", cast.deputy)
    assert opens(cast.insider, house.sit(cast.insider), card)


@scenario("T3/1")
@pytest.mark.parametrize("line", [ScopeLine("department", "YX"), ScopeLine("post", "dept_head")])
def test_t3_new_products_are_for_the_project_by_name(house, cast, refused, line):
    """Neither a post nor a department reaches the specification, so nobody of sales stands in its scope by accident."""

    wide = technical(10, scope=(line,), reason="外形数据", harm="harm")
    with refused("T3"):
        actions.register(cast.drafter, factories.new_document(cast.drafter, proposed=wide))
    specification = factories.readable(cast, title="青鹭三型规格书", proposed=technical())
    with pytest.raises(Refused):
        opens(cast.sales_head, house.sit(cast.sales_head), specification)


@scenario("T3/2")
def test_t3_an_approved_launch_releases_the_kit_and_not_the_design(house, cast):
    design = factories.classified(cast, title="青鹭三型设计图", proposed=technical())
    kit = factories.classified(cast, title="青鹭三型发布资料", proposed=technical())
    actions.ask_change(cast.drafter, kit, "release", reason="上市发布")
    factories.approve_all(kit.item_key)
    kit.refresh_from_db()
    design.refresh_from_db()
    assert [(kit.state, kit.level), (design.state, design.level)] == [("declassified", 5), ("valid", 20)]
    assert not queries.decided(queries.viewer(cast.sales_head, house.sit(cast.sales_head)), design, "read").allow


@scenario("T3/3")
def test_t3_a_member_of_the_project_opens_it_on_a_device_of_his(house, cast):
    specification = factories.readable(cast, title="青鹭三型规格书", proposed=technical())
    assert opens(cast.insider, house.sit(cast.insider), specification)
    with pytest.raises(Refused) as refusal:
        opens(cast.insider, house.sit(cast.insider, cap=5), specification)
    assert refusal.value.clauses == ["D5"]


@scenario("T4/1")
def test_t4_a_disk_image_shows_neither_text_nor_title(house, cast):
    document = factories.readable(cast, data=factories.pdf("wave generator 4711"))
    image = b"".join(data for _file, data in contents(house.disk()))
    assert document.uid.encode() in image  # this is where it lies
    for secret in (document.title, document.interest, "wave generator 4711", "qinglu.pdf"):
        assert secret.encode() not in image
    with pytest.raises(Refused) as refusal:
        paper = factories.new_document(cast.drafter, uploads=(_upload_without_vault(cast),))
        actions.register(cast.drafter, paper)
    assert (refusal.value.decision.rule, refusal.value.clauses) == ("vault_only", ["T4"])


def _upload_without_vault(cast):
    """A file that was turned away: nothing of it lies in the vault, so nothing of it can be registered."""
    return factories.uploaded(cast.drafter, b"MZ\x90\x00 a program", "setup.exe")


@scenario("T4/2")
def test_t4_an_entitled_person_sees_the_page_from_the_vault_and_it_is_recorded(house, cast):
    document, session = factories.readable(cast), house.sit(cast.insider)
    issue, reading = opens(cast.insider, session, document)
    assert (house.last()["act"], house.last()["n"]) == ("viewing:open_page", {"page": 1, "version": 1})
    file = DocumentFile.objects.get(document=document)
    assert len(file.original) == len(file.rendition) == 32  # names of objects in the vault
    assert pages.page_image(reading.file, 1, issue)[:3] == b"\xff\xd8\xff"


def test_a_term_of_technology_runs_like_any_other(house, cast):
    card = factories.classified(cast, proposed=technical(), issued_on=date(2026, 3, 2))
    with house.at(card.expires_on + timedelta(days=1)):
        assert card.days_left() == -1
