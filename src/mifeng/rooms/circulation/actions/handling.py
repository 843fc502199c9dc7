"""Deeds on what becomes of a receipt: 拟办 at the counter, 批示 on the leader's own screen, 办结 by whoever handles it (F01)."""

from datetime import date, datetime

from django.utils.translation import gettext_noop

from mifeng.base import clock, deeds, duties, ladders
from mifeng.base.deeds import deed
from mifeng.base.refusals import NotThere, Refused, insist
from mifeng.engines.access import Decision
from mifeng.rooms.circulation import courses, queries
from mifeng.rooms.circulation.facts import Handled, Inbox
from mifeng.rooms.circulation.models import Filing, Handling, Incoming
from mifeng.rooms.circulation.rules import handling as rules
from mifeng.rooms.copies import queries as copies
from mifeng.rooms.copies.facts import KEPT, PLACED, State, Written
from mifeng.rooms.documents.models import Document
from mifeng.rooms.people.models import Person

NOT_PROPOSED, NOT_INSTRUCTED = gettext_noop("未报送"), gettext_noop("未批示")
NOT_CONCLUDED, NOT_TAKEN_BACK = gettext_noop("未办结"), gettext_noop("未撤回")


def _open(person: Person, arrival: Incoming) -> tuple[Incoming, Document]:
    """The registered receipt, verified; not there for whoever may know neither the item nor its register facts."""
    found = queries.find(person, arrival.uid)
    if found.state != Inbox.REGISTERED or found.document is None:
        raise NotThere
    deeds.note(obj=found.document.item_key, register=found.number)
    return found, found.document


def _insist_within(person: Person, document: Document, not_done: str) -> None:
    """Whoever is to read it may know it: a wider scope is asked for first (C1)."""
    insist(rules.goes_inside(bool(queries.may_know([person], document))), not_done)


@deed("circulation:propose", subject="arrival")
def propose(person: Person, arrival: Incoming, words: str, leader: Person) -> Handling:
    """拟办: how the paper should be handled, and the leader to whom it is submitted for his 批示.

    Submitted anew, to another one who is there, it waits for the former leader no longer.
    """
    if not queries.at_counter(person):
        raise Refused(Decision.refuse("not_entrusted_mail", "M2.2", "收发由受委托的人员办理"), NOT_PROPOSED)
    row, document = _open(person, arrival)
    insist(rules.may_propose(courses.one(row).course, frozenset(leader.posts()), words), NOT_PROPOSED)
    _insist_within(leader, document, NOT_PROPOSED)
    made = _add(row, Handled.PROPOSED, person, words, to=leader)
    _answer(made, Handled.PROPOSED)
    duties.remind(leader.pk, "to_instruct", document.item_key, once=made.uid)
    return made


def _add(row: Incoming, step: Handled, person: Person, words: str, to: Person | None = None, due: date | None = None) -> Handling:
    return Handling.objects.create(incoming=row, step=step, by=person, at=clock.now(), to=to, due_on=due, words=words.strip())


@deed("circulation:instruct", subject="arrival")
def instruct(
    person: Person, arrival: Incoming, words: str, undertaker: Person | None = None, due_on: date | None = None
) -> Handling:
    """批示: what is to be done, by whom and until when (local day); what lies on the desk goes into its cupboard now (D1)."""
    row, document = _open(person, arrival)
    insist(rules.may_instruct(courses.one(row).course, person.pk, words), NOT_INSTRUCTED)
    if undertaker is not None:
        _insist_within(undertaker, document, NOT_INSTRUCTED)
    if due_on is not None and due_on < clock.today():
        raise Refused(Decision.refuse("deadline_passed", "G4.4", "办结期限不得早于今天"), NOT_INSTRUCTED)
    made = _add(row, Handled.INSTRUCTED, person, words, undertaker, due_on)
    _answer(made, Handled.PROPOSED)
    if undertaker is not None:
        duties.remind(undertaker.pk, "to_handle", document.item_key, once=made.uid)
    _to_file(row, made.at)
    return made


def _answer(made: Handling, step: Handled) -> None:
    """What the earlier steps of this kind ask for is done with the one just made."""
    waiting = Handling.objects.filter(incoming=made.incoming, step=step, answered_at=None, taken_back_at=None)
    for line in waiting.exclude(pk=made.pk):
        line.answered_at = made.at
        line.save()


def _to_file(row: Incoming, at: datetime) -> None:
    """阅批毕: a copy that lies with its custodian in no place is to be filed (D1), as after a slip."""
    waiting = set(Filing.objects.filter(copy__document=row.document_id, filed_at=None).values_list("copy", flat=True))
    for copy in courses.one(row).copies:
        if State(copy.state) in KEPT - PLACED and copy.pk not in waiting:
            Filing.objects.create(copy=copy, since=at, due_at=ladders.due_after("filing", at))


@deed("circulation:conclude", subject="arrival")
def conclude(person: Person, arrival: Incoming, words: str) -> Handling:
    """办结: what came of it, by whoever handles it or by the counter."""
    row, _document = _open(person, arrival)
    course = courses.one(row).course
    insist(rules.may_conclude(course, person.pk, queries.at_counter(person)), NOT_CONCLUDED)
    if course.cover_only and words.strip():
        raise Refused(rules.on_paper_only(), NOT_CONCLUDED)
    made = _add(row, Handled.CONCLUDED, person, words)
    _answer(made, Handled.INSTRUCTED)
    return made


@deed("circulation:take_back_handling", subject="arrival")
def take_back_handling(person: Person, arrival: Incoming) -> Handling:
    """撤回 of one's own last step within ten minutes, while nobody has gone on from it; the line stays, marked."""
    row, document = _open(person, arrival)
    standing = Handling.objects.filter(incoming=row, taken_back_at=None).order_by("pk")
    mine, last = standing.filter(by=person).last(), standing.last()
    if mine is None or last is None:
        raise NotThere
    now = clock.now()
    gone_on = mine.pk != last.pk or mine.answered_at is not None
    insist(copies.may_take_back(Written(own=True, gone_on=gone_on, since=now - mine.at)), NOT_TAKEN_BACK)
    mine.taken_back_at = now
    mine.save()
    for line in standing.filter(answered_at=mine.at):  # what it had answered waits again
        line.answered_at = None
        line.save()
    for filing in Filing.objects.filter(copy__document=document, slip=None, since=mine.at, filed_at=None):
        filing.delete()
    return mine
