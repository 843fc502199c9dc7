"""A demonstration house with one safe full of numbered copies, founded in a child process.

    python -m tests.journeys.stocked FOLDER COPIES

As tests.journeys.found leaves it with one paper, and besides: so many copies of it in BX-02, kept by the clerk.
"""

import json
import sys
from pathlib import Path

from tests.journeys import found

PAPER, SAFE, PAGES = "DOC-006", "BX-02", 6


def stocked(folder: Path, count: int) -> None:
    """Found the house; enter the copies and put them away, by the deeds that people use."""
    found.found(folder, {PAPER})
    from mifeng.rooms.copies import actions, queries  # app loading: found has loaded the rooms
    from mifeng.rooms.copies.models import Place
    from mifeng.rooms.documents.models import Document
    from mifeng.rooms.people.models import Person

    document = Document.objects.get(uid=_uid(folder))
    clerk, safe = Person.objects.get(login="jianxh"), Place.objects.get(code=SAFE)
    first = 1000  # beyond the numbers that the paper's copies bear
    made = actions.enter(clerk, document, range(first, first + count), PAGES)
    actions.store(clerk, made, safe)
    if queries.disagreements():
        raise SystemExit(queries.disagreements())


def _uid(folder: Path) -> str:
    return str(json.loads((folder / "house.json").read_text())["papers"][PAPER])


if __name__ == "__main__":
    stocked(Path(sys.argv[1]), int(sys.argv[2]))
