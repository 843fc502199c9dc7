"""The log's own tables and triggers: the DDL of the log engine, word for word."""

from django.db import migrations

from mifeng.engines.auditlog import SCHEMA


class Migration(migrations.Migration):
    dependencies = [("base", "0001_log_and_house")]
    operations = [migrations.RunSQL(SCHEMA, reverse_sql=migrations.RunSQL.noop)]
