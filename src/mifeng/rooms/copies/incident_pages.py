"""异常: what was noticed about copies and waits for the incidents' own room."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mifeng.base import language
from mifeng.rooms.copies import actions


def drafts(request: HttpRequest) -> HttpResponse:
    """The drafts that nobody has taken up yet, newest first."""
    found = actions.list_incidents(request.person)
    rows = [{"row": one, "why": language.said(one.why), "number": one.copy.document.number or one.copy.document.uid[:8]} for one in found]
    return render(request, "copies/incidents.html", {"rows": rows})
