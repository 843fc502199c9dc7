"""Deeds of a destruction: set aside, list, confirm, ask paper by paper, seal in bags, destroy, watch; then the files' keys in two stages.

From the deed that records the intent on no deed opens the item; the keys are destroyed by a job that anybody's crash
leaves to be done again; a second deed records that it is done.
"""

from collections.abc import Sequence
from typing import Any

from mifeng.base import clock, codes, deeds, duties, jobs
from mifeng.base.deeds import deed
from mifeng.base.fields import new_uid
from mifeng.base.refusals import NotThere, Refused, insist
from mifeng.engines.access import Decision
from mifeng.rooms.approvals import grants, requests
from mifeng.rooms.approvals.facts import Wanted
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.copies import destruction_lists, destructions, granted, stock_queries
from mifeng.rooms.copies.actions import _ledger
from mifeng.rooms.copies.actions._ledger import Line
from mifeng.rooms.copies.destruction_lists import Listing
from mifeng.rooms.copies.facts import GONE, Event, State
from mifeng.rooms.copies.models import Copy, Destruction, DestructionLine, Joined, Movement
from mifeng.rooms.copies.rules import destroying, fates, keeping
from mifeng.rooms.copies.rules.destroying import Step
from mifeng.rooms.documents.actions import _shared
from mifeng.rooms.documents.facts import State as Paper
from mifeng.rooms.documents.models import Document
from mifeng.rooms.people.models import Person

SERIES = "销密"
MATTER = "copies:destroy"


@deed("copies:set_aside")
def set_aside(person: Person, copy: Copy, reason: str) -> Movement:
    """列入待销: the custodian puts a copy apart that nobody needs any more."""
    codes.verify("copy", [copy.pk])
    copy.refresh_from_db()
    insist(keeping.may_act(copy.facts(), person.pk), "未列入")
    insist(fates.may_set_aside(stock_queries.kept_until(copy), copy.state == State.ARCHIVED, clock.today()), "未列入")
    return _ledger.move(copy, Event.SET_ASIDE, person, Line(note=reason.strip()), not_done="未列入")


@deed("copies:release")
def release(person: Person, copy: Copy, reason: str) -> Movement:
    """移出待销: a copy that was put apart stays after all, unless a list that is under way names it."""
    codes.verify("copy", [copy.pk])
    copy.refresh_from_db()
    insist(keeping.may_act(copy.facts(), person.pk), "未移出")
    if destructions.running(copy):
        raise Refused(Decision.refuse("on_a_list", "G4.5", "此份已列入销毁清册,先撤册再移出"), "未移出")
    return _ledger.move(copy, Event.RELEASE, person, Line(note=reason.strip()), not_done="未移出")


@deed("copies:list_for_destruction")
def list_for_destruction(
    person: Person, papers: Sequence[Document], reason: str, method: str, place: str, electronic: bool = False
) -> Destruction:
    """列册: what this custodian has set aside of these papers, on one list; returns its first paper.

    `electronic`: with its last copy a paper's files go, too; of several papers those of which this is the last copy.
    """
    if len(papers) == 1:
        deeds.note(obj=papers[0].item_key)
    found = [(document, destructions.to_list(person, document)) for document in papers]
    listed = min((len(copies) for _document, copies in found), default=0)
    insist(destroying.may_list(listed, reason, place, method), "未列册")
    insist(destroying.may_join(len(found), len(destructions.limited(papers))), "未列册")
    left = {document.pk: _others(document, [copy.pk for copy in copies]) for document, copies in found}
    if electronic:
        insist(destroying.may_shred(min(left.values())), "未列册")
    at, batch, made = clock.now(), new_uid(), []
    for document, copies in found:
        row = Destruction.objects.create(
            document=document, level=document.level, department=document.department, state=Step.LISTED, by=person, made_at=at,
            what=f"{document.number} {document.title}".strip(), reason=reason.strip(), method=method, place=place.strip(),
            electronic=electronic and not left[document.pk],
        )  # fmt: skip
        for copy in copies:
            DestructionLine.objects.create(destruction=row, at=at, copy=copy, pages=copy.pages)
        if len(found) > 1:
            Joined.objects.create(destruction=row, batch=batch)
        made.append(row)
    for archivist in destructions.archivists_of(made):
        duties.remind(archivist.pk, "destroy", made[0].item_key, once=made[0].uid)
    lists = destruction_lists.listing(made)
    deeds.note(obj=lists.item_key, counts={"copies": sum(len(copies) for _document, copies in found), "papers": len(made)})
    return made[0]


def _others(document: Document, listed: Sequence[int]) -> int:
    """How many copies the company answers for besides those."""
    return Copy.objects.filter(document=document).exclude(state__in=list(GONE)).exclude(pk__in=listed).count()


def _may_see(watcher: Person, found: Destruction) -> bool:
    apart = not found.document.concerned.filter(person=watcher).exists()
    return watcher.active and watcher.clearance >= found.document.level and apart


def _step(person: Person, uid: str, wanted: Step, not_done: str) -> Listing:
    """The list, verified, if this step is the next one. Raises NotThere, Refused."""
    found = destruction_lists.of(person, uid)
    deeds.note(obj=found.item_key)
    insist(destroying.may_follow(found.step, wanted), not_done)
    if wanted not in (Step.DROPPED, Step.DONE):  # what was destroyed together has one number whoever may know it since
        insist(destroying.may_join(len(found.papers), len(_limited(found))), not_done)
    return found


def _limited(found: Listing) -> set[int]:
    return destructions.limited([row.document for row in found.papers])


def _write(found: Listing, **columns: Any) -> Destruction:
    """What is of the list as a whole stands alike in each of its papers; returns the first of them."""
    for row in found.papers:
        for name, value in columns.items():
            setattr(row, name, value)
        row.save()
    return found.first


@deed("copies:confirm_no_value")
def confirm_no_value(person: Person, uid: str) -> Destruction:
    """鉴定: the archive confirms that nothing of the list is worth keeping."""
    found = _step(person, uid, Step.CONFIRMED, "未鉴定")
    if "archivist" not in person.posts() or person.pk == found.first.by_id:
        raise Refused(Decision.refuse("archive_confirms", "G4.5", "有无保存价值由档案部门鉴定,不由申请人自己"), "未鉴定")
    return _write(found, state=Step.CONFIRMED, archivist=person, archived_at=clock.now())


@deed("copies:ask_destruction")
def ask_destruction(person: Person, uid: str) -> list[Approval]:
    """送审: paper by paper (G4.5 逐件) the general manager or the supervising deputy decides whether it is destroyed.

    What lapsed is asked for anew; what is approved and still serves is not.
    """
    found = _step(person, uid, Step.ASKED, "未送审")
    if person.pk != found.first.by_id:
        raise Refused(Decision.refuse("lister_asks", "G4.5", "由列册人送审"), "未送审")
    made = []
    for row, step in zip(found.papers, found.steps, strict=True):
        if step in (Step.CONFIRMED, Step.RETURNED):
            made.append(_ask(person, row))
        elif step is Step.BAGGED:  # its bag is sealed once more with the others
            row.state = Step.APPROVED
        row.save()
    return made


def _ask(person: Person, row: Destruction) -> Approval:
    document = row.document
    asked = requests.ask(
        matter=MATTER, item_key=document.item_key, level=row.level, applicant=person, department=row.department,
        purpose=row.reason, payload={"destruction": row.uid}, number="", wanted=Wanted(copies=row.lines.count()),
        concerned=[one.person for one in document.concerned.all()],
    )  # fmt: skip
    row.state, row.approval_uid = Step.ASKED, asked.uid
    return asked


@deed("copies:drop_destruction")
def drop_destruction(person: Person, uid: str) -> Destruction:
    """撤册: the list is given up before it was approved; its copies stay set aside."""
    found = _step(person, uid, Step.DROPPED, "未撤册")
    for step in found.steps:  # where one paper is still asked for, it is withdrawn first
        insist(destroying.may_follow(step, Step.DROPPED), "未撤册")
    _insist_lister(person, found.first)
    return _write(found, state=Step.DROPPED)


@deed("copies:strike_off")
def strike_off(person: Person, uid: str, paper: str) -> Destruction:
    """撤下一件: one paper of several leaves the list before it was approved, or once its approval is over; its copies stay set aside."""
    found = destruction_lists.of(person, uid)
    deeds.note(obj=found.item_key)
    row, step = next(((row, step) for row, step in zip(found.papers, found.steps, strict=True) if row.uid == paper), (None, None))
    if row is None or step is None or len(found.papers) == 1:
        raise NotThere
    insist(destroying.may_strike(step, row.document_id in _limited(found)), "未撤下")
    _insist_lister(person, row)
    destructions.strike_off(row)
    row.state = Step.DROPPED
    row.save()
    return row


def _insist_lister(person: Person, row: Destruction) -> None:
    if person.pk != row.by_id:
        raise Refused(Decision.refuse("lister_drops", "G4.5", "由列册人撤册"), "未撤册")


@deed("copies:seal_bags")
def seal_bags(person: Person, uid: str, bags: str, carriers: Sequence[Person]) -> Destruction:
    """封存: the copies lie in numbered, sealed bags, and two persons take them to where they are destroyed."""
    found = _step(person, uid, Step.BAGGED, "未封存")
    if person.pk != found.first.by_id or not bags.strip():
        raise Refused(Decision.refuse("sealed_bags", "G4.5", "由列册人封存,写明封袋号和两名押运人"), "未封存")
    insist(destroying.may_escort([[granted.bearer(row.document, one) for row in found.papers] for one in carriers]), "未封存")
    first, second = carriers
    return _write(found, state=Step.BAGGED, bags=bags.strip(), bagged_at=clock.now(), carrier1=first, carrier2=second)


@deed("copies:destroy")
def destroy(person: Person, uid: str, watchers: Sequence[Person]) -> Destruction:
    """监销执行: whoever is entrusted destroys the copies before two watchers, who sign on their own screens (M1.1, G4.5).

    The grant of every paper is spent at once: where one of them does not serve, nothing of the list is destroyed.
    """
    found = _step(person, uid, Step.EXECUTED, "未销毁")
    insist(destroying.may_watch([one.pk for one in watchers], found.first.by_id, person.pk), "未销毁")
    insist(destroying.fit_to_watch(all(_may_see(one, row) for row in found.papers for one in watchers)), "未销毁")
    for row in found.papers:
        _spend(person, row, watchers)
    deeds.note(obj=found.item_key, grants=[row.approval_uid for row in found.papers])
    first, second = watchers
    made = _write(found, state=Step.EXECUTED, executor=person, executed_at=clock.now(), watcher1=first, watcher2=second)
    for watcher in watchers:
        duties.remind(watcher.pk, "destroy", made.item_key, once=made.uid)
    return made


def _spend(person: Person, row: Destruction, watchers: Sequence[Person]) -> None:
    copies = [line.copy_id for line in row.lines.all()]
    if row.electronic:
        insist(destroying.may_shred(_others(row.document, copies)), "未销毁")
    grant = Approval.objects.get(uid=row.approval_uid).grants.latest("pk")
    grants.spend(
        person, grant, act="destroy", item_key=row.document.item_key, count=len(copies), watchers=watchers, not_done="未销毁"
    )


@deed("copies:watch_destruction")
def watch_destruction(person: Person, uid: str) -> Destruction:
    """监销签字, each watcher once for the list; with the second its copies are destroyed, for ever, and it has its number."""
    found = _step(person, uid, Step.DONE, "未签字")
    now, first = clock.now(), found.first
    if person.pk == first.watcher1_id and first.watched1_at is None:
        _write(found, watched1_at=now)
    elif person.pk == first.watcher2_id and first.watched2_at is None:
        _write(found, watched2_at=now)
    else:
        raise Refused(Decision.refuse("watcher_signs", "M1.1", "由指定的监销人本人签字,各签一次"), "未签字")
    if first.watched1_at and first.watched2_at:
        _finish(person, found)
    return first


def _finish(person: Person, found: Listing) -> None:
    """注销: one number for the list; the files of the papers whose last copy went go, too."""
    closed = _limited(found)
    of = next((row for row in found.papers if row.document_id not in closed), found.first)
    number, keys = _shared.register_number(SERIES, of.document), []
    _write(found, state=Step.DONE, done_at=clock.now(), number=number)
    for row in found.papers:
        _cancel(person, row)
        if row.electronic:
            keys += _intend(row.document)
            jobs.enqueue("copies:shred", row.uid, dedupe=f"shred:{row.uid}")
    if keys:
        deeds.note(keys=keys)


def _cancel(person: Person, row: Destruction) -> None:
    approval = Approval.objects.get(uid=row.approval_uid)
    told = Line(ref=row.item_key, register_no=row.number, approval_uid=row.approval_uid)
    for line in row.lines.select_related("copy__document").order_by("pk"):
        _ledger.move(line.copy, Event.DESTROY, person, told, not_done="未销毁")
        line.number, line.at = row.number, row.done_at
        line.save()
    grants.register(approval, row.number)
    grants.close(approval)
    # A copy that was made or found while the list was under way: the files stay, as they would have at its listing.
    if row.electronic and _others(row.document, []):
        row.electronic = False
        row.save()


def _intend(document: Document) -> list[str]:
    """The intent: nothing opens the item from here on; the entry names every key that will be destroyed."""
    codes.verify("document", [document.pk])
    requests.close_for(document.item_key)
    document.refresh_from_db()
    document.live, document.state = False, Paper.DESTROYED
    document.save()
    return [holding.object_id.hex() for holding in destructions.keys_of(document)]


@deed("copies:shredded")
def shredded(person: Person, uid: str, slots: int, blobs: int) -> Destruction:
    """The keys of the item's files are destroyed and their objects deleted: recorded once, after it is true."""
    found = Destruction.objects.select_related("document").get(uid=uid)
    codes.verify("destruction", [found.pk])
    if found.state != Step.DONE or not found.electronic or destructions.keys_of(found.document):
        raise NotThere
    if found.shredded_at is None:
        found.shredded_at = clock.now()
        found.save()
    deeds.note(obj=found.document.item_key, counts={"keys": slots, "objects": blobs})
    return found


@deed("copies:open_destruction", reads=True)
def open_destruction(person: Person, uid: str) -> Listing:
    """One list with its copies and signatures."""
    found = destruction_lists.of(person, uid)
    deeds.note(obj=found.item_key)
    return found


@deed("copies:list_destructions", reads=True)
def list_destructions(person: Person) -> list[Listing]:
    """The lists that this person may open, the newest first."""
    found = destruction_lists.mine(person)
    deeds.note(counts={"shown": len(found)})
    return found
