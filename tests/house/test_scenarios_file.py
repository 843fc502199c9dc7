"""build/scenarios.json: written by a whole run only, with the worst outcome of each sentence, by one process or two."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TESTS = """
import pytest
@pytest.mark.scenario("M2.1/1", "M2.1/2")
def test_both(): pass
@pytest.mark.scenario("M2.1/2")
def test_second(): assert 0
@pytest.mark.scenario("C4.1/1")
def test_skipped(): pytest.skip("rain")
"""
FOUND = {
    "C4.1/1": {"outcome": "skipped", "tests": ["tests/test_m.py::test_skipped"]},
    "M2.1/1": {"outcome": "passed", "tests": ["tests/test_m.py::test_both"]},
    "M2.1/2": {"outcome": "failed", "tests": ["tests/test_m.py::test_both", "tests/test_m.py::test_second"]},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tests").mkdir()
    shutil.copy(ROOT / "tests" / "scenarios_plugin.py", tmp_path / "tests")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "tests" / "conftest.py").write_text('pytest_plugins = ["tests.scenarios_plugin"]\n', "utf-8")
    (tmp_path / "tests" / "test_m.py").write_text(TESTS, "utf-8")
    return tmp_path


def scenarios(folder: Path, *words: str) -> dict[str, object] | None:
    """What the run wrote, or None."""
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words]
    subprocess.run(command, cwd=folder, env=env, capture_output=True, check=False)
    file = folder / "build" / "scenarios.json"
    return json.loads(file.read_text("utf-8"))["scenarios"] if file.exists() else None


@pytest.mark.parametrize("words", [(), ("-n", "2", "--dist", "loadfile")])
def test_a_whole_run_writes_the_worst_outcome_of_each_sentence(folder: Path, words: tuple[str, ...]) -> None:
    assert scenarios(folder, *words) == FOUND


@pytest.mark.parametrize("words", [("tests",), ("-k", "both"), ("-m", "scenario"), ("-x",), ("--collect-only",)])
def test_a_part_of_a_run_writes_nothing(folder: Path, words: tuple[str, ...]) -> None:
    assert scenarios(folder, *words) is None


def test_a_run_that_could_not_read_a_file_writes_nothing(folder: Path) -> None:
    (folder / "tests" / "test_broken.py").write_text("import mifeng_absent", "utf-8")
    assert scenarios(folder) is None
    assert scenarios(folder, "--continue-on-collection-errors") is None
