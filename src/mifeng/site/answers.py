"""What a person sees when something was not done: refusal, absent item, conflict, lock, log unavailable, error."""

import logging
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from mifeng.base import language
from mifeng.base.codes import Tampered
from mifeng.base.models import LogIndex
from mifeng.base.record import LogUnavailable
from mifeng.base.refusals import Conflict, NotThere, Refused
from mifeng.base.vault import Sealed
from mifeng.engines.vault import Unreadable
from mifeng.rooms.people import queries
from mifeng.rooms.people.models import SavedPage
from mifeng.site import demo
from mifeng.site.anchor import LogRolledBack

log = logging.getLogger("mifeng")
STAMP_SIGNS = 5  # a longer word does not fit into the stamp


def to(request: HttpRequest, fault: Exception) -> HttpResponse | None:
    """The page for what was raised; an unknown fault becomes a page with a number and no trace."""
    if isinstance(fault, (NotThere, Http404)) or (isinstance(fault, Refused) and fault.hidden):
        return not_found(request)
    if isinstance(fault, Refused):
        return refused(request, fault)
    if isinstance(fault, Conflict):
        return conflict(request, fault)
    if type(fault) in PLAIN:
        title, text, status = PLAIN[type(fault)]()
        return plain(request, title, text, status)
    number = getattr(request, "occasion_id", "")[:8]
    log.error("error %s %s at %s", number, type(fault).__name__, request.resolver_match and request.resolver_match.view_name)
    return render(request, "base/error.html", {"number": number}, status=500)


def _unavailable() -> tuple[str, str, int]:
    return _("留痕不可用，暂停服务"), _("磁盘或日志不可写。请系统管理员运行 ./mifeng doctor 查看。"), 503


def _tampered() -> tuple[str, str, int]:
    return _("数据校验不符，已停止"), _("有人越过系统改动了数据。安全保密管理员和安全审计员已收到告警。"), 403


def _sealed() -> tuple[str, str, int]:
    return _("系统未启封"), _("请保管人启封后再来。"), 503


def _unreadable() -> tuple[str, str, int]:
    return _("内容无法读取"), _("密文与登记不符，未显示任何内容。请联系系统管理员。"), 500


def _rolled_back() -> tuple[str, str, int]:
    words = _("日志比库外所记的短，或与之不符，可能有人换回了旧备份。查明之前不启封：请系统管理员按运维手册核对备份与密钥目录。")
    return _("日志与库外的记录不符，未启封"), words, 503


PLAIN = {
    LogUnavailable: _unavailable, Tampered: _tampered, Sealed: _sealed, Unreadable: _unreadable, LogRolledBack: _rolled_back,
}  # fmt: skip


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The one answer for absent and hidden: same bytes, whoever asks, whatever for."""
    return HttpResponse(render_to_string("base/not_found.html"), status=404)


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The four parts: what was not done, why, the clause with its text, the next step."""
    decision, not_done = refusal.decision, language.said(refusal.not_done) or _("未办理")
    context: dict[str, Any] = {
        "not_done": not_done, "stamp": not_done if len(not_done) <= STAMP_SIGNS else _("未办理"), "heading": not_done,
        "why": language.reason(decision.reasons[0]) if decision.reasons else "", "reasons": decision.reasons, "clause": decision.clause,
        "next_step": refusal.next_step, "log_no": _last_refusal(request),
    }  # fmt: skip
    return render(request, "base/refused.html", context, status=403)


def _last_refusal(request: HttpRequest) -> int | None:
    """The log number of the refusal just recorded: the newest one of this person."""
    person = getattr(request, "person", None)
    mine = LogIndex.objects.filter(actor=person.uid, out="refused").order_by("-seq") if person else LogIndex.objects.none()
    return mine.values_list("seq", flat=True).first()


def conflict(request: HttpRequest, fault: Conflict) -> HttpResponse:
    """Somebody was quicker: both values, and the way back to the form."""
    context = {"who": fault.who or _("有人"), "what": language.said(fault.what), "back": {"url": request.path, "label": _("重新打开")}}
    return render(request, "base/conflict.html", context, status=409)


def locked(request: HttpRequest, back: str, error: str = "") -> HttpResponse:
    """The lock: the page that lies below comes back after the password; what was typed there is kept."""
    path = back.split("?", 1)[0]
    kept = SavedPage.objects.filter(person=request.person, path=path).exists()
    context = {"back": back, "error": error, "kept": kept, "demo_password": demo.PASSWORD if queries.company().is_demo else ""}
    return render(request, "base/locked.html", context, status=423)


def signed_out(request: HttpRequest, elsewhere: bool = False) -> HttpResponse:
    """The session is over; a form that was sent says so instead of losing its place silently.

    `elsewhere`: the same person signed in at another device, which is said so that a stranger's sign-in is noticed.
    """
    way = "/account/login/?" + urlencode({"form": 1, "next": request.path})
    words = _("您的账号在另一台设备上登录了，这里随即退出。不是您本人的，请立即告知安全保密管理员。")
    response = plain(request, _("登录已结束"), words if elsewhere else _("请重新登录后再办。"), 401, link=(_("登录"), way))
    if getattr(request, "htmx", False):
        response.headers["HX-Redirect"] = way
    response.delete_cookie("mf_session")
    return response


def plain(request: HttpRequest, title: str, text: str, status: int, link: tuple[str, str] | None = None) -> HttpResponse:
    """A bare page of one sentence, without the shell."""
    return render(request, "base/plain.html", {"title": title, "text": text, "link": link}, status=status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was not ours or too old."""
    return plain(request, _("页面已过期"), _("请返回上一页，刷新后再提交；您填写的内容仍在上一页。"), 403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Last resort of Django."""
    return HttpResponse(render_to_string("base/plain.html", {"title": _("出错了"), "text": _("请稍后再试。")}), status=500)
