"""`mifeng simulate --people N --years Y --seed S`: years of an invented company, through the real deeds, then every promise checked.

In a house of its own in a temporary folder, which is removed; never in one that stands. Exit 1 when a promise was broken.
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any


def main(argv: list[str]) -> int:
    """Exit 0 when every invariant held, 1 when one did not, 2 on misuse."""
    args = _arguments(argv)
    if args.folder and not Path(args.folder).is_dir():
        print(f"没有这个目录 / no such folder: {args.folder}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="mifeng-simulate-", dir=args.folder) as folder:
        _environment(Path(folder), args.database)
        from mifeng.site import start  # app loading: the environment is set first

        start.django_up()
        from mifeng.site.simulation import course, founding
        from mifeng.site.simulation.office import Plan

        plan = Plan(args.people, args.days or round(args.years * 365), args.deeds, args.seed)
        try:
            found = course.run(plan, lambda text: print(text, flush=True))
        except founding.NotEmpty:
            print("此处已有公司 / a house stands here already: a simulation takes an empty database", file=sys.stderr)
            return 2
        except ValueError as reason:
            print(reason, file=sys.stderr)
            return 2
    if args.json:
        Path(args.json).write_text(json.dumps(found.figures | {"breaches": found.breaches}, ensure_ascii=False, indent=1) + "\n", "utf-8")
    _tell(found.figures, found.breaches)
    return 0 if found.kept else 1


def _arguments(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="mifeng simulate", description="Years of an invented company, every promise checked.")
    parser.add_argument("--people", type=int, default=200, help="how many people (51 at least)")
    parser.add_argument("--years", type=float, default=2, help="how many years of 365 days")
    parser.add_argument("--days", type=int, default=0, help="days instead of years")
    parser.add_argument("--deeds", type=int, default=40, help="deeds on a working day")
    parser.add_argument("--seed", type=int, default=1, help="the same seed does the same deeds")
    parser.add_argument("--json", metavar="FILE", help="the figures for machines")
    parser.add_argument("--database", default="", metavar="URL", help="an empty PostgreSQL database instead of SQLite")
    parser.add_argument("--folder", default=None, metavar="DIR", help="where the thrown-away house lies, instead of the system's place")
    return parser.parse_args(argv)


def _environment(folder: Path, database: str) -> None:
    for name in [name for name in os.environ if name.startswith("MIFENG_")]:
        del os.environ[name]  # whatever is set for a real house does not reach this one
    os.environ |= {"MIFENG_HOME": str(folder / "var"), "MIFENG_KEYSTORE": str(folder / "var-keys"), "MIFENG_FAST_DISK": "1"}
    if database:
        os.environ["MIFENG_DATABASE_URL"] = database


def _tell(figures: dict[str, Any], breaches: list[dict[str, Any]]) -> None:
    for name, value in figures.items():
        if isinstance(value, dict):
            print(f"{name}:")
            for key, number in value.items():
                print(f"  {number:>9}  {key}")
        else:
            print(f"{name}: {value}")
    for breach in breaches:
        where = f"{breach['at']}, entry {breach['seq']}, seed {figures['seed']}"
        print(f"BROKEN 未守住 {breach['invariant']}: {breach['sentence']} ({where})")
    again = f"{len(breaches)} breaches; the same seed shows them again: --seed {figures['seed']}"
    print(again if breaches else "every promise was kept")
