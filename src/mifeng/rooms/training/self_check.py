"""The lines of the yearly self-check, from self_check.toml: clauses of the regulation, asked in their own words."""

import tomllib
from functools import cache
from pathlib import Path

from mifeng import clauses
from mifeng.clauses import Clause

FILE = Path(__file__).with_suffix(".toml")


@cache
def lines(file: Path = FILE) -> tuple[Clause, ...]:
    """What is asked, in its order. Raises UnknownClause for a line that is none, ValueError for none or the same twice."""
    named = tomllib.loads(file.read_text("utf-8"))["lines"]
    if not named or len(set(named)) != len(named):
        raise ValueError(f"{file.name}: no line, or one of them twice")
    return tuple(clauses.clause(name) for name in named)
