"""`mifeng demo`: load the demonstration company into an empty, throw-away installation, through real deeds.

`mifeng demo --papers DIR` only writes the company's papers as PDF and docx files, for trying out uploads.
"""

import argparse
import sys
from pathlib import Path


def main(argv: list[str]) -> int:
    """Exit 0 when loaded or written, 1 when the installation already has a company, 2 on misuse."""
    parser = argparse.ArgumentParser(prog="mifeng demo", description="演示公司 / the demonstration company")
    parser.add_argument("--papers", metavar="DIR", type=Path, help="只写出演示文件 / only write its papers")
    asked = parser.parse_args(argv)
    if asked.papers is not None:
        return _write_papers(asked.papers)
    return _load()


def _write_papers(folder: Path) -> int:
    from mifeng.site.demo import papers  # start-up time of a verb: needs no installation

    written = papers.write_all(folder)
    print(f"已写出 {len(written)} 个文件 / files written: {folder}")
    return 0


def _load() -> int:
    from mifeng.site import start  # app loading

    start.django_up()
    from django.conf import settings  # app loading

    from mifeng.base import vault  # app loading
    from mifeng.rooms.people.models import Company  # app loading
    from mifeng.site.demo import loader, state  # app loading

    start.folders()
    start.migrate()
    unseal = settings.ENV.home / "demo-unseal"
    if not vault.exists():
        state.make_vault(unseal)
    else:
        start.unseal_from_file(unseal)
    start.house()
    if Company.objects.exists() and state.is_complete():
        print("此处已有公司 / there is a company here already", file=sys.stderr)
        return 1
    loader.load(say=print)
    return 0
