"""Book H: personnel matters: deployment, appointments before they are issued."""

import pytest

from mifeng.base.refusals import Refused
from mifeng.rooms.documents import actions, queries
from mifeng.rooms.viewing import actions as viewing
from tests import factories

scenario = pytest.mark.scenario


def embargoed(cast):
    """DOC-029: an appointment under embargo; 褚建业 is concerned, though somebody put him into its scope."""
    scope = factories.scope_of("luyz", "censp", "dingxl", "chujy")
    proposed = factories.proposed(10, category="S6", line="hr_appointment", scope=scope, reason="")
    return factories.readable(
        cast, owner=cast.hr, title="二〇二六年中层人员任免方案", proposed=proposed, department=cast.hr.department,
        handlers=(cast.gm, cast.other_deputy, cast.hr), concerned=(cast.excluded,),
    )  # fmt: skip


def opens(person, session, document):
    reading, _file = viewing.open_document(person, session, document.uid)
    return viewing.open_page(person, session, reading, 1)


@scenario("H1/2")
def test_h1_the_deployment_table_reaches_the_deputy_in_its_scope(house, cast):
    proposed = factories.proposed(10, category="S6", line="hr_deployment", scope=factories.scope_of("dingxl", "wenqh"), reason="")
    table = factories.readable(
        cast, owner=cast.hr, title="后备人选调配表", proposed=proposed, department=cast.hr.department
    )  # fmt: skip
    assert opens(cast.deputy, house.sit(cast.deputy), table)
    with pytest.raises(Refused):
        opens(cast.dept_head, house.sit(cast.dept_head), table)


@scenario("H2/1")
def test_h2_the_appointee_opens_nothing_before_it_is_issued(house, cast):
    document = embargoed(cast)
    session = house.sit(cast.excluded)
    refused = queries.decided(queries.viewer(cast.excluded, session), document, "read")
    assert (refused.allow, refused.knows, refused.clause) == (False, False, "A2")
    with pytest.raises(Refused) as refusal:
        opens(cast.excluded, session, document)
    assert refusal.value.hidden
    assert actions.look_up(cast.excluded, session, "任免方案") == []
    assert opens(cast.hr, house.sit(cast.hr), document)


@scenario("H2/1")
def test_h2_whoever_is_in_scope_but_does_not_handle_it_opens_nothing_either(house, cast):
    scope = factories.scope_of("luyz", "dingxl", "wenqh")
    proposed = factories.proposed(10, category="S6", line="hr_appointment", scope=scope, reason="")
    document = factories.registered(
        cast, owner=cast.hr, title="任免方案", proposed=proposed, department=cast.hr.department,
        handlers=(cast.gm, cast.hr, cast.hr_staff),
    )  # fmt: skip
    refused = queries.decided(queries.viewer(cast.deputy, house.sit(cast.deputy)), document, "read")
    assert (refused.allow, refused.knows, refused.clauses) == (False, False, ("H2",))
    handler = queries.viewer(cast.hr_staff, house.sit(cast.hr_staff))
    assert queries.decided(handler, document, "read").allow  # who handles it need not stand in the scope
    other = queries.decided(handler, factories.classified(cast, proposed=factories.proposed(10)), "read")
    assert (other.allow, other.clauses) == (False, ("P0.2",))


@scenario("H2/2")
def test_h2_once_issued_all_staff_read_it_and_the_embargo_is_over(house, cast):
    document = embargoed(cast)
    with pytest.raises(Refused):
        opens(cast.outsider, house.sit(cast.outsider), document)
    with pytest.raises(Refused):
        actions.end_embargo(cast.hr, document, signed_text=True)
    actions.end_embargo(cast.gm, document, signed_text=True)
    document.refresh_from_db()
    assert (document.sealed, document.level) == (False, 5)
    for person in (cast.outsider, cast.excluded, cast.engineer):
        assert opens(person, house.sit(person), document)


@scenario("H2/3")
def test_h2_a_recorded_talk_is_no_key_to_the_paper(house, cast):
    document = embargoed(cast)
    actions.record_briefing(cast.gm, document, cast.excluded, cast.gm, "任前谈话,总经理办公室")
    knower = document.knowers.get(person=cast.excluded)
    assert (knower.way, knower.by, knower.words) == ("told", cast.gm, "任前谈话,总经理办公室")
    assert (house.last()["act"], house.last()["obj"]) == ("documents:record_briefing", document.item_key)
    with pytest.raises(Refused):
        opens(cast.excluded, house.sit(cast.excluded), document)
