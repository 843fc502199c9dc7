"""The one way in which anything happens to a copy. Not a deed: called inside the deeds of this room and of those above.

A line is added to the copy's ledger and the copy's own row is made to say the same; nothing else writes either.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max

from mifeng.base import clock, codes, deeds, duties, room
from mifeng.base.refusals import Refused, insist
from mifeng.engines.access import Decision
from mifeng.rooms.copies import queries
from mifeng.rooms.copies.facts import AWAY, PLACED, Event, State
from mifeng.rooms.copies.models import STANDS, Copy, Movement, Place
from mifeng.rooms.copies.rules import keeping, states
from mifeng.rooms.documents.models import Document
from mifeng.rooms.people.models import Person

IN_HANDS = frozenset({State.ISSUED, State.LENT, State.OUT})  # where somebody keeps it by himself
KEEP: Any = object()  # what the line does not change


@dataclass(frozen=True)
class Line:
    """What a line says beyond its event. Not said: as it stands. `due_at`: instant, end exclusive; None = no date.

    `signer`: who must sign for it. `ref`, `register_no`, `approval_uid`: the row and number of a customary register.
    """

    holder: Person = KEEP
    custodian: Person = KEEP
    place: Place | None = KEEP
    pages: int = KEEP
    due_at: datetime | None = KEEP
    level: int = KEEP
    signer: Person | None = None
    signed: bool = False
    outside: str = ""
    note: str = ""
    register_no: str = ""
    ref: str = ""
    approval_uid: str = ""
    corrects: Movement | None = None


def number(
    document: Document, by: Person, custodian: Person, *, pages: int, given: int | None = None, of: Copy | None = None,
    line: Line | None = None,
) -> Copy:
    """A new copy of the item, numbered next in its series: 000004; a reproduction `of` a copy: 000002复01.

    `given`: the number that an issuer printed on it. Inside a deed. Raises Refused: a number that is there already.
    """
    taken = Copy.objects.filter(document=document)
    n = of.n if of else given or (taken.filter(rep=0, given=False).aggregate(n=Max("n"))["n"] or 0) + 1
    rep = (taken.filter(n=n).aggregate(n=Max("rep"))["n"] or 0) + 1 if of else 0
    if taken.filter(n=n, rep=rep).exists():
        raise Refused(Decision.refuse("copy_number_taken", "G4.4", "此份号已登记"), "未编号")
    copy = Copy(document=document, n=n, rep=rep, given=given is not None, moves=0, state="", level=document.level,
                custodian=custodian, holder=custodian, pages=pages)  # fmt: skip
    insist(keeping.may_keep(queries.keeper(document, custodian), document.level), "未编号")
    _write(copy, Event.NUMBER, by, line or Line())
    return copy


def move(copy: Copy, event: Event, by: Person, line: Line | None = None, *, not_done: str) -> Movement:
    """Let this happen to the copy, if the life of a copy allows it; gives the line. Inside a deed. Raises Refused.

    A copy that comes back, or stays with its custodian, is in his hands; one that leaves the cupboard has no place.
    """
    codes.verify("copy", [copy.pk])
    copy.refresh_from_db()
    insist(states.may_happen(State(copy.state), event), not_done)
    return _write(copy, event, by, line or Line())


def _write(copy: Copy, event: Event, by: Person, line: Line) -> Movement:
    state = states.after(State(copy.state) if copy.state else None, event)
    for name in ("holder", "custodian", "place", "pages", "due_at", "level"):
        told = getattr(line, name)
        if told is not KEEP:
            setattr(copy, name, told)
    copy.state = state
    if state not in AWAY:
        copy.holder, copy.due_at = (copy.custodian if line.holder is KEEP else line.holder), None
    if state not in PLACED:
        copy.place = None
    if state in IN_HANDS and copy.holder_id != copy.custodian_id:
        insist(keeping.may_hold(copy.facts(), queries.keeper(copy.document, copy.holder).appointed), "未登记")
    return _append(copy, event, by, line)


def _append(copy: Copy, event: Event, by: Person, line: Line) -> Movement:
    copy.moves += 1
    copy.save()
    at = clock.now()
    made = Movement.objects.create(
        copy=copy, no=copy.moves, event=event, at=at, by=by, signer=line.signer, signed_at=at if line.signed else None,
        register_no=line.register_no, ref=line.ref, approval_uid=line.approval_uid, corrects=line.corrects,
        outside=line.outside, note=line.note, **{name: getattr(copy, name) for name in STANDS},
    )  # fmt: skip
    if line.signer and not line.signed:
        duties.remind(line.signer.pk, "sign_for", copy.item_key, once=made.uid)
    deeds.note(obj=copy.document.item_key, copy=copy.number, register=line.register_no or None)
    room.moved(made)
    return made


def restore(copy: Copy, taken: Movement, by: Person, reason: str) -> Movement:
    """撤回 of the copy's last line: a new line that says what stood before it."""
    before = copy.ledger.get(no=taken.no - 1)
    for name in STANDS:
        setattr(copy, name, getattr(before, name))
    return _append(copy, Event.TAKE_BACK, by, Line(corrects=taken, note=reason))


def offer(copy: Copy, by: Person, to: Person, reason: str) -> Movement:
    """A custody is offered: the line stands in the ledger, the copy stays where it is until `to` has signed."""
    codes.verify("copy", [copy.pk])
    copy.refresh_from_db()
    insist(states.may_happen(State(copy.state), Event.HAND_OVER), "未移交")
    return _append(copy, Event.HAND_OVER, by, Line(signer=to, note=reason))


def take_over(offered: Movement, to: Person) -> Movement:
    """The second signature: custody moves, and the chain shows both (G4.1)."""
    return move(offered.copy, Event.TAKE_OVER, to, Line(custodian=to, ref=offered.uid, note=offered.note), not_done="未签收")
