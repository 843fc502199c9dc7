"""Every small mistake one could make in the rule table, one at a time.

A row dropped; an act taken from a row; a row that hides made one that does not and the other way round; and in a
condition: a part negated or dropped, `and` and `or` exchanged, a comparison made any other, an integer one more or one
less, a fact or relation made any other of its type. The row of grants behind GRANT is changed in the same ways.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from mifeng.engines.access.expr import COMPARE, And, Attr, Compare, Expr, IsSet, LawBroken, Lit, Not, Or, Rel, check
from mifeng.engines.access.facts import FACTS, GRANT_FACTS, RELATIONS
from mifeng.engines.access.policy import ACTS, READ, RULES, WITNESSES, Rule, verify

from .solver import Table

# Facts that a slip of the pen could put for one another: of the same type and the same being unset.
FACTS_OF_ROWS = [*FACTS, *GRANT_FACTS]


@dataclass(frozen=True, eq=False)
class Mutant:
    """`table` is the table with the mistake, None when it is refused at import; `acts` whose answers it may touch."""

    name: str
    rule: str
    table: Table | None
    acts: tuple[str, ...]
    row: Rule | None = None


def every() -> list[Mutant]:
    """All of them, in a fixed order."""
    found = [mutant for rule in RULES if rule.effect != "default" for mutant in _of_rule(rule)]
    return found + [mutant for name in WITNESSES for mutant in _of_witness(name)]


def _of_rule(rule: Rule) -> Iterator[Mutant]:
    touched = ACTS if READ in rule.acts else rule.acts
    yield Mutant(f"{rule.id}: dropped", rule.id, Table(row for row in RULES if row is not rule), touched)
    if len(rule.acts) > 1:
        for act in rule.acts:
            left = replace(rule, acts=tuple(other for other in rule.acts if other != act))
            yield _changed(rule, left, f"without {act}", ACTS if act == READ else (act,))
    if rule.effect == "deny":
        yield _changed(rule, replace(rule, calm=not rule.calm), "hides" if rule.calm else "does not hide", touched)
        yield _changed(rule, replace(rule, hides=not rule.hides), f"in place of reading: {not rule.hides}", touched)
    for when in conditions(rule.when):
        yield _changed(rule, replace(rule, when=when), repr(when), touched)


def _changed(rule: Rule, to: Rule, how: str, touched: tuple[str, ...]) -> Mutant:
    rows = tuple(to if row is rule else row for row in RULES)
    try:
        verify(rows)
    except LawBroken:
        return Mutant(f"{rule.id}: {how}", rule.id, None, touched)
    return Mutant(f"{rule.id}: {how}", rule.id, Table(rows), touched, to)


def _of_witness(name: str) -> Iterator[Mutant]:
    for when in conditions(WITNESSES[name]):
        try:
            check(when)
            table = Table(witnesses={**WITNESSES, name: when})
        except LawBroken:
            table = None
        yield Mutant(f"row of {name}: {when!r}", f"row of {name}", table, ACTS)


def conditions(expr: Expr) -> Iterator[Expr]:
    """The condition with one mistake."""
    if isinstance(expr, Not):
        yield expr.part
        yield from (Not(part) for part in conditions(expr.part))
        return
    yield Not(expr)
    if isinstance(expr, Compare):
        yield from _of_comparison(expr)
    elif isinstance(expr, And | Or):
        yield from _of_parts(expr)
    elif isinstance(expr, IsSet):
        yield from (IsSet(attr) for attr in _swapped(expr.attr))
    elif isinstance(expr, Attr | Rel):
        yield from _swapped(expr)


def _of_comparison(expr: Compare) -> Iterator[Expr]:
    yield from (Compare(op, expr.left, expr.right) for op in COMPARE if op != expr.op)
    yield from (Compare(expr.op, left, expr.right) for left in _swapped(expr.left))
    yield from (Compare(expr.op, expr.left, right) for right in _swapped(expr.right))


def _of_parts(expr: And | Or) -> Iterator[Expr]:
    same, other = type(expr), Or if isinstance(expr, And) else And
    yield other(expr.parts)
    for at, part in enumerate(expr.parts):
        before, after = expr.parts[:at], expr.parts[at + 1 :]
        rest = (*before, *after)
        yield same(rest) if len(rest) > 1 else rest[0]
        yield from (same((*before, changed, *after)) for changed in conditions(part))


def _swapped(expr: Expr) -> Iterator[Expr]:
    if isinstance(expr, Lit):
        yield from (Lit(int(expr.value) + step) for step in (-1, 1))
    elif isinstance(expr, Rel):
        yield from (Rel(spec) for spec in RELATIONS if spec is not expr.spec)
    elif isinstance(expr, Attr):
        # A grant's facts stand in its row only, and no other row has a grant.
        among = FACTS_OF_ROWS if expr.spec.side == "grant" else FACTS
        spec = expr.spec
        yield from (Attr(s) for s in among if s is not spec and (s.type, s.nullable) == (spec.type, spec.nullable))
