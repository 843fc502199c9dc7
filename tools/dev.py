"""The developer's commands: `./mifeng dev TARGET`. Without a target they are listed.

The launcher has installed requirements-dev.lock before it comes here. `check` is what a review runs first, and what the
hook of `hooks` runs before a commit.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements", "requirements-dev", "requirements-bench", "requirements-ocr")
LINK = re.compile(r"\[[^\]]*\]\((?!https?:|#|mailto:)([^)#\s]+)")
HOOK = """#!/bin/sh
# Made by ./mifeng dev hooks: nothing is committed that the review would send back at once.
exec ./mifeng dev check
"""
ROOM = {
    "__init__.py": '"""{name}: what the room keeps, in ten lines; its words; its clauses; its forms."""\n',
    "facts.py": '"""What the rules of {name} see: frozen values, no tables."""\n',
    "room.py": (
        '"""What the room announces to the house."""\n\n'
        "from django.utils.translation import gettext_lazy as _\n\n"
        "from mifeng.base.room import Room\n\n"
        'room = Room(name="{name}", label=_("{name}"), order=90)\n'
    ),
    "migrations/__init__.py": "",
}
NEXT_STEPS = """\
src/mifeng/rooms/{name}/ and tests/rooms/{name}/ are there. Now:
  1. one line in src/mifeng/rooms/__init__.py (ORDER) and the same in contract 3 of pyproject.toml
  2. room = "{name}" at its clauses in src/mifeng/regulation/, scenarios, matrix rows, forms
  3. facts, rules, models, actions, views - each file only when it has something to say
  4. help.zh.md, help.en.md, changelog.d/{name}.md
"""


def python(*words: str) -> int:
    """Run Python in the root; its exit code."""
    return subprocess.run([sys.executable, *words], cwd=ROOT, check=False).returncode


def launcher(*words: str) -> int:
    """Run a verb of the launcher; its exit code."""
    return subprocess.run([str(ROOT / "mifeng"), *words], cwd=ROOT, check=False).returncode


def setup(words: list[str]) -> int:
    """install what development needs (done already when this line is reached)"""
    print("ready: ./mifeng up, ./mifeng test, ./mifeng dev check")
    return 0


def run(words: list[str]) -> int:
    """the same as ./mifeng up"""
    os.execv(ROOT / "mifeng", [str(ROOT / "mifeng"), "up", *words])


def lint(words: list[str]) -> int:
    """ruff with the rules of pyproject.toml; --fix mends what can be mended"""
    return python("-m", "ruff", "check", *(words or ["."]))


def types(words: list[str]) -> int:
    """every function says what it takes and what it gives (annotations only: no type checker is locked)"""
    return python("-m", "ruff", "check", "--select", "ANN", *(words or ["src", "tools", "mifeng"]))


def imports(words: list[str]) -> int:
    """the import contracts, and what of another room may be imported"""
    return launcher("test", "tests/house/test_imports.py", *words)


def test(words: list[str]) -> int:
    """the same as ./mifeng test"""
    return launcher("test", *words)


def shape(words: list[str]) -> int:
    """our measures beside the anchors'"""
    return python("tools/shape.py", *words)


def docs(words: list[str]) -> int:
    """every relative link leads somewhere, the table of clauses is up to date; the house tests of the documents"""
    broken = [f"{page.relative_to(ROOT)}: {target}" for page in pages() for target in broken_links(page)]
    print("\n".join(broken) if broken else "links: all lead somewhere")
    tests = [str(path) for path in (ROOT / "tests" / "house").glob("test_docs*.py")]
    return int(bool(broken)) or made(["--check"]) or (launcher("test", *tests) if tests else 0)


def pages() -> list[Path]:
    """The documents of the house."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "changelog.d").glob("*.md")])


def broken_links(page: Path) -> list[str]:
    """The relative links of a page that lead nowhere."""
    targets = LINK.findall(page.read_text("utf-8"))
    return [target for target in targets if not (page.parent / target).exists()]


def messages(words: list[str]) -> int:
    """gather the texts of the interface into locale/en and say which have no English; --check writes nothing"""
    return python("tools/messages.py", *words)


def check(words: list[str]) -> int:
    """all that a review runs first: lint, types, licences, documents, tests of the house"""
    steps = {
        "lint": lambda: lint([]),
        "types": lambda: types([]),
        "third-party": lambda: third_party(["--check"]),
        "docs": lambda: docs([]),
        "house": lambda: launcher("test", "tests/house", *words),
    }
    failed = [name for name, step in steps.items() if step()]
    print(f"check: {'failed: ' + ', '.join(failed) if failed else 'all well'}")
    return 1 if failed else 0


def hooks(words: list[str]) -> int:
    """install a plain shell hook that runs `check` before every commit"""
    question = ["git", "rev-parse", "--git-path", "hooks"]
    asked = subprocess.run(question, cwd=ROOT, capture_output=True, text=True, check=False)
    if asked.returncode:
        print("this folder is no git repository", file=sys.stderr)
        return 1
    hook = ROOT / asked.stdout.strip() / "pre-commit"
    hook.parent.mkdir(parents=True, exist_ok=True)
    hook.write_text(HOOK, "utf-8")
    hook.chmod(0o755)
    print(f"installed: {hook.relative_to(ROOT)}")
    return 0


def room(words: list[str]) -> int:
    """make the folder of a new room: dev room NAME"""
    if len(words) != 1 or not re.fullmatch(r"[a-z]+", words[0]):
        print("./mifeng dev room NAME  (lower-case letters)", file=sys.stderr)
        return 2
    name, folder = words[0], ROOT / "src" / "mifeng" / "rooms" / words[0]
    if folder.exists():
        print(f"the room {name} stands already", file=sys.stderr)
        return 1
    for file, text in ROOM.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(text.replace("{name}", name), "utf-8")
    (folder / "templates" / name).mkdir(parents=True)
    (ROOT / "tests" / "rooms" / name).mkdir(parents=True, exist_ok=True)
    print(NEXT_STEPS.replace("{name}", name), end="")
    return 0


def third_party(words: list[str]) -> int:
    """write THIRD_PARTY.md from the locks, vendor/ and the packages; --check only compares"""
    return python("tools/third_party.py", *words)


def made(words: list[str]) -> int:
    """write the pages that are made from regulation and rooms (glossary, clauses, figures, deeds); --check only compares"""
    return python("tools/make_docs.py", *words) or python("tools/make_deeds.py", *words)


def locks(words: list[str]) -> int:
    """make the lock files anew from the .in files (needs uv on the path); --upgrade takes newer versions"""
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    if not uv:
        print("uv is absent: install it beside the house, then again", file=sys.stderr)
        return 3
    options = ["--generate-hashes", "--universal", "--python-version", "3.11", "--no-header", "--no-emit-index-url"]
    for name in LOCKS:
        command = [uv, "pip", "compile", "--quiet", *options, *words, f"{name}.in", "-o", f"{name}.lock"]
        if code := subprocess.run(command, cwd=ROOT, check=False).returncode:
            return code
    return 0


TARGETS: dict[str, Callable[[list[str]], int]] = {
    "setup": setup, "run": run, "lint": lint, "types": types, "imports": imports, "test": test, "shape": shape,
    "docs": docs, "messages": messages, "check": check, "hooks": hooks, "room": room, "third-party": third_party,
    "made": made, "locks": locks,
}  # fmt: skip


def main(arguments: list[str]) -> int:
    """The exit code of the target; 2 for a target that is not known."""
    target = TARGETS.get(arguments[0]) if arguments else None
    if target is None:
        print("\n".join(f"  {name:12} {(function.__doc__ or '').strip()}" for name, function in TARGETS.items()))
        return 2 if arguments else 0
    return target(arguments[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
