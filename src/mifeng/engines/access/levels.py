"""Levels: five ranks in one order, the words three schemes put on them, and how wide a scope each rank allows (P1.1).

A rule compares ranks and nothing else. A scheme is only a choice of words and of the ranks in use; ranks between
two of the five take the controls of the lower one, because every control asks "at least 10, 20, 30".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from mifeng.engines.access.reasons import Decision

KIND_ALL, KIND_PERSON, KIND_POST, KIND_DEPARTMENT, KIND_MEETING = 1, 2, 3, 4, 5
KINDS = frozenset({KIND_ALL, KIND_PERSON, KIND_POST, KIND_DEPARTMENT, KIND_MEETING})
KIND_WORDS = {
    KIND_ALL: "全体员工", KIND_PERSON: "个人", KIND_POST: "岗位", KIND_DEPARTMENT: "部门", KIND_MEETING: "会议",
}  # fmt: skip
NUMBER_BITS = 48


class Level(IntEnum):
    """The five ranks. `CONFIDENTIAL` and up are levelled: they need a scope, a term, a decision."""

    PUBLIC = 0
    INTERNAL = 5
    CONFIDENTIAL = 10
    HIGHLY_CONFIDENTIAL = 20
    TOP_SECRET = 30

    @property
    def zh(self) -> str:
        """The Chinese word of the scheme company3."""
        return COMPANY3.word(self)

    @property
    def en(self) -> str:
        """The English word of the scheme company3, as it stands inside a sentence."""
        return COMPANY3.word(self, "en")

    @property
    def levelled(self) -> bool:
        """True from 秘密 up."""
        return self >= Level.CONFIDENTIAL


class NoSuchLevel(ValueError):
    """A rank or word that the scheme does not have."""


class SchemeBroken(ValueError):
    """A scheme of the company's own that breaks the order, the number or the bounds of levels."""


@dataclass(frozen=True)
class Named:
    """One level of a scheme: its rank (10 to 30, the control it takes), Chinese word, English word."""

    rank: int
    zh: str
    en: str


UNLEVELLED = (Named(Level.PUBLIC, "公开", "public"), Named(Level.INTERNAL, "内部", "internal"))


@dataclass(frozen=True)
class Scheme:
    """The words of a company for its levels (K1.0), lowest first. Raises SchemeBroken."""

    name: str
    levels: tuple[Named, ...]

    def __post_init__(self) -> None:
        ranks = [level.rank for level in self.levels]
        if not 1 <= len(ranks) <= 5:
            raise SchemeBroken(f"a scheme has 1 to 5 levels, got {len(ranks)}")
        if ranks != sorted(set(ranks)):
            raise SchemeBroken(f"ranks rise from level to level, got {ranks}")
        if ranks[0] < Level.CONFIDENTIAL or ranks[-1] > Level.TOP_SECRET:
            raise SchemeBroken(f"ranks lie between 10 and 30, got {ranks}")
        words = [level.zh for level in self.all]
        if len(set(words)) != len(words) or not all(words):
            raise SchemeBroken("every level has a word of its own")

    @property
    def all(self) -> tuple[Named, ...]:
        """公开, 内部 and the levels, lowest first."""
        return (*UNLEVELLED, *self.levels)

    @property
    def ranks(self) -> frozenset[int]:
        """The ranks of the levelled ones."""
        return frozenset(level.rank for level in self.levels)

    def word(self, rank: int, language: str = "zh") -> str:
        """The word for a rank in `zh` or `en`. Raises NoSuchLevel."""
        for level in self.all:
            if level.rank == rank:
                return level.en if language == "en" else level.zh
        raise NoSuchLevel(f"scheme {self.name} has no rank {rank}")

    def rank(self, word: str) -> int:
        """The rank of a Chinese word. Raises NoSuchLevel."""
        for level in self.all:
            if level.zh == word:
                return level.rank
        raise NoSuchLevel(f"scheme {self.name} has no level of that word")

    def lowered_by(self, mapping: Mapping[int, int]) -> frozenset[int]:
        """Ranks of this scheme that a mapping to another would lower or forget: each needs a review (K1.0)."""
        return frozenset(rank for rank in self.ranks if mapping.get(rank, -1) < rank)


COMPANY3 = Scheme("company3", (
    Named(Level.CONFIDENTIAL, "秘密", "confidential"),
    Named(Level.HIGHLY_CONFIDENTIAL, "机密", "highly confidential"),
    Named(Level.TOP_SECRET, "绝密", "top secret (company)"),
))  # fmt: skip
# 核心商密 takes what was 绝密 as well as what was 机密, so it carries the controls of the higher of the two.
SOE2 = Scheme("soe2", (
    Named(Level.CONFIDENTIAL, "普通商密", "ordinary trade secret"),
    Named(Level.TOP_SECRET, "核心商密", "core trade secret"),
))  # fmt: skip
SCHEMES = {scheme.name: scheme for scheme in (COMPANY3, SOE2)}
COMPANY3_TO_SOE2 = {10: 10, 20: 30, 30: 30}


def custom(levels: Iterable[tuple[int, str, str]]) -> Scheme:
    """A company's own scheme from (rank, Chinese word, English word), lowest first. Raises SchemeBroken."""
    return Scheme("custom", tuple(Named(*level) for level in levels))


def key(kind: int, number: int) -> int:
    """An audience key: kind << 48 | number. Raises ValueError for an unknown kind or a number outside 48 bits."""
    if kind not in KINDS:
        raise ValueError(f"kinds are 1 to 5, got {kind}")
    if not 0 <= number < 1 << NUMBER_BITS:
        raise ValueError(f"the number of a key has 48 bits, got {number}")
    return kind << NUMBER_BITS | number


ALL_STAFF = key(KIND_ALL, 0)

# P1.1, from the highest rank down: the first floor that the level reaches names the widest kinds.
SCOPE_KINDS: tuple[tuple[int, frozenset[int], str], ...] = (
    (Level.TOP_SECRET, frozenset({KIND_PERSON}), "只能点名到人"),
    (Level.HIGHLY_CONFIDENTIAL, frozenset({KIND_PERSON, KIND_POST, KIND_MEETING}), "只能点到个人、岗位或会议"),
    (Level.CONFIDENTIAL, KINDS - {KIND_ALL}, "只能点到个人、岗位、会议或部门"),
    (Level.PUBLIC, KINDS, ""),
)


def scope_allowed(level: int, kinds: Iterable[int], word: str = "") -> Decision:
    """May a scope of these kinds stand on an item of this level (P1.1)? An empty one on no levelled item (P0.2).

    `word`: what the level is called, where that is not the word of company3.
    """
    asked = frozenset(kinds)
    if not asked and level >= Level.CONFIDENTIAL:
        return Decision.refuse("scope_required", "P0.2", "涉密事项须写明知悉范围", en="A classified item needs a scope of knowledge.")
    floor, widest, text = next(row for row in SCOPE_KINDS if level >= row[0])
    too_wide = sorted(asked - widest)
    if not too_wide:
        return Decision.permit("scope_allowed", "P1.1")
    rule = "persons_only" if floor == Level.TOP_SECRET else "scope_too_wide"
    named = "、".join(KIND_WORDS.get(kind, "未知对象") for kind in too_wide)
    zh = f"{word or Level(floor).zh}的知悉范围{text},不得列入{named}"
    return Decision.refuse(rule, "P1.1", zh, en="The scope of knowledge names more people than this level allows.")
