"""What is typed to ask for a copy and to carry it out."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from mifeng.base.widgets import Choice, DayField, PickField, pick
from mifeng.rooms.approvals.facts import pages_of
from mifeng.rooms.copies.facts import METHOD_WORDS
from mifeng.rooms.people import queries as people
from mifeng.rooms.people.models import Person

ACTS = ("copy", "first_print")
PARTING = re.compile(r"[、,，;；\n]+")


class PagesField(forms.CharField):
    """Pages as one writes them, 1-3,5; cleaned value = a set of numbers."""

    def clean(self, value: Any) -> frozenset[int]:
        typed = super().clean(value)
        try:
            return pages_of(typed) if typed else frozenset()
        except ValueError:
            raise ValidationError(_("请写成 1-3,5 这样的页码")) from None


class PeopleField(forms.CharField):
    """Names one after the other, in the order in which they are served; cleaned value = persons, one may stand twice."""

    def clean(self, value: Any) -> list[Person]:
        typed = super().clean(value)
        names, choices = [part.strip() for part in PARTING.split(typed or "") if part.strip()], people.choices()
        found = [pick(name, choices) for name in names]
        for name, one in zip(names, found, strict=True):
            if one is None:
                raise ValidationError(_("没有找到“%(typed)s”。请按姓名、账号或编号选择。") % {"typed": name})
        rows = {person.uid: person for person in Person.objects.filter(uid__in=[one.key for one in found if one])}
        return [rows[one.key] for one in found if one]


class AskForm(forms.Form):
    """F05: what is copied, how, how often, for whom, until when."""

    source = PickField(
        label=lazy("按哪一份复制"), choices=tuple, required=False, help_text=lazy("首次印制不填；复制件不得再复制")
    )
    method = forms.ChoiceField(label=lazy("方式"), choices=[(key.value, lazy(word)) for key, word in METHOD_WORDS.items()])
    pages = PagesField(label=lazy("页码范围"), max_length=200, help_text=lazy("只写需要的页，如 1-3,5"))
    count = forms.IntegerField(label=lazy("份数"), min_value=1, max_value=200)
    to = PeopleField(label=lazy("每份去向"), required=False, max_length=2000, help_text=lazy(
        "按份号顺序写姓名，用顿号分开；须在知悉范围内。不写的由机要员保管"
    ))
    until = DayField(label=lazy("收回期限"), required=False, help_text=lazy("写了去向的必填，含当天"))
    purpose = forms.CharField(label=lazy("用途"), max_length=200)
    consent = forms.CharField(label=lazy("制发单位同意的依据"), max_length=200, required=False)

    def __init__(self, *args: Any, sources: Iterable[Choice], foreign: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = list(sources)
        self.fields["source"].pickable = self.fields["source"].widget.pickable = lambda: offered
        if not offered:
            del self.fields["source"]
        if not foreign:
            del self.fields["consent"]


class RunForm(forms.Form):
    """Carry it out: how many now, where, on which machine."""

    count = forms.IntegerField(label=lazy("本次份数"), min_value=1, max_value=200)
    place = forms.CharField(label=lazy("地点与设备"), max_length=100)


class JamForm(forms.Form):
    """A copy that came out spoiled."""

    copy = forms.CharField(widget=forms.HiddenInput)
    spoiled = forms.IntegerField(label=lazy("废页张数"), min_value=1, max_value=9999)
    reason = forms.CharField(label=lazy("原因"), max_length=200)


class FinishForm(forms.Form):
    """Register what was made."""

    waste = forms.IntegerField(
        label=lazy("另有废页张数"), min_value=0, max_value=9999, initial=0, help_text=lazy("作废的份已登记的不再计入")
    )
    waste_how = forms.CharField(label=lazy("废页如何处理"), max_length=100, required=False, help_text=lazy("如：碎纸机粉碎，两人在场"))
    stamped = forms.BooleanField(label=lazy("每份已盖复制戳记"), required=False)


class ReplaceForm(forms.Form):
    """补发 by whoever approved."""

    count = forms.IntegerField(label=lazy("补发份数"), min_value=1, max_value=200)
    reason = forms.CharField(label=lazy("理由"), max_length=200)


RUN_FORMS: dict[str, Any] = {"reproduce": RunForm, "jam": JamForm, "finish": FinishForm, "replace": ReplaceForm}
