"""Who is reminded when, over the rows of a real house; what nobody looks after is found and told."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from mifeng.base import clock, deeds, duties, jobs, ladders, room
from mifeng.base.models import Job, Notice
from mifeng.rooms.approvals import actions as approvals
from mifeng.rooms.approvals import queries as approval_queries
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.documents import actions, work
from mifeng.rooms.documents import deadlines as documents_deadlines
from mifeng.rooms.documents.facts import TermFacts
from mifeng.rooms.oversight import reminders
from mifeng.rooms.people import actions as people
from mifeng.rooms.people import deadlines
from mifeng.rooms.people import queries as people_queries
from mifeng.rooms.people.models import Person
from mifeng.rooms.training import actions as training
from mifeng.rooms.training import self_check
from mifeng.site import capability
from tests import factories

SHORT = TermFacts("date", on=date(2026, 9, 30))  # the last day of the main paper in these tests


def desk(person, kind):
    return list(Notice.objects.filter(person_key=person.pk, kind=kind).order_by("pk"))


def told_of(kind, key=""):
    found = Notice.objects.filter(kind=kind, item_key=key) if key else Notice.objects.filter(kind=kind)
    return [Person.objects.get(pk=notice.person_key).login for notice in found.order_by("pk")]


def gaps_of(key):
    return [gap.why for gap in reminders.gaps(clock.now()) if gap.deadline.key == key]


def the_day():
    """What the clock starts on the day that is played, done."""
    jobs.enqueue_rounds()
    jobs.run_all()


def a_day(house, day):
    with house.at(day):
        the_day()


@pytest.fixture
def dated(house, cast):
    return factories.classified(cast, proposed=factories.proposed(term=SHORT))


def test_p4_1_the_classifier_is_told_before_the_end_and_his_superiors_after_it(house, cast, dated):
    seen = {}
    for day in (date(2026, 7, 1), date(2026, 7, 2), date(2026, 9, 29), date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 7),
                date(2026, 10, 29), date(2026, 10, 30), date(2026, 12, 1)):  # fmt: skip
        before = Notice.objects.order_by("pk").values_list("pk", flat=True).last() or 0
        a_day(house, day)
        new = Notice.objects.filter(item_key=dated.item_key, pk__gt=before).order_by("pk")
        seen[day] = [(Person.objects.get(pk=notice.person_key).login, notice.kind) for notice in new]
    dated.refresh_from_db()
    assert seen[date(2026, 7, 1)] == []  # ninety-one days
    assert seen[date(2026, 7, 2)] == [("wenqh", "term")]
    assert seen[date(2026, 9, 29)] == [("wenqh", "term")]
    assert seen[date(2026, 9, 30)] == []  # the one day before is told once
    assert seen[date(2026, 10, 1)] == [("niezx", "term"), ("wenqh", "term")]  # 到期待审: the owner; the ladder: the classifier
    assert seen[date(2026, 10, 7)] == [("fangrl", "overdue")]
    assert seen[date(2026, 10, 30)] == [("luyz", "overdue")]
    assert seen[date(2026, 12, 1)] == []
    assert dated.state == "expired_review"  # told of for two months, and nothing was released or prolonged by it


def test_p4_1_ten_days_without_the_house_give_one_rung(house, cast, dated):
    a_day(house, date(2026, 8, 20))
    before = len(desk(cast.deputy, "term"))
    a_day(house, date(2026, 8, 31))  # thirty days before is reached in the meantime
    a_day(house, date(2026, 9, 25))
    a_day(house, date(2026, 10, 5))  # between: the day before the end
    assert len(desk(cast.deputy, "term")) - before == 3
    with house.at(date(2026, 10, 5)):
        entries = len(house.log())
        assert reminders.send(clock.now()) == 0
        assert len(house.log()) == entries  # told already: nothing is written


def test_p4_1_a_decision_ends_the_ladder(house, cast, dated):
    with house.at(date(2026, 10, 1)):
        the_day()
        dated.refresh_from_db()
        actions.declassify(cast.deputy, dated, "已公开")
    a_day(house, date(2026, 11, 15))
    assert desk(cast.office_head, "overdue") == desk(cast.gm, "overdue") == []


def test_p4_1_nothing_is_past_due_with_neither_decision_nor_task(house, cast, dated):
    with house.at(date(2026, 10, 12)):
        assert gaps_of(dated.item_key) == ["undone"]
        work.expire_all()
        assert gaps_of(dated.item_key) == ["untold"]
        line = next(line for line in capability.lines() if line.name == "到期事项")
        assert line.state == "bad"
        assert "无决定、无待办" in line.words
        the_day()
        assert reminders.gaps(clock.now()) == []
        assert next(line for line in capability.lines() if line.name == "到期事项").state == "ok"
    # the gap is planted: somebody takes the lines off every desk in the database
    with house.at(date(2026, 10, 13)):
        deeds._do("people:test_gap", None, None, lambda: Notice.objects.filter(item_key=dated.item_key).delete())
        assert [(gap.why, gap.deadline.key) for gap in reminders.gaps(clock.now())] == [("untold", dated.item_key)]
        checkers = sorted(person.login for post in ("gmo_head", "auditor") for person in people_queries.holders(post))
        assert reminders.tell_gaps(clock.now()) == len(checkers)
        assert sorted(told_of("gap")) == checkers
        assert reminders.tell_gaps(clock.now()) == 0  # once a day


def test_p4_1_who_takes_the_place_of_a_classifier_who_has_left_is_told(house, cast, dated):
    assert dated.decider == cast.deputy

    def leave():
        leaver = cast.deputy
        leaver.active = False
        leaver.save()

    deeds._do("people:test_leave", None, None, leave)
    a_day(house, date(2026, 9, 23))
    assert told_of("term", dated.item_key) == ["luyz"]


def test_i6_3_every_password_has_its_ladder_and_ends_with_the_change(house, cast):
    last = date(2026, 5, 1)  # changed on 2 March: sixty days, and two months are longer
    a_day(house, last - timedelta(days=15))
    assert desk(cast.insider, "password") == []
    for left, count in ((14, 1), (13, 1), (7, 2), (3, 3), (1, 4), (0, 4), (-1, 5), (-20, 5)):
        a_day(house, last - timedelta(days=left))
        assert len(desk(cast.insider, "password")) == count, left
    assert {notice.item_key for notice in desk(cast.insider, "password")} == {cast.insider.item_key}


def test_i6_3_signing_in_and_the_daily_look_tell_one_thing_once(house, cast):
    with house.at(date(2026, 4, 25)):
        house.sit(cast.insider)
        the_day()
        house.sit(cast.insider)
    assert len(desk(cast.insider, "password")) == 1


def test_p0_1_pledge_and_test_go_to_the_person_and_hr_then_to_his_superiors(house, cast):
    a_day(house, date(2026, 12, 29))  # both end on 5 January 2027
    assert {"gexy", "dingxl"} <= set(told_of("pledge", cast.insider.item_key))
    assert {"gexy", "dingxl"} <= set(told_of("training", cast.insider.item_key))
    a_day(house, date(2027, 1, 6))
    assert "tianjz" in told_of("pledge", cast.insider.item_key)
    with house.at(date(2027, 1, 6)):
        training.sign_pledge(cast.insider)
        training.hand_in_self_check(cast.insider, {line.id: True for line in self_check.lines()}, "")
    a_day(house, date(2027, 1, 12))
    assert told_of("overdue", cast.insider.item_key) == ["fangrl"]  # for the test alone: the pledge is signed


def test_m1_1_an_appointment_that_ends_is_told_of_unless_a_later_one_continues_it(house, cast):
    a_day(house, date(2026, 12, 1))
    first = len(told_of("appointment"))
    assert {"jianxh", "dingxl"} <= set(told_of("appointment"))
    with house.at(date(2026, 12, 2)):
        for held in cast.clerk.appointments.all():
            people.appoint(cast.office_head, cast.clerk, acts=tuple(held.acts.split()), level_max=held.level_max,
                           since=date(2026, 12, 2), until=date(2027, 12, 31))  # fmt: skip
    a_day(house, date(2026, 12, 24))
    again = told_of("appointment")[first:]
    assert "jianxh" not in again
    assert "qiar" in again


def test_i6_2_a_delegation_that_ends_is_told_to_both_and_owes_nobody_anything_afterwards(house, cast):
    given = approvals.delegate(
        cast.deputy, cast.sales_deputy, act="classify", level_max=20, since=date(2026, 3, 16), until=date(2026, 3, 20), paper="出差"
    )
    a_day(house, date(2026, 3, 19))
    assert sorted(told_of("delegation", f"delegations:{given.uid}")) == ["luoyn", "wenqh"]
    with house.at(date(2026, 4, 20)):
        assert list(room.deadlines(clock.now(), {"delegation"})) == []


def test_m2_1_a_request_that_waits_is_told_higher_and_higher_and_decided_by_nobody_else(house, cast):
    document = factories.registered(cast)
    request = Approval.objects.get(item_key=document.item_key)
    key = f"approvals:{request.uid}"
    candidates = approval_queries.candidates(request)
    assert [one.login for one in candidates] == ["tianjz"]
    a_day(house, date(2026, 3, 17))
    a_day(house, date(2026, 3, 19))
    assert told_of("overdue", key) == ["wenqh"]  # the deputy over his department, on the third working day
    a_day(house, date(2026, 3, 27))
    assert told_of("overdue", key) == ["wenqh"]
    request.refresh_from_db()
    assert request.state == "asked"
    assert approval_queries.candidates(request) == candidates
    assert approval_queries.standing(cast.deputy, request) is None


def test_m2_1_the_next_higher_is_never_the_applicant_nor_whom_it_concerns(house, cast):
    request = Approval.objects.get(item_key=factories.registered(cast).item_key)

    def asks_for_himself():
        request.applicant = cast.deputy
        request.save()

    deeds._do("approvals:test_asker", None, None, asks_for_himself)
    (deadline,) = [d for d in room.deadlines(clock.now(), {"approval"}) if d.key == f"approvals:{request.uid}"]
    assert cast.deputy.pk not in deadline.persons(["next_higher"])
    assert deadline.persons(["next_higher"]) == [cast.gm.pk]


def test_g4_1_a_custody_offered_and_not_signed_for_is_told_to_both_and_then_to_the_office(house, cast):
    document = factories.classified(cast, proposed=factories.proposed(10))
    actions.offer_custody(document.owner, document, cast.clerk, "外出")
    a_day(house, date(2026, 3, 18))
    assert sorted(told_of("custody", document.item_key))[-1] == "niezx"
    a_day(house, date(2026, 3, 20))
    assert told_of("overdue", document.item_key) == ["fangrl"]


def test_m7_1_a_freeze_is_told_hours_before_it_ends_and_is_found_when_it_did_not_end(house, cast):
    document = factories.classified(cast)
    actions.freeze(cast.office_head, document, (), "疑似外泄")
    with house.at(timedelta(hours=47)):
        assert reminders.send(clock.now(), hourly=True) == 0
    with house.at(timedelta(hours=48)):
        assert reminders.send(clock.now(), hourly=True) == 2
        assert sorted(told_of("freeze", document.item_key)) == ["fangrl", "luyz"]
        assert reminders.send(clock.now(), hourly=True) == 0
    with house.at(timedelta(hours=73)):
        assert [gap.why for gap in reminders.gaps(clock.now())] == ["undone"]
        actions.thaw(None, document)
        assert reminders.gaps(clock.now()) == []


def test_a2_whom_a_sealed_item_speaks_of_is_told_nothing(house, cast):
    document = factories.classified(cast, proposed=factories.proposed(term=SHORT))
    actions.open_embargo(cast.gm, document, handlers=(cast.hr,), concerned=(cast.deputy,))
    a_day(house, date(2026, 9, 23))
    assert told_of("term", document.item_key) == []
    with house.at(date(2026, 10, 8)):
        work.expire_all()
        reminders.send(clock.now())
    assert "wenqh" not in told_of("overdue", document.item_key) + told_of("term", document.item_key)


def test_p2_2_a_reminder_names_neither_title_nor_level_nor_person(house, cast, dated):
    a_day(house, date(2026, 9, 23))
    for notice in Notice.objects.all():
        words = str(duties.KINDS[notice.kind])
        assert dated.title not in words
        assert not any(word in words for word in ("绝密", "机密", "秘密", cast.deputy.name))


def test_doctor_lists_the_kinds_whose_rooms_do_not_stand(house):
    off = {line.name: line for line in capability.lines() if line.group == "到期" and line.state == "off"}
    assert set(off) == {one.zh for one in ladders.unannounced(room.deadline_kinds())}
    assert "M4" in off["对外提供件收回"].words


def test_a_kind_that_a_standing_room_keeps_silent_about_stops_the_house(house, monkeypatch):
    told = dict(room.rooms()[0].deadlines)
    told.pop("password")
    fewer = tuple(one if one.name != "people" else replace(one, deadlines=told) for one in room.rooms())
    monkeypatch.setattr(room, "rooms", lambda: fewer)
    with pytest.raises(room.HouseDoesNotStand, match="password"):
        room.check()


def of_kinds(monkeypatch, **kinds):
    """These rooms announce otherwise, and first of all."""
    announced = {**kinds, **{kind: told for kind, told in room.deadline_kinds().items() if kind not in kinds}}
    monkeypatch.setattr(room, "deadline_kinds", lambda: announced)


def test_a_kind_that_cannot_be_read_silences_no_other_and_the_round_stands_on_the_page_of_the_jobs(house, cast, dated, monkeypatch):
    def broken(at):
        yield from deadlines.passwords(at)
        raise ValueError(dated.title)

    of_kinds(monkeypatch, password=broken)
    with house.at(date(2026, 4, 27)):  # four days before everybody's password is over
        the_day()
        assert [notice.kind for notice in desk(cast.insider, "password")] == ["password"]  # what was read before the fault
    with house.at(date(2026, 7, 2)):
        with pytest.raises(jobs.SomeFailed) as fault:
            reminders.remind_all(clock.now())
        assert (fault.value.classes, len(desk(cast.deputy, "term"))) == ("ValueError", 1)
        the_day()
        job = Job.objects.filter(subject="oversight.remind_all").order_by("pk").last()
        assert (job.state, job.last_error_class) == (Job.State.DUE, "ValueError")
        told = [line for line in capability.lines() if line.group == "到期" and line.state == "bad"]
        assert ["ValueError" in line.words and dated.title not in line.words for line in told] == [True]


def test_a_deadline_whose_people_cannot_be_found_silences_no_other_of_its_kind(house, cast, dated, monkeypatch):
    def nobody(word):
        raise KeyError(word)

    def terms(at):
        for found in documents_deadlines.terms(at):
            yield replace(found, key="documents:broken", who=nobody)
            yield found

    of_kinds(monkeypatch, term=terms)
    with house.at(date(2026, 7, 2)), pytest.raises(jobs.SomeFailed):
        reminders.remind_all(clock.now())
    assert len(desk(cast.deputy, "term")) == 1
    with house.at(date(2026, 10, 5)):
        found, faults = reminders.looked_at(clock.now())
        assert (faults, {gap.deadline.key for gap in found} >= {dated.item_key}) == ({"term": "KeyError"}, True)


def test_m7_1_every_hour_what_counts_hours_is_told_up_to_the_fault_beside_it(house, cast, monkeypatch):
    actions.freeze(cast.office_head, factories.classified(cast), (), "疑似外泄")
    frozen = room.deadline_kinds()["freeze"]

    def freezes(at):
        yield from frozen(at)
        raise ValueError

    of_kinds(monkeypatch, freeze=freezes)
    with house.at(timedelta(hours=49)):
        assert reminders.send(clock.now(), hourly=True) > 0
