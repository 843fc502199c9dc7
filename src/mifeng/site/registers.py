"""Customary registers: every register that a room announces, as a list page and as an A4 print-out."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mifeng.base import clock, room
from mifeng.base.refusals import NotThere
from mifeng.clauses import forms
from mifeng.rooms.people import queries
from mifeng.site import prints


def _allowed(request: HttpRequest) -> list[room.Register]:
    posts = request.person.posts()
    every = [register for announced in room.rooms() for register in announced.registers]
    return [register for register in every if not register.posts or register.posts & posts]


def index(request: HttpRequest) -> HttpResponse:
    """The registers this person may print."""
    return render(request, "site/registers.html", {"registers": _allowed(request)})


def register(request: HttpRequest, form: str) -> HttpResponse:
    """One register with the customary columns; printing it is a deed with its own serial."""
    found = next((r for r in _allowed(request) if r.form == form), None)
    if found is None:
        raise NotThere
    rows = list(found.rows(request.person))
    context = {
        "register": found, "rows": rows, "form": forms.form(form), "company": queries.company(), "at": clock.now(),
        "cells": [[column.value(row) for column in found.columns] for row in rows],
    }  # fmt: skip
    if "print" in request.GET:
        context["serial"] = prints.record_print(request.person, form, len(rows))
        return render(request, "base/print_register.html", context)
    return render(request, "site/register.html", context)
