"""Which function keeps which clause, and how a test switches a rule off to see whether anything notices."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from mifeng.clauses.books import clause

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True)
class Rule:
    """A function that keeps clauses: its name (`mifeng.rooms.copies.rules.may_reproduce`), their ids, the function."""

    name: str
    clauses: tuple[str, ...]
    function: Callable[..., Any]

    @property
    def quotation(self) -> str:
        """The first line of the docstring, which is the clause's text word for word."""
        return (self.function.__doc__ or "").strip().partition("\n")[0]


RULES: dict[str, Rule] = {}
_switched: dict[str, Any] = {}


def enforces(*clauses: str) -> Callable[[Function], Function]:
    """Mark a pure function as the rule of these clauses. Raises UnknownClause for an id that no book has."""
    for name in clauses:
        clause(name)

    def decorate(function: Function) -> Function:
        name = f"{function.__module__}.{function.__qualname__}"

        @functools.wraps(function)
        def decide(*args: Any, **kwargs: Any) -> Any:
            return _switched[name] if name in _switched else function(*args, **kwargs)

        RULES[name] = Rule(name, clauses, function)
        return decide  # type: ignore[return-value]

    return decorate


def rules_of(name: str) -> list[Rule]:
    """The rules of a clause among the modules that are loaded, in the order in which they stand there."""
    return [rule for rule in RULES.values() if name in rule.clauses]


@contextmanager
def switched(name: str, value: Any) -> Iterator[None]:
    """Inside the block the rule of this name answers `value` to everything, in every thread. For tests.

    Raises KeyError when no loaded rule is called so: a test that switches nothing proves nothing.
    """
    if name not in RULES:
        raise KeyError(name)
    before = dict(_switched)
    _switched[name] = value
    try:
        yield
    finally:
        _switched.clear()
        _switched.update(before)
