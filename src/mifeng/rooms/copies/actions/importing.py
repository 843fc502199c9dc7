"""Deeds of taking over an old ledger: bring it, say how it is read, decide, enter its rows, undo."""

from collections.abc import Sequence
from typing import Any

from mifeng.base import clock, codes, deeds, duties, jobs, weighing
from mifeng.base.deeds import deed
from mifeng.base.refusals import NotThere, Refused
from mifeng.engines.access import Decision
from mifeng.rooms.copies import old_papers, queries
from mifeng.rooms.copies.actions import _ledger
from mifeng.rooms.copies.actions._ledger import Line
from mifeng.rooms.copies.facts import Event
from mifeng.rooms.copies.models import Copy, ImportedCopy, OldLedger, Place
from mifeng.rooms.copies.old_papers import Plan
from mifeng.rooms.copies.rules import keeping
from mifeng.rooms.copies.rules.old_ledger import Entry, normal
from mifeng.rooms.documents.actions import _shared, registering
from mifeng.rooms.documents.models import Document, Upload
from mifeng.rooms.people import queries as people
from mifeng.rooms.people.models import Person

BRINGERS = frozenset({"clerk", "gmo_head"})
JOB = "copies:enter_rows"
NOTE = "旧台账补登"


def _insist_bringer(person: Person, not_done: str) -> None:
    if not person.posts() & BRINGERS:
        raise Refused(Decision.refuse("office_takes_over", "G4.4", "旧台账由总经理办公室补登"), not_done)


def _of(person: Person, uid: str) -> OldLedger:
    """The ledger as it stands now, verified: for whoever brought it and for the general manager.

    What is not there is refused with the work of refusing a hidden one (P0.3).
    """
    row = weighing.row_or_another(OldLedger.objects.select_related("upload", "person__department"), uid)
    if row is None:
        raise NotThere
    codes.verify("old_ledger", [row.pk])
    manager = "gm" in person.posts()
    if row.uid != uid or not (manager or person.pk == row.person_id):
        raise NotThere
    deeds.note(obj=row.item_key)
    return row


@deed("copies:bring_ledger")
def bring_ledger(person: Person, upload: Upload) -> OldLedger:
    """A workbook was brought: it is kept in the vault, and read anew each time it is looked at."""
    _insist_bringer(person, not_done="未收下")
    codes.verify("upload", [upload.pk])
    upload = Upload.objects.get(pk=upload.pk)
    if upload.state != "accepted" or upload.person_id != person.pk or upload.kind not in ("xlsx", "csv"):
        raise Refused(Decision.refuse("ledger_form", "I9.3", "旧台账须为 .xlsx 或 .csv 表格"), "未收下")
    upload.state = "attached"
    upload.save()
    row = OldLedger.objects.create(upload=upload, person=person, at=clock.now())
    deeds.note(obj=row.item_key)
    return row


@deed("copies:open_ledger", reads=True)
def open_ledger(person: Person, uid: str) -> OldLedger:
    """Look at an old ledger that is taken over: its rows hold titles."""
    return _of(person, uid)


@deed("copies:ask_ledger")
def ask_ledger(person: Person, ledger: OldLedger, plan: Plan, entries: int, faults: int) -> OldLedger:
    """How it is read is said; the general manager confirms the list as one (P4.0)."""
    row = _of(person, ledger.uid)
    if row.state != "read" or row.person_id != person.pk or not entries:
        raise Refused(Decision.refuse("ledger_asked", "G4.4", "没有可补登的行,或已送总经理确认"), "未送审")
    row.plan, row.state, row.entries, row.faults = plan.plain(), "asked", entries, faults
    row.save()
    for manager in people.holders("gm"):
        duties.remind(manager.pk, "old_ledger", row.item_key, once=row.uid)
    return row


@deed("copies:decide_ledger")
def decide_ledger(person: Person, ledger: OldLedger, confirmed: bool, reason: str = "") -> OldLedger:
    """总经理 confirms the list with one act, or sends it back; its rows are entered one portion after another."""
    row = _of(person, ledger.uid)
    if "gm" not in person.posts() or row.state != "asked":
        raise Refused(Decision.refuse("gm_confirms_list", "P4.0", "旧件补登清单由总经理一次确认"), "未确认")
    row.state, row.decided_by, row.decided_at, row.reason = "running" if confirmed else "refused", person, clock.now(), reason
    row.save()
    duties.remind(row.person_id, "decided" if confirmed else "returned", row.item_key, once=f"{row.uid}:decided")
    if confirmed:
        _go_on(row, 0)
    return row


def _go_on(ledger: OldLedger, after: int) -> None:
    """The rows after this one are the next job."""
    jobs.enqueue(JOB, f"{ledger.uid}:{after}", ledger.person_id, dedupe=f"old-ledger:{ledger.uid}:{after}")


@deed("copies:enter_rows")
def enter_rows(person: Person, ledger: OldLedger, plan: Plan, entries: Sequence[Entry], more: bool) -> int:
    """A portion of the rows becomes papers and copies, by the general manager's confirmation; the next portion is a job."""
    row = OldLedger.objects.get(pk=ledger.pk)
    codes.verify("old_ledger", [row.pk])
    deeds.note(obj=row.item_key)
    if row.state != "running" or row.decided_by_id != person.pk:
        raise Refused(Decision.refuse("gm_confirms_list", "P4.0", "旧件补登清单由总经理一次确认"), "未补登")
    there, made = old_papers.by_number(row.person, {entry.number for entry in entries}), 0
    for entry in entries:
        made += _enter(person, row, plan, entry, there)
    row.state = "running" if more else "done"
    row.save()
    if more:
        _go_on(row, entries[-1].row)
    else:
        duties.remind(row.person_id, "decided", row.item_key, once=f"{row.uid}:done")
    deeds.note(obj=row.item_key, counts={"copies": made})
    return made


def _enter(manager: Person, ledger: OldLedger, plan: Plan, entry: Entry, there: dict[str, Document]) -> int:
    keeper = Person.objects.get(uid=entry.keeper)
    document = there.get(normal(entry.number))
    level = document.level if document else entry.level
    department = document.department_id if document else None
    if not document:
        document = there[normal(entry.number)] = registering.taken_over(manager, old_papers.paper(entry, plan))
        department = document.department_id
    kept = people.is_appointed(keeper, "keep", level, department, clock.today())
    taken = set(Copy.objects.filter(document=document, rep=0).values_list("n", flat=True))
    wanted = [n for n in entry.copies if n not in taken and old_papers.key(entry, n) not in old_papers.entered([entry])]
    if not kept:  # what was so when it was shown is so no more: the row stays for the next import
        return 0
    for n in wanted:
        _copy(ledger, document, keeper, entry, n)
    return len(wanted)


def _copy(ledger: OldLedger, document: Document, keeper: Person, entry: Entry, n: int) -> None:
    copy = _ledger.number(document, ledger.person, keeper, pages=entry.pages, given=n, line=Line(note=NOTE, ref=ledger.item_key))
    place = Place.objects.filter(code=entry.place, closed_on=None).first() if entry.place else None
    if place and keeping.may_store(document.level, place.facts()).allow:
        _ledger.move(copy, Event.STORE, ledger.person, Line(place=place, note=NOTE), not_done="未入柜")
    ImportedCopy.objects.create(ledger=ledger, row=entry.row, key=old_papers.key(entry, n), copy=copy, moves=copy.moves)


@deed("copies:undo_ledger")
def undo_ledger(person: Person, ledger: OldLedger, reason: str) -> int:
    """撤销补登: nothing that came of it was handled since; copies become void, the papers it made are withdrawn.

    What the general manager confirmed he alone undoes (P4.0): else papers that are there would be nobody's.
    """
    row = _of(person, ledger.uid)
    if "gm" not in person.posts():
        raise Refused(Decision.refuse("gm_undoes_list", "P4.0", "总经理确认补登的台账由总经理撤销"), "未撤销")
    if row.state != "done" or not reason.strip():
        raise Refused(Decision.refuse("ledger_undo_form", "G4.4", "只能撤销已补登完的台账,并写明原因"), "未撤销")
    came = list(row.copies.filter(undone=False).select_related("copy__document").order_by("pk"))
    codes.verify("copy", [one.copy_id for one in came])
    if any(one.copy.moves != one.moves for one in came):
        raise Refused(Decision.refuse("ledger_acted_upon", "G4.4", "其中有的份已另有办理,不能整体撤销,请逐份更正"), "未撤销")
    for one in came:
        _ledger.move(one.copy, Event.WITHDRAW, person, Line(note=reason.strip()), not_done="未撤销")
        one.undone = True
        one.save()
    papers = {one.copy.document_id: one.copy.document for one in came}
    withdrawn = [_withdraw(person, document, reason) for document in papers.values() if _only_from(document, row)]
    row.state, row.reason = "undone", reason.strip()
    row.save()
    deeds.note(obj=row.item_key, counts={"copies": len(came), "papers": len(withdrawn)})
    return len(came)


def _only_from(document: Document, ledger: OldLedger) -> bool:
    """The paper was made by this ledger: taken over, and no copy of it is left."""
    return document.origin == "taken_over" and not queries.copies().filter(document=document).exclude(state="void").exists()


def _withdraw(person: Person, document: Document, reason: str) -> Any:
    document.refresh_from_db()
    document.live, document.state = False, "withdrawn"
    document.save()
    return _shared.history(document, person, "withdrawn", _shared.mark(document), "", reason)
