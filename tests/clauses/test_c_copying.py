"""Book C: printing needs a signed sheet: numbers by count, waste registered."""

import pytest

from mifeng.rooms.copies import actions, queries
from tests import factories, making

scenario = pytest.mark.scenario


@scenario("C2.2/1")
def test_c2_2_nothing_is_printed_without_an_approval(house, cast, refused):
    document, session = factories.classified(cast), house.sit(cast.clerk)
    approval = making.asked(house, cast, document)
    with refused("C2.2"):
        actions.reproduce(cast.clerk, session, approval, 1, making.PLACE)
    assert queries.of_document(document) == []
    making.approvals.approve(cast.deputy, approval, "同意")
    assert actions.reproduce(cast.clerk, session, approval, 1, making.PLACE)


@scenario("C2.2/2", "C2.2/3")
def test_c2_2_twelve_approved_are_numbers_one_to_twelve_and_no_more(house, cast, refused):
    document, session = factories.classified(cast), house.sit(cast.clerk)
    approval, other = (making.approved(house, cast, document, count=12) for _n in range(2))
    actions.reproduce(cast.clerk, session, approval, 12, making.PLACE)
    assert [copy.number for copy in queries.of_document(document)] == [f"{n:06d}" for n in range(1, 13)]
    with refused("C2.2"):
        actions.reproduce(cast.clerk, session, approval, 1, making.PLACE)
    with refused("C2.2") as refusal:  # the issue sheet covers the first print once
        actions.reproduce(cast.clerk, session, other, 1, making.PLACE)
    assert refusal[0].decision.rule == "printed_already"
    assert len(queries.of_document(document)) == 12


@scenario("C2.2/3")
def test_c2_2_a_run_is_registered_when_its_waste_is(house, cast, refused):
    document, session = factories.classified(cast), house.sit(cast.clerk)
    approval = making.approved(house, cast, document, method=making.Method.PHOTOCOPY)
    run = actions.reproduce(cast.clerk, session, approval, 2, making.PLACE)
    actions.jam(cast.clerk, run, run.made.first().copy, 3, "卡纸")
    with refused("C2.2"):
        actions.finish_reproduction(cast.clerk, run, 0, "", False)
    done = actions.finish_reproduction(cast.clerk, run, 1, "碎纸机粉碎", False)
    assert (done.waste, done.finished_at is not None) == (1, True)
