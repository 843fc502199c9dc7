"""Reading the regulation's files strictly: what is missing, unknown or of another type fails by file, id and field.

The files are the product's own data and lie beside the code in mifeng/regulation.
"""

import json
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "regulation"
WORDS = "words.tsv"


class RegulationError(Exception):
    """A file of the regulation is wrong: says which file, which id, which field and what is the matter."""

    def __init__(self, file: str, entry: str, field: str, matter: str) -> None:
        self.file, self.entry, self.field = file, entry, field
        where = ", ".join(part for part in (file, entry, field) if part)
        super().__init__(f"{where}: {matter}")


def names(folder: Path = FOLDER) -> list[str]:
    """The files of the regulation in the order of their names."""
    return sorted(path.name for path in folder.iterdir() if path.suffix in (".toml", ".tsv"))


def read(name: str, folder: Path = FOLDER) -> dict[str, Any]:
    """One TOML file as it stands. Raises RegulationError when it is absent or no TOML."""
    try:
        return tomllib.loads((folder / name).read_text("utf-8"))
    except FileNotFoundError:
        raise RegulationError(name, "", "", "is absent") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise RegulationError(name, "", "", f"cannot be read: {fault}") from None


def read_rows(name: str, folder: Path = FOLDER) -> list[list[str]]:
    """A file of tab-separated rows; the first row is the heading."""
    return [line.split("\t") for line in (folder / name).read_text("utf-8").splitlines() if line]


def canonical(folder: Path = FOLDER) -> bytes:
    """The regulation as one text that spacing and comments do not change.

    Each file's name, then its content as JSON with sorted keys, dates as ISO days; a line each, UTF-8.
    """
    lines = []
    for name in names(folder):
        content: Any = read_rows(name, folder) if name == WORDS else read(name, folder)
        lines += [name, json.dumps(content, ensure_ascii=False, sort_keys=True, default=date.isoformat)]
    return "\n".join(lines).encode()


@cache
def edition(folder: Path = FOLDER) -> str:
    """SHA-256 (64 hex digits) of the canonical text of all files: one changed word is another edition."""
    return sha256(canonical(folder)).hexdigest()


Check = Callable[[Any], bool]


def is_text(value: Any) -> bool:
    """A text that is not empty."""
    return isinstance(value, str) and value != ""


def is_any_text(value: Any) -> bool:
    """A text, which may be empty."""
    return isinstance(value, str)


def is_texts(value: Any) -> bool:
    """A list of texts."""
    return isinstance(value, list) and all(is_text(line) for line in value)


def is_flag(value: Any) -> bool:
    """True or false."""
    return isinstance(value, bool)


def is_whole(value: Any) -> bool:
    """A whole number; true and false are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_table(value: Any) -> bool:
    """A table."""
    return isinstance(value, dict)


def is_day(value: Any) -> bool:
    """A day without a time."""
    return type(value) is date


def one_of(words: Iterable[str]) -> Check:
    """One word of a closed list."""
    known = frozenset(words)
    return lambda value: isinstance(value, str) and value in known


def some_of(words: Iterable[str]) -> Check:
    """A list whose every word is of a closed list."""
    known = frozenset(words)
    return lambda value: isinstance(value, list) and all(isinstance(word, str) and word in known for word in value)


@dataclass(frozen=True)
class Shape:
    """What a table must hold and what it may hold besides; nothing else is allowed."""

    must: Mapping[str, Check]
    may: Mapping[str, Check] = field(default_factory=dict)

    def check(self, file: str, entry: str, table: Any) -> None:
        """Raises RegulationError naming the first field, in the shape's order, that is missing, wrong or unknown."""
        if not isinstance(table, dict):
            raise RegulationError(file, entry, "", "is no table")
        for name, good in self.must.items():
            if name not in table:
                raise RegulationError(file, entry, name, "is missing")
            _fits(file, entry, name, table[name], good)
        for name in sorted(table.keys() - self.must.keys()):
            if name not in self.may:
                raise RegulationError(file, entry, name, "is not a field here")
            _fits(file, entry, name, table[name], self.may[name])


def _fits(file: str, entry: str, name: str, value: Any, good: Check) -> None:
    if not good(value):
        raise RegulationError(file, entry, name, f"cannot be {value!r}")
