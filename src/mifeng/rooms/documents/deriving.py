"""派生件: an item made out of another one (an excerpt), inside the deed of the room that makes it.

It is never below its source: the same level or a higher one, the same term from the same day, known only to people who
may know the source, and to them no longer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from mifeng.base import clock, papers
from mifeng.base.fields import new_uid
from mifeng.base.refusals import insist
from mifeng.engines.paper.issued import Issued
from mifeng.rooms.documents import actions, files, queries
from mifeng.rooms.documents.actions import _shared
from mifeng.rooms.documents.actions.registering import attach
from mifeng.rooms.documents.facts import ScopeLine, State, TermFacts
from mifeng.rooms.documents.models import Document, Upload
from mifeng.rooms.documents.rules import scope as scope_rules
from mifeng.rooms.people import queries as people
from mifeng.rooms.people import scopes
from mifeng.rooms.people.models import Person


@dataclass(frozen=True)
class Derived:
    """What is made: its title, who answers for it, who may know it, its pages as a file, its number in its register."""

    title: str
    owner: Person
    level: int
    knowers: Sequence[Person]
    upload: Upload
    number: str


def take_text(person: Person, title: str, text: str, name: str) -> Upload:
    """Text that somebody typed, set on pages as a file of his own: sealed like any other, before the deed that uses it."""
    uid, body = new_uid(), tuple(line.strip() for line in text.splitlines() if line.strip())
    pages = papers.issued_paper(Issued(people.company().name, title.strip(), body=body, plain=True))
    # Typed here and not brought from outside: an antivirus looks at it where there is one, and is not waited for (I9.3).
    return actions.receive_file(person, uid, files.receive(pages, name, uid, demo=True))


def derive(by: Person, source: Document, made: Derived) -> Document:
    """Enter the derived item: in force at once at its level. Inside a deed. Raises Refused where it would reach further."""
    department = source.department
    lines = scope(source, made.knowers)
    insist(scope_rules.scope_is_small(made.level, lines), "未摘录")
    document = Document(
        compartment=_shared.compartment(made.level, department), title=made.title.strip(), number=made.number, level=made.level,
        origin=source.origin, department=department, owner=made.owner, drafter=made.owner, registered_by=by, state=State.VALID,
        registered_at=clock.now(), issued_on=clock.today(), category=source.category, line=source.line, harm=source.harm,
        interest=source.interest, project=source.project, decider=source.decider, decider_rank=source.decider_rank,
    )  # fmt: skip
    term = TermFacts(source.term_kind, source.term_value, source.term_on, source.term_event)
    _shared.put_term(document, term, source.term_start or clock.today())
    document.save()
    _shared.put_scope(document, lines, by)
    document.save()
    attach(document, made.upload, 1, {by.pk})
    for person in {by, made.owner}:
        _shared.knows(document, person, "drafted")
    _shared.history(document, by, "registered", "", _shared.mark(document), made.number)
    return document


def scope(source: Document, knowers: Sequence[Person]) -> list[ScopeLine]:
    """One line for each person, ending no later than the source's scope ends for him, by name, by post or by department."""
    ends = scopes.ends_of(source.aset_id)
    return [ScopeLine("person", one.uid, "", _last_day(_end(ends, one.keys()))) for one in dict.fromkeys(knowers)]


def _end(ends: set[tuple[int, int]], keys: frozenset[int]) -> int:
    """When the scope ends for whoever has these keys, the latest of them; seconds UTC, 0 = it never reached him."""
    return max((end for key, end in ends if key in keys), default=0)


def _last_day(end: int) -> date | None:
    """The last local day before that instant (seconds UTC, exclusive); None = it never comes."""
    return clock.local(datetime.fromtimestamp(end - 1, UTC)).date() if end < scopes.EVER_SECONDS else None


def reaches_no_further(source: Document, knowers: Sequence[Person]) -> bool:
    """Everybody who would know the derived item stands in the source's scope now."""
    return bool(knowers) and all(queries.in_scope(one, source) for one in knowers)


def lags(source: Document, derived: Document) -> str:
    """What the derived item has not followed yet: level, term, fate ("" = nothing)."""
    if derived.live and not source.live:
        return "fate"
    if derived.level < source.level:
        return "level"
    ends, own = source.expires_on, derived.expires_on
    open_ended = source.term_kind != "" and ends is None
    return "term" if own is not None and (open_ended or (ends is not None and own < ends)) else ""
