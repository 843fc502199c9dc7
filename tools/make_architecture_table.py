"""The table of rooms and clauses in docs/architecture.md, made from the regulation and the list of rooms.

    ./mifeng dev table            write it between the two marks
    ./mifeng dev table --check    compare it
"""

import sys
from pathlib import Path

from mifeng.clauses import regulation
from mifeng.rooms import ORDER

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "architecture.md"
BEGIN = "<!-- rooms and clauses: made by tools/make_architecture_table.py -->\n"
END = "<!-- end -->\n"


def table() -> str:
    """Rooms that stand, in their order, then those whose clauses wait for a room; each clause once."""
    ids: dict[str, list[str]] = {room: [] for room in ORDER}
    for clause in regulation().values():
        ids.setdefault(clause.room, []).append(clause.id)
    lines = [f"| {room} | {'yes' if room in ORDER else ''} | {' '.join(found) or '–'} |" for room, found in ids.items()]
    return "\n".join(["| room | stands | clauses |", "|---|---|---|", *lines]) + "\n"


def page() -> str:
    """The page with the table as it should be."""
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    return f"{before}{BEGIN}{table()}{END}{rest.partition(END)[2]}"


def main(arguments: list[str]) -> int:
    """Exit code 0, or 1 when the page differs (`--check`)."""
    text = page()
    if "--check" in arguments:
        same = PAGE.read_text("utf-8") == text
        print("docs/architecture.md: table is up to date" if same else "docs/architecture.md: ./mifeng dev table")
        return 0 if same else 1
    PAGE.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
