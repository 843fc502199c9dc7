"""Pages of circulation: what is to be sent and taken in, one slip, asking for one."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from mifeng.base import clock, language
from mifeng.base.refusals import NotThere, Refused
from mifeng.rooms.circulation import actions, forms, queries
from mifeng.rooms.circulation.doing import Step, item, last_day, pager, place, tried
from mifeng.rooms.circulation.facts import SLIP_WORDS, SlipState
from mifeng.rooms.circulation.models import Slip, SlipLine
from mifeng.rooms.copies.models import Copy
from mifeng.rooms.people.models import Person

TONES = {"asked": "warn", "approved": "warn", "returned": "bad", "open": "run", "done": "end"}
VIEWS = {"": (SlipState.APPROVED, SlipState.OPEN), "asked": (SlipState.ASKED, SlipState.RETURNED), "done": (SlipState.DONE,)}


def slips(request: HttpRequest) -> HttpResponse:
    """传阅: what is with me, then the slips that I may know."""
    view = request.GET.get("view", "")
    if view not in VIEWS:
        raise NotThere
    mine, found, more = actions.list_slips(request.person, VIEWS[view], place(request))
    words = {"": _("在办"), "asked": _("待批定"), "done": _("已阅毕")}
    context = {
        "mine": [_with_me(line) for line in mine], "slips": [_line(slip) for slip in found],
        "page": pager(more, view),
        "views": [{"label": words[key], "url": f"?view={key}", "current": key == view} for key in VIEWS],
    }  # fmt: skip
    return render(request, "circulation/slips.html", context)


def _with_me(line: SlipLine) -> dict[str, Any]:
    document = line.slip.document
    return {
        "url": f"/circulation/slips/{line.slip.uid}/", "title": document.title, "number": document.number,
        "level": document.level, "due": last_day(line.due_at), "late": line.due_at <= clock.now(), "electronic": line.slip.electronic,
        "read": f"/read/{document.uid}/",
    }  # fmt: skip


def _line(slip: Slip) -> dict[str, Any]:
    rows = queries.lines(slip)
    away = [row for row in rows if row.away]
    return {
        "url": f"/circulation/slips/{slip.uid}/", "number": queries.number_of(slip), "title": slip.document.title,
        "level": slip.document.level, "tone": TONES[slip.state], "state": _(SLIP_WORDS[SlipState(slip.state)]),
        "electronic": slip.electronic, "total": len(rows), "closed": sum(bool(row.in_at or row.skipped_at) for row in rows),
        "away": language.listed(row.reader.name for row in away), "due": last_day(min((row.due_at for row in away), default=None)),
        "late": any(row.due_at <= clock.now() for row in away),
    }  # fmt: skip


def ask(request: HttpRequest, uid: str) -> HttpResponse:
    """申请传阅 of an item: the list goes to whoever approves it."""
    document = item(request, uid)
    form, refusal = forms.CirculationForm(request.POST or None), None
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        try:
            slip = actions.ask_circulation(request.person, document, form.readers(), told["purpose"], told["electronic"])
            return HttpResponseRedirect(f"/circulation/slips/{slip.uid}/")
        except Refused as refused:
            refusal = refused
    context = {"form": form, "document": document, "refusal": refusal}
    return render(request, "circulation/ask_slip.html", context, status=403 if refusal else 422 if form.is_bound else 200)


def _send(person: Person, slip: Slip, _told: Any, post: Any) -> None:
    copy = Copy.objects.filter(uid=post.get("copy", ""), document=slip.document).first() or slip.copy
    actions.send(person, slip, post.get("line", ""), copy)


STEPS: dict[str, Step] = {
    "send": (None, _send),
    "take_in": (forms.PagesForm, lambda who, slip, told, post: actions.take_in(who, slip, post.get("line", ""), told["pages"])),
    "skip": (forms.ReasonForm, lambda who, slip, told, post: actions.skip_reader(who, slip, post.get("line", ""), told["reason"])),
    "opinion": (
        forms.OpinionForm,
        lambda who, slip, told, post: actions.note_opinion(who, post.get("line", ""), told["words"], told["instruction"]),
    ),
}  # fmt: skip


def slip(request: HttpRequest, uid: str) -> HttpResponse:
    """One slip: its readers, where it is, and the next step of whoever looks."""
    row = actions.open_slip(request.person, uid)
    end = tried(request, STEPS, row)
    if end.done:
        return HttpResponseRedirect(f"/circulation/slips/{uid}/")
    person, lines = request.person, queries.lines(row)
    clerk = queries.is_clerk_of(person, row)
    mine = next((line for line in lines if line.reader_id == person.pk and line.out_at and not line.skipped_at), None)
    at_hand = queries.copies_to_send(person, row) if clerk else []
    waits = clerk and row.state == SlipState.APPROVED and not row.electronic and not at_hand
    context = {
        "slip": row, "head": _line(row), "readers": [_reader(line, row, lines, clerk, not waits) for line in lines], "mine": mine,
        "signed": mine is not None and not row.electronic and mine.read_at is not None and mine.in_at is None,
        "clerk": clerk, "refusal": end.refusal, "copies": at_hand,
        "to_store": queries.not_put_away(person, row.document) if waits else [], "waits": waits,
        "opinion": forms.OpinionForm(initial={"words": mine.opinion, "instruction": mine.instruction}) if mine else None,
        "pages": row.copy.pages if row.copy else 0, "wrong": end.wrong,
    }  # fmt: skip
    return render(request, "circulation/slip.html", context, status=end.status)


def _reader(line: SlipLine, slip: Slip, lines: list[SlipLine], clerk: bool, at_hand: bool) -> dict[str, Any]:
    state = (
        ("end", _("已跳过")) if line.skipped_at else ("ok", _("已阅退")) if line.in_at
        else ("run", _("已阅，待退回")) if line.read_at else ("run", _("送阅中")) if line.out_at else ("warn", _("待送"))
    )  # fmt: skip
    under_way = clerk and slip.state in (SlipState.APPROVED, SlipState.OPEN)
    free = slip.electronic or not any(other.away for other in lines)
    return {
        "row": line, "due": last_day(line.due_at), "tone": state[0], "state": state[1], "late": line.away and line.due_at <= clock.now(),
        "send": under_way and line.waits and free and at_hand, "take_in": under_way and line.away and not slip.electronic,
        "skip": under_way and (line.waits or (line.away and slip.electronic)),
    }  # fmt: skip
