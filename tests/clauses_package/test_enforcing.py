"""Rules register under their clauses; a switched rule answers what it is told."""

from collections.abc import Callable, Iterator

import pytest

from mifeng.clauses import RULES, UnknownClause, enforces, rules_of, switched

Decides = Callable[[int, int], bool]
NAME = f"{__name__}.may_reproduce"


def may_reproduce(copies: int, approved: int) -> bool:
    """未经总经理或主管副总经理批准,密级文件资料物品不得复制、摘抄。

    At most as many copies as were approved.
    """
    return copies <= approved


@pytest.fixture(name="may_reproduce")
def kept() -> Iterator[Decides]:
    """The rule stands for one test only: the tests of the house count what the rooms keep."""
    yield enforces("M2.1", "C2.2")(may_reproduce)
    del RULES[NAME]


def test_a_rule_registers_under_its_clauses_and_quotes_the_text(may_reproduce: Decides) -> None:
    rule = RULES[NAME]
    assert (rule.name, rule.clauses) == (NAME, ("M2.1", "C2.2"))
    assert rule.quotation == "未经总经理或主管副总经理批准,密级文件资料物品不得复制、摘抄。"
    assert rule in rules_of("M2.1")
    assert rule in rules_of("C2.2")
    assert rule not in rules_of("C3")


def test_a_rule_is_still_the_function_it_was(may_reproduce: Decides) -> None:
    assert (may_reproduce(2, 2), may_reproduce(3, 2)) == (True, False)
    assert may_reproduce.__name__ == "may_reproduce"


def test_a_switched_rule_answers_what_it_is_told_and_then_itself_again(may_reproduce: Decides) -> None:
    with switched(NAME, True):
        assert may_reproduce(3, 2) is True
        with switched(NAME, "no"):
            assert may_reproduce(1, 2) == "no"
        assert may_reproduce(3, 2) is True
    assert may_reproduce(3, 2) is False


def test_a_switched_rule_comes_back_after_an_error(may_reproduce: Decides) -> None:
    with pytest.raises(RuntimeError), switched(NAME, True):
        raise RuntimeError
    assert may_reproduce(3, 2) is False


def test_a_rule_that_does_not_exist_cannot_be_switched() -> None:
    with pytest.raises(KeyError), switched("mifeng.rooms.copies.rules.no_such_rule", True):
        pass


def test_a_clause_that_no_book_has_cannot_be_enforced() -> None:
    with pytest.raises(UnknownClause, match=r"M2\.9"):
        enforces("M2.9")
