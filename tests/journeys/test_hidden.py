"""What the clerk may not open, and what nobody outside an embargo sees."""

from pathlib import Path

import pytest

from tests.journeys import papers
from tests.journeys.desk import Card, Office
from tests.journeys.test_main import INTEREST, KNOWERS, bytes_of, fill_in

pytestmark = [pytest.mark.journey, pytest.mark.part("chromium")]

EMBARGOED = "中层人员任免方案"


def test_the_clerk_registers_the_main_paper_and_can_open_no_page_of_it(office: Office, tmp_path: Path) -> None:
    # 如果 机要员简小禾 凭委托代聂知行登记
    office.enter("clerk")
    form = office.registration()
    form.attach(papers.main_paper(tmp_path))
    assert [css for _name, _state, css in form.attached()] == ["ok"]
    fill_in(form)
    form.write(interest=INTEREST)
    form.let_know(*KNOWERS)
    form.send()

    # 那么 她看得见登记事项, 看不见范围、阅读与经过, 也没有阅览的按钮
    card = Card(office.server, office.browser)
    assert card.heading == papers.TITLE
    uid = card.uid
    office.browser.until(lambda: "可阅" in office.walk(f"/documents/{uid}/", Card).text(), "no pages were made", 40)
    assert "不看内页" in card.text()
    assert "逐页阅览" not in card.deeds()
    assert not {"知悉范围", "阅读", "密级、期限、范围的变更"} & set(card.parts())
    assert INTEREST not in card.text()
    card.say_goodbye()

    # 当 她直接打开阅览的地址, 那么 没有一页出来
    office.browser.answers("/read/")
    office.walk(f"/read/{uid}/")
    assert office.browser.all("canvas") == []
    assert office.browser.answers("/page/") == []

    # 而 葛星野 此刻就能看: 有东西可藏
    office.enter("insider")
    assert office.walk(f"/documents/{uid}/", Card).read().shown() == 1


@pytest.mark.parametrize("who", ["clerk", "drafter"])
def test_an_embargoed_paper_is_not_there_for(office: Office, who: str) -> None:
    uid = office.server.told["papers"]["DOC-029"]

    # 如果 经办人丁晓岚 看得见它: 有东西可藏
    office.enter("hr")
    assert EMBARGOED in office.register().text()
    assert EMBARGOED in office.walk(f"/documents/{uid}/").text()

    # 那么 机要员与当事人 在登记簿、检索与地址里都找不到它, 一个字节也不差
    office.enter(who)
    assert EMBARGOED not in office.register().text()
    for view in ("mine", "proposed", "valid", "expired"):
        assert EMBARGOED not in office.walk(f"/documents/?view={view}").text()
    absent = bytes_of(office, "/documents/" + "f" * 32 + "/")
    assert bytes_of(office, f"/documents/{uid}/") == absent
    assert bytes_of(office, f"/read/{uid}/") == absent
    assert absent[0] == 404
    assert office.desk().look_up(EMBARGOED) == []
    office.say_goodbye()
