"""Deeds on the table of approvals: entered once, changed by the security administrator with the GM's decision."""

from mifeng.base import clock, deeds, duties
from mifeng.base.deeds import deed
from mifeng.base.refusals import Conflict, Refused
from mifeng.clauses import matrix
from mifeng.clauses.matrix import Steps
from mifeng.engines.access import Decision
from mifeng.rooms.approvals import changes, moves, people_facts, queries, versions
from mifeng.rooms.approvals import matrix as company_matrix
from mifeng.rooms.approvals.changes import Cell, Change
from mifeng.rooms.approvals.models import MatrixVersion
from mifeng.rooms.people import queries as people
from mifeng.rooms.people.models import Person


@deed("approvals:load_matrix")
def load(person: Person | None) -> MatrixVersion:
    """Enter the regulation's own table as version 1, in force at once; the same one where it is entered already."""
    return _first()


def _first() -> MatrixVersion:
    found = MatrixVersion.objects.filter(no=1).first()
    return found or _written(changes.shipped(), no=1, since=clock.now(), decision="approved")


def _written(table: dict[Cell, Steps], **told: object) -> MatrixVersion:
    version = MatrixVersion.objects.create(digest=versions.digest(table), proposed_at=clock.now(), **told)
    versions.write(version, table)
    return version


@deed("approvals:propose_matrix")
def propose(person: Person, cells: dict[Cell, Steps], reason: str) -> MatrixVersion:
    """The security administrator proposes other steps for some cells; nothing is in force before the GM decides."""
    if "secadmin" not in person.posts():
        raise Refused(Decision.refuse("secadmin_proposes", "M1.2", "审批权限表由安全保密管理员提出变更"), "审批权限表未送审")
    if not reason.strip() or MatrixVersion.objects.filter(decision="").exists():
        raise Refused(Decision.refuse("one_at_a_time", "M1.2", "须写明理由，且上一次变更已经决定"), "审批权限表未送审")
    _first()
    before = versions.table_of(versions.in_force())
    after = before | cells
    if after.keys() != before.keys() or after == before:
        raise Refused(Decision.refuse("no_such_cell", "M1.2", "审批权限表中没有这一项，或没有变更"), "审批权限表未送审")
    _check(changes.compared(before, after), "审批权限表未送审")
    deeds.note(reason=reason, changed=[f"{change.act} {change.column}" for change in changes.compared(before, after)])
    for holder in people.holders("gm"):
        duties.remind(holder.pk, "matrix", "approvals:table", once=versions.digest(after)[:16])
    return _written(after, proposed_by=person, reason=reason)


def _check(found: list[Change], not_done: str) -> None:
    for change in found:
        refusal = changes.refusal(change)
        if refusal is not None:
            raise moves.refusal(refusal, not_done)
    dead = company_matrix.dead_ends(people_facts.organisation(), {(one.act, one.column): one.after for one in found})
    if dead:
        clause = matrix.act(dead[0].act).clauses[0]
        raise Refused(Decision.refuse("dead_end", clause, "变更后有申请将无人可批"), not_done)


@deed("approvals:decide_matrix", subject="")
def decide(person: Person, version: MatrixVersion, approved: bool, note: str = "") -> MatrixVersion:
    """The GM decides a proposed version: in force at once, for requests that begin from now on, or refused."""
    version = MatrixVersion.objects.get(pk=version.pk)
    versions.in_force()  # verified: the rows of a proposal, too
    if "gm" not in person.posts() or not person.active:
        raise Refused(Decision.refuse("gm_decides_table", "M1.2", "审批权限表的变更由总经理批准"), "审批权限表未变更")
    if version.decision:
        raise Conflict("", queries.decided_word(version))
    if not approved and not note.strip():
        raise Refused(Decision.refuse("reason_required", "M1.2", "须写明理由"), "审批权限表未变更")
    version.decision, version.decided_by, version.note = "approved" if approved else "refused", person, note
    if approved:
        _check(versions.differences(version), "审批权限表未变更")
        last = MatrixVersion.objects.filter(decision="approved").order_by("-no").first()
        version.no, version.since = (last.no or 0) + 1 if last else 1, clock.now()
    version.save()
    deeds.note(version=version.no or 0, decision=version.decision)
    return version
