"""Pages of custody: sole custody of an item with freezing and walls, offers to sign for, emergency openings."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mifeng.base import codes
from mifeng.base.refusals import NotThere
from mifeng.rooms.documents import actions, forms, queries
from mifeng.rooms.documents.models import Custody, Document, Freeze, Opening, WallSide
from mifeng.rooms.documents.rules.freezing import MAY_FREEZE
from mifeng.rooms.documents.views import inside
from mifeng.rooms.people.models import Person


def guard(request: HttpRequest, uid: str) -> HttpResponse:
    """保管与管控: sole custody, freeze, wall of one item; each deed for whoever may do it."""
    document, do = inside(request, uid), request.POST.get("do", "")
    if do and do not in DEEDS:
        raise NotThere
    bound = {do: FORMS[do](request.POST)} if do in FORMS else {}
    if do and (do not in FORMS or bound[do].is_valid()):
        DEEDS[do](request.person, document, bound[do].cleaned_data if do in FORMS else {})
        return HttpResponseRedirect(f"/documents/{uid}/" if do == "freeze" else f"/documents/{uid}/guard/")
    return render(request, "documents/guard.html", _page(request.person, document, bound), status=422 if bound else 200)


def _page(person: Person, document: Document, bound: dict[str, Any]) -> dict[str, Any]:
    codes.verify("custody", [document.pk])
    chain = Custody.objects.filter(document=document).select_related("giver", "taker").order_by("-offered_at", "-pk")
    freeze = Freeze.objects.filter(document=document, ended_at=None).select_related("by").order_by("-pk").first()
    gives = document.excl_id == person.pk if document.excl_id else person.pk == document.owner_id or "gmo_head" in person.posts()
    may = {
        "offer": gives and not document.sealed, "end": document.excl_id == person.pk,
        "freeze": bool(person.posts() & MAY_FREEZE) and not document.frozen,
        "thaw": bool(person.posts() & MAY_FREEZE) and document.frozen,
        "side": person.pk in (document.owner_id, document.decider_id),
    }  # fmt: skip
    return {
        "document": document, "chain": chain, "freeze": freeze, "team": document.team.select_related("person"), "may": may,
        "side": WallSide.objects.filter(document=document).first(),
        "forms": {name: bound.get(name) or form(auto_id=f"id_{name}_%s") for name, form in FORMS.items()},
    }  # fmt: skip


FORMS: dict[str, Any] = {
    "offer": forms.CustodyForm, "end": forms.WordsForm, "freeze": forms.FreezeForm, "unfreeze": forms.WordsForm,
    "side": forms.SideForm,
}  # fmt: skip
DEEDS: dict[str, Any] = {
    "offer": lambda who, doc, told: actions.offer_custody(who, doc, _person(told["to"]), told["reason"]),
    "end": lambda who, doc, told: actions.end_custody(who, doc, told["reason"]),
    "freeze": lambda who, doc, told: actions.freeze(who, doc, _people(told["first"], told["second"]), told["reason"]),
    "confirm": lambda who, doc, told: actions.confirm_freeze(who, doc),
    "unfreeze": lambda who, doc, told: actions.unfreeze(who, doc, told["reason"]),
    "side": lambda who, doc, told: actions.declare_side(who, doc, told["class_name"], told["side"]),
}  # fmt: skip


def _person(uid: str) -> Person:
    return Person.objects.get(uid=uid)


def _people(*uids: str) -> tuple[Person, ...]:
    return tuple(_person(uid) for uid in uids if uid)


def offers(request: HttpRequest) -> HttpResponse:
    """移交给我的: what I am to sign for, by number and level; and the openings I have a part in."""
    person = request.person
    rows = list(queries.custody_offers(person))
    queries.sound(row.document for row in rows)
    return render(request, "documents/offers.html", {"rows": rows, "openings": queries.openings_of(person)})


@require_POST
def answer(request: HttpRequest, uid: str) -> HttpResponse:
    """Sign for a custody, or do not take it."""
    if request.POST.get("do") == "accept":
        row = actions.accept_custody(request.person, uid)
        return HttpResponseRedirect(f"/documents/{row.document.uid}/")
    actions.decline_custody(request.person, uid)
    return HttpResponseRedirect("/documents/custody/")


def decide(request: HttpRequest, uid: str) -> HttpResponse:
    """决定应急开柜, of the custody of this person: by the GM."""
    holder = Person.objects.filter(uid=uid, active=True).first()
    if holder is None or "gm" not in request.person.posts():
        raise NotThere
    form = forms.OpeningForm(request.POST or None)
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        row = actions.decide_opening(
            request.person, holder, _person(told["office"]), _person(told["witness"]), told["reason"]
        )
        return HttpResponseRedirect(f"/documents/openings/{row.uid}/")
    context = {"form": form, "holder": holder}
    return render(request, "documents/opening_new.html", context, status=422 if form.is_bound else 200)


def opening(request: HttpRequest, uid: str) -> HttpResponse:
    """One emergency opening: what was done, and the next step of whoever looks."""
    do = request.POST.get("do", "")
    if do and do not in STEPS:
        raise NotThere
    form = STEP_FORMS[do](request.POST) if do in STEP_FORMS else None
    if do and (form is None or form.is_valid()):
        STEPS[do](request.person, uid, form.cleaned_data if form else {})
        return HttpResponseRedirect(f"/documents/openings/{uid}/")
    row = actions.open_opening(request.person, uid)
    step, verb = _next_step(request.person, row)
    context = {
        "row": row, "facts": _facts(row), "step": step, "verb": verb, "items": _lying(request, row),
        "form": form or (STEP_FORMS[step]() if step in STEP_FORMS else None),
    }  # fmt: skip
    return render(request, "documents/opening.html", context, status=422 if form else 200)


STEP_FORMS: dict[str, Any] = {"count": forms.CountForm, "name": forms.InterimForm, "review": forms.FindingForm}
STEPS: dict[str, Any] = {
    "count": lambda who, uid, told: actions.count_opening(who, uid, told["counted"], told["seal"]),
    "witness": lambda who, uid, told: actions.witness_opening(who, uid),
    "name": lambda who, uid, told: actions.name_interim(who, uid, _person(told["interim"])),
    "take": lambda who, uid, told: actions.take_interim(who, uid),
    "review": lambda who, uid, told: actions.review_opening(who, uid, told["finding"]),
}  # fmt: skip


def _next_step(person: Person, row: Opening) -> tuple[str, str]:
    """What this person has to do now, with its verb; ("", "") when nothing."""
    if row.ended_at is None:
        if person.pk == row.office_id and row.counted_at is None:
            return "count", _("登记清点")
        if person.pk == row.witness_id and row.counted_at and row.witnessed_at is None:
            return "witness", _("见证签字")
        if person.pk == row.office_id and row.witnessed_at and row.interim_id is None:
            return "name", _("指定临时保管人")
        if person.pk == row.interim_id:
            return "take", _("签收保管")
    parts = (row.office_id, row.witness_id, row.interim_id)
    if row.counted_at and not row.reviewed_at and person.posts() & {"gm", "deputy_gm"} and person.pk not in parts:
        return "review", _("复核")
    return "", ""


def _facts(row: Opening) -> list[dict[str, Any]]:
    def signed(who: Any, at: Any) -> str:
        return _("%(name)s，已签字") % {"name": who.called} if at else _("%(name)s，待签字") % {"name": who.called}

    return [
        {"label": _("保管人"), "value": row.holder.called}, {"label": _("决定人"), "value": row.decided_by.called},
        {"label": _("开柜人"), "value": signed(row.office, row.counted_at)},
        {"label": _("见证人"), "value": signed(row.witness, row.witnessed_at)},
        {"label": _("清点件数"), "value": "—" if row.counted is None else row.counted},
        {"label": _("临时保管人"), "value": signed(row.interim, row.ended_at) if row.interim else "—"},
        {"label": _("复核期限"), "value": row.review_by.isoformat(), "clause": "G4.1"},
        {"label": _("复核"), "value": row.reviewed_by.called if row.reviewed_by else _("未复核"),
         "tone": "" if row.reviewed_by else "ochre"},
        {"label": _("理由"), "value": row.reason, "wide": True}, {"label": _("封条号与所见"), "value": row.seal or "—", "wide": True},
        {"label": _("复核结论"), "value": row.finding or "—", "wide": True},
    ]  # fmt: skip


def _lying(request: HttpRequest, row: Opening) -> list[Document]:
    """What lies there, as far as the viewer may see it: the two who open see its register facts until it has moved."""
    if row.ended_at or request.person.pk not in (row.office_id, row.witness_id):
        return []
    return queries.sound(queries.known(queries.viewer(request.person, request.sitting)).filter(excl=row.holder)[:200])
