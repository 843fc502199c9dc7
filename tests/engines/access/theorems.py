"""The sentences that are proved of the rule table, each of them broken by some small mistake in it.

`docs/spec/access.md` section 12 prints the same sentences. A theorem is a premise and what follows from it, for each of
its acts; it is stated from the regulation and looks at facts and answers, never at rows.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import z3
from z3 import And, Implies, Not, Or

from mifeng.engines.access.policy import ACTS, ASKED_FOR, CARRIED_OUT, WITNESSES

from .solver import Question, Table, satisfiable

Claim = tuple[z3.BoolRef, z3.BoolRef]
HANDED_OUT = (*CARRIED_OUT, "external")
BUT_DECIDE = tuple(act for act in ACTS if act != "decide")
BUT_REGISTER = tuple(act for act in ACTS if act != "register_facts")


@dataclass(frozen=True)
class Theorem:
    """`claim` gives premise and conclusion for one act; `opened`: GRANT is one row of grants, looked into."""

    number: str
    clause: str
    acts: tuple[str, ...]
    sentence: str
    claim: Callable[[Question], Claim]
    opened: tuple[str, ...]

    def broken(self, table: Table, acts: Iterable[str] = ()) -> z3.BoolRef:
        """True for a question that contradicts the sentence under this table."""
        return Or(*(And(premise, Not(conclusion)) for premise, conclusion in self._claims(table, acts)))

    def spoken_of(self, table: Table) -> list[z3.BoolRef]:
        """The premise for each act: each must be possible, or the sentence says nothing."""
        return [premise for premise, _ in self._claims(table, ())]

    def _claims(self, table: Table, acts: Iterable[str]) -> Iterator[Claim]:
        seen = table.opening(self.opened) if self.opened else table
        return (self.claim(seen.asked(act)) for act in (acts or self.acts))


THEOREMS: list[Theorem] = []


def theorem(
    clause: str, acts: Iterable[str], sentence: str, *, row: bool = False
) -> Callable[[Callable[[Question], Claim]], Callable[[Question], Claim]]:
    """Enter a claim under the next number."""

    def entered(claim: Callable[[Question], Claim]) -> Callable[[Question], Claim]:
        opened = tuple(WITNESSES) if row else ()
        THEOREMS.append(Theorem(f"T{len(THEOREMS) + 1}", clause, tuple(acts), sentence, claim, opened))
        return claim

    return entered


def unchanged(q: Question, **given: z3.ExprRef) -> z3.BoolRef:
    """The answer does not rest on these facts: with any other value it is the same."""
    other = q.but(**given)
    return And(q.allow == other.allow, q.knows == other.knows)


def at_rest(q: Question) -> z3.BoolRef:
    """Nothing is wrong with the person, the moment and the item: what the regulation asks of everybody."""
    s, c, d = q.subject, q.context, q.item
    return And(
        s.active, s.role == 0, d.live, Not(d.sealed), Not(d.frozen), Not(q.walled), s.clearance >= d.level, secrets(q),
        Or(q.act == "decide", c.device_cap >= d.level), c.session_ok, Or(Not(d.set_excl), d.excl == s.pid),
    )  # fmt: skip


def secrets(q: Question) -> z3.BoolRef:
    """What levelled items ask besides: pledge, rules, password, second factor."""
    s, c, level = q.subject, q.context, q.item.level
    return And(
        Implies(level >= 10, And(c.now < s.pledge_until, s.rules_read, c.now < c.password_until)),
        Implies(level >= 20, c.now < c.fresh_until), Implies(level >= 30, c.now < c.fresh_top_until),
    )  # fmt: skip


def form(q: Question) -> z3.BoolRef:
    """Applicant, approver and executor are three persons, and the item may be carried out to where the form says."""
    a, me = q.deed, q.subject.pid
    return And(
        a.set_applicant, a.applicant != me, Or(Not(a.set_approver), And(a.approver != me, a.approver != a.applicant)),
        Or(q.act != "carry_out", And(a.set_destination, a.destination < 8)),
        Or(q.act not in ("copy", "print", "excerpt"), Not(q.item.no_copy)),
    )  # fmt: skip


def others(q: Question, *names: str) -> dict[str, z3.ExprRef]:
    """Other values for facts or relations of these names (`item.excl`, `scope`), free of the first."""
    made = {}
    for name in names:
        side, _, fact = name.rpartition(".")
        old = getattr(getattr(q, side), fact) if side else getattr(q, name)
        made[name.replace(".", "__")] = z3.Const(f"other {name}", old.sort())
        if f"set_{fact}" in NULLABLE:
            made[f"{side}__{fact}?"] = z3.Bool(f"other {name}?")
    return made


NULLABLE = {"set_excl", "set_applicant", "set_approver", "set_destination"}


# ----------------------------------------------------------------------------------------------- the person and the item


@theorem("K1.0", ACTS, "Nothing above a person's clearance is opened or known, by whatever act, right or approval.")
def _(q: Question) -> Claim:
    return q.knows, q.subject.clearance >= q.item.level


@theorem("I8", ACTS, "Somebody who has left the company may do nothing and is not told that an item exists.")
def _(q: Question) -> Claim:
    return Not(q.subject.active), Not(q.knows)


@theorem("G4.5", ACTS, "An item that was destroyed or returned is open to no act and known to nobody.")
def _(q: Question) -> Claim:
    return Not(q.item.live), Not(q.knows)


@theorem(
    "M1.2",
    ACTS,
    "The three administrators reach no levelled item: no act, no register fact, no knowledge that it exists.",
)
def _(q: Question) -> Claim:
    return And(q.subject.role != 0, q.item.level >= 10), Not(q.knows)


@theorem(
    "M1.2",
    BUT_DECIDE,
    "What has no level reaches an administrator through a scope alone, never by grant, custody or judging.",
)
def _(q: Question) -> Claim:
    return And(q.subject.role != 0, q.allow), q.scope


@theorem("M1.2", ACTS, "An administrator outside the scope is told of an item without a level only where he is to decide about it.")
def _(q: Question) -> Claim:
    told = q.judge if q.act == "decide" else z3.BoolVal(False)
    return And(q.subject.role != 0, q.item.level < 10, Not(q.scope)), Implies(q.knows, told)


@theorem("P0.2", ("read",), "An administrator in the scope reads what has no level, when nothing else is wrong.")
def _(q: Question) -> Claim:
    return And(at_rest(q.but(subject__role=z3.IntVal(0))), q.item.level < 10, q.scope), q.allow


@theorem(
    "M7.1",
    ACTS,
    "A frozen item is open to those who work on the incident and to nobody else, and known to nobody else.",
)
def _(q: Question) -> Claim:
    return And(q.item.frozen, q.knows), q.frozen_team


@theorem(
    "M7.1",
    ACTS,
    "Belonging to an incident's team opens nothing of itself and changes nothing about items that are not frozen.",
)
def _(q: Question) -> Claim:
    return Not(q.item.frozen), unchanged(q, **others(q, "frozen_team"))


@theorem("M7.1", ("read",), "Somebody of the incident's team who is in the scope reads the frozen item.")
def _(q: Question) -> Claim:
    return And(at_rest(q.but(item__frozen=z3.BoolVal(False))), q.item.frozen, q.frozen_team, q.scope), q.allow


@theorem(
    "P1.1",
    ACTS,
    "Whoever stands on the other side of a wall may do nothing with the item and is not told that it exists.",
)
def _(q: Question) -> Claim:
    return q.walled, Not(q.knows)


# ------------------------------------------------------------------------------------------------------------- embargo


@theorem(
    "A2",
    ACTS,
    "The person concerned stays out while the embargo is open, whatever role, grant, custody or handling he has.",
)
def _(q: Question) -> Claim:
    return And(q.item.sealed, q.concerned), Not(q.allow)


@theorem("A2", ACTS, "The person concerned is not told that the sealed item exists.")
def _(q: Question) -> Claim:
    return And(q.item.sealed, q.concerned), Not(q.knows)


@theorem(
    "H2",
    ACTS,
    "Under an embargo nobody but its handlers may do anything or know of the item: no scope, no grant, no judging.",
)
def _(q: Question) -> Claim:
    return And(q.item.sealed, q.knows), q.handler


@theorem(
    "H2",
    ("register_facts",),
    "Register facts are never shown under an embargo, not even to the clerk who handles it.",
)
def _(q: Question) -> Claim:
    return q.item.sealed, Not(q.allow)


@theorem("H2", ACTS, "When the embargo is over, having been its handler gives nothing.")
def _(q: Question) -> Claim:
    return Not(q.item.sealed), unchanged(q, **others(q, "handler"))


@theorem("A2", ACTS, "When the embargo is over, being concerned takes nothing.")
def _(q: Question) -> Claim:
    return Not(q.item.sealed), unchanged(q, **others(q, "concerned"))


@theorem("H2", ("read",), "A handler who is not concerned reads the sealed item without standing in its scope.")
def _(q: Question) -> Claim:
    order = at_rest(q.but(item__sealed=z3.BoolVal(False)))
    return And(order, q.item.sealed, q.handler, Not(q.concerned)), q.allow


# ---------------------------------------------------------------------------------------- pledge, rules, training, sign-in


@theorem(
    "P0.1",
    ACTS,
    "Nobody without a pledge in force opens or knows of a levelled item; in the second in which it ends it is over.",
)
def _(q: Question) -> Claim:
    return And(q.item.level >= 10, q.context.now >= q.subject.pledge_until), Not(q.knows)


@theorem("P0.1", ACTS, "Below the levels the pledge is not asked for.")
def _(q: Question) -> Claim:
    return q.item.level < 10, unchanged(q, **others(q, "subject.pledge_until"))


@theorem("G1", ACTS, "Nobody who has not acknowledged the rules in time opens or knows of a levelled item.")
def _(q: Question) -> Claim:
    return And(q.item.level >= 10, Not(q.subject.rules_read)), Not(q.knows)


@theorem("G1", ACTS, "Below the levels the acknowledgement is not asked for.")
def _(q: Question) -> Claim:
    return q.item.level < 10, unchanged(q, **others(q, "subject.rules_read"))


@theorem(
    "I12",
    ASKED_FOR,
    "Without valid training nothing at 机密 or above can be applied for; in the second in which it ends it is over.",
)
def _(q: Question) -> Claim:
    return And(q.item.level >= 20, q.context.now >= q.subject.trained_until), Not(q.allow)


@theorem(
    "I12",
    tuple(act for act in ACTS if act not in ASKED_FOR),
    "Training that is over cuts no right that somebody has already.",
)
def _(q: Question) -> Claim:
    return z3.BoolVal(True), unchanged(q, **others(q, "subject.trained_until"))


@theorem("I12", ASKED_FOR, "Below 机密 training is not asked for.")
def _(q: Question) -> Claim:
    return q.item.level < 20, unchanged(q, **others(q, "subject.trained_until"))


@theorem("I12", ("read",), "Somebody who reads at 机密 or above is flagged exactly when his training is over.")
def _(q: Question) -> Claim:
    over = And(q.item.level >= 20, q.context.now >= q.subject.trained_until)
    return q.allow, q.flagged == over


@theorem(
    "I6.3",
    ACTS,
    "With an expired password no levelled item is opened; on its last second it still opens, on the next it does not.",
)
def _(q: Question) -> Claim:
    return And(q.item.level >= 10, q.context.now >= q.context.password_until), Not(q.allow)


@theorem("I6.3", ACTS, "Below the levels the age of the password is not asked for.")
def _(q: Question) -> Claim:
    return q.item.level < 10, unchanged(q, **others(q, "context.password_until"))


@theorem("D5", BUT_DECIDE, "No device shows anything above its own rank, to whomever and on whatever approval.")
def _(q: Question) -> Claim:
    return q.allow, q.context.device_cap >= q.item.level


@theorem("D5", ("decide",), "Deciding an approval works on any device.")
def _(q: Question) -> Claim:
    return z3.BoolVal(True), unchanged(q, **others(q, "context.device_cap"))


@theorem("I6.2", ACTS, "At 机密 and above nothing is opened on a second factor whose time is over.")
def _(q: Question) -> Claim:
    return And(q.item.level >= 20, q.context.now >= q.context.fresh_until), Not(q.allow)


@theorem("I6.2", ACTS, "At 绝密 nothing is opened on a second factor whose half hour is over.")
def _(q: Question) -> Claim:
    return And(q.item.level >= 30, q.context.now >= q.context.fresh_top_until), Not(q.allow)


@theorem("I6.2", ACTS, "Below 机密 the second factor, below 绝密 its half hour is not asked for.")
def _(q: Question) -> Claim:
    half = unchanged(q, **others(q, "context.fresh_top_until"))
    return q.item.level < 30, And(half, Implies(q.item.level < 20, unchanged(q, **others(q, "context.fresh_until"))))


@theorem("I7.2", ACTS, "A locked or superseded session opens nothing at any level.")
def _(q: Question) -> Claim:
    return Not(q.context.session_ok), Not(q.allow)


@theorem("P0.3", ACTS, "Device, password, second factor and session never hide an item: they refuse to open it and are named.")
def _(q: Question) -> Claim:
    names = ("device_cap", "password_until", "fresh_until", "fresh_top_until", "session_ok")
    other = q.but(**others(q, *(f"context.{name}" for name in names)))
    return z3.BoolVal(True), q.knows == other.knows


# ------------------------------------------------------------------------------------------------------------- custody


@theorem(
    "G4.1",
    BUT_REGISTER,
    "What one person keeps alone is open to that person and to nobody else, the general manager included.",
)
def _(q: Question) -> Claim:
    return And(q.item.set_excl, q.allow), q.item.excl == q.subject.pid


@theorem("G4.1", ACTS, "What one person keeps alone is known to nobody else but those who open it in an emergency to count it.")
def _(q: Question) -> Claim:
    counts = q.opening if q.act == "register_facts" else z3.BoolVal(False)
    return And(q.item.set_excl, q.item.excl != q.subject.pid, Not(counts)), Not(q.knows)


@theorem(
    "G4.1",
    ("register_facts",),
    "Of what another keeps alone, only those who open it in an emergency see the register facts.",
)
def _(q: Question) -> Claim:
    return And(q.item.set_excl, q.item.excl != q.subject.pid, q.allow), q.opening


@theorem("G4.1", BUT_REGISTER, "Opening a custody in an emergency shows no page and permits no other act.")
def _(q: Question) -> Claim:
    return z3.BoolVal(True), unchanged(q, **others(q, "opening"))


@theorem(
    "G4.1",
    ("register_facts",),
    "Being named for an emergency opening shows nothing of items that nobody keeps alone.",
)
def _(q: Question) -> Claim:
    return Not(q.item.set_excl), unchanged(q, **others(q, "opening"))


@theorem(
    "G4.1",
    ("register_facts",),
    "Those who open a custody see what is to be counted, without appointment and scope.",
)
def _(q: Question) -> Claim:
    order = at_rest(q.but(**{"item__excl?": z3.BoolVal(False)}))
    return And(order, q.item.set_excl, q.opening), q.allow


@theorem("G4.1", ("read",), "The sole custodian reads what he keeps, in its scope or not.")
def _(q: Question) -> Claim:
    return And(at_rest(q), q.item.set_excl), q.allow


# ------------------------------------------------------------------------------------------------ reading, and how one knows


@theorem(
    "P0.2",
    ("read",),
    "Outside scope, handling, custody, showing and judging nothing is read and nothing known; having been told "
    "of a thing or having learnt of it by mistake is none of these.",
)
def _(q: Question) -> Claim:
    mine = And(q.item.set_excl, q.item.excl == q.subject.pid)
    return Not(Or(q.scope, And(q.item.sealed, q.handler), mine, q.grant, q.judge)), Not(q.knows)


@theorem("P0.2", ("read",), "Somebody in the scope, with whom nothing is wrong, reads.")
def _(q: Question) -> Claim:
    return And(at_rest(q), q.scope), q.allow


@theorem(
    "D2",
    ("read",),
    "Somebody to whom a leader shows the item, and with whom nothing is wrong, reads it outside its scope.",
)
def _(q: Question) -> Claim:
    return And(at_rest(q), q.grant), q.allow


@theorem("M2.1", ("read", "decide"), "The approver reads what he judges and decides it, outside its scope.")
def _(q: Question) -> Claim:
    return And(at_rest(q), q.judge), q.allow


@theorem("P0.2", ("decide",), "Nobody decides but the resolved approver.")
def _(q: Question) -> Claim:
    return q.allow, q.judge


@theorem("M1.1", ("read",), "An appointment opens no page and tells of no item.")
def _(q: Question) -> Claim:
    return z3.BoolVal(True), unchanged(q, **others(q, "appointed"))


@theorem(
    "M2.1",
    ("read", "register_facts", "decide", *ASKED_FOR),
    "What an application says (applicant, approver, destination) opens and closes nothing but its own act.",
)
def _(q: Question) -> Claim:
    names = ["deed.applicant", "deed.approver"] + ["deed.destination"] * (q.act != "apply_carry_out")
    return z3.BoolVal(True), unchanged(q, **others(q, *names))


@theorem(
    "D2",
    ("read",),
    "A showing is a live one: approved, of this item, to this person, begun, not over, not outlasting its approval, not used up.",
    row=True,
)
def _(q: Question) -> Claim:
    g, now = q.grant_row, q.context.now
    ways = Or(q.scope, q.judge, And(q.item.sealed, q.handler), q.item.set_excl)
    live = And(g.approved, g.since <= now, now < g.until, now < g.approval_until, Or(Not(g.set_uses_left), g.uses_left >= 1))
    return And(q.allow, Not(ways), g.shows), And(g.doc == q.item.id, g.pid == q.subject.pid, g.fits, live)


@theorem(
    "P0.3",
    ("apply_copy", *CARRIED_OUT, "external"),
    "Whoever may read an item may know of it whatever else he asks for it.",
)
def _(q: Question) -> Claim:
    reading = q.asking("read").but(grant=z3.BoolVal(False))
    return reading.allow, q.knows


# ----------------------------------------------------------------------------------------------------------- applying


@theorem(
    "P0.2",
    ASKED_FOR,
    "Only somebody in the scope applies: no custody, handling, showing, judging or appointment replaces it.",
)
def _(q: Question) -> Claim:
    return q.allow, q.scope


@theorem("M2.1", ASKED_FOR, "Somebody in the scope with valid training, with whom nothing is wrong, may apply.")
def _(q: Question) -> Claim:
    trained = Or(q.item.level < 20, q.context.now < q.subject.trained_until)
    place = Or(q.act != "apply_carry_out", Not(q.deed.set_destination), q.deed.destination < 8)
    return And(at_rest(q), q.scope, trained, place), q.allow


@theorem(
    "G4.3", ("apply_carry_out", "carry_out"), "Nothing is carried home or to a public place, whoever approves, and nobody can ask for it."
)
def _(q: Question) -> Claim:
    return And(q.deed.set_destination, q.deed.destination >= 8), Not(q.allow)


@theorem("G4.3", ("carry_out",), "Nothing is carried out to a place that the form does not name.")
def _(q: Question) -> Claim:
    return Not(q.deed.set_destination), Not(q.allow)


@theorem(
    "G4.3",
    tuple(act for act in ACTS if not act.endswith("carry_out")),
    "The destination on a form concerns carrying out alone.",
)
def _(q: Question) -> Claim:
    return z3.BoolVal(True), unchanged(q, **others(q, "deed.destination"))


# -------------------------------------------------------------------------------------------------------- carrying out


@theorem(
    "M2.1",
    HANDED_OUT,
    "Copying, excerpting, printing, lending, carrying out and handing over need a live grant; the scope is none.",
)
def _(q: Question) -> Claim:
    return q.allow, q.grant


@theorem(
    "M1.1",
    CARRIED_OUT,
    "Without an appointment for the act, the level and the department nobody carries it out, and the grant alone tells nobody of the item.",
)
def _(q: Question) -> Claim:
    mine = And(q.item.set_excl, q.item.excl == q.subject.pid)
    ways = Or(q.scope, mine, And(q.item.sealed, q.handler), q.judge)
    return Not(q.appointed), And(Not(q.allow), Implies(Not(ways), Not(q.knows)))


@theorem("M2.1", HANDED_OUT, "The applicant is named and does not carry out his own application.")
def _(q: Question) -> Claim:
    return q.allow, And(q.deed.set_applicant, q.deed.applicant != q.subject.pid)


@theorem(
    "M2.1",
    HANDED_OUT,
    "Nothing rests on one's own approval: the approver is neither who asked nor who carries out.",
)
def _(q: Question) -> Claim:
    own = Or(q.deed.approver == q.subject.pid, And(q.deed.set_applicant, q.deed.approver == q.deed.applicant))
    return And(q.allow, q.deed.set_approver), Not(own)


@theorem("M2.1", ("copy", "print", "excerpt"), "A copy is not copied, printed or excerpted again.")
def _(q: Question) -> Claim:
    return q.item.no_copy, Not(q.allow)


@theorem(
    "M2.1", tuple(act for act in ACTS if act not in ("copy", "print", "excerpt")), "A copy is read, lent and handed out like an original."
)
def _(q: Question) -> Claim:
    return z3.BoolVal(True), unchanged(q, **others(q, "item.no_copy"))


@theorem(
    "M2.1",
    CARRIED_OUT,
    "The appointed executor of a live grant, three persons on the form, carries it out, in the scope or not.",
)
def _(q: Question) -> Claim:
    return And(at_rest(q), q.appointed, q.grant, form(q)), q.allow


@theorem(
    "M2.1",
    (*CARRIED_OUT, "external", "register_facts"),
    "The scope permits nobody to carry out, hand over or see register facts.",
)
def _(q: Question) -> Claim:
    other = q.but(scope=z3.Bool("other scope"))
    return q.subject.role == 0, q.allow == other.allow


@theorem(
    "M2.1",
    HANDED_OUT,
    "No act outlives its approval: the grant has begun and neither it nor its approval is over.",
    row=True,
)
def _(q: Question) -> Claim:
    g, now = q.grant_row, q.context.now
    return q.allow, And(g.since <= now, now < g.until, now < g.approval_until)


@theorem("M2.1", HANDED_OUT, "A grant that was not approved, or whose uses are spent, serves nothing.", row=True)
def _(q: Question) -> Claim:
    g = q.grant_row
    return q.allow, And(g.approved, Or(Not(g.set_uses_left), g.uses_left >= 1))


@theorem(
    "M2.1",
    HANDED_OUT,
    "A grant serves its own item and its own act, and the executor whose post it names; a showing serves none.",
    row=True,
)
def _(q: Question) -> Claim:
    g = q.grant_row
    return And(q.allow, Not(g.shows)), And(g.doc == q.item.id, g.fits, g.executor)


@theorem(
    "M2.1",
    HANDED_OUT,
    "A live grant of the item and the act that names the executor's post serves him to its last second and use.",
    row=True,
)
def _(q: Question) -> Claim:
    g, now = q.grant_row, q.context.now
    live = And(g.approved, g.since <= now, now < g.until, now < g.approval_until, Or(Not(g.set_uses_left), g.uses_left >= 1))
    named = And(g.doc == q.item.id, g.fits, Not(g.shows), g.executor, Or(q.act != "external", g.by_gm))
    return And(at_rest(q), q.appointed, form(q), live, named), q.allow


@theorem(
    "D2",
    ("read",),
    "A live showing of the item to this person serves him to its last second and use.",
    row=True,
)
def _(q: Question) -> Claim:
    g, now = q.grant_row, q.context.now
    live = And(g.approved, g.since <= now, now < g.until, now < g.approval_until, Or(Not(g.set_uses_left), g.uses_left >= 1))
    return And(at_rest(q), g.doc == q.item.id, g.fits, g.shows, g.pid == q.subject.pid, live), q.allow


# ------------------------------------------------------------------------------------------------ register facts, outsiders


@theorem(
    "M1.1",
    ("register_facts",),
    "Register facts are for those appointed for dispatch or custody, and for those who open a custody.",
)
def _(q: Question) -> Claim:
    return q.allow, Or(q.appointed, And(q.item.set_excl, q.opening))


@theorem("G4.4", ("register_facts",), "The appointed clerk sees the register facts of a paper that he cannot open.")
def _(q: Question) -> Claim:
    return And(at_rest(q), q.appointed), q.allow


@theorem("M4", ("external",), "Nothing is handed to an outsider but by a grant that the general manager gave.")
def _(q: Question) -> Claim:
    return q.allow, q.grant_by_gm


@theorem(
    "M4", ("external",), "The general manager's approval comes before the hand-over: a grant that begins later does not cure it.", row=True
)
def _(q: Question) -> Claim:
    return q.allow, And(q.grant_row.by_gm, q.grant_row.approved, q.grant_row.since <= q.context.now)


@theorem(
    "M4",
    ("external",),
    "On the general manager's live grant, three persons on the form, it is handed over; no appointment is asked.",
)
def _(q: Question) -> Claim:
    return And(at_rest(q), q.grant, q.grant_by_gm, form(q)), q.allow


@theorem("M4", BUT_REGISTER, "Who gave a grant matters for handing over to outsiders alone.")
def _(q: Question) -> Claim:
    if q.act == "external":
        return Not(q.grant_by_gm), Not(q.allow)
    return z3.BoolVal(True), unchanged(q, **others(q, "grant_by_gm"))


@theorem(
    "M2.1",
    ("register_facts", "decide", *ASKED_FOR),
    "A grant helps nobody to apply, to decide or to see a register.",
)
def _(q: Question) -> Claim:
    return z3.BoolVal(True), unchanged(q, **others(q, "grant"))


@theorem(
    "M2.1", ("register_facts", *ASKED_FOR, *HANDED_OUT), "Judging a request lets nobody apply, carry out, hand over or see a register."
)
def _(q: Question) -> Claim:
    return z3.BoolVal(True), q.allow == q.but(judge=z3.Bool("other judge")).allow


def proved(theorem: Theorem) -> bool:
    """Whether no question contradicts it."""
    return not satisfiable(theorem.broken(Table()))
