"""The system administrator's pages: doctor, accounts, devices, jobs. Never content."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from mifeng.base import clock
from mifeng.base.models import Job
from mifeng.base.refusals import NotThere
from mifeng.rooms.people import actions
from mifeng.rooms.people.models import Account, Device, Person
from mifeng.site import capability

OFFICERS = {"sysadmin", "secadmin", "auditor", "it_head"}


def _officer(request: HttpRequest, *posts: str) -> None:
    if not request.person.posts() & (set(posts) or OFFICERS):
        raise NotThere


def doctor(request: HttpRequest) -> HttpResponse:
    """What is there, what is missing, what follows, what to type."""
    _officer(request)
    lines = capability.lines()
    counts = {state: sum(1 for line in lines if line.state == state) for state in ("ok", "miss", "bad")}
    context = {
        "groups": capability.grouped(lines), "counts": counts, "checked_at": clock.now(),
        "jobs": {state: Job.objects.filter(state=state).count() for state in ("due", "done", "dead")},
    }  # fmt: skip
    return render(request, "site/system.html", context)


def accounts(request: HttpRequest) -> HttpResponse:
    """Accounts and their state."""
    _officer(request)
    rows = Account.objects.select_related("person__department", "created_by", "activated_by").order_by("person__pinyin")
    return render(request, "site/accounts.html", {"rows": rows, "posts": request.person.posts()})


def devices(request: HttpRequest) -> HttpResponse:
    """Devices that signed in; the security administrator registers and revokes them."""
    _officer(request, "secadmin", "sysadmin", "auditor")
    if request.method == "POST":
        _register(request)
        return HttpResponseRedirect("/system/devices/")
    rows = Device.objects.select_related("owner", "department").order_by("registered", "-first_seen")
    context = {"rows": rows, "people": Person.objects.filter(active=True), "may": "secadmin" in request.person.posts()}
    return render(request, "site/devices.html", context)


def _register(request: HttpRequest) -> None:
    device = Device.objects.filter(uid=request.POST.get("device", "")).first()
    if device is None:
        raise NotThere
    if request.POST.get("deed") == "revoke":
        actions.revoke_device(request.person, device)
        return
    cap = request.POST.get("level_cap", "")
    actions.register_device(
        request.person, device, label=request.POST.get("label", "")[:60], kind=request.POST.get("kind", "pc"),
        level_cap=int(cap) if cap in ("5", "10", "20", "30") else 5,
        owner=Person.objects.filter(uid=request.POST.get("owner", "")).first(),
    )  # fmt: skip


def jobs_page(request: HttpRequest) -> HttpResponse:
    """Running and failed work: kinds, times, error classes; no titles."""
    _officer(request, "sysadmin", "it_head")
    rows = Job.objects.order_by("-pk")[:100]
    return render(request, "site/jobs.html", {"rows": rows})
