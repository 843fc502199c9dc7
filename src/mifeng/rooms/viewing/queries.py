"""Reading what the room keeps."""

from mifeng.engines import watermark
from mifeng.rooms.approvals import queries as approvals
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.documents import queries as documents
from mifeng.rooms.people.models import Person
from mifeng.rooms.viewing.models import Reading


def short_mark(reading: Reading) -> str:
    """The six signs that stand in the footer of every page of this occasion."""
    return watermark.short_id(int(reading.issues.get().mark, 16))


def open_pages(reading: Reading) -> list[int]:
    """The pages of the file that may be turned in this occasion: all, or those that its reader judges now."""
    every = list(range(1, reading.file.pages + 1))
    if reading.purpose != "judge":
        return every
    judging = approvals.judging(reading.person, reading.document.item_key)
    return [page for page in every if any(one.opens(page) for one in judging)]


def has_judged(person: Person, approval: Approval) -> bool:
    """This person has turned to the last of the pages that the request concerns since it was sent; False without pages."""
    document = documents.of_key(approval.item_key) if approval.item_key.startswith("documents:") else None
    file = document and document.files.filter(state="ready").order_by("-version", "pk").first()
    if file is None:
        return False
    last = max(approval.granted_now.pages or {max(file.pages, 1)})
    return Reading.objects.filter(file=file, person=person, opened_at__gte=approval.asked_at, farthest__gte=last).exists()


def request_of(reading: Reading) -> str:
    """The address of the request for which its reader reads; "" when he reads on other grounds or decides no more."""
    found = approvals.judging(reading.person, reading.document.item_key) if reading.purpose == "judge" else []
    return f"/approvals/{found[0].approval.uid}/" if found else ""
