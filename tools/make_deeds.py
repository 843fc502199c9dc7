"""Write docs/deeds.md: every deed of the house, by room, from the functions themselves.

    python tools/make_deeds.py [--check]

With --check nothing is written; exit 1 says that the page is out of date.
"""

import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from mifeng.site import start  # noqa: E402 - the path above comes first

PAGE = ROOT / "docs" / "deeds.md"
HEAD = """# 行为 Deeds

Made by `tools/make_deeds.py`. Every change and every reading of secret content is one of these:
decided, done and recorded in one transaction, or refused and recorded. The name stands in the log (`act`) and is never used again
for another meaning; what an entry holds is described in [spec/deeds.md](spec/deeds.md).
"""


def said(deed: Any) -> str:
    """The first paragraph of its docstring, on one line."""
    return " ".join((deed.function.__doc__ or "").split("\n\n")[0].split()).replace("|", "/")


def section(room: str, found: list[Any]) -> str:
    """One room's deeds as a table, by name."""
    rows = (f"| `{d.name}` | {'reads' if d.reads else 'changes'} | {d.subject} | {said(d)} |\n" for d in found)
    return f"\n## {room}\n\n| deed | | item | what |\n|---|---|---|---|\n{''.join(rows)}"


def page() -> str:
    """The page as it should be. Only a room's own actions may be deeds, so the name says the room."""
    from mifeng.base import deeds, room  # app loading
    from mifeng.rooms import ORDER

    room.rooms()  # loads every room's actions
    found = sorted(deeds.REGISTERED.values(), key=lambda deed: deed.name)
    by_room = {name: [deed for deed in found if deed.name.startswith(f"{name}:")] for name in ORDER}
    return HEAD + "".join(section(name, deeds) for name, deeds in by_room.items() if deeds)


def main(arguments: list[str]) -> int:
    """Exit code 0, or 1 when the page differs (`--check`)."""
    start.django_up()
    text = page()
    if "--check" in arguments:
        same = PAGE.exists() and PAGE.read_text("utf-8") == text
        print("" if same else "docs/deeds.md is out of date: ./mifeng dev made\n", end="")
        return 0 if same else 1
    PAGE.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
