"""The house by keyboard."""

import pytest
from selenium.webdriver.common.keys import Keys

from tests.journeys.desk import Office, Reader

pytestmark = [pytest.mark.journey, pytest.mark.part("chromium")]


def active(office: Office) -> str:
    """What has the focus, as text or name."""
    return str(office.browser.run("const e = document.activeElement; return e.name || e.textContent.trim()"))


def test_letters_lead_through_the_house(office: Office) -> None:
    office.enter("gm")
    office.desk()

    # / 检索
    office.press("/")
    assert active(office) == "q"
    office.browser.one("[data-mf-search]").send_keys("g")  # 打字时不是快捷键
    office.browser.one("[data-mf-search]").send_keys("d")
    assert office.browser.one("[data-mf-search]").get_attribute("value") == "gd"
    office.browser.run("document.activeElement.value = ''; document.activeElement.blur()")

    # g 再按 r、a、d: 登记簿、审批、待办台
    for key, path in (("r", "/documents/"), ("a", "/approvals/"), ("d", "/")):
        with office.browser.leaving():
            office.press("g", key)
        assert office.path == path

    # ? 快捷键表, Esc 收起
    office.press("?")
    assert office.browser.one("#mf-keys").is_displayed()
    office.browser.one("#mf-keys button").send_keys(Keys.ESCAPE)
    office.browser.until(lambda: not office.browser.one("#mf-keys").is_displayed(), "the list of keys stays")
    office.say_goodbye()


def test_j_and_k_walk_along_the_rows_and_enter_opens(office: Office) -> None:
    office.enter("gm")
    register = office.register()
    numbers = [row.split("\n")[0].split(" ")[0] for row in register.rows()]
    assert len(numbers) >= 2
    office.press("j")
    assert active(office) == numbers[0]
    office.browser.driver.switch_to.active_element.send_keys("j")
    assert active(office) == numbers[1]
    office.browser.driver.switch_to.active_element.send_keys("k")
    assert active(office) == numbers[0]
    with office.browser.leaving():
        office.browser.driver.switch_to.active_element.send_keys(Keys.ENTER)
    assert office.path.startswith("/documents/")
    assert numbers[0] in office.text()


def test_the_first_tab_is_the_way_to_the_text(office: Office) -> None:
    office.enter("gm")
    office.desk()
    office.press(Keys.TAB)
    assert active(office) == "跳到正文"


def test_arrows_turn_pages_and_plus_enlarges(office: Office) -> None:
    office.enter("gm")
    reader = office.walk(f"/read/{office.server.told['papers']['DOC-006']}/", Reader)
    assert reader.shown() == 1
    wide = office.browser.one("#page").size["width"]
    office.press(Keys.ARROW_RIGHT)
    office.browser.until(lambda: office.browser.text("[data-mf-now]") == "2", "the page was not turned")
    assert reader.shown() == 2
    office.press("+", "+")
    assert office.browser.one("#page").size["width"] > wide


def test_the_way_past_the_menu_leaves_no_mark_that_the_next_page_would_obey(office: Office) -> None:
    office.enter("clerk")
    office.walk("/copies/scan/")
    office.browser.run("document.activeElement.blur()")
    office.browser.one(".mf-skip").send_keys(Keys.ENTER)
    assert office.browser.run("return document.activeElement.id") == "main"
    assert office.browser.run("return location.hash") == ""


def test_a_second_click_is_held_back_also_where_a_field_is_called_method(office: Office) -> None:
    office.enter("office_head")
    office.walk(f"/copies/reproduce/{office.server.told['papers']['DOC-006']}/")
    assert office.browser.all("main form [name=method]")
    held = office.browser.run("""
        const form = document.querySelector('main form'), seen = [];
        addEventListener('submit', (e) => { seen.push(e.defaultPrevented); e.preventDefault(); });
        form.noValidate = true;
        form.requestSubmit();
        form.requestSubmit();
        return seen;
    """)
    assert held == [False, True]
