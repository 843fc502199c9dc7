"""/unseal/: the only page while the vault is sealed. Keepers type their shares; as many as are needed open it.

Whoever reaches the page may type, so nothing he types undoes what another typed: shares lie apart by set, only the
browser that typed one takes it back, and whoever guesses waits. All of it in memory: a sealed house can write no log.
"""

import secrets
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import combinations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from mifeng.base import clock, record, vault
from mifeng.clauses import parameter
from mifeng.engines import vault as engine
from mifeng.rooms.people import actions
from mifeng.site import start
from mifeng.site.middleware import network_of

COOKIE = "mf_unseal"
SETS, SHARES = 4, 6  # shares of so many sets lie here at a time, and of each so many: nobody fills the memory
NETWORKS = 1024
KEPT_FOR = timedelta(minutes=30)  # a share that nobody completes is forgotten


@dataclass(frozen=True)
class Typed:
    """A share, the browser that typed it, and when."""

    text: str
    by: str
    at: datetime


@dataclass
class Table:
    """What was typed so far: shares by the set they belong to, and who guessed wrongly when."""

    sets: dict[int, list[Typed]] = field(default_factory=dict)
    wrong: dict[str, deque[datetime]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, browser: str) -> list[Typed]:
        """The shares that this browser typed."""
        return [typed for found in self.sets.values() for typed in found if typed.by == browser]

    def clean(self, keep: Callable[[Typed], bool]) -> None:
        """Forget the shares that are not to be kept."""
        left = {number: [typed for typed in found if keep(typed)] for number, found in self.sets.items()}
        self.sets = {number: found for number, found in left.items() if found}


_table = Table()


def page(request: HttpRequest) -> HttpResponse:
    """A share, or the whole passphrase where it was never split."""
    if vault.is_open():
        return HttpResponseRedirect("/")
    browser, wrong = request.COOKIES.get(COOKIE, ""), ""
    with _table.lock:
        _table.clean(lambda typed: typed.at > clock.now() - KEPT_FOR)
        if request.method == "POST":
            browser = browser or secrets.token_urlsafe(32)
            wrong = _posted(request, browser)
        if vault.is_open():
            return HttpResponseRedirect("/")
        shown = _shown(browser)
    response = render(request, "site/unseal.html", shown | {"wrong": wrong}, status=403 if wrong else 200)
    if browser:
        response.set_cookie(COOKIE, browser, httponly=True, samesite="Strict", secure=settings.ENV.tls)
    return response


def _shown(browser: str) -> dict[str, object]:
    """How many shares of the fullest set lie here, of how many; whether this browser may take one back."""
    fullest = max(_table.sets.values(), key=len, default=[])
    needed = engine.unseal.check(fullest[0].text).needed if fullest else 2
    return {"shares": [n < len(fullest) for n in range(needed)], "mine": bool(_table.of(browser))}


def _posted(request: HttpRequest, browser: str) -> str:
    """What is wrong with what was typed; "" when it was taken, taken back, or opened the vault."""
    if request.POST.get("do") == "back":
        _table.clean(lambda typed: typed.by != browser)
        return ""
    network, text = network_of(request), " ".join(request.POST.get("share", "").split())
    if not text:
        return _("请输入份额或口令短语")
    if _waits(network):
        return _("试错过多，请稍后再试")
    try:
        return _try(text, browser)
    except (engine.ShareRefused, engine.WrongPassphrase):
        _table.wrong.setdefault(network, deque(maxlen=64)).append(clock.now())
        return _("份额或口令短语不符。别人交的份额还在，请核对后重交您的一份")


def _waits(network: str) -> bool:
    """From there it was guessed too often (I6.1): a guess costs the house a quarter of a second, on purpose."""
    on = clock.today()
    since = clock.now() - timedelta(minutes=int(parameter("I6.1", "lock_minutes", on=on)))
    while len(_table.wrong) > NETWORKS:
        _table.wrong.pop(next(iter(_table.wrong)))
    return sum(at > since for at in _table.wrong.get(network, ())) >= int(parameter("I6.1", "tries", on=on))


def _try(text: str, browser: str) -> str:
    """Take a share, or open with the whole passphrase. Raises ShareRefused, WrongPassphrase."""
    if " " not in text:
        _open(text, 0)
        return ""
    facts = engine.unseal.check(text)
    if facts.set_id not in _table.sets and len(_table.sets) >= SETS:
        _table.sets.pop(min(_table.sets, key=lambda number: len(_table.sets[number])))
    found = _table.sets.setdefault(facts.set_id, [])
    if len(found) < SHARES and text not in {typed.text for typed in found}:
        found.append(Typed(text, browser, clock.now()))
    if len(found) >= facts.needed:
        _open(_joined([typed.text for typed in found], facts.needed), facts.needed)
        _table.sets.clear()
    return ""


def _joined(shares: list[str], needed: int) -> str:
    """The passphrase from whichever of these shares fit together: a forged one among them spoils nothing."""
    for some in combinations(shares, needed):
        try:
            return engine.unseal.join(some)
        except engine.ShareRefused:
            continue
    raise engine.ShareRefused("no shares of this set fit together")


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
