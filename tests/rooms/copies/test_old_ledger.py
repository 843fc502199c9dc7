"""旧台账补登: previewed, confirmed by the general manager as one, entered portion by portion, met again, undone."""

import io
from typing import Any

import openpyxl
import pytest

from mifeng.base import jobs
from mifeng.base.refusals import NotThere
from mifeng.rooms.copies import actions, old_papers, queries, work
from mifeng.rooms.copies.facts import PlaceKind
from mifeng.rooms.copies.models import Copy, OldLedger
from mifeng.rooms.documents.models import Document
from mifeng.rooms.people.models import Department
from tests import factories

HEAD = ["序号", "文件编号", "文件名称", "密级", "保密期限", "发文日期", "责任部门", "责任人", "份号", "页数", "保管人", "存放地点", "备注"]
GOOD = [
    ["1", "澜岱密[2024]3号", "=1+1 方案", "机密", "5年", "2024.3.5", "研发中心", "聂知行", "1-2", "9", "简小禾", "BX-04", ""],
    ["", "", "", "", "", "", "", "", "3", "", "简小禾", "BX-04", ""],
    ["2", "澜岱密〔2025〕7号", "报告", "秘密", "长期", "2025年7月1日", "", "", "1", "4", "", "", ""],
]
BAD = [["3", "澜岱密〔2025〕8号", "图纸", "绝密", "5年", "2025-08-01", "", "", "1", "4", "葛星野", "", ""]]


def workbook(*rows: list[str]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["密件台账"])
    for row in (HEAD, *rows):
        sheet.append(row)
        for cell in sheet[sheet.max_row]:
            cell.data_type = "s"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def office(house: Any, cast: Any) -> Any:
    department = Department.objects.get(code="YF")
    actions.set_up_place(cast.office_head, "BX-04", PlaceKind.SAFE, "研发中心保险柜", "302", department)
    return cast


def brought(cast: Any, *rows: list[str]) -> OldLedger:
    return actions.bring_ledger(cast.clerk, factories.uploaded(cast.clerk, workbook(*rows), "台账.xlsx"))


def asked(cast: Any, ledger: OldLedger) -> Any:
    tables = old_papers.sheets(ledger)
    plan = old_papers.first_plan(tables, ledger)
    found = old_papers.read(ledger, tables, plan)
    left = old_papers.still_to_enter(found.entries)
    return actions.ask_ledger(cast.clerk, ledger, plan, len(left), len(found.faults)), found


def taken_over(cast: Any, *rows: list[str]) -> OldLedger:
    ledger, _found = asked(cast, brought(cast, *rows))
    actions.decide_ledger(cast.gm, ledger, True)
    jobs.run_all()
    ledger.refresh_from_db()
    return ledger


def test_what_the_ledger_says_stands_in_the_registers_afterwards(office, cast):
    ledger = taken_over(cast, *GOOD)
    assert ledger.state == "done"
    papers = {d.number: d for d in Document.objects.filter(origin="taken_over")}
    assert {n: (d.title, d.level, d.term_kind, d.owner) for n, d in papers.items()} == {
        "澜岱密〔2024〕3号": ("=1+1 方案", 20, "years", cast.drafter), "澜岱密〔2025〕7号": ("报告", 10, "indefinite", cast.clerk),
    }  # fmt: skip
    kept = [(c.document.number, c.number, c.state, c.place.code if c.place else "") for c in queries.kept_by(cast.clerk)]
    assert kept == [
        ("澜岱密〔2024〕3号", "000001", "stored", "BX-04"), ("澜岱密〔2024〕3号", "000002", "stored", "BX-04"),
        ("澜岱密〔2024〕3号", "000003", "stored", "BX-04"), ("澜岱密〔2025〕7号", "000001", "numbered", ""),
    ]  # fmt: skip
    assert queries.disagreements() == []


def test_a_row_that_a_rule_refuses_is_named_with_its_clause_and_the_others_go_on(office, cast):
    _ledger, found = asked(cast, brought(cast, *GOOD, *BAD))
    assert [(fault.row, fault.field, fault.code) for fault in found.faults] == [(6, "custodian", "G4.1")]
    assert len(found.entries) == 3


def test_a_second_import_of_the_same_ledger_changes_nothing(office, cast):
    taken_over(cast, *GOOD)
    before = (Document.objects.count(), Copy.objects.count())
    again = brought(cast, *GOOD)
    tables = old_papers.sheets(again)
    found = old_papers.read(again, tables, old_papers.first_plan(tables, again))
    assert old_papers.still_to_enter(found.entries) == []
    # One more copy of a paper that is there joins it.
    more = [*GOOD, ["", "澜岱密（2024）3号", "=1+1 方案", "机密", "5年", "2024.3.5", "", "", "4", "9", "", "", ""]]
    taken_over(cast, *more)
    assert (Document.objects.count(), Copy.objects.count()) == (before[0], before[1] + 1)


def test_only_the_general_manager_confirms_and_only_once(office, cast, refused):
    ledger, _found = asked(cast, brought(cast, *GOOD))
    with refused("P4.0"):
        actions.decide_ledger(cast.clerk, ledger, True)
    actions.decide_ledger(cast.gm, ledger, True)
    with refused("P4.0"):
        actions.decide_ledger(cast.gm, ledger, True)


def test_a_portion_is_not_entered_before_the_list_is_confirmed(office, cast, refused):
    ledger, found = asked(cast, brought(cast, *GOOD))
    with refused("P4.0"):
        actions.enter_rows(cast.gm, ledger, old_papers.Plan.of(ledger.plan), found.entries, False)
    assert Copy.objects.count() == 0


def test_a_long_ledger_is_entered_in_portions(office, cast, monkeypatch):
    monkeypatch.setattr(work, "PORTION", 2)
    rows = [[str(n), f"澜岱密〔2025〕{n}号", f"件{n}", "秘密", "3年", "2025-07-01", "", "", "1", "2", "", "", ""] for n in range(1, 6)]
    assert taken_over(cast, *rows).state == "done"
    assert Copy.objects.count() == 5


def test_an_import_is_undone_as_long_as_nothing_that_came_of_it_was_handled(office, cast, refused):
    ledger = taken_over(cast, *GOOD)
    with refused("P4.0"):  # what the general manager confirmed is not the clerk's to make undone
        actions.undo_ledger(cast.clerk, ledger, "带错文件")
    actions.undo_ledger(cast.gm, ledger, "带错文件")
    assert set(Copy.objects.values_list("state", flat=True)) == {"void"}
    assert not Document.objects.filter(origin="taken_over", live=True).exists()
    assert taken_over(cast, *GOOD).state == "done"  # the right file afterwards
    ledger = OldLedger.objects.latest("pk")
    copy = queries.kept_by(cast.clerk).first()
    actions.offer(cast.clerk, [copy], cast.second_clerk, "轮岗")
    with refused("G4.4"):
        actions.undo_ledger(cast.gm, ledger, "又错")
    assert queries.disagreements() == []


def test_p0_3_a_ledger_is_there_for_who_brought_it_and_the_general_manager_only(office, cast):
    ledger, _found = asked(cast, brought(cast, *GOOD))
    assert actions.open_ledger(cast.gm, ledger.uid) == ledger
    for person in (cast.outsider, cast.second_clerk, cast.sysadmin):
        with pytest.raises(NotThere):
            actions.open_ledger(person, ledger.uid)


def test_a_file_that_is_no_table_is_refused(office, cast, refused):
    with refused("I9.3"):
        actions.bring_ledger(cast.clerk, factories.uploaded(cast.clerk, factories.pdf()))
    with refused("G4.4"):
        actions.bring_ledger(cast.insider, factories.uploaded(cast.insider, workbook(*GOOD), "台账.xlsx"))
