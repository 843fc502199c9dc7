"""Customary registers: every register that a room announces, by year, a page at a time, and as an A4 print-out."""

from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mifeng.base import clock, language, papers, room
from mifeng.base.refusals import NotThere
from mifeng.base.registers import Line, Register
from mifeng.clauses import forms
from mifeng.site import prints, register_lines
from mifeng.site.register_lines import Wanted, Window

COMFORTABLE, COMPACT = 20, 50  # lines a page
MOST_LABELS, A_SHEET = 240, 24
MOST_PRINTED = 5000  # lines at once: a book beyond that is printed by months


def _allowed(request: HttpRequest) -> list[Register]:
    posts = request.person.posts()
    every = [register for announced in room.rooms() for register in announced.registers]
    return sorted((r for r in every if not r.posts or r.posts & posts), key=lambda register: register.form)


def index(request: HttpRequest) -> HttpResponse:
    """The registers this person may read, with how they are numbered and who keeps them."""
    found = [_described(register) for register in _allowed(request)]
    return render(request, "site/registers.html", {"registers": found})


def _described(register: Register) -> dict[str, Any]:
    form = forms.form(register.form)
    return {
        "form": register.form, "title": register.title, "numbering": form.numbering.partition(";")[0],
        "kept_by": language.said(form.kept_by), "purpose": register.purpose, "url": f"/registers/{register.form}/",
    }  # fmt: skip


def register(request: HttpRequest, form: str) -> HttpResponse:
    """One register with the customary columns; printing it is a deed with its own serial, so it is posted."""
    found = next((r for r in _allowed(request) if r.form == form), None)
    if found is None:
        raise NotThere
    found = found.as_read_by(request.person.posts())
    asked = request.POST if request.method == "POST" else request.GET
    wanted = _wanted(request, asked)
    if request.method == "POST" and asked.get("do") in ("print", "table"):
        return _taken(request, found, wanted, asked["do"])
    if request.method == "POST" and not (wanted.words or wanted.number):
        return HttpResponseRedirect(f"/registers/{form}/?{urlencode(_kept(wanted))}")
    return _shown(request, found, wanted)


def _shown(request: HttpRequest, found: Register, wanted: Wanted, too_many: bool = False) -> HttpResponse:
    lines = found.rows(request.person)
    page = register_lines.window(found, lines, wanted)
    if wanted.plain and not page.rows and "year" not in request.GET and (last := register_lines.last_year(lines)):
        wanted = replace(wanted, year=last)  # nothing this year yet: what stands in the book is shown, not an empty page
        page = register_lines.window(found, lines, wanted)
    prints.record_view(request.person, found.form, len(page.rows))
    context = {
        "register": found, "rows": page.rows, "numbering": forms.form(found.form).numbering.partition(";")[0],
        "lines": _drawn(found, page.rows), "wanted": wanted,
        "searching": bool(wanted.words or wanted.number),
        "years": register_lines.years(lines), "numbered": register_lines.numbered(found, lines),
        "filtered": not wanted.plain, "page": _pager(page, wanted), "more": page.after, "too_many": MOST_PRINTED if too_many else 0,
        "papers": found.form in room.paper_forms(), "kept": _kept(wanted), "first": _first_deed(request, found),
    }  # fmt: skip
    return render(request, "site/register.html", context, status=422 if too_many else 200)


def _first_deed(request: HttpRequest, found: Register) -> room.Entry | None:
    """The deed that makes the first line, for whoever may do it."""
    first = found.first
    return first if first and (not first.posts or first.posts & request.person.posts()) else None


def _wanted(request: HttpRequest, asked: Any) -> Wanted:
    """What the filter says; anything that is no year or day counts as not said."""
    year = asked.get("year", "")
    since, until = (_day(asked.get(name, "")) for name in ("since", "until"))
    return Wanted(
        year=int(year) if year.isdecimal() and len(year) == 4 and 1900 < int(year) <= clock.today().year else clock.today().year,
        since=since, until=until,
        # Words are never in an address: they may be a title.
        number=request.POST.get("number", "").strip()[:40], words=request.POST.get("words", "").strip()[:80],
        after=asked.get("after", "")[:24], before=asked.get("before", "")[:24],
        size=COMPACT if request.person.density == "compact" else COMFORTABLE,
    )  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _kept(wanted: Wanted) -> dict[str, str]:
    """The filter as an address has it."""
    days = {name: day.isoformat() for name, day in (("since", wanted.since), ("until", wanted.until)) if day}
    return {"year": str(wanted.year), **days}


def _pager(page: Window, wanted: Wanted) -> dict[str, Any]:
    def beside(way: str, place: str) -> str:
        return urlencode({**_kept(wanted), way: place}) if place else ""

    over = _("超过 1,000 项") if page.more_than else ""
    return {"total": page.total, "over": over, "next": beside("after", page.after), "previous": beside("before", page.before)}


def _drawn(found: Register, rows: list[Any]) -> list[Line]:
    """The lines as the page shows them, newest first, each with the address of its form where the room prints one."""
    form = room.paper_forms().get(found.form)
    lines = [register_lines.drawn(found, row) for row in rows]
    return [
        replace(line, paper=form.uid(row)) if form and not line.bare and not line.void else line
        for line, row in zip(lines, rows, strict=True)
    ]  # fmt: skip


@require_POST
def paper(request: HttpRequest, uid: str) -> HttpResponse:
    """One form on paper (which: `form`), from the row it stands for: a deed with a serial, done before it is drawn."""
    form = request.POST.get("form", "")
    found = room.paper_forms().get(form)
    if found is None:
        raise NotThere
    serial, filled = prints.record_form(request.person, request.sitting, found, uid)
    data = papers.filled_form(form, filled, prints.printing(request.person, serial))
    return papers.as_file(data, papers.serial_name(form, serial, "pdf"))


def _taken(request: HttpRequest, found: Register, wanted: Wanted, how: str) -> HttpResponse:
    """The lines of that year or those days on paper or as a table: a deed with a serial of its own, done before it is drawn."""
    rows = register_lines.everything(found, found.rows(request.person), wanted, MOST_PRINTED)
    if rows is None:
        return _shown(request, found, wanted, too_many=True)
    lines = _drawn(found, rows)
    record = prints.record_print if how == "print" else prints.record_table
    printing = prints.printing(request.person, record(request.person, found.form, len(lines)))
    if how == "table":
        data, ending, kind = papers.table(found, lines, printing), "xlsx", papers.XLSX
    else:
        data, ending, kind = papers.register(found, lines, printing, span=_span(found, wanted)), "pdf", papers.PDF
    return papers.as_file(data, papers.serial_name(found.form, printing.serial, ending), kind)


@require_POST
def labels(request: HttpRequest) -> HttpResponse:
    """QR labels of what is named (`kind`, `uid`…), from the place `skip` of a sheet that was begun before; a deed."""
    kind, uids = room.labels().get(request.POST.get("kind", "")), request.POST.getlist("uid")[:MOST_LABELS]
    if kind is None or not uids:
        raise NotThere
    skip = request.POST.get("skip", "")
    made = prints.record_labels(request.person, kind, uids)
    begun = int(skip) if skip.isdecimal() and len(skip) < 3 else 0
    return papers.as_file(papers.qr_labels(made, begun if begun < A_SHEET else 0), "labels.pdf")


def _span(found: Register, wanted: Wanted) -> str:
    """Which lines stand on the paper, in words."""
    if not wanted.since and not wanted.until:
        return _("%(year)s 年度") % {"year": wanted.year}
    since, until = (day.isoformat() if day else "" for day in (wanted.since, wanted.until))
    return _("%(since)s 至 %(until)s") % {"since": since, "until": until}
