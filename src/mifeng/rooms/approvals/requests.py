"""Asking, inside the deed of another room: the request is part of what that deed does."""

import json
from typing import Any

from mifeng import clauses
from mifeng.base import clock, codes, duties, room
from mifeng.base.refusals import Refused
from mifeng.clauses import matrix
from mifeng.engines.access import Decision
from mifeng.rooms.approvals import checks, moves, queries, rules, verbal, versions
from mifeng.rooms.approvals.facts import Circumstances, Event, Stage, State, Wanted
from mifeng.rooms.approvals.models import Approval, Part, StepTaken
from mifeng.rooms.people.models import Department, Person


def ask(
    *, matter: str, item_key: str, level: int, applicant: Person, department: Department, purpose: str,
    payload: dict[str, Any], number: str, urgent: bool = False, concerned: list[Person] | None = None,
    case: str = "", chair: Person | None = None, leader: Person | None = None, classifier: Person | None = None,
    site_department: Department | None = None, wanted: Wanted | None = None,
    verbal_by: Person | None = None, alone: str = "",
) -> Approval:  # fmt: skip
    """Send a request to the first approver of the matrix. Inside a deed.

    `case` replaces `any` where the act has it (above_limit, officer). `chair`, `leader`, `classifier` and
    `site_department` are whom the relative posts of the row mean in this matter. `wanted`: copies, pages, recipient,
    destination, dates, executor, persons. `verbal_by`: the leader whose word the clerk records (D2). `alone`: the post that
    signs last whoever else the table lets sign there. Raises Refused where nobody may approve it or a condition of the
    row fails.
    """
    act = room.matters()[matter].act
    steps = rules.last_by(alone, versions.steps(act, level, case))
    if not steps:
        clause = matrix.act(act).clauses[0]
        raise Refused(Decision.refuse("nobody_approves", clause, "此事项任何人不得批准"), "未送审")
    asked = json.dumps((wanted or Wanted()).plain(), ensure_ascii=False)
    approval = Approval(
        matter=matter, act=act, item_key=item_key, level=level, state=State.DRAFT, edition=clauses.edition(),
        steps=json.dumps(steps), applicant=applicant, department=department, purpose=purpose, number=number,
        payload=json.dumps(payload, ensure_ascii=False), urgent=urgent, asked_at=clock.now(), case=case, chair=chair,
        leader=leader, classifier=classifier, site_department=site_department, wanted=asked, granted=asked,
        matrix_version=versions.number(), verbal_by=verbal_by,
    )  # fmt: skip
    failing = checks.failing(approval, applicant, Stage.SUBMIT)
    moves.move(approval, Event.SUBMIT, Circumstances(act, actor_is_applicant=True, failing=failing), "未送审")
    approval.save()
    for someone in concerned or []:
        Part.objects.create(approval=approval, role="concerned", person=someone, separated=False)
    take_part(approval, "applicant", applicant)
    settle(approval)
    _insist_reachable(approval)
    verbal.insist(approval, "未登记")
    return approval


def _insist_reachable(approval: Approval) -> None:
    """Of an item that only a few may know: one of them decides each step, else the request would wait for nobody."""
    posts = queries.unreachable(approval)
    if posts:
        words = "或".join(matrix.post_word(post) for post in posts)
        zh = f"可知悉此件的人中没有能批准此事的:须有{words}或其上级在内;先由人事经办人或总经理增列经办人,或结束专人保管"
        en = (
            "Nobody of the few who may know this item can approve this. Have HR or the general manager name a handler who can, "
            "or end the sole custody first."
        )
        raise Refused(Decision.refuse("nobody_of_the_few", matrix.act(approval.act).clauses[0], zh, en=en), "未送审")


def take_part(approval: Approval, role: str, person: Person) -> None:
    """Enter who plays which part; a second separated part of the same person is refused, here and by the database."""
    act = matrix.act(approval.act)
    separated = role in act.separate
    others = approval.parts.filter(person=person, separated=True).exclude(role=role)
    if separated and others.exists():
        raise Refused(Decision.refuse("other_part", act.clauses[0], "在此事项中另有分工的人员不得再任此职"), "未办理")
    Part.objects.get_or_create(approval=approval, role=role, person=person, defaults={"separated": separated})


def settle(approval: Approval) -> None:
    """Pass over steps that are noted 申请人即本级 or 并级, then tell whoever decides the present one."""
    found = queries.resolution(approval)
    while found.passed_over:
        StepTaken.objects.create(
            approval=approval, no=approval.step_no, post=approval.steps_list[approval.step_no][0], person=None,
            decision=found.noted, at=clock.now(),
        )  # fmt: skip
        approval.step_no += 1
        approval.save()
        found = queries.resolution(approval)
    for person in queries.candidates(approval):
        duties.remind(person.pk, "approval", f"approvals:{approval.uid}", once=f"{approval.uid}:{approval.step_no}")


def resettle_for(item_key: str) -> None:
    """Open requests on an item, once it is limited to a few: see `resettle`. Inside the deed that limited it."""
    for approval in Approval.objects.filter(item_key=item_key, state="asked"):
        resettle(approval)


def resettle(approval: Approval) -> bool:
    """The present step of an open request needs no signature any more, or nobody of the few who may know the item can decide
    it: passed over, or withdrawn and asked anew once somebody can. True if anything was done.
    """
    step = approval.step_no
    if queries.resolution(approval).passed_over:
        settle(approval)
    if queries.unreachable(approval):
        close(approval)
    return approval.step_no != step or approval.state != State.ASKED


def close(approval: Approval) -> None:
    """An open request is withdrawn that nobody can decide; its applicant is told."""
    codes.verify("approval", [approval.pk])
    moves.move(approval, Event.SETTLE, Circumstances(approval.act, settled=True), "未撤回")
    approval.decided_at = clock.now()
    approval.save()
    duties.remind(approval.applicant_id, "returned", f"approvals:{approval.uid}", once=approval.uid)


def close_for(item_key: str) -> None:
    """Open requests on an item that was decided another way: withdrawn. Inside the deed that decided it."""
    for approval in Approval.objects.filter(item_key=item_key, state="asked"):
        codes.verify("approval", [approval.pk])
        moves.move(approval, Event.SETTLE, Circumstances(approval.act, settled=True), "未审定")
        approval.decided_at = clock.now()
        approval.save()
