"""Whether a clause is kept is measured: the last whole test run says which scenarios it showed, and on which sources.

`build/scenarios.json`, written by a complete run:
    {"tree": "<hash of the sources>", "scenarios": {"M2.1/2": {"outcome": "passed", "tests": ["tests/…::test_…"]}}}
"""

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from mifeng.clauses.books import Clause

ROOT = Path(__file__).resolve().parents[3]
SOURCES = ("src", "tests", "tools", "vectors", "pyproject.toml")
MADE = {".pyc", ".mo"}


@dataclass(frozen=True)
class Shown:
    """What the run says of one scenario: the worst outcome of its tests, and their names."""

    outcome: str
    tests: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """True when there is a test and all of its tests passed."""
        return self.outcome == "passed" and bool(self.tests)


@dataclass(frozen=True)
class Evidence:
    """The last whole run. `stale`: there is none, or it ran on other sources than those that stand now."""

    stale: bool
    scenarios: dict[str, Shown]


@dataclass(frozen=True)
class Kept:
    """What is measured of a clause. `kept`: every scenario has a test that passed in the last run on these sources."""

    kept: bool
    stale: bool
    tests: tuple[str, ...]
    missing: tuple[str, ...]


def tree_hash(root: Path = ROOT) -> str:
    """SHA-256 over the sources: path and content of each file in the order of the paths; nothing made of them."""
    whole = sha256()
    for path in sorted(_sources(root)):
        whole.update(f"{path.relative_to(root).as_posix()}\0".encode())
        whole.update(sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def read(root: Path = ROOT) -> Evidence:
    """The evidence that lies in this tree. An absent or unreadable file is stale evidence of nothing."""
    try:
        found = json.loads((root / "build" / "scenarios.json").read_text("utf-8"))
        scenarios = {number: _shown(table) for number, table in found["scenarios"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Evidence(True, {})
    return Evidence(found["tree"] != tree_hash(root), scenarios)


def of(clause: Clause, evidence: Evidence) -> Kept:
    """What the evidence says of a clause; `missing` are the scenarios without a passed test."""
    shown = {number: evidence.scenarios.get(number) for number in clause.numbered}
    missing = tuple(number for number, found in shown.items() if not found or not found.passed)
    tests = tuple(sorted({test for found in shown.values() if found for test in found.tests}))
    return Kept(not missing and not evidence.stale, evidence.stale, tests, missing)


def marked(root: Path = ROOT) -> dict[str, list[str]]:
    """The tests that bear a scenario's number, read from the sources without running them: number -> tests in order."""
    found: dict[str, list[str]] = {}
    for path in sorted((root / "tests").rglob("test_*.py")):
        for number, name in _marks(ast.parse(path.read_text("utf-8"))):
            found.setdefault(number, []).append(f"{path.relative_to(root).as_posix()}::{name}")
    return found


def _sources(root: Path) -> Iterator[Path]:
    for name in SOURCES:
        start = root / name
        inside = start.rglob("*") if start.is_dir() else [start]
        yield from (path for path in inside if path.is_file() and path.suffix not in MADE)


def _shown(table: Any) -> Shown:
    return Shown(str(table["outcome"]), tuple(table["tests"]))


def _marks(tree: ast.AST, within: str = "") -> Iterator[tuple[str, str]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef):
            yield from _marks(node, f"{within}{node.name}::")
        elif isinstance(node, ast.FunctionDef):
            for mark in node.decorator_list:
                if isinstance(mark, ast.Call) and ast.unparse(mark.func).endswith("mark.scenario"):
                    numbers = [value.value for value in mark.args if isinstance(value, ast.Constant)]
                    yield from ((str(number), f"{within}{node.name}") for number in numbers)
