"""What a change of the table of approvals may do. Pure: steps in, answer out.

    >>> implies((("owning_dept_head",), ("gm",)), (("gm", "deputy_gm"),))
    True
    >>> implies((("gm", "deputy_gm"),), (("gm",),))
    False
"""

from collections.abc import Mapping
from dataclasses import dataclass

from mifeng.clauses import matrix
from mifeng.clauses.matrix import Steps
from mifeng.rooms.approvals.facts import Refusal
from mifeng.rooms.approvals.limits import BY_APPOINTMENT
from mifeng.rooms.approvals.rules import OFFICERS

Cell = tuple[str, str]  # act, column
EXACT = "exact"
# Whom these mean stands in the request; an act that does not use them has nobody to name. Executors decide nothing.
NAMED_BY_THE_MATTER = frozenset({"site_dept_head", "chair", "subject_leader", "classifier"}) | BY_APPOINTMENT


@dataclass(frozen=True)
class Change:
    """One cell of the table: its steps before and after."""

    act: str
    column: str
    before: Steps
    after: Steps

    @property
    def tightens(self) -> bool:
        """True when something that was enough is not enough any more: running requests must be looked at."""
        return not implies(self.before, self.after)


def implies(new: Steps, old: Steps) -> bool:
    """Whether whoever passes `new` has passed `old`: each old step is signed by one of its posts in some new step."""
    return all(any(set(step) <= set(asked) for step in new) for asked in old)


def shipped() -> dict[Cell, Steps]:
    """The table as the regulation's own file has it."""
    return {(act.id, column): steps for act in matrix.acts() for column, steps in act.levels.items()}


def is_exact(act: str) -> bool:
    """The regulation itself names who decides this act: a company may ask for more, never for less."""
    basis = matrix.act(act).basis
    return basis.startswith("source") and EXACT in basis


def compared(before: Mapping[Cell, Steps], after: Mapping[Cell, Steps]) -> list[Change]:
    """What differs between two tables, in the order of the file."""
    return [Change(*cell, before[cell], after[cell]) for cell in before if before[cell] != after[cell]]


def refusal(change: Change) -> Refusal | None:
    """Why a cell may not be changed so; None when it may. Dead ends are looked for by whoever knows the company."""
    act = matrix.act(change.act)
    clause = act.clauses[0]
    if not act.levels[change.column]:
        return Refusal("never", clause, "制度规定任何人不得批准的事项，不能改为可以批准")
    if not change.after or not all(change.after):
        return Refusal("no_step", clause, "每一级至少有一个岗位可以批准")
    posts = {post for step in change.after for post in step}
    if not posts <= matrix.matrix().posts.keys():
        return Refusal("unknown_post", clause, "审批权限表中没有这个岗位")
    own = {post for steps in act.levels.values() for step in steps for post in step}
    if posts & NAMED_BY_THE_MATTER - own:
        return Refusal("not_in_this_act", clause, "此事项的申请不指明这个岗位是谁")
    if posts & OFFICERS and not _names_officers(act):
        return Refusal("officers_approve_nothing", "M1.2", "三员不审批业务事项")
    if is_exact(act.id) and not implies(change.after, act.levels[change.column]):
        return Refusal("source_exact", clause, "制度原文明定的审批层级只能加严，不能放宽")
    return None


def _names_officers(act: matrix.Act) -> bool:
    return any(set(step) & OFFICERS for steps in act.levels.values() for step in steps)
