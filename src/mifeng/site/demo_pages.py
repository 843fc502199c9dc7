"""选择人物: sign in as somebody of the demonstration company. Only a demo instance has this page."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from mifeng.base.refusals import NotThere
from mifeng.rooms.people import actions, queries
from mifeng.rooms.people.models import Department, Person
from mifeng.site.middleware import network_of
from mifeng.site.signin import seat

# The cast: whom to choose first, and what each may show (style.md).
CAST = {
    "luyz": "审批绝密，独自批准对外提供", "wenqh": "分管研发，审定青鹭三型各件", "fangrl": "总经办主任，委托专人、接报泄密",
    "jianxh": "登记、收发，不看内页", "gexy": "在知悉范围内，逐页阅览", "shaoy": "范围之外，什么都看不到",
    "lingzm": "管机器，不看内容", "songzw": "管权限与告警，不看内容", "yinym": "查日志、作验证，不办事",
}  # fmt: skip


def choose(request: HttpRequest) -> HttpResponse:
    """The people of the company, the cast first; POST signs in as one of them."""
    company = queries.company()
    if not company.is_demo:
        raise NotThere
    if request.method == "POST":
        return _enter(request, request.POST.get("person", ""))
    cast = [(Person.objects.get(login=login), text) for login, text in CAST.items() if _is_here(login)]
    others = Person.objects.filter(active=True).exclude(login__in=CAST).select_related("department")
    groups = [(dept, [p for p in others if p.department_id == dept.pk]) for dept in Department.objects.order_by("pk")]
    context = {"company": company, "cast": cast, "groups": [(d, people) for d, people in groups if people]}
    return render(request, "site/demo.html", context)


def _is_here(login: str) -> bool:
    return Person.objects.filter(login=login, active=True).exists()


def _enter(request: HttpRequest, uid: str) -> HttpResponse:
    holder = Person.objects.filter(uid=uid, active=True).first()
    if holder is None:
        raise NotThere
    device, new = seat.device(request)
    signed = actions.enter_demo(None, holder, device, network_of(request))
    return seat.put(HttpResponseRedirect("/"), signed, new, settings.ENV.tls)
