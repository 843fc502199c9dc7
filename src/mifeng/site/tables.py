"""The tables of a house: all at once where there are none yet, else migration by migration.

Forty migrations build each table many times over before it stands as it is; a new house has nothing to carry over.
tests/house/test_migrations.py shows that both ways lead to the same tables.
"""

from django.apps import apps
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from mifeng.base import guard


def bring_up() -> None:
    """Tables and guards of this version, whatever stands there now. One transaction for a new house."""
    if connection.introspection.table_names():
        call_command("migrate", verbosity=0, interactive=False)
        return
    with connection.schema_editor() as editor:
        for model in apps.get_models():
            editor.create_model(model)
        guard.lay_log(editor)
        editor.create_model(MigrationRecorder.Migration)
        recorder = MigrationRecorder(connection)
        for app, name in MigrationLoader(None).graph.nodes:
            recorder.record_applied(app, name)
    emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)  # the rooms' guards; every later start looks again
