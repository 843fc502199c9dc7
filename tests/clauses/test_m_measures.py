"""Book M: measures: entrusted persons, computers, the yearly self-check."""

from datetime import date, timedelta

import pytest

from mifeng.base import clock, duties
from mifeng.base.refusals import Refused
from mifeng.rooms.documents import actions, queries
from mifeng.rooms.oversight import reminders
from mifeng.rooms.people import actions as people
from mifeng.rooms.people import queries as people_queries
from mifeng.rooms.training import actions as training
from mifeng.rooms.training import queries as training_queries
from mifeng.rooms.training import room as training_room
from mifeng.rooms.training import self_check
from mifeng.rooms.viewing import actions as viewing
from tests import factories

scenario = pytest.mark.scenario
DAY = date(2026, 3, 16)


def appoint(cast, by, level=10):
    """乔 becomes the entrusted person for mail, to that level."""
    for held in cast.second_clerk.appointments.all():
        people.revoke_appointment(cast.office_head, held)
    return people.appoint(
        by, cast.second_clerk, acts=("mail",), level_max=level, since=DAY, until=date(2026, 12, 31)
    )  # fmt: skip


@scenario("M1.1/1")
def test_m1_1_an_appointment_for_confidential_mail_does_not_cover_highly_confidential(house, cast, refused):
    """Receiving and dispatching are one carrier act (收发)."""

    appoint(cast, cast.office_head)
    assert people_queries.is_appointed(cast.second_clerk, "mail", 10, None, DAY)
    assert not people_queries.is_appointed(cast.second_clerk, "mail", 20, None, DAY)
    higher, lower = factories.new_document(cast.drafter), factories.new_document(cast.drafter, proposed=factories.proposed(10))
    with refused("M1.1"):
        actions.register(cast.second_clerk, higher)
    document = actions.register(cast.second_clerk, lower)
    seen = queries.decided(queries.viewer(cast.second_clerk, house.sit(cast.second_clerk)), document, "register_facts")
    assert seen.allow
    other = factories.registered(cast)
    hidden = queries.decided(queries.viewer(cast.second_clerk, house.sit(cast.second_clerk)), other, "register_facts")
    assert (hidden.allow, hidden.clauses) == (False, ("M1.1",))


@scenario("M1.1/2")
def test_m1_1_a_department_head_appoints_nobody(house, cast, refused):
    with refused("M1.1"):
        appoint(cast, cast.dept_head)
    assert appoint(cast, cast.deputy).appointer == cast.deputy
    with refused("M1.1"):  # a period that ends before it begins
        people.appoint(cast.deputy, cast.second_clerk, acts=("mail",), level_max=10, since=DAY, until=DAY - timedelta(days=1))


def internal(cast, scope):
    """A notice for these people; an officer reads it only when all staff may."""
    proposed = factories.proposed(5, category="S8", line="notice", scope=scope, term=factories.TermFacts(), reason="")
    return factories.registered(cast, title="食堂通知", proposed=proposed)


@scenario("M1.2/1")
def test_m1_2_whoever_runs_the_server_opens_nothing(house, cast):
    people.set_clearance(cast.secadmin, cast.sysadmin, 30, "试")
    document = factories.readable(cast, proposed=factories.proposed(scope=factories.scope_of("niezx", "lingzm")))
    assert queries.in_scope(cast.sysadmin, document)
    session = house.sit(cast.sysadmin)
    with pytest.raises(Refused) as refusal:
        viewing.open_document(cast.sysadmin, session, document.uid)
    assert refusal.value.clauses == ["M1.2", "P0.2"] and refusal.value.hidden
    notices = [internal(cast, scope) for scope in (factories.scope_of("lingzm"), (factories.ScopeLine("all", ""),))]
    seen = [queries.decided(queries.viewer(cast.sysadmin, session), notice, "read") for notice in notices]
    assert [(found.allow, found.clauses) for found in seen] == [(False, ("M1.2", "P0.2")), (True, ("P0.2",))]
    reading, _file = viewing.open_document(cast.drafter, house.sit(cast.drafter), document.uid)
    assert reading


def kept(**but):
    """Every line of the self-check kept to, but these."""
    return {line.id: but.get(line.id.replace(".", "_"), True) for line in self_check.lines()}


def reminded(person, day, house, kind="self_check"):
    """How many such lines stand on his desk after the reminders of that day."""
    with house.at(day):
        reminders.send(clock.now())
    return [notice.kind for notice in duties.page(person.pk).notices].count(kind)


@scenario("M6.2/1")
def test_m6_2_whoever_has_not_checked_himself_for_a_year_is_reminded_and_his_superiors_after_him(house, cast, refused):
    """Everybody has been here since 5 January 2026."""
    done, missing = cast.insider, cast.engineer
    assert reminded(done, date(2026, 12, 5), house) == 0
    assert training_room._self_check(done) == []
    assert (reminded(done, date(2026, 12, 6), house), reminded(missing, date(2026, 12, 6), house)) == (1, 1)
    with house.at(date(2026, 12, 7)):
        assert [(duty.count, duty.late) for duty in training_room._self_check(done)] == [(1, False)]
        with refused("M6.2"):  # a line left open
            training.hand_in_self_check(done, {name: held for name, held in kept().items() if name != "M6.2"}, "")
        with refused("M6.2"):  # not kept, and not a word about it
            training.hand_in_self_check(done, kept(M6_2=False), " ")
        check = training.hand_in_self_check(done, kept(M6_2=False), "高铁上说起过项目,已当即停止")
        assert (check.not_kept, check.done_on) == (1, date(2026, 12, 7))
        assert training_room._self_check(done) == []
    assert (reminded(done, date(2027, 1, 6), house), reminded(missing, date(2027, 1, 6), house)) == (1, 2)  # 30 days before, 1 after
    with house.at(date(2027, 1, 6)):
        assert [(duty.count, duty.late) for duty in training_room._self_check(missing)] == [(1, True)]
        assert done not in training_queries.unchecked(cast.hr) and missing in training_queries.unchecked(cast.hr)
    assert reminded(cast.dept_head, date(2027, 1, 11), house, "overdue") == 0
    assert reminded(cast.dept_head, date(2027, 1, 12), house, "overdue") > 0
    assert reminded(done, date(2027, 11, 7), house) == 2  # thirty days before a year after his own


@scenario("M6.2/1")
def test_m6_2_a_self_check_is_handed_in_for_oneself_and_is_on_record(house, cast):
    training.hand_in_self_check(cast.insider, kept(), "")
    assert (house.last()["act"], house.last()["actor"]) == ("training:hand_in_self_check", cast.insider.uid)
    with house.at(date(2027, 3, 16)):
        assert cast.insider not in training_queries.unchecked(cast.hr)  # the last day on which it holds
        assert cast.engineer in training_queries.unchecked(cast.hr)
    with house.at(date(2027, 3, 17)):
        assert cast.insider in training_queries.unchecked(cast.hr)
