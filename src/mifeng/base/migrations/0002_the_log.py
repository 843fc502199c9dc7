"""The log's own tables and triggers: the DDL of the log engine for this kind of database, word for word."""

from typing import Any

from django.db import migrations

from mifeng.engines import auditlog


def make(apps: Any, editor: Any) -> None:
    """One statement at a time: bodies of functions hold semicolons of their own."""
    for statement in auditlog.dialect(editor.connection.vendor).SCHEMA:
        editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("base", "0001_log_and_house")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
