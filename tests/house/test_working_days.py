"""Working days as announced: holidays are none, the weekends worked in their place are, a year is told by its source."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mifeng.base import working_days
from mifeng.base.working_days import CalendarBroken, after, before, is_one, state_of
from mifeng.site import capability

DAYS = st.dates(date(2024, 1, 1), date(2029, 12, 31))


@pytest.mark.parametrize("day", [date(2025, 1, 26), date(2025, 2, 8), date(2025, 10, 11), date(2026, 2, 14), date(2026, 5, 9)])
def test_a_weekend_day_that_is_worked_in_place_of_a_holiday_counts(day):
    assert day.weekday() >= 5
    assert is_one(day)
    assert not is_one(day + timedelta(days=7))


@pytest.mark.parametrize("day", [date(2025, 1, 28), date(2025, 10, 8), date(2026, 1, 2), date(2026, 2, 23), date(2026, 9, 25)])
def test_a_holiday_in_the_week_does_not_count(day):
    assert day.weekday() < 5
    assert not is_one(day)
    assert is_one(day + timedelta(days=14))


def test_c3_five_working_days_over_national_day_end_after_the_saturday_that_is_worked():
    assert after(date(2025, 9, 30), 2) == date(2025, 10, 10)
    assert after(date(2025, 9, 30), 5) == date(2025, 10, 14)  # 9, 10, 11 (a Saturday), 13, 14 October


def test_a_spring_festival_of_nine_days_is_one_long_weekend():
    assert after(date(2026, 2, 13), 1) == date(2026, 2, 14)  # a Saturday that is worked
    assert after(date(2026, 2, 14), 1) == date(2026, 2, 24)


def test_a_year_that_nobody_entered_is_counted_by_the_week():
    assert (state_of(2026), state_of(2027), state_of(2029)) == ("official", "provisional", "missing")
    assert is_one(date(2029, 10, 1))
    assert not is_one(date(2027, 2, 8))


def test_every_official_year_names_its_notice_and_gives_as_many_days_as_it_takes_twice():
    for number, year in working_days.years().items():
        assert year.source
        in_the_week = sum(day.weekday() < 5 for day in year.off)
        # The State Council moves days and gives none away: what is off in the week is a holiday by law or worked elsewhere.
        assert year.provisional or in_the_week - len(year.worked) in range(9, 15), number


@given(DAYS, st.integers(1, 12))
def test_counting_forth_and_back_meet(day, count):
    last = after(day, count)
    assert is_one(last)
    assert last > day
    assert sum(is_one(day + timedelta(days=n)) for n in range(1, (last - day).days + 1)) == count
    assert before(last + timedelta(days=1), 1) == last


@given(DAYS, st.integers(1, 12), st.integers(0, 40))
def test_looking_back_one_day_more_than_a_time_limit_has_misses_nothing_that_still_runs(day, count, later):
    """K1.0: what may still be objected to is found by the day of its registration."""
    today = day + timedelta(days=later)
    if after(day, count) >= today:
        assert day >= before(today, count + 1)


@pytest.mark.parametrize("text, matter", [
    ('[2026]\nsource = "x"\noff = [2025-01-01]\nworked = []', "another year"),
    ('[2026]\nsource = "x"\noff = [2026-01-03]\nworked = [2026-01-03]', "off and worked"),
    ('[2026]\nsource = "x"\noff = []\nworked = [2026-01-05]', "need not be named"),
    ('[2026]\nsource = " "\noff = []\nworked = []', "no source"),
], ids=["other_year", "both", "weekday", "no_source"])
def test_a_calendar_that_contradicts_itself_is_refused_with_the_day(tmp_path, text, matter):
    file = tmp_path / "days.toml"
    file.write_text(text)
    with pytest.raises(CalendarBroken, match=matter):
        working_days.shipped(file)


def test_doctor_asks_for_the_next_year_from_november_on(house):
    def line():
        return next(line for line in capability.lines() if line.name == "工作日历")

    with house.at(date(2026, 10, 31)):
        assert line().state == "ok"
    with house.at(date(2026, 11, 1)):
        assert (line().state, "2027" in line().words) == ("miss", True)
