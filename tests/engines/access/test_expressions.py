"""The small language of the table: what it refuses to say, and that working things out early changes nothing."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mifeng.engines.access import ACTS, Context, Item, Relations, Subject
from mifeng.engines.access.expr import (
    FALSE,
    TRUE,
    Attr,
    Compare,
    Expr,
    LawBroken,
    Lit,
    Not,
    Rel,
    Side,
    Truth,
    check,
    differs,
    fold,
    is_set,
    polarity,
    relation,
    same,
)
from mifeng.engines.access.policy import RULES, Rule, verify, whole
from mifeng.engines.access.readings.interpreted import World, holds

S, C, D, A = Side("subject"), Side("context"), Side("item"), Side("deed")
SCOPE, GRANT = relation("scope"), relation("grant")
BOOLS, RANKS, INSTANTS = st.integers(0, 1), st.sampled_from([0, 5, 10, 20, 30]), st.integers(0, 3)
WORLDS = st.builds(
    World,
    st.builds(Subject, pid=INSTANTS, clearance=RANKS, role=INSTANTS, active=BOOLS, pledge_until=INSTANTS,
              trained_until=INSTANTS, rules_read=BOOLS, keys=st.just(frozenset())),
    st.builds(Context, now=INSTANTS, device_cap=RANKS, fresh_until=INSTANTS, fresh_top_until=INSTANTS,
              password_until=INSTANTS, session_ok=BOOLS),
    st.builds(Item, id=INSTANTS, level=RANKS, aset=INSTANTS, live=BOOLS, frozen=BOOLS, sealed=BOOLS,
              excl=st.none() | INSTANTS, dept=INSTANTS, no_copy=BOOLS, kind=INSTANTS),
    st.builds(Relations, *[st.booleans()] * 8, applicant=st.none() | INSTANTS,
              destination=st.none() | st.integers(1, 9)),
)  # fmt: skip


@pytest.mark.parametrize(
    "broken",
    [
        D.excl == S.pid,
        (D.excl == S.pid) & is_set(D.excl),
        is_set(D.excl) | (D.excl != S.pid),
        ~is_set(D.excl) & (A.applicant == S.pid),
        is_set(A.applicant) & (D.excl == S.pid),
        is_set(D.level),
        D.level,
        D.live == 1,
        Compare("<", D.sealed, Lit(1)),
        Compare("==", SCOPE, Lit(1)),
        Not(Lit(1)),
        SCOPE & S.pid,
    ],
    ids=repr,
)
def test_an_expression_that_two_readings_would_read_differently_is_refused(broken: Expr) -> None:
    with pytest.raises(LawBroken):
        check(broken)


@pytest.mark.parametrize(
    "sound",
    [
        same(D.excl, S.pid),
        differs(D.excl, S.pid),
        ~is_set(D.excl),
        ~is_set(A.destination) | is_set(A.destination) & (A.destination >= 8),
        D.live & ~(D.sealed | SCOPE),
        TRUE,
    ],
    ids=repr,
)
def test_its_sound_neighbours_are_accepted(sound: Expr) -> None:
    check(sound)


def test_half_a_rule_cannot_be_lost_to_python_words() -> None:
    for lost in (lambda: SCOPE and GRANT, lambda: not SCOPE, lambda: 5 <= D.level <= 20):
        with pytest.raises(LawBroken):
            lost()


def test_facts_and_relations_are_named_exactly() -> None:
    with pytest.raises(LawBroken):
        _ = D.levle
    with pytest.raises(LawBroken):
        relation("owner")


def test_a_relation_that_only_adds_may_not_stand_where_it_would_take_away() -> None:
    permit = next(rule for rule in RULES if rule.id == "permit-grant-read")
    deny = next(rule for rule in RULES if rule.id == "deny-frozen")
    for changed in (replace(permit, when=~GRANT), replace(deny, when=GRANT)):
        with pytest.raises(LawBroken, match="permit less"):
            verify([*(rule for rule in RULES if rule.id != changed.id), changed])
    verify([*(rule for rule in RULES if rule.id != deny.id), replace(deny, when=~GRANT)])


def test_a_table_with_a_gap_is_refused() -> None:
    broken: list[list[Rule]] = [
        [*RULES, RULES[0]],
        [rule for rule in RULES if rule.id != "default"],
        [replace(RULES[0], effect="maybe"), *RULES[1:]],
        [replace(RULES[0], acts=("read", "sniff")), *RULES[1:]],
    ]
    for rows in broken:
        with pytest.raises(LawBroken):
            verify(rows)


def test_polarity_turns_with_each_negation() -> None:
    signs = [(rel.spec.name, sign) for rel, sign in polarity(SCOPE & ~(GRANT | ~SCOPE))]
    assert signs == [("scope", True), ("grant", False), ("scope", True)]


def test_conditions_are_printed_as_the_spec_writes_them() -> None:
    shown = {rule.id: repr(rule.when) for rule in RULES}
    assert shown["deny-custody"] == "is_set(item.excl) and item.excl != subject.pid"
    assert shown["deny-stale"] == (
        "(item.level >= 20 and context.fresh_until <= context.now)"
        " or (item.level >= 30 and context.fresh_top_until <= context.now)"
    )
    assert repr(~(SCOPE | GRANT)) == "not (scope or grant)"


@given(world=WORLDS, act=st.sampled_from(ACTS), sides=st.sets(st.sampled_from(["subject", "context", "item", "deed"])))
def test_what_is_worked_out_early_comes_out_the_same(world: World, act: str, sides: set[str]) -> None:
    def known(leaf: Attr | Rel) -> Expr | None:
        if isinstance(leaf, Rel) or leaf.spec.side not in sides:
            return None
        value = world.fact(leaf)
        if leaf.spec.type == "bool":
            return Truth(bool(value))
        return FALSE if value is None else Lit(value)

    table = whole(RULES, act)
    left = fold(table, known)
    assert holds(left, world) == holds(table, world)
    assert not any(isinstance(part, Truth) for part in getattr(left, "parts", ()))
