"""Reading what the room keeps."""

from mifeng.engines import watermark
from mifeng.rooms.approvals import queries as approvals
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


def request_of(reading: Reading) -> str:
    """The address of the request for which its reader reads; "" when he reads on other grounds or decides no more."""
    found = approvals.judging(reading.person, reading.document.item_key) if reading.purpose == "judge" else []
    return f"/approvals/{found[0].approval.uid}/" if found else ""
