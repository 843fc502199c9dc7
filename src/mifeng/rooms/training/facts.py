"""What the rules of this room see."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class PledgeFacts:
    """Day of the signature and hash of the text that was signed; the hash of the text in force; test passed or not."""

    signed_on: date | None
    signed_hash: str
    text_hash: str
    test_passed: bool


@dataclass(frozen=True)
class SittingFacts:
    """Who is about to sit a test: how many he has failed within the period of validity, since he last passed one."""

    failed: int


@dataclass(frozen=True)
class SelfCheckFacts:
    """A self-check as it is handed in: the clauses asked, those answered, those not kept to, whether he says how."""

    asked: tuple[str, ...]
    answered: frozenset[str]
    not_kept: frozenset[str]
    explained: bool


@dataclass(frozen=True)
class RulesFacts:
    """A version of the rules: when it was issued, whether this person acknowledged it, since when he is back from leave."""

    issued_on: date | None
    acknowledged: bool
    back_on: date | None = None
