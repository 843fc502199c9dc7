"""The example in the package's docstring runs as it stands, and names what exists."""

import doctest

import mifeng.engines.access


def test_the_example_of_the_manual_runs() -> None:
    result = doctest.testmod(mifeng.engines.access)
    assert (result.failed, result.attempted >= 10) == (0, True)


def test_the_manual_names_only_what_exists() -> None:
    package = mifeng.engines.access
    assert [name for name in package.__all__ if not hasattr(package, name)] == []
    assert sorted(package.__all__) == sorted(set(package.__all__))
