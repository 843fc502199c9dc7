"""The conditions of the matrix by name: what each looks at. Pure.

A condition is checked when the request is sent, at every decision and when the grant is used. The ones in KNOWN rest on
the request itself; those in AWAITED rest on a room that does not stand yet: they refuse nothing, `mifeng doctor` lists
them as 未启用, and a matter that announces a predicate of that name takes its place. What FOLLOWED names is done afterwards.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from mifeng.clauses import matrix
from mifeng.clauses.levels import RANKS
from mifeng.rooms.approvals.facts import DESTINATION_WORDS, Moment, Stage

Predicate = Callable[[Moment], bool]


class UnknownCondition(Exception):
    """The matrix names a condition that nobody checks: says which."""


def _at(stage: Stage, holds: Predicate) -> Predicate:
    """Looked at from this stage on only: what is asked for at the execution cannot fail before."""
    later = {Stage.SUBMIT: set(Stage), Stage.DECIDE: {Stage.DECIDE, Stage.EXECUTE}, Stage.EXECUTE: {Stage.EXECUTE}}[stage]
    return lambda moment: moment.stage not in later or holds(moment)


def _below_top_or(holds: Predicate) -> Predicate:
    return lambda moment: moment.level < RANKS["top_secret"] or holds(moment)


def _window(moment: Moment) -> bool:
    since, until = moment.wanted.since, moment.wanted.until
    return since is not None and until is not None and since < until


def _two_watchers(moment: Moment) -> bool:
    return len(moment.watchers - {moment.applicant, moment.actor}) >= 2


KNOWN: dict[str, Predicate] = {
    "decider_is_not_drafter": lambda m: m.stage is not Stage.DECIDE or m.actor != m.applicant,
    "filed_with_gmo_office": lambda m: bool(m.number),
    "end_date_and_purpose_given": lambda m: bool(m.purpose.strip()) and m.wanted.until is not None,
    "count_and_pages_fixed": lambda m: m.wanted.copies > 0 and bool(m.wanted.pages),
    "count_fixed": lambda m: m.wanted.copies > 0,
    "top_secret_in_reading_room_only": _below_top_or(lambda m: m.wanted.destination == "reading_room"),
    "two_carriers_at_top_secret": _below_top_or(lambda m: len(set(m.wanted.people)) >= 2),
    "destination_kind_allowed": lambda m: m.wanted.destination in DESTINATION_WORDS,
    "return_or_destroy_date": lambda m: m.wanted.until is not None,
    "approved_before_handover": _at(
        Stage.EXECUTE, lambda m: m.decided is not None and m.now is not None and m.decided <= m.now
    ),
    "executor_entrusted": _at(Stage.EXECUTE, lambda m: m.entrusted),
    "two_witnesses_neither_applicant_nor_executor": _at(Stage.EXECUTE, _two_watchers),
    "acts_levels_and_period_named": _window,
    "attendees_named": lambda m: bool(m.wanted.people),
    "named_persons": lambda m: bool(m.wanted.people),
    "purpose_window_escort_given": lambda m: bool(m.purpose.strip()) and _window(m) and bool(m.wanted.people),
    "impressions_fixed": lambda m: m.wanted.copies > 0,
    "keeper_neither_applicant_nor_approver": _at(
        Stage.EXECUTE, lambda m: m.actor != m.applicant and m.actor not in m.approvers
    ),
    "two_persons_named": lambda m: len(set(m.wanted.people)) >= 2,
    "return_time_given": lambda m: m.wanted.until is not None,
    "internal_papers_only": lambda m: m.level < RANKS["confidential"],
    "asker_named": lambda m: bool(m.wanted.recipient.strip()),
    "own_analysis_given": lambda m: bool(m.purpose.strip()),
}

# Conditions that only another room can answer -> that room. A matter of that room announces the predicate.
AWAITED: dict[str, str] = {
    "nda_on_file": "partners", "minimal_extract": "partners", "reviewed_version_only": "drafts", "no_excerpt_match": "drafts",
    "room_rated_for_level": "meetings", "no_visitor_tour": "visits", "text_complete": "seals", "use_approved": "seals",
    "signed_text_attached": "drafts", "investigation_closed": "incidents",
    "two_investigators_neither_decider_nor_subject": "incidents", "nothing_open": "exits",
    "verified_by_it_staff_who_is_not_it_head": "exits", "identity_checked": "people", "one_time_code": "people",
    "second_factor_kept_or_third_witness": "people", "holder_told": "people",
}  # fmt: skip
# What an act leaves to be done once it is decided -> the ladder that runs until it is done; refuses nothing beforehand.
FOLLOWED: dict[str, str] = {"every_holder_told_and_copies_re_marked": "re_mark"}


@dataclass(frozen=True)
class Awaited:
    """A condition that refuses nothing yet (未启用): its clause, what it says, the room that will check it."""

    name: str
    clause: str
    zh: str
    room: str


def check(acts: Mapping[str, Collection[str]], kinds: Collection[str] = ()) -> None:
    """Every condition of the matrix is answered for whoever asks for its act, followed, or awaited by name.

    `acts`: the act of each matter that stands -> the conditions which that matter answers itself; `kinds`: ladders that
    some room announces. Raises UnknownCondition, also for an act whose matter leaves a condition unanswered.
    """
    known = KNOWN.keys() | AWAITED.keys() | {name for name, kind in FOLLOWED.items() if kind in kinds}
    anywhere = {name for answered in acts.values() for name in answered}
    for act in matrix.acts():
        for name in act.conditions:
            if name not in known and name not in acts.get(act.id, anywhere):
                raise UnknownCondition(f"nobody checks {name} of {act.id}")


def awaited(announced: Collection[str] = ()) -> list[Awaited]:
    """What doctor lists as 未启用, in the order of the matrix; `announced` = predicates that matters announce."""
    waiting = [name for name in matrix.matrix().conditions if name in AWAITED and name not in announced]
    found = [(matrix.condition(name), AWAITED[name]) for name in waiting]
    return [Awaited(one.name, one.clause, one.zh, room) for one, room in found]


def failing(act: str, moment: Moment, announced: dict[str, bool]) -> tuple[str, ...]:
    """The conditions of this act that do not hold, in the order of the matrix.

    `announced`: what the matter's own predicates answered; they win over KNOWN. Raises UnknownCondition for a word that
    nobody answers.
    """
    return tuple(name for name in matrix.act(act).conditions if not _holds(name, moment, announced))


def _holds(name: str, moment: Moment, announced: dict[str, bool]) -> bool:
    if name in announced:
        return announced[name]
    if name in KNOWN:
        return KNOWN[name](moment)
    if name in AWAITED or name in FOLLOWED:
        return True
    raise UnknownCondition(f"nobody checks {name}")
