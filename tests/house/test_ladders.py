"""Ladders of reminders: which rung is reached when, by the calendar of the office and in its own zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mifeng.base import clock, duties, ladders
from mifeng.base.ladders import Deadline, LaddersBroken, due_after, first_possible, gaps, nearest, rungs_of
from mifeng.clauses import regulation
from mifeng.clauses.parameters import Own, adopted, after_months, parameters
from mifeng.engines.access import ends_at


def until(kind: str, day: date, begun: date | None = None, who=lambda word: [1]) -> Deadline:
    """A deadline of this kind whose last day is `day`."""
    return Deadline(kind, "item:1", clock.end_of(day), clock.start_of(begun) if begun else None, who)


def told(deadline: Deadline, at: datetime) -> list[str]:
    return [rung.name for rung in nearest(deadline, at)]


def noon(day: date) -> datetime:
    return clock.start_of(day) + timedelta(hours=12)


LAST = date(2026, 9, 30)


@pytest.mark.parametrize(
    ("days", "rung"),
    [(-91, []), (-90, ["before90"]), (-31, ["before90"]), (-30, ["before30"]), (-7, ["before7"]), (-1, ["before1"]),
     (0, ["before1"]), (1, ["after1"]), (6, ["after1"]), (7, ["after7"]), (30, ["after30"]), (400, ["after30"])],
    ids=lambda value: str(value),
)  # fmt: skip
def test_p4_1_a_term_is_announced_ninety_thirty_seven_and_one_day_before_and_climbs_after(days, rung):
    assert told(until("term", LAST), noon(LAST + timedelta(days=days))) == rung


def test_p4_1_the_superiors_are_told_and_nobody_else_is_on_the_last_rungs():
    words = {rung.name: rung.to for rung in rungs_of(until("term", LAST), noon(LAST))}
    assert words["after1"] == ("classifier",)
    assert words["after7"] == ("gmo_head",)
    assert words["after30"] == ("gm",)


def test_a_term_ends_at_twenty_four_hours_of_its_last_day_and_not_before():
    due = until("term", LAST)
    assert due.due == datetime(2026, 9, 30, 16, tzinfo=UTC)
    assert due.last_day == LAST
    assert told(due, due.due - timedelta(microseconds=1)) == ["before1"]
    assert told(due, due.due) == ["after1"]


def test_the_year_changes_at_local_midnight():
    due = until("term", date(2026, 12, 31))
    assert told(due, datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC)) == ["before1"]
    assert told(due, datetime(2026, 12, 31, 16, 0, tzinfo=UTC)) == ["after1"]


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Asia/Urumqi", "Asia/Kathmandu", "Europe/Berlin", "America/New_York"])
def test_days_begin_and_end_in_the_company_s_zone_also_where_clocks_are_moved(zone):
    clock.use_zone(zone)
    try:
        day = date(2026, 1, 1)
        while day < date(2027, 1, 1):
            assert clock.end_of(day) == clock.start_of(day + timedelta(days=1))
            assert until("term", day).last_day == day
            assert clock.seconds(clock.end_of(day)) == ends_at(day, ZoneInfo(zone))
            assert clock.local(clock.end_of(day)).date() == day + timedelta(days=1)
            assert clock.local(clock.end_of(day) - timedelta(seconds=1)).date() == day
            day += timedelta(days=1)
    finally:
        clock.use_zone("Asia/Shanghai")


def test_after_an_outage_only_the_nearest_rung_is_told():
    due = until("term", LAST)
    assert told(due, noon(LAST - timedelta(days=8))) == ["before30"]
    assert told(due, noon(LAST + timedelta(days=2))) == ["after1"]  # ten days later: neither before7 nor before1


def test_a_rung_before_the_beginning_is_none():
    due = until("term", date(2026, 4, 1), begun=date(2026, 3, 10))
    assert [rung.name for rung in rungs_of(due, noon(date(2026, 3, 10)))] == ["before7", "before1", "after1", "after7", "after30"]
    assert told(due, noon(date(2026, 3, 11))) == []


def test_i6_3_the_ladder_of_passwords_is_the_figure_of_the_regulation():
    names = [rung.name for rung in rungs_of(until("password", LAST), noon(LAST))]
    assert names == ["before14", "before7", "before3", "before1", "after1"]
    with adopted([Own("I6.3", "reminder_days", date(2026, 1, 1), (5,), "decided")]):
        assert [rung.name for rung in rungs_of(until("password", LAST), noon(LAST))] == ["before5", "after1"]


def test_two_rungs_on_one_instant_are_both_told():
    with adopted([Own("P4.1", "gmo_head_after_days", date(2026, 1, 1), 1, "decided")]):
        rungs = nearest(until("term", LAST), noon(LAST + timedelta(days=2)))
        assert [rung.to for rung in rungs] == [("classifier",), ("gmo_head",)]


# Working days: over a holiday week, a month's end, 29 February


def test_m2_1_a_request_of_the_last_day_before_national_day_waits_until_after_the_holidays():
    asked = noon(date(2026, 9, 30))
    due = Deadline("approval", "approvals:1", due_after("approval", asked), asked, lambda word: [1])
    assert due.last_day == date(2026, 10, 8)
    assert told(due, noon(date(2026, 10, 7))) == []
    assert told(due, noon(date(2026, 10, 8))) == ["before0w"]
    assert told(due, noon(date(2026, 10, 9))) == ["after1w"]
    assert told(due, noon(date(2026, 10, 10))) == ["after2w"]  # the Saturday that is worked


def test_c3_a_loan_over_the_spring_festival_counts_from_its_last_day():
    due = until("loan", date(2026, 2, 14))
    assert told(due, noon(date(2026, 2, 13))) == ["before1"]
    assert told(due, noon(date(2026, 2, 15))) == ["after1"]
    assert told(due, noon(date(2026, 2, 16))) == ["after2"]  # daily
    third = nearest(due, noon(date(2026, 2, 17)))
    assert {rung.to for rung in third} == {("borrower",), ("dept_head",)}  # the day on which his head is told, too
    later = nearest(due, noon(date(2026, 2, 24)))  # also where the house stood still on the third day
    assert [(rung.name, rung.to) for rung in later] == [("after3", ("dept_head",)), ("after10", ("borrower",))]


def test_c5_2_the_carrier_is_told_two_hours_before_at_once_and_his_leader_after_a_day():
    back = datetime(2026, 3, 20, 9, 30, tzinfo=UTC)
    due = Deadline("carry_out", "carry:1", back, back - timedelta(days=3), lambda word: [1])
    assert told(due, back - timedelta(hours=2, seconds=1)) == []
    assert told(due, back - timedelta(hours=2)) == ["before2h"]
    assert told(due, back) == ["after0h"]
    assert told(due, back + timedelta(hours=24)) == ["after24h"]


@pytest.mark.parametrize(
    ("begun", "last"),
    [(date(2027, 11, 29), date(2028, 2, 29)), (date(2026, 11, 30), date(2027, 2, 28)), (date(2026, 12, 31), date(2027, 3, 31))],
    ids=["leap", "no-29-february", "year"],
)
def test_m7_2_three_months_end_on_the_corresponding_day_or_the_month_s_last(begun, last):
    due = Deadline("leak_conclusion", "leak:1", due_after("leak_conclusion", noon(begun)))
    assert due.last_day == last == after_months(begun, 3)


def test_m7_2_hours_are_counted_from_the_instant_and_not_from_the_day():
    at = datetime(2026, 2, 28, 23, 30, tzinfo=UTC)
    assert due_after("leak_receipt", at) == at + timedelta(hours=2)
    assert due_after("leak_preliminary", at) == at + timedelta(hours=24)


def test_no_kind_that_rows_date_themselves_has_a_time_of_its_own():
    with pytest.raises(ValueError, match="no time of its own"):
        due_after("term", noon(LAST))


@pytest.mark.parametrize("kind", sorted(ladders.ladders()))
def test_nothing_beyond_the_horizon_has_reached_a_rung(kind):
    at = noon(date(2026, 9, 24))
    far = first_possible(kind, at)
    assert told(Deadline(kind, "item:1", far + timedelta(seconds=1)), at) == []


# What is past due with neither decision nor task


def test_what_nobody_was_told_of_or_nobody_can_do_or_was_left_undone_is_a_gap():
    after, day = until("term", LAST), noon(LAST + timedelta(days=3))
    nobody = until("term", LAST, who=lambda word: [])
    undone = Deadline("term", "item:1", after.due, who=lambda word: [1], undone=True)
    open_still = until("term", LAST + timedelta(days=90))
    found = gaps([after, nobody, undone, open_still], day, lambda deadline, rung: False)
    assert [gap.why for gap in found] == ["untold", "nobody", "undone"]
    assert gaps([after, open_still], day, lambda deadline, rung: rung.name == "after1") == []
    assert gaps([after], noon(LAST), lambda deadline, rung: False) == []


def test_every_kind_belongs_to_a_clause_and_every_notice_is_of_the_fixed_list():
    for kind, ladder in ladders.ladders().items():
        assert ladder.clause in regulation(), kind
        assert {step.notice for step in ladder.steps} <= set(duties.KINDS), kind


def test_no_figure_stands_in_the_table_and_in_the_regulation_at_once():
    """A clause that has a figure for reminders or for a time allowed is asked for it: its number is not written again."""
    for clause, kinds in {"P4.1": ["term"], "I6.3": ["password"], "M4": ["external_copy"]}.items():
        for kind in kinds:
            before = [step.span for step in ladders.ladder(kind).steps if step.side == "before"]
            assert [span.figure and span.figure[0] for span in before] == [clause]
    for kind in ("verbal", "filing", "circulation", "leak_receipt", "leak_preliminary", "leak_conclusion"):
        allowed = ladders.ladder(kind).allowed
        assert allowed is not None
        assert allowed.figure in parameters(), kind


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("rungs = [{ before = 'P4.1 moon', to = ['gm'] }]", "no figure"), ("rungs = [{ to = ['gm'] }]", "before or after"),
        ("rungs = [{ before = 1, after = 1, to = ['gm'] }]", "before or after"), ("rungs = [{ before = 1 }]", "names whom"),
        ("rungs = [{ before = 1, to = ['gm'], unit = 'moons' }]", "not moons"), ("moon = 1\nrungs = []", "unknown"),
        ("rungs = [{ before = 'M2.1 approval_lapse_days', to = ['gm'], moon = 1 }]", "nothing unknown"),
    ],
    ids=["figure", "side", "sides", "whom", "unit", "field", "rung"],
)  # fmt: skip
def test_a_table_that_contradicts_itself_is_not_read(tmp_path, line, says):
    file = tmp_path / "ladders.toml"
    file.write_text(f"[term]\nzh = '期'\nclause = 'P4.1'\nroom = 'documents'\nnotice = 'term'\neffect = ''\n{line}\n")
    with pytest.raises(LaddersBroken, match=says):
        ladders.ladders(file)
