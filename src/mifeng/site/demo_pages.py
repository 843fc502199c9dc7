"""选择人物: sign in as somebody of the demonstration company. Only a demo instance has this page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from mifeng.base.refusals import NotThere
from mifeng.rooms.people import actions, queries
from mifeng.rooms.people.models import Department, Device, Person
from mifeng.site import demo
from mifeng.site.middleware import network_of
from mifeng.site.signin import seat

# The cast: whom to choose first, and what each may show (style.md).
CAST = {
    "luyz": lazy("审批绝密，独自批准对外提供"), "wenqh": lazy("分管研发，审定青鹭三型各件"),
    "fangrl": lazy("总经办主任，委托专人、接报泄密"), "jianxh": lazy("登记、收发，不看内页"),
    "gexy": lazy("在知悉范围内，逐页阅览"), "shaoy": lazy("范围之外，什么都看不到"), "lingzm": lazy("管机器，不看内容"),
    "songzw": lazy("管权限与告警，不看内容"), "yinym": lazy("查日志、作验证，不办事"),
}  # fmt: skip
CAP = 30  # a visitor's browser stands for every machine of the company, the reading room's, too


def choose(request: HttpRequest) -> HttpResponse:
    """The people of the company, the cast first; POST signs in as one of them."""
    company = queries.company()
    if not company.is_demo:
        raise NotThere
    if request.method == "POST":
        return _enter(request, request.POST.get("person", ""))
    context = {"company": company, "cast": _cast(), "groups": _others(), "password": demo.PASSWORD}
    return render(request, "site/demo.html", context)


def _cast() -> list[tuple[Person, Any]]:
    found = Person.objects.filter(login__in=CAST, active=True).select_related("department")
    people = {person.login: person for person in found}
    return [(people[login], words) for login, words in CAST.items() if login in people]


def _others() -> list[tuple[Department, list[Person]]]:
    """Everybody else, by department."""
    others = list(Person.objects.filter(active=True).exclude(login__in=CAST).select_related("department"))
    groups = [(dept, [p for p in others if p.department_id == dept.pk]) for dept in Department.objects.order_by("pk")]
    return [(dept, people) for dept, people in groups if people]


def _enter(request: HttpRequest, uid: str) -> HttpResponse:
    holder = Person.objects.filter(uid=uid, active=True).first()
    if holder is None:
        raise NotThere
    device, new = seat.device(request)
    if not device.registered:
        _register(device)
    signed = actions.enter_demo(None, holder, device, network_of(request))
    return seat.put(HttpResponseRedirect("/"), signed, new, settings.ENV.tls)


def _register(device: Device) -> None:
    """The visitor's browser, registered as the security administrator registers any machine (D5)."""
    actions.register_device(queries.holders("secadmin")[0], device, label=_("演示用终端"), kind=device.kind, level_cap=CAP, owner=None)
    device.refresh_from_db()
