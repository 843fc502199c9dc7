"""Pages of copying and first print: the application, what waits to be carried out, one run with its copies."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mifeng.base.refusals import NotThere, Refused, tried
from mifeng.base.widgets import Choice
from mifeng.clauses import matrix
from mifeng.rooms.approvals import actions as approvals
from mifeng.rooms.approvals import queries as approval_queries
from mifeng.rooms.approvals.facts import pages_word
from mifeng.rooms.copies import actions, granted, making_forms, queries, sheets
from mifeng.rooms.copies.actions.reproducing import Wish
from mifeng.rooms.copies.facts import GONE, LOST, METHOD_WORDS, STATE_WORDS, Method, State
from mifeng.rooms.copies.models import Copy, Reproduction
from mifeng.rooms.copies.rules.making import FOREIGN
from mifeng.rooms.copies.views import tone
from mifeng.rooms.documents.marking import mark_text
from mifeng.rooms.documents.models import Document
from mifeng.rooms.people.models import Person

TOP_SECRET = 30


def ask(request: HttpRequest, uid: str) -> HttpResponse:
    """申请复制、印制 of one item, by somebody in its scope."""
    document = actions.open_application(request.person, request.sitting, uid, "copy")
    originals = [copy for copy in queries.of_document(document) if not copy.rep and copy.state not in GONE | LOST]
    choices = [Choice(copy.uid, copy.number, "", _(STATE_WORDS[State(copy.state)])) for copy in originals]
    last = queries.pages_of(document)
    first = {"method": Method.PRINT, "pages": pages_word(range(1, last + 1)), "count": 1,
             "source": choices[0].key if choices else ""}  # fmt: skip
    foreign = document.origin in FOREIGN and document.level >= TOP_SECRET
    form = making_forms.AskForm(request.POST or None, initial=first, sources=choices, foreign=foreign)
    refusal = None
    if form.is_bound and form.is_valid():
        wanted = _wish(form.cleaned_data, originals)
        approval, refusal = tried(lambda: actions.ask_reproduction(request.person, document, request.sitting, wanted))
        if approval:
            return HttpResponseRedirect(f"/approvals/{approval.uid}/")
    context = {"document": document, "mark": mark_text(document), "form": form, "first": not choices, "last": last,
               "refusal": refusal}  # fmt: skip
    return render(request, "copies/ask.html", context, status=403 if refusal else 422 if form.is_bound else 200)


def _wish(told: dict[str, Any], originals: list[Copy]) -> Wish:
    source = next((copy for copy in originals if copy.uid == told.get("source")), None)
    return Wish(
        method=Method(told["method"]), pages=told["pages"], count=told["count"], purpose=told["purpose"], source=source,
        recipients=told["to"], until=told["until"], consent=told.get("consent", ""),
    )  # fmt: skip


def jobs(request: HttpRequest) -> HttpResponse:
    """What is approved and waits for me to carry it out."""
    rows = [_line(approval, document) for approval, document in actions.list_jobs(request.person)]
    return render(request, "copies/jobs.html", {"rows": rows})


def _line(approval: Any, document: Document) -> dict[str, Any]:
    wanted, grant = approval.granted_now, granted.live_grant(approval)
    return {
        "url": granted.place(approval), "number": document.number or document.uid[:8], "level": document.level,
        "act": _(matrix.act(approval.act).zh), "applicant": approval.applicant, "count": wanted.copies,
        "pages": pages_word(wanted.pages), "left": grant.uses_left if grant else 0, "until": grant.until if grant else None,
        "state": approval_queries.state_word(approval),
    }  # fmt: skip


def job(request: HttpRequest, uid: str) -> HttpResponse:
    """One approval and what was made of it."""
    return _job(request, actions.open_job(request.person, uid))


def _job(
    request: HttpRequest, found: granted.Job, bound: dict[str, Any] | None = None, not_taken: bool = False,
    refusal: Refused | None = None,
) -> HttpResponse:  # fmt: skip
    if found.approval.act not in making_forms.ACTS:
        raise NotThere
    approval, run = found.approval, Reproduction.objects.filter(approval_uid=found.approval.uid).select_related("operator").first()
    line = _line(approval, found.document)
    told = approval.payload_data
    source = Copy.objects.filter(uid=told["copy"]).first()
    mine = found.executes and (run is None or run.operator_id == request.person.pk)
    open_run = run is not None and run.finished_at is None
    spent = sum(grant.uses - (grant.uses_left or 0) for grant in approval.grants.filter(replaces=None))
    may = {
        "reproduce": mine and line["left"] > 0, "finish": mine and open_run, "jam": mine and open_run,
        "replace": found.approves and open_run and spent > 0,
    }  # fmt: skip
    first = {"reproduce": {"count": line["left"] or 1}, "replace": {"count": 1}}
    context = {
        "job": found, "line": line, "run": run, "copies": _copies(run, mine), "may": may, "source": source,
        "labels": _labels(run, request.person),
        "method": _(METHOD_WORDS[Method(told["method"])]), "uid": approval.uid, "prints": told["method"] == Method.PRINT,
        "forms": {
            name: (bound or {}).get(name) or form(initial=first.get(name), auto_id=f"id_{name}_%s")
            for name, form in making_forms.RUN_FORMS.items()
        },
        "printer": sheets.can_print(settings.ENV.printer), "not_taken": not_taken, "refusal": refusal,
        "failed": None if refusal else next(iter((bound or {}).values()), None),
    }  # fmt: skip
    return render(request, "copies/job.html", context, status=403 if refusal else 422 if bound else 502 if not_taken else 200)


def _copies(run: Reproduction | None, mine: bool) -> list[dict[str, Any]]:
    rows = run.made.select_related("copy__cover", "recipient").order_by("pk") if run else []
    return [
        {
            "uid": row.copy.uid, "number": row.copy.number, "to": row.recipient, "state": _(STATE_WORDS[State(row.copy.state)]),
            "tone": tone(row.copy.state), "printed": row.printed_at, "spoiled": row.spoiled,
            "covered": getattr(row.copy, "cover", None),
            "open": mine and run is not None and run.finished_at is None and row.copy.state == State.NUMBERED,
        }
        for row in rows
    ]  # fmt: skip


def _labels(run: Reproduction | None, person: Person) -> list[str]:
    """The copies of the run whose labels this person prints: those that he keeps and that are not void."""
    rows = run.made.select_related("copy").order_by("pk") if run else []
    return [row.copy.uid for row in rows if row.copy.custodian_id == person.pk and row.copy.state != State.VOID]


@require_POST
def deed(request: HttpRequest, uid: str) -> HttpResponse:
    """A deed on the run from its page."""
    do, person = request.POST.get("do", ""), request.person
    found = granted.find(person, uid)
    if found.approval.act not in making_forms.ACTS:
        raise NotThere
    if do in ("print", "cover", "plain_cover"):
        return _print(request, found, do)
    if do not in DEEDS:
        raise NotThere
    form = making_forms.RUN_FORMS[do](request.POST, auto_id=f"id_{do}_%s")
    if not form.is_valid():
        return _job(request, found, {do: form})
    _done, refusal = tried(lambda: DEEDS[do](person, request.sitting, found, form.cleaned_data))
    return _job(request, found, {do: form}, refusal=refusal) if refusal else HttpResponseRedirect(f"/copies/jobs/{uid}/")


def _run(found: granted.Job) -> Reproduction:
    run = Reproduction.objects.filter(approval_uid=found.approval.uid).first()
    if run is None:
        raise NotThere
    return run


def _copy(found: granted.Job, uid: str) -> Copy:
    copy = Copy.objects.filter(uid=uid, document=found.document).first()
    if copy is None:
        raise NotThere
    return copy


def _replace(person: Person, found: granted.Job, told: dict[str, Any]) -> None:
    grant = found.approval.grants.filter(replaces=None).get()
    approvals.replace(person, grant, told["count"], told["reason"])


DEEDS: dict[str, Any] = {
    "reproduce": lambda who, at, job, told: actions.reproduce(who, at, job.approval, told["count"], told["place"]),
    "jam": lambda who, at, job, told: actions.jam(who, _run(job), _copy(job, told["copy"]), told["spoiled"], told["reason"]),
    "finish": lambda who, at, job, told: actions.finish_reproduction(
        who, _run(job), told["waste"], told["waste_how"], told["stamped"]
    ),
    "replace": lambda who, at, job, told: _replace(who, job, told),
}  # fmt: skip


def _print(request: HttpRequest, found: granted.Job, do: str) -> HttpResponse:
    """The deed is committed, then the first byte is made: to the controlled printer where there is one, else as a file."""
    run, copy = _run(found), _copy(found, request.POST.get("copy", ""))
    if do == "print":
        sheet = actions.print_copy(request.person, request.sitting, run, copy)
        name, data = sheet.code, sheets.pdf(sheet)
    else:
        first = actions.print_cover(request.person, request.sitting, run, copy, plain=do == "plain_cover")
        name, data = f"{first.code}-0", sheets.cover(first)
    queue = settings.ENV.printer
    if sheets.can_print(queue):
        try:
            sheets.hand_over(data, queue, name)
        except sheets.NotPrinted:
            return _job(request, found, not_taken=True)
        return HttpResponseRedirect(f"/copies/jobs/{found.approval.uid}/")
    answer = HttpResponse(data, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer
