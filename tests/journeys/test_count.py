"""A safe is counted without a mouse: by scans alone, in a hand's time that is told beforehand (all 500: MIFENG_TEST_WHOLE=1).

The hand: what a clerk does with one copy, in the seconds of the keystroke-level model (Card, Moran, Newell). The sound comes
while the copy is laid down; of an answer that takes longer, measured from Enter until its line stands in the list, the rest
is waited for. What is typed on the keyboard costs a keystroke each, and a thought a field or signature.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence

import pytest
from selenium.webdriver.common.keys import Keys

from tests.journeys.browser import Browser
from tests.journeys.clerk import cells
from tests.journeys.desk import Office
from tests.journeys.server import ROOT, Server, child_environment
from tests.journeys.stocked import SAFE

pytestmark = [pytest.mark.journey, pytest.mark.part("chromium")]

WHOLE, MINUTES = 500, 20
MANY = WHOLE if os.environ.get("MIFENG_TEST_WHOLE") == "1" else 25
TAKE, AIM, TRIGGER, LAY_DOWN = 0.4, 1.1, 0.2, 0.4  # H: the copy into the hand; P: at its label; K: the trigger; H: beside the others
A_KEY, A_THOUGHT, THOUGHTS = 0.2, 1.35, 4  # K, M; two fields, two signatures

# Before any script of any page: what a mouse or a finger does is counted, in all pages of the window.
LISTEN = """
for (const kind of ['pointerdown', 'mousedown', 'pointermove', 'mousemove', 'wheel', 'touchstart'])
  addEventListener(kind, () => sessionStorage.setItem('pointed', Number(sessionStorage.getItem('pointed') ?? 0) + 1), true);
addEventListener('keydown', () => sessionStorage.setItem('keyed', Number(sessionStorage.getItem('keyed') ?? 0) + 1), true);
"""
# In the page of the count: how long each answer took, from Enter until its line stands in the list.
ANSWERS = """
window.__answers = [];
let since = 0;
addEventListener('keydown', (e) => { if (e.key === 'Enter') since = performance.now(); }, true);
new MutationObserver((seen) => { if (seen.some((one) => one.addedNodes.length)) window.__answers.push(performance.now() - since); })
  .observe(document.getElementById('mf-log'), {childList: true});
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for a house whose safe holds so many copies."""
    folder = tmp_path_factory.mktemp("stocked")
    command = [sys.executable, "-m", "tests.journeys.stocked", str(folder / "house"), str(MANY)]
    (folder / "house").mkdir()
    subprocess.run(command, cwd=ROOT, env=child_environment({}), check=True)
    made = Server(folder / "house")
    made.start()
    yield made
    made.stop()
    shutil.rmtree(folder / "house", ignore_errors=True)


def keys(browser: Browser, *typed: str) -> None:
    """Keys into whatever has the focus."""
    browser.driver.switch_to.active_element.send_keys(*typed)


def reach(browser: Browser, what: str, *tab: str, most: int = 40) -> None:
    """Tab until the focus is on this; back with Shift."""
    for _press in range(most):
        if browser.run("return document.activeElement.matches(arguments[0])", what):
            return
        keys(browser, *(tab or (Keys.TAB,)))
    raise AssertionError(f"{what} is not reached by {most} tabs")


def kept(browser: Browser, name: str) -> int:
    return int(browser.run("return Number(sessionStorage.getItem(arguments[0]) ?? 0)", name))


def to_the_middle(browser: Browser) -> None:
    """跳到正文: the first thing that Tab reaches on every page."""
    keys(browser, Keys.TAB)
    keys(browser, Keys.ENTER)


def opened(office: Office) -> None:
    """发起盘点 of the safe, by the keyboard alone."""
    browser = office.browser
    office.walk("/copies/counts/")
    to_the_middle(browser)
    for field, text in (("[name=place]", SAFE), ("[name=second]", "fangrl")):
        reach(browser, field)
        keys(browser, text)
    with browser.leaving():
        keys(browser, Keys.ENTER)


def signed(office: Office, who: str, page: str, do: str) -> None:
    """A signature on the sheet, by the keyboard alone: the buttons stand before the field that has the focus."""
    office.enter(who)
    office.walk(page)
    reach(office.browser, f"button[value={do}]", Keys.SHIFT, Keys.TAB)
    with office.browser.leaving():
        keys(office.browser, Keys.ENTER)


def minutes(answers: Sequence[float], typed: int) -> float:
    """A hand's time for as many copies as there are answers (seconds)."""
    copies = sum(TAKE + AIM + TRIGGER + max(LAY_DOWN, answer) for answer in answers)
    return (copies + typed * A_KEY + THOUGHTS * A_THOUGHT) / 60


def test_g4_2_a_safe_is_counted_by_scans_alone_within_the_time_of_a_hand(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    browser, began = office.browser, time.monotonic()
    browser.tell("Page.addScriptToEvaluateOnNewDocument", source=LISTEN)
    office.enter("clerk")
    opened(office)
    page = office.path
    safe = f"SELECT id FROM copies_place WHERE code = '{SAFE}'"
    labels = cells(office, f"SELECT code FROM copies_copy WHERE place_id = ({safe}) ORDER BY id")
    assert len(labels) == MANY, (page, office.text())
    assert browser.run("return document.activeElement.id") == "code", (page, office.text()[:600])
    browser.run(ANSWERS)
    for n, code in enumerate(labels, 1):
        keys(browser, code, Keys.ENTER)
        browser.until(lambda n=n: browser.run("return window.__answers.length") == n, f"no answer to scan {n}")
        assert "相符" in browser.text("#mf-answer")
    answers = [ms / 1000 for ms in browser.run("return window.__answers")]
    signed(office, "office_head", page, "cross")
    signed(office, "clerk", page, "close")
    assert [cell.text for cell in browser.all(".mf-three b")] == [str(MANY), "0", "0"]
    assert browser.text(".mf-head").count("已结束") == 1

    typed = kept(browser, "keyed") - sum(len(code) + 1 for code in labels)  # what the scanner typed is no keystroke of a hand
    told = {
        "copies": MANY, "hand_minutes": round(minutes(answers, typed), 2), "keys": typed, "mouse": kept(browser, "pointed"),
        "answer_ms": [round(1000 * at) for at in (min(answers), sorted(answers)[len(answers) // 2], max(answers))],
        "first_ten_ms": round(100 * sum(answers[:10])), "last_ten_ms": round(100 * sum(answers[-10:])),
        "wall_minutes": round((time.monotonic() - began) / 60, 2),
    }  # fmt: skip
    with capsys.disabled():
        print(json.dumps(told))
    assert told["mouse"] == 0
    # A machine under test answers as slowly as it is loaded: only the whole number is held against the clock.
    assert minutes(answers if MANY == WHOLE else [0.0] * WHOLE, typed) <= MINUTES
    office.say_goodbye()
