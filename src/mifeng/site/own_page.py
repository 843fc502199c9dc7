"""/me/: what I hold, my requests, sessions, devices, pledge, password; my secrecy record and nobody else's (P3.2)."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from mifeng.base import clock, language, room
from mifeng.base.models import LogIndex
from mifeng.clauses import parameter
from mifeng.rooms.approvals import queries as approvals
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.documents import queries as documents
from mifeng.rooms.documents.models import Document
from mifeng.rooms.people import actions as people
from mifeng.rooms.people import queries, rules
from mifeng.rooms.people.facts import POSTS
from mifeng.rooms.people.models import Authenticator, Credential, Device, Person, Session
from mifeng.site.middleware import LANGUAGE_COOKIE

CLEARED = {
    30: lazy("核心，可知悉到%(level)s"), 20: lazy("重要，可知悉到%(level)s"), 10: lazy("一般，可知悉到%(level)s"),
    5: lazy("无，只看内部件"),
}  # fmt: skip
DEVICE_KINDS = {"pc": lazy("电脑"), "phone": lazy("手机")}
REQUEST_TONES = {"asked": "warn", "approved": "ok", "returned": "bad"}
LANGUAGES = (("zh-hans", "中文"), ("en", "English"))  # each in its own language
IDLE_CHOICES = (1, 2, 3, 5)
HELD, ASKED, SESSIONS = 40, 6, 6


def _cleared(rank: int) -> str:
    """Up to which level somebody may be let know, in words."""
    return str(CLEARED[rank] % {"level": language.level(rank)}) if rank in CLEARED else ""


def me(request: HttpRequest) -> HttpResponse:
    """One's own page."""
    person = request.person
    title = person.title.split("(")[0]
    context = {
        "me": {"name": person.name, "post": title, "department": person.department.name}, "facts": _facts(person),
        "holdings": _held(person), "holdings_confirm_url": None, "requests": _requests(person),
        "sessions": _sessions(person, request.sitting), "devices": [_device(d) for d in person.devices.filter(revoked=False)],
        "languages": [{"code": code, "label": word, "current": person.language == code} for code, word in LANGUAGES],
        "idle_choices": [{"minutes": n, "current": person.idle_minutes == n} for n in _idle_choices()],
        "password_url": "/account/password/", "factor_url": "/account/second-factor/",
    }  # fmt: skip
    return render(request, "site/me.html", context)


def _idle_choices() -> list[int]:
    most = int(parameter("I7.2", "idle_lock_minutes", on=clock.today()))
    return [n for n in IDLE_CHOICES if n <= most]


def _facts(person: Person) -> list[dict[str, Any]]:
    posts = [_(POSTS[post]) for post in sorted(person.posts()) if post != "employee"]
    pledge, test = person.pledges.order_by("-signed_on", "-pk").first(), person.entry_tests.order_by("-taken_on").first()
    refused = LogIndex.objects.filter(actor=person.uid, out="refused").count()
    read = LogIndex.objects.filter(actor=person.uid, act="viewing:open_page", out="allowed").count()
    return [
        {"label": _("账号"), "value": person.login},
        {"label": _("岗位"), "value": _("、").join(posts) or _(POSTS["employee"])},
        {"label": _("涉密等级"), "value": _cleared(person.clearance)},
        {"label": _("承诺书"), "value": _signed(pledge), "url": "/training/pledges/"},
        {"label": _("考核"), "value": _("%(score)d 分") % {"score": test.score} if test else "—"},
        _password_fact(person),
        _factor_fact(person),
        {"label": _("本人留痕"), "value": _("阅览 %(read)d 页，被拒 %(refused)d 次") % {"read": read, "refused": refused}},
    ]


def _signed(pledge: Any) -> str:
    return _("%(day)s 签署") % {"day": pledge.signed_on.isoformat()} if pledge else _("未签署")


def _password_fact(person: Person) -> dict[str, Any]:
    changed = Credential.objects.filter(person=person).values_list("changed_at", flat=True).first()
    if changed is None:
        return {"label": _("口令"), "value": _("未设")}
    first = clock.local(changed).date()
    whole = (rules.password_last_day(first) - first).days
    day = rules.password_day(first, clock.today())
    return {
        "label": _("口令"), "value": _("第 %(n)d 天") % {"n": day}, "dim": _("满 %(n)d 天更换") % {"n": whole}, "clause": "I6.3",
        "tone": "ochre" if whole - day < 7 else "",
    }  # fmt: skip


def _factor_fact(person: Person) -> dict[str, Any]:
    bound = Authenticator.objects.filter(person=person).exclude(confirmed_at=None).exists()
    return {"label": _("第二验证"), "value": _("已绑定验证器") if bound else _("未绑定"), "tone": "" if bound else "ochre"}


def _held(person: Person) -> list[dict[str, Any]]:
    """Items this person owns or stands in the scope of, newest first, as the register shows them."""
    found = documents.known_by(person).filter(level__gte=10, live=True)
    rows = documents.newest(person, found, 2 * HELD)
    mine = documents.among_scopes(person, rows)
    return [_holding(row, person) for row in rows if row.owner_id == person.pk or row.pk in mine][:HELD]


def _holding(row: Document, person: Person) -> dict[str, Any]:
    return {
        "number": row.number or _("未编号"), "url": f"/documents/{row.uid}/", "title": row.title, "level": row.level,
        "proposed": row.proposed, "words": _("责任人") if row.owner_id == person.pk else _("知悉"), "since": row.issued_on,
    }  # fmt: skip


def _requests(person: Person) -> list[dict[str, Any]]:
    asked = Approval.objects.filter(applicant=person).order_by("-asked_at", "-pk")[:ASKED]
    return [
        {
            "number": row.number or language.level(row.level), "url": f"/approvals/{row.uid}/", "act": _act_word(row), "at": row.asked_at,
            "state_tone": REQUEST_TONES.get(row.state, "end"), "state": approvals.state_word(row),
        }
        for row in asked
    ]  # fmt: skip


def _act_word(row: Approval) -> str:
    return str(room.matters()[row.matter].label)


def _sessions(person: Person, current: Session) -> list[dict[str, Any]]:
    rows = person.sessions.select_related("device", "pulse").order_by("-created_at", "-pk")[:SESSIONS]
    return [
        {
            "device": row.device.label or _("未登记的终端"), "place": row.network or "—", "since": row.created_at,
            "last": row.pulse.last_activity, "current": row.pk == current.pk,
        }
        for row in rows
    ]  # fmt: skip


def _device(row: Device) -> dict[str, Any]:
    return {
        "label": row.label or _("未命名"), "kind": DEVICE_KINDS.get(row.kind, row.kind), "registered": row.registered,
        "cap": language.level(queries.device_cap(row)), "first": row.first_seen,
    }  # fmt: skip


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Language, density, own idle time."""
    person, typed = request.person, request.POST
    spoken = typed.get("language", person.language)
    minutes = typed.get("idle_minutes", "")
    people.set_preferences(
        person, language="en" if spoken == "en" else "zh-hans",
        density="compact" if typed.get("density") == "compact" else "normal",
        idle_minutes=int(minutes) if minutes.isdecimal() else person.idle_minutes,
    )  # fmt: skip
    response = HttpResponseRedirect(_back(typed.get("next", "")))
    response.set_cookie(LANGUAGE_COOKIE, person.language, max_age=31536000, samesite="Strict", httponly=True)
    return response


def _back(wanted: str) -> str:
    """An address of this house, else one's own page."""
    return wanted if wanted.startswith("/") and not wanted.startswith(("//", "/\\")) else "/me/"
