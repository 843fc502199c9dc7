"""The address of the database: what is read from it, what is refused in words, and that no password is shown."""

from pathlib import Path

import pytest

from mifeng.site import database, env

SECRET = "geheim-123"


def test_an_address_is_read_as_libpq_reads_it() -> None:
    read = database.settings_for(f"postgresql://office:{SECRET}@db.example:5433/house?sslmode=verify-full", Path("x"), False)
    assert (read["NAME"], read["USER"], read["PASSWORD"], read["HOST"], str(read["PORT"])) == (
        "house", "office", SECRET, "db.example", "5433"
    )  # fmt: skip
    assert read["OPTIONS"]["sslmode"] == "verify-full"
    assert "synchronous_commit=on" in read["OPTIONS"]["options"]


@pytest.mark.parametrize("url", ["", "sqlite:"])
def test_without_an_address_the_house_lies_in_its_folder(url: str) -> None:
    assert database.settings_for(url, Path("home"), False)["NAME"] == Path("home/mifeng.db")


@pytest.mark.parametrize("url", [f"postgresql://office:{SECRET}@:bad/x y", f"postgresql://office:{SECRET}@db/"])
def test_an_address_that_cannot_be_read_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(database.UnusableDatabase) as refused:
        database.settings_for(url, Path("x"), False)
    assert SECRET not in str(refused.value) and " / " in str(refused.value)


def test_the_settings_of_a_process_do_not_show_the_password() -> None:
    assert SECRET not in repr(env.read({"MIFENG_DATABASE_URL": f"postgresql://office:{SECRET}@db/house"}))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ('password authentication failed for user "office"', "user or password"),
        ('database "nothere" does not exist', "does not exist"),
        ("connection refused", "no database server answers"),
        ("no pg_hba.conf entry for host", "pg_hba.conf"),
    ],
)
def test_why_the_server_does_not_take_us_is_said_in_our_words(words: str, said: str) -> None:
    assert said in database._why(words)


@pytest.mark.parametrize(("version", "refused"), [(130022, True), (140000, False), (170002, False)])
def test_a_server_before_14_is_refused(version: int, refused: bool) -> None:
    assert bool(database._age(version)) is refused
