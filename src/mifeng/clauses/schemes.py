"""Schemes of levels (K1.0): the words a company uses for its levels and the least controls that belong to each.

Rules compare ranks. Which scheme is in force the house says (`told_by`); words on pages, marks and papers are asked for
here, by rank.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from mifeng.clauses import loader
from mifeng.clauses.levels import WORDS
from mifeng.clauses.loader import RegulationError, Shape, is_flag, is_table, is_text, is_whole, some_of

FILE = "schemes.toml"
DEFAULT = "company3"
UNLEVELLED = (5, 0)  # 内部 and 公开 stand below the levels of every scheme
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

    @property
    def ranks(self) -> frozenset[int]:
        """The ranks of its levels."""
        return frozenset(level.rank for level in self.levels)

    def at(self, rank: int) -> SchemeLevel:
        """The level whose controls a rank takes: its own, else the next lower one; below the lowest the lowest."""
        return next((level for level in self.levels if level.rank <= rank), self.levels[-1])

    def least(self, rank: int) -> int:
        """The lowest rank of this scheme that is not below a rank; the highest where there is none. 内部, 公开: themselves."""
        if rank in UNLEVELLED:
            return rank
        return min((own for own in self.ranks if own >= rank), default=self.levels[0].rank)

    def word(self, rank: int) -> str:
        """What a rank is called here."""
        return WORDS[rank] if rank in UNLEVELLED else self.at(rank).word

    def lowered_by(self, to: "Scheme", mapping: Mapping[int, int]) -> list[int]:
        """Ranks of this scheme that a mapping would lower, forget, or lead to no level of the other; highest first."""
        return sorted((rank for rank in self.ranks if mapping.get(rank, -1) not in to.ranks or mapping[rank] < rank), reverse=True)


@cache
def schemes(folder: Path = loader.FOLDER) -> MappingProxyType[str, Scheme]:
    """Every scheme by its id. Raises RegulationError naming file, scheme and field."""
    return MappingProxyType({name: _scheme(name, table) for name, table in loader.read(FILE, folder).items()})


def scheme(name: str) -> Scheme:
    """The scheme of this id. Raises KeyError."""
    return schemes()[name]


def _shipped() -> str:
    return DEFAULT


_told: Callable[[], str] = _shipped


def told_by(source: Callable[[], str]) -> None:
    """From now on `source` says which scheme is in force, by its id."""
    global _told
    _told = source


@contextmanager
def used(name: str) -> Iterator[None]:
    """Inside the block this scheme is in force. For tests and for previews."""
    before = _told
    told_by(lambda: name)
    try:
        yield
    finally:
        told_by(before)


def in_force() -> Scheme:
    """The scheme of the company today."""
    return scheme(_told())


def word(rank: int) -> str:
    """What a rank is called in the scheme in force: 绝密, 机密, 秘密; 核心商密, 普通商密; 内部, 公开."""
    return in_force().word(rank)


def word_from(rank: int) -> str:
    """What the lowest level is called that a rule "from this rank on" reaches."""
    return in_force().word(in_force().least(rank))


def english(rank: int) -> str:
    """The same in English, as it stands inside a sentence."""
    return {5: "internal", 0: "public"}[rank] if rank in UNLEVELLED else in_force().at(rank).english.lower()


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
