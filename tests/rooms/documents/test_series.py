"""系列定密: what a standing decision classified is looked at again, and may be objected to for five working days."""

from datetime import date
from typing import Any

import pytest

from mifeng.base import room
from mifeng.base.refusals import Refused
from mifeng.rooms.documents import actions, by_series
from mifeng.rooms.documents.models import Document
from tests import factories

REGISTERED = date(2026, 3, 17)  # a Tuesday: the fifth working day after it is the Tuesday of the next week
LAST, OVER = date(2026, 3, 24), date(2026, 3, 25)


@pytest.fixture
def series(house: Any, cast: Any) -> Document:
    """A market plan of the drafter, classified by the GM's standing decision."""
    actions.stand(cast.gm, "plan_market", cast.drafter.department, 20, "years", 5, date(2026, 3, 16))
    proposal = factories.proposed(20, category="S2", line="plan_market", standing=True)
    with house.at(REGISTERED):
        return actions.register(cast.drafter, factories.new_document(cast.drafter, proposed=proposal))


def refusal_of(person: Any, document: Document, reason: str = "不属此系列") -> tuple[str, str]:
    """Rule and clause of the refused objection."""
    with pytest.raises(Refused) as caught:
        actions.object_standing(person, document, reason)
    return caught.value.decision.rule, caught.value.decision.clause


def test_k1_0_the_classifier_objects_within_five_working_days(house: Any, cast: Any, series: Document) -> None:
    assert by_series.last_day(series) == LAST
    with house.at(LAST):
        assert refusal_of(cast.deputy, series, " ") == ("reason_required", "K1.0")
        actions.object_standing(cast.deputy, series, "不属此系列")
        series.refresh_from_db()
        assert (series.state, series.proposed, series.decider, series.level) == ("proposed", True, None, 20)
        assert refusal_of(cast.deputy, series) == ("objection_over", "K1.0")


def test_k1_0_after_the_fifth_working_day_nobody_objects_any_more(house: Any, cast: Any, series: Document) -> None:
    with house.at(OVER):
        assert refusal_of(cast.deputy, series) == ("objection_over", "K1.0")
        assert by_series.open_to_objection(cast.deputy) == []


@pytest.mark.parametrize("who", ["other_deputy", "dept_head", "drafter", "secadmin"])
def test_k1_0_nobody_else_objects(house: Any, cast: Any, series: Document, who: str) -> None:
    with house.at(REGISTERED):
        assert refusal_of(getattr(cast, who), series) == ("classifier_objects", "K1.0")
        assert by_series.open_to_objection(getattr(cast, who)) == []


def test_what_was_decided_step_by_step_is_no_series(house: Any, cast: Any) -> None:
    document = factories.classified(cast)
    assert refusal_of(cast.deputy, document) == ("objection_over", "K1.0")
    assert by_series.open_to_objection(cast.deputy) == []


def test_the_list_stands_on_the_desk_and_the_page_takes_the_objection(house: Any, cast: Any, series: Document) -> None:
    with house.at(REGISTERED):
        assert [duty.count for duty in room.duties(cast.deputy) if duty.title == "系列定密复核"] == [1]
        assert house.open_page_as(cast.other_deputy).post(
            "/documents/standing/", {"do": "object", "document": series.uid, "reason": "x"}
        ).status_code == 404
        client = house.open_page_as(cast.deputy)
        assert series.uid in client.get("/documents/standing/").content.decode()
        sent = client.post("/documents/standing/", {"do": "object", "document": series.uid, "reason": "不属此系列"})
        assert sent.status_code == 302
        series.refresh_from_db()
        assert series.proposed
        assert [duty.count for duty in room.duties(cast.deputy) if duty.title == "系列定密复核"] == []
