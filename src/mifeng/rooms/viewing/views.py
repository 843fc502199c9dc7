"""The reader: a canvas, one-time tickets, one marked page at a time."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mifeng.base import clock
from mifeng.base.refusals import NotThere
from mifeng.rooms.documents.marking import mark_text
from mifeng.rooms.people.models import new_token, token_hash
from mifeng.rooms.viewing import actions, pages, queries, rules
from mifeng.rooms.viewing.models import PageTicket, Reading, Receipt

TICKET_SECONDS = 30


def read(request: HttpRequest, uid: str) -> HttpResponse:
    """Begin reading: the page frame; pixels come ticket by ticket."""
    reading, file = actions.open_document(request.person, request.sitting, uid)
    document, judging = reading.document, reading.purpose == "judge"
    context = {
        "document": document, "file": file, "reading": reading, "pages": queries.open_pages(reading),
        "back": queries.request_of(reading) or f"/documents/{document.uid}/",
        "mark": mark_text(document), "judging": judging, "short_mark": queries.short_mark(reading),
        "right": _("到决定为止") if judging else "", "grace": rules.grace_seconds(document.level, clock.today()),
        "receipt": Receipt.objects.filter(document=document, person=request.person, version=file.version).first(),
    }  # fmt: skip
    return render(request, "viewing/read.html", context)


def _mine(request: HttpRequest, uid: str) -> Reading:
    """The occasion of this person in this session; anything else is not there."""
    found = Reading.objects.select_related("document", "file", "person__department").filter(
        uid=request.POST.get("reading", ""), document__uid=uid, person=request.person, session=request.sitting
    ).first()  # fmt: skip
    if found is None:
        raise NotThere
    return found


@require_POST
def ticket(request: HttpRequest, uid: str, page: int) -> JsonResponse:
    """A one-time ticket for one page: 30 seconds, this session, this occasion."""
    reading, token = _mine(request, uid), new_token()
    PageTicket.objects.create(
        token_hash=token_hash(token), reading=reading, page=page, until=clock.now() + timedelta(seconds=TICKET_SECONDS)
    )
    return JsonResponse({"ticket": token})


@require_POST
def page(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """One marked page as JPEG; the ticket is spent first, the deed is committed before a byte is made."""
    row = PageTicket.objects.select_related("reading__document", "reading__file", "reading__person__department").filter(
        token_hash=token_hash(token), reading__document__uid=uid, reading__session=request.sitting
    ).first()  # fmt: skip
    spent = row and PageTicket.objects.filter(pk=row.pk, used=False, until__gt=clock.now()).update(used=True)
    if not spent:
        raise NotThere
    issue = actions.open_page(request.person, request.sitting, row.reading, row.page)
    return HttpResponse(pages.page_image(row.reading.file, row.page, issue), content_type="image/jpeg")


@require_POST
def acknowledge(request: HttpRequest, uid: str) -> HttpResponse:
    """已阅."""
    actions.acknowledge(request.person, request.sitting, _mine(request, uid))
    return HttpResponseRedirect(f"/documents/{uid}/")
