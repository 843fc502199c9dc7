"""Migrations are complete and their names are sentences."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command

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
