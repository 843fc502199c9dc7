"""What a registration would become: proposed level with its sentence, the mark, who will see it, what follows."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from mifeng.base import clock
from mifeng.clauses import catalogue, matrix
from mifeng.engines.access import Term
from mifeng.rooms.documents import forms
from mifeng.rooms.documents.actions import _shared
from mifeng.rooms.documents.facts import Proposed
from mifeng.rooms.documents.rules import classification
from mifeng.rooms.people import queries as people
from mifeng.rooms.people.models import Department, Person

WAYS = {
    "viewed": _("阅览"), "title": _("知悉标题"), "told": _("口头传达"), "mistaken": _("误知"), "approval": _("审批"),
    "drafted": _("承办"),
}  # fmt: skip


@dataclass
class Preview:
    """Read by the sheet at the right of the form; empty fields are not shown."""

    level: int = 0
    chosen: int = 0
    sentence: str = ""
    clauses: tuple[str, ...] = ()
    needs_reason: bool = False
    term: str = ""
    ends_on: date | None = None
    mark: str = ""
    seen_by: list[str] = field(default_factory=list)
    route: list[str] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)


def preview(values: dict[str, Any], person: Person) -> Preview:
    """The proposal for what has been answered so far; changes nothing and reads no other item."""
    data = QueryDict(mutable=True)
    for name, value in values.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    typed = forms.Typed()
    proposed = forms.proposed_of(typed, data, Person.objects.filter(uid=values.get("owner", "")).first() or person)
    made = Preview(chosen=max(proposed.level, 0))
    if proposed.category:
        _propose(made, proposed)
    if proposed.level >= 0:
        _follow(made, proposed, values, person)
    return made


def _propose(made: Preview, proposed: Proposed) -> None:
    told = catalogue.propose(proposed.category, proposed.line, proposed.harm, proposed.sources)
    made.level, made.sentence, made.clauses = told.level, told.sentence, tuple(told.clauses)
    made.needs_reason = 0 <= proposed.level < told.level
    made.term = "" if proposed.term.given else told.term


def _follow(made: Preview, proposed: Proposed, values: dict[str, Any], person: Person) -> None:
    start = clock.today()
    term = proposed.term
    if term.given:
        whole = Term(term.kind, value=term.value, on=term.on, event=term.event)
        made.term, made.ends_on = whole.zh, whole.ends_on(start)
    if proposed.level >= 10:
        word = classification.LEVEL_WORDS[proposed.level]
        made.mark = " ".join(part for part in (people.company().short, word, made.term) if part)
        made.route = ["或".join(matrix.post_word(post) for post in step) for step in matrix.steps("classify", proposed.level)]
        made.warnings = [
            (d.clause, d.reasons[0].zh) for d in classification.all_of(proposed, _shared.SCHEME_LEVELS) if not d.allow
        ]
    made.seen_by = [_shared.line_word(line) for line in proposed.scope if _exists(line.kind, line.key)]


def _exists(kind: str, key: str) -> bool:
    if kind == "person":
        return Person.objects.filter(uid=key).exists()
    return kind != "department" or Department.objects.filter(code=key).exists()
