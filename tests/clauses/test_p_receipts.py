"""Book P: what passes through the clerk's hands is a managed item from its arrival on."""

import pytest

from mifeng.rooms.circulation import actions, queries
from mifeng.rooms.circulation.facts import Inbox
from tests.rooms.circulation import papers

scenario = pytest.mark.scenario


@scenario("P5.1/1")
def test_p5_1_a_marked_paper_is_not_closed_as_not_registered(house, cast, refused):
    marked = actions.note_arrival(cast.clerk, papers.cover(cast, marked=20))
    with refused("P5.1"):
        actions.leave_unregistered(cast.clerk, marked, "普通信函")
    marked.refresh_from_db()
    assert marked.state == Inbox.ARRIVED
    assert list(queries.waiting()) == [marked]
    letter = actions.note_arrival(cast.clerk, papers.cover(cast, marked=0))
    actions.leave_unregistered(cast.clerk, letter, "普通信函")
    assert list(queries.waiting()) == [marked]


@scenario("P5.1/2")
def test_p5_1_the_inbox_entry_is_closed_by_registering_the_paper_with_its_copy_numbers(house, cast):
    arrival = actions.note_arrival(cast.clerk, papers.cover(cast, marked=20))
    done = actions.register_arrival(cast.clerk, arrival, papers.paper(copy_numbers=(3, 4)))
    assert (done.state, done.number, done.copy_numbers) == (Inbox.REGISTERED, "收密〔2026〕0001", "000003、000004")
    assert list(queries.waiting()) == []
    assert [copy.number for copy in done.document.numbered_copies.order_by("n")] == ["000003", "000004"]
