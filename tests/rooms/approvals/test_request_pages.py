"""Requests through the browser's own requests: limits, revocation, lapse, forged addresses and forged forms."""

from datetime import date, timedelta
from typing import Any

import pytest

from mifeng.base.refusals import Refused
from mifeng.rooms.approvals import actions, grants, queries, work
from mifeng.rooms.approvals.facts import Wanted, pages_of
from mifeng.rooms.approvals.models import Approval, Grant
from mifeng.rooms.documents import actions as documents
from mifeng.rooms.documents.facts import ScopeLine
from tests import factories, matters

WANTED = Wanted(copies=3, pages=frozenset({1, 2, 3, 4}))


def test_m2_1_the_approver_cuts_copies_and_pages_on_the_page(house: Any, cast: Any) -> None:
    with matters.announced("copy"):
        asked = matters.ask(cast.drafter, "copy", wanted=WANTED)
        client, url = house.open_page_as(cast.deputy), f"/approvals/{asked.uid}/"
        page = client.get(url).content.decode()
        assert 'name="limit_copies" value="3"' in page
        assert 'name="limit_pages" value="1-4"' in page
        for wrong in ({"limit_copies": "两"}, {"limit_pages": "1-"}, {"limit_pages": "0"}, {"limit_until": "明天"}):
            assert client.post(url, {"decision": "approve"} | wrong).status_code == 422
        for more in ({"limit_copies": "4"}, {"limit_pages": "5"}, {"limit_copies": "-1"}):
            assert client.post(url, {"decision": "approve"} | more).status_code == 403
        asked.refresh_from_db()
        assert asked.state == "asked"
        less = {"decision": "approve", "limit_copies": "1", "limit_pages": "2-3", "limit_until": "2026-03-17"}
        assert client.post(url, less).status_code == 302
        grant = Grant.objects.get()
        assert (grant.uses_left, grant.pages, grant.until.isoformat()) == (1, "2 3", "2026-03-17T16:00:00+00:00")


def test_m2_1_an_approval_that_lay_unused_is_seen_as_lapsed_and_opens_nothing(house: Any, cast: Any) -> None:
    with matters.announced("copy"):
        asked = matters.ask(cast.drafter, "copy", wanted=WANTED)
        assert house.open_page_as(cast.deputy).post(f"/approvals/{asked.uid}/", {"decision": "approve"}).status_code == 302
        with house.at(timedelta(days=8)):
            grant = Grant.objects.get()
            with pytest.raises(Refused) as refusal:
                matters.inside(
                    cast.clerk, grants.spend, cast.clerk, grant, act="copy", item_key="documents:d1", pages=(1,)
                )
            assert refusal.value.decision.rule == "lapsed"
            assert work.lapse_all() == 1
            client = house.open_page_as(cast.drafter)
            assert "已失效" in client.get("/approvals/?tab=asked").content.decode()
            assert "一项批准未用而失效" in client.get("/notices/").content.decode()


def test_what_is_under_way_registered_and_closed_is_found_by_whoever_asked_and_whoever_signed(house: Any, cast: Any) -> None:
    with matters.announced("copy"):
        approval = actions.approve(cast.deputy, matters.ask(cast.drafter, "copy", wanted=WANTED))
        grant = approval.grants.get()
        steps: dict[str, Any] = {
            "执行中": lambda: grants.spend(cast.clerk, grant, act="copy", item_key="documents:d1", pages=(1,)),
            "已登记": lambda: grants.register(Approval.objects.get(pk=approval.pk), "复密〔2026〕0001"),
            "已关闭": lambda: grants.close(Approval.objects.get(pk=approval.pk)),
        }
        for word, step in steps.items():
            matters.inside(cast.clerk, step)
            for person, tab in ((cast.drafter, "asked"), (cast.deputy, "done")):
                page = house.open_page_as(person).get(f"/approvals/?tab={tab}")
                assert (page.status_code, word in page.content.decode()) == (200, True), (word, tab)


def test_the_approver_revokes_on_the_page(house: Any, cast: Any) -> None:
    with matters.announced("copy"):
        approval = actions.approve(cast.deputy, matters.ask(cast.drafter, "copy", wanted=WANTED))
        url = f"/approvals/{approval.uid}/revoke/"
        assert url not in house.open_page_as(cast.drafter).get(f"/approvals/{approval.uid}/").content.decode()
        client = house.open_page_as(cast.deputy)
        assert url in client.get(f"/approvals/{approval.uid}/").content.decode()
        assert client.post(url, {"reason": ""}).status_code == 403
        assert client.post(url, {"reason": "项目停止"}).status_code == 302
        assert Approval.objects.get(pk=approval.pk).state == "revoked"
        assert client.post(url, {"reason": "再来"}).status_code == 403


@pytest.mark.parametrize("who", ["outsider", "clerk", "secadmin", "other_deputy"])
def test_forged_addresses_say_nothing_and_change_nothing(house: Any, cast: Any, who: str) -> None:
    with matters.announced("copy"):
        approval = actions.approve(cast.deputy, matters.ask(cast.drafter, "copy", wanted=WANTED))
        waiting = matters.ask(cast.drafter, "copy", wanted=WANTED, item_key="documents:d2")
        client = house.open_page_as(getattr(cast, who))
        for uid in (approval.uid, waiting.uid, "0" * 32, "x"):
            assert client.get(f"/approvals/{uid}/").status_code == 404
            assert client.post(f"/approvals/{uid}/", {"decision": "approve"}).status_code == 404
            assert client.post(f"/approvals/{uid}/revoke/", {"reason": "x"}).status_code == 404
            assert client.post(f"/approvals/{uid}/withdraw/").status_code == 404
        assert Approval.objects.get(pk=waiting.pk).state == "asked"
        assert Approval.objects.get(pk=approval.pk).state == "approved"


def test_the_applicant_withdraws_and_a_second_time_is_refused(house: Any, cast: Any) -> None:
    with matters.announced("copy"):
        asked = matters.ask(cast.drafter, "copy", wanted=WANTED)
        client = house.open_page_as(cast.drafter)
        assert client.post(f"/approvals/{asked.uid}/", {"decision": "approve"}).status_code == 403
        assert client.post(f"/approvals/{asked.uid}/withdraw/").status_code == 302
        assert client.post(f"/approvals/{asked.uid}/withdraw/").status_code == 403
        assert Approval.objects.get().state == "withdrawn"


@pytest.mark.parametrize("typed", ["", "a", "1-0", "3-1", "1-99999", "-1", "1,,2"])
def test_a_list_of_pages_that_is_none_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        pages_of(typed)


def test_pages_are_read_as_they_are_written() -> None:
    assert pages_of("1-3，5、7") == frozenset({1, 2, 3, 5, 7})


def test_p0_3_whoever_left_the_scope_sees_of_his_old_request_only_what_he_asked(house: Any, cast: Any) -> None:
    document = factories.classified(cast)
    until = (ScopeLine("person", cast.leaver.uid, "会签", date(2026, 4, 30)),)
    asked = documents.widen_scope(cast.insider, document, house.sit(cast.insider), until, "会签")
    place, ends = f"/approvals/{asked.uid}/", document.expires_on.isoformat()
    page = house.open_page_as(cast.insider)
    assert ends in page.get(place).content.decode()
    documents.narrow_scope(cast.drafter, document, (ScopeLine("person", cast.insider.uid),), "离组")
    answer = house.open_page_as(cast.insider).get(place)
    told = answer.content.decode()
    assert (answer.status_code, "2026-04-30" in told, ends in told, document.title in told) == (200, True, False, False)
    decider = queries.candidates(asked)[0]
    assert ends in house.open_page_as(decider).get(place).content.decode()
