"""Deeds of filing: a noted paper goes into a place with a code, or is kept out by name until a day (D1)."""

from datetime import date

from django.utils.translation import gettext_noop

from mifeng.base import clock, codes, deeds
from mifeng.base.deeds import deed
from mifeng.base.refusals import NotThere, insist
from mifeng.rooms.circulation import queries
from mifeng.rooms.circulation.models import Filing
from mifeng.rooms.circulation.rules import filing as rules
from mifeng.rooms.copies import queries as copies
from mifeng.rooms.copies.actions import _ledger
from mifeng.rooms.copies.actions._ledger import Line
from mifeng.rooms.copies.facts import Event
from mifeng.rooms.copies.models import Place
from mifeng.rooms.people.models import Person

NOT_FILED = gettext_noop("未归档入柜")


def _open(filing: Filing) -> Filing:
    codes.verify("filing", [filing.pk])
    filing.refresh_from_db()
    if filing.filed_at is not None:
        raise NotThere
    return filing


@deed("circulation:file")
def file(person: Person, filing: Filing, place: Place | None) -> Filing:
    """归档入柜: into a place strong enough for it; the place is part of the entry."""
    filing = _open(filing)
    deeds.note(obj=filing.copy.document.item_key, copy=filing.copy.number)
    insist(copies.may_act(person, filing.copy), NOT_FILED)
    insist(rules.may_file(place is not None), NOT_FILED)
    codes.verify("place", [place.pk])
    place.refresh_from_db()
    insist(copies.may_store(filing.copy.document, place), NOT_FILED)
    _ledger.move(filing.copy, Event.STORE, person, Line(place=place, ref=filing.item_key), not_done=NOT_FILED)
    filing.refresh_from_db()
    return filing


@deed("circulation:keep_out")
def keep_out(person: Person, filing: Filing, until: date, reason: str) -> Filing:
    """留用: needed longer, recorded with the last day (local) and what for; after it the paper is late like any other."""
    filing = _open(filing)
    deeds.note(obj=filing.copy.document.item_key, copy=filing.copy.number)
    insist(copies.may_act(person, filing.copy), "未登记留用")
    insist(rules.may_keep_out(until, clock.today(), reason), "未登记留用")
    filing.kept_until, filing.kept_by, filing.reason = until, person, reason.strip()
    filing.save()
    return filing


@deed("circulation:list_filings", reads=True)
def list_filings(person: Person, only_late: bool) -> list[Filing]:
    """待归档: what has been noted and lies in no cupboard; the custodian's own, or all for the head of the office."""
    rows = queries.filings_of(person)
    today, now = clock.today(), clock.now()
    if only_late:
        rows = [row for row in rows if rules.overdue(row.due_at, row.kept_until, today, now)]
    deeds.note(counts={"shown": len(rows)})
    return rows


@deed("circulation:open_filing", reads=True)
def open_filing(person: Person, uid: str) -> Filing:
    """Look at one paper that is to be put away."""
    row = queries.find_filing(person, uid)
    deeds.note(obj=row.copy.document.item_key, copy=row.copy.number)
    return row
