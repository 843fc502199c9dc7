"""An old ledger is read as people wrote it; what cannot be read is named by row, field and cell."""

from datetime import date

import pytest

from mifeng.rooms.copies.rules import old_ledger
from mifeng.rooms.copies.rules.old_ledger import Fault, Known, Term

KNOWN = Known(
    people={"聂知行": "p1", "简小禾": "p2"}, departments={"研发中心": "d1"}, places={"BX-01"}, owner="p1", department="d1", keeper="p2",
    today=date(2026, 3, 16),
)  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "day"),
    [("2019-03-05", date(2019, 3, 5)), ("2019.3.5", date(2019, 3, 5)), ("2019年3月5日", date(2019, 3, 5)), ("20190305", date(2019, 3, 5)),
     ("2019/3/5 00:00:00", date(2019, 3, 5)), ("2019年3月", date(2019, 3, 1)), ("43529", date(2019, 3, 5)), ("2019-02-30", None),
     ("去年", None), ("", None)],
)  # fmt: skip
def test_a_day_is_read_in_every_way_it_is_written(cell, day):
    assert old_ledger.day_of(cell) == day


@pytest.mark.parametrize(
    ("cell", "term"),
    [("5年", Term("years", 5)), ("十年", Term("years", 10)), ("二十年", Term("years", 20)),
     ("6个月", Term("months", 6)), ("长期", Term("indefinite")),
     ("公布前", Term("event", event="公布前")), ("至2028年12月31日", Term("date", on=date(2028, 12, 31))),
     ("机密★5年", Term("years", 5)),
     ("机密", None), ("？", None)],
)  # fmt: skip
def test_a_term_is_read_in_every_way_it_is_written(cell, term):
    assert old_ledger.term_of(cell) == term


@pytest.mark.parametrize(
    ("cell", "copies"),
    [("3", (3,)), ("000003", (3,)), ("1-5", (1, 2, 3, 4, 5)), ("000001—000003号", (1, 2, 3)), ("1、2、4", (1, 2, 4)), ("共3份", (1, 2, 3)),
     ("１－３", (1, 2, 3)), ("5-1", ()), ("若干", ()), ("1-9999", ()), ("1,1", ())],
)  # fmt: skip
def test_copy_numbers_are_read_in_every_way_they_are_written(cell, copies):
    assert old_ledger.copies_of(cell) == copies


@pytest.mark.parametrize(
    ("cell", "level"), [("机密", 20), ("机 密", 20), ("绝密级", 30), ("秘密★3年", 10), ("机密/秘密", None), ("内部", None)]
)
def test_a_level_is_read_and_never_guessed(cell, level):
    assert old_ledger.level_of(cell) == level


ROWS = [
    ["云汐澜岱密件台账（2019年起）"], [],
    ["序号", "文件编号", "文件名称", "密 级", "保密期限", "发文日期", "份号", "页数", "保管人", "存放地点", "备注"],
    ["1", "澜岱密[2019]3号", "甲", "机密", "5年", "2019.3.5", "1-2", "9页", "简小禾", "BX-01", ""],
    ["", "", "", "", "", "", "3", "", "简小禾", "bx-01", ""],
    ["2", "澜岱密(2019)4号", "乙", "绝密?", "", "", "", "", "", "", ""],
    ["3", "澜岱密〔2020〕1号", "丙", "特密", "", "", "", "", "", "", ""],
    ["4", "澜岱密〔2020〕2号", "", "秘密", "", "", "", "", "", "", ""],
    ["5", "澜岱密〔2020〕3号", "丁", "秘密", "", "", "1", "", "王五", "", ""],
    ["6", "澜岱密〔2020〕4号", "戊", "秘密", "", "", "1", "", "", "", "已销毁"],
    ["7", "澜岱密〔2019〕3号", "甲", "机密", "5年", "", "2", "", "", "", ""],
    ["合计", "", "", "", "", "", "6", "", "", "", ""],
]  # fmt: skip


def test_the_heading_is_found_below_a_title_and_the_columns_by_their_names():
    at = old_ledger.heading(ROWS)
    assert at == 2
    assert old_ledger.columns(ROWS[2]) == {
        "number": 1, "title": 2, "level": 3, "term": 4, "issued_on": 5, "copies": 6, "pages": 7, "custodian": 8, "place": 9, "state": 10,
    }  # fmt: skip
    assert old_ledger.heading([["a", "b"], ["1", "2"]]) is None


def test_every_row_is_an_entry_or_is_named_with_its_reason():
    found = old_ledger.read(ROWS, 3, old_ledger.columns(ROWS[2]), KNOWN)
    assert [(e.row, e.number, e.level, e.copies, e.pages, e.place) for e in found.entries] == [
        (4, "澜岱密〔2019〕3号", 20, (1, 2), 9, "BX-01"), (5, "澜岱密〔2019〕3号", 20, (3,), 9, "BX-01"),
        (6, "澜岱密〔2019〕4号", 30, (1,), 0, ""),
    ]  # fmt: skip
    assert found.entries[2].issued_on == date(2019, 1, 1)  # the year that its number names
    assert found.faults == [
        Fault(7, "level", "unread", "特密"), Fault(8, "title", "empty"), Fault(9, "custodian", "unknown", "王五"),
        Fault(10, "state", "gone", "已销毁"), Fault(11, "copies", "twice", "2"),
    ]  # fmt: skip
    assert found.rows == len(found.entries) + len(found.faults) == 8


def test_two_ways_to_write_a_number_are_one_number():
    written = ("澜岱密[2019]3号", "澜岱密（2019）3号", "澜岱密〔２０１９〕 3号", "澜岱密【2019】3号")
    assert {old_ledger.normal(number) for number in written} == {"澜岱密〔2019〕3号"}
