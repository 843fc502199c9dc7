"""The organisation of today and a request, as the rules on posts and stand-ins see them."""

from mifeng.base import clock
from mifeng.rooms.approvals.facts import (
    BPerson,
    DelegationFacts,
    DepartmentFacts,
    Matter,
    Organisation,
    PersonFacts,
)  # fmt: skip
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.people.models import Delegation, Department, OfficerPair, Person, PostHolding


def organisation() -> Organisation:
    """Who holds which post today, who supervises what, which delegations run."""
    day = clock.today()
    posts: dict[int, set[str]] = {}
    held = PostHolding.objects.filter(since__lte=day).exclude(until__lt=day).values_list("person_id", "post")
    for person, post in held:
        posts.setdefault(person, set()).add(post)
    people = Person.objects.values_list("pk", "department_id", "clearance", "active")
    return Organisation(
        on=day,
        people=tuple(
            PersonFacts(pk, dept, frozenset(posts.get(pk, set()) | {"employee"}), clearance, active)
            for pk, dept, clearance, active in people
        ),
        departments=tuple(DepartmentFacts(*row) for row in Department.objects.values_list("pk", "supervisor_id", "parent_id")),
        delegations=tuple(
            DelegationFacts(d.principal_id, d.delegate_id, d.act, d.level_max, d.since, d.until, d.case_key, d.revoked_on is not None)
            for d in Delegation.objects.all()
        ),
        b_persons=tuple(BPerson(pair.role, pair.b_id) for pair in OfficerPair.objects.exclude(b=None)),
    )  # fmt: skip


def matter_of(approval: Approval, handlers: frozenset[int] | None = None) -> Matter:
    """A request at its present step. `handlers`: the only persons who may know the item, None = no such limit."""
    parts = [(part.role, part.person_id) for part in approval.parts.all()]
    return Matter(
        act=approval.act, level=approval.level, steps=tuple(tuple(step) for step in approval.steps_list),
        applicant=approval.applicant_id, department=approval.department_id, step_no=approval.step_no,
        case_key=approval.item_key, concerned=frozenset(pid for role, pid in parts if role == "concerned"),
        parts=tuple((role, pid) for role, pid in parts if role != "concerned"),
        signed=frozenset(approval.taken.exclude(person=None).values_list("person_id", flat=True)),
        handlers=handlers, chair=approval.chair_id, leader=approval.leader_id, classifier=approval.classifier_id,
        site_department=approval.site_department_id,
    )  # fmt: skip
