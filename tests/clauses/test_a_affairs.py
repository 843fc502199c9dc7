"""Book A: affairs of the office: great decisions, penalties, everything else that must be kept."""

from datetime import date

import pytest

from mifeng.base.refusals import Refused
from mifeng.engines.access import Level
from mifeng.rooms.documents import actions, queries
from mifeng.rooms.documents.facts import TermFacts
from mifeng.rooms.viewing import actions as viewing
from tests import factories

scenario = pytest.mark.scenario


def board(level, **changes):
    """Minutes of the 总经理办公会 on a merger."""
    scope = factories.scope_of("luyz", "wenqh", "censp", "fangrl")
    return factories.proposed(level, category="S1", line="decision_board", scope=scope, **({"reason": ""} | changes))


def minutes(cast, level, **changes):
    return factories.new_document(
        cast.office_head, title="总经理办公会关于收购的纪要", department=cast.office_head.department,
        proposed=board(level, **changes),
    )  # fmt: skip


@scenario("A1/1")
@pytest.mark.parametrize("level", [5, 10])
def test_a1_a_board_decision_is_never_below_highly_confidential(house, cast, level):
    """Not even with a reason: below 机密 nobody can put it."""

    with pytest.raises(Refused) as refusal:
        actions.register(cast.office_head, minutes(cast, level, reason="仅为程序性议题"))
    assert "A1" in refusal.value.clauses
    lower = actions.register(cast.office_head, minutes(cast, 20, reason="不含交易条件"))
    assert (lower.level, lower.proposed) == (20, True)


@scenario("A1/2")
def test_a1_top_secret_with_named_persons_is_taken(house, cast):
    document = actions.register(cast.office_head, minutes(cast, 30))
    factories.approve_all(document.item_key)
    document.refresh_from_db()
    assert (document.level, document.state, document.decider) == (Level.TOP_SECRET, "valid", cast.gm)
    assert {person.login for person in queries.reached(document)} == {"luyz", "wenqh", "censp", "fangrl"}


def penalty(cast, **changes):
    """A penalty decision not yet issued: one of HR is concerned, two others handle it."""
    scope = factories.scope_of("luyz", "dingxl", "youjn")
    proposed = factories.proposed(10, category="S7", line="penalty_draft", scope=scope, reason="")
    return factories.readable(
        cast, owner=cast.hr, title="关于失职的处分决定", proposed=proposed, department=cast.hr.department,
        **({"handlers": (cast.gm, cast.hr), "concerned": (cast.hr_staff,)} | changes),
    )  # fmt: skip


def opens(person, session, document):
    reading, _file = viewing.open_document(person, session, document.uid)
    viewing.open_page(person, session, reading, 1)
    return reading


@scenario("A2/1")
def test_a2_the_person_concerned_is_shut_out_even_in_hr(house, cast):
    document, session = penalty(cast, handlers=(cast.gm, cast.hr, cast.hr_staff)), house.sit(cast.hr_staff)
    refused = queries.decided(queries.viewer(cast.hr_staff, session), document, "read")
    assert (refused.allow, refused.knows, refused.clauses) == (False, False, ("A2",))
    with pytest.raises(Refused):
        opens(cast.hr_staff, session, document)
    assert actions.list_register(cast.hr_staff, session).rows == []


@scenario("A2/2")
def test_a2_the_issued_decision_reaches_the_person_who_signs_that_he_read_it(house, cast):
    document = penalty(cast)
    actions.end_embargo(cast.gm, document, signed_text=True)
    session = house.sit(cast.hr_staff)
    reading = opens(cast.hr_staff, session, document)
    viewing.open_page(cast.hr_staff, session, reading, 2)
    reading.refresh_from_db()
    receipt = viewing.acknowledge(cast.hr_staff, session, reading)
    assert (receipt.person, receipt.document) == (cast.hr_staff, document)


@scenario("A2/3")
def test_a2_staff_who_handle_it_and_are_not_concerned_open_it(house, cast):
    document = penalty(cast, handlers=(cast.gm, cast.hr, cast.hr_staff), concerned=(cast.excluded,))
    assert opens(cast.hr_staff, house.sit(cast.hr_staff), document)
    assert house.last()["act"] == "viewing:open_page"


def office_matter(**changes):
    told = {"category": "S7", "line": "office_matter", "scope": factories.scope_of("fangrl", "jianxh"), "reason": ""}
    return factories.proposed(10, **(told | changes))


@scenario("A3/1")
def test_a3_an_office_matter_obeys_the_rules_of_papers(house, cast, refused):
    head = cast.office_head
    paper = {"title": "来访接待安排", "department": head.department}
    with refused("P0.2", "P4.0", "A3"):
        actions.register(head, factories.new_document(head, proposed=office_matter(term=TermFacts(), scope=()), **paper))
    document = factories.registered(cast, owner=head, proposed=office_matter(), **paper)
    assert (document.level, document.proposed) == (10, True)


@scenario("A3/2")
def test_a3_a_person_in_scope_opens_the_matter_within_its_term_and_it_is_recorded(house, cast):
    head = cast.office_head
    document = factories.readable(
        cast, owner=head, title="来访接待安排", department=head.department, proposed=office_matter(term=TermFacts("years", 1))
    )
    assert date(2026, 3, 16) <= document.expires_on
    opens(cast.clerk, house.sit(cast.clerk), document)
    assert (house.last()["act"], house.last()["obj"]) == ("viewing:open_page", document.item_key)
    with pytest.raises(Refused):
        opens(cast.second_clerk, house.sit(cast.second_clerk), document)
