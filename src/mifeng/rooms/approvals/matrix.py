"""The matrix met by an organisation: which request would find nobody to decide it. Asked at the start and by doctor."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from mifeng.clauses import matrix
from mifeng.clauses.levels import RANKS
from mifeng.clauses.matrix import Steps
from mifeng.rooms.approvals import changes, rules
from mifeng.rooms.approvals.changes import Cell
from mifeng.rooms.approvals.facts import Matter, Organisation, PersonFacts
from mifeng.rooms.approvals.rules import OFFICERS

# Posts that no step of the table names and that no rule looks at: their holders ask alike.
PLAIN = frozenset({"employee", "clerk", "secrecy_officer", "it_staff", "archivist", "guard", "seal_keeper"})


@dataclass(frozen=True)
class DeadEnd:
    """A request that would stand still: act, column of the matrix, owning department, applicant, step (from 0)."""

    act: str
    column: str
    department: int
    applicant: int
    step_no: int


def matter(act: str, level: int | str, *, applicant: int, department: int, case: str = "") -> Matter:
    """A request as the matrix in force begins it. Steps are empty where nobody can approve it. Raises UnknownAct."""
    rank = RANKS[level] if isinstance(level, str) else int(level)
    steps = tuple(tuple(step) for step in matrix.steps(act, level, case))
    return Matter(act=act, level=rank, steps=steps, applicant=applicant, department=department)


def dead_ends(organisation: Organisation, table: Mapping[Cell, Steps] | None = None) -> list[DeadEnd]:
    """Every act, level, department and applicant that nobody could decide; empty for a company that may start.

    `table`: the steps by act and column that are asked about, as they are in force or as a change would have them; None =
    all, as shipped. Of people who hold no post that decides, one a department is asked for all of them. A level at which
    nobody may approve at all is a decision of the regulation, no dead end.
    """
    found: list[DeadEnd] = []
    for request, column in _requests(organisation, changes.shipped() if table is None else table):
        for number, decided in enumerate(rules.route(request, organisation)):
            if decided.dead:
                found.append(DeadEnd(request.act, column, request.department, request.applicant, number))
    return list(dict.fromkeys(found))


def _requests(organisation: Organisation, table: Mapping[Cell, Steps]) -> Iterator[tuple[Matter, str]]:
    """Every request that somebody of the organisation could make, with the column that holds for it."""
    applicants = _applicants(organisation)
    for act in matrix.acts():
        for column in act.levels:
            steps = table.get((act.id, column), ())
            for person in applicants if steps else ():
                if not _holds_for(column, act, person):
                    continue
                for department in organisation.departments:
                    level = RANKS.get(column, RANKS["internal"])
                    begun = Matter(act.id, level, steps, person.pid, department.key)
                    yield from ((variant, column) for variant in _variants(begun, organisation))


def _applicants(organisation: Organisation) -> list[PersonFacts]:
    """Everybody who may ask; of those who hold nothing and stand in for nobody, one a department stands for all."""
    named = {department.supervisor for department in organisation.departments} | {b.pid for b in organisation.b_persons}
    named |= {pid for given in organisation.delegations for pid in (given.principal, given.delegate)}
    found: list[PersonFacts] = []
    seen: set[int] = set()
    for person in organisation.people:
        plain = person.posts <= PLAIN and person.pid not in named
        if person.active and not (plain and person.department in seen):
            found.append(person)
            seen |= {person.department} if plain else set()
    return found


def _holds_for(column: str, act: matrix.Act, person: PersonFacts) -> bool:
    """The case `officer` holds for the accounts of the three officers and replaces `any` for them."""
    is_officer = bool(person.posts & OFFICERS)
    if column == "officer":
        return is_officer
    return not (is_officer and "officer" in act.levels)


def _variants(begun: Matter, organisation: Organisation) -> Iterator[Matter]:
    """The same request with every chair, leader or classifier that could be named in it."""
    posts = {post for step in begun.steps for post in step}
    if "chair" in posts:
        chairs = {begun.applicant, *organisation.holders("dept_head"), *_leaders(organisation)}
        yield from (replace(begun, chair=pid) for pid in sorted(chairs))
    elif "subject_leader" in posts:
        # A leader needs nobody's leave to tell his own affairs.
        leaders = {*_leaders(organisation), *organisation.holders("board_secretary")} - {begun.applicant}
        yield from (replace(begun, leader=pid) for pid in sorted(leaders))
    elif "classifier" in posts:
        yield from (replace(begun, classifier=pid) for pid in (None, *_leaders(organisation)))
    else:
        yield begun


def _leaders(organisation: Organisation) -> tuple[int, ...]:
    return organisation.holders("gm") + organisation.holders("deputy_gm")
