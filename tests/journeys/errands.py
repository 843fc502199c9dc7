"""What two clerks do in a year, errand by errand, each step on the page where people do it.

An errand is done with one hand, the browser's or the posted form's; whatever follows on a later day keeps that hand. Each
step names the deed that it is, and is done only when the log says that this person was allowed it.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from mifeng.base import clock, record, working_days
from mifeng.rooms.approvals import queries as approval_queries
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.circulation.models import Incoming, Loan, Slip
from mifeng.rooms.copies import queries, stock_queries
from mifeng.rooms.copies.models import Copy, Count, CountLine, Destruction, Movement, Reproduction
from mifeng.rooms.documents.models import Document
from mifeng.rooms.people import actions as people
from tests import factories
from tests.journeys.hands import Chromium, Hand, NotPressed
from tests.journeys.played import Played

CLERKS = ("jianxh", "qiar")
NAMES = {
    "jianxh": "简小禾", "qiar": "祁安然", "gexy": "葛星野", "qimh": "戚墨涵", "niezx": "聂知行", "tianjz": "田敬之", "fangrl": "方若琳",
    "meiyx": "梅映雪",
}  # fmt: skip
OFFICE, ARCHIVIST, CHECKER, ASKERS, READERS = "fangrl", "meiyx", "douq", ("niezx", "gexy", "qimh"), ("gexy", "qimh", "tianjz", "niezx")
CAST = (*CLERKS, OFFICE, ARCHIVIST, CHECKER, *ASKERS, "tianjz", "wenqh", "luyz", "censp", "yinym")
PLACES = {30: ("BX-01",), 20: ("BX-04", "BX-05"), 10: ("TG-01", "BX-05")}
PAGES = 2
MACHINE, WASTE = "机要室 2 号复印机", "碎纸机粉碎，两人在场"
Later = Callable[[], None]


class Errands:
    """The errands of one year with their own account: how many deeds, by which hand, what is still to come."""

    def __init__(self, house: Played, chance: random.Random, hands: Mapping[str, Hand]) -> None:
        self.house, self.chance, self.hands = house, chance, hands
        self.which = "posted"
        self.done: Counter[tuple[str, str]] = Counter()  # (hand, deed) -> times
        self.begun: Counter[tuple[str, str]] = Counter()  # (hand, errand) -> times
        self.later: list[tuple[date, int, str, Later]] = []
        self.papers = 0

    # Steps --------------------------------------------------------------------------------------------------------

    @property
    def hand(self) -> Hand:
        return self.hands[self.which]

    def by(self, hand: str) -> int:
        """How many deeds were done with that hand."""
        return sum(times for (which, _deed), times in self.done.items() if which == hand)

    def step(
        self, who: str, path: str, deed: str, button: tuple[str, str] | None = None, about: Mapping[str, str] | None = None, **fields: Any
    ) -> str:
        """One deed on one page; returns where it led."""
        self.house.wait(self.chance.randrange(20, 90))
        before = record.head()[0]
        led = self.hand.press(self.house.sit(who), path, button, about or {}, fields)
        self._recorded(before, who, deed)
        return self.hand.browser.driver.current_url.removeprefix(self.hand.address) if isinstance(self.hand, Chromium) else led

    def _recorded(self, before: int, who: str, deed: str, times: int = 1) -> None:
        actor, until = self.house.person(who).uid, time.monotonic() + 15
        while True:
            found = [entry for _seq, entry in record.entries(before) if entry["act"] == deed and entry.get("actor") == actor]
            if len(found) >= times or time.monotonic() > until:
                break
            time.sleep(0.05)
        if len(found) < times or any(entry["out"] != "allowed" for entry in found):
            said = self.hand.browser.text("main")[:900] if isinstance(self.hand, Chromium) else ""
            raise NotPressed(f"{deed} by {who} on {self.house.today}: {[(e['out'], e.get('why')) for e in found]} {said}")
        if isinstance(self.hand, Chromium) and deed != "copies:print_copy" and times == 1:
            self.hand.browser.until(self.hand.left, f"{deed} led nowhere")
        self.done[self.which, deed] += times

    def scan(self, who: str, path: str, codes: Sequence[str], deed: str, times: int) -> None:
        """Labels one after the other; all of them together are `times` deeds."""
        self.house.wait(30)
        before = record.head()[0]
        self.hand.scan(self.house.sit(who), path, codes)
        self._recorded(before, who, deed, times)

    def draw(self, weighed: Mapping[Later, int]) -> Later:
        """The next errand, by weight; in the browser first one that was least often done there."""
        found = list(weighed)
        if self.which == "browser":
            fewest = min(self.begun["browser", one.__name__] for one in found)
            found = [one for one in found if self.begun["browser", one.__name__] == fewest]
        return self.chance.choices(found, [weighed[one] for one in found])[0]

    def begin(self, errand: Later) -> None:
        """Do it, and count it where it was done at all: some need a copy that lies in a cupboard."""
        before = self.done.total()
        errand()
        self.begun[self.which, errand.__name__] += self.done.total() > before

    def after(self, days: int, act: Later) -> None:
        """So many working days later, with the same hand."""
        self.later.append((working_days.after(self.house.today, days), len(self.later), self.which, act))

    def due(self) -> None:
        """Whatever was put off until today."""
        for one in sorted(row for row in self.later if row[0] <= self.house.today):
            self.later.remove(one)
            self.which = one[2]
            one[3]()

    # Papers -------------------------------------------------------------------------------------------------------

    def paper(self) -> Document:
        """A paper of our own comes into force with two pages that can be printed: by the deeds themselves, without a page."""
        self.papers += 1
        drafter, level = self.house.person("niezx"), (20, 20, 10)[self.papers % 3]
        told = {"title": f"青鹭三型试制计划（第 {self.papers} 号）", "issued_on": self.house.today, "proposed": factories.proposed(level)}
        return factories.readable(None, owner=drafter, **told)

    def _approve(self, uid: str) -> None:
        """Every step, by somebody whose turn it is."""
        while (request := Approval.objects.get(uid=uid)).state == "asked":
            approver = self.chance.choice(approval_queries.candidates(request))
            self.step(approver.login, f"/approvals/{uid}/", "approvals:approve", ("decision", "approve"))

    def _stored(self, level: int = 0, keeper: str = "") -> Copy | None:
        """Some original that lies in a cupboard."""
        found = Copy.objects.select_related("document", "custodian").filter(state="stored", rep=0, given=False, document__state="valid")
        found = found.filter(custodian__login=keeper) if keeper else found
        rows = list(found.filter(document__level=level) if level else found)
        return self.chance.choice(sorted(rows, key=lambda row: row.pk)) if rows else None

    def _put_away(self, clerk: str, found: Sequence[Copy], place: str = "") -> None:
        codes = [copy.code for copy in found]
        place = place or self.chance.choice(PLACES[max(copy.document.level for copy in found)])
        self.scan(clerk, "/copies/scan/", [*codes, place], "copies:store", 1)

    def _sign(self, login: str) -> None:
        """Whoever was given something signs for all of it on his own screen."""
        for line in queries.to_sign(self.house.person(login)):
            self.step(login, f"/copies/sign/{line.uid}/", "copies:sign_for")

    # F05 ----------------------------------------------------------------------------------------------------------

    def first_print(self) -> None:
        """印制: asked for by the drafter, approved, numbered, printed once each, registered, put away."""
        document, clerk, count = self.paper(), self.chance.choice(CLERKS), self.chance.randrange(3, 5)
        led = self.step("niezx", f"/copies/reproduce/{document.uid}/", "copies:ask_reproduction", method="print", pages="1-2",
                        count=count, purpose="项目组用件")  # fmt: skip
        run = self._carry_out(_last(led), clerk, count, jams=self.chance.random() < 0.3)
        self._put_away(clerk, [row.copy for row in run.made.select_related("copy__document").exclude(copy__state="void")])

    def copying(self) -> None:
        """复制: one to three of a stored original, some for readers who sign and bring them back."""
        source = self._stored()
        if source is None:
            return
        asker, count = self.chance.choice(ASKERS), self.chance.randrange(1, 4)
        clerk, to = source.custodian.login, self.chance.sample(READERS, self.chance.randrange(0, count + 1))
        until = self.house.today + timedelta(days=40)
        fields = {"to": "、".join(NAMES[one] for one in to), "until": until.isoformat()} if to else {}
        led = self.step(
            asker, f"/copies/reproduce/{source.document.uid}/", "copies:ask_reproduction", source=source.number,
            method=self.chance.choice(("print", "print", "photocopy")), pages=self.chance.choice(("1-2", "1", "2")), count=count,
            purpose="评审会用", **fields,
        )  # fmt: skip
        run = self._carry_out(_last(led), clerk, count, jams=self.chance.random() < 0.4)
        for one in sorted(set(to)):
            self._sign(one)
        kept = [row.copy for row in run.made.select_related("copy__document") if row.copy.state == "numbered"]
        if kept:
            self._put_away(clerk, kept)
        given = [row.copy for row in run.made.select_related("copy__document") if row.copy.state == "issued"]
        if given:
            self.after(self.chance.randrange(3, 15), lambda: self._come_back(given))

    def _carry_out(self, uid: str, clerk: str, count: int, jams: bool) -> Reproduction:
        """Approved, made, one spoiled and given again when it jams, registered with its waste."""
        self._approve(uid)
        page = f"/copies/jobs/{uid}/"
        self.step(clerk, page, "copies:reproduce", ("do", "reproduce"), count=count, place=MACHINE)
        run = Reproduction.objects.get(approval_uid=uid)
        self._print(clerk, page, run)
        if jams:
            spoiled = self.chance.choice(list(run.made.select_related("copy").order_by("pk"))).copy
            self.step(clerk, page, "copies:jam", ("do", "jam"), {"copy": spoiled.uid}, spoiled=self.chance.randrange(1, 3), reason="卡纸")
            approver = Approval.objects.get(uid=uid).taken.order_by("no").last().person.login
            self.step(approver, page, "approvals:replace", ("do", "replace"), count=1, reason="卡纸补印")
            self.step(clerk, page, "copies:reproduce", ("do", "reproduce"), count=1, place=MACHINE)
            self._print(clerk, page, run)
        waste = self.chance.choice((0, 0, 1, 2))
        self.step(clerk, page, "copies:finish_reproduction", ("do", "finish"), waste=waste, waste_how=WASTE if waste or jams else "",
                  stamped=True)  # fmt: skip
        return run

    def _print(self, clerk: str, page: str, run: Reproduction) -> None:
        for row in run.made.select_related("copy").filter(printed_at=None, copy__state="numbered").order_by("pk"):
            if run.method == "print":
                self.step(clerk, page, "copies:print_copy", ("do", "print"), {"copy": row.copy.uid})

    def _come_back(self, given: Sequence[Copy]) -> None:
        for copy in given:
            copy.refresh_from_db()
            clerk = copy.custodian.login
            self.step(clerk, f"/copies/{copy.uid}/", "copies:return_item", ("do", "return_item"), pages=copy.pages)
            self._put_away(clerk, [copy])

    # The counter --------------------------------------------------------------------------------------------------

    def receiving(self) -> None:
        """收文 from the envelope to the cupboard; now and then a number that was entered in vain, or a remark put right."""
        clerk, first = self.chance.choice(CLERKS), self.chance.randrange(3, 60)
        led = self.step(
            clerk, "/circulation/receipts/new/", "circulation:receive", sender="云汐市科技局", reference=f"云科密〔2026〕{first}号",
            title=f"关于专项申报的通知（{self.house.at:%m%d}-{first}）", level="20", term="3年", pages=4,
            copy_numbers=f"{first}-{first + 2}",
        )  # fmt: skip
        row = Incoming.objects.select_related("document").get(uid=_last(led))
        found = list(queries.of_document(row.document))
        if self.chance.random() < 0.4:
            self.step(clerk, f"/copies/{found[-1].uid}/", "copies:void", ("do", "void"), reason="信封内无此份，份号误登")
            found = found[:-1]
        self._put_away(clerk, found)
        if self.chance.random() < 0.4:
            self.step(clerk, f"{led}", "circulation:amend", ("do", "amend"), name="remark", value="附件另寄", reason="漏记")

    def lending(self) -> None:
        """借阅: asked for, approved, lent, signed, renewed at times, back with every page."""
        copy = self._stored()
        borrower = self.chance.choice(READERS)
        if copy is None or Loan.objects.filter(borrower__login=borrower, state="lent").exists():
            return
        led = self.step(
            borrower, f"/circulation/loans/new/{copy.document.uid}/", "circulation:ask_loan", where="own_site", purpose="核对参数"
        )
        loan = Loan.objects.get(uid=_last(led))
        self._approve(loan.approval_uid)
        clerk = copy.custodian.login
        self.step(clerk, led, "circulation:lend", ("do", "lend"), copy=copy.uid)
        self._sign(borrower)
        if self.chance.random() < 0.4:
            self.after(2, lambda: self._renewed(clerk, led))
        self.after(4, lambda: self._lent_back(copy, led))

    def _renewed(self, clerk: str, led: str) -> None:
        self.step(clerk, led, "circulation:renew", ("do", "renew"))

    def _lent_back(self, copy: Copy, led: str) -> None:
        copy.refresh_from_db()
        clerk = copy.custodian.login
        self.step(clerk, led, "circulation:take_back_loan", ("do", "back"), pages=copy.pages)
        self._put_away(clerk, [copy])

    def circulating(self) -> None:
        """传阅: asked for by one clerk, sent by the other from reader to reader."""
        copy = self._stored()
        if copy is None:
            return
        clerk = copy.custodian.login
        other, readers = next(one for one in CLERKS if one != clerk), self.chance.sample(READERS, 2)
        names = {f"reader_{n}": NAMES[one] for n, one in enumerate(readers, 1)}
        led = self.step(other, f"/circulation/slips/new/{copy.document.uid}/", "circulation:ask_circulation", purpose="请阅", **names)
        slip = Slip.objects.get(uid=_last(led))
        self._approve(slip.approval_uid)
        for n, reader in enumerate(readers):
            line = slip.lines.get(reader__login=reader).uid
            told = {"copy": copy.uid} if n == 0 else {}
            self.step(clerk, led, "circulation:send", ("do", "send"), {"line": line}, **told)
            self._sign(reader)
            self.step(reader, led, "circulation:note_opinion", ("do", "opinion"), {"line": line}, words="已阅")
            copy.refresh_from_db()
            self.step(clerk, led, "circulation:take_in", ("do", "take_in"), {"line": line}, pages=copy.pages)
        self._put_away(clerk, [copy])

    def carrying(self) -> None:
        """携带外出 to the branch and back on the next working day."""
        copy = self._stored()
        if copy is None:
            return
        clerk, bearer = copy.custodian.login, "gexy"
        back = datetime.combine(working_days.after(self.house.today, 1), datetime.min.time()) + timedelta(hours=17)
        out = clock.local(self.house.at) + timedelta(hours=2)
        led = self.step(
            "niezx", f"/copies/carry-out/{copy.document.uid}/", "copies:ask_carry_out", copies=[copy.uid], bearer=NAMES[bearer],
            destination="own_site", place="南方分公司试制车间", out=f"{out:%Y-%m-%dT%H:%M}", back=f"{back:%Y-%m-%dT%H:%M}",
            purpose="样机试制核对", measures=["locked_bag", "company_car"],
        )  # fmt: skip
        self._approve(_last(led))
        page, pages = f"/copies/trips/{_last(led)}/", {f"pages-{copy.uid}": copy.pages}
        self.house.until(clock.start_of(self.house.today) + (out - clock.start_of(self.house.today)))
        self.step(clerk, page, "copies:check_out", ("do", "out"), **pages)
        self._sign(bearer)
        self.after(1, lambda: self._carried_back(copy, page, pages))

    def _carried_back(self, copy: Copy, page: str, pages: dict[str, Any]) -> None:
        copy.refresh_from_db()
        clerk = copy.custodian.login
        self.step(clerk, page, "copies:check_in", ("do", "in"), **pages)
        self._put_away(clerk, [copy])

    # Custody ------------------------------------------------------------------------------------------------------

    def handing_over(self) -> None:
        """移交 of one copy from one clerk to the other, who signs and puts it away."""
        copy = self._stored()
        if copy is None:
            return
        clerk = copy.custodian.login
        other = next(one for one in CLERKS if one != clerk)
        self.step(clerk, f"/copies/{copy.uid}/", "copies:offer", ("do", "offer"), to=NAMES[other], reason="轮班交接")
        self._sign(other)
        copy.refresh_from_db()
        self._put_away(other, [copy])

    def taking_back(self) -> None:
        """撤回: put into the wrong cupboard, said so within ten minutes."""
        copy = self._stored(level=10) or self._stored(level=20)
        if copy is None:
            return
        clerk, places = copy.custodian.login, PLACES[copy.document.level]
        other = next(one for one in places if one != copy.place.code)
        self._put_away(clerk, [copy], other)
        line = Movement.objects.filter(copy=copy).order_by("no").last()
        self.step(clerk, f"/copies/{copy.uid}/", "copies:take_back", ("do", "take_back"), {"line": line.uid})

    def correcting(self) -> None:
        """更正 of a page count on the copy's card, and of the correction itself where it was wrong."""
        copy = self._stored()
        if copy is None:
            return
        clerk, pages = copy.custodian.login, copy.pages
        counts = [(pages + 1, "漏数插页"), (pages, "插页不属此件")] if self.chance.random() < 0.5 else [(pages, "页数复核，登记无误")]
        for counted, why in counts:
            line = Movement.objects.filter(copy=copy).order_by("no").last()
            self.step(clerk, f"/copies/{copy.uid}/", "copies:correct", ("do", "correct"), line=line.uid, pages=counted, reason=why)

    def losing(self) -> None:
        """下落不明, and found again the next working day."""
        copy = self._stored()
        if copy is None:
            return
        clerk, page = copy.custodian.login, f"/copies/{copy.uid}/"
        self.step(clerk, page, "copies:report_missing", ("do", "miss"), reason="晨间清点时柜内未见")
        self.after(1, lambda: self._found(copy, clerk, page))

    def _found(self, copy: Copy, clerk: str, page: str) -> None:
        self.step(clerk, page, "copies:report_found", ("do", "find"), pages=copy.pages, reason="夹在另一卷宗内", sealed=True)
        self._put_away(clerk, [copy])

    def counting(self) -> None:
        """盘点 of one cupboard's copies of each clerk: scanned one by one, signed by the second person, closed."""
        for clerk in CLERKS:
            found = Copy.objects.filter(custodian__login=clerk, state="stored").values_list("place__code", flat=True)
            if not found:
                continue
            place = self.chance.choice(sorted(set(found)))
            led = self.step(
                clerk, "/copies/counts/", "copies:open_count", None, {}, custodian=NAMES[clerk], second=NAMES[OFFICE], place=place
            )
            count = Count.objects.get(uid=_last(led))
            labels = [line.copy.code for line in count.lines.select_related("copy").filter(decision="").order_by("pk")]
            self.scan(clerk, led, labels, "copies:count_seen", len(labels))
            self.step(OFFICE, led, "copies:cross_count", ("do", "cross"))
            self.step(clerk, led, "copies:close_count", ("do", "close"))

    def clearing_up(self) -> None:
        """年终清退清理: given out by the office, every copy of each book scanned, its fate decided, cross-checked, closed."""
        self.step(OFFICE, "/copies/counts/", "copies:open_year", ("do", "year"))
        for clerk in CLERKS:
            count = Count.objects.filter(kind="year", custodian__login=clerk).last()
            if count is None:
                continue
            led = f"/copies/counts/{count.uid}/"
            labels = [line.copy.code for line in count.lines.select_related("copy").filter(decision="").order_by("pk")]
            self.scan(clerk, led, labels, "copies:count_seen", len(labels))
            self._decide(clerk, count, led)
            self.step(CHECKER, led, "copies:cross_count", ("do", "cross"))
            self.step(clerk, led, "copies:close_count", ("do", "close"))

    def _decide(self, clerk: str, count: Count, led: str) -> None:
        """Page by page: of what lies in its cupboard one copy to the archive, two to be destroyed; all else stays in use."""
        wanted = ["archive", "destroy", "destroy"]
        while shown := self._open_lines(clerk, count):
            for row in [row for row in shown if row.copy.state == "stored" and not row.copy.rep][: len(wanted)]:
                shown.remove(row)
                self.step(clerk, led, "copies:decide_count", ("do", "decide"), line=[row.uid], fate=wanted.pop(), reason="")
            if shown:
                self.step(clerk, led, "copies:decide_count", ("do", "decide"), line=[row.uid for row in shown], fate="keep", reason="")

    def _open_lines(self, clerk: str, count: Count) -> list[CountLine]:
        """The lines that the first page of the sheet offers to decide."""
        found = stock_queries.sheet(self.house.person(clerk), count)
        return [row for row in found.lines if row.pk in found.apart]

    def destroying(self) -> None:
        """销毁 of what the first clerk's clear-up has set aside, and of one copy more: one list, sealed and watched once."""
        applicant, executor = CLERKS
        copy, why = self._stored(keeper=applicant), "会后收回，不再需要"
        if copy is not None:
            self.step(applicant, f"/copies/{copy.uid}/", "copies:set_aside", ("do", "set_aside"), reason=why)
        aside = Copy.objects.filter(custodian__login=applicant, state="set_aside").order_by("pk")
        papers = sorted(set(aside.values_list("document__uid", flat=True)))
        if not papers:
            return
        led = self.step(applicant, "/copies/destructions/", "copies:list_for_destruction", None, {}, paper=papers, reason=why,
                        place="机要室碎纸间")  # fmt: skip
        self.step(ARCHIVIST, led, "copies:confirm_no_value", ("do", "confirm"))
        self.step(applicant, led, "copies:ask_destruction", ("do", "ask"))
        found = Destruction.objects.filter(document__uid__in=papers).order_by("pk").first()
        for request in Approval.objects.filter(act="destroy", state="asked").order_by("pk"):
            self._approve(request.uid)
        self.step(
            applicant, led, "copies:seal_bags", ("do", "bags"), bags=f"封{found.pk:04d}", carrier1=NAMES[applicant],
            carrier2=NAMES[executor],
        )
        self.step(executor, led, "copies:destroy", ("do", "destroy"), watcher1=NAMES[OFFICE], watcher2=NAMES[ARCHIVIST])
        for watcher in (OFFICE, ARCHIVIST):
            self.step(watcher, led, "copies:watch_destruction", ("do", "watch"))

    def entrust(self) -> None:
        """The reader who carries is a designated carrier of the year (M2.2)."""
        office, day = self.house.person(OFFICE), self.house.today
        people.appoint(office, self.house.person("gexy"), acts=("transit",), level_max=20, since=day, until=date(day.year, 12, 31))


def _last(path: str) -> str:
    """The uid at the end of an address."""
    return path.split("#")[0].rstrip("/").rpartition("/")[2]
