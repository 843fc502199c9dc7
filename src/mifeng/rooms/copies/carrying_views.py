"""Pages of carrying out: the application, the count at the door, the count when back."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mifeng.base import language
from mifeng.base.refusals import NotThere, Refused, tried
from mifeng.rooms.approvals import queries as approval_queries
from mifeng.rooms.copies import actions, carrying_forms, granted, queries
from mifeng.rooms.copies.actions.carrying import Trip
from mifeng.rooms.copies.facts import CARRY_TO, MEASURE_WORDS, STATE_WORDS, Event, Measure, State
from mifeng.rooms.copies.models import CarryOut, Copy
from mifeng.rooms.copies.rules import states
from mifeng.rooms.copies.views import tone
from mifeng.rooms.documents.marking import mark_text
from mifeng.rooms.people.models import Person


def ask(request: HttpRequest, uid: str) -> HttpResponse:
    """申请携带外出 of copies of one item."""
    document = actions.open_application(request.person, request.sitting, uid, "carry_out")
    copies = [copy for copy in queries.of_document(document) if states.may_happen(State(copy.state), Event.CARRY_OUT).allow]
    form = carrying_forms.AskForm(request.POST or None, copies=[(copy.uid, copy.number) for copy in copies])
    refusal = None
    if form.is_bound and form.is_valid():
        wanted = _trip(form.cleaned_data, copies)
        approval, refusal = tried(lambda: actions.ask_carry_out(request.person, document, request.sitting, wanted))
        if approval:
            return HttpResponseRedirect(f"/approvals/{approval.uid}/")
    context = {"document": document, "mark": mark_text(document), "form": form, "copies": copies, "refusal": refusal}
    return render(request, "copies/carry_ask.html", context, status=403 if refusal else 422 if form.is_bound else 200)


def _trip(told: dict[str, Any], copies: list[Copy]) -> Trip:
    people = {person.uid: person for person in Person.objects.filter(uid__in=[told["bearer"], told["companion"]])}
    return Trip(
        copies=[copy for copy in copies if copy.uid in told["copies"]], bearer=people[told["bearer"]],
        companion=people.get(told["companion"]), destination=told["destination"], place=told["place"], out=told["out"],
        back=told["back"], purpose=told["purpose"], route=told["route"], measures=frozenset(map(Measure, told["measures"])),
    )  # fmt: skip


def job(request: HttpRequest, uid: str) -> HttpResponse:
    """One trip: what was approved, who counts what at the door."""
    return _page(request, actions.open_job(request.person, uid))


def _page(request: HttpRequest, found: granted.Job, wrong: str = "", refusal: Refused | None = None) -> HttpResponse:
    approval, person = found.approval, request.person
    if approval.act != "carry_out":
        raise NotThere
    told, wanted = approval.payload_data, approval.granted_now
    trip = CarryOut.objects.filter(approval_uid=approval.uid).select_related("bearer", "companion", "out_by", "back_by").first()
    copies = list(Copy.objects.filter(uid__in=told["copies"]).select_related("custodian").order_by("n", "rep"))
    keeps = all(copy.custodian_id == person.pk for copy in copies)
    live = trip is None and granted.live_grant(approval) is not None
    rows = {row.copy_id: row for row in trip.carried.all()} if trip else {}
    context = {
        "job": found, "uid": approval.uid, "trip": trip, "state": approval_queries.state_word(approval), "wanted": wanted,
        "people": list(Person.objects.filter(pk__in=wanted.people)), "kind": _(CARRY_TO.get(wanted.destination, "—")),
        "out": datetime.fromisoformat(told["out"]), "route": told["route"],
        "measures": language.listed(_(MEASURE_WORDS[Measure(code)]) for code in told["measures"]),
        "copies": [
            {"uid": copy.uid, "number": copy.number, "pages": copy.pages, "state": _(STATE_WORDS[State(copy.state)]),
             "tone": tone(copy.state), "row": rows.get(copy.pk)}
            for copy in copies
        ],
        "may_out": found.executes and keeps and live, "may_in": trip is not None and trip.back_at is None and keeps, "wrong": wrong,
        "refusal": refusal,
    }  # fmt: skip
    return render(request, "copies/carry_job.html", context, status=403 if refusal else 422 if wrong else 200)


@require_POST
def deed(request: HttpRequest, uid: str) -> HttpResponse:
    """出门清点, 返回清点: one figure a copy."""
    found, do = granted.find(request.person, uid), request.POST.get("do", "")
    trip = CarryOut.objects.filter(approval_uid=uid).first()
    if do not in ("out", "in") or found.approval.act != "carry_out" or (do == "in" and trip is None):
        raise NotThere
    typed = {copy: request.POST.get(f"pages-{copy}", "") for copy in found.approval.payload_data["copies"]}
    if not all(text.isdecimal() and len(text) < 6 for text in typed.values()):
        return _page(request, found, _("请逐份填写清点的页数"))
    counted = {copy: int(text) for copy, text in typed.items()}
    _done, refusal = tried(lambda: _count(request, found, trip if do == "in" else None, counted))
    return _page(request, found, refusal=refusal) if refusal else HttpResponseRedirect(f"/copies/trips/{uid}/")


def _count(request: HttpRequest, found: granted.Job, trip: CarryOut | None, counted: dict[str, int]) -> None:
    if trip is None:
        actions.check_out(request.person, request.sitting, found.approval, counted)
    else:
        actions.check_in(request.person, trip, counted)
