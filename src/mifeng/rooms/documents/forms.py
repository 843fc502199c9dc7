"""Reading what was typed into registrations and proposals; checks form, never who may."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from mifeng.rooms.documents.actions.registering import NewDocument
from mifeng.rooms.documents.facts import Proposed, ScopeLine, TermFacts
from mifeng.rooms.documents.models import Document, Upload
from mifeng.rooms.people.models import Department, Person

LEVELS = (30, 20, 10, 5)
TERM_CHOICES = ("years", "months", "date", "event", "indefinite")


@dataclass
class Typed:
    """A form as it was typed: values for showing it again, errors by field."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def fail(self, name: str, text: str) -> None:
        """Remember what is wrong with a field, once."""
        self.errors.setdefault(name, text)


def date_of(typed: Typed, data: QueryDict, name: str) -> date | None:
    """A native date field; None when empty."""
    text = data.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        typed.fail(name, _("日期请写成 2026-03-01 的样子"))
        return None


def number_of(typed: Typed, data: QueryDict, name: str, most: int = 9999) -> int:
    """A whole number from 0 to `most`; 0 when empty."""
    text = data.get(name, "").strip()
    if not text:
        return 0
    if not text.isdigit() or int(text) > most:
        typed.fail(name, _("请填 0 到 %(most)d 的整数") % {"most": most})
        return 0
    return int(text)


def term_of(typed: Typed, data: QueryDict) -> TermFacts:
    """The third question: until when."""
    kind = data.get("term_kind", "")
    if kind not in TERM_CHOICES:
        return TermFacts()
    value = number_of(typed, data, "term_value", 99)
    if kind in ("years", "months") and not value:
        typed.fail("term_value", _("请填年数或月数"))
    on = date_of(typed, data, "term_on")
    if kind == "date" and on is None:
        typed.fail("term_on", _("请选日期"))
    event = data.get("term_event", "").strip()[:40]
    if kind == "event" and not event:
        typed.fail("term_event", _("请写明公布或实施的是什么事"))
    return TermFacts(kind, value, on, event)


def scope_of(typed: Typed, data: QueryDict, name: str = "scope") -> tuple[ScopeLine, ...]:
    """The scope picker's lines: `person:<uid>`, `post:<codes>`, `department:<code>`, `all:`; names typed by hand, too."""
    lines = [_line(token) for token in data.getlist(name) if ":" in token]
    for word in data.get(f"{name}_names", "").replace(",", "、").replace("，", "、").split("、"):
        found = _by_name(word.strip()) if word.strip() else None
        if found:
            lines.append(found)
        elif word.strip():
            typed.fail(name, _("没有找到“%(word)s”，请从名单中选") % {"word": word.strip()})
    return tuple(dict.fromkeys(line for line in lines if line))


def _line(token: str) -> ScopeLine | None:
    kind, _sep, key = token.partition(":")
    return ScopeLine(kind, key) if kind in ("person", "post", "department", "all") else None


def _by_name(word: str) -> ScopeLine | None:
    people = list(Person.objects.filter(active=True, name=word)[:2])
    if len(people) == 1:
        return ScopeLine("person", people[0].uid)
    dept = Department.objects.filter(name=word).first()
    if dept:
        return ScopeLine("department", dept.code)
    groups = {"公司领导": "gm+deputy_gm", "各部门负责人": "dept_head", "全体员工": ""}
    if word in groups:
        return ScopeLine("post" if groups[word] else "all", groups[word])
    return None


def proposed_of(typed: Typed, data: QueryDict, owner: Person | None) -> Proposed:
    """The three questions: category and line, harm, until when; with level, interest, reason and scope."""
    level_text = data.get("level", "")
    level = int(level_text) if level_text in {str(of) for of in LEVELS} else -1
    if level < 0:
        typed.fail("level", _("请选定密级"))
    scope = list(scope_of(typed, data))
    if owner and level >= 10 and ScopeLine("person", owner.uid) not in scope:
        scope.insert(0, ScopeLine("person", owner.uid))
    if level == 5 and not scope:
        scope = [ScopeLine("all", "")]
    return Proposed(
        level=level, category=data.get("category", ""), line=data.get("line", ""), harm=data.get("harm", ""),
        interest=data.get("interest", "").strip()[:400], reason=data.get("reason", "").strip()[:400],
        term=term_of(typed, data) if level >= 10 else TermFacts(), scope=tuple(scope),
        project=data.get("project", "").strip()[:24], override=data.get("override", "").strip()[:400],
        standing=data.get("standing") == "1",
    )  # fmt: skip


def new_document(typed: Typed, data: QueryDict, person: Person) -> NewDocument | None:
    """A registration as typed; None when something must be mended first."""
    typed.values = {name: data.get(name, "") for name in data} | {"scope": data.getlist("scope"), "uploads": data.getlist("upload")}
    title = data.get("title", "").strip()[:200]
    if not title:
        typed.fail("title", _("请填标题"))
    if any(ord(sign) < 32 for sign in title):
        typed.fail("title", _("标题不能含换行等控制字符"))
    owner = Person.objects.filter(uid=data.get("owner", ""), active=True).first() or person
    dept = Department.objects.filter(code=data.get("department", "")).first() or owner.department
    proposed = proposed_of(typed, data, owner)
    made = NewDocument(
        title=title, department=dept, owner=owner, proposed=proposed, issued_on=date_of(typed, data, "issued_on"),
        pages=number_of(typed, data, "pages"), copies=number_of(typed, data, "copies"),
        kind="state_secret" if data.get("state_secret") else data.get("kind", "paper"), remark=data.get("remark", "")[:400],
        volume=Document.objects.filter(uid=data.get("volume", ""), kind="volume").first(),
        uploads=tuple(uploads_of(data, person)), urgent=bool(data.get("urgent")),
        handlers=_people(data, "handler"), concerned=_people(data, "concerned"),
    )  # fmt: skip
    return None if typed.errors else made


def uploads_of(data: QueryDict, person: Person) -> list[Upload]:
    """Accepted uploads of this person that the form names."""
    return list(Upload.objects.filter(uid__in=data.getlist("upload"), person=person, state="accepted"))


def _people(data: QueryDict, name: str) -> tuple[Person, ...]:
    return tuple(Person.objects.filter(uid__in=data.getlist(name), active=True))
