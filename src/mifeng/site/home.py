"""The desk (待办台), notices, search, progress of long work, help."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from mifeng.base import clock, codes, deeds, duties, room
from mifeng.base.models import Job, LogIndex, Notice
from mifeng.base.refusals import NotThere
from mifeng.clauses import regulation
from mifeng.rooms.documents import actions as documents
from mifeng.rooms.oversight.words import DEEDS as NAMED
from mifeng.rooms.people import actions as people
from mifeng.rooms.people import rules
from mifeng.rooms.people.models import Credential, Person
from mifeng.rooms.training import queries as training
from mifeng.site import prints

LINES, LAST_DEEDS = 7, 6
OFFICERS = frozenset({"sysadmin", "secadmin", "auditor"})

# What the desk calls the deeds it lists as just done; others are not shown there.
DONE_WORDS = {
    "documents:register": lazy("登记文件"), "approvals:approve": lazy("批准"), "approvals:return": lazy("退回"),
    "viewing:acknowledge": lazy("签已阅"), "documents:declassify": lazy("解密"), "documents:narrow_scope": lazy("缩小知悉范围"),
    "documents:widen_scope": lazy("申请扩大知悉范围"), "documents:ask_change": lazy("送审变更"), "documents:correct": lazy("更正"),
    "training:sign_pledge": lazy("签署承诺书"), "training:acknowledge": lazy("确认制度"),
    "training:hand_in_self_check": lazy("提交年度自查"), "people:appoint": lazy("委托"),
    "people:change_password": lazy("更换口令"),
    "people:note_exposed": lazy("记下口令外露"), "people:register_device": lazy("登记设备"), "documents:propose": lazy("再送定密"),
    "people:set_clearance": lazy("变更涉密等级"), "people:activate_account": lazy("启用账号"), "oversight:search": lazy("查问日志"),
    "oversight:verify": lazy("验证日志"), "oversight:export": lazy("取走证据包"), "site:print_register": lazy("打印登记簿"),
    "site:export_register": lazy("导出登记簿"), "site:print_form": lazy("打印单据"), "site:print_labels": lazy("打印标签"),
}  # fmt: skip

CARRIED = ("circulation:", "copies:")  # rooms whose deeds are all work at the counter
EACH = "copies:count_seen"  # one of hundreds in a stock-take: its sheet is the work


@cache
def _done_words() -> dict[str, Any]:
    """What the desk calls one's own deeds: those above and what is done with carriers; looking is no work."""
    carried = {act: word for act, word in NAMED.items() if act.startswith(CARRIED) and act != EACH}
    return {act: word for act, word in carried.items() if not deeds.REGISTERED[act].reads} | DONE_WORDS


# Where a notice leads; the page there decides again what this person may see.
NOTICE_PLACE = {
    "approval": "/approvals/", "decided": "/approvals/", "returned": "/approvals/", "password": "/account/password/",
    "clock": "/system/clock/", "pledge": "/training/pledges/", "to_read": "/documents/", "term": "/documents/terms/",
    "standing": "/documents/", "catalogue": "/documents/catalogue/",
    "training": "/training/pledges/", "self_check": "/training/self-check/",
    "delegation": "/approvals/delegations/", "delegated": "/approvals/delegations/",
    "verbal": "/approvals/", "custody": "/documents/custody/", "overdue": "/", "appointment": "/me/",
    "sign_for": "/copies/", "held": "/copies/?view=held", "re_mark": "/copies/?view=held", "missing": "/copies/?view=lost",
    "count": "/copies/counts/", "clean": "/copies/counts/", "clearup": "/copies/counts/", "incident": "/copies/incidents/",
    "destroy": "/copies/destructions/", "to_carry_out": "/copies/jobs/", "combination": "/copies/places/",
    "old_ledger": "/copies/import/", "loan": "/circulation/loans/", "circulating": "/circulation/slips/",
    "filing": "/circulation/filings/",
    "rectified": "/people/findings/", "scheme": "/documents/scheme/", "scheme_in_force": "/documents/scheme/",
    "relevelled": "/documents/",
}  # fmt: skip


# What a line of the desk says already needs no notice beside it.
SAID_BY_A_DUTY = frozenset({"approval", "pledge", "to_read", "sign_for"})


def desk(request: HttpRequest) -> HttpResponse:
    """At most seven lines, each closable in place; the day and what was just done at the right."""
    person, today = request.person, clock.today()
    with codes.together():
        lines = room.duties(person)[:LINES]
    prints.record_titles(person, request.sitting.pk, frozenset(item.shows for line in lines for item in line.items if item.shows))
    done = _done_by_day(person, today)
    context = {
        "today": today, "duties": lines, "total": sum(line.count for line in lines),
        "late": sum(line.late for line in lines), "done_today": done[today],
        "new": _first_deed(person), "digest": _digest(person, today),
        "day_lines": _day_lines(person, today), "day_under": "", "recent": _just_done(person), "recent_note": "",
        "week": _week(done, today),
    }  # fmt: skip
    return render(request, "site/desk.html", context)


def _first_deed(person: Person) -> dict[str, str] | None:
    """The one primary button: registration, for whoever does business; the three officers do none."""
    if person.posts() & OFFICERS:
        return None
    return {"label": _("登记密件"), "url": "/documents/new/", "icon": "plus"}


def _digest(person: Person, today: date) -> dict[str, Any] | None:
    """What the newest day brought, in one calm group; None when the lines of the desk say everything."""
    found = duties.digest(person.pk, SAID_BY_A_DUTY)
    return _said(found, today) | {"earlier": found.earlier} if found else None


def _said(found: duties.Digest, today: date) -> dict[str, Any]:
    return {
        "day": None if found.day == today else found.day, "total": len(found.notices), "lines": _told(found.notices),
        "uids": [notice.uid for notice in found.notices],
    }  # fmt: skip


def _told(shown: list[Notice]) -> list[dict[str, Any]]:
    """One line a kind, the newest first; 知道了 takes all of that kind away."""
    kinds = dict.fromkeys(notice.kind for notice in shown)
    alike = {kind: [notice for notice in shown if notice.kind == kind] for kind in kinds}
    return [
        {
            "words": duties.KINDS[kind], "at": found[0].at, "uids": [notice.uid for notice in found], "times": len(found),
            "url": NOTICE_PLACE.get(kind, ""),
        }
        for kind, found in alike.items()
    ]  # fmt: skip


def _just_done(person: Person) -> list[dict[str, Any]]:
    """Own last deeds and refusals, newest first."""
    acts = LogIndex.objects.filter(actor=person.uid, act__in=_done_words()).order_by("-at", "-seq")[:LAST_DEEDS]
    return [_deed_line(row) for row in acts]


def _deed_line(row: LogIndex) -> dict[str, Any]:
    words = str(_done_words()[row.act])
    if row.out == "allowed":
        return {"at": row.at, "words": words, "tone": "blue"}
    return {"at": row.at, "words": _("未办理：%(deed)s") % {"deed": words}, "clause": _clause(row.why), "tone": "red"}


def _clause(why: str) -> str:
    """The clause id in a word, "" when it is none."""
    return why if why in regulation() else ""


def _done_by_day(person: Person, today: date) -> dict[date, int]:
    """How many own deeds each of the last seven days saw, today's last."""
    counts = {today - timedelta(days=back): 0 for back in range(6, -1, -1)}
    mine = LogIndex.objects.filter(actor=person.uid, out="allowed", act__in=_done_words(), at__gte=clock.start_of(min(counts)))
    for at in mine.values_list("at", flat=True):
        day = clock.local(at).date()
        counts[day] = counts.get(day, 0) + 1
    return counts


def _week(done: dict[date, int], today: date) -> list[dict[str, Any]]:
    """The bars of the last seven days; [] when there were no deeds."""
    if not any(done.values()):
        return []
    return [{"label": f"{day.month}-{day.day}" if day != today else _("今天"), "value": count} for day, count in done.items()]


def _day_lines(person: Person, today: date) -> list[dict[str, str]]:
    """What of one's own runs out: password, pledge."""
    lines = []
    changed = Credential.objects.filter(person=person).values_list("changed_at", flat=True).first()
    if changed is not None:
        left = (rules.password_last_day(clock.local(changed).date()) - today).days
        lines.append({"words": _("口令"), "dim": _("还有 %(n)d 天更换") % {"n": left} if left >= 0 else _("已满期，请更换")})
    until = training.condition(person)["pledge_until"]
    if until and person.clearance >= 10:
        lines.append({"words": _("承诺书"), "dim": _("至 %(day)s") % {"day": _last_day(until).isoformat()}})
    return lines


def _last_day(until: int) -> date:
    """The last day of a period whose end, in seconds UTC, is exclusive."""
    return clock.local(datetime.fromtimestamp(until - 1, UTC)).date()


def search(request: HttpRequest) -> HttpResponse:
    """Titles and numbers among what this person may know; words by POST, never in an address."""
    words = request.POST.get("q", "").strip()[:80]
    hits = documents.look_up(request.person, request.sitting, words) if words else []
    context = {"words": words, "hits": hits, "asked": bool(words), "clause": _clause(words.upper())}
    return render(request, "site/search.html", context)


def notices(request: HttpRequest) -> HttpResponse:
    """All unseen notices, day by day, a page at a time."""
    shown = duties.page(request.person.pk, request.GET.get("after", ""))
    days = [_said(found, clock.today()) for found in duties.by_day(shown.notices)]
    context = {"days": days, "uids": [notice.uid for notice in shown.notices], "older": shown.older}
    return render(request, "site/notices.html", context)


@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """Take notices off one's own desk."""
    people.see_notices(request.person, tuple(request.POST.getlist("uid")))
    return HttpResponseRedirect("/notices/" if request.POST.get("next") == "/notices/" else "/")


def job(request: HttpRequest, uid: str) -> HttpResponse:
    """Progress of one's own long work: step in words, no title."""
    found = Job.objects.filter(uid=uid, person_key=request.person.pk).first()
    if found is None:
        raise NotThere
    return render(request, "base/job.html", {"job": found})
