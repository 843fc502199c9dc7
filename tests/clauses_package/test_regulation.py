"""The regulation as data: 134 clauses, each once, each with numbered scenarios and one room."""

import doctest
from collections import Counter

import pytest

import mifeng.clauses
from mifeng.clauses import BOOKS, UnknownClause, clause, loader, regulation

# The table of rooms of docs/architecture.md: room -> how many clauses it holds.
ROOMS = {
    "people": 8, "training": 4, "computers": 19, "sites": 2, "documents": 33, "viewing": 3, "leaders": 5,
    "personnel": 4,
    "seals": 2, "equipment": 2, "copies": 11, "circulation": 9, "meetings": 17, "drafts": 6, "disclosure": 3,
    "incidents": 3, "departures": 2, "oversight": 1,
}  # fmt: skip


def test_134_clauses_stand_in_13_books() -> None:
    assert len(regulation()) == 134
    assert Counter(one.book for one in regulation().values()) == {
        "P": 18, "D": 5, "L": 3, "H": 2, "A": 3, "T": 5, "G": 11, "S": 8, "K": 7, "M": 16, "C": 18, "I": 26, "E": 12,
    }  # fmt: skip


def test_every_clause_has_exactly_one_room() -> None:
    assert Counter(one.room for one in regulation().values()) == ROOMS
    assert sum(ROOMS.values()) == 134


def test_no_id_stands_in_two_books() -> None:
    ids = [name for stem in BOOKS for name in loader.read(f"{stem}.toml")]
    assert [name for name, times in Counter(ids).items() if times > 1] == []
    assert len(ids) == 134


def test_282_scenarios_are_numbered_by_their_place() -> None:
    numbers = [number for one in regulation().values() for number, _ in one.numbered()]
    assert len(numbers) == len(set(numbers)) == 282
    assert [number for number, _ in clause("M2.1").numbered()] == [f"M2.1/{place}" for place in range(1, 6)]
    assert dict(clause("M2.1").numbered())["M2.1/1"] == "WHEN dept_head approves a copy of 秘密 THEN REFUSE"


def test_every_scenario_says_when_and_then() -> None:
    wrong = [
        n for one in regulation().values() for n, s in one.numbered() if not s.startswith("WHEN ") or " THEN " not in s
    ]
    assert wrong == []


def test_112_clauses_enforce_109_record_89_check() -> None:
    counted = Counter(way for one in regulation().values() for way in one.kept_by)
    assert counted == {"rule": 112, "register": 109, "inspection": 89}


def test_a_clause_is_kept_by_what_it_says_it_is_kept_by() -> None:
    one = clause("P1.2")
    assert (one.enforce, one.kept_by) == ("", ("register", "inspection"))


def test_the_text_of_a_clause_is_one_chinese_sentence_in_full() -> None:
    assert clause("M2.1").text == "未经总经理或主管副总经理批准,密级文件资料物品不得复制、摘抄。"
    assert [one.id for one in regulation().values() if not one.text.endswith("。")] == []


def test_the_broken_off_part_is_marked() -> None:
    marked = {one.id: one.status for one in regulation().values() if one.status != "source"}
    assert marked == {"E1.3": "source-truncated"} | {f"E{place}": "inferred" for place in range(2, 10)}


def test_an_id_that_no_book_has_is_named() -> None:
    with pytest.raises(UnknownClause, match=r"M9\.9"):
        clause("M9.9")


def test_the_manual_of_the_package_runs() -> None:
    for module in (mifeng.clauses, mifeng.clauses.matrix, mifeng.clauses.catalogue):
        assert doctest.testmod(module).failed == 0
