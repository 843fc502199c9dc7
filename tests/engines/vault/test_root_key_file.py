"""The root key's file: who may open it, how, and what a wrong passphrase learns."""

import json
import os
from pathlib import Path

import pytest

from mifeng.engines.vault import (
    Cost,
    FileProvider,
    KeyFileAbsent,
    KeyFileDamaged,
    KeyFileExists,
    KeyFileExposed,
    WrongPassphrase,
)

LIGHT = Cost(memory_kib=64, passes=1, lanes=1)
PASSPHRASE = "correct horse 密封"


@pytest.fixture
def provider(tmp_path: Path) -> FileProvider:
    return FileProvider(tmp_path / "keys" / "root.key", cost=LIGHT)


def told(provider: FileProvider) -> dict[str, object]:
    return json.loads(provider.path.read_text())


def test_what_was_created_opens(provider: FileProvider) -> None:
    made = provider.create(PASSPHRASE)
    assert provider.open(PASSPHRASE).derive("x") == made.derive("x")


def test_a_wrong_passphrase_opens_nothing(provider: FileProvider) -> None:
    provider.create(PASSPHRASE)
    for wrong in ("", "correct horse", PASSPHRASE + " ", PASSPHRASE.upper()):
        with pytest.raises(WrongPassphrase) as refusal:
            provider.open(wrong)
        assert not wrong or wrong not in str(refusal.value)


def test_an_empty_passphrase_is_refused_before_a_file_exists(provider: FileProvider) -> None:
    with pytest.raises(WrongPassphrase):
        provider.create("")
    assert list(provider.path.parent.iterdir()) == []


def test_the_delivered_cost_is_64_mib_3_passes_4_lanes(tmp_path: Path) -> None:
    provider = FileProvider(tmp_path / "keys" / "root.key")
    made = provider.create(PASSPHRASE)
    facts = told(provider)
    assert [facts[name] for name in ("kdf", "memory_kib", "passes", "lanes")] == ["argon2id", 65536, 3, 4]
    assert provider.cost() == Cost() == Cost(memory_kib=65536, passes=3, lanes=4)
    assert provider.open(PASSPHRASE).derive("x") == made.derive("x")


def test_opening_uses_the_figures_of_the_file(provider: FileProvider) -> None:
    made = provider.create(PASSPHRASE)
    assert FileProvider(provider.path).open(PASSPHRASE).derive("x") == made.derive("x")
    assert FileProvider(provider.path).cost() == LIGHT


def test_changed_figures_open_nothing(provider: FileProvider) -> None:
    provider.create(PASSPHRASE)
    good = told(provider)
    for name, value in [("memory_kib", 128), ("passes", 2), ("salt", "00" * 16), ("wrapped", "00" * 60)]:
        provider.path.write_text(json.dumps(good | {name: value}))
        with pytest.raises(WrongPassphrase):
            provider.open(PASSPHRASE)


@pytest.mark.parametrize(
    "change",
    [
        {"format": "MFK2"},
        {"kdf": "argon2i"},
        {"suite": 9},
        {"suite": [1]},
        {"salt": "00"},
        {"salt": "zz" * 16},
        {"wrapped": "00" * 59},
        {"memory_kib": 1 << 30},
        {"memory_kib": 7},
        {"passes": 0},
        {"passes": 65},
        {"lanes": 0},
        {"lanes": "many"},
        {"salt": None},
    ],
    ids=str,
)
def test_a_malformed_file_is_called_damaged_before_any_memory_is_spent(
    provider: FileProvider, change: dict[str, object]
) -> None:
    provider.create(PASSPHRASE)
    provider.path.write_text(json.dumps(told(provider) | change))
    with pytest.raises(KeyFileDamaged):
        provider.open(PASSPHRASE)


def test_noise_is_called_damaged(provider: FileProvider) -> None:
    provider.create(PASSPHRASE)
    for noise in (b"", b"[]", b"\xff\xfe", b"{}", b"null"):
        provider.path.write_bytes(noise)
        with pytest.raises(KeyFileDamaged):
            provider.open(PASSPHRASE)


def test_an_absent_file_is_called_absent(provider: FileProvider) -> None:
    with pytest.raises(KeyFileAbsent):
        provider.open(PASSPHRASE)


def test_the_file_is_private_in_a_private_folder(provider: FileProvider) -> None:
    before = os.umask(0)
    try:
        provider.create(PASSPHRASE)
        provider.rewrap(PASSPHRASE, "another")
    finally:
        os.umask(before)
    assert [path.name for path in provider.path.parent.iterdir()] == ["root.key"]
    assert (provider.path.stat().st_mode & 0o777, provider.path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_file_others_may_read_is_not_opened(provider: FileProvider) -> None:
    provider.create(PASSPHRASE)
    for mode in (0o640, 0o604, 0o620):
        provider.path.chmod(mode)
        with pytest.raises(KeyFileExposed):
            provider.open(PASSPHRASE)
    provider.path.chmod(0o600)
    provider.open(PASSPHRASE)


def test_no_key_is_created_in_a_folder_others_may_enter(tmp_path: Path) -> None:
    folder = tmp_path / "open to all"
    folder.mkdir()
    folder.chmod(0o755)
    with pytest.raises(KeyFileExposed):
        FileProvider(folder / "root.key", cost=LIGHT).create(PASSPHRASE)
    assert list(folder.iterdir()) == []


def test_a_second_root_key_is_refused(provider: FileProvider) -> None:
    made = provider.create(PASSPHRASE)
    with pytest.raises(KeyFileExists):
        provider.create("another")
    assert provider.open(PASSPHRASE).derive("x") == made.derive("x")


def test_a_changed_passphrase_opens_the_same_key(provider: FileProvider) -> None:
    made, before = provider.create(PASSPHRASE), told(provider)
    provider.rewrap(PASSPHRASE, "new passphrase")
    after = told(provider)
    assert provider.open("new passphrase").derive("x") == made.derive("x")
    assert (before["salt"] == after["salt"], before["wrapped"] == after["wrapped"]) == (False, False)
    with pytest.raises(WrongPassphrase):
        provider.open(PASSPHRASE)


def test_a_refused_change_leaves_the_file_as_it_was(provider: FileProvider) -> None:
    provider.create(PASSPHRASE)
    before = provider.path.read_bytes()
    for old, new in [("wrong", "new"), (PASSPHRASE, "")]:
        with pytest.raises(WrongPassphrase):
            provider.rewrap(old, new)
    assert provider.path.read_bytes() == before
    assert [path.name for path in provider.path.parent.iterdir()] == ["root.key"]


def test_a_change_of_passphrase_may_raise_the_cost(provider: FileProvider) -> None:
    made, dearer = provider.create(PASSPHRASE), Cost(memory_kib=256, passes=2, lanes=2)
    FileProvider(provider.path, cost=dearer).rewrap(PASSPHRASE, PASSPHRASE)
    assert (provider.cost(), provider.open(PASSPHRASE).derive("x")) == (dearer, made.derive("x"))


def test_the_same_passphrase_in_another_notation_opens(provider: FileProvider) -> None:
    provider.create("caf\u00e9 \uff21\uff22")
    provider.open("cafe\u0301 AB")


def test_a_senseless_cost_is_refused(tmp_path: Path) -> None:
    for cost in (Cost(memory_kib=8, lanes=4), Cost(passes=0), Cost(memory_kib=1 << 23)):
        with pytest.raises(ValueError, match="Argon2"):
            FileProvider(tmp_path / "root.key", cost=cost)
