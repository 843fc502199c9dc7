"""Cookies of a sign-in: the session's token and the device's token. Nothing else is ever set for a session."""

from django.http import HttpRequest, HttpResponse

from mifeng.rooms.people import actions
from mifeng.rooms.people.models import Device, new_token, token_hash

SESSION_COOKIE, DEVICE_COOKIE = "mf_session", "mf_device"
TEN_YEARS = 315360000


def device(request: HttpRequest) -> tuple[Device, str | None]:
    """The device of this browser; an unknown one is met as unregistered and gets a new token."""
    token = request.COOKIES.get(DEVICE_COOKIE)
    found = Device.objects.filter(token_hash=token_hash(token), revoked=False).first() if token else None
    if found:
        return found, None
    new = new_token()
    phone = "Mobile" in request.headers.get("User-Agent", "")
    return actions.meet_device(None, new, "phone" if phone else "pc"), new


def put(response: HttpResponse, signed: actions.SignedIn, device_token: str | None, tls: bool) -> HttpResponse:
    """The response with the session's cookie, and the device's when it is new."""
    response.set_cookie(SESSION_COOKIE, signed.token, httponly=True, samesite="Strict", secure=tls)
    if device_token:
        response.set_cookie(DEVICE_COOKIE, device_token, max_age=TEN_YEARS, httponly=True, samesite="Strict", secure=tls)
    return response
