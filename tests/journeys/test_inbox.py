"""The inbox: on a telephone one request stands on one screen with all that deciding needs; on the desk, keys are enough."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver.common.keys import Keys

from tests.journeys.browser import Browser
from tests.journeys.desk import Office, Reader, Request
from tests.journeys.server import ROOT, Server, child_environment

pytestmark = [pytest.mark.journey, pytest.mark.part("chromium")]

WIDE, HIGH, THUMB = 390, 844, 44
# What must be seen without moving the page, and what one touches.
SEEN = (
    "h1", "h1 .mf-only-m", ".mf-head .mf-lv", ".mf-head p span.mf-red", ".mf-place", ".mf-five > div", ".mf-five .law .mf-cl",
    "[data-mf-pages-of]", ".mf-facts > div", ".mf-sign", ".mf-dock .btn",
)  # fmt: skip
TOUCHED = (".mf-dock .btn", "[data-mf-pages-of]", ".mf-place a", ".mf-burger")
BOXES = """
    const dock = document.querySelector('.mf-dock').getBoundingClientRect();
    return [...document.querySelectorAll(arguments[0])].filter((e) => e.checkVisibility()).map((e) => {
      const box = e.getBoundingClientRect(), inDock = Boolean(e.closest('.mf-dock'));
      return {text: e.textContent.trim().slice(0, 20), left: box.left, right: box.right, top: box.top, bottom: box.bottom,
              floor: inDock ? innerHeight : dock.top, high: box.height, wide: box.width};
    });
"""


@pytest.fixture(scope="module")
def asked_of(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A house in which four requests wait for the general manager."""
    folder = tmp_path_factory.mktemp("asked")
    command = [sys.executable, "-m", "tests.journeys.asking", str(folder)]
    subprocess.run(command, cwd=ROOT, env=child_environment({}), check=True)
    return folder


@pytest.fixture(scope="module")
def server(asked_of: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for that house."""
    folder = tmp_path_factory.mktemp("served") / "house"
    shutil.copytree(asked_of, folder)
    made = Server(folder)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def phone(office: Office, browser: Browser) -> Office:
    browser.be_phone()
    office.enter("gm", "phone")
    return office


def boxes(browser: Browser, selector: str) -> list[dict[str, Any]]:
    """The boxes of everything visible that the selector finds, with the floor that it must stand above."""
    return list(browser.run(BOXES, selector))


def test_one_request_stands_on_one_screen(phone: Office) -> None:
    browser = phone.browser
    for name, path in phone.server.told["asked"].items():
        phone.walk(f"/approvals/{path}/")
        for selector in SEEN:
            if selector == ".mf-head p span.mf-red" and name != "widen":
                continue
            found = boxes(browser, selector)
            assert found, (name, selector)
            outside = [
                box for box in found
                if box["left"] < 0 or box["right"] > WIDE or box["top"] < 0 or box["bottom"] > box["floor"] + 1
            ]  # fmt: skip
            assert outside == [], (name, selector)
        assert len(boxes(browser, ".mf-five > div")) == 6
        assert browser.run("return document.documentElement.scrollHeight") <= HIGH
        assert browser.wider_than_window() == []
        small = [box for selector in TOUCHED for box in boxes(browser, selector) if min(box["high"], box["wide"]) < THUMB]
        assert small == []
        phone.say_goodbye()


def test_the_five_lines_the_clause_and_the_signatures_are_read_at_once(phone: Office) -> None:
    phone.walk(f"/approvals/{phone.server.told['asked']['widen']}/")
    told = phone.text()
    for words in (
        "扩大知悉范围", "机密", "特急", "葛星野", "让谭晋、喻嘉树知悉", "样机联合评审", "知悉至", "较高", "D2", "没有领导许可",
        "全文", "知悉范围", "主管副总经理或总经理", "1 / 4",
    ):  # fmt: skip
        assert words in told, words


def test_returning_needs_three_touches_and_leads_to_the_next(phone: Office) -> None:
    browser, told = phone.browser, phone.server.told["asked"]
    phone.walk(f"/approvals/{told['extend-1']}/")
    browser.click(browser.named(".mf-dock a", "退回"))
    sheet = browser.one("#back")
    assert sheet.is_displayed()
    assert [box for box in boxes(browser, "#back .btn") if box["high"] < THUMB or box["right"] > WIDE] == []
    browser.click(browser.named("#back button", "材料不全"))
    browser.go(browser.named("#back button[value=return]", "退回"))
    assert "上一件已退回" in phone.text()
    assert phone.path.startswith("/approvals/")
    assert phone.path.split("?")[0] != f"/approvals/{told['extend-1']}/"
    assert "3 / 3" in phone.text()
    phone.say_goodbye()


def test_the_pages_open_and_lead_back_to_the_request(phone: Office) -> None:
    path = f"/approvals/{phone.server.told['asked']['extend-2']}/"
    reader = Request(phone.server, phone.walk(path).browser).pages()
    assert Reader(phone.server, phone.browser).shown() == 1
    reader.browser.go(reader.browser.one(".mf-rbar a"))
    assert phone.path == path


def test_on_the_desk_keys_lead_from_request_to_request(office: Office) -> None:
    browser, told = office.browser, office.server.told["asked"]
    office.enter("gm")
    office.walk(f"/approvals/{told['widen']}/")
    first = office.path
    with browser.leaving():
        office.press("j")
    assert office.path != first
    with browser.leaving():
        office.press("k")
    assert office.path == first
    office.press("r")
    assert browser.run("return document.activeElement.id") == "rs"
    browser.one("#rs").send_keys("a")  # 打字时不是快捷键
    assert browser.run("return document.activeElement.id") == "rs"
    browser.run("document.activeElement.blur()")
    office.press("a")
    assert browser.run("return document.activeElement.value") == "approve"
    with browser.leaving():
        browser.driver.switch_to.active_element.send_keys(Keys.ENTER)
    assert "上一件已批准" in office.text()
    assert told["widen"] not in browser.run("return document.querySelector('main').innerHTML")
    office.say_goodbye()
