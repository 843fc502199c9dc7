"""Lists: the statement as it is written, what it binds, what it refuses to be built from."""

import json
import sqlite3
from dataclasses import replace

import pytest

from mifeng.engines.access import (
    ACTS,
    EVER,
    ColumnBroken,
    Columns,
    Context,
    Fragment,
    RelationNotGiven,
    Subject,
    UnknownAct,
    key,
    switched,
    where,
)

from .world import COLUMNS, ROWS

INSIDER = Subject(7, 20, 0, 1, EVER, EVER, 1, frozenset({key(1, 0), key(2, 7)}))
DESK = Context(1000, 20, EVER, EVER, EVER, 1)
KEYS = json.dumps(sorted(INSIDER.keys))
BARE = replace(COLUMNS, team_table="", applicant="", destination="")


def where_read(subject: Subject = INSIDER, context: Context = DESK, columns: Columns = BARE) -> tuple[str, list]:
    return where("read", subject, context, columns)


def test_the_list_of_what_somebody_may_read_word_for_word() -> None:
    sql, values = where_read()
    assert sql == (
        '("item"."level" <= %s AND "item"."live"'
        ' AND NOT (("item"."sealed" AND EXISTS (SELECT 1 FROM "concerned" AS concerned_row'
        ' WHERE concerned_row."doc" = "item"."id" AND concerned_row."person" = %s)))'
        ' AND NOT (("item"."sealed" AND NOT (EXISTS (SELECT 1 FROM "handler" AS handler_row'
        ' WHERE handler_row."doc" = "item"."id" AND handler_row."person" = %s))))'
        ' AND NOT ("item"."frozen")'
        ' AND NOT (("item"."excl" IS NOT NULL AND "item"."excl" <> %s))'
        ' AND (("item"."excl" IS NOT NULL AND "item"."excl" = %s)'
        ' OR ("item"."sealed" AND EXISTS (SELECT 1 FROM "handler" AS handler_row'
        ' WHERE handler_row."doc" = "item"."id" AND handler_row."person" = %s))'
        ' OR EXISTS (SELECT 1 FROM "audience" AS scope_row WHERE scope_row."aset" = "item"."aset"'
        ' AND scope_row."key" IN (SELECT value FROM json_each(%s))'
        ' AND scope_row."since" <= %s AND scope_row."until" > %s)))'
    )
    assert values == [20, 7, 7, 7, 7, 7, KEYS, 1000, 1000]


def test_postgresql_binds_the_keys_as_an_array() -> None:
    sql, values = where_read(columns=replace(BARE, dialect="postgresql"))
    assert 'scope_row."key" = ANY(%s)' in sql
    assert "json_each" not in sql
    assert values[6] == sorted(INSIDER.keys)


@pytest.mark.parametrize(
    ("subject", "context", "cap"),
    [
        (INSIDER, DESK, 20),
        (replace(INSIDER, clearance=30), DESK, 20),
        (INSIDER, replace(DESK, device_cap=10), 10),
        (INSIDER, replace(DESK, fresh_until=1000), 19),
        (replace(INSIDER, clearance=30), replace(DESK, device_cap=30, fresh_top_until=1000), 29),
        (replace(INSIDER, clearance=30), replace(DESK, device_cap=30), 30),
        (INSIDER, replace(DESK, password_until=1000), 9),
        (replace(INSIDER, pledge_until=1000), DESK, 9),
        (replace(INSIDER, rules_read=0), DESK, 9),
        (replace(INSIDER, role=1), DESK, 9),
        (INSIDER, replace(DESK, device_cap=0), 0),
    ],
)
def test_clearance_device_password_pledge_and_freshness_become_one_number(
    subject: Subject, context: Context, cap: int
) -> None:
    sql, values = where_read(subject, context)
    assert sql.startswith('("item"."level" <= %s AND ')
    assert values[0] == cap
    # The officer's row looks at the level once more, because 内部 reaches him through the all-staff scope only.
    assert sql.count('"item"."level"') == (2 if subject.role else 1)


def test_somebody_who_left_or_whose_session_is_locked_reads_an_empty_list_without_a_table() -> None:
    assert where_read(replace(INSIDER, active=0)) == ("0 = 1", [])
    assert where_read(INSIDER, replace(DESK, session_ok=0)) == ("0 = 1", [])
    assert where_read(INSIDER, replace(DESK, session_ok=0).calm()) != ("0 = 1", [])


def test_values_are_bound_one_for_each_mark_for_every_act() -> None:
    handed = {name: Fragment("1 = %s", (1,)) for name in ("appointed", "grant", "grant_by_gm", "judge")}
    for act in ACTS:
        sql, values = where(act, INSIDER, DESK, COLUMNS, **handed)
        assert sql.count("%s") == len(values) > 0
        assert sql.replace("%s", "").count("%") == 0


def test_a_list_that_could_never_hold_a_row_is_refused_by_name() -> None:
    for act, missing in (
        ("register_facts", "appointed"),
        ("copy", "grant"),
        ("external", "grant"),
        ("decide", "judge"),
    ):
        with pytest.raises(RelationNotGiven, match=missing):
            where(act, INSIDER, DESK, BARE)
    assert "item" in where("register_facts", INSIDER, DESK, BARE, appointed=Fragment("item.level <= %s", (10,)))[0]
    assert "item" in where("apply_copy", INSIDER, DESK, BARE)[0]


def test_relations_left_out_hold_for_no_row_and_a_plain_bool_for_all() -> None:
    assert where("read", INSIDER, DESK, BARE) == where("read", INSIDER, DESK, BARE, judge=False, grant=False)
    sql, values = where("read", INSIDER, DESK, BARE, judge=True)
    assert "scope_row" not in sql
    assert values == [20, 7, 7, 7]


def test_a_register_without_embargo_or_custody_says_so_with_constants() -> None:
    plain = replace(BARE, sealed="FALSE", frozen="FALSE", live="TRUE", excl="NULL", no_copy="FALSE")
    sql, values = where_read(columns=plain)
    assert sql == (
        '("item"."level" <= %s AND EXISTS (SELECT 1 FROM "audience" AS scope_row WHERE scope_row."aset" = "item"."aset"'
        ' AND scope_row."key" IN (SELECT value FROM json_each(%s))'
        ' AND scope_row."since" <= %s AND scope_row."until" > %s))'
    )
    assert values == [20, KEYS, 1000, 1000]
    assert where_read(columns=replace(BARE, live="FALSE")) == ("0 = 1", [])


@pytest.mark.parametrize(
    "name",
    [
        "item.level; drop table item",
        'item"."level',
        "item.level or 1",
        "a.b.c.d",
        "1 = 1",
        "item.",
        "élan",
        "item .level",
    ],
)
def test_nothing_but_a_plain_name_is_pasted_into_a_statement(name: str) -> None:
    for column in ("level", "audience_table", "concerned_person"):
        with pytest.raises(ColumnBroken):
            replace(COLUMNS, **{column: name})


def test_unknown_dialects_and_acts_are_refused() -> None:
    with pytest.raises(ColumnBroken):
        replace(COLUMNS, dialect="mysql")
    with pytest.raises(UnknownAct):
        where("sniff", INSIDER, DESK, COLUMNS)


def test_a_switched_rule_is_switched_in_lists_too() -> None:
    with switched("permit-scope", "off"):
        assert "scope_row" not in where_read()[0]
    with switched("deny-left", "always"):
        assert where_read() == ("0 = 1", [])
    assert "scope_row" in where_read()[0]


def test_an_item_without_a_set_is_nobodys_and_its_row_does_not_vanish_into_null() -> None:
    sql, values = where("read", INSIDER, DESK, COLUMNS)
    with sqlite3.connect(":memory:") as db:
        db.executescript(ROWS)
        db.execute("insert into item values (1, 5, null, 1, 0, 0, null, 1, 0, null, null, null, '', -1, 0, 0, 0, 0)")
        marked = sql.replace("%s", "?")
        assert db.execute(f"select ({marked}), not ({marked}) from item", values * 2).fetchall() == [(0, 1)]


def test_the_scope_is_found_through_the_index_of_the_sets() -> None:
    sql, values = where_read()
    with sqlite3.connect(":memory:") as db:
        db.executescript(ROWS + "create index audience_by_set on audience(aset, key, since, until);")
        plan = [
            row[3]
            for row in db.execute(f"explain query plan select id from item where {sql.replace('%s', '?')}", values)
        ]
    assert any(
        line.startswith("SEARCH scope_row USING COVERING INDEX audience_by_set (aset=? AND key=?") for line in plan
    )
