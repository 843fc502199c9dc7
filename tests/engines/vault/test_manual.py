"""The examples in the docstrings run as they stand."""

import doctest

import pytest

import mifeng.engines.vault
from mifeng.engines.vault import unseal


@pytest.mark.parametrize("module", [mifeng.engines.vault, unseal], ids=lambda module: module.__name__)
def test_the_examples_of_the_manual_run(module: object) -> None:
    result = doctest.testmod(module, optionflags=doctest.ELLIPSIS)
    assert result.attempted >= 3
    assert result.failed == 0


def test_the_manual_names_only_what_exists() -> None:
    package = mifeng.engines.vault
    assert [name for name in package.__all__ if not hasattr(package, name)] == []
    assert sorted(package.__all__) == sorted(set(package.__all__))
