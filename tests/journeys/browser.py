"""Debian's Chromium, headless, as one person's browser; it notes what a page must not do."""

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from tests.journeys.server import AGENTS

FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--lang=zh-CN",
    "--disable-dev-shm-usage", "--force-color-profile=srgb", "--hide-scrollbars", "--window-size=1440,1000",
)  # fmt: skip
PATIENCE = 8.0  # seconds until a step that waits gives up
# Runs before any script of a page: what the policy blocked is kept where the page cannot hide it.
WATCH = """
window.__blocked = [];
document.addEventListener('securitypolicyviolation', (e) => window.__blocked.push(
  e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sourceFile + ':' + e.lineNumber));
"""
# What makes the page scroll sideways: its width, and the first elements that reach beyond the window.
WIDER = """
const wide = document.documentElement.clientWidth;
if (document.documentElement.scrollWidth <= wide) return [];
const out = [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > wide + 1);
return ['page ' + document.documentElement.scrollWidth].concat(out.slice(0, 5).map(
  (e) => e.tagName + '.' + e.className + ' ' + Math.round(e.getBoundingClientRect().right)));
"""
AXE = Path(__file__).with_name("vendor") / "axe.min.js"
RUN_AXE = """
const done = arguments[arguments.length - 1];
axe.run(document, {resultTypes: ['violations'], iframes: false}).then(
  (found) => done(found.violations.map((v) => v.id + ': ' + v.nodes.slice(0, 4).map((n) => n.target.join(' ')
    + (n.any[0] ? ' (' + n.any[0].message + ')' : '')).join(' | '))),
  (fault) => done(['axe: ' + fault]));
"""


class NotSeen(AssertionError):
    """What a step waited for did not come."""


class Browser:
    """One window. Waiting is built into every step, so a journey never sleeps."""

    def __init__(self, profile: Path, takes_pdf: bool = False) -> None:
        """`takes_pdf`: what is a PDF comes down as a file, instead of being shown."""
        self.downloads = profile / "downloads"
        self.downloads.mkdir(parents=True)
        options = Options()
        options.binary_location = shutil.which("chromium") or "chromium"
        for flag in (*FLAGS, f"--user-data-dir={profile / 'profile'}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        options.add_experimental_option(
            "prefs", {"download.default_directory": str(self.downloads), "plugins.always_open_pdf_externally": takes_pdf}
        )
        self.driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
        self.tell("Page.addScriptToEvaluateOnNewDocument", source=WATCH)

    def tell(self, command: str, **parameters: Any) -> Any:
        """A command of the developer tools."""
        return self.driver.execute_cdp_cmd(command, parameters)

    def run(self, script: str, *values: Any) -> Any:
        """A script in the page, outside of its policy."""
        return self.driver.execute_script(script, *values)

    def close(self) -> None:
        self.driver.quit()

    # Looking ---------------------------------------------------------------------------------------------------------

    def open(self, address: str) -> None:
        """Go to the address and wait until it is loaded."""
        self.driver.get(address)

    def all(self, css: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def one(self, css: str, within: float = PATIENCE) -> WebElement:
        """The first element, waited for. Raises NotSeen."""
        return self.until(lambda: next(iter(self.all(css)), None), f"no {css}", within)

    def named(self, css: str, words: str) -> WebElement:
        """The first visible element of this kind whose text holds the words. Raises NotSeen."""
        return self.until(
            lambda: next((e for e in self.all(css) if e.is_displayed() and words in e.text), None),
            f"no {css} “{words}”",
        )

    def text(self, css: str = "main") -> str:
        """The visible text of the first such element."""
        return self.one(css).text

    def until(self, look: Callable[[], Any], otherwise: str, within: float = PATIENCE) -> Any:
        """What `look` gives once it is true. Raises NotSeen, with the page's words."""
        last = time.monotonic() + within
        while True:
            try:
                found = look()
            except (StaleElementReferenceException, WebDriverException):
                found = None
            if found:
                return found
            if time.monotonic() > last:
                body = self.run("return document.body ? document.body.innerText : ''")
                raise NotSeen(f"{otherwise} at {self.driver.current_url}:\n{body[:1500]}")
            time.sleep(0.03)

    # Acting ----------------------------------------------------------------------------------------------------------

    @contextmanager
    def leaving(self) -> Iterator[None]:
        """The block makes the browser go to another page; afterwards that page is loaded."""
        self.run("document.documentElement.dataset.before = '1'")
        yield
        self.until(
            lambda: self.run("return document.readyState === 'complete' && !document.documentElement.dataset.before"),
            "the page was not left",
        )

    def click(self, element: WebElement) -> None:
        """A click that first brings the element into the middle of the window."""
        self.run("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element)
        element.click()

    def go(self, element: WebElement) -> None:
        """A click that leads to another page."""
        with self.leaving():
            self.click(element)

    def cookies(self, values: dict[str, str], address: str) -> None:
        """Become whoever these cookies belong to."""
        for name, value in values.items():
            self.tell("Network.setCookie", name=name, value=value, url=address, httpOnly=True, sameSite="Strict")

    # The window ------------------------------------------------------------------------------------------------------

    def be_phone(self) -> None:
        """A window of 390 by 844 points with touch, by a browser that calls itself a phone's."""
        self.tell("Emulation.setDeviceMetricsOverride", width=390, height=844, deviceScaleFactor=2, mobile=True)
        self.tell("Emulation.setTouchEmulationEnabled", enabled=True)
        self.tell("Emulation.setUserAgentOverride", userAgent=AGENTS["phone"], acceptLanguage="zh-CN")

    def be_desktop(self) -> None:
        """The window as it was opened."""
        self.tell("Emulation.clearDeviceMetricsOverride")
        self.tell("Emulation.setTouchEmulationEnabled", enabled=False)
        self.tell("Emulation.setUserAgentOverride", userAgent=AGENTS["pc"], acceptLanguage="zh-CN")

    def be(self, theme: str) -> None:
        """light or dark, as the system of the person says; without motion, so that no colour is seen half-way."""
        wishes = {"prefers-color-scheme": theme, "prefers-reduced-motion": "reduce"}
        self.tell(
            "Emulation.setEmulatedMedia", features=[{"name": name, "value": value} for name, value in wishes.items()]
        )

    def wider_than_window(self) -> list[str]:
        """What makes the page scroll sideways; empty when it does not."""
        return list(self.run(WIDER))

    def picture(self, name: str) -> None:
        """Keep what is seen in the folder that JOURNEY_PICTURES names; nothing without it."""
        if folder := os.environ.get("JOURNEY_PICTURES"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.driver.save_screenshot(f"{folder}/{name}.png")

    # What a page must not do -----------------------------------------------------------------------------------------

    def blocked(self) -> list[str]:
        """What the content security policy stopped on this page."""
        return list(self.run("return window.__blocked || ['nobody watched']"))

    def glance(self) -> tuple[str, str, list[str], list[str]]:
        """Heading, window title, what the policy stopped, what is too wide: all with one question to the browser."""
        heading, title, blocked, wide = self.run(f"""
            const wide = (() => {{{WIDER}}})(), heading = document.querySelector('h1');
            return [heading ? heading.textContent.trim() : '', document.title, window.__blocked, wide];
        """)
        return str(heading), str(title), list(blocked), list(wide)

    def complaints(self) -> list[str]:
        """What stands in the console since it was last asked: errors of scripts and of loading."""
        lines = self.driver.get_log("browser")
        return [str(line["message"]) for line in lines if line["level"] == "SEVERE"]

    def answers(self, part: str) -> list[dict[str, Any]]:
        """Answers that came since this was last asked, of addresses with `part` in them: url, status, mimeType."""
        found = []
        for line in self.driver.get_log("performance"):
            message = json.loads(line["message"])["message"]
            if message["method"] == "Network.responseReceived":
                answer = message["params"]["response"]
                if part in answer["url"]:
                    found.append({name: answer[name] for name in ("url", "status", "mimeType")})
        return found

    def axe(self) -> list[str]:
        """Violations of accessibility on this page, by axe-core."""
        if not self.run("return 'axe' in window"):
            self.run(AXE.read_text("utf-8"))
        return list(self.driver.execute_async_script(RUN_AXE))
