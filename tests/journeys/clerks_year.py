"""Two clerks work a year, a part of it through the browser; then F05 is printed and held against the log by a stranger.

    python -m tests.journeys.clerks_year --deeds 200 --seed 1 [--every 2] [--nights 1] [--folder DIR] [--json FILE]

The house is thrown away unless --folder is said. Exit 1 where the registers and the log do not say the same.
"""

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.journeys.found import house_of
from tests.journeys.server import ROOT

COMPARE = ROOT / "tools" / "f05_against_log.py"
VERIFY = ROOT / "tools" / "verify_log.py"
SHORT = 3  # signs of a cell that is not broken on paper: names, levels, counts
FIRST, LAST, COUNTS, CLEAR_UP = date(2026, 1, 6), date(2026, 12, 31), (3, 6, 9), (12, 7)


def work(folder: Path, deeds: int, seed: int, every: int, nights: int) -> dict[str, Any]:
    """The year and its end in this folder. `every`: working days between two errands; `nights`: between two rounds of the house,
    which does after days of rest what it would have done each night. Returns the figures."""
    from mifeng.base import clock, working_days  # app loading
    from tests.journeys.browser import Browser
    from tests.journeys.errands import CAST, Errands
    from tests.journeys.hands import Chromium, Posted
    from tests.journeys.played import Played

    began = time.monotonic()
    house = Played(CAST)
    browser = Browser(folder / "browser", takes_pdf=True)
    try:
        chromium = Chromium(browser, house.serve())
        office = Errands(house, random.Random(seed), {"browser": chromium, "posted": Posted()})
        office.entrust()
        weighed = {
            office.copying: 8, office.first_print: 3, office.receiving: 3, office.lending: 3, office.circulating: 2, office.carrying: 2,
            office.handing_over: 2, office.taking_back: 2, office.correcting: 1, office.losing: 1,
        }  # fmt: skip
        days = [day for n in range((LAST - FIRST).days + 1) if working_days.is_one(day := FIRST + timedelta(days=n))]
        counted: set[int] = set()
        cleared = False
        for n, day in enumerate(days):
            if n % nights == 0:
                house.until(clock.start_of(day) + timedelta(minutes=10))
                house.night()
            house.until(clock.start_of(day) + timedelta(hours=8, minutes=30))
            house.passwords()
            office.due()
            # As much of the browser's share as the year is over.
            office.which = "browser" if office.by("browser") < deeds * (n + 1) / len(days) else "posted"
            if n % every == 0:
                office.begin(office.first_print if n == 0 else office.draw(weighed))
            if day.month in COUNTS and day.day >= 24 and day.month not in counted:
                counted.add(day.month)
                office.begin(office.counting)
            if day.month == CLEAR_UP[0] and day.day >= CLEAR_UP[1] and not cleared:
                cleared, office.which = True, "browser"
                office.begin(office.clearing_up)
            if day == days[-1]:
                office.which = "browser"
                office.begin(office.destroying)
        figures = _end(folder, house, office, chromium)
    finally:
        browser.close()
    return figures | {"minutes": round((time.monotonic() - began) / 60, 1), "seed": seed, "working_days": len(days)}


def _end(folder: Path, house: Any, office: Any, chromium: Any) -> dict[str, Any]:
    """What an inspection does at the end of the year: prints F05, takes the log, compares; and the house's own account."""
    from mifeng.base import record  # app loading
    from mifeng.rooms.copies import queries
    from mifeng.rooms.copies.models import Copy, Movement
    from mifeng.site import verification

    paper, book = printed(house, chromium)
    log, key, names = taken(house, chromium)
    (folder / "names.tsv").write_text("".join(f"{key}\t{name}\n" for key, name in names.items()), "utf-8")
    told = subprocess.run(
        [sys.executable, str(COMPARE), str(book), str(log), str(folder / "names.tsv")], capture_output=True, text=True, check=False
    )
    proved = subprocess.run([sys.executable, str(VERIFY), "--key", key, str(log)], capture_output=True, text=True, check=False)
    by_deed: dict[str, dict[str, int]] = {}
    for (which, deed), times in sorted(office.done.items()):
        by_deed.setdefault(which, {})[deed] = times
    errands = {f"{which} {errand}": times for (which, errand), times in sorted(office.begun.items())}
    return {
        "deeds": office.done.total(), "browser": office.by("browser"), "by": by_deed, "errands": errands, "log_entries": record.head()[0],
        "copies": Copy.objects.count(), "movements": Movement.objects.count(), "lines": len(rows_of(book)),
        "compared": told.stdout.strip().splitlines(), "equal": told.returncode == 0, "faults": told.stderr.strip()[-600:],
        "paper_says_the_same": says_the_same(paper, book), "log_verifies": proved.returncode == 0,
        "disagreements": queries.disagreements(), "verify": verification.run(), "files": [str(book), str(paper), str(log)],
    }  # fmt: skip


def printed(house: Any, chromium: Any) -> tuple[Path, Path]:
    """F05 of the year as the clerk prints it: on paper, and as a table."""
    found = []
    for do, ending in (("print", "pdf"), ("table", "xlsx")):
        seen = set(chromium.browser.downloads.glob(f"*.{ending}"))
        house.wait(60)
        chromium.press(house.sit("jianxh"), "/registers/F05/", ("do", do), {}, {})
        found.append(chromium.file(ending, seen))
    return found[0], found[1]


def taken(house: Any, chromium: Any) -> tuple[Path, str, dict[str, str]]:
    """What an auditor takes along: the bundle, its public key, and who and what the ids in it are, as pages say it to him."""
    book, names = rows_of(next(chromium.browser.downloads.glob("F05*.xlsx"))), {}
    house.wait(60)
    for name in sorted({row[at] for row in book for at in (1, 10, 11)}):
        house.wait(5)
        seq = _seq_of(house, chromium, name)
        chromium.walk(house.sit("yinym"), f"/oversight/log/{seq}/")
        names[re.search(rf"{name} ([0-9a-f]{{32}})", chromium.browser.text("main"))[1]] = name
    chromium.walk(house.sit("yinym"), "/oversight/proofs/")
    key = next(line for line in chromium.browser.text("main").split("\n") if line.startswith("mifeng/") and line.count("+") >= 2).strip()
    chromium.press(house.sit("yinym"), "/oversight/proofs/", None, {}, {})
    log = chromium.file("zip", set())
    house.wait(60)
    names |= _titles(house, chromium)
    return log, key, names


def _seq_of(house: Any, chromium: Any, name: str) -> int:
    """An entry of this person's, as the auditor finds it by the name."""
    chromium.press(house.sit("yinym"), "/oversight/?kind=person", None, {}, {"since": "2026-01-01", "who": name})
    row = chromium.browser.named("main table tbody tr", name)
    return int(row.find_element("css selector", "a").text.replace(",", ""))


def _titles(house: Any, chromium: Any) -> dict[str, str]:
    """Items by key, as the clerk's register of items names them, page after page."""
    found, path = {}, "/documents/"
    while path:
        house.wait(5)
        chromium.walk(house.sit("jianxh"), path)
        for link in chromium.browser.all("main table td.t > a"):
            found["documents:" + link.get_attribute("href").rstrip("/").rpartition("/")[2]] = link.text
        further = [
            one.get_attribute("href")
            for one in chromium.browser.all("main a[rel=next], main a")
            if "after=" in (one.get_attribute("href") or "")
        ]
        path = further[0].removeprefix(chromium.address) if further else ""
    return found


def rows_of(book: Path) -> list[list[str]]:
    """The lines of the table, as texts."""
    from openpyxl import load_workbook  # a library of the product's

    sheet = load_workbook(book).active
    return [[str(cell or "") for cell in row] for row in list(sheet.iter_rows(values_only=True))[1:-1]]


def says_the_same(paper: Path, book: Path) -> bool:
    """The lines of the table stand on the paper, in their order, each with those of its cells that are short enough not to be broken."""
    import pypdfium2  # a library of the product's

    pages, rows = pypdfium2.PdfDocument(paper), rows_of(book)
    text = "".join("".join(page.get_textpage().get_text_bounded().split()) for page in pages)
    begins = [0]
    for row in rows:
        begins.append(text.find(row[0].rpartition("〕")[2] + row[1], begins[-1]))
    ends = [*begins[2:], len(text)]
    lines = [text[begin:end] for begin, end in zip(begins[1:], ends, strict=True)]
    return min(begins) >= 0 and all(cell in line for row, line in zip(rows, lines, strict=True) for cell in row[1:] if len(cell) <= SHORT)


def main() -> int:
    """Exit 0 when books, log and account agree."""
    parser = argparse.ArgumentParser(prog="clerks_year")
    parser.add_argument("--deeds", type=int, default=200, help="deeds through the browser, at least")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every", type=int, default=2, help="working days between two errands")
    parser.add_argument("--nights", type=int, default=1, help="working days between two rounds of the house")
    parser.add_argument("--folder", type=Path, help="keep the house here")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="clerks-year-") as thrown_away:
        folder = args.folder or Path(thrown_away)
        folder.mkdir(parents=True, exist_ok=True)
        for name in [name for name in os.environ if name.startswith(("MIFENG_", "DJANGO_"))]:
            del os.environ[name]
        os.environ |= {name: value for name, value in house_of(folder).items() if name != "MIFENG_UNSEAL_FILE"}
        from mifeng.site import start  # app loading: the folders are named first

        start.django_up()
        figures = work(folder, args.deeds, args.seed, args.every, args.nights)
    if args.json:
        args.json.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", "utf-8")
    print(json.dumps(figures, ensure_ascii=False, indent=1))
    good = ("equal", "paper_says_the_same", "log_verifies")
    return 0 if all(figures[name] for name in good) and not figures["disagreements"] and not figures["verify"] else 1


if __name__ == "__main__":
    sys.exit(main())
