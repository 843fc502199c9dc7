"""Book P: range, need-to-know, interest, time, boundary."""

from datetime import date

import pytest

from mifeng.base import duties
from mifeng.base.refusals import Refused
from mifeng.clauses import catalogue
from mifeng.rooms.approvals import actions as approvals
from mifeng.rooms.approvals import queries as approval_queries
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.documents import actions, marking, queries, work
from mifeng.rooms.documents.facts import ScopeLine, TermFacts
from mifeng.rooms.documents.rules import terms
from mifeng.rooms.people import actions as people
from mifeng.rooms.people import rules as people_rules
from mifeng.rooms.people.models import Session
from mifeng.rooms.training.models import Pledge
from mifeng.rooms.viewing import rules as viewing_rules
from mifeng.rooms.viewing.facts import Leaving
from tests import factories, printed

scenario = pytest.mark.scenario


@scenario("P0.1/1")
def test_p0_1_no_levelled_item_opens_without_a_pledge(house, cast):
    document = factories.classified(cast)
    session = house.sit(cast.insider)
    with house.at(date(2027, 1, 6)):  # the pledge of 5 January 2026 has run out
        assert Pledge.objects.filter(person=cast.insider).exists()
        who = queries.viewer(cast.insider, session)
        assert "P0.1" in queries.decided(who, document, "read").clauses


@scenario("P0.1/2")
def test_p0_1_with_pledge_and_test_need_to_know_alone_decides(house, cast):
    document = factories.classified(cast)
    assert queries.decided(queries.viewer(cast.insider, house.sit(cast.insider)), document, "read").allow
    outside = queries.decided(queries.viewer(cast.sales_head, house.sit(cast.sales_head)), document, "read")
    assert (outside.allow, outside.clauses) == (False, ("P0.2",))


@scenario("P0.2/1")
def test_p0_2_registration_without_a_scope_is_refused(house, cast, refused):
    paper = factories.new_document(cast.drafter, proposed=factories.proposed(scope=()))
    with refused("P0.2"):
        actions.register(cast.drafter, paper)
    assert house.last()["out"] == "refused"
    everybody = factories.proposed(scope=(ScopeLine("all", ""),))
    with refused("P0.2", "P1.1"):  # all staff is no scope either
        actions.register(cast.drafter, factories.new_document(cast.drafter, proposed=everybody))


@scenario("P0.2/2")
def test_p0_2_a_person_in_scope_opens_it_and_the_view_is_recorded(house, cast):
    document = factories.classified(cast)
    found, read, _facts = actions.open_card(cast.insider, house.sit(cast.insider), document.uid)
    assert read.allow and found.pk == document.pk
    assert (house.last()["act"], house.last()["out"], house.last()["obj"]) == (
        "documents:open_card", "allowed", document.item_key,
    )  # fmt: skip


@scenario("P0.3/1")
def test_p0_3_searching_the_exact_title_from_outside_finds_nothing(house, cast):
    document = factories.classified(cast)
    inside = actions.look_up(cast.insider, house.sit(cast.insider), document.title)
    assert [found.pk for found in inside] == [document.pk]  # there is something to hide
    assert actions.open_card(cast.insider, house.sit(cast.insider), document.uid)[0] == document
    outsider = house.sit(cast.outsider)
    assert actions.look_up(cast.outsider, outsider, document.title) == []
    page = actions.list_register(cast.outsider, outsider)
    assert (page.rows, page.total) == ([], 0)


def test_p0_3_a_gap_in_the_register_of_classifications_tells_nothing_of_a_hidden_item(house, cast):
    factories.classified(cast, title="第一件")
    hidden = embargoed(cast)
    factories.approve_all(hidden.item_key)
    factories.classified(cast, title="第二件")
    kept = house.open_page_as(cast.clerk).get("/registers/F08/").context
    assert [line.cells[0] for line in kept["lines"]] == ["定密〔2026〕0002", "定密〔2026〕0001"]
    seen = house.open_page_as(cast.gm).get("/registers/F08/").context
    assert [number[:9] for number in {row.number for row in seen["rows"]} if number.startswith("人")] == ["人定密〔2026〕"]


def test_p0_3_only_who_keeps_the_register_reads_its_serial_numbers(house, cast):
    factories.classified(cast, proposed=factories.proposed(scope=factories.scope_of("luyz")))
    kept, extract = (
        printed.words(house.open_page_as(who).post("/registers/F08/", {"do": "print"}).content) for who in (cast.clerk, cast.gm)
    )
    assert "登记号 定密〔2026〕0001—0001" in kept
    assert "定密〔" not in extract
    assert "（摘录）" in extract
    assert ["共 1 行" in words for words in (kept, extract)] == [True, True]


@scenario("P0.3/2")
def test_p0_3_the_fifth_refusal_of_a_day_reminds_the_security_administrator(house, cast):
    document, session = factories.classified(cast), house.sit(cast.outsider)

    def pry() -> None:
        with pytest.raises(Refused):
            actions.open_card(cast.outsider, session, document.uid)

    for _time in range(4):
        pry()
    assert [n.kind for n in duties.desk(cast.secadmin.pk)] == []
    pry()
    assert [n.kind for n in duties.desk(cast.secadmin.pk)] == ["denied_often"]


@scenario("P1.1/1")
def test_p1_1_a_top_secret_item_names_persons_only(house, cast, refused):
    proposed = factories.proposed(30, category="S1", line="decision_merger", scope=(ScopeLine("department", "YF"),))
    with refused("P1.1"):
        actions.register(cast.gm, factories.new_document(cast.gm, proposed=proposed))


@scenario("P1.1/2")
def test_p1_1_a_person_joins_the_scope_after_the_deputy_approved_with_a_reason(house, cast):
    document, session = factories.classified(cast), house.sit(cast.dept_head)
    line = ScopeLine("person", cast.leaver.uid, until=date(2026, 6, 30))
    actions.widen_scope(cast.dept_head, document, session, (line,), "工艺评审")
    assert not queries.in_scope(cast.leaver, document)
    factories.approve_all(document.item_key)
    document.refresh_from_db()
    assert queries.in_scope(cast.leaver, document)
    change = document.changes.filter(what="scope").get()
    assert (change.person, change.reason) == (cast.deputy, "工艺评审")


@scenario("P1.2/1")
def test_p1_2_whoever_was_told_stands_among_those_who_know(house, cast, refused):
    document = factories.classified(cast)
    actions.record_briefing(cast.clerk, document, cast.leaver, cast.deputy, "三楼小会议室")
    knower = document.knowers.get(person=cast.leaver)
    assert (knower.way, knower.by, knower.words) == ("told", cast.deputy, "三楼小会议室")
    with refused("P1.2"):  # who may not know it himself tells nobody
        actions.record_briefing(cast.clerk, document, cast.engineer, cast.leaver, "三楼小会议室")


@scenario("P2.1/1")
def test_p2_1_a_second_session_closes_the_first_and_both_are_recorded(house, cast):
    first = house.sit(cast.insider, registered=False)
    second = house.sit(cast.insider, registered=False)
    first.refresh_from_db()
    assert (first.ended_at is not None, first.end_reason) == (True, "superseded")
    assert Session.objects.get(pk=second.pk).ended_at is None
    document = factories.classified(cast)
    shut = queries.decided(queries.viewer(cast.insider, first), document, "read")
    assert (shut.allow, shut.clauses) == (False, ("I7.2",))
    assert queries.decided(queries.viewer(cast.insider, second), document, "read").allow
    assert sum(1 for entry in house.log() if entry["act"] == "people:sign_in" and entry["obj"] == cast.insider.item_key) == 2


@scenario("P2.1/2")
@pytest.mark.parametrize(
    ("level", "leaving", "blank"),
    [
        (20, {"seconds": 20}, False), (20, {"seconds": 21}, True), (30, {"seconds": 0.5}, True), (30, {"seconds": 0}, False),
        (20, {"seconds": 0, "hidden": True}, True), (20, {"seconds": 0, "locked": True}, True),
        (20, {"seconds": 0, "superseded": True}, True),
    ],
)  # fmt: skip
def test_p2_1_the_page_is_emptied_when_focus_is_gone_longer_than_the_grace(level, leaving, blank):
    assert viewing_rules.must_blank(level, Leaving(**leaving), date(2026, 3, 16)) is blank


@scenario("P2.2/1")
def test_p2_2_every_notice_is_one_of_the_neutral_sentences(house, cast):
    document = factories.registered(cast)
    notice = duties.desk(cast.dept_head.pk)[0]
    text = str(duties.KINDS[notice.kind])
    assert people_rules.is_neutral(text, map(str, duties.KINDS.values())).allow
    assert document.title not in text and "机密" not in text
    assert not people_rules.is_neutral(f"请审批{document.title}", map(str, duties.KINDS.values())).allow


@scenario("P2.2/2")
def test_p2_2_a_hidden_item_is_answered_like_one_that_does_not_exist(house, cast):
    document = factories.classified(cast)
    client = house.open_page_as(cast.outsider)
    hidden, absent = client.get(f"/documents/{document.uid}/"), client.get(f"/documents/{'0' * 32}/")
    assert (hidden.status_code, hidden.content) == (404, absent.content)
    assert house.open_page_as(cast.insider).get(f"/documents/{document.uid}/").status_code == 200


@scenario("P3.1/1")
@pytest.mark.parametrize("missing", [{"harm": ""}, {"interest": " "}])
def test_p3_1_a_request_without_harm_or_interest_is_refused(house, cast, missing):
    with pytest.raises(Refused) as refusal:
        actions.register(cast.drafter, factories.new_document(cast.drafter, proposed=factories.proposed(**missing)))
    assert refusal.value.clauses[0] == "P3.1"


@scenario("P3.1/2")
def test_p3_1_the_classifier_returns_a_holiday_notice_as_unclassified(house, cast):
    assert catalogue.propose("S8").level == 5
    proposed = factories.proposed(10, category="S8", line="notice", override="含未公布的调休安排")
    document = factories.registered(cast, title="国庆放假安排", proposed=proposed)
    actions.classify(cast.deputy, document, "日常通知,不属保密范围")
    document.refresh_from_db()
    assert (document.level, document.proposed, document.state) == (5, False, "unclassified")


@scenario("P3.1/3")
def test_p3_1_interest_harm_and_line_send_the_request_to_review(house, cast):
    document = factories.registered(cast)
    assert Approval.objects.get(item_key=document.item_key).state == "asked"


@scenario("P4.0/1")
def test_p4_0_registration_without_a_term_is_refused(house, cast, refused):
    with refused("P4.0", "A3"):
        actions.register(cast.drafter, factories.new_document(cast.drafter, proposed=factories.proposed(term=TermFacts())))


@scenario("P4.0/1")
def test_p4_0_a_term_beyond_the_cap_of_its_level_is_refused(house, cast, refused):
    with refused("P4.0"):
        longest = factories.proposed(term=TermFacts("years", 21))
        actions.register(cast.drafter, factories.new_document(cast.drafter, proposed=longest))
    assert factories.registered(cast, proposed=factories.proposed(term=TermFacts("years", 20)))


@scenario("P4.0/2")
def test_p4_0_until_published_with_its_event_is_a_term(house, cast):
    document = factories.registered(cast, proposed=factories.proposed(term=TermFacts("event", event="公布前")))
    assert (document.term_kind, document.term_event, document.expires_on) == ("event", "公布前", None)


@scenario("P4.1/1")
def test_p4_1_an_expired_item_is_under_review_and_stays_shut_to_outsiders(house, cast):
    document, session = factories.classified(cast), house.sit(cast.sales_head)
    assert document.expires_on == date(2031, 3, 2)
    with house.at(date(2031, 3, 2)):
        assert work.expire_all() == 0  # the last day counts
        assert not actions.expire(document.owner, document)
    with house.at(date(2031, 3, 3)):
        assert work.expire_all() == 1
        document.refresh_from_db()
        assert document.state == "expired_review"
        assert not queries.decided(queries.viewer(cast.sales_head, session), document, "read").allow


@scenario("P4.1/1")
def test_p4_1_nobody_below_the_first_decider_releases_an_expired_item(house, cast, refused):
    scope = factories.scope_of("luyz", "wenqh", "niezx")
    merger = factories.proposed(30, category="S1", line="decision_merger", scope=scope)
    document = factories.classified(cast, proposed=merger)
    assert document.decider == cast.gm
    with house.at(date(2031, 3, 3)):
        work.expire_all()
        document.refresh_from_db()
        with refused("P4.1"):
            actions.declassify(cast.deputy, document, "已公开")
        document.refresh_from_db()
        assert (document.state, document.level) == ("expired_review", 30)
    other = factories.classified(cast)
    assert other.decider == cast.deputy
    with house.at(date(2031, 3, 3)):
        work.expire_all()
        other.refresh_from_db()
        actions.declassify(cast.deputy, other, "已公开")
        assert other.state == "declassified"


@scenario("P4.1/2")
def test_p4_1_a_term_is_extended_before_its_end_and_within_the_cap(house, cast, refused):
    document = factories.classified(cast)
    with refused("P4.1"):
        actions.ask_change(cast.drafter, document, "extend", term=TermFacts("years", 21), reason="仍有价值")
    actions.ask_change(cast.drafter, document, "extend", term=TermFacts("years", 8), reason="仍有价值")
    factories.approve_all(document.item_key)
    document.refresh_from_db()
    assert document.expires_on == date(2034, 3, 2)
    with house.at(date(2034, 3, 3)), refused("P4.1"):
        actions.ask_change(cast.drafter, document, "extend", term=TermFacts("years", 10), reason="仍有价值")


@scenario("P4.1/3")
def test_p4_1_a_published_appointment_is_released_at_that_moment(house, cast):
    document = embargoed(cast)
    everybody = house.sit(cast.outsider)
    assert not queries.decided(queries.viewer(cast.outsider, everybody), document, "read").allow
    actions.end_embargo(cast.gm, document, signed_text=True)
    document.refresh_from_db()
    assert (document.sealed, document.state) == (False, "declassified")
    assert queries.decided(queries.viewer(cast.outsider, everybody), document, "read").allow


def embargoed(cast):
    """DOC-029: an appointment under embargo; 褚建业 is one of the persons concerned."""
    proposed = factories.proposed(10, category="S6", line="hr_appointment", scope=factories.scope_of("luyz", "censp", "dingxl"), reason="")
    return factories.registered(
        cast, owner=cast.hr, title="二〇二六年中层人员任免方案", proposed=proposed, department=cast.hr.department,
        handlers=(cast.gm, cast.other_deputy, cast.hr), concerned=(cast.excluded,),
    )  # fmt: skip


@scenario("P4.2/1")
def test_p4_2_when_the_last_knower_leaves_the_office_takes_the_item_over(house, cast):
    document = factories.classified(cast, proposed=factories.proposed(scope=factories.scope_of("niezx")))
    people.close_account(cast.hr, cast.drafter)
    assert [d.pk for d in queries.orphaned()] == [document.pk]
    actions.take_custody(cast.office_head, document)
    document.refresh_from_db()
    assert document.owner == cast.office_head and queries.orphaned() == []


@scenario("P4.2/2")
def test_p4_2_when_one_of_several_leaves_nothing_changes(house, cast, refused):
    document = factories.classified(cast)
    people.close_account(cast.hr, cast.insider)
    document.refresh_from_db()
    assert queries.orphaned() == [] and document.owner == cast.drafter
    assert cast.engineer in queries.reached(document)
    with refused("P4.2"):
        actions.take_custody(cast.office_head, document)


def test_p4_3_a_downgrade_to_internal_is_a_release(cast):
    """Asked for as a downgrade it is carried out as what it is: no level is left, no term runs on."""
    document = factories.classified(cast)
    actions.ask_change(cast.drafter, document, "downgrade", level=5, reason="已对外公布")
    factories.approve_all(document.item_key)
    document.refresh_from_db()
    assert (document.level, document.state, document.expires_on) == (5, "declassified", None)
    other = factories.classified(cast)
    actions.ask_change(cast.drafter, other, "downgrade", level=10, reason="损害减轻")
    factories.approve_all(other.item_key)
    other.refresh_from_db()
    assert (other.level, other.state, other.harm) == (10, "valid", "harm")


def test_p4_3_a_change_that_was_overtaken_by_a_release_is_refused_when_it_is_decided(cast, refused):
    """Of three requests that run at once on one item one releases it: nothing is left to lower or to extend."""
    document = factories.classified(cast)
    lower = actions.ask_change(cast.drafter, document, "downgrade", level=10, reason="损害减轻")
    longer = actions.ask_change(cast.drafter, document, "extend", term=TermFacts("years", 8), reason="仍在用")
    release = actions.ask_change(cast.drafter, document, "release", reason="市场已知")
    while release.state == "asked":
        release = approvals.approve(approval_queries.candidates(release)[0], release, "同意")
    document.refresh_from_db()
    assert (document.level, document.state) == (5, "declassified")
    for asked, clause in ((lower, "P4.3"), (longer, "P4.1")):
        with refused(clause):
            while asked.state == "asked":
                asked = approvals.approve(approval_queries.candidates(asked)[0], asked, "同意")
    with refused("P4.3"):
        actions.ask_change(cast.drafter, document, "extend", term=TermFacts("years", 8), reason="仍在用")
    document.refresh_from_db()
    assert (document.level, document.state) == (5, "declassified")


@scenario("P4.3/1")
def test_p4_3_a_released_item_shows_its_struck_mark_and_needs_no_copy_approval(house, cast):
    document = factories.classified(cast)
    with house.at(date(2031, 3, 3)):
        work.expire_all()
        document.refresh_from_db()
        actions.declassify(cast.deputy, document, "已量产")
        document.refresh_from_db()
        assert (document.struck_mark, marking.mark_text(document)) == ("澜岱公司 机密 5年", "澜岱公司 解密")
        assert document.level == 5
        assert not terms.needs_copy_approval(20, document.state)


@scenario("P4.3/2")
def test_p4_3_a_release_that_is_only_proposed_changes_nothing(house, cast):
    document = factories.classified(cast)
    actions.ask_change(cast.drafter, document, "release", reason="市场已知")
    document.refresh_from_db()
    assert (document.level, marking.mark_text(document)) == (20, "澜岱公司 机密 5年")
    assert terms.needs_copy_approval(document.level, document.state)


def test_a_refusal_keeps_the_reasons_of_every_rule_in_the_way(house, cast, refused):
    """Not one clause at a time: whoever mends the form sees everything at once."""

    bad = factories.proposed(scope=(), interest="", term=TermFacts())
    with refused("P3.1", "P0.2", "P4.0", "A3"):
        actions.register(cast.drafter, factories.new_document(cast.drafter, proposed=bad))
