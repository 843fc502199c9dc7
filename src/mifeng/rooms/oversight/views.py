"""The auditor's pages: the log asked in a sentence, one entry, proofs."""

import re
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from mifeng.base import clock, language, record
from mifeng.clauses import regulation
from mifeng.rooms.copies import queries as copies
from mifeng.rooms.oversight import actions, queries, signing
from mifeng.rooms.oversight.facts import Question
from mifeng.rooms.oversight.words import DEEDS, KINDS, OUTS
from mifeng.rooms.people.models import Person

ASKS = {
    "item": lazy("谁看过这件"), "person": lazy("这人看过什么"), "changes": lazy("改了什么"), "refused": lazy("谁被拒绝"),
    "officers": lazy("三员做了什么"),
}  # fmt: skip
NOBODY = ("-",)  # an actor that no entry has: a name nobody bears finds nothing
# The parts of an entry as the auditor reads them; what is not named here is shown by its own name.
FIELDS = {
    "t": lazy("时间"), "actor": lazy("谁"), "act": lazy("行为"), "obj": lazy("对象"), "out": lazy("结果"), "why": lazy("依据"),
    "on": lazy("代谁"), "dev": lazy("终端"), "req": lazy("请求号"), "grant": lazy("准予"), "n": lazy("数目"),
    "c": lazy("内容承诺值"), "st": lazy("状态摘要"), "ed": lazy("制度版本"), "k": lazy("密钥名"), "enc": lazy("加密部分"),
    "m": lazy("校验码"), "v": lazy("格式"),
}  # fmt: skip


def log(request: HttpRequest) -> HttpResponse:
    """谁 在何时 对什么 做了什么: a sentence with blanks; by POST, because the question may be a secret."""
    typed = request.POST if request.method == "POST" else request.GET
    kind = typed.get("kind") if typed.get("kind") in ASKS else "item"
    since, until = _day(typed.get("since", ""), clock.today() - timedelta(days=30)), _day(typed.get("until", ""), clock.today())
    question = _question(kind, typed, since, until)
    before = int(typed["before"]) if typed.get("before", "").isdecimal() else None
    lines = actions.search_log(request.person, question, before)
    context = {
        "kind": kind, "asks": [{"label": word, "url": f"?kind={name}", "current": name == kind} for name, word in ASKS.items()],
        "since": since.isoformat(), "until": until.isoformat(), "who": typed.get("who", "")[:60], "item": typed.get("item", "")[:60],
        "act": question.act, "acts": [{"value": value, "label": word} for value, word in KINDS.items()],
        "people": Person.objects.all(), "asked": request.method == "POST" or kind in ("refused", "officers"),
        "entries": [_entry(line) for line in lines], "told": _told(lines), "before": _before(lines),
        "grid": queries.grid(queries.found(question), since, until) if lines else None, "own": _own(request.person),
        "attention": _attention(), "officers": _officers() if kind == "officers" else [],
    }  # fmt: skip
    return render(request, "oversight/log.html", context | _proof())


def _day(text: str, otherwise: date) -> date:
    return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else otherwise


def _question(kind: str, typed: Any, since: date, until: date) -> Question:
    """The sentence as a question. An item or a person that nobody knows finds nothing, instead of everything."""
    act = typed.get("act", "") if typed.get("act", "") in KINDS else ""
    told: dict[str, Any] = {"act": act, "since": since.isoformat(), "until": until.isoformat()}
    if kind in ("item", "changes") and typed.get("item"):
        told["obj"] = queries.object_key(typed["item"]) or "-"
        told["also"] = copies.lists_of(told["obj"])
    if kind == "changes":
        told["act"] = act or "documents:"
    if kind == "person" and typed.get("who"):
        told["actors"] = queries.people_named(typed["who"]) or NOBODY
    if kind == "refused":
        told["out"] = "refused"
    if kind == "officers":
        told["actors"] = queries.officers() or NOBODY
    return Question(**told)


def _entry(line: queries.Line) -> dict[str, Any]:
    tone, word = OUTS.get(line.out, ("end", line.out))
    return {
        "seq": line.seq, "at": line.at, "name": line.person.name if line.person else _("系统"),
        "post": line.person.title.split("(")[0] if line.person else "", "what": line.what, "outcome_tone": tone, "outcome": word,
        "clauses": [line.why] if line.why in regulation() else [], "mark": "" if line.why in regulation() else line.why,
        "place": line.device,
    }  # fmt: skip


def _told(lines: list[queries.Line]) -> str:
    people = len({line.person.pk for line in lines if line.person})
    refused = sum(line.out == "refused" for line in lines)
    words = {"lines": len(lines), "people": people, "refused": refused}
    return _("%(lines)d 条，%(people)d 人，拒绝 %(refused)d 条。审计员见编号，不见标题与内容") % words


def _before(lines: list[queries.Line]) -> int | None:
    """The sequence number below which the next page begins; None on the last one."""
    return lines[-1].seq if len(lines) == queries.PAGE else None


def _proof() -> dict[str, Any]:
    """The sheet on the log's integrity: what the last verification found, what no outsider holds yet."""
    size, root = record.head()
    proved = actions.last_proof()
    verified = None
    if proved:
        words = " ".join(language.said(finding) for finding in proved.findings)
        verified = asdict(proved) | {"first": 0, "last": proved.size - 1, "ok": not proved.findings, "words": words}
    return {
        "verified": verified, "root": _grouped(root.hex()), "size": size, "unwitnessed": size - queries.handed_out(),
        "verify_url": "/oversight/proofs/", "export_url": "/oversight/proofs/bundle/", "witnessed": [],
    }  # fmt: skip


def _grouped(text: str) -> str:
    return " ".join(text[n : n + 4] for n in range(0, len(text), 4))


def _attention() -> list[dict[str, str]]:
    return [
        {"words": _("%(name)s 七日内被拒绝 %(n)d 次") % {"name": person.name, "n": times}, "dim": person.department.name}
        for person, times in queries.often_refused()[:5]
    ]


def _officers() -> list[dict[str, str]]:
    return [
        {"words": _("%(name)s 七日内 %(n)d 件") % {"name": person.called, "n": times}, "dim": _("、").join(acts)}
        for person, times, acts in queries.officers_week()
    ]


def _own(person: Person) -> list[dict[str, Any]]:
    return [{"at": row.at, "words": DEEDS.get(row.act, row.act)} for row in queries.own_questions(person)]


def entry(request: HttpRequest, seq: int) -> HttpResponse:
    """One entry, field by field."""
    found = actions.open_entry(request.person, seq)
    names = [*(name for name in FIELDS if name in found), *(name for name in found if name not in FIELDS)]
    fields = [{"name": name, "label": FIELDS.get(name, name), "value": _value(name, found[name])} for name in names]
    size, _root = record.head()
    context = {
        "seq": seq, "fields": fields, "previous": seq - 1 if seq else None, "following": seq + 1 if seq + 1 < size else None,
        "what": DEEDS.get(str(found.get("act")), found.get("act")),
    }  # fmt: skip
    return render(request, "oversight/entry.html", context)


def _value(name: str, value: Any) -> str:
    """A part of an entry as text; persons by name, because the auditor must know who."""
    if name == "actor" and value:
        known = Person.objects.filter(uid=value).first()
        return f"{known.called} {value}" if known else str(value)
    if name == "t":
        return clock.local(datetime.fromtimestamp(value / 1000, UTC)).isoformat(sep=" ", timespec="milliseconds")
    if isinstance(value, dict):
        return "\n".join(f"{key}: {part}" for key, part in value.items())
    if isinstance(value, (list, tuple)):
        return " ".join(str(part) for part in value)
    return str(value)


def proofs(request: HttpRequest) -> HttpResponse:
    """验证: the tree rebuilt now, the checkpoint, how an outsider verifies."""
    actions.verify_log(request.person)
    context = {"note": signing.note(), "key": signing.public_key(), "handed_out": queries.handed_out()}
    return render(request, "oversight/proofs.html", context | _proof())


@require_POST
def bundle(request: HttpRequest) -> HttpResponse:
    """The bundle for an outsider, as a zip."""
    data = actions.export_bundle(request.person)
    response = HttpResponse(data, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="mifeng-log-{clock.today().isoformat()}.zip"'
    return response
