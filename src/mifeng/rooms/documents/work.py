"""What the room does for others: summaries for approvers, its jobs, the daily look at terms."""

from datetime import date, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mifeng.base import clock, deeds, jobs, language, vault
from mifeng.base.fields import new_uid
from mifeng.base.models import Job
from mifeng.base.uploads import Spooled
from mifeng.clauses import catalogue
from mifeng.engines import intake
from mifeng.engines.access import Term
from mifeng.rooms.approvals import queries as approvals
from mifeng.rooms.approvals.facts import DESTINATION_WORDS, Sight, Wanted, pages_word
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.documents import actions, files, queries
from mifeng.rooms.documents.actions import _shared
from mifeng.rooms.documents.facts import HARM_WORDS, ScopeLine, State
from mifeng.rooms.documents.models import WAITING, Document, DocumentFile, Freeze, PageText, SchemeSwitch, Upload
from mifeng.rooms.documents.rules import terms
from mifeng.rooms.people import queries as people
from mifeng.rooms.people.models import Person


def summary(person: Person, approval: Approval) -> dict[str, Any]:
    """谁 要做 为何 多久 风险, as this person may know the item: the title only to whoever may see it.

    `opens`: the pages of the item that he may look at, in words, "" for none; `pages`: where.
    """
    document = queries.of_key(approval.item_key)
    told, known, seen = approval.payload_data, may_know(person, document), approvals.sight(person, approval)
    # Who decides without knowing sees the title of the paper; who has left its scope, only what he asked for himself.
    now = known or seen is not Sight.NOTHING
    named = known or (now and queries.could_know(person, document, by_leave=True))
    opens = _opens(approval, document, known, seen) if named else ""
    return {
        "document": document if known else None,
        "title": document.title if named else ((now and document.number) or approval.number),
        "what": _what(approval, told, document if now else None),
        "who": approval.applicant.called,
        "why": approval.purpose if named else "",
        "how_long": _how_long(approval, told) or _term(told, document if now else None),
        "who_small": approval.department.name, "proposed": now and document.proposed,
        "ends": _ends(approval, document, told) if now else "",
        "risk": _("泄露损害：%(harm)s") % {"harm": _(HARM_WORDS.get(told.get("harm") or (now and document.harm), "—"))},
        "risk_score": RISKS.get(approval.level, 1),
        "reason": told.get("reason", "") if known else "",
        "facts": _facts(document, told) if known else [],
        "pages": f"/read/{document.uid}/" if opens else "", "opens": opens,
    }


def _ends(approval: Approval, document: Document, told: dict[str, Any]) -> str:
    """The last day; of what has none, why the general manager alone decides it (P4.1)."""
    asks = approval.matter == "documents:classify" or told.get("kind") == "keep"
    if asks and terms.needs_gm(document.term_kind):
        return _("长期须总经理审定，每年复核；不宜长期的，退回改拟期限")
    return _("至 %(day)s") % {"day": document.expires_on.isoformat()} if document.expires_on else ""


def _opens(approval: Approval, document: Document, known: bool, seen: Sight) -> str:
    """Which pages he may look at, in words: all of an item that he may know, else those of what he judges."""
    if not document.files.filter(state="ready").exists():
        return ""
    pages = None if known else approvals.pages_opened(approval, seen)
    if pages is None:
        return _("全文")
    return _("只限第 %(pages)s 页") % {"pages": pages_word(pages)} if pages else ""


Effect = partial[Any]

DAY = 86400
PORTION = 4  # scanned pages that are read before other work has its turn
CONVERTING = timedelta(minutes=6)  # more than the sandbox lets rendering, fonts and reading take together
# The risk bar of an approval: one to five, by the level at stake.
RISKS = {30: 5, 20: 4, 10: 2, 5: 1}


def _facts(document: Document, told: dict[str, Any]) -> list[dict[str, Any]]:
    line = catalogue.line(told.get("line") or document.line)
    facts = [
        {"label": _("拟定标志"), "value": _shared.mark(document)},
        {"label": _("责任"), "value": f"{document.department.name} {document.owner.name}"},
        {"label": _("知悉范围"), "value": told.get("scope") or _shared.scope_words(_shared.scope_lines(document)), "wide": True},
    ]  # fmt: skip
    if line:
        facts.append({"label": _("一览表条目"), "value": _(line.title), "clause": line.basis or document.category, "wide": True})
    return facts


def _term(told: dict[str, Any], document: Document | None) -> str:
    """The term asked for, else the item's own, for whoever may see it (None = he may not)."""
    asked = told.get("term")
    if not isinstance(asked, dict):
        return language.term(document.term()) if document else str(asked or "")
    on = date.fromisoformat(asked["on"]) if asked["on"] else None
    return language.term(Term(asked["kind"], value=asked["value"], on=on, event=asked["event"]))


def _what(approval: Approval, told: dict[str, Any], document: Document | None) -> str:
    if approval.matter == "documents:classify":
        return _("定为%(level)s %(term)s") % {"level": language.level(told["level"]), "term": _term(told, document)}
    if approval.matter == "documents:widen_scope":
        return _("让%(names)s知悉") % {"names": language.listed(_line(line) for line in told["lines"])}
    if "kind" not in told:
        return _carried(approval.granted_now)
    words = {
        "downgrade": _("降为%(level)s"), "upgrade": _("升为%(level)s"), "release": _("提前解密"), "extend": _("延长保密期限"),
        "keep": _("长期事项年度复核：继续长期"), "limit": _("长期事项年度复核：改定期限"),
    }[told["kind"]]  # fmt: skip
    return words % {"level": language.level(told["level"])} if told["kind"] in ("downgrade", "upgrade") else words


def _carried(wanted: Wanted) -> str:
    """What is asked for of a paper that is copied, lent or taken out: copies, pages, to whom, where to."""
    parts = [
        ngettext("%(n)s 份", "%(n)s 份", wanted.copies) % {"n": wanted.copies} if wanted.copies else "",
        _("第 %(pages)s 页") % {"pages": pages_word(wanted.pages)} if wanted.pages else "",
        _("交 %(who)s") % {"who": wanted.recipient} if wanted.recipient else "",
        _(DESTINATION_WORDS[wanted.destination]) if wanted.destination else "", wanted.place,
    ]  # fmt: skip
    return " · ".join(part for part in parts if part)


def _how_long(approval: Approval, told: dict[str, Any]) -> str:
    """Until when the persons would know, for a wider scope; "" otherwise: the item's own term."""
    if approval.matter != "documents:widen_scope":
        return ""
    return _("知悉至 %(day)s") % {"day": max(line[3] for line in told["lines"])}


def _line(line: list[str]) -> str:
    kind, key, _for_what, _until = line
    return _shared.line_said(ScopeLine(kind, key))


def handlers(approval: Approval) -> frozenset[int] | None:
    """Of a sealed item or one in sole custody only these may know, so only these may judge; None = no such limit."""
    document = queries.of_key(approval.item_key)
    # Asked for every item: one statement more for a sealed one would tell it from others (P0.3).
    handlers_of = frozenset(document.handlers.values_list("person_id", flat=True))
    if document.sealed:
        return handlers_of
    return frozenset({document.excl_id}) if document.excl_id else None


def take_in(person: Person, file: Spooled) -> Upload:
    """Check and seal one uploaded file, then record its arrival; the spooled bytes are forgotten."""
    uid = new_uid()
    try:
        if (file.size or 0) > queries.upload_left(person):
            received = files.too_much(file.raw_name, file.size or 0)
        else:
            received = files.receive(file.data(), file.raw_name, uid, people.is_demo())
    finally:
        file.drop()
    return actions.receive_file(person, uid, received)


def now_knows(document: Document, person: Person, way: str) -> None:
    """Enter somebody among those who know the item, in a deed of a higher room: `viewed` or `approval`."""
    _shared.knows(document, person, way)


def may_know(person: Person, document: Document) -> bool:
    """The item may be known to this person: in scope, judging, or handled by appointment."""
    return queries.known_by(person).filter(pk=document.pk).exists()


def is_asked(document: Document) -> bool:
    """A request on this item is under way."""
    return Approval.objects.filter(item_key=document.item_key, state="asked").exists()


def convert(job: Job) -> Effect | None:
    """Render and read one file; the effect is the deed documents:file_converted, done for whoever brought the file.

    Each try seals objects of its own; those of a try that came to nothing no row names, and `sweep` takes them.
    """
    file = DocumentFile.objects.select_related("document", "added_by").filter(uid=job.subject).first()
    if file is None or file.state not in WAITING:
        return None
    jobs.step(job, "converting")
    result = files.convert(
        file.original, file.vault_doc, file.version, file.kind, file.scan, file.document.compartment
    )
    return partial(actions.file_converted, file.added_by, file.document, file, result)


def recognise(job: Job) -> Effect | None:
    """Read the next scanned pages of a file by their looks; the effect is the deed documents:pages_recognised.

    A few at a time: files that came meanwhile are converted in between. Without a recogniser the pages stay as they are,
    until `recognise_late` finds that there is one.
    """
    file = DocumentFile.objects.select_related("document", "added_by").filter(uid=job.subject, state="ready").first()
    pages = list(file.page_texts.filter(state="waiting").order_by("page").values_list("page", flat=True)[:PORTION]) if file else []
    if file is None or not pages or not intake.can_recognise():
        return None
    read = files.recognise(file, pages, file.document.compartment, lambda: jobs.step(job, "recognising"))
    return partial(actions.pages_recognised, file.added_by, file.document, file, read)


def recognise_late(_at: Any = None) -> int:
    """Once a day: scanned pages that nobody could read when they came, now that there is a recogniser; how many files."""
    if not intake.can_recognise():
        return 0
    waiting = DocumentFile.objects.filter(state="ready", page_texts__state="waiting", document__live=True).distinct()
    return jobs.each(waiting.select_related("added_by"), _recognise_now)


def _recognise_now(file: DocumentFile) -> bool:
    key = f"recognise:{file.uid}:{clock.today().isoformat()}"
    with deeds.turn(), transaction.atomic():
        jobs.enqueue("documents:recognise", file.uid, file.added_by_id, dedupe=key)
    return True


def thaw(job: Job) -> Effect | None:
    """The hours of a freeze are over: it ends unless it was confirmed (M7.1)."""
    row = Freeze.objects.select_related("document", "by").filter(uid=job.subject, ended_at=None).first()
    return partial(actions.thaw, row.by, row.document) if row else None


def rewrap(job: Job) -> Effect | None:
    """Move the keys of an item and its files to the compartment of its level and department at that moment."""
    document = Document.objects.select_related("owner").filter(uid=job.subject).first()
    return partial(actions.rewrapped, document.owner, document) if document else None


def map_levels(job: Job) -> Effect | None:
    """The next portion of items is taken over into the scheme that was decided, in the name of the GM who signed (K1.0)."""
    switch = SchemeSwitch.objects.select_related("decided_by").filter(uid=job.subject, decision="approved", since=None).first()
    return partial(actions.map_levels, switch.decided_by, switch) if switch else None


def drop_uploads(_at: Any = None) -> int:
    """Once a day: uploads that nobody registered within a day; returns how many went."""
    old = Upload.objects.filter(at__lt=clock.now() - timedelta(days=1)).exclude(state="attached").select_related("person")
    return jobs.each(old, lambda upload: actions.drop_upload(upload.person, upload) is None)


def sweep(_at: Any = None) -> int:
    """Once a day: objects and keys that no row names; returns how many objects went."""
    named = [v for row in DocumentFile.objects.values_list("original", "rendition", "text") for v in row if v]
    named += PageText.objects.exclude(words="").values_list("words", flat=True)
    named += Upload.objects.exclude(original="").values_list("original", flat=True)
    known = [bytes.fromhex(name) for name in named]
    documents = [bytes.fromhex(uid) for uid in Document.objects.values_list("uid", flat=True)]
    found = vault.opened().orphans(known, older_than=DAY, known_documents=documents)
    swept = vault.opened().sweep(found, older_than=DAY)
    return swept.blobs


def expire_all(_at: Any = None) -> int:
    """Once a day: items whose last day is over become 到期待审; returns how many."""
    live = Document.objects.filter(state=State.VALID, live=True).exclude(expires_on=None).select_related("owner")
    return jobs.each(live, lambda document: _over(document) and actions.expire(document.owner, document))


def _over(document: Document) -> bool:
    return (document.days_left() or 0) < 0
