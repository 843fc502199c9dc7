"""Reading what was typed on the pages of people; checks form, never who may."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from mifeng.base.language import level, level_choices, said
from mifeng.base.widgets import BigChecks, DayField, Reason
from mifeng.clauses import schemes
from mifeng.rooms.people.facts import CARRIER_ACTS, POSTS
from mifeng.rooms.people.models import Department, Person


def clearances() -> list[tuple[str, str]]:
    """The grades of clearance, each with the level it reaches to."""
    grades = {30: _("核心，到%(level)s"), 20: _("重要，到%(level)s"), 10: _("一般，到%(level)s")}
    return [*((str(rank), word % {"level": level(rank)}) for rank, word in grades.items()), ("5", _("无，只看内部件"))]


def a_year_on(day: date) -> date:
    """The same day of the next year; 28 February for the leap day."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def post_choices() -> list[tuple[str, str]]:
    """Every post that can be held, in its fixed order."""
    return [(code, said(word)) for code, word in POSTS.items() if code != "employee"]


class ClearanceForm(forms.Form):
    """涉密等级 as the business decided it."""

    clearance = forms.TypedChoiceField(label=_("涉密等级"), choices=clearances, coerce=int)
    reason = forms.CharField(
        label=_("依据"), max_length=200, widget=Reason([_("定岗文件"), _("岗位变动"), _("项目需要")])
    )  # fmt: skip


class PostForm(forms.Form):
    """A post from today on."""

    post = forms.ChoiceField(label=_("岗位"), choices=post_choices, help_text=_("三员互斥，也不兼业务岗位。"))


class AppointForm(forms.Form):
    """委托书 (F28)."""

    acts = forms.MultipleChoiceField(
        label=_("委托办理"), choices=[(code, _(word)) for code, word in CARRIER_ACTS.items()], widget=BigChecks
    )  # fmt: skip
    level_max = forms.TypedChoiceField(
        label=_("最高密级"), choices=level_choices, coerce=int, initial=lambda: str(schemes.in_force().least(20))
    )
    until = DayField(label=_("到哪一天"), help_text=_("当天仍有效，次日起办不了。"))
    reason = forms.CharField(label=_("事由"), max_length=200, widget=Reason([_("日常办理"), _("岗位交接"), _("临时代办")]))


class IdentityForm(forms.Form):
    """Who signs for a reset has seen the holder."""

    identity_checked = forms.BooleanField(label=_("已当面核实本人身份"))


class ExposedForm(forms.Form):
    """A password that an inspector found lying open."""

    where = forms.CharField(
        label=_("在哪里发现"), max_length=200, widget=Reason([_("显示器旁的便签"), _("键盘下面"), _("没有锁的抽屉里"), _("告诉过别人")]),
        help_text=_("只写地方，不写口令。"),
    )  # fmt: skip


class NewPersonForm(forms.Form):
    """Somebody as the system administrator enters him; the account stays disabled."""

    name = forms.CharField(label=_("姓名"), max_length=40)
    login = forms.SlugField(label=_("账号"), max_length=40, help_text=_("小写字母与数字，以后不改。"))
    department = forms.ChoiceField(label=_("部门"), choices=lambda: [(d.code, d.name) for d in Department.objects.order_by("pk")])
    title = forms.CharField(label=_("职务"), max_length=60)

    def clean_login(self) -> str:
        """Lower case, and not one that is taken."""
        login = str(self.cleaned_data["login"]).lower()
        if Person.objects.filter(login=login).exists():
            raise forms.ValidationError(_("这个账号已有人用"))
        return login
