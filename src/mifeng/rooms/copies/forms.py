"""What is typed on the pages of the room."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from mifeng.base.widgets import Choice, PickField
from mifeng.rooms.copies.facts import PLACE_WORDS, PlaceKind
from mifeng.rooms.copies.models import Place
from mifeng.rooms.people import queries as people


def places() -> list[Choice]:
    """The places in use: code, name, how strong."""
    rows = Place.objects.filter(closed_on=None).order_by("code")
    return [Choice(row.code, row.code, row.name, _(PLACE_WORDS[PlaceKind(row.kind)])) for row in rows]


class StoreForm(forms.Form):
    """入柜."""

    place = PickField(label=lazy("存放位置"), choices=places, help_text=lazy("绝密存密码保险柜，机密存保险柜，秘密存铁皮保密柜"))


class ReturnForm(forms.Form):
    """收回."""

    pages = forms.IntegerField(label=lazy("清点页数"), min_value=0, max_value=9999)


class OfferForm(forms.Form):
    """移交."""

    to = PickField(label=lazy("接收人"), choices=people.choices)
    reason = forms.CharField(label=lazy("事由"), max_length=200)


class VoidForm(forms.Form):
    """作废."""

    reason = forms.CharField(label=lazy("作废原因"), max_length=200)


FORMS: dict[str, Any] = {"store": StoreForm, "return_item": ReturnForm, "offer": OfferForm, "void": VoidForm}
