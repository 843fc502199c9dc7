"""What a person sees when something was not done: refusal, absent item, conflict, log unavailable, error."""

import logging
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from mifeng.base.codes import Tampered
from mifeng.base.record import LogUnavailable
from mifeng.base.refusals import Conflict, NotThere, Refused
from mifeng.base.vault import Sealed
from mifeng.engines.vault import Unreadable

log = logging.getLogger("mifeng")


def to(request: HttpRequest, fault: Exception) -> HttpResponse | None:
    """The page for what was raised; an unknown fault becomes a page with a number and no trace."""
    if isinstance(fault, (NotThere, Http404)) or (isinstance(fault, Refused) and fault.hidden):
        return not_found(request)
    if isinstance(fault, Refused):
        return refused(request, fault)
    if isinstance(fault, Conflict):
        return render(request, "base/conflict.html", {"who": fault.who, "what": fault.what}, status=409)
    if isinstance(fault, LogUnavailable):
        return plain(request, "留痕不可用，暂停服务", "磁盘或日志不可写。请系统管理员运行 ./mifeng doctor 查看。", 503)
    if isinstance(fault, Tampered):
        return plain(request, "数据校验不符，已停止", "有人越过系统改动了数据。安全保密管理员和安全审计员已收到告警。", 403)
    if isinstance(fault, Sealed):
        return plain(request, "系统未启封", "请保管人启封后再来。", 503)
    if isinstance(fault, Unreadable):
        return plain(request, "内容无法读取", "密文与登记不符，未显示任何内容。请联系系统管理员。", 500)
    number = getattr(request, "occasion_id", "")[:8]
    log.error("error %s %s at %s", number, type(fault).__name__, request.resolver_match and request.resolver_match.view_name)
    return render(request, "base/error.html", {"number": number}, status=500)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The one answer for absent and hidden: same bytes, whoever asks, whatever for."""
    return HttpResponse(render_to_string("base/not_found.html"), status=404)


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The four parts: what was not done, why, the clause, the next step."""
    decision = refusal.decision
    context: dict[str, Any] = {
        "not_done": refusal.not_done or "未办理", "why": decision.reasons[0].zh if decision.reasons else "",
        "reasons": decision.reasons, "clause": decision.clause, "next_step": refusal.next_step,
    }  # fmt: skip
    return render(request, "base/refused.html", context, status=403)


def signed_out(request: HttpRequest) -> HttpResponse:
    """The session is over; a form that was sent says so instead of losing its place silently."""
    response = plain(request, "登录已结束", "请重新登录后再办。", 401, link=("登录", "/account/login/"))
    if getattr(request, "htmx", False):
        response.headers["HX-Redirect"] = "/account/login/"
    response.delete_cookie("mf_session")
    return response


def plain(request: HttpRequest, title: str, text: str, status: int, link: tuple[str, str] | None = None) -> HttpResponse:
    """A bare page of one sentence, without the shell."""
    return render(request, "base/plain.html", {"title": title, "text": text, "link": link}, status=status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was not ours or too old."""
    return plain(request, "页面已过期", "请返回上一页，刷新后再提交；您填写的内容仍在上一页。", 403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Last resort of Django."""
    return HttpResponse(render_to_string("base/plain.html", {"title": "出错了", "text": "请稍后再试。"}), status=500)
