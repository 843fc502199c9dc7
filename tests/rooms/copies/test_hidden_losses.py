"""Ways in which whoever keeps copies could make a lost copy or page disappear from the books: none of them works, or none in silence."""

from datetime import date
from typing import Any

import pytest

from mifeng.rooms.approvals import actions as approvals
from mifeng.rooms.approvals import queries as approval_queries
from mifeng.rooms.circulation import actions as circulation
from mifeng.rooms.copies import actions, queries
from mifeng.rooms.copies.facts import State
from mifeng.rooms.copies.models import CarryOut, Copy
from mifeng.rooms.copies.rules import making as rules
from mifeng.rooms.copies.rules.counting import Fate
from mifeng.rooms.people import actions as people
from mifeng.rooms.people.models import Person
from tests import carrying, factories, holdings, making
from tests.rooms.circulation import papers

DECEMBER = date(2026, 12, 1)


def told(cast: Any) -> list[tuple[str, str]]:
    """What the head of the office is told of: copy and clause."""
    return [(row.copy.number, row.clause) for row in actions.list_incidents(cast.office_head)]


def test_g4_2_a_number_that_its_custodian_makes_void_is_told_to_the_office(house: Any, cast: Any) -> None:
    circulation.receive(cast.clerk, papers.cover(cast), papers.paper())
    copy = Copy.objects.get()
    actions.void(cast.clerk, copy, "登记有误")
    assert told(cast) == [("000003", "G4.2")]
    page = house.open_page_as(cast.office_head).get("/copies/incidents/").content.decode()
    assert "请核对有无实物" in page and papers.TITLE not in page


def test_c2_2_what_came_of_copying_is_voided_in_its_run_and_never_once_it_is_registered(house: Any, cast: Any, refused: Any) -> None:
    document, session = factories.classified(cast), house.sit(cast.clerk)
    approval = making.approved(house, cast, document, method=making.Method.PHOTOCOPY)
    run = actions.reproduce(cast.clerk, session, approval, 2, making.PLACE)
    first, second = (row.copy for row in run.made.order_by("pk"))
    with refused("C2.2"):
        actions.void(cast.clerk, first, "印坏")
    actions.jam(cast.clerk, run, second, 2, "卡纸")
    actions.finish_reproduction(cast.clerk, run, 0, "碎纸机粉碎", False)
    with refused("C2.2"):  # a good sheet is destroyed before two watchers, or it is there
        actions.void(cast.clerk, first, "印坏")
    first.refresh_from_db()
    assert first.state == State.NUMBERED
    assert not house.open_page_as(cast.clerk).get(f"/copies/{first.uid}/").context["may"]["void"]


@pytest.mark.parametrize("spoiled, printed, right", [(1, True, False), (2, True, True), (1, False, True), (0, False, False)])
def test_c2_2_of_a_printed_copy_every_sheet_is_counted_as_waste(spoiled: int, printed: bool, right: bool) -> None:
    assert rules.waste_counted(spoiled, 4, printed).allow is right


def test_g4_2_pages_that_become_fewer_by_correction_are_told_to_the_office(house: Any, cast: Any) -> None:
    first, second = holdings.entered(cast, 2)
    actions.correct(cast.clerk, first, first.ledger.get().uid, 10, "点错一页")
    assert told(cast) == []
    actions.correct(cast.clerk, second, second.ledger.get().uid, 8, "点错一页")
    assert told(cast) == [("000002", "G4.2")]


def test_g4_2_a_copy_that_was_reported_missing_is_found_and_not_taken_back(house: Any, cast: Any, refused: Any) -> None:
    first, second = holdings.entered(cast, 2)
    line = actions.report_missing(cast.clerk, first, "柜内未见")
    with refused("G4.4"):
        actions.take_back(cast.clerk, first, line.uid)
    count = actions.open_count(cast.clerk, cast.clerk, cast.office_head)
    actions.decide_count(cast.clerk, count.uid, [count.lines.get(copy=second).uid], Fate.MISSING, "柜内未见")
    with refused("G4.4"):  # else the sheet said it was missing, and the ledger that it lay in its safe
        actions.take_back(cast.clerk, second, second.ledger.latest("no").uid)
    assert set(Copy.objects.values_list("state", flat=True)) == {State.MISSING}


def test_c5_2_a_copy_that_was_lost_on_the_way_is_not_written_back_whole(house: Any, cast: Any) -> None:
    document, copy = carrying.kept(cast)
    carrying.gone(house, cast, document, copy)
    actions.report_missing(cast.clerk, copy, "携带人来电称丢失")
    trip = actions.check_in(cast.clerk, CarryOut.objects.get(), {copy.uid: 9})
    assert (trip.difference, trip.carried.get().pages_back) == ("000001", 0)


@pytest.fixture
def year(house: Any, cast: Any) -> Any:
    """A year's sheet of two copies that were seen, and who checks it."""
    copies = holdings.entered(cast, 2)
    actions.store(cast.clerk, copies, holdings.place(cast))
    people.assign_post(cast.hr, cast.engineer, "secrecy_officer", date(2026, 3, 16))
    actions.archive(cast.clerk, copies[:1], 30)
    with house.at(DECEMBER):
        (count,) = actions.open_year(cast.office_head, 2026)
        for copy in copies:
            actions.count_seen(cast.clerk, count.uid, copy.code)
        yield copies, count


def test_g4_5_the_clear_up_destroys_nothing_that_the_archive_keeps(year: Any, cast: Any, refused: Any) -> None:
    copies, count = year
    rows = {copy.pk: count.lines.get(copy=copy).uid for copy in copies}
    with refused("G4.5"):
        actions.decide_count(cast.clerk, count.uid, [rows[copies[0].pk]], Fate.DESTROY)
    assert actions.decide_count(cast.clerk, count.uid, [rows[copies[1].pk]], Fate.DESTROY) == 1


def test_g4_1_a_sheet_does_nothing_with_copies_that_were_handed_over_since(year: Any, cast: Any, refused: Any) -> None:
    copies, count = year
    rows = {copy.pk: count.lines.get(copy=copy).uid for copy in copies}
    actions.decide_count(cast.clerk, count.uid, [rows[copies[0].pk]], Fate.KEEP)
    actions.decide_count(cast.clerk, count.uid, [rows[copies[1].pk]], Fate.DESTROY)
    for copy in copies:
        offered = actions.offer(cast.clerk, [copy], cast.second_clerk, "轮岗")[0]
        actions.sign_for(cast.second_clerk, offered.uid)
    with refused("G4.1"):
        actions.decide_count(cast.clerk, count.uid, [rows[copies[1].pk]], Fate.ARCHIVE)
    actions.cross_count(cast.engineer, count.uid)
    actions.close_count(cast.clerk, count.uid)
    assert [copy.state for copy in queries.of_document(copies[0].document)] == [State.ARCHIVED, State.STORED]


def bagged(cast: Any, copies: Any) -> Any:
    """A list of these copies with the item's files, approved and in its bags; the second clerk may destroy it."""
    reach = {"since": date(2026, 3, 16), "until": date(2026, 12, 31)}
    people.appoint(cast.office_head, cast.second_clerk, acts=("destroy",), level_max=20, **reach)
    actions.store(cast.clerk, copies, holdings.place(cast))
    for copy in copies:
        actions.set_aside(cast.clerk, copy, "已过时")
    made = actions.list_for_destruction(cast.clerk, [copies[0].document], "项目已结束", "shred", "机要室", True)
    actions.confirm_no_value(Person.objects.get(login="meiyx"), made.uid)
    [request] = actions.ask_destruction(cast.clerk, made.uid)
    approvals.approve(approval_queries.candidates(request)[0], request, "同意")
    return actions.seal_bags(cast.clerk, made.uid, "封0001", [cast.clerk, cast.second_clerk])


def test_g4_5_the_files_stay_when_another_copy_turned_up_while_the_list_was_under_way(house: Any, cast: Any, refused: Any) -> None:
    copies = holdings.entered(cast, 1)
    document, made = copies[0].document, bagged(cast, copies)
    watchers = [cast.office_head, cast.insider]
    (found,) = actions.enter(cast.clerk, document, [7], 9)
    with refused("G4.5"):
        actions.destroy(cast.second_clerk, made.uid, watchers)
    actions.void(cast.clerk, found, "登记有误")
    actions.destroy(cast.second_clerk, made.uid, watchers)
    actions.enter(cast.clerk, document, [8], 9)
    for watcher in watchers:
        made = actions.watch_destruction(watcher, made.uid)
    document.refresh_from_db()
    assert (made.state, made.electronic, document.live) == ("done", False, True)


def test_k1_0_a_destruction_is_watched_by_persons_who_may_see_its_sheets(house: Any, cast: Any, refused: Any) -> None:
    copies = holdings.entered(cast, 1)
    made = bagged(cast, copies)
    assert cast.outsider.clearance < 20
    with refused("K1.0"):
        actions.destroy(cast.second_clerk, made.uid, [cast.office_head, cast.outsider])
    assert actions.destroy(cast.second_clerk, made.uid, [cast.office_head, cast.insider]).state == "executed"


def test_m2_1_what_somebody_else_issued_is_copied_and_not_printed_first(house: Any, cast: Any, refused: Any) -> None:
    circulation.receive(cast.clerk, papers.cover(cast), papers.paper())
    copy = Copy.objects.get()
    by = {"by": cast.office_head}
    with refused("C2.2"):  # as a first print it would need no consent of its issuer
        making.asked(house, cast, copy.document, **by)
    assert making.asked(house, cast, copy.document, source=copy, **by)
