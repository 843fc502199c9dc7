"""Deeds on copies that are not where they should be: missing, found again, treated as a leak (G4.2, M7.2)."""

from mifeng.base import clock, codes, deeds
from mifeng.base.deeds import deed
from mifeng.base.refusals import Refused, insist
from mifeng.engines.access import Decision
from mifeng.rooms.copies import stock_queries
from mifeng.rooms.copies.actions import _incidents, _ledger, _missing
from mifeng.rooms.copies.actions._ledger import Line
from mifeng.rooms.copies.facts import Event
from mifeng.rooms.copies.models import Copy, Movement
from mifeng.rooms.copies.rules import keeping
from mifeng.rooms.people.models import Person


@deed("copies:report_missing")
def report_missing(person: Person, copy: Copy, reason: str) -> Movement:
    """报下落不明: the custodian does not find the copy; an incident is drafted and its days begin to run (G4.2)."""
    codes.verify("copy", [copy.pk])
    copy.refresh_from_db()
    insist(keeping.may_act(copy.facts(), person.pk), "未登记")
    if not reason.strip():
        raise Refused(Decision.refuse("missing_reason", "G4.2", "未见到的须逐份写明情况"), "未登记")
    return _missing.miss(person, copy, reason.strip())


@deed("copies:report_found")
def report_found(person: Person, copy: Copy, pages: int, explanation: str, sealed_again: bool) -> Movement:
    """找回: where it was and why is explained, its pages are counted, and it is sealed again before it goes back (G4.2).

    A copy that lacks pages is not found: it stays missing until they are.
    """
    codes.verify("copy", [copy.pk])
    copy.refresh_from_db()
    insist(keeping.may_act(copy.facts(), person.pk), "未登记")
    if not explanation.strip() or not sealed_again:
        raise Refused(Decision.refuse("found_explained", "G4.2", "找回须说明经过,并重新封装"), "未登记")
    if pages != copy.pages:
        raise Refused(Decision.refuse("found_whole", "G4.2", "清点页数与登记不符,缺页未找回之前此份仍按下落不明"), "未登记")
    return _ledger.move(copy, Event.FIND, person, Line(note=explanation.strip()), not_done="未登记")


@deed("copies:treat_as_leak")
def treat_as_leak(person: Person, copy: Copy) -> Movement | None:
    """The days of a missing copy are over: it is treated as a leak (M7.2). None: it was found meanwhile."""
    codes.verify("copy", [copy.pk])
    last = next((end for one, end in stock_queries.missing() if one.pk == copy.pk), None)
    if last is None or last >= clock.today():
        return None
    copy.refresh_from_db()
    line = _ledger.move(copy, Event.LEAK, person, Line(), not_done="未登记")
    _incidents.draft(copy, "下落不明已逾期限,按泄密处理", "M7.2", person, line.uid)
    deeds.note(obj=copy.document.item_key)
    return line
