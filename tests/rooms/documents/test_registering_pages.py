"""登记 through its page: a second click makes no second item; what was typed survives a refusal."""

from typing import Any

from mifeng.rooms.documents.models import Document
from tests.cast import Cast
from tests.house_fixtures import House

TYPED = {
    "title": "青鹭三型种子客户封闭试用方案", "department": "YF", "owner": "聂知行 niezx", "issued_on": "2026-03-10",
    "category": "S2", "line": "plan_project", "harm": "grave", "interest": "试用客户与失效数据", "term_kind": "years",
    "term_value": "5", "scope-0-who": "葛星野 gexy", "scope-0-purpose": "结构", "scope-0-until": "", "once": "ab" * 16,
}  # fmt: skip


def register(client: Any, **changes: str) -> Any:
    return client.post("/documents/new/", TYPED | changes)


def test_the_second_click_meets_the_first_ones_item(house: House, cast: Cast) -> None:
    client = house.open_page_as(cast.drafter)
    first, second = register(client), register(client)
    assert (first.status_code, first["Location"]) == (302, second["Location"])
    assert Document.objects.count() == 1


def test_another_form_makes_another_item(house: House, cast: Cast) -> None:
    client = house.open_page_as(cast.drafter)
    register(client)
    register(client, once="cd" * 16)
    assert Document.objects.count() == 2


def test_a_refused_registration_keeps_what_was_typed_and_names_the_clause(house: House, cast: Cast) -> None:
    answer = register(house.open_page_as(cast.drafter), interest="")
    text = answer.content.decode()
    assert (answer.status_code, Document.objects.count()) == (403, 0)
    assert TYPED["title"] in text and "/clauses/P3.1/" in text
