"""Two ways of doing what a page offers: in the browser, key by key, or as the same form posted at once.

A form is meant by what is in it: the fields that are filled in, the hidden ones that say about what, the button. Needs an
opened house: import it after `start.django_up`.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import lxml.html
from django.test import Client
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select

from tests.journeys.browser import Browser, NotSeen
from tests.journeys.desk import set_value

FIND = """
const [button, about, fields] = arguments;
const has = (form, name, value) => [...form.elements].some((e) => e.name === name && (value === null || e.value === value));
return [...document.forms].find((form) => form.getAttribute('method') === 'post' && form.closest('main, .mf-head')
  && [...form.elements].some((e) => e.type === 'submit')
  && (!button || has(form, button[0], button[1]))
  && Object.entries(about).every(([name, value]) => has(form, name, value))
  && fields.every((name) => has(form, name, null))) || null;
"""
NATIVE = ("date", "datetime-local")


class Hand(Protocol):
    """Somebody's hand at a page; `sits` and `at` belong together: cookies of a session, its house."""

    def press(
        self, cookies: Mapping[str, str], path: str, button: tuple[str, str] | None, about: Mapping[str, str], fields: Mapping[str, Any]
    ) -> str: ...

    def scan(self, cookies: Mapping[str, str], path: str, codes: Sequence[str]) -> None: ...


class NotPressed(AssertionError):
    """A page did not offer the form, or did not take it; holds what it said."""


class Chromium:
    """A person at the browser."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address

    def walk(self, cookies: Mapping[str, str], path: str) -> None:
        """Open the page as whoever these cookies belong to."""
        self.browser.cookies(dict(cookies), self.address)
        self.browser.open(f"{self.address}{path}")

    def press(
        self, cookies: Mapping[str, str], path: str, button: tuple[str, str] | None, about: Mapping[str, str], fields: Mapping[str, Any]
    ) -> str:
        """Fill in the form and press its button; returns the path of the page that follows. A file leaves the page where it is."""
        self.walk(cookies, path)
        form = self.browser.until(lambda: self.browser.run(FIND, button, dict(about), list(fields)), f"no form {button} {about} {fields}")
        for name, value in fields.items():
            self._fill(form, name, value)
        self.browser.run("document.documentElement.dataset.before = '1'")
        self.browser.click(self._button(form, button))
        return str(self.browser.driver.current_url).removeprefix(self.address)

    def left(self) -> bool:
        """Whether the next page is there."""
        return bool(self.browser.run("return document.readyState === 'complete' && !document.documentElement.dataset.before"))

    def _fill(self, form: WebElement, name: str, value: Any) -> None:
        found = self.browser.run("return [...arguments[0].elements].filter((e) => e.name === arguments[1])", form, name)
        kind = found[0].get_attribute("type")
        self._uncover(found[0])
        if kind in ("checkbox", "radio"):
            wanted = value if isinstance(value, list) else [value]
            for one in found:
                meant = wanted == [True] or one.get_attribute("value") in wanted
                if one.is_selected() != meant and (meant or kind == "checkbox"):
                    self.browser.click(one)
        elif found[0].tag_name == "select":
            Select(found[0]).select_by_value(str(value))
        elif kind in NATIVE:
            set_value(self.browser, found[0], str(value))
        else:
            found[0].clear()
            found[0].send_keys(str(value))

    def _uncover(self, element: WebElement) -> None:
        """Unfold whatever hides the element, as a person does."""
        folded = "const d = arguments[0].closest('details:not([open])'); return d ? d.querySelector('summary') : null"
        while (summary := self.browser.run(folded, element)) is not None:
            self.browser.click(summary)

    def _button(self, form: WebElement, button: tuple[str, str] | None) -> WebElement:
        every = self.browser.run("return [...arguments[0].elements].filter((e) => e.type === 'submit')", form)
        named = [one for one in every if button and (one.get_attribute("name"), one.get_attribute("value")) == button]
        self._uncover((named or every)[0])
        return next(one for one in named or every if one.is_displayed())

    def scan(self, cookies: Mapping[str, str], path: str, codes: Sequence[str]) -> None:
        """A hand scanner: the signs of each code and Enter; each answer is waited for, as a clerk waits for the sound."""
        self.walk(cookies, path)
        for n, code in enumerate(codes, 1):
            self.browser.driver.switch_to.active_element.send_keys(code, Keys.ENTER)
            self.browser.until(lambda n=n: len(self.browser.all("#mf-log li")) == min(n, 30), f"no answer to scan {n}")

    def file(self, ending: str, seen: set[Path]) -> Path:
        """The next file of this kind that has come down whole."""
        try:
            return self.browser.until(
                lambda: next((f for f in self.browser.downloads.glob(f"*.{ending}") if f not in seen and f.stat().st_size), None),
                f"no .{ending} came", 20,
            )  # fmt: skip
        except NotSeen as fault:
            raise NotPressed(str(fault)) from None


class Posted:
    """The same forms without a browser: the page is fetched, its form read, filled in and posted."""

    def _client(self, cookies: Mapping[str, str]) -> Client:
        client = Client(headers={"accept": "text/html"})
        for name, value in cookies.items():
            client.cookies[name] = value
        return client

    def press(
        self, cookies: Mapping[str, str], path: str, button: tuple[str, str] | None, about: Mapping[str, str], fields: Mapping[str, Any]
    ) -> str:
        """As Chromium's: returns the path of the page that follows."""
        client = self._client(cookies)
        page = client.get(path)
        form = self._form(lxml.html.fromstring(page.content.decode()), button, about, fields)
        if form is None:
            raise NotPressed(f"no form {button} {about} {list(fields)} at {path}: {page.status_code}")
        typed: dict[str, list[str]] = {}
        for name, value in form.form_values():
            typed.setdefault(name, []).append(value or "")
        typed |= {name: self._typed(value) for name, value in fields.items()}
        typed |= {button[0]: [button[1]]} if button else {}
        answer = client.post(form.action or path, typed)
        if answer.status_code not in (200, 302):
            words = " ".join(lxml.html.fromstring(answer.content.decode()).find(".//main").text_content().split())
            raise NotPressed(f"{answer.status_code} {button} at {path}: {words[:600]}")
        return str(answer.headers.get("Location", path))

    def _typed(self, value: Any) -> list[str]:
        return value if isinstance(value, list) else ["on" if value is True else str(value)]

    def _form(self, page: Any, button: tuple[str, str] | None, about: Mapping[str, str], fields: Mapping[str, Any]) -> Any:
        for form in page.forms:
            parts = [*form.iter("input", "button", "select", "textarea"), *page.xpath(f"//*[@form='{form.get('id')}']")]
            has = {(one.get("name"), one.get("value")) for one in parts}
            names = {name for name, _value in has}
            if form.method == "POST" and (not button or button in has) and set(fields) <= names and set(about.items()) <= has:
                return form
        return None

    def scan(self, cookies: Mapping[str, str], path: str, codes: Sequence[str]) -> None:
        """As Chromium's: what is in hand goes along with each scan."""
        client, hand = self._client(cookies), ""
        address = path if path == "/copies/scan/" else f"{path}scan/"
        for code in codes:
            answer = client.post(address, {"code": code, "hand": hand}, headers={"X-Mf-Part": "1"})
            part = lxml.html.fromstring(answer.content.decode())
            if part.get("data-mf-tone") == "bad":
                raise NotPressed(f"{code} at {path}: {' '.join(part.text_content().split())}")
            hand = part.find(".//input[@name='hand']").get("value") or ""
