"""Pages of the counter: the inbox with the book of receipts, registration on one screen, one receipt."""

import hmac
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mifeng.base import vault
from mifeng.base.refusals import Conflict, NotThere, Refused
from mifeng.rooms.circulation import actions, forms, queries
from mifeng.rooms.circulation.facts import INBOX_WORDS, Inbox
from mifeng.rooms.circulation.models import Incoming
from mifeng.rooms.people import queries as people

VIAS, ORIGINS, ENVELOPES = dict(forms.VIAS), dict(forms.ORIGINS), dict(forms.ENVELOPES)
FIELDS = {"sender": gettext_lazy("来文单位"), "deadline": gettext_lazy("办结期限"), "remark": gettext_lazy("备注")}


def receipts(request: HttpRequest) -> HttpResponse:
    """收文: what waits at the counter, then the lines of the book."""
    after = request.GET.get("after", "")
    waiting, found = actions.list_receipts(request.person, int(after) if after.isdecimal() else 0)
    context = {
        "waiting": [_line(row) for row in waiting], "rows": [_line(row) for row in found.rows],
        "counter": queries.entrusted(request.person, "mail"),
        "page": {"total": found.total, "next": f"after={found.after}" if found.after else "", "previous": ""},
    }  # fmt: skip
    return render(request, "circulation/receipts.html", context)


def _line(row: Incoming) -> dict[str, Any]:
    document = row.document
    return {
        "url": f"/circulation/receipts/{row.uid}/", "row": row, "sender": queries.told(row, "sender"),
        "title": document.title if document else "", "reference": document.number if document else "",
        "level": document.level if document else row.marked, "via": VIAS[row.via], "envelope": ENVELOPES[row.envelope],
        "broken": row.envelope == "broken", "copies": row.copy_numbers, "deadline": queries.told(row, "deadline"),
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


def new(request: HttpRequest) -> HttpResponse:
    """登记收文 on one screen; `cover`: only the envelope, which waits in the inbox."""
    if not queries.entrusted(request.person, "mail"):
        raise NotThere
    covers = request.GET.get("only") == "cover"
    kind: Any = forms.CoverForm if covers else forms.ReceiptForm
    form = kind(request.POST or None, initial={"addressee": _addressee(), "marked": "0", "level": "20"})
    refusal = None
    if form.is_bound and form.is_valid():
        uid = _once(request)
        try:
            if covers:
                row = actions.note_arrival(request.person, form.cover(uid))
            else:
                row = actions.receive(request.person, form.cover(uid), form.paper())
            return HttpResponseRedirect(f"/circulation/receipts/{row.uid}/")
        except Conflict:
            return HttpResponseRedirect(f"/circulation/receipts/{uid}/")
        except Refused as refused:
            refusal = refused
    status = 403 if refusal else 422 if form.is_bound and form.errors else 200
    context = {
        "form": form, "covers": covers, "refusal": refusal, "once": request.POST.get("once") or uuid.uuid4().hex,
    }  # fmt: skip
    return render(request, "circulation/receive.html", context, status=status)


DEEDS: dict[str, tuple[Any, Any]] = {
    "register": (forms.PaperForm, lambda who, row, form: actions.register_arrival(who, row, form.paper())),
    "leave": (forms.ReasonForm, lambda who, row, form: actions.leave_unregistered(who, row, form.cleaned_data["reason"])),
    "amend": (
        forms.AmendForm,
        lambda who, row, form: actions.amend(who, row, *(form.cleaned_data[name] for name in ("name", "value", "reason"))),
    ),
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
        made[do] = kind(request.POST, auto_id=f"id_{do}_%s")
        if made[do].is_valid():
            try:
                deed(request.person, row, made[do])
                return HttpResponseRedirect(f"/circulation/receipts/{uid}/")
            except Refused as refused:
                refusal = refused
    counter = queries.entrusted(request.person, "mail")
    context = {
        "line": _line(row), "row": row, "forms": made, "refusal": refusal, "source": ORIGINS[row.origin],
        "open": counter and row.state == Inbox.ARRIVED, "may_amend": counter and row.state == Inbox.REGISTERED,
        "state": _state(row), "remark": queries.told(row, "remark"),
        "amendments": [{"row": one, "field": FIELDS[one.field]} for one in row.amendments.select_related("by").order_by("pk")],
        "copies": list(row.document.numbered_copies.select_related("place").order_by("n", "rep")) if row.document else [],
    }  # fmt: skip
    status = 403 if refusal else 422 if do else 200
    return render(request, "circulation/receipt.html", context, status=status)


def _initial(row: Incoming) -> dict[str, Any]:
    return {"level": str(row.marked)}


def _state(row: Incoming) -> dict[str, Any]:
    tones = {Inbox.ARRIVED: "warn", Inbox.REGISTERED: "ok", Inbox.CLOSED: "end"}
    return {"tone": tones[Inbox(row.state)], "word": _(INBOX_WORDS[Inbox(row.state)])}
