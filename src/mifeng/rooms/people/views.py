"""Pages on people: list by department, one person with the deeds that this viewer may do, 委托 and delegations."""

from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mifeng.base import clock, room
from mifeng.base.refusals import NotThere
from mifeng.rooms.people import actions, cards, forms, queries
from mifeng.rooms.people.facts import CARRIER_ACTS
from mifeng.rooms.people.models import Appointment, Department, OfficerPair, Person

OWN_DEPARTMENT = {"dept_head", "secrecy_officer"}  # who sees the people of his own department and no others
MANAGERS = {"gm", "deputy_gm", "gmo_head", "hr", "sysadmin", "secadmin", "auditor", "it_head", *OWN_DEPARTMENT}


def _manager(request: HttpRequest) -> frozenset[str]:
    """The viewer's posts; whoever manages nobody finds nothing here."""
    posts = request.person.posts()
    if not posts & MANAGERS:
        raise NotThere
    return posts


def overview(request: HttpRequest) -> HttpResponse:
    """Everybody by department; a department's head and its secrecy officer see their own."""
    posts = _manager(request)
    departments = Department.objects.order_by("pk").select_related("supervisor")
    if posts & MANAGERS <= OWN_DEPARTMENT:
        departments = departments.filter(pk=request.person.department_id)
    groups = [cards.group(department) for department in departments]
    context = {
        "groups": [group for group in groups if group["people"]], "total": sum(len(group["people"]) for group in groups),
        "officers": [cards.pair(row) for row in OfficerPair.objects.select_related("a", "b")], "may_add": "sysadmin" in posts,
    }  # fmt: skip
    return render(request, "people/overview.html", context)


def find(request: HttpRequest) -> JsonResponse:
    """Names for a person picker: by name, pinyin or login; directory data only."""
    found = queries.find(request.GET.get("q", ""))
    return JsonResponse({"people": [{"uid": p.uid, "name": p.name, "title": p.title, "dept": p.department.name} for p in found]})


def _holder(request: HttpRequest, uid: str) -> Person:
    """The person of the address, for whoever may look at him."""
    posts = _manager(request)
    holder = Person.objects.filter(uid=uid).select_related("department").first()
    own = holder is not None and holder.department_id == request.person.department_id
    if holder is None or (posts & MANAGERS <= OWN_DEPARTMENT and not own):
        raise NotThere
    return holder


def card(request: HttpRequest, uid: str) -> HttpResponse:
    """One person: posts, clearance, account, 委托, what he holds as the viewer may know it; deeds by post."""
    return _card(request, _holder(request, uid))


def _card(request: HttpRequest, holder: Person, bound: dict[str, django_forms.Form] | None = None) -> HttpResponse:
    viewer = request.person
    context = {
        "holder": holder, "facts": cards.facts(holder), "deeds": cards.deeds(viewer, holder, bound or {}),
        "holdings": room.holdings(holder, viewer), "appointments": [cards.appointment(row) for row in _appointed(holder)],
        "acts": cards.acts(viewer, holder), "may_revoke": cards.may_appoint(viewer),
        "sessions": holder.sessions.filter(ended_at=None).count(),
    }  # fmt: skip
    return render(request, "people/card.html", context, status=422 if bound else 200)


def _appointed(holder: Person) -> Any:
    return holder.appointments.select_related("person", "appointer").order_by("-since", "pk")


@require_POST
def deed_on(request: HttpRequest, uid: str) -> HttpResponse:
    """Do one of the deeds of the person's page, by its name."""
    holder, name = _holder(request, uid), request.POST.get("deed", "")
    if name not in DEEDS:
        raise NotThere
    form = cards.FORMS[name](request.POST) if name in cards.FORMS else None
    if form is not None and not form.is_valid():
        return _card(request, holder, {name: form})
    half = DEEDS[name](request.person, holder, form.cleaned_data if form else request.POST)
    if half:
        return render(request, "people/code.html", {"holder": holder, "half": half, "first": name == "ask_reset"})
    return HttpResponseRedirect(f"/people/{uid}/")


def _clearance(person: Person, holder: Person, told: Any) -> None:
    actions.set_clearance(person, holder, told["clearance"], told["reason"])


def _post(person: Person, holder: Person, told: Any) -> None:
    actions.assign_post(person, holder, told["post"], clock.today())


def _appoint(person: Person, holder: Person, told: Any) -> None:
    actions.appoint(
        person, holder, acts=tuple(told["acts"]), level_max=told["level_max"], since=clock.today(), until=told["until"],
        reason=told["reason"],
    )  # fmt: skip


def _revoke(person: Person, holder: Person, typed: Any) -> None:
    row = Appointment.objects.filter(uid=typed.get("appointment", ""), person=holder).first()
    if row is None:
        raise NotThere
    actions.revoke_appointment(person, row)


def _exposed(person: Person, holder: Person, told: Any) -> None:
    actions.note_exposed(person, holder, told["where"])


def _ask_reset(person: Person, holder: Person, told: Any) -> str:
    return actions.ask_reset(person, holder, told["identity_checked"])[1]


def _sign_reset(person: Person, holder: Person, told: Any) -> str:
    row = cards.open_reset(holder)
    if row is None:
        raise NotThere
    return actions.sign_reset(person, row, told["identity_checked"])


DEEDS = {
    "clearance": _clearance, "post": _post, "appoint": _appoint, "revoke": _revoke, "ask_reset": _ask_reset,
    "sign_reset": _sign_reset,
    "exposed": _exposed,
    "end_post": lambda person, holder, typed: actions.end_post(person, holder, typed.get("post", "")),
    "activate": lambda person, holder, typed: actions.activate_account(person, holder),
    "leave": lambda person, holder, typed: actions.close_account(person, holder),
}  # fmt: skip


def new(request: HttpRequest) -> HttpResponse:
    """The system administrator enters somebody; the account stays disabled until the security administrator acts."""
    if "sysadmin" not in _manager(request):
        raise NotThere
    form = forms.NewPersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        made = actions.add_person(
            request.person,
            actions.NewPerson(told["name"], told["login"], told["department"], told["title"], (), 5),
        )
        return HttpResponseRedirect(f"/people/{made.uid}/")
    return render(request, "people/new.html", {"form": form}, status=422 if form.errors else 200)


def appointments(request: HttpRequest) -> HttpResponse:
    """F28: who is entrusted with what, until when; below it one's own delegations."""
    if "clerk" not in request.person.posts():
        _manager(request)
    found = Appointment.objects.select_related("person", "appointer").order_by("-since", "pk")
    rows = [cards.appointment(row) for row in found]
    live = sum(row["tone"] == "ok" for row in rows)
    context = {"rows": rows, "live": live, "acts": [_(word) for word in CARRIER_ACTS.values()], "may_print": True}
    return render(request, "people/appointments.html", context)


def findings(request: HttpRequest) -> HttpResponse:
    """What inspectors noted against accounts, and since when it is set right (I6.1)."""
    if not request.person.posts() & (queries.OVERSEE | {"secrecy_officer"}):
        raise NotThere
    rows = [cards.finding(row) for row in queries.findings_for(request.person)]
    return render(request, "people/findings.html", {"rows": rows, "open": sum(row["tone"] == "warn" for row in rows)})
