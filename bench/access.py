"""Benchmark of access: decisions with reasons beside their peers, and lists out of a million items.

    ./mifeng bench access [--quick] [--database sqlite|postgres] [--docs N] [--people N] [--seed N]
                          [--peers cedarpy,casbin,regopy] [--json FILE]

Two parts, each a program of its own: access_decisions.py (this process) and access_lists.py (a process of its own, for it
founds a throw-away house). Exit code 1 when answers differ anywhere; nothing is printed of a part whose answers differ.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import access_decisions

LISTS = Path(__file__).with_name("access_lists.py")


def lists(asked: argparse.Namespace) -> tuple[int, list[dict[str, Any]]]:
    """The exit code and the rows of the lists, printed by their own program."""
    with tempfile.NamedTemporaryFile(suffix=".json") as told:
        command = [
            sys.executable, str(LISTS), "--database", asked.database, "--docs", str(asked.docs), "--people", str(asked.people),
            "--seed", str(asked.seed), "--json", told.name, *(["--quick"] if asked.quick else []),
        ]  # fmt: skip
        code = subprocess.run(command, check=False).returncode
        text = Path(told.name).read_text(encoding="utf-8")
        return code, json.loads(text)["rows"] if text else []


def main() -> int:
    """Both parts, one after the other, and one file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    access_decisions.options(parser).add_argument("--database", default="sqlite", help="sqlite, postgres, or as lists take it")
    asked = parser.parse_args()
    found = access_decisions.run(asked)
    access_decisions.show(found)
    code, others = lists(asked) if LISTS.exists() else (0, [])
    if asked.json:
        rows = [*(asdict(row) for row in found), *others]
        asked.json.write_text(json.dumps({"bench": "access", "rows": rows}, ensure_ascii=False), encoding="utf-8")
    return code


if __name__ == "__main__":
    sys.exit(main())
