"""Designated persons (M1.1): each act, level, department and day of a 委托, at its boundaries, on a real item."""

from datetime import date
from typing import Any

import pytest

from mifeng.rooms.documents import queries
from mifeng.rooms.people import actions as people
from tests import factories

SINCE, UNTIL = date(2026, 3, 17), date(2026, 3, 31)


@pytest.fixture
def entrusted(house: Any, cast: Any) -> Any:
    """The second clerk with a single 委托: keeping, to 机密, of the department of the main paper, for two weeks."""
    for held in cast.second_clerk.appointments.all():
        people.revoke_appointment(cast.office_head, held)
    return people.appoint(
        cast.office_head, cast.second_clerk, acts=("keep",), level_max=20, since=SINCE, until=UNTIL,
        departments=(cast.drafter.department_id,),
    )  # fmt: skip


def handles(cast: Any, document: Any) -> bool:
    who = queries.viewer(cast.second_clerk, None)
    calm = queries.Viewer(who.person, who.subject, who.context.calm(), who.at)
    single = queries.decided(calm, document, "register_facts").allow
    assert (document.pk in queries.keys(queries.known(who))) is single  # the list says the same
    return single


@pytest.mark.parametrize(
    ("day", "allowed"),
    [(date(2026, 3, 16), False), (SINCE, True), (UNTIL, True), (date(2026, 4, 1), False)],
    ids=["day before", "first day", "last day", "day after"],
)  # fmt: skip
def test_m1_1_an_appointment_holds_from_its_first_to_its_last_day(house, cast, entrusted, day, allowed):
    document = factories.classified(cast)
    with house.at(day):
        assert handles(cast, document) is allowed


def test_m1_1_an_appointment_that_is_revoked_ends_the_same_day(house, cast, entrusted):
    document = factories.classified(cast)
    with house.at(SINCE):
        assert handles(cast, document)
        people.revoke_appointment(cast.office_head, entrusted)
        assert not handles(cast, document)


def test_m1_1_an_appointment_reaches_to_its_level_and_no_higher(house, cast, entrusted):
    top = factories.proposed(30, category="S1", line="decision_merger", scope=factories.scope_of("niezx", "luyz"))
    higher, same = factories.classified(cast, proposed=top), factories.classified(cast)
    people.set_clearance(cast.secadmin, cast.second_clerk, 30, "试")
    with house.at(SINCE):
        assert not handles(cast, higher)
        assert handles(cast, same)


def test_m1_1_an_appointment_for_one_department_shows_nothing_of_another(house, cast, entrusted):
    proposed = factories.proposed(10, category="S6", line="hr_deployment", scope=factories.scope_of("dingxl"), reason="")
    other = factories.registered(cast, owner=cast.hr, title="调配表", proposed=proposed, department=cast.hr.department)
    with house.at(SINCE):
        assert not handles(cast, other)
        assert handles(cast, factories.classified(cast))


@pytest.mark.parametrize("act", ["make", "transit", "use", "copy", "excerpt", "destroy"])
def test_m1_1_an_appointment_for_another_act_shows_no_register(house, cast, entrusted, act):
    people.revoke_appointment(cast.office_head, entrusted)
    people.appoint(cast.office_head, cast.second_clerk, acts=(act,), level_max=20, since=SINCE, until=UNTIL)
    document = factories.classified(cast)
    with house.at(SINCE):
        assert not handles(cast, document)


@pytest.mark.parametrize(
    "told",
    [{"acts": ()}, {"acts": ("fly",)}, {"level_max": 25}, {"until": date(2026, 3, 16)}],
    ids=["no act", "unknown act", "no level", "ends before it begins"],
)  # fmt: skip
def test_m1_1_an_appointment_names_acts_level_and_period(house, cast, refused, told):
    whole = {"acts": ("keep",), "level_max": 20, "since": SINCE, "until": UNTIL}
    with refused("M1.1"):
        people.appoint(cast.office_head, cast.second_clerk, **(whole | told))
    assert people.appoint(cast.office_head, cast.second_clerk, **whole)


def test_m1_2_no_officer_is_entrusted_with_carriers(house, cast, refused):
    with refused("M1.2"):
        people.appoint(cast.office_head, cast.sysadmin, acts=("keep",), level_max=20, since=SINCE, until=UNTIL)
