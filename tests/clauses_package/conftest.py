"""A copy of the regulation that a test may spoil."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from mifeng.clauses import loader


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The whole regulation in a folder of its own."""
    return Path(shutil.copytree(loader.FOLDER, tmp_path / "regulation"))


@pytest.fixture
def spoil(copy: Path) -> Callable[[str, str, str], Path]:
    """Replace the first place of a text in one file of the copy; returns the folder."""

    def replace(file: str, old: str, new: str) -> Path:
        text = (copy / file).read_text("utf-8")
        assert old in text
        (copy / file).write_text(text.replace(old, new, 1), "utf-8")
        return copy

    return replace
