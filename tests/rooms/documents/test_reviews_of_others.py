"""到期审查 for a classifier who may not know the item: its number and day, and no link that leads nowhere."""

from datetime import date

from mifeng.rooms.documents.facts import TermFacts
from mifeng.rooms.documents.room import _terms
from tests import factories


def due(cast, *logins):
    proposed = factories.proposed(term=TermFacts("date", on=date(2026, 5, 1)), scope=factories.scope_of(*logins))
    return factories.classified(cast, proposed=proposed)


def test_p4_1_what_he_may_not_know_stands_there_by_its_number_only(house, cast):
    hidden, own = due(cast, "niezx", "gexy"), due(cast, "niezx", "wenqh")
    (duty,) = _terms(cast.deputy)
    told = {item.text: item.url for item in duty.items}
    assert told == {hidden.number: "/documents/terms/", own.title: f"/documents/{own.uid}/change/"}
    page = house.open_page_as(cast.deputy).get("/documents/terms/").content.decode()
    beyond = page.partition("不在您的知悉范围内")[2]
    assert hidden.number in beyond
    assert own.number not in beyond
    assert hidden.uid not in page
    assert f"/documents/{own.uid}/change/" in page


def test_p4_1_nobody_else_is_shown_what_is_due_elsewhere(house, cast):
    hidden = due(cast, "niezx", "gexy")
    for person in (cast.clerk, cast.sales_deputy, cast.sales_head):
        page = house.open_page_as(person).get("/documents/terms/").content.decode()
        assert hidden.number not in page
        assert "不在您的知悉范围内" not in page
