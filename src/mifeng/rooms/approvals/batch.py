"""Which requests may be decided several at once: low risk, read off the table of approvals and the clauses. Pure.

The regulation asks for a person's decision on each case and knows no list of its own. Low risk is therefore what it
leaves to one signature at 秘密 or below, and what makes nothing known to more persons, lets nothing out of the house and
cannot fail to be undone:

* never 机密 or 绝密 (K1.0: grave harm), never an act that is the same at every level (persons, seals, officers);
* never where two sign one after the other: each look is asked for on its own;
* never LEAVES: wider knowledge (D2), disclosure (M4), publicity (C6.2), taking out (C5.2), less protection (P4.1),
  destruction (G4.5), a level given for the first time (K1.0);
* never leave by word, which is confirmed one by one (D2);
* never pages unseen where the act is judged by reading (M2.1): they must have been opened before.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from mifeng.clauses import matrix, schemes
from mifeng.clauses.levels import RANKS
from mifeng.rooms.approvals import rules
from mifeng.rooms.approvals.facts import Refusal

# Acts after which more persons know, something is outside, protection ends or nothing can be brought back -> their clause.
LEAVES: Mapping[str, str] = {
    "widen_scope": "D2", "external_provision": "M4", "publicity": "C6.2", "carry_out": "C5.2",
    "downgrade_or_release_early": "P4.1", "destroy": "G4.5", "classify": "K1.0",
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A request as one of several: act, level's rank, steps of its row, recorded by word, pages concerned were opened."""

    act: str
    level: int
    steps: int
    verbal: bool = False
    seen: bool = False


def acts() -> tuple[str, ...]:
    """The acts of which several may be decided at once at some level, in the order of the table."""
    levels = [rank for rank in RANKS.values() if rank <= RANKS["confidential"]]
    tried = {act.id: [Asked(act.id, level, len(matrix.steps(act.id, level)), seen=True) for level in levels] for act in matrix.acts()}
    return tuple(act for act, found in tried.items() if any(one.steps and refusal(one) is None for one in found))


def refusal(asked: Asked) -> Refusal | None:
    """Why this request is decided on its own; None where it may be one of several."""
    act = matrix.act(asked.act)
    clause = act.clauses[0]
    if asked.act in LEAVES:
        return Refusal("decided_singly", LEAVES[asked.act], "扩大知悉、出公司、减弱保护或不可挽回的事项须逐件决定")
    if not act.has_levels:
        return Refusal("decided_singly", clause, "涉及人员、印章和账号的事项须逐件决定")
    if asked.level > RANKS["confidential"]:
        least = schemes.in_force().least(RANKS["highly_confidential"])
        en = f"What is {schemes.english(least)} or above is decided one by one."
        return Refusal("decided_singly", clause, f"{schemes.word(least)}以上事项须逐件决定", en)
    if asked.steps != 1:
        return Refusal("decided_singly", clause, "须经几级审批的事项由各级逐件决定")
    if asked.verbal:
        return Refusal("decided_singly", "D2", "口头许可须逐件确认")
    if asked.act in rules.READING and not asked.seen:
        return Refusal("pages_unseen", clause, "须先看过所审的页，才能一并批准")
    return None
