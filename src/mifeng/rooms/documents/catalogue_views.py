"""保密事项一览表: every line in force, those that the company added, and what waits for the general manager (S7)."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mifeng.base import language
from mifeng.base.refusals import NotThere
from mifeng.base.widgets import Reason
from mifeng.clauses import catalogue
from mifeng.rooms.documents import actions, own_lines
from mifeng.rooms.documents.actions.cataloguing import PROPOSERS
from mifeng.rooms.documents.models import CatalogueLine
from mifeng.rooms.documents.rules import classification


class LineForm(forms.Form):
    """A matter of the company's own: a new one, or a change of one that stands."""

    code = forms.ChoiceField(label=gettext_lazy("增列还是更改"), required=False)
    title = forms.CharField(label=gettext_lazy("事项名称"), max_length=40)
    level = forms.TypedChoiceField(label=gettext_lazy("密级"), coerce=int, choices=language.level_choices)
    years = forms.IntegerField(label=gettext_lazy("期限（年）"), min_value=1, max_value=30, initial=5)
    basis = forms.CharField(
        label=gettext_lazy("为何要保密"), max_length=200,
        widget=Reason([gettext_lazy("泄露会使竞争对手得益"), gettext_lazy("合同约定须保密"), gettext_lazy("涉及员工个人信息")]),
    )  # fmt: skip

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        own = [(line.id, line.title) for line in own_lines.in_force()]
        self.fields["code"].choices = [("", _("增列新的一条")), *own]


def page(request: HttpRequest) -> HttpResponse:
    """The catalogue as it is in force; the form for whoever may propose, the decision for the general manager."""
    person, do = request.person, request.POST.get("do", "")
    form = LineForm(request.POST if do == "propose" else None)
    if do in ("approve", "return"):
        row = CatalogueLine.objects.filter(uid=request.POST.get("line", "")).first()
        if row is None:
            raise NotThere
        actions.decide_line(person, row, do == "approve")
        return HttpResponseRedirect("/documents/catalogue/")
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        actions.propose_line(person, told["title"], told["level"], told["years"], told["basis"], told["code"])
        return HttpResponseRedirect("/documents/catalogue/")
    may_decide = classification.may_change_catalogue(person.posts()).allow
    context = {
        "groups": [_group(one) for one in catalogue.categories()], "version": own_lines.version(),
        "waiting": own_lines.waiting() if may_decide or person.posts() & PROPOSERS else [], "may_decide": may_decide,
        "form": form if person.posts() & PROPOSERS else None, "history": _history(),
    }  # fmt: skip
    return render(request, "documents/catalogue.html", context, status=422 if form.is_bound else 200)


def _group(category: catalogue.Category) -> dict[str, Any]:
    lines = [
        {"title": _(line.title), "level": line.level, "term": _(line.term.text) if line.term else "—", "own": line.clause == "S7"}
        for line in catalogue.lines(category.id)
    ]
    return {"id": category.id, "title": _(category.title), "lines": lines}


def _history() -> list[CatalogueLine]:
    """The change log: every decided line, the newest version first."""
    decided = CatalogueLine.objects.exclude(version=None).select_related("proposed_by", "decided_by")
    return list(decided.order_by("-version"))
