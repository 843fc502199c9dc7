"""Deeds of a destruction: set aside, list, confirm, ask, seal in bags, destroy, watch; then the files' keys in two stages.

From the deed that records the intent on no deed opens the item; the keys are destroyed by a job that anybody's crash
leaves to be done again; a second deed records that it is done.
"""

from collections.abc import Sequence

from mifeng.base import clock, codes, deeds, duties, jobs
from mifeng.base.deeds import deed
from mifeng.base.refusals import NotThere, Refused, insist
from mifeng.engines.access import Decision
from mifeng.rooms.approvals import grants, requests
from mifeng.rooms.approvals.facts import Wanted
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.copies import destructions, stock_queries
from mifeng.rooms.copies.actions import _ledger
from mifeng.rooms.copies.actions._ledger import Line
from mifeng.rooms.copies.facts import GONE, Event, State
from mifeng.rooms.copies.models import Copy, Destruction, DestructionLine, Movement
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


@deed("copies:list_for_destruction", subject="document")
def list_for_destruction(
    person: Person, document: Document, reason: str, method: str, place: str, electronic: bool = False
) -> Destruction:
    """列册: what this custodian has set aside of the item; `electronic`: with its last copy its files go, too."""
    copies = destructions.to_list(person, document)
    insist(destroying.may_list(len(copies), reason, place, method), "未列册")
    if electronic:
        insist(destroying.may_shred(_others(document, [copy.pk for copy in copies])), "未列册")
    made = Destruction.objects.create(
        document=document, level=document.level, department=document.department, state=Step.LISTED, by=person,
        made_at=clock.now(), what=f"{document.number} {document.title}".strip(), reason=reason.strip(), method=method,
        place=place.strip(), electronic=electronic,
    )  # fmt: skip
    for copy in copies:
        DestructionLine.objects.create(destruction=made, at=made.made_at, copy=copy, pages=copy.pages)
    for archivist in destructions.archivists_of(made):
        duties.remind(archivist.pk, "destroy", made.item_key, once=made.uid)
    deeds.note(obj=document.item_key, counts={"copies": len(copies)})
    return made


def _others(document: Document, listed: Sequence[int]) -> int:
    """How many copies the company answers for besides those."""
    return Copy.objects.filter(document=document).exclude(state__in=list(GONE)).exclude(pk__in=listed).count()


def _may_see(watcher: Person, found: Destruction) -> bool:
    apart = not found.document.concerned.filter(person=watcher).exists()
    return watcher.active and watcher.clearance >= found.document.level and apart


def _step(person: Person, uid: str, wanted: Step, not_done: str) -> Destruction:
    """The list, verified, if this step is the next one. Raises NotThere, Refused."""
    found = destructions.of(person, uid)
    insist(destroying.may_follow(Step(found.state), wanted), not_done)
    deeds.note(obj=found.document.item_key)
    return found


@deed("copies:confirm_no_value")
def confirm_no_value(person: Person, uid: str) -> Destruction:
    """鉴定: the archive confirms that nothing of the list is worth keeping."""
    found = _step(person, uid, Step.CONFIRMED, "未鉴定")
    if "archivist" not in person.posts() or person.pk == found.by_id:
        raise Refused(Decision.refuse("archive_confirms", "G4.5", "有无保存价值由档案部门鉴定,不由申请人自己"), "未鉴定")
    found.state, found.archivist, found.archived_at = Step.CONFIRMED, person, clock.now()
    found.save()
    return found


@deed("copies:ask_destruction")
def ask_destruction(person: Person, uid: str) -> Approval:
    """送审: the general manager or the supervising deputy decides whether the list is destroyed."""
    found = _step(person, uid, Step.ASKED, "未送审")
    if person.pk != found.by_id:
        raise Refused(Decision.refuse("lister_asks", "G4.5", "由列册人送审"), "未送审")
    document = found.document
    made = requests.ask(
        matter=MATTER, item_key=document.item_key, level=found.level, applicant=person, department=found.department,
        purpose=found.reason, payload={"destruction": found.uid}, number="", wanted=Wanted(copies=found.lines.count()),
        concerned=[row.person for row in document.concerned.all()],
    )  # fmt: skip
    found.state, found.approval_uid = Step.ASKED, made.uid
    found.save()
    return made


@deed("copies:drop_destruction")
def drop_destruction(person: Person, uid: str) -> Destruction:
    """撤册: the list is given up before it was approved; its copies stay set aside."""
    found = _step(person, uid, Step.DROPPED, "未撤册")
    if person.pk != found.by_id:
        raise Refused(Decision.refuse("lister_drops", "G4.5", "由列册人撤册"), "未撤册")
    found.state = Step.DROPPED
    found.save()
    return found


@deed("copies:seal_bags")
def seal_bags(person: Person, uid: str, bags: str, carriers: Sequence[Person]) -> Destruction:
    """封存: the copies lie in numbered, sealed bags, and two persons take them to where they are destroyed."""
    found = _step(person, uid, Step.BAGGED, "未封存")
    concerned = found.document.concerned.filter(person__in=[one.pk for one in carriers]).exists()
    if person.pk != found.by_id or not bags.strip() or len({one.pk for one in carriers}) != 2 or concerned:
        raise Refused(Decision.refuse("sealed_bags", "G4.5", "由列册人封存,写明封袋号和两名押运人"), "未封存")
    found.state, found.bags, found.bagged_at = Step.BAGGED, bags.strip(), clock.now()
    found.carrier1, found.carrier2 = carriers
    found.save()
    return found


@deed("copies:destroy")
def destroy(person: Person, uid: str, watchers: Sequence[Person]) -> Destruction:
    """监销执行: whoever is entrusted destroys the copies before two watchers, who sign on their own screens (M1.1, G4.5)."""
    found = _step(person, uid, Step.EXECUTED, "未销毁")
    insist(destroying.may_watch([one.pk for one in watchers], found.by_id, person.pk), "未销毁")
    insist(destroying.fit_to_watch(all(_may_see(one, found) for one in watchers)), "未销毁")
    if found.electronic:
        insist(destroying.may_shred(_others(found.document, [line.copy_id for line in found.lines.all()])), "未销毁")
    grant = Approval.objects.get(uid=found.approval_uid).grants.get()
    grants.spend(
        person, grant, act="destroy", item_key=found.document.item_key, count=found.lines.count(), watchers=watchers, not_done="未销毁"
    )
    found.state, found.executor, found.executed_at = Step.EXECUTED, person, clock.now()
    found.watcher1, found.watcher2 = watchers
    found.save()
    for watcher in watchers:
        duties.remind(watcher.pk, "destroy", found.item_key, once=found.uid)
    return found


@deed("copies:watch_destruction")
def watch_destruction(person: Person, uid: str) -> Destruction:
    """监销签字, each watcher for himself; with the second the copies are destroyed, for ever, and the list has its number."""
    found = _step(person, uid, Step.DONE, "未签字")
    now = clock.now()
    if person.pk == found.watcher1_id and found.watched1_at is None:
        found.watched1_at = now
    elif person.pk == found.watcher2_id and found.watched2_at is None:
        found.watched2_at = now
    else:
        raise Refused(Decision.refuse("watcher_signs", "M1.1", "由指定的监销人本人签字,各签一次"), "未签字")
    if found.watched1_at and found.watched2_at:
        _finish(person, found)
    found.save()
    return found


def _finish(person: Person, found: Destruction) -> None:
    approval = Approval.objects.get(uid=found.approval_uid)
    found.state, found.done_at = Step.DONE, clock.now()
    found.number = _shared.register_number(SERIES, found.document)
    told = Line(ref=found.item_key, register_no=found.number, approval_uid=found.approval_uid)
    for line in found.lines.select_related("copy__document").order_by("pk"):
        _ledger.move(line.copy, Event.DESTROY, person, told, not_done="未销毁")
        line.number, line.at = found.number, found.done_at
        line.save()
    grants.register(approval, found.number)
    grants.close(approval)
    # A copy that was made or found while the list was under way: the files stay, as they would have at its listing.
    found.electronic = found.electronic and not _others(found.document, [])
    if found.electronic:
        _intend(found.document)
        jobs.enqueue("copies:shred", found.uid, dedupe=f"shred:{found.uid}")


def _intend(document: Document) -> None:
    """The intent: nothing opens the item from here on; the entry names every key that will be destroyed."""
    codes.verify("document", [document.pk])
    requests.close_for(document.item_key)
    document.refresh_from_db()
    document.live, document.state = False, Paper.DESTROYED
    document.save()
    deeds.note(keys=[holding.object_id.hex() for holding in destructions.keys_of(document)])


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
def open_destruction(person: Person, uid: str) -> Destruction:
    """One list with its copies and signatures."""
    found = destructions.of(person, uid)
    deeds.note(obj=found.document.item_key)
    return found


@deed("copies:list_destructions", reads=True)
def list_destructions(person: Person) -> list[Destruction]:
    """The lists that this person may open, the newest first."""
    found = destructions.mine(person)
    deeds.note(counts={"shown": len(found)})
    return found
