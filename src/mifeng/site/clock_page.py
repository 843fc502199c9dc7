"""/system/clock/: what the machine's clock shows, what the house counts, and who confirms the date (decision 0012)."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from mifeng.base import clock, language
from mifeng.base.refusals import NotThere
from mifeng.base.widgets import Day
from mifeng.rooms.oversight import actions, queries
from mifeng.rooms.people.models import Person

READERS = queries.CONFIRMERS | {"sysadmin", "it_head"}


class DayForm(forms.Form):
    """Today's date by the calendar on the wall, not copied from the page."""

    day = forms.DateField(label=lazy("今天的日期"), widget=Day, help_text=lazy("请对照手机或日历填写，不要照抄本机日期。"))


def page(request: HttpRequest) -> HttpResponse:
    """Both clocks side by side; the form only while the date is in doubt, for those who may vouch for it."""
    posts, told = request.person.posts(), clock.reading()
    if not posts & READERS:
        raise NotThere
    asked = queries.in_question(told)
    form = DayForm(request.POST or None) if told.doubted and posts & queries.CONFIRMERS else None
    if request.method == "POST" and form is not None and form.is_valid():
        actions.confirm_clock(request.person, form.cleaned_data["day"])
        return HttpResponseRedirect("/system/clock/")
    context = {"facts": _facts(told), "told": told, "asked": asked, "form": form, "word": _word(told, request.person)}
    return render(request, "site/clock.html", context)


def _facts(told: clock.Reading) -> list[dict[str, Any]]:
    apart = told.machine - told.at
    minutes = int(abs(apart).total_seconds() // 60)
    days, rest = divmod(minutes, 24 * 60)
    words = _("%(days)d 天 %(hours)d 小时 %(minutes)d 分") % {"days": days, "hours": rest // 60, "minutes": rest % 60}
    side = _("一致") if not minutes else (_("本机超前 %(much)s") if apart.days >= 0 else _("本机落后 %(much)s")) % {"much": words}
    return [
        {"label": _("本机时钟"), "value": _at(told.machine), "tone": "red" if minutes else ""},
        {"label": _("系统所计时间"), "value": _at(told.at)},
        {"label": _("相差"), "value": side},
        {"label": _("可以确认的岗位"), "value": _("总经理、副总经理、总经办主任、安全保密管理员、安全审计员")},
    ]  # fmt: skip


def _at(at: Any) -> str:
    return f"{language.day(at)} {clock.local(at):%H:%M:%S}"


def _word(told: clock.Reading, person: Person) -> dict[str, Any] | None:
    """Who has confirmed already; None while nobody has."""
    found = queries.first_word(told) if told.doubted else None
    if found is None:
        return None
    return {"who": Person.objects.get(pk=found.person_key).called, "own": found.person_key == person.pk, "shown": _at(found.shown)}
