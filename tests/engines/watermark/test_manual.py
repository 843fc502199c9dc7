"""The example in the package's docstring runs as it stands."""

import doctest

import mifeng.engines.watermark as watermark


def test_the_example_of_the_manual_runs() -> None:
    result = doctest.testmod(watermark)
    assert (result.attempted >= 8, result.failed) == (True, 0)


def test_the_manual_names_only_what_exists() -> None:
    assert [name for name in watermark.__all__ if not hasattr(watermark, name)] == []
    assert sorted(watermark.__all__) == sorted(set(watermark.__all__))


def test_the_first_page_of_a_process_can_be_paid_for_in_advance() -> None:
    watermark.warm_up()
