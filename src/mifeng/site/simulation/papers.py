"""The life of papers: registered, decided, changed, released, widened."""

from datetime import date, timedelta
from typing import Any

from mifeng.base import clock, vault
from mifeng.rooms.approvals import actions as approvals
from mifeng.rooms.approvals import queries as approval_queries
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.documents import actions as documents
from mifeng.rooms.documents import files
from mifeng.rooms.documents.actions.registering import NewDocument
from mifeng.rooms.documents.facts import Proposed, ScopeLine, TermFacts
from mifeng.rooms.documents.models import Document, DocumentFile
from mifeng.rooms.people.models import Person
from mifeng.site.simulation import might
from mifeng.site.simulation.office import Office

HARM = {30: "exceptional", 20: "grave", 10: "harm", 5: "none"}
LEVELS, SHARES = (5, 10, 20, 30), (22, 38, 32, 8)
CAPS = {30: 30, 20: 20, 10: 10}
PAGES = b"%PDF-1.4 a page of the simulation"


def register(office: Office) -> None:
    """A paper is registered by its drafter, at a level he is cleared for, to a scope as its level allows."""
    owner = office.anybody()
    level = office.chance.choices(LEVELS, SHARES)[0]
    level = min(level, owner.clearance) if office.often(90) else level
    if level == 0:
        level = 5
    sealed = level >= 10 and office.often(4)
    wrong = office.is_(owner, "careless") and office.often(25)
    uploads = (_uploaded(office, owner),) if office.often(55) else ()
    new = NewDocument(
        title=f"{office.words['paper']}{office.size}", department=owner.department, owner=owner,
        proposed=_proposed(office, owner, level, wrong), issued_on=office.today - timedelta(days=office.chance.randrange(5)),
        uploads=uploads, urgent=office.often(10),
        handlers=_handlers(office) if sealed else (),
        concerned=(office.anybody(but=(owner.pk,)),) if sealed else (),
    )  # fmt: skip
    ended = office.do(documents.register, owner, new)
    if ended.allowed:
        _count_term(office, ended.result)
        if uploads:
            _convert(office, ended.result)


def _handlers(office: Office) -> tuple[Person, ...]:
    """Who handles an item under embargo: mostly somebody among them who can decide on it."""
    gm = office.holder("gm") if office.often(80) else None
    return tuple(one for one in (office.anybody(), gm or office.anybody()))


def _uploaded(office: Office, owner: Person) -> Any:
    """The simulation's own file: sealed in the vault as any upload, inspected by nobody."""
    uid = f"{office.chance.getrandbits(128):032x}"
    made = vault.opened().prepare(
        PAGES, kind=files.ORIGINAL, doc_id=bytes.fromhex(uid), version=1, part=0, compartment=files.COMPARTMENT
    )
    received = files.Received("a.pdf", len(PAGES), "PDF", made.object_id.hex())
    return office.do(documents.receive_file, owner, uid, received).result


def _proposed(office: Office, owner: Person, level: int, wrong: bool) -> Proposed:
    category = office.chance.choice(("S2", "S2", "S3", "S6", "S8" if wrong else "S5"))
    return Proposed(
        level=level, category=category, harm=HARM[level if not wrong else 10], interest=office.words["interest"],
        reason=office.words["reason"], term=_term(office, level, wrong), scope=_scope(office, owner, level, wrong),
    )  # fmt: skip


def _term(office: Office, level: int, wrong: bool) -> TermFacts:
    if level < 10:
        return TermFacts()
    kind = office.chance.choice(("months", "months", "years", "date", "event", "indefinite"))
    if kind == "years":
        return TermFacts(kind, office.chance.randrange(1, CAPS[level] + (5 if wrong else 1)))
    if kind == "months":
        return TermFacts(kind, office.chance.randrange(1, 20))
    if kind == "date":
        return TermFacts(kind, on=office.today + timedelta(days=office.chance.randrange(5, 400)))
    return TermFacts(kind, event=office.words["case"] if kind == "event" else "")


def _scope(office: Office, owner: Person, level: int, wrong: bool) -> tuple[ScopeLine, ...]:
    named = [owner, *(office.anybody() for _n in range(office.chance.randrange(1, 7)))]
    persons = [ScopeLine("person", person.uid) for person in named]
    if wrong and office.often(50):
        return (ScopeLine("all", ""),)
    if level == 5 and office.often(60):
        return (ScopeLine("all", ""),)
    if level <= 10 and office.often(50):
        persons.append(ScopeLine("department", owner.department.code))
    if level <= 20 and office.often(30):
        persons.append(ScopeLine("post", office.chance.choice(("gm+deputy_gm", "dept_head", "legal", "hr"))))
    return tuple(dict.fromkeys(persons))


def _convert(office: Office, document: Document) -> None:
    """The converter's part, done by the simulation: two pages of nothing, sealed in the vault."""
    for file in DocumentFile.objects.filter(document=document, state="waiting"):
        doc_id = bytes.fromhex(file.vault_doc)
        vault.opened().rewrap_document(doc_id, document.compartment)
        made = vault.opened().prepare(
            PAGES, kind=files.RENDITION, doc_id=doc_id, version=file.version, part=0, compartment=document.compartment
        )
        office.do(documents.file_converted, file.added_by, document, file, files.Converted(made.object_id.hex(), "", 2))


def _count_term(office: Office, document: Document) -> None:
    """The last day as the simulation counts it from what the row says was asked for."""
    office.lasts[document.pk] = last_day(document)


def last_day(document: Document) -> date | None:
    """The last day of a term, counted once more; None without one."""
    start = document.term_start
    if document.term_kind == "date":
        return document.term_on
    if document.term_kind in ("years", "months") and start:
        return might.months_later(start, document.term_value * (12 if document.term_kind == "years" else 1))
    return None


def decide(office: Office) -> None:
    """Somebody who may decides the oldest request but few: mostly yes, sometimes back with a reason, sometimes late."""
    waiting = list(Approval.objects.filter(state="asked").order_by("asked_at", "pk")[:8])
    if not waiting:
        return
    approval = office.chance.choice(waiting)
    with clock.played(office.at):
        found = approval_queries.candidates(approval)
    if not found:
        return
    person = office.chance.choice(found)
    if office.is_(person, "careless") and office.often(40):
        return  # he forgets
    if office.often(30):
        office.do(approvals.open_request, person, approval.uid)
    if office.often(10):
        office.do(approvals.send_back, person, approval, office.words["back"] if office.often(90) else "")
        return
    office.do(approvals.approve, person, approval, office.words["note"])
    document = _of(approval)
    if document and office.lasts.get(document.pk) != last_day(document):
        _count_term(office, document)


def _of(approval: Approval) -> Document | None:
    return Document.objects.filter(uid=approval.item_key.removeprefix("documents:")).first()


def propose_again(office: Office) -> None:
    """A returned proposal is sent once more, or decided to be no secret."""
    document = office.paper(proposed=True)
    if document is None:
        return
    if office.often(20):
        classifier = office.holder("classifier")
        if classifier:
            office.do(documents.classify, classifier, document, office.words["reason"])
        return
    ended = office.do(documents.propose, document.owner, document, _proposed(office, document.owner, max(document.level, 10), False))
    if ended.allowed:
        document.refresh_from_db()
        _count_term(office, document)


def change(office: Office) -> None:
    """F09: downgrade, upgrade, release or extend a paper in force."""
    document = office.paper(proposed=False, level__gte=10, live=True)
    if document is None:
        return
    kind = office.chance.choice(("downgrade", "upgrade", "release", "extend", "extend"))
    told: dict[str, Any] = {"reason": office.words["reason"]}
    if kind in ("downgrade", "upgrade"):
        told["level"] = office.chance.choice((5, 10, 20, 30))
    if kind == "extend":
        longer = document.term_value + office.chance.randrange(1, 12)
        told["term"] = TermFacts("months", longer) if document.term_kind == "months" else TermFacts("years", 3)
    office.do(documents.ask_change, document.owner if office.often(90) else office.anybody(), document, kind, **told)


def release(office: Office) -> None:
    """A classifier decides on a paper whose term is over."""
    document = office.paper(state="expired_review")
    person = office.holder("classifier")
    if document and person:
        office.do(documents.declassify, person, document, office.words["reason"])


def widen(office: Office) -> None:
    """Somebody asks that another may know until a day; or the owner takes a line out, or shows it to a colleague."""
    document = office.paper(level__gte=10)
    if document is None:
        return
    asker = document.owner if office.often(70) else office.anybody()
    other, what = office.anybody(), office.chance.randrange(4)
    line = ScopeLine("person", other.uid, "", office.today + timedelta(days=office.chance.randrange(1, 90)))
    if what < 2:
        told = (line,) if not (office.is_(asker, "careless") and office.often(30)) else (ScopeLine("all", ""),)
        office.do(documents.widen_scope, asker, document, office.seat(asker), told, office.words["reason"])
    elif what == 2:
        office.do(documents.share, asker, document, office.seat(asker), other)
    else:
        member = document.members.filter(removed_at=None).order_by("-pk").first()
        if member:
            office.do(documents.narrow_scope, asker, document, (ScopeLine(member.kind, member.key),), office.words["reason"])
