"""What the deeds on one run of copying share: the run as it stands, for its operator. Not a deed."""

from mifeng.base import codes, deeds
from mifeng.base.refusals import Refused
from mifeng.engines.access import Decision
from mifeng.rooms.copies.models import Reproduction
from mifeng.rooms.people.models import Person


def opened(person: Person, run: Reproduction, not_done: str) -> Reproduction:
    """The run as it stands, for its operator while it is not registered yet. Inside a deed. Raises Refused, Tampered."""
    run = Reproduction.objects.select_related("document__department", "operator").get(pk=run.pk)
    codes.verify("reproduction", [run.pk])
    # In plain: whoever has the log alone can hold it against the book, line by line (docs/spec/copies.md).
    deeds.note(obj=run.document.item_key, grant=run.approval_uid, counts={"number": run.serial}, register=run.number)
    if run.operator_id != person.pk:
        raise Refused(Decision.refuse("operator_only", "M2.1", "由执行复制的人办理"), not_done)
    if run.finished_at is not None:
        raise Refused(Decision.refuse("run_is_registered", "C2.2", "此次复制已登记发放,不再办理"), not_done)
    return run
