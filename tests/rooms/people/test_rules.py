"""Rules on accounts, sessions and entrusted persons: tables of cases."""

from datetime import UTC, date, datetime, timedelta

import pytest

from mifeng.engines.access import OFFICERS
from mifeng.rooms.people import rules
from mifeng.rooms.people.facts import POSTS, AppointmentFacts, ResetFacts, SessionFacts

DAY = date(2026, 3, 16)
NOON = datetime(2026, 3, 16, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize("post", sorted(POSTS))
def test_only_the_office_and_deputies_appoint(post):
    assert rules.may_appoint(frozenset({post, "employee"})).allow is (post in {"gmo_head", "deputy_gm"})


def held(**changes):
    told = {"acts": frozenset({"mail", "copy"}), "level_max": 20, "departments": frozenset(), "since": DAY, "until": DAY}
    return AppointmentFacts(**(told | changes))


@pytest.mark.parametrize(
    ("appointment", "act", "level", "department", "on", "allowed"),
    [
        (held(), "mail", 20, 1, DAY, True),
        (held(), "copy", 10, None, DAY, True),
        (held(), "keep", 10, 1, DAY, False),
        (held(), "mail", 30, 1, DAY, False),
        (held(), "mail", 20, 1, DAY + timedelta(days=1), False),
        (held(), "mail", 20, 1, DAY - timedelta(days=1), False),
        (held(revoked=True), "mail", 20, 1, DAY, False),
        (held(departments=frozenset({1, 2})), "mail", 20, 2, DAY, True),
        (held(departments=frozenset({1, 2})), "mail", 20, 3, DAY, False),
        (held(departments=frozenset({1, 2})), "mail", 20, None, DAY, False),
    ],
)
def test_an_appointment_covers_its_acts_level_departments_and_days(appointment, act, level, department, on, allowed):
    decision = rules.is_appointed([appointment], act, level, department, on)
    assert (decision.allow, decision.clause) == (allowed, "M1.1")


def test_the_refusal_of_an_appointment_says_for_what():
    assert rules.is_appointed([], "mail", 20, None, DAY).reasons[0].zh == "没有有效的委托:收发,机密"


def test_one_of_several_appointments_is_enough_and_two_halves_are_not():
    halves = [held(acts=frozenset({"mail"}), level_max=10), held(acts=frozenset({"copy"}), level_max=30)]
    assert not rules.is_appointed(halves, "mail", 20, None, DAY).allow
    assert rules.is_appointed([*halves, held()], "mail", 20, None, DAY).allow


SYS, SEC, HEAD, GM = (frozenset({post}) for post in ("sysadmin", "secadmin", "gmo_head", "gm"))


@pytest.mark.parametrize(
    ("signers", "posts", "officer", "checked", "rule"),
    [
        ((1, 2), (SYS, SEC), False, True, ""),
        ((1, 2), (SEC, SYS), False, True, "reset_posts"),
        ((1,), (SYS,), False, True, "reset_alone"),
        ((1, 1), (SYS, SYS), False, True, "reset_alone"),
        ((9, 2), (SYS, SEC), False, True, "reset_own"),
        ((1, 2), (SYS, SEC), False, False, "identity_unchecked"),
        ((1, 2), (SYS, SEC), True, True, "reset_posts"),
        ((1, 2), (HEAD, GM), True, True, ""),
        ((1, 2), (HEAD, GM), False, True, "reset_posts"),
    ],
)
def test_a_reset_is_signed_by_two_of_the_right_posts(signers, posts, officer, checked, rule):
    decision = rules.may_reset(ResetFacts(signers, posts, 9, officer, checked))
    assert decision.allow is (rule == "")
    assert rule in ("", decision.rule)


def session(device="a", *, owner=1, registered=True, network="10.1.1.0/24"):
    return SessionFacts(device, registered, owner, network, NOON)


@pytest.mark.parametrize(
    ("earlier", "later", "what"),
    [
        (session(), session(), "keep"),
        (session(), session("b"), "lock"),
        (session(), session("b", network="10.2.2.0/24"), "end"),
        (session(), session("b", owner=2), "end"),
        (session(), session("b", registered=False), "end"),
        (session(registered=False), session("b"), "end"),
        (session(registered=False, owner=None), session(registered=False, owner=None), "keep"),
    ],
)
def test_what_becomes_of_the_earlier_session(earlier, later, what):
    assert rules.earlier_session(earlier, later, 1) == what


@pytest.mark.parametrize(
    ("changed", "last"),
    [
        (date(2026, 3, 2), date(2026, 5, 1)),  # sixty days
        (date(2026, 12, 31), date(2027, 2, 28)),  # two calendar months are fifty-nine
        (date(2027, 1, 1), date(2027, 3, 1)),
        (date(2026, 1, 10), date(2026, 3, 10)),
    ],
)
def test_a_password_lasts_sixty_days_or_two_months_whichever_ends_earlier(changed, last):
    assert rules.password_last_day(changed) == last
    assert rules.password_good(changed, last).allow
    assert not rules.password_good(changed, last + timedelta(days=1)).allow


@pytest.mark.parametrize(("left", "rung"), [(15, None), (14, 14), (8, 14), (7, 7), (4, 7), (3, 3), (2, 3), (1, 1), (0, 1), (-1, None)])
def test_the_reminder_climbs_down_its_ladder(left, rung):
    changed = date(2026, 3, 2)
    assert rules.password_reminder(changed, rules.password_last_day(changed) - timedelta(days=left)) == rung


@pytest.mark.parametrize(("same", "allowed"), [(None, True), (1, False), (5, False), (6, True)])
def test_the_last_five_passwords_do_not_come_back(same, allowed):
    assert rules.may_use_again(same).allow is allowed


@pytest.mark.parametrize(
    ("seconds", "minutes", "locked"), [(299, 5, False), (300, 5, True), (179, 3, False), (180, 3, True), (3600, 5, True)]
)
def test_the_lock_comes_at_its_second(seconds, minutes, locked):
    assert rules.must_lock(NOON, NOON + timedelta(seconds=seconds), minutes) is locked


@pytest.mark.parametrize(("seconds", "ended"), [(1799, False), (1800, True)])
def test_the_session_ends_at_half_an_hour(seconds, ended):
    assert rules.must_end(NOON, NOON + timedelta(seconds=seconds), DAY) is ended


@pytest.mark.parametrize(("minutes", "allowed"), [(0, False), (1, True), (5, True), (6, False)])
def test_the_idle_time_is_chosen_between_one_minute_and_five(minutes, allowed):
    assert rules.may_choose_idle(minutes, DAY).allow is allowed


@pytest.mark.parametrize(
    ("kind", "registered", "cap", "policy", "shows"),
    [
        ("pc", True, 20, "enforce", 20), ("pc", True, 30, "enforce", 30), ("phone", True, 10, "enforce", 10),
        ("phone", True, 30, "enforce", 20), ("pc", False, 30, "enforce", 5), ("phone", False, 30, "enforce", 5),
        ("pc", False, 5, "warn", 20), ("phone", False, 5, "warn", 10), ("pc", True, 10, "warn", 10),
    ],
)  # fmt: skip
def test_what_a_device_may_show(kind, registered, cap, policy, shows):
    assert rules.device_cap(kind, registered, cap, policy) == shows


@pytest.mark.parametrize("officer", OFFICERS)
@pytest.mark.parametrize("other", sorted(set(POSTS) - {"employee"}))
def test_an_officer_holds_nothing_besides(officer, other):
    assert rules.may_hold_together(frozenset({officer, other, "employee"})).allow is (officer == other)


def test_a_notice_is_one_of_the_list_letter_by_letter():
    assert rules.is_neutral("您有 1 项审批待办", ["您有 1 项审批待办"]).allow
    assert not rules.is_neutral("您有 1 项审批待办:《立项》", ["您有 1 项审批待办"]).allow
