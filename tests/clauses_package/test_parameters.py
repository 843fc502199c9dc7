"""Figures by day: the value or its bound, the company's own choice inside the bound."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mifeng.clauses import parameter, parameters, parameters_of
from mifeng.clauses.parameters import OutOfBound, Own, UnknownParameter, adopted, rungs

DAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("changed_on", "days"),
    [
        (date(2026, 1, 1), 59),  # two calendar months end on 1 March
        (date(2028, 1, 1), 60),  # a leap year
        (date(2026, 2, 1), 59),
        (date(2026, 3, 1), 60),  # 61 days, cut to 60
        (date(2026, 12, 31), 59),  # the corresponding day is 28 February
        (date(2027, 12, 31), 60),  # 29 February 2028
        (date(2026, 7, 1), 60),  # 62 days, cut to 60
    ],
)
def test_a_password_lasts_60_days_or_two_calendar_months(changed_on: date, days: int) -> None:
    assert parameter("I6.3", "password_age_days", on=changed_on) == days


@given(st.dates(date(2020, 1, 1), date(2080, 1, 1)))
def test_a_password_never_outlasts_either_bound(changed_on: date) -> None:
    days = int(parameter("I6.3", "password_age_days", on=changed_on))
    ends = changed_on + timedelta(days=days)
    assert days <= 60
    assert ends <= parameters.after_months(changed_on, 2)
    assert days == 60 or ends == parameters.after_months(changed_on, 2)


@pytest.mark.parametrize(
    ("clause", "name", "value"),
    [
        ("I7.2", "idle_lock_minutes", 5), ("I7.1", "session_end_minutes", 30), ("P4.0", "cap_years_30", 30),
        ("P4.0", "cap_years_20", 20), ("P4.0", "cap_years_10", 10), ("P4.0", "default_years_30", 10),
        ("P4.0", "default_years_20", 5), ("P4.0", "default_years_10", 3), ("C3", "loan_working_days_20", 5),
        ("C3", "loan_working_days_10", 10), ("C3", "loan_working_days_30", 0), ("M2.1", "approval_lapse_days", 7),
        ("M7.2", "acknowledge_hours", 2), ("M7.2", "preliminary_hours", 24), ("M7.2", "conclusion_months", 3),
        ("M7.2", "missing_days_30", 10), ("M7.2", "missing_days_20", 60), ("M7.2", "missing_days_10", 60),
        ("I12", "pass_mark", 80), ("I12", "hours", 4), ("I12", "months", 12), ("I10.6", "pages", 200),
        ("I10.6", "minutes", 10), ("P0.3", "refusals_a_day", 5), ("P2.1", "grace_seconds", 20),
        ("P2.1", "grace_seconds_30", 0), ("D5", "device_policy", "warn"), ("I9.3", "av", "required"),
        ("G1", "acknowledge_days", 15), ("I6.1", "tries", 5), ("I6.2", "factor_hours", 8),
        ("I6.2", "factor_minutes_30", 30), ("P4.1", "on_expiry", "review"),
    ],
)  # fmt: skip
def test_the_figures_of_the_regulation(clause: str, name: str, value: int | str) -> None:
    assert parameter(clause, name, on=DAY) == value


def test_ladders_are_rungs() -> None:
    assert rungs("P4.1", "reminder_days", on=DAY) == (90, 30, 7, 1)
    assert rungs("I6.3", "reminder_days", on=DAY) == (14, 7, 3, 1)
    with pytest.raises(UnknownParameter, match="ladder"):
        parameter("P4.1", "reminder_days", on=DAY)
    with pytest.raises(UnknownParameter, match="one figure"):
        rungs("I7.2", "idle_lock_minutes", on=DAY)


def test_papers_older_than_the_regulation_are_measured_by_its_first_figures() -> None:
    assert parameter("P4.0", "cap_years_20", on=date(1999, 5, 1)) == 20


def test_a_figure_that_no_clause_has_is_named() -> None:
    with pytest.raises(UnknownParameter, match=r"I7\.2 has no figure coffee_minutes"):
        parameter("I7.2", "coffee_minutes", on=DAY)


def test_the_companys_own_figure_holds_from_its_day() -> None:
    own = [Own("I7.2", "idle_lock_minutes", DAY, 3, "decision 2026-14")]
    with adopted(own):
        assert parameter("I7.2", "idle_lock_minutes", on=DAY - timedelta(days=1)) == 5
        assert parameter("I7.2", "idle_lock_minutes", on=DAY) == 3
        assert parameters_of("I7.2")[0].basis_on(DAY) == "decision 2026-14"
    assert parameter("I7.2", "idle_lock_minutes", on=DAY) == 5


def test_the_later_of_two_own_figures_holds() -> None:
    rows = [Own("I12", "pass_mark", date(2026, 9, 1), 90, "b"), Own("I12", "pass_mark", DAY, 85, "a")]
    with adopted(rows):
        assert [parameter("I12", "pass_mark", on=on) for on in (date(2026, 5, 31), DAY, date(2026, 9, 1))] == [
            80,
            85,
            90,
        ]


@pytest.mark.parametrize(
    ("clause", "name", "value"),
    [
        ("I7.2", "idle_lock_minutes", 10), ("I7.2", "idle_lock_minutes", 0), ("P2.1", "grace_seconds_30", 1),
        ("I12", "pass_mark", 79), ("D5", "device_policy", "off"), ("I6.3", "password_age_days", 63),
        ("P4.0", "cap_years_20", 21), ("I7.2", "idle_lock_minutes", "5"), ("G4.5", "clearup_opens", "12-32"),
        ("P4.1", "reminder_days", (90, 0)), ("G4.3", "home_words", "住所、宿舍"),
    ],
)  # fmt: skip
def test_no_company_steps_out_of_the_bound(clause: str, name: str, value: parameters.Value) -> None:
    before = parameters_of(clause)[0].value_on(DAY)
    with pytest.raises(OutOfBound, match=name), adopted([Own(clause, name, DAY, value, "wished")]):
        pass
    assert parameters_of(clause)[0].value_on(DAY) == before


@pytest.mark.parametrize(
    ("clause", "name", "value"),
    [
        ("I7.2", "idle_lock_minutes", 5), ("D5", "device_policy", "enforce"), ("I6.3", "password_age_days", 30),
        ("G4.5", "clearup_opens", "11-15"), ("P4.1", "reminder_days", (60, 7)), ("P2.1", "grace_seconds", 0),
        ("G4.3", "home_words", parameters.parameters()["G4.3", "home_words"].rows[0].value + "、员工之家"),
    ],
)  # fmt: skip
def test_inside_the_bound_a_company_chooses(clause: str, name: str, value: parameters.Value) -> None:
    with adopted([Own(clause, name, DAY, value, "decided")]):
        assert parameters.parameters()[clause, name].value_on(DAY) == value


def test_a_password_age_of_the_company_is_still_cut_to_two_months() -> None:
    with adopted([Own("I6.3", "password_age_days", DAY, 60, "as before")]):
        assert parameter("I6.3", "password_age_days", on=date(2027, 1, 1)) == 59


def test_every_figure_says_what_it_is_in_chinese_and_rests_on_something() -> None:
    figures = parameters.parameters().values()
    assert [f.name for f in figures if not f.zh or not all(row.basis for row in f.rows)] == []


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)), (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)), (date(2026, 12, 15), 2, date(2027, 2, 15)),
        (date(2026, 10, 1), 2, date(2026, 12, 1)), (date(2026, 10, 1), 12, date(2027, 10, 1)),
    ],
)  # fmt: skip
def test_calendar_months_end_on_the_corresponding_day(day: date, months: int, then: date) -> None:
    assert parameters.after_months(day, months) == then
