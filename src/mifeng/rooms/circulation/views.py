"""Pages of the counter: the inbox with the book of receipts, registration on one screen, one receipt."""

import hmac
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mifeng.base import clock, vault
from mifeng.base.refusals import Conflict, NotThere, Refused
from mifeng.engines.access import Level
from mifeng.rooms.circulation import actions, courses, forms, queries
from mifeng.rooms.circulation.facts import (
    COURSE,
    ENDS,
    HANDLED_WORDS,
    INBOX_WORDS,
    STAGE_WORDS,
    URGENCY_WORDS,
    Handled,
    Inbox,
    Origin,
    Stage,
    Urgency,
)
from mifeng.rooms.circulation.models import Handling, Incoming
from mifeng.rooms.circulation.rules import handling, receiving
from mifeng.rooms.copies import queries as copies
from mifeng.rooms.copies.facts import GONE, STATE_WORDS, State, Written
from mifeng.rooms.copies.models import Copy
from mifeng.rooms.documents import work
from mifeng.rooms.documents.queries import uploads_of
from mifeng.rooms.people import queries as people
from mifeng.rooms.people.models import Person

VIAS, ORIGINS, ENVELOPES = dict(forms.VIAS), dict(forms.ORIGINS), dict(forms.ENVELOPES)
FIELDS = {
    "sender": gettext_lazy("来文单位"), "deadline": gettext_lazy("办结期限"), "return_on": gettext_lazy("清退期限"),
    "remark": gettext_lazy("备注"),
}  # fmt: skip


def receipts(request: HttpRequest) -> HttpResponse:
    """收文: what waits at the counter, then the lines of the book."""
    after = request.GET.get("after", "")
    waiting, found = actions.list_receipts(request.person, int(after) if after.isdecimal() and len(after) < 19 else 0)
    context = {
        "waiting": [_line(row) for row in waiting], "rows": _registered(found.rows),
        "counter": queries.entrusted(request.person, "mail"),
        "page": {
            "total": found.total, "over": _("超过 1,000 项") if found.total > 1000 else "",
            "next": f"after={found.after}" if found.after else "", "previous": "",
        },
    }  # fmt: skip
    return render(request, "circulation/receipts.html", context)


def _registered(rows: list[Incoming]) -> list[dict[str, Any]]:
    """Lines of the book with who handles each and until when; `late`: the day is over, and nothing was concluded."""
    found, today = courses.in_brief(rows), clock.today()
    shown = [(_line(row), found[row.pk]) for row in rows]
    return [
        line
        | {"deadline": one.day.isoformat() if one.day else "", "undertaker": one.undertaker}
        | {"late": one.day is not None and one.day < today and not one.concluded}
        for line, one in shown
    ]


def _line(row: Incoming) -> dict[str, Any]:
    document, beside = row.document, getattr(row, "particulars", None)
    return {
        "url": f"/circulation/receipts/{row.uid}/", "row": row, "sender": queries.told(row, "sender"),
        "title": document.title if document else "", "reference": document.number if document else "",
        "level": document.level if document else row.marked, "via": VIAS[row.via], "envelope": ENVELOPES[row.envelope],
        "broken": row.envelope == "broken", "copies": row.copy_numbers, "deadline": queries.told(row, "deadline"),
        "return_on": queries.told(row, "return_on"), "attachments": beside.attachments if beside else "",
        "urgency": _(URGENCY_WORDS[Urgency(beside.urgency)]) if beside else "",
    }  # fmt: skip


def _once(request: HttpRequest) -> str:
    """The uid of the arrival that this form makes: a second click meets the first one's. "" when it bears no key.

    From the person and the form's key together, so that no typed uid tells whether something of that uid exists (P0.3).
    """
    typed = request.POST.get("once", "")
    if len(typed) != 32 or not set(typed) <= set("0123456789abcdef"):
        return ""
    return hmac.digest(vault.derived("form once"), f"receipt|{request.person.uid}|{typed}".encode(), "sha256")[:16].hex()


def _addressee() -> str:
    """Whose desk an incoming paper goes to unless something else is said: the head of the office."""
    found = people.holders("gmo_head")
    return found[0].uid if found else ""


def _filled(request: HttpRequest, kind: Any, **more: Any) -> Any:
    """The form as it was sent; files that came with it, without script, are taken in first and named like the others."""
    if request.method != "POST":
        return kind(**more)
    data = request.POST.copy()
    received = [work.take_in(request.person, file) for file in request.FILES.getlist("files")] if "files" in kind.base_fields else []
    data.setlist("upload", [*data.getlist("upload"), *(row.uid for row in received if row.state == "accepted")])
    form = kind(data, **more)
    for row in received:
        if row.state == "rejected":
            form.add_error("files", _("%(name)s：%(why)s") % {"name": row.name, "why": row.reason})
    return form


def _uploads(form: Any, person: Person) -> list[Any]:
    """Files that were taken in and stay with the form when it is shown again."""
    return uploads_of(form.data.getlist("upload"), person) if form.is_bound and hasattr(form.data, "getlist") else []


def new(request: HttpRequest) -> HttpResponse:
    """登记收文 on one screen; `cover`: only the envelope, which waits in the inbox."""
    if not queries.entrusted(request.person, "mail"):
        raise NotThere
    covers = request.GET.get("only") == "cover"
    kind: Any = forms.CoverForm if covers else forms.ReceiptForm
    form = _filled(request, kind, initial={"addressee": _addressee(), "marked": "0", "level": "20"})
    refusal = None
    if form.is_bound and form.is_valid():
        uid = _once(request)
        try:
            if covers:
                row = actions.note_arrival(request.person, form.cover(uid))
            else:
                row = actions.receive(request.person, form.cover(uid), form.paper(request.person))
            return HttpResponseRedirect(f"/circulation/receipts/{row.uid}/")
        except Conflict:
            return HttpResponseRedirect(f"/circulation/receipts/{uid}/")
        except Refused as refused:
            refusal = refused
    status = 403 if refusal else 422 if form.is_bound and form.errors else 200
    context = {
        "form": form, "covers": covers, "refusal": refusal, "once": request.POST.get("once") or uuid.uuid4().hex,
        "uploads": _uploads(form, request.person),
    }  # fmt: skip
    return render(request, "circulation/receive.html", context, status=status)


def _somebody(uid: str) -> Any:
    return Person.objects.select_related("department").filter(uid=uid).first() if uid else None


DEEDS: dict[str, tuple[Any, Any]] = {
    "register": (forms.PaperForm, lambda who, row, form: actions.register_arrival(who, row, form.paper(who))),
    "leave": (forms.ReasonForm, lambda who, row, form: actions.leave_unregistered(who, row, form.cleaned_data["reason"])),
    "amend": (
        forms.AmendForm,
        lambda who, row, form: actions.amend(who, row, *(form.cleaned_data[name] for name in ("name", "value", "reason"))),
    ),
    "propose": (
        forms.ProposeForm,
        lambda who, row, form: actions.propose(who, row, form.cleaned_data["words"], _somebody(form.cleaned_data["leader"])),
    ),
    "instruct": (
        forms.InstructForm,
        lambda who, row, form: actions.instruct(
            who, row, form.cleaned_data["words"], _somebody(form.cleaned_data["undertaker"]), form.cleaned_data["due_on"]
        ),
    ),
    "conclude": (forms.ConcludeForm, lambda who, row, form: actions.conclude(who, row, form.cleaned_data["words"])),
    "take_back": (forms.TakeBackForm, lambda who, row, _form: actions.take_back_handling(who, row)),
}  # fmt: skip


def receipt(request: HttpRequest, uid: str) -> HttpResponse:
    """One arrival: its cover, its line in the book, what may be done with it."""
    row, do = actions.open_receipt(request.person, uid), request.POST.get("do", "")
    made = {name: kind(auto_id=f"id_{name}_%s", initial=_initial(row)) for name, (kind, _deed) in DEEDS.items()}
    refusal = None
    if do:
        if do not in DEEDS:
            raise NotThere
        kind, deed = DEEDS[do]
        made[do] = _filled(request, kind, auto_id=f"id_{do}_%s")
        if made[do].is_valid():
            try:
                deed(request.person, row, made[do])
                return HttpResponseRedirect(f"/circulation/receipts/{uid}/")
            except Refused as refused:
                refusal = refused
    counter = queries.entrusted(request.person, "mail")
    context = {
        "line": _line(row), "row": row, "forms": made, "refusal": refusal, "source": ORIGINS[row.origin],
        "open": counter and row.state == Inbox.ARRIVED,
        "leave": counter and row.state == Inbox.ARRIVED and receiving.may_leave_unregistered(row.marked, row.source).allow,
        "may_amend": counter and row.state == Inbox.REGISTERED,
        "state": _state(row), "uploads": _uploads(made["register"], request.person), "remark": queries.told(row, "remark"),
        "amendments": [{"row": one, "field": FIELDS[one.field]} for one in row.amendments.select_related("by").order_by("pk")],
        "copies": [{"row": copy, "gone": _gone(copy)} for copy in _copies(row)],
    }  # fmt: skip
    if row.state == Inbox.REGISTERED:
        context |= _course(request.person, row) | {"slip": _slip(row)}
    status = 403 if refusal else 422 if do else 200
    return render(request, "circulation/receipt.html", context, status=status)


def _slip(row: Incoming) -> str:
    """Where a slip of this paper is asked for; "" where it goes round to nobody: only its cover is here, or it is no more."""
    document, cover_only = row.document, row.personal or row.source is Origin.STATE
    if document is None or cover_only or document.level < Level.CONFIDENTIAL or not queries.registered_paper(document):
        return ""
    return f"/circulation/slips/new/{document.uid}/"


def _course(person: Person, row: Incoming) -> dict[str, Any]:
    """办理: how far it has come, each step with what was written, and the step that is this person's to do."""
    told = courses.one(row)
    course, counter = told.course, queries.at_counter(person)
    lines = list(row.handlings.select_related("by", "to__department").order_by("pk"))
    last = next((line for line in reversed(lines) if line.taken_back_at is None), None)
    return {
        "told": told, "stages": _stages(told), "steps": [_step(line) for line in lines],
        "noted": [{"at": line.read_at or line.out_at, "who": line.reader, "words": line.opinion} for line in told.noted],
        "undertaker": told.undertaker, "due": told.due_on, "fates": courses.fates(told), "places": courses.places(told),
        "propose": counter and not course.concluded and not course.cover_only, "instruct": course.asked == person.pk,
        "conclude": handling.may_conclude(course, person.pk, counter).allow, "cover_only": course.cover_only,
        "take_back": last is not None and _taken_back(person, last),
    }  # fmt: skip


def _taken_back(person: Person, last: Handling) -> bool:
    return copies.may_take_back(Written(last.by_id == person.pk, last.answered_at is not None, clock.now() - last.at)).allow


def _stages(told: courses.Told) -> list[dict[str, Any]]:
    """The customary states one after the other, which were gone through and which was reached."""
    course, reached = told.course, told.stage
    passed = {Stage.REGISTERED: True, Stage.PROPOSED: course.proposed, Stage.INSTRUCTED: course.instructed,
              Stage.UNDER_WAY: course.under_way, Stage.CONCLUDED: course.concluded}  # fmt: skip
    found = [{"word": _(STAGE_WORDS[one]), "done": passed[one], "now": one is reached} for one in COURSE]
    end = _(STAGE_WORDS[reached]) if reached in ENDS else "/".join(_(STAGE_WORDS[one]) for one in ENDS)
    return [*found, {"word": end, "done": reached in ENDS, "now": reached in ENDS}]


def _step(line: Handling) -> dict[str, Any]:
    to = {Handled.PROPOSED: _("报送 %(name)s"), Handled.INSTRUCTED: _("由 %(name)s 承办")}.get(line.word, "")
    return {
        "row": line, "word": _(HANDLED_WORDS[line.word]), "to": to % {"name": line.to.called} if line.to and to else "",
        "void": line.taken_back_at is not None,
    }  # fmt: skip


def _copies(row: Incoming) -> list[Copy]:
    return list(row.document.numbered_copies.select_related("place").order_by("n", "rep")) if row.document else []


def _gone(copy: Copy) -> str:
    """What became of a copy that is not here any more."""
    return _(STATE_WORDS[State(copy.state)]) if copy.state in GONE else ""


def _initial(row: Incoming) -> dict[str, Any]:
    return {"level": str(row.marked)}


def _state(row: Incoming) -> dict[str, Any]:
    tones = {Inbox.ARRIVED: "warn", Inbox.REGISTERED: "ok", Inbox.CLOSED: "end"}
    return {"tone": tones[Inbox(row.state)], "word": _(INBOX_WORDS[Inbox(row.state)])}
