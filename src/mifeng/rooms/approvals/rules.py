"""Who decides a step today, and what may happen to a request. Pure: facts in, answer out.

The matrix names posts; persons are found for one matter on one day. Nobody decides his own request, nobody decides what
concerns him, and whoever plays another part of the form stays out, whichever post he holds.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from mifeng.clauses import matrix
from mifeng.engines.access.reasons import Decision
from mifeng.rooms.approvals.facts import (
    EVENT_WORDS,
    MERGED,
    PASSED_OVER,
    STATE_WORDS,
    Candidate,
    Circumstances,
    Event,
    Matter,
    Organisation,
    PersonFacts,
    Refusal,
    Resolution,
    Sight,
    State,
)

HEADS = frozenset({"owning_dept_head", "applicant_dept_head", "site_dept_head"})
OFFICERS = frozenset({"sysadmin", "secadmin", "auditor"})


def resolve(matter: Matter, organisation: Organisation) -> Resolution:
    """Who decides the present step of the matter.

    A department head's step whose head is the applicant is passed over if a later step remains; any other step that
    nobody can decide climbs. The only one who decides this step and is the only one at a later step, too, signs once,
    there; where another could sign the later step in his place, his own look would be lost, so he signs both. Delegates
    come after those they act for.
    """
    found = _decided_by(matter, organisation, matter.step_no)
    if found.noted or not found.candidates:
        return found
    persons = {candidate.pid for candidate in found.candidates}
    if len(persons) == 1 and any(persons == deciders for deciders in _later(matter, organisation)):
        return Resolution(noted=MERGED)
    return Resolution((*found.candidates, *_delegates(matter, organisation, found.candidates)))


def route(matter: Matter, organisation: Organisation) -> list[Resolution]:
    """Every step of the matter in order, as it would be decided today."""
    return [resolve(replace(matter, step_no=number), organisation) for number in range(len(matter.steps))]


def last_by(post: str, steps: list[list[str]]) -> list[list[str]]:
    """The steps of a matter whose last word a clause gives to one post alone: nobody else signs there, and where the table
    does not name it the post signs after all others. "" = the steps as they are; what nobody can approve stays so.
    """
    if not post or not steps:
        return steps
    return [*(steps[:-1] if post in steps[-1] else steps), [post]]


def unreachable(matter: Matter, organisation: Organisation) -> tuple[str, ...]:
    """Where only a few may know the item (embargo, sole custody): the posts of the first step, this one or a later, that
    none of them can decide and nobody above it; () where somebody can, and where the item is not limited to a few.
    """
    if matter.handlers is None:
        return ()
    numbers = range(matter.step_no, len(matter.steps))
    return next((matter.steps[n] for n in numbers if resolve(replace(matter, step_no=n), organisation).dead), ())


def may_decide(pid: int, matter: Matter, organisation: Organisation) -> Decision:
    """Whether this person decides the present step; a refusal says who does, and names the act's clause."""
    if any(candidate.pid == pid for candidate in resolve(matter, organisation).candidates):
        return Decision.permit("resolved_approver", matrix.act(matter.act).clauses[0])
    rule, why = _shut_out(pid, matter, organisation) or ("wrong_approver", "")
    en = "Only those whom the table of approvals names for this step decide it, and nobody decides on his own request."
    return Decision.refuse(rule, matrix.act(matter.act).clauses[0], why + _must_be(matter), en=en)


def _must_be(matter: Matter) -> str:
    posts = "或".join(matrix.post_word(post) for post in matter.steps[matter.step_no])
    return f"{matrix.act(matter.act).zh}须由{posts}批准"


def _shut_out(pid: int, matter: Matter, organisation: Organisation) -> tuple[str, str] | None:
    person = organisation.by_pid.get(pid)
    if pid == matter.applicant:
        return "own_request", "申请人不得批准自己的申请;"
    if pid in matter.concerned:
        return "person_concerned", "当事人回避;"
    if person is None or not person.active:
        return "left", "已离岗的人员不得批准;"
    if pid in _other_parts(matter):
        return "other_part", "在此事项中另有分工的人员不得批准;"
    return None


def _decided_by(matter: Matter, organisation: Organisation, number: int) -> Resolution:
    """The step without its later steps and without delegates."""
    posts = matter.steps[number]
    holders = [(post, pid) for post in posts for pid in _holders(post, matter, organisation)]
    found = _eligible(holders, matter, organisation)
    if found:
        return Resolution(found)
    own = any(pid == matter.applicant for _, pid in holders)
    if own and HEADS.issuperset(posts) and number + 1 < len(matter.steps):
        return Resolution(noted=PASSED_OVER)
    for post in posts:
        for rung in _ladder(post, matter, organisation):
            found = _eligible([(post, pid) for pid in rung], matter, organisation)
            if found:
                return Resolution(found)
    return Resolution()


def _later(matter: Matter, organisation: Organisation) -> Iterator[set[int]]:
    for number in range(matter.step_no + 1, len(matter.steps)):
        yield {candidate.pid for candidate in _decided_by(matter, organisation, number).candidates}


def _holders(post: str, matter: Matter, organisation: Organisation) -> tuple[int, ...]:
    """Who holds the post for this matter today; relative posts are picked by the matter."""
    if post in HEADS:
        return organisation.heads.get(_department(post, matter, organisation), ())
    if post == "deputy_gm":
        return _supervisor(matter.department, organisation)
    if post == "classifier":
        decided = organisation.by_pid.get(matter.classifier) if matter.classifier is not None else None
        return (decided.pid,) if decided and decided.active else _supervisor(matter.department, organisation)
    if post in ("chair", "subject_leader"):
        named = matter.chair if post == "chair" else matter.leader
        return () if named is None else (named,)
    return organisation.holders(post)


def _supervisor(department: int, organisation: Organisation) -> tuple[int, ...]:
    """The deputy GM over a department; the GM where he supervises it himself; nobody when the one named is neither."""
    pid = organisation.supervisors.get(department)
    leads = pid is not None and (organisation.holds(pid, "deputy_gm") or organisation.holds(pid, "gm"))
    return (pid,) if leads and pid is not None else ()


def _department(post: str, matter: Matter, organisation: Organisation) -> int:
    """Whose department a post is looked for in."""
    if post == "applicant_dept_head":
        return organisation.by_pid[matter.applicant].department
    if post == "site_dept_head" and matter.site_department is not None:
        return matter.site_department
    if post in HEADS or post in matrix.matrix().relative or post in ("deputy_gm", "classifier", "gm"):
        return matter.department
    holders = organisation.by_post.get(post, ())
    return holders[0].department if holders else matter.department


def _ladder(post: str, matter: Matter, organisation: Organisation) -> Iterator[tuple[int, ...]]:
    """Who stands in when nobody of the post can: its B person, the supervising deputy GM, the GM, the board secretary.

    The board secretary decides the GM's own requests; a company without one uses a second deputy GM. Where there is no GM
    and the secretary stands in for him, a deputy GM decides the secretary's own requests. The leader whose own affairs they
    are is never stood in for.
    """
    if post == "subject_leader":
        return
    department = _department(post, matter, organisation)
    named = "dept_head" if post in HEADS else post
    yield tuple(b.pid for b in organisation.b_persons if b.post == named and b.department in (None, department))
    if post not in ("deputy_gm", "gm"):
        yield _supervisor(department, organisation)
    if post != "gm":
        yield organisation.holders("gm")
    secretary = organisation.holders("board_secretary")
    yield secretary
    if not secretary or not organisation.holders("gm"):
        yield organisation.holders("deputy_gm")


def next_higher(matter: Matter, organisation: Organisation) -> tuple[int, ...]:
    """Who is *told* when the present step waits too long: the first above those who decide it.

    Never the applicant, anybody concerned, or an approver himself. To be told makes nobody an approver.
    """
    approvers = resolve(matter, organisation).candidates
    shut = {matter.applicant, *matter.concerned, *(one.pid for one in approvers)}
    for one in approvers:
        for higher in islice(_ladder(one.post, matter, organisation), 1, None):  # the B person stands beside, not above
            if found := tuple(pid for pid in higher if pid not in shut and organisation.by_pid[pid].active):
                return found
    return ()


def _eligible(holders: list[tuple[str, int]], matter: Matter, organisation: Organisation) -> tuple[Candidate, ...]:
    """Those of them who may decide this matter, each once, under the first post that fits."""
    found: dict[int, Candidate] = {}
    for post, pid in holders:
        person = organisation.by_pid.get(pid)
        if person and pid not in found and _may_stand(person, post, matter):
            found[pid] = Candidate(pid, post)
    return tuple(found.values())


def _may_stand(person: PersonFacts, post: str, matter: Matter) -> bool:
    if not person.active or person.pid == matter.applicant or person.pid in matter.concerned:
        return False
    if person.pid in _other_parts(matter) or (person.posts & OFFICERS and post not in OFFICERS):
        return False
    if matter.handlers is not None and person.pid not in matter.handlers:
        return False
    # Whoever must not know the item cannot judge it: the request goes to the next one who may.
    return person.clearance >= matter.level or not matrix.act(matter.act).has_levels


def _other_parts(matter: Matter) -> set[int]:
    separate = matrix.act(matter.act).separate
    return {pid for role, pid in matter.parts if role != "approver" and role in separate}


def _delegates(matter: Matter, organisation: Organisation, candidates: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """Who acts for one of the candidates by a written delegation in force; never somebody of the same chain."""
    if not organisation.delegations:
        return ()
    chain = set(matter.signed)
    for number in range(len(matter.steps)):
        chain |= {found.pid for found in _decided_by(matter, organisation, number).candidates}
    found: dict[int, Candidate] = {}
    for candidate in candidates:
        if candidate.post == "subject_leader":
            continue  # his own affairs: nobody but himself (L1, L3)
        for given in organisation.delegations:
            if given.principal != candidate.pid or given.delegate in chain or given.delegate in found:
                continue
            delegate = organisation.by_pid.get(given.delegate)
            covers = given.act == matter.act and matter.level <= given.level_max and _names_case(given.case_key, matter)
            in_time = given.since <= organisation.on <= given.until and not given.revoked
            if delegate and covers and in_time and _may_stand(delegate, candidate.post, matter):
                found[delegate.pid] = Candidate(delegate.pid, candidate.post, candidate.pid)
    return tuple(found.values())


def _names_case(case_key: str, matter: Matter) -> bool:
    """A delegation for external provision names its case (M4); others may cover every case of the act."""
    return case_key == matter.case_key if case_key else matter.act != "external_provision"


def involved(matter: Matter, organisation: Organisation) -> frozenset[int]:
    """Everybody whose facts may change who decides a step: holders of its posts and of those it climbs to, B persons,
    delegates and whom they act for, and whoever the matter names.
    """
    posts = {post for step in matter.steps for post in step} | {"deputy_gm", "gm", "board_secretary"}
    found = {pid for post in posts for pid in _holders(post, matter, organisation)}
    found |= {pid for post in ("deputy_gm", "gm") for pid in organisation.holders(post)}
    found |= {pid for key in departments(matter, organisation) for pid in _supervisor(key, organisation)}
    found |= {b.pid for b in organisation.b_persons}
    found |= {pid for given in organisation.delegations if given.act == matter.act for pid in (given.principal, given.delegate)}
    named = {matter.applicant, matter.chair, matter.leader, matter.classifier} - {None}
    return frozenset(found | named)  # type: ignore[arg-type]  # None was taken out


def departments(matter: Matter, organisation: Organisation) -> frozenset[int]:
    """The departments that the posts of a matter are looked for in, and those above them."""
    applicant = organisation.by_pid.get(matter.applicant)
    waiting = [matter.department, matter.site_department, applicant.department if applicant else None]
    found: set[int] = set()
    while waiting:
        key = waiting.pop()
        if key is not None and key not in found and key in organisation.by_key:
            found.add(key)
            waiting.append(organisation.by_key[key].parent)
    return frozenset(found)


# Acts that cannot be decided without reading: the approver sees exactly the pages concerned, and is one who knows.
READING = frozenset({
    "classify", "downgrade_or_release_early", "upgrade", "extend_term", "widen_scope", "excerpt", "external_provision",
    "publicity", "destroy",
})  # fmt: skip


def sight(pid: int, matter: Matter, organisation: Organisation) -> Sight:
    """What this person sees of the item while he decides the present step; nothing unless he does.

    For acts that must be judged: the pages concerned. For the others (copy, print, lend, carry out): title and first page
    where the owning department is under him, else the title only.
    """
    if not any(found.pid == pid for found in resolve(matter, organisation).candidates):
        return Sight.NOTHING
    return seen_by(pid, matter, organisation)


def seen_by(pid: int, matter: Matter, organisation: Organisation) -> Sight:
    """The same for somebody of whom it is known already that he decides the step."""
    if matter.act in READING:
        return Sight.PAGES
    under = pid in organisation.heads.get(matter.department, ()) or pid in _supervisor(matter.department, organisation)
    return Sight.FIRST_PAGE if under or organisation.holds(pid, "gm") else Sight.TITLE


def pages_opened(seen: Sight, concerned: frozenset[int]) -> frozenset[int] | None:
    """Which pages a sight opens: those that the request concerns, None = every page, an empty set = no page at all.

    `concerned`: pages that the request names, from 1; none = it concerns the whole item.
    """
    if seen is Sight.PAGES:
        return concerned or None
    return frozenset({1}) if seen is Sight.FIRST_PAGE else frozenset()


# ------------------------------------------------------------------------------------------------- what may happen next

Guard = Callable[[Circumstances], Refusal | None]
Holds = Callable[[Circumstances], bool]


@dataclass(frozen=True)
class Row:
    """One line of the table: all guards must let it pass, then the state that follows.

    `holds`: what the guards ask, without their words. Where all of it is so, no guard refuses.
    """

    guards: tuple[Guard, ...]
    then: Callable[[Circumstances], State]
    holds: tuple[Holds, ...] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "holds", tuple(guard.holds for guard in self.guards))  # type: ignore[attr-defined]


def _guard(rule: str, holds: Holds, zh: str) -> Guard:
    def look(facts: Circumstances) -> Refusal | None:
        return None if holds(facts) else Refusal(rule, matrix.act(facts.act).clauses[0], zh)

    look.__name__, look.holds = rule, holds  # type: ignore[attr-defined]
    return look


def _conditions_hold(facts: Circumstances) -> Refusal | None:
    """The conditions of the row, by name; the first that fails names its own clause."""
    for name in matrix.act(facts.act).conditions:
        if name in facts.failing:
            condition = matrix.condition(name)
            en = f"A condition of the table of approvals is not met: {name.replace('_', ' ')}."
            return Refusal(name, condition.clause, f"条件未满足:{condition.zh}", en)
    return None


_conditions_hold.holds = lambda facts: not facts.failing  # type: ignore[attr-defined]
_is_applicant = _guard("applicant_only", lambda f: f.actor_is_applicant, "只能由申请人本人办理")
_not_applicant = _guard("own_request", lambda f: not f.actor_is_applicant, "申请人不得批准自己的申请")
_knows = _guard("must_know", lambda f: f.may_know, "没有这份文件,或您不在知悉范围内")
_decides = _guard("wrong_approver", lambda f: f.decides, "不是本级批准人")
_plays_no_other_part = _guard("other_part", lambda f: not f.other_part, "在此事项中另有分工的人员不得批准")
_gives_reason = _guard("reason_required", lambda f: f.reason_given, "须写明理由")
_is_fixed = _guard("not_fixed", lambda f: f.fixed, "份数、页码、去向和日期须由批准确定")
_has_uses = _guard("used_up", lambda f: f.uses_left > 0, "准予次数已用完")
_in_time = _guard("lapsed", lambda f: not f.past, "批准已过有效期")
_not_frozen = _guard("frozen", lambda f: not f.frozen, "此件因事件冻结")
_is_there = _guard("gone", lambda f: not f.gone, "此件已销毁或收回")
_is_executor = _guard("not_executor", lambda f: f.executor_ready, "只能由持有效委托的执行人办理")
_is_numbered = _guard("not_registered", lambda f: f.numbered, "须同时登记编号")
_is_watched = _guard("not_watched", lambda f: f.watched, "监督人尚未签字")
_is_back = _guard("not_back", lambda f: f.back, "尚未归还")
_is_past = _guard("still_in_force", lambda f: f.past, "批准仍在有效期内")
_is_settled = _guard("not_settled", lambda f: f.settled, "此件未经另行审定")
_may_revoke = _guard("may_not_revoke", lambda f: f.decides or f.superior or f.frozen, "只能由批准人或其上级撤销")


def _then(state: State) -> Callable[[Circumstances], State]:
    return lambda facts: state


def _asked(facts: Circumstances) -> State:
    return State.OPINION if facts.wants_opinion else State.ASKED


def _next_step(facts: Circumstances) -> State:
    return State.ASKED if facts.steps_left else State.APPROVED


_submit = Row((_is_applicant, _knows, _conditions_hold), _asked)
_withdraw = Row((_is_applicant,), _then(State.WITHDRAWN))
_spend = Row((_is_executor, _not_frozen, _is_there, _in_time, _has_uses, _conditions_hold), _then(State.EXECUTING))
_revoke = Row((_may_revoke,), _then(State.REVOKED))
_settle = Row((_is_settled,), _then(State.WITHDRAWN))

# Every pair that is not listed is refused. A returned request is a draft again, with the reason of its return.
TABLE: dict[tuple[State, Event], Row] = {
    (State.DRAFT, Event.SUBMIT): _submit,
    (State.DRAFT, Event.WITHDRAW): _withdraw,
    (State.RETURNED, Event.SUBMIT): _submit,
    (State.RETURNED, Event.WITHDRAW): _withdraw,
    (State.OPINION, Event.GIVE): Row((_not_applicant, _plays_no_other_part), _then(State.ASKED)),
    (State.OPINION, Event.WITHDRAW): _withdraw,
    (State.OPINION, Event.SETTLE): _settle,
    (State.ASKED, Event.APPROVE): Row(
        (_not_applicant, _plays_no_other_part, _decides, _is_fixed, _conditions_hold), _next_step
    ),
    (State.ASKED, Event.RETURN): Row((_not_applicant, _decides, _gives_reason), _then(State.RETURNED)),
    (State.ASKED, Event.WITHDRAW): _withdraw,
    (State.ASKED, Event.SETTLE): _settle,
    (State.APPROVED, Event.SPEND): _spend,
    (State.APPROVED, Event.LAPSE): Row((_is_past,), _then(State.LAPSED)),
    (State.APPROVED, Event.REVOKE): _revoke,
    (State.EXECUTING, Event.SPEND): _spend,
    (State.EXECUTING, Event.REVOKE): _revoke,
    (State.EXECUTING, Event.REGISTER): Row((_is_numbered,), _then(State.REGISTERED)),
    (State.REGISTERED, Event.CLOSE): Row((_is_watched, _is_back), _then(State.CLOSED)),
}


def transition(state: State, event: Event, facts: Circumstances) -> State | Refusal:
    """The state that follows, or why the event does not happen. Total: a pair that the table lacks is refused."""
    row = TABLE.get((state, event))
    if row is None:
        words = f"{STATE_WORDS[State(state)]}的申请不能{EVENT_WORDS[Event(event)]}"
        en = f"A request that is {State(state).value} cannot go this way: {Event(event).value}."
        return Refusal("no_such_step", matrix.act(facts.act).clauses[0], words, en)
    for holds in row.holds:
        if not holds(facts):
            break
    else:
        return row.then(facts)
    for guard in row.guards:
        refusal = guard(facts)
        if refusal is not None:
            return refusal
    return row.then(facts)


def pairs() -> frozenset[tuple[State, State]]:
    """Every change of state that the table allows, for the guard in the database; a state may always stay."""
    cases = [Circumstances("", wants_opinion=opinion, steps_left=left) for opinion in (False, True) for left in (0, 1)]
    return frozenset((state, row.then(case)) for (state, _event), row in TABLE.items() for case in cases)


def is_superior(pid: int, of: int, department: int, organisation: Organisation) -> bool:
    """Whether somebody stands above an approver: the GM over all, the supervising deputy GM over everybody but the GM."""
    if pid == of or organisation.holds(of, "gm"):
        return False
    if organisation.holds(pid, "gm"):
        return True
    return pid in _supervisor(department, organisation) and not organisation.holds(of, "deputy_gm")
