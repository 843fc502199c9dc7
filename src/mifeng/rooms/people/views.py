"""Pages on people: list by department, one person with the deeds that this viewer may do, 委托 and delegations."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mifeng.base import clock, room
from mifeng.base.refusals import NotThere, Refused
from mifeng.engines.access import Decision
from mifeng.rooms.people import actions, queries
from mifeng.rooms.people.facts import CARRIER_ACTS, POSTS
from mifeng.rooms.people.models import Appointment, Delegation, Department, Enrolment, OfficerPair, Person

MANAGERS = {"gm", "deputy_gm", "gmo_head", "hr", "sysadmin", "secadmin", "auditor", "it_head", "dept_head"}
LEVELS = {30: "绝密", 20: "机密", 10: "秘密", 5: "内部"}


def _manager(request: HttpRequest) -> frozenset[str]:
    """The viewer's posts; whoever manages nobody finds nothing here."""
    posts = request.person.posts()
    if not posts & MANAGERS:
        raise NotThere
    return posts


def overview(request: HttpRequest) -> HttpResponse:
    """Everybody by department; a department head sees his own department."""
    posts = _manager(request)
    departments = Department.objects.order_by("pk").select_related("supervisor")
    if posts & MANAGERS == {"dept_head"}:
        departments = departments.filter(pk=request.person.department_id)
    groups = [(d, list(d.people.filter(active=True))) for d in departments]
    context = {"groups": groups, "posts": posts, "officers": OfficerPair.objects.select_related("a", "b"), "words": POSTS}
    return render(request, "people/overview.html", context)


def find(request: HttpRequest) -> JsonResponse:
    """Names for a person picker: by name, pinyin or login; directory data only."""
    found = queries.find(request.GET.get("q", ""))
    return JsonResponse({"people": [{"uid": p.uid, "name": p.name, "title": p.title, "dept": p.department.name} for p in found]})


def card(request: HttpRequest, uid: str) -> HttpResponse:
    """One person: posts, clearance, account, 委托, what he holds as the viewer may know it; deeds by post."""
    posts = _manager(request)
    holder = Person.objects.filter(uid=uid).select_related("department").first()
    if holder is None:
        raise NotThere
    context = {
        "holder": holder, "posts": posts, "held": [POSTS[p] for p in sorted(holder.posts()) if p != "employee"],
        "holdings": room.holdings(holder, request.person), "levels": LEVELS, "all_posts": POSTS,
        "appointments": holder.appointments.order_by("-since"), "acts": CARRIER_ACTS,
        "account": holder.account, "devices": holder.devices.all() if "secadmin" in posts else [],
        "resets": Enrolment.objects.filter(person=holder, used_at=None, until__gt=clock.now()).order_by("-pk"),
    }  # fmt: skip
    return render(request, "people/card.html", context)


def _until(text: str, default: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return default


@require_POST
def deed_on(request: HttpRequest, uid: str) -> HttpResponse:
    """Do one of the deeds of the person's page, by its name."""
    holder = Person.objects.filter(uid=uid).first()
    deed = DEEDS.get(request.POST.get("deed", ""))
    if holder is None or deed is None:
        raise NotThere
    half = deed(request.person, holder, request.POST)
    if half:
        return render(request, "people/code.html", {"holder": holder, "half": half})
    return HttpResponseRedirect(f"/people/{uid}/")


def _clearance(person: Person, holder: Person, typed: Any) -> None:
    actions.set_clearance(person, holder, int(typed.get("clearance") or 5), typed.get("reason", ""))


def _post(person: Person, holder: Person, typed: Any) -> None:
    post = typed.get("post", "")
    if post not in POSTS:
        raise NotThere
    actions.assign_post(person, holder, post, clock.today())


def _appoint(person: Person, holder: Person, typed: Any) -> None:
    acts = tuple(act for act in typed.getlist("acts") if act in CARRIER_ACTS)
    if not acts:
        raise Refused(Decision.refuse("acts_required", "M1.1", _("请选定委托办理的事项")), _("未委托"))
    today = clock.today()
    actions.appoint(
        person, holder, acts=acts, level_max=int(typed.get("level_max") or 10), since=today,
        until=_until(typed.get("until", ""), today.replace(year=today.year + 1) if today.day < 29 else today),
        reason=typed.get("reason", ""),
    )  # fmt: skip


def _revoke(person: Person, holder: Person, typed: Any) -> None:
    row = Appointment.objects.filter(uid=typed.get("appointment", ""), person=holder).first()
    if row is None:
        raise NotThere
    actions.revoke_appointment(person, row)


def _ask_reset(person: Person, holder: Person, typed: Any) -> str:
    return actions.ask_reset(person, holder, bool(typed.get("identity_checked")))[1]


def _sign_reset(person: Person, holder: Person, typed: Any) -> str:
    row = Enrolment.objects.filter(person=holder, used_at=None, signed_by=None, until__gt=clock.now()).order_by("-pk").first()
    if row is None:
        raise NotThere
    return actions.sign_reset(person, row, bool(typed.get("identity_checked")))


DEEDS = {
    "clearance": _clearance, "post": _post, "appoint": _appoint, "revoke": _revoke, "ask_reset": _ask_reset,
    "sign_reset": _sign_reset,
    "end_post": lambda person, holder, typed: actions.end_post(person, holder, typed.get("post", "")),
    "activate": lambda person, holder, typed: actions.activate_account(person, holder),
    "leave": lambda person, holder, typed: actions.close_account(person, holder),
}  # fmt: skip


def new(request: HttpRequest) -> HttpResponse:
    """The system administrator enters somebody; the account stays disabled until the security administrator acts."""
    posts = _manager(request)
    if "sysadmin" not in posts:
        raise NotThere
    if request.method == "POST":
        typed = request.POST
        made = actions.add_person(request.person, actions.NewPerson(
            typed.get("name", "").strip()[:40], typed.get("login", "").strip().lower()[:40], typed.get("department", ""),
            typed.get("title", "").strip()[:60], (), 5,
        ))  # fmt: skip
        return HttpResponseRedirect(f"/people/{made.uid}/")
    return render(request, "people/new.html", {"departments": Department.objects.order_by("pk")})


def appointments(request: HttpRequest) -> HttpResponse:
    """F28: who is entrusted with what, until when."""
    if "clerk" not in request.person.posts():
        _manager(request)
    rows = Appointment.objects.select_related("person", "appointer").order_by("-since", "pk")
    return render(request, "people/appointments.html", {"rows": rows, "acts": CARRIER_ACTS, "levels": LEVELS, "today": clock.today()})


def delegations(request: HttpRequest) -> HttpResponse:
    """授权委托 in writing, given and received."""
    person = request.person
    if request.method == "POST":
        delegate = Person.objects.filter(uid=request.POST.get("delegate", "")).first()
        if delegate is None:
            raise NotThere
        actions.delegate(
            person, delegate, act=request.POST.get("act", ""), level_max=int(request.POST.get("level_max") or 10),
            since=clock.today(), until=_until(request.POST.get("until", ""), clock.today()), paper=request.POST.get("paper", ""),
        )  # fmt: skip
        return HttpResponseRedirect("/people/delegations/")
    rows = Delegation.objects.filter(principal=person) | Delegation.objects.filter(delegate=person)
    context = {"rows": rows.select_related("principal", "delegate"), "people": Person.objects.filter(active=True), "levels": LEVELS}
    return render(request, "people/delegations.html", context)
