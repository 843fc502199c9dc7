"""Pages of the register of items: list, registration with three questions, card, changes, scope."""

import hmac
import uuid
from datetime import timedelta
from operator import itemgetter
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from mifeng.base import clock, language, vault
from mifeng.base.refusals import Conflict, NotThere, Refused
from mifeng.base.widgets import Choice
from mifeng.clauses import catalogue, parameter, schemes
from mifeng.rooms.documents import actions, by_series, cards, deadlines, forms, previews, queries, work
from mifeng.rooms.documents.actions import _shared
from mifeng.rooms.documents.actions.registering import NewDocument
from mifeng.rooms.documents.facts import ScopeLine, State
from mifeng.rooms.documents.models import Document, StandingDecision
from mifeng.rooms.people.models import Department, Person

VIEWS: dict[str, tuple[Any, dict[str, Any]]] = {
    "all": (gettext_lazy("全部"), {}),
    "mine": (gettext_lazy("我负责的"), {}),
    "proposed": (gettext_lazy("拟密待定"), {"state": State.PROPOSED}),
    "valid": (gettext_lazy("有效"), {"state": State.VALID}),
    "expired": (gettext_lazy("到期待审"), {"state": State.EXPIRED_REVIEW}),
    "released": (gettext_lazy("已解密"), {"state": State.DECLASSIFIED}),
}

VOLUMES = 200  # the newest, for a paper to be put into


def register_list(request: HttpRequest) -> HttpResponse:
    """The register, trimmed to what this person may know; filters in the address, words never."""
    view, asked = request.GET.get("view", "all"), request.GET
    filters = dict(VIEWS.get(view, VIEWS["all"])[1])
    if view == "mine":
        filters["owner"] = request.person
    levels = [int(text) for text in asked.getlist("level") if text.isdecimal()]
    if levels:
        filters["level__in"] = levels
    if asked.get("department"):
        filters["department_id"] = Department.objects.filter(code=asked["department"]).values_list("pk", flat=True).first()
    if asked.get("due", "") in ("30", "90"):
        filters["expires_on__lte"] = clock.today().fromordinal(clock.today().toordinal() + int(asked["due"]))
    shown = actions.list_register(
        request.person, request.sitting, after=asked.get("after", ""), before=asked.get("before", ""),
        size=queries.PAGE, **filters,
    )  # fmt: skip
    context = {
        "words": _("只列您可以知悉或经管的件"), "documents": cards.rows(shown.rows),
        "views": [
            {"label": label, "url": f"?view={key}", "current": key == view} for key, (label, _filter) in VIEWS.items()
        ],
        "levels": levels, "department": asked.get("department", ""), "due": asked.get("due", ""),
        "departments": [{"key": d.code, "name": d.name} for d in Department.objects.order_by("pk")],
        "page": _pager(shown, asked), "searching": bool(levels or asked.get("department") or asked.get("due")),
        "may_register": True, "print_url": "/registers/",
    }  # fmt: skip
    return render(request, "documents/list.html", context)


def _pager(shown: queries.Page, asked: Any) -> dict[str, Any]:
    return {
        "total": shown.total, "over": _("超过 1,000 项") if shown.more_than else "",
        "next": _beside(asked, "after", shown.after), "previous": _beside(asked, "before", shown.before),
    }  # fmt: skip


def _beside(asked: Any, way: str, uid: str) -> str:
    """The present address with another place in the list; "" where there is no page."""
    query = asked.copy()
    query.pop("after", None)
    query.pop("before", None)
    query[way] = uid
    return query.urlencode() if uid else ""


def _first_answers(request: HttpRequest) -> dict[str, Any]:
    person = request.person
    return {"department": person.department.code, "owner": person.uid, "issued_on": clock.today(), "term_kind": "years"}


def _form_page(request: HttpRequest, form: forms.ProposalForm, owner: Person, **more: Any) -> dict[str, Any]:
    capped = catalogue.propose(form["category"].value() or "S2", "", form["harm"].value() or "grave", ()).level
    cap = int(parameter("P4.0", f"cap_years_{max(capped, 10)}", on=clock.today()))
    return {
        "form": form, "extra": getattr(form, "extra", []), "proposal": previews.preview(form, owner),
        "proposal_url": "/documents/new/proposal/", "usual_years": forms.usual_years(clock.today()),
        "term_limits": _("年；该密级最长 %(cap)s 年") % {"cap": cap}, "supported": cards.supported(),
        "once": request.POST.get("once") or uuid.uuid4().hex,
        "uploads": queries.uploads_of(request.POST.getlist("upload"), request.person), **more,
    }  # fmt: skip


def new(request: HttpRequest) -> HttpResponse:
    """登记与定密: registration, three questions and scope on one page; saved in one deed."""
    if request.method != "POST":
        form = forms.RegistrationForm(initial=_first_answers(request), volumes=_volumes(request))
        return render(request, "documents/new.html", _form_page(request, form, request.person))
    received = [work.take_in(request.person, file) for file in request.FILES.getlist("files")]
    data = request.POST.copy()
    data.setlist("upload", [*data.getlist("upload"), *(row.uid for row in received if row.state == "accepted")])
    form = forms.RegistrationForm(data, volumes=_volumes(request))
    for row in received:
        if row.state == "rejected":
            form.add_error("files", _("%(name)s：%(why)s") % {"name": row.name, "why": row.reason})
    owner = _owner(form, request.person)
    if not form.is_valid() or "scope-more" in data or data.get("do") == "propose":
        return render(request, "documents/new.html", _form_page(request, form, owner), status=200 if form.is_valid() else 422)
    return _register(request, form, owner)


def _volumes(request: HttpRequest) -> list[Choice]:
    """The volumes this person may know, for a paper to be put into."""
    found = queries.known(queries.viewer(request.person, request.sitting)).filter(kind="volume", live=True)
    return [Choice(d.uid, d.title, d.number, d.department.name) for d in queries.page(found, size=VOLUMES).rows]


def _volume(request: HttpRequest, uid: str) -> Document | None:
    known = {choice.key for choice in _volumes(request)} if uid else set()
    return Document.objects.filter(uid=uid).first() if uid in known else None


def _owner(form: forms.RegistrationForm, default: Person) -> Person:
    uid = form.cleaned_data.get("owner") if form.is_valid() or form.cleaned_data else ""
    return Person.objects.filter(uid=uid, active=True).select_related("department").first() or default


def _register(request: HttpRequest, form: forms.RegistrationForm, owner: Person) -> HttpResponse:
    """The deed; what was typed stays when it is refused, the refusal stands above it with its clauses."""
    try:
        document = actions.register(request.person, new_document(form, owner, request))
    except Conflict:
        return HttpResponseRedirect(f"/documents/{_once(request)}/")
    except Refused as refusal:
        return render(request, "documents/new.html", _form_page(request, form, owner, refusal=refusal), status=403)
    return HttpResponseRedirect(f"/documents/{document.uid}/")


def new_document(form: forms.RegistrationForm, owner: Person, request: HttpRequest, title: str = "") -> NewDocument:
    """A registration as typed, `title` in place of the form's for a batch."""
    told = form.cleaned_data
    return NewDocument(
        title=title or told["title"], department=Department.objects.get(code=told["department"]), owner=owner,
        proposed=form.proposed(owner), issued_on=told.get("issued_on"), pages=told.get("pages") or 0,
        copies=told.get("copies") or 0, kind=told.get("kind") or "paper", volume=_volume(request, told.get("volume", "")),
        remark=told.get("remark", ""), urgent=bool(told.get("urgent")), uid="" if title else _once(request),
        uploads=tuple(queries.uploads_of(form.data.getlist("upload"), request.person)),
    )  # fmt: skip


def _once(request: HttpRequest) -> str:
    """The uid of the item that this form makes; "" when it bears no key.

    From the person and the form's key together: a uid that somebody typed himself would else tell, by the answer, whether
    an item of that uid exists (P0.3).
    """
    typed = request.POST.get("once", "")
    if len(typed) != 32 or not set(typed) <= set("0123456789abcdef"):
        return ""
    return hmac.digest(vault.derived("form once"), f"{request.person.uid}|{typed}".encode(), "sha256")[:16].hex()


@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """One file at a time from the form's script: its verdict comes back as JSON, with the sentence to show."""
    found = request.FILES.getlist("file")
    if not found:
        return JsonResponse({"text": _("没有收到文件。请重选；文件名不是 UTF-8 编码的，请先改名。")}, status=422)
    row = work.take_in(request.person, found[0])
    if row.state != "accepted":
        return JsonResponse({"text": row.reason}, status=422)
    words = _("已收到，已查毒") if row.scan == "clean" else _("已收到，未检")
    return JsonResponse({"uid": row.uid, "text": words})


@require_POST
def proposal(request: HttpRequest) -> HttpResponse:
    """The sheet at the right of the form: proposed level, the sentence it rests on, what will follow. Changes nothing."""
    form = forms.RegistrationForm(request.POST)
    form.is_valid()
    return render(request, "base/proposal.html", {"proposal": previews.preview(form, _owner(form, request.person))})


def batch(request: HttpRequest) -> HttpResponse:
    """Many papers of one kind at once: one line a title, the same answers for all; each its own deed and verdict."""
    data = request.POST.copy() if request.method == "POST" else None
    titles = [line.strip() for line in data.get("titles", "").splitlines() if line.strip()][:50] if data else []
    if data is not None:
        data["title"] = titles[0] if titles else ""
    filled = {"data": data} if data is not None else {"initial": _first_answers(request)}
    form = forms.RegistrationForm(**filled, volumes=_volumes(request))
    owner, done = _owner(form, request.person) if form.is_bound else request.person, []
    if form.is_bound and form.is_valid():
        done = [_register_one(request, form, owner, title) for title in titles]
    context = _form_page(request, form, owner, done=done, titles="" if done else "\n".join(titles))
    return render(request, "documents/batch.html", context, status=422 if form.is_bound and not form.is_valid() else 200)


def _register_one(request: HttpRequest, form: forms.RegistrationForm, owner: Person, title: str) -> dict[str, Any]:
    try:
        document = actions.register(request.person, new_document(form, owner, request, title))
    except Refused as refusal:
        words = language.reason(refusal.decision.reasons[0])
        return {"title": title, "words": words, "clause": refusal.decision.clause}
    return {"title": title, "url": f"/documents/{document.uid}/"}


def card(request: HttpRequest, uid: str) -> HttpResponse:
    """One item: level strip, facts, files, scope, history; for those who may know it."""
    document, read, facts = actions.open_card(request.person, request.sitting, uid)
    return render(request, "documents/card.html", cards.card(request.person, document, read, facts))


def inside(request: HttpRequest, uid: str) -> Document:
    """The item for somebody in its scope; absent and hidden raise the same."""
    document, read, _facts = actions.open_card(request.person, request.sitting, uid)
    if not (read.allow or read.knows):
        raise NotThere
    return document


def classify(request: HttpRequest, uid: str) -> HttpResponse:
    """Propose again after a return; or, for the classifier, decide 非密."""
    document = inside(request, uid)
    if request.method == "POST" and request.POST.get("do") == "unclassified":
        actions.classify(request.person, document, request.POST.get("reason", ""))
        return HttpResponseRedirect(f"/documents/{uid}/")
    form = forms.ProposalForm(request.POST) if request.method == "POST" else forms.ProposalForm(initial=_answers(document))
    if form.is_bound and form.is_valid() and "scope-more" not in request.POST:
        actions.propose(request.person, document, form.proposed(document.owner), bool(form.cleaned_data.get("urgent")))
        return HttpResponseRedirect(f"/documents/{uid}/")
    context = _form_page(request, form, document.owner, document=document, mark=_shared.mark(document),
                         may_unclassify="classifier" in request.person.posts())  # fmt: skip
    return render(request, "documents/classify.html", context, status=422 if form.is_bound else 200)


def _answers(document: Document) -> dict[str, Any]:
    """The item's answers, as the form shows them again."""
    return {
        "category": document.category, "line": document.line, "harm": document.harm, "interest": document.interest,
        "reason": document.basis, "level": str(document.level), "term_kind": document.term_kind,
        "term_value": document.term_value or None, "term_on": document.term_on, "term_event": document.term_event,
        "project": document.project, "override": document.override,
        "scope": [forms.entry_of(line) for line in _shared.scope_lines(document)],
    }  # fmt: skip


def change(request: HttpRequest, uid: str) -> HttpResponse:
    """F09: downgrade, release, upgrade, extend by approval; at the end of the term, release by the classifier."""
    document = inside(request, uid)
    kinds = cards.change_kinds(request.person, document)
    form = forms.ChangeForm(request.POST or None, kinds=kinds)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        if told["kind"] == "declassify":
            actions.declassify(request.person, document, told["reason"])
        else:
            level = int(told["level"]) if told.get("level") else None
            term = forms.term_of(told) if told["kind"] in ("extend", "limit") else None
            actions.ask_change(request.person, document, told["kind"], level=level, term=term, reason=told["reason"])
        return HttpResponseRedirect(f"/documents/{uid}/")
    context = {"form": form, "document": document, "mark": _shared.mark(document), "days": document.days_left()}
    return render(request, "documents/change.html", context, status=422 if form.is_bound else 200)


def scope(request: HttpRequest, uid: str) -> HttpResponse:
    """知悉范围: who stands in it and until when; put it on a colleague's desk, ask for more, take out at once."""
    document = inside(request, uid)
    if request.method == "POST" and request.POST.get("do") == "narrow":
        out = tuple(ScopeLine(*token.split(":", 1)) for token in request.POST.getlist("out") if ":" in token)
        actions.narrow_scope(request.person, document, out, request.POST.get("reason", ""))
        return HttpResponseRedirect(f"/documents/{uid}/scope/")
    show = forms.ShowForm(request.POST if request.POST.get("do") == "show" else None)
    if show.is_bound and show.is_valid():
        colleague = Person.objects.get(uid=show.cleaned_data["colleague"])
        actions.share(request.person, document, request.sitting, colleague)
        return HttpResponseRedirect(f"/documents/{uid}/")
    form = forms.ScopeForm(request.POST if request.method == "POST" and not show.is_bound else None)
    if form.is_bound and form.is_valid() and "lines-more" not in request.POST:
        told = form.cleaned_data
        lines = tuple(
            ScopeLine(ln.kind, ln.key, ln.purpose or told["purpose"], ln.until or told["until"])
            for ln in map(forms.line_of, told["lines"])
        )
        if told["leader"]:
            leader = Person.objects.get(uid=told["leader"])
            actions.record_verbal(request.person, document, request.sitting, leader, lines, told["purpose"])
        else:
            actions.widen_scope(request.person, document, request.sitting, lines, told["purpose"])
        return HttpResponseRedirect(f"/documents/{uid}/")
    context = {
        "form": form, "show": show, "document": document, "mark": _shared.mark(document), "reached": queries.reached(document),
        "members": [(f"{ln.kind}:{ln.key}", _shared.line_said(ln), ln) for ln in _shared.scope_lines(document)],
    }  # fmt: skip
    return render(request, "documents/scope.html", context, status=422 if form.is_bound or show.is_bound else 200)


def correct(request: HttpRequest, uid: str) -> HttpResponse:
    """更正: old and new stand side by side afterwards."""
    document = inside(request, uid)
    first = {"title": document.title, "pages": document.pages, "remark": document.remark}
    form = forms.CorrectForm(request.POST if request.method == "POST" else None, initial=first)
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        actions.correct(
            request.person, document, title=told["title"], pages=told.get("pages"), remark=told.get("remark", ""),
            reason=told["reason"],
        )  # fmt: skip
        return HttpResponseRedirect(f"/documents/{uid}/")
    context = {"form": form, "document": document}
    return render(request, "documents/correct.html", context, status=422 if form.is_bound else 200)


DUE = 40  # items of a page of what ends


def terms_page(request: HttpRequest) -> HttpResponse:
    """到期审查: what ends within 90 days or is over, by date, among what this person may know."""
    last = clock.today() + timedelta(days=queries.REVIEWED_AHEAD)
    shown = actions.list_register(
        request.person, request.sitting, size=DUE, by_end=True, state__in=[State.VALID, State.EXPIRED_REVIEW], live=True,
        expires_on__lte=last,
    )  # fmt: skip
    rows = cards.rows(shown.rows)
    known = sorted([*_to_review(request), *rows], key=itemgetter("term_end"))
    return render(request, "documents/terms.html", {"documents": known, "beyond": _beyond(request.person)})


def _beyond(person: Person) -> list[dict[str, Any]]:
    """What this person has to see reviewed and may not know: number, level and last day, as on his desk, and who sends it."""
    due = queries.reviewed_by(person)
    if due is None:
        return []
    found = queries.soonest(due.select_related("department"), DUE)
    known = queries.among_scopes(person, queries.known_by(person).filter(pk__in=[d.pk for d in found]))
    return [
        {"number": d.number, "level": d.level, "proposed": d.proposed, "department": d.department.name, "term_end": d.expires_on,
         "hot": (d.days_left() or 0) < 0}
        for d in found if d.pk not in known
    ]  # fmt: skip


def _to_review(request: HttpRequest) -> list[dict[str, Any]]:
    """Items without an end whose yearly review is near or late, among what this person may know."""
    due = {row.pk: deadlines.last_day(end) for row, _begun, end in deadlines.to_review(clock.now())}
    shown = actions.list_register(request.person, request.sitting, size=DUE, by_end=True, pk__in=list(due)[:100] or [0]).rows
    lines = zip(shown, cards.rows(shown), strict=True)
    return [
        line | {"term_end": due[row.pk].isoformat(), "state": _("长期，待复核"), "state_tone": "wait", "hot": due[row.pk] < clock.today()}
        for row, line in lines
    ]  # fmt: skip


def standing(request: HttpRequest) -> HttpResponse:
    """系列定密: catalogue lines fixed by the GM for a series; below it what they classified, for whoever may object."""
    if request.method == "POST" and request.POST.get("do") == "object":
        mine = {document.uid: document for document in by_series.open_to_objection(request.person)}
        document = mine.get(request.POST.get("document", ""))
        if document is None:
            raise NotThere
        actions.object_standing(request.person, document, request.POST.get("reason", "").strip()[:200])
        return HttpResponseRedirect("/documents/standing/")
    if request.method == "POST":
        dept = Department.objects.filter(code=request.POST.get("department", "")).first()
        line = catalogue.line(request.POST.get("line", ""))
        if dept is None or line is None:
            raise NotThere
        years = request.POST.get("term_value", "")
        level, term = schemes.in_force().least(line.level), int(years) if years.isdecimal() else 1
        actions.stand(request.person, line.id, dept, level, "years", term, clock.today())
        return HttpResponseRedirect("/documents/standing/")
    context = {
        "rows": [_decision(row) for row in StandingDecision.objects.select_related("department").order_by("line", "-version")],
        "lines": catalogue.lines(), "departments": Department.objects.order_by("pk"),
        "may_decide": "gm" in request.person.posts(),
        "recent": [
            {"uid": d.uid, "text": d.title if queries.in_scope(request.person, d) else d.number, "level": d.level,
             "until": by_series.last_day(d)}
            for d in queries.sound(by_series.open_to_objection(request.person))
        ],
    }  # fmt: skip
    return render(request, "documents/standing.html", context)


def _decision(row: StandingDecision) -> StandingDecision:
    line = catalogue.line(row.line)
    row.line_title = _(line.title) if line else row.line
    return row
