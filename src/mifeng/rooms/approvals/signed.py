"""Electronic signs of a request, for the boxes of printed forms: who, as what, for whom, when, which entry of the log."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from mifeng.base import codes
from mifeng.base.models import LogIndex
from mifeng.base.registers import Signed
from mifeng.clauses import matrix
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.people.models import Person

DECIDED = ("approvals:approve", "approvals:return")
# Somebody approved it, whatever became of the approval.
DECIDED_STATES = frozenset({"approved", "executing", "registered", "closed", "lapsed", "revoked"})


def asked(approval: Approval) -> Signed:
    """The sign of the applicant, under what he asked."""
    applicant = approval.applicant
    return Signed(applicant.name, post=_post(applicant), at=approval.asked_at, log_no=_entry(approval, applicant, approval.asked_at))


def steps(approval: Approval) -> list[Signed]:
    """The signs of the steps that somebody signed, in order, the rows verified. Raises Tampered."""
    return [sign for _no, sign in _numbered(approval)]


def opinions(approval: Approval | None) -> tuple[tuple[Signed, ...], tuple[Signed, ...]]:
    """The signs as far as the request has come: of the steps before the last, and of the last one, which decides.

    Where the last step needed nobody, the one before it decided. Nobody has decided what still waits. Raises Tampered.
    """
    if approval is None:
        return (), ()
    signs = _numbered(approval)
    last = len(approval.steps_list) - 1
    if signs and approval.state in DECIDED_STATES:
        last = signs[-1][0]
    stamps = {_("同意"): pgettext("印章", "批准"), _("退回"): pgettext("印章", "退回")}
    deciding = tuple(replace(sign, stamp=stamps[sign.stamp]) for no, sign in signs if no == last)
    return tuple(sign for no, sign in signs if no != last), deciding


def _numbered(approval: Approval) -> list[tuple[int, Signed]]:
    codes.verify("approval", [approval.pk])
    taken = approval.taken.filter(person__isnull=False).select_related("person", "on_behalf_of").order_by("no", "at")
    words = {"approved": _("同意"), "returned": _("退回")}
    return [
        (row.no, Signed(
            row.person.name, post=_(matrix.post_word(row.post)), on_behalf_of=row.on_behalf_of.name if row.on_behalf_of else "",
            at=row.at, log_no=_entry(approval, row.person, row.at, *DECIDED), stamp=words[row.decision],
            words="" if row.note == words[row.decision] else row.note,
        ))
        for row in taken
    ]  # fmt: skip


def _post(person: Person) -> str:
    return person.title.split("(")[0]


def _entry(approval: Approval, person: Person, at: datetime, *acts: str) -> int | None:
    """The number of the entry under which it was signed: the person's first on that item from that instant on; the index counts ms."""
    found = LogIndex.objects.filter(obj=approval.item_key, actor=person.uid, at__gte=at - timedelta(milliseconds=1), out="allowed")
    return (found.filter(act__in=acts) if acts else found).order_by("seq").values_list("seq", flat=True).first()
