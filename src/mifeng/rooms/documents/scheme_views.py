"""密级方案: the scheme in force, a switch with what it would do before it is sent or signed, the switches that were."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from mifeng.base import language
from mifeng.base.refusals import NotThere
from mifeng.clauses import schemes
from mifeng.clauses.schemes import Scheme
from mifeng.rooms.documents import actions, levels
from mifeng.rooms.documents.models import SchemeSwitch
from mifeng.rooms.documents.rules import classification
from mifeng.rooms.people.models import Person

PLACE = "/documents/scheme/"


class SwitchForm(forms.Form):
    """To which scheme, and what each level becomes there; the regulation's own mapping is filled in."""

    reason = forms.CharField(label=gettext_lazy("理由"), max_length=200)

    def __init__(self, *args: Any, before: Scheme, to: Scheme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        usual = to.mapping.get(before.id, {})
        for one in before.levels:
            self.fields[f"level_{one.rank}"] = forms.TypedChoiceField(
                label=_("%(level)s改为") % {"level": language.said(one.word)}, coerce=int,
                choices=[(own.rank, language.said(own.word)) for own in to.levels], initial=usual.get(one.rank, to.least(one.rank)),
            )  # fmt: skip
        self.order_fields([*(f"level_{one.rank}" for one in before.levels), "reason"])
        self.to = to

    def mapping(self) -> dict[int, int]:
        """Old rank -> new rank, as chosen, else as it would be proposed."""
        told = self.cleaned_data if self.is_bound and self.is_valid() else {}
        chosen = {name: told.get(name, field.initial) for name, field in self.fields.items() if name.startswith("level_")}
        return {int(name.removeprefix("level_")): int(rank) for name, rank in chosen.items()}


def scheme_page(request: HttpRequest) -> HttpResponse:
    """What is in force; for whoever may propose, another scheme with its preview; what waits for the GM; what was."""
    posts = request.person.posts()
    if not posts & levels.READERS:
        raise NotThere
    before, waiting = schemes.in_force(), levels.waiting()
    proposes = bool(posts & levels.PROPOSERS) and waiting is None
    form = _form(request, before) if proposes else None
    if form and form.is_bound and form.is_valid() and request.POST.get("do") == "propose":
        actions.propose_scheme(request.person, form.to.id, form.mapping(), form.cleaned_data["reason"])
        return HttpResponseRedirect(PLACE)
    found = SchemeSwitch.objects.select_related("proposed_by", "decided_by").order_by("-pk")
    context = {
        "scheme": _scheme(before), "form": form, "to": _scheme(form.to) if form else None,
        "preview": _preview(before, form.to, form.mapping()) if form else None,
        "others": [_scheme(one) for one in schemes.schemes().values() if one.id != before.id] if proposes else [],
        "rows": [_switch(row, request.person) for row in found],
    }  # fmt: skip
    return render(request, "documents/scheme.html", context, status=422 if form and form.errors else 200)


def _form(request: HttpRequest, before: Scheme) -> SwitchForm | None:
    """The form of the scheme that was chosen, else of the first other one; None where there is no other."""
    told = request.POST if request.method == "POST" else request.GET
    others = {one.id: one for one in schemes.schemes().values() if one.id != before.id}
    to = others.get(told.get("scheme", "")) or next(iter(others.values()), None)
    return SwitchForm(request.POST if request.method == "POST" else None, before=before, to=to) if to else None


def _scheme(one: Scheme) -> dict[str, Any]:
    return {
        "id": one.id, "title": language.said(one.title),
        "levels": [{"rank": level.rank, "word": language.said(level.word), "english": level.english} for level in one.levels],
    }  # fmt: skip


def _preview(before: Scheme, to: Scheme, mapping: dict[int, int]) -> dict[str, Any]:
    """What the mapping would do, and why it would be refused."""
    may, found = classification.may_map(before, to, mapping), levels.preview(before, to, mapping)
    lines = [
        {"old": language.said(line.word), "new": language.said(line.new_word), "raised": line.raised, "items": line.items,
         "proposed": line.proposed}
        for line in found.lines
    ]  # fmt: skip
    refused = None if may.allow else {"words": language.reason(may.reasons[0]), "clause": may.clause}
    return {"lines": lines, "told": found, "refused": refused}


def _switch(row: SchemeSwitch, person: Person) -> dict[str, Any]:
    before, to = schemes.scheme(row.before), schemes.scheme(row.scheme)
    posts = person.posts()
    decides, weighs = not row.decision and "gm" in posts, bool(posts & levels.WEIGHS)
    words = {"": _("待总经理批准"), "approved": _("正在套转"), "refused": _("未批准")}[row.decision]
    return {
        "before": language.said(before.title), "to": language.said(to.title), "reason": row.reason, "note": row.note,
        "state": _("已生效") if row.since else words, "tone": "ok" if row.since else {"refused": "bad"}.get(row.decision, "warn"),
        "by": row.proposed_by.called, "at": row.proposed_at, "decider": row.decided_by.called if row.decided_by else "",
        "since": row.since, "digest": row.digest[:16], "url": f"{PLACE}{row.uid}/" if decides else "",
        "pairs": [{"old": language.said(before.word(old)), "new": language.said(to.word(new))} for old, new in row.pairs.items()],
        "preview": _preview(before, to, row.pairs) if weighs and not row.decision else None,
        "progress": levels.progress(row) if weighs and row.decision == "approved" else None,
    }  # fmt: skip


@require_POST
def decide(request: HttpRequest, uid: str) -> HttpResponse:
    """The GM's decision on a proposed switch."""
    switch = SchemeSwitch.objects.filter(uid=uid).first()
    if switch is None or not request.person.posts() & levels.READERS:
        raise NotThere
    approved = request.POST.get("decision") == "approve"
    actions.decide_scheme(request.person, switch, approved, request.POST.get("note", "").strip()[:200])
    return HttpResponseRedirect(PLACE)
