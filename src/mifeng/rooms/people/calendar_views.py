"""工作日历: the years that are known, and the office's entry of a holiday notice, looked at before it is entered."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mifeng.base import clock, working_days
from mifeng.base.refusals import NotThere
from mifeng.base.widgets import Files, FilesField
from mifeng.base.working_days import Year
from mifeng.rooms.people import actions, holiday_files, working_calendar
from mifeng.rooms.people.holiday_files import NoticeBroken
from mifeng.rooms.people.models import CalendarYear

READERS = frozenset({"gm", "deputy_gm", "gmo_head", "clerk", "hr", "auditor", "sysadmin"})
AHEAD = 2  # how many years after this one may be entered
FAULTS = {
    "size": gettext_lazy("文件是空的，或超过 200 KB"), "kind": gettext_lazy("只收 .toml、.csv、.ics 文件：%(at)s"),
    "text": gettext_lazy("文件不是 UTF-8 或 GB18030 文本"), "toml": gettext_lazy("TOML 写法有误：%(at)s"),
    "no_year": gettext_lazy("文件中没有 %(at)s 年"), "days": gettext_lazy("%(at)s 须是日期的列表"),
    "no_day": gettext_lazy("第 %(at)s 条的日期无法识别，请写成 2028-01-01"),
    "off_or_worked": gettext_lazy("第 %(at)s 条没有写明是“休”还是“班”"),
    "not_all_day": gettext_lazy("第 %(at)s 条不是全天事项"), "event_days": gettext_lazy("第 %(at)s 条的起止日期有误"),
    "another_year": gettext_lazy("%(at)s 不是这一年的日期"), "off_and_worked": gettext_lazy("%(at)s 既列为休又列为班"),
    "not_a_weekend": gettext_lazy("%(at)s 不是周六、周日，不必列为上班"), "no_source": gettext_lazy("请写明通知名称和文号"),
    "by_law": gettext_lazy("%(at)s 是法定节假日，须列为休"), "empty": gettext_lazy("没有任何放假日"),
}  # fmt: skip


class NoticeForm(forms.Form):
    """The notice: which year, its name, the file."""

    year = forms.TypedChoiceField(label=gettext_lazy("年份"), coerce=int, choices=lambda: [(n, str(n)) for n in _open_years()])
    source = forms.CharField(
        label=gettext_lazy("通知名称和文号"), max_length=200, required=False,
        help_text=gettext_lazy("如：国务院办公厅关于2028年部分节假日安排的通知。TOML 文件自带的可不填。"),
    )  # fmt: skip
    file = FilesField(
        label=gettext_lazy("文件"), widget=Files(accept=".toml,.csv,.ics"),
        help_text=gettext_lazy("CSV 一行一天：日期，休或班；iCal 用全天事项，标题写明休或班；TOML 同系统自带的格式。"),
    )  # fmt: skip


    def __init__(self, data: Any = None, files: Any = None) -> None:
        """A notice that was read and is entered now brings no file any more; the year asked for first is one that is lacking."""
        super().__init__(data, files)
        self.fields["file"].required = not data or data.get("do") != "enter"
        lacking = [year for year in _open_years() if working_days.state_of(year) != "official"]
        self.fields["year"].initial = next(iter(lacking), None)


def _open_years() -> list[int]:
    first = clock.today().year
    return list(range(first, first + AHEAD + 1))


def calendar(request: HttpRequest) -> HttpResponse:
    """Known years for whoever counts by them; the office's head enters a notice in two looks: read it, then enter it."""
    posts = request.person.posts()
    if not posts & READERS:
        raise NotThere
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form, found = (NoticeForm(*sent) if "gmo_head" in posts else None), None
    if request.method == "POST" and form is not None and form.is_valid():
        number = form.cleaned_data["year"]
        try:
            found = _read(request, form.cleaned_data)
        except NoticeBroken as broken:
            form.add_error(None, FAULTS[broken.code] % {"at": broken.at})
        if found and request.POST.get("do") == "enter":
            actions.enter_calendar(request.person, number, found.off, found.worked, found.source)
            return HttpResponseRedirect("/people/calendar/")
    context = {"years": _years(), "form": form, "found": _shown(form.cleaned_data["year"], found) if form and found else None}
    return render(request, "people/calendar.html", context, status=422 if form and form.errors else 200)


def _read(request: HttpRequest, told: dict[str, Any]) -> Year:
    """The notice as it was read before, or out of the file that came along."""
    number, source = told["year"], told["source"]
    if request.POST.get("do") == "enter":
        try:
            off, worked = ([date.fromisoformat(day) for day in request.POST.get(name, "").split()] for name in ("off", "worked"))
        except ValueError:
            raise NoticeBroken("no_day", 1) from None
        return holiday_files.checked(number, off, worked, source)
    file = told["file"][0]
    return holiday_files.read(file.name, file.data(), number, source)


def _shown(number: int, year: Year) -> dict[str, Any]:
    before = working_days.years().get(number)
    return {
        "year": number, "source": year.source, "off": sorted(year.off), "worked": sorted(year.worked),
        "off_words": working_calendar.words(year.off), "worked_words": working_calendar.words(year.worked),
        "new": sorted((year.off | year.worked) - (before.off | before.worked if before else frozenset())),
        "gone": sorted((before.off | before.worked) - (year.off | year.worked)) if before else [],
    }  # fmt: skip


def _years() -> list[dict[str, Any]]:
    entered = {row.year: row for row in CalendarYear.objects.select_related("entered_by").order_by("pk")}
    tones = {"official": ("ok", _("已录入通知")), "provisional": ("warn", _("只有法定节假日")), "missing": ("bad", _("未录入"))}
    found = []
    for number in sorted({*working_days.years(), *_open_years()}, reverse=True):
        year, (tone, state) = working_days.years().get(number), tones[working_days.state_of(number)]
        found.append({
            "year": number, "tone": tone, "state": state, "off": len(year.off) if year else 0,
            "worked": len(year.worked) if year else 0, "source": year.source if year else _("按星期计算"), "row": entered.get(number),
        })  # fmt: skip
    return found
