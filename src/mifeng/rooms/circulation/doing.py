"""What the pages of the room share: a deed from a form, and its refusal shown where it was typed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest

from mifeng.base import clock, ladders
from mifeng.base.refusals import NotThere, Refused
from mifeng.rooms.documents import actions as documents
from mifeng.rooms.documents.models import Document

Step = tuple[Callable[..., forms.Form] | None, Callable[..., Any]]


@dataclass(frozen=True)
class Tried:
    """How a deed of a page ended: `done`, or the form with its errors, or the refusal. `status` of the page to show."""

    done: bool = False
    do: str = ""
    form: forms.Form | None = None
    refusal: Refused | None = None

    @property
    def wrong(self) -> forms.Form | None:
        """The form whose fields are to be mended; None where the deed itself was refused, or was done."""
        return None if self.refusal else self.form

    @property
    def status(self) -> int:
        return 403 if self.refusal else 422 if self.do else 200


def tried(request: HttpRequest, steps: dict[str, Step], *about: Any) -> Tried:
    """Do what the button `do` of the page says: its deed gets the person, `about`, the cleaned form, and the post itself."""
    do = request.POST.get("do", "")
    if request.method != "POST":
        return Tried()
    if do not in steps:
        raise NotThere
    kind, deed = steps[do]
    form = kind(request.POST, auto_id=f"id_{do}_%s") if kind else None
    if form is not None and not form.is_valid():
        return Tried(do=do, form=form)
    try:
        deed(request.person, *about, form.cleaned_data if form else {}, request.POST)
    except Refused as refusal:
        if refusal.hidden:
            raise
        return Tried(do=do, form=form, refusal=refusal)
    return Tried(done=True)


def place(request: HttpRequest) -> int:
    """After which key the page of a list starts; what was made up is the beginning."""
    after = request.GET.get("after", "")
    return int(after) if after.isdecimal() and len(after) < 19 else 0


def pager(more: int, view: str = "") -> dict[str, Any]:
    """The foot of a list that goes on after the key `more` (0 = it does not); how many there are is not counted."""
    kept = {"view": view} if view else {}
    return {"total": None, "next": urlencode(kept | {"after": more}) if more else "", "previous": ""}


def last_day(due: datetime | None) -> date | None:
    """The last local day of a time that ends at this instant (end exclusive): what people are told."""
    return clock.local(due - ladders.INSTANT).date() if due else None


def item(request: HttpRequest, uid: str) -> Document:
    """The item of this address for whoever may know it or its register facts; absent and hidden raise the same."""
    document, _read, _facts = documents.open_card(request.person, request.sitting, uid)
    return document
