"""Forged, late and senseless requests over approvals: the exact answer of each, and that nothing has changed."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from mifeng.base import clock, record
from mifeng.rooms.approvals import actions, views
from mifeng.rooms.approvals.facts import Wanted
from mifeng.rooms.approvals.models import Approval, Grant
from mifeng.rooms.people import actions as people
from tests import matters
from tests.rooms.approvals.test_editions import BOTH

WANTED = Wanted(copies=3, pages=frozenset({1, 2, 3, 4}))
NOT_THERE = "没有这份文件，或您不在知悉范围内"


@pytest.fixture
def asked(house: Any, cast: Any) -> Iterator[Approval]:
    """A request for three copies that the deputy or the GM decides."""
    with matters.announced("copy"):
        yield matters.ask(cast.drafter, "copy", wanted=WANTED)


def page(approval: Approval) -> str:
    """The address of a request."""
    return f"/approvals/{approval.uid}/"


def says(answer: Any) -> str:
    """What the page says."""
    return answer.content.decode()


def untouched(approval: Approval) -> bool:
    """The request still waits, and nothing was granted."""
    return Approval.objects.get(pk=approval.pk).state == "asked" and not Grant.objects.exists()


FORGED = {
    "no_decision": ({}, 422, "请选择批准或退回"),
    "an_unknown_decision": ({"decision": "approved"}, 422, "请选择批准或退回"),
    "a_return_without_reason": ({"decision": "return", "reason": "  "}, 422, "退回须写明理由"),
    "more_copies": ({"decision": "approve", "limit_copies": "4"}, 403, "准予的不得多于申请的"),
    "as_many_copies_as_digits": ({"decision": "approve", "limit_copies": "9" * 40}, 403, "准予的不得多于申请的"),
    "no_copies": ({"decision": "approve", "limit_copies": "0"}, 403, "准予的不得多于申请的"),
    "copies_in_words": ({"decision": "approve", "limit_copies": "两份"}, 422, "填写有误"),
    "copies_beyond_reading": ({"decision": "approve", "limit_copies": "9" * 5000}, 422, "填写有误"),
    "another_page": ({"decision": "approve", "limit_pages": "1-5"}, 403, "准予的不得多于申请的"),
    "a_million_pages": ({"decision": "approve", "limit_pages": "1-1000000"}, 422, "填写有误"),
    "a_day_of_no_calendar": ({"decision": "approve", "limit_until": "2026-02-30"}, 422, "填写有误"),
    "the_last_day_there_is": ({"decision": "approve", "limit_until": "9999-12-31"}, 422, "填写有误"),
    "a_day_that_is_over": ({"decision": "approve", "limit_until": "2026-03-15"}, 403, "截止日期已过"),
    "the_first_day_there_was": ({"decision": "approve", "limit_until": "0001-01-01"}, 403, "截止日期已过"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGED)
def test_m2_1_a_forged_decision_decides_nothing(house: Any, cast: Any, asked: Approval, name: str) -> None:
    form, status, words = FORGED[name]
    answer = house.open_page_as(cast.deputy).post(page(asked), form)
    assert (answer.status_code, words in says(answer)) == (status, True)
    assert untouched(asked)


def test_m2_1_the_same_form_without_the_forgery_decides(house: Any, cast: Any, asked: Approval) -> None:
    form = {"decision": "approve", "limit_copies": "2", "limit_pages": "1-4", "limit_until": "2026-03-16"}
    assert house.open_page_as(cast.deputy).post(page(asked), form).status_code == 302
    grant = Grant.objects.get()
    assert (grant.uses, grant.until) == (2, clock.end_of(date(2026, 3, 16)))


@pytest.mark.parametrize("uid", ["0" * 32, "x", "%00", "..%2f..", "'%20OR%201=1--", "0" * 4000, "%F0%9F%94%92"])
@pytest.mark.parametrize("act", ["", "revoke/", "withdraw/"])
def test_p0_3_a_forged_address_is_not_there(house: Any, cast: Any, asked: Approval, uid: str, act: str) -> None:
    client = house.open_page_as(cast.gm)
    answer = client.post(f"/approvals/{uid}/{act}", {"decision": "approve", "reason": "x"})
    assert (answer.status_code, NOT_THERE in says(answer)) == (404, True)
    assert untouched(asked)


@pytest.mark.parametrize("place", ["/documents/?q=%00", "/approvals/?tab=%00", "/documents/%00/", "/notices/?page=%00"])
def test_p0_3_a_letter_that_no_text_holds_finds_nothing(house: Any, cast: Any, place: str) -> None:
    answer = house.open_page_as(cast.insider).get(place)
    assert (answer.status_code, NOT_THERE in says(answer)) == (404, True)


@pytest.mark.parametrize("act", ["revoke/", "withdraw/"])
def test_a_deed_is_not_done_by_looking(house: Any, cast: Any, asked: Approval, act: str) -> None:
    assert house.open_page_as(cast.drafter).get(page(asked) + act).status_code == 405
    assert untouched(asked)


def test_m2_1_of_two_approvers_with_the_page_open_the_second_finds_nothing_to_decide(
    house: Any, cast: Any, asked: Approval
) -> None:
    first, second = house.open_page_as(cast.deputy), house.open_page_as(cast.gm)
    assert {first.get(page(asked)).status_code, second.get(page(asked)).status_code} == {200}
    assert first.post(page(asked), {"decision": "approve"}).status_code == 302
    answer = second.post(page(asked), {"decision": "return", "reason": "份数过多"})
    assert (answer.status_code, NOT_THERE in says(answer)) == (404, True)
    assert (Approval.objects.get().state, Grant.objects.count()) == ("approved", 1)


def test_m2_1_whoever_comes_second_within_the_same_second_is_told(
    house: Any, cast: Any, asked: Approval, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale = Approval.objects.get(pk=asked.pk)
    client = house.open_page_as(cast.gm)
    actions.approve(cast.deputy, asked)
    # Between his page's request and his deed the deputy was quicker.
    monkeypatch.setattr(views.actions, "open_request", lambda person, uid: stale)
    answer = client.post(page(asked), {"decision": "return", "reason": "份数过多"})
    assert (answer.status_code, "刚被修改" in says(answer), "已批准" in says(answer)) == (409, True, True)
    assert Approval.objects.get().state == "approved"


def test_m2_1_an_approver_who_left_between_two_steps_is_signed_out(house: Any, cast: Any) -> None:
    with matters.announced("classify"):
        asked = matters.ask(cast.drafter, "classify")
        client = house.open_page_as(cast.deputy)
        actions.approve(cast.dept_head, asked)
        assert client.get(page(asked)).status_code == 200
        people.close_account(cast.secadmin, cast.deputy, clock.today())
        answer = client.post(page(asked), {"decision": "approve"})
        assert (answer.status_code, "登录已结束" in says(answer)) == (401, True)
        assert Approval.objects.get().state == "asked"
        assert house.open_page_as(cast.gm).post(page(asked), {"decision": "approve"}).status_code == 302
        assert Approval.objects.get().state == "approved"


def test_m2_1_a_request_withdrawn_under_the_approvers_eyes(house: Any, cast: Any, asked: Approval) -> None:
    client = house.open_page_as(cast.deputy)
    assert client.get(page(asked)).status_code == 200
    actions.withdraw(cast.drafter, asked)
    assert client.post(page(asked), {"decision": "approve"}).status_code == 404
    assert (Approval.objects.get().state, Grant.objects.count()) == ("withdrawn", 0)


def test_m1_2_a_change_of_the_table_under_a_running_request_does_not_reach_it(house: Any, cast: Any) -> None:
    with matters.announced("lend"):
        asked = matters.ask(cast.insider, "lend")
        client = house.open_page_as(cast.deputy)
        version = actions.propose(cast.secadmin, {("lend", "highly_confidential"): BOTH}, "规模扩大")
        place = f"/approvals/table/versions/{version.uid}/"
        # Only the GM decides it, and a decision that is none approves nothing.
        for who, form, status in (
            ("secadmin", {"decision": "approve"}, 403), ("insider", {"decision": "approve"}, 404), ("gm", {}, 403),
            ("gm", {"decision": "approve"}, 302), ("gm", {"decision": "refuse", "note": "再议"}, 409),
        ):  # fmt: skip
            assert house.open_page_as(getattr(cast, who)).post(place, form).status_code == status
        assert client.post(page(asked), {"decision": "approve"}).status_code == 302
        assert Approval.objects.get(pk=asked.pk).state == "approved"
        later = matters.ask(cast.insider, "lend", item_key="documents:d2")
        answer = house.open_page_as(cast.deputy).post(page(later), {"decision": "approve"})
        assert (answer.status_code, Approval.objects.get(pk=later.pk).state) == (404, "asked")


GIVEN = {
    "an_act_of_no_table": {"act": "everything"}, "a_level_of_no_scheme": {"level_max": "99"}, "a_level_in_words": {"level_max": "绝密"},
    "nobody": {"delegate": "张三"}, "yesterday": {"until": "2026-03-15"}, "no_day": {"until": "明天"}, "no_paper": {"paper": " "},
    "a_case_of_nobody": {"case": "复密〔2026〕9999"},
}  # fmt: skip


@pytest.mark.parametrize("name", GIVEN)
def test_i6_2_a_forged_delegation_is_not_given(house: Any, cast: Any, name: str) -> None:
    form = {"delegate": "沈听澜", "act": "copy", "level_max": "20", "until": "2026-04-30", "paper": "授权书第三号"}
    client, size = house.open_page_as(cast.gm), record.head()[0]
    assert client.post("/approvals/delegations/", form | GIVEN[name]).status_code == 422
    assert record.head()[0] == size
    assert client.post("/approvals/delegations/", form).status_code == 302


def test_m2_1_a_revocation_typed_to_anothers_approval_is_not_there(house: Any, cast: Any, asked: Approval) -> None:
    actions.approve(cast.deputy, asked)
    for who, status in (("other_deputy", 404), ("insider", 404), ("clerk", 404), ("drafter", 403), ("gm", 302)):
        answer = house.open_page_as(getattr(cast, who)).post(page(asked) + "revoke/", {"reason": "停"})
        assert answer.status_code == status, who
    assert Approval.objects.get().state == "revoked"
