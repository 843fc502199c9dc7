"""Without a deed the database itself refuses: three triggers on every business table."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from mifeng.base import clock, deeds, guard
from mifeng.base.models import Counter, Job

EVENTS = ("insert", "update", "delete", *(["truncate"] if connection.vendor == "postgresql" else []))


def every_table() -> set[str]:
    ours = [m for m in apps.get_models(include_auto_created=True) if m.__module__.startswith("mifeng.")]
    return {model._meta.db_table for model in ours}


def triggers() -> set[tuple[str, str]]:
    asked = {
        "sqlite": "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT relname, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE NOT tgisinternal",
    }
    with connection.cursor() as cursor:
        cursor.execute(asked[connection.vendor])
        return set(cursor.fetchall())


def test_every_business_table_is_guarded_or_says_why_not(house):
    guarded = every_table() - set(guard.UNGUARDED)
    wanted = {(t, f"{t}_guard_{event}") for t in guarded for event in EVENTS}
    assert {pair for pair in triggers() if "_guard_" in pair[1]} == wanted
    assert set(guard.UNGUARDED) <= every_table()
    assert all(len(reason) > 20 for reason in guard.UNGUARDED.values())


def test_a_write_without_a_deed_is_refused_on_every_table(house):
    for table in sorted(every_table() - set(guard.UNGUARDED)):
        with pytest.raises(DatabaseError, match="no deed"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f'INSERT INTO "{table}" DEFAULT VALUES')


@pytest.mark.parametrize("sql", ["UPDATE people_person SET clearance = 30", "DELETE FROM people_person", "DELETE FROM log",
                                 "UPDATE log SET entry = ''", "UPDATE log_head SET size = 0"])  # fmt: skip
def test_rows_are_neither_changed_nor_deleted_without_a_deed(house, cast, sql):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert cast.outsider.clearance < 30


def test_inside_a_deed_the_same_write_goes_through(house, cast):
    deeds._do("people:test_write", cast.outsider, None, lambda: Counter.objects.create(series="试", year=2026))
    assert Counter.objects.filter(series="试").count() == 1


def test_what_stands_outside_may_be_written(house):
    job = Job.objects.create(kind="documents:convert", dedupe="x", subject="y", run_at=clock.now())
    assert Job.objects.filter(pk=job.pk).update(step="converting") == 1
