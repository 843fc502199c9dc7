"""Levels, schemes, audience keys, and how wide a scope each level allows."""

from itertools import combinations

import pytest

from mifeng.engines.access import (
    ALL_STAFF,
    COMPANY3,
    COMPANY3_TO_SOE2,
    KIND_ALL,
    KIND_DEPARTMENT,
    KIND_MEETING,
    KIND_PERSON,
    KIND_POST,
    SOE2,
    Level,
    NoSuchLevel,
    SchemeBroken,
    custom,
    key,
    scope_allowed,
)

WIDEST = {
    Level.TOP_SECRET: {KIND_PERSON},
    Level.HIGHLY_CONFIDENTIAL: {KIND_PERSON, KIND_POST, KIND_MEETING},
    Level.CONFIDENTIAL: {KIND_PERSON, KIND_POST, KIND_MEETING, KIND_DEPARTMENT},
    Level.INTERNAL: {KIND_PERSON, KIND_POST, KIND_MEETING, KIND_DEPARTMENT, KIND_ALL},
    Level.PUBLIC: {KIND_PERSON, KIND_POST, KIND_MEETING, KIND_DEPARTMENT, KIND_ALL},
}
KINDS = (KIND_ALL, KIND_PERSON, KIND_POST, KIND_DEPARTMENT, KIND_MEETING)


def test_the_five_ranks_in_order_with_their_words() -> None:
    assert [(level.value, level.zh, level.levelled) for level in Level] == [
        (0, "公开", False), (5, "内部", False), (10, "秘密", True), (20, "机密", True), (30, "绝密", True),
    ]  # fmt: skip


@pytest.mark.parametrize("level", Level)
def test_p1_1_every_set_of_kinds_is_allowed_exactly_when_no_kind_is_too_wide(level: Level) -> None:
    for size in range(1, len(KINDS) + 1):
        for kinds in combinations(KINDS, size):
            assert scope_allowed(level, kinds).allow == (set(kinds) <= WIDEST[level]), (level, kinds)


def test_p1_1_a_department_on_a_top_secret_item_is_refused_with_its_name() -> None:
    refused = scope_allowed(Level.TOP_SECRET, {KIND_PERSON, KIND_DEPARTMENT})
    assert (refused.rule, refused.clause, refused.knows) == ("persons_only", "P1.1", True)
    assert refused.reasons[0].zh == "绝密的知悉范围只能点名到人,不得列入部门"
    assert scope_allowed(Level.HIGHLY_CONFIDENTIAL, {KIND_DEPARTMENT}).rule == "scope_too_wide"


def test_p0_2_an_empty_scope_never_stands_on_a_levelled_item() -> None:
    assert [scope_allowed(level, set()).clause for level in Level if level.levelled] == ["P0.2"] * 3
    assert [scope_allowed(level, set()).allow for level in Level] == [True, True, False, False, False]


def test_an_unknown_kind_is_too_wide_for_every_level() -> None:
    assert [scope_allowed(level, {KIND_PERSON, 9}).allow for level in Level] == [False] * 5


def test_a_level_between_two_takes_the_scope_of_the_lower_one() -> None:
    assert scope_allowed(25, {KIND_POST}).allow
    assert not scope_allowed(25, {KIND_DEPARTMENT}).allow


def test_words_of_the_schemes() -> None:
    assert [COMPANY3.word(rank) for rank in sorted(COMPANY3.ranks)] == ["秘密", "机密", "绝密"]
    assert [SOE2.word(rank) for rank in sorted(SOE2.ranks)] == ["普通商密", "核心商密"]
    assert COMPANY3.word(20, "en") == "highly confidential"
    assert {scheme.rank("内部") for scheme in (COMPANY3, SOE2)} == {5}
    with pytest.raises(NoSuchLevel):
        SOE2.word(20)
    with pytest.raises(NoSuchLevel):
        COMPANY3.rank("核心商密")


def test_k1_0_the_mapping_to_the_two_levels_lowers_nothing_and_a_careless_one_is_told() -> None:
    assert COMPANY3.lowered_by(COMPANY3_TO_SOE2) == frozenset()
    assert COMPANY3.lowered_by({10: 10, 20: 10, 30: 30}) == {20}
    assert COMPANY3.lowered_by({10: 10, 30: 30}) == {20}


def test_a_scheme_of_the_companys_own_has_one_to_five_levels_in_order() -> None:
    five = custom(
        [(10, "一级", "one"), (12, "二级", "two"), (20, "三级", "three"), (25, "四级", "four"), (30, "五级", "five")]
    )
    assert [level.zh for level in five.all] == ["公开", "内部", "一级", "二级", "三级", "四级", "五级"]
    assert custom([(30, "密", "secret")]).ranks == {30}


@pytest.mark.parametrize(
    "levels",
    [
        [],
        [(10 + n, str(n), str(n)) for n in range(6)],
        [(20, "甲", "a"), (10, "乙", "b")],
        [(10, "甲", "a"), (10, "乙", "b")],
        [(10, "甲", "a"), (20, "甲", "b")],
        [(10, "内部", "a")],
        [(5, "甲", "a")],
        [(31, "甲", "a")],
        [(10, "", "a")],
    ],
)
def test_a_scheme_nothing_can_rest_on_is_not_made(levels: list) -> None:
    with pytest.raises(SchemeBroken):
        custom(levels)


def test_keys_of_different_kinds_never_meet() -> None:
    assert ALL_STAFF == key(KIND_ALL, 0) == 1 << 48
    assert len({key(kind, number) for kind in KINDS for number in (0, 1, 2**48 - 1)}) == 15
    for kind, number in ((0, 1), (6, 1), (KIND_PERSON, -1), (KIND_PERSON, 2**48)):
        with pytest.raises(ValueError, match=r"kinds are 1 to 5|48 bits"):
            key(kind, number)
