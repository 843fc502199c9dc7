"""The root key in a file, wrapped under Argon2id of the start passphrase. Format MFK1, see docs/spec/vault.md."""

import json
import os
import stat
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag

from mifeng.engines.vault.durable import private_folder, write_private
from mifeng.engines.vault.errors import (
    KeyFileAbsent,
    KeyFileDamaged,
    KeyFileExists,
    KeyFileExposed,
    UnknownSuite,
    WrongPassphrase,
)
from mifeng.engines.vault.rootkey import LENGTH, RootKey
from mifeng.engines.vault.suites import Suite, unwrap, wrap
from mifeng.engines.vault.suites.chosen import suite_of

SALT = 16
WRAPPED = 12 + LENGTH + 16
# A forged file must not make the opener allocate the whole machine before the tag can be checked.
MOST_MEMORY_KIB, MOST_PASSES, MOST_LANES = 4 * 1024 * 1024, 64, 64


@dataclass(frozen=True)
class Cost:
    """What one guess of the passphrase costs: memory in KiB, passes over it, lanes in parallel (RFC 9106)."""

    memory_kib: int = 65536
    passes: int = 3
    lanes: int = 4

    def bearable(self) -> bool:
        """Within what Argon2 allows and what this program is willing to spend."""
        return (
            8 * self.lanes <= self.memory_kib <= MOST_MEMORY_KIB
            and 1 <= self.passes <= MOST_PASSES
            and 1 <= self.lanes <= MOST_LANES
        )


@dataclass(frozen=True)
class _KeyFile:
    suite: Suite
    cost: Cost
    salt: bytes
    wrapped: bytes

    def aad(self) -> bytes:
        return b"MFK1 root" + bytes([self.suite.number])

    def text(self) -> bytes:
        return json.dumps(
            {
                "format": "MFK1",
                "suite": self.suite.number,
                "kdf": "argon2id",
                "memory_kib": self.cost.memory_kib,
                "passes": self.cost.passes,
                "lanes": self.cost.lanes,
                "salt": self.salt.hex(),
                "wrapped": self.wrapped.hex(),
            },
            indent=1,
        ).encode()


def _parsed(raw: bytes) -> _KeyFile:
    try:
        told = json.loads(raw)
        if (told["format"], told["kdf"]) != ("MFK1", "argon2id"):
            raise ValueError("format")
        cost = Cost(int(told["memory_kib"]), int(told["passes"]), int(told["lanes"]))
        file = _KeyFile(suite_of(told["suite"]), cost, bytes.fromhex(told["salt"]), bytes.fromhex(told["wrapped"]))
    except (ValueError, KeyError, TypeError, UnknownSuite):
        raise KeyFileDamaged("expected an MFK1 key file, got something else") from None
    if not cost.bearable() or len(file.salt) != SALT or len(file.wrapped) != WRAPPED:
        raise KeyFileDamaged("a figure of the key file is out of its bounds")
    return file


def _stretched(passphrase: str, salt: bytes, cost: Cost, suite: Suite) -> bytes:
    # NFKC: the same passphrase typed on another keyboard or input method gives the same bytes.
    secret = unicodedata.normalize("NFKC", passphrase).encode()
    if not secret:
        raise WrongPassphrase("an empty passphrase opens nothing")
    return hash_secret_raw(secret, salt, cost.passes, cost.memory_kib, cost.lanes, suite.key_length, Type.ID)


class FileProvider:
    """Keeps the root key in one file, mode 0600, in a folder of mode 0700.

    ``cost`` is used when the file is written (default 64 MiB, 3 passes, 4 lanes: about a quarter of a second a
    guess); opening uses the figures that stand in the file. Only tests hand in a lighter one.
    """

    def __init__(self, path: str | os.PathLike[str], *, cost: Cost = Cost(), suite: int = 1) -> None:
        if not cost.bearable():
            raise ValueError(f"{cost} is outside the bounds of Argon2id or of this program")
        self.path = Path(path)
        self._cost = cost
        self._suite = suite_of(suite)

    def create(self, passphrase: str) -> RootKey:
        """Make a new root key and its file; returns the key, opened.

        Raises ``KeyFileExists`` (a second root key would orphan everything sealed under the first),
        ``KeyFileExposed`` if the folder already exists and others may enter it, ``WrongPassphrase`` if empty.
        """
        private_folder(self.path.parent)
        self._refuse_exposed(self.path.parent)
        secret = os.urandom(LENGTH)
        try:
            self._write(secret, passphrase, replace=False)
        except FileExistsError:
            raise KeyFileExists(f"{self.path.name} is already there") from None
        return RootKey(secret, self._suite)

    def open(self, passphrase: str) -> RootKey:
        """The root key. Raises ``WrongPassphrase``, ``KeyFileAbsent``, ``KeyFileExposed``, ``KeyFileDamaged``."""
        suite, secret = self._unwrapped(passphrase)
        return RootKey(secret, suite)

    def rewrap(self, old: str, new: str) -> None:
        """Change the passphrase. The root key stays the same, so nothing else is touched; salt and nonce are new.

        Raises what ``open`` raises; then the file is unchanged.
        """
        _, secret = self._unwrapped(old)
        self._write(secret, new, replace=True)

    def cost(self) -> Cost:
        """The Argon2id figures that stand in the file, for a check of the installation."""
        return self._read().cost

    def _unwrapped(self, passphrase: str) -> tuple[Suite, bytes]:
        file = self._read()
        key = _stretched(passphrase, file.salt, file.cost, file.suite)
        try:
            return file.suite, unwrap(file.suite.aead(key), file.wrapped, file.aad())
        except InvalidTag:
            raise WrongPassphrase("the passphrase does not open the key file") from None

    def _read(self) -> _KeyFile:
        try:
            self._refuse_exposed(self.path)
            return _parsed(self.path.read_bytes())
        except FileNotFoundError:
            raise KeyFileAbsent(f"{self.path.name} is not there") from None

    def _write(self, secret: bytes, passphrase: str, *, replace: bool) -> None:
        salt = os.urandom(SALT)
        bare = _KeyFile(self._suite, self._cost, salt, b"")
        key = _stretched(passphrase, salt, self._cost, self._suite)
        wrapped = wrap(self._suite.aead(key), secret, bare.aad())
        write_private(self.path, _KeyFile(self._suite, self._cost, salt, wrapped).text(), replace=replace)

    @staticmethod
    def _refuse_exposed(path: Path) -> None:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            raise KeyFileExposed(f"{path.name} has mode {mode:04o}, expected no rights for group and others")
