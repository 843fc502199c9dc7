"""The table is proved: every sentence holds, none is empty, every small mistake is noticed, no row is dead."""

import re
from functools import cache
from pathlib import Path

import pytest
import z3

from mifeng.engines.access import ACTS, Context, Grant, Item, Relations, Subject, serving
from mifeng.engines.access.expr import Not, relation
from mifeng.engines.access.policy import ASKED_FOR, CARRIED_OUT, GRANT_SERVES, RULES, Rule, denies, hiding, permits, whole
from mifeng.engines.access.readings.interpreted import holds

from . import matrix
from .mutants import Mutant, every
from .solver import FREE, Facts, Table, WrongPolarity, satisfiable, term
from .theorems import THEOREMS, Theorem, proved

SPEC = Path(__file__).resolve().parents[3] / "docs/spec/access.md"
TABLE = Table()


@pytest.mark.parametrize("theorem", THEOREMS, ids=lambda theorem: f"{theorem.number} {theorem.clause}")
def test_the_sentence_is_proved_and_speaks_of_something_for_each_act(theorem: Theorem) -> None:
    assert proved(theorem)
    assert [act for act, premise in zip(theorem.acts, theorem.spoken_of(TABLE), strict=True) if not satisfiable(premise)] == []


def test_the_specification_prints_the_same_sentences() -> None:
    printed = re.findall(r"^\| (T\d+) \| (\S+) \| (.+) \|$", SPEC.read_text(encoding="utf-8"), re.M)
    assert printed == [(theorem.number, theorem.clause, theorem.sentence) for theorem in THEOREMS]
    assert len(THEOREMS) >= 60


@pytest.mark.parametrize("act", ACTS)
def test_every_act_can_be_allowed_refused_shown_and_hidden(act: str) -> None:
    asked = TABLE.asked(act)
    for claim in (asked.allow, z3.And(z3.Not(asked.allow), asked.knows), z3.Not(asked.knows)):
        assert satisfiable(claim)


# These rows name their clause beside a permit that already asks the same; every other row decides some question alone.
ONLY_NAMES = {("deny-undesignated", act) for act in CARRIED_OUT} | {("deny-duty-scope", act) for act in ASKED_FOR} | {
    ("deny-self", "register_facts"), ("deny-sealed", "register_facts"),
}  # fmt: skip


def test_no_row_is_dead_each_decides_some_question_of_each_of_its_acts_alone_or_is_listed() -> None:
    undecided = {
        (rule.id, act) for rule in RULES if rule.effect != "default" for act in rule.acts if not satisfiable(_alone(rule, act))
    }  # fmt: skip
    assert undecided == ONLY_NAMES


def _alone(rule: Rule, act: str) -> z3.BoolRef:
    """The row holds and no other of its effect does, where it makes the difference."""
    asked, held = TABLE.asked(act), TABLE.row(rule, FREE)
    if rule.effect == "flag":
        return asked.flagged
    among = denies(RULES, act) if rule.effect == "deny" else permits(RULES, act)
    others = [z3.Not(TABLE.row(other, FREE)) for other in among if other is not rule]
    return z3.And(held, asked.permitted if rule.effect == "deny" else asked.allow, *others)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.effect != "default"], ids=lambda rule: rule.id)
def test_no_row_could_be_left_out_without_changing_an_answer(rule: Rule) -> None:
    assert not TABLE.same_answers(Table(row for row in RULES if row is not rule))


@cache
def mistakes() -> dict[str, Mutant]:
    return {mutant.name: mutant for mutant in every()}


@cache
def printed() -> dict[str, tuple[str, str]]:
    """Mistake -> what notices it and where, from the page."""
    rows = re.findall(r"^\| `(.+)` \| ([^|]+) \| ([^|]*) \| \d+ \|$", matrix.PAGE.read_text(encoding="utf-8"), re.M)
    return {name: (by, at.strip()) for name, by, at in rows}


def test_the_page_of_mistakes_lists_every_mistake_once() -> None:
    assert list(printed()) == list(mistakes())
    assert len(mistakes()) > 1000


@pytest.mark.parametrize("rule", sorted({mutant.rule for mutant in every()}))
def test_every_mistake_in_the_row_is_noticed_as_the_page_says(rule: str) -> None:
    numbered = {theorem.number: theorem for theorem in THEOREMS}
    for name, mutant in mistakes().items():
        by, at = printed()[name]
        if mutant.rule != rule:
            continue
        if mutant.table is None:
            assert by == matrix.AT_IMPORT, name
        elif by == matrix.VECTOR:
            assert matrix.vector_differs(at, mutant.table), name
        elif by == matrix.EQUAL:
            assert TABLE.same_answers(mutant.table), name
        else:
            assert satisfiable(numbered[by].broken(mutant.table, [at])), name


@pytest.mark.parametrize("theorem", THEOREMS, ids=lambda theorem: theorem.number)
def test_no_sentence_also_holds_for_every_mistake(theorem: Theorem) -> None:
    """A sentence that no mistake breaks says nothing about this table."""
    row = re.search(rf"^\| {theorem.number} \| \S+ \| (\d+) \| `(.+)` \|$", matrix.PAGE.read_text(encoding="utf-8"), re.M)
    assert row
    assert int(row[1]) > 0
    assert satisfiable(theorem.broken(mistakes()[row[2]].table))


def test_the_solver_finds_the_custodian_who_is_nobody() -> None:
    """Without is_set a person numbered -1 would be the custodian of what nobody keeps: the term must tell them apart."""
    facts = Facts()
    custody = next(rule for rule in RULES if rule.id == "permit-custody").when
    claim = term(custody, facts.but(**{"item__excl": z3.IntVal(-1), "subject__pid": z3.IntVal(-1)}))
    assert satisfiable(claim)
    assert not satisfiable(z3.And(claim, z3.Not(z3.Bool("item.excl?"))))


def test_a_relation_is_opened_up_in_positive_position_only() -> None:
    opened = {"grant": GRANT_SERVES}
    assert satisfiable(term(relation("grant"), FREE, opened))
    for broken in (Not(relation("grant")), relation("scope") & Not(relation("grant"))):
        with pytest.raises(WrongPolarity):
            term(broken, FREE, opened)
    assert satisfiable(term(Not(Not(relation("grant"))), FREE, opened))


def test_the_whole_table_as_one_expression_is_the_same_term() -> None:
    for act in ACTS:
        assert not satisfiable(term(whole(RULES, act), FREE) != TABLE.asked(act).allow)


def test_a_proof_notices_a_contradiction_in_the_domain() -> None:
    assert satisfiable(z3.BoolVal(True))
    assert not satisfiable(z3.BoolVal(False))
    assert not satisfiable(z3.Int("item.level") > 30)


def test_the_row_behind_grant_is_what_the_function_that_picks_it_looks_for() -> None:
    """GRANT_SERVES, which the proofs open up, and serving(), which the rooms call, say the same of every row."""
    subject = Subject(7, 20, 0, 1, 9, 9, 1, frozenset())
    told = set()
    for act, wanted in (("read", "show"), ("copy", "copy")):
        for row in _rows():
            now = 5
            found = serving([row], act, 8, 7, frozenset({"clerk"}), now) is not None
            facts = {
                "doc": row.doc, "pid": row.pid, "fits": row.act == wanted, "shows": row.act == "show",
                "executor": row.executor_post == "clerk", "approved": row.state == "approved", "since": row.since,
                "until": row.until, "approval_until": row.approval_until, "uses_left": row.uses_left,
            }  # fmt: skip
            assert holds(GRANT_SERVES, _Seen(subject, now, facts)) == found, row
            told.add(found)
    assert told == {True, False}


def _rows() -> list[Grant]:
    return [
        Grant(doc, pid, post, act, since, until, uses, state, "gm", over)
        for doc in (8, 9) for pid in (7, 6) for post in ("clerk", "driver") for act in ("show", "copy")
        for since in (4, 5, 6) for until in (5, 6) for over in (5, 6) for uses in (None, 0, 1)
        for state in ("approved", "revoked")
    ]  # fmt: skip


class _Seen:
    """The facts of one row of grants, for the interpreter."""

    def __init__(self, subject: Subject, now: int, row: dict[str, int | bool | None]) -> None:
        self._subject, self._now, self._row = subject, now, row

    def fact(self, attr: object) -> int | bool | None:
        side, name = attr.spec.side, attr.spec.name
        if side == "grant":
            return self._row[name]
        return {"now": self._now, "id": 8}.get(name) if side != "subject" else getattr(self._subject, name)


def test_hiding_rows_hide_and_calm_rows_do_not() -> None:
    """Row by row, for reading: a row that hides leaves nothing known; one that does not leaves the item of the scope known."""
    for rule in denies(RULES, "read"):
        asked, held = TABLE.asked("read"), TABLE.row(rule, FREE)
        if rule in hiding(RULES):
            assert not satisfiable(z3.And(held, asked.knows)), rule.id
        else:
            assert satisfiable(z3.And(held, asked.knows)), rule.id


def test_the_solver_and_the_function_agree_on_a_question_that_the_solver_makes_up() -> None:
    from mifeng.engines.access import decide

    for act in ACTS:
        asked = TABLE.asked(act)
        for claim, allow, knows in (
            (asked.allow, True, True), (z3.And(z3.Not(asked.allow), asked.knows), False, True), (z3.Not(asked.knows), False, False),
        ):  # fmt: skip
            decision = decide(act, *_example(claim))
            assert (decision.allow, decision.knows) == (allow, knows), act


def _example(claim: z3.BoolRef) -> tuple[Subject, Context, Item, Relations]:
    from .solver import domain

    solver = z3.Solver()
    solver.add(*domain(), claim)
    assert solver.check() == z3.sat
    model = solver.model()

    def number(name: str) -> int:
        return model.eval(z3.Int(name), model_completion=True).as_long()

    def truth(name: str) -> bool:
        return z3.is_true(model.eval(z3.Bool(name), model_completion=True))

    def unset(name: str) -> int | None:
        return number(name) if truth(f"{name}?") else None

    s, c, d = "subject", "context", "item"
    return (
        Subject(number(f"{s}.pid"), number(f"{s}.clearance"), number(f"{s}.role"), truth(f"{s}.active"),
                number(f"{s}.pledge_until"), number(f"{s}.trained_until"), truth(f"{s}.rules_read"), frozenset()),
        Context(number(f"{c}.now"), number(f"{c}.device_cap"), number(f"{c}.fresh_until"), number(f"{c}.fresh_top_until"),
                number(f"{c}.password_until"), truth(f"{c}.session_ok")),
        Item(1, number(f"{d}.level"), 0, truth(f"{d}.live"), truth(f"{d}.frozen"), truth(f"{d}.sealed"),
             unset(f"{d}.excl"), 0, truth(f"{d}.no_copy"), 0),
        Relations(
            **{name: truth(name) for name in ("scope", "handler", "concerned", "appointed", "grant", "judge", "frozen_team",
                                              "grant_by_gm", "walled", "opening")},
            applicant=unset("deed.applicant"), approver=unset("deed.approver"), destination=unset("deed.destination"),
        ),
    )  # fmt: skip
