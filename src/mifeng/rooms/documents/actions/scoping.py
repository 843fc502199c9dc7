"""Deeds on the scope of knowledge: widened by approval, narrowed at once, taken over when nobody is left."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from mifeng.base import clock, duties
from mifeng.base.deeds import deed
from mifeng.base.refusals import NextStep, Refused, insist
from mifeng.engines.access import Decision
from mifeng.rooms.approvals import queries as approvals
from mifeng.rooms.approvals import requests, verbal
from mifeng.rooms.approvals.facts import Wanted
from mifeng.rooms.documents import queries
from mifeng.rooms.documents.actions import _shared
from mifeng.rooms.documents.facts import ScopeLine
from mifeng.rooms.documents.models import Document
from mifeng.rooms.documents.rules import scope as scope_rules
from mifeng.rooms.people.models import Person, Session
from mifeng.rooms.training import queries as training


@deed("documents:share", subject="document", reads=True)
def share(person: Person, document: Document, session: Session | None, colleague: Person) -> None:
    """给别人看 (D2): only to a colleague who may know it already; otherwise refused, with the way to ask for leave."""
    document = queries.as_it_stands(document)
    insist(queries.decided(queries.viewer(person, session), document, "read"), "未送阅")
    permitted = approvals.has_grant(colleague, document.item_key, "show", clock.now())
    ask = NextStep(_("申请许可"), f"/documents/{document.uid}/scope/")
    insist(scope_rules.may_show_to(document.level, queries.could_know(colleague, document), permitted), "未送阅", ask)
    if queries.could_know(colleague, document):  # a leave lifts no embargo, custody, freeze or wall
        duties.remind(colleague.pk, "to_read", document.item_key)


@deed("documents:widen_scope", subject="document")
def widen_scope(person: Person, document: Document, session: Session | None, lines: tuple[ScopeLine, ...], purpose: str) -> Any:
    """Ask that others may know (D2): who, for what, until when; in force only after the approver of the item agreed."""
    document = queries.as_it_stands(document)
    insist(queries.decided(queries.viewer(person, session), document, "read"), "知悉范围未扩大")
    return _ask(person, document, lines, purpose)


@deed("documents:record_verbal", subject="document")
def record_verbal(
    person: Person, document: Document, session: Session | None, leader: Person, lines: tuple[ScopeLine, ...], purpose: str
) -> Any:
    """口头许可 (D2): the clerk records whom a leader let know by word; nobody knows before that leader has confirmed it."""
    insist(verbal.may_record(person), "知悉范围未扩大")
    document = queries.as_it_stands(document)
    insist(queries.decided(queries.viewer(person, session), document, "register_facts"), "知悉范围未扩大")
    return _ask(person, document, lines, purpose, leader)


def _ask(person: Person, document: Document, lines: tuple[ScopeLine, ...], purpose: str, leader: Person | None = None) -> Any:
    if not purpose.strip() or not lines or any(line.until is None for line in lines):
        raise Refused(Decision.refuse("purpose_and_end", "P1.1", "须写明对象、事由和截止日期"), "知悉范围未扩大")
    insist(scope_rules.scope_is_small(document.level, lines), "知悉范围未扩大")
    _insist_trained(document, lines)
    payload = {"lines": [[ln.kind, ln.key, ln.purpose or purpose, ln.until.isoformat()] for ln in lines if ln.until]}
    return requests.ask(
        matter="documents:widen_scope", item_key=document.item_key, level=document.level, applicant=person,
        department=document.department, purpose=purpose, payload=payload, number="", wanted=Wanted(until=_last(lines)), verbal_by=leader,
        concerned=[row.person for row in document.concerned.all()],
    )  # fmt: skip


def _insist_trained(document: Document, lines: Iterable[ScopeLine]) -> None:
    """Who is named is trained (I12); whoever reads by post or department is flagged by the decision on each reading."""
    for line in lines:
        if line.kind == "person":
            insist(training.may_be_let_in(Person.objects.get(uid=line.key), document.level), "知悉范围未扩大")


def _last(lines: tuple[ScopeLine, ...]) -> datetime:
    """The instant at which the last of the lines is over."""
    return clock.end_of(max(line.until for line in lines if line.until))


def widened(approval: Any, decider: Person) -> None:
    """What the approval of `widen_scope` does: the new lines join the scope. Inside its deed."""
    document = queries.of_key(approval.item_key)
    before = _shared.scope_lines(document)
    added = [ScopeLine(kind, key, purpose, _date(until)) for kind, key, purpose, until in approval.payload_data["lines"]]
    _insist_trained(document, added)
    _shared.put_scope(document, [*before, *added], decider)
    document.save()
    _shared.history(
        document, decider, "scope", _shared.scope_words(before), _shared.scope_words([*before, *added]), approval.purpose,
        approval_uid=approval.uid,
    )  # fmt: skip


def _date(text: str) -> date:
    return date.fromisoformat(text)


@deed("documents:narrow_scope", subject="document")
def narrow_scope(person: Person, document: Document, lines: tuple[ScopeLine, ...], reason: str) -> None:
    """Take persons, posts or departments out of the scope: at once, no approval; readers lose the next page."""
    if person.pk != document.owner_id and not person.posts() & {"classifier", "dept_head"}:
        raise Refused(Decision.refuse("owner_narrows", "P1.1", "由责任人、部门负责人或定密责任人缩小范围"), "知悉范围未变更")
    before = _shared.scope_lines(document)
    kept = [line for line in before if (line.kind, line.key) not in {(out.kind, out.key) for out in lines}]
    insist(scope_rules.has_scope(document.level, kept), "知悉范围未变更")
    _shared.put_scope(document, kept, person)
    document.save()
    _shared.touched(document, reason=reason)
    _shared.history(document, person, "scope", _shared.scope_words(before), _shared.scope_words(kept), reason)


@deed("documents:take_custody", subject="document")
def take_custody(person: Person, document: Document) -> None:
    """The head of the GM's office takes over an item whose whole scope has left (P4.2)."""
    reached = len(queries.reached(document))
    if "gmo_head" not in person.posts() or not scope_rules.custodian_needed(document.level, document.live, reached):
        raise Refused(Decision.refuse("not_orphaned", "P4.2", "此件仍有知悉人员在岗,或您不是总经理办公室主任"), "未接管")
    before = _shared.scope_lines(document)
    _shared.put_scope(document, [ScopeLine("person", person.uid, "接管")], person)
    document.owner = person
    document.save()
    _shared.history(document, person, "scope", _shared.scope_words(before), person.name, "原知悉人员均已离岗,接管")
