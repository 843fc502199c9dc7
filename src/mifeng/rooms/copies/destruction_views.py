"""销毁: what is set aside, the lists, and one list with the step that is due."""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from mifeng.base import language
from mifeng.base.refusals import NotThere, Refused, tried
from mifeng.rooms.copies import actions, destruction_lists, destructions, evidence_views, forms, stock_duties
from mifeng.rooms.copies.destruction_lists import Listing
from mifeng.rooms.copies.models import DestructionLine
from mifeng.rooms.copies.rules import destroying
from mifeng.rooms.copies.rules.destroying import METHODS, STEP_WORDS, Step
from mifeng.rooms.documents.models import Document
from mifeng.rooms.people.models import Person

PAGE = "/copies/destructions/"
NEXT = {
    Step.LISTED: "confirm", Step.CONFIRMED: "ask", Step.RETURNED: "ask", Step.APPROVED: "bags", Step.BAGGED: "destroy",
    Step.EXECUTED: "watch",
}  # fmt: skip
WORDS = {
    "confirm": gettext_noop("确认无保存价值"), "ask": gettext_noop("送审"), "bags": gettext_noop("封存"), "destroy": gettext_noop("已销毁"),
    "watch": gettext_noop("亲见销毁，签字"),
}  # fmt: skip
TYPED: dict[str, Any] = {"bags": forms.BagsForm, "destroy": forms.WatchersForm}


def _row(person: Person, listed: Listing) -> dict[str, Any]:
    row = listed.first
    return {
        "uid": listed.uid, "url": f"{PAGE}{listed.uid}/", "number": row.number or "—", "level": listed.level,
        "paper": destruction_lists.name(listed), "by": row.by, "made": row.made_at, **_stands(listed.step),
        "mine": stock_duties.waits_for(person, listed),
    }  # fmt: skip


def _stands(step: Step) -> dict[str, str]:
    tone = "end" if step in destructions.OVER else "warn" if step is Step.RETURNED else "run"
    return {"state": _(STEP_WORDS[step]), "tone": tone}


def _groups(person: Person) -> list[dict[str, Any]]:
    """What this custodian has set aside, item by item; `alone`: stands on no list with others."""
    found: dict[int, dict[str, Any]] = {}
    papers: dict[int, Document] = {}
    for copy in destructions.set_aside(person):
        paper = copy.document
        group = found.setdefault(paper.pk, {"uid": paper.uid, "paper": paper.number or paper.uid[:8], "level": paper.level, "copies": []})
        group["copies"].append(copy.number)
        papers[paper.pk] = paper
    alone = destructions.limited(papers.values())
    return [group | {"alone": pk in alone} for pk, group in found.items()]


def lists(request: HttpRequest) -> HttpResponse:
    """The lists of this person, what he may list, and what waits for him: several lists at the same step in one go."""
    if request.method != "POST":
        return _lists(request)
    return _enter(request) if request.POST.get("do") == "list" else _several(request)


def _lists(request: HttpRequest, status: int = 200, **told: Any) -> HttpResponse:
    person = request.person
    rows = [(row, _row(person, row)) for row in actions.list_destructions(person)]
    context = {
        "rows": [row for _found, row in rows], "groups": _groups(person), "form": forms.DestroyForm(), "bound": None, "refusal": None,
        "steps": _steps(rows, told.get("bound")), **told,
    }  # fmt: skip
    return render(request, "copies/destructions.html", context, status=status)


def _steps(rows: list[tuple[Listing, dict[str, Any]]], bound: Any) -> list[dict[str, Any]]:
    """What waits for this person, step by step, where more than one list does."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row, shown in rows:
        if shown["mine"]:
            found.setdefault(NEXT[row.step], []).append(shown)
    forms_of = {do: kind(auto_id=f"id_all_{do}_%s") for do, kind in TYPED.items()}
    if bound:
        forms_of[bound[0]] = bound[1]
    return [{"do": do, "word": _(WORDS[do]), "rows": these, "form": forms_of.get(do)} for do, these in found.items() if len(these) > 1]


def _enter(request: HttpRequest) -> HttpResponse:
    """列册: one list of the chosen items."""
    person, chosen = request.person, request.POST.getlist("paper")
    papers = {copy.document.uid: copy.document for copy in destructions.set_aside(person, chosen)}
    if not set(chosen) <= papers.keys():
        raise NotThere
    form = forms.DestroyForm(request.POST)
    if not chosen or not form.is_valid():
        return _lists(request, 422, form=form, none=not chosen)
    told = form.cleaned_data
    these = [papers[uid] for uid in dict.fromkeys(chosen)]
    made, refusal = tried(
        lambda: actions.list_for_destruction(person, these, told["reason"], told["method"], told["place"], told["electronic"])
    )
    return HttpResponseRedirect(f"{PAGE}{made.uid}/") if made else _lists(request, 403, form=form, refusal=refusal)


def _several(request: HttpRequest) -> HttpResponse:
    """The same step for each of the chosen lists, a deed for each; what is refused is named, the others stand."""
    person, do = request.person, request.POST.get("do", "")
    mine = [row for row in destruction_lists.under_way(person) if stock_duties.waits_for(person, row)]
    waiting = {row.uid: row for row in mine if NEXT[row.step] == do}
    chosen = list(dict.fromkeys(request.POST.getlist("one")))
    if do not in WORDS or not set(chosen) <= waiting.keys():
        raise NotThere
    form = TYPED[do](request.POST, auto_id=f"id_all_{do}_%s") if do in TYPED else None
    if not chosen or (form is not None and not form.is_valid()):
        return _lists(request, 422, bound=(do, form) if form else None, none=not chosen)
    told = form.cleaned_data if form else {}
    faults = _each([waiting[uid] for uid in chosen], lambda listed: _do(person, listed, do, told))
    return _lists(request, 403, faults=faults) if faults else HttpResponseRedirect(PAGE)


def _each(rows: Iterable[Listing], deed: Callable[[Listing], None]) -> list[dict[str, str]]:
    """The deed on each; what was refused: name, why, clause."""
    faults = []
    for row in rows:
        try:
            deed(row)
        except Refused as refusal:
            if refusal.hidden:
                raise
            why = "".join(language.reason(reason) for reason in refusal.decision.reasons)
            faults.append({"name": destruction_lists.name(row), "why": why, "clause": refusal.decision.clause})
    return faults


def one(request: HttpRequest, uid: str) -> HttpResponse:
    """One list: its copies, its signatures, the step that is due."""
    found = actions.open_destruction(request.person, uid)
    if request.method == "POST":
        return EVIDENCE[request.POST["do"]](request, found) if request.POST.get("do") in EVIDENCE else _deed(request, found)
    return _one(request, found)


def _add_evidence(request: HttpRequest, found: Listing) -> HttpResponse:
    faults = evidence_views.add(request, found)
    if not faults:
        return HttpResponseRedirect(f"{PAGE}{found.uid}/#evidence")
    form = forms.EvidenceForm(request.POST, auto_id="id_evidence_%s")
    for fault in faults:
        form.add_error("files", fault)
    return _one(request, found, {"evidence": form})


EVIDENCE: dict[str, Any] = {"evidence": _add_evidence, "picture": evidence_views.picture}


def _one(request: HttpRequest, found: Listing, bound: dict[str, Any] | None = None) -> HttpResponse:
    person, step = request.person, found.step
    waits, mine = stock_duties.waits_for(person, found), person.pk == found.first.by_id
    papers = _papers(found, mine)
    context = {
        "one": found.first, "list_uid": found.uid, "row": _row(person, found), "method": _(METHODS[found.first.method]),
        "papers": papers, "several": len(papers) > 1, "strikes": any(paper["strike"] for paper in papers),
        "confirm": waits and step is Step.LISTED, "ask": mine and step in (Step.CONFIRMED, Step.RETURNED),
        "drop": mine and all(map(_droppable, found.steps)), "bag": mine and step is Step.APPROVED,
        "destroy": waits and step is Step.BAGGED, "watch": waits and step is Step.EXECUTED,
        "bags_form": (bound or {}).get("bags") or forms.BagsForm(auto_id="id_bags_%s"),
        "watchers_form": (bound or {}).get("destroy") or forms.WatchersForm(auto_id="id_watch_%s"), **evidence_views.shown(person, found),
    }  # fmt: skip
    if bound and "evidence" in bound:
        context["evidence_form"] = bound["evidence"]
    return render(request, "copies/destruction.html", context, status=422 if bound else 200)


def _papers(found: Listing, mine: bool) -> list[dict[str, Any]]:
    """The papers of the list, where each stands, with its copies; `strike`: whether it may be taken off."""
    lines: dict[int, list[DestructionLine]] = {}
    closed = destructions.limited([row.document for row in found.papers])
    for line in found.lines():
        lines.setdefault(line.destruction_id, []).append(line)
    return [
        {
            "row": row, "paper": row.document.number or row.document.uid[:8], "lines": lines.get(row.pk, []), **_stands(step),
            "strike": mine and len(found.papers) > 1 and destroying.may_strike(step, row.document_id in closed).allow,
            "electronic": row.electronic,
            "final": row.electronic and row.shredded_at is not None,
        }
        for row, step in zip(found.papers, found.steps, strict=True)
    ]  # fmt: skip


def _droppable(step: Step) -> bool:
    return destroying.may_follow(step, Step.DROPPED).allow


SIMPLE: dict[str, Any] = {
    "confirm": actions.confirm_no_value, "ask": actions.ask_destruction, "drop": actions.drop_destruction,
    "watch": actions.watch_destruction,
}  # fmt: skip


def _do(person: Person, found: Listing, do: str, told: dict[str, str]) -> None:
    """One step of one list."""
    if do in SIMPLE:
        SIMPLE[do](person, found.uid)
    elif do == "bags":
        actions.seal_bags(person, found.uid, told["bags"], [_person(told["carrier1"]), _person(told["carrier2"])])
    else:
        actions.destroy(person, found.uid, [_person(told["watcher1"]), _person(told["watcher2"])])


def _deed(request: HttpRequest, found: Listing) -> HttpResponse:
    do, person = request.POST.get("do", ""), request.person
    if do == "strike":
        actions.strike_off(person, found.uid, request.POST.get("paper", ""))
        return HttpResponseRedirect(f"{PAGE}{found.uid}/")
    if do not in SIMPLE and do not in TYPED:
        raise NotThere
    form = TYPED[do](request.POST, auto_id="id_bags_%s" if do == "bags" else "id_watch_%s") if do in TYPED else None
    if form is not None and not form.is_valid():
        return _one(request, found, {do: form})
    _do(person, found, do, form.cleaned_data if form else {})
    return HttpResponseRedirect(f"{PAGE}{found.uid}/" if do != "confirm" else PAGE)


def _person(uid: str) -> Person:
    return Person.objects.get(uid=uid)
