"""Benchmark of the pages: what the server does for each page people open daily, in a small register and in a large one.

    ./mifeng bench pages [--quick] [--documents N] [--seed S] [--json FILE]

The demonstration company, its register filled up with copies of its own papers, spread over ten years, each with its own
key, title and code. The same people open the same pages twice over: with 1,000 papers and with N (100,000; --quick: 10,000).
CPU milliseconds of the server for one page, median, with the house's own checks, statements counted. A page should not
tell how large the register is: the ratio of the two is the second figure.
"""

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import deeds
from lines import Row

GOAL = 30.0  # milliseconds of CPU a page
GROWS = 1.5  # times the work of the small register at most
SMALL = 1_000
AT_ONCE = 2_000  # papers entered by one deed
REPEATED = 9
PAGES = {
    "gm": ("/", "/documents/", "/approvals/", "/registers/F08/", "/notices/"),
    "deputy": ("/", "/documents/", "/documents/terms/"),
    "office_head": ("/", "/documents/"),
    "clerk": ("/", "/documents/", "/registers/F08/", "/registers/F08/?year=2023"),
    "insider": ("/", "/documents/", "/me/"),
    "outsider": ("/", "/documents/"),
    "auditor": ("/", "/oversight/"),
    "sysadmin": ("/", "/system/"),
}  # fmt: skip


def founded(folder: Path) -> None:
    """The demonstration company with all its papers, its past played by deeds."""
    deeds.name_folders(folder)
    import os

    os.environ["MIFENG_FAST_DISK"] = "1"
    from mifeng.site import start  # app loading

    start.django_up()
    from mifeng.site.demo import loader

    start.folders()
    start.migrate()
    loader.make_vault(folder / "var" / "demo-unseal")
    start.house()
    loader.load()


def fill(most: int, chance: random.Random) -> None:
    """Copies of the company's papers until the register holds `most`: own key, own number, own place in ten years."""
    from mifeng.base.deeds import _do  # the bench enters what no deed of the product enters in bulk
    from mifeng.rooms.documents.models import Document

    papers = list(Document.objects.filter(live=True, sealed=False, excl=None))
    while (left := most - Document.objects.count()) > 0:
        _do("bench:fill", None, None, partial(enter, papers, min(left, AT_ONCE), chance))


def enter(papers: list[Any], count: int, chance: random.Random) -> None:
    """So many copies with their files, written in bulk and coded as a deed would."""
    from mifeng.base import deeds as base  # app loading
    from mifeng.rooms.documents.models import Change, Document, DocumentFile

    made = [copy_of(chance.choice(papers), chance) for _ in range(count)]
    coded(Document, made)
    files = [file for paper in made for file in files_of(paper)]
    coded(DocumentFile, files)
    lines = [line for paper in made for line in lines_of(paper)]
    for line in lines:
        for field in ("before", "after", "reason"):
            type(line)._meta.get_field(field).seal(line)
    Change.objects.bulk_create(lines, batch_size=500)
    for paper in made:
        base.touch("document", paper.pk)


def lines_of(paper: Any) -> Iterator[Any]:
    """The copy's lines of the registers F08 and F09, as old as it."""
    from mifeng.base.fields import new_uid  # app loading
    from mifeng.rooms.documents.models import Change

    for line in paper.source.changes.exclude(number=""):
        made = Change(
            uid=new_uid(), document=paper, what=line.what, at=paper.registered_at, person_id=line.person_id, number=line.number,
        )  # fmt: skip
        made.before, made.after, made.reason = line.before, line.after, line.reason
        yield made


def coded(model: Any, rows: list[Any]) -> None:
    """Insert, then the codes, which cover the keys that the database gave."""
    for row in rows:
        for field in model._meta.concrete_fields:
            if hasattr(field, "seal"):
                field.seal(row)
    model._base_manager.bulk_create(rows, batch_size=200)
    for row in rows:
        row.row_mac = row.row_code()
    model._base_manager.bulk_update(rows, ["row_mac"], batch_size=200)


def copy_of(paper: Any, chance: random.Random) -> Any:
    """A paper like this one, registered on another day, due on another."""
    from mifeng.base.fields import new_uid  # app loading
    from mifeng.rooms.documents.models import Document

    days = timedelta(days=chance.randrange(1, 3600), minutes=chance.randrange(1440))
    told = {field.attname: getattr(paper, field.attname) for field in Document._meta.concrete_fields if field.attname != "id"}
    made = Document(**(told | {"uid": new_uid(), "registered_at": paper.registered_at - days, "row_mac": b""}))
    made.title, made.number = f"{paper.title} {days.days}", f"{paper.number[:-1]}-{days.days}号"
    if made.expires_on:
        made.expires_on += timedelta(days=chance.randrange(0, 3600))
    made.source = paper
    return made


def files_of(paper: Any) -> Iterator[Any]:
    """The copy has the pages of its original."""
    from mifeng.base.fields import new_uid  # app loading
    from mifeng.rooms.documents.models import DocumentFile

    for file in paper.source.files.all():
        told = {f.attname: getattr(file, f.attname) for f in DocumentFile._meta.concrete_fields if f.attname != "id"}
        made = DocumentFile(**(told | {"uid": new_uid(), "document_id": paper.pk, "row_mac": b""}))
        made.document = paper
        yield made


def measured(which: dict[str, tuple[str, ...]]) -> dict[str, tuple[float, int]]:
    """Median CPU milliseconds and statements of each page, by person and address."""
    from django.db import connection  # app loading
    from django.test.utils import CaptureQueriesContext

    told = {}
    for who, places in which.items():
        client = seated(who)
        for place in places:
            client.get(place)
            times = [deeds.milliseconds(lambda: opened(client, place), time.process_time) for _ in range(REPEATED)]  # noqa: B023
            with CaptureQueriesContext(connection) as caught:
                opened(client, place)
            told[f"{who} {place}"] = statistics.median(times), len(caught.captured_queries)
    return told


def opened(client: Any, place: str) -> None:
    """The page; anything but the page ends the benchmark."""
    answer = client.get(place)
    if answer.status_code != 200:
        raise SystemExit(f"{place}: {answer.status_code}")


def seated(who: str) -> Any:
    """A browser in which this person has sat down at the demonstration."""
    from django.test import Client  # app loading

    from mifeng.rooms.people.models import Person
    from tests.cast import LOGINS

    client = Client(headers={"accept": "text/html"})
    client.post("/demo/", {"person": Person.objects.get(login=LOGINS[who]).uid})
    return client


def plain_static_files() -> None:
    """Nothing is collected here: plain names of static files will do."""
    from django.conf import settings  # app loading

    backend = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES, settings.ALLOWED_HOSTS = settings.STORAGES | {"staticfiles": backend}, ["*"]


def rows_of(small: dict[str, tuple[float, int]], large: dict[str, tuple[float, int]]) -> list[Row]:
    """A line for each page, then the slowest and the one that grows most."""
    rows = []
    for page, (milliseconds, statements) in large.items():
        ratio = milliseconds / small[page][0]
        note = f"{small[page][0]:.1f} ms with {SMALL:,} papers = {ratio:.2f}x; {small[page][1]} and {statements} statements"
        rows.append(Row(page, round(milliseconds, 1), "ms CPU", GOAL, milliseconds <= GOAL, note, ratio=round(ratio, 2)))
    worst, grown = max(row.ours for row in rows), max(row.ratio for row in rows)
    return [
        *rows, Row("the slowest page", worst, "ms CPU", GOAL, worst <= GOAL, ""),
        Row("the page that grows most", grown, "x", GROWS, grown <= GROWS, "the large register beside the small one"),
    ]  # fmt: skip


def shown(row: Row) -> str:
    met = "met" if row.met else "NOT MET"
    return f"{row.name:30} {row.ours:>9,.2f} {row.unit:7} goal {row.goal:<5g} {met:8} {row.note}"


def timed(say: str, act: Callable[[], None]) -> None:
    start = time.perf_counter()
    act()
    print(f"{say}: {time.perf_counter() - start:.0f} s", file=sys.stderr, flush=True)


def main() -> int:
    """Print the lines, write them where asked. Never fails for a speed."""
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="mifeng bench pages", description=__doc__, formatter_class=plain)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--documents", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    most, chance = asked.documents or (10_000 if asked.quick else 100_000), random.Random(asked.seed)
    with tempfile.TemporaryDirectory(prefix="mifeng-bench-") as name:
        timed("founded", lambda: founded(Path(name)))
        plain_static_files()
        timed(f"{SMALL:,} papers", lambda: fill(SMALL, chance))
        small = measured(PAGES)
        timed(f"{most:,} papers", lambda: fill(most, chance))
        rows = rows_of(small, measured(PAGES))
    print("\n".join(map(shown, rows)))
    if asked.json:
        told = {"bench": "pages", "documents": most, "rows": [asdict(row) for row in rows]}
        asked.json.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
