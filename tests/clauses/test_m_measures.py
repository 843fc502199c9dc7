"""Book M: measures: entrusted persons, computers."""

from datetime import date, timedelta

import pytest

from mifeng.base.refusals import Refused
from mifeng.rooms.documents import actions, queries
from mifeng.rooms.people import actions as people
from mifeng.rooms.people import queries as people_queries
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
