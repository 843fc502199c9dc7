"""Canonical form: one object, one spelling, and no second one is read."""

import json
from enum import Enum, IntEnum
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mifeng.engines import auditlog
from mifeng.engines.auditlog.entry import check

from .samples import entry, verify_log

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
LEAF = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT
SMALL = st.recursive(LEAF, lambda one: st.lists(one, max_size=3) | st.dictionaries(TEXT, one, max_size=3), max_leaves=8)
OBJECT = st.dictionaries(TEXT, SMALL, max_size=5)


def test_keys_are_sorted_by_code_point_at_every_level() -> None:
    # By UTF-16, as RFC 8785 sorts, the last two would change places.
    value = {"b": {"z": 1, "a": 2}, "a": [], "密": 3, "\U0001f512": 4, "\uff01": 5}
    assert auditlog.canonical(value) == '{"a":[],"b":{"a":2,"z":1},"密":3,"\uff01":5,"\U0001f512":4}'.encode()


def test_strings_escape_what_json_demands_and_nothing_else() -> None:
    value = {"s": '"\\/\b\f\n\r\t\x00\x1f\x7f\u2028é密'}
    assert auditlog.canonical(value) == '{"s":"\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\x7f\u2028é密"}'.encode()


def test_numbers_and_words() -> None:
    value = {"i": [0, -1, 2**53 - 1, -(2**53) + 1], "w": [True, False, None]}
    assert auditlog.canonical(value) == (
        b'{"i":[0,-1,9007199254740991,-9007199254740991],"w":[true,false,null]}'
    )  # fmt: skip


def test_enums_are_written_as_what_they_are() -> None:
    class Word(str, Enum):  # noqa: UP042  the older spelling formats itself as its name
        ONE = "one"

    class Level(IntEnum):
        TEN = 10

    assert auditlog.canonical({Word.ONE: Word.ONE, "l": Level.TEN}) == b'{"l":10,"one":"one"}'


@pytest.mark.parametrize(
    "value",
    [
        {"x": 1.0}, {"x": float("nan")}, {"x": 2**53}, {"x": -(2**53)}, {1: "x"}, {None: "x"}, {"x": {2: 3}},
        {"x": "e\u0301"}, {"e\u0301": 1}, {"x": "\ud800"}, {"x": b"bytes"}, {"x": {1, 2}}, {"x": ...},
        [], "text", None,
    ],
    ids=repr,
)  # fmt: skip
def test_what_has_no_canonical_form_is_refused(value: Any) -> None:
    with pytest.raises(auditlog.NotCanonical):
        auditlog.canonical(value)


def test_nesting_ends_at_eight() -> None:
    def nested(depth: int) -> dict[str, Any]:
        return {"x": nested(depth - 1)} if depth > 1 else {}

    assert auditlog.canonical(nested(8)) == b'{"x":' * 7 + b"{}" + b"}" * 7
    with pytest.raises(auditlog.NotCanonical):
        auditlog.canonical(nested(9))


def test_an_entry_has_at_most_60000_bytes() -> None:
    room = 60_000 - len(b'{"x":""}')
    assert len(auditlog.canonical({"x": "a" * room})) == 60_000
    with pytest.raises(auditlog.EntryTooLong):
        auditlog.canonical({"x": "a" * (room + 1)})
    with pytest.raises(auditlog.EntryTooLong):
        auditlog.canonical({"x": "密" * (room // 3 + 1)})


@settings(max_examples=300, deadline=None)
@given(OBJECT)
def test_whatever_is_encoded_reads_back_and_the_verifier_agrees(value: dict[str, Any]) -> None:
    try:
        encoded = auditlog.canonical(value | {"v": 1, "t": 5})
    except auditlog.NotCanonical:
        return
    assert auditlog.parse(encoded) == value | {"v": 1, "t": 5}
    assert json.loads(encoded) == value | {"v": 1, "t": 5}
    assert verify_log.judge([encoded, encoded]) == [auditlog.parse(encoded)] * 2


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 200), st.binary(max_size=3), st.integers(0, 3))
def test_engine_and_verifier_judge_disturbed_entries_alike(at: int, put: bytes, cut: int) -> None:
    good = entry(7, s='é\n"密', x=[1, {"k": None}])
    at %= len(good) + 1
    bad = good[:at] + put + good[at + cut :]
    try:
        check(bad)
        taken = True
    except auditlog.NotCanonical:
        taken = False
    assert [value is not None for value in verify_log.judge([good, bad, good])] == [True, taken, True]


def test_an_accent_after_an_escape_is_not_composed_with_its_letter() -> None:
    # The text \n followed by a combining tilde looks like n with tilde; the string does not hold an n.
    encoded = auditlog.canonical({"v": 1, "t": 5, "s": "\n\u0303 \x1f\u0307"})
    assert verify_log.judge([encoded]) == [{"v": 1, "t": 5, "s": "\n\u0303 \x1f\u0307"}]


def test_deep_nesting_is_refused_and_not_a_crash() -> None:
    deep = b'{"t":1,"v":1,"x":' + b"[" * 50_000 + b"]" * 50 + b"}"
    with pytest.raises(auditlog.NotCanonical):
        auditlog.parse(deep)
    assert verify_log.judge([deep]) == [None]
