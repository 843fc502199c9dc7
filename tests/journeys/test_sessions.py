"""One live session a person; a lock that keeps what was typed."""

import pytest

from mifeng.site.demo import PASSWORD
from tests.journeys.desk import Locked, Office, Registration

pytestmark = [pytest.mark.journey, pytest.mark.part("chromium")]

# The browser's clock goes on by six minutes: nobody has touched anything for that long.
SIX_MINUTES_LATER = "const now = Date.now; Date.now = () => now() + 6 * 60 * 1000"


def test_a_second_session_ends_the_first(office: Office) -> None:
    # 如果 戚墨涵 坐在一台机器上
    office.enter("engineer")
    assert office.desk().heading == "待办台"

    # 当 他在另一台机器上登录
    office.server.sit("qimh")

    # 那么 先前的会话已经结束: 页面说明, 不再给看
    office.desk()
    assert "登录已结束" in office.browser.text("body")
    assert "另一台设备" in office.browser.text("body")
    assert office.browser.one("main a.btn").get_attribute("href").startswith(f"{office.server.address}/account/login/")


def test_the_lock_keeps_what_was_typed(office: Office) -> None:
    # 如果 拟稿人写到一半, 离开了六分钟
    office.enter("drafter")
    form = office.registration()
    form.write(title="青鹭三型散热改进建议", pages="12", issued_on="2026-11-24")
    form.choose("category", "S5")
    form.choose("harm", "harm")
    form.let_know("葛星野")
    with office.browser.leaving():
        office.browser.run(SIX_MINUTES_LATER)

    # 那么 页面已空, 只剩锁定页; 地址不变, 写的字不在页面里
    locked = Locked(office.server, office.browser)
    assert locked.heading == "已锁定"
    assert "散热" not in office.browser.run("return document.documentElement.outerHTML")
    assert locked.path == "/documents/new/"

    # 当 换一个地址试, 那么 仍是锁定
    assert office.walk("/documents/", Locked).heading == "已锁定"

    # 当 解锁, 那么 回到原页, 写过的都在
    office.walk("/documents/new/", Locked).unlock(PASSWORD)
    form = Registration(office.server, office.browser)
    assert form.path == "/documents/new/"
    assert form.value("title") == "青鹭三型散热改进建议"
    assert (form.value("pages"), form.value("issued_on")) == ("12", "2026-11-24")
    assert form.chosen("category") == "S5"
    assert form.chosen("harm") == "harm"
    assert form.value("scope-0-who") == "葛星野"
    form.say_goodbye()
