"""Customary registers: every register that a room announces, as a list page and as an A4 print-out."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from mifeng.base import clock, language, room
from mifeng.base.refusals import NotThere
from mifeng.clauses import forms
from mifeng.rooms.people import queries
from mifeng.site import prints


def _allowed(request: HttpRequest) -> list[room.Register]:
    posts = request.person.posts()
    every = [register for announced in room.rooms() for register in announced.registers]
    return sorted((r for r in every if not r.posts or r.posts & posts), key=lambda register: register.form)


def index(request: HttpRequest) -> HttpResponse:
    """The registers this person may print, with how they are numbered and who keeps them."""
    found = [_described(register) for register in _allowed(request)]
    return render(request, "site/registers.html", {"registers": found})


def _described(register: room.Register) -> dict[str, Any]:
    form = forms.form(register.form)
    return {
        "form": register.form, "title": register.title, "numbering": form.numbering, "kept_by": language.said(form.kept_by),
        "url": f"/registers/{register.form}/",
    }  # fmt: skip


def register(request: HttpRequest, form: str) -> HttpResponse:
    """One register with the customary columns; printing it is a deed with its own serial, so it is posted."""
    found = next((r for r in _allowed(request) if r.form == form), None)
    if found is None:
        raise NotThere
    found = found.as_read_by(request.person.posts())
    rows = list(found.rows(request.person))
    cells = [[column.value(row) for column in found.columns] for row in rows]
    if request.POST.get("do") == "print":
        return _printed(request, found, rows, cells)
    prints.record_view(request.person, form, len(rows))
    context = {"register": found, "rows": rows, "cells": cells, "form": forms.form(form), "lines": _numbered(rows, cells)}
    return render(request, "site/register.html", context)


def _numbered(rows: list[Any], cells: list[list[str]]) -> list[dict[str, Any]]:
    """Newest first on the screen; on paper the register runs from its first line."""
    pairs = zip(reversed(rows), reversed(cells), strict=True)
    return [{"void": getattr(row, "void", False), "cells": texts} for row, texts in pairs]


def _printed(request: HttpRequest, found: room.Register, rows: list[Any], cells: list[list[str]]) -> HttpResponse:
    numbers = [] if found.extract else [texts[0] for texts in cells if texts[0]]
    context = {
        "register": found, "rows": rows, "cells": cells, "company": queries.company(), "at": clock.now(),
        "serial": prints.record_print(request.person, found.form, len(rows)),
        "numbers": f"{numbers[0]}—{numbers[-1]}" if numbers else "",
        "back": {"url": f"/registers/{found.form}/", "label": _("返回")},
    }  # fmt: skip
    return render(request, "base/print_register.html", context)
