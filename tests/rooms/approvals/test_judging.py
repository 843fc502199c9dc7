"""What an approver sees of what he decides, who counts as knowing by it, and leave that was given by word of mouth."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from mifeng.base import room
from mifeng.base.refusals import Refused
from mifeng.rooms.approvals import actions, queries, rules
from mifeng.rooms.approvals.facts import Sight, Wanted
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.documents import actions as documents
from mifeng.rooms.documents import queries as document_queries
from mifeng.rooms.documents.facts import ScopeLine
from mifeng.rooms.documents.models import Knower
from tests import factories, matters
from tests.rooms.approvals.company import company, pid
from tests.rooms.approvals.test_rules import asked


@pytest.mark.parametrize("act", sorted(rules.READING))
def test_p1_1_whoever_must_judge_reads_the_pages_and_nobody_else_does(act: str) -> None:
    told = asked(act, "internal" if act == "publicity" else 20, "葛星野", "YF", classifier=pid("骆以宁"))
    deciders = {found.pid for found in rules.resolve(told, company()).candidates}
    assert deciders
    for person in company().people:
        wanted = Sight.PAGES if person.pid in deciders else Sight.NOTHING
        assert rules.sight(person.pid, told, company()) is wanted


def test_p1_1_a_copy_is_decided_by_title_and_first_page_of_ones_own_departments() -> None:
    told = asked("copy", 20, "葛星野", "YF")
    assert rules.sight(pid("温启航"), told, company()) is Sight.FIRST_PAGE
    assert rules.sight(pid("陆远舟"), told, company()) is Sight.FIRST_PAGE
    assert rules.sight(pid("方若琳"), asked("circulate", 20, "葛星野", "YF"), company()) is Sight.TITLE
    assert rules.sight(pid("岑书平"), told, company()) is Sight.NOTHING


def test_a2_the_person_concerned_and_whoever_is_no_handler_sees_nothing() -> None:
    told = replace(asked("classify", 20, "葛星野", "YF", step_no=1), concerned=frozenset({pid("温启航")}))
    assert rules.sight(pid("温启航"), told, company()) is Sight.NOTHING
    assert rules.sight(pid("陆远舟"), told, company()) is Sight.PAGES
    sealed = replace(told, concerned=frozenset(), handlers=frozenset({pid("陆远舟"), pid("葛星野")}))
    assert rules.sight(pid("温启航"), sealed, company()) is Sight.NOTHING


def test_the_matters_of_the_house_show_pages_where_the_act_is_judged(house: Any) -> None:
    """Every matter of the house is about a paper with pages; how much of them its approver sees is told by the act."""
    shown = {matter.act for matter in room.matters().values() if matter.pages}
    assert {matter.act for matter in room.matters().values()} == shown
    assert shown & rules.READING == {
        "classify", "destroy", "downgrade_or_release_early", "excerpt", "extend_term", "upgrade", "widen_scope",
    }  # fmt: skip


def test_d2_whoever_opens_a_request_he_judges_is_one_who_knows(house: Any, cast: Any) -> None:
    document = factories.registered(cast)
    request = Approval.objects.get(item_key=document.item_key)

    def knowers() -> set[str]:
        return set(Knower.objects.filter(document=document, way="approval").values_list("person__login", flat=True))

    assert knowers() == set()
    actions.open_request(cast.drafter, request.uid)
    assert knowers() == set()
    actions.open_request(cast.dept_head, request.uid)
    assert knowers() == {cast.dept_head.login}
    first = actions.approve(cast.dept_head, Approval.objects.get(pk=request.pk))
    actions.send_back(cast.gm, first, "期限过长")
    assert knowers() == {cast.dept_head.login, cast.gm.login}


def test_a_copy_under_way_opens_no_page_to_its_approver(house: Any, cast: Any) -> None:
    document = factories.classified(cast, proposed=factories.proposed(scope=factories.scope_of("niezx")))
    with matters.announced("copy"):
        wanted = Wanted(copies=1, pages=frozenset({1}))
        matters.ask(cast.drafter, "copy", item_key=document.item_key, wanted=wanted)
        assert document.item_key not in queries.judged_keys(cast.gm)
        assert not queries.judges(cast.gm, document.item_key)
        session = house.sit(cast.gm)
        assert not document_queries.decided(document_queries.viewer(cast.gm, session), document, "read").allow


def verbal(house: Any, cast: Any, document: Any, leader: Any, by: Any = None) -> Approval:
    """The clerk records that this leader let the outsider's colleague know until the end of April."""
    lines = (ScopeLine("person", cast.hr_staff.uid, "协助招聘", date(2026, 4, 30)),)
    by = by or cast.clerk
    return documents.record_verbal(by, document, house.sit(by), leader, lines, "协助招聘")


def test_d2_leave_by_word_opens_nothing_before_the_leader_confirms(house: Any, cast: Any) -> None:
    document = factories.classified(cast)
    recorded = verbal(house, cast, document, cast.deputy)
    document.refresh_from_db()
    assert not document_queries.in_scope(cast.hr_staff, document)
    with pytest.raises(Refused) as refusal:
        actions.approve(cast.gm, Approval.objects.get(pk=recorded.pk))
    assert refusal.value.decision.rule == "leader_confirms"
    actions.approve(cast.deputy, Approval.objects.get(pk=recorded.pk))
    document.refresh_from_db()
    assert document_queries.in_scope(cast.hr_staff, document)


def test_d2_leave_by_word_is_recorded_on_the_page_of_the_scope(house: Any, cast: Any) -> None:
    document = factories.classified(cast, proposed=factories.proposed(scope=factories.scope_of("niezx", "jianxh")))
    typed = {
        "lines-0-who": cast.hr_staff.name, "lines-0-purpose": "协助招聘", "lines-0-until": "2026-04-30", "purpose": "协助招聘",
        "until": "2026-04-30", "leader": cast.deputy.name,
    }  # fmt: skip
    client = house.open_page_as(cast.clerk)
    assert 'name="leader"' in client.get(f"/documents/{document.uid}/scope/").content.decode()
    assert client.post(f"/documents/{document.uid}/scope/", typed).status_code == 302
    assert Approval.objects.get(matter="documents:widen_scope").verbal_by == cast.deputy


def test_d2_only_the_clerk_records_leave_and_only_of_whoever_may_give_it(house: Any, cast: Any) -> None:
    document = factories.classified(cast)
    for by, leader, rule in [
        (cast.insider, cast.deputy, "clerk_records_leave"), (cast.clerk, cast.other_deputy, "not_his_leave"),
        (cast.clerk, cast.dept_head, "not_his_leave"),
    ]:  # fmt: skip
        with pytest.raises(Refused) as refusal:
            verbal(house, cast, document, leader, by)
        assert (refusal.value.decision.rule, refusal.value.clauses) == (rule, ["D2"])
    assert not Approval.objects.filter(matter="documents:widen_scope").exists()


def test_d2_leave_that_is_not_confirmed_within_a_working_day_is_seen_by_the_office(house: Any, cast: Any) -> None:
    document = factories.classified(cast)
    with house.at(date(2026, 3, 20)):  # a Friday: the working day after it is Monday
        verbal(house, cast, document, cast.deputy)

    def late(day: date) -> int:
        with house.at(day):
            return sum(duty.count for duty in room.duties(cast.office_head) if "口头许可" in duty.title)

    assert [late(date(2026, 3, 20) + timedelta(days=after)) for after in (0, 2, 3, 4)] == [0, 0, 0, 1]
