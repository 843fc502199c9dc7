"""The organisation of today and a request, as the rules on posts and stand-ins see them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models

from mifeng.base import clock
from mifeng.base.snapshots import Snapshot
from mifeng.rooms.approvals.facts import (
    BPerson,
    DelegationFacts,
    DepartmentFacts,
    Matter,
    Organisation,
    PersonFacts,
)  # fmt: skip
from mifeng.rooms.approvals.models import Approval, Part, StepTaken
from mifeng.rooms.people.models import Delegation, Department, OfficerPair, Person, PostHolding

FEW = 500  # objects asked for by key; more are found by looking at all


@dataclass(frozen=True)
class _Held:
    """What the organisation needs to know of one person: posts and delegations with their days."""

    department: int
    clearance: int
    active: bool
    posts: tuple[tuple[str, date, date | None], ...]
    delegations: tuple[DelegationFacts, ...]

    def on(self, pid: int, day: date) -> PersonFacts:
        """The person on that day."""
        held = {post for post, since, until in self.posts if since <= day and (until is None or day <= until)}
        return PersonFacts(pid, self.department, frozenset(held | {"employee"}), self.clearance, self.active)


def _people(keys: Collection[int]) -> dict[int, _Held]:
    posts: dict[int, list[tuple[str, date, date | None]]] = {}
    for pid, *held in of(PostHolding, "person", keys).order_by("pk").values_list("person_id", "post", "since", "until"):
        posts.setdefault(pid, []).append(tuple(held))
    given: dict[int, list[DelegationFacts]] = {}
    for d in of(Delegation, "delegate", keys).order_by("pk"):
        facts = DelegationFacts(
            d.principal_id, d.delegate_id, d.act, d.level_max, d.since, d.until, d.case_key, d.revoked_on is not None
        )
        given.setdefault(d.delegate_id, []).append(facts)
    found = of(Person, "pk", keys).order_by("pk").values_list("pk", "department_id", "clearance", "active")
    return {
        pid: _Held(department, clearance, active, tuple(posts.get(pid, ())), tuple(given.get(pid, ())))
        for pid, department, clearance, active in found
    }


def _departments(keys: Collection[int]) -> dict[int, DepartmentFacts]:
    found = of(Department, "pk", keys).order_by("pk").values_list("pk", "supervisor_id", "parent_id")
    return {row[0]: DepartmentFacts(*row) for row in found}


def _b_persons(keys: Collection[int]) -> dict[int, BPerson]:
    pairs = of(OfficerPair, "pk", keys).exclude(b=None).order_by("pk")
    return {pair.pk: BPerson(pair.role, pair.b_id) for pair in pairs}


def of(table: type[models.Model], field: str, keys: Collection[int]) -> models.QuerySet[Any]:
    """The rows of these objects; of many, all rows: a statement takes only so many values, and others are left out later."""
    if len(keys) > FEW:
        return table._default_manager.all()
    return table._default_manager.filter(**{f"{field}__in": list(keys)})


_PEOPLE, _DEPARTMENTS, _B_PERSONS = (
    Snapshot("person", _people), Snapshot("department", _departments), Snapshot("officers", _b_persons),
)  # fmt: skip


@dataclass
class _Standing:
    """The organisation that was put together last, and from what."""

    told: tuple[Any, ...] = ()
    organisation: Organisation | None = None


_last = _Standing()


def organisation() -> Organisation:
    """Who holds which post today, who supervises what, which delegations run. Raises codes.Tampered.

    The same object as long as nothing of it has changed: its indexes and answers are made once.
    """
    told = (clock.today(), _PEOPLE.now(), _DEPARTMENTS.now(), _B_PERSONS.now())
    last = _last
    if last.organisation and last.told[0] == told[0] and all(old is new for old, new in zip(last.told[1:], told[1:], strict=True)):
        return last.organisation
    return _put_together(*told)


def _put_together(
    day: date, people: Mapping[int, _Held], departments: Mapping[int, DepartmentFacts], b_persons: Mapping[int, BPerson]
) -> Organisation:
    global _last
    made = Organisation(
        on=day, people=tuple(held.on(pid, day) for pid, held in sorted(people.items())),
        departments=tuple(facts for _, facts in sorted(departments.items())),
        delegations=tuple(given for _, held in sorted(people.items()) for given in held.delegations),
        b_persons=tuple(facts for _, facts in sorted(b_persons.items())),
    )  # fmt: skip
    _last = _Standing((day, people, departments, b_persons), made)
    return made


def matter_of(approval: Approval, handlers: frozenset[int] | None = None) -> Matter:
    """A request at its present step, its rows read anew. `handlers`: the only persons who may know the item, None = no limit."""
    return _matter(approval, handlers, approval.parts.filter(), approval.taken.filter())


def matter_loaded(approval: Approval) -> Matter:
    """The same from rows that were loaded for many requests at once (parts, taken), and without who alone may know the item."""
    return _matter(approval, None, approval.parts.all(), approval.taken.all())


def _matter(approval: Approval, handlers: frozenset[int] | None, parts: Iterable[Part], taken: Iterable[StepTaken]) -> Matter:
    told = [(part.role, part.person_id) for part in parts]
    return Matter(
        act=approval.act, level=approval.level, steps=tuple(tuple(step) for step in approval.steps_list),
        applicant=approval.applicant_id, department=approval.department_id, step_no=approval.step_no,
        case_key=approval.item_key, concerned=frozenset(pid for role, pid in told if role == "concerned"),
        parts=tuple((role, pid) for role, pid in told if role != "concerned"),
        signed=frozenset(row.person_id for row in taken if row.person_id is not None),
        handlers=handlers, chair=approval.chair_id, leader=approval.leader_id, classifier=approval.classifier_id,
        site_department=approval.site_department_id,
    )  # fmt: skip
