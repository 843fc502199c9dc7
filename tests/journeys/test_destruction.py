"""A destruction through the browser: five persons, each on his own screen, from the copy's card to the register."""

import pytest
from selenium.webdriver.common.keys import Keys

from tests.journeys.clerk import told
from tests.journeys.desk import Office, Request

pytestmark = [pytest.mark.journey, pytest.mark.part("chromium")]

ARCHIVIST, DESTROYER = "meiyx", "qiar"


def press(office: Office, words: str) -> None:
    """The button of these words, which leads on."""
    office.browser.go(office.browser.named("main button", words))


def fill(office: Office, field: str, words: str) -> None:
    element = office.browser.one(field)
    element.send_keys(words)
    element.send_keys(Keys.TAB)


def test_a_copy_is_destroyed_before_two_watchers_and_stands_in_the_register(office: Office) -> None:
    paper = office.server.told["papers"]["DOC-006"]
    item = f"SELECT id FROM documents_document WHERE uid = '{paper}'"
    copy = told(office, f"SELECT uid FROM copies_copy WHERE document_id = ({item}) AND state = 'stored' ORDER BY id LIMIT 1")

    # 机要员把一份列入待销，再列册
    office.enter("clerk")
    office.walk(f"/copies/{copy}/")
    fill(office, "#id_set_aside_reason", "会后收回,不再需要")
    press(office, "列入待销")
    office.walk("/copies/destructions/")
    fill(office, "[name=reason]", "会后收回,不再需要")
    fill(office, "[name=place]", "机要室碎纸间")
    press(office, "列册")
    address = office.path
    assert "清理列册" in office.text()

    # 档案员鉴定；机要员送审；主管领导批准
    office.enter(ARCHIVIST)
    office.walk(address)
    press(office, "确认无保存价值")
    office.enter("clerk")
    office.walk(address)
    press(office, "送审")
    request = told(office, "SELECT uid FROM approvals_approval WHERE act = 'destroy' AND state = 'asked'")
    office.enter(told(office, approver(paper)))
    office.walk(f"/approvals/{request}/", Request).approve()

    # 封存；受委托的人执行，写明两名监销人
    office.enter("clerk")
    office.walk(address)
    fill(office, "#id_bags_bags", "封0002")
    fill(office, "#id_bags_carrier1", "简小禾")
    fill(office, "#id_bags_carrier2", "祁安然")
    press(office, "封存")
    office.enter(DESTROYER)
    office.walk(address)
    fill(office, "#id_watch_watcher1", "方若琳")
    fill(office, "#id_watch_watcher2", "梅映雪")
    press(office, "已销毁")
    assert "待监销签字" in office.text()

    # 两名监销人各在自己的屏幕上签字，第二个签字时才算销毁
    for watcher, done in (("office_head", False), (ARCHIVIST, True)):
        office.enter(watcher)
        office.walk(address)
        press(office, "亲见销毁，签字")
        assert told(office, f"SELECT state FROM copies_copy WHERE uid = '{copy}'") == ("destroyed" if done else "set_aside")

    # 清册里有它，份上不再办任何事
    office.enter("clerk")
    office.walk("/registers/F10/")
    assert "0002" in office.text()
    office.walk(f"/copies/{copy}/")
    assert "已销毁" in office.text()
    assert office.browser.all("main form.mf-form") == []
    office.say_goodbye()


def approver(paper: str) -> str:
    """The login of whoever supervises the department of the paper."""
    return (
        "SELECT p.login FROM documents_document d JOIN people_department a ON a.id = d.department_id "
        f"JOIN people_person p ON p.id = a.supervisor_id WHERE d.uid = '{paper}'"
    )
