"""What the rules of this room see: frozen facts and words, no tables."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class State(StrEnum):
    """Where an item stands (regime.md 3). Sealed, frozen and not live are facts beside it, not states."""

    PROPOSED = "proposed"  # 拟密, in approval or waiting to be asked again
    VALID = "valid"
    EXPIRED_REVIEW = "expired_review"
    DECLASSIFIED = "declassified"
    UNCLASSIFIED = "unclassified"  # 非密: 内部 or 公开 from the start
    WITHDRAWN = "withdrawn"
    DESTROYED = "destroyed"


STATE_WORDS: dict[str, str] = {
    "proposed": "拟密待定", "valid": "有效", "expired_review": "到期待审", "declassified": "已解密", "unclassified": "非密",
    "withdrawn": "已撤回", "destroyed": "已销毁",
}  # fmt: skip


class Harm(StrEnum):
    """泄露损害, from the third question's point of view the measure of the level."""

    NONE = "none"
    HARM = "harm"
    GRAVE = "grave"
    EXCEPTIONAL = "exceptional"


HARM_WORDS: dict[str, str] = {"none": "没有损害", "harm": "一般", "grave": "严重", "exceptional": "特别严重"}
HARM_LEVEL: dict[str, int] = {"none": 0, "harm": 10, "grave": 20, "exceptional": 30}


@dataclass(frozen=True)
class ScopeLine:
    """One line of a scope as proposed: kind person | post | department | all, its key, purpose, last day (included)."""

    kind: str
    key: str
    purpose: str = ""
    until: date | None = None


@dataclass(frozen=True)
class TermFacts:
    """A term as proposed: kind years | months | date | event | indefinite, its value, the event's name."""

    kind: str = ""
    value: int = 0
    on: date | None = None
    event: str = ""

    @property
    def given(self) -> bool:
        """True when it says when the secret ends."""
        return bool(self.kind) and (self.kind != "event" or bool(self.event.strip()))


@dataclass(frozen=True)
class Proposed:
    """拟定: what the drafter answers. `level` 0/5 = not a secret; `reason` why lower than proposed; `sources` = levels."""

    level: int
    category: str = ""
    line: str = ""
    harm: str = ""
    interest: str = ""
    reason: str = ""
    term: TermFacts = field(default_factory=TermFacts)
    scope: tuple[ScopeLine, ...] = ()
    sources: tuple[int, ...] = ()
    project: str = ""
    override: str = ""
    standing: bool = False
    kind: str = "paper"


@dataclass(frozen=True)
class ItemFacts:
    """An item as the rules on its life see it; dates are local, last day included."""

    level: int
    proposed: bool
    state: str
    expires_on: date | None
    drafter: int | None
    decider_rank: int
    scope_size: int = 0
    changes: tuple[str, ...] = ()
    sealed: bool = False

# Where an item comes from, as destruction lists say it (F10).
ORIGIN_WORDS = {"own": "本单位", "partner": "合作方", "state": "国家秘密", "taken_over": "旧件补登"}
