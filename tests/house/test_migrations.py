"""Migrations are complete and their names are sentences."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from mifeng.site import start
from tests import cluster, house_fixtures

SRC = Path(__file__).parents[2] / "src" / "mifeng"
NAMES = sorted(file.stem for file in SRC.rglob("migrations/[0-9]*.py"))


def test_the_tables_are_what_the_models_say(house):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("name", NAMES)
def test_the_name_of_a_migration_is_a_sentence(name):
    words = re.fullmatch(r"\d{4}_([a-z]+(?:_[a-z]+)+)", name)
    assert words, name
    assert not {"auto", "alter", "initial"} & set(words[1].split("_")), name


def test_numbers_run_without_a_gap():
    for folder in SRC.rglob("migrations"):
        numbers = [int(file.stem[:4]) for file in sorted(folder.glob("[0-9]*.py"))]
        assert numbers == list(range(1, len(numbers) + 1)), folder


@pytest.fixture
def worlds(django_house, tmp_path):
    """Opens an empty house in a folder of its own; closes all afterwards."""
    opened = []

    def empty(name):
        house_fixtures.open_folders(tmp_path / name, tmp_path / f"{name}-keys")
        opened.append(tmp_path / name)
        start.folders()

    yield empty
    connection.close()
    for home in opened if cluster.POSTGRESQL else ():
        cluster.drop(cluster.name_of(home))


def stands():
    """What the database says of its tables: columns with type and null, keys, indexes, checks, triggers."""
    with connection.cursor() as cursor:
        tables = {}
        for table in connection.introspection.table_names(cursor):
            columns = {(c.name, c.type_code, c.null_ok, c.default) for c in connection.introspection.get_table_description(cursor, table)}
            kept = ("columns", "primary_key", "unique", "foreign_key", "check", "index")
            rules = connection.introspection.get_constraints(cursor, table).values()
            tables[table] = columns, sorted(str([rule[name] for name in kept]) for rule in rules)
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal" if cluster.POSTGRESQL else
            "SELECT sql FROM sqlite_master WHERE type = 'trigger'"
        )  # fmt: skip
        return tables, sorted(row[0] for row in cursor.fetchall())


def test_a_new_house_has_the_tables_of_one_that_was_brought_up_step_by_step(worlds):
    worlds("at_once")
    start.migrate()
    at_once, recorded = stands(), MigrationRecorder(connection).applied_migrations().keys()
    connection.close()
    worlds("step_by_step")
    call_command("migrate", verbosity=0, interactive=False)
    assert stands() == at_once
    assert MigrationRecorder(connection).applied_migrations().keys() == recorded
    before = stands()
    start.migrate()  # nothing is left to do
    assert stands() == before
