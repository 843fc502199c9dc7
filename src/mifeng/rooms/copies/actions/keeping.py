"""Deeds of the custodian: enter copies, put them away, sign, hand over, void, correct, take back."""

from collections.abc import Sequence

from django.utils.translation import gettext_noop

from mifeng.base import clock, codes, deeds, weighing
from mifeng.base.deeds import deed
from mifeng.base.refusals import NotThere, Refused, insist
from mifeng.engines.access import Decision
from mifeng.rooms.copies import queries
from mifeng.rooms.copies.actions import _incidents, _ledger
from mifeng.rooms.copies.actions._ledger import Line
from mifeng.rooms.copies.facts import Event, State
from mifeng.rooms.copies.models import Copy, Movement, Place, Reproduced
from mifeng.rooms.copies.rules import keeping, making
from mifeng.rooms.documents.models import Document
from mifeng.rooms.people.models import Person

MOST_AT_ONCE = 500
VOIDED = gettext_noop("已登记的份由保管人作废，请核对有无实物")
FEWER = gettext_noop("更正减少了登记的页数，请核对是否缺页")


@deed("copies:enter", subject="document")
def enter(person: Person, document: Document, given: Sequence[int], pages: int) -> list[Copy]:
    """Enter copies that an issuer numbered, as they were received: the person who enters them keeps them."""
    insist(queries.knows(person, document, "register_facts"), "未编号")
    if not given or len(given) > MOST_AT_ONCE or len(set(given)) != len(given) or min(given) < 1 or pages < 0:
        raise Refused(Decision.refuse("copy_numbers_form", "G4.4", "请逐一填写原件上的份号,不得重复"), "未编号")
    return [_ledger.number(document, person, person, pages=pages, given=n) for n in sorted(given)]


@deed("copies:store")
def store(person: Person, copies: Sequence[Copy], place: Place, once: str = "") -> list[Movement]:
    """入柜: the custodian puts copies into a place that is strong enough for each (M2.3).

    `once`: key of a scan; a line that bears it is given back instead of written a second time.
    """
    codes.verify("place", [place.pk])
    place.refresh_from_db()
    made = []
    for copy in copies:
        _insist_custodian(person, copy, "未入柜")
        insist(keeping.may_store(copy.document.level, place.facts()), "未入柜")
        made.append(
            _written(person, copy, once)
            or _ledger.move(copy, Event.STORE, person, Line(place=place, ref=_scan(once)), not_done="未入柜")
        )
    deeds.note(counts={"copies": len(made)}, place=place.code)
    return made


def _scan(once: str) -> str:
    return f"scans:{once}" if once else ""


def _written(person: Person, copy: Copy, once: str) -> Movement | None:
    """The line that this scan has written already, though its answer was lost on the way."""
    return copy.ledger.filter(ref=_scan(once), by=person).first() if once else None


def _insist_custodian(person: Person, copy: Copy, not_done: str) -> None:
    codes.verify("copy", [copy.pk])
    copy.refresh_from_db()
    insist(keeping.may_act(copy.facts(), person.pk), not_done)


@deed("copies:return_item")
def return_item(person: Person, copy: Copy, pages: int, once: str = "") -> Movement:
    """收回: the custodian takes a copy back that was in somebody's hands, and counts its pages; `once` as in `store`."""
    _insist_custodian(person, copy, "未收回")
    if line := _written(person, copy, once):
        return line
    if pages != copy.pages:
        raise Refused(Decision.refuse("pages_differ", "C5.2", "清点页数与登记不符,请查明;确有缺页的报下落不明"), "未收回")
    return _ledger.move(copy, Event.RETURN, person, Line(ref=_scan(once)), not_done="未收回")


@deed("copies:offer")
def offer(person: Person, copies: Sequence[Copy], to: Person, reason: str) -> list[Movement]:
    """移交 begins: the custodian signs; the copies stay his until the other has signed, too (G4.1)."""
    if person.pk == to.pk or not reason.strip():
        raise Refused(Decision.refuse("handover_form", "G4.1", "移交须写明事由,不得交给本人"), "未移交")
    made = []
    for copy in copies:
        _insist_custodian(person, copy, "未移交")
        insist(keeping.may_keep(queries.keeper(copy.document, to), copy.document.level), "未移交")
        insist(_may_be_given(to, copy), "未移交")
        made.append(_ledger.offer(copy, person, to, reason))
    deeds.note(counts={"copies": len(made)})
    return made


def _may_be_given(to: Person, copy: Copy) -> Decision:
    return keeping.may_be_given(queries.knows(to, copy.document, "read", "register_facts").allow)


@deed("copies:sign_for")
def sign_for(person: Person, uid: str) -> Movement:
    """签收: whoever was given a copy says so on his own screen; a custody that was offered moves to him now."""
    line = weighing.row_or_another(Movement.objects.select_related("copy__document", "by"), uid)
    if line is None or line.uid != uid or line.signer_id != person.pk:
        raise NotThere
    codes.verify("copy", [line.copy_id])
    deeds.note(obj=line.copy.document.item_key)
    last = line.copy.moves == line.no
    if line.signed_at or (line.event == Event.HAND_OVER and not last):
        raise Refused(Decision.refuse("signed_already", "G4.1", "此件已签收,或移交后又有办理,原移交作废"), "未签收")
    if line.event == Event.HAND_OVER:
        insist(keeping.may_keep(queries.keeper(line.copy.document, person), line.copy.document.level), "未签收")
        insist(_may_be_given(person, line.copy), "未签收")
    line.signed_at = clock.now()
    line.save()
    if line.event == Event.HAND_OVER:
        return _ledger.take_over(line, person)
    return line


@deed("copies:void")
def void(person: Person, copy: Copy, reason: str) -> Movement:
    """作废 of a number that was entered by mistake: it stays, with its reason, and the office is told to look for sheets (G4.2).

    What came of copying is voided in its run, where spoiled sheets are counted.
    """
    _insist_custodian(person, copy, "未作废")
    insist(making.may_void(Reproduced.objects.filter(copy=copy).exists()), "未作废")
    if not reason.strip():
        raise Refused(Decision.refuse("reason_required", "G4.4", "作废须写明原因"), "未作废")
    line = _ledger.move(copy, Event.VOID, person, Line(note=reason.strip()), not_done="未作废")
    _incidents.draft(copy, VOIDED, "G4.2", person, line.uid)
    return line


@deed("copies:correct")
def correct(person: Person, copy: Copy, line_uid: str, pages: int, reason: str) -> Movement:
    """更正: the line that was wrong stays readable, the correction refers to it (G4.4).

    Of pages that become fewer the office is told: what was miscounted and what is missing look alike (G4.2).
    """
    _insist_custodian(person, copy, "未更正")
    wrong = copy.ledger.filter(uid=line_uid).first()
    if wrong is None or not reason.strip() or pages < 0:
        raise Refused(Decision.refuse("correction_form", "G4.4", "请指明更正哪一条,并写明原因"), "未更正")
    stood = copy.pages
    line = _ledger.move(copy, Event.CORRECT, person, Line(pages=pages, corrects=wrong, note=reason.strip()), not_done="未更正")
    if pages < stood:
        _incidents.draft(copy, FEWER, "G4.2", person, line.uid)
    return line


@deed("copies:take_back")
def take_back(person: Person, copy: Copy, line_uid: str, reason: str = "") -> Movement:
    """撤回: within ten minutes, by the same person, while nobody acted on it."""
    codes.verify("copy", [copy.pk])
    copy.refresh_from_db()
    line = copy.ledger.filter(uid=line_uid).first()
    if line is None:
        raise NotThere
    insist(queries.line_taken_back(line, copy, person), "未撤回")
    return _ledger.restore(copy, line, person, reason)


@deed("copies:open_copy", reads=True)
def open_copy(person: Person, uid: str, code: str = "") -> Copy:
    """Look at a copy's card, by its address or by its label."""
    copy = queries.find(person, uid, code)
    deeds.note(obj=copy.document.item_key, copy=copy.number)
    return copy


@deed("copies:list", reads=True)
def list_copies(
    person: Person, held: bool, after: int = 0, states_shown: Sequence[State] = (), unplaced: bool = False
) -> queries.Page:
    """The copies that this person keeps, or holds for somebody else; `unplaced`: those he has put into no cupboard (C4.2)."""
    if held:
        found = queries.page_held(person, after)
    else:
        found = queries.page(queries.without_place(person) if unplaced else queries.kept_by(person, states_shown), after)
    deeds.note(counts={"shown": len(found.rows)})
    return found

