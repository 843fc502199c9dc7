"""The telephone, 390 points wide: decide in two taps, read a page."""

import pytest

from tests.journeys.browser import Browser
from tests.journeys.desk import Office, Reader, Reception, Request

pytestmark = [pytest.mark.journey, pytest.mark.part("chromium")]


@pytest.fixture
def phone(office: Office, browser: Browser) -> Office:
    """The house on a telephone that was never seen here."""
    browser.driver.delete_all_cookies()
    browser.be_phone()
    return office


def test_the_general_manager_approves_in_two_taps(phone: Office) -> None:
    browser = phone.browser
    desk = phone.reception().choose("陆远舟")
    assert browser.wider_than_window() == []
    waiting = phone.inbox().waiting()
    assert len(waiting) == 1, waiting

    # 如果 总经理在待办台上看到一项审批
    desk = phone.desk()
    title = "股权激励"

    # 当 一点打开, 再点批准
    desk.take(title)
    request = Request(phone.server, browser)
    assert browser.wider_than_window() == []
    assert [b.text for b in browser.all(".mf-dock .btn") if b.is_displayed()] == ["退回", "批准"]
    small = [b.text for b in browser.all(".mf-dock .btn") if b.size["height"] < 44]
    assert small == []
    request.approve()

    # 那么 它不再等他, 办过的里有它
    assert phone.inbox().waiting() == []
    assert title in phone.walk("/approvals/?tab=done").text()
    phone.say_goodbye()


def test_a_page_is_read_on_the_phone_but_nothing_top_secret(phone: Office) -> None:
    told = phone.server.told["papers"]

    # 如果 喻嘉树 在知悉范围内, 那么 秘密件在手机上可逐页阅览
    phone.reception()
    phone.browser.click(phone.browser.one(".mf-cast-more summary"))
    Reception(phone.server, phone.browser).choose("喻嘉树")
    reader = phone.walk(f"/read/{told['DOC-012']}/", Reader)
    assert reader.shown() == 1
    assert phone.browser.wider_than_window() == []
    reader.turn()
    reader.say_goodbye()

    # 而 绝密件在手机上不打开, 对总经理也一样: 说明原因与条款
    phone.enter("gm", "phone")
    phone.walk(f"/read/{told['DOC-004']}/")
    assert phone.browser.all("canvas") == []
    assert "D5" in phone.text()
    assert phone.browser.wider_than_window() == []
