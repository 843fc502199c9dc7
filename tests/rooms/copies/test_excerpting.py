"""Excerpts: a controlled item of its own, never below its source, known to nobody whom the source does not reach."""

from typing import Any

import pytest

from mifeng.base import jobs
from mifeng.base.refusals import NotThere
from mifeng.rooms.approvals import queries as approval_queries
from mifeng.rooms.copies import act_duties, queries
from mifeng.rooms.documents import actions as documents
from mifeng.rooms.documents import deriving, work
from mifeng.rooms.documents import queries as papers
from mifeng.rooms.viewing import actions as viewing
from tests import excerpting, factories


@pytest.fixture
def paper(house: Any, cast: Any) -> tuple[Any, Any]:
    return excerpting.source(cast)


def test_m2_1_the_excerpt_has_level_term_and_a_scope_inside_its_source_s(house, cast, paper):
    document, person = paper
    made = excerpting.make(person, house.sit(person), excerpting.approved(house, cast, document, knowers=[cast.drafter, cast.insider]))
    child = made.made
    assert (child.level, child.expires_on, child.term_kind, child.owner) == (20, document.expires_on, document.term_kind, cast.drafter)
    assert set(papers.reached(child)) == {cast.drafter, cast.insider} <= set(papers.reached(document))
    assert not work.may_know(cast.engineer, child) and work.may_know(cast.insider, child)
    assert queries.lagging_excerpts(cast.drafter) == []


def test_m2_1_the_excerpt_is_read_page_by_page_like_any_other(house, cast, paper):
    document, person = paper
    made = excerpting.make(person, house.sit(person), excerpting.approved(house, cast, document))
    jobs.run_all()
    reading, file = viewing.open_document(cast.drafter, house.sit(cast.drafter), made.made.uid)
    assert (file.state, file.pages, reading.document) == ("ready", 1, made.made)
    with pytest.raises(Exception) as hidden:
        viewing.open_document(cast.insider, house.sit(cast.insider), made.made.uid)
    assert getattr(hidden.value, "hidden", isinstance(hidden.value, NotThere))


def test_m2_1_the_approver_sees_the_pages_that_are_taken_and_no_other(house, cast, paper):
    document = factories.classified(cast, proposed=factories.proposed(scope=factories.scope_of("niezx", "qimh")))
    approval = excerpting.asked(house, cast, document)
    assert approval_queries.judges(cast.deputy, document.item_key, page=3)
    assert not approval_queries.judges(cast.deputy, document.item_key, page=4)
    assert approval.state == "asked"


def test_m2_1_nobody_but_the_named_and_entrusted_person_takes_it(house, cast, paper, refused):
    document, person = paper
    with refused("M2.1"):
        excerpting.asked(house, cast, document, excerpter=cast.drafter)
    approval = excerpting.approved(house, cast, document, excerpter=cast.insider)
    with refused("M2.1"):
        excerpting.make(person, house.sit(person), approval)
    with refused("M1.1", "M2.1"):  # named, and not entrusted
        excerpting.make(cast.insider, house.sit(cast.insider), approval)
    assert excerpting.make(person, house.sit(person), excerpting.approved(house, cast, document))


def test_p1_1_an_excerpt_reaches_nobody_beyond_its_source(house, cast, paper, refused):
    document, person = paper
    with refused("P1.1"):
        excerpting.asked(house, cast, document, knowers=[cast.sales_head])
    approval = excerpting.approved(house, cast, document, knowers=[cast.insider])
    documents.narrow_scope(cast.drafter, document, tuple(factories.scope_of("gexy")), "调离")
    with refused("P1.1"):  # he has left the scope since
        excerpting.make(person, house.sit(person), approval)


def test_d4_an_excerpt_is_never_below_its_source(house, cast, paper, refused):
    document, person = paper
    with refused("D4"):
        excerpting.asked(house, cast, document, level=10)
    approval = excerpting.approved(house, cast, document)
    made = excerpting.make(person, house.sit(person), approval)
    documents.ask_change(cast.drafter, document, "upgrade", level=30, reason="影响加重")
    factories.approve_all(document.item_key)
    made.document.refresh_from_db()
    assert made.document.level == 30
    assert [(row, what) for row, what in queries.lagging_excerpts(cast.drafter)] == [(made, "level")]
    assert [duty.count for duty in act_duties._lagging(cast.drafter)] == [1]
    assert [duty.count for duty in act_duties._lagging(cast.insider)] == [0]


def test_g4_5_an_excerpt_of_a_destroyed_paper_is_to_be_destroyed_with_it(house, cast, paper):
    document, person = paper
    made = excerpting.make(person, house.sit(person), excerpting.approved(house, cast, document))
    document.refresh_from_db()
    document.live = False
    assert deriving.lags(document, made.made) == "fate"
    document.live, document.expires_on = True, document.expires_on.replace(year=document.expires_on.year + 1)
    assert deriving.lags(document, made.made) == "term"
    document.expires_on = made.made.expires_on
    assert deriving.lags(document, made.made) == ""


def test_h2_a_sealed_paper_is_not_excerpted(house, cast, refused):
    proposed = factories.proposed(10, category="S6", line="hr_file", scope=factories.scope_of("dingxl"), reason="")
    sealed = factories.registered(cast, owner=cast.hr, proposed=proposed, department=cast.hr.department,
                                 handlers=(cast.hr, cast.other_deputy), concerned=(cast.excluded,))  # fmt: skip
    with refused("H2"):
        excerpting.asked(house, cast, sealed, by=cast.hr, knowers=[cast.hr])


def test_an_excerpt_goes_through_its_pages_and_stands_in_its_register(house, cast, paper):
    document, person = paper
    client = house.open_page_as(cast.drafter)
    typed = {"pages": "3", "passage": "第二节", "level": "20", "purpose": "编写试制计划"}
    typed |= {"excerpter": person.name, "knowers": cast.drafter.name}
    answer = client.post(f"/copies/excerpt/{document.uid}/", typed)
    assert answer.status_code == 302
    approval = excerpting.approvals.approve(cast.deputy, approval_queries.open_for(document.item_key, "copies:excerpt"), "同意")
    mine, place = house.open_page_as(person), f"/copies/excerpts/{approval.uid}/"
    assert place in mine.get("/copies/jobs/").content.decode()
    assert "逐页阅览来源文件" in mine.get(place).content.decode()
    refused = mine.post(place, {"pages": "4", "title": "摘录", "text": excerpting.TEXT, "notebook": "记-07"})
    said = refused.content.decode()  # the refusal stands beside the form, and nothing that was typed is lost
    assert (refused.status_code, "未摘录" in said, 'role="alert"' in said, "/clauses/M2.1/" in said) == (403, True, True, True)
    for kept in ('value="4"', 'value="摘录"', excerpting.TEXT.splitlines()[0], 'value="记-07"', "存为摘录件"):
        assert kept in said, kept
    assert mine.post(place, {"pages": "3", "title": "", "text": ""}).status_code == 422
    assert mine.post(place, {"pages": "3", "title": "减速比摘录", "text": excerpting.TEXT}).status_code == 302
    shown = client.get(place).content.decode()
    assert "减速比摘录" in shown and excerpting.TEXT not in shown
    register = house.open_page_as(cast.clerk).get("/registers/F06/").content.decode()
    assert "摘密〔2026〕0001" in register and "第 3 页 第二节" in register
