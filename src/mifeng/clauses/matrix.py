"""审批权限表: for each act and level the steps in order; a step lists the posts of which any one decides.

    >>> steps("classify", 20)
    [['owning_dept_head'], ['deputy_gm', 'gm']]
    >>> steps("publicity", 20)
    []

The vocabularies are closed: a post, condition, role, level or case that the file does not introduce fails the loading.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from mifeng.clauses import loader
from mifeng.clauses.books import known
from mifeng.clauses.levels import RANKS, name_of
from mifeng.clauses.loader import RegulationError, Shape, is_flag, is_table, is_text, is_texts, some_of

FILE = "approvals.toml"
SCHEMA = 2
ANY = "any"
# Cases that replace `any` when they hold: a contract above the limit; an account of one of the three officers.
CASES = ("above_limit", "officer")
# Columns in the order in which they are shown, the highest level first.
LEVELS = ("top_secret", "highly_confidential", "confidential", "internal")
COLUMNS = (*LEVELS, ANY, *CASES)
ROLES = ("applicant", "approver", "executor", "watcher1", "watcher2")
Steps = tuple[tuple[str, ...], ...]

WHOLE = Shape(
    must={
        "schema": lambda value: value == SCHEMA, "separate_default": some_of(ROLES), "relative": is_table,
        "posts": is_table, "conditions": is_table, "act": lambda value: isinstance(value, list) and bool(value),
    }
)  # fmt: skip
CONDITION = Shape(must={"clause": is_text, "zh": is_text})


class UnknownAct(Exception):
    """An act that the matrix does not have: says which."""


@dataclass(frozen=True)
class Condition:
    """A guard by name: the clause it rests on and what must hold, in Chinese."""

    name: str
    clause: str
    zh: str


@dataclass(frozen=True)
class Act:
    """One row. `levels` maps a column (a level, `any`, a case) to its steps; () = nobody can approve it.

    `separate`: roles of the form that must be different persons. `executor`: the post that carries the act out, ""
    where the register of the act names it. `standing`: a standing decision may replace the steps.
    """

    id: str
    zh: str
    basis: str
    clauses: tuple[str, ...]
    levels: Mapping[str, Steps]
    conditions: tuple[str, ...]
    separate: tuple[str, ...]
    executor: str
    standing: bool

    @property
    def has_levels(self) -> bool:
        """False where the act is the same at every level."""
        return ANY not in self.levels

    def column(self, level: int | str, case: str = "") -> str | None:
        """The column that holds for a level (rank or word) and case; None where the matrix says nothing: refused."""
        if case and case not in CASES:
            raise ValueError(f"no such case: {case}")
        if case in self.levels:
            return case
        if not self.has_levels:
            return ANY
        name = name_of(level)
        return name if name in self.levels else None


@dataclass(frozen=True)
class Matrix:
    """The whole file: acts by id, posts with the word people read, relative posts, conditions."""

    acts: Mapping[str, Act]
    posts: Mapping[str, str]
    relative: Mapping[str, tuple[str, ...]]
    conditions: Mapping[str, Condition]


@cache
def matrix(folder: Path = loader.FOLDER) -> Matrix:
    """The matrix of the regulation. Raises RegulationError naming file, act and field."""
    read = loader.read(FILE, folder)
    WHOLE.check(FILE, "", read)
    conditions = {name: _condition(name, table) for name, table in read["conditions"].items()}
    shape = _shape(read["posts"], conditions)
    acts: dict[str, Act] = {}
    for table in read["act"]:
        act = _act(table, shape, tuple(read["separate_default"]))
        if act.id in acts:
            raise RegulationError(FILE, act.id, "id", "stands twice")
        acts[act.id] = act
    _all_used(conditions, acts)
    relative = {post: tuple(roles) for post, roles in read["relative"].items()}
    for post in relative.keys() - read["posts"].keys():
        raise RegulationError(FILE, post, "relative", "is no post")
    return Matrix(*map(MappingProxyType, (acts, read["posts"], relative, conditions)))


def acts() -> list[Act]:
    """Every act in the order of the file."""
    return list(matrix().acts.values())


def act(name: str) -> Act:
    """The act of this id. Raises UnknownAct."""
    try:
        return matrix().acts[name]
    except KeyError:
        raise UnknownAct(f"the matrix has no act {name}") from None


def steps(act: str, level: int | str, case: str = "") -> list[list[str]]:
    """The steps in order for a level (rank 0-30 or word). Empty = nobody can approve this, a missing level included.

    `case` (above_limit, officer) replaces `any` where the act has it. Raises UnknownAct.
    """
    try:
        row = matrix().acts[act]
    except KeyError:
        raise UnknownAct(f"the matrix has no act {act}") from None
    column = row.column(level, case)
    return [list(step) for step in row.levels[column]] if column else []


def post_word(post: str) -> str:
    """The Chinese word of a post or relative post."""
    return matrix().posts[post]


def condition(name: str) -> Condition:
    """The guard of this name. Raises KeyError: the vocabulary is closed."""
    return matrix().conditions[name]


def acts_of(clause: str) -> list[Act]:
    """The acts that rest on a clause."""
    return [row for row in acts() if clause in row.clauses]


def _shape(posts: Any, conditions: Mapping[str, Condition]) -> Shape:
    def is_steps(value: Any) -> bool:
        names = some_of(posts)
        return isinstance(value, list) and all(isinstance(step, list) and step and names(step) for step in value)

    return Shape(
        must={"id": is_text, "zh": is_text, "basis": is_text, "clauses": is_texts, "conditions": some_of(conditions)},
        may={
            "separate": some_of(ROLES), "executor": lambda value: isinstance(value, str) and value in posts,
            "standing": is_flag, **dict.fromkeys(COLUMNS, is_steps),
        },
    )  # fmt: skip


def _act(table: Any, shape: Shape, separate: tuple[str, ...]) -> Act:
    name = str(table.get("id", "act without id"))
    shape.check(FILE, name, table)
    clauses = tuple(known(FILE, name, "clauses", clause) for clause in table["clauses"])
    levels = {column: tuple(map(tuple, table[column])) for column in COLUMNS if column in table}
    if not levels or not clauses:
        raise RegulationError(FILE, name, "clauses" if levels else ANY, "is missing")
    if ANY in levels and levels.keys() & RANKS.keys():
        raise RegulationError(FILE, name, ANY, "cannot stand beside levels")
    return Act(
        name, table["zh"], table["basis"], clauses, MappingProxyType(levels), tuple(table["conditions"]),
        tuple(table.get("separate", separate)), table.get("executor", ""), table.get("standing", False),
    )  # fmt: skip


def _condition(name: str, table: Any) -> Condition:
    CONDITION.check(FILE, name, table)
    return Condition(name, known(FILE, name, "clause", table["clause"]), table["zh"])


def _all_used(conditions: Mapping[str, Condition], acts: Mapping[str, Act]) -> None:
    """A condition that no act asks for is a guard that nobody will miss: fail instead."""
    for name in conditions.keys() - {word for act in acts.values() for word in act.conditions}:
        raise RegulationError(FILE, name, "conditions", "is asked for by no act")
