"""A title on the desk is a reading (P2.2): it stands in the log before the page is drawn, once for what the desk shows."""

import pytest

from mifeng.base import deeds, record
from mifeng.site import prints
from tests import factories


@pytest.fixture(autouse=True)
def nothing_shown_yet(monkeypatch):
    """What this process remembers of desks is of the houses of other tests."""
    monkeypatch.setattr(prints, "_shown", prints._Shown())


def desks(house):
    return [entry for entry in house.log() if entry["act"] == "site:open_desk"]


def test_p2_2_titles_on_the_desk_are_recorded_with_their_items(house, cast):
    document = factories.readable(cast)
    reader = house.open_page_as(cast.insider)
    assert factories.TITLE in reader.get("/").content.decode()
    (entry,) = desks(house)
    assert (entry["actor"], entry["out"], entry["n"]) == (cast.insider.uid, "allowed", {"lines": 1})
    assert factories.TITLE not in str(entry) and document.uid not in str(entry)
    assert record.opened(entry) == {"items": [document.item_key]}


def test_p2_2_the_same_desk_again_makes_no_entry_and_something_new_on_it_does(house, cast):
    factories.readable(cast)
    reader = house.open_page_as(cast.insider)
    for _visit in range(3):
        reader.get("/")
    assert len(desks(house)) == 1
    other = factories.readable(cast, title="青鹭三型试制小结")
    reader.get("/")
    assert [len(record.opened(entry)["items"]) for entry in desks(house)] == [1, 2]
    assert other.item_key in record.opened(desks(house)[-1])["items"]


def test_p2_2_another_session_is_another_reading(house, cast):
    factories.readable(cast)
    for _session in range(2):
        house.open_page_as(cast.insider).get("/")
    assert len(desks(house)) == 2


def test_p2_2_a_desk_without_titles_makes_no_entry(house, cast):
    factories.readable(cast)
    text = house.open_page_as(cast.outsider).get("/").content.decode()
    assert factories.TITLE not in text
    assert desks(house) == []


def test_p2_2_where_the_log_cannot_be_written_no_title_is_shown(house, cast, monkeypatch):
    factories.readable(cast)
    reader = house.open_page_as(cast.insider)

    def full(*_args):
        raise record.LogUnavailable

    monkeypatch.setattr(deeds.record, "append", full)
    answer = reader.get("/")
    assert answer.status_code == 503
    assert factories.TITLE not in answer.content.decode()
    monkeypatch.undo()
    assert factories.TITLE in reader.get("/").content.decode()
    assert len(desks(house)) == 1


def test_what_desks_have_shown_fills_no_memory(monkeypatch):
    monkeypatch.setattr(prints, "DESKS", 3)
    shown = prints._Shown()
    for session in range(9):
        shown.take(("somebody", session), frozenset({"documents:one"}))
    assert len(shown.of) == 3
    assert not shown.has(("somebody", 0), frozenset({"documents:one"}))
    assert shown.has(("somebody", 8), frozenset({"documents:one"}))


def test_p2_2_who_decides_a_request_reads_its_title_on_the_desk(house, cast):
    document = factories.registered(cast)
    assert factories.TITLE in house.open_page_as(cast.dept_head).get("/").content.decode()
    (entry,) = desks(house)
    assert record.opened(entry) == {"items": [document.item_key]}
