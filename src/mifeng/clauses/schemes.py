"""Schemes of levels (K1.0): the words a company uses for its levels and the least controls that belong to each."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from mifeng.clauses import loader
from mifeng.clauses.loader import RegulationError, Shape, is_flag, is_table, is_text, is_whole, some_of

FILE = "schemes.toml"
SCOPES = ("person", "post", "meeting", "department")
SHAPE = Shape(
    must={
        "title": is_text, "separator": is_text, "marking": some_of(("owner", "level", "term")),
        "level": lambda value: isinstance(value, list) and 1 <= len(value) <= 5,
    },
    may={"mapping": is_table},
)  # fmt: skip
LEVEL = Shape(
    must={
        "rank": is_whole, "word": is_text, "english": is_text, "scope": some_of(SCOPES), "storage": is_text,
        "two_carriers": is_flag, "reading_room": is_flag,
    }
)  # fmt: skip


@dataclass(frozen=True)
class SchemeLevel:
    """One level: rank (10 to 30), its words, what a scope may name, the least place for a paper, carriers, lending."""

    rank: int
    word: str
    english: str
    scope: tuple[str, ...]
    storage: str
    two_carriers: bool
    reading_room: bool


@dataclass(frozen=True)
class Scheme:
    """A scheme, highest level first. `mapping`: from another scheme, old rank -> rank here."""

    id: str
    title: str
    separator: str
    marking: tuple[str, ...]
    levels: tuple[SchemeLevel, ...]
    mapping: MappingProxyType[str, dict[int, int]]


@cache
def schemes(folder: Path = loader.FOLDER) -> MappingProxyType[str, Scheme]:
    """Every scheme by its id. Raises RegulationError naming file, scheme and field."""
    return MappingProxyType({name: _scheme(name, table) for name, table in loader.read(FILE, folder).items()})


def scheme(name: str) -> Scheme:
    """The scheme of this id. Raises KeyError."""
    return schemes()[name]


def _scheme(name: str, table: Any) -> Scheme:
    SHAPE.check(FILE, name, table)
    for level in table["level"]:
        LEVEL.check(FILE, name, level)
    levels = tuple(SchemeLevel(**level | {"scope": tuple(level["scope"])}) for level in table["level"])
    ranks = [level.rank for level in levels]
    if ranks != sorted(set(ranks), reverse=True) or ranks[-1] < 10 or ranks[0] > 30:
        raise RegulationError(FILE, name, "level", "ranks do not fall from level to level between 30 and 10")
    mapping = {of: {int(old): new for old, new in pairs.items()} for of, pairs in table.get("mapping", {}).items()}
    for pairs in mapping.values():
        if not set(pairs.values()) <= set(ranks):
            raise RegulationError(FILE, name, "mapping", "leads to a level that is not of this scheme")
    return Scheme(name, table["title"], table["separator"], tuple(table["marking"]), levels, MappingProxyType(mapping))
