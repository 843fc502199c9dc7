"""Scanning at the counter: what was scanned decides what is done; nothing is done twice, nobody's deed is overrun."""

from datetime import timedelta
from typing import Any

import pytest

from mifeng.base.fields import new_uid
from mifeng.rooms.copies import actions, queries
from mifeng.rooms.copies.actions import _ledger
from mifeng.rooms.copies.actions._ledger import Line
from mifeng.rooms.copies.facts import Event, State
from mifeng.rooms.copies.rules import scanning
from mifeng.rooms.copies.rules.scanning import Kind, Read
from tests import holdings
from tests.house_fixtures import START
from tests.matters import inside

PART = {"X-Mf-Part": "1"}


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("00ff00ff00ff00ff", Read(Kind.LABEL, "00ff00ff00ff00ff")),
        (" 00FF00FF00FF00FF\n", Read(Kind.LABEL, "00ff00ff00ff00ff")),
        ("https://mifeng.landai/copies/scan/?code=00ff00ff00ff00ff", Read(Kind.LABEL, "00ff00ff00ff00ff")),
        ("bx-01", Read(Kind.DOOR, "BX-01")),
        ("ＢＸ－０１", Read(Kind.DOOR, "BX-01")),
        ("９", Read(Kind.PAGES, "9")),
        ("0042", Read(Kind.PAGES, "0042")),
        ("", Read(Kind.ENTER)),
        ("6901234567892", Read(Kind.FOREIGN)),
        ("https://example.org/?code=00ff", Read(Kind.FOREIGN)),
        ("²", Read(Kind.PAGES, "2")),
    ],
    ids=["label", "capitals", "address", "door", "full-width-door", "full-width-pages", "pages", "enter", "barcode", "foreign-address",
         "raised"],
)  # fmt: skip
def test_what_a_scanner_types_is_understood(typed: str, read: Read) -> None:
    assert scanning.read(typed) == read


class Counter:
    """Somebody at the scanning page: what the page holds goes along with each scan, as its script does."""

    def __init__(self, house: Any, person: Any) -> None:
        self.client, self.hand, self.last = house.open_page_as(person), "", ""

    def scan(self, typed: str, once: str = "", waited: str = "") -> Any:
        told = {"code": typed, "hand": self.hand, "last": self.last, "once": once, "waited": waited}
        page = self.client.post("/copies/scan/", told, headers=PART)
        assert page.status_code == 200
        answer = page.context["answer"]
        self.hand, self.last = " ".join(answer.hand), answer.last
        return answer


@pytest.fixture
def copies(house: Any, cast: Any) -> Any:
    return holdings.entered(cast)


def stands(copy: Any) -> tuple[str, str]:
    copy.refresh_from_db()
    return copy.state, copy.place.code if copy.place else ""


def test_copies_and_then_a_place_are_put_away_without_a_mouse(house: Any, cast: Any, copies: Any) -> None:
    holdings.place(cast)
    counter = Counter(house, cast.clerk)
    assert [counter.scan(copy.code).tone for copy in copies] == ["ask", "ask", "ask"]
    done = counter.scan("bx-04")
    assert (done.tone, done.hand, len(done.undo)) == ("ok", [], 3)
    assert [stands(copy) for copy in copies] == [("stored", "BX-04")] * 3
    again = counter.scan(copies[0].code)
    assert (again.tone, again.hand) == ("ok", [copies[0].code])  # nothing is due; it may be put elsewhere
    assert queries.disagreements() == []


def test_m2_3_a_place_that_is_too_weak_is_said_and_the_copies_stay_in_hand(house: Any, cast: Any, copies: Any) -> None:
    holdings.place(cast, "TG-01", holdings.PlaceKind.STEEL_CABINET)
    counter = Counter(house, cast.clerk)
    counter.scan(copies[0].code)
    refused = counter.scan("TG-01")
    assert (refused.tone, refused.detail, refused.hand) == ("bad", "M2.3", [copies[0].code])
    assert stands(copies[0]) == ("numbered", "")


def test_c5_2_a_copy_that_is_away_is_taken_back_by_its_counted_pages_once(house: Any, cast: Any, copies: Any) -> None:
    holdings.issued(cast, copies[0], cast.insider)
    counter = Counter(house, cast.clerk)
    assert counter.scan(copies[0].code).tone == "ask"
    assert counter.scan("8").detail == "C5.2"  # a page is missing
    assert stands(copies[0])[0] == State.ISSUED
    done = counter.scan("9")
    assert (done.tone, done.hand, stands(copies[0])) == ("ok", [copies[0].code], ("desk", ""))
    counter.scan(copies[0].code)
    assert counter.scan("9").tone == "bad"  # returned twice
    assert [row.event for row in queries.ledger(copies[0])] == ["number", "issue", "return"]


def test_g4_4_enter_signs_for_what_was_given(house: Any, cast: Any, copies: Any) -> None:
    line = holdings.issued(cast, copies[0], cast.insider)
    reader = Counter(house, cast.insider)
    assert reader.scan("").tone == "ask"  # nothing was scanned yet
    assert reader.scan(copies[0].code).tone == "ask"
    assert reader.scan("").tone == "ok"
    line.refresh_from_db()
    assert line.signed_at is not None


def test_a_scan_whose_answer_was_lost_is_not_done_twice(house: Any, cast: Any, copies: Any) -> None:
    holdings.place(cast)
    counter = Counter(house, cast.clerk)
    counter.scan(copies[0].code)
    hand, once = counter.hand, new_uid()
    counter.scan("BX-04", once)
    counter.hand = hand  # the answer never arrived: the page still has the copy in hand
    again = counter.scan("BX-04", once, waited="20")
    assert (again.tone, [row.event for row in queries.ledger(copies[0])]) == ("ok", ["number", "store"])
    holdings.issued(cast, copies[1], cast.insider)
    counter.scan(copies[1].code)
    counter.scan("9", once := new_uid())
    counter.last = copies[1].code
    assert counter.scan("9", once, waited="20").tone == "ok"
    assert [row.event for row in queries.ledger(copies[1])] == ["number", "issue", "return"]


def test_a_scan_that_waited_does_not_overrun_what_somebody_did_meanwhile_and_both_sides_are_said(house: Any, cast: Any) -> None:
    copies = holdings.entered(cast, 2)
    safe = holdings.place(cast)
    with house.at(START + timedelta(minutes=5)):
        offered = actions.offer(cast.clerk, copies[:1], cast.second_clerk, "轮岗")[0]
        actions.sign_for(cast.second_clerk, offered.uid)
        back = actions.offer(cast.second_clerk, copies[:1], cast.clerk, "轮回")[0]
        actions.sign_for(cast.clerk, back.uid)
        until = copies[0].document.registered_at + timedelta(days=9)
        inside(cast.second_clerk, _ledger.move, copies[0], Event.ISSUE, cast.second_clerk, Line(holder=cast.insider, due_at=until),
               not_done="未登记")  # fmt: skip
        inside(cast.second_clerk, _ledger.move, copies[0], Event.RETURN, cast.second_clerk, not_done="未登记")
    with house.at(START + timedelta(minutes=10)):
        counter = Counter(house, cast.clerk)
        counter.hand = " ".join(copy.code for copy in copies)
        clash = counter.scan("BX-04", new_uid(), waited="540")
        assert clash.tone == "bad"
        assert "09:01" in clash.words and "09:05" in clash.words and cast.second_clerk.name in clash.words
        assert [stands(copy)[0] for copy in copies] == ["desk", "numbered"]
        assert clash.hand == [copies[1].code]
        assert counter.scan("BX-04", new_uid(), waited="540").tone == "ok"
        assert stands(copies[1]) == ("stored", safe.code)


def test_gone_void_unknown_and_foreign_codes_are_answered_in_words(house: Any, cast: Any, copies: Any) -> None:
    inside(cast.clerk, _ledger.move, copies[0], Event.VOID, cast.clerk, Line(note="污损"), not_done="未登记")
    counter = Counter(house, cast.clerk)
    void = counter.scan(copies[0].code)
    assert (void.tone, void.hand) == ("bad", []) and "已作废" in void.words
    unknown, foreign = counter.scan("0" * 16), counter.scan("6901234567892")
    assert (unknown.tone, foreign.tone) == ("bad", "bad") and unknown.words != foreign.words


def test_p0_3_a_label_of_a_hidden_copy_and_one_that_nothing_bears_are_answered_alike(house: Any, cast: Any, copies: Any) -> None:
    assert Counter(house, cast.clerk).scan(copies[0].code).head == "000001"
    outsider = Counter(house, cast.outsider)
    assert outsider.scan(copies[0].code) == outsider.scan("0" * 16)


def test_the_last_scan_is_taken_back_from_the_page(house: Any, cast: Any, copies: Any) -> None:
    holdings.place(cast)
    counter = Counter(house, cast.clerk)
    counter.scan(copies[0].code)
    done = counter.scan("BX-04")
    lines = " ".join(line.uid for line in done.undo)
    page = counter.client.post("/copies/scan/", {"do": "take_back", "lines": lines})
    assert (page.context["answer"].tone, stands(copies[0])) == ("ok", ("numbered", ""))


def test_a_label_s_address_shows_the_copy_and_changes_nothing(house: Any, cast: Any, copies: Any) -> None:
    page = house.open_page_as(cast.clerk).get(f"/copies/scan/?code={copies[0].code}")
    assert page.context["answer"].head == "000001"
    assert len(queries.ledger(copies[0])) == 1


def test_two_clerks_at_two_counters_cannot_both_take_a_copy_back(house: Any, cast: Any, copies: Any) -> None:
    holdings.issued(cast, copies[0], cast.insider)
    first, second = Counter(house, cast.clerk), Counter(house, cast.second_clerk)
    first.scan(copies[0].code)
    shown = second.scan(copies[0].code)
    assert shown.tone == "ok"  # it is not his to take back
    assert second.scan("9").detail == "G4.1"
    assert first.scan("9").tone == "ok"


def test_m2_3_doors_answer_to_who_keeps_copies_and_to_nobody_else(house: Any, cast: Any) -> None:
    holdings.place(cast)
    answers = {name: [Counter(house, getattr(cast, name)).scan(typed) for typed in ("BX-04", "BX-77")]
               for name in ("clerk", "insider")}  # fmt: skip
    assert answers["clerk"][0].head == "BX-04"
    assert answers["insider"][0] == answers["insider"][1]
    assert answers["insider"][0].head == "查无此码"
