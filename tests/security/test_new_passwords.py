"""Comparing and making a password takes long on purpose: never while everybody else waits for the write lock (I5.2)."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.db import connection

from mifeng.base import vault
from mifeng.base.refusals import Refused
from mifeng.rooms.people import actions as people
from mifeng.rooms.people import credentials
from tests.house_fixtures import PASSPHRASE, PASSWORD

NEW = "Baihe-9xing!!"


@pytest.fixture
def hashing(monkeypatch: Any) -> list[bool]:
    """For every hash that is made or compared: whether a transaction was open."""
    seen: list[bool] = []

    def noting(act: Any) -> Any:
        return lambda *args, **kwargs: seen.append(connection.in_atomic_block) or act(*args, **kwargs)

    for name in ("encode", "verify"):
        monkeypatch.setattr(credentials.Argon2id, name, noting(getattr(credentials.Argon2id, name)))
    return seen


def code(cast: Any, holder: Any) -> tuple[str, str]:
    row, one = people.ask_reset(cast.sysadmin, holder, True)
    return one, people.sign_reset(cast.secadmin, row, True)


def test_i5_2_a_new_password_is_hashed_outside_of_the_transaction(house: Any, cast: Any, hashing: list[bool]) -> None:
    people.change_password(cast.insider, PASSWORD, NEW)
    people.use_code(None, cast.outsider.login, *code(cast, cast.outsider), NEW)
    assert len(hashing) > 3
    assert set(hashing) == {False}
    for person in (cast.insider, cast.outsider):
        assert credentials.matches(person.credential, NEW)


def test_i5_2_a_code_that_does_not_fit_makes_the_house_hash_nothing(house: Any, cast: Any, hashing: list[bool]) -> None:
    code(cast, cast.outsider)
    with pytest.raises(Refused):
        people.use_code(None, cast.outsider.login, "2222", "2222", NEW)
    assert hashing == []


def test_i5_2_a_password_that_was_changed_in_between_is_not_overwritten(house: Any, cast: Any, monkeypatch: Any) -> None:
    real = credentials.fresh

    def overtaken(*args: Any) -> credentials.Fresh:
        found = real(*args)
        monkeypatch.setattr(credentials, "fresh", real)
        people.change_password(cast.outsider, PASSWORD, NEW)
        return found

    one, two = code(cast, cast.outsider)
    monkeypatch.setattr(credentials, "fresh", overtaken)
    with pytest.raises(Refused):
        people.use_code(None, cast.outsider.login, one, two, "Heyan-7xing!!")
    assert credentials.matches(cast.outsider.credential, NEW)


def test_i5_2_a_stored_half_of_a_code_cannot_be_tried_through_without_the_vault(house: Any, cast: Any) -> None:
    """Four signs are a million cases: whoever has the table alone would have them in a second."""
    row, half = people.ask_reset(cast.sysadmin, cast.outsider, True)
    assert row.half_one == credentials.code_hash(half, cast.outsider, 1) != sha256(half.encode()).hexdigest()
    vault.seal()
    with pytest.raises(vault.Sealed):
        credentials.code_hash(half, cast.outsider, 1)
    vault.unseal(PASSPHRASE)
    assert row.half_one == credentials.code_hash(half, cast.outsider, 1)


def test_i5_2_the_same_half_is_stored_otherwise_for_another_and_as_the_other_half(house: Any, cast: Any) -> None:
    """Who hands out first halves learns their stored values: they must say nothing of anybody else's, nor of second halves."""
    stored = {credentials.code_hash("K7QX", person, half) for person in (cast.insider, cast.outsider) for half in (1, 2)}
    assert len(stored) == 4
    assert credentials.code_hash(" k7qx", cast.insider, 1) in stored


def test_i5_2_a_code_is_signed_once(house: Any, cast: Any) -> None:
    row, one = people.ask_reset(cast.sysadmin, cast.outsider, True)
    two = people.sign_reset(cast.secadmin, row, True)
    with pytest.raises(Refused) as refusal:
        people.sign_reset(cast.secadmin_b, row, True)
    assert refusal.value.clauses == ["I5.2"]
    people.use_code(None, cast.outsider.login, one, two, NEW)
    assert credentials.matches(cast.outsider.credential, NEW)


def test_i5_2_a_code_on_which_five_others_were_tried_opens_nothing_at_any_hour(house: Any, cast: Any) -> None:
    """The pause after five wrong guesses ends in a quarter of an hour; the code would else be good for a day of them."""
    one, two = code(cast, cast.outsider)
    for hour in range(5):
        with house.at(timedelta(hours=hour)), pytest.raises(Refused):
            people.use_code(None, cast.outsider.login, one, "2222", NEW)
    with house.at(timedelta(hours=8)):
        with pytest.raises(Refused):
            people.use_code(None, cast.outsider.login, one, two, NEW)
        people.use_code(None, cast.outsider.login, *code(cast, cast.outsider), NEW)
    assert credentials.matches(cast.outsider.credential, NEW)


def test_i5_2_four_wrong_halves_leave_the_code_good(house: Any, cast: Any) -> None:
    one, two = code(cast, cast.outsider)
    for hour in range(4):
        with house.at(timedelta(hours=hour)), pytest.raises(Refused):
            people.use_code(None, cast.outsider.login, one, "2222", NEW)
    with house.at(timedelta(hours=8)):
        people.use_code(None, cast.outsider.login, one, two, NEW)
    assert credentials.matches(cast.outsider.credential, NEW)
