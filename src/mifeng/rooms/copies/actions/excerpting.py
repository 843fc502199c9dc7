"""Deeds of excerpting (M2.1): asked for, made by the person whom the approval names, as an item of its own."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_noop

from mifeng.base import clock, deeds
from mifeng.base.deeds import deed
from mifeng.base.refusals import Refused, insist
from mifeng.engines.access import Decision
from mifeng.rooms.approvals import grants, requests
from mifeng.rooms.approvals.facts import Wanted, pages_word
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.copies import granted, queries
from mifeng.rooms.copies.models import Excerpt
from mifeng.rooms.copies.rules import making
from mifeng.rooms.documents import deriving
from mifeng.rooms.documents import queries as documents
from mifeng.rooms.documents.actions import _shared
from mifeng.rooms.documents.deriving import Derived
from mifeng.rooms.documents.models import Document, Upload
from mifeng.rooms.people.models import Person, Session

SERIES = "摘密"
NOT_ASKED, NOT_MADE = gettext_noop("未送审"), gettext_noop("未摘录")


@dataclass(frozen=True)
class Passage:
    """What is asked for: pages and the passage in words, who takes it, for which paper, who may know it, at which level."""

    pages: frozenset[int]
    passage: str
    excerpter: Person
    purpose: str
    target: str
    knowers: Sequence[Person]
    level: int


@deed("copies:ask_excerpt", subject="document")
def ask_excerpt(person: Person, document: Document, session: Session | None, told: Passage) -> Approval:
    """申请摘抄: choosing the passage is the application; the approver sees exactly its pages (M2.1)."""
    insist(documents.decided(documents.viewer(person, session), document, granted.ASKING["excerpt"]), NOT_ASKED)
    if not told.passage.strip() or not told.purpose.strip() or told.excerpter == person:
        raise Refused(Decision.refuse("excerpt_form", "M2.1", "须写明段落、用途和摘录人,摘录人不得是申请人"), NOT_ASKED)
    insist(making.pages_inside(told.pages, range(1, queries.pages_of(document) + 1)), NOT_ASKED)
    _insist_inside(document, [*told.knowers, told.excerpter], NOT_ASKED)
    payload: dict[str, Any] = {
        "passage": told.passage.strip(), "target": told.target.strip(), "knowers": [one.uid for one in told.knowers], "level": told.level,
        "version": queries.version_of(document),
    }  # fmt: skip
    return requests.ask(
        matter=granted.MATTERS["excerpt"], item_key=document.item_key, level=document.level, applicant=person,
        department=document.department, purpose=told.purpose, payload=payload, number="",
        wanted=Wanted(pages=told.pages, recipient=told.excerpter.name, people=(told.excerpter.pk,)),
        concerned=[row.person for row in document.concerned.all()],
    )  # fmt: skip


def _insist_inside(document: Document, people: Sequence[Person], not_done: str) -> None:
    if document.sealed or document.excl_id is not None:
        raise Refused(Decision.refuse("closed_item", "H2", "禁言或专人保管的件不得摘抄"), not_done)
    if not deriving.reaches_no_further(document, people):
        raise Refused(Decision.refuse("scope_of_source", "P1.1", "摘录人和知悉摘录件的人须在来源文件的知悉范围内"), not_done)


@deed("copies:make_excerpt", subject="")
def make_excerpt(
    person: Person, session: Session | None, approval: Approval, pages: frozenset[int], title: str, text: str, upload: Upload,
    notebook: str = "",
) -> Excerpt:  # fmt: skip
    """摘录: the named person takes approved pages and no other; the text becomes an item of its own, at once controlled.

    `upload`: the text as a file of this person, checked and sealed before. Raises Refused: another page, another person.
    """
    approval = Approval.objects.select_related("applicant").get(pk=approval.pk)
    source, grant = documents.of_key(approval.item_key), granted.live_grant(approval)
    deeds.note(obj=source.item_key)
    granted.insist_may(person, session, source, approval, live=grant is not None, not_done=NOT_MADE)
    if grant is None or person.pk not in approval.granted_now.people:
        raise Refused(Decision.refuse("named_excerpter", "M2.1", "只能由批准时指明的摘录人摘录"), NOT_MADE)
    if not title.strip() or not text.strip():
        raise Refused(Decision.refuse("excerpt_empty", "M2.1", "须写明摘录件的标题和摘录的文字"), NOT_MADE)
    insist(making.pages_inside(pages, grant.facts().pages), NOT_MADE)
    insist(making.as_judged(approval.payload_data["version"], queries.version_of(source)), NOT_MADE)
    grants.spend(person, grant, act="excerpt", item_key=approval.item_key, pages=pages, not_done=NOT_MADE)
    made = _made(person, approval, source, pages, title, text, upload, notebook)
    grants.register(approval, made.number)
    grants.close(approval)
    deeds.note(counts={"pages": len(pages)}, register=made.number, made=made.made.item_key)
    return made


def _made(
    person: Person, approval: Approval, source: Document, pages: frozenset[int], title: str, text: str, upload: Upload, notebook: str
) -> Excerpt:  # fmt: skip
    told, approver = approval.payload_data, granted.approver_of(approval)
    assert approver is not None  # an approval that has a grant was signed
    knowers = [Person.objects.get(uid=uid) for uid in told["knowers"]]
    _insist_inside(source, knowers, NOT_MADE)
    number = _shared.register_number(SERIES, source)
    derived = Derived(title, approval.applicant, max(told["level"], source.level), knowers, upload, number)
    return Excerpt.objects.create(
        document=source, made=deriving.derive(person, source, derived), approval_uid=approval.uid, number=number,
        pages=pages_word(pages), level=source.level, applicant=approval.applicant, approver=approver, executor=person,
        made_at=clock.now(), passage=told["passage"], fingerprint=hashlib.sha256(text.encode()).hexdigest(),
        purpose=approval.purpose, target=told["target"], notebook=notebook.strip(),
    )  # fmt: skip
