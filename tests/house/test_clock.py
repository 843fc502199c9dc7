"""The machine's clock is a witness, not a judge: what is set forward or back is not believed (P4.1, decision 0012)."""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from mifeng.base import clock, deeds, jobs, record
from mifeng.base.codes import Tampered
from mifeng.base.models import Notice
from mifeng.base.refusals import NotThere, Refused
from mifeng.engines import auditlog
from mifeng.rooms.documents import actions as documents
from mifeng.rooms.documents import work
from mifeng.rooms.documents.models import Document
from mifeng.rooms.oversight import actions
from mifeng.rooms.oversight.models import ClockWord
from mifeng.rooms.people import actions as people
from mifeng.rooms.people import queries
from mifeng.site import ticker
from tests import cluster, factories
from tests.house_fixtures import START

SIXTY_YEARS = timedelta(days=60 * 365)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
T = datetime(2026, 3, 16, 1, 0, tzinfo=UTC)


@dataclass
class Machine:
    """A machine whose clock somebody sets, beside the seconds since it was switched on, which nobody does."""

    shows: datetime = START
    on_for: float = 1000.0

    def wait(self, time: timedelta) -> None:
        self.shows += time
        self.on_for += time.total_seconds()

    def set(self, by: timedelta) -> None:
        self.shows += by


@pytest.fixture
def machine(house, monkeypatch):
    """The house runs by this machine's clock, from the last entry of the log on."""
    made = Machine()
    monkeypatch.setattr(clock, "machine_clock", lambda: made.shows)
    monkeypatch.setattr(clock, "machine_seconds", lambda: made.on_for)
    monkeypatch.setattr(clock, "_played", None)
    clock.resume(START)
    ticker.forget()
    yield made
    clock.forget_floor()
    ticker.forget()


@contextmanager
def refused_by(rule):
    with pytest.raises(Refused) as caught:
        yield
    assert caught.value.decision.rule == rule


def register(cast):
    return factories.registered(cast)


# What is made of a reading: one-minute reference model and properties


@pytest.mark.parametrize(
    ("machine", "at", "doubted", "behind"),
    [
        (T, T, False, timedelta()),
        (T + 23 * timedelta(hours=1), T + 23 * timedelta(hours=1), False, timedelta()),
        (T + DAY, T + DAY, False, timedelta()),
        (T + DAY + MINUTE, T, True, timedelta()),
        (T + SIXTY_YEARS, T, True, timedelta()),
        (T - 4 * MINUTE, T, False, 4 * MINUTE),
        (T - 6 * MINUTE, T, False, 6 * MINUTE),
        (T - SIXTY_YEARS, T, False, SIXTY_YEARS),
    ],
    ids=["right", "hours ahead", "a day ahead", "more than a day", "sixty years ahead", "corrected", "set back", "sixty years back"],
)  # fmt: skip
def test_p4_1_a_clock_is_believed_up_to_a_day_ahead_and_never_behind_the_log(machine, at, doubted, behind):
    assert clock.judged(machine, T, T, clock.AHEAD) == clock.Reading(at, machine, doubted, behind)


minutes = st.integers(-60 * 24 * 400, 60 * 24 * 400).map(lambda n: T + n * MINUTE)


@given(machine=minutes, counted=minutes, floor=minutes)
def test_p4_1_time_is_never_before_the_last_entry_nor_more_than_a_day_from_what_was_counted(machine, counted, floor):
    told = clock.judged(machine, counted, floor, clock.AHEAD)
    assert told.at >= floor
    assert told.at <= max(floor, counted + clock.AHEAD)
    assert told.at >= counted - clock.BEHIND
    assert told.doubted == (machine - counted > clock.AHEAD)


# A running house


def test_p4_1_a_clock_sixty_years_ahead_changes_nothing_expires_nothing_and_is_forgotten_when_it_is_right(house, cast, machine):
    document, session = factories.readable(cast), house.sit(cast.insider)
    term, entries = document.expires_on, len(house.log())
    machine.set(SIXTY_YEARS)
    with refused_by("clock_in_doubt"):
        register(cast)
    assert (house.last()["out"], house.last()["why"]) == ("refused", ["P4.1"])
    assert work.expire_all() == 0 and Document.objects.get(pk=document.pk).state == document.state
    assert documents.open_card(cast.insider, session, document.uid)  # reading goes on
    assert all(record.instant(entry) < START + DAY for entry in house.log()[entries:])
    machine.set(-SIXTY_YEARS)
    assert register(cast) and clock.believed()
    assert Document.objects.get(pk=document.pk).expires_on == term


def test_p4_1_small_steps_forward_are_added_up(house, cast, machine):
    register(cast)
    machine.set(timedelta(hours=20))
    assert register(cast)  # within a day
    machine.set(timedelta(hours=20))
    with refused_by("clock_in_doubt"):
        register(cast)


def test_p4_1_days_that_really_pass_are_believed(house, cast, machine):
    for _month in range(24):
        machine.wait(30 * DAY)
        assert clock.believed() and clock.now() == machine.shows


def test_p4_1_a_clock_set_back_prolongs_nothing(house, cast, machine):
    register(cast)
    machine.set(-30 * DAY)
    machine.wait(2 * DAY)
    assert clock.today() == date(2026, 3, 18)
    assert register(cast) and record.instant(house.last()) == START + 2 * DAY


# A house that stood still


def test_p4_1_after_a_holiday_the_clock_is_believed_after_a_year_it_is_asked_about(house, cast, machine):
    machine.shows = START + 9 * DAY
    clock.resume(START)
    assert clock.believed() and clock.now() == START + 9 * DAY
    machine.shows = START + 365 * DAY
    clock.resume(START)
    assert not clock.believed() and clock.now() == START
    machine.wait(DAY)
    assert clock.now() == START + DAY


def test_p4_1_the_house_goes_on_from_the_last_entry_that_a_deed_has_signed(house, cast, machine):
    register(cast)
    forged = {"v": 1, "t": int((START + SIXTY_YEARS).timestamp() * 1000), "act": "people:sign_in", "out": "allowed", "m": "0" * 32}
    append_past_the_deeds(forged)
    record.start()
    assert clock.now() == START


def append_past_the_deeds(entry):
    with transaction.atomic():
        record.open_entry()
        auditlog.append(record.TABLES, auditlog.canonical(entry))


# Two persons of different posts


def test_p4_1_two_persons_of_different_posts_confirm_the_date_and_work_goes_on(house, cast, machine):
    machine.set(400 * DAY)
    day = clock.local(machine.shows).date()
    assert actions.confirm_clock(cast.office_head, day) is False
    with refused_by("clock_in_doubt"):
        register(cast)
    with refused_by("clock_second_person"):
        actions.confirm_clock(cast.office_head, day)
    assert actions.confirm_clock(cast.auditor, day) is True
    assert clock.believed() and clock.now() == machine.shows
    assert register(cast) and record.instant(house.last()) == machine.shows


def test_p4_1_the_administrator_of_the_machine_and_the_staff_confirm_nothing(house, cast, machine):
    machine.set(400 * DAY)
    for person in (cast.sysadmin, cast.drafter, cast.clerk):
        with pytest.raises(NotThere):
            actions.confirm_clock(person, clock.local(machine.shows).date())
    assert not ClockWord.objects.exists()


def test_p4_1_a_wrong_date_is_not_confirmed_and_a_sound_clock_is_not_asked_about(house, cast, machine):
    with refused_by("clock_sound"):
        actions.confirm_clock(cast.office_head, clock.local(machine.shows).date())
    machine.set(400 * DAY)
    with refused_by("clock_other_day"):
        actions.confirm_clock(cast.office_head, date(2026, 3, 16))


def test_p4_1_a_word_is_given_to_one_clock_and_not_to_the_next(house, cast, machine):
    machine.set(400 * DAY)
    actions.confirm_clock(cast.office_head, clock.local(machine.shows).date())
    machine.set(100 * DAY)
    assert actions.confirm_clock(cast.auditor, clock.local(machine.shows).date()) is False
    assert not clock.believed()


def test_p4_1_a_forged_word_is_noticed(house, cast, machine):
    machine.set(400 * DAY)
    actions.confirm_clock(cast.office_head, clock.local(machine.shows).date())
    database = cluster.Administrator(house.home)
    database.do("UPDATE oversight_clockword SET person_key = ?", cast.auditor.pk)
    database.connection.commit()
    database.connection.close()
    with pytest.raises(Tampered):
        actions.confirm_clock(cast.secadmin, clock.local(machine.shows).date())


def test_p4_1_nobody_confirms_an_earlier_date_since_the_log_never_runs_back(house, cast, machine):
    register(cast)
    machine.set(-30 * DAY)
    for person in (cast.gm, cast.secadmin):
        with refused_by("clock_sound"):
            actions.confirm_clock(person, clock.local(machine.shows).date())
    assert clock.now() == START


def test_p4_1_another_process_of_the_house_follows_a_confirmation(house, cast, machine):
    register(cast)
    seen = record._Seen()
    seen.take(record.TABLES.head())
    machine.set(400 * DAY)
    actions.confirm_clock(cast.office_head, clock.local(machine.shows).date())
    actions.confirm_clock(cast.auditor, clock.local(machine.shows).date())
    clock.resume(START)  # what the other process believes
    assert not clock.believed()
    seen.meet(record.TABLES.head())
    assert clock.believed() and clock.now() == machine.shows


# What stands still meanwhile, and who is told


def test_p4_1_nothing_falls_due_by_a_clock_in_doubt(house, cast, machine, monkeypatch):
    done = []
    monkeypatch.setattr(jobs, "enqueue_rounds", lambda: done.append(clock.today()))
    machine.set(SIXTY_YEARS)
    ticker.tick()
    assert done == []
    machine.set(-SIXTY_YEARS)
    ticker._next = 0.0
    ticker.tick()
    assert done == [date(2026, 3, 16)]


def test_p4_1_a_clock_set_forward_or_back_is_recorded_and_told_once(house, cast, machine):
    ticker.tick()
    for by in (SIXTY_YEARS, -SIXTY_YEARS, -DAY):
        machine.set(by)
        for _turn in range(2):
            ticker._next = 0.0
            ticker.tick()
    alarms = [entry for entry in house.log() if entry["act"] == "oversight:clock_alarm"]
    assert [entry["n"]["minutes"] for entry in alarms] == [60 * 365 * 24 * 60, -24 * 60]
    told = set(Notice.objects.filter(kind="clock").values_list("person_key", flat=True))
    assert told == {holder.pk for post in ("gmo_head", "secadmin", "auditor") for holder in queries.holders(post)}


class Watch:
    """What the ticker of one process of the house knows of the clock."""

    def __init__(self) -> None:
        self.known = (False, None)

    def looks(self) -> bool:
        ticker._in_question, ticker._right_at = self.known
        told = ticker.watch_clock()
        self.known = ticker._in_question, ticker._right_at
        return told


def test_p4_1_a_clock_set_forward_is_told_by_one_process_of_several_and_again_when_it_is_set_again(house, cast, machine):
    """A server and a worker beside it, and one of them started anew on the same day."""
    server, worker = Watch(), Watch()
    assert [server.looks(), worker.looks()] == [False, False]
    machine.set(SIXTY_YEARS)
    machine.wait(MINUTE)
    assert [server.looks(), worker.looks(), server.looks(), Watch().looks()] == [True, False, False, False]
    machine.set(-SIXTY_YEARS)
    machine.wait(MINUTE)
    assert [server.looks(), worker.looks()] == [False, False]
    machine.wait(MINUTE)
    machine.set(-DAY)
    assert [worker.looks(), server.looks()] == [True, False]
    assert sum(entry["act"] == "oversight:clock_alarm" for entry in house.log()) == 2


def test_p4_1_people_can_still_sign_in_and_out_and_see_the_page(house, cast, machine):
    client, other = house.open_page_as(cast.auditor), house.open_page_as(cast.drafter)
    machine.set(2 * DAY)
    page = client.get("/system/clock/").content.decode()
    assert "时钟待确认" in page and 'name="day"' in page
    assert client.post("/system/clock/", {"day": "2026-03-18"}).status_code == 302
    assert "您已确认" in client.get("/system/clock/").content.decode()
    assert client.post("/account/sign-out/").status_code in (200, 302)
    assert other.get("/system/clock/").status_code == 404


def test_p4_1_a_code_of_the_telephone_opens_whichever_clock_it_agrees_with(house, cast, machine, monkeypatch):
    asked = []
    monkeypatch.setattr(people.credentials, "totp_step", lambda row, code, at: asked.append(at))
    people._code_step(None, "123456")
    machine.set(400 * DAY)
    people._code_step(None, "123456")
    assert asked == [START.timestamp(), START.timestamp(), machine.shows.timestamp()]


def test_every_deed_that_goes_on_in_doubt_is_named_here():
    going_on = {name for name, found in deeds.REGISTERED.items() if found.in_doubt and not found.reads}
    assert going_on == {
        "people:sign_in", "people:sign_out", "people:unlock", "people:prove_again", "people:enter_demo", "people:unseal",
        "people:meet_device", "people:check_person", "oversight:confirm_clock", "oversight:clock_alarm",
    }  # fmt: skip
