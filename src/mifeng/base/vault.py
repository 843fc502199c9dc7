"""The opened vault of this process: root key in memory only, blobs and key slots where the settings say.

Sealed at start. `unseal` opens it with the passphrase (or the shares joined to it); everything that lies in the vault,
row codes included, can only be used after that. Engines know nothing of settings; this is the one place that joins them.
"""

import threading
from dataclasses import dataclass
from pathlib import Path

from mifeng.engines import vault


class Sealed(Exception):
    """The vault has not been opened since the start of this process (系统未启封)."""


@dataclass(frozen=True)
class Places:
    """Folders of one installation: `home` for papers, `keystore` for keys, never one below the other."""

    home: Path
    keystore: Path

    @property
    def root_file(self) -> Path:
        return self.keystore / "root.key"


_lock = threading.Lock()
_places: Places | None = None
_vault: vault.Vault | None = None
_root: vault.RootKey | None = None
_derived: dict[tuple[str, int], bytes] = {}  # by label and length, as long as the root key itself


def places() -> Places:
    """Where this installation keeps its things; from the settings unless `use` said otherwise."""
    global _places
    if _places is None:
        from django.conf import settings  # app loading

        _places = Places(settings.ENV.home, settings.ENV.keystore)
    return _places


def use(home: Path, keystore: Path) -> None:
    """Another installation's folders (tests, demonstration); the vault is sealed again."""
    global _places
    seal()
    _places = Places(home, keystore)


def create(passphrase: str, cost: vault.Cost | None = None) -> None:
    """Make the root key of a new installation, wrapped under the passphrase, and open the vault with it."""
    places().keystore.mkdir(mode=0o700, parents=True, exist_ok=True)
    _open(vault.FileProvider(places().root_file, cost=cost or vault.Cost()).create(passphrase))


def unseal(passphrase: str) -> None:
    """Open the vault. Raises WrongPassphrase."""
    _open(vault.FileProvider(places().root_file).open(passphrase))


def _open(root: vault.RootKey) -> None:
    global _vault, _root
    vault.self_test()
    with _lock:
        _derived.clear()
        _vault = vault.Vault(root, vault.KeyStore(places().keystore / "keys.db"), vault.Folder(places().home / "blobs"))
        _root = root


def seal() -> None:
    """Forget the root key; every address shows 系统未启封 until somebody unseals again."""
    global _vault, _root
    with _lock:
        _vault = _root = None
        _derived.clear()


def is_open() -> bool:
    """True once the vault was unsealed in this process."""
    return _vault is not None


def exists() -> bool:
    """True when this installation has a root key at all."""
    return places().root_file.exists()


def opened() -> vault.Vault:
    """The vault. Raises Sealed."""
    if _vault is None:
        raise Sealed
    return _vault


def derived(label: str, length: int = 32) -> bytes:
    """A key of its own for `label`, derived from the root key, once for each of the few labels of the house. Raises Sealed."""
    if _root is None:
        raise Sealed
    found = _derived.get((label, length))
    if found is None:
        with _lock:
            if _root is None:
                raise Sealed
            found = _derived[label, length] = _root.derive(label, length)
    return found
