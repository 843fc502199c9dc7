"""Electronic signs of a request, for the boxes of printed forms: who, as what, for whom, when, which entry of the log."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from mifeng.base import codes
from mifeng.base.models import LogIndex
from mifeng.base.registers import Signed
from mifeng.clauses import matrix
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.people.models import Person

DECIDED = ("approvals:approve", "approvals:return")


def asked(approval: Approval) -> Signed:
    """The sign of the applicant, under what he asked."""
    applicant = approval.applicant
    return Signed(applicant.name, post=_post(applicant), at=approval.asked_at, log_no=_entry(approval, applicant, approval.asked_at))


def steps(approval: Approval) -> list[Signed]:
    """The signs of the steps that somebody signed, in order, the rows verified. Raises Tampered."""
    codes.verify("approval", [approval.pk])
    taken = approval.taken.filter(person__isnull=False).select_related("person", "on_behalf_of").order_by("no", "at")
    words = {"approved": _("同意"), "returned": _("退回")}
    return [
        Signed(
            row.person.name, post=_(matrix.post_word(row.post)), on_behalf_of=row.on_behalf_of.name if row.on_behalf_of else "",
            at=row.at, log_no=_entry(approval, row.person, row.at, *DECIDED), stamp=words[row.decision],
            words="" if row.note == words[row.decision] else row.note,
        )
        for row in taken
    ]  # fmt: skip


def _post(person: Person) -> str:
    return person.title.split("(")[0]


def _entry(approval: Approval, person: Person, at: datetime, *acts: str) -> int | None:
    """The number of the entry under which it was signed: the person's first on that item from that instant on; the index counts ms."""
    found = LogIndex.objects.filter(obj=approval.item_key, actor=person.uid, at__gte=at - timedelta(milliseconds=1), out="allowed")
    return (found.filter(act__in=acts) if acts else found).order_by("seq").values_list("seq", flat=True).first()
