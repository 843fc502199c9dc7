"""Deeds on the 保密事项一览表 (S7): a matter of the company's own is proposed by the business, and decided by the general manager."""

from datetime import timedelta

from django.utils.translation import gettext_noop

from mifeng.base import clock, codes, deeds, duties
from mifeng.base.deeds import deed
from mifeng.base.refusals import Refused, insist
from mifeng.clauses import schemes
from mifeng.engines.access import Decision
from mifeng.rooms.documents import own_lines
from mifeng.rooms.documents.actions import _shared
from mifeng.rooms.documents.facts import TermFacts
from mifeng.rooms.documents.models import CatalogueLine
from mifeng.rooms.documents.rules import classification, terms
from mifeng.rooms.people import queries as people
from mifeng.rooms.people.models import Person

NOT_ADDED = gettext_noop("一览表未变更")
PROPOSERS = frozenset({"dept_head", "classifier", "deputy_gm", "gmo_head", "gm"})


@deed("documents:propose_line")
def propose_line(person: Person, title: str, level: int, years: int, basis: str, code: str = "") -> CatalogueLine:
    """Propose a matter of the company's own, or (`code`) a change of one; what the general manager proposes he has decided."""
    if not person.posts() & PROPOSERS:
        raise Refused(Decision.refuse("who_proposes_lines", "S7", "一览表的增改由部门负责人、定密责任人或公司领导提出"), NOT_ADDED)
    _shared.insist_all(
        [
            classification.is_a_level(level, schemes.in_force().ranks),
            classification.line_form(title, basis, level, years),
            terms.within_cap(level, TermFacts("years", years), clock.today()),
        ],
        NOT_ADDED,
    )
    if code and not CatalogueLine.objects.filter(code=code, decision=own_lines.APPROVED).exists():
        raise Refused(Decision.refuse("no_such_line", "S7", "一览表中没有公司增列的这一条"), NOT_ADDED)
    row = CatalogueLine(
        code=code, title=title.strip(), level=level, years=years, basis=basis.strip(), proposed_by=person,
        proposed_at=clock.now(),
    )  # fmt: skip
    row.code = code or f"own_{row.uid[:12]}"
    deeds.note(line=row.code, title=row.title, counts={"level": level})
    if classification.may_change_catalogue(person.posts()).allow:
        _into_force(row, person)
    else:
        row.save()
        for told in people.holders("gm"):
            duties.remind(told.pk, "catalogue", once=row.uid)
    return row


@deed("documents:decide_line", subject="")
def decide_line(person: Person, row: CatalogueLine, approve: bool) -> CatalogueLine:
    """The general manager decides on a proposed line: a version of the catalogue of its own, in force from the next day."""
    insist(classification.may_change_catalogue(person.posts()), NOT_ADDED)
    codes.verify("catalogue", [row.pk])
    row = CatalogueLine.objects.get(pk=row.pk)
    if row.decision:
        raise Refused(Decision.refuse("line_decided", "S7", "这一条已经决定"), NOT_ADDED)
    deeds.note(line=row.code, title=row.title)
    if approve:
        _into_force(row, person)
    else:
        row.decision, row.decided_by = own_lines.RETURNED, person
        row.save()
    duties.remind(row.proposed_by_id, "decided" if approve else "returned", once=row.uid)
    return row


def _into_force(row: CatalogueLine, by: Person) -> None:
    row.decision, row.decided_by, row.version = own_lines.APPROVED, by, own_lines.version() + 1
    row.since = clock.today() + timedelta(days=1)
    row.save()
    deeds.note(counts={"version": row.version})
