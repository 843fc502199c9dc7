"""The doors of the engine: one decision, one list, the table as rows.

The generated function says which rows of the table hold. What follows from a set of rows (yes or no, clause, reasons,
whether the item may be known) depends on nothing else, so it is worked out once and remembered.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from mifeng.engines.access.decided import held as held_now
from mifeng.engines.access.expr import FALSE, TRUE, leaves
from mifeng.engines.access.facts import FACTS, RELATIONS, Context, FactSpec, Item, Relations, RelationSpec, Subject
from mifeng.engines.access.policy import (
    ACT_WORDS,
    ACTS,
    RULES,
    Rule,
    asked,
    default,
    denies,
    flags,
    hiding,
    permits,
    showing,
)  # fmt: skip
from mifeng.engines.access.readings import interpreted
from mifeng.engines.access.readings.listing import Listing, Register
from mifeng.engines.access.readings.sql import Columns, Fragment, Lister, Sql
from mifeng.engines.access.reasons import Decision, Reason, UnknownAct

# Far more than a house ever meets (a few hundred); a bound, so that nothing grows for ever.
MOST_REMEMBERED = 20_000

# Rule ids that a test has switched, with what they are switched to. Empty while the product runs.
_switched: dict[str, str] = {}


class UnknownRule(ValueError):
    """A rule id that the table does not have, or something a rule cannot be switched to."""


class Answers:
    """What follows from the rows that hold, for one act."""

    def __init__(self, rules: tuple[Rule, ...], act: str) -> None:
        place = {rule.id: at for at, rule in enumerate(rules)}
        self._act, self._default = act, default(rules, act)
        self._denies = [(1 << place[rule.id], rule) for rule in denies(rules, act)]
        self._permits = [(1 << place[rule.id], rule) for rule in permits(rules, act)]
        self._flags = [(1 << place[rule.id], rule) for rule in flags(rules, act)]
        self._hiding, self._hiding_reading, self._showing, self._own, self.asked = (
            sum(1 << place[rule.id] for rule in among)
            for among in (hiding(rules, act), hiding(rules), showing(rules), permits(rules, act), asked(rules, act))
        )
        self.remembered: dict[int, Decision] = {}

    def answer(self, held: int) -> Decision:
        """The decision for the rows that hold (bit n = row n), remembered."""
        if len(self.remembered) >= MOST_REMEMBERED:
            self.remembered.clear()
        found = self.remembered[held] = self._answer(held)
        return found

    def _answer(self, held: int) -> Decision:
        refused = [rule for bit, rule in self._denies if held & bit]
        permitted = [rule for bit, rule in self._permits if held & bit]
        if permitted and not refused:
            flagged = tuple(self._reason(rule) for bit, rule in self._flags if held & bit)
            return Decision.permit(permitted[0].id, permitted[0].clause_for(self._act), flagged)
        if not permitted:
            refused.append(self._default)
        reasons = tuple(self._reason(rule) for rule in refused)
        return Decision(False, reasons[0].rule, reasons[0].clause, self._knows(held), reasons)

    def _knows(self, held: int) -> bool:
        """The act itself is his, or reading is, and nothing hides the item from it."""
        if held & self._hiding:
            return False
        return bool(held & self._own) or bool(held & self._showing and not held & self._hiding_reading)

    def _reason(self, rule: Rule) -> Reason:
        return Reason(rule.id, rule.clause_for(self._act), rule.zh, rule.en)


_ANSWERS = {act: Answers(RULES, act) for act in ACTS}
_PLANS = {act: (answers.asked, answers.remembered, answers.answer) for act, answers in _ANSWERS.items()}


def decide(act: str, subject: Subject, context: Context, item: Item, relations: Relations) -> Decision:
    """May this person do this act on this item now? Raises UnknownAct.

    A refusal lists every rule in the way in the order of the table, the determining one first; what nothing permits
    ends with the act's own sentence (P0.2 for reading). `knows`: the person would see the item for reading if device,
    password, second factor and session were in order, or the act itself is his apart from these.
    """
    if _switched:
        return _decide_switched(act, subject, context, item, relations)
    plan = _PLANS.get(act)
    if plan is None:
        raise UnknownAct(f"there is no act {act!r}")
    asked_for, remembered, answer = plan
    held = held_now(subject, context, item, relations) & asked_for
    return remembered.get(held) or answer(held)


def _decide_switched(act: str, subject: Subject, context: Context, item: Item, relations: Relations) -> Decision:
    if act not in ACTS:
        raise UnknownAct(f"there is no act {act!r}")
    rules = table()
    answers = Answers(rules, act)
    return answers.answer(interpreted.held(rules, subject, context, item, relations) & answers.asked)


def where(
    act: str,
    subject: Subject,
    context: Context,
    columns: Columns,
    *,
    appointed: Fragment | bool | None = None,
    grant: Fragment | bool | None = None,
    grant_by_gm: Fragment | bool | None = None,
    judge: Fragment | bool | None = None,
    walled: Fragment | bool | None = None,
    opening: Fragment | bool | None = None,
) -> Sql:
    """The condition of a list: SQL with `%s` and its values; true exactly for the rows that `decide` allows.

    Relations without a table in `columns` are handed in, as a condition of the caller's own or as a plain bool for
    all rows; left out they hold for no row. `context.calm()` lists what may be known rather than opened. Raises
    UnknownAct, and RelationNotGiven when nothing could ever be listed: an appointment is asked for by register facts.
    """
    if act not in ACTS:
        raise UnknownAct(f"there is no act {act!r}")
    handed = {
        "appointed": appointed, "grant": grant, "grant_by_gm": grant_by_gm, "judge": judge, "walled": walled,
        "opening": opening,
    }  # fmt: skip
    return Lister(subject, context, columns, handed).predicate(table(), act)


def listing(
    acts: Iterable[str],
    subject: Subject,
    context: Context,
    columns: Columns,
    register: Register,
    *,
    only: Fragment | None = None,
    **handed: Fragment | bool | None,
) -> Listing:
    """The statements of a list of what somebody may do any of these acts with, newest first.

    The same rows as `where` for each act, joined by or, found by the quicker of two ways; `only` is the caller's own
    filter. Relations are handed in by name as `where` takes them and speak of every act that looks at them. Raises
    UnknownAct.
    """
    named = tuple(acts)
    for act in named:
        if act not in ACTS:
            raise UnknownAct(f"there is no act {act!r}")
    return Listing(table(), named, subject, context, columns, register, handed, only)


def table() -> tuple[Rule, ...]:
    """The rows in force: the table, with what a test has switched."""
    if not _switched:
        return RULES
    to = {"off": FALSE, "always": TRUE}
    return tuple(replace(rule, when=to[_switched[rule.id]]) if rule.id in _switched else rule for rule in RULES)


@contextmanager
def switched(rule_id: str, value: str) -> Iterator[None]:
    """For tests: the rule never holds (`off`) or always holds (`always`), in `decide` and in `where`, for all threads.

    The switched table is interpreted; the generated function stays as it is. Raises UnknownRule.
    """
    if rule_id not in {rule.id for rule in RULES if rule.effect != "default"} or value not in ("off", "always"):
        raise UnknownRule(f"cannot switch {rule_id!r} to {value!r}")
    before = dict(_switched)
    _switched[rule_id] = value
    try:
        yield
    finally:
        _switched.clear()
        _switched.update(before)


@dataclass(frozen=True)
class Row:
    """One row of the table as people read it: `acts` in Chinese, `when` the condition in the notation of the spec."""

    id: str
    clause: str
    effect: str
    acts: tuple[str, ...]
    zh: str
    en: str
    when: str
    also: tuple[str, ...]


def explain(act: str | None = None) -> list[Row]:
    """The table as rows in naming order; only those of one act when it is named. Raises UnknownAct."""
    if act is not None and act not in ACTS:
        raise UnknownAct(f"there is no act {act!r}")
    return [
        Row(rule.id, rule.clause_for(act or ""), rule.effect, tuple(ACT_WORDS[a] for a in rule.acts), rule.zh, rule.en,
            repr(rule.when), rule.also)
        for rule in RULES
        if act is None or act in rule.acts
    ]  # fmt: skip


@dataclass(frozen=True)
class Awaited:
    """A fact or relation whose room does not stand yet: 未启用.

    `neutral` is what it is until then (None = unset), `room` who will supply it, `rules` the rows that rest on it and
    therefore keep no clause by it.
    """

    name: str
    side: str
    clause: str
    neutral: int | None
    room: str
    rules: tuple[str, ...]


def awaited() -> tuple[Awaited, ...]:
    """Every fact and relation that stands at its neutral value because nobody supplies it, in the order of the spec."""
    resting = [(rule.id, {leaf.spec.name for leaf in leaves(rule.when)}) for rule in RULES]

    def row(spec: FactSpec | RelationSpec, side: str, neutral: int | None) -> Awaited:
        rules = tuple(rule for rule, names in resting if spec.name in names)
        return Awaited(spec.name, side, spec.clause, neutral, spec.awaits, rules)

    facts = (row(spec, spec.side, None if spec.nullable else 0) for spec in FACTS if spec.awaits)
    return (*facts, *(row(spec, "relation", 0) for spec in RELATIONS if spec.awaits))
