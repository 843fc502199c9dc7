"""What every page shows around its content: menu, person, demo tag, language, theme."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from mifeng.base import clock, room, vault
from mifeng.base.room import Entry
from mifeng.rooms.people import rules
from mifeng.rooms.people.models import Company, Credential, Person
from mifeng.site.signin.views import saved_typed

MACHINE = frozenset({"sysadmin", "secadmin", "auditor", "it_head"})
OFFICERS = frozenset({"sysadmin", "secadmin", "auditor"})
BUSINESS = frozenset({"/documents/new/"})  # the three officers run, guard and check; they register nothing
# Who keeps or checks a customary register.
KEEPERS = frozenset({"gm", "deputy_gm", "gmo_head", "clerk", "hr", "auditor", "classifier"})
DESK = Entry(lazy("待办台"), "/", "home")
# The site's own pages, behind those of the rooms.
OWN = (
    Entry(lazy("登记簿"), "/registers/", "book-2", posts=KEEPERS, group=lazy("查阅")),
    Entry(lazy("制度对照"), "/clauses/", "gavel", group=lazy("查阅")),
    Entry(lazy("手册"), "/help/", "help-circle", group=lazy("查阅")),
    Entry(lazy("系统体检"), "/system/", "server", posts=MACHINE, group=lazy("系统")),
    Entry(lazy("账号"), "/system/accounts/", "key", posts=MACHINE, group=lazy("系统")),
    Entry(lazy("设备"), "/system/devices/", "device-desktop", posts=frozenset({"secadmin", "sysadmin", "auditor"}), group=lazy("系统")),
    Entry(lazy("作业"), "/system/jobs/", "refresh", posts=frozenset({"sysadmin", "it_head"}), group=lazy("系统")),
)
# The groups of the menu from top to bottom; one that is not named here comes last.
GROUPS = ("", lazy("办件"), lazy("定期"), lazy("管理"), lazy("检查"), lazy("系统"), lazy("查阅"))
TABS = (
    Entry(lazy("待办"), "/", "home"), Entry(lazy("审批"), "/approvals/", "rubber-stamp"),
    Entry(pgettext_lazy("导航", "文件"), "/documents/", "file-certificate"), Entry(lazy("我"), "/me/", "user"),
)  # fmt: skip


@dataclass
class Shell:
    """Read by base/page.html and base/bare.html. `in_doubt`: the date waits to be confirmed."""

    company_short: str = ""
    company_name: str = ""
    demo: bool = False
    person: Person | None = None
    menu: list[dict[str, Any]] = field(default_factory=list)
    tabs: list[dict[str, Any]] = field(default_factory=list)
    password_note: str = ""
    theme: str = "auto"
    density: str = "normal"
    language: str = "zh-hans"
    idle_seconds: int = 300
    typed: str = ""
    in_doubt: bool = False


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `shell`, empty of menu and person while nobody is signed in."""
    if not vault.is_open():
        return {"shell": Shell()}
    company = Company.objects.first()
    made = Shell(
        company_short=company.short if company else "", company_name=company.name if company else "",
        demo=bool(company and company.is_demo), theme=request.COOKIES.get("mf_theme", "auto"),
        language=getattr(request, "LANGUAGE_CODE", "zh-hans"),
    )  # fmt: skip
    person = getattr(request, "person", None)
    if person is not None:
        made.in_doubt = not clock.believed()
        made.person, made.density, made.idle_seconds = person, person.density, person.idle_minutes * 60
        made.menu = _menu(request.path, person)
        made.tabs = _tabs(request.path, made.menu)
        made.password_note = _password_note(person)
        made.typed = saved_typed(person, request.path) if request.method == "GET" else ""
    return {"shell": made}


def _menu(path: str, person: Person) -> list[dict[str, Any]]:
    """What this person may enter, by group; the desk stands first."""
    posts, groups = person.posts(), {str(label): [] for label in GROUPS}
    announced = [entry for one in sorted(room.rooms(), key=lambda r: r.order) for entry in one.menu]
    for entry in (DESK, *announced, *OWN):
        if entry.url in BUSINESS and posts & OFFICERS:
            continue
        if (not entry.posts or entry.posts & posts) and (entry.only is None or entry.only(person)):
            groups.setdefault(str(entry.group), []).append(_line(entry, path, entry.count(person) if entry.count else 0))
    _only_longest([entry for entries in groups.values() for entry in entries])
    return [{"label": label, "entries": entries} for label, entries in groups.items() if entries]


def _line(entry: Entry, path: str, count: int) -> dict[str, Any]:
    current = path == entry.url or (entry.url != "/" and path.startswith(entry.url))
    return {"label": entry.label, "url": entry.url, "icon": entry.icon, "count": count, "current": current}


def _tabs(path: str, menu: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The bottom bar of the phone; counts are those of the menu."""
    counts = {entry["url"]: entry["count"] for group in menu for entry in group["entries"]}
    return [_line(tab, path, counts.get(tab.url, 0)) for tab in TABS]


def _only_longest(entries: list[dict[str, Any]]) -> None:
    """Of two entries whose address begins alike, only the longer one is current."""
    current = [entry for entry in entries if entry["current"]]
    for entry in current[:]:
        if any(other is not entry and other["url"].startswith(entry["url"]) for other in current):
            entry["current"] = False


def _password_note(person: Person) -> str:
    changed: datetime | None = Credential.objects.filter(person=person).values_list("changed_at", flat=True).first()
    if changed is None:
        return ""
    first = clock.local(changed).date()
    whole = (rules.password_last_day(first) - first).days
    day = rules.password_day(first, clock.today())
    return _("口令第 %(day)d 天，满 %(whole)d 天更换") % {"day": day, "whole": whole}
