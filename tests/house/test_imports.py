"""Who imports whom: the contracts of pyproject.toml, and what they cannot say.

Of another room one may import its actions, tables, facts and queries, never its pages, forms or rules; and an import
inside a function has one of three reasons, in a comment on its line.
"""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src"
PRIVATE = {"views", "forms", "rules", "urls", "room"}
REASONS = ("app loading", "optional dependency", "start-up time of a verb")


def contracts() -> dict[str, dict[str, Any]]:
    """Contract id -> contract."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return {contract["id"]: contract for contract in config["tool"]["importlinter"]["contracts"]}


def modules(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*.py")) if "migrations" not in path.parts]


def imported(path: Path) -> set[str]:
    """Dotted names of everything a module imports; of `from a import b` both a and a.b, since b may be a module."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            package = path.parent.relative_to(SRC).parts if SRC in path.parents else ()
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (base, node.module or "") if part)
            names |= {module, *(f"{module}.{alias.name}" for alias in node.names)}
    return names


def trespasses(room: str, names: set[str]) -> set[str]:
    """Of what a module of this room imports, that which belongs to another room alone."""
    found = (re.match(r"mifeng\.rooms\.(\w+)\.(\w+)", name) for name in names)
    return {match[0] for match in found if match and match[1] != room and match[2] in PRIVATE}


def unexplained(text: str) -> list[str]:
    """Imports inside functions that stand before any reason: on their line, the one above, or an earlier import's."""
    lines, found = text.splitlines(), []
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    for function in functions:
        inner = [node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)]
        for node in sorted(inner, key=lambda node: node.lineno):
            said = " ".join(lines[max(0, node.lineno - 2) : node.end_lineno])
            if any(reason in said for reason in REASONS):
                break
            found.append(lines[node.lineno - 1].strip())
    return found


def test_the_contracts_are_kept() -> None:
    check = "from importlinter.cli import lint_imports_command as run; run()"
    done = subprocess.run(
        [sys.executable, "-c", check, "--no-cache", "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_room_stands_in_its_place_in_the_contract() -> None:
    from mifeng.rooms import ORDER  # start-up time of a verb: the other tests here read text only

    folders = {path.name for path in (SRC / "mifeng" / "rooms").iterdir() if (path / "__init__.py").exists()}
    layers = [name.strip() for layer in contracts()["order"]["layers"] for name in re.split(r"[|:]", layer)]
    assert contracts()["order"]["exhaustive"] is True
    assert set(ORDER) == folders
    assert list(reversed(ORDER)) == layers


def test_no_room_reaches_into_the_pages_forms_or_rules_of_another() -> None:
    rooms = SRC / "mifeng" / "rooms"
    found = {
        str(path.relative_to(SRC)): names
        for path in modules(rooms)
        if path.parent != rooms and (names := trespasses(path.relative_to(rooms).parts[0], imported(path)))
    }
    assert found == {}


def test_reaching_into_another_room_would_be_seen(tmp_path: Path) -> None:
    module = tmp_path / "views.py"
    module.write_text(
        "from mifeng.rooms.people import rules, actions\n"
        "from mifeng.rooms.people.forms import Person\n"
        "import mifeng.rooms.viewing.views\n"
        "from mifeng.rooms.documents import views\n",
        "utf-8",
    )
    assert trespasses("documents", imported(module)) == {
        "mifeng.rooms.people.rules",
        "mifeng.rooms.people.forms",
        "mifeng.rooms.viewing.views",
    }


def test_every_import_inside_a_function_says_why() -> None:
    found = {str(path.relative_to(SRC)): unexplained(path.read_text("utf-8")) for path in modules(SRC)}
    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("import json", ["import json"]),
        ("import json  # because", ["import json  # because"]),
        ("import json  # app loading: the tables must stand first", []),
        ("# optional dependency\n    import json", []),
        ("import json  # app loading\n    import csv", []),
        ("import json\n    import csv  # app loading", ["import json"]),
    ],
)
def test_an_import_without_a_reason_would_be_seen(line: str, found: list[str]) -> None:
    assert unexplained(f"def f():\n    {line}\n") == found
