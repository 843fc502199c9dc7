"""The page of 授权委托: what one gave and received, the form to give, the button to end."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mifeng.base import clock, language
from mifeng.base.language import level_choices, said
from mifeng.base.refusals import NotThere
from mifeng.base.widgets import DayField, PickField
from mifeng.clauses import matrix
from mifeng.rooms.approvals import actions, queries
from mifeng.rooms.people import cards
from mifeng.rooms.people import queries as people
from mifeng.rooms.people.models import Delegation, Person

PAGE = "/approvals/delegations/"


class DelegationForm(forms.Form):
    """授权委托: one matter, to one level, until a day, with the paper it rests on; for M4 the number of the case."""

    delegate = PickField(label=_("授权给"), choices=people.choices)
    act = forms.ChoiceField(label=_("事项"), choices=lambda: [(act.id, said(act.zh)) for act in matrix.acts()])
    level_max = forms.TypedChoiceField(label=_("最高密级"), choices=level_choices, coerce=int, initial="10")
    until = DayField(label=_("到哪一天"))
    paper = forms.CharField(label=_("书面依据"), max_length=120, help_text=_("授权书的编号或日期。"))
    case = forms.CharField(
        label=_("只限这一件"), max_length=40, required=False, help_text=_("审批单编号；对外提供必须逐件授权。")
    )  # fmt: skip

    def clean_until(self) -> date:
        """Not in the past."""
        until: Any = self.cleaned_data["until"]
        if until < clock.today():
            raise forms.ValidationError(_("这一天已经过去"))
        return until


def delegations(request: HttpRequest) -> HttpResponse:
    """授权委托 in writing, given and received."""
    person = request.person
    form = DelegationForm(request.POST or None)
    case = _case(person, request.POST.get("case", "").strip())
    if request.method == "POST" and form.is_valid() and case is None:
        form.add_error("case", _("您的待批事项中没有这个编号"))
    elif request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        actions.delegate(
            person, Person.objects.get(uid=told["delegate"]), act=told["act"], level_max=told["level_max"], since=clock.today(),
            until=told["until"], paper=told["paper"], case_key=case or "",
        )  # fmt: skip
        return HttpResponseRedirect(PAGE)
    shown = [_line(row, person) for row in _own(person).select_related("principal", "delegate").order_by("-since", "-pk")]
    return render(request, "approvals/delegations.html", {"rows": shown, "form": form}, status=422 if form.errors else 200)


def _own(person: Person) -> QuerySet[Delegation]:
    """What this person gave and received; to anybody else a delegation is not there."""
    return Delegation.objects.filter(principal=person) | Delegation.objects.filter(delegate=person)


def _case(person: Person, number: str) -> str | None:
    """The item of the request with this number that waits for this person; "" for none typed, None for none found."""
    if not number:
        return ""
    return next((approval.item_key for approval in queries.waiting_for(person) if approval.number == number), None)


def _line(row: Delegation, person: Person) -> dict[str, Any]:
    tone, word = cards.validity(row.since, row.until, row.revoked_on)
    ends = f"{PAGE}{row.uid}/end/" if row.revoked_on is None and row.until >= clock.today() else ""
    return {
        "given": row.principal_id == person.pk, "principal": row.principal, "delegate": row.delegate, "tone": tone, "state": word,
        "act": language.said(matrix.act(row.act).zh), "level": row.level_max, "since": row.since, "until": row.until,
        "paper": row.paper, "one": bool(row.case_key), "end_url": ends,
    }  # fmt: skip


@require_POST
def end(request: HttpRequest, uid: str) -> HttpResponse:
    """End a delegation given or received."""
    given = _own(request.person).filter(uid=uid).first()
    if given is None:
        raise NotThere
    actions.end_delegation(request.person, given)
    return HttpResponseRedirect(PAGE)
