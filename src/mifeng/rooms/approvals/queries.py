"""Reading requests: who decides the present step, what waits for somebody, what he judges."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from mifeng.base import clock, codes, moment, room, working_days
from mifeng.engines.access import Decision
from mifeng.rooms.approvals import batch, people_facts, rules, waiting
from mifeng.rooms.approvals.facts import STATE_WORDS, Matter, Organisation, Refusal, Resolution, Sight, State
from mifeng.rooms.approvals.models import Approval, Grant, MatrixVersion, StepTaken
from mifeng.rooms.people.models import Person


def state_word(approval: Approval) -> str:
    """The state as people read it; a step's own progress while it is open."""
    return _(STATE_WORDS[State(approval.state)])


def decided_word(version: MatrixVersion) -> str:
    """Where a version of the table of approvals stands."""
    return {"": _("待总经理批准"), "approved": _("已批准"), "refused": _("未批准")}[version.decision]


@dataclass(frozen=True)
class Standing:
    """In which capacity somebody decides a step: for which post, in whose place (代) or for himself."""

    post: str
    on_behalf_of: Person | None = None


def verify(approval: Approval, person: Person) -> None:
    """What a decision rests on carries its codes: the request, who acts, and everybody who decides who decides.

    Not only the one who acts: whoever makes the right approver vanish moves the request on to the next one. That he was
    there is known from memory (`people_facts.organisation`), so that a row that is gone is missed. Raises Tampered.
    """
    codes.verify("approval", [approval.pk])
    organisation, matter = people_facts.organisation(), matter_of(approval)
    codes.verify("person", {person.pk, *rules.involved(matter, organisation)})
    codes.verify("department", rules.departments(matter, organisation))
    codes.verify("officers", codes.objects("officers"))


def resolution(approval: Approval, organisation: Organisation | None = None) -> Resolution:
    """Who decides the present step today, by the rules on posts, stand-ins and separation.

    `organisation` is that of today where it was loaded already, for many requests at once.
    """
    return rules.resolve(matter_of(approval), organisation or people_facts.organisation())


def unreachable(approval: Approval) -> tuple[str, ...]:
    """The posts of the step that nobody of the few who may know the item can decide; () where somebody can."""
    return rules.unreachable(matter_of(approval), people_facts.organisation())


def matter_of(approval: Approval) -> Matter:
    """The request at its present step, as the rules see it; made once a moment, for a page asks it of each request several times."""
    return moment.kept(
        ("matter of", approval.pk, approval.ver),
        lambda: people_facts.matter_of(approval, room.matters()[approval.matter].handlers(approval)),
    )


def candidates(approval: Approval) -> list[Person]:
    """The persons who may decide the present step today, in the order of the posts that the matrix names."""
    if approval.state != "asked":
        return []
    found = [candidate.pid for candidate in resolution(approval).candidates]
    people = Person.objects.in_bulk(found)
    return [people[pid] for pid in dict.fromkeys(found)]


def standing(person: Person, approval: Approval, organisation: Organisation | None = None) -> Standing | None:
    """This person's capacity at the present step, None when he is not one who decides it. `organisation` as in resolution."""
    if approval.state != "asked":
        return None
    for found in resolution(approval, organisation).candidates:
        if found.pid == person.pk:
            principal = Person.objects.get(pk=found.on_behalf_of) if found.on_behalf_of else None
            return Standing(found.post, principal)
    return None


def why_not(person: Person, approval: Approval) -> Decision:
    """Why this person does not decide the step: names the posts that do, with the act's clause."""
    return rules.may_decide(person.pk, matter_of(approval), people_facts.organisation())


def waiting_for(person: Person) -> list[Approval]:
    """Open requests whose present step this person decides: urgent first, then by level, then by age."""
    found = moment.kept(("waiting for", person.pk), lambda: _rows(waiting.of(person.pk)))
    return sorted(found, key=_rank(clock.now()))


def _rows(keys: Iterable[int]) -> list[Approval]:
    """These requests as far as they are open, with what a list shows of them; statements by the number of these only."""
    asked = Approval.objects.filter(state="asked").select_related("applicant__department", "department")
    ready = asked.prefetch_related("parts", "taken")
    return [approval for some in codes.batched(keys, codes.BATCH) for approval in ready.filter(pk__in=some)]


def _rank(at: datetime) -> Callable[[Approval], tuple[Any, ...]]:
    """The order of the inbox: urgent, then late, then by level, then by age."""
    return lambda a: (not a.urgent, not overdue(a, at), -a.level, a.asked_at, a.pk)


def waits_since(approval: Approval) -> datetime:
    """When the present step began: at the signature before it, else when the request was sent."""
    return max((row.at for row in approval.taken.all()), default=approval.asked_at)


def overdue(approval: Approval, at: datetime) -> bool:
    """The present step has waited for longer than one working day; nobody decides by that, it is only said."""
    return at >= clock.end_of(working_days.after(clock.local(waits_since(approval)).date(), 1))


def why_singly(person: Person, approval: Approval) -> Refusal | None:
    """Why this request must be decided on its own; None when it may be one of several."""
    reading = approval.act in rules.READING
    seen = reading and any(one.judged(person, approval) for one in room.rooms() if one.judged)
    steps = len(approval.steps_list)
    return batch.refusal(batch.Asked(approval.act, approval.level, steps, approval.verbal_by_id is not None, seen))


SOME_PAGE = 0
WEIGHED = 3  # requests looked at where an item is refused; more than three are hardly ever open on one item


@dataclass(frozen=True)
class Judging:
    """What somebody may read of an item because he decides a request on it; `pages` None = every page."""

    approval: Approval
    pages: frozenset[int] | None

    def opens(self, page: int | None) -> bool:
        """Whether the right covers a page (from 1), SOME_PAGE = any, None = the whole item."""
        if self.pages is None:
            return True
        return page is not None and (page in self.pages or (page == SOME_PAGE and bool(self.pages)))


def judging(person: Person, item_key: str, outside: bool = False) -> list[Judging]:
    """permit-judge: from submission to decision the resolved approver reads what he judges, exactly the pages concerned.

    Of a copy, a print, a loan, a carrying out it is the first page at most, and of departments that are not under him
    none. `outside`: nothing else lets this person know the item. Then requests are weighed in any case, the newest
    ones where the item has none: whether a hidden item waits for somebody must not show in the work of refusing it (P0.3).
    Raises Tampered.
    """
    asked = Approval.objects.filter(state="asked")
    newest = asked.order_by("-pk").values("pk")[:WEIGHED] if outside else []
    found = list(asked.filter(Q(item_key=item_key) | Q(pk__in=newest)).order_by("pk"))
    own = [approval for approval in found if approval.item_key == item_key]
    others = [approval for approval in reversed(found) if approval.item_key != item_key]
    weighed = [*own, *others[: max(WEIGHED - len(own), 0)]]
    seen = [Judging(approval, _pages(person, approval)) for approval in weighed]
    mine = [one for one in seen if one.opens(SOME_PAGE) and one.approval in own]
    codes.verify("approval", [one.approval.pk for one in mine])
    return mine


def _pages(person: Person, approval: Approval) -> frozenset[int] | None:
    return pages_opened(approval, sight(person, approval))


def pages_opened(approval: Approval, seen: Sight) -> frozenset[int] | None:
    """The pages that such a sight opens of what this request is about: None = every page, empty = none."""
    has_pages = room.matters()[approval.matter].pages
    return rules.pages_opened(seen, approval.granted_now.pages) if has_pages else frozenset()


def judges(person: Person, item_key: str, outside: bool = False, page: int | None = None) -> bool:
    """The relation JUDGE: this person reads the item, or this page of it, since he decides a request on it.

    Who reads single pages only does not know the item otherwise: no list, no card shows it to him.
    """
    return any(one.opens(page) for one in judging(person, item_key, outside))


def judged_keys(person: Person) -> list[str]:
    """Item keys that this person reads as a whole now since he decides on them; single pages open in the reader only."""
    return moment.kept(("judged keys", person.pk), lambda: _judged_keys(person))


def _judged_keys(person: Person) -> list[str]:
    found, organisation = waiting.of(person.pk), people_facts.organisation()
    seen = {pk: rules.seen_by(person.pk, one.matter, organisation) for pk, one in found.items()}
    # A copy, a loan, a carrying out never opens the whole item: only what is judged by reading is looked up.
    rows = _rows(pk for pk, one in seen.items() if one is Sight.PAGES)
    return sorted({approval.item_key for approval in rows if pages_opened(approval, seen[approval.pk]) is None})


def sight(person: Person, approval: Approval) -> Sight:
    """What this person sees of the item while he decides."""
    return rules.sight(person.pk, matter_of(approval), people_facts.organisation())


def shown_keys(person: Person, at: datetime) -> list[str]:
    """Item keys that live grants of showing name for this person."""
    live = Grant.objects.filter(person=person, act="show", state="approved", since__lte=at, until__gt=at)
    found = [grant for grant in live if grant.uses_left is None or grant.uses_left > 0]
    codes.verify("grant", [grant.pk for grant in found])
    return sorted({grant.item_key for grant in found})


def has_grant(person: Person, item_key: str, act: str, at: datetime) -> bool:
    """A live, unused grant of this act on this item for this person."""
    live = Grant.objects.filter(person=person, item_key=item_key, act=act, state="approved", since__lte=at, until__gt=at)
    found = [grant for grant in live if grant.uses_left is None or grant.uses_left > 0]
    codes.verify("grant", [grant.pk for grant in found])
    return bool(found)


def open_for(item_key: str, matter: str) -> Approval | None:
    """The open request of this matter on this item."""
    return Approval.objects.filter(item_key=item_key, matter=matter, state="asked").first()


SIGNED = 150  # signatures that are looked at for what somebody decided last


@dataclass(frozen=True)
class Inbox:
    """Three lists of one person."""

    waiting: list[Approval]
    asked: list[Approval]
    done: list[Approval]


def inbox(person: Person) -> Inbox:
    """What waits for this person, what he asked for, what he decided; at most 50 of the latter two."""
    every = Approval.objects.select_related("applicant", "department").order_by("-asked_at", "-pk")
    asked = list(every.filter(applicant=person)[:50])
    # By his last signatures, of which a request has a few: who signed thousands is not asked for all of them.
    signed = StepTaken.objects.filter(person=person).order_by("-pk").values_list("approval_id", flat=True)[:SIGNED]
    done = list(every.filter(pk__in=set(signed))[:50])
    waiting = waiting_for(person)
    codes.verify("approval", {approval.pk for approval in (*waiting, *asked, *done)})
    return Inbox(waiting, asked, done)


def may_open(person: Person, approval: Approval) -> bool:
    """Applicant, whoever decides the present step, whoever decided an earlier one.

    The same work for every request, whatever its state: a hidden one is refused like one that is not there (P0.3).
    """
    signed = approval.taken.filter(person=person).exists()
    newest = Approval.objects.filter(state="asked").order_by("-pk").first()
    weighed = approval if approval.state == "asked" else newest
    stands = standing(person, weighed) if weighed else None
    return approval.applicant_id == person.pk or signed or (stands is not None and weighed is approval)


def still_open(approval: Approval) -> bool:
    """A returned request that nobody asked again since."""
    later = Approval.objects.filter(item_key=approval.item_key, matter=approval.matter, asked_at__gt=approval.asked_at)
    return not later.exists()
