"""Parts of the machine that a test may need: skipped under the part's name where it is absent.

    @pytest.mark.part("chromium")

The mark travels into the report as the property `part`, from which tools/run_tests.py learns what was skipped.
"""

import importlib.util
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

ADDED = ""  # a part of Python's, not of the machine's


def on_path(*names: str) -> Callable[[], bool]:
    """A probe: every one of these commands can be found."""
    return lambda: all(shutil.which(name) for name in names)


def importable(*names: str) -> Callable[[], bool]:
    """A probe: every one of these packages is installed."""
    return lambda: all(importlib.util.find_spec(name) for name in names)


def chinese_fonts() -> bool:
    """Whether the system itself has a font for Chinese; the converter of Office files needs one."""
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, check=False).stdout.strip())


def database_programs() -> Path | None:
    """The folder with PostgreSQL's initdb and postgres, None where there is none; Debian keeps them off the path."""
    on_path = shutil.which("initdb")
    found = [Path(on_path).parent] if on_path else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return next((folder for folder in reversed(found) if (folder / "postgres").exists()), None)


PARTS: dict[str, tuple[Callable[[], bool], str]] = {
    "chromium": (on_path("chromium", "chromedriver"), "chromium chromium-driver"),
    "libreoffice": (on_path("soffice"), "libreoffice-writer-nogui"),
    "bubblewrap": (on_path("bwrap"), "bubblewrap"),
    "clamd": (on_path("clamd"), "clamav-daemon"),
    "fonts": (chinese_fonts, "fonts-noto-cjk"),
    "cups": (on_path("cupsd", "lp", "lpadmin", "cupsreject"), "cups"),
    "gettext": (on_path("msgfmt", "xgettext"), "gettext"),
    "postgresql": (lambda: database_programs() is not None, "postgresql"),
    "poppler": (on_path("pdftotext", "pdftoppm"), "poppler-utils"),
    "ocr": (importable("rapidocr", "onnxruntime"), ADDED),
}


class UnknownPart(Exception):
    """A test names a part that no probe knows."""


@cache
def present(part: str) -> bool:
    """Whether the machine has the part. Raises UnknownPart."""
    if part not in PARTS:
        raise UnknownPart(f"{part}; known: {', '.join(PARTS)}")
    return PARTS[part][0]()


def parts_of(item: pytest.Item) -> list[str]:
    """The parts a test names by its marks, also those of its class and module."""
    return [str(part) for mark in item.iter_markers("part") for part in mark.args]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        item.user_properties.extend(("part", part) for part in parts_of(item))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    for part in parts_of(item):
        if not present(part):
            how = f"./mifeng add {part}" if PARTS[part][1] == ADDED else f"apt-get install {PARTS[part][1]}"
            pytest.skip(f"part {part} is absent: {how}")
