"""Reading as SQL: the condition of a list, two-valued, for SQLite and PostgreSQL, with `%s` for every value.

Facts of the subject and the moment are worked out first. What is left looks at few columns: clearance, device,
password, pledge and freshness have become one number, the highest level that may be listed.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

from mifeng.engines.access.expr import (
    FALSE,
    And,
    Attr,
    Compare,
    Expr,
    IsSet,
    Lit,
    Not,
    Or,
    Rel,
    Truth,
    all_of,
    any_of,
    fold,
    negated,
)  # fmt: skip
from mifeng.engines.access.facts import Context, Subject
from mifeng.engines.access.levels import (
    KIND_ALL,
    KIND_DEPARTMENT,
    KIND_MEETING,
    KIND_PERSON,
    KIND_POST,
    NUMBER_BITS,
)  # fmt: skip
from mifeng.engines.access.policy import Rule, denies, permits

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
CONSTANTS = frozenset({"TRUE", "FALSE", "NULL", "0", "1"})
OPERATORS = {"==": "=", "!=": "<>"}
# Relations that no table of Columns answers: the caller hands them in, or they hold for no row of the list.
HANDED = ("appointed", "grant", "grant_by_gm", "judge", "opening", "walled")
# Kinds of keys, from those under which most people stand.
BREADTH = (KIND_ALL, KIND_DEPARTMENT, KIND_POST, KIND_MEETING, KIND_PERSON)
SQLITE, POSTGRESQL = "sqlite", "postgresql"

Sql = tuple[str, list[Any]]


class ColumnBroken(ValueError):
    """A column or table that is no plain name: nothing else is ever pasted into a statement."""


class RelationNotGiven(ValueError):
    """A list of this act could never hold a row, because the relations its permits rest on were not handed in."""


@dataclass(frozen=True)
class Fragment:
    """A condition of the caller's own, true or false and never NULL, with `%s` for each of its values."""

    sql: str
    params: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Columns:
    """Where the facts stand: plain names of columns (`table.column`) and tables, or one of CONSTANTS.

    Columns of bools hold booleans (or 0 and 1 on SQLite); all but `excl`, `aset`, `applicant`, `approver`, `destination` are NOT
    NULL. `aset` NULL = nobody. Columns left "" are not set. Raises ColumnBroken.
    """

    level: str
    aset: str
    live: str
    frozen: str
    sealed: str
    excl: str
    dept: str
    no_copy: str
    id: str
    audience_table: str
    audience_aset: str
    audience_key: str
    audience_since: str
    audience_until: str
    handler_table: str
    handler_item: str
    handler_person: str
    concerned_table: str
    concerned_item: str
    concerned_person: str
    team_table: str = ""
    team_item: str = ""
    team_person: str = ""
    applicant: str = ""
    destination: str = ""
    approver: str = ""
    dialect: str = SQLITE

    def __post_init__(self) -> None:
        if self.dialect not in (SQLITE, POSTGRESQL):
            raise ColumnBroken(f"dialects are sqlite and postgresql, got {self.dialect!r}")
        for spec in fields(self):
            if spec.name != "dialect":
                self.quoted(spec.name)

    def quoted(self, name: str) -> str:
        """The column or table of that field as it stands in SQL; "" when it is not set. Raises ColumnBroken."""
        value = getattr(self, name)
        return value if not value or value in CONSTANTS else plain(value, name)


@lru_cache(512)
def plain(value: str, name: str) -> str:
    """A plain name (`table`, `table.column`) in quotation marks. Raises ColumnBroken."""
    parts = value.split(".")
    if len(parts) > 3 or not all(NAME.fullmatch(part) for part in parts):
        raise ColumnBroken(f"{name} must be a plain name, got {value!r}")
    return ".".join(f'"{part}"' for part in parts)


class Lister:
    """Builds the condition of one list: one subject, one moment.

    `scope` says that SCOPE is settled for the rows in question; `sets` asks it of the subject's audience sets, found
    once for the whole statement, instead of row by row.
    """

    def __init__(
        self,
        subject: Subject,
        context: Context,
        columns: Columns,
        handed: Mapping[str, Fragment | bool | None],
        *,
        scope: Truth | None = None,
        sets: bool = False,
    ) -> None:
        self._subject, self._context, self._columns, self._handed = subject, context, columns, handed
        self._settled, self._sets = scope, sets
        self._allowed: dict[tuple[str, str], Expr] = {}

    def predicate(self, rules: Iterable[Rule], act: str) -> Sql:
        """The condition and its values, in their order. Raises RelationNotGiven."""
        rows = tuple(rules)
        self._insist_reachable(rows, act)
        return self.render(self.allowed(rows, act))

    def allowed(self, rules: tuple[Rule, ...], act: str, permit: Rule | None = None) -> Expr:
        """What is left of the table for this act once everything known is put in; by this permit alone when named.

        Found once: the table, the subject and the moment are the same for all that one lister says.
        """
        asked = act, permit.id if permit else ""
        if asked not in self._allowed:
            self._allowed[asked] = self._left(rules, act, permit)
        return self._allowed[asked]

    def _left(self, rules: tuple[Rule, ...], act: str, permit: Rule | None) -> Expr:
        by = any_of(*(self.folded(rule.when) for rule in ((permit,) if permit else permits(rules, act))))
        refused = [part for rule in denies(rules, act) for part in _alternatives(self.folded(rule.when))]
        bounds, others = _bounded(refused)
        return all_of(*bounds, *(negated(part) for part in others), by)

    def _insist_reachable(self, rows: tuple[Rule, ...], act: str) -> None:
        absent = {name for name in HANDED if self._handed.get(name) is None}
        if not self._columns.applicant:
            absent.add("applicant")

        def known(leaf: Attr | Rel) -> Expr | None:
            return FALSE if leaf.spec.name in absent else None

        served = [rule for rule in permits(rows, act) if not _is_false(rule.when)]
        if served and all(_is_false(fold(rule.when, known)) for rule in served):
            raise RelationNotGiven(f"a list for {act} needs one of: {', '.join(sorted(absent))}")

    def folded(self, expr: Expr) -> Expr:
        """The condition with everything known put in."""
        return fold(expr, self._known)

    def _known(self, leaf: Attr | Rel) -> Expr | None:
        if isinstance(leaf, Rel):
            return self._known_relation(leaf.spec.name)
        side, name = leaf.spec.side, leaf.spec.name
        if side in ("subject", "context"):
            value = getattr(self._subject if side == "subject" else self._context, name)
            return Truth(bool(value)) if leaf.spec.type == "bool" else Lit(value)
        column = getattr(self._columns, leaf.spec.column)
        if leaf.spec.nullable:
            return FALSE if column in ("", "NULL") else None
        if leaf.spec.type == "bool" and column in CONSTANTS:
            return Truth(column in ("TRUE", "1"))
        return None

    def _known_relation(self, name: str) -> Expr | None:
        if name == "scope":
            return self._settled if self._subject.keys else FALSE
        if name == "frozen_team":
            return None if self._columns.team_table else FALSE
        if name in ("handler", "concerned"):
            return None
        handed = self._handed.get(name)
        if isinstance(handed, Fragment):
            return None
        return Truth(bool(handed))

    def render(self, expr: Expr) -> Sql:
        """A condition as SQL and its values."""
        if isinstance(expr, Truth):
            return ("1 = 1" if expr.value else "0 = 1"), []
        if isinstance(expr, And | Or):
            return self._joined(" AND " if isinstance(expr, And) else " OR ", expr.parts)
        if isinstance(expr, Not):
            sql, params = self.render(expr.part)
            return f"NOT ({sql})", params
        if isinstance(expr, IsSet):
            return f"{self._columns.quoted(expr.attr.spec.column)} IS NOT NULL", []
        if isinstance(expr, Compare):
            return self._comparison(expr)
        if isinstance(expr, Rel):
            return self._relation(expr.spec.name)
        if isinstance(expr, Attr):
            return self._columns.quoted(expr.spec.column), []
        raise TypeError(f"no SQL for {type(expr).__name__}")

    def _joined(self, word: str, parts: tuple[Expr, ...]) -> Sql:
        rendered = [self.render(part) for part in parts]
        return f"({word.join(sql for sql, _ in rendered)})", [value for _, params in rendered for value in params]

    def _comparison(self, expr: Compare) -> Sql:
        left, right = self._operand(expr.left), self._operand(expr.right)
        return f"{left[0]} {OPERATORS.get(expr.op, expr.op)} {right[0]}", [*left[1], *right[1]]

    def _operand(self, expr: Expr) -> Sql:
        if isinstance(expr, Lit):
            return "%s", [int(expr.value)]
        return self.render(expr)

    def _relation(self, name: str) -> Sql:
        if name == "scope":
            return self._among_sets() if self._sets else self.scope()
        if name in ("handler", "concerned", "frozen_team"):
            return self._row_of("team" if name == "frozen_team" else name)
        handed = self._handed[name]
        if not isinstance(handed, Fragment):
            raise TypeError(f"{name} is not a fragment")
        return f"({handed.sql})", list(handed.params)

    def scope(self) -> Sql:
        """SCOPE of a row, looked up for it."""
        at = self._columns.quoted
        live, values = self._live("scope_row")
        # EXISTS and not IN: an item without a set would make IN answer NULL instead of no.
        sql = f"EXISTS (SELECT 1 FROM {at('audience_table')} AS scope_row WHERE scope_row.{at('audience_aset')} = {at('aset')} AND {live})"
        return sql, values

    def sets(self) -> Sql:
        """The audience sets in which one of the subject's keys is live now, as often as it has such keys: `aset`.

        Key by key, those of many people first: whoever only counts to a bound is through soonest with the sets that many
        items share.
        """
        at = self._columns.quoted
        table, aset, now = at("audience_table"), at("audience_aset"), self._context.now
        keys = sorted(self._subject.keys, key=lambda key: (BREADTH.index(key >> NUMBER_BITS), key))
        live = f"mine.{at('audience_since')} <= %s AND mine.{at('audience_until')} > %s"
        if self._columns.dialect == SQLITE:
            joined = f"json_each(%s) AS wanted CROSS JOIN {table} AS mine"
            sql = f"SELECT mine.{aset} AS aset FROM {joined} WHERE mine.{at('audience_key')} = wanted.value AND {live}"
            return sql, [json.dumps(keys), now, now]
        # OFFSET 0 keeps it key by key: PostgreSQL would rather walk the whole index of the sets than sort a few.
        one = f"SELECT mine.{aset} AS aset FROM {table} AS mine WHERE mine.{at('audience_key')} = wanted.key AND {live} OFFSET 0"
        return f"SELECT one.aset FROM unnest(%s) AS wanted(key) CROSS JOIN LATERAL ({one}) AS one", [keys, now, now]

    def _live(self, alias: str) -> Sql:
        """One of the subject's keys, begun and not ended."""
        at = self._columns.quoted
        keys, now = sorted(self._subject.keys), self._context.now
        if self._columns.dialect == SQLITE:
            wanted, bound = "IN (SELECT value FROM json_each(%s))", json.dumps(keys)
        else:
            wanted, bound = "= ANY(%s)", keys
        sql = f"{alias}.{at('audience_key')} {wanted} AND {alias}.{at('audience_since')} <= %s AND {alias}.{at('audience_until')} > %s"
        return sql, [bound, now, now]

    def _among_sets(self) -> Sql:
        """SCOPE of a row, asked of the subject's sets.

        `+ 0` and IS TRUE hold both planners to the order in which the rows are walked: without them the index of the
        sets is walked instead and everything sorted. IS TRUE also says no for an item without a set.
        """
        sets, values = self.sets()
        return f"({self._columns.quoted('aset')} + 0 IN ({sets})) IS TRUE", values

    def handled_items(self) -> Sql:
        """The items that have the subject among their handlers, by key."""
        at = self._columns.quoted
        mine = f"SELECT {at('handler_item')} FROM {at('handler_table')} WHERE {at('handler_person')} = %s"
        return f"{at('id')} IN ({mine})", [int(self._subject.pid)]

    def _row_of(self, table: str) -> Sql:
        at = self._columns.quoted
        alias = f"{table}_row"
        sql = (
            f"EXISTS (SELECT 1 FROM {at(f'{table}_table')} AS {alias}"
            f" WHERE {alias}.{at(f'{table}_item')} = {at('id')} AND {alias}.{at(f'{table}_person')} = %s)"
        )
        return sql, [int(self._subject.pid)]


def _is_false(expr: Expr) -> bool:
    return isinstance(expr, Truth) and not expr.value


def _alternatives(expr: Expr) -> tuple[Expr, ...]:
    """The parts of which any one refuses."""
    return expr.parts if isinstance(expr, Or) else (expr,)


def _bounded(refused: list[Expr]) -> tuple[list[Expr], list[Expr]]:
    """Refusals that only bound the level become one bound; the others stay as they are."""
    highest: dict[str, tuple[Expr, int]] = {}
    others = []
    for part in refused:
        if isinstance(part, Compare) and _is_bound(part):
            most = part.right.value - (part.op == ">=")  # type: ignore[attr-defined]
            name = repr(part.left)
            highest[name] = (part.left, min(most, highest.get(name, (part.left, most))[1]))
        else:
            others.append(part)
    return [Compare("<=", left, Lit(most)) for left, most in highest.values()], others


def _is_bound(part: Compare) -> bool:
    fits = isinstance(part.left, Attr) and part.left.spec.type == "level" and isinstance(part.right, Lit)
    return fits and part.op in (">", ">=")
