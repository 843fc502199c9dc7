"""Expressions of the rule table: facts, constants, relations, and / or / not, six comparisons, `is_set`. Nothing else.

Every leaf is true or false, in Python and in SQL alike. A nullable fact is touched only to the right of its own
`is_set` inside the same `and`: otherwise SQL's NULL would make a row disappear that Python refuses or permits.
`check` holds both laws; every reading (Python, SQL, interpreter, and a solver's term) walks the same few classes.
"""

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from mifeng.engines.access.facts import FACTS, GRANT_FACTS, ITEM_ID, RELATIONS, FactSpec, RelationSpec

COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
# The same comparison with its two sides exchanged.
TURNED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


class LawBroken(ValueError):
    """An expression that one of the readings could not read like the others."""


class NotRead(ValueError):
    """A fact that was needed and is not there."""


class Expr:
    """A node; `&`, `|`, `~` build larger ones."""

    __slots__ = ()

    def __and__(self, other: "Expr") -> "Expr":
        return And((*_parts(And, self), *_parts(And, other)))

    def __or__(self, other: "Expr") -> "Expr":
        return Or((*_parts(Or, self), *_parts(Or, other)))

    def __invert__(self) -> "Expr":
        return Not(self)

    def __bool__(self) -> bool:
        # `a and b`, `x <= y <= z` and `not a` would silently drop half of a rule.
        raise LawBroken("an expression has no truth of its own: use &, | and ~")


@dataclass(frozen=True, eq=False, slots=True)
class Truth(Expr):
    """Always true or always false."""

    value: bool

    def __repr__(self) -> str:
        return "true" if self.value else "false"


TRUE, FALSE = Truth(True), Truth(False)


@dataclass(frozen=True, eq=False, slots=True)
class Lit(Expr):
    """An integer."""

    value: int

    def __repr__(self) -> str:
        return str(int(self.value))


@dataclass(frozen=True, eq=False, slots=True)
class Attr(Expr):
    """A fact. A bool is a condition by itself and is not compared; the others are compared and are no condition."""

    spec: FactSpec

    def __repr__(self) -> str:
        return f"{self.spec.side}.{self.spec.name}"

    def _compare(self, op: str, other: "Expr | int") -> "Compare":
        return Compare(op, self, other if isinstance(other, Expr) else Lit(other))

    def __eq__(self, other: "Expr | int") -> "Compare":  # type: ignore[override]
        return self._compare("==", other)

    def __ne__(self, other: "Expr | int") -> "Compare":  # type: ignore[override]
        return self._compare("!=", other)

    def __lt__(self, other: "Expr | int") -> "Compare":
        return self._compare("<", other)

    def __le__(self, other: "Expr | int") -> "Compare":
        return self._compare("<=", other)

    def __gt__(self, other: "Expr | int") -> "Compare":
        return self._compare(">", other)

    def __ge__(self, other: "Expr | int") -> "Compare":
        return self._compare(">=", other)

    __hash__ = object.__hash__


@dataclass(frozen=True, eq=False, slots=True)
class Rel(Expr):
    """A relation between subject and item."""

    spec: RelationSpec

    def __repr__(self) -> str:
        return self.spec.name


@dataclass(frozen=True, eq=False, slots=True)
class Compare(Expr):
    """A comparison of two facts, or of a fact and an integer; `op` is a key of COMPARE."""

    op: str
    left: Expr
    right: Expr

    def __repr__(self) -> str:
        return f"{self.left!r} {self.op} {self.right!r}"


@dataclass(frozen=True, eq=False, slots=True)
class IsSet(Expr):
    """A nullable fact has a value."""

    attr: Attr

    def __repr__(self) -> str:
        return f"is_set({self.attr!r})"


@dataclass(frozen=True, eq=False, slots=True)
class Not(Expr):
    """The opposite."""

    part: Expr

    def __repr__(self) -> str:
        return f"not {_bracketed(self.part, Or, And, Compare)}"


@dataclass(frozen=True, eq=False, slots=True)
class And(Expr):
    """All parts, read from the left, the rest unread after the first false one."""

    parts: tuple[Expr, ...]

    def __repr__(self) -> str:
        return " and ".join(_bracketed(part, Or) for part in self.parts)


@dataclass(frozen=True, eq=False, slots=True)
class Or(Expr):
    """At least one part."""

    parts: tuple[Expr, ...]

    def __repr__(self) -> str:
        return " or ".join(_bracketed(part, And) for part in self.parts)


def _parts(of: type, expr: Expr) -> tuple[Expr, ...]:
    return expr.parts if isinstance(expr, of) else (expr,)  # type: ignore[attr-defined]


def _bracketed(expr: Expr, *weaker: type) -> str:
    return f"({expr!r})" if isinstance(expr, weaker) else repr(expr)


def is_set(attr: Attr) -> Expr:
    """The nullable fact has a value."""
    return IsSet(attr)


def same(attr: Attr, other: Attr) -> Expr:
    """The nullable fact has a value, and it is this one."""
    return is_set(attr) & (attr == other)


def differs(attr: Attr, other: Attr) -> Expr:
    """The nullable fact has a value, and it is another one."""
    return is_set(attr) & (attr != other)


class Side:
    """The facts of one side as attributes: `Side("item").level`. An unknown name raises LawBroken."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._facts = {spec.name: Attr(spec) for spec in (*FACTS, *GRANT_FACTS, ITEM_ID) if spec.side == name}

    def __getattr__(self, name: str) -> Attr:
        if name not in self._facts:
            raise LawBroken(f"{self._name} has no fact {name}")
        return self._facts[name]


def relation(name: str) -> Rel:
    """The relation of that name. Raises LawBroken."""
    for spec in RELATIONS:
        if spec.name == name:
            return Rel(spec)
    raise LawBroken(f"there is no relation {name}")


def leaves(expr: Expr) -> Iterator[Attr | Rel]:
    """Every fact and relation of an expression, from the left, repeated where repeated."""
    if isinstance(expr, Attr | Rel):
        yield expr
    elif isinstance(expr, IsSet):
        yield expr.attr
    else:
        for part in _children(expr):
            yield from leaves(part)


def _children(expr: Expr) -> tuple[Expr, ...]:
    if isinstance(expr, And | Or):
        return expr.parts
    if isinstance(expr, Compare):
        return (expr.left, expr.right)
    return (expr.part,) if isinstance(expr, Not) else ()


def polarity(expr: Expr, positive: bool = True) -> Iterator[tuple[Rel, bool]]:
    """Each relation with True where more of it makes the expression truer, False under an odd number of negations."""
    if isinstance(expr, Rel):
        yield expr, positive
    for part in _children(expr):
        yield from polarity(part, positive ^ isinstance(expr, Not))


def check(expr: Expr, guarded: frozenset[FactSpec] = frozenset()) -> None:
    """The two laws: conditions stand where conditions belong, nullable facts only behind `is_set`. Raises LawBroken."""
    if isinstance(expr, And):
        for part in expr.parts:
            check(part, guarded)
            if isinstance(part, IsSet):
                guarded |= {part.attr.spec}
    elif isinstance(expr, Or | Not):
        for part in _children(expr):
            check(part, guarded)
    elif isinstance(expr, Compare):
        for operand in (expr.left, expr.right):
            _check_operand(operand, guarded)
    elif isinstance(expr, IsSet):
        if not expr.attr.spec.nullable:
            raise LawBroken(f"{expr.attr!r} always has a value")
    elif isinstance(expr, Attr):
        if expr.spec.type != "bool" or expr.spec.nullable:
            raise LawBroken(f"{expr!r} is no condition by itself")
    elif not isinstance(expr, Rel | Truth):
        raise LawBroken(f"{expr!r} is no condition")


def _check_operand(operand: Expr, guarded: frozenset[FactSpec]) -> None:
    if isinstance(operand, Lit):
        return
    if not isinstance(operand, Attr) or operand.spec.type == "bool":
        raise LawBroken(f"{operand!r} cannot be compared")
    if operand.spec.nullable and operand.spec not in guarded:
        raise LawBroken(f"{operand!r} may have no value: put is_set before it")


def fold(expr: Expr, known: Callable[[Attr | Rel], Expr | None]) -> Expr:
    """The expression with what is known put in and worked out; what is left mentions only the unknown.

    `known` answers a leaf with `Lit` or `Truth`, with FALSE for a nullable fact that is unset, None when it is not
    known. A part behind a false `is_set` is never reached, so an unset fact is never compared.
    """
    if isinstance(expr, Attr | Rel):
        found = known(expr)
        return expr if found is None else found
    if isinstance(expr, IsSet):
        found = known(expr.attr)
        return expr if found is None else Truth(isinstance(found, Lit))
    if isinstance(expr, Not):
        return negated(fold(expr.part, known))
    if isinstance(expr, Compare):
        return _fold_compare(expr, known)
    if isinstance(expr, And):
        return _fold_parts(expr.parts, known, FALSE, all_of)
    if isinstance(expr, Or):
        return _fold_parts(expr.parts, known, TRUE, any_of)
    return expr


def _fold_compare(expr: Compare, known: Callable[[Attr | Rel], Expr | None]) -> Expr:
    left, right = fold(expr.left, known), fold(expr.right, known)
    if isinstance(left, Lit) and isinstance(right, Lit):
        return Truth(COMPARE[expr.op](left.value, right.value))
    if isinstance(left, Truth) or isinstance(right, Truth):
        raise NotRead(f"{expr!r} compares a fact that is not set")
    if isinstance(left, Lit):  # the unknown stands on the left
        return Compare(TURNED[expr.op], right, left)
    return Compare(expr.op, left, right)


def _fold_parts(
    parts: tuple[Expr, ...], known: Callable[[Attr | Rel], Expr | None], ends: Truth, join: Callable[..., Expr]
) -> Expr:
    done: list[Expr] = []
    for part in parts:
        folded = fold(part, known)
        if isinstance(folded, Truth) and folded.value == ends.value:
            return ends
        done.append(folded)
    return join(*done)


def all_of(*parts: Expr) -> Expr:
    """All parts, the constant ones worked out; TRUE when there are none."""
    left = [part for part in parts if not (isinstance(part, Truth) and part.value)]
    if any(isinstance(part, Truth) for part in left):
        return FALSE
    flat = tuple(inner for part in left for inner in _parts(And, part))
    return And(flat) if len(flat) > 1 else (flat[0] if flat else TRUE)


def any_of(*parts: Expr) -> Expr:
    """At least one part, the constant ones worked out; FALSE when there are none."""
    left = [part for part in parts if not (isinstance(part, Truth) and not part.value)]
    if any(isinstance(part, Truth) for part in left):
        return TRUE
    flat = tuple(inner for part in left for inner in _parts(Or, part))
    return Or(flat) if len(flat) > 1 else (flat[0] if flat else FALSE)


def negated(expr: Expr) -> Expr:
    """The opposite, constants and double negations worked out."""
    if isinstance(expr, Truth):
        return Truth(not expr.value)
    return expr.part if isinstance(expr, Not) else Not(expr)
