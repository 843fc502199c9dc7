"""A small office: raw rows, the facts the engine asks for, and the same rows as tables of SQLite or PostgreSQL."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from mifeng.engines.access import Columns, Context, Fragment, Grant, Item, Relations, Subject, serving

Act = str
ROWS = """
create table item(id bigint primary key, level int not null, aset bigint, live boolean not null, frozen boolean not null,
    sealed boolean not null, excl bigint, dept bigint not null, no_copy boolean not null, applicant bigint,
    destination bigint, approver bigint, grant_act text not null, grant_executor bigint not null,
    grant_since bigint not null, grant_until bigint not null, grant_uses int not null, grant_gm boolean not null);
create table audience(aset bigint, key bigint, since bigint, until bigint);
create table handler(doc bigint, person bigint);
create table concerned(doc bigint, person bigint);
create table team(doc bigint, person bigint);
create table judge(doc bigint, person bigint);
create table wall(doc bigint, person bigint);
create table opener(doc bigint, person bigint);
create table appointment(person bigint, act text, level_max int, dept bigint, since bigint, until bigint);
"""
TABLES = ("item", "audience", "handler", "concerned", "team", "judge", "wall", "opener", "appointment")
COLUMNS = Columns(
    level="item.level", aset="item.aset", live="item.live", frozen="item.frozen", sealed="item.sealed",
    excl="item.excl", dept="item.dept", no_copy="item.no_copy", id="item.id", audience_table="audience",
    audience_aset="aset", audience_key="key", audience_since="since", audience_until="until", handler_table="handler",
    handler_item="doc", handler_person="person", concerned_table="concerned", concerned_item="doc",
    concerned_person="person", team_table="team", team_item="doc", team_person="person", applicant="item.applicant",
    destination="item.destination", approver="item.approver",
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    pid: int
    clearance: int
    role: int
    active: int
    pledge_until: int
    trained_until: int
    rules_read: int
    keys: frozenset[int]
    device_cap: int
    fresh_until: int
    fresh_top_until: int
    password_until: int
    session_ok: int


@dataclass(frozen=True)
class Paper:
    """What an approval left on an item: one open grant at most, in this office."""

    act: str
    applicant: int
    executor: int
    since: int
    until: int
    uses: int
    by_gm: bool
    destination: int | None
    approver: int | None = None


@dataclass(frozen=True)
class Doc:
    id: int
    level: int
    live: int
    frozen: int
    sealed: int
    excl: int | None
    dept: int
    no_copy: int
    scope: tuple[tuple[int, int, int], ...]
    handlers: frozenset[int]
    concerned: frozenset[int]
    team: frozenset[int]
    grant: Paper | None
    walled: frozenset[int] = frozenset()
    openers: frozenset[int] = frozenset()


@dataclass
class World:
    now: int = 0
    people: dict[int, Person] = field(default_factory=dict)
    docs: dict[int, Doc] = field(default_factory=dict)
    judges: set[tuple[int, int]] = field(default_factory=set)
    appointments: list[tuple[int, str, int, int, int, int]] = field(default_factory=list)

    def appointed(self, p: Person, act: Act, d: Doc) -> bool:
        """APPOINTED: a 委托 names act, level, department and time."""
        return any(
            person == p.pid and named == act and d.level <= most and dept == d.dept and since <= self.now < until
            for person, named, most, dept, since, until in self.appointments
        )


def subject(p: Person) -> Subject:
    return Subject(p.pid, p.clearance, p.role, p.active, p.pledge_until, p.trained_until, p.rules_read, p.keys)


def context(w: World, p: Person) -> Context:
    return Context(w.now, p.device_cap, p.fresh_until, p.fresh_top_until, p.password_until, p.session_ok)


def item(d: Doc) -> Item:
    return Item(d.id, d.level, d.id, d.live, d.frozen, d.sealed, d.excl, d.dept, d.no_copy, 0)


def grants(d: Doc) -> list[Grant]:
    """The row of the item as the engine's grants."""
    if d.grant is None:
        return []
    g = d.grant
    executor = "" if g.act == "show" else f"post of {g.executor}"
    post = "gm" if g.by_gm else "deputy_gm"
    return [Grant(d.id, g.applicant, executor, g.act, g.since, g.until, g.uses, "approved", post, g.until)]


def relations(w: World, p: Person, d: Doc, act: Act) -> Relations:
    """How the office's rooms would load them."""
    found = serving(grants(d), act, d.id, p.pid, frozenset({f"post of {p.pid}"}), w.now)
    keys = subject(p).keys
    return Relations(
        scope=any(key in keys and since <= w.now < until for key, since, until in d.scope),
        handler=p.pid in d.handlers, concerned=p.pid in d.concerned, frozen_team=p.pid in d.team,
        judge=(d.id, p.pid) in w.judges, appointed=w.appointed(p, act, d),
        grant=found is not None, grant_by_gm=found is not None and found.approver_post == "gm",
        applicant=d.grant.applicant if d.grant else None, destination=d.grant.destination if d.grant else None,
        approver=d.grant.approver if d.grant else None, walled=p.pid in d.walled, opening=p.pid in d.openers,
    )  # fmt: skip


def handed(w: World, p: Person, act: Act) -> dict[str, Fragment]:
    """The relations without a table in COLUMNS, as conditions."""
    if act == "read":
        whose, named = "item.applicant is not null and item.applicant = %s", "show"
    else:
        whose, named = "item.grant_executor = %s", act
    live = "item.grant_act = %s and item.grant_since <= %s and item.grant_until > %s and item.grant_uses > 0"
    appointed = (
        "exists (select 1 from appointment a where a.person = %s and a.act = %s and item.level <= a.level_max"
        " and a.dept = item.dept and a.since <= %s and a.until > %s)"
    )
    return {
        "appointed": Fragment(appointed, (p.pid, act, w.now, w.now)),
        "grant": Fragment(f"{whose} and {live}", (p.pid, named, w.now, w.now)),
        "grant_by_gm": Fragment("item.grant_gm"),
        "judge": Fragment("exists (select 1 from judge j where j.doc = item.id and j.person = %s)", (p.pid,)),
        "walled": Fragment("exists (select 1 from wall j where j.doc = item.id and j.person = %s)", (p.pid,)),
        "opening": Fragment("exists (select 1 from opener j where j.doc = item.id and j.person = %s)", (p.pid,)),
    }


class Rows:
    """The tables of the office in one database: `sqlite`, or `postgresql` over a connection of psycopg."""

    def __init__(self, connection: Any, dialect: str) -> None:
        self.connection, self.dialect = connection, dialect
        self.columns = replace(COLUMNS, dialect=dialect)

    @classmethod
    def in_memory(cls) -> "Rows":
        """A new SQLite database."""
        made = sqlite3.connect(":memory:")
        made.executescript(ROWS)
        return cls(made, "sqlite")

    @classmethod
    def on_server(cls, connection: Any) -> "Rows":
        """Temporary tables of a connection to PostgreSQL."""
        connection.execute("".join(f"drop table if exists {table};" for table in TABLES))
        connection.execute(ROWS.replace("create table", "create temporary table"))
        return cls(connection, "postgresql")

    def run(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """A statement with `%s` for each value."""
        if self.dialect == "sqlite":
            return self.connection.execute(sql.replace("%s", "?"), values)
        return self.connection.execute(sql, values)

    def add(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        """Rows into a table."""
        for row in rows:
            self.run(f"insert into {table} values ({', '.join(['%s'] * len(row))})", row)

    def close(self) -> None:
        """The database is no longer needed."""
        self.connection.close()

    def clear(self) -> None:
        """An empty office."""
        for table in TABLES:
            self.run(f"delete from {table}")

    def store(self, d: Doc) -> None:
        """The item's rows anew."""
        named = {"handler": d.handlers, "concerned": d.concerned, "team": d.team, "wall": d.walled, "opener": d.openers}
        for table, column in (("item", "id"), ("audience", "aset"), *((table, "doc") for table in named)):
            self.run(f"delete from {table} where {column} = %s", (d.id,))
        self.add("item", [_row(d)])
        self.add("audience", [(d.id, *line) for line in d.scope])
        for table, persons in named.items():
            self.add(table, [(d.id, pid) for pid in persons])

    def those(self, condition: tuple[str, list[Any]], among: set[int]) -> set[int]:
        """The items for which it is true. Of `among`, which are all, no row may fall between yes and no."""
        sql, values = condition
        # NOT and not IS FALSE: a condition that is neither would be in neither list.
        seen = {row[0] for row in self.run(f"select item.id from item where {sql}", values)}
        rest = {row[0] for row in self.run(f"select item.id from item where not ({sql})", values)}
        assert seen | rest == among
        assert seen & rest == set()
        return seen


def _row(d: Doc) -> tuple[Any, ...]:
    g = d.grant
    paper = (g.act, g.executor, g.since, g.until, g.uses, bool(g.by_gm)) if g else ("", -1, 0, 0, 0, False)
    form = (g.applicant, g.destination, g.approver) if g else (None, None, None)
    # An item that nobody may see has no audience set at all, as in the tables of the house.
    return (
        d.id, d.level, d.id if d.scope else None, bool(d.live), bool(d.frozen), bool(d.sealed), d.excl, d.dept,
        bool(d.no_copy), *form, *paper,
    )  # fmt: skip
