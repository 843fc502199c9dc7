"""Guards in the database: no write to a business table without an open entry in the same transaction.

They catch errors of our own program. What catches the database administrator are row codes and the tree.
"""

from typing import Any

from django.apps import apps
from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from mifeng.engines import auditlog

# Tables that are written outside deeds, each with its reason.
UNGUARDED = {
    "base_job": "leases and steps of running work; what the work does is a deed",
    "people_sessionpulse": "last activity and lock of a session; who is signed in is a coded row of its own",
    "viewing_pageticket": "one-time tickets of pages; opening the page is a deed",
    "people_savedpage": "typed text kept under a lock, sealed under the person's own key, dropped after 7 days",
}


def tables() -> list[str]:
    """Business tables that must be guarded."""
    ours = [model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith("mifeng.")]
    return sorted(model._meta.db_table for model in ours if model._meta.db_table not in UNGUARDED)


def lay_log(editor: BaseDatabaseSchemaEditor) -> None:
    """The log's own tables and triggers, word for word; one statement at a time, for bodies of functions hold semicolons."""
    for statement in auditlog.dialect(editor.connection.vendor).SCHEMA:
        editor.execute(statement, params=None)


def install(**_: Any) -> None:
    """After a migration: every business table has its three triggers. Does nothing before the log's tables exist."""
    with connection.cursor() as cursor:
        have = set(connection.introspection.table_names(cursor))
        if "pending_entry" not in have:
            return
        for table in tables():
            for statement in auditlog.dialect(connection.vendor).guard_triggers(table) if table in have else ():
                cursor.execute(statement)
