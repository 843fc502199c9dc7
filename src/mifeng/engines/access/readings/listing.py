"""Reading as lists: the newest rows somebody may see, page by page, and how many there are, counted no further than asked.

Two ways lead to one answer. *Scan* walks the register from the newest row and keeps what the condition of `sql.py`
lets through; it is quick for whoever sees much. *Gather* starts from what the subject is named in (his audience sets,
his custody, the sealed items he handles, what he judges or is shown) and never meets a row that nothing opens to him.
The capped count goes by gather and picks the way: no statistics are kept, so none can be stale.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

from mifeng.engines.access.expr import FALSE, TRUE, And, Expr, Rel, Truth, all_of, any_of, negated
from mifeng.engines.access.facts import Context, Subject
from mifeng.engines.access.policy import Rule, permits
from mifeng.engines.access.readings.sql import SQLITE, Columns, Fragment, Lister, Sql, plain

# Rows of the register that a scan looks at before it gives way to gather. Too few, and whoever sees one row in two
# hundred pays both ways; too many, and whoever sees hardly anything new waits for the scan (docs/decisions/0007).
WINDOW = 20_000
SHORT = 4_000  # rows that are looked at before anything is counted
TWICE = 200  # rows that a count may meet twice before it has to sort out which

Run = Callable[[str, list[Any]], Sequence[tuple[Any, ...]]]
Seek = tuple[Any, int]


@dataclass(frozen=True)
class Register:
    """The order of a list: table, column of the instant (newest first, then by key), and SQLite's indexes for it.

    `newest` = (instant, key, …), `of_set` = (audience set, …), both with every column the condition looks at; "" leaves
    the choice to the planner. All plain names, checked like those of Columns.
    """

    table: str
    at: str
    newest: str = ""
    of_set: str = ""


@dataclass(frozen=True)
class Page:
    """Keys of one page, newest first; whether there are newer rows before it and older ones after it."""

    keys: list[int]
    newer: bool
    older: bool


class Listing:
    """The statements of one list: what somebody may see by any of the acts, at one moment.

    `handed`: relations without a table, as `where` takes them, true for each of the acts that look at them; `only` is
    the caller's own filter.
    """

    def __init__(
        self,
        rules: tuple[Rule, ...],
        acts: Iterable[str],
        subject: Subject,
        context: Context,
        columns: Columns,
        register: Register,
        handed: Mapping[str, Fragment | bool | None],
        only: Fragment | None = None,
    ) -> None:
        self._rules, self._acts, self._handed, self._only = rules, tuple(acts), handed, only
        self._subject, self._context, self._columns = subject, context, columns
        self._table, self._at = plain(register.table, "table"), plain(register.at, "at")
        self._id = columns.quoted("id")
        self._newest, self._of_set = self._by(register.newest), self._by(register.of_set)
        self._listers: dict[tuple[Truth | None, bool], Lister] = {}

    def filtered(self, only: Fragment | None) -> "Listing":
        """The same list under another filter of the caller's. What the table leaves of this subject is found once for all of them."""
        other = copy(self)
        other._only = only
        return other

    def _by(self, index: str) -> str:
        """SQLite is told which index to walk: its planner has turned such joins round before."""
        return f" INDEXED BY {plain(index, 'index')}" if index and self._columns.dialect == SQLITE else ""

    # ------------------------------------------------------------------------------------------------- the whole answer

    def page(
        self, run: Run, size: int, after: Seek | None = None, before: Seek | None = None, *, much: bool = False
    ) -> Page:
        """At most `size` keys below `after` or above `before` (instant as the database holds it, key); else the newest.

        `run` executes a statement and returns its rows. `much` says that the subject sees a great many rows: then the
        scan is tried first. Both ways give the same rows.
        """
        up, seek = before is not None, before or after
        keys = self._scanned(run, size + 1, seek, up) if much else None
        if keys is None:
            keys = [row[0] for row in run(*self.gather(size + 1, seek, up))]
        more, keys = len(keys) > size, keys[:size]
        if up:
            return Page(keys[::-1], newer=more, older=True)
        return Page(keys, newer=seek is not None, older=more)

    def soon(self, run: Run, size: int) -> list[int] | None:
        """The newest `size` keys if a short scan finds as many; None: it did not, and says nothing of how many there are."""
        newest = self._order(self._at, self._id, False)
        floor = run(f"SELECT {self._at} FROM {self._table}{self._newest}{newest} LIMIT 1 OFFSET %s", [SHORT])
        keys = [row[0] for row in run(*self.scan(size, end=floor[0][0] if floor else None))]
        return keys if len(keys) == size else None

    def _scanned(self, run: Run, most: int, seek: Seek | None, up: bool) -> list[int] | None:
        """What a scan of one window finds; None when the window is through and the page is not full."""
        floor = run(*self._end_of_window(seek, up))
        end = floor[0][0] if floor else None
        keys = [row[0] for row in run(*self.scan(most, seek, up, end))]
        return keys if len(keys) == most or end is None else None

    def count(self, run: Run, most: int) -> int:
        """How many there are, counted up to `most`."""
        walked, found = run(*self.counted(most))[0]
        # Rows named by two of the subject's keys are walked twice. All walked: the answer is whole. Else it may be short
        # of `most` only because many were, and then it is counted anew, each row once.
        if found < most and walked == most + TWICE:
            found = run(*self.counted_once(most))[0][0]
        return min(int(found), most)

    # -------------------------------------------------------------------------------------------------- the statements

    def condition(self) -> Sql:
        """True of the rows of this list, for a statement over many of them: the subject's sets are found once for all rows."""
        lister = self._lister(None, sets=True)
        return lister.render(self._opened(lister))

    def scan(self, most: int, seek: Seek | None = None, up: bool = False, end: Any = None) -> Sql:
        """Keys in order from `seek` on, as far as the instant `end` (included)."""
        parts = [self.condition()]
        if end is not None:
            parts.append((f"{self._at} {'<=' if up else '>='} %s", [end]))
        where, values = self._filtered(parts, seek, up)
        sql = f"SELECT {self._id} FROM {self._table}{self._newest} WHERE {where}{self._order(self._at, self._id, up)} LIMIT %s"
        return sql, [*values, most]

    def gather(self, most: int, seek: Seek | None = None, up: bool = False) -> Sql:
        """The same keys, from what the subject is named in."""
        sql, values = self._arms(seek, up)
        return f"SELECT found.id FROM ({sql}) AS found{self._order('found.at', 'found.id', up)} LIMIT %s", [*values, most]

    def everything(self) -> Sql:
        """The keys of all of them, in no order."""
        sql, values = self._arms(None, False)
        return f"SELECT found.id FROM ({sql}) AS found", values

    def counted(self, most: int) -> Sql:
        """Two numbers: rows walked, up to `most` and some more, and how many different ones they are."""
        sql, values = self._arms(None, False, once=False)
        few = f"SELECT found.id FROM ({sql}) AS found LIMIT %s"
        return f"SELECT count(*), count(DISTINCT few.id) FROM ({few}) AS few", [*values, most + TWICE]

    def counted_once(self, most: int) -> Sql:
        """One number: how many, up to `most`."""
        sql, values = self._arms(None, False)
        return f"SELECT count(*) FROM (SELECT 1 FROM ({sql}) AS found LIMIT %s) AS few", [*values, most]

    def place(self, name: str, value: str, other: str) -> Sql:
        """(instant, key, whether it is that row, whether it is on the list) of the row whose unique column is `value`.

        Where there is none, the row that follows `other`, a value drawn at random, stands in for it: a row that is hidden
        and a row that is not there cost the same work.
        """
        lister, column = self._lister(None), plain(name, "name")
        opened, values = lister.render(self._opened(lister))
        named = f"SELECT {self._id} FROM {self._table} WHERE {column} = %s"
        after = f"SELECT {self._id} FROM {self._table} WHERE {column} > %s ORDER BY {column} LIMIT 1"
        # The stand-in is found always (LIMIT keeps it from being put off until it is needed), the condition asked of
        # either: what is done only at need tells by its time.
        sql = (
            f"SELECT {self._at}, {self._id}, {column} = %s, {opened} FROM (SELECT ({after}) AS id LIMIT 1) AS other"
            f" CROSS JOIN {self._table} WHERE {self._id} = COALESCE(({named}), other.id)"
        )
        return sql, [value, *values, other, value]

    def _end_of_window(self, seek: Seek | None, up: bool) -> Sql:
        """The instant at which a window of the register ends, by key: rows are registered in the order of their keys."""
        way, order, sign = (">=", "ASC", "+") if up else ("<=", "DESC", "-")
        start, values = ("%s", [seek[1]]) if seek else (f"(SELECT max({self._id}) FROM {self._table})", [])
        where = f"{self._id} {way} {start} {sign} %s"
        return f"SELECT {self._at} FROM {self._table} WHERE {where} ORDER BY {self._id} {order} LIMIT 1", [*values, WINDOW]

    def _order(self, at: str, key: str, up: bool) -> str:
        return f" ORDER BY {at} {'ASC' if up else 'DESC'}, {key} {'ASC' if up else 'DESC'}"

    def _filtered(self, parts: list[Sql], seek: Seek | None, up: bool) -> Sql:
        """The conditions and the caller's filter, joined; with the place from which on rows are wanted."""
        if seek is not None:
            parts = [*parts, (f"({self._at}, {self._id}) {'>' if up else '<'} (%s, %s)", list(seek))]
        if self._only is not None:
            parts = [*parts, (f"({self._only.sql})", list(self._only.params))]
        return " AND ".join(sql for sql, _ in parts) or "1 = 1", [value for _, values in parts for value in values]

    # -------------------------------------------------------------------------------------- where the subject is named

    def _arms(self, seek: Seek | None, up: bool, once: bool = True) -> Sql:
        """Every row once, as (at, id): those of the subject's sets, then what opens without a scope, permit by permit."""
        arms = [self._of_sets(seek, up, once)] if self._subject.keys else []
        outside = self._lister(FALSE)
        others: list[Expr] = []  # what other acts open: their denies are others, too
        for act in self._acts:
            earlier: list[Expr] = []
            for rule in permits(self._rules, act):
                by, opened = outside.folded(rule.when), outside.allowed(self._rules, act, rule)
                if not _is_false(opened):
                    arms.append(self._of_permit(outside, opened, [*others, *earlier], seek, up))
                    earlier.append(by)
            others.append(outside.allowed(self._rules, act))
        if not arms:
            return f"SELECT {self._at} AS at, {self._id} AS id FROM {self._table} WHERE 0 = 1", []
        return " UNION ALL ".join(sql for sql, _ in arms), [value for _, values in arms for value in values]

    def _of_sets(self, seek: Seek | None, up: bool, once: bool) -> Sql:
        lister = self._lister(TRUE)
        where, values = self._filtered([lister.render(self._opened(lister))], seek, up)
        sets, keys = lister.sets()
        mine = f"{self._columns.quoted('aset')} = va.aset"
        sets = f"SELECT DISTINCT mine.aset FROM ({sets}) AS mine" if once else sets
        if self._columns.dialect == SQLITE:
            # CROSS JOIN keeps the order: the other way round a list of one item walks the whole register.
            joined = f"({sets}) AS va CROSS JOIN {self._table}{self._of_set}"
            sql = f"SELECT {self._at} AS at, {self._id} AS id FROM {joined} WHERE {mine} AND {where}"
        else:
            # OFFSET 0 keeps PostgreSQL from joining the other way round.
            inner = f"SELECT {self._at} AS at, {self._id} AS id FROM {self._table} WHERE {mine} AND {where} OFFSET 0"
            sql = f"SELECT one.at, one.id FROM ({sets}) AS va CROSS JOIN LATERAL ({inner}) AS one"
        return sql, [*keys, *values]

    def _of_permit(self, lister: Lister, opened: Expr, earlier: list[Expr], seek: Seek | None, up: bool) -> Sql:
        """What one permit opens outside the subject's sets and is not opened by an earlier one."""
        parts = [lister.render(all_of(opened, *(negated(other) for other in earlier)))]
        if _needs(opened, "handler"):
            parts.insert(0, lister.handled_items())
        if self._subject.keys:
            sql, values = lister.scope()
            parts.append((f"NOT {sql}", values))
        where, values = self._filtered(parts, seek, up)
        return f"SELECT {self._at} AS at, {self._id} AS id FROM {self._table} WHERE {where}", values

    def _opened(self, lister: Lister) -> Expr:
        """Any of the acts is allowed."""
        return any_of(*(lister.allowed(self._rules, act) for act in self._acts))

    def _lister(self, scope: Truth | None, sets: bool = False) -> Lister:
        if (scope, sets) not in self._listers:
            self._listers[scope, sets] = Lister(self._subject, self._context, self._columns, self._handed, scope=scope, sets=sets)
        return self._listers[scope, sets]


def _is_false(expr: Expr) -> bool:
    return isinstance(expr, Truth) and not expr.value


def _needs(expr: Expr, relation: str) -> bool:
    """The relation stands as one of the conditions that must all hold."""
    parts = expr.parts if isinstance(expr, And) else (expr,)
    return any(isinstance(part, Rel) and part.spec.name == relation for part in parts)
