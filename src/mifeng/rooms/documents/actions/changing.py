"""Deeds on an item's life after classification: changes of level and term, expiry, release, embargo, corrections."""

from datetime import date
from typing import Any

from mifeng.base import clock, vault
from mifeng.base.deeds import deed
from mifeng.base.refusals import Refused, insist
from mifeng.clauses import schemes
from mifeng.engines.access import Decision, Level, Term
from mifeng.rooms.approvals import requests
from mifeng.rooms.documents import queries
from mifeng.rooms.documents.actions import _shared
from mifeng.rooms.documents.facts import STATE_WORDS, ScopeLine, State, TermFacts
from mifeng.rooms.documents.models import Concerned, Document, Handler, TermReview
from mifeng.rooms.documents.rules import classification, terms
from mifeng.rooms.people.models import Person

# What F09 may ask for -> the act of the matrix.
KINDS = {
    "downgrade": "documents:downgrade", "release": "documents:downgrade", "upgrade": "documents:upgrade",
    "extend": "documents:extend", "keep": "documents:extend", "limit": "documents:extend",
}  # fmt: skip


REVIEWED = frozenset({"keep", "limit"})  # what the yearly review of 长期 may ask for besides a release


@deed("documents:ask_change", subject="document")
def ask_change(
    person: Person, document: Document, kind: str, *, level: int | None = None, term: TermFacts | None = None, reason: str
) -> Any:
    """F09: downgrade, release early, upgrade, extend; of 长期, keep for another year or limit. What is in force stays
    until it is decided.
    """
    no_term = kind == "extend" and document.level < Level.CONFIDENTIAL
    if kind not in KINDS or not reason.strip() or document.proposed or not document.live or no_term:
        raise Refused(Decision.refuse("change_form", "P4.3", "须写明变更类型和理由,且此件已定密、在用"), "未送审")
    _check_change(document, kind, level, term)
    number = _shared.register_number("变密", document)
    payload = {"kind": kind, "level": level, "term": _plain(term), "reason": reason}
    at_level = level if kind == "upgrade" and level else document.level
    lasting = kind == "keep" and terms.needs_gm(document.term_kind)
    return requests.ask(
        matter=KINDS[kind], item_key=document.item_key, level=at_level, applicant=person, department=document.department,
        purpose=reason, payload=payload, number=number, concerned=[row.person for row in document.concerned.all()],
        alone="gm" if lasting else "",
    )  # fmt: skip


def _check_change(document: Document, kind: str, level: int | None, term: TermFacts | None) -> None:
    facts = _shared.facts_of(document)
    if kind == "extend":
        start = document.term_start or clock.today()
        ends = Term(term.kind, value=term.value, on=term.on).ends_on(start) if term else None
        insist(terms.may_extend(facts, ends, start, clock.today()), "未送审")
    elif kind in REVIEWED:
        insist(terms.may_review(document.term_kind, document.state), "未送审")
        if kind == "limit":
            insist(terms.may_limit(document.level, term or TermFacts(), clock.today()), "未送审")
    elif kind != "release":
        insist(classification.is_a_level(level if level is not None else -1, schemes.in_force().ranks), "未送审")
        insist(_right_way(document, kind, level), "未送审")


def _right_way(document: Document, kind: str, level: int | None) -> Decision:
    """Also when it is decided: another request may have moved the item in the meantime."""
    if level is not None and (level < document.level if kind == "downgrade" else level > document.level):
        return Decision.permit("right_way", "P4.3")
    return Decision.refuse("wrong_way", "P4.3", "降密须低于、升密须高于现密级")


def _plain(term: TermFacts | None) -> dict[str, Any] | None:
    return None if term is None else {
        "kind": term.kind, "value": term.value, "on": term.on.isoformat() if term.on else None, "event": term.event
    }  # fmt: skip


def _told_term(told: dict[str, Any]) -> TermFacts:
    on = date.fromisoformat(told["on"]) if told["on"] else None
    return TermFacts(told["kind"], told["value"], on, told["event"])


def changed(approval: Any, decider: Person) -> None:
    """What the approval of a change does. Inside its deed: copies, scope and history follow in the same transaction."""
    document = queries.of_key(approval.item_key)
    told, before = approval.payload_data, _shared.mark(document)
    if told["kind"] in ("downgrade", "upgrade"):
        insist(_right_way(document, told["kind"], told["level"]), "未批准")
    if told["kind"] == "extend":
        _shared.put_term(document, _told_term(told["term"]), document.term_start)
    elif told["kind"] in REVIEWED:
        _review(document, told, approval, decider)
    elif told["kind"] == "release" or told["level"] < Level.CONFIDENTIAL:
        _release(document)  # a downgrade to 内部 is nothing else
    else:
        _move(document, told["level"])
    document.struck_mark = document.struck_mark if told["kind"] == "keep" else before
    document.decider = decider
    document.decider_rank = max(document.decider_rank, _shared.rank(decider))
    document.save()
    what = {"extend": "term", "limit": "term", "keep": "reviewed", "release": "released"}.get(told["kind"], "level")
    _shared.history(
        document, decider, what, before, _shared.mark(document), told["reason"], number=approval.number,
        approval_uid=approval.uid,
    )  # fmt: skip
    _shared.knows(document, decider, "approval")


def _review(document: Document, told: dict[str, Any], approval: Any, decider: Person) -> None:
    """年度复核: 长期 stays for another year by the GM alone, or gets a term that begins today (P4.1)."""
    insist(terms.may_review(document.term_kind, document.state), "未批准")
    if told["kind"] == "keep":
        insist(terms.may_keep(_shared.signs_for(approval, decider)), "未批准")
    else:
        insist(terms.may_limit(document.level, _told_term(told["term"]), clock.today()), "未批准")
        _shared.put_term(document, _told_term(told["term"]), clock.today())
    TermReview.objects.create(
        document=document, person=decider, on=clock.today(), outcome=told["kind"], approval_uid=approval.uid
    )


def kept(approval: Any, decider: Person) -> None:
    """A returned change: the classification stays as it is."""


def _move(document: Document, level: int) -> None:
    """Another level; its harm moves with it (K1.1-K1.3), its keys to the level's compartment once this is committed."""
    document.marked_from_level, document.level = document.level, level
    _shared.rewrap_later(document)
    document.harm = next(harm for harm, of in classification.HARM_LEVEL.items() if of == level)


def _release(document: Document) -> None:
    """To 内部, never to 公开: readable by the owning department and whoever knew, marked 解密."""
    document.marked_from_level, document.level = document.level, Level.INTERNAL
    document.state, document.declassified_on, document.expires_on = State.DECLASSIFIED, clock.today(), None
    _shared.rewrap_later(document)


@deed("documents:rewrapped", subject="document")
def rewrapped(person: Person, document: Document) -> None:
    """Move the keys of an item and its files to the compartment of its level and department, which is bound into each.

    Inside the transaction: whoever lost its lease has moved nothing. What dies in between moves nothing the second time.
    """
    document = Document.objects.select_related("department").get(pk=document.pk)
    compartment = _shared.compartment(document.level, document.department)
    for doc_id in sorted({document.uid, *document.files.values_list("vault_doc", flat=True)}):
        vault.opened().rewrap_document(bytes.fromhex(doc_id), compartment)
    if document.compartment != compartment:
        document.compartment = compartment
        document.save()


@deed("documents:expire", subject="document")
def expire(person: Person | None, document: Document) -> bool:
    """The day after the last day: 到期待审, protection unchanged, the owner is told, the classifier by the ladder. True if changed."""
    document = Document.objects.get(pk=document.pk)  # as it stands now, not when the round began
    if document.state != State.VALID or not document.live:
        return False
    if not terms.is_over(_shared.facts_of(document), clock.today()):
        return False
    document.state = State.EXPIRED_REVIEW
    document.save()
    _shared.tell(document, [document.owner_id], "term", "expired")
    _shared.history(document, document.owner, "term", _shared.mark(document), "到期待审")
    return True


@deed("documents:declassify", subject="document")
def declassify(person: Person, document: Document, reason: str) -> None:
    """解密 at the end of the term, by a classifier not below the first decider: to 内部, never to 公开."""
    if document.state != State.EXPIRED_REVIEW:
        raise Refused(Decision.refuse("not_expired", "P4.1", "期限未满的,按提前解密报批"), "未解密")
    if "classifier" not in person.posts():
        raise Refused(Decision.refuse("classifier_releases", "P4.1", "解密由定密责任人审定"), "未解密")
    insist(terms.may_release(_shared.facts_of(document), _shared.rank(person)), "未解密")
    before = _shared.mark(document)
    _release(document)
    document.struck_mark = before
    document.save()
    number = _shared.register_number("变密", document)
    _shared.touched(document, reason=reason)
    _shared.history(document, person, "released", before, _shared.mark(document), reason, number=number)


@deed("documents:open_embargo", subject="document")
def open_embargo(person: Person, document: Document, handlers: tuple[Person, ...], concerned: tuple[Person, ...]) -> None:
    """禁言: only the handlers from now on; the persons concerned are shut out above every role (H2, A2)."""
    if not person.posts() & {"hr", "gm"} or (person.pk != document.owner_id and "gm" not in person.posts()):
        raise Refused(Decision.refuse("owner_embargoes", "H2", "由人事经办人或总经理设定禁言"), "未设定")
    document.sealed = True
    document.save()
    for handler in handlers:
        Handler.objects.get_or_create(document=document, person=handler)
        _shared.knows(document, handler, "handled", person)
    for someone in concerned:
        Concerned.objects.get_or_create(document=document, person=someone)
    requests.resettle_for(document.item_key)
    _shared.touched(document)


@deed("documents:withdraw_sealed", subject="document")
def withdraw_sealed(person: Person, document: Document, reason: str) -> None:
    """撤回: the publication is cancelled; the embargo stays, and so does everybody's silence (H2)."""
    if "gm" not in person.posts() or not document.sealed or not reason.strip():
        raise Refused(Decision.refuse("gm_withdraws", "H2", "撤回由总经理决定,并写明理由"), "未撤回")
    before = document.state
    document.state = State.WITHDRAWN
    document.save()
    _shared.touched(document, reason=reason)
    _shared.history(document, person, "withdrawn", STATE_WORDS[before], STATE_WORDS[State.WITHDRAWN], reason)


@deed("documents:end_embargo", subject="document")
def end_embargo(person: Person, document: Document, signed_text: bool) -> None:
    """成文发布: the embargo ends at that moment and all staff can read it (H2, P4.1); decided by the GM."""
    if "gm" not in person.posts() or not signed_text or not document.sealed:
        raise Refused(Decision.refuse("gm_publishes", "H2", "成文发布须总经理批准并附签发文本"), "未发布")
    before = _shared.mark(document)
    document.sealed = False
    _release(document)
    _shared.put_scope(document, [ScopeLine("all", "", "成文发布")], person)
    document.struck_mark = before
    document.save()
    _shared.history(document, person, "released", before, _shared.mark(document), "成文发布")


@deed("documents:correct", subject="document")
def correct(person: Person, document: Document, *, title: str = "", pages: int | None = None, remark: str = "", reason: str) -> None:
    """更正: a new entry that shows old and new; the old one stays readable (G4.4)."""
    if person.pk not in (document.owner_id, document.registered_by_id) or not reason.strip():
        raise Refused(Decision.refuse("registrar_corrects", "G4.4", "由登记人或责任人更正,并写明理由"), "未更正")
    before = f"{document.title} · {document.pages}页"
    document.title, document.remark = title.strip() or document.title, remark or document.remark
    document.pages = document.pages if pages is None else pages
    document.save()
    _shared.touched(document, before=before)
    first = document.changes.filter(what="registered").first()
    _shared.history(document, person, "corrected", before, f"{document.title} · {document.pages}页", reason, corrects=first)
