"""Reading as Python: writes the source of `decided.py`, one straight-line function over all rows of the table.

The source is committed and compared in a test; nothing is compiled from text while the product runs. The function only
says which rows hold, as bits; what follows from them for an act is worked out once a combination (deciding.py).
"""

from collections import Counter
from collections.abc import Iterable

from mifeng.engines.access.expr import And, Attr, Compare, Expr, IsSet, Lit, Not, Or, Rel, Truth, leaves
from mifeng.engines.access.policy import Rule

SIDE = {"subject": "s", "context": "c", "item": "d", "deed": "r"}
HEAD = '''"""Which rows of the rule table hold. Written by tools/make_decided.py: change policy.py, then run it."""

from mifeng.engines.access.facts import Context, Item, Relations, Subject


def held(s: Subject, c: Context, d: Item, r: Relations) -> int:
    """Bit n is set when the condition of row n of the table holds."""
'''


def source(rules: Iterable[Rule]) -> str:
    """The whole text of `decided.py` for this table."""
    asked = [(at, rule) for at, rule in enumerate(rules) if rule.effect != "default"]
    names = _locals(rule.when for _, rule in asked)
    lines = [f"    {name} = {path}" for path, name in names.items()]
    lines.append("    held = 0")
    for at, rule in asked:
        lines += [f"    if {text(rule.when, names)}:  # {rule.id} {rule.clause}", f"        held |= {1 << at:#x}"]
    return HEAD + "\n".join([*lines, "    return held\n"])


def _locals(conditions: Iterable[Expr]) -> dict[str, str]:
    """Facts looked at more than once are read once: path -> name of the local."""
    counted = Counter(_path(leaf) for condition in conditions for leaf in leaves(condition))
    return {path: path[2:] for path, times in counted.items() if times > 1}


def _path(leaf: Attr | Rel) -> str:
    side = SIDE[leaf.spec.side] if isinstance(leaf, Attr) else "r"
    return f"{side}.{leaf.spec.name}"


def text(expr: Expr, names: dict[str, str]) -> str:
    """The condition as a Python expression."""
    if isinstance(expr, Attr | Rel):
        return names.get(_path(expr), _path(expr))
    if isinstance(expr, Lit | Truth):
        return repr(expr.value if isinstance(expr, Truth) else int(expr.value))
    if isinstance(expr, IsSet):
        return f"{text(expr.attr, names)} is not None"
    if isinstance(expr, Compare):
        return f"{text(expr.left, names)} {expr.op} {text(expr.right, names)}"
    if isinstance(expr, Not):
        return _negation(expr.part, names)
    if isinstance(expr, And):
        return " and ".join(_inside(part, Or, names) for part in expr.parts)
    if isinstance(expr, Or):
        return " or ".join(_inside(part, And, names) for part in expr.parts)
    raise TypeError(f"no Python for {type(expr).__name__}")


def _negation(part: Expr, names: dict[str, str]) -> str:
    if isinstance(part, IsSet):
        return f"{text(part.attr, names)} is None"
    return f"not ({text(part, names)})" if isinstance(part, And | Or | Compare) else f"not {text(part, names)}"


def _inside(part: Expr, bracketed: type, names: dict[str, str]) -> str:
    return f"({text(part, names)})" if isinstance(part, bracketed) else text(part, names)
