"""What is typed to ask for an excerpt and to make it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from mifeng.base.language import level
from mifeng.base.widgets import PickField
from mifeng.rooms.copies.making_forms import PagesField, PeopleField
from mifeng.rooms.people import queries as people

RANKS = (10, 20, 30)


class AskForm(forms.Form):
    """F06: which passage, who takes it, for what, who may know it."""

    pages = PagesField(label=lazy("页码"), max_length=200, help_text=lazy("只写要摘抄的页；批准第 3 页不含第 4 页"))
    passage = forms.CharField(label=lazy("段落"), max_length=300, help_text=lazy("如：第二节第一段、表 3"))
    excerpter = PickField(label=lazy("摘录人"), choices=people.choices, help_text=lazy("受委托摘抄、在知悉范围内的人，不得是本人"))
    knowers = PeopleField(label=lazy("谁知悉摘录件"), max_length=2000, help_text=lazy("用顿号分开；不得超出来源文件的知悉范围"))
    level = forms.TypedChoiceField(label=lazy("摘录件密级"), coerce=int, help_text=lazy("不低于来源文件；期限与来源相同"))
    purpose = forms.CharField(label=lazy("用途"), max_length=200)
    target = forms.CharField(label=lazy("用于何文件"), max_length=120, required=False)

    def __init__(self, *args: Any, lowest: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = [(rank, level(rank)) for rank in RANKS if rank >= lowest]


class MakeForm(forms.Form):
    """The text that was taken, and the title under which it is kept."""

    pages = PagesField(label=lazy("摘自哪几页"), max_length=200)
    title = forms.CharField(label=lazy("摘录件标题"), max_length=120)
    text = forms.CharField(label=lazy("摘录的文字"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 12}), help_text=lazy(
        "保存后封存，只能逐页阅览"
    ))
    notebook = forms.CharField(label=lazy("记录本编号"), max_length=40, required=False)
