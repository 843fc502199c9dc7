"""工作日历: the head of the office enters the official notice of a year; what is wrong with a file is said, and nothing counts then."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from mifeng.base import clock, deeds, ladders, working_days
from mifeng.base.codes import Tampered
from mifeng.rooms.people import actions, holiday_files, working_calendar
from mifeng.rooms.people.calendar_views import FAULTS
from mifeng.rooms.people.holiday_files import NoticeBroken
from mifeng.rooms.people.models import CalendarYear
from mifeng.rooms.people.room import _calendar
from mifeng.site import capability

SOURCE = "国务院办公厅关于2027年部分节假日安排的通知"
OFF = [date(2027, 1, 1), date(2027, 1, 2), date(2027, 1, 3), date(2027, 5, 1), date(2027, 5, 3), date(2027, 10, 1), date(2027, 10, 4)]
WORKED = [date(2027, 10, 9)]
TOML = f'[2027]\nsource = "{SOURCE}"\noff = [{", ".join(d.isoformat() for d in OFF)}]\nworked = [2027-10-09]\n'
CSV = "日期,安排\n" + "".join(f"{day.isoformat()},休\n" for day in OFF) + "2027/10/9,班\n\n"
ICS = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20270101\r\nDTEND;VALUE=DATE:20270104\r\n"
    "SUMMARY:元旦\r\n （休）\r\nEND:VEVENT\r\n"
    + "".join(f"BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:{day:%Y%m%d}\r\nSUMMARY:放假\r\nEND:VEVENT\r\n" for day in OFF[3:])
    + "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20271009\r\nSUMMARY:国庆节（调休上班）\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
FILES = {"toml": TOML, "csv": CSV, "ics": ICS}


@pytest.fixture(autouse=True)
def counted_as_shipped():
    """What one test has entered is no calendar for the next."""
    yield
    working_calendar._forget()


@pytest.mark.parametrize("kind", ["toml", "csv", "ics"])
def test_the_three_forms_of_a_notice_say_the_same(kind):
    found = holiday_files.read(f"2027.{kind}", FILES[kind].encode(), 2027, SOURCE)
    assert (sorted(found.off), sorted(found.worked), found.source, found.provisional) == (OFF, WORKED, SOURCE, False)


def test_a_file_of_an_older_office_program_is_read_in_its_own_letters():
    assert sorted(holiday_files.read("a.csv", CSV.encode("gb18030"), 2027, SOURCE).off) == OFF


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("a.csv", "", "size"), ("a.csv", "x" * 200_001, "size"), ("a.xlsx", CSV, "kind"), ("a", CSV, "kind"),
        ("a.toml", "off = [", "toml"), ("a.toml", TOML.replace("2027", "2026"), "no_year"),
        ("a.toml", '[2027]\nsource = "x"\noff = ["2027-01-01"]', "days"), ("a.toml", '[2027]\noff = 3', "days"),
        ("a.csv", CSV + "2027-02-30,休\n", "no_day"), ("a.csv", CSV + "moon 3,休\n", "no_day"),
        ("a.csv", CSV + "2027-10-05,调\n", "off_or_worked"), ("a.csv", CSV + "2027-10-05\n", "off_or_worked"),
        ("a.csv", CSV + "2027-10-05,休和班\n", "off_or_worked"), ("a.csv", CSV + "2026-10-05,休\n", "another_year"),
        ("a.csv", CSV + "2027-10-09,休\n", "off_and_worked"), ("a.csv", CSV + "2027-10-08,班\n", "not_a_weekend"),
        ("a.csv", CSV.replace("2027-10-01,休\n", ""), "by_law"), ("a.csv", "日期,安排\n", "empty"),
        ("a.ics", ICS.replace("VALUE=DATE:20271009", "VALUE=DATE-TIME:20271009T080000Z"), "not_all_day"),
        ("a.ics", ICS.replace("20270104", "20270101"), "event_days"), ("a.ics", ICS.replace("20270104", "20280104"), "event_days"),
        ("a.ics", ICS.replace("放假", "春节"), "off_or_worked"), ("a.ics", "moon", "empty"),
    ],
    ids=[
        "empty-file", "large", "kind", "no-kind", "toml", "year", "words", "no-list", "30-february", "moon", "neither", "no-word", "both",
        "other-year", "off-and-worked", "weekday", "law", "no-days", "hours", "backwards", "a-year-long", "neither-ical", "no-calendar",
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_by_what_is_wrong_with_it(name, text, code):
    with pytest.raises(NoticeBroken) as caught:
        holiday_files.read(name, text.encode(), 2027, SOURCE)
    assert caught.value.code == code


def test_a_notice_without_a_name_is_refused_and_bytes_that_are_no_text():
    with pytest.raises(NoticeBroken, match="no_source"):
        holiday_files.read("a.csv", CSV.encode(), 2027, "  ")
    with pytest.raises(NoticeBroken, match="text"):
        holiday_files.read("a.csv", b"\xff\xff\x00", 2027, SOURCE)


def test_every_fault_of_a_file_has_its_words():
    assert set(working_days.FAULTS) <= set(FAULTS)
    assert "2027-10-09" in FAULTS["off_and_worked"] % {"at": WORKED[0]}


def enter(cast, source=SOURCE, year=2027, off=frozenset(OFF), worked=frozenset(WORKED)):
    return actions.enter_calendar(cast.office_head, year, off, worked, source)


def test_d1_a_year_that_was_entered_counts_in_place_of_the_provisional_one(house, cast):
    assert working_days.state_of(2027) == "provisional"
    assert working_days.is_one(date(2027, 10, 4))
    enter(cast)
    assert working_days.state_of(2027) == "official"
    assert (working_days.is_one(date(2027, 10, 4)), working_days.is_one(date(2027, 10, 9))) == (False, True)
    assert working_days.after(date(2027, 9, 30), 1) == date(2027, 10, 5)
    entry = house.last()
    assert (entry["act"], entry["n"]["year"], entry["n"]["off"]) == ("people:enter_calendar", 2027, len(OFF))
    assert working_days.state_of(2026) == "official"  # the others stand as they stood


def test_d1_the_newest_entry_of_a_year_counts_and_the_older_one_stays(house, cast):
    enter(cast)
    enter(cast, "更正的通知", worked=frozenset())
    assert CalendarYear.objects.filter(year=2027).count() == 2
    assert not working_days.is_one(date(2027, 10, 9))


def test_d1_only_the_head_of_the_office_enters_it_and_no_year_that_is_over(house, cast, refused):
    for person in (cast.sysadmin, cast.clerk, cast.gm):
        with refused("D1"):
            actions.enter_calendar(person, 2027, frozenset(OFF), frozenset(WORKED), SOURCE)
    with refused("D1"):
        enter(cast, year=2025, off=frozenset({date(2025, 1, 1)}), worked=frozenset())
    with refused("D1"):
        enter(cast, worked=frozenset({date(2027, 10, 8)}))
    assert working_days.state_of(2027) == "provisional"


def test_d1_another_process_counts_by_it_too_and_a_house_opened_anew_by_its_own(house, cast):
    enter(cast)
    working_calendar._forget()  # as in a process that has not looked yet
    assert working_days.state_of(2027) == "provisional"
    working_calendar.follow()
    assert working_days.state_of(2027) == "official"


def test_d1_a_day_that_was_put_into_the_database_counts_nowhere(house, cast):
    enter(cast)
    working_calendar._forget()
    deeds._do("people:test_days", None, None, lambda: CalendarYear.objects.update(off="2027-10-05"))
    with pytest.raises(Tampered):
        working_calendar.follow()
    assert working_days.state_of(2027) == "provisional"


def test_d1_the_head_of_the_office_is_asked_from_november_on_until_it_is_entered(house, cast):
    with house.at(date(2026, 10, 31)):
        assert [duty.count for duty in _calendar(cast.office_head)] == [0]
    with house.at(date(2026, 11, 1)):
        assert [duty.count for duty in _calendar(cast.office_head)] == [1]
        assert _calendar(cast.clerk) == []
        enter(cast)
        assert [duty.count for duty in _calendar(cast.office_head)] == [0]
        assert next(line for line in capability.lines() if line.name == "工作日历").state == "ok"


def test_d1_the_page_reads_the_file_first_and_enters_it_then(house, cast):
    client = house.open_page_as(cast.office_head)
    blank = client.get("/people/calendar/")
    assert (blank.status_code, "没有保存" in blank.content.decode()) == (200, False)
    assert '<option value="2027" selected>' in blank.content.decode()  # the year that is lacking
    sent = {"year": "2027", "source": "", "file": SimpleUploadedFile("2027.toml", TOML.encode())}
    page = client.post("/people/calendar/", sent).content.decode()
    assert "2027 年，尚未录入" in page
    assert "2027-10-09" in page
    assert not CalendarYear.objects.exists()
    told = {"do": "enter", "year": "2027", "source": SOURCE, "off": working_calendar.words(frozenset(OFF)), "worked": "2027-10-09"}
    assert client.post("/people/calendar/", told).status_code == 302
    assert CalendarYear.objects.get().source == SOURCE
    assert SOURCE in client.get("/people/calendar/").content.decode()


def test_d1_the_page_says_what_is_wrong(house, cast):
    client = house.open_page_as(cast.office_head)
    wrong = SimpleUploadedFile("a.csv", (CSV + "2027-10-08,班\n").encode())
    empty = SimpleUploadedFile("a.csv", b"")
    for file, words in ((wrong, "2027-10-08 不是周六、周日"), (None, "文件"), (empty, "文件")):
        answer = client.post("/people/calendar/", {"year": "2027", "source": SOURCE} | ({"file": file} if file else {}))
        assert answer.status_code == 422
        assert words in answer.content.decode()
    forged = {"do": "enter", "year": "2027", "source": SOURCE, "off": "moon", "worked": ""}
    assert client.post("/people/calendar/", forged).status_code == 422
    assert client.post("/people/calendar/", {"year": "2019", "source": SOURCE}).status_code == 422
    assert not CalendarYear.objects.exists()


def test_d1_who_counts_by_it_reads_it_and_others_find_nothing(house, cast):
    client = house.open_page_as(cast.clerk)
    assert "录入放假通知" not in client.get("/people/calendar/").content.decode()
    assert client.post("/people/calendar/", {"year": "2027"}).status_code == 200
    assert house.open_page_as(cast.insider).get("/people/calendar/").status_code == 404


def test_what_is_due_moves_with_the_calendar(house, cast):
    with house.at(date(2027, 9, 30)):
        begun = clock.now()
        assert ladders.due_after("approval", begun).date() == date(2027, 10, 5)
        enter(cast, off=frozenset({*OFF, date(2027, 10, 4) + timedelta(days=1)}))
        assert ladders.due_after("approval", begun).date() == date(2027, 10, 7)

