"""离室上锁抽查, and 清退单: who is drawn, what was found, what is to be put right; who gave everything back."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from mifeng.base import clock
from mifeng.base.refusals import NotThere
from mifeng.rooms.copies import actions, forms, queries
from mifeng.rooms.copies.models import DeskCheck
from mifeng.rooms.copies.rules import desks
from mifeng.rooms.people.models import Person

PAGE = "/copies/desks/"


def _line(check: DeskCheck, looks: bool) -> dict[str, Any]:
    late = check.open_finding and check.rectify_by is not None and check.rectify_by < clock.today()
    state = (
        _("待查") if check.looked_at is None else _("已上锁") if check.locked
        else _("已整改") if check.rectified_at else _("待整改")
    )  # fmt: skip
    tone = "run" if check.looked_at is None else "ok" if check.locked else "end" if check.rectified_at else "bad" if late else "warn"
    return {"row": check, "state": state, "tone": tone, "late": late, "look": looks and check.looked_at is None,
            "rectify": looks and check.open_finding}  # fmt: skip


def _page(request: HttpRequest, bound: dict[str, Any] | None = None) -> HttpResponse:
    person = request.person
    looks = bool(person.posts() & desks.LOOKS)
    signs = bool(person.posts() & {"gmo_head", "clerk", "hr"})
    rows = [_line(check, looks and check.person_id != person.pk) for check in actions.list_desks(person)]
    context = {
        "rows": rows, "looks": looks, "to_look": any(row["look"] for row in rows),
        "signs": signs, "signed": queries.signed_off() if signs else [],
        "sign_form": (bound or {}).get("sign_off") or forms.SignOffForm(auto_id="id_off_%s"),
        "look_form": (bound or {}).get("look") or forms.LookForm(auto_id="id_look_%s"),
    }  # fmt: skip
    return render(request, "copies/desks.html", context, status=422 if bound else 200)


def page(request: HttpRequest) -> HttpResponse:
    """The looks at desks, and the slips of whoever gave everything back."""
    if request.method != "POST":
        return _page(request)
    do, person = request.POST.get("do", ""), request.person
    if do == "draw":
        count = request.POST.get("count", "")
        actions.draw_desks(person, int(count) if count.isascii() and count.isdecimal() and len(count) < 4 else 0)
    elif do == "rectify":
        actions.rectify_desk(person, request.POST.get("uid", ""))
    elif do == "look":
        form = forms.LookForm(request.POST, auto_id="id_look_%s")
        if not form.is_valid():
            return _page(request, {"look": form})
        told = form.cleaned_data
        actions.look_at_desk(person, request.POST.get("uid", ""), told["locked"] == "yes", told["where"], told["rectify_by"])
    elif do == "sign_off":
        form = forms.SignOffForm(request.POST, auto_id="id_off_%s")
        if not form.is_valid():
            return _page(request, {"sign_off": form})
        actions.sign_off(person, Person.objects.get(uid=form.cleaned_data["who"]), form.cleaned_data["occasion"])
    else:
        raise NotThere
    return HttpResponseRedirect(PAGE)
