"""Registration: protected at once, at the proposed level, before anybody decided anything."""

from dataclasses import dataclass
from datetime import date

from mifeng.base import clock, codes, deeds, jobs, vault
from mifeng.base.deeds import deed
from mifeng.base.refusals import Conflict, Refused, insist
from mifeng.engines.access import Decision, Level
from mifeng.rooms.approvals import requests
from mifeng.rooms.documents import queries
from mifeng.rooms.documents.actions import _shared
from mifeng.rooms.documents.facts import Proposed, ScopeLine, State, TermFacts
from mifeng.rooms.documents.models import Concerned, Document, DocumentFile, Handler, StandingDecision, Upload
from mifeng.rooms.documents.rules import classification, scope, storage, terms
from mifeng.rooms.people.models import Department, Person


@dataclass(frozen=True)
class NewDocument:
    """A registration: at most eight fields are asked for, the rest have defaults. Dates are local."""

    title: str
    department: Department
    owner: Person
    proposed: Proposed
    issued_on: date | None = None
    pages: int = 0
    copies: int = 0
    kind: str = "paper"
    origin: str = "own"
    remark: str = ""
    volume: Document | None = None
    uploads: tuple[Upload, ...] = ()
    handlers: tuple[Person, ...] = ()
    concerned: tuple[Person, ...] = ()
    urgent: bool = False
    uid: str = ""  # given by the form: a second click meets the first one's item instead of making another


@deed("documents:register")
def register(person: Person, new: NewDocument) -> Document:
    """Enter a paper: sealed, in force at the proposed level at once, its classification asked for in the same deed."""
    insist(storage.may_open(vault.is_open()), "未登记")
    _check(person, new)
    document = _enter(person, new)
    level = new.proposed.level
    _shared.history(document, person, "registered", "", _shared.mark(document))
    if level < Level.CONFIDENTIAL:
        _shared.draw_number(document)
        document.save()
    elif new.proposed.standing:
        _by_standing(document, new)
    else:
        ask_classification(document, new.proposed, new.urgent)
    return document


def _check(person: Person, new: NewDocument) -> None:
    _check_form(new)
    _shared.check_proposed(new.proposed, new.issued_on or clock.today(), "未登记")
    _check_entrusted(person, new)


def _check_form(new: NewDocument) -> None:
    if new.uid and Document.objects.filter(uid=new.uid).exists():
        raise Conflict("", "此件刚刚已登记")
    if not new.title.strip():
        raise Refused(Decision.refuse("title_required", "P0.2", "未写标题"), "未登记")
    if new.volume and new.volume.level < new.proposed.level:
        reason = "卷的密级取卷内最高;此件高于该卷,请先升卷的密级或另立卷"
        raise Refused(Decision.refuse("volume_below_paper", "C3", reason), "未登记")
    if new.kind == "state_secret" and new.uploads:
        reason = "国家秘密只登记纸质载体,不得录入、上传任何内容"
        raise Refused(Decision.refuse("state_secret_paper_only", "G1", reason), "未登记")


def _check_entrusted(person: Person, new: NewDocument) -> None:
    if person.pk != new.owner.pk and new.proposed.level >= Level.CONFIDENTIAL and not _works_for(person, new):
        on, dept = clock.today(), new.department.pk
        held = queries.appointed(person, "register_facts", new.proposed.level, dept, on)
        if not held:
            reason = "代他人登记涉密文件须有收发或保存的委托"
            raise Refused(Decision.refuse("not_appointed", "M1.1", reason), "未登记")


def _works_for(person: Person, new: NewDocument) -> bool:
    """The head of the department registers papers of his people."""
    return person.department_id == new.department.pk and "dept_head" in person.posts()


def _enter(person: Person, new: NewDocument, drafted: bool = True) -> Document:
    p, levelled = new.proposed, new.proposed.level >= Level.CONFIDENTIAL
    document = Document(
        **({"uid": new.uid} if new.uid else {}), compartment=_shared.compartment(p.level, new.department),
        title=new.title.strip(), kind=new.kind,
        origin=new.origin, level=classification.protecting_level(None, p.level),
        proposed=levelled, department=new.department, owner=new.owner,
        state=State.PROPOSED if levelled else State.UNCLASSIFIED, drafter=new.owner, registered_by=person,
        registered_at=clock.now(), issued_on=new.issued_on, pages=new.pages, copies=new.copies, volume=new.volume,
        category=p.category, line=p.line, harm=p.harm, interest=p.interest, basis=p.reason, project=p.project,
        remark=new.remark, override=p.override, sealed=bool(new.concerned or new.handlers),
    )  # fmt: skip
    _shared.put_term(document, p.term, new.issued_on or clock.today())
    document.save()
    _shared.put_scope(document, p.scope, person)
    document.save()
    for handler in {*new.handlers, *((new.owner,) if document.sealed else ())}:
        Handler.objects.create(document=document, person=handler)
        if handler.pk != new.owner.pk:
            _shared.knows(document, handler, "handled", person)
    for concerned in new.concerned:
        Concerned.objects.create(document=document, person=concerned)
    for upload in new.uploads:
        attach(document, upload, 1, {person.pk, new.owner.pk})
    if drafted:
        _shared.knows(document, new.owner, "drafted")
    if person.pk != new.owner.pk:
        _shared.knows(document, person, "title")
    _shared.touched(document, title=document.title)
    return document


def attach(document: Document, upload: Upload, version: int, of: set[int]) -> DocumentFile:
    """Bind an accepted upload of one of these persons to the item; its conversion becomes a job of this transaction."""
    insist(storage.may_store(bool(upload.original)), "未登记")
    codes.verify("upload", [upload.pk])
    upload = Upload.objects.get(pk=upload.pk)
    if upload.state != "accepted" or upload.person_id not in of:
        raise Refused(Decision.refuse("upload_taken", "T4", "该文件已登记过,或已被退回"), "未登记")
    upload.state = "attached"
    upload.save()
    row = DocumentFile.objects.create(
        document=document, vault_doc=upload.uid, version=version, name=upload.name, kind=upload.kind, size=upload.size,
        scan=upload.scan, scan_engine=upload.scan_engine, original=upload.original, added_by=upload.person,
        added_at=clock.now(),
    )  # fmt: skip
    jobs.enqueue("documents:convert", row.uid, upload.person_id, dedupe=f"convert:{row.uid}")
    return row


def ask_classification(document: Document, proposed: Proposed, urgent: bool) -> None:
    """Send the proposal to the matrix: F08 定密审批表, the drafter as applicant."""
    number = _shared.register_number("定密", document)
    payload = {
        "level": proposed.level, "category": proposed.category, "line": proposed.line, "harm": proposed.harm,
        "interest": proposed.interest, "reason": proposed.reason, "term": _shared.term_text(document),
        "scope": _shared.scope_words(proposed.scope), "override": proposed.override,
    }  # fmt: skip
    requests.ask(
        matter="documents:classify", item_key=document.item_key, level=document.level, applicant=document.drafter,
        department=document.department, purpose=proposed.interest, payload=payload, number=number, urgent=urgent,
        concerned=[row.person for row in document.concerned.all()], alone="gm" if terms.needs_gm(document.term_kind) else "",
    )  # fmt: skip


def _by_standing(document: Document, new: NewDocument) -> None:
    p, on = new.proposed, clock.today()
    found = StandingDecision.objects.filter(line=p.line, department=new.department, since__lte=on).exclude(until__lt=on)
    row = found.order_by("-version").first()
    if row:
        codes.verify("standing", [row.pk])
    same = row and (row.level, row.term_kind, row.term_value) == (p.level, p.term.kind, p.term.value)
    if not same or p.level >= Level.TOP_SECRET:
        reason = "没有与此条完全一致的系列定密决定,请按程序报批"
        raise Refused(Decision.refuse("no_standing_decision", "K2.2", reason), "未登记")
    document.proposed, document.state = False, State.VALID
    document.decider, document.decider_rank = row.decided_by, _shared.rank(row.decided_by)
    _shared.draw_number(document)
    document.save()
    after = f"系列定密 {row.line} 第{row.version}版"
    _shared.history(document, row.decided_by, "classified", "", after)


@dataclass(frozen=True)
class ReceivedPaper:
    """A paper that came in under the mark of its issuer: number, level and term are transcribed. `issued_on`: local day."""

    title: str
    department: Department
    owner: Person
    level: int
    term: TermFacts
    scope: tuple[ScopeLine, ...]
    number: str = ""
    issued_on: date | None = None
    pages: int = 0
    copies: int = 0
    kind: str = "paper"
    origin: str = "partner"
    uploads: tuple[Upload, ...] = ()
    uid: str = ""


def received(person: Person, paper: ReceivedPaper) -> Document:
    """Enter a paper at the level that it bears: protected at once, decided by its issuer, so by nobody here (G3, P5.1).

    Inside the deed of the receipt. Only the general manager changes what somebody else decided (P4.1).
    """
    insist(storage.may_open(vault.is_open()), "未登记")
    term = paper.term if paper.level >= Level.CONFIDENTIAL else TermFacts()
    proposed = Proposed(level=paper.level, term=term, scope=paper.scope, kind=paper.kind)
    rules = [scope.has_scope(paper.level, paper.scope), scope.scope_is_small(paper.level, paper.scope), terms.has_term(paper.level, term)]
    _shared.insist_all(rules, "未登记")
    new = NewDocument(
        title=paper.title, department=paper.department, owner=paper.owner, proposed=proposed, issued_on=paper.issued_on,
        pages=paper.pages, copies=paper.copies, kind=paper.kind, origin=paper.origin, uploads=paper.uploads, uid=paper.uid,
    )  # fmt: skip
    _check_form(new)
    _check_entrusted(person, new)
    document = _enter(person, new, drafted=False)
    document.number, document.proposed, document.decider_rank = paper.number.strip(), False, terms.DECIDER_RANK["gm"]
    document.state = State.VALID if paper.level >= Level.CONFIDENTIAL else State.UNCLASSIFIED
    document.save()
    _shared.history(document, person, "registered", "", _shared.mark(document), "来文标志照录")
    return document


@dataclass(frozen=True)
class OldPaper:
    """A paper issued before the product: taken over with the number, level, term and dates it bears (补登)."""

    new: NewDocument
    number: str
    started_on: date
    live: bool = True
    state: str = State.VALID
    note: str = ""


@deed("documents:take_over")
def take_over(person: Person, papers: tuple[OldPaper, ...]) -> list[Document]:
    """补登 of old papers in one list, confirmed by the general manager with one act."""
    if "gm" not in person.posts():
        raise Refused(Decision.refuse("gm_confirms_list", "P4.0", "旧件补登清单由总经理一次确认"), "未补登")
    made = []
    for paper in papers:
        _shared.check_proposed(paper.new.proposed, paper.started_on, "未补登")
        made.append(taken_over(person, paper))
    deeds.note(counts={"papers": len(made)}, titles=[document.title for document in made])
    return made


def taken_over(person: Person, paper: OldPaper) -> Document:
    """One old paper under the number, level and term it bears. Inside the deed of whoever confirms the list: the GM."""
    document = _enter(person, paper.new)
    document.number, document.origin, document.live = paper.number, "taken_over", paper.live
    document.proposed, document.state = False, paper.state
    _shared.put_term(document, paper.new.proposed.term, paper.started_on)
    document.decider, document.decider_rank = person, _shared.rank(person)
    document.remark = paper.note
    document.save()
    _shared.history(document, person, "registered", "", _shared.mark(document), "旧件补登 " + paper.note)
    return document
