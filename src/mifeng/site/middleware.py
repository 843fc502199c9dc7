"""What every request passes: headers, the sealed house, answers to refusals, who is there."""

import ipaddress
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.utils import translation
from django.utils.http import urlencode

from mifeng.base import clock, codes, deeds, moment, vault
from mifeng.base.codes import Tampered
from mifeng.base.fields import new_uid
from mifeng.rooms.people import actions, queries, rules
from mifeng.rooms.people.models import Person, SavedPage, Session, SessionPulse, token_hash
from mifeng.site import answers

Answer = Callable[[HttpRequest], HttpResponse]

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), display-capture=()",
}
# Pages without a session; everything else asks who is there. A house test compares this list with the URL table.
OPEN = (
    "/static/", "/health/", "/unseal/", "/account/login/", "/account/invitation/", "/demo/", "/account/language/",
    "/help/emergency/",
)  # fmt: skip
WHILE_SEALED = ("/static/", "/health/", "/unseal/", "/account/language/")
SESSION_COOKIE, DEVICE_COOKIE, LANGUAGE_COOKIE = "mf_session", "mf_device", "mf_language"
PULSE = timedelta(seconds=15)
WHILE_LOCKED = ("/account/locked/", "/account/lock/", "/account/sign-out/")
# Where somebody may go whose password was found lying open (I6.1).
CHANGE = "/account/password/"
WHILE_EXPOSED = (CHANGE, *WHILE_LOCKED, "/account/language/", "/health/")
NEVER_KEPT = ("csrfmiddlewaretoken", "password", "old", "new", "again", "code", "one", "two", "share")
KEPT_FOR = timedelta(days=7)


class SecurityHeaders:
    """The same strict headers on every answer; nothing but static files is ever stored."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers[name] = value
        if not request.path.startswith(settings.STATIC_URL):
            response.headers["Cache-Control"] = "no-store"
        if settings.ENV.tls:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        return response


class Language:
    """Chinese, unless the person or the cookie says English."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(LANGUAGE_COOKIE, settings.ENV.language)
        translation.activate("en" if chosen == "en" else "zh-hans")
        request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]
        response = self.get_response(request)
        translation.deactivate()
        return response


class SealedHouse:
    """While the vault is sealed there is one page: 系统未启封."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if vault.is_open() or request.path.startswith(WHILE_SEALED):
            return self.get_response(request)
        if request.method == "GET" and "text/html" in request.headers.get("Accept", ""):
            return redirect("/unseal/")
        return HttpResponse(translation.gettext("系统未启封") + "\n", status=503, content_type="text/plain; charset=utf-8")


class Answers:
    """Turns what a deed raised into the page the person may see."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # No text of the house holds it, and the databases answer differently when asked for it.
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return answers.not_found(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        """Nor does any form hold it: many a field of a post is looked for as it came."""
        sent = request.POST.lists() if request.method == "POST" else ()
        return answers.not_found(request) if any("\0" in value for _name, values in sent for value in values) else None

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        if isinstance(fault, Tampered) and not fault.recorded:
            with suppress(Tampered):
                actions.meet_tampering(request.person, fault)
        return answers.to(request, fault)


class WhoIsThere:
    """Session, lock, epoch and device of each request; the occasion that its deeds carry."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.person = request.sitting = None  # type: ignore[attr-defined]
        session = None if request.path.startswith(settings.STATIC_URL) else self._session(request)
        request.occasion_id = new_uid()  # type: ignore[attr-defined]
        occasion = deeds.Occasion(
            device=session.device.uid if session else "", session=session.pk if session else None,
            request=request.occasion_id, address=network_of(request),  # type: ignore[attr-defined]
        )  # fmt: skip
        with deeds.on(occasion), moment.one():
            return self._answer(request, session)

    def _session(self, request: HttpRequest) -> Session | None:
        token = request.COOKIES.get(SESSION_COOKIE)
        if not token or not vault.is_open():
            return None
        found = Session.objects.select_related("person__department", "device", "pulse")
        return found.filter(token_hash=token_hash(token), ended_at=None).first()

    def _answer(self, request: HttpRequest, session: Session | None) -> HttpResponse:
        if session is None:
            return self._nobody(request)
        person = session.person
        try:
            codes.verify("person", [person.pk])
        except Tampered as tampering:
            return self._tampered(request, session, tampering)
        if session.epoch != person.epoch or not person.active:
            return self._ended(request, session, "revoked")
        at = clock.now()
        if rules.must_end(session.pulse.last_activity, at, clock.today()):
            return self._ended(request, session, "idle")
        request.person, request.sitting = person, session  # type: ignore[attr-defined]
        if person.language == "en" and LANGUAGE_COOKIE not in request.COOKIES:
            translation.activate("en")
        if session.pulse.locked_at or rules.must_lock(session.pulse.last_activity, at, person.idle_minutes):
            return self._locked(request, session)
        if "X-Background" not in request.headers and at - session.pulse.last_activity > PULSE:
            SessionPulse.objects.filter(session=session).update(last_activity=at)
        if not rules.may_go_on(queries.must_change(person)).allow and not request.path.startswith(WHILE_EXPOSED):
            return self._to_the_change(request, person)
        response = self.get_response(request)
        if request.method == "POST" and response.status_code == 302:
            drop_typed(request, person)
        return response

    def _to_the_change(self, request: HttpRequest, person: Person) -> HttpResponse:
        """His password must be changed before anything else; what he had typed waits for him."""
        if request.method == "POST":
            keep_typed(person, request.path, request.POST)
        if getattr(request, "htmx", False):
            return HttpResponse(status=204, headers={"HX-Redirect": CHANGE})
        return HttpResponseRedirect(CHANGE)

    def _nobody(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(OPEN):
            return self.get_response(request)
        elsewhere = self._was_superseded(request)
        if request.method != "GET" or elsewhere:
            return answers.signed_out(request, elsewhere)
        return HttpResponseRedirect("/account/login/?" + urlencode({"next": request.get_full_path()}))

    def _was_superseded(self, request: HttpRequest) -> bool:
        """The session of this browser was ended by a later sign-in of the same person: he should learn of it (I6.2)."""
        token = request.COOKIES.get(SESSION_COOKIE)
        if not token or not vault.is_open():
            return False
        return Session.objects.filter(token_hash=token_hash(token), end_reason="superseded").exists()

    def _tampered(self, request: HttpRequest, session: Session, tampering: Tampered) -> HttpResponse:
        try:
            actions.check_person(session.person)
        except Tampered:
            pass  # recorded and alarmed by the deed
        return answers.to(request, tampering) or answers.signed_out(request)

    def _ended(self, request: HttpRequest, session: Session, reason: str) -> HttpResponse:
        if request.method == "POST" and reason == "idle":
            keep_typed(session.person, request.path, request.POST)
        actions.sign_out(session.person, session, reason=reason)
        if request.path.startswith(OPEN):
            return self.get_response(request)
        return answers.signed_out(request)

    def _locked(self, request: HttpRequest, session: Session) -> HttpResponse:
        if session.pulse.locked_at is None:
            SessionPulse.objects.filter(session=session, locked_at=None).update(locked_at=clock.now())
        if request.path in WHILE_LOCKED or request.path.startswith(OPEN):
            return self.get_response(request)
        if request.method == "POST":
            keep_typed(session.person, request.path, request.POST)
        response = answers.locked(request, request.get_full_path())
        if getattr(request, "htmx", False):
            response.headers["HX-Refresh"] = "true"
        return response


def keep_typed(person: Person, path: str, typed: QueryDict) -> None:
    """What was typed into a form that met the lock: kept under the person's key, offered again after unlocking."""
    kept = typed.copy()
    for name in NEVER_KEPT:
        kept.pop(name, None)
    SavedPage.objects.filter(at__lt=clock.now() - KEPT_FOR).delete()
    if kept:
        SavedPage.objects.filter(person=person, path=path[:200]).delete()
        SavedPage.objects.create(person=person, path=path[:200], typed=kept.urlencode(), at=clock.now())


def drop_typed(request: HttpRequest, person: Person) -> None:
    """A form was taken: what was kept for its page (or its own address) has served."""
    page = urlsplit(request.headers.get("Referer", "")).path
    SavedPage.objects.filter(person=person, path__in=[request.path[:200], page[:200]]).delete()


def network_of(request: HttpRequest) -> str:
    """The address the request came from, as its /24 or /64 network; behind a proxy the one that the trusted proxy names."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.ENV.behind_proxy and address == settings.ENV.behind_proxy:
        address = request.headers.get("X-Forwarded-For", "").rsplit(",", 1)[-1].strip() or address
    try:
        at = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(ipaddress.ip_network(f"{at}/{24 if at.version == 4 else 64}", strict=False))
