"""Book G: what is received and sent is registered with care, and nothing goes round before it is."""

import pytest

from mifeng.rooms.circulation import actions
from mifeng.rooms.circulation.actions.dispatching import ToSend
from mifeng.rooms.circulation.facts import Sent
from tests import factories
from tests.rooms.circulation import papers

scenario = pytest.mark.scenario


@scenario("G4.4/1", "G4.4/3")
def test_g4_4_nothing_goes_round_before_it_is_registered(house, cast, refused):
    waiting = factories.registered(cast)  # no number is drawn before its level is decided
    with refused("G4.4"):
        actions.ask_circulation(cast.drafter, waiting, [cast.insider], "评审")
    factories.approve_all(waiting.item_key)
    waiting.refresh_from_db()
    with refused("G4.4"):  # a number, and no numbered copy of it
        actions.ask_circulation(cast.drafter, waiting, [cast.insider], "评审")
    document, copy, _place = papers.shelved(cast)
    slip = papers.slip_for(cast, document, cast.insider)
    assert actions.send(cast.clerk, slip, papers.line(slip, cast.insider).uid, copy).out_at


@scenario("G4.4/2")
def test_g4_4_a_correction_refers_to_the_wrong_entry_which_stays_readable(house, cast, refused):
    row = actions.receive(cast.clerk, papers.cover(cast), papers.paper())
    with refused("G4.4"):
        actions.amend(cast.clerk, row, "sender", "衡川轴承研究院", " ")
    made = actions.amend(cast.clerk, row, "sender", "衡川轴承研究院", "看错落款")
    row.refresh_from_db()
    assert (made.incoming, made.before, row.sender, made.after) == (row, papers.SENDER, papers.SENDER, "衡川轴承研究院")


@scenario("G3/1", "G3/3")
def test_g3_nothing_levelled_is_dispatched_without_mark_term_and_copy_numbers(house, cast, refused):
    document, copy, _place = papers.shelved(cast)
    waiting = factories.registered(cast)
    with refused("G3"):  # no copy number
        actions.dispatch(cast.clerk, document, [], Sent.IN_PERSON)
    with refused("G3"):  # no level decided, so no mark and no 发文字号
        actions.dispatch(cast.clerk, waiting, [ToSend(copy, cast.insider)], Sent.IN_PERSON)
    with refused("G3"):  # a copy of another paper
        other, _copy, _place = papers.shelved(cast)
        actions.dispatch(cast.clerk, other, [ToSend(copy, cast.insider)], Sent.IN_PERSON, (), papers.NEXT_MONTH)
    done = actions.dispatch(cast.clerk, document, [ToSend(copy, cast.insider)], Sent.IN_PERSON, (), papers.NEXT_MONTH)
    copy.refresh_from_db()
    assert (done.number, copy.holder, copy.state) == ("发密〔2026〕0001", cast.insider, "issued")
