"""Pages of the sign-in. Answers are equal for known and unknown names."""

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mifeng.base import clock
from mifeng.base.language import reason as reason_said
from mifeng.base.refusals import Refused
from mifeng.rooms.people import actions, credentials, queries
from mifeng.rooms.people.models import Authenticator, Credential, SavedPage, SessionPulse
from mifeng.site import answers
from mifeng.site.middleware import LANGUAGE_COOKIE, keep_typed, network_of
from mifeng.site.signin import seat


def _next(request: HttpRequest) -> str:
    """Where to go afterwards: an address of this house, never another."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    return wanted if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else "/"


def login(request: HttpRequest) -> HttpResponse:
    """Name, password, and the authenticator's code for whoever has one."""
    company = queries.company()
    context = {"company": company, "next": _next(request), "error": "", "typed_login": request.POST.get("login", "")[:40]}
    if request.method != "POST":
        if company.is_demo and "form" not in request.GET:
            return redirect("/demo/")
        return render(request, "site/login.html", context)
    device, new = seat.device(request)
    try:
        signed = actions.sign_in(
            None, request.POST.get("login", ""), request.POST.get("password", ""), request.POST.get("code", ""), device,
            network_of(request),
        )  # fmt: skip
    except Refused as refusal:
        context["error"] = reason_said(refusal.decision.reasons[0])
        return render(request, "site/login.html", context, status=403)
    return seat.put(HttpResponseRedirect(_next(request)), signed, new, settings.ENV.tls)


def unlock(request: HttpRequest) -> HttpResponse:
    """The lock page's form: password opens the page that lies below."""
    if request.person is None:
        return redirect("/account/login/")
    back = _next(request)
    if request.method != "POST":
        return answers.locked(request, back)
    try:
        actions.unlock(request.person, request.sitting, request.POST.get("password", ""))
    except Refused as refusal:
        if queries.failures(request.person.item_key, 5) >= actions.SIGN_IN_TRIES:
            return sign_out(request)
        return answers.locked(request, back, reason_said(refusal.decision.reasons[0]))
    return HttpResponseRedirect(back)


@require_POST
def lock(request: HttpRequest) -> HttpResponse:
    """锁定本机: lock this session at once; what the page held half-written comes along and is kept."""
    if request.person is None:
        return redirect("/account/login/")
    if request.POST.get("path", "").startswith("/") and request.POST.get("typed"):
        keep_typed(request.person, request.POST["path"], QueryDict(request.POST["typed"]))
    SessionPulse.objects.filter(session=request.sitting, locked_at=None).update(locked_at=clock.now())
    return HttpResponse(status=204) if "X-Background" in request.headers else redirect("/account/locked/")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    if request.sitting is not None:
        actions.sign_out(request.person, request.sitting)
    response = HttpResponseRedirect("/account/login/")
    response.delete_cookie(seat.SESSION_COOKIE)
    return response


def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password."""
    has_one = Credential.objects.filter(person=request.person).exists()
    context = {"has_one": has_one, "exposed": queries.must_change(request.person), "error": "", "done": False}
    if request.method == "POST":
        old, new, again = (request.POST.get(name, "") for name in ("old", "new", "again"))
        try:
            if new != again:
                context["error"] = _("两次输入的新口令不一致")
            else:
                actions.change_password(request.person, old, new)
                context["done"] = True
        except Refused as refusal:
            context["error"] = reason_said(refusal.decision.reasons[0])
    return render(request, "site/password.html", context, status=403 if context["error"] else 200)


def second_factor(request: HttpRequest) -> HttpResponse:
    """Register the authenticator, or prove once more."""
    person, row = request.person, Authenticator.objects.filter(person=request.person).first()
    confirmed = bool(row and row.confirmed_at)
    context: dict[str, object] = {"confirmed": confirmed, "error": "", "done": False, "next": _next(request)}
    try:
        if request.method == "POST" and confirmed:
            actions.prove_again(person, request.sitting, request.POST.get("code", ""))
            context["done"] = True
        elif request.method == "POST" and request.POST.get("code"):
            actions.confirm_totp(person, request.sitting, request.POST["code"])
            context |= {"done": True, "confirmed": True}
        elif request.method == "POST" and queries.company().is_demo and not request.POST.get("begin"):
            actions.prove_again(person, request.sitting, "")
            context["done"] = True
        elif request.method == "POST":
            secret = actions.begin_totp(person)
            context |= _qr(secret, person.login)
    except Refused as refusal:
        context["error"] = reason_said(refusal.decision.reasons[0])
    return render(request, "site/second_factor.html", context, status=403 if context["error"] else 200)


def _qr(secret: str, login_name: str) -> dict[str, object]:
    uri = credentials.totp_uri(secret, login_name, queries.company().short)
    drawn = segno.make(uri, error="m").svg_inline(scale=5, omitsize=True, svgclass="mf-qr", lineclass=None)
    shown = " ".join(secret[n : n + 4] for n in range(0, len(secret), 4))
    return {"secret": secret, "shown": shown, "qr": drawn}


def invitation(request: HttpRequest) -> HttpResponse:
    """Both halves of a one-time code and a new password of one's own."""
    context = {"error": "", "done": False}
    if request.method == "POST":
        login_name, one, two, new, again = (request.POST.get(n, "") for n in ("login", "one", "two", "new", "again"))
        try:
            if new != again:
                context["error"] = _("两次输入的新口令不一致")
            else:
                actions.use_code(None, login_name, one, two, new)
                context["done"] = True
        except Refused as refusal:
            context["error"] = reason_said(refusal.decision.reasons[0])
    return render(request, "site/invitation.html", context, status=403 if context["error"] else 200)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """中文 / English, before anybody signed in."""
    response = HttpResponseRedirect(_next(request))
    chosen = "en" if request.POST.get("language") == "en" else "zh-hans"
    response.set_cookie(LANGUAGE_COOKIE, chosen, max_age=31536000, samesite="Strict", httponly=True)
    return response


def saved_typed(person: object, path: str) -> str:
    """What the person had typed at this address when the lock came, as a query string; "" when nothing."""
    row = SavedPage.objects.filter(person=person, path=path).first()
    return row.typed if row else ""
