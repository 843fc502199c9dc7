"""销毁: what is set aside, the lists, and one list with the step that is due."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from mifeng.base.refusals import NotThere
from mifeng.rooms.copies import actions, destructions, forms, stock_duties
from mifeng.rooms.copies.models import Copy, Destruction
from mifeng.rooms.copies.rules.destroying import METHODS, STEP_WORDS, Step
from mifeng.rooms.people.models import Person

PAGE = "/copies/destructions/"


def _row(person: Person, row: Destruction) -> dict[str, Any]:
    tone = "end" if row.state in destructions.OVER else "warn" if row.state == Step.RETURNED else "run"
    return {
        "url": f"{PAGE}{row.uid}/", "number": row.number or "—", "paper": row.document.number or row.document.uid[:8], "level": row.level,
        "by": row.by, "made": row.made_at, "state": _(STEP_WORDS[Step(row.state)]), "tone": tone,
        "mine": stock_duties.waits_for(person, row),
    }  # fmt: skip


def _groups(person: Person) -> list[dict[str, Any]]:
    """What this custodian has set aside, item by item."""
    found: dict[int, dict[str, Any]] = {}
    for copy in destructions.set_aside(person):
        paper = copy.document
        group = found.setdefault(paper.pk, {"uid": paper.uid, "paper": paper.number or paper.uid[:8], "level": paper.level, "copies": []})
        group["copies"].append(copy.number)
    return list(found.values())


def lists(request: HttpRequest) -> HttpResponse:
    """The lists of this person, and what he may list."""
    person, form = request.person, None
    if request.method == "POST":
        paper = next((copy.document for copy in _mine(person) if copy.document.uid == request.POST.get("paper")), None)
        if paper is None:
            raise NotThere
        form = forms.DestroyForm(request.POST)
        if form.is_valid():
            told = form.cleaned_data
            made = actions.list_for_destruction(person, paper, told["reason"], told["method"], told["place"], told["electronic"])
            return HttpResponseRedirect(f"{PAGE}{made.uid}/")
    context = {
        "rows": [_row(person, row) for row in actions.list_destructions(person)], "groups": _groups(person),
        "form": form or forms.DestroyForm(),
    }  # fmt: skip
    return render(request, "copies/destructions.html", context, status=422 if form is not None else 200)


def _mine(person: Person) -> list[Copy]:
    return destructions.set_aside(person)


def one(request: HttpRequest, uid: str) -> HttpResponse:
    """One list: its copies, its signatures, the step that is due."""
    found = actions.open_destruction(request.person, uid)
    if request.method == "POST":
        return _deed(request, found)
    return _one(request, found)


def _one(request: HttpRequest, found: Destruction, bound: dict[str, Any] | None = None) -> HttpResponse:
    person, step = request.person, Step(found.state)
    waits, mine = stock_duties.waits_for(person, found), person.pk == found.by_id
    context = {
        "one": found, "row": _row(person, found), "method": _(METHODS[found.method]),
        "lines": found.lines.select_related("copy").order_by("pk"), "final": found.electronic and found.shredded_at is not None,
        "confirm": waits and step is Step.LISTED, "ask": mine and step in (Step.CONFIRMED, Step.RETURNED),
        "drop": mine and step in (Step.LISTED, Step.CONFIRMED, Step.RETURNED), "bag": mine and step is Step.APPROVED,
        "destroy": waits and step is Step.BAGGED, "watch": waits and step is Step.EXECUTED,
        "bags_form": (bound or {}).get("bags") or forms.BagsForm(auto_id="id_bags_%s"),
        "watchers_form": (bound or {}).get("destroy") or forms.WatchersForm(auto_id="id_watch_%s"),
    }  # fmt: skip
    return render(request, "copies/destruction.html", context, status=422 if bound else 200)


STEPS: dict[str, Any] = {
    "confirm": actions.confirm_no_value, "ask": actions.ask_destruction, "drop": actions.drop_destruction,
    "watch": actions.watch_destruction,
}  # fmt: skip


def _deed(request: HttpRequest, found: Destruction) -> HttpResponse:
    do, person = request.POST.get("do", ""), request.person
    if do in STEPS:
        STEPS[do](person, found.uid)
        return HttpResponseRedirect(f"{PAGE}{found.uid}/" if do != "confirm" else PAGE)
    typed = {"bags": forms.BagsForm, "destroy": forms.WatchersForm}.get(do)
    if typed is None:
        raise NotThere
    form = typed(request.POST, auto_id="id_bags_%s" if do == "bags" else "id_watch_%s")
    if not form.is_valid():
        return _one(request, found, {do: form})
    told = form.cleaned_data
    if do == "bags":
        actions.seal_bags(person, found.uid, told["bags"], [_person(told["carrier1"]), _person(told["carrier2"])])
    else:
        actions.destroy(person, found.uid, [_person(told["watcher1"]), _person(told["watcher2"])])
    return HttpResponseRedirect(f"{PAGE}{found.uid}/")


def _person(uid: str) -> Person:
    return Person.objects.get(uid=uid)
