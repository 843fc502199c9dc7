"""The counter without a mouse: a scanner types a code and Enter; without a connection nothing is lost and nothing done twice."""

import pytest
from selenium.webdriver.common.keys import Keys

from tests.journeys.clerk import cells, scan
from tests.journeys.desk import Office

pytestmark = [pytest.mark.journey, pytest.mark.part("chromium")]


def labels(office: Office, count: int) -> list[str]:
    """Labels of copies that lie in the safe of the laboratory."""
    place = "SELECT id FROM copies_place WHERE code = 'BX-04'"
    return cells(office, f"SELECT code FROM copies_copy WHERE place_id = ({place}) ORDER BY id LIMIT {count}")


def said(office: Office, words: str) -> None:
    office.browser.until(lambda: words in office.browser.text("#mf-answer"), f"nobody said {words}")


def lines(office: Office) -> int:
    """How many lines the ledgers have."""
    return office.server.count("copies_movement")


def offline(office: Office, lost: bool) -> None:
    office.browser.tell("Network.enable")
    office.browser.tell("Network.emulateNetworkConditions", offline=lost, latency=0, downloadThroughput=-1, uploadThroughput=-1)


def test_copies_are_put_away_by_scans_alone(office: Office) -> None:
    office.enter("clerk")
    office.walk("/copies/scan/")
    found, before = labels(office, 2), lines(office)
    for code in found:
        scan(office, code)
    said(office, "手上 2 份")
    scan(office, "BX-02")
    said(office, "2 份已入 BX-02")
    assert lines(office) == before + 2
    scan(office, "6901234567892")
    said(office, "不是密封的标签")
    assert office.browser.run("return document.activeElement.id") == "code"
    office.say_goodbye()


def test_scans_wait_for_their_connection_and_are_done_once_in_their_order(office: Office) -> None:
    office.enter("clerk")
    office.walk("/copies/scan/")
    found, before = labels(office, 2), lines(office)
    offline(office, lost=True)
    scan(office, *found, "BX-02")
    office.browser.until(lambda: "待补办：3" in office.browser.text("#mf-waiting"), "the scans do not wait")
    kept = office.browser.run("return JSON.parse(sessionStorage.getItem('mf-scans')).map((one) => one.code)")
    assert kept == [*found, "BX-02"]
    assert lines(office) == before
    offline(office, lost=False)
    said(office, "2 份已入 BX-02")
    office.browser.until(lambda: not office.browser.one("#mf-waiting").is_displayed(), "the note of waiting stays")
    assert office.browser.run("return sessionStorage.getItem('mf-scans')") is None
    assert lines(office) == before + 2
    office.say_goodbye()


def test_a_safe_is_counted_by_scans_alone_and_the_difference_is_the_list(office: Office) -> None:
    office.enter("clerk")
    office.walk("/copies/counts/")
    field = office.browser.one("[name=second]")
    field.send_keys("方若琳")
    office.browser.one("[name=place]").send_keys("BX-02")
    with office.browser.leaving():
        field.send_keys(Keys.ENTER)
    safe = "SELECT id FROM copies_place WHERE code = 'BX-02'"
    inside = cells(office, f"SELECT code FROM copies_copy WHERE place_id = ({safe}) ORDER BY id")
    assert len(inside) >= 4
    for code in inside[:-1]:
        scan(office, code)
        said(office, "相符")
    office.browser.until(lambda: len(office.browser.all("#mf-log li")) == len(inside) - 1, "a scan is not listed")
    office.walk(office.path)
    assert [cell.text for cell in office.browser.all(".mf-three b")] == [str(len(inside) - 1), "1", "0"]
    office.say_goodbye()
