"""base is a closed list: each file has three users above it or a reason, and the decision page names it."""

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
BASE = ROOT / "src" / "mifeng" / "base"

# Fewer than three rooms or pages import it: why it stands here all the same.
FEW_USERS = {
    "record": "one caller by contract: the wrapper",
    "snapshots": "the organisation, which every page and every decision asks",
    "rows": "the manager of every table, given once",
    "statements": "asked by every table",
    "moment": "kept by the base's own codes and log, begun by the middleware",
    "guard": "installed once, after every migration",
    "uploads": "one upload handler for every page with a file",
    "numbers": "series of all registers; more rooms draw from it as they come",
    "fields": "columns of the tables of every room",
    "apps": "what Django asks of an application",
    "language": "what rules say, in the language of the page",
    "widgets": "form parts",
    "jobs": "work that outlives a request",
    "models": "tables of the house itself",
}  # fmt: skip


def users(name: str) -> set[str]:
    """Modules above base that import this file."""
    found = set()
    for file in (ROOT / "src" / "mifeng").rglob("*.py"):
        if BASE in file.parents or "engines" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                names = {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
                if f"mifeng.base.{name}" in names:
                    found.add(str(file.relative_to(ROOT)))
    return found


def files() -> list[str]:
    return sorted(file.stem for file in BASE.glob("*.py") if file.stem != "__init__")


def test_every_file_of_base_has_three_users_or_a_reason():
    few = {name for name in files() if len(users(name)) < 3}
    assert few - set(FEW_USERS) == set()


def test_every_file_of_base_stands_on_the_decision_page():
    page = next((ROOT / "docs" / "decisions").glob("0003-*.md")).read_text("utf-8")
    assert [name for name in files() if f"`{name}`" not in page and f"`{name}`, " not in page and name != "apps"] == []


def test_base_knows_no_room_and_no_clause():
    for file in BASE.glob("*.py"):
        text = file.read_text("utf-8")
        imports = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom)]
        rooms = {node.module for node in imports if (node.module or "").startswith("mifeng.rooms.")}
        assert rooms == set(), file.name


def test_our_own_warnings_are_heard_whatever_was_loaded_before_the_settings():
    """A module of ours imported before Django, and one of somebody else's: only ours goes on speaking."""
    script = (
        "import logging; ours, theirs = logging.getLogger('mifeng.vault'), logging.getLogger('their.library');"
        "from mifeng.site import start; start.django_up(); print(ours.disabled, theirs.disabled)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
