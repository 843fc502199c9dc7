"""The auditor's pages: the log asked in a sentence, one entry, proofs."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from mifeng.base import clock
from mifeng.rooms.oversight import actions, queries, signing
from mifeng.rooms.oversight.facts import Question
from mifeng.rooms.people.models import Person

ACTS = {
    "viewing:": "看了页面", "documents:": "办了文件", "approvals:": "办了审批", "people:": "动了账号与权限", "oversight:": "查了留痕",
    "training:": "办了教育承诺",
}  # fmt: skip
OUTS = {"allowed": "已办", "refused": "被拒", "failed": "出错"}


def _date(text: str) -> str:
    return text if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else ""


def log(request: HttpRequest) -> HttpResponse:
    """谁 在何时 对什么 做了什么: a sentence with blanks; by POST, because the question may be a secret."""
    typed = request.POST if request.method == "POST" else request.GET
    number = typed.get("number", "")
    question = Question(
        actor=typed.get("actor", ""), act=typed.get("act", "") if typed.get("act") in ACTS else "",
        obj=queries.object_key(number) if number else "", out=typed.get("out", "") if typed.get("out") in OUTS else "",
        since=_date(typed.get("since", "")), until=_date(typed.get("until", "")),
    )  # fmt: skip
    before = int(typed["before"]) if typed.get("before", "").isdigit() else None
    lines = actions.search_log(request.person, question, before)
    context = {
        "lines": lines, "question": question, "number": number, "acts": ACTS, "outs": OUTS,
        "people": Person.objects.all(), "days": queries.by_day(queries.found(question)), "officers": queries.officers_week(),
        "last": lines[-1].seq if len(lines) == queries.PAGE else None, "today": clock.today(),
    }  # fmt: skip
    return render(request, "oversight/log.html", context)


def entry(request: HttpRequest, seq: int) -> HttpResponse:
    """One entry, field by field."""
    found = actions.open_entry(request.person, seq)
    return render(request, "oversight/entry.html", {"seq": seq, "fields": sorted(found.items())})


def proofs(request: HttpRequest) -> HttpResponse:
    """验证: the tree rebuilt now, the checkpoint, how an outsider verifies."""
    size, root, findings = actions.verify_log(request.person)
    context = {
        "size": size, "root": root, "findings": findings, "at": clock.now(), "note": signing.note(),
        "key": signing.public_key(),
    }  # fmt: skip
    return render(request, "oversight/proofs.html", context)


@require_POST
def bundle(request: HttpRequest) -> HttpResponse:
    """The bundle for an outsider, as a zip."""
    data = actions.export_bundle(request.person)
    response = HttpResponse(data, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="mifeng-log-{clock.today().isoformat()}.zip"'
    return response
