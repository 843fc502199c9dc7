"""Plays the past of the demonstration company by real deeds under a played clock that ends at the real now.

Dates of the data files are shifted by (today − as_of). Nothing is inserted past a deed; the numbers are what the counters
give. A load that was interrupted starts again in an empty folder.
"""

import re
import tomllib
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from typing import Any

from mifeng.base import clock, deeds, jobs
from mifeng.base.refusals import NotThere, Refused
from mifeng.rooms.approvals import actions as approvals
from mifeng.rooms.approvals import queries as approval_queries
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.documents import actions as documents
from mifeng.rooms.documents import work
from mifeng.rooms.documents.actions.registering import NewDocument, OldPaper
from mifeng.rooms.documents.facts import Proposed, ScopeLine, TermFacts
from mifeng.rooms.documents.files import Received, receive
from mifeng.rooms.documents.models import Document, Upload
from mifeng.rooms.people import actions as people
from mifeng.rooms.people.models import Department, Device, Person, token_hash
from mifeng.rooms.training import actions as training
from mifeng.rooms.viewing import actions as viewing
from mifeng.site.cli import init
from mifeng.site.demo import PASSWORD, acts, custody, made, mail, papers, rounds, stock
from mifeng.site.demo.hands import CLERK
from mifeng.site.demo.state import make_vault

__all__ = ["Data", "Past", "data", "load", "make_vault"]

LEVELS = {"绝密": 30, "机密": 20, "秘密": 10, "内部": 5}
HARMS = {30: "exceptional", 20: "grave", 10: "harm", 5: "none"}
EARLIER = "Zaoxiede-kouling-10"  # the clerk's before her present one: she has worked at the counter for longer
REGISTRY = "demo-registry"  # the device of the reading room
FOUNDED = date(2025, 12, 15)  # of the data files' calendar: shifted like every other date

Say = Callable[[str], None]


@dataclass(frozen=True)
class Data:
    """The data files and the shift of their dates."""

    org: dict[str, Any]
    papers: list[dict[str, Any]]
    shift: timedelta

    def day(self, of: date) -> date:
        """The day as it is played."""
        return of + self.shift


def data(today: date | None = None) -> Data:
    """Read the demonstration's data; `today` is the local date the past must end on."""
    folder = files("mifeng.site.demo")
    org = tomllib.loads(folder.joinpath("org.toml").read_text(encoding="utf-8"))
    listed = tomllib.loads(folder.joinpath("documents.toml").read_text(encoding="utf-8"))
    told = tomllib.loads(folder.joinpath("answers.toml").read_text(encoding="utf-8"))
    rows = [row | told["answer"][row["id"]] for row in listed["document"]]
    return Data(org, rows, (today or clock.machine_clock().astimezone().date()) - org["as_of"])


def load(say: Say = lambda text: None, today: date | None = None, only: set[str] | None = None) -> None:
    """Play everything; `only` limits the papers by id (tests)."""
    with ThreadPoolExecutor(max_workers=1) as beside:
        played = Past(data(today), say)
        played.found()
        played.bring(beside, only)
        played.take_over(only)
        for at, happening in sorted(played.happenings(only), key=lambda pair: pair[0]):
            if at <= clock.machine_clock():
                with clock.played(at):
                    happening()
        played.present()


class Past:
    """The company's year, as one deed after another."""

    def __init__(self, told: Data, say: Say) -> None:
        self.data, self.say = told, say
        self.minute = 0
        self.brought: dict[str, Future[tuple[str, Received]]] = {}
        self.keys: dict[str, int] = {}  # id of a paper -> key of its item

    def at(self, day: date, hour: int = 9) -> datetime:
        """An instant of that (shifted) day in the company's zone, each a little later than the one before."""
        self.minute = (self.minute + 7) % 55
        local = datetime.combine(self.data.day(day), time(hour, self.minute), tzinfo=clock.local(clock.now()).tzinfo)
        return min(local, clock.machine_clock())

    def person(self, name: str) -> Person:
        return Person.objects.get(name=name)

    # The company ------------------------------------------------------------------------------------------------

    def found(self) -> None:
        """Company, people, pledges, tests, rules, appointments."""
        org = self.data.org
        founding = replace(init.founding(org, "demo", ready=True), since=self.data.day(FOUNDED))
        with clock.played(self.at(FOUNDED, 8)):
            people.found(None, founding)
        self.say("公司与人员")
        self._pledge()
        self._appoint()

    def _pledge(self) -> None:
        hr, other = self.person("丁晓岚"), self.person("尤佳宁")
        day = self.data.day(FOUNDED)
        with clock.played(self.at(FOUNDED)):
            training.issue_rules(self.person("方若琳"), "企业保密制度")
            for person in Person.objects.filter(active=True):
                training.acknowledge(person)
                if person.clearance >= 10:
                    training.record_test(other if person.pk == hr.pk else hr, person, 80 + person.pk % 19, day)
                    training.sign_pledge(person)
        self.say("承诺书与考核")

    def _appoint(self) -> None:
        head = self.person("方若琳")
        until = self.data.day(date(2027, 6, 30))
        with clock.played(self.at(FOUNDED, 10)):
            for name, level in (("简小禾", 30), ("祁安然", 20)):
                people.appoint(
                    head, self.person(name), acts=("make", "mail", "transit", "use", "copy", "keep"), level_max=level,
                    since=self.data.day(FOUNDED), until=until, reason="机要室日常办理",
                )  # fmt: skip

    # Old papers -------------------------------------------------------------------------------------------------

    def take_over(self, only: set[str] | None) -> None:
        """Papers issued before 2026, in one list confirmed by the GM."""
        old = [row for row in self.rows(only) if row.get("issued_on") and row["issued_on"] < date(2026, 1, 1)]
        with clock.played(self.at(FOUNDED, 14)):
            listed = tuple(self._old(row) for row in old)
            if listed:
                documents.take_over(self.person("陆远舟"), listed)
            jobs.run_all()
        self.say(f"旧件补登 {len(old)} 件")

    def rows(self, only: set[str] | None) -> list[dict[str, Any]]:
        return [row for row in self.data.papers if only is None or row["id"] in only]

    def _old(self, row: dict[str, Any]) -> OldPaper:
        gone = "已销毁" in row["status"]
        return OldPaper(
            new=self.new(row, uploads=() if gone else self.uploads(row)), number=row["ref"], live=not gone,
            started_on=self.data.day(row["issued_on"]), state="destroyed" if gone else "valid",
            note="销毁清册XH2025-01" if gone else "",
        )  # fmt: skip

    # One paper --------------------------------------------------------------------------------------------------

    def new(self, row: dict[str, Any], uploads: tuple[Upload, ...], level: int | None = None) -> NewDocument:
        """The registration of a paper of the list."""
        level = LEVELS[row["level"]] if level is None else level
        sealed = "禁言期" in row["status"]
        concerned = next((s.split(":")[1].split("/") for s in row["status"] if s.startswith("当事人排除")), [])
        knowers = [] if row["knowers"] == ["全体员工"] else row["knowers"]
        day = row.get("issued_on") or row.get("proposed_on")
        return NewDocument(
            title=row["title"], department=Department.objects.get(code=row["dept"]), owner=self.person(row["owner"]),
            proposed=Proposed(
                level=level, category=row["category"], line=row["line"], harm=HARMS[level], interest=row["interest"],
                reason=row.get("reason", ""), term=term(row["term"]), project=row.get("project", ""),
                scope=tuple(self.line(name) for name in knowers) or (ScopeLine("all", ""),),
            ),
            issued_on=self.data.day(day), pages=0, copies=row.get("copies", 0), uploads=uploads,
            handlers=tuple(self.person(name) for name in knowers) if sealed else (),
            concerned=tuple(self.person(name) for name in concerned),
        )  # fmt: skip

    def line(self, name: str) -> ScopeLine:
        """A name of the list as a line of a scope: person, post group or department."""
        groups = {group["name"]: "+".join(group["roles"]) for group in self.data.org["company"]["post_groups"]}
        if name in groups:
            return ScopeLine("post", groups[name])
        dept = Department.objects.filter(name=name).first()
        return ScopeLine("department", dept.code) if dept else ScopeLine("person", self.person(name).uid)

    def bring(self, beside: Executor, only: set[str] | None) -> None:
        """Draw, inspect and seal the papers' files beside the deeds, in the order in which they are wanted: a worker waits for none."""
        rows = sorted(self.rows(only), key=lambda row: row.get("issued_on") or row["proposed_on"])
        self.brought = {row["id"]: beside.submit(_drawn, row) for row in rows if "已销毁" not in row["status"]}

    def uploads(self, row: dict[str, Any]) -> tuple[Upload, ...]:
        """The paper's PDF, received as any upload."""
        waiting = self.brought.pop(row["id"], None)
        uid, received = waiting.result() if waiting else _drawn(row)
        return (documents.receive_file(self.person(row["owner"]), uid, received),)

    def happenings(self, only: set[str] | None) -> Iterator[tuple[datetime, Callable[[], None]]]:
        """Everything that happens to papers of this year, with its instant."""
        for row in self.rows(only):
            issued = row.get("issued_on")
            if issued and issued < date(2026, 1, 1):
                yield from self._old_happenings(row)
                continue
            day = issued or row["proposed_on"]
            yield self.at(day - timedelta(days=2)), lambda row=row: self._register(row)
            if issued and LEVELS[row["level"]] >= 10:
                yield self.at(issued - timedelta(days=1), 15), lambda row=row: self._approve(row)
                yield self.at(issued, 10), lambda row=row: self._approve(row)
            if "降密自机密" in row["status"]:
                yield self.at(date(2026, 10, 12)), lambda row=row: self._downgrade(row)
                yield self.at(date(2026, 10, 13)), lambda row=row: self._approve(row)
                yield self.at(date(2026, 10, 13), 15), lambda row=row: self._approve(row)
        yield from stock.happenings(self, only)
        yield from acts.happenings(self, only)
        if only is None:  # a house of a few papers is for tests, which begin with empty books
            for part in (mail, rounds, made, custody):
                yield from part.happenings(self)
        yield from self._passwords()
        yield from self._readings(only)

    def _old_happenings(self, row: dict[str, Any]) -> Iterator[tuple[datetime, Callable[[], None]]]:
        if "已解密" in row["status"]:
            yield self.at(date(2025, 12, 18)), lambda: work.expire_all() and None
            yield self.at(date(2025, 12, 22)), lambda row=row: self._release(row)

    def document(self, row: dict[str, Any]) -> Document:
        """The item of a row, by its title among all items (the loader knows everything it made); remembered, as it is read often."""
        if row["id"] not in self.keys:
            self.keys[row["id"]] = next(d.pk for d in Document.objects.order_by("-pk") if d.title == row["title"])
        return Document.objects.get(pk=self.keys[row["id"]])

    def _register(self, row: dict[str, Any]) -> None:
        level = 20 if "降密自机密" in row["status"] else None
        by = self.person(row["owner"])
        if row["id"] in ("DOC-008", "DOC-006", "DOC-018"):
            by = self.person("简小禾")  # registered by the clerk, who can open no page of it
        documents.register(by, self.new(row, self.uploads(row), level))
        jobs.run_all()
        self.say(f"{row['id']} 登记")

    def _approve(self, row: dict[str, Any]) -> None:
        """The present approver says yes, while there is one."""
        open_one = Approval.objects.filter(item_key=self.document(row).item_key, state="asked").first()
        if open_one is None:
            return
        approver = approval_queries.candidates(open_one)[0]
        last = open_one.step_no + 1 == len(open_one.steps_list)
        approvals.approve(approver, open_one, "同意" if last else "经审核,同意")

    def _downgrade(self, row: dict[str, Any]) -> None:
        documents.ask_change(
            self.person(row["owner"]), self.document(row), "downgrade", level=10, reason="口径已在两家客户使用,泄露损害减轻"
        )

    def _release(self, row: dict[str, Any]) -> None:
        # The list of old papers was confirmed by the GM, so nobody below him may release one (P4.1).
        documents.declassify(self.person("陆远舟"), self.document(row), "改型已量产上市,不再具有保密价值")

    # People's days ----------------------------------------------------------------------------------------------

    def _passwords(self) -> Iterator[tuple[datetime, Callable[[], None]]]:
        """Everybody's password of the last two months, the clerk's twice; 宋知微 is on day 58."""
        today = self.data.org["as_of"]
        yield self.at(today - timedelta(days=46), 8), lambda: self._password(CLERK, "", EARLIER)
        for number, row in enumerate(self.data.org["person"]):
            days = 57 if row["name"] == "宋知微" else 8 + number % 40
            was = EARLIER if row["name"] == CLERK else ""
            yield self.at(today - timedelta(days=days), 8), lambda row=row, was=was: self._password(row["name"], was, PASSWORD)

    def _password(self, name: str, was: str, now: str) -> None:
        people.change_password(self.person(name), was, now)

    def _readings(self, only: set[str] | None) -> Iterator[tuple[datetime, Callable[[], None]]]:
        """Some read what they must; somebody tries what he must not."""
        as_of = self.data.org["as_of"]
        reads = (
            ("温启航", "DOC-008", 6), ("葛星野", "DOC-008", 5), ("戚墨涵", "DOC-008", 4), ("陆远舟", "DOC-006", 4),
            ("裴静仪", "DOC-006", 3), ("温启航", "DOC-022", 3), ("闵舒", "DOC-022", 2), ("岑书平", "DOC-018", 1),
        )  # fmt: skip
        for name, paper, days in reads:
            if only is None or paper in only:
                yield self.at(as_of - timedelta(days=days), 11), lambda n=name, p=paper: self._read(n, p)
        if only is None or "DOC-008" in only:
            yield self.at(as_of - timedelta(days=1), 16), self._pry

    def seat(self, name: str, registry: bool = False) -> tuple[Person, Any]:
        """A person at the device of his desk, or at the registry's own, which may show 绝密; signed in."""
        person, token = self.person(name), REGISTRY if registry else f"demo-desk-{name}"
        device = Device.objects.filter(token_hash=token_hash(token)).first()
        if device is None:
            device = people.meet_device(None, token, "pc")
            label = "机要室阅览专用机" if registry else f"{person.department.name}办公机"
            people.register_device(
                self.person("宋知微"), device, label=label, kind="pc", level_cap=30 if registry else 20, owner=None if registry else person
            )
            device.refresh_from_db()
        signed = people.enter_demo(None, person, device, "10.8.0.0/24")
        return person, signed.session

    def _read(self, name: str, paper: str) -> None:
        row = next(r for r in self.data.papers if r["id"] == paper)
        person, session = self.seat(name)
        with deeds.on(deeds.Occasion(device=session.device.uid, session=session.pk)):
            reading, file = viewing.open_document(person, session, self.document(row).uid)
            for page in range(1, file.pages + 1):
                viewing.open_page(person, session, reading, page)
            viewing.acknowledge(person, session, reading)
            people.sign_out(person, session)

    def _pry(self) -> None:
        """邵宇 looks for what is not his: five times in a day, then the security administrator is told (P0.3)."""
        person, session = self.seat("邵宇")
        hidden = self.document(next(r for r in self.data.papers if r["id"] == "DOC-008"))
        documents.look_up(person, session, "青鹭三型")
        for _time in range(5):
            try:
                documents.open_card(person, session, hidden.uid)
            except (Refused, NotThere):
                continue
        people.sign_out(person, session)

    def present(self) -> None:
        """Today: terms that are over become 到期待审; the last deed says that the past is complete."""
        work.expire_all()
        people.see_notices(self.person("简小禾"), ())
        self.say("演示公司就绪")


def _drawn(row: dict[str, Any]) -> tuple[str, Received]:
    """The paper's PDF, sealed under a new uid. Touches no table, so it may run beside a deed."""
    uid = uuid.uuid4().hex
    return uid, receive(papers.pdf(papers.paper(row["id"])), f"{row['title']}.pdf", uid, demo=True)


def term(text: str) -> TermFacts:
    """A term as the list writes it: 10年, 3个月, 公布前, —."""
    found = re.fullmatch(r"(\d+)(年|个月)", text)
    if found:
        return TermFacts("years" if found[2] == "年" else "months", int(found[1]))
    return TermFacts("event", event=text) if text == "公布前" else TermFacts()
