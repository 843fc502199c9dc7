"""Reading for tests and explanations: walks the expression itself. Slow, and it has no source to become stale."""

from collections.abc import Iterable

from mifeng.engines.access.expr import COMPARE, And, Attr, Compare, Expr, IsSet, Lit, Not, Or, Rel, Truth
from mifeng.engines.access.facts import Context, Item, Relations, Subject
from mifeng.engines.access.policy import Rule


class World:
    """The facts of one question."""

    def __init__(self, subject: Subject, context: Context, item: Item, relations: Relations) -> None:
        self._sides = {"subject": subject, "context": context, "item": item, "deed": relations}
        self._relations = relations

    def fact(self, attr: Attr) -> int | None:
        """The value of a fact; None where a nullable one is not set."""
        return getattr(self._sides[attr.spec.side], attr.spec.name)

    def relation(self, rel: Rel) -> bool:
        """Whether the relation holds."""
        return bool(getattr(self._relations, rel.spec.name))


def holds(expr: Expr, world: World) -> bool:
    """True or false, never anything between."""
    if isinstance(expr, And):
        return all(holds(part, world) for part in expr.parts)
    if isinstance(expr, Or):
        return any(holds(part, world) for part in expr.parts)
    if isinstance(expr, Not):
        return not holds(expr.part, world)
    if isinstance(expr, Compare):
        return COMPARE[expr.op](_value(expr.left, world), _value(expr.right, world))
    if isinstance(expr, IsSet):
        return world.fact(expr.attr) is not None
    if isinstance(expr, Truth):
        return expr.value
    if isinstance(expr, Rel):
        return world.relation(expr)
    return bool(_value(expr, world))


def _value(expr: Expr, world: World) -> int | None:
    return expr.value if isinstance(expr, Lit) else world.fact(expr)  # type: ignore[arg-type]


def held(rules: Iterable[Rule], subject: Subject, context: Context, item: Item, relations: Relations) -> int:
    """The rows that hold, as bits: bit n stands for row n of the table."""
    world = World(subject, context, item, relations)
    rows = enumerate(rules)
    return sum(1 << at for at, rule in rows if rule.effect != "default" and holds(rule.when, world))
