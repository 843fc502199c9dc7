"""What a decision says: yes or no, the clause, whether the item may be known to exist, all reasons in order."""

from dataclasses import dataclass, field


class UnknownAct(ValueError):
    """An act that the table does not have."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that stood in the way: its id, its clause, the sentence for people in Chinese and English."""

    rule: str
    clause: str
    zh: str
    en: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to one question.

    `rule` and `clause` name what determined it: the first deny in the way, the first permit when allowed. `knows`
    chooses the shape of the answer: False = the same bytes as for an item that does not exist (P0.3). `reasons` are
    all rules in the way in the order of the table, the determining one first; empty when allowed. `flags`: what is said
    beside an allowed answer and changes nothing (I12: an old right of somebody whose training is over).
    """

    allow: bool
    rule: str
    clause: str
    knows: bool
    reasons: tuple[Reason, ...] = ()
    flags: tuple[Reason, ...] = field(default=(), repr=False)

    @classmethod
    def permit(cls, rule: str, clause: str, flags: tuple[Reason, ...] = ()) -> "Decision":
        """A yes that names the rule it rests on."""
        return cls(True, rule, clause, True, flags=flags)

    @classmethod
    def refuse(cls, rule: str, clause: str, zh: str, *, en: str = "", knows: bool = True) -> "Decision":
        """A no with one reason. `knows` is True unless said: rules of rooms speak to people who know of the thing."""
        return cls(False, rule, clause, knows, (Reason(rule, clause, zh, en),))

    @property
    def clauses(self) -> tuple[str, ...]:
        """Clause ids in the way, the determining one first, each once; the one it rests on when allowed."""
        return tuple(dict.fromkeys(reason.clause for reason in self.reasons)) or (self.clause,)
