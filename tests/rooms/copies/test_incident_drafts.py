"""A draft of an incident: recorded once, neutral, read by the head of the GM's office and by nobody else."""

from typing import Any

import pytest

from mifeng.base import duties, room
from mifeng.base.refusals import NotThere
from mifeng.rooms.copies import actions
from mifeng.rooms.copies.actions import _incidents
from mifeng.rooms.copies.models import Copy
from mifeng.rooms.documents import actions as documents
from tests import factories
from tests.matters import inside

WHY = "归还时少一页"


@pytest.fixture
def copy(house: Any, cast: Any) -> Copy:
    """A copy of the main paper, kept by the clerk."""
    return actions.enter(cast.clerk, factories.classified(cast), [1], 9)[0]


def test_m7_1_what_went_wrong_is_recorded_once_and_told_to_the_office(copy, cast):
    first = inside(cast.clerk, _incidents.draft, copy, WHY, "C5.2", cast.clerk, "copies:x")
    again = inside(cast.clerk, _incidents.draft, copy, WHY, "C5.2", cast.clerk, "copies:x")
    other = inside(cast.clerk, _incidents.draft, copy, WHY, "C5.2", cast.clerk, "copies:y")
    assert (again, actions.list_incidents(cast.office_head)) == (first, [other, first])
    assert [notice.kind for notice in duties.desk(cast.office_head.pk)] == ["incident", "incident"]


def test_m7_1_a_draft_is_nobody_else_s_to_read(copy, cast):
    inside(cast.clerk, _incidents.draft, copy, WHY, "C5.2", cast.clerk)
    assert len(actions.list_incidents(cast.office_head)) == 1
    for person in (cast.clerk, cast.insider, cast.gm, cast.secadmin, cast.auditor):
        with pytest.raises(NotThere):
            actions.list_incidents(person)


def test_the_page_and_the_desk_say_what_was_seen_and_no_title(house, copy, cast):
    inside(cast.clerk, _incidents.draft, copy, WHY, "C5.2", cast.clerk)
    page = house.open_page_as(cast.office_head).get("/copies/incidents/").content.decode()
    assert WHY in page and copy.number in page and factories.TITLE not in page
    assert {duty.count for duty in room.duties(cast.office_head) if duty.url == "/copies/incidents/"} == {1}
    assert house.open_page_as(cast.insider).get("/copies/incidents/").status_code == 404


def test_m7_1_where_the_head_has_a_part_in_it_the_general_manager_looks_into_it(house, copy, cast):
    inside(cast.clerk, _incidents.draft, copy, WHY, "C5.2", cast.clerk)
    with pytest.raises(NotThere):
        actions.list_incidents(cast.gm)
    documents.open_embargo(cast.gm, copy.document, handlers=(cast.hr,), concerned=(cast.office_head,))
    made = inside(cast.clerk, _incidents.draft, copy, WHY, "G4.2", cast.clerk)
    assert actions.list_incidents(cast.office_head) == []
    assert made in actions.list_incidents(cast.gm)
    assert [notice.kind for notice in duties.desk(cast.gm.pk)].count("incident") == 1
