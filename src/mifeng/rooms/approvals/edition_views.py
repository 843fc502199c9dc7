"""Pages of the versions of the table of approvals: what changed, who decided, which running requests are overtaken."""

import re
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from mifeng.base import language
from mifeng.base.refusals import NotThere
from mifeng.clauses import matrix
from mifeng.clauses.matrix import Steps
from mifeng.rooms.approvals import actions, changes, grants, queries, versions
from mifeng.rooms.approvals.models import MatrixVersion
from mifeng.rooms.approvals.views import column_word, steps_word

# Between posts of which any one decides: 或, a slash, or.
ANY_OF = re.compile(r"或|/|\bor\b")
READERS = frozenset({"gm", "secadmin", "auditor", "gmo_head"})


def _cells() -> list[tuple[str, str]]:
    """Every cell that may be changed, by act and column."""
    found = [(act, column) for (act, column), steps in changes.shipped().items() if steps]
    return [(f"{act} {column}", f"{language.said(matrix.act(act).zh)} · {column_word(column)}") for act, column in found]


class CellForm(forms.Form):
    """One cell of the table with other steps: a step a line, its posts by the words of the table."""

    cell = forms.ChoiceField(label=gettext_lazy("事项与密级"), choices=_cells)
    steps = forms.CharField(
        label=gettext_lazy("新的审批层级"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("一行一级，先后为序；同一级有几个岗位时用“或”隔开。"),
    )  # fmt: skip
    reason = forms.CharField(label=gettext_lazy("理由"), max_length=200)

    def clean_steps(self) -> Steps:
        """The steps as codes; a word that is no post is named."""
        posts = matrix.matrix().posts
        codes = {said: code for code, word in posts.items() for said in (word, language.said(word))}
        found = []
        for line in str(self.cleaned_data["steps"]).splitlines():
            words = [word.strip() for word in ANY_OF.split(line) if word.strip()]
            unknown = [word for word in words if word not in codes]
            if unknown:
                raise forms.ValidationError(_("没有这个岗位：%(word)s") % {"word": unknown[0]})
            if words:
                found.append(tuple(codes[word] for word in words))
        return tuple(found)


def versions_page(request: HttpRequest) -> HttpResponse:
    """Every version with its differences; the form for whoever proposes."""
    posts = request.person.posts()
    if not posts & READERS:
        raise NotThere
    form = CellForm(request.POST or None) if "secadmin" in posts else None
    if request.method == "POST" and form and form.is_valid():
        act, column = form.cleaned_data["cell"].split(" ")
        actions.propose(request.person, {(act, column): form.cleaned_data["steps"]}, form.cleaned_data["reason"])
        return HttpResponseRedirect("/approvals/table/versions/")
    found = MatrixVersion.objects.select_related("proposed_by", "decided_by").order_by("-pk")
    context = {"rows": [_version(row, request.person) for row in found], "form": form}
    return render(request, "approvals/versions.html", context, status=422 if form and form.errors else 200)


def _version(row: MatrixVersion, person: Any) -> dict[str, Any]:
    decides = not row.decision and "gm" in person.posts()
    return {
        "no": row.no or "—", "since": row.since, "state": queries.decided_word(row), "reason": row.reason, "note": row.note,
        "tone": {"": "wait", "approved": "ok", "refused": "bad"}[row.decision], "by": row.proposed_by, "decider": row.decided_by,
        "url": f"/approvals/table/versions/{row.uid}/" if decides else "",
        "changes": [_change(change) for change in versions.differences(row)],
        "overtaken": [
            {"number": a.number or a.uid[:8], "url": f"/approvals/{a.uid}/", "who": a.applicant.called, "state": queries.state_word(a),
             "revoke": f"/approvals/{a.uid}/revoke/" if grants.may_revoke(person, a) else ""}
            for a in (versions.overtaken(row) if row.decision == "approved" else ())
        ],
    }  # fmt: skip


def _change(change: changes.Change) -> dict[str, Any]:
    return {
        "act": language.said(matrix.act(change.act).zh), "column": column_word(change.column),
        "before": steps_word(change.before), "after": steps_word(change.after),
        "tightens": change.tightens, "clauses": matrix.act(change.act).clauses,
    }  # fmt: skip


@require_POST
def decide(request: HttpRequest, uid: str) -> HttpResponse:
    """The GM's decision on a proposed version."""
    version = MatrixVersion.objects.filter(uid=uid).first()
    if version is None or not request.person.posts() & READERS:
        raise NotThere
    approved = request.POST.get("decision") == "approve"
    actions.decide(request.person, version, approved, request.POST.get("note", "").strip()[:200])
    return HttpResponseRedirect("/approvals/table/versions/")
