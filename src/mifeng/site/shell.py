"""What every page shows around its content: menu, person, demo tag, language, theme."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from mifeng.base import clock, room, vault
from mifeng.rooms.people import queries, rules
from mifeng.rooms.people.models import Company, Credential, Person


@dataclass
class Shell:
    """Read by base/page.html and base/bare.html."""

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
        made.person, made.density, made.idle_seconds = person, person.density, person.idle_minutes * 60
        made.menu = _menu(request, person)
        made.password_note = _password_note(person)
    return {"shell": made}


def _menu(request: HttpRequest, person: Person) -> list[dict[str, Any]]:
    posts, groups = person.posts(), {}
    for announced in sorted(room.rooms(), key=lambda r: r.order):
        for entry in announced.menu:
            if entry.posts and not entry.posts & posts or entry.only and not entry.only(person):
                continue
            groups.setdefault(str(entry.group), []).append({
                "label": entry.label, "url": entry.url, "icon": entry.icon,
                "count": entry.count(person) if entry.count else 0,
                "current": request.path == entry.url or (entry.url != "/" and request.path.startswith(entry.url)),
            })  # fmt: skip
    for entries in groups.values():
        _only_longest(entries)
    return [{"label": label, "entries": entries} for label, entries in groups.items()]


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
    return f"口令第 {rules.password_day(first, clock.today())} 天，满 {whole} 天更换"


def company_ready() -> bool:
    """True once a company was founded."""
    return Company.objects.exists() and queries.company() is not None
