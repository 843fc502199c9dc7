"""`mifeng export-evidence` at a real company: keepers open the vault, the auditor proves who he is."""

import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pyotp
import pytest

from mifeng.base import clock, vault
from mifeng.engines import vault as engine
from mifeng.rooms.people import actions as people
from mifeng.site import start
from mifeng.site.cli import export_evidence
from tests.house_fixtures import PASSPHRASE, PASSWORD


@pytest.fixture
def console(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """What is typed at the console, in order; `code` is the auditor's."""

    def typing(*hidden: str, code: str = "") -> None:
        lines = iter(hidden)
        monkeypatch.setattr("getpass.getpass", lambda prompt="": next(lines))
        monkeypatch.setattr("builtins.input", lambda prompt="": code)

    return typing


@pytest.fixture
def code(house: Any, cast: Any) -> Callable[[], str]:
    """The auditor has an authenticator; gives its code of the next half minute."""
    session = house.sit(cast.auditor)
    secret = people.begin_totp(cast.auditor)
    people.confirm_totp(cast.auditor, session, pyotp.TOTP(secret).at(clock.now()))
    return lambda: pyotp.TOTP(secret).at(clock.now() + timedelta(seconds=30))


def test_two_keepers_and_the_auditor_export_from_a_vault_that_was_split(house, cast, console, code, tmp_path):
    one, _two, three = engine.unseal.split(PASSPHRASE, 2, 3)
    console(one, three, PASSWORD, code=code())
    vault.seal()
    out = tmp_path / "evidence.zip"
    assert export_evidence.main(["--out", str(out), "--login", cast.auditor.login]) == 0
    assert "checkpoints.txt" in zipfile.ZipFile(out).namelist()
    assert [entry["n"]["shares"] for entry in house.log() if entry["act"] == "people:unseal"] == [2]
    assert house.log()[-1]["act"] == "oversight:export"
    with house.at(timedelta(minutes=5)):
        console(one, three, PASSWORD, code=code())
        vault.seal()
        assert export_evidence.main(["--out", str(tmp_path / "again.zip"), "--login", cast.auditor.login]) == 0


@pytest.mark.parametrize("second", ["one", "other set"])
def test_shares_that_do_not_fit_open_nothing(house, cast, console, tmp_path, second):
    shares = engine.unseal.split(PASSPHRASE, 2, 3)
    console(shares[0], shares[0] if second == "one" else engine.unseal.split(PASSPHRASE, 2, 3)[1])
    vault.seal()
    with pytest.raises(start.CannotStart, match="do not fit"):
        export_evidence.main(["--out", str(tmp_path / "evidence.zip"), "--login", cast.auditor.login])
    assert not vault.is_open()
    assert not (tmp_path / "evidence.zip").exists()


def test_keepers_without_the_auditor_export_nothing(house, cast, console, code, tmp_path):
    one, two, _three = engine.unseal.split(PASSPHRASE, 2, 3)
    console(one, two, "wrong", code=code())
    vault.seal()
    assert export_evidence.main(["--out", str(tmp_path / "evidence.zip"), "--login", cast.auditor.login]) == 1
    assert not (tmp_path / "evidence.zip").exists()
