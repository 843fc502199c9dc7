"""Pages of the room: one's own pledge and acknowledgement; who is due."""

from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from mifeng.base import clock, language
from mifeng.base.refusals import NotThere
from mifeng.base.widgets import BigOptions, PickField
from mifeng.rooms.people import queries as people
from mifeng.rooms.people.models import Person
from mifeng.rooms.training import actions, deadlines, queries, rules, self_check
from mifeng.rooms.training.models import PLEDGE_TEXT, SelfCheck

KEPT = (("kept", lazy("做到")), ("not_kept", lazy("没有做到")))
OVERSEERS = {"hr", "gmo_head", "auditor", "gm"}


class ScoreForm(forms.Form):
    """An entry test as HR enters it."""

    person = PickField(label=lazy("姓名"), choices=people.choices)
    score = forms.IntegerField(label=lazy("分数"), min_value=0, max_value=100)


class SelfCheckForm(forms.Form):
    """The lines of the yearly self-check, in the clauses' own words, and what happened where one was not kept."""

    remark = forms.CharField(
        label=lazy("情况说明"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=lazy("有没有做到的，写明何时何地、怎么回事；密件内容不要写。"),
    )  # fmt: skip

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        for line in self_check.lines():
            words = line.text if language.in_chinese() else line.english
            self.fields[line.id] = forms.ChoiceField(label=words, choices=KEPT, widget=BigOptions)
        self.order_fields([*(line.id for line in self_check.lines()), "remark"])

    def kept(self) -> dict[str, bool]:
        """Clause -> kept to."""
        return {line.id: self.cleaned_data[line.id] == "kept" for line in self_check.lines()}


def pledges(request: HttpRequest) -> HttpResponse:
    """Sign one's pledge, acknowledge the rules in force."""
    person = request.person
    if request.method == "POST":
        if request.POST.get("deed") == "acknowledge":
            actions.acknowledge(person)
        else:
            actions.sign_pledge(person)
        return HttpResponseRedirect("/training/pledges/")
    facts, told, version = queries.pledge_facts(person), queries.condition(person), queries.current_version()
    context = {
        "text": language.said(PLEDGE_TEXT).splitlines(), "signed_on": facts.signed_on,
        "original": [] if language.in_chinese() else PLEDGE_TEXT.splitlines(),
        "live": _live(told), "until": _last_day(told["pledge_until"]), "test_passed": facts.test_passed,
        "changed": facts.signed_on is not None and facts.signed_hash != facts.text_hash,
        "needs": person.clearance >= 10, "version": version, "acknowledged": queries.rules_facts(person).acknowledged,
    }  # fmt: skip
    return render(request, "training/pledges.html", context)


def _live(told: dict[str, int]) -> bool:
    return told["pledge_until"] > clock.seconds(clock.now())


def _last_day(until: int) -> date | None:
    """The last day of a pledge whose end, in seconds UTC, is exclusive; None when there is none."""
    return clock.local(datetime.fromtimestamp(until - 1, UTC)).date() if until else None


def overview(request: HttpRequest) -> HttpResponse:
    """For HR, the office and the auditor: who has pledge, test and acknowledgement, who has not."""
    return _overview(request, ScoreForm())


def _overview(request: HttpRequest, form: ScoreForm) -> HttpResponse:
    posts = request.person.posts()
    if not posts & OVERSEERS:
        raise NotThere
    rows = [_row(person) for person in Person.objects.filter(active=True).select_related("department")]
    rows.sort(key=lambda row: not row["due"])
    context = {
        "rows": rows, "due": sum(row["due"] for row in rows), "unread": sum(not row["rules_read"] for row in rows),
        "version": queries.current_version(), "form": form if "hr" in posts else None, "may_issue": "gmo_head" in posts,
    }  # fmt: skip
    return render(request, "training/overview.html", context, status=422 if form.errors else 200)


def _row(person: Person) -> dict[str, Any]:
    facts, told = queries.pledge_facts(person), queries.condition(person)
    needs, live = person.clearance >= 10, _live(told)
    tone, word = ("ok", _("有效")) if live else ("bad", _("待签")) if needs else ("end", _("不需"))
    return {
        "person": person, "url": f"/people/{person.uid}/", "needs": needs, "due": needs and not live, "signed_on": facts.signed_on,
        "until": _last_day(told["pledge_until"]), "tone": tone, "state": word,
        "rules_read": queries.rules_facts(person).acknowledged, "test": person.entry_tests.order_by("-taken_on", "-pk").first(),
    }  # fmt: skip


@require_POST
def tests(request: HttpRequest) -> HttpResponse:
    """HR enters an entry test."""
    form = ScoreForm(request.POST)
    if not form.is_valid():
        return _overview(request, form)
    holder = Person.objects.get(uid=form.cleaned_data["person"])
    actions.record_test(request.person, holder, form.cleaned_data["score"], clock.today())
    return HttpResponseRedirect("/training/")


@require_POST
def issue(request: HttpRequest) -> HttpResponse:
    """The office issues the rules in force to everybody."""
    title = request.POST.get("title", "").strip()[:80] or _("公司保密制度")
    actions.issue_rules(request.person, title)
    return HttpResponseRedirect("/training/")


def own_check(request: HttpRequest) -> HttpResponse:
    """One's own yearly self-check: the form, and until when the last one holds."""
    person, form = request.person, SelfCheckForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.hand_in_self_check(person, form.kept(), form.cleaned_data["remark"])
        return HttpResponseRedirect("/training/self-check/")
    last = SelfCheck.objects.filter(person=person).order_by("-done_on", "-pk").first()
    context = {
        "form": form, "last": last, "until": rules.self_check_until(last.done_on) if last else None,
        "due": last is None or deadlines.own_self_check(person) is not None,
    }  # fmt: skip
    return render(request, "training/self_check.html", context, status=422 if form.errors else 200)


def checks(request: HttpRequest) -> HttpResponse:
    """Who has done his self-check and who has not: everybody, or the secrecy officer's own department; never what it says."""
    posts = request.person.posts()
    if not posts & (queries.CHECK_READERS | {"secrecy_officer"}):
        raise NotThere
    people = list(queries.who_checks(None if posts & queries.CHECK_READERS else request.person.department_id))
    since, done = queries.checked_since(people), _done(people)
    rows = [_check_row(person, since[person.pk], done.get(person.pk)) for person in people]
    rows.sort(key=lambda row: not row["missing"])
    context = {"rows": rows, "missing": sum(row["missing"] for row in rows)}
    return render(request, "training/self_checks.html", context)


def _done(people: list[Person]) -> dict[int, SelfCheck]:
    """The newest self-check of each."""
    return {row.person_id: row for row in SelfCheck.objects.filter(person__in=people).order_by("done_on", "pk")}


def _check_row(person: Person, since: date | None, done: SelfCheck | None) -> dict[str, Any]:
    missing = not queries.holds(since)
    tone, word = ("bad", _("未做")) if missing else ("ok", _("有效")) if done else ("end", _("首次未到期"))
    return {
        "person": person, "done_on": done.done_on if done else None, "until": rules.self_check_until(since), "missing": missing,
        "not_kept": done.not_kept if done else None, "tone": tone, "state": word,
    }  # fmt: skip
