"""Pages of the copies: what I keep and hold, one copy's card with its ledger, signing for what was given to me."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from mifeng.base import clock
from mifeng.base.refusals import NotThere, insist
from mifeng.rooms.copies import actions, forms, queries
from mifeng.rooms.copies.facts import AWAY, EVENT_WORDS, GONE, KEPT, LOST, STATE_WORDS, Event, State
from mifeng.rooms.copies.models import Copy, Movement, Place, Reproduced
from mifeng.rooms.copies.rules import keeping, states
from mifeng.rooms.people.models import Person

VIEWS: dict[str, tuple[Any, frozenset[State]]] = {
    "": (gettext_lazy("全部在管"), frozenset(State) - GONE),
    "kept": (gettext_lazy("在我手上"), KEPT),
    "away": (gettext_lazy("在外"), AWAY),
    "lost": (gettext_lazy("下落不明"), LOST),
    "gone": (gettext_lazy("已了结"), GONE),
}
HELD, UNPLACED = "held", "unplaced"


def tone(state: str) -> str:
    """The colour of a state's dot."""
    if state in LOST:
        return "bad"
    return "end" if state in GONE else "run" if state in AWAY else "ok" if state in (State.STORED, State.ARCHIVED) else "warn"


def lines(copies: Iterable[Copy]) -> list[dict[str, Any]]:
    """Copies as the lists show them; the title only where the item is known anyway: it is not shown here."""
    now = clock.now()
    return [
        {
            "uid": copy.uid, "url": f"/copies/{copy.uid}/", "copy": copy.number,
            "number": copy.document.number or copy.document.uid[:8],
            "level": copy.document.level, "proposed": copy.document.proposed, "tone": tone(copy.state),
            "state": _(STATE_WORDS[State(copy.state)]), "place": copy.place.code if copy.place else "",
            "no_place": keeping.lacks_place(copy.facts()), "holder": copy.holder, "custodian": copy.custodian,
            "pages": copy.pages, "due": copy.due_at, "late": states.late(copy.due_at, now),
            "re_mark": copy.level != copy.document.level,
        }
        for copy in copies
    ]  # fmt: skip


def kept(request: HttpRequest) -> HttpResponse:
    """我保管的 and 我持有的: by state, by keyset."""
    view, person = request.GET.get("view", ""), request.person
    if view not in VIEWS and view not in (HELD, UNPLACED):
        raise NotThere
    after = request.GET.get("after", "")
    shown = actions.list_copies(
        person, held=view == HELD, after=int(after) if after.isdecimal() and len(after) < 19 else 0,
        states_shown=tuple(VIEWS[view][1]) if view in VIEWS else (), unplaced=view == UNPLACED,
    )  # fmt: skip
    context = {
        "lines": lines(shown.rows), "to_sign": [_to_sign(line) for line in queries.to_sign(person)], "held": view == HELD,
        "views": [{"label": label, "url": f"?view={key}", "current": key == view} for key, (label, _s) in VIEWS.items()]
        + [{"label": _("未入柜"), "url": f"?view={UNPLACED}", "current": view == UNPLACED}]
        + [{"label": _("我持有的"), "url": f"?view={HELD}", "current": view == HELD}],
        "page": {
            "total": shown.total, "over": _("超过 1,000 项") if shown.total > 1000 else "",
            "next": f"view={view}&after={shown.after}" if shown.after else "", "previous": "",
        },
    }  # fmt: skip
    return render(request, "copies/list.html", context)


def _to_sign(line: Movement) -> dict[str, Any]:
    copy = line.copy
    return {
        "url": f"/copies/sign/{line.uid}/", "number": copy.document.number or copy.document.uid[:8], "copy": copy.number,
        "level": copy.document.level, "what": _(EVENT_WORDS[line.word]), "by": line.by, "at": line.at, "pages": line.pages,
        "due": line.due_at,
    }  # fmt: skip


def sign(request: HttpRequest, uid: str) -> HttpResponse:
    """签收: what was given to me, its number and pages; the button signs."""
    line = next((row for row in queries.to_sign(request.person) if row.uid == uid), None)
    if line is None:
        raise NotThere
    if request.method == "POST":
        actions.sign_for(request.person, uid)
        return HttpResponseRedirect("/copies/?view=held" if line.word is not Event.HAND_OVER else "/copies/")
    return render(request, "copies/sign.html", {"line": _to_sign(line), "offered": line.word is Event.HAND_OVER})


def card(request: HttpRequest, uid: str) -> HttpResponse:
    """One copy: where it is, who answers for it, and every line of its ledger."""
    return _card(request, actions.open_copy(request.person, uid))


def _card(request: HttpRequest, copy: Copy, bound: dict[str, Any] | None = None) -> HttpResponse:
    person, may = request.person, _may(request.person, copy)
    context: dict[str, Any] = {
        "copy": copy, "line": lines([copy])[0], "ledger": _ledger(person, copy), "may": may,
        "forms": {name: (bound or {}).get(name) or form(auto_id=f"id_{name}_%s") for name, form in forms.FORMS.items()},
    }  # fmt: skip
    if may["correct"]:
        context["forms"]["correct"].offer(line["row"] for line in context["ledger"])
    if may["store"]:
        context["forms"]["store"].offer(copy.document)
    return render(request, "copies/card.html", context, status=422 if bound else 200)


def _may(person: Person, copy: Copy) -> dict[str, bool]:
    """Which deeds of the card this person may begin."""
    mine = copy.custodian_id == person.pk
    begun = (
        Event.STORE, Event.RETURN, Event.HAND_OVER, Event.VOID, Event.MISS, Event.FIND, Event.SET_ASIDE, Event.RELEASE,
        Event.ARCHIVE, Event.REMARK, Event.SURRENDER, Event.CORRECT,
    )  # fmt: skip
    allowed = {event: states.may_happen(State(copy.state), event).allow for event in begun}
    return {
        "label": mine, "store": mine and allowed[Event.STORE], "return_item": mine and allowed[Event.RETURN],
        "offer": mine and allowed[Event.HAND_OVER],
        "void": mine and allowed[Event.VOID] and not Reproduced.objects.filter(copy=copy).exists(),
        "correct": mine and allowed[Event.CORRECT],
        "archive": mine and (allowed[Event.ARCHIVE] or copy.state == State.ARCHIVED),
        "re_mark": person.pk in (copy.custodian_id, copy.holder_id) and copy.level != copy.document.level and allowed[Event.REMARK],
        "surrender": mine and copy.given and allowed[Event.SURRENDER],
        "set_aside": mine and allowed[Event.SET_ASIDE], "release": mine and allowed[Event.RELEASE],
        "miss": mine and allowed[Event.MISS], "find": mine and allowed[Event.FIND],
    }  # fmt: skip


def _ledger(person: Person, copy: Copy) -> list[dict[str, Any]]:
    """The lines, newest first, each with whether this person may still take it back."""
    rows = queries.ledger(copy)
    before = {row.no: earlier.pages for earlier, row in pairwise(rows)}
    return [
        {
            "row": row, "counted": before.get(row.no) != row.pages,
            "what": _(EVENT_WORDS[row.word]), "state": _(STATE_WORDS[State(row.state)]), "tone": tone(row.state),
            "take_back": queries.line_taken_back(row, copy, person).allow,
        }
        for row in reversed(rows)
    ]  # fmt: skip


@require_POST
def deed(request: HttpRequest, uid: str) -> HttpResponse:
    """A deed on one copy from its card."""
    do, person = request.POST.get("do", ""), request.person
    copy = queries.find(person, uid)
    if do == "take_back":
        actions.take_back(person, copy, request.POST.get("line", ""))
        return HttpResponseRedirect(f"/copies/{uid}/")
    if do not in DEEDS:
        raise NotThere
    if do != "re_mark":  # before the form is read: its errors would tell which safes there are
        insist(queries.may_act(person, copy))
    form = forms.FORMS[do](request.POST, auto_id=f"id_{do}_%s")
    if not form.is_valid():
        return _card(request, copy, {do: form})
    DEEDS[do](person, copy, form.cleaned_data)
    return HttpResponseRedirect(f"/copies/{uid}/")


DEEDS: dict[str, Any] = {
    "store": lambda who, copy, told: actions.store(who, [copy], Place.objects.get(code=told["place"])),
    "return_item": lambda who, copy, told: actions.return_item(who, copy, told["pages"]),
    "offer": lambda who, copy, told: actions.offer(who, [copy], Person.objects.get(uid=told["to"]), told["reason"]),
    "void": lambda who, copy, told: actions.void(who, copy, told["reason"]),
    "correct": lambda who, copy, told: actions.correct(who, copy, told["line"], told["pages"], told["reason"]),
    "archive": lambda who, copy, told: actions.archive(who, [copy], int(told["years"])),
    "re_mark": lambda who, copy, told: actions.re_mark(who, copy),
    "surrender": lambda who, copy, told: actions.surrender(who, copy, told["issuer"], told["receipt"]),
    "set_aside": lambda who, copy, told: actions.set_aside(who, copy, told["reason"]),
    "release": lambda who, copy, told: actions.release(who, copy, told["reason"]),
    "miss": lambda who, copy, told: actions.report_missing(who, copy, told["reason"]),
    "find": lambda who, copy, told: actions.report_found(who, copy, told["pages"], told["reason"], told["sealed"]),
}  # fmt: skip
