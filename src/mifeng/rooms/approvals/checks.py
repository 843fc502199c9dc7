"""Do the conditions of an act hold for this request, now, for this actor? Loads what `conditions` looks at."""

from collections.abc import Collection

from mifeng.base import clock, room
from mifeng.clauses import matrix
from mifeng.rooms.approvals import conditions, limits
from mifeng.rooms.approvals.facts import Moment, Stage
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.people import queries as people
from mifeng.rooms.people.models import Person


def failing(approval: Approval, actor: Person, stage: Stage, watchers: Collection[int] = ()) -> tuple[str, ...]:
    """Names of the conditions of the act that do not hold; a matter's own predicates win over the room's."""
    told = room.matters()[approval.matter].conditions
    wanted = matrix.act(approval.act).conditions
    answers = {name: holds(approval, actor, stage) for name, holds in told.items() if name in wanted}
    return conditions.failing(approval.act, moment(approval, actor, stage, watchers), answers)


def moment(approval: Approval, actor: Person, stage: Stage, watchers: Collection[int] = ()) -> Moment:
    """The request as the conditions see it when `actor` sends, decides or executes it."""
    saved = approval.pk is not None
    return Moment(
        stage=stage, level=approval.level, applicant=approval.applicant_id, actor=actor.pk, wanted=approval.granted_now,
        purpose=approval.purpose, number=approval.number, watchers=frozenset(watchers), decided=approval.decided_at,
        approvers=frozenset(approval.parts.filter(role="approver").values_list("person_id", flat=True)) if saved else frozenset(),
        entrusted=stage is Stage.EXECUTE and entrusted(actor, approval), now=clock.now(),
    )  # fmt: skip


def entrusted(person: Person, approval: Approval) -> bool:
    """A 委托 in force covers the carrier act behind this act, at its level, for the owning department (M1.1)."""
    carrier = limits.CARRIER.get(approval.act)
    on = clock.today()
    return carrier is not None and people.is_appointed(person, carrier, approval.level, approval.department_id, on)


def announced() -> frozenset[str]:
    """Every condition that some matter of the house answers itself."""
    return frozenset(name for matter in room.matters().values() for name in matter.conditions)


def check() -> None:
    """The house refuses to start on a condition that nobody checks. Raises UnknownCondition."""
    answered: dict[str, frozenset[str]] = {}
    for matter in room.matters().values():
        here = frozenset(matter.conditions)
        answered[matter.act] = answered.get(matter.act, here) & here
    conditions.check(answered, room.deadline_kinds())
