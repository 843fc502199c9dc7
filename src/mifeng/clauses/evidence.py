"""Whether a clause is kept is measured: the last whole test run says which scenarios it showed, and on which sources.

`build/scenarios.json`, written by a complete run:
    {"tree": "<hash of the sources>", "scenarios": {"M2.1/2": {"outcome": "passed", "tests": ["tests/…::test_…"]}}}
"""

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from mifeng.clauses.books import clause

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
class Kept:
    """What is measured of a clause. `kept`: every scenario has a test that passed in the last run on these sources.

    `outcomes`: scenario number -> passed, failed, skipped; a scenario that no test bears is absent and `missing`.
    """

    kept: bool
    stale: bool
    tests: tuple[str, ...]
    outcomes: dict[str, str]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Measured:
    """The last whole run. `stale`: there is none, or it ran on other sources than those that stand now.

    `at`: when it ended, UTC; None when there is none.
    """

    stale: bool
    at: datetime | None
    scenarios: dict[str, Shown]

    def of(self, name: str) -> Kept:
        """What it says of one clause. Raises UnknownClause."""
        shown = {number: self.scenarios.get(number) for number, _ in clause(name).numbered()}
        missing = tuple(number for number, found in shown.items() if not found or not found.passed)
        tests = {test for found in shown.values() if found for test in found.tests}
        outcomes = {number: found.outcome for number, found in shown.items() if found}
        return Kept(not missing and not self.stale, self.stale, tuple(sorted(tests)), outcomes, missing)


def tree_hash(root: Path = ROOT) -> str:
    """SHA-256 over the sources: path and content of each file in the order of the paths; nothing made of them."""
    whole = sha256()
    for path in sorted(_sources(root)):
        whole.update(f"{path.relative_to(root).as_posix()}\0".encode())
        whole.update(sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def measured(root: Path = ROOT) -> Measured:
    """The evidence of this tree, read again when a run has written it anew; the sources are hashed once for each."""
    file = root / "build" / "scenarios.json"
    try:
        return _measured(root, file.stat().st_mtime_ns)
    except OSError:
        return Measured(True, None, {})


def read(root: Path = ROOT) -> Measured:
    """The evidence of this tree as it stands now. What cannot be read is stale evidence of nothing."""
    file = root / "build" / "scenarios.json"
    try:
        found = json.loads(file.read_text("utf-8"))
        scenarios = {
            number: Shown(str(row["outcome"]), tuple(row["tests"])) for number, row in found["scenarios"].items()
        }
        at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        return Measured(found["tree"] != tree_hash(root), at, scenarios)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Measured(True, None, {})


@lru_cache(maxsize=4)
def _measured(root: Path, _written: int) -> Measured:
    return read(root)


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


def _marks(tree: ast.AST, within: str = "") -> Iterator[tuple[str, str]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef):
            yield from _marks(node, f"{within}{node.name}::")
        elif isinstance(node, ast.FunctionDef):
            for mark in node.decorator_list:
                if isinstance(mark, ast.Call) and ast.unparse(mark.func).endswith("mark.scenario"):
                    numbers = [value.value for value in mark.args if isinstance(value, ast.Constant)]
                    yield from ((str(number), f"{within}{node.name}") for number in numbers)
