"""长期: an item without an end is reviewed every year; kept by the general manager alone, given a term, or released."""

import json
from datetime import date

import pytest

from mifeng.base import clock, deeds, jobs
from mifeng.base.codes import Tampered
from mifeng.base.models import Notice
from mifeng.rooms.approvals import actions as approvals
from mifeng.rooms.approvals import queries as approval_queries
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.documents import actions, deadlines, queries
from mifeng.rooms.documents.books import CHANGED, _lines
from mifeng.rooms.documents.facts import TermFacts
from mifeng.rooms.documents.models import TermReview
from mifeng.rooms.documents.room import _reviews
from mifeng.rooms.training import actions as training
from tests import factories

scenario = pytest.mark.scenario

INDEFINITE = TermFacts("indefinite")
DUE = date(2027, 3, 2)  # twelve months after the day of the paper


@pytest.fixture
def lasting(house, cast):
    document = factories.classified(cast, proposed=factories.proposed(term=INDEFINITE))
    assert (document.term_kind, document.expires_on) == ("indefinite", None)
    return document


def due_on(document):
    found = [deadlines.last_day(due) for row, _begun, due in deadlines.to_review(clock.now()) if row.pk == document.pk]
    return found[0] if found else None


def ask(by, document, kind, reason="仍有价值", term=None):
    return actions.ask_change(by, document, kind, reason=reason, term=term)


def signed(cast, house):
    """Pledges and tests of everybody are a year old by then: those who act have signed and passed anew."""
    for person in (cast.gm, cast.deputy, cast.drafter, cast.sales_deputy):
        training.record_test(cast.hr, person, 90, clock.today())
        training.sign_pledge(person)


def test_p4_1_an_item_without_an_end_comes_up_after_a_year(house, cast, lasting):
    with house.at(date(2026, 12, 1)):
        assert due_on(lasting) is None  # ninety-one days
    with house.at(date(2026, 12, 2)):
        assert due_on(lasting) == DUE
        jobs.enqueue_rounds()
        jobs.run_all()
        told = Notice.objects.filter(item_key=lasting.item_key, kind="review").values_list("person_key", flat=True)
        assert set(told) == {cast.gm.pk, cast.drafter.pk}
        change = f"/documents/{lasting.uid}/change/"
        for person, url in ((cast.gm, "/documents/terms/"), (cast.drafter, change), (cast.deputy, change)):
            (duty,) = _reviews(person)
            assert (duty.count, duty.late, [item.url for item in duty.items]) == (1, False, [url])
        assert _reviews(cast.clerk) == []
    with house.at(date(2027, 3, 3)):
        assert _reviews(cast.drafter)[0].late


def asked_for(cast, term, by=None, level=10):
    """An item proposed with this term, and its request at the step after the head of the department, if he signs one."""
    document = factories.registered(cast, proposed=factories.proposed(level, term=term), owner=by)
    request = Approval.objects.get(item_key=document.item_key, state="asked")
    if request.step_no + 1 < len(request.steps_list):
        approvals.approve(approval_queries.candidates(request)[0], request, "同意")
        request.refresh_from_db()
    return request


def deciders(request):
    return [one.login for one in approval_queries.candidates(request)]


@scenario("P4.1/2")
@pytest.mark.parametrize("level", [10, 20, 30])
def test_p4_1_only_the_general_manager_gives_an_item_no_end(house, cast, refused, level):
    years, none = (asked_for(cast, term, level=level) for term in (TermFacts("years", 5), INDEFINITE))
    assert deciders(none) == ["luyz"]
    assert deciders(years) == (["luyz"] if level == 30 else ["wenqh", "luyz"])
    with refused("K1.0"):
        approvals.approve(cast.deputy, none, "同意")
    none.refresh_from_db()
    page = house.open_page_as(cast.gm).get(f"/approvals/{none.uid}/").content.decode()
    assert "长期须总经理审定，每年复核；不宜长期的，退回改拟期限" in page
    assert approvals.approve(cast.gm, none, "同意").state == "approved"
    years.refresh_from_db()
    assert approvals.approve(cast.gm if level == 30 else cast.deputy, years, "同意").state == "approved"


@scenario("P4.1/2")
def test_p4_1_who_stands_in_for_the_general_manager_gives_no_end_to_his_own_paper(house, cast):
    request = asked_for(cast, INDEFINITE, by=cast.gm)
    (secretary,) = approval_queries.candidates(request)
    assert "board_secretary" in secretary.posts()
    assert approvals.approve(secretary, request, "同意").state == "approved"


@scenario("P4.1/2")
def test_p4_1_a_request_that_began_under_other_steps_is_not_decided_by_the_deputy(house, cast, refused):
    request = asked_for(cast, INDEFINITE)

    def as_before():
        request.steps = json.dumps([["owning_dept_head"], ["deputy_gm", "gm"]])
        request.save()

    deeds._do("documents:test_later", None, None, as_before)
    with refused("P4.1"):
        approvals.approve(cast.deputy, request, "同意")
    request.refresh_from_db()
    assert approvals.approve(cast.gm, request, "同意").state == "approved"


@scenario("P4.1/2")
def test_p4_1_only_the_general_manager_keeps_it_for_another_year(house, cast, refused):
    low = factories.classified(cast, proposed=factories.proposed(10, term=INDEFINITE))
    with house.at(date(2027, 2, 20)):
        assert deciders(ask(cast.drafter, factories.classified(cast), "extend", term=TermFacts("years", 6))) == ["luyz"]
        request = ask(cast.drafter, low, "keep")
        assert deciders(request) == ["luyz"]  # and not also the deputy, as for other terms at this level
        with refused("P4.0"):
            approvals.approve(cast.deputy, request, "同意")
        assert due_on(low) == DUE  # asked for is not decided
        request.refresh_from_db()
        approvals.approve(cast.gm, request, "同意")
        (row,) = TermReview.objects.all()
        assert (row.outcome, row.on, row.person, row.approval_uid) == ("keep", date(2027, 2, 20), cast.gm, request.uid)
        assert due_on(low) is None
        low.refresh_from_db()
        assert (low.term_kind, low.state, low.level, low.struck_mark) == ("indefinite", "valid", 10, "")
        signed(cast, house)
        assert [row.number for row in _lines(cast.deputy, CHANGED).found] == [request.number]  # its number leaves no gap in the register
    with house.at(date(2028, 2, 1)):
        assert due_on(low) == date(2028, 2, 20)


def test_p4_1_a_review_on_29_february_comes_back_on_the_last_day_of_february(house, cast, lasting):
    with house.at(date(2028, 2, 29)):
        approvals.approve(cast.gm, ask(cast.drafter, lasting, "keep"), "同意")
    with house.at(date(2029, 2, 1)):
        assert due_on(lasting) == date(2029, 2, 28)


@scenario("P4.1/2")
def test_p4_1_it_is_given_a_term_from_the_review_on_within_the_cap(house, cast, lasting, refused):
    with house.at(date(2027, 2, 20)):
        for wrong in (None, TermFacts("event", event="公布前"), TermFacts("indefinite"), TermFacts("date", on=date(2027, 2, 19))):
            with refused("P4.1"):
                ask(cast.drafter, lasting, "limit", term=wrong)
        with refused("P4.0"):
            ask(cast.drafter, lasting, "limit", term=TermFacts("years", 21))
        request = ask(cast.drafter, lasting, "limit", term=TermFacts("years", 2))
        assert [one.login for one in approval_queries.candidates(request)] == ["luyz"]
    with house.at(date(2027, 2, 22)):
        approvals.approve(cast.gm, request, "同意")
        lasting.refresh_from_db()
        assert (lasting.term_kind, lasting.expires_on, lasting.struck_mark) == ("years", date(2029, 2, 22), "澜岱公司 机密 长期")
        assert due_on(lasting) is None
        assert lasting.changes.filter(what="term").last().number.startswith("变密")


def test_p4_1_a_release_ends_the_reviews(house, cast, lasting):
    with house.at(date(2027, 2, 20)):
        request = ask(cast.drafter, lasting, "release", "已公开")
        factories.approve_all(lasting.item_key)
        request.refresh_from_db()
        lasting.refresh_from_db()
        assert (request.state, lasting.level, lasting.state) == ("approved", 5, "declassified")
        assert due_on(lasting) is None


@scenario("P4.1/2")
def test_p4_1_what_has_an_end_is_extended_and_not_reviewed(house, cast, lasting, refused):
    ended = factories.classified(cast)
    for kind in ("keep", "limit"):
        with refused("P4.1"):
            ask(cast.drafter, ended, kind, term=TermFacts("years", 2))
    with refused("P4.3"):
        ask(cast.drafter, lasting, "keep", "  ")
    assert not TermReview.objects.exists()


def test_p4_1_a_review_that_was_changed_in_the_database_is_noticed(house, cast, lasting):
    with house.at(date(2027, 2, 20)):
        approvals.approve(cast.gm, ask(cast.drafter, lasting, "keep"), "同意")
        deeds._do("documents:test_later", None, None, lambda: TermReview.objects.update(on=date(2040, 1, 1)))
    with house.at(date(2028, 2, 20)):
        request = ask(cast.drafter, lasting, "keep")
        with pytest.raises(Tampered):
            approvals.approve(cast.gm, request, "同意")


def test_p4_1_the_pages_offer_the_review_and_send_it(house, cast, lasting):
    with house.at(date(2027, 2, 20)):
        signed(cast, house)
        client = house.open_page_as(cast.drafter)
        listed = client.get("/documents/terms/").content.decode()
        assert "长期，待复核" in listed
        assert DUE.isoformat() in listed
        page = client.get(f"/documents/{lasting.uid}/change/").content.decode()
        assert "继续长期" in page
        assert "延长期限" not in page
        sent = client.post(f"/documents/{lasting.uid}/change/", {"kind": "keep", "reason": "仍有价值"})
        assert sent.status_code == 302
        request = Approval.objects.get(item_key=lasting.item_key, state="asked")
        asked = house.open_page_as(cast.gm).get(f"/approvals/{request.uid}/").content.decode()
        assert "长期事项年度复核：继续长期" in asked
        approvals.approve(cast.gm, request, "同意")
        assert "长期，待复核" not in client.get("/documents/terms/").content.decode()


def test_p4_1_a_hidden_item_without_an_end_stands_on_no_page(house, cast, lasting):
    with house.at(date(2027, 2, 20)):
        signed(cast, house)
        page = house.open_page_as(cast.sales_deputy).get("/documents/terms/").content.decode()
        assert factories.TITLE not in page
        assert "长期，待复核" not in page
        assert not queries.known(queries.viewer(cast.sales_deputy, None)).filter(pk=lasting.pk).exists()
