"""Reading as a term of Z3: made from the same rows by walking the same few classes of expressions.

It stands among the tests because the solver proves things about the table and answers no question of the product:
nothing that is shipped may import it. Every fact is a free integer or truth value, a nullable fact also has a free "is
set", a relation is a free truth value: more than can happen, hence sound for "never". `grant` may be opened up into one
witness row of free constants, in positive position only: under a negation one row would have to stand for all.
"""

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any

import z3

from mifeng.engines.access.expr import And, Attr, Compare, Expr, IsSet, Lit, Not, Or, Rel, Truth
from mifeng.engines.access.facts import FACTS, GRANT_FACTS, ITEM_ID, RELATIONS, FactSpec
from mifeng.engines.access.policy import (
    ACTS,
    RULES,
    WITNESSES,
    Rule,
    denies,
    flags,
    hiding,
    permits,
    showing,
)  # fmt: skip

EVERY_FACT = {(spec.side, spec.name): spec for spec in (*FACTS, *GRANT_FACTS, ITEM_ID)}


class WrongPolarity(ValueError):
    """A relation to be opened up stands where more of it would make the term falser."""


class Facts:
    """The facts of one question: free constants, but for those that are given."""

    def __init__(self, given: Mapping[str, Any] = {}) -> None:
        self._given = given

    def value(self, spec: FactSpec) -> z3.ExprRef:
        """The value of a fact (meaningless where a nullable one is not set)."""
        name = f"{spec.side}.{spec.name}"
        return self._given.get(name, z3.Bool(name) if spec.type == "bool" else z3.Int(name))

    def is_set(self, spec: FactSpec) -> z3.ExprRef:
        """Whether the nullable fact has a value."""
        name = f"{spec.side}.{spec.name}?"
        return self._given.get(name, z3.Bool(name))

    def relation(self, name: str) -> z3.ExprRef:
        """Whether the relation holds."""
        return self._given.get(name, z3.Bool(name))

    def but(self, **given: Any) -> "Facts":
        """The same facts with some given; `__` stands for the dot of a side: `context__now=5`."""
        return Facts({**self._given, **{name.replace("__", "."): value for name, value in given.items()}})


NOTHING: Mapping[str, Expr] = MappingProxyType({})


def term(expr: Expr, facts: Facts, opened: Mapping[str, Expr] = NOTHING, positive: bool = True) -> z3.BoolRef:
    """The condition as a term; a relation in `opened` as what its witness row must be. Raises WrongPolarity."""
    if isinstance(expr, And | Or):
        join = z3.And if isinstance(expr, And) else z3.Or
        return join(*(term(part, facts, opened, positive) for part in expr.parts))
    if isinstance(expr, Not):
        return z3.Not(term(expr.part, facts, opened, not positive))
    if isinstance(expr, Compare):
        return _compare(expr.op, _operand(expr.left, facts), _operand(expr.right, facts))
    if isinstance(expr, IsSet):
        return facts.is_set(expr.attr.spec)
    if isinstance(expr, Truth):
        return z3.BoolVal(expr.value)
    if isinstance(expr, Attr):
        return facts.value(expr.spec)
    if isinstance(expr, Rel):
        return _relation(expr, facts, opened, positive)
    raise TypeError(f"no term for {type(expr).__name__}")


def _relation(expr: Rel, facts: Facts, opened: Mapping[str, Expr], positive: bool) -> z3.BoolRef:
    if expr.spec.name not in opened:
        return facts.relation(expr.spec.name)
    if not positive:
        raise WrongPolarity(f"{expr!r} stands under a negation")
    return term(opened[expr.spec.name], facts)


def _compare(op: str, left: z3.ArithRef, right: z3.ArithRef) -> z3.BoolRef:
    return {
        "==": left == right, "!=": left != right, "<": left < right, "<=": left <= right, ">": left > right,
        ">=": left >= right,
    }[op]  # fmt: skip


def _operand(expr: Expr, facts: Facts) -> z3.ArithRef:
    return z3.IntVal(int(expr.value)) if isinstance(expr, Lit) else facts.value(expr.spec)  # type: ignore[attr-defined]


class Side:
    """`question.item.level`: the facts of one side as terms; `set_excl` asks whether a nullable one is set."""

    def __init__(self, side: str, facts: Facts) -> None:
        self._side, self._facts = side, facts

    def __getattr__(self, name: str) -> Any:
        if name.startswith("set_"):
            return self._facts.is_set(EVERY_FACT[self._side, name.removeprefix("set_")])
        return self._facts.value(EVERY_FACT[self._side, name])


class Question:
    """One act asked of one table: `allow`, `knows`, which rows hold, and the facts to speak about them."""

    def __init__(self, table: "Table", act: str, facts: Facts) -> None:
        self.table, self.act, self.facts = table, act, facts
        self.subject, self.context, self.item, self.deed, self.grant_row = (
            Side(side, facts) for side in ("subject", "context", "item", "deed", "grant")
        )

    def __getattr__(self, name: str) -> z3.BoolRef:
        """A relation by its name."""
        if name not in {spec.name for spec in RELATIONS}:
            raise AttributeError(name)
        return self.facts.relation(name)

    def but(self, **given: Any) -> "Question":
        """The same question where some facts are otherwise."""
        return Question(self.table, self.act, self.facts.but(**given))

    def asking(self, act: str) -> "Question":
        """Another act asked by the same person of the same item at the same moment."""
        return Question(self.table, act, self.facts)

    def any_of(self, rules: Iterable[Rule]) -> z3.BoolRef:
        """At least one of the rows holds."""
        return z3.Or(*(self.table.row(rule, self.facts) for rule in rules))

    @property
    def permitted(self) -> z3.BoolRef:
        return self.any_of(permits(self.table.rules, self.act))

    @property
    def allow(self) -> z3.BoolRef:
        return z3.And(self.permitted, z3.Not(self.any_of(denies(self.table.rules, self.act))))

    @property
    def knows(self) -> z3.BoolRef:
        rules = self.table.rules
        reads = z3.And(self.any_of(showing(rules)), z3.Not(self.any_of(hiding(rules))))
        seen = z3.And(z3.Or(self.permitted, reads), z3.Not(self.any_of(hiding(rules, self.act))))
        return z3.Or(self.allow, seen)

    @property
    def flagged(self) -> z3.BoolRef:
        return z3.And(self.allow, self.any_of(flags(self.table.rules, self.act)))


class Table:
    """A table of rules as terms; the relations in `opened` become witness rows, `witnesses` is what could be opened."""

    def __init__(
        self,
        rules: Iterable[Rule] = RULES,
        opened: Mapping[str, Expr] = NOTHING,
        witnesses: Mapping[str, Expr] = WITNESSES,
    ) -> None:
        self.rules, self.opened, self.witnesses = tuple(rules), opened, witnesses

    def row(self, rule: Rule, facts: Facts) -> z3.BoolRef:
        """The condition of a row. A deny stands under a negation. Raises WrongPolarity."""
        if not self.opened:
            return _row(rule, facts)
        return term(rule.when, facts, self.opened, rule.effect != "deny")

    def opening(self, names: Iterable[str]) -> "Table":
        """The same table with these relations as witness rows."""
        return Table(self.rules, {name: self.witnesses[name] for name in names}, self.witnesses)

    def asked(self, act: str) -> Question:
        """The act asked with every fact free."""
        return Question(self, act, FREE)

    def same_answers(self, other: "Table") -> bool:
        """Whether both answer alike, reason by reason, for every act and all facts. Proved."""
        differing = [difference for act in ACTS for difference in self._differing(other, act)]
        differing += [term(self.witnesses[name], FREE) != term(other.witnesses[name], FREE) for name in self.witnesses]
        return not satisfiable(z3.Or(*differing))

    def _differing(self, other: "Table", act: str) -> Iterable[z3.BoolRef]:
        mine, others = self.asked(act), other.asked(act)
        yield mine.knows != others.knows
        for of in (denies, permits, flags):
            here, there = ({rule.id: rule for rule in of(table.rules, act)} for table in (self, other))
            for name in here.keys() | there.keys():
                left, right = (
                    table.row(rows[name], FREE) if name in rows else z3.BoolVal(False) for table, rows in ((self, here), (other, there))
                )
                if not left.eq(right):
                    yield left != right


FREE = Facts()


# Most rows of a mutant are the table's own, so their terms are kept.
@lru_cache(20_000)
def _row(rule: Rule, facts: Facts) -> z3.BoolRef:
    return term(rule.when, facts)


def domain() -> list[z3.BoolRef]:
    """What every question keeps to (section 1.3): ranks of 0 to 30, a role of 0 to 3, instants from 0 to EVER."""
    bounds = {"level": (0, 30), "instant": (0, 2**40)}
    found = []
    for spec in EVERY_FACT.values():
        low, high = (0, 3) if spec.name == "role" else bounds.get(spec.type, (None, None))
        if low is not None:
            found += [FREE.value(spec) >= low, FREE.value(spec) <= high]
    return found


@cache
def _solver() -> z3.Solver:
    solver = z3.SimpleSolver()
    solver.add(*domain())
    return solver


def satisfiable(claim: z3.BoolRef) -> bool:
    """Whether some question makes the claim true. Raises ArithmeticError when the solver does not know."""
    solver = _solver()
    solver.push()
    solver.add(claim)
    answer = solver.check()
    solver.pop()
    if answer == z3.unknown:
        raise ArithmeticError("the solver gave up")
    return answer == z3.sat


__all__ = ["FREE", "Facts", "Question", "Table", "WrongPolarity", "domain", "satisfiable", "term"]
