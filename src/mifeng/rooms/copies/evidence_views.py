"""影像 on the page of a destruction list: photographs are brought in, and shown one by one, each with the mark of its reader."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from mifeng.base.refusals import NotThere
from mifeng.rooms.copies import actions, forms, sheets
from mifeng.rooms.copies.destruction_lists import Listing
from mifeng.rooms.copies.rules.destroying import Step
from mifeng.rooms.documents import queries as papers
from mifeng.rooms.documents import work
from mifeng.rooms.people.models import Person


def shown(person: Person, listed: Listing) -> dict[str, Any]:
    """The photographs of a list, and whether this person may add some."""
    found = listed.first
    present = person.pk in (found.executor_id, found.watcher1_id, found.watcher2_id)
    adds = present and listed.step in (Step.EXECUTED, Step.DONE)
    pictures = [
        {"uid": row.uid, "no": no, "by": row.by, "at": row.at, "unchecked": row.upload.scan != "clean"}
        for no, row in enumerate(found.evidence.select_related("by", "upload").order_by("pk"), start=1)
    ]  # fmt: skip
    return {"pictures": pictures, "evidence_form": forms.EvidenceForm(auto_id="id_evidence_%s") if adds else None}


def add(request: HttpRequest, found: Listing) -> list[str]:
    """附影像: what the form's script brought in, and what came with the form itself. Returns why not, for the form; [] = done."""
    received = [work.take_in(request.person, file) for file in request.FILES.getlist("files")]
    uploads = [*papers.uploads_of(request.POST.getlist("upload"), request.person), *(row for row in received if row.state == "accepted")]
    for upload in uploads:
        actions.add_evidence(request.person, found.uid, upload)
    faults = [_("%(name)s：%(why)s") % {"name": row.name, "why": row.reason} for row in received if row.state == "rejected"]
    return faults or ([] if uploads else [_("请先选照片")])


def picture(request: HttpRequest, found: Listing) -> HttpResponse:
    """One photograph as JPEG: the deed is committed before a byte is made."""
    row, issue = actions.see_evidence(request.person, found.uid, request.POST.get("picture", ""))
    data = sheets.picture(row, issue)
    if data is None:
        raise NotThere
    answer = HttpResponse(data, content_type="image/jpeg")
    answer["Cache-Control"] = "no-store"
    return answer
