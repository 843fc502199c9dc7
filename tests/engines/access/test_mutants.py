"""Every small mistake one could make in the table changes some vector."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from mifeng.engines.access.deciding import Answers
from mifeng.engines.access.expr import And, Compare, Expr, IsSet, Not, Or
from mifeng.engines.access.policy import RULES, Rule
from mifeng.engines.access.readings import interpreted

from . import reading

CASES = {name: reading.decision(name) for name in reading.DECISIONS}
NEAR = {"<": ("<=", ">"), "<=": ("<", ">"), ">": (">=", "<"), ">=": (">", "<"), "==": ("!=",), "!=": ("==",)}


def mutants(expr: Expr) -> Iterator[Expr]:
    """The condition with one comparison shifted or turned, one part dropped, `and` and `or` exchanged, or negated."""
    if isinstance(expr, Compare):
        yield from (Compare(op, expr.left, expr.right) for op in NEAR[expr.op])
    elif isinstance(expr, Not):
        yield from (Not(part) for part in mutants(expr.part))
        yield expr.part
    elif isinstance(expr, And | Or):
        yield from _mutants_of_parts(expr)
    else:
        yield Not(expr)


def _mutants_of_parts(expr: And | Or) -> Iterator[Expr]:
    same, other = type(expr), Or if isinstance(expr, And) else And
    guarded = isinstance(expr.parts[0], IsSet)  # without its guard an unset fact would be compared: refused by check
    if not guarded:
        yield other(expr.parts)
    for at, part in enumerate(expr.parts):
        before, after = expr.parts[:at], expr.parts[at + 1 :]
        if not isinstance(part, IsSet) or not guarded:
            yield from (same((*before, changed, *after)) for changed in mutants(part))
            rest = (*before, *after)
            yield same(rest) if len(rest) > 1 else rest[0]


MUTANTS = [(rule, changed) for rule in RULES if rule.effect != "default" for changed in mutants(rule.when)]


def changes_an_answer(rule: Rule, changed: Expr) -> bool:
    rows = tuple(replace(row, when=changed) if row is rule else row for row in RULES)
    for asked, expected in CASES.values():
        answers = Answers(rows, asked.act)
        held = interpreted.held(rows, asked.subject, asked.context, asked.item, asked.relations) & answers.asked
        found = answers.answer(held)
        reasons = tuple((r.rule, r.clause) for r in found.reasons) or ((found.rule, found.clause),)
        flags = tuple((flag.rule, flag.clause) for flag in found.flags)
        if (found.allow, found.knows, reasons, flags) != (expected.allow, expected.knows, expected.reasons, expected.flags):
            return True
    return False


@pytest.mark.parametrize(("rule", "changed"), MUTANTS, ids=[f"{rule.id}: {changed!r}" for rule, changed in MUTANTS])
def test_a_mistake_in_the_table_changes_a_vector(rule: Rule, changed: Expr) -> None:
    assert changes_an_answer(rule, changed)
