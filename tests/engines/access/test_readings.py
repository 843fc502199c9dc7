"""The readings of the rule table over random offices, in the small; `python -m tests.engines.access.long_run` in the large."""

import pytest

from mifeng.engines.access import ACTS, switched
from mifeng.engines.access.policy import RULES

from .long_run import PER_OFFICE, Dice, Differ, Tally, compare, office, run
from .world import Rows


def test_function_interpreter_sql_cedar_and_specification_agree_about_random_offices() -> None:
    tally = run(8 * PER_OFFICE, seed=7, without=frozenset({"postgresql"}))
    assert tally.decisions == tally.compared["cedar"] == tally.compared["sqlite"] == tally.compared["specification"]
    assert set(tally.told) == {f"{act} {answer}" for act in ACTS for answer in ("allowed", "refused")}


@pytest.mark.part("postgresql")
def test_postgresql_agrees_about_random_offices(server) -> None:
    tally, dice, rows = Tally(), Dice(8), Rows.on_server(server)
    for _ in range(2):
        compare(office(dice), [rows], tally, with_cedar=False)
    assert tally.compared["postgresql"] == tally.decisions == 2 * PER_OFFICE


@pytest.mark.parametrize("rule", [rule.id for rule in RULES if rule.effect != "default"])
def test_the_comparison_notices_every_rule_that_is_switched_off(rule: str) -> None:
    """A comparison that could not fail would show nothing: each row left out differs from the naive specification."""
    with switched(rule, "off"), pytest.raises(Differ, match="against"):
        dice = Dice(9)
        for _ in range(20):
            compare(office(dice), [], Tally(), with_cedar=False)
