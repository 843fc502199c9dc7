"""The desk (待办台), one's own page, notices, search, progress of long work, help."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mifeng.base import clock, duties, room
from mifeng.base.models import Job, LogIndex, Notice
from mifeng.base.refusals import NotThere
from mifeng.rooms.documents import actions as documents
from mifeng.rooms.people import actions as people
from mifeng.rooms.people import credentials
from mifeng.rooms.people.models import Authenticator, Credential, SavedPage
from mifeng.rooms.training import queries as training


def desk(request: HttpRequest) -> HttpResponse:
    """At most seven lines, each closable in place; what was just done at the right."""
    person = request.person
    lines = room.duties(person)[:7]
    context = {
        "duties": lines, "today": clock.today(), "total": sum(line.count for line in lines),
        "notices": _shown(duties.desk(person.pk)[:6]), "done": _just_done(person),
    }  # fmt: skip
    return render(request, "site/desk.html", context)


def _shown(notices: list[Notice]) -> list[dict[str, object]]:
    return [{"text": duties.KINDS[n.kind], "at": n.at, "uid": n.uid} for n in notices]


# What the desk calls the deeds it lists as just done; others are not shown there.
DONE_WORDS = {
    "documents:register": _("登记文件"), "approvals:approve": _("批准"), "approvals:return": _("退回"),
    "viewing:acknowledge": _("签已阅"), "documents:declassify": _("解密"), "documents:narrow_scope": _("缩小知悉范围"),
    "documents:widen_scope": _("申请扩大知悉范围"), "documents:ask_change": _("送审变更"), "documents:correct": _("更正"),
    "training:sign_pledge": _("签署承诺书"), "training:acknowledge": _("确认制度"), "people:appoint": _("委托"),
    "people:change_password": _("更换口令"), "people:register_device": _("登记设备"), "documents:propose": _("再送定密"),
}  # fmt: skip


def _just_done(person: object) -> list[dict[str, object]]:
    found = LogIndex.objects.filter(actor=person.uid, out="allowed", act__in=DONE_WORDS).order_by("-seq")[:6]
    return [{"text": DONE_WORDS[row.act], "at": row.at, "seq": row.seq} for row in found]


def search(request: HttpRequest) -> HttpResponse:
    """Titles and numbers among what this person may know; words by POST, never in an address."""
    words = request.POST.get("q", "").strip()[:80]
    hits = documents.look_up(request.person, request.sitting, words) if words else []
    return render(request, "site/search.html", {"words": words, "hits": hits, "asked": bool(words)})


def notices(request: HttpRequest) -> HttpResponse:
    """All unseen notices; seen by POST."""
    if request.method == "POST":
        people.see_notices(request.person, tuple(request.POST.getlist("uid")))
        return HttpResponseRedirect("/notices/")
    return render(request, "site/notices.html", {"notices": _shown(duties.desk(request.person.pk))})


def me(request: HttpRequest) -> HttpResponse:
    """What I hold, my sessions, devices, pledge, password; my secrecy record and nobody else's (P3.2)."""
    person = request.person
    context = {
        "holdings": room.holdings(person, person),
        "sessions": person.sessions.filter(ended_at=None).select_related("device", "pulse"),
        "devices": person.devices.filter(revoked=False),
        "credential": Credential.objects.filter(person=person).first(),
        "authenticator": Authenticator.objects.filter(person=person).exclude(confirmed_at=None).first(),
        "pledge": person.pledges.order_by("-signed_on").first(), "test": person.entry_tests.order_by("-taken_on").first(),
        "condition": training.condition(person),
        "opened": LogIndex.objects.filter(actor=person.uid, act="viewing:open_page", out="allowed").count(),
        "refused": LogIndex.objects.filter(actor=person.uid, out="refused").count(),
        "saved": SavedPage.objects.filter(person=person).order_by("-at")[:5],
        "appointments": person.appointments.filter(revoked_on=None),
        "weak": credentials.REMEMBERED,
    }  # fmt: skip
    return render(request, "site/me.html", context)


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Language, density, own idle time."""
    language = request.POST.get("language", "zh-hans")
    people.set_preferences(
        request.person, language=language, density=request.POST.get("density", "normal"),
        idle_minutes=int(request.POST.get("idle_minutes") or 5),
    )  # fmt: skip
    response = HttpResponseRedirect("/me/")
    response.set_cookie("mf_language", language, max_age=31536000, samesite="Strict", httponly=True)
    return response


def job(request: HttpRequest, uid: str) -> HttpResponse:
    """Progress of one's own long work: step in words, no title."""
    found = Job.objects.filter(uid=uid, person_key=request.person.pk).first()
    if found is None:
        raise NotThere
    return render(request, "base/job.html", {"job": found})


def help_index(request: HttpRequest) -> HttpResponse:
    """The handbook: one page a post."""
    return render(request, "site/help.html", {})


def emergency(request: HttpRequest) -> HttpResponse:
    """Who does what in an emergency; open without a session."""
    return render(request, "site/emergency.html", {})
