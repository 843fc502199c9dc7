"""存放位置: the register of places, and one place with who holds its combination, its opening log and what lies in it."""

from typing import Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from mifeng.base import clock
from mifeng.base.refusals import NotThere
from mifeng.rooms.copies import actions, forms, queries
from mifeng.rooms.copies.facts import PLACE_WORDS, PlaceKind
from mifeng.rooms.copies.models import Place
from mifeng.rooms.copies.rules import keeping
from mifeng.rooms.copies.views import lines
from mifeng.rooms.documents import queries as documents
from mifeng.rooms.people.facts import KEEPERS
from mifeng.rooms.people.models import Department, Person


def _keeps(person: Person) -> bool:
    return bool(person.posts() & KEEPERS)


def _line(place: Place) -> dict[str, Any]:
    last = keeping.combination_until(place.combination_on, clock.today())
    left = queries.holder_left(place)
    closed, late = place.closed_on is not None, keeping.combination_due(place.combination_on, left is not None, clock.today())
    return {
        "url": f"/copies/places/{place.uid}/", "code": place.code, "name": place.name, "room": place.room,
        "kind": _(PLACE_WORDS[PlaceKind(place.kind)]), "level": keeping.RATING[PlaceKind(place.kind)],
        "department": place.department.name, "changed": place.combination_on, "until": last, "late": late and not closed,
        "left": left is not None and not closed, "holders": sum(row.until is None for row in place.holders.all()),
        "tone": "end" if closed else "bad" if late else "ok",
        "state": _("已停用") if closed else _("密码待更换") if late else _("在用"),
    }  # fmt: skip


def places(request: HttpRequest) -> HttpResponse:
    """The register of places; its keepers enter another one."""
    person = request.person
    form = forms.PlaceForm(request.POST or None) if _keeps(person) else None
    if request.method == "POST" and form is not None and form.is_valid():
        told = form.cleaned_data
        made = actions.set_up_place(
            person, told["code"], PlaceKind(told["kind"]), told["name"], told["room"], Department.objects.get(code=told["department"]),
        )  # fmt: skip
        return HttpResponseRedirect(f"/copies/places/{made.uid}/")
    rows = [_line(place) for place in actions.list_places(person)]
    status = 422 if form is not None and form.errors else 200
    return render(request, "copies/places.html", {"rows": rows, "form": form}, status=status)


def place(request: HttpRequest, uid: str) -> HttpResponse:
    """One place. A deed on it is posted here."""
    person = request.person
    found = actions.open_place(person, uid)
    if request.method == "POST":
        return _deed(request, found)
    return _place(request, found)


def _place(request: HttpRequest, found: Place, bound: dict[str, Any] | None = None) -> HttpResponse:
    person, keeps = request.person, _keeps(request.person)
    holds = found.holders.filter(person=person, until=None).exists()
    # + 0: found in the place, and not among all that he keeps.
    mine = queries.lies_in(found).annotate(of=F("custodian_id") + 0).filter(of=person.pk)
    inside = queries.page(mine)
    total = _("超过 1,000") if inside.total > documents.MOST_COUNTED else inside.total
    context = {
        "place": found, "line": _line(found), "keeps": keeps and found.closed_on is None, "holds": holds,
        "holders": [row for row in found.holders.all() if row.until is None],
        "former": [row for row in found.holders.all() if row.until is not None],
        "openings": queries.openings_of(found), "copies": lines(inside.rows), "total": total,
        "holder_form": (bound or {}).get("entrust") or forms.HolderForm(auto_id="id_entrust_%s"),
        "opening_form": (bound or {}).get("opened") or forms.OpeningForm(auto_id="id_opened_%s"),
    }  # fmt: skip
    return render(request, "copies/place.html", context, status=422 if bound else 200)


def _deed(request: HttpRequest, found: Place) -> HttpResponse:
    do, person = request.POST.get("do", ""), request.person
    form = {"entrust": forms.HolderForm, "opened": forms.OpeningForm}.get(do)
    if form is not None:
        typed = form(request.POST, auto_id=f"id_{do}_%s")
        if not typed.is_valid():
            return _place(request, found, {do: typed})
        if do == "entrust":
            actions.entrust_combination(person, found, Person.objects.get(uid=typed.cleaned_data["who"]))
        else:
            actions.note_opening(person, found, typed.cleaned_data["why"])
    elif do == "withdraw":
        holder = Person.objects.filter(uid=request.POST.get("who", "")).first()
        if holder is None:
            raise NotThere
        actions.withdraw_combination(person, found, holder)
    elif do in ("change", "close"):
        (actions.change_combination if do == "change" else actions.close_place)(person, found)
    else:
        raise NotThere
    return HttpResponseRedirect(f"/copies/places/{found.uid}/")
