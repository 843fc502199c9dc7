"""Two clerks' year in a small form (the whole one: MIFENG_TEST_WHOLE=1), and the stranger's script that holds F05 against the log."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.journeys.clerks_year import COMPARE
from tests.journeys.server import ROOT, child_environment

pytestmark = [pytest.mark.journey, pytest.mark.part("chromium")]

WHOLE = ["--deeds", "200", "--every", "2"]
SMALL = ["--deeds", "20", "--every", "24", "--nights", "40"]
SIZE = WHOLE if os.environ.get("MIFENG_TEST_WHOLE") == "1" else SMALL
AT_LEAST = int(SIZE[1])


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The year as it was worked, in a process of its own: its folder and figures."""
    folder = tmp_path_factory.mktemp("year")
    told = folder / "figures.json"
    command = [sys.executable, "-m", "tests.journeys.clerks_year", *SIZE, "--seed", "1", "--folder", str(folder), "--json", str(told)]
    done = subprocess.run(command, cwd=ROOT, env=child_environment({}), capture_output=True, text=True, check=False)
    assert told.exists(), done.stderr[-3000:]
    return folder, json.loads(told.read_text("utf-8"))


def test_g4_4_after_a_year_of_two_clerks_the_printed_book_is_the_log_line_by_line(year: tuple[Path, dict[str, Any]]) -> None:
    _folder, told = year
    assert told["equal"], told["compared"]
    assert told["lines"] >= 3 and told["compared"][-1] == f"簿 {told['lines']} 行, 志 {told['lines']} 行, 不符 0 行"
    assert told["paper_says_the_same"]
    assert told["log_verifies"]
    assert (told["disagreements"], told["verify"]) == ([], [])
    assert told["browser"] >= AT_LEAST


def held(folder: Path, book: Path, log: Path) -> tuple[int, str]:
    """Exit code and words of the stranger's script."""
    done = subprocess.run(
        [sys.executable, "-I", str(COMPARE), str(book), str(log), str(folder / "names.tsv")], capture_output=True, text=True, check=False
    )
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout


def change_cell(heading: str, value: str) -> Callable[[Any], None]:
    def change(sheet: Any) -> None:
        [at] = [cell.column for cell in sheet[1] if cell.value == heading]
        sheet.cell(3, at).value = value

    return change


def swapped(sheet: Any) -> None:
    for one, other in zip(sheet[2], sheet[3], strict=True):
        one.value, other.value = other.value, one.value


def twice(sheet: Any) -> None:
    told = [cell.value for cell in sheet[2]]
    sheet.insert_rows(3)
    for at, value in enumerate(told, 1):
        sheet.cell(3, at).value = value


CHANGES: dict[str, Callable[[Any], None]] = {
    "another number": change_cell("编号", "复密〔2026〕0099"), "another applicant": change_cell("申请人", "邵宇"),
    "another item": change_cell("文件", "另一件"), "another count": change_cell("份数", "9"),
    "another approver": change_cell("批准", "邵宇"), "another operator": change_cell("复制人", "邵宇"),
    "one copy more": change_cell("复制件编号", "000001、000002、000003、000004、000005、000006、000007"),
    "one void": change_cell("复制件编号", "000001(作废)、000002(作废)、000003(作废)、000004(作废)"),
    "other waste": change_cell("废页处理", "77 张，碎纸机粉碎"), "another day": change_cell("登记", "2026-02-29"),
    "a line left out": lambda sheet: sheet.delete_rows(3), "the first line left out": lambda sheet: sheet.delete_rows(2),
    "a line twice": twice, "two lines changed places": swapped,
    "an empty book": lambda sheet: sheet.delete_rows(2, sheet.max_row - 2),
}  # fmt: skip


@pytest.mark.parametrize("what", list(CHANGES))
def test_the_script_sees_a_book_that_was_changed(year: tuple[Path, dict[str, Any]], tmp_path: Path, what: str) -> None:
    folder, told = year
    book, log = (Path(told["files"][at]) for at in (0, 2))
    assert held(folder, book, log)[0] == 0
    changed = openpyxl.load_workbook(book)
    CHANGES[what](changed.active)
    changed.save(tmp_path / "book.xlsx")
    assert held(folder, tmp_path / "book.xlsx", log)[0] == 1


def rewritten(log: Path, to: Path, keep: Callable[[dict[str, Any]], list[dict[str, Any]]]) -> None:
    """The same export with each entry replaced by those that `keep` gives for it."""
    with zipfile.ZipFile(log) as old, zipfile.ZipFile(to, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.startswith("tile/entries/"):
                found, data = data, b""
                while found:
                    size = int.from_bytes(found[:2])
                    for entry in keep(json.loads(found[2 : 2 + size])):
                        raw = json.dumps(entry, ensure_ascii=False).encode()
                        data += len(raw).to_bytes(2) + raw
                    found = found[2 + size :]
            new.writestr(name, data)


FORGED = {
    "no entry of a finish": lambda entry: [] if entry["act"] == "copies:finish_reproduction" else [entry],
    "no entry of a making": lambda entry: [] if entry["act"] == "copies:reproduce" and entry["n"]["number"] == 2 else [entry],
    "no entry of a jam": lambda entry: [] if entry["act"] == "copies:jam" else [entry],
    "an entry more": lambda entry: [entry, entry] if entry["act"] == "copies:reproduce" and entry["n"]["number"] == 2 else [entry],
    "a run that no line tells of": lambda entry: (
        [entry, {**entry, "n": {**entry["n"], "number": 77}}] if entry["act"] == "copies:reproduce" else [entry]
    ),
    "somebody else": lambda entry: [{**entry, "actor": "0" * 32} if entry["act"] == "copies:reproduce" else entry],
}  # fmt: skip


@pytest.mark.parametrize("what", list(FORGED))
def test_the_script_sees_a_log_that_tells_of_something_else(year: tuple[Path, dict[str, Any]], tmp_path: Path, what: str) -> None:
    folder, told = year
    book, log = (Path(told["files"][at]) for at in (0, 2))
    rewritten(log, tmp_path / "log.zip", FORGED[what])
    assert held(folder, book, tmp_path / "log.zip")[0] == 1


def test_the_script_is_short_and_asks_nothing_of_the_product() -> None:
    text = COMPARE.read_text("utf-8")
    assert len(text.splitlines()) <= 50
    assert "mifeng" not in text.replace("Mifeng", "") and "import tests" not in text
