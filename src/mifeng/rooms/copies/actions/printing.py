"""The deed that lets the sheets of one copy out: decided, its mark drawn and committed before the first byte is made."""

from dataclasses import replace

from django.utils.translation import gettext_noop

from mifeng.base import clock, codes, deeds
from mifeng.base.deeds import deed
from mifeng.base.refusals import Refused, insist
from mifeng.engines import watermark
from mifeng.engines.access import Decision
from mifeng.rooms.approvals.facts import pages_of
from mifeng.rooms.approvals.models import Approval, Grant
from mifeng.rooms.copies import granted, queries
from mifeng.rooms.copies.actions import _making, _marks
from mifeng.rooms.copies.facts import Method, State
from mifeng.rooms.copies.models import Copy, CoverSheet, Reproduced, Reproduction, SheetMark
from mifeng.rooms.copies.rules import making
from mifeng.rooms.copies.sheets import Cover, Sheets
from mifeng.rooms.documents.marking import issued, mark_text
from mifeng.rooms.people.models import Person, Session
from mifeng.rooms.viewing.facts import PURPOSES
from mifeng.rooms.viewing.pages import Issue

NOT_PRINTED = gettext_noop("未打印")


@deed("copies:print_copy", subject="")
def print_copy(person: Person, session: Session | None, run: Reproduction, copy: Copy) -> Sheets:
    """打印一份: its sheets leave once, marked for the copy and whom it is for. Returns what to draw.

    A second time they leave for nobody: a jam makes the number void, and the approver gives the use again (M2.1).
    """
    run, row = _waiting(person, session, run, copy)
    file = queries.file_of(run.document)
    if file is None:
        raise Refused(Decision.refuse("no_pages", "I9.3", "此件没有可打印的页面,请按纸质原件复印"), NOT_PRINTED)
    if row.printed_at is not None:
        raise Refused(Decision.refuse("printed_once", "M2.1", "此份已打印过一次;卡纸、印坏的请作废此份,由原批准人补发"), NOT_PRINTED)
    row.printed_at = clock.now()
    row.save()
    pages = sorted(page for page in pages_of(run.pages) if page <= max(file.pages, 1))
    deeds.note(copy=row.copy.number, counts={"pages": len(pages), "version": file.version})
    return Sheets(row.copy.code, file, tuple(pages), _issue(run, row))


@deed("copies:print_cover", subject="")
def print_cover(person: Person, session: Session | None, run: Reproduction, copy: Copy, plain: bool = False) -> Cover:
    """红头首页 of one copy, or the plain one: number, mark and title as the item's row says, once, marked for the copy.

    What is approved to be printed has it, and nothing else. Returns what to draw.
    """
    run, row = _waiting(person, session, run, copy)
    if CoverSheet.objects.filter(copy=row.copy).exists():
        raise Refused(Decision.refuse("cover_once", "M2.1", "此份的首页已打印过一次;印坏的请作废此份,由原批准人补发"), NOT_PRINTED)
    CoverSheet.objects.create(reproduction=run, copy=row.copy, plain=plain, by=person, at=clock.now())
    deeds.note(copy=row.copy.number, template="plain" if plain else "red")
    to = row.recipient
    told = issued(
        row.copy.document, copy_no=row.copy.number, addressee=to.department.name if to else "", office=run.operator.department.name,
        plain=plain,
    )  # fmt: skip
    return Cover(row.copy.code, told, replace(_issue(run, row), top=()))


def _waiting(person: Person, session: Session | None, run: Reproduction, copy: Copy) -> tuple[Reproduction, Reproduced]:
    """The run and the line of a copy that has its number and waits to be printed, under an approval in force."""
    run = _making.opened(person, run, NOT_PRINTED)
    row = run.made.select_related("copy__document__department", "recipient__department").filter(copy=copy).first()
    if row is None or row.copy.state != State.NUMBERED or run.method != Method.PRINT:
        raise Refused(Decision.refuse("nothing_to_print", "C2.2", "没有这一份待打印"), NOT_PRINTED)
    _insist_in_force(person, session, run, row)
    return run, row


def _insist_in_force(person: Person, session: Session | None, run: Reproduction, row: Reproduced) -> None:
    """The approval was not revoked since the number was given, its grant is not over, the item is not frozen nor replaced."""
    approval = Approval.objects.get(uid=run.approval_uid)
    grant = Grant.objects.get(uid=row.grant_uid)
    codes.verify("grant", [grant.pk])
    live = approval.state == "executing" and grant.state == "approved" and clock.now() < grant.until
    granted.insist_may(person, session, run.document, approval, live=live, not_done=NOT_PRINTED)
    insist(making.as_judged(approval.payload_data["version"], queries.version_of(run.document)), NOT_PRINTED)


def _issue(run: Reproduction, row: Reproduced) -> Issue:
    """A mark of its own for this copy, entered in the register of marks, and the words that are drawn into its sheets.

    Its first page and its other sheets bear the same one.
    """
    copy, to = row.copy, row.recipient or run.operator
    made = SheetMark.objects.filter(copy=copy).first() or _marks.drawn(
        SheetMark, to, copy.number, watermark.EDGE_PAPER, reproduction=run, copy=copy
    )
    mark = int(made.mark, 16)
    who = f"{to.name} {copy.number}"
    footer = " · ".join([copy.number, to.name, to.department.name, run.number, PURPOSES["print"], watermark.short_id(mark)])
    return Issue(mark, made.epoch, (copy.number, mark_text(copy.document)), footer, who, who, made.edge)
