"""Asking, inside the deed of another room: the request is part of what that deed does."""

import json
from typing import Any

from mifeng import clauses
from mifeng.base import clock, duties, room
from mifeng.base.refusals import Refused
from mifeng.clauses import matrix
from mifeng.engines.access import Decision
from mifeng.rooms.approvals import queries
from mifeng.rooms.approvals.models import Approval, Part, StepTaken
from mifeng.rooms.people.models import Department, Person


def ask(
    *, matter: str, item_key: str, level: int, applicant: Person, department: Department, purpose: str,
    payload: dict[str, Any], number: str, urgent: bool = False, concerned: list[Person] | None = None,
) -> Approval:  # fmt: skip
    """Send a request to the first approver of the matrix. Inside a deed. Raises Refused where nobody may approve it."""
    act = room.matters()[matter].act
    steps = matrix.steps(act, level)
    if not steps:
        clause = matrix.act(act).clauses[0]
        raise Refused(Decision.refuse("nobody_approves", clause, "此事项任何人不得批准"), "未送审")
    approval = Approval.objects.create(
        matter=matter, act=act, item_key=item_key, level=level, state="asked", edition=clauses.edition(),
        steps=json.dumps(steps), applicant=applicant, department=department, purpose=purpose, number=number,
        payload=json.dumps(payload, ensure_ascii=False), urgent=urgent, asked_at=clock.now(),
    )  # fmt: skip
    for someone in concerned or []:
        Part.objects.create(approval=approval, role="concerned", person=someone, separated=False)
    Part.objects.create(approval=approval, role="applicant", person=applicant)
    settle(approval)
    return approval


def settle(approval: Approval) -> None:
    """Pass over steps that are noted 申请人即本级 or 并级, then tell whoever decides the present one."""
    found = queries.resolution(approval)
    while found.passed_over:
        StepTaken.objects.create(
            approval=approval, no=approval.step_no, post="+".join(approval.steps_list[approval.step_no]), person=None,
            decision=found.noted, at=clock.now(),
        )  # fmt: skip
        approval.step_no += 1
        approval.save()
        found = queries.resolution(approval)
    for person in queries.candidates(approval):
        duties.remind(person.pk, "approval", f"approvals:{approval.uid}", once=f"{approval.uid}:{approval.step_no}")
