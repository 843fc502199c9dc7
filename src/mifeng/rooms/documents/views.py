"""Pages of the register of items: list, registration with three questions, card, changes, scope."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mifeng.base import clock
from mifeng.base.models import LogIndex
from mifeng.base.refusals import NotThere, Refused
from mifeng.clauses import catalogue, parameter, regulation
from mifeng.engines import intake
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.documents import actions, files, forms, previews, queries
from mifeng.rooms.documents.actions import _shared
from mifeng.rooms.documents.facts import HARM_WORDS, STATE_WORDS, ScopeLine, State
from mifeng.rooms.documents.models import Document, StandingDecision, Upload
from mifeng.rooms.documents.rules.classification import LEVEL_WORDS
from mifeng.rooms.people import queries as people
from mifeng.rooms.people.models import Department, Person

VIEWS = {
    "all": (_("全部"), {}),
    "mine": (_("我负责的"), None),
    "proposed": (_("拟密待定"), {"state": State.PROPOSED}),
    "valid": (_("有效"), {"state": State.VALID}),
    "expired": (_("到期待审"), {"state": State.EXPIRED_REVIEW}),
    "released": (_("已解密"), {"state": State.DECLASSIFIED}),
}


def register_list(request: HttpRequest) -> HttpResponse:
    """The register, trimmed to what this person may know; filters in the address, words never."""
    view = request.GET.get("view", "all")
    filters = dict(VIEWS.get(view, VIEWS["all"])[1] or {})
    if view == "mine":
        filters["owner"] = request.person
    if request.GET.get("level", "").isdigit():
        filters["level"] = int(request.GET["level"])
    if request.GET.get("department"):
        filters["department__code"] = request.GET["department"]
    shown = actions.list_register(request.person, request.sitting, after=request.GET.get("after", ""), **filters)
    context = {
        "page": shown, "view": view, "views": [(key, label) for key, (label, _f) in VIEWS.items()],
        "levels": LEVEL_WORDS, "departments": Department.objects.order_by("pk"), "states": STATE_WORDS,
        "rows": [_row(document) for document in shown.rows], "query": request.GET,
    }  # fmt: skip
    return render(request, "documents/list.html", context)


def _row(document: Document) -> dict[str, Any]:
    return {
        "document": document, "term": _shared.term_text(document), "state": STATE_WORDS[document.state],
        "days": document.days_left(), "mark": _shared.mark(document),
    }  # fmt: skip


def _form_context(request: HttpRequest, typed: forms.Typed, document: Document | None = None) -> dict[str, Any]:
    person = request.person
    return {
        "typed": typed, "values": typed.values, "errors": typed.errors, "document": document,
        "departments": Department.objects.order_by("pk"), "people": Person.objects.filter(active=True),
        "categories": catalogue.categories(), "lines": catalogue.lines(), "harms": HARM_WORDS, "levels": LEVEL_WORDS,
        "clearance": person.clearance, "owner": typed.values.get("owner") or person.uid,
        "department": typed.values.get("department") or person.department.code,
        "uploads": Upload.objects.filter(uid__in=typed.values.get("uploads", []), person=person),
        "capabilities": [c for c in intake.capabilities() if not c.present],
        "preview": previews.preview(typed.values, person), "today": clock.today(),
        "may_seal": bool(person.posts() & {"hr", "gm"}),
    }  # fmt: skip


def new(request: HttpRequest) -> HttpResponse:
    """登记与定密: registration, three questions and scope on one page; saved in one deed."""
    typed = forms.Typed()
    if request.method != "POST":
        return render(request, "documents/new.html", _form_context(request, typed))
    data = _with_files(request)
    made = forms.new_document(typed, data, request.person)
    if made is None:
        return render(request, "documents/new.html", _form_context(request, typed), status=422)
    try:
        document = actions.register(request.person, made)
    except Refused as refusal:
        # What was typed stays; the refusal stands above it with its clause.
        context = _form_context(request, typed) | {"refusal": refusal}
        return render(request, "documents/new.html", context, status=403)
    return HttpResponseRedirect(f"/documents/{document.uid}/")


def _with_files(request: HttpRequest) -> Any:
    """Files that came with the form itself (no script): received first, so that an error loses none of them."""
    data = request.POST.copy()
    for file in request.FILES.getlist("file"):
        upload = receive(request, file)
        data.appendlist("upload", upload.uid)
    return data


def receive(request: HttpRequest, file: Any) -> Upload:
    """Check and seal one uploaded file, then record its arrival."""
    uid = uuid.uuid4().hex
    try:
        received = files.receive(file.data(), file.raw_name, uid, people.company().is_demo)
    finally:
        file.drop()
    return actions.receive_file(request.person, uid, received)


@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """One file at a time from the form's script: its verdict comes back as JSON, with the sentence to show."""
    found = request.FILES.getlist("file")
    if not found:
        return JsonResponse({"ok": False, "text": _("没有收到文件，请重选")}, status=422)
    row = receive(request, found[0])
    accepted = row.state == "accepted"
    told = {"ok": accepted, "uid": row.uid, "name": row.name, "text": row.reason or _("已收下"), "scan": row.scan}
    return JsonResponse(told, status=200 if accepted else 422)


@require_POST
def proposal(request: HttpRequest) -> HttpResponse:
    """The sheet at the right of the form: proposed level, the sentence it rests on, what will follow. Changes nothing."""
    values = {name: request.POST.get(name, "") for name in request.POST} | {"scope": request.POST.getlist("scope")}
    return render(request, "documents/_proposal.html", {"preview": previews.preview(values, request.person)})


def batch(request: HttpRequest) -> HttpResponse:
    """Many papers of one kind at once: one line a title, the same answers for all; each its own deed and verdict."""
    typed, done = forms.Typed(), []
    if request.method == "POST":
        data = _with_files(request)
        for title in [line.strip() for line in data.get("titles", "").splitlines() if line.strip()][:50]:
            done.append(_register_one(request, data, title))
        typed.values = {name: data.get(name, "") for name in data}
    return render(request, "documents/batch.html", _form_context(request, typed) | {"done": done})


def _register_one(request: HttpRequest, data: Any, title: str) -> dict[str, Any]:
    typed, one = forms.Typed(), data.copy()
    one["title"] = title
    made = forms.new_document(typed, one, request.person)
    if made is None:
        return {"title": title, "text": next(iter(typed.errors.values()))}
    try:
        document = actions.register(request.person, made)
    except Refused as refusal:
        return {"title": title, "text": refusal.decision.reasons[0].zh, "clause": refusal.decision.clause}
    return {"title": title, "document": document}


def card(request: HttpRequest, uid: str) -> HttpResponse:
    """One item: level strip, facts, files, history; for those who may know it."""
    document, read, facts = actions.open_card(request.person, request.sitting, uid)
    inside = read.allow or read.knows
    context = {
        "document": document, "read": read, "facts": facts, "inside": inside, "mark": _shared.mark(document),
        "term": _shared.term_text(document), "days": document.days_left(), "state": STATE_WORDS[document.state],
        "files": document.files.order_by("-version", "pk"), "line": catalogue.line(document.line),
        "clause": regulation().get(document.category), "harm": HARM_WORDS.get(document.harm, ""),
        "scope": _shared.scope_lines(document), "scope_words": _scope_lines(document) if inside else [],
        "changes": document.changes.select_related("person").order_by("-at") if inside else [],
        "receipts": document.receipts.select_related("person").order_by("at") if inside else [],
        "readings": document.readings.select_related("person").order_by("-opened_at")[:20] if inside else [],
        "approval": Approval.objects.filter(item_key=document.item_key, state="asked").first(),
        "may_owner": request.person.pk == document.owner_id, "events": _events(document) if inside else 0,
        "papers": document.papers.all() if inside else [],
        "last_return": Approval.objects.filter(item_key=document.item_key, state="returned").order_by("-decided_at").first(),
    }  # fmt: skip
    return render(request, "documents/card.html", context)


def _scope_lines(document: Document) -> list[tuple[str, Any, str]]:
    return [(_shared.line_word(line), line.until, line.purpose) for line in _shared.scope_lines(document)]


def _events(document: Document) -> int:
    return LogIndex.objects.filter(obj=document.item_key).count()


def _inside(request: HttpRequest, uid: str) -> Document:
    """The item for somebody in its scope; absent and hidden raise the same."""
    document, read, _facts = actions.open_card(request.person, request.sitting, uid)
    if not (read.allow or read.knows):
        raise NotThere
    return document


def classify(request: HttpRequest, uid: str) -> HttpResponse:
    """Propose again after a return; or, for the classifier, decide 非密."""
    document = _inside(request, uid)
    typed = forms.Typed(_values_of(document))
    if request.method == "POST" and request.POST.get("decide") == "unclassified":
        actions.classify(request.person, document, request.POST.get("reason", ""))
        return HttpResponseRedirect(f"/documents/{uid}/")
    if request.method == "POST":
        typed = forms.Typed({name: request.POST.get(name, "") for name in request.POST} | {"scope": request.POST.getlist("scope")})
        proposed = forms.proposed_of(typed, request.POST, document.owner)
        if not typed.errors:
            actions.propose(request.person, document, proposed, bool(request.POST.get("urgent")))
            return HttpResponseRedirect(f"/documents/{uid}/")
    return render(request, "documents/new.html", _form_context(request, typed, document), status=422 if typed.errors else 200)


def _values_of(document: Document) -> dict[str, Any]:
    """The item's answers, as the form shows them again."""
    return {
        "title": document.title, "department": document.department.code, "owner": document.owner.uid,
        "category": document.category, "line": document.line, "harm": document.harm, "interest": document.interest,
        "reason": document.basis, "level": str(document.level), "term_kind": document.term_kind,
        "term_value": str(document.term_value or ""), "term_event": document.term_event, "project": document.project,
        "scope": [f"{line.kind}:{line.key}" for line in _shared.scope_lines(document)], "override": document.override,
        "term_on": document.term_on.isoformat() if document.term_on else "",
    }  # fmt: skip


def change(request: HttpRequest, uid: str) -> HttpResponse:
    """F09: downgrade, release, upgrade, extend by approval; at the end of the term, release by the classifier."""
    document, typed = _inside(request, uid), forms.Typed()
    if request.method == "POST":
        kind, reason = request.POST.get("kind", ""), request.POST.get("reason", "")
        if kind == "declassify":
            actions.declassify(request.person, document, reason)
            return HttpResponseRedirect(f"/documents/{uid}/")
        level = int(request.POST["level"]) if request.POST.get("level", "").isdigit() else None
        term = forms.term_of(typed, request.POST) if kind == "extend" else None
        if not typed.errors:
            actions.ask_change(request.person, document, kind, level=level, term=term, reason=reason)
            return HttpResponseRedirect(f"/documents/{uid}/")
    context = _form_context(request, typed, document) | {
        "mark": _shared.mark(document), "days": document.days_left(), "state": STATE_WORDS[document.state],
        "cap": int(parameter("P4.0", f"cap_years_{document.level}", on=clock.today())) if document.level >= 10 else 0,
        "may_release": document.state == State.EXPIRED_REVIEW and "classifier" in request.person.posts(),
    }  # fmt: skip
    return render(request, "documents/change.html", context, status=422 if typed.errors else 200)


def scope(request: HttpRequest, uid: str) -> HttpResponse:
    """知悉范围: who stands in it and until when; ask for more, take out at once."""
    document, typed = _inside(request, uid), forms.Typed()
    if request.method == "POST" and request.POST.get("deed") == "narrow":
        out = tuple(ScopeLine(*token.split(":", 1)) for token in request.POST.getlist("out") if ":" in token)
        actions.narrow_scope(request.person, document, out, request.POST.get("reason", ""))
        return HttpResponseRedirect(f"/documents/{uid}/scope/")
    if request.method == "POST":
        until, purpose = forms.date_of(typed, request.POST, "until"), request.POST.get("purpose", "")
        lines = tuple(ScopeLine(ln.kind, ln.key, purpose, until) for ln in forms.scope_of(typed, request.POST))
        if not typed.errors:
            actions.widen_scope(request.person, document, request.sitting, lines, purpose)
            return HttpResponseRedirect(f"/documents/{uid}/")
    context = _form_context(request, typed, document) | {
        "members": [(f"{ln.kind}:{ln.key}", _shared.line_word(ln), ln) for ln in _shared.scope_lines(document)],
        "reached": queries.reached(document), "mark": _shared.mark(document),
    }  # fmt: skip
    return render(request, "documents/scope.html", context, status=422 if typed.errors else 200)


def who(request: HttpRequest, uid: str) -> HttpResponse:
    """知悉人员: who knows this item, since when, by which way; for its owner, classifier and the office."""
    document = _inside(request, uid)
    if request.person.pk not in (document.owner_id, document.decider_id) and not request.person.posts() & {"gmo_head", "gm"}:
        raise NotThere
    known = document.knowers.select_related("person", "by").order_by("since")
    return render(request, "documents/who.html", {"document": document, "known": known, "ways": previews.WAYS})


def correct(request: HttpRequest, uid: str) -> HttpResponse:
    """更正: old and new stand side by side afterwards."""
    document = _inside(request, uid)
    if request.method == "POST":
        pages = request.POST.get("pages", "")
        actions.correct(
            request.person, document, title=request.POST.get("title", ""), pages=int(pages) if pages.isdigit() else None,
            remark=request.POST.get("remark", ""), reason=request.POST.get("reason", ""),
        )  # fmt: skip
        return HttpResponseRedirect(f"/documents/{uid}/")
    return render(request, "documents/correct.html", {"document": document})


def told(request: HttpRequest, uid: str) -> HttpResponse:
    """口头传达登记 and 误知登记."""
    document, _read, _facts = actions.open_card(request.person, request.sitting, uid)
    if request.method == "POST" and request.POST.get("mistake"):
        actions.record_mistake(request.person, document, request.POST.get("words", ""))
        return HttpResponseRedirect(f"/documents/{uid}/")
    if request.method == "POST":
        hearer = Person.objects.filter(uid=request.POST.get("told", "")).first()
        teller = Person.objects.filter(uid=request.POST.get("by", "")).first() or request.person
        if hearer:
            actions.record_briefing(request.person, document, hearer, teller, request.POST.get("place", ""))
        return HttpResponseRedirect(f"/documents/{uid}/")
    context = {"document": document, "people": Person.objects.filter(active=True)}
    return render(request, "documents/told.html", context)


def terms_page(request: HttpRequest) -> HttpResponse:
    """到期审查: what ends within 90 days or is over, by date, among what this person may know."""
    found = queries.known(queries.viewer(request.person, request.sitting)).filter(
        state__in=[State.VALID, State.EXPIRED_REVIEW], live=True
    ).exclude(expires_on=None)  # fmt: skip
    rows = [_row(d) for d in sorted(found, key=lambda d: d.expires_on) if (d.days_left() or 0) <= 90]
    return render(request, "documents/terms.html", {"rows": rows})


def standing(request: HttpRequest) -> HttpResponse:
    """系列定密: catalogue lines fixed by the GM for a series."""
    if request.method == "POST":
        dept = Department.objects.filter(code=request.POST.get("department", "")).first()
        line = catalogue.line(request.POST.get("line", ""))
        if dept is None or line is None:
            raise NotThere
        actions.stand(
            request.person, line.id, dept, int(request.POST.get("level") or line.level), "years",
            int(request.POST.get("term_value") or 0), clock.today(),
        )  # fmt: skip
        return HttpResponseRedirect("/documents/standing/")
    context = {
        "rows": StandingDecision.objects.select_related("department", "decided_by").order_by("line", "-version"),
        "lines": catalogue.lines(), "departments": Department.objects.order_by("pk"), "levels": LEVEL_WORDS,
        "may_decide": "gm" in request.person.posts(), "names": {line.id: line for line in catalogue.lines()},
    }  # fmt: skip
    return render(request, "documents/standing.html", context)
