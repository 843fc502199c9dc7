"""The deed that lets the sheets of one copy out: decided, its mark drawn and committed before the first byte is made."""

from django.utils.translation import gettext_noop

from mifeng.base import clock, codes, deeds
from mifeng.base.deeds import deed
from mifeng.base.refusals import Refused, insist
from mifeng.engines import watermark
from mifeng.engines.access import Decision
from mifeng.rooms.approvals.facts import pages_of
from mifeng.rooms.approvals.models import Approval, Grant
from mifeng.rooms.copies import granted, queries
from mifeng.rooms.copies.actions import _making
from mifeng.rooms.copies.facts import Method, State
from mifeng.rooms.copies.models import Copy, Reproduced, Reproduction, SheetMark
from mifeng.rooms.copies.rules import making
from mifeng.rooms.copies.sheets import Sheets
from mifeng.rooms.documents.marking import mark_text
from mifeng.rooms.people.models import Person, Session
from mifeng.rooms.viewing.facts import PURPOSES
from mifeng.rooms.viewing.pages import Issue

NOT_PRINTED = gettext_noop("未打印")


@deed("copies:print_copy", subject="")
def print_copy(person: Person, session: Session | None, run: Reproduction, copy: Copy) -> Sheets:
    """打印一份: its sheets leave once, marked for the copy and whom it is for. Returns what to draw.

    A second time they leave for nobody: a jam makes the number void, and the approver gives the use again (M2.1).
    """
    run = _making.opened(person, run, NOT_PRINTED)
    row = run.made.select_related("copy__document__department", "recipient").filter(copy=copy).first()
    if row is None or row.copy.state != State.NUMBERED or run.method != Method.PRINT:
        raise Refused(Decision.refuse("nothing_to_print", "C2.2", "没有这一份待打印"), NOT_PRINTED)
    _insist_in_force(person, session, run, row)
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


def _insist_in_force(person: Person, session: Session | None, run: Reproduction, row: Reproduced) -> None:
    """The approval was not revoked since the number was given, its grant is not over, the item is not frozen nor replaced."""
    approval = Approval.objects.get(uid=run.approval_uid)
    grant = Grant.objects.get(uid=row.grant_uid)
    codes.verify("grant", [grant.pk])
    live = approval.state == "executing" and grant.state == "approved" and clock.now() < grant.until
    granted.insist_may(person, session, run.document, approval, live=live, not_done=NOT_PRINTED)
    insist(making.as_judged(approval.payload_data["version"], queries.version_of(run.document)), NOT_PRINTED)


def _issue(run: Reproduction, row: Reproduced) -> Issue:
    """A mark of its own for this copy, entered in the register of marks, and the words that are drawn into its sheets."""
    at, copy = clock.now(), row.copy
    local, mark = clock.local(at), watermark.new_mark_id()
    to = row.recipient or run.operator
    made = SheetMark.objects.create(
        reproduction=run, copy=copy, mark=f"{mark:012x}", epoch=f"{local.year}Q{(local.month + 2) // 3}", at=at,
        reader=f"{to.uid}|{to.name}|{to.department.name}|{to.login}|{copy.number}", edge=watermark.EDGE_PAPER,
    )  # fmt: skip
    who = f"{to.name} {copy.number}"
    footer = " · ".join([copy.number, to.name, to.department.name, run.number, PURPOSES["print"], watermark.short_id(mark)])
    return Issue(mark, made.epoch, (copy.number, mark_text(copy.document)), footer, who, who, made.edge)
