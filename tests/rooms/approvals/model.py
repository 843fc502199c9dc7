"""Every state that requests can reach in a small office: an explicit-state search over the room's own two functions.

Nothing of the core is written again here: who decides comes from `rules.resolve`, what follows from `rules.transition`.
The search adds the world around them: a clock, people who leave, delegations that begin and end, uses that are spent.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any, Generic, TypeVar

from mifeng.rooms.approvals import rules
from mifeng.rooms.approvals.facts import (
    Circumstances,
    DelegationFacts,
    DepartmentFacts,
    Event,
    Matter,
    Organisation,
    PersonFacts,
    Refusal,
    State,
)

GM, DEPUTY, HEAD, STAFF, SECRETARY, CLERK, LEGAL = range(1, 8)
PEOPLE = {
    GM: "gm", DEPUTY: "deputy_gm", HEAD: "dept_head", STAFF: "employee", SECRETARY: "board_secretary", CLERK: "clerk",
    LEGAL: "legal",
}  # fmt: skip
ENDED = (State.WITHDRAWN, State.LAPSED, State.REVOKED)
DAY = date(2026, 3, 16)

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Request:
    """A request at one moment. `signed`: (step, person, on whose behalf); `until`: tick at which the grant ends."""

    state: State = State.DRAFT
    applicant: int = 0
    step_no: int = 0
    signed: tuple[tuple[int, int, int], ...] = ()
    noted: tuple[tuple[int, str], ...] = ()
    uses_left: int = 0
    until: int = 0
    spent: tuple[tuple[int, int], ...] = ()  # (tick, by whom)


@dataclass(frozen=True)
class Office:
    """What the requests stand in. `delegated`: the GM has delegated this act to a person (0 = nobody)."""

    tick: int = 0
    gone: frozenset[int] = frozenset()
    delegated: int = 0


@dataclass(frozen=True)
class Scope:
    """How large a search is: the act and its steps, ticks of the clock, who applies, who may leave, uses granted."""

    act: str
    level: int
    steps: tuple[tuple[str, ...], ...]
    ticks: int = 3
    lapse: int = 2
    uses: int = 2
    applicants: tuple[int, ...] = (STAFF, HEAD, DEPUTY, GM)
    leavers: tuple[int, ...] = (GM, DEPUTY, HEAD, STAFF)
    delegates: tuple[int, ...] = (CLERK, DEPUTY)
    requests: int = 1


@dataclass
class Found:
    """What a search came to."""

    states: int = 0
    edges: int = 0
    broken: list[str] = field(default_factory=list)
    reached: set[State] = field(default_factory=set)


@cache
def organisation(gone: frozenset[int], delegated: int, act: str) -> Organisation:
    """The office on its day, without those who have left."""
    people = tuple(PersonFacts(pid, 1, frozenset({post, "employee"}), active=pid not in gone) for pid, post in PEOPLE.items())
    given = (DelegationFacts(GM, delegated, act, 30, DAY, DAY, case_key="case" if act == "external_provision" else ""),)
    return Organisation(DAY, people, (DepartmentFacts(1, DEPUTY),), given if delegated else ())


def matter(scope: Scope, request: Request) -> Matter:
    """The request as the rules see it."""
    return Matter(
        act=scope.act, level=scope.level, steps=scope.steps, applicant=request.applicant, department=1,
        step_no=request.step_no, case_key="case", parts=(("applicant", request.applicant),),
        signed=frozenset(person for _, person, _ in request.signed),
    )  # fmt: skip


@cache
def resolution(scope: Scope, gone: frozenset[int], delegated: int, seen: Matter) -> rules.Resolution:
    """Who decides the present step, asked of the rules once per situation."""
    return rules.resolve(seen, organisation(gone, delegated, scope.act))


@cache
def moved(state: State, event: Event, facts: Circumstances) -> State | Refusal:
    """What follows, asked of the table once per situation."""
    return rules.transition(state, event, facts)


def steps_on(scope: Scope, office: Office, request: Request) -> tuple[tuple[str, Request], ...]:
    """Everything that anybody can make of a request in this office, with the actor's words."""
    return (
        *_begins(scope, office, request), *_signatures(scope, office, request),
        *_by_the_applicant(scope, office, request), *_uses(scope, office, request),
    )  # fmt: skip


def _begins(scope: Scope, office: Office, request: Request) -> Iterator[tuple[str, Request]]:
    for person in scope.applicants:
        mine = request.applicant in (0, person)
        if mine and person not in office.gone:
            facts = Circumstances(scope.act, actor_is_applicant=True)
            then = moved(request.state, Event.SUBMIT, facts)
            if isinstance(then, State):
                begun = Request(state=then, applicant=person)
                yield f"{person} asks", settled(scope, office, begun)


def settled(scope: Scope, office: Office, request: Request) -> Request:
    """Steps that nobody signs are noted, as `requests.settle` does."""
    while request.state == State.ASKED:
        found = resolution(scope, office.gone, office.delegated, matter(scope, request))
        if not found.passed_over:
            break
        request = replace(request, step_no=request.step_no + 1, noted=(*request.noted, (request.step_no, found.noted)))
    return request


def _signatures(scope: Scope, office: Office, request: Request) -> Iterator[tuple[str, Request]]:
    """Everybody tries to decide, not only who may: the table refuses the others."""
    if request.state != State.ASKED:
        return
    found = {c.pid: c for c in resolution(scope, office.gone, office.delegated, matter(scope, request)).candidates}
    for person in PEOPLE:
        if person in office.gone:
            continue
        candidate = found.get(person)
        left = len(scope.steps) - request.step_no - 1
        facts = Circumstances(
            scope.act, actor_is_applicant=person == request.applicant, decides=candidate is not None, steps_left=left,
        )  # fmt: skip
        then = moved(request.state, Event.APPROVE, facts)
        if isinstance(then, State):
            behalf = (candidate.on_behalf_of or 0) if candidate else 0
            signed = replace(request, state=then, signed=(*request.signed, (request.step_no, person, behalf)))
            if then == State.ASKED:
                yield f"{person} signs", settled(scope, office, replace(signed, step_no=request.step_no + 1))
            else:
                yield f"{person} grants", replace(signed, uses_left=scope.uses, until=office.tick + scope.lapse)
        back = moved(request.state, Event.RETURN, replace(facts, reason_given=True))
        if isinstance(back, State):
            yield f"{person} returns", replace(request, state=back, signed=())


def _by_the_applicant(scope: Scope, office: Office, request: Request) -> Iterator[tuple[str, Request]]:
    for person in PEOPLE:
        facts = Circumstances(scope.act, actor_is_applicant=person == request.applicant)
        then = moved(request.state, Event.WITHDRAW, facts)
        if request.applicant and person not in office.gone and isinstance(then, State):
            yield f"{person} withdraws", replace(request, state=then)


def _uses(scope: Scope, office: Office, request: Request) -> Iterator[tuple[str, Request]]:
    past = office.tick >= request.until
    for person in PEOPLE:
        ready = person == CLERK and person != request.applicant and person not in office.gone
        facts = Circumstances(scope.act, executor_ready=ready, past=past, uses_left=request.uses_left)
        then = moved(request.state, Event.SPEND, facts)
        if isinstance(then, State):
            spent = (*request.spent, (office.tick, person))
            yield f"{person} uses", replace(request, state=then, uses_left=request.uses_left - 1, spent=spent)
    then = moved(request.state, Event.LAPSE, Circumstances(scope.act, past=past))
    if isinstance(then, State):
        yield "lapses", replace(request, state=then, uses_left=0)
    signers = {person for _, person, _ in request.signed}
    for person in sorted(signers - office.gone):
        then = moved(request.state, Event.REVOKE, Circumstances(scope.act, decides=True))
        if isinstance(then, State):
            yield f"{person} revokes", replace(request, state=then, uses_left=0)
    then = moved(request.state, Event.REGISTER, Circumstances(scope.act, numbered=True))
    if isinstance(then, State):
        yield "registered", replace(request, state=then)
    then = moved(request.state, Event.CLOSE, Circumstances(scope.act, back=True))
    if isinstance(then, State):
        yield "closed", replace(request, state=then)


def next_offices(scope: Scope, office: Office) -> Iterator[tuple[str, Office]]:
    """The clock ticks, somebody leaves, a delegation begins or ends."""
    if office.tick < scope.ticks:
        yield "tick", replace(office, tick=office.tick + 1)
    for person in scope.leavers:
        if person not in office.gone:
            yield f"{person} leaves", replace(office, gone=office.gone | {person})
    for delegate in scope.delegates if not office.delegated else ():
        yield f"to {delegate}", replace(office, delegated=delegate)
    if office.delegated:
        yield "delegation ends", replace(office, delegated=0)


def faults(scope: Scope, request: Request) -> Iterator[str]:
    """What must never be, looked at in every request that can be reached."""
    signers = [person for _, person, _ in request.signed]
    if request.applicant in signers:
        yield "somebody decided his own request"
    if any(behalf == request.applicant for _, _, behalf in request.signed):
        yield "a delegate decided for the applicant himself"
    if len({number for number, _, _ in request.signed}) != len(signers):
        yield "one step was signed twice"
    if request.uses_left < 0 or request.uses_left + len(request.spent) > scope.uses:
        yield "more uses than were granted"
    if any(tick >= request.until for tick, _ in request.spent):
        yield "used after the end"
    if any(person == request.applicant for _, person in request.spent):
        yield "the applicant carried out his own request"
    if request.state in ENDED and request.uses_left:
        yield "a use is left after the end"
    if request.spent and not covers(scope, request):
        yield "used without every step"
    if request.state in (State.APPROVED, State.EXECUTING) and not covers(scope, request):
        yield "approved without every step"
    if request.state == State.ASKED and not request.signed and not request.noted and request.uses_left:
        yield "a right before any decision"


def covers(scope: Scope, request: Request) -> bool:
    """Every step is signed once, or noted as passed over or merged; the last one is signed."""
    told = sorted([number for number, _, _ in request.signed] + [number for number, _ in request.noted])
    return told == list(range(len(scope.steps))) and request.signed[-1][0] == len(scope.steps) - 1


class Search:
    """All reachable worlds of a scope, breadth first. A world is a tuple of numbers: its office and its requests."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.found = Found()
        self._offices = _Numbered[Office]()
        self._requests = _Numbered[Request]()
        self._moves: dict[tuple[int, int], list[tuple[str, int]]] = {}
        self._changes: dict[int, list[tuple[str, int]]] = {}
        self._settled: dict[tuple[int, int], int] = {}
        self._wrong: dict[int, str] = {}

    def run(self, most: int = 10**9) -> Found:
        """Until nothing new is reached, `most` worlds are, or a fault is: then its way is told."""
        start = (self._offices.of(Office()), *[self._requests.of(Request())] * self.scope.requests)
        came: dict[tuple[int, ...], tuple[tuple[int, ...], str] | None] = {start: None}
        frontier = [start]
        while frontier and len(came) < most and not self.found.broken:
            frontier = [then for world in frontier for then in self._reach(world, came)]
        self.found.states = len(came)
        self.found.reached = {request.state for request in self._requests.all}
        return self.found

    def _reach(self, world: tuple[int, ...], came: dict[Any, Any]) -> Iterator[tuple[int, ...]]:
        for words, then in self._successors(world):
            self.found.edges += 1
            if then in came:
                continue
            came[then] = (world, words)
            wrong = next((self._fault(request) for request in then[1:] if self._fault(request)), "")
            if wrong:
                self.found.broken.append(f"{wrong}: {' > '.join(_way(came, then))}")
            yield then

    def _successors(self, world: tuple[int, ...]) -> Iterator[tuple[str, tuple[int, ...]]]:
        office, *requests = world
        for words, other in self._office_changes(office):
            yield words, (other, *(self._settle(other, request) for request in requests))
        for place, request in enumerate(requests, 1):
            for words, then in self._request_moves(office, request):
                yield words, (*world[:place], then, *world[place + 1 :])

    def _office_changes(self, office: int) -> list[tuple[str, int]]:
        if office not in self._changes:
            there = next_offices(self.scope, self._offices.all[office])
            self._changes[office] = [(words, self._offices.of(then)) for words, then in there]
        return self._changes[office]

    def _request_moves(self, office: int, request: int) -> list[tuple[str, int]]:
        if (office, request) not in self._moves:
            there = steps_on(self.scope, self._offices.all[office], self._requests.all[request])
            self._moves[office, request] = [(words, self._requests.of(then)) for words, then in there]
        return self._moves[office, request]

    def _settle(self, office: int, request: int) -> int:
        """Leaving changes who decides: a step that has become somebody's own is noted at the next look."""
        if (office, request) not in self._settled:
            then = settled(self.scope, self._offices.all[office], self._requests.all[request])
            self._settled[office, request] = self._requests.of(then)
        return self._settled[office, request]

    def _fault(self, request: int) -> str:
        if request not in self._wrong:
            self._wrong[request] = next(faults(self.scope, self._requests.all[request]), "")
        return self._wrong[request]


class _Numbered(Generic[Thing]):
    """Things that are equal have one number."""

    def __init__(self) -> None:
        self.all: list[Thing] = []
        self._numbers: dict[Thing, int] = {}

    def of(self, thing: Thing) -> int:
        """The number of a thing, its place in `all`."""
        number = self._numbers.setdefault(thing, len(self.all))
        if number == len(self.all):
            self.all.append(thing)
        return number


def search(scope: Scope, most: int = 10**9) -> Found:
    """All reachable worlds; see Search."""
    return Search(scope).run(most)


def _way(came: dict[Any, Any], world: tuple[int, ...]) -> list[str]:
    words: list[str] = []
    while (step := came[world]) is not None:
        world, said = step
        words.insert(0, said)
    return words


def forget() -> None:
    """Ask the rules anew: a test has changed them."""
    for remembered in (organisation, resolution, moved):
        remembered.cache_clear()
