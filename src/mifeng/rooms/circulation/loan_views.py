"""Pages of lending and filing: what is on loan, one loan, asking for one; what is to be put away."""

from datetime import date
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from mifeng.base import clock, duties
from mifeng.base.refusals import NotThere, Refused
from mifeng.rooms.circulation import actions, forms, queries
from mifeng.rooms.circulation.doing import Step, item, last_day, pager, place, tried
from mifeng.rooms.circulation.facts import LOAN_WORDS, WHERE_WORDS, LoanState
from mifeng.rooms.circulation.models import Filing, Loan
from mifeng.rooms.copies.models import Copy, Place
from mifeng.rooms.people.models import Person, Session

TONES = {"asked": "warn", "approved": "warn", "returned": "bad", "lent": "run", "back": "end"}
VIEWS = {
    "": (LoanState.LENT, LoanState.APPROVED), "late": (LoanState.LENT,), "asked": (LoanState.ASKED, LoanState.RETURNED),
    "back": (LoanState.BACK,),
}  # fmt: skip


def loans(request: HttpRequest) -> HttpResponse:
    """借阅: on loan and to be handed out, overdue, asked for, back."""
    view = request.GET.get("view", "")
    if view not in VIEWS:
        raise NotThere
    found, more = actions.list_loans(request.person, VIEWS[view], place(request), late=view == "late")
    words = {"": _("在借与待借出"), "late": _("逾期"), "asked": _("待批"), "back": _("已归还")}
    context = {
        "loans": [_line(loan) for loan in found], "page": pager(more, view),
        "views": [{"label": words[key], "url": f"?view={key}", "current": key == view} for key in VIEWS],
    }  # fmt: skip
    return render(request, "circulation/loans.html", context)


def _line(loan: Loan) -> dict[str, Any]:
    return {
        "url": f"/circulation/loans/{loan.uid}/", "row": loan, "due": last_day(loan.due_at),
        "title": loan.document.title, "level": loan.document.level,
        "copy": loan.copy.number if loan.copy else "", "tone": TONES[loan.state], "state": _(LOAN_WORDS[LoanState(loan.state)]),
        "where": _(WHERE_WORDS[loan.where]), "late": loan.state == LoanState.LENT and loan.due_at <= clock.now(),
    }  # fmt: skip


def ask(request: HttpRequest, uid: str) -> HttpResponse:
    """申请借阅 of an item, for oneself."""
    document = item(request, uid)
    form, refusal = forms.LoanForm(request.POST or None), None
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        try:
            loan = actions.ask_loan(request.person, document, request.sitting, told["where"], told["purpose"])
            return HttpResponseRedirect(f"/circulation/loans/{loan.uid}/")
        except Refused as refused:
            refusal = refused
    context = {"form": form, "document": document, "refusal": refusal}
    return render(request, "circulation/ask_loan.html", context, status=403 if refusal else 422 if form.is_bound else 200)


def _lend(person: Person, session: Session, loan: Loan, post: Any) -> None:
    copy = Copy.objects.filter(uid=post.get("copy", ""), document=loan.document).first()
    if copy is None:
        raise NotThere
    actions.lend(person, session, loan, copy)


STEPS: dict[str, Step] = {
    "renew": (None, lambda who, loan, told, post: actions.renew(who, loan)),
    "back": (
        forms.BackForm,
        lambda who, loan, told, post: actions.take_back_loan(who, loan, told["pages"], not told["damaged"], told["note"]),
    ),
}  # fmt: skip


def loan(request: HttpRequest, uid: str) -> HttpResponse:
    """One loan: who has what until when, and the counter's next step."""
    row = actions.open_loan(request.person, uid)
    hand_out: Step = (None, lambda who, loan, told, post: _lend(who, request.sitting, loan, post))
    end = tried(request, {"lend": hand_out, **STEPS}, row)
    if end.done:
        return HttpResponseRedirect(f"/circulation/loans/{uid}/")
    keeper = row.copy is not None and row.copy.custodian_id == request.person.pk
    approved = row.state == LoanState.APPROVED
    at_hand = queries.copies_at_hand(request.person, row.document) if approved else []
    to_store = queries.not_put_away(request.person, row.document) if approved and not at_hand else []
    context = {
        "line": _line(row), "row": row, "refusal": end.refusal, "wrong": end.wrong,
        "copies": at_hand, "to_store": to_store, "keeper": keeper, "reminders": _reminders(row),
        "late_days": (clock.today() - last_day(row.due_at)).days if _line(row)["late"] else 0,
        "out": row.state == LoanState.LENT and keeper, "back": end.form if end.do == "back" else forms.BackForm(auto_id="id_back_%s"),
    }  # fmt: skip
    return render(request, "circulation/loan.html", context, status=end.status)


def _reminders(row: Loan) -> list[dict[str, Any]]:
    """Who was told of this loan and when: before its last day, after it, and his superior."""
    told = duties.about(row.item_key)
    people = {person.pk: person for person in Person.objects.filter(pk__in=[notice.person_key for notice in told])}
    return [{"at": one.at, "who": people[one.person_key], "what": _reminded(one, row)} for one in told]


def _reminded(notice: Any, row: Loan) -> str:
    if notice.kind != "loan":
        return _("告知上级")
    return _("催还") if row.due_at and row.due_at <= notice.at else _("到期提醒")


def filings(request: HttpRequest) -> HttpResponse:
    """待归档: what has been noted and lies in no cupboard, the overdue first."""
    late = request.GET.get("view") == "late"
    found = [_filing(row) for row in actions.list_filings(request.person, late)]
    context = {
        "filings": found, "late": late,
        "views": [
            {"label": _("全部待归档"), "url": "?view=", "current": not late}, {"label": _("逾期"), "url": "?view=late", "current": late},
        ],
    }  # fmt: skip
    return render(request, "circulation/filings.html", context)


def _filing(row: Filing) -> dict[str, Any]:
    copy, today = row.copy, clock.today()
    kept = row.kept_until if row.kept_until and row.kept_until >= today else None
    return {
        "url": f"/circulation/filings/{row.uid}/", "row": row, "copy": copy, "number": copy.document.number,
        "title": copy.document.title, "level": copy.document.level, "kept": kept, "due": last_day(row.due_at),
        "late": row.due_at <= clock.now() and kept is None,
    }  # fmt: skip


def _file(person: Person, row: Filing, told: Any, _post: Any) -> None:
    actions.file(person, row, Place.objects.filter(code=told["place"]).first() if told else None)


def _keep(person: Person, row: Filing, told: dict[str, Any], _post: Any) -> None:
    until: date = told["until"]
    actions.keep_out(person, row, until, told["reason"])


def _filing_steps(row: Filing, keeper: bool) -> dict[str, Step]:
    """Whoever does not keep the copy has no form to put it away with: its choices and errors tell which safes there are."""
    kind = partial(forms.FileForm, document=row.copy.document) if keeper else None
    return {"file": (kind, _file), "keep": (forms.KeepForm, _keep)}


def _file_form(row: Filing) -> forms.FileForm:
    return forms.FileForm(auto_id="id_file_%s", document=row.copy.document)


def filing(request: HttpRequest, uid: str) -> HttpResponse:
    """One paper to put away: into a place, or kept out until a day."""
    row = actions.open_filing(request.person, uid)
    keeper = row.copy.custodian_id == request.person.pk
    end = tried(request, _filing_steps(row, keeper), row)
    if end.done:
        return HttpResponseRedirect("/circulation/filings/")
    context = {
        "line": _filing(row), "row": row, "refusal": end.refusal, "wrong": end.wrong, "keeper": keeper,
        "file": end.form if end.do == "file" else _file_form(row) if keeper else None,
        "keep": end.form if end.do == "keep" else forms.KeepForm(auto_id="id_keep_%s"),
    }  # fmt: skip
    return render(request, "circulation/filing.html", context, status=end.status)
