"""Whom one may delegate to. Pure. What a delegation does at a step stands in `rules.resolve`, which asks again each day."""

from collections.abc import Iterator
from dataclasses import replace

from mifeng.clauses import matrix
from mifeng.clauses.levels import RANKS
from mifeng.rooms.approvals import rules
from mifeng.rooms.approvals.facts import DelegationFacts, Matter, Organisation, Refusal

# Acts that only the leader himself decides (L1, L3): nobody does it for him.
PERSONAL = "subject_leader"


def refusal(wanted: DelegationFacts, organisation: Organisation) -> Refusal | None:
    """Why this delegation may not be given; None when it may.

    Only one's own decisions: a delegate decides nothing of his own there, so he cannot delegate on. Nobody of the same
    chain: whoever signs another step of such a request would sign twice. External provision (M4) for a named case only.
    """
    act = matrix.matrix().acts.get(wanted.act)
    delegate = organisation.by_pid.get(wanted.delegate)
    if act is None or wanted.since > wanted.until or wanted.until < organisation.on:
        return Refusal("delegation_form", "I6.2", "授权须写明事项和尚未过去的期间")
    clause = act.clauses[0]
    if wanted.delegate == wanted.principal or delegate is None or not delegate.active:
        return Refusal("no_delegate", "I6.2", "授权只能给在岗的其他人")
    if delegate.posts & rules.OFFICERS or delegate.clearance < _least(act, wanted.level_max):
        return Refusal("unfit_delegate", clause, "三员和涉密等级不足的人员不得代批")
    if wanted.act == "external_provision" and not wanted.case_key:
        return Refusal("case_not_named", "M4", "对外提供的代批须逐件书面授权")
    if any(PERSONAL in step for steps in act.levels.values() for step in steps):
        return Refusal("personal", clause, "领导本人的事项不得由他人代批")
    own = [signers for signers in _routes(wanted, organisation) if wanted.principal in signers]
    if not own:
        return Refusal("not_his", clause, "只能授权本人审批的事项；受托人不得再转授")
    if any(wanted.delegate in signers for signers in own):
        return Refusal("same_chain", clause, "同一审批链上的人员不得互相代批")
    return None


def _least(act: matrix.Act, level_max: int) -> int:
    return level_max if act.has_levels else 0


def _routes(wanted: DelegationFacts, organisation: Organisation) -> Iterator[set[int]]:
    """For each level and department that a request of the act could have: everybody who may sign one of its steps.

    Delegations that run are left out: whoever decides only by one decides nothing of his own.
    """
    plain = replace(organisation, delegations=())
    act = matrix.act(wanted.act)
    for column, steps in act.levels.items():
        rank = RANKS.get(column, 0)
        if not steps or (act.has_levels and rank > wanted.level_max):
            continue
        for department in organisation.departments:
            asker = next(
                (p.pid for p in organisation.people if p.active and p.department == department.key
                 and p.pid not in (wanted.principal, wanted.delegate) and p.posts <= {"employee"}), None,
            )  # fmt: skip
            if asker is None:
                continue
            begun = Matter(act.id, rank, steps, asker, department.key, chair=wanted.principal, classifier=wanted.principal)
            yield {c.pid for found in rules.route(begun, plain) for c in found.candidates}
