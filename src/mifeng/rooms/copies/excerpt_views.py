"""Pages of excerpting: the application, and the making of what was approved."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from mifeng.base.refusals import NotThere, Refused, tried
from mifeng.rooms.approvals import queries as approval_queries
from mifeng.rooms.approvals.facts import pages_word
from mifeng.rooms.copies import actions, excerpt_forms, granted, queries
from mifeng.rooms.copies.actions.excerpting import Passage
from mifeng.rooms.copies.models import Excerpt
from mifeng.rooms.documents import deriving
from mifeng.rooms.documents import work as papers
from mifeng.rooms.documents.marking import mark_text
from mifeng.rooms.people.models import Person


def ask(request: HttpRequest, uid: str) -> HttpResponse:
    """申请摘抄 of one item."""
    document = actions.open_application(request.person, request.sitting, uid, "excerpt")
    first = {"knowers": request.person.name, "level": document.level}
    form = excerpt_forms.AskForm(request.POST or None, initial=first, lowest=document.level)
    refusal = None
    if form.is_bound and form.is_valid():
        wanted = _passage(form.cleaned_data)
        approval, refusal = tried(lambda: actions.ask_excerpt(request.person, document, request.sitting, wanted))
        if approval:
            return HttpResponseRedirect(f"/approvals/{approval.uid}/")
    context = {"document": document, "mark": mark_text(document), "form": form, "last": queries.pages_of(document),
               "refusal": refusal}  # fmt: skip
    return render(request, "copies/excerpt_ask.html", context, status=403 if refusal else 422 if form.is_bound else 200)


def _passage(told: dict[str, Any]) -> Passage:
    return Passage(
        pages=told["pages"], passage=told["passage"], excerpter=Person.objects.get(uid=told["excerpter"]), purpose=told["purpose"],
        target=told["target"], knowers=told["knowers"], level=told["level"],
    )  # fmt: skip


def job(request: HttpRequest, uid: str) -> HttpResponse:
    """One approval to excerpt: for the excerpter a form, for the others what became of it."""
    if request.method == "POST":
        return _make(request, granted.find(request.person, uid))
    return _page(request, actions.open_job(request.person, uid))


def _page(request: HttpRequest, found: granted.Job, form: Any = None, refusal: Refused | None = None) -> HttpResponse:
    approval = found.approval
    if approval.act != "excerpt":
        raise NotThere
    made = Excerpt.objects.filter(approval_uid=approval.uid).select_related("made", "executor").first()
    pages, live = pages_word(approval.granted_now.pages), granted.live_grant(approval) is not None
    context = {
        "job": found, "made": made, "pages": pages, "passage": approval.payload_data["passage"],
        "state": approval_queries.state_word(approval), "knows": made is not None and papers.may_know(request.person, made.made),
        "form": form or (excerpt_forms.MakeForm(initial={"pages": pages}) if found.executes and live and made is None else None),
        "refusal": refusal,
    }  # fmt: skip
    return render(request, "copies/excerpt_job.html", context, status=403 if refusal else 422 if form else 200)


def _make(request: HttpRequest, found: granted.Job) -> HttpResponse:
    form = excerpt_forms.MakeForm(request.POST)
    if not found.executes:  # nobody else's text becomes a file
        raise NotThere
    if not form.is_valid() or found.approval.act != "excerpt":
        return _page(request, found, form)
    _made, refusal = tried(lambda: _take(request, found, form.cleaned_data))
    if refusal:
        return _page(request, found, form, refusal)
    return HttpResponseRedirect(f"/copies/excerpts/{found.approval.uid}/")


def _take(request: HttpRequest, found: granted.Job, told: dict[str, Any]) -> Excerpt:
    upload = deriving.take_text(request.person, told["title"], told["text"], "excerpt.pdf")
    return actions.make_excerpt(
        request.person, request.sitting, found.approval, told["pages"], told["title"], told["text"], upload, told["notebook"]
    )
