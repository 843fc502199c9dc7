"""Grants: what an approval allows, spent use by use, revoked, lapsed, replaced.

`spend` is called inside the deed that uses the right (print, hand over, take out): one conditional UPDATE, whose row
count decides. A use that was spent on a spoiled sheet is not given back; the approver may issue a linked replacement.
"""

from collections.abc import Collection
from datetime import timedelta

from django.db.models import F
from django.utils.translation import gettext_noop

from mifeng.base import clock, codes, deeds, duties, room
from mifeng.base.refusals import Conflict
from mifeng.clauses import matrix, parameter
from mifeng.rooms.approvals import checks, limits, moves, people_facts, queries, requests, rules
from mifeng.rooms.approvals.facts import Circumstances, Event, Refusal, Stage, State
from mifeng.rooms.approvals.models import Approval, Grant
from mifeng.rooms.people.models import Person

NOT_SPENT, NOT_REGISTERED, NOT_CLOSED = gettext_noop("未办理"), gettext_noop("未登记"), gettext_noop("未关闭")


def lapse_after() -> timedelta:
    """How long an approval may lie unused (M2.1); calendar days."""
    return timedelta(days=int(parameter("M2.1", "approval_lapse_days", on=clock.today())))


def make(approval: Approval) -> Grant:
    """The grant of an approval whose last step was just signed. Inside its deed; the request is saved by the caller."""
    granted, at = approval.granted_now, clock.now()
    return Grant.objects.create(
        approval=approval, item_key=approval.item_key, person=approval.applicant, act=approval.act, level=approval.level,
        executor_post=matrix.act(approval.act).executor or granted.executor_post, since=max(at, granted.since or at),
        until=limits.ends(granted, at + lapse_after()), uses=limits.uses(granted), uses_left=limits.uses(granted),
        pages=" ".join(map(str, sorted(granted.pages))),
    )  # fmt: skip


def spend(
    person: Person, grant: Grant, *, act: str, item_key: str, pages: Collection[int] = (), count: int = 1,
    watchers: Collection[Person] = (), not_done: str = NOT_SPENT,
) -> Grant:  # fmt: skip
    """Use the grant `count` times for this act on this item, by `person` as the executor. Inside a deed.

    Raises Refused: used_up, lapsed, revoked, not_yet, other_grant, other_pages, frozen, not_executor, other_part, or a
    condition of the row that does not hold any more. Nothing outside the deed is undone when it fails later.
    """
    grant = Grant.objects.select_related("approval__department").get(pk=grant.pk)
    approval = grant.approval
    codes.verify("grant", [grant.pk])
    codes.verify("approval", [approval.pk])
    deeds.note(obj=item_key, grant=grant.uid)
    _insist(limits.why_unusable(grant.facts(), act, item_key, pages, count, clock.now()), not_done)
    for watcher, role in zip(watchers, ("watcher1", "watcher2"), strict=False):
        requests.take_part(approval, role, watcher)
    facts = _execution(person, grant, {watcher.pk for watcher in watchers})
    moves.move(approval, Event.SPEND, facts, not_done)
    requests.take_part(approval, "executor", person)
    changed = Grant.objects.filter(
        pk=grant.pk, executor_post=grant.executor_post, state="approved", uses_left__gte=count, since__lte=clock.now(),
        until__gt=clock.now(),
    ).update(uses_left=F("uses_left") - count, ver=F("ver") + 1)  # fmt: skip
    grant.refresh_from_db()
    if changed != 1:
        # Somebody else was first between the look above and the UPDATE.
        _insist(limits.why_unusable(grant.facts(), act, item_key, pages, count, clock.now()), not_done)
        raise Conflict("", queries.state_word(approval))
    moves.recode(grant)
    approval.ver += 1
    approval.save()
    return grant


def _insist(refusal: Refusal | None, not_done: str) -> None:
    if refusal is not None:
        raise moves.refusal(refusal, not_done)


def _execution(person: Person, grant: Grant, watchers: set[int]) -> Circumstances:
    approval, matter = grant.approval, room.matters()[grant.approval.matter]
    ready = limits.executes(grant.executor_post, person.posts(), grant.act, checks.entrusted(person, approval))
    concerned = approval.parts.filter(role="concerned", person=person).exists()
    return Circumstances(
        approval.act, executor_ready=ready and _stays(person) and not concerned, uses_left=grant.uses_left or 0,
        failing=checks.failing(approval, person, Stage.EXECUTE, watchers), frozen=matter.frozen(approval),
        gone=matter.gone(approval), past=clock.now() >= grant.until,
    )  # fmt: skip


def _stays(person: Person) -> bool:
    """He has not left: as the house knows it now, not as he was loaded when his page was opened."""
    found = people_facts.organisation().by_pid.get(person.pk)
    return found is not None and found.active


def register(approval: Approval, number: str, not_done: str = NOT_REGISTERED) -> None:
    """What was carried out stands in its register under this number. Inside the deed that wrote the register's row."""
    codes.verify("approval", [approval.pk])
    approval.refresh_from_db()
    moves.move(approval, Event.REGISTER, Circumstances(approval.act, numbered=bool(number)), not_done)
    approval.save()


def close(approval: Approval, *, watched: bool = True, back: bool = True, not_done: str = NOT_CLOSED) -> None:
    """The matter is over: whoever watches has signed, what went out is back. Inside a deed."""
    codes.verify("approval", [approval.pk])
    approval.refresh_from_db()
    moves.move(approval, Event.CLOSE, Circumstances(approval.act, watched=watched, back=back), not_done)
    approval.save()


def freeze(item_key: str) -> int:
    """An incident freezes an item: every running approval on it is revoked, its uses at 0. Inside the incident's deed."""
    running = Approval.objects.filter(item_key=item_key, state__in=("approved", "executing"), grants__isnull=False)
    return sum(end(approval, Circumstances(approval.act, frozen=True)) for approval in running.distinct())


def end(approval: Approval, facts: Circumstances) -> int:
    """撤销 by whom the facts describe; every use that is left is gone. Inside a deed. Raises Refused."""
    codes.verify("approval", [approval.pk])
    codes.verify("grant", approval.grants.values_list("pk", flat=True))
    moves.move(approval, Event.REVOKE, facts, "未撤销")
    moves.end_grants(approval, State.REVOKED)
    approval.ver += 1
    approval.save()
    duties.remind(approval.applicant_id, "revoked", f"approvals:{approval.uid}", once=approval.uid)
    return 1


def may_revoke(person: Person, approval: Approval) -> bool:
    """Whether this person may take the approval back: he signed it, or stands above somebody who did."""
    facts, granted = revoker(person, approval), approval.grants.exists()
    return approval.state in ("approved", "executing") and granted and (facts.decides or facts.superior)


def revoker(person: Person, approval: Approval) -> Circumstances:
    """How this person stands to an approval that was given: he signed it, or stands above whoever did."""
    signed = approval.taken.filter(decision="approved")
    approvers = {pk for row in signed for pk in (row.person_id, row.on_behalf_of_id) if pk is not None}
    organisation = people_facts.organisation()
    above = any(rules.is_superior(person.pk, of, approval.department_id, organisation) for of in approvers)
    return Circumstances(approval.act, decides=person.pk in approvers and _stays(person), superior=above)
