"""Deeds of copying (M2.1) and of the first print (C2.2): asked for, carried out, registered with its waste."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_noop

from mifeng.base import clock, codes, deeds
from mifeng.base.deeds import deed
from mifeng.base.refusals import Refused, insist
from mifeng.engines.access import Decision
from mifeng.rooms.approvals import grants, requests
from mifeng.rooms.approvals.facts import Wanted, pages_word
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.copies import granted, queries
from mifeng.rooms.copies.actions import _ledger, _making
from mifeng.rooms.copies.actions._ledger import Line
from mifeng.rooms.copies.facts import GONE, KEPT, Event, Method, Sheets, State
from mifeng.rooms.copies.models import Copy, Reproduced, Reproduction
from mifeng.rooms.copies.rules import making
from mifeng.rooms.documents import queries as documents
from mifeng.rooms.documents.actions import _shared
from mifeng.rooms.documents.models import Document
from mifeng.rooms.people.models import Person, Session

SERIES = "复密"
NOT_ASKED, NOT_MADE = gettext_noop("未送审"), gettext_noop("未复制")
NOT_FINISHED, NOT_VOID = gettext_noop("未登记"), gettext_noop("未作废")


@dataclass(frozen=True)
class Wish:
    """What is asked for. `source` None: the first print. `recipients`: for whom, in the order of the copies; each may be
    named more than once, fewer than copies leave the rest with the clerk. `until`: last local day of their use.
    """

    method: Method
    pages: frozenset[int]
    count: int
    purpose: str
    source: Copy | None = None
    recipients: Sequence[Person] = ()
    until: date | None = None
    consent: str = ""


@deed("copies:open_application", reads=True)
def open_application(person: Person, session: Session | None, uid: str, act: str) -> Document:
    """The item of a form that asks for `act`; whoever may not ask is refused before he sees a field. Raises NotThere."""
    document, other = documents.find_to_weigh(uid)
    who = documents.viewer(person, session)
    if document is None:
        documents.refuse_absent(who, other, granted.ASKING[act])
    deeds.note(obj=document.item_key)
    insist(documents.decided(who, document, granted.ASKING[act]), NOT_ASKED)
    return document


@deed("copies:ask_reproduction", subject="document")
def ask_reproduction(person: Person, document: Document, session: Session | None, wish: Wish) -> Approval:
    """申请复制、印制: by somebody in the scope, to the GM or the supervising deputy (M2.1), who fixes count and pages."""
    act = "copy" if wish.source else "first_print"
    who = documents.viewer(person, session)
    insist(documents.decided(who, document, granted.ASKING[act]), NOT_ASKED)
    _check(document, wish)
    payload: dict[str, Any] = {
        "method": wish.method, "copy": wish.source.uid if wish.source else "", "to": [one.uid for one in wish.recipients],
        "until": wish.until.isoformat() if wish.until else "", "consent": wish.consent.strip(),
        "version": queries.version_of(document),
    }  # fmt: skip
    names = "、".join(one.name for one in dict.fromkeys(wish.recipients))
    approval = requests.ask(
        matter=granted.MATTERS[act], item_key=document.item_key, level=document.level, applicant=person,
        department=document.department, purpose=wish.purpose, payload=payload, number="",
        wanted=Wanted(copies=wish.count, pages=wish.pages, recipient=names),
        concerned=[row.person for row in document.concerned.all()],
    )  # fmt: skip
    deeds.note(grant=approval.uid)
    return approval


def _check(document: Document, wish: Wish) -> None:
    if not wish.purpose.strip() or wish.count < 1 or len(wish.recipients) > wish.count:
        raise Refused(Decision.refuse("reproduction_form", "M2.1", "须写明用途、份数和每份去向,去向不得多于份数"), NOT_ASKED)
    insist(making.pages_inside(wish.pages, range(1, queries.pages_of(document) + 1)), NOT_ASKED)
    if wish.source is None:
        insist(making.may_print_first(len(_originals(document))), NOT_ASKED)
    elif wish.source.document_id != document.pk:
        raise Refused(Decision.refuse("copy_of_another_item", "M2.1", "这一份不是此件的"), NOT_ASKED)
    else:
        insist(making.may_be_source(wish.source.facts()), NOT_ASKED)
    if wish.recipients and (wish.until is None or wish.until < clock.today()):
        raise Refused(Decision.refuse("needs_return_date", "C5.1", "持有人不是受委托的保管人,须写明清退期限"), NOT_ASKED)
    insist(making.goes_inside(all(queries.knows(one, document, "read").allow for one in wish.recipients)), NOT_ASKED)


def _originals(document: Document, but: str = "") -> list[Copy]:
    """Numbered prints of the item that are not void, but for those of one approval; of what somebody else issued, his too."""
    found = Copy.objects.filter(document=document, rep=0).exclude(state=State.VOID)
    found = found if document.origin in making.FOREIGN else found.filter(given=False)
    return list(found.exclude(made_by__reproduction__approval_uid=but) if but else found)


@deed("copies:open_job", reads=True)
def open_job(person: Person, uid: str) -> granted.Job:
    """Look at an approval that is carried out in this room: its applicant, whoever signed it, whoever carries it out."""
    job = granted.find(person, uid)
    deeds.note(obj=job.document.item_key, grant=job.approval.uid)
    return job


@deed("copies:list_jobs", reads=True)
def list_jobs(person: Person) -> list[tuple[Approval, Document]]:
    """What is approved and waits for this person's hands, with its item."""
    found = [(approval, documents.of_key(approval.item_key)) for approval in granted.waiting(person)]
    documents.sound(document for _approval, document in found)
    deeds.note(counts={"shown": len(found)})
    return found


@deed("copies:reproduce", subject="")
def reproduce(person: Person, session: Session | None, approval: Approval, count: int, place: str) -> Reproduction:
    """执行: spend uses of the grant, and number as many copies; what is more than granted is refused (M2.1, C2.2).

    `place`: where and on which machine. A second time for the uses that the approver gave again for spoiled copies.
    """
    approval = Approval.objects.select_related("applicant").get(pk=approval.pk)
    document, grant = documents.of_key(approval.item_key), granted.live_grant(approval)
    deeds.note(obj=document.item_key)
    granted.insist_may(person, session, document, approval, live=grant is not None, not_done=NOT_MADE)
    if grant is None:  # only where the rule above was switched off
        raise Refused(Decision.refuse("used_up", "M2.1", "准予次数已用完"), NOT_MADE)
    if not place.strip():
        raise Refused(Decision.refuse("place_of_copying", "M2.1", "须写明复制的地点和设备"), NOT_MADE)
    source = _source(person, approval)
    insist(making.as_judged(approval.payload_data["version"], queries.version_of(document)), NOT_MADE)
    if source is None:
        insist(making.may_print_first(len(_originals(document, approval.uid))), NOT_MADE)
    pages = grant.facts().pages
    grants.spend(person, grant, act=approval.act, item_key=approval.item_key, pages=pages, count=count, not_done=NOT_MADE)
    run = _run(person, approval, document, source, pages, place)
    to = _still_to_serve(approval, run)
    for number in range(count):
        made = _ledger.number(
            document, person, person, pages=len(pages), of=source,
            line=Line(register_no=run.number, ref=run.item_key, approval_uid=approval.uid),
        )  # fmt: skip
        Reproduced.objects.create(
            reproduction=run, copy=made, grant_uid=grant.uid, recipient=to[number] if number < len(to) else None
        )
    deeds.note(counts={"copies": count, "granted": run.count, "number": run.serial}, register=run.number)
    return run


def _source(person: Person, approval: Approval) -> Copy | None:
    """The copy that is copied, still fit for it, and on the operator's desk where paper is copied from paper."""
    told = approval.payload_data
    if not told["copy"]:
        return None
    source = Copy.objects.select_related("document").get(uid=told["copy"])
    codes.verify("copy", [source.pk])
    insist(making.may_be_source(source.facts()), NOT_MADE)
    in_hand = source.holder_id == person.pk and source.state in KEPT
    if told["method"] != Method.PRINT and not in_hand:
        raise Refused(Decision.refuse("source_not_in_hand", "G4.1", "作为原件的这一份不在您手上,请先收回"), NOT_MADE)
    return source


def _run(
    person: Person, approval: Approval, document: Document, source: Copy | None, pages: frozenset[int], place: str
) -> Reproduction:  # fmt: skip
    found = Reproduction.objects.filter(approval_uid=approval.uid).first()
    if found is not None:
        codes.verify("reproduction", [found.pk])
        return found
    told, approver = approval.payload_data, granted.approver_of(approval)
    assert approver is not None  # an approval that has a grant was signed
    return Reproduction.objects.create(
        document=document, source=source, approval_uid=approval.uid, act=approval.act, method=told["method"],
        number=_shared.register_number(SERIES, document), pages=pages_word(pages), count=approval.granted_now.copies,
        applicant=approval.applicant, approver=approver, operator=person, made_at=clock.now(),
        until=date.fromisoformat(told["until"]) if told["until"] else None, purpose=approval.purpose, place=place.strip(),
    )  # fmt: skip


def _still_to_serve(approval: Approval, run: Reproduction) -> list[Person]:
    """For whom copies are still to be made: those named, in order, without those who have one that is not void."""
    named = [Person.objects.get(uid=uid) for uid in approval.payload_data["to"]][: approval.granted_now.copies]
    for row in run.made.exclude(copy__state=State.VOID).exclude(recipient=None):
        if row.recipient in named:
            named.remove(row.recipient)
    return named


@deed("copies:jam", subject="")
def jam(person: Person, run: Reproduction, copy: Copy, spoiled: int, reason: str) -> Reproduced:
    """卡纸、印坏: the number goes void with its reason, the spoiled sheets are counted; the use is not given back."""
    run = _making.opened(person, run, NOT_VOID)
    row = run.made.select_related("copy__document").filter(copy=copy).first()
    if row is None or not reason.strip():
        raise Refused(Decision.refuse("waste_form", "C2.2", "须写明废页张数和原因"), NOT_VOID)
    insist(making.waste_counted(spoiled, row.copy.pages, row.printed_at is not None), NOT_VOID)
    _ledger.move(row.copy, Event.VOID, person, Line(note=reason.strip(), register_no=run.number, ref=run.item_key), not_done=NOT_VOID)
    row.spoiled = spoiled
    row.save()
    deeds.note(counts={"spoiled": spoiled}, reason=reason)
    return row


@deed("copies:finish_reproduction", subject="")
def finish_reproduction(person: Person, run: Reproduction, waste: int, waste_how: str, stamped: bool) -> Reproduction:
    """登记发放: waste counted, copies stamped and handed to whom they were made for, who sign on their own screens.

    Somebody who has left the scope since gets none: that copy stays with its custodian.
    """
    run = _making.opened(person, run, NOT_FINISHED)
    rows = list(run.made.select_related("copy__document", "recipient").order_by("pk"))
    good = [row for row in rows if row.copy.state != State.VOID]
    insist(making.may_finish(_sheets(rows, good, waste, waste_how)), NOT_FINISHED)
    if run.act == "copy" and not stamped:
        raise Refused(Decision.refuse("not_stamped", "M2.1", "复制件须加盖复制戳记,按原件管理"), NOT_FINISHED)
    if run.method == Method.PRINT and any(row.printed_at is None for row in good):
        raise Refused(Decision.refuse("not_printed", "C2.2", "还有份没有打印"), NOT_FINISHED)
    run.waste, run.waste_how, run.stamped, run.finished_at = waste, waste_how.strip(), stamped, clock.now()
    run.save()
    given = [_hand_out(person, run, row) for row in good if row.recipient and run.until]
    approval = Approval.objects.get(uid=run.approval_uid)
    grants.register(approval, run.number)
    grants.close(approval)
    deeds.note(counts={"copies": len(good), "given": sum(given), "waste": waste + sum(row.spoiled or 0 for row in rows)})
    return run


def _sheets(rows: Sequence[Reproduced], good: Sequence[Reproduced], waste: int, waste_how: str) -> Sheets:
    void = [row for row in rows if row not in good]
    return Sheets(len(good), len(void), sum(row.spoiled is not None for row in void), waste, bool(waste_how.strip()))


def _hand_out(person: Person, run: Reproduction, row: Reproduced) -> bool:
    to, until = row.recipient, run.until
    assert to is not None and until is not None  # the caller looked
    if row.copy.state in GONE or not queries.knows(to, run.document, "read").allow:
        return False
    line = Line(
        holder=to, signer=to, due_at=clock.end_of(until), register_no=run.number, ref=run.item_key, approval_uid=run.approval_uid
    )
    _ledger.move(row.copy, Event.ISSUE, person, line, not_done=NOT_FINISHED)
    return True
