"""The examples in the docstrings run as they stand."""

import base64
import doctest
import re
from pathlib import Path

import pytest

import mifeng.engines.vault
from mifeng.engines.vault import unseal


@pytest.mark.parametrize("module", [mifeng.engines.vault, unseal], ids=lambda module: module.__name__)
def test_the_examples_of_the_manual_run(module: object) -> None:
    result = doctest.testmod(module, optionflags=doctest.ELLIPSIS)
    assert result.attempted >= 3
    assert result.failed == 0


def test_the_example_of_the_specification_is_the_golden_file() -> None:
    root = Path(__file__).parents[3]
    block = (root / "docs" / "spec" / "vault.md").read_text(encoding="utf-8").split("```")[1]
    told = "".join(re.sub(r"[^0-9a-f]", "", line[:54]) for line in block.splitlines() if "…" not in line)
    payload = (root / "vectors" / "vault" / "opens_short.txt").read_text().split("\n\n")[1]
    assert told == base64.b64decode(payload)[:64].hex()


def test_the_manual_names_only_what_exists() -> None:
    package = mifeng.engines.vault
    assert [name for name in package.__all__ if not hasattr(package, name)] == []
    assert sorted(package.__all__) == sorted(set(package.__all__))
