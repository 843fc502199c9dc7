"""What several deeds of this room do inside their transaction. None of these is a deed."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from mifeng.base import clock, deeds, duties, jobs, language, numbers
from mifeng.base.codes import Tampered
from mifeng.base.refusals import CHANGED, Conflict, Refused
from mifeng.clauses import schemes
from mifeng.clauses.schemes import Scheme
from mifeng.engines.access import Decision, Term
from mifeng.rooms.documents import queries
from mifeng.rooms.documents.facts import ItemFacts, Proposed, ScopeLine, TermFacts
from mifeng.rooms.documents.models import Change, Document, Knower, ScopeMember, ScopePeriod, Wall, WallSide
from mifeng.rooms.documents.rules import classification, terms
from mifeng.rooms.documents.rules import scope as scope_rules
from mifeng.rooms.people import queries as people
from mifeng.rooms.people import scopes
from mifeng.rooms.people.facts import POSTS
from mifeng.rooms.people.models import Department, Person

EVERYBODY = "全体员工"
# The ways by which somebody learns what an item says, and not only that it exists.
CONTENTS = frozenset({"viewed", "told", "mistaken", "approval", "drafted"})


def insist_all(decisions: Iterable[Decision], not_done: str, next_step: Any = None) -> None:
    """Raise Refused with the reasons of every decision that refuses, the first one determining."""
    refused = [decision for decision in decisions if not decision.allow]
    if refused:
        reasons = tuple(reason for decision in refused for reason in decision.reasons)
        raise Refused(Decision(False, refused[0].rule, refused[0].clause, True, reasons), not_done, next_step)


def check_proposed(proposed: Proposed, start: date, not_done: str) -> None:
    """Every rule on level, scope and term of a proposed classification."""
    insist_all(
        [
            *classification.all_of(proposed, schemes.in_force().ranks),
            scope_rules.has_scope(proposed.level, proposed.scope),
            scope_rules.scope_is_small(proposed.level, proposed.scope),
            scope_rules.project_scope(proposed.line, proposed.scope),
            terms.has_term(proposed.level, proposed.term),
            terms.within_cap(proposed.level, proposed.term, start),
        ],
        not_done,
    )


def compartment(level: int, department: Department) -> str:
    """The vault compartment of a level and department: 20:YF."""
    return f"{level}:{department.code}"


def put_term(document: Document, term: TermFacts, start: date) -> None:
    """Write the term and its last day into the row; the caller saves."""
    document.term_kind, document.term_value, document.term_on = term.kind, term.value, term.on
    document.term_event, document.term_start = term.event, start if term.kind else None
    ends = Term(term.kind, value=term.value, on=term.on, event=term.event) if term.kind else None
    document.expires_on = ends.ends_on(start) if ends else None


def put_scope(document: Document, scope: Iterable[ScopeLine], by: Person) -> None:
    """Point the item at the audience set of these lines and keep them in words; the caller saves the item."""
    at = clock.now()
    ScopeMember.objects.filter(document=document, removed_at=None).update(removed_at=at)
    lines, found = list(scope), []
    for line in lines:
        found += named(line, at)
        ScopeMember.objects.create(
            document=document, kind=line.kind, key=line.key, purpose=line.purpose, until=line.until, added_at=at, added_by=by
        )
    document.aset = scopes.intern(found) if found else None
    for period in ScopePeriod.objects.filter(document=document, until=None):
        period.until = at
        period.save()
    ScopePeriod.objects.create(document=document, aset=document.aset, since=at)


def named(line: ScopeLine, at: Any) -> list[scopes.Named]:
    """A line as the audience set holds it."""
    if line.kind == "person":
        return [scopes.person(Person.objects.get(uid=line.key), at, line.until)]
    if line.kind == "department":
        return [scopes.department(Department.objects.get(code=line.key), at, line.until)]
    if line.kind == "all":
        return [scopes.everybody(at)]
    return [scopes.post(code, at, line.until) for code in line.key.split("+")]


def scope_lines(document: Document) -> list[ScopeLine]:
    """The present scope as proposed lines. Raises Tampered when the words do not say what the coded set says, Conflict when
    somebody else has changed the scope since this item was loaded.
    """
    members = document.members.filter(removed_at=None).order_by("pk")
    lines = [ScopeLine(m.kind, m.key, m.purpose, m.until) for m in members]
    # A new scope is made from these lines: whoever put a line among them would be let in by somebody else's deed.
    at = clock.now()
    told = scopes.merged(one for line in lines for one in named(line, at))
    if {(key, until) for key, _since, until in told} != scopes.ends_of(document.aset_id):
        if not Document.objects.filter(pk=document.pk, aset=document.aset_id).exists():
            raise Conflict("", CHANGED)
        raise Tampered("document", document.pk, ScopeMember._meta.db_table)
    return lines


def scope_words(lines: Iterable[ScopeLine]) -> str:
    """The scope as one reads it: names, posts and departments, with their last day."""
    return "、".join(line_word(line) + (f"(至{line.until.isoformat()})" if line.until else "") for line in lines)


def line_word(line: ScopeLine) -> str:
    """One line's name."""
    if line.kind == "person":
        return Person.objects.values_list("name", flat=True).get(uid=line.key)
    if line.kind == "department":
        return Department.objects.values_list("name", flat=True).get(code=line.key)
    return EVERYBODY if line.kind == "all" else "、".join(POSTS[code] for code in line.key.split("+"))


def line_said(line: ScopeLine) -> str:
    """One line's name in the language of the page."""
    if line.kind == "post":
        return language.listed(language.said(POSTS[code]) for code in line.key.split("+"))
    return language.said(line_word(line)) if line.kind == "all" else line_word(line)


def history(document: Document, by: Person, what: str, before: str, after: str, reason: str = "", **more: Any) -> Change:
    """One row of the history; `more` = number, approval_uid, corrects."""
    return Change.objects.create(
        document=document, what=what, at=clock.now(), person=by, before=before, after=after, reason=reason, **more
    )


def knows(document: Document, person: Person, way: str, by: Person | None = None, words: str = "") -> None:
    """Enter somebody among those who know, once for each way; what he learns of one side shuts the others to him (P1.1)."""
    Knower.objects.get_or_create(
        document=document, person=person, way=way, defaults={"since": clock.now(), "by": by, "words": words}
    )
    side = WallSide.objects.filter(document=document).first() if way in CONTENTS else None
    if side:
        Wall.objects.get_or_create(
            person=person, class_name=side.class_name, side=side.side, defaults={"since": clock.now()}
        )


def facts_of(document: Document) -> ItemFacts:
    """The item as the rules on its life see it."""
    return ItemFacts(
        level=document.level, proposed=document.proposed, state=document.state, expires_on=document.expires_on,
        drafter=document.drafter_id, decider_rank=document.decider_rank, scope_size=len(queries.reached(document)),
        sealed=document.sealed,
    )  # fmt: skip


def _closed(document: Document) -> bool:
    """Whether the item's numbers run apart, since a gap in an open series tells that something is hidden."""
    return document.sealed or document.category == "S6" or document.handlers.exists()


def register_number(series: str, document: Document) -> str:
    """The next number in a register of items (定密, 变密); closed items have a series of their own (人定密), shuffled."""
    closed = _closed(document)
    series = ("人" if closed else "") + series
    return numbers.register_number(series, numbers.take(series), closed)


def draw_number(document: Document) -> None:
    """发文字号, at issue: personnel and sealed items from the closed series 人密, shuffled; 内部 from 办, others from 密."""
    if document.number:
        return
    closed = _closed(document)
    series = "人密" if closed else people.company().code + ("密" if document.level >= 10 else "办")
    year = (document.issued_on or clock.today()).year
    document.number = numbers.document_number(series, numbers.take(series, year), closed)


def rank(person: Person) -> int:
    """How high somebody decides: gm 2, deputy_gm 1, others 0."""
    return max((terms.DECIDER_RANK.get(post, 0) for post in person.posts()), default=0)


def signs_for(approval: Any, decider: Person) -> frozenset[str]:
    """The posts of whoever signed last, and the one for which he did: he may stand in for it or be its delegate."""
    return decider.posts() | {approval.taken.order_by("pk").last().post}


def mark(document: Document, scheme: Scheme | None = None) -> str:
    """The mark as printed, 澜岱公司 机密 5年: in the words of the scheme in force, or of this one."""
    word = (scheme or schemes.in_force()).word(document.level) if document.level >= 10 else ""
    return terms.mark_of(people.company().short, word, term_text(document), document.state)


def term_text(document: Document) -> str:
    """The term in words: 5年, 3个月, 2028-01-31, 公布前, 长期; "" when there is none."""
    term = document.term()
    return term.zh if term else ""


def rewrap_later(document: Document) -> None:
    """The keys of an item whose level changed move to that level's compartment once this is committed."""
    jobs.enqueue("documents:rewrap", document.uid, dedupe=f"rewrap:{document.uid}:{document.level}:{clock.now().isoformat()}")


def touched(document: Document, **secret: Any) -> None:
    """The item's key and what was done with it in words, into the entry."""
    deeds.note(obj=document.item_key, **secret)


def tell(document: Document, people_keys: Iterable[int | None], kind: str, once: str = "") -> None:
    """A line on these desks; never on that of somebody whom a sealed item speaks of (A2): even a neutral line is a hint."""
    concerned = set(document.concerned.values_list("person_id", flat=True)) if document.sealed else set()
    for told in sorted({key for key in people_keys if key} - concerned):
        duties.remind(told, kind, document.item_key, once=once)
