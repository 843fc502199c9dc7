"""What is typed to ask for carrying out."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as lazy

from mifeng.base.widgets import FIRST_DAY, LAST_DAY, PickField
from mifeng.rooms.copies.facts import CARRY_TO, MEASURE_WORDS
from mifeng.rooms.people import queries as people


class Moment(forms.DateTimeInput):
    """A native field of day and time."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


EARLIEST, LATEST = (datetime(day.year, day.month, day.day, tzinfo=UTC) for day in (FIRST_DAY, LAST_DAY))


class MomentField(forms.DateTimeField):
    """A day and time that can be reckoned with: neither end of the calendar."""

    def __init__(self, **told: Any) -> None:
        super().__init__(widget=Moment(), validators=[MinValueValidator(EARLIEST), MaxValueValidator(LATEST)], **told)


class AskForm(forms.Form):
    """F07: which copies, by whom, where to, when, how they are kept safe."""

    copies = forms.MultipleChoiceField(label=lazy("携带哪几份"), widget=forms.CheckboxSelectMultiple)
    bearer = PickField(label=lazy("携带人"), choices=people.choices, help_text=lazy("须是受委托传递此密级的指定人员"))
    companion = PickField(label=lazy("同行人"), choices=people.choices, required=False, help_text=lazy("绝密件必填，须两人同行"))
    destination = forms.ChoiceField(label=lazy("目的地类型"), choices=[(key, lazy(word)) for key, word in CARRY_TO.items()])
    place = forms.CharField(label=lazy("目的地"), max_length=100, help_text=lazy("住所和公共场所任何人不得批准"))
    out = MomentField(label=lazy("拟外出"))
    back = MomentField(label=lazy("拟返回"))
    purpose = forms.CharField(label=lazy("事由"), max_length=200)
    route = forms.CharField(label=lazy("交通与停留"), max_length=200, required=False)
    measures = forms.MultipleChoiceField(
        label=lazy("安全措施"), choices=[(key.value, lazy(word)) for key, word in MEASURE_WORDS.items()],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, copies: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["copies"].choices = list(copies)
