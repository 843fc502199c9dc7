"""Kept is measured: every scenario of a clause showed itself in the last whole run on these very sources."""

import json
from pathlib import Path
from typing import Any

import pytest

from mifeng.clauses import UnknownClause, evidence


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small source tree with a test of two scenarios."""
    (tmp_path / "src").mkdir()
    (tmp_path / "tests").mkdir()
    (tmp_path / "src" / "a.py").write_text("x = 1\n", "utf-8")
    (tmp_path / "tests" / "test_a.py").write_text(
        "import pytest\n\n\nclass TestCopies:\n"
        "    @pytest.mark.scenario('M2.1/1')\n    def test_one(self): ...\n\n\n"
        "@pytest.mark.scenario('M2.1/1', 'M2.1/2')\ndef test_two(): ...\n\n\ndef test_three(): ...\n",
        "utf-8",
    )
    return tmp_path


def ran(tree: Path, outcomes: dict[str, str], of: str | None = None) -> evidence.Measured:
    """A whole run that came to these outcomes, one test each."""
    scenarios: dict[str, Any] = {
        number: {"outcome": outcome, "tests": [f"tests/t.py::test_{place}"]}
        for place, (number, outcome) in enumerate(outcomes.items())
    }
    (tree / "build").mkdir(exist_ok=True)
    written = {"tree": of or evidence.tree_hash(tree), "scenarios": scenarios}
    (tree / "build" / "scenarios.json").write_text(json.dumps(written), "utf-8")
    return evidence.read(tree)


ALL_FIVE = {f"M2.1/{place}": "passed" for place in range(1, 6)}


def test_a_clause_is_kept_when_every_scenario_passed_on_this_tree(tree: Path) -> None:
    kept = ran(tree, ALL_FIVE).of("M2.1")
    assert (kept.kept, kept.stale, kept.missing) == (True, False, ())
    assert kept.tests == tuple(f"tests/t.py::test_{place}" for place in range(5))
    assert kept.outcomes == ALL_FIVE


@pytest.mark.parametrize("outcome", ["failed", "skipped"])
def test_one_scenario_that_did_not_pass_and_the_clause_is_not_kept(tree: Path, outcome: str) -> None:
    kept = ran(tree, ALL_FIVE | {"M2.1/4": outcome}).of("M2.1")
    assert (kept.kept, kept.stale, kept.missing) == (False, False, ("M2.1/4",))


def test_one_scenario_without_a_test_and_the_clause_is_not_kept(tree: Path) -> None:
    four = {number: outcome for number, outcome in ALL_FIVE.items() if number != "M2.1/5"}
    assert ran(tree, four).of("M2.1").missing == ("M2.1/5",)


def test_a_scenario_that_names_no_test_is_missing(tree: Path) -> None:
    ran(tree, ALL_FIVE)
    file = tree / "build" / "scenarios.json"
    written = json.loads(file.read_text("utf-8"))
    written["scenarios"]["M2.1/3"]["tests"] = []
    file.write_text(json.dumps(written), "utf-8")
    assert evidence.read(tree).of("M2.1").missing == ("M2.1/3",)


def test_a_run_on_other_sources_is_stale(tree: Path) -> None:
    assert ran(tree, ALL_FIVE).of("M2.1").kept
    (tree / "src" / "a.py").write_text("x = 2\n", "utf-8")
    kept = evidence.read(tree).of("M2.1")
    assert (kept.kept, kept.stale) == (False, True)


@pytest.mark.parametrize("content", [None, "", "{", "[]", '{"tree": "x"}', '{"tree": "x", "scenarios": {"M2.1/1": 3}}'])
def test_no_readable_run_is_stale_evidence_of_nothing(tree: Path, content: str | None) -> None:
    if content is not None:
        (tree / "build").mkdir()
        (tree / "build" / "scenarios.json").write_text(content, "utf-8")
    found = evidence.read(tree)
    assert (found.stale, found.at, found.scenarios) == (True, None, {})
    assert evidence.measured(tree).of("M2.1").kept is False


def test_a_new_run_is_read_again(tree: Path) -> None:
    ran(tree, {})
    assert not evidence.measured(tree).of("M2.1").kept
    file = tree / "build" / "scenarios.json"
    ran(tree, ALL_FIVE)
    later = file.stat().st_mtime_ns + 1_000_000_000
    import os  # the time of the file is what is under test

    os.utime(file, ns=(later, later))
    assert evidence.measured(tree).of("M2.1").kept


def test_the_tree_is_what_it_says_not_what_is_made_of_it(tree: Path) -> None:
    before = evidence.tree_hash(tree)
    (tree / "src" / "__pycache__").mkdir()
    (tree / "src" / "__pycache__" / "a.cpython-311.pyc").write_bytes(b"made")
    (tree / "build").mkdir()
    (tree / "build" / "scenarios.json").write_text("{}", "utf-8")
    assert evidence.tree_hash(tree) == before
    (tree / "src" / "b.py").write_text("", "utf-8")
    assert evidence.tree_hash(tree) != before


def test_a_renamed_file_is_another_tree(tree: Path) -> None:
    before = evidence.tree_hash(tree)
    (tree / "src" / "a.py").rename(tree / "src" / "c.py")
    assert evidence.tree_hash(tree) != before


def test_numbers_are_found_in_the_sources_of_tests(tree: Path) -> None:
    assert evidence.marked(tree) == {
        "M2.1/1": ["tests/test_a.py::TestCopies::test_one", "tests/test_a.py::test_two"],
        "M2.1/2": ["tests/test_a.py::test_two"],
    }


def test_a_clause_that_no_book_has_is_named(tree: Path) -> None:
    with pytest.raises(UnknownClause):
        ran(tree, ALL_FIVE).of("M9")
