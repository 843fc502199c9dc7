"""The people who meet over one request: what each does, and what must hold whoever was quicker.

The check knows nothing of the rules: it follows the deeds that were allowed and says what must not have happened then.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from django.db import DatabaseError

from mifeng.base import clock, numbers, record
from mifeng.base.models import Counter, Issued
from mifeng.base.refusals import Conflict, NotThere, Refused
from mifeng.rooms.approvals import actions, grants, rules
from mifeng.rooms.approvals.facts import State, Wanted
from mifeng.rooms.approvals.models import Approval, Grant
from mifeng.rooms.documents import actions as documents
from mifeng.rooms.documents.facts import ScopeLine
from mifeng.rooms.documents.models import Document
from mifeng.rooms.people import actions as people
from mifeng.rooms.people.models import Delegation
from tests import factories, matters
from tests.cast import Cast
from tests.rooms.approvals.steps import Actor, rows

PAGES = frozenset({1, 2})
SERIES = "复密"
MONTH = timedelta(days=30)
WEEK = timedelta(days=7)


@contextmanager
def office() -> Iterator[str]:
    """A paper in force, and the matter of copying it, which looks whether the paper is frozen; gives the paper's key."""
    document = factories.classified(Cast())
    frozen = lambda approval: Document.objects.get(pk=document.pk).frozen  # noqa: E731
    with matters.announced("copy", frozen=frozen):
        yield document.item_key


def asked(item_key: str, copies: int = 1) -> Approval:
    """A request to copy two pages, which waits for the deputy or the GM."""
    return matters.ask(Cast().drafter, "copy", item_key=item_key, wanted=Wanted(copies=copies, pages=PAGES))


def approved(item_key: str) -> None:
    """The same, approved: a grant of one use."""
    actions.approve(Cast().deputy, asked(item_key), "同意")


def begun(item_key: str) -> None:
    """A grant of two uses, of which one is spent; the GM's decisions are delegated, a number is drawn."""
    approval = actions.approve(Cast().deputy, asked(item_key, copies=2), "同意")
    spend((Cast().clerk, approval.grants.get()))
    delegate((Cast().gm, Cast().board_secretary))
    draw((Cast().clerk, 0))


def delegated(item_key: str) -> None:
    """A request, while the GM's decisions are delegated."""
    asked(item_key)
    delegate((Cast().gm, Cast().board_secretary))


STARTS: dict[str, Callable[[str], Any]] = {"asked": asked, "delegated": delegated, "approved": approved, "begun": begun}


# ------------------------------------------------------------------------------------------------- what each of them does


def spend(seen: Any) -> None:
    """The clerk makes one copy of both pages."""
    clerk, grant = seen
    matters.inside(clerk, grants.spend, clerk, grant, act="copy", item_key=grant.item_key, pages=PAGES)


def register(seen: Any) -> None:
    """The clerk enters the copy under the next number."""
    clerk, approval = seen
    matters.inside(clerk, lambda: grants.register(approval, numbers.register_number(SERIES, numbers.take(SERIES))))


def close(seen: Any) -> None:
    """The clerk closes the matter."""
    clerk, approval = seen
    matters.inside(clerk, grants.close, approval)


def lapse(seen: Any) -> None:
    """A week goes by, and the house writes down what has lapsed."""
    clerk, approval = seen
    with clock.played(clock.now() + WEEK):
        actions.lapse(clerk, approval)


def delegate(seen: Any) -> None:
    """The GM delegates his decisions on copies."""
    giver, taker = seen
    today = clock.today()
    actions.delegate(giver, taker, act="copy", level_max=20, since=today, until=today + MONTH, paper="授权书第三号")


def draw(seen: Any) -> None:
    """A number is drawn; which one the page showed as the last does not matter."""
    clerk, _last = seen
    matters.inside(clerk, numbers.take, SERIES)


def draw_from_page(seen: Any) -> None:
    """What a careless program would do: the number after the one that the page showed."""
    clerk, last = seen

    def issue() -> None:
        Issued.objects.create(series=SERIES, year=clock.today().year, n=last + 1)
        Counter.objects.update_or_create(series=SERIES, year=clock.today().year, defaults={"n": last + 1})

    matters.inside(clerk, issue)


def void(seen: Any) -> None:
    """The last number becomes void; whoever does it gives his own reason."""
    clerk, number = seen
    matters.inside(clerk, numbers.void, number, f"{clerk.name}:卡纸")


def _request() -> Approval | None:
    return Approval.objects.filter(act="copy").first()


def _with(who: str, what: Callable[[], Any]) -> Callable[[], Any]:
    """What a page shows: who looks, and the thing itself; None when it is not there."""

    def load() -> Any:
        found = what()
        return None if found is None else (getattr(Cast(), who), found)

    return load


def _paper() -> Document:
    return Document.objects.get()


def _person(login: str) -> Callable[[], Any]:
    return lambda: getattr(Cast(), login)


def _on_request(name: str, who: str, deed: Callable[..., Any], *told: Any) -> Actor:
    return Actor(name, _with(who, _request), lambda seen: deed(*seen, *told))


def _number() -> Issued | None:
    return Issued.objects.filter(series=SERIES).order_by("-n").first()


def _last_number() -> int:
    number = _number()
    return number.n if number else 0


def _narrow(seen: Any) -> None:
    drafter, document = seen
    documents.narrow_scope(drafter, document, (ScopeLine("person", Cast().insider.uid),), "离组")


ACTORS: tuple[Actor, ...] = (
    _on_request("approve", "deputy", actions.approve, "同意"),
    _on_request("gm approves", "gm", actions.approve, "同意"),
    _on_request("delegate approves", "board_secretary", actions.approve, "同意"),
    _on_request("return", "deputy", actions.send_back, "份数过多"),
    _on_request("withdraw", "drafter", actions.withdraw),
    _on_request("revoke", "deputy", actions.revoke, "项目停止"),
    Actor("spend", _with("clerk", Grant.objects.first), spend),
    Actor("lapse", _with("second_clerk", _request), lapse),
    Actor("delegate", _with("gm", _person("board_secretary")), delegate),
    Actor("end delegation", _with("gm", Delegation.objects.first), lambda seen: actions.end_delegation(*seen)),
    Actor("deputy leaves", _with("secadmin", _person("deputy")), lambda seen: people.close_account(*seen)),
    Actor("deputy's post ends", _with("hr", _person("deputy")), lambda seen: people.end_post(*seen, "deputy_gm")),
    Actor("clerk leaves", _with("secadmin", _person("clerk")), lambda seen: people.close_account(*seen)),
    Actor("clerk's post ends", _with("hr", _person("clerk")), lambda seen: people.end_post(*seen, "clerk")),
    Actor("freeze", _with("office_head", _paper), lambda seen: documents.freeze(*seen, (), "疑似泄密")),
    Actor("confirm freeze", _with("office_head", _paper), lambda seen: documents.confirm_freeze(*seen)),
    Actor("narrow scope", _with("drafter", _paper), _narrow),
    Actor("register", _with("clerk", _request), register),
    Actor("close", _with("second_clerk", _request), close),
    Actor("draw", _with("clerk", _last_number), lambda seen: draw(seen)),
    Actor("void", _with("clerk", _number), void),
    Actor("second void", _with("second_clerk", _number), void),
)  # fmt: skip
BY_NAME = {actor.name: actor for actor in ACTORS}


# ------------------------------------------------------------------------------------------------------ what must hold

REFUSALS = (Refused, Conflict, NotThere)
# Whose deed it is; whoever has left does nothing any more, whatever his page still shows.
BY = {"deputy leaves": frozenset({"approve", "return", "revoke"}), "clerk leaves": frozenset({"spend"})}
NAMED = (
    "SELECT id, state FROM approvals_approval", "SELECT id, state, uses, uses_left FROM approvals_grant",
    "SELECT approval_id, no, decision, person_id FROM approvals_steptaken ORDER BY id", "SELECT approval_id, role, person_id FROM "
    "approvals_part ORDER BY id", "SELECT id, revoked_on FROM people_delegation ORDER BY id",
    "SELECT id, active FROM people_person WHERE NOT active ORDER BY id",
    "SELECT id, person_id, post, until FROM people_postholding WHERE until IS NOT NULL ORDER BY id",
    "SELECT id, frozen, aset_id, live FROM documents_document ORDER BY id",
    "SELECT id, confirmed_at, ended_at FROM documents_freeze ORDER BY id", "SELECT series, year, n FROM base_counter ORDER BY series",
    "SELECT series, year, n, void FROM base_issued ORDER BY id", "SELECT size FROM log_head",
)  # fmt: skip
APPROVALS, GRANTS, STEPS, PARTS, DELEGATIONS, GONE, ENDED, PAPERS, FREEZES, COUNTERS, NUMBERS, SIZE = range(12)


@dataclass(frozen=True)
class Watch:
    """What happened so far, as somebody who only watches the deeds knows it, and the first fault he saw."""

    done: tuple[str, ...] = ()
    before: tuple[Any, ...] = field(default_factory=lambda: rows(*NAMED))
    spent: int = 0
    used_up_by: int = 0  # how often the grant may be used
    reasons: tuple[tuple[int, str], ...] = ()
    fault: str = ""

    def after(self, actor: Actor, seen: Any) -> "Watch":
        """Do the deed, and look."""
        try:
            actor.deed(seen)
            allowed, broken = True, ""
        except REFUSALS:
            allowed, broken = False, ""
        except DatabaseError:
            allowed, broken = False, "stopped by the database alone"
        except Exception as error:  # noqa: BLE001  # whatever it was, it is no refusal in words
            allowed, broken = False, f"{type(error).__name__}: {error}"
        now = rows(*NAMED)
        watch = replace(
            self, before=now, done=(*self.done, actor.name) if allowed else self.done,
            spent=self.spent + (allowed and actor.name == "spend"), used_up_by=max((g[2] for g in now[GRANTS]), default=0),
            reasons=self._reasons(),
        )  # fmt: skip
        found = [broken, *_deed(self, now, allowed, actor), *_who(self, allowed, actor), *_states(self, now), *_uses(watch, now)]
        found += [*_signatures(now), *_stays(self, watch, now), *_numbers(now)]
        return replace(watch, fault=next(filter(None, found), ""))

    def _reasons(self) -> tuple[tuple[int, str], ...]:
        told = dict(self.reasons)
        for number in Issued.objects.filter(void=True, series=SERIES):
            told.setdefault(number.pk, number.void_reason)
        return tuple(sorted(told.items()))


def begin() -> Watch:
    """The watch at the beginning: what was spent before counts."""
    now = rows(*NAMED)
    spent = sum(uses - left for _pk, _state, uses, left in now[GRANTS])
    return Watch(before=now, spent=spent, used_up_by=max((g[2] for g in now[GRANTS]), default=0))


Faults = Iterator[str]


def _deed(before: Watch, now: Any, allowed: bool, actor: Actor) -> Faults:
    """One entry a deed; nothing else of a refused deed."""
    grown = now[SIZE][0][0] - before.before[SIZE][0][0]
    if grown != 1:
        yield f"the log grew by {grown} entries in one deed"
    last = record.entries(now[SIZE][0][0] - 1)[-1][1]
    said = last["why"] == ["Conflict"] if last["out"] == "failed" else (last["out"] == "allowed") is allowed
    if not said:
        yield f"the entry says {last['out']} of {actor.name}"
    if not allowed and now[:SIZE] != before.before[:SIZE]:
        yield f"a refused deed changed something: {actor.name}"
    if record.has_open_entry():
        yield "an entry was left open"


def _who(before: Watch, allowed: bool, actor: Actor) -> Faults:
    """Nobody acts who has left, nobody decides whose post or delegation is over, nothing is used that is frozen or over."""
    done = set(before.done)
    if not allowed:
        return
    if any(actor.name in BY[gone] for gone in done & BY.keys()):
        yield f"{actor.name} by somebody who has left"
    if actor.name in ("approve", "return") and "deputy's post ends" in done:
        yield "decided without the post"
    if actor.name == "spend" and "clerk's post ends" in done:
        yield "carried out without the post"
    if actor.name == "delegate approves" and "end delegation" in done:
        yield "decided by a delegation that was over"
    over = {"lapse", "revoke", "freeze"} & done
    if actor.name == "spend" and over:
        yield f"used after {over.pop()}"
    if actor.name in ("approve", "gm approves", "delegate approves") and {"return", "withdraw"} & done:
        yield "approved what was returned or withdrawn"


def _states(before: Watch, now: Any) -> Faults:
    """States go only where the table leads."""
    was = dict(before.before[APPROVALS])
    for pk, state in now[APPROVALS]:
        if pk in was and was[pk] != state and (State(was[pk]), State(state)) not in rules.pairs():
            yield f"from {was[pk]} to {state}"
    live = [state for _pk, state, _uses, _left in now[GRANTS] if state == "approved"]
    running = [state for _pk, state in now[APPROVALS] if state in ("approved", "executing", "registered", "closed")]
    if len(live) > len(running):
        yield "a grant outlives its approval"


def _uses(watch: Watch, now: Any) -> Faults:
    """Every use counts once, no more than were granted; an ended grant has none left."""
    if watch.spent > watch.used_up_by:
        yield f"{watch.spent} uses of {watch.used_up_by}"
    if len(now[GRANTS]) > 1:
        yield "two grants of one request"
    for _pk, state, uses, left in now[GRANTS]:
        if left != (uses - watch.spent if state == "approved" else 0):
            yield f"{left} uses left of {uses}, {watch.spent} spent"


def _signatures(now: Any) -> Faults:
    """One signature a step, never the applicant's; one part a person."""
    steps = [(approval, no) for approval, no, decision, _person in now[STEPS] if decision == "approved"]
    if len(steps) != len(set(steps)):
        yield "a step signed twice"
    applicants = {(approval, person) for approval, role, person in now[PARTS] if role == "applicant"}
    for approval, no, _decision, person in now[STEPS]:
        if (approval, person) in applicants:
            yield f"own request decided at step {no}"
    if len(now[PARTS]) != len({(approval, person) for approval, _role, person in now[PARTS]}):
        yield "two parts of one person"


def _stays(before: Watch, watch: Watch, now: Any) -> Faults:
    """What was ended stays ended: whoever left, posts, delegations, freezes, narrowed scopes, void numbers and why."""
    was = before.before
    for name, part in (("left", GONE), ("post ended", ENDED)):
        if not set(was[part]) <= set(now[part]):
            yield f"undone: {name}"
    for name, part, column in (("delegation ended", DELEGATIONS, 1), ("freeze confirmed", FREEZES, 1), ("frozen", PAPERS, 1)):
        ended = {row[0] for row in was[part] if row[column]}
        if not ended <= {row[0] for row in now[part] if row[column]}:
            yield f"undone: {name}"
    if "narrow scope" in before.done and {row[2] for row in was[PAPERS]} != {row[2] for row in now[PAPERS]}:
        yield "undone: scope narrowed"
    if not {row for row in was[NUMBERS] if row[3]} <= set(now[NUMBERS]):
        yield "undone: number void"
    for number in Issued.objects.filter(pk__in=[pk for pk, _reason in before.reasons]):
        if dict(before.reasons)[number.pk] != number.void_reason:
            yield "the reason of a void number was written over"


def _numbers(now: Any) -> Faults:
    """Issued and void together are the counter: no gap, no number twice."""
    for series, year, n in now[COUNTERS]:
        given = sorted(row[2] for row in now[NUMBERS] if row[:2] == (series, year))
        if given != list(range(1, n + 1)):
            yield f"numbers {given} of {n}"
