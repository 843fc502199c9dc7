"""Book G, counting: what is not found is missing and its days run; at year's end every copy is seen and decided on."""

from datetime import date, timedelta
from typing import Any

import pytest

from mifeng.base import clock, duties
from mifeng.base.refusals import Refused
from mifeng.rooms.copies import actions, queries, stock_queries, stock_work
from mifeng.rooms.copies.facts import State
from mifeng.rooms.copies.models import Count, IncidentDraft
from mifeng.rooms.copies.rules.counting import Fate
from mifeng.rooms.people import actions as people
from tests import factories, holdings

scenario = pytest.mark.scenario
TODAY = date(2026, 3, 16)
DECEMBER = date(2026, 12, 1)


def stock_take(cast: Any, copies: Any, seen: int) -> Count:
    """A stock-take of the clerk's book in which the first `seen` copies were found."""
    count = actions.open_count(cast.clerk, cast.clerk, cast.office_head)
    for copy in copies[:seen]:
        assert actions.count_seen(cast.clerk, count.uid, copy.code).verdict == "match"
    return count


def line(count: Count, copy: Any) -> str:
    return str(count.lines.get(copy=copy).uid)


def state(copy: Any) -> str:
    copy.refresh_from_db()
    return str(copy.state)


@scenario("G4.2/1")
@pytest.mark.parametrize(("level", "days"), [(30, 10), (20, 60)], ids=["top-secret", "highly-confidential"])
def test_g4_2_a_copy_that_a_stock_take_does_not_find_is_missing_an_incident_opens_and_its_days_run(
    house: Any, cast: Any, refused: Any, level: int, days: int
) -> None:
    copies = holdings.entered(cast, 3, proposed=factories.proposed(level))
    count = stock_take(cast, copies, 2)
    actions.cross_count(cast.office_head, count.uid)
    with refused("G4.2"):
        actions.close_count(cast.clerk, count.uid)
    actions.decide_count(cast.clerk, count.uid, [line(count, copies[2])], Fate.MISSING, "柜内未见")
    with refused("G4.2"):  # what was signed before is signed again
        actions.close_count(cast.clerk, count.uid)
    actions.cross_count(cast.office_head, count.uid)
    actions.close_count(cast.clerk, count.uid)
    assert [state(copy) for copy in copies] == [State.NUMBERED, State.NUMBERED, State.MISSING]
    assert [(draft.copy, draft.clause) for draft in IncidentDraft.objects.all()] == [(copies[2], "G4.2")]
    assert "incident" in {notice.kind for notice in duties.desk(cast.office_head.pk)}
    assert stock_queries.missing() == [(copies[2], TODAY + timedelta(days=days))]
    with house.at(TODAY + timedelta(days=days)):
        assert stock_work.treat_leaks() == 0  # the last day counts
    with house.at(TODAY + timedelta(days=days + 1)):
        assert stock_work.treat_leaks() == 1
        assert (state(copies[2]), stock_work.treat_leaks()) == (State.LEAKED, 0)
        assert {draft.clause for draft in IncidentDraft.objects.all()} == {"G4.2", "M7.2"}
    assert queries.disagreements() == []


@scenario("G4.2/1")
def test_g4_2_a_stock_take_in_which_each_copy_was_seen_or_explained_is_closed_with_two_signatures(
    house: Any, cast: Any, refused: Any
) -> None:
    copies = holdings.entered(cast, 3)
    holdings.issued(cast, copies[2], cast.insider)
    count = stock_take(cast, copies, 2)
    with refused("G4.2"):
        actions.decide_count(cast.clerk, count.uid, [line(count, copies[2])], Fate.EXPLAINED, "")
    actions.decide_count(cast.clerk, count.uid, [line(count, copies[2])], Fate.EXPLAINED, "分发在用,持有人当面出示")
    with refused("G4.2"):
        actions.close_count(cast.clerk, count.uid)  # nobody has signed beside him
    with refused("G4.5"):
        actions.cross_count(cast.clerk, count.uid)
    with refused("G4.2"):
        actions.cross_count(cast.second_clerk, count.uid)
    actions.cross_count(cast.office_head, count.uid)
    assert actions.close_count(cast.clerk, count.uid).closed_at is not None
    assert not IncidentDraft.objects.exists()


def test_g4_2_what_is_found_again_is_explained_and_sealed_again(house: Any, cast: Any, refused: Any) -> None:
    (copy,) = holdings.entered(cast, 1)
    actions.report_missing(cast.clerk, copy, "柜内未见")
    for told in ((9, "", True), (9, "夹在会议材料中", False), (8, "夹在会议材料中", True)):
        with refused("G4.2"):
            actions.report_found(cast.clerk, copy, *told)
    actions.report_found(cast.clerk, copy, 9, "夹在会议材料中", True)
    assert (state(copy), stock_queries.missing()) == (State.FOUND, [])
    actions.store(cast.clerk, [copy], holdings.place(cast))
    with house.at(TODAY + timedelta(days=61)):
        assert stock_work.treat_leaks() == 0
    assert queries.disagreements() == []


def officer(cast: Any) -> Any:
    """The secrecy officer of another department than the clerk's."""
    people.assign_post(cast.hr, cast.engineer, "secrecy_officer", TODAY)
    assert cast.engineer.department_id != cast.clerk.department_id
    return cast.engineer


@pytest.fixture
def year(house: Any, cast: Any) -> Any:
    """Four copies in a safe, the year's sheet of the clerk, and who checks it."""
    copies, checker = holdings.entered(cast, 4), officer(cast)
    actions.store(cast.clerk, copies, holdings.place(cast))
    with house.at(DECEMBER):
        (count,) = actions.open_year(cast.office_head, 2026)
        yield copies, count, checker


def test_g4_5_the_clear_up_is_opened_from_the_first_of_december_on_by_the_office(house: Any, cast: Any, refused: Any) -> None:
    holdings.entered(cast, 1)
    with house.at(DECEMBER - timedelta(days=1)), refused("G4.5"):
        actions.open_year(cast.office_head, 2026)
    with house.at(DECEMBER):
        with refused("G4.5"):
            actions.open_year(cast.insider, 2026)
        assert [count.number for count in actions.open_year(cast.office_head, 2026)] == ["清〔2026〕ZJB"]
        assert actions.open_year(cast.office_head, 2026) == []


@scenario("G4.5/1")
def test_g4_5_a_clear_up_with_two_copies_undecided_is_not_closed_and_names_them(house: Any, cast: Any, year: Any) -> None:
    copies, count, checker = year
    for copy in copies[:3]:
        actions.count_seen(cast.clerk, count.uid, copy.code)
    actions.decide_count(cast.clerk, count.uid, [line(count, copy) for copy in copies[:2]], Fate.KEEP)
    actions.cross_count(checker, count.uid)
    with pytest.raises(Refused) as refusal:
        actions.close_count(cast.clerk, count.uid)
    said = refusal.value.decision.reasons[0].zh
    assert refusal.value.clauses == ["G4.5"]
    assert "1份未见到实物,2份未定去向" in said
    assert [copy.number in said for copy in copies] == [False, False, True, True]


@scenario("G4.5/2", "G4.5/3")
def test_g4_5_once_each_copy_was_seen_and_decided_the_sheet_closes_and_the_lists_go_their_ways(
    house: Any, cast: Any, year: Any, refused: Any
) -> None:
    copies, count, checker = year
    with refused("G4.5"):  # what nobody has seen is not decided on
        actions.decide_count(cast.clerk, count.uid, [line(count, copies[0])], Fate.DESTROY)
    for copy in copies[:3]:
        actions.count_seen(cast.clerk, count.uid, copy.code)
    for copy, fate in zip(copies, (Fate.KEEP, Fate.ARCHIVE, Fate.DESTROY, Fate.MISSING), strict=True):
        actions.decide_count(cast.clerk, count.uid, [line(count, copy)], fate, "年终清理未见" if fate is Fate.MISSING else "")
    with refused("G4.5"):
        actions.close_count(cast.clerk, count.uid)  # nobody of another department has checked it
    with refused("G4.5"):
        actions.cross_count(cast.office_head, count.uid)
    actions.cross_count(checker, count.uid)
    actions.close_count(cast.clerk, count.uid)
    assert [state(copy) for copy in copies] == [State.STORED, State.ARCHIVED, State.SET_ASIDE, State.MISSING]
    assert [draft.copy for draft in IncidentDraft.objects.all()] == [copies[3]]
    assert stock_queries.open_years(2026) == []
    with refused("G4.2"):
        actions.count_seen(cast.clerk, count.uid, copies[0].code)
    assert queries.disagreements() == []


def test_g4_5_a_sheet_that_is_open_climbs_after_the_fifteenth_of_january(house: Any, cast: Any, year: Any) -> None:
    from mifeng.rooms.oversight import reminders  # app loading

    with house.at(date(2027, 1, 16)):
        reminders.remind_all(clock.now())
        assert "overdue" in {notice.kind for notice in duties.desk(cast.office_head.pk)}
