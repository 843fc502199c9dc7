"""Pages of dispatch: what is coming and carried, the book, one dispatch, sending, delivering."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from mifeng.base.refusals import NotThere, Refused
from mifeng.rooms.circulation import actions, forms, queries
from mifeng.rooms.circulation.doing import Step, Tried, item, pager, place, tried
from mifeng.rooms.circulation.facts import DRAFT_WORDS, SENT_WORDS, Drafts, Sent
from mifeng.rooms.circulation.models import Dispatch, DraftsSettled, Parcel
from mifeng.rooms.people.models import Person


def dispatches(request: HttpRequest) -> HttpResponse:
    """发文: parcels coming to me and in my hands, then the lines of the book."""
    coming, carried, found, more = actions.list_dispatches(request.person, place(request))
    context = {"coming": coming, "carried": carried, "rows": [_line(row) for row in found], "page": pager(more)}
    return render(request, "circulation/dispatches.html", context)


def _line(row: Dispatch) -> dict[str, Any]:
    rows = queries.parcels(row)
    return {
        "url": f"/circulation/dispatches/{row.uid}/", "row": row, "title": row.document.title, "reference": row.document.number,
        "level": row.document.level, "via": _(SENT_WORDS[row.way]), "total": len(rows),
        "received": sum(queries.receipt_of(parcel) is not None for parcel in rows),
    }  # fmt: skip


def new(request: HttpRequest, uid: str) -> HttpResponse:
    """登记发文 of an item: the copies at hand, and for whom each is."""
    document = item(request, uid)
    if not queries.entrusted(request.person, "mail"):
        raise NotThere
    at_hand = queries.copies_at_hand(request.person, document)
    form, refusal = forms.DispatchForm(request.POST or None, at_hand=at_hand), None
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        try:
            row = actions.dispatch(
                request.person, document, form.lines(), Sent(told["via"]), form.carriers(), told["return_on"], told["remark"]
            )
            return HttpResponseRedirect(f"/circulation/dispatches/{row.uid}/")
        except Refused as refused:
            refusal = refused
    context = {"form": form, "document": document, "refusal": refusal}
    return render(request, "circulation/dispatch_new.html", context, status=403 if refusal else 422 if form.is_bound else 200)


def dispatch(request: HttpRequest, uid: str) -> HttpResponse:
    """One dispatch: each copy, for whom, how it arrived."""
    row = actions.open_dispatch(request.person, uid)
    end = tried(request, SETTLED, uid)
    if end.done:
        return HttpResponseRedirect(f"/circulation/dispatches/{uid}/")
    drafts = DraftsSettled.objects.select_related("by", "witness").filter(dispatch=row).first()
    context = {
        "line": _line(row), "row": row, "parcels": [_parcel(request.person, parcel) for parcel in queries.parcels(row)], "drafts": drafts,
        "settled": _(DRAFT_WORDS[Drafts(drafts.how)]) if drafts else "", "refusal": end.refusal,
        "settle": _settle_form(request.person, end, drafts is not None),
    }  # fmt: skip
    return render(request, "circulation/dispatch.html", context, status=end.status)


def _settle_form(person: Person, end: Tried, settled: bool) -> Any:
    """The form of 底稿处理, for the counter, until it is done."""
    if settled or not queries.entrusted(person, "mail"):
        return None
    return end.form or forms.DraftsForm(auto_id="id_settle_%s")


def _settle(person: Person, uid: str, told: dict[str, Any], _post: Any) -> None:
    witness = Person.objects.filter(uid=told["witness"]).first() if told["witness"] else None
    actions.settle_drafts(person, uid, Drafts(told["how"]), told["sheets"], told["note"], witness)


SETTLED: dict[str, Step] = {"settle": (forms.DraftsForm, _settle)}


def _parcel(person: Person, parcel: Parcel) -> dict[str, Any]:
    receipt = queries.receipt_of(parcel)
    state = (
        ("end", _("未送达，已退回")) if parcel.ended_at else ("ok", _("已签收")) if receipt
        else ("run", _("在途")) if parcel.dispatch.way is Sent.CARRIED else ("warn", _("待签收"))
    )  # fmt: skip
    # Whoever sealed it knows its number; nobody else is told before it is read on arrival.
    seal = parcel.seal if person.pk == parcel.dispatch.by_id else parcel.seal_told
    wrong = parcel.delivered_at is not None and parcel.seal_found != parcel.seal
    return {"row": parcel, "receipt": receipt, "tone": state[0], "state": state[1], "wrong": wrong, "seal": seal}


def _deliver(person: Person, uid: str, told: dict[str, Any], _post: Any) -> None:
    actions.deliver(person, uid, told["seal"])


def _relay(person: Person, uid: str, told: dict[str, Any], _post: Any) -> None:
    actions.relay(person, uid, Person.objects.get(uid=told["to"]))


STEPS: dict[str, Step] = {"deliver": (forms.SealForm, _deliver), "relay": (forms.RelayForm, _relay)}


def parcel(request: HttpRequest, uid: str) -> HttpResponse:
    """A parcel under way, for its recipient and for whoever carries it; the number of its seal is told to neither."""
    person = request.person
    coming = next((row for row in queries.coming_to(person) if row.uid == uid), None)
    carried = next((row for row in queries.carried_by(person) if row.uid == uid), None)
    found = coming or carried
    if found is None:
        raise NotThere
    end = tried(request, STEPS, uid)
    if end.done:
        return HttpResponseRedirect("/circulation/dispatches/")
    context = {
        "row": found, "coming": coming is not None, "carried": carried is not None, "refusal": end.refusal,
        "seal": end.form if end.do == "deliver" else forms.SealForm(auto_id="id_deliver_%s"),
        "relay": end.form if end.do == "relay" else forms.RelayForm(auto_id="id_relay_%s"),
    }  # fmt: skip
    return render(request, "circulation/parcel.html", context, status=end.status)
