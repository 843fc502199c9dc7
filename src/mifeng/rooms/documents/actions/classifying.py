"""Classification: proposed again after a return, decided by standing decision or by the approvers."""

from datetime import date, timedelta
from typing import Any

from mifeng.base import clock, deeds, duties
from mifeng.base.deeds import deed
from mifeng.base.refusals import Refused, insist
from mifeng.engines.access import Decision, Level
from mifeng.rooms.approvals import queries as approval_queries
from mifeng.rooms.approvals import requests
from mifeng.rooms.documents import by_series, queries
from mifeng.rooms.documents.actions import _shared, registering
from mifeng.rooms.documents.facts import Proposed, State
from mifeng.rooms.documents.models import Document, StandingDecision
from mifeng.rooms.documents.rules import classification, terms
from mifeng.rooms.people.models import Department, Person


@deed("documents:propose", subject="document")
def propose(person: Person, document: Document, proposed: Proposed, urgent: bool = False) -> None:
    """The drafter proposes again after a return; protection follows the new proposal at once (G2)."""
    if person.pk not in (document.drafter_id, document.owner_id):
        raise Refused(Decision.refuse("drafter_proposes", "P3.1", "由承办人拟定密级"), "未送审")
    if not document.proposed or approval_queries.open_for(document.item_key, "documents:classify"):
        raise Refused(Decision.refuse("already_asked", "P3.1", "此件已定密或正在审批"), "未送审")
    _shared.check_proposed(proposed, document.issued_on or clock.today(), "未送审")
    _rewrite(document, proposed, person)
    registering.ask_classification(document, proposed, urgent)


def _rewrite(document: Document, p: Proposed, by: Person) -> None:
    document.level, document.category, document.line, document.harm = p.level, p.category, p.line, p.harm
    document.interest, document.basis, document.project, document.override = p.interest, p.reason, p.project, p.override
    _shared.put_term(document, p.term, document.issued_on or clock.today())
    _shared.put_scope(document, p.scope, by)
    document.save()
    _shared.touched(document, level=p.level)


def decided(approval: Any, decider: Person) -> None:
    """What the last approval of `classify` does: level in force, number drawn, filed with the office. Inside its deed."""
    document = queries.of_key(approval.item_key)
    if terms.needs_gm(document.term_kind):
        insist(terms.may_keep(_shared.signs_for(approval, decider)), "未批准")
    document.proposed, document.state = False, State.VALID
    document.decider, document.decider_rank = decider, _shared.rank(decider)
    _shared.draw_number(document)
    document.save()
    _shared.history(
        document, decider, "classified", "", _shared.mark(document), approval.purpose, number=approval.number,
        approval_uid=approval.uid,
    )  # fmt: skip
    _shared.knows(document, decider, "approval")


def returned(approval: Any, decider: Person) -> None:
    """A returned proposal: the item stays 拟密, protected as proposed, until the drafter proposes again."""
    document = queries.of_key(approval.item_key)
    _shared.history(document, decider, "returned", _shared.mark(document), "", number=approval.number)


@deed("documents:classify", subject="document")
def classify(person: Person, document: Document, reason: str) -> None:
    """非密: the classifier decides that a proposed item is no secret; it becomes 内部 (S8, P3.1)."""
    if not person.posts() & {"classifier"} or person.pk == document.drafter_id:
        raise Refused(Decision.refuse("classifier_decides", "K1.0", "由定密责任人审定,承办人不得审定本件"), "未审定")
    if not document.proposed:
        raise Refused(Decision.refuse("decided_already", "K1.0", "此件已定密"), "未审定")
    before = _shared.mark(document)
    document.level, document.proposed, document.state = Level.INTERNAL, False, State.UNCLASSIFIED
    document.expires_on, document.term_kind = None, ""
    document.save()
    requests.close_for(document.item_key)
    _shared.touched(document, reason=reason)
    _shared.history(document, person, "classified", before, "内部", reason)


@deed("documents:object_standing", subject="document")
def object_standing(person: Person, document: Document, reason: str) -> None:
    """异议: within its working days the classifier takes a paper out of its series; it is 拟密 until it is decided by itself."""
    document = Document.objects.select_related("department").get(pk=document.pk)
    if not by_series.answers_for(person, document):
        raise Refused(Decision.refuse("classifier_objects", "K1.0", "由主管该部门的定密责任人提出异议"), "未退回")
    if not by_series.is_by_series(document) or clock.today() > by_series.last_day(document):
        raise Refused(Decision.refuse("objection_over", "K1.0", "此件不是系列定密,或异议期已过"), "未退回")
    if not reason.strip():
        raise Refused(Decision.refuse("reason_required", "K1.0", "请写明理由"), "未退回")
    document.proposed, document.state, document.decider, document.decider_rank = True, State.PROPOSED, None, 0
    document.save()
    _shared.touched(document, reason=reason)
    _shared.history(document, person, "returned", _shared.mark(document), "", reason)
    duties.remind(document.drafter_id, "returned", document.item_key)


@deed("documents:stand")
def stand(
    person: Person, line: str, department: Department, level: int, term_kind: str, term_value: int, since: date
) -> StandingDecision:
    """系列定密: the GM fixes level and term for a line of a department; in force from `since`, tomorrow at the earliest (S7)."""
    insist(classification.may_change_catalogue(person.posts()), "系列定密未生效")
    if level >= Level.TOP_SECRET:
        raise Refused(Decision.refuse("never_top_secret", "K2.1", "最高密级的文件逐件审定,不作系列定密"), "系列定密未生效")
    before = StandingDecision.objects.filter(line=line, department=department).order_by("-version").first()
    deeds.note(line=line, level=level)
    return StandingDecision.objects.create(
        line=line, version=before.version + 1 if before else 1, department=department, level=level, term_kind=term_kind,
        term_value=term_value, since=max(since, clock.today() + timedelta(days=1)), decided_by=person,
    )  # fmt: skip
