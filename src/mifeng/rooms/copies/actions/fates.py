"""Deeds on what becomes of a copy: archived with its retention, re-marked after a change of level."""

from collections.abc import Sequence

from mifeng.base import codes, deeds, language
from mifeng.base.deeds import deed
from mifeng.base.refusals import insist
from mifeng.rooms.copies.actions import _filing, _ledger
from mifeng.rooms.copies.actions._ledger import Line
from mifeng.rooms.copies.facts import Event
from mifeng.rooms.copies.models import Copy, Movement
from mifeng.rooms.copies.rules import fates, keeping
from mifeng.rooms.people.models import Person


@deed("copies:archive")
def archive(person: Person, copies: Sequence[Copy], years: int) -> list[Movement]:
    """归档: the custodian files copies with a retention (0 = for ever); how long they are secret is another matter."""
    insist(fates.may_archive(years), "未归档")
    made = []
    for copy in copies:
        codes.verify("copy", [copy.pk])
        copy.refresh_from_db()
        insist(keeping.may_act(copy.facts(), person.pk), "未归档")
        made.append(_filing.file_copy(person, copy, years))
    deeds.note(counts={"copies": len(made)})
    return made


@deed("copies:re_mark")
def re_mark(person: Person, copy: Copy) -> Movement:
    """改标志: the old mark is struck out on every sheet and the new one stands beside it (P4.3)."""
    codes.verify("copy", [copy.pk])
    copy.refresh_from_db()
    insist(fates.may_re_mark(person.pk in (copy.holder_id, copy.custodian_id), copy.level, copy.document.level), "未改标志")
    note = f"{language.level(copy.level)} → {language.level(copy.document.level)}"
    return _ledger.move(copy, Event.REMARK, person, Line(level=copy.document.level, note=note), not_done="未改标志")


@deed("copies:surrender")
def surrender(person: Person, copy: Copy, issuer: str, receipt: str) -> Movement:
    """清退原单位: a copy goes back to whoever issued it, against a receipt; it is nobody's here any more (G4.5)."""
    codes.verify("copy", [copy.pk])
    copy.refresh_from_db()
    insist(keeping.may_act(copy.facts(), person.pk), "未清退")
    insist(fates.may_surrender(copy.given, issuer, receipt), "未清退")
    line = Line(outside=issuer.strip(), note=receipt.strip())
    return _ledger.move(copy, Event.SURRENDER, person, line, not_done="未清退")
