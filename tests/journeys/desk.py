"""The pages of the house in the words of the office: one class a page, verbs for what people do there."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select

from tests.cast import LOGINS
from tests.journeys.browser import Browser
from tests.journeys.server import Server

HARM = {30: "exceptional", 20: "grave", 10: "harm", 5: "none"}


@dataclass
class Page:
    """A page that is open in the browser."""

    server: Server
    browser: Browser

    @property
    def path(self) -> str:
        return str(self.browser.driver.current_url).removeprefix(self.server.address).split("#")[0]

    @property
    def heading(self) -> str:
        """The one h1 of the page."""
        return self.browser.text("h1")

    def text(self) -> str:
        """What can be read in the main part."""
        return self.browser.text("main")

    def press(self, *keys: str) -> None:
        """Keys without a field: shortcuts."""
        body = self.browser.one("body")
        for key in keys:
            body.send_keys(key)

    def say_goodbye(self) -> None:
        """Nothing that the policy blocked may be left unsaid."""
        assert self.browser.blocked() == []


@dataclass
class Office(Page):
    """The house: somebody is chosen and walks to a page."""

    def enter(self, who: str, device: str = "pc") -> None:
        """Sit down as a person of the cast (`clerk`) or by login, without the page for it: quick."""
        self.browser.open("about:blank")
        self.browser.cookies(self.server.sit(LOGINS.get(who, who), device), self.server.address)

    def desk(self) -> "Desk":
        return self.walk("/", Desk)

    def walk(self, path: str, to: Any = None) -> Any:
        """Open an address; returns the page as `to`."""
        self.browser.open(f"{self.server.address}{path}")
        return (to or Page)(self.server, self.browser)

    def reception(self) -> "Reception":
        return self.walk("/demo/", Reception)

    def registration(self) -> "Registration":
        return self.walk("/documents/new/", Registration)

    def register(self) -> "Register":
        return self.walk("/documents/", Register)

    def inbox(self) -> "Inbox":
        return self.walk("/approvals/", Inbox)


class Reception(Page):
    """选择人物: only a demonstration has this page."""

    def choose(self, name: str) -> "Desk":
        """Sign in as the person of this name."""
        self.browser.go(self.browser.named("main button", name))
        return Desk(self.server, self.browser)


class Desk(Page):
    """待办台."""

    def lines(self) -> list[str]:
        """The duties, as their headings say them."""
        return [heading.text for heading in self.browser.all(".mf-duty h2")]

    def take(self, words: str) -> None:
        """Open the first duty whose text holds the words."""
        self.browser.go(self.browser.named(".mf-items .tt > a, .mf-items .a > a", words))

    def look_up(self, words: str) -> list[str]:
        """Search titles and numbers from the top bar; returns the titles that were found."""
        field = self.browser.one("[data-mf-search]")
        field.send_keys(words)
        with self.browser.leaving():
            field.send_keys(Keys.ENTER)
        return [hit.text for hit in self.browser.all("main .mf-items .tt > a, main table a")]


class Registration(Page):
    """登记与定密: registration, three questions, scope, on one page."""

    def field(self, name: str) -> WebElement:
        return self.browser.one(f"[name={name}]")

    def write(self, **values: str) -> None:
        """Type into fields by their names; what stood there goes."""
        for name, value in values.items():
            field = self.field(name)
            if field.get_attribute("type") == "date":
                set_value(self.browser, field, value)
                continue
            field.clear()
            field.send_keys(value)

    def value(self, name: str) -> str:
        return str(self.field(name).get_attribute("value"))

    def choose(self, name: str, value: str) -> None:
        """One of the large options, by its value."""
        option = self.browser.one(f"input[name={name}][value='{value}']")
        self.browser.click(self.browser.run("return arguments[0].closest('label')", option))

    def chosen(self, name: str) -> str:
        """The value of the option that is chosen, "" when none is."""
        return str(self.browser.run(
            "return (document.querySelector(`input[name=${arguments[0]}]:checked`) || {value: ''}).value", name
        ))  # fmt: skip

    def line(self, value: str) -> None:
        """The line of the catalogue."""
        Select(self.field("line")).select_by_value(value)

    def department(self, code: str) -> None:
        Select(self.field("department")).select_by_value(code)

    def answer(self, category: str, line: str, level: int, interest: str, years: int) -> None:
        """The three questions: which matter, what harm, until when."""
        self.choose("category", category)
        self.line(line)
        self.choose("harm", HARM[level])
        self.write(interest=interest)
        self.choose("term_kind", "years")
        self.write(term_value=str(years))

    def let_know(self, *names: str) -> None:
        """Write these persons into the scope, line by line; more lines are asked for when they run out."""
        for number, name in enumerate(names):
            if not self.browser.all(f"[name=scope-{number}-who]"):
                self.browser.click(self.browser.one("[data-mf-more]"))
            field = self.browser.one(f"[name=scope-{number}-who]")
            field.clear()
            field.send_keys(name)

    def attach(self, *files: Path) -> None:
        """Choose files; they are sent one by one, each with a row of its own."""
        self.browser.one("input[type=file]").send_keys("\n".join(str(file) for file in files))

    def attached(self) -> list[tuple[str, str, str]]:
        """(name, state, class) of each file, when none is under way."""
        rows = self.browser.all(".mf-uploads > li")
        self.browser.until(
            lambda: rows and all("ok" in r.get_attribute("class") or "bad" in r.get_attribute("class") for r in rows),
            "files are still under way", 30,
        )  # fmt: skip
        return [
            (r.find_element("css selector", ".name").text, r.find_element("css selector", ".state").text,
             str(r.get_attribute("class"))) for r in self.browser.all(".mf-uploads > li")
        ]  # fmt: skip

    def proposal(self, words: str) -> str:
        """The live sheet at the right once it says `words`."""
        return str(self.browser.until(
            lambda: words in (told := self.browser.text("#proposal")) and told, f"no proposal “{words}”"
        ))  # fmt: skip

    def send(self) -> None:
        """送审."""
        self.browser.go(self.browser.named("button[value=submit]", "送审"))

    def objections(self) -> list[str]:
        """What stands in the summary above the form."""
        return [line.text for line in self.browser.all(".mf-errors li")]


class Register(Page):
    """密件登记簿."""

    def rows(self) -> list[str]:
        """Each row as it reads."""
        return [row.text for row in self.browser.all(".mf-ledger tbody tr")]

    def open_row(self, words: str) -> "Card":
        row = self.browser.named(".mf-ledger tbody tr", words)
        self.browser.go(row.find_element("css selector", "a"))
        return Card(self.server, self.browser)


class Card(Page):
    """One item."""

    @property
    def uid(self) -> str:
        return self.path.strip("/").split("/")[1]

    def deeds(self) -> list[str]:
        """The buttons at the right of the head."""
        return [act.text for act in self.browser.all(".mf-head .mf-acts .btn")]

    def parts(self) -> list[str]:
        """Headings of what the card shows to this person."""
        return [part.text.split("\n")[0] for part in self.browser.all(".mf-sheet h2")]

    def read(self) -> "Reader":
        self.browser.go(self.browser.named(".mf-head .btn", "逐页阅览"))
        return Reader(self.server, self.browser)


class Inbox(Page):
    """审批."""

    def waiting(self) -> list[str]:
        return [line.text for line in self.browser.all(".mf-inbox .tt > a")]

    def take(self, words: str) -> "Request":
        self.browser.go(self.browser.named(".mf-inbox .tt > a", words))
        return Request(self.server, self.browser)


class Request(Page):
    """One request in five lines."""

    def pages(self) -> "Reader":
        """看要审的页."""
        self.browser.go(self.browser.named("main a", "看要审的页"))
        return Reader(self.server, self.browser)

    def approve(self) -> None:
        self.browser.go(self.browser.named("button[value=approve]", "批准"))

    def send_back(self, reason: str) -> None:
        self.browser.one("#rs").send_keys(reason)
        self.browser.go(self.browser.named("button[value=return]", "退回"))


class Reader(Page):
    """The reader: a canvas, one marked page at a time."""

    def shown(self) -> int:
        """The number of the page that is drawn; waits until something is."""
        self.browser.until(
            lambda: self.colours() > 2 and not self.browser.all("canvas.wait"), "the canvas stays empty", 20
        )
        return int(self.browser.text("[data-mf-now]"))

    def colours(self) -> int:
        """How many different grey values a raster of points on the canvas has: an empty one has a single one."""
        return int(
            self.browser.run("""
            const canvas = document.getElementById('page'), seen = new Set();
            const dots = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
            for (let i = 0; i < dots.length; i += 4 * 97) seen.add(dots[i] + 256 * dots[i + 3]);
            return seen.size;
        """)
        )

    def count(self) -> int:
        return len(self.browser.all(".mf-pages li"))

    def turn(self) -> int:
        """The next page."""
        number = self.shown()
        self.browser.click(self.browser.one("#next"))
        self.browser.until(lambda: self.browser.text("[data-mf-now]") == str(number + 1), "the page was not turned")
        return self.shown()

    def read_through(self) -> None:
        """Every page, one after another."""
        while self.shown() < self.count():
            self.turn()

    def sign(self) -> None:
        """已阅签收."""
        self.browser.go(self.browser.named("#receipt button", "已阅签收"))


class Proofs(Page):
    """验证: the auditor's page."""

    def key(self) -> str:
        """The public key as the page shows it: name+hash+key."""
        found = [line for line in self.text().split("\n") if line.startswith("mifeng/") and line.count("+") >= 2]
        return found[0].strip()

    def download(self) -> Path:
        """The bundle for an outsider."""
        self.browser.click(self.browser.one("form[action$='/bundle/'] button"))
        arrived: Any = self.browser.until(
            lambda: [f for f in self.browser.downloads.glob("*.zip") if f.stat().st_size], "no bundle came"
        )
        return Path(arrived[0])


def set_value(browser: Browser, field: WebElement, value: str) -> None:
    """Set a native date field as its picker would."""
    browser.run(
        "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('change', {bubbles: true}))",
        field,
        value,
    )


class Locked(Page):
    """已锁定."""

    def unlock(self, password: str) -> None:
        self.browser.one("input[name=password]").send_keys(password)
        self.browser.go(self.browser.named("main button", "解锁"))
