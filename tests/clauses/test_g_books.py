"""Book G: what is received and sent is registered with care, and nothing goes round before it is."""

from datetime import timedelta

import cv2
import numpy as np
import pytest

from mifeng.clauses import enforcing
from mifeng.engines.access import Decision
from mifeng.rooms.circulation import actions
from mifeng.rooms.circulation.actions.dispatching import ToSend
from mifeng.rooms.circulation.facts import Sent
from mifeng.rooms.copies import actions as copies
from mifeng.rooms.viewing import pages
from tests import factories, making
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


@scenario("G4.4/2")
def test_g4_4_in_every_book_a_line_is_taken_back_within_ten_minutes_and_stays_readable(house, cast, refused):
    for written in (proposed, stored):
        assert written(cast)().pk
        late = written(cast)
        with house.at(timedelta(minutes=11)), refused("G4.4") as told:
            late()
        assert told[0].decision.rule == "too_late"


def test_g4_4_one_rule_says_it_of_every_book(house, cast, refused):
    never = Decision.refuse("never", "G4.4", "不能撤回")
    for take_back in (proposed(cast), stored(cast)):
        with enforcing.switched("mifeng.rooms.copies.rules.taking_back.may_take_back", never), refused("G4.4") as told:
            take_back()
        assert told[0].decision.rule == "never"


def proposed(cast):
    """A line of the book of receipts, as its writer would take it back."""
    row = actions.receive(cast.clerk, papers.cover(cast, addressee=cast.gm), papers.paper())
    actions.propose(cast.clerk, row, "请阅示", cast.gm)
    return lambda: actions.take_back_handling(cast.clerk, row)


def stored(cast):
    """A line of a copy's ledger, as its writer would take it back."""
    _document, copy, shelf = papers.shelved(cast)
    line = copies.store(cast.clerk, [copy], shelf)[0]
    return lambda: copies.take_back(cast.clerk, copy, line.uid)


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


@scenario("G3/2")
def test_g3_the_first_page_shows_copy_number_and_below_it_level_and_term_at_the_top_left(house, cast):
    document, session = factories.readable(cast), house.sit(cast.clerk)
    run = copies.reproduce(cast.clerk, session, making.approved(house, cast, document, count=1), 1, making.PLACE)
    sheets = copies.print_copy(cast.clerk, session, run, run.made.get().copy)
    assert sheets.issue.top == ("000001", "澜岱公司 机密 5年")
    first, second = (picture(pages.page_image(sheets.file, page, sheets.issue, DPI)) for page in (1, 2))
    assert [inked(first, top) for top in LINES] == [True, True]
    assert [inked(second, top) for top in LINES] == [False, False]  # later pages bear the level at the right


DPI, MM = 150, 150 / 25.4
LINES = (35.0, 42.2)  # mm from the upper edge, where GB/T 9704 has them: line 1 and line 2


def picture(data):
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)


def inked(page, top):
    """Black letters stand at the left of this line."""
    band = page[round(top * MM) : round((top + 6) * MM), round(20 * MM) : round(45 * MM)]
    return bool((band < 60).sum() > 30)
