"""Probes: the house is asked what might be answered otherwise for a hidden item than for an absent one (P0.3, P2.2).

A probe at an address asks for the uid of something hidden, then for one that nothing bears. A probe without an address is
asked in two worlds, copies of one house: in one the hidden items were registered, in the other they never were. Status,
headers, cookies and body must be equal byte for byte, but for what `normal` takes out. Each probe is also asked by
somebody entitled, who must be able to tell the difference: it cannot pass because everything is refused.
"""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mifeng.base import clock, vault
from mifeng.base.fields import new_uid
from mifeng.base.models import Job
from mifeng.engines.vault import fields
from mifeng.rooms.approvals.models import Approval
from mifeng.rooms.documents.models import DocumentFile
from tests import factories, house_fixtures
from tests.cast import Cast
from tests.house_fixtures import House
from tests.rooms.documents.test_registering_pages import TYPED

# Outside of every hidden item: a plain employee, another department's head, the general manager, the three officers.
OUTSIDE = ("outsider", "sales_head", "gm", "sysadmin", "secadmin", "auditor")
SEALED_TITLE = "关于采购失职的处分决定"


@dataclass(frozen=True)
class Answer:
    """What came back, as far as a person can see it."""

    status: int
    headers: tuple[tuple[str, str], ...]
    cookies: tuple[str, ...]
    body: bytes


def normal(body: bytes, *echoed: str) -> bytes:
    """The body without what is random by design: the form's token, its one-time key, and the asked-for word itself."""
    body = re.sub(rb'(name="csrfmiddlewaretoken" value=")[A-Za-z0-9]{64}', rb"\1", body)
    body = re.sub(rb'(name="once" value=")[0-9a-f]{32}', rb"\1", body)
    body = re.sub(rb'(X-CSRFToken[^A-Za-z0-9]+)[A-Za-z0-9]{64}', rb"\1", body)
    for word in echoed:
        body = body.replace(word.encode(), b"?")
    return body


def seen(answer: Any, *echoed: str) -> Answer:
    """The answer of the test client as one that can be compared."""
    headers = tuple(sorted((k, normal(v.encode(), *echoed).decode()) for k, v in answer.headers.items() if k != "Content-Length"))
    cookies = tuple(sorted(m.output() for name, m in answer.cookies.items() if name != "mf_csrf"))
    return Answer(answer.status_code, headers, cookies, normal(answer.content, *echoed))


@dataclass
class Worlds:
    """Two copies of one house, and the uids of what is hidden in the first."""

    house: House
    folders: dict[str, Path]
    tokens: dict[str, str]
    uids: dict[str, str]

    def enter(self, name: str) -> None:
        """From here on the house is that one; both stand at the same instant."""
        folder = self.folders[name]
        house_fixtures.open_folders(folder / "var", folder / "var-keys")
        vault.unseal(house_fixtures.PASSPHRASE)
        house_fixtures.start_log()

    def keep(self) -> None:
        """Both worlds as they stand now are what `renew` goes back to."""
        house_fixtures.settle()
        for name in ("hidden", "absent"):
            shutil.copytree(self.folders[name], self.folders[name].with_name("kept"))

    def renew(self) -> None:
        """Both worlds as they were kept."""
        connection.close()
        vault.seal()
        for name in ("hidden", "absent"):
            shutil.rmtree(self.folders[name])
            shutil.copytree(self.folders[name].with_name("kept"), self.folders[name])

    def client(self, who: str, **headers: str) -> Client:
        """The browser of this person, signed in before the worlds parted."""
        client = Client(headers={"accept": "text/html"} | headers)
        client.cookies["mf_session"] = self.tokens[who]
        return client


SIGNED_IN = (*OUTSIDE, "excluded", "clerk", "insider", "drafter", "dept_head", "hr")


def _hide(cast: Any) -> dict[str, str]:
    """What is hidden: a paper in force with pages, one that waits for its classification, a sealed one about somebody."""
    paper = factories.readable(cast)
    asked = factories.registered(cast, uploads=(factories.uploaded(cast.drafter),))
    scope = factories.scope_of("dingxl")
    proposed = factories.proposed(10, category="S6", line="hr_penalty", scope=scope, reason="")
    sealed = factories.registered(
        cast, owner=cast.hr, title=SEALED_TITLE, proposed=proposed, department=cast.hr.department,
        uploads=(factories.uploaded(cast.hr),), handlers=(cast.hr, cast.other_deputy), concerned=(cast.excluded,),
    )  # fmt: skip
    upload = factories.uploaded(cast.drafter)
    return {
        "paper": paper.uid, "sealed": sealed.uid, "upload": upload.uid, "asked": asked.uid,
        "approval": Approval.objects.get(item_key=asked.item_key).uid,
        "job": Job.objects.get(dedupe=f"convert:{DocumentFile.objects.get(document=asked).uid}").uid,
    }  # fmt: skip


@pytest.fixture(scope="module")
def worlds(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    """Built once: a house in which everybody sits at a device and knows a paper of his own, then parted."""
    folders = {name: tmp_path_factory.mktemp(name) / "house" for name in ("before", "hidden", "absent")}
    shutil.copytree(founded, folders["before"])
    with clock.played(house_fixtures.START):
        found = Worlds(House(folders["before"] / "var", folders["before"] / "var-keys"), folders, {}, {})
        found.enter("before")
        cast = Cast()
        everybody = factories.proposed(5, scope=(factories.ScopeLine("all", ""),), term=factories.TermFacts())
        factories.registered(cast, proposed=everybody, title="食堂开放时间")
        for who in SIGNED_IN:
            found.tokens[who] = found.house.open_page_as(getattr(cast, who)).cookies["mf_session"].value
        for who in SIGNED_IN:  # the fifth refusal of a day tells the security administrator: it lies behind everybody
            for _n in range(6):
                found.client(who).get(f"/documents/{new_uid()}/")
        house_fixtures.settle()
        for name in ("hidden", "absent"):
            shutil.copytree(folders["before"], folders[name])
        found.enter("hidden")
        found.uids = _hide(cast)
        found.keep()
        yield found
    connection.close()
    vault.seal()


# ------------------------------------------------------------------------------------------------------------ at an address

Ask = Callable[[Client, str], Any]


@dataclass(frozen=True)
class Address:
    """A request with a uid in it. `of` = what is hidden, `entitled` = who tells it from nothing."""

    of: str
    entitled: str
    ask: Ask


def get(path: str, **headers: str) -> Ask:
    return lambda client, uid: client.get(path.format(uid), headers=headers)


def post(path: str, **typed: Any) -> Ask:
    return lambda client, uid: client.post(path.format(uid), {k: v.format(uid) for k, v in typed.items()})


def by(method: str, path: str) -> Ask:
    return lambda client, uid: getattr(client, method)(path.format(uid))


CARD = "/documents/{}/"
ADDRESSES: dict[str, Address] = {
    "card": Address("paper", "insider", get(CARD)),
    "card_of_a_proposed_item": Address("asked", "drafter", get(CARD)),
    "card_of_a_sealed_item": Address("sealed", "hr", get(CARD)),
    "card_as_a_fragment": Address("paper", "insider", get(CARD, **{"hx-request": "true"})),
    "card_as_json": Address("paper", "insider", get(CARD, accept="application/json")),
    "card_not_modified": Address("paper", "insider", get(CARD, **{"if-none-match": "*"})),
    "card_in_part": Address("paper", "insider", get(CARD, range="bytes=0-9")),
    "card_with_a_query": Address("paper", "insider", get(CARD + "?on=2026-03-01&print=1")),
    "card_by_head": Address("paper", "insider", by("head", CARD)),
    "card_by_options": Address("paper", "insider", by("options", CARD)),
    "card_by_put": Address("paper", "insider", by("put", CARD)),
    "card_by_delete": Address("paper", "insider", by("delete", CARD)),
    "page_of_classifying": Address("asked", "drafter", get(CARD + "classify/")),
    "page_of_changing": Address("paper", "insider", get(CARD + "change/")),
    "page_of_the_scope": Address("paper", "insider", get(CARD + "scope/")),
    "page_of_who_knows": Address("paper", "drafter", get(CARD + "who/")),
    "print_of_who_knows": Address("paper", "drafter", post(CARD + "who/", do="print")),
    "page_of_custody": Address("paper", "insider", get(CARD + "guard/")),
    "page_of_correcting": Address("paper", "drafter", get(CARD + "correct/")),
    "page_of_what_was_told": Address("paper", "insider", get(CARD + "told/")),
    "reader": Address("paper", "insider", get("/read/{}/")),
    "reader_of_a_sealed_item": Address("sealed", "hr", get("/read/{}/")),
    "reader_by_head": Address("paper", "insider", by("head", "/read/{}/")),
    "deed_of_proposing": Address("asked", "drafter", post(CARD + "classify/")),
    "deed_of_declaring_unclassified": Address("asked", "dept_head", post(CARD + "classify/", do="unclassified")),
    "deed_of_changing": Address("paper", "insider", post(CARD + "change/", kind="extend")),
    "deed_of_narrowing": Address("paper", "insider", post(CARD + "scope/", do="narrow")),
    "deed_of_widening": Address("paper", "insider", post(CARD + "scope/", purpose="协作")),
    "deed_of_correcting": Address("paper", "drafter", post(CARD + "correct/")),
    "deed_of_telling": Address("paper", "insider", post(CARD + "told/", do="told")),
    "deed_of_a_mistake": Address("paper", "insider", post(CARD + "told/", do="mistake")),
    "deed_of_offering_custody": Address("paper", "insider", post(CARD + "guard/", do="offer")),
    "deed_of_freezing": Address("paper", "insider", post(CARD + "guard/", do="freeze")),
    "deed_of_a_wall": Address("paper", "insider", post(CARD + "guard/", do="side")),
    "request": Address("approval", "dept_head", get("/approvals/{}/")),
    "request_decided": Address("approval", "dept_head", post("/approvals/{}/", do="")),
    "request_withdrawn": Address("approval", "drafter", post("/approvals/{}/withdraw/")),
    "request_revoked": Address("approval", "drafter", post("/approvals/{}/revoke/")),
    "job": Address("job", "drafter", get("/jobs/{}/")),
}


@pytest.fixture(autouse=True)
def in_the_first_world(worlds: Worlds) -> None:
    """Each probe finds both worlds as they were built: whoever is entitled may change something."""
    worlds.renew()
    worlds.enter("hidden")


@pytest.mark.parametrize("name", ADDRESSES)
def test_p0_3_a_hidden_uid_is_answered_like_one_that_nothing_bears(worlds: Worlds, name: str) -> None:
    probe = ADDRESSES[name]
    hidden, absent = worlds.uids[probe.of], new_uid()
    for who in (*OUTSIDE, *(("excluded", "clerk") if probe.of == "sealed" else ())):
        client = worlds.client(who)
        told = seen(probe.ask(client, hidden), hidden)
        assert told == seen(probe.ask(client, absent), absent), who
    entitled = worlds.client(probe.entitled)
    assert seen(probe.ask(entitled, hidden), hidden) != seen(probe.ask(entitled, absent), absent)


# ------------------------------------------------------------------------------------------------------------ in two worlds


def page(path: str, **headers: str) -> Callable[[Client], Any]:
    return lambda client: client.get(path, headers=headers)


def in_english(path: str) -> Callable[[Client], Any]:
    def ask(client: Client) -> Any:
        client.cookies["mf_language"] = "en"
        return client.get(path)

    return ask


def words(text: str) -> Callable[[Client], Any]:
    return lambda client: client.post("/search/", {"q": text})


# What is asked, and who tells the two worlds apart.
PAGES: dict[str, tuple[Callable[[Client], Any], str]] = {
    "desk": (page("/"), "dept_head"),
    "desk_in_english": (in_english("/"), "dept_head"),
    "notices": (page("/notices/"), "dept_head"),
    "register": (page("/documents/"), "insider"),
    "register_by_level": (page("/documents/?level=20"), "insider"),
    "register_by_department": (page("/documents/?department=YF"), "insider"),
    "register_of_the_proposed": (page("/documents/?view=proposed"), "insider"),
    "inbox": (page("/approvals/"), "dept_head"),
    "what_was_asked": (page("/approvals/?tab=asked"), "drafter"),
    "search_for_the_title": (words(factories.TITLE), "insider"),
    "search_for_two_signs": (words("青鹭"), "insider"),
    "search_for_the_sealed_title": (words(SEALED_TITLE), "hr"),
    "own_page": (page("/me/"), "drafter"),
}
# The general manager was one of those who might decide the second step of the paper, and was told so at the time.
ASKED_ONCE = {"notices": ("gm",)}


@pytest.mark.parametrize("name", PAGES)
def test_p0_3_no_page_differs_where_a_hidden_item_was_never_registered(worlds: Worlds, name: str) -> None:
    ask, entitled = PAGES[name]
    people = [who for who in OUTSIDE if who not in ASKED_ONCE.get(name, ())]
    answers: dict[str, list[Answer]] = {}
    for world in ("hidden", "absent"):
        worlds.enter(world)
        answers[world] = [seen(ask(worlds.client(who))) for who in (*people, entitled)]
    for who, one, other in zip(people, answers["hidden"], answers["absent"], strict=False):
        assert one == other, who
    assert answers["hidden"][-1] != answers["absent"][-1]


def test_p0_3_every_beginning_of_a_hidden_title_finds_nothing(worlds: Worlds) -> None:
    """Prefix bisection: whoever may not know learns no further sign by trying."""
    outside, inside = worlds.client("outsider"), worlds.client("insider")
    for length in range(1, len(factories.TITLE), 4):
        prefix = factories.TITLE[:length]
        assert seen(outside.post("/search/", {"q": prefix}), prefix) == seen(outside.post("/search/", {"q": "鹭" * length}), "鹭" * length)
        assert factories.TITLE in inside.post("/search/", {"q": prefix}).content.decode()


@pytest.mark.parametrize("way", ["after", "before"])
def test_p0_3_a_place_in_the_list_forged_to_a_hidden_row_is_no_place(worlds: Worlds, way: str) -> None:
    hidden, absent = worlds.uids["paper"], new_uid()
    client = worlds.client("outsider")
    assert seen(client.get(f"/documents/?{way}={hidden}"), hidden) == seen(client.get(f"/documents/?{way}={absent}"), absent)
    inside = worlds.client("insider")
    assert seen(inside.get(f"/documents/?{way}={hidden}"), hidden) != seen(inside.get(f"/documents/?{way}={absent}"), absent)


def test_p0_3_a_form_that_bears_a_hidden_uid_as_its_key_registers_like_any_other(worlds: Worlds) -> None:
    """A second click meets the first one's item; somebody else's item is met by no key."""
    client, own = worlds.client("outsider"), Cast().outsider
    typed = TYPED | {"owner": f"{own.name} {own.login}", "department": own.department.code}

    def registered(once: str) -> tuple[int, bool]:
        answer = client.post("/documents/new/", typed | {"once": once})
        return answer.status_code, once in answer.headers.get("Location", "")

    hidden = registered(worlds.uids["paper"])
    assert hidden == registered(new_uid()) == (302, False)
    key, places = new_uid(), set()
    for _n in range(2):
        places.add(client.post("/documents/new/", typed | {"once": key}).headers["Location"])
    assert len(places) == 1


# ------------------------------------------------------------------------------------------------------------ work, for time


@pytest.mark.parametrize("of", ["paper", "asked", "sealed"])
@pytest.mark.parametrize("path", ["/documents/{}/", "/read/{}/"], ids=["card", "reader"])
def test_p0_3_hidden_and_absent_cost_the_same_statements_and_open_as_many_bytes(worlds: Worlds, monkeypatch, path: str, of: str) -> None:
    client, hidden = worlds.client("outsider"), worlds.uids[of]
    opened: list[int] = []
    real = fields.FieldKey.open
    monkeypatch.setattr(fields.FieldKey, "open", lambda self, where, blob: opened.append(len(blob)) or real(self, where, blob))

    def work(who: Client, uid: str) -> tuple[int, int]:
        opened.clear()
        with CaptureQueriesContext(connection) as asked:
            who.get(path.format(uid))
        return len(asked), sum(opened)

    work(client, new_uid())  # what is remembered after the first time
    assert work(client, hidden) == work(client, new_uid())
    entitled = worlds.client("hr" if of == "sealed" else "insider")
    assert work(entitled, hidden) != work(entitled, new_uid())


def test_there_are_at_least_forty_probes() -> None:
    assert len(ADDRESSES) + len(PAGES) >= 40
