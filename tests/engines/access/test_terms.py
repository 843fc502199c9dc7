"""Terms of secrecy: how long, until which day, within which cap; and the two months of a password."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mifeng.engines.access import (
    Level,
    Term,
    TermBroken,
    TermTooLong,
    default_term,
    ends_at,
    months_after,
    over_cap,
    password_ends_on,
)

from . import reading

CAPS = {30: 30, 20: 20, 10: 10}
DEFAULTS = {30: 10, 20: 5, 10: 3}
DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


def term_of(kind: str, what: str) -> Term:
    if kind in ("years", "months"):
        return Term(kind, value=int(what))
    return Term(kind, on=date.fromisoformat(what)) if kind == "date" else Term(kind, event=what)


@pytest.mark.parametrize("name", reading.TERMS)
def test_a_term_ends_on_the_day_written_down(name: str) -> None:
    head, body = reading.vector(name)
    term, start = term_of(body["kind"], body["what"]), date.fromisoformat(body["first day"])
    last = term.ends_on(start)
    assert (last.isoformat() if last else "never") == head["expect"]
    assert term.within(int(body["cap in years"]), start) == (head["cap"] == "within")


@pytest.mark.parametrize("name", reading.PASSWORDS)
def test_a_password_opens_levelled_items_until_the_day_written_down(name: str) -> None:
    head, body = reading.vector(name)
    last = password_ends_on(date.fromisoformat(body["changed"]), int(body["days"]), int(body["months"]))
    assert last.isoformat() == head["expect"]


def test_term_ends_on_its_last_day_and_not_before() -> None:
    term, start = Term("years", value=5), date(2026, 3, 1)
    assert [term.is_over(start, day) for day in (date(2031, 2, 28), date(2031, 3, 1), date(2031, 3, 2))] == [
        False, False, True,
    ]  # fmt: skip


def test_an_event_and_an_indefinite_term_are_never_over_by_themselves() -> None:
    far = date(9999, 12, 31)
    for term in (Term("event", event="公布前"), Term("indefinite")):
        assert not term.is_over(date(2026, 3, 1), far)
        assert term.within(10, date(2026, 3, 1))


def test_the_last_day_is_over_at_midnight_in_shanghai() -> None:
    ends = ends_at(date(2031, 3, 1))
    assert datetime.fromtimestamp(ends, timezone(timedelta(hours=8))).isoformat() == "2031-03-02T00:00:00+08:00"
    assert datetime.fromtimestamp(ends_at(date(2031, 3, 1), UTC), UTC).isoformat() == "2031-03-02T00:00:00+00:00"


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (Term("years", value=5), "5年"),
        (Term("months", value=6), "6个月"),
        (Term("date", on=date(2030, 12, 31)), "至2030年12月31日"),
        (Term("event", event="公布前"), "公布前"),
        (Term("event"), "至解密条件成就"),
        (Term("indefinite"), "长期"),
    ],
)
def test_a_term_in_words_as_it_stands_in_a_marking(term: Term, text: str) -> None:
    assert term.zh == text


def test_the_default_of_a_level_lies_within_its_cap() -> None:
    start = date(2024, 2, 29)
    for level in (Level.CONFIDENTIAL, Level.HIGHLY_CONFIDENTIAL, Level.TOP_SECRET):
        assert not over_cap(default_term(level, DEFAULTS), level, start, CAPS)
        assert not over_cap(Term("years", value=CAPS[level]), level, start, CAPS)
        assert over_cap(Term("years", value=CAPS[level] + 1), level, start, CAPS)


@pytest.mark.parametrize(
    "broken",
    [
        {"kind": "weeks"}, {"kind": ""}, {"kind": "years"}, {"kind": "months", "value": -1}, {"kind": "date"},
    ],
)  # fmt: skip
def test_a_term_that_cannot_be_counted_is_not_made(broken: dict) -> None:
    with pytest.raises(TermBroken):
        Term(**broken)


def test_a_term_beyond_the_year_9999_is_refused_and_one_up_to_it_is_not() -> None:
    assert Term("years", value=7973).ends_on(date(2026, 12, 31)) == date(9999, 12, 31)
    with pytest.raises(TermTooLong):
        Term("years", value=7974).ends_on(date(2026, 1, 1))


@given(start=DAYS, months=st.integers(1, 600))
def test_the_corresponding_day_or_the_last_of_its_month(start: date, months: int) -> None:
    end = months_after(start, months)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.day == start.day or (end.day < start.day and (end + timedelta(days=1)).day == 1)


@given(start=DAYS, longer=st.integers(1, 30), shorter=st.integers(1, 30))
def test_a_longer_term_never_ends_earlier(start: date, longer: int, shorter: int) -> None:
    ends = [Term("years", value=years).ends_on(start) for years in sorted((longer, shorter))]
    assert ends == sorted(ends)  # type: ignore[type-var]


@given(changed=DAYS)
def test_no_password_outlives_60_days_or_two_calendar_months(changed: date) -> None:
    last, two_months = password_ends_on(changed), months_after(changed, 2)
    assert (last - changed).days <= 60
    assert last <= two_months
    assert (last - changed).days == 60 or last == two_months
