"""Pickers understand what people type, and say so when they do not."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from mifeng.base.widgets import Choice, PickField, ScopeEntry, ScopeField, pick

CAST = [
    Choice("p1", "温启航", "wenqh", "副总经理"),
    Choice("p2", "葛星野", "gexy", "结构工程师"),
    Choice("p3", "葛星海", "gexh", "装配工"),
    Choice("p4", "王伟", "wangw", "制造部"),
    Choice("p5", "王伟", "wangw2", "质量部"),
]


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("葛星野 gexy", "p2"),
        ("葛星野", "p2"),
        ("GEXY", "p2"),
        ("  温启航 ", "p1"),
        ("wen", "p1"),
        ("p2", "p2"),
        ("王伟 wangw", "p4"),
    ],
)
def test_a_person_is_found_by_name_account_or_beginning(typed: str, key: str) -> None:
    found = pick(typed, CAST)
    assert found is not None and found.key == key


@pytest.mark.parametrize("typed", ["葛星", "王伟", "张三", ""])
def test_what_fits_nobody_or_several_is_nobody(typed: str) -> None:
    assert pick(typed, CAST) is None


def test_a_picked_person_comes_back_as_his_key() -> None:
    field = PickField(choices=lambda: CAST)
    assert field.clean("葛星野 gexy") == "p2"
    with pytest.raises(ValidationError) as refused:
        field.clean("张三")
    assert refused.value.code == "unknown"


def line(who: str, purpose: str = "", until: str = "") -> dict[str, str]:
    """A line of a scope as the form posts it."""
    return {"who": who, "purpose": purpose, "until": until}


def test_a_scope_names_each_person_once_with_purpose_and_last_day() -> None:
    field = ScopeField(choices=lambda: CAST)
    asked = [line("温启航", "主管"), line("gexy", "试验", "2026-12-31")]
    assert field.clean(asked) == (ScopeEntry("p1", "主管"), ScopeEntry("p2", "试验", date(2026, 12, 31)))


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([line("张三")], "unknown"),
        ([line("温启航"), line("wenqh")], "twice"),
        ([line("温启航", "", "明年")], "day"),
        ([], "required"),
    ],
)
def test_a_scope_with_a_fault_says_which(lines: list[dict[str, str]], code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        ScopeField(choices=lambda: CAST).clean(lines)
    assert refused.value.code == code


def test_lines_without_a_name_are_left_out() -> None:
    widget = ScopeField(choices=lambda: CAST).widget
    posted = {"s-0-who": "温启航", "s-0-purpose": "", "s-0-until": "", "s-1-who": " ", "s-2-who": "gexy"}
    assert [entry["who"] for entry in widget.value_from_datadict(posted, {}, "s")] == ["温启航", "gexy"]
