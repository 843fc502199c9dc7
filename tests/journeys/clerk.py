"""The clerk's hand: forms by the words beside their fields, tables by their headings, scans by a label and Enter."""

import sqlite3
from contextlib import closing
from typing import Any

from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select

from tests.journeys.desk import Office, Page, set_value

# The control of the label that says the words, or at least begins with them.
CONTROL = """
const [words, within] = arguments, root = within ? document.querySelector(within) : document;
const labs = [...root.querySelectorAll('label')].filter((l) => l.control && l.checkVisibility());
const said = (l) => l.textContent.replace('（选填）', '').trim();
const lab = labs.find((l) => said(l) === words) || labs.find((l) => said(l).startsWith(words));
if (lab) return lab.control;
return [...root.querySelectorAll(':is(input,select,textarea)[aria-label]')].find(
  (c) => c.checkVisibility() && c.getAttribute('aria-label').startsWith(words)) || null;
"""
# The rows of the table with this caption, each as {heading: cell}; without a caption the first table.
ROWS = """
const tables = [...document.querySelectorAll('main table')];
const table = tables.find((t) => t.caption && t.caption.textContent.trim() === arguments[0]);
if (!table) return null;
const said = (cell) => cell.innerText.replace(/\\s+/g, ' ').trim();
const heads = [...table.tHead.rows[0].cells].map((c) => c.textContent.trim());
return [...table.tBodies[0].rows].map((r) => Object.fromEntries([...r.cells].map((c, n) => [heads[n], said(c)])));
"""
FACTS = """
return Object.fromEntries([...document.querySelectorAll('main .mf-facts > div')].map(
  (d) => [d.querySelector('dt').textContent.trim(), d.querySelector('dd').innerText.trim()]));
"""
DATES = {"date", "datetime-local"}


class Form(Page):
    """A page with forms. Fields are found by their labels, as whoever fills them in finds them."""

    within = ""  # a selector that holds the form, where labels of several forms read alike

    def field(self, words: str) -> WebElement:
        """The control of the label that begins with the words. Raises NotSeen."""
        found: WebElement = self.browser.until(lambda: self.browser.run(CONTROL, words, self.within), f"no field “{words}”")
        return found

    def write(self, told: dict[str, str]) -> None:
        """Fill in; what stood there goes. A name of a list is typed and left with Tab; a day is set as its picker does."""
        for words, value in told.items():
            field = self.field(words)
            if field.tag_name == "select":
                Select(field).select_by_visible_text(value)
            elif field.get_attribute("type") in DATES:
                set_value(self.browser, field, value)
            else:
                if field.get_attribute("value"):
                    field.clear()
                field.send_keys(value, Keys.TAB)

    def unfold(self, words: str) -> None:
        """Open what is folded under these words."""
        self.browser.click(self.browser.named("main summary", words))

    def tick(self, *words: str) -> None:
        """Set the crosses beside these words."""
        for one in words:
            self.browser.click(self.field(one))

    def value(self, words: str) -> str:
        """What stands in a field."""
        return str(self.field(words).get_attribute("value"))

    def hand_in(self, words: str) -> "Form":
        """Press the button of these words, which leads on; the page that follows."""
        self.browser.go(self.browser.named("main button, main a.btn", words))
        return self

    def offers(self, words: str) -> bool:
        """Whether a button or a link of these words can be seen on the page."""
        return any(words in one.text for one in self.browser.all("main button, main a.btn") if one.is_displayed())

    def refusals(self) -> list[str]:
        """What the page says about why it was not done, a line each; [] when it was."""
        return [line.text for line in self.browser.all(".mf-errors li")]

    def facts(self) -> dict[str, str]:
        """The facts of the page by their names."""
        return dict(self.browser.run(FACTS))

    def rows(self, caption: str) -> list[dict[str, str]]:
        """The lines of the table of this name, by their headings; [] when there is no such table."""
        return list(self.browser.run(ROWS, caption) or [])

    def row(self, caption: str, words: str) -> dict[str, str]:
        """The one line that holds the words."""
        found = [row for row in self.rows(caption) if any(words in cell for cell in row.values())]
        assert len(found) == 1, (caption, words, self.rows(caption))
        return found[0]


def desk_of(office: Office, who: str, path: str, device: str = "pc") -> Form:
    """Sit down as this person and open the page."""
    office.enter(who, device)
    form: Form = office.walk(path, Form)
    return form


def told(office: Office, question: str, *values: str) -> str:
    """One cell of the running house's file, "" when there is none."""
    with closing(sqlite3.connect(f"file:{office.server.folder / 'var' / 'mifeng.db'}?mode=ro", uri=True)) as file:
        found = file.execute(question, values).fetchone()
    return "" if found is None else str(found[0])


def cells(office: Office, question: str, *values: str) -> list[str]:
    """The first column of what the running house's file answers."""
    with closing(sqlite3.connect(f"file:{office.server.folder / 'var' / 'mifeng.db'}?mode=ro", uri=True)) as file:
        return [str(row[0]) for row in file.execute(question, values)]


def scan(office: Office, *codes: str) -> None:
    """As a hand scanner does it: the signs of the code, then Enter, into whatever has the focus."""
    for code in codes:
        office.browser.driver.switch_to.active_element.send_keys(code, Keys.ENTER)


def sign_for_all(office: Office, who: str, device: str = "pc") -> int:
    """签收 of everything that waits for this person's signature, on his own screen; how many it were."""
    lines: Any = cells(office, "SELECT m.uid FROM copies_movement m JOIN people_person p ON p.id = m.signer_id "
                               "WHERE p.uid = ? AND m.signed_at IS NULL ORDER BY m.id", office.server.uid_of(who))  # fmt: skip
    for line in lines:
        desk_of(office, who, f"/copies/sign/{line}/", device).hand_in("清点无误，签收")
    return len(lines)
