"""盘点与清理: the sheets, one sheet with its scanning field and its list of differences."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count as Number
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mifeng.base import clock, language
from mifeng.base.refusals import NotThere, Refused, tried
from mifeng.rooms.copies import actions, forms, stock_queries
from mifeng.rooms.copies.actions.counting import Seen
from mifeng.rooms.copies.models import Count, CountLine, Place
from mifeng.rooms.copies.rules import counting, scanning
from mifeng.rooms.copies.rules.counting import FATE_WORDS, KIND_WORDS, Fate, Kind
from mifeng.rooms.copies.scan_views import PART, Answer
from mifeng.rooms.copies.stock_queries import SHOWN, Sheet
from mifeng.rooms.people.facts import KEEPERS
from mifeng.rooms.people.models import Person

FATES = {Kind.YEAR: (Fate.KEEP, Fate.ARCHIVE, Fate.RETURN, Fate.DESTROY, Fate.MISSING)}
OF_A_STOCK = (Fate.EXPLAINED, Fate.MISSING)


def _row(count: Count) -> dict[str, Any]:
    return {
        "url": f"/copies/counts/{count.uid}/", "number": count.number, "kind": _(KIND_WORDS[Kind(count.kind)]),
        "custodian": count.custodian, "department": count.department.name, "place": count.place.code if count.place else "",
        "opened": count.opened_at, "closed": count.closed_at, "tone": "end" if count.closed_at else "run",
        "state": _("已结束") if count.closed_at else _("已核对") if count.crossed_at else _("清点中"),
    }  # fmt: skip


def counts(request: HttpRequest) -> HttpResponse:
    """The sheets of this person; a new one is opened here, and by the office the year's clear-up."""
    person, form, refusal = request.person, None, None
    office = bool(person.posts() & KEEPERS)
    may = office or stock_queries.live(person).exists()
    if request.method == "POST":
        if not may:
            raise NotThere
        if request.POST.get("do") == "year":
            year = clock.today().year if clock.today().month > 1 else clock.today().year - 1
            _sheets, refusal = tried(lambda: actions.open_year(person, year))
            return _counts(request, office, may, refusal=refusal) if refusal else HttpResponseRedirect("/copies/counts/")
        form = forms.CountForm(request.POST)
        if form.is_valid():
            told = form.cleaned_data
            place = Place.objects.get(code=told["place"]) if told["place"] else None
            who, second = Person.objects.get(uid=told["custodian"]), Person.objects.get(uid=told["second"])
            made, refusal = tried(lambda: actions.open_count(person, who, second, place, told["quarter"]))
            if made:
                return HttpResponseRedirect(f"/copies/counts/{made.uid}/")
    return _counts(request, office, may, form, refusal)


def _counts(
    request: HttpRequest, office: bool, may: bool, form: forms.CountForm | None = None, refusal: Refused | None = None
) -> HttpResponse:  # fmt: skip
    person = request.person
    # Who counts nothing is shown no form: its suggestions name the places, and a list of safes is a map for thieves.
    context = {
        "rows": [_row(count) for count in actions.list_counts(person)], "office": office,
        "form": (form or forms.CountForm(initial={"custodian": person.uid})) if may else None, "refusal": refusal,
    }  # fmt: skip
    return render(request, "copies/counts.html", context, status=403 if refusal else 422 if form is not None else 200)


def _line(row: CountLine) -> dict[str, Any]:
    seen, decided = row.seen_at is not None, bool(row.decision)
    word = _(FATE_WORDS[Fate(row.decision)]) if decided else _("已见") if seen else _("未见")
    return {
        "uid": row.uid, "url": f"/copies/{row.copy.uid}/", "number": row.copy.document.number or row.copy.document.uid[:8],
        "copy": row.copy.number, "level": row.copy.document.level, "proposed": row.copy.document.proposed,
        "where": row.expected_place.code if row.expected_place else row.expected_holder.name,
        "seen": row.seen_at, "seen_by": row.seen_by, "word": word, "reason": row.reason,
        "tone": "bad" if row.decision == Fate.MISSING else "ok" if seen else "end" if decided else "warn",
    }  # fmt: skip


def _state(person: Person, count: Count, found: Sheet) -> dict[str, Any]:
    kind, open_now = Kind(count.kind), count.closed_at is None
    cross = open_now and count.crossed_at is None and counting.may_cross(
        kind, person.pk == count.second_id, "secrecy_officer" in person.posts(), person.department_id == count.department_id,
        person.pk in (count.custodian_id, count.by_id),
    ).allow  # fmt: skip
    office = bool(person.posts() & KEEPERS)
    return {
        "count": count, "row": _row(count), "running": open_now, "own": open_now and person.pk == count.custodian_id, "cross": cross,
        "year": kind is Kind.YEAR, "strays": _strays(person, count), **_figures(person, count, found, whole=cross or office),
        "differences": [_line(row) for row in found.rest], "more_differences": max(found.all_apart - len(found.rest), 0),
        "lines": [_line(row) | {"apart": row.pk in found.apart} for row in found.lines], "all_apart": found.all_apart,
        "page": _pager(found),
        "fates": [(fate.value, _(FATE_WORDS[fate])) for fate in FATES.get(kind, OF_A_STOCK)],
    }  # fmt: skip


def _figures(person: Person, count: Count, found: Sheet, *, whole: bool) -> dict[str, Any]:
    """How many were seen, are missing, were decided and how. `whole`: for whoever signs the sheet or has it reported, who
    need not know the items: figures of every line, numbers of none."""
    if not whole and person.pk != count.custodian_id:
        return {"total": found.total, "seen": found.seen, "left": found.left, "apart": 0, "decided": []}
    rows = count.lines.all()
    fates = dict(rows.exclude(decision="").values_list("decision").annotate(Number("pk")).order_by())
    total = rows.count()
    return _tally(count) | {
        "total": total, "apart": total - found.total, "decided": [(_(FATE_WORDS[fate]), fates[fate]) for fate in Fate if fate in fates],
    }  # fmt: skip


def _tally(count: Count) -> dict[str, int]:
    """How far the whole sheet is."""
    rows = count.lines
    return {"seen": rows.exclude(seen_at=None).count(), "left": rows.filter(seen_at=None, decision="").count()}


def _pager(found: Sheet) -> dict[str, Any]:
    after, before = found.begins + len(found.lines), max(found.begins - SHOWN, 0)
    return {
        "total": found.total, "next": f"after={after}" if after < found.total else "",
        "previous": f"after={before}" if found.begins else "",
    }  # fmt: skip


def _strays(person: Person, count: Count) -> list[dict[str, str]]:
    """Labels that are not of this sheet; of a copy only what whoever scanned it saw himself."""
    rows = count.strays.select_related("copy__document", "copy__custodian", "copy__place", "by").order_by("pk")
    return [
        {"code": row.code, "what": f"{row.copy.document.number} {row.copy.number}".strip() if row.copy and row.by_id == person.pk else "",
         "where": row.copy.custodian.name if row.copy and row.by_id == person.pk else ""}
        for row in rows
    ]  # fmt: skip


def sheet(request: HttpRequest, uid: str) -> HttpResponse:
    """One sheet: what was seen, what not, what lay there besides."""
    if request.method == "POST":
        return _deed(request, uid)
    after = request.GET.get("after", "")
    return _sheet(request, uid, int(after) if after.isdecimal() and len(after) < 9 else 0)


def _sheet(
    request: HttpRequest, uid: str, begins: int = 0, *, answer: Answer | None = None, refusal: Refused | None = None,
    status: int = 200, chosen: Sequence[str] = (), typed: Mapping[str, str] | None = None,
) -> HttpResponse:  # fmt: skip
    """The sheet; after a refusal with what was chosen and typed."""
    count, found = actions.open_sheet(request.person, uid, begins)
    told = {"answer": answer, "refusal": refusal, "chosen": chosen, "typed": typed or {}}
    return render(request, "copies/count.html", _state(request.person, count, found) | told, status=status)


def _deed(request: HttpRequest, uid: str) -> HttpResponse:
    do, person, posted = request.POST.get("do", ""), request.person, request.POST
    if do == "decide":
        fate = next((one for one in Fate if one == posted.get("fate")), None)
        if fate is None:
            raise NotThere
        lines, reason = posted.getlist("line"), posted.get("reason", "")
        _done, refusal = tried(lambda: actions.decide_count(person, uid, lines, fate, reason))
    elif do in ("cross", "close"):
        sign = actions.cross_count if do == "cross" else actions.close_count
        _signed, refusal = tried(lambda: sign(person, uid))
    else:
        raise NotThere
    if refusal is None:
        return HttpResponseRedirect(f"/copies/counts/{uid}/")
    return _sheet(request, uid, refusal=refusal, status=403, chosen=posted.getlist("line"), typed=posted)


@require_POST
def scan(request: HttpRequest, uid: str) -> HttpResponse:
    """A label was scanned during the count."""
    person, what = request.person, scanning.read(request.POST.get("code", "")[:400])
    if what.kind is not scanning.Kind.LABEL:
        stock_queries.count_of(person, uid)
        answer = Answer("bad", _("不是密封的标签"), _("清点时请扫份的标签。"))
    else:
        try:
            answer = _said(actions.count_seen(person, uid, what.value))
        except Refused as refusal:
            why = "".join(language.reason(reason) for reason in refusal.decision.reasons)
            answer = Answer("bad", language.said(refusal.not_done), why, refusal.decision.clause)
    if request.headers.get(PART) == "1":
        return render(request, "copies/scanned.html", {"answer": answer, "counting": True, "tally": _told(person, uid)})
    return _sheet(request, uid, answer=answer)


def _told(person: Person, uid: str) -> dict[str, int] | None:
    """How far the sheet is, after each scan: for its custodian, who knows every line of it."""
    count = stock_queries.count_of(person, uid)
    return _tally(count) | {"strays": count.strays.count()} if person.pk == count.custodian_id else None


def _said(found: Seen) -> Answer:
    copy = found.copy
    if copy is None:
        return Answer("bad", _("查无此码"), _("已记入差异：不是本单位的标签，或不在您经办的范围内。"))
    where = copy.place.code if copy.place else copy.holder.called
    words = {
        "match": _("相符"), "again": _("已清点过"), "not_listed": _("不在此单账上，已记入差异"), "lost": _("此份已报下落不明，请办找回"),
    }[found.verdict]  # fmt: skip
    tone = "ok" if found.verdict == "match" else "ask" if found.verdict == "again" else "bad"
    return Answer(tone, f"{copy.number} {words}", copy.document.number, where, f"/copies/{copy.uid}/", copy.document.level)
