"""The log's own tables and triggers: the DDL of the log engine for this kind of database, word for word."""

from typing import Any

from django.db import migrations

from mifeng.base import guard


def make(apps: Any, editor: Any) -> None:
    guard.lay_log(editor)


class Migration(migrations.Migration):
    dependencies = [("base", "0001_log_and_house")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
