"""What the probes stand on: copies of one house in which some items were registered or never were, and answers to compare.

`absent` never had them, in `middle` the everyday hidden items were registered, in `hidden` sealed ones besides: the
keepers of the registers may know of the former and not of the latter. All worlds stand at the same instant.
"""

import re
import shutil
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection
from django.test import Client

from mifeng.base import vault
from mifeng.base.models import Job, Notice
from mifeng.rooms.approvals import actions as approvals
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.circulation import actions as circulation
from mifeng.rooms.copies import actions as copies
from mifeng.rooms.documents import actions as documents
from mifeng.rooms.documents.models import DocumentFile
from mifeng.rooms.people.models import Person, Session
from mifeng.rooms.viewing import actions as viewing
from mifeng.site import prints
from tests import cluster, factories, house_fixtures, making
from tests.cast import LOGINS, Cast
from tests.house_fixtures import House
from tests.rooms.circulation import papers as arriving

WORLDS = ("absent", "middle", "hidden")
SEALED_TITLE = "关于采购失职的处分决定"
# Who may know of the everyday hidden items, by scope, approval, or the registers he keeps; of the sealed ones.
INSIDE = {"deputy", "dept_head", "drafter", "insider", "engineer", "clerk", "second_clerk", "office_head"}
INSIDE_SEALED = {"hr", "other_deputy"}
# The general manager might decide the second step of the paper, and was told so at the time.
ASKED_ONCE = {"gm"}
# Posts that nobody of the cast holds are probed by somebody else of the company.
PEOPLE = {name: login for name, login in LOGINS.items() if name != "leaver"} | {
    "archivist": "meiyx", "legal": "lumc", "it_staff": "wanxm", "guard_head": "longxl", "seal_keeper": "hemz", "guard": "cuidy",
}  # fmt: skip
OUTSIDE = tuple(sorted(set(PEOPLE) - INSIDE - INSIDE_SEALED - ASKED_ONCE))
OUTSIDE_SEALED = tuple(sorted(set(PEOPLE) - INSIDE_SEALED))


@dataclass(frozen=True)
class Answer:
    """What came back, as far as a person can see it."""

    status: int
    headers: tuple[tuple[str, str], ...]
    cookies: tuple[str, ...]
    body: bytes


def normal(body: bytes, *echoed: str) -> bytes:
    """The body without what is random by design: the form's token, its one-time key, and the asked-for word itself.

    Left out besides: how long the log is, which refusal pages and the officers' system page tell (SECURITY.md), and how
    full the disk of this machine is at the moment.
    """
    body = re.sub(rb'(name="csrfmiddlewaretoken" value=")[A-Za-z0-9]{64}', rb"\1", body)
    body = re.sub(rb'(name="once" value=")[0-9a-f]{32}', rb"\1", body)
    body = re.sub(rb'(X-CSRFToken[^A-Za-z0-9]+)[A-Za-z0-9]{64}', rb"\1", body)
    body = re.sub(r"(日志第 |<td>)[\d,]+( 条)".encode(), rb"\1\2", body)
    body = re.sub(r'剩余 [\d.]+ GB|max="100" value="\d+"'.encode(), b"", body)
    for word in echoed:
        body = body.replace(word.encode(), b"?" * len(word.encode()))
    return body


def seen(answer: Any, *echoed: str) -> Answer:
    """The answer of the test client as one that can be compared; the length of the body is one of its headers."""
    body = normal(answer.content, *echoed)
    told = dict(answer.headers)
    if told.get("Content-Length") == str(len(answer.content)):
        told["Content-Length"] = str(len(body))  # true, and so as long as what is compared
    headers = tuple(sorted((k, normal(v.encode(), *echoed).decode()) for k, v in told.items()))
    cookies = tuple(sorted(_cookie(m) for name, m in answer.cookies.items() if name != "mf_csrf"))
    return Answer(answer.status_code, headers, cookies, body)


def _cookie(found: Any) -> str:
    """A cookie without the second in which it ends: the machine's clock goes on."""
    return re.sub("expires=[^;]*;", "", found.output())


@contextmanager
def statements() -> Any:
    """The SQL of the block, statement by statement, without its values and without how many a list of them has."""
    asked: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(re.sub(r"(SAVEPOINT) \S+", r"\1", re.sub(r"\(%s(, %s)*\)", "(%s)", sql)))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield asked


@dataclass
class Worlds:
    """Copies of one house, and the uids of what is hidden in some of them."""

    house: House
    folders: dict[str, Path]
    tokens: dict[str, str] = field(default_factory=dict)
    uids: dict[str, str] = field(default_factory=dict)
    at: str = ""

    def enter(self, name: str) -> None:
        """From here on the house is that one."""
        folder = self.folders[name]
        house_fixtures.open_folders(folder / "var", folder / "var-keys")
        vault.unseal(house_fixtures.PASSPHRASE)
        house_fixtures.start_log()
        prints._shown.of.clear()  # the same sessions sit at the desks of another house
        self.at = name

    def copied(self, source: Path, target: Path) -> None:
        """A house of its own, folder and database, as the other one stands."""
        connection.close()
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target)
        if cluster.POSTGRESQL:
            cluster.drop(cluster.name_of(target / "var"))
            cluster.make(cluster.name_of(target / "var"), template=cluster.name_of(source / "var"))

    def keep(self) -> None:
        """The worlds as they stand now are what `renew` goes back to."""
        for name in WORLDS:
            self.enter(name)
            house_fixtures.settle()
            self.copied(self.folders[name], self.kept(name))

    def kept(self, name: str) -> Path:
        return self.folders[name].with_name("kept")

    def renew(self) -> None:
        """The worlds as they were kept."""
        connection.close()
        vault.seal()
        for name in WORLDS:
            self.copied(self.kept(name), self.folders[name])

    def drop(self) -> None:
        """Nothing of them is left on the server of the tests."""
        connection.close()
        vault.seal()
        for folder in (*self.folders.values(), *map(self.kept, WORLDS)) if cluster.POSTGRESQL else ():
            cluster.drop(cluster.name_of(folder / "var"))

    def client(self, who: str, **headers: str) -> Client:
        """The browser of this person, signed in before the worlds parted."""
        client = Client(headers={"accept": "text/html"} | headers)
        client.cookies["mf_session"] = self.tokens[who]
        return client


def hide_everyday(cast: Any) -> dict[str, str]:
    """A paper in force with pages, one that waits for its classification, one in sole custody, one frozen, one behind a
    wall, a volume; an opening, a delegation, a reading, notices, jobs and uploads that belong to somebody."""
    upload = factories.uploaded(cast.drafter)
    paper = factories.readable(cast)
    asked = factories.registered(cast, uploads=(factories.uploaded(cast.drafter),))
    kept, offered, walled, frozen = (factories.classified(cast, title=f"{factories.TITLE}（{word}）") for word in "甲乙丙丁")
    custody = documents.offer_custody(cast.drafter, kept, cast.clerk, "出差")
    documents.accept_custody(cast.clerk, custody.uid)
    offer = documents.offer_custody(cast.drafter, offered, cast.clerk, "出差")
    documents.declare_side(cast.drafter, walled, "招标", "甲方")
    documents.freeze(cast.office_head, frozen, (cast.deputy,), "疑似泄露")
    volume = factories.classified(cast, title="青鹭三型案卷", kind="volume")
    opening = documents.decide_opening(cast.gm, cast.clerk, cast.office_head, cast.engineer, "急用")
    copy = copies.enter(cast.clerk, paper, [1], 2)[0]
    table = "文号,标题,密级\n澜岱密〔2024〕3号,甲,秘密\n".encode()
    old_ledger = copies.bring_ledger(cast.clerk, factories.uploaded(cast.clerk, table, "台账.csv"))
    to_sign = copies.offer(cast.clerk, [copy], cast.second_clerk, "轮岗")[0]
    received = circulation.receive(cast.clerk, arriving.cover(cast), arriving.paper(copy_numbers=(1, 2)))
    slip, loan, filing = arriving.under_way(cast)
    parcel = arriving.on_its_way(cast)
    count = copies.open_count(cast.clerk, cast.clerk, cast.second_clerk)
    # 绝密, so that the archive is not asked about it: the list is hidden from everybody who keeps no register.
    _secret, over, _safe = arriving.shelved(cast, 30)
    copies.set_aside(cast.clerk, over, "已过时")
    destruction = copies.list_for_destruction(cast.clerk, [over.document], "项目已结束", "shred", "机要室")
    arrival = circulation.note_arrival(cast.clerk, arriving.cover(cast))
    sits = {row.person: row for row in Session.objects.filter(ended_at=None).select_related("person__department", "device")}
    session = sits[cast.insider]
    to_make = copies.ask_reproduction(cast.drafter, paper, sits[cast.drafter], making.wish(source=copy))
    approvals.approve(cast.deputy, to_make, "同意")
    reading, _file = viewing.open_document(cast.insider, session, paper.uid)
    delegation = approvals.delegate(
        cast.other_deputy, cast.deputy, act="classify", level_max=10, since=house_fixtures.START.date(),
        until=house_fixtures.START.date(), paper="授权书", case_key="",
    )  # fmt: skip
    return {
        "paper": paper.uid, "asked": asked.uid, "kept": kept.uid, "offered": offered.uid, "walled": walled.uid,
        "frozen": frozen.uid, "volume": volume.uid, "upload": upload.uid, "offer": offer.uid, "opening": opening.uid,
        "reading": reading.uid, "delegation": delegation.uid, "copy": copy.uid, "to_sign": to_sign.uid, "old_ledger": old_ledger.uid,
        "line": paper.changes.get(what="classified").uid,
        "receipt": received.uid, "arrival": arrival.uid, "slip": slip.uid, "loan": loan.uid, "filing": filing.uid,
        "to_make": to_make.uid, "count": count.uid, "destruction": destruction.uid,
        "dispatch": parcel.dispatch.uid, "parcel": parcel.uid,
        "approval": Approval.objects.get(item_key=asked.item_key).uid,
        "decided": Approval.objects.filter(item_key=paper.item_key, act="classify").get().uid,
        "job": Job.objects.get(dedupe=f"convert:{DocumentFile.objects.get(document=asked).uid}").uid,
        "notice": Notice.objects.filter(person_key=cast.dept_head.pk).latest("pk").uid, "number": paper.number,
    }  # fmt: skip


def hide_sealed(cast: Any) -> dict[str, str]:
    """A sealed paper about somebody, of which even those do not know who keep the registers."""
    proposed = factories.proposed(10, category="S6", line="hr_file", scope=factories.scope_of("dingxl"), reason="")
    sealed = factories.registered(
        cast, owner=cast.hr, title=SEALED_TITLE, proposed=proposed, department=cast.hr.department,
        uploads=(factories.uploaded(cast.hr),), handlers=(cast.hr, cast.other_deputy), concerned=(cast.excluded,),
    )  # fmt: skip
    return {"sealed": sealed.uid, "sealed_approval": Approval.objects.get(item_key=sealed.item_key).uid}


def built(founded: Path, make: Callable[[str], Path]) -> Worlds:
    """A house in which everybody sits at a device and knows a paper of his own, then parted. The clock is played."""
    folders = {name: make(name) / "house" for name in ("before", *WORLDS)}
    found = Worlds(House(folders["before"] / "var", folders["before"] / "var-keys"), folders)
    found.copied(founded, folders["before"])
    found.enter("before")
    cast = Cast()
    everybody = factories.proposed(5, scope=(factories.ScopeLine("all", ""),), term=factories.TermFacts())
    factories.registered(cast, proposed=everybody, title="食堂开放时间")
    factories.registered(cast, title="早先送审的一件")  # in every world something waits for somebody
    arriving.safe(cast)  # the cupboards of the office are none of what is hidden
    for who, login in PEOPLE.items():
        found.tokens[who] = found.house.open_page_as(Person.objects.get(login=login)).cookies["mf_session"].value
    for who in PEOPLE:  # the fifth refusal of a day tells the security administrator: it lies behind everybody
        for _n in range(6):
            found.client(who).get(f"/documents/{'0' * 32}/")
    house_fixtures.settle()
    found.copied(folders["before"], folders["absent"])
    found.enter("before")
    found.uids |= hide_everyday(cast)
    house_fixtures.settle()
    found.copied(folders["before"], folders["middle"])
    found.enter("before")
    found.uids |= hide_sealed(cast)
    house_fixtures.settle()
    found.copied(folders["before"], folders["hidden"])
    found.keep()
    return found


def covering(names: tuple[str, ...]) -> tuple[str, ...]:
    """As few of these people as hold every post that one of them holds; who is concerned, and who is nobody, besides."""
    wanted, found = posts_of(names), [name for name in ("excluded", "outsider") if name in names]
    while missing := wanted - posts_of(tuple(found)):
        found.append(max(names, key=lambda name: (len(posts_of((name,)) & missing), name)))
    return tuple(found)


def posts_of(names: tuple[str, ...]) -> set[str]:
    """Every post that one of these people holds."""
    people = Person.objects.filter(login__in=[PEOPLE[name] for name in names])
    return {post for person in people for post in person.posts()}


