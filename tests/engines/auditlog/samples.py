"""A small log, its export taken apart and put together again, and the outsider's verifier as a module."""

import importlib.util
import io
import sqlite3
import zipfile
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

from mifeng.engines import auditlog

ROOT = Path(__file__).parents[3]
VERIFIER = ROOT / "tools" / "verify_log.py"
VECTORS = ROOT / "vectors" / "auditlog"
ORIGIN = "mifeng.example/log/1"
SIGNER = auditlog.Signer(ORIGIN, bytes(range(32)))
STRANGER = auditlog.Signer(ORIGIN, bytes(32))
KEY = str(SIGNER.key)
Files = dict[str, bytes]


def load_verifier() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify_log", VERIFIER)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


verify_log = load_verifier()


def entry(number: int, **more: object) -> bytes:
    """Entry `number` of the sample log, one a second."""
    return auditlog.canonical({"v": 1, "t": 1_767_225_600_000 + 1000 * number, "act": "a:b", "n": number, **more})


def sample(count: int) -> list[bytes]:
    return [entry(number) for number in range(count)]


def note(entries: list[bytes], size: int, signer: auditlog.Signer = SIGNER, origin: str = ORIGIN) -> str:
    """The checkpoint over the first `size` entries."""
    return auditlog.checkpoint(origin, size, auditlog.root_of(map(auditlog.leaf, entries[:size])), signer)


def export(entries: Iterable[bytes], notes: Iterable[str], keys: str = KEY) -> Files:
    """The export as its files."""
    out = io.BytesIO()
    auditlog.export_bundle(entries, notes, keys, out)
    with zipfile.ZipFile(out) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def export_of(count: int, *sizes: int) -> Files:
    """The export of the sample log with checkpoints at these sizes."""
    entries = sample(count)
    return export(entries, [note(entries, size) for size in sizes])


def as_zip(files: Files, path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def as_folder(files: Files, path: Path) -> Path:
    for name, data in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


def verdict(
    export: Path, *, keys: Iterable[str] = (KEY,), kept: Iterable[Path] = (), origin: str = ""
) -> tuple[int, str]:
    """Exit code and findings of the outsider's verifier."""
    out = io.StringIO()
    code = verify_log.verify(str(export), list(keys), [str(file) for file in kept], origin, out)
    return code, out.getvalue()


class SqliteLog:
    """A store over `SCHEMA`; `connection` has an open transaction when it is used."""

    def __init__(self, path: Path | str) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute("PRAGMA foreign_keys = ON")

    def head(self) -> auditlog.Head:
        size, packed = self.connection.execute("SELECT size, frontier FROM log_head").fetchone()
        return auditlog.Head(size, tuple(packed[at : at + 32] for at in range(0, len(packed), 32)))

    def add(self, seq: int, entry: bytes, leaf: bytes, head_after: auditlog.Head) -> None:
        self.connection.execute("INSERT INTO log VALUES (?, ?, ?)", (seq, entry, leaf))
        values = (head_after.size, b"".join(head_after.frontier))
        self.connection.execute("UPDATE log_head SET size = ?, frontier = ?", values)

    def entries(self) -> list[bytes]:
        return [row[0] for row in self.connection.execute("SELECT entry FROM log ORDER BY seq")]
