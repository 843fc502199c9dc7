"""What the pages on people show: a department, one person's facts, his 委托, the deeds that a viewer may do on him."""

from datetime import date
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext as _

from mifeng.base import clock, language
from mifeng.rooms.people import forms, queries, rules
from mifeng.rooms.people.facts import CARRIER_ACTS, OFFICERS, POSTS, InspectionFacts
from mifeng.rooms.people.models import (
    Appointment,
    Authenticator,
    Credential,
    Department,
    Enrolment,
    Finding,
    OfficerPair,
    Person,
)  # fmt: skip

FORMS: dict[str, type[django_forms.Form]] = {
    "clearance": forms.ClearanceForm, "post": forms.PostForm, "appoint": forms.AppointForm, "ask_reset": forms.IdentityForm,
    "sign_reset": forms.IdentityForm, "exposed": forms.ExposedForm,
}  # fmt: skip


def _cleared(level: int) -> str:
    return {30: _("核心"), 20: _("重要"), 10: _("一般")}.get(level, _("无"))


def group(department: Department) -> dict[str, Any]:
    """A department with its people."""
    people = department.people.filter(active=True).select_related("account")
    return {"department": department, "people": [_line(person) for person in people]}


def _line(person: Person) -> dict[str, Any]:
    disabled = person.account.state != "active"
    return {
        "name": person.name, "url": f"/people/{person.uid}/", "login": person.login, "title": person.title.split("(")[0],
        "posts": held_words(person), "clearance": person.clearance, "cleared": _cleared(person.clearance),
        "tone": "warn" if disabled else "ok", "state": _("待启用") if disabled else _("在用"),
    }  # fmt: skip


def held_words(person: Person) -> str:
    """The posts of today in words."""
    return language.listed(language.said(POSTS[post]) for post in sorted(person.posts()) if post != "employee")


def pair(row: OfficerPair) -> dict[str, Any]:
    """One of the three officers: A and B person."""
    return {"role": language.said(POSTS[row.role]), "a": row.a, "b": row.b}


def facts(holder: Person) -> list[dict[str, Any]]:
    """What is known of the person as a carrier of secrets; nothing of what he reads."""
    changed = Credential.objects.filter(person=holder).values_list("changed_at", flat=True).first()
    factor = Authenticator.objects.filter(person=holder).exclude(confirmed_at=None).exists()
    state = {"active": _("在用"), "disabled": _("待启用"), "closed": _("已关闭")}[holder.account.state]
    return [
        {"label": _("部门"), "value": holder.department.name},
        {"label": _("职务"), "value": holder.title or "—"},
        {"label": _("岗位"), "value": held_words(holder) or language.said(POSTS["employee"])},
        {"label": _("涉密等级"), "value": _cleared(holder.clearance), "dim": language.level(holder.clearance)},
        {"label": _("账号"), "value": holder.login, "dim": state, "tone": "" if holder.account.state == "active" else "ochre"},
        _password(holder, changed),
        {"label": _("第二验证"), "value": _("已绑定") if factor else _("未绑定"), "tone": "" if factor else "ochre"},
        {"label": _("离开"), "value": holder.left_on.isoformat() if holder.left_on else "—"},
    ]


def _password(holder: Person, changed: Any) -> dict[str, Any]:
    if queries.must_change(holder):
        return {"label": _("口令"), "value": _("外露，须更换"), "clause": "I6.1", "tone": "ochre"}
    return {"label": _("口令"), "value": _password_age(changed), "clause": "I6.3"}


def _password_age(changed: Any) -> str:
    if changed is None:
        return _("未设")
    return _("第 %(n)d 天") % {"n": rules.password_day(clock.local(changed).date(), clock.today())}


def validity(since: date, until: date, revoked_on: date | None) -> tuple[str, str]:
    """Tone and word of something that holds from a day until a day (included)."""
    if revoked_on is not None:
        return "end", _("已撤销")
    if clock.today() > until:
        return "end", _("已到期")
    return ("ok", _("有效")) if since <= clock.today() else ("run", _("未开始"))


def appointment(row: Appointment) -> dict[str, Any]:
    """A 委托 as a line."""
    tone, word = validity(row.since, row.until, row.revoked_on)
    return {
        "uid": row.uid, "number": row.number, "person": row.person, "url": f"/people/{row.person.uid}/", "level": row.level_max,
        "acts": language.listed(_(CARRIER_ACTS[act]) for act in row.acts.split()), "since": row.since, "until": row.until,
        "appointer": row.appointer, "tone": tone, "state": word, "live": tone in ("ok", "run"), "reason": row.reason,
    }  # fmt: skip


def may_appoint(viewer: Person) -> bool:
    """Whether this viewer appoints at all (M1.1)."""
    return rules.may_appoint(viewer.posts()).allow


def acts(viewer: Person, holder: Person) -> list[dict[str, str]]:
    """Where else this viewer may go from the person's page: what he knows (I8), opening his custody (G4.1)."""
    posts, found = viewer.posts(), []
    if posts & {"gmo_head", "hr"} or viewer.pk == holder.pk:
        found.append({"label": _("知悉情况"), "url": f"/documents/knowledge/{holder.uid}/", "icon": "users-group"})
    if "gm" in posts and viewer.pk != holder.pk and holder.active:
        found.append({"label": _("应急开柜"), "url": f"/documents/openings/of/{holder.uid}/", "icon": "lock-open"})
    return found


def open_reset(holder: Person) -> Enrolment | None:
    """The reset that waits for its second signer, None when none does."""
    waiting = Enrolment.objects.filter(person=holder, used_at=None, signed_by=None, until__gt=clock.now())
    return waiting.order_by("-pk").first()


def deeds(viewer: Person, holder: Person, bound: dict[str, django_forms.Form]) -> list[dict[str, Any]]:
    """The deeds that the viewer's posts open on this person; the rules decide again when one is done."""
    if viewer.pk == holder.pk or not holder.active:
        return []
    posts = viewer.posts()
    offered = [
        *_by_security(posts, holder), *_by_hr(posts, holder), *_by_office(posts, holder), *_by_signers(posts, holder),
        *_by_inspectors(viewer, holder),
    ]  # fmt: skip
    return [_with_form(deed, holder, bound) for deed in offered]


def _with_form(deed: dict[str, Any], holder: Person, bound: dict[str, django_forms.Form]) -> dict[str, Any]:
    name = deed["name"]
    initial = {"clearance": holder.clearance, "until": forms.a_year_on(clock.today())}
    form = bound.get(name) or (FORMS[name](initial=initial, auto_id=f"id_{name}_%s") if name in FORMS else None)
    return deed | {"form": form, "open": name in bound}


def _deed(name: str, title: str, verb: str, note: str = "", clause: str = "", **typed: str) -> dict[str, Any]:
    return {"name": name, "title": title, "verb": verb, "note": note, "clause": clause, "typed": typed}


def _by_security(posts: frozenset[str], holder: Person) -> list[dict[str, Any]]:
    if "secadmin" not in posts:
        return []
    found = []
    if holder.account.state == "disabled":
        found.append(_deed("activate", _("启用账号"), _("启用"), _("建立与启用须为两人。"), "M1.2"))
    return [*found, _deed("clearance", _("变更涉密等级"), _("变更"), _("由业务部门定岗，这里只登记；他正在用的会话当场结束。"), "P0.1")]


def _by_hr(posts: frozenset[str], holder: Person) -> list[dict[str, Any]]:
    if "hr" not in posts:
        return []
    held = [post for post in sorted(holder.posts()) if post != "employee"]
    note = _("因岗位而知悉的，同日失效。")
    ends = [
        _deed("end_post", _("结束岗位：%(post)s") % {"post": language.said(POSTS[post])}, _("结束"), note, "P1.1", post=post)
        for post in held
    ]
    leave = _deed("leave", _("离职"), _("办理离职"), _("账号关闭，会话结束，岗位终止。"), "I8")
    return [_deed("post", _("登记岗位"), _("登记")), *ends, leave]


def _by_office(posts: frozenset[str], holder: Person) -> list[dict[str, Any]]:
    if not rules.may_appoint(posts).allow or holder.posts() & set(OFFICERS):
        return []
    return [_deed("appoint", _("委托专人"), _("委托"), _("只委托办理环节，不因此看得到内页。"), "M1.1")]


def _by_signers(posts: frozenset[str], holder: Person) -> list[dict[str, Any]]:
    officer = bool(holder.posts() & set(OFFICERS))
    found = []
    if ("gmo_head" if officer else "sysadmin") in posts:
        found.append(_deed("ask_reset", _("口令重置"), _("取前半启用码"), _("须两名不同岗位的人员各给一半，当日有效。"), "I5.2"))
    if ("gm" if officer else "secadmin") in posts and open_reset(holder):
        found.append(_deed("sign_reset", _("签字重置口令"), _("取后半启用码"), _("前半已由另一人发出。"), "I5.2"))
    return found


def _by_inspectors(viewer: Person, holder: Person) -> list[dict[str, Any]]:
    inspection = InspectionFacts(viewer.posts(), viewer.pk == holder.pk, viewer.department_id == holder.department_id)
    if not rules.may_note_exposed(inspection).allow:
        return []
    note = _("记下后，他先换口令，才能办理别的事。")
    return [_deed("exposed", _("口令外露"), _("记下"), note, "I6.1")]


def finding(row: Finding) -> dict[str, Any]:
    """A finding as a line; a leaver's password is shut with his account."""
    tone, word = ("ok", _("已整改")) if row.rectified_at else ("warn", _("待更换")) if row.person.active else ("end", _("账号已关闭"))
    return {
        "person": row.person, "url": f"/people/{row.person.uid}/", "department": row.person.department.name, "where": row.where,
        "noted_by": row.noted_by, "noted_at": row.noted_at, "rectified_at": row.rectified_at, "tone": tone, "state": word,
    }  # fmt: skip
