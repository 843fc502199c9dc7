"""The test run counts honestly: a broken file has failed, nothing found has failed, an absent part has failed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small tree with the real runner, the real plugins and one part that no machine here will find."""
    for name in ("tools/run_tests.py", "tests/parts_plugin.py", "tests/scenarios_plugin.py", "pyproject.toml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / ".ci").mkdir()
    (tmp_path / ".ci" / "parts").write_text("# one\nchromium\n", "utf-8")
    (tmp_path / "tests" / "conftest.py").write_text(
        'pytest_plugins = ["tests.parts_plugin", "tests.scenarios_plugin"]\n', "utf-8"
    )
    return tmp_path


def write(folder: Path, name: str, text: str) -> None:
    (folder / "tests" / name).write_text(f"import pytest\n{text}\n", "utf-8")


def run(folder: Path, *words: str, processes: str = "0") -> tuple[int, str]:
    """Exit code and last line. Without a search path there is neither a browser nor an apt-get."""
    env = {**os.environ, "PATH": str(folder), "MIFENG_TEST_PROCESSES": processes, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "tools/run_tests.py", *words, "-p", "no:cacheprovider"],
        cwd=folder, env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout.splitlines()[-1]


def test_a_good_run(folder: Path) -> None:
    write(folder, "test_good.py", 'def test_a(): pass\ndef test_b(): pytest.skip("rain")')
    assert run(folder) == (0, "1 passed, 0 failed, 1 skipped")


def test_a_failure_and_a_fault_in_a_fixture_both_count(folder: Path) -> None:
    write(folder, "test_bad.py", "def test_a(): assert 0\ndef test_b(absent): pass\ndef test_c(): pass")
    assert run(folder) == (1, "1 passed, 2 failed, 0 skipped")


def test_a_file_that_cannot_be_collected_has_failed(folder: Path) -> None:
    write(folder, "test_good.py", "def test_a(): pass")
    write(folder, "test_broken.py", "import mifeng_absent")
    assert run(folder) == (1, "0 passed, 1 failed, 0 skipped")


@pytest.mark.parametrize("words", [(), ("tests/absent.py",), ("--no-such-option",)])
def test_a_run_without_a_test_has_failed(folder: Path, words: tuple[str, ...]) -> None:
    assert run(folder, *words) == (1, "0 passed, 1 failed, 0 skipped")


def test_files_of_one_name_in_two_folders_are_two_files(folder: Path) -> None:
    for room in ("copies", "documents"):
        (folder / "tests" / room).mkdir()
        write(folder, f"{room}/test_rules.py", "def test_a(): pass")
    assert run(folder) == (0, "2 passed, 0 failed, 0 skipped")


def test_an_absent_part_skips_by_its_name_and_fails_where_it_may_not_be_absent(folder: Path) -> None:
    write(folder, "test_part.py", '@pytest.mark.part("chromium")\ndef test_a(): pass\ndef test_b(): pass')
    assert run(folder) == (0, "1 passed, 0 failed, 1 skipped")
    assert run(folder, "--all") == (1, "1 passed, 1 failed, 1 skipped")


def test_two_processes_count_and_skip_the_same(folder: Path) -> None:
    write(folder, "test_part.py", '@pytest.mark.part("chromium")\ndef test_a(): pass')
    write(folder, "test_good.py", "def test_a(): pass")
    assert run(folder, "--all", processes="2") == (1, "1 passed, 1 failed, 1 skipped")


def test_an_unknown_part_or_mark_is_a_fault(folder: Path) -> None:
    write(folder, "test_part.py", '@pytest.mark.part("crystal ball")\ndef test_a(): pass')
    assert run(folder) == (1, "0 passed, 1 failed, 0 skipped")
    write(folder, "test_part.py", "@pytest.mark.scenaro\ndef test_a(): pass")
    assert run(folder) == (1, "0 passed, 1 failed, 0 skipped")
