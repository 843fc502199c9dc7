"""A vault on disk, its three parts in three places, and a paper to put into it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from mifeng.engines.vault import FieldKey, Folder, KeyStore, Kind, Prepared, RootKey, Unreadable, Vault

PAPER = bytes(range(100, 116))
OTHER_PAPER = bytes(range(200, 216))
COMPARTMENT = "20:YF"
NOW = 1_800_000_000.0


@dataclass
class House:
    """The parts of one vault, with shorter verbs for the tests."""

    home: Path
    root: RootKey
    keys: KeyStore
    blobs: Folder
    vault: Vault
    now: float = NOW

    def put(self, data: object, *, doc: bytes = PAPER, version: int = 1, part: int = 0, **more: object) -> Prepared:
        facts = {"kind": Kind.ORIGINAL, "compartment": COMPARTMENT} | more
        return self.vault.prepare(data, doc_id=doc, version=version, part=part, **facts)

    def take(self, made: Prepared, *, doc: bytes = PAPER, version: int = 1, part: int = 0, **more: object) -> bytes:
        facts = {"kind": Kind.ORIGINAL} | more
        return self.vault.withdraw(made.object_id, doc_id=doc, version=version, part=part, **facts)

    def readable(self, made: Prepared, **facts: object) -> bool:
        try:
            self.take(made, **facts)
        except Unreadable:
            return False
        return True

    def fields(self, doc: bytes = PAPER) -> FieldKey:
        return self.vault.document_key(doc, COMPARTMENT)

    def file_of(self, made: Prepared) -> Path:
        name = made.object_id.hex()
        return self.blobs.path / name[:2] / name

    def files(self) -> list[Path]:
        return [path for path in self.home.rglob("*") if path.is_file()]


def build(home: Path, root: RootKey | None = None, **options: object) -> House:
    keys, blobs, root = KeyStore(home / "keys" / "keys.db"), Folder(home / "blobs"), root or RootKey.fresh()
    house = House(home, root, keys, blobs, None)  # type: ignore[arg-type]
    house.vault = Vault(root, keys, blobs, clock=lambda: house.now, **options)
    return house


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A vault with chunks of 4 KiB, so that three chunks are small."""
    built = build(tmp_path / "house", chunk_log2=12)
    yield built
    built.keys.close()


@pytest.fixture
def large(tmp_path: Path) -> Iterator[House]:
    """A vault as it is delivered, with chunks of 64 KiB."""
    built = build(tmp_path / "large")
    yield built
    built.keys.close()
