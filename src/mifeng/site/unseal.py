"""/unseal/: the only page while the vault is sealed. Keepers type their shares; two of three open it."""

import threading

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from mifeng.base import record, vault
from mifeng.engines import vault as engine
from mifeng.rooms.people import actions
from mifeng.site import start

# Shares typed so far, in memory only; dropped when they open the vault or do not fit.
_typed: list[str] = []
_lock = threading.Lock()
PLACES = 2


def page(request: HttpRequest) -> HttpResponse:
    """A share, or the whole passphrase where it was never split."""
    if vault.is_open():
        return HttpResponseRedirect("/")
    wrong = _try(request.POST.get("share", "").strip()) if request.method == "POST" else ""
    if vault.is_open():
        return HttpResponseRedirect("/")
    shares = [n < len(_typed) for n in range(PLACES)]
    return render(request, "site/unseal.html", {"shares": shares, "wrong": wrong}, status=403 if wrong else 200)


def _try(text: str) -> str:
    """What is wrong with what was typed; "" when it was taken or opened the vault."""
    if not text:
        return _("请输入份额或口令短语")
    try:
        if " " not in text:
            _open(text, 0)
            return ""
        with _lock:
            if text not in _typed:
                _typed.append(text)
            if len(_typed) < PLACES:
                return ""
            whole, _typed[:] = engine.unseal.join(_typed), []
        _open(whole, PLACES)
    except (engine.ShareRefused, engine.WrongPassphrase):
        _typed.clear()
        return _("份额或口令短语不符，请各位保管人从头再来")
    return ""


def _open(passphrase: str, shares: int) -> None:
    """Unseal, then check what only an open vault can check; a failure seals again."""
    vault.unseal(passphrase)
    try:
        record.start()
        start.house()
        actions.unsealed(None, shares)
    except Exception:
        vault.seal()
        raise
