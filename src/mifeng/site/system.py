"""The system administrator's pages: doctor, accounts, devices. Never content."""

import platform
import shutil
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from mifeng import clauses
from mifeng.base import clock, language, vault
from mifeng.base.refusals import NotThere
from mifeng.base.widgets import PickField
from mifeng.clauses import schemes
from mifeng.rooms.people import actions, queries
from mifeng.rooms.people.facts import POSTS
from mifeng.rooms.people.models import Account, Credential, Device, Person
from mifeng.site import capability, job_pages

OFFICERS = {"sysadmin", "secadmin", "auditor", "it_head"}
ACCOUNT_STATES = {
    "active": ("ok", lazy("在用")), "disabled": ("warn", lazy("待启用")), "closed": ("end", lazy("已关闭")),
}  # fmt: skip
KINDS = (("pc", lazy("电脑")), ("phone", lazy("手机")))
ROWS = 100


def _caps() -> list[tuple[str, str]]:
    """What a device may show at most: 内部, and the levels of the scheme in force, lowest first."""
    found = [(str(one.rank), _("%(level)s（阅览室）") if one.reading_room else "%(level)s") for one in schemes.in_force().levels]
    return [("5", language.level(5)), *((rank, text % {"level": language.level(int(rank))}) for rank, text in reversed(found))]


def _officer(request: HttpRequest, *posts: str) -> frozenset[str]:
    """The viewer's posts; whoever has none of these finds nothing here."""
    held = request.person.posts()
    if not held & (set(posts) or OFFICERS):
        raise NotThere
    return held


def doctor(request: HttpRequest) -> HttpResponse:
    """What is there, what is missing, what follows, what to type."""
    _officer(request)
    lines = capability.lines()
    context = {
        "groups": capability.grouped(lines), "checked_at": clock.now(),
        "counts": {state: sum(1 for line in lines if line.state == state) for state in ("ok", "miss", "bad")},
        "jobs": job_pages.standing(), "may_decide": bool(request.person.posts() & job_pages.READERS),
        "version": clauses.edition(), "disk": _disk(), "health": _health(),
    }  # fmt: skip
    return render(request, "site/system.html", context)


def _disk() -> dict[str, Any]:
    used = shutil.disk_usage(vault.places().home)
    free = _("剩余 %(free).0f GB，共 %(all).0f GB") % {"free": used.free / 2**30, "all": used.total / 2**30}
    return {"free": free, "share": round(100 * used.used / used.total)}


def _health() -> list[dict[str, str]]:
    return [
        {"label": _("保密库"), "value": _("已启封") if vault.is_open() else _("未启封")},
        {"label": _("实例"), "value": _("演示") if queries.is_demo() else _("正式")},
        {"label": "Python", "value": platform.python_version()},
        {"label": _("时区"), "value": queries.company().zone},
        {"label": _("制度版本"), "value": clauses.edition()[:16]},
    ]


def accounts(request: HttpRequest) -> HttpResponse:
    """Accounts and their state; the deeds on one stand on the person's page."""
    posts = _officer(request)
    found = Account.objects.select_related("person__department", "created_by", "activated_by").order_by("person__pinyin")
    changed = dict(Credential.objects.values_list("person_id", "changed_at"))
    rows = [_account(row, changed.get(row.person_id)) for row in found]
    context = {"rows": rows, "waiting": sum(row["state_tone"] == "warn" for row in rows), "may_add": "sysadmin" in posts}
    return render(request, "site/accounts.html", context)


def _account(row: Account, changed: Any) -> dict[str, Any]:
    tone, word = ACCOUNT_STATES[row.state]
    held = [language.said(POSTS[post]) for post in sorted(row.person.posts()) if post != "employee"]
    days = (clock.today() - clock.local(changed).date()).days + 1 if changed else None
    return {
        "name": row.person.name, "login": row.person.login, "department": row.person.department.name,
        "posts": _("、").join(held), "state_tone": tone, "state": word, "url": f"/people/{row.person.uid}/",
        "created_by": row.created_by, "activated_by": row.activated_by, "days": days, "late": days is not None and days > 53,
        "hot": row.state == "disabled",
    }  # fmt: skip


class DeviceForm(forms.Form):
    """What the security administrator writes down about a machine (D5)."""

    label = forms.CharField(label=lazy("名称"), max_length=60)
    kind = forms.ChoiceField(label=lazy("种类"), choices=KINDS)
    level_cap = forms.ChoiceField(label=lazy("最高可显示"), choices=_caps, help_text=lazy("注明阅览室的，只在保密阅览室显示。"))
    owner = PickField(label=lazy("使用人"), choices=queries.choices, required=False)


def devices(request: HttpRequest) -> HttpResponse:
    """Devices that signed in; the security administrator registers and revokes them."""
    may = "secadmin" in _officer(request, "secadmin", "sysadmin", "auditor")
    if request.method == "POST" and request.POST.get("deed") == "revoke":
        actions.revoke_device(request.person, _chosen(request.POST))
        return HttpResponseRedirect("/system/devices/")
    picked = _chosen(request.GET) if "device" in request.GET else None
    form = DeviceForm(request.POST or None, initial=_as_typed(picked)) if picked and may else None
    if request.method == "POST" and form is not None and form.is_valid():
        _register(request, picked, form.cleaned_data)
        return HttpResponseRedirect("/system/devices/")
    found = Device.objects.select_related("owner", "department").order_by("revoked", "registered", "-first_seen")[:ROWS]
    context = {"rows": [_device(row, picked) for row in found], "may": may, "form": form, "picked": picked}
    return render(request, "site/devices.html", context)


def _chosen(typed: Any) -> Device:
    found = Device.objects.filter(uid=typed.get("device", "")).first()
    if found is None:
        raise NotThere
    return found


def _as_typed(row: Device | None) -> dict[str, Any]:
    if row is None:
        return {}
    owner = row.owner.uid if row.owner else ""
    return {"label": row.label, "kind": row.kind, "level_cap": str(row.level_cap), "owner": owner}


def _register(request: HttpRequest, device: Device, told: dict[str, Any]) -> None:
    actions.register_device(
        request.person, device, label=told["label"], kind=told["kind"], level_cap=int(told["level_cap"]),
        owner=Person.objects.filter(uid=told["owner"]).first() if told["owner"] else None,
    )  # fmt: skip


def _device(row: Device, picked: Device | None) -> dict[str, Any]:
    tone, word = ("end", _("已停用")) if row.revoked else ("ok", _("已登记")) if row.registered else ("warn", _("未登记"))
    return {
        "uid": row.uid, "label": row.label or _("未命名"), "kind": dict(KINDS).get(row.kind, row.kind), "first": row.first_seen,
        "owner": row.owner, "cap": language.level(queries.device_cap(row)), "state_tone": tone, "state": word,
        "live": not row.revoked, "registered": row.registered, "hot": picked is not None and picked.pk == row.pk,
    }  # fmt: skip
