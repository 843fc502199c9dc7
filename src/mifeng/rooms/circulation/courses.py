"""What has become of receipts: 拟办, 批示, 承办, 办结 from the room's own lines, 传阅 from slips, 去向 and 存放位置 from the
ledgers of their copies.

A page of receipts costs a handful of statements, however many they are.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from mifeng.base import codes, duties
from mifeng.rooms.circulation import queries
from mifeng.rooms.circulation.facts import STAGE_WORDS, Course, Handled, Inbox, SlipState, Stage
from mifeng.rooms.circulation.models import Filing, Handling, Incoming, Slip, SlipLine
from mifeng.rooms.circulation.rules import handling as rules
from mifeng.rooms.circulation.rules import receiving
from mifeng.rooms.copies.facts import GONE, PLACED, State
from mifeng.rooms.copies.models import Copy
from mifeng.rooms.people.models import Person

AT_ONCE = 200
ENDED = {State.ARCHIVED: Stage.ARCHIVED, State.SURRENDERED: Stage.SURRENDERED, State.DESTROYED: Stage.DESTROYED}


@dataclass
class Told:
    """Everything that followed a receipt, verified. `lines`: its steps that stand, in order; `noted`: 批示 on its slips."""

    row: Incoming
    lines: list[Handling] = field(default_factory=list)
    noted: list[SlipLine] = field(default_factory=list)
    copies: list[Copy] = field(default_factory=list)
    kept: dict[int, date] = field(default_factory=dict)  # copy -> last day of a recorded 留用
    circulated: bool = False

    def steps(self, word: Handled) -> list[Handling]:
        """The steps of this kind, in order."""
        return [line for line in self.lines if line.word is word]

    @property
    def undertaker(self) -> Person:
        """Who handles it: whom the last 批示 names, else its addressee."""
        named = [line.to for line in self.steps(Handled.INSTRUCTED) if line.to]
        return named[-1] if named else self.row.addressee

    @property
    def due_on(self) -> date | None:
        """办结期限 that a 批示 set; None = the one of the registration stands."""
        return next((line.due_on for line in reversed(self.steps(Handled.INSTRUCTED)) if line.due_on), None)

    @property
    def course(self) -> Course:
        """How far it has come, for the rules."""
        instructed = bool(self.noted or self.steps(Handled.INSTRUCTED))
        ends = [ENDED.get(State(copy.state)) for copy in self.copies if copy.state != State.VOID]
        return Course(
            cover_only=self.row.personal or self.row.origin == "state",
            proposed=bool(self.steps(Handled.PROPOSED)), instructed=instructed,
            under_way=self.circulated or any(line.to for line in self.steps(Handled.INSTRUCTED)),
            concluded=bool(self.steps(Handled.CONCLUDED)), undertaker=self.undertaker.pk,
            asked=next((line.to_id or 0 for line in self.steps(Handled.PROPOSED) if line.answered_at is None), 0),
            ends=frozenset(end for end in ends if end) if ends and all(ends) else frozenset(),
        )  # fmt: skip

    @property
    def stage(self) -> Stage:
        """Its state, as F01 has it."""
        return rules.stage(self.course)


def of(rows: Iterable[Incoming]) -> dict[int, Told]:
    """What followed each of these receipts, by key; the receipts themselves are verified by whoever found them.

    Raises Tampered.
    """
    found = {row.pk: Told(row) for row in rows}
    steps = Handling.objects.filter(incoming__in=found, taken_back_at=None)
    for line in steps.select_related("by", "to__department").order_by("pk"):
        line.incoming = found[line.incoming_id].row
        found[line.incoming_id].lines.append(line)
    _put_copies(found)
    _put_slips(found)
    return found


def _by_item(found: dict[int, Told]) -> dict[int, list[Told]]:
    items: dict[int, list[Told]] = defaultdict(list)
    for told in found.values():
        if told.row.document_id:
            items[told.row.document_id].append(told)
    return items


def _put_copies(found: dict[int, Told]) -> None:
    """The copies that came with it, by the numbers under which they were registered: not those made of them later."""
    items = _by_item(found)
    made = list(Copy.objects.filter(document__in=items, rep=0).select_related("place", "holder").order_by("n"))
    codes.verify("copy", [copy.pk for copy in made])
    noted = Filing.objects.filter(copy__in=[copy.pk for copy in made], filed_at=None).exclude(kept_until=None)
    kept = dict(noted.values_list("copy", "kept_until"))
    for copy in made:
        for told in items[copy.document_id]:
            if copy.n in receiving.numbers_of(told.row.copy_numbers):
                told.copies.append(copy)
                if copy.pk in kept:
                    told.kept[copy.pk] = kept[copy.pk]


def _put_slips(found: dict[int, Told]) -> None:
    items = _by_item(found)
    # Which have begun is looked at here: asked for it, SQLite walks all slips in these states.
    theirs = Slip.objects.filter(document__in=items).values_list("pk", "document_id", "state")
    sent = {pk: item for pk, item, state in theirs if state in (SlipState.OPEN, SlipState.DONE)}
    codes.verify("slip", sent)
    for item in sent.values():
        for told in items[item]:
            told.circulated = True
    noted = SlipLine.objects.filter(slip__in=sent, instruction=True).select_related("reader", "slip__document")
    for line in noted.order_by("pk"):
        for told in items[line.slip.document_id]:
            told.noted.append(line)


def one(row: Incoming) -> Told:
    """The same of one receipt."""
    return of([row])[row.pk]


# In words --------------------------------------------------------------------------------------------------------------


def proposals(told: Told) -> str:
    """拟办意见: who proposed what."""
    return "；".join(f"{line.by.name}：{line.words}" for line in told.steps(Handled.PROPOSED))


def instructions(told: Told) -> str:
    """领导批示: on the leader's own screen, or noted on a slip."""
    said = [(line.at, f"{line.by.name}：{line.words}") for line in told.steps(Handled.INSTRUCTED)]
    said += [(line.read_at or line.out_at, f"{line.reader.name}：{line.opinion}") for line in told.noted if line.out_at]
    return "；".join(words for _at, words in sorted(said))


def handled_by(told: Told) -> str:
    """承办部门/人."""
    who = told.undertaker
    return f"{who.department.name} {who.name}"


def fates(told: Told) -> str:
    """去向, as the ledgers of its copies say; each by its number where they differ, nothing while none has one."""
    return _together(told, [_fate(told, copy) for copy in told.copies])


def _fate(told: Told, copy: Copy) -> str:
    end = ENDED.get(State(copy.state))
    if end:
        return _(STAGE_WORDS[end])
    return _("留用") if copy.pk in told.kept else ""


def places(told: Told) -> str:
    """存放位置, as the ledgers say: the place, or in whose hands it is."""
    return _together(told, [_place(copy) for copy in told.copies])


def _place(copy: Copy) -> str:
    state = State(copy.state)
    if state in GONE:
        return ""
    return copy.place.code if copy.place and state in PLACED else copy.holder.name


def _together(told: Told, said: Sequence[str]) -> str:
    if len(set(said)) <= 1:
        return said[0] if said else ""
    return "；".join(f"{copy.number} {words}" for copy, words in zip(told.copies, said, strict=True) if words)


# What waits ------------------------------------------------------------------------------------------------------------


def _waiting(person: Person, step: Handled) -> QuerySet[Handling]:
    found = Handling.objects.filter(to=person, step=step, answered_at=None, taken_back_at=None)
    return found.select_related("incoming__document", "by").order_by("pk")


def to_instruct(person: Person) -> list[Handling]:
    """What was submitted to this leader and waits for his 批示, as far as he may still know it; verified."""
    return _known(person, _waiting(person, Handled.PROPOSED))


def to_handle(person: Person) -> list[Handling]:
    """What a 批示 gave this person to handle and he has not concluded, as far as he may still know it; verified."""
    return _known(person, _waiting(person, Handled.INSTRUCTED))


def _known(person: Person, found: QuerySet[Handling]) -> list[Handling]:
    rows = duties.few(found)
    codes.verify("incoming", [row.incoming_id for row in rows])
    known = queries.known_items(person, [row.incoming.document_id for row in rows])
    return [row for row in rows if row.incoming.document_id in known]


def to_conclude() -> Iterator[tuple[date, Told]]:
    """Receipts with a 办结期限 that are not concluded, with that local day. Raises Tampered."""
    concluded = Handling.objects.filter(step=Handled.CONCLUDED, taken_back_at=None).values("incoming")
    dated = Q(deadline__isnull=False) | Q(amendments__field="deadline") | Q(handlings__due_on__isnull=False)
    for one in _dated(dated, concluded):
        stood = queries.told(one.row, "deadline")
        due_on = one.due_on or (date.fromisoformat(stood) if stood else None)
        if due_on is not None:
            yield due_on, one


@dataclass
class Brief:
    """What a list says of a receipt: until when it is to be handled, None = no day was set; by whom; whether it is concluded."""

    day: date | None
    undertaker: str
    concluded: bool = False


def in_brief(rows: Sequence[Incoming]) -> dict[int, Brief]:
    """The same of each of these receipts, by key, in one statement; the receipts are verified by whoever found them."""
    days = {row.pk: queries.told(row, "deadline") for row in rows}
    found = {row.pk: Brief(date.fromisoformat(days[row.pk]) if days[row.pk] else None, row.addressee.name) for row in rows}
    steps = Handling.objects.filter(incoming__in=list(found), taken_back_at=None).order_by("pk")
    for key, step, due_on, to in steps.values_list("incoming", "step", "due_on", "to__name"):
        brief = found[key]
        if step == Handled.CONCLUDED:
            brief.concluded = True
        elif step == Handled.INSTRUCTED:
            brief.day, brief.undertaker = due_on or brief.day, to or brief.undertaker
    return found


def to_surrender() -> Iterator[tuple[date, Told]]:
    """Receipts that have to go back, with the local day until which; whether a copy is still here its ledger says."""
    dated = Q(particulars__return_on__isnull=False) | Q(amendments__field="return_on")
    here = Copy.objects.filter(rep=0).exclude(state__in=list(GONE)).values("document")
    for one in _dated(dated & Q(document__in=here), None):
        stood = queries.told(one.row, "return_on")
        if stood:
            yield date.fromisoformat(stood), one


def _dated(dated: Q, without: Any) -> Iterator[Told]:
    found = queries.arrivals().filter(state=Inbox.REGISTERED).filter(dated)
    rows = list((found.exclude(pk__in=without) if without is not None else found).distinct())
    for some in codes.batched(rows, AT_ONCE):
        codes.verify("incoming", [row.pk for row in some])
        yield from of(some).values()
