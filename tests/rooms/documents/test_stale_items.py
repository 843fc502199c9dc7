"""What somebody decides rests on the item as it stands now, not as it stood when its page was drawn (P1.1, D2)."""

import pytest

from mifeng.base import duties
from mifeng.base.refusals import Refused
from mifeng.rooms.documents import actions, queries
from mifeng.rooms.documents.facts import ScopeLine
from mifeng.rooms.documents.models import Knower
from tests import factories
from tests.clauses.test_d_documents import FRIDAY


def narrowed(cast, document, *out):
    """The owner takes them out of the scope behind the back of whoever has the page open."""
    lines = tuple(ScopeLine("person", person.uid) for person in out)
    actions.narrow_scope(cast.drafter, queries.of_key(document.item_key), lines, "已离开项目")


@pytest.fixture
def opened(house, cast):
    """The insider has the page of the paper open; since then a colleague has left its scope."""
    document, session = factories.classified(cast), house.sit(cast.insider)
    narrowed(cast, document, cast.engineer)
    return document, session


def test_d2_a_paper_is_not_shown_to_somebody_who_has_left_its_scope_meanwhile(cast, opened, refused):
    document, session = opened
    with refused("D2"):
        actions.share(cast.insider, document, session, cast.engineer)
    assert duties.desk(cast.engineer.pk) == []


def test_p1_2_nobody_is_told_who_has_left_the_scope_meanwhile(cast, opened, refused):
    document, _session = opened
    with refused("D2"):
        actions.record_briefing(cast.insider, document, cast.engineer, cast.insider, "三楼小会议室")
    assert not Knower.objects.filter(person=cast.engineer, way="told").exists()


def test_p1_1_whoever_has_left_the_scope_himself_shows_tells_and_asks_nothing_any_more(cast, opened):
    document, session = opened
    narrowed(cast, document, cast.insider)
    line = ScopeLine("person", cast.leaver.uid, until=FRIDAY)
    for deed in (
        lambda: actions.share(cast.insider, document, session, cast.deputy),
        lambda: actions.widen_scope(cast.insider, document, session, (line,), "工艺评审"),
        lambda: actions.record_briefing(cast.insider, document, cast.deputy, cast.insider, "三楼小会议室"),
    ):
        with pytest.raises(Refused):
            deed()
    assert "to_read" not in [notice.kind for notice in duties.desk(cast.deputy.pk)]
    assert not Knower.objects.filter(person=cast.deputy, way="told").exists()


def test_d2_whoever_still_stands_in_it_is_shown_it(cast, opened):
    document, session = opened
    actions.share(cast.insider, document, session, cast.deputy)
    assert "to_read" in [notice.kind for notice in duties.desk(cast.deputy.pk)]
