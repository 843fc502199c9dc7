"""Probes: the house is asked what might be answered otherwise for a hidden item than for an absent one (P0.3, P2.2).

A probe at an address asks for the uid of something hidden, then for one that nothing bears. A probe without an address is
asked in two worlds, copies of one house: in one the hidden items were registered, in the other they never were. Status,
headers, cookies and body must be equal byte for byte, but for what `normal` takes out. Each probe is also asked by
somebody entitled, who must be able to tell the difference: it cannot pass because everything is refused. The walk over
every address is a test of its own (test_probe_walk.py); here are the ways of asking that an address alone does not show.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mifeng.base.fields import new_uid
from mifeng.base.models import Notice
from mifeng.engines.vault import fields
from tests import cluster, factories
from tests.cast import Cast
from tests.rooms.documents.test_registering_pages import TYPED
from tests.security.probing import SEALED_TITLE, Answer, Worlds, seen

# Outside of every hidden item: a plain employee, another department's head, the general manager, the three officers.
OUTSIDE = ("outsider", "sales_head", "gm", "sysadmin", "secadmin", "auditor")
# The pass on the second database takes every third probe: what is asked there is whether the statements say the same.
ON_BOTH = 3 if cluster.POSTGRESQL else 1


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


@pytest.mark.parametrize("name", list(ADDRESSES)[::ON_BOTH])
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
# The general manager might have decided the second step of the paper, and was told so; he decided the emergency opening himself,
# and the inbox counts what he decided.
ASKED_ONCE = dict.fromkeys(("notices", "desk", "desk_in_english", "inbox", "what_was_asked"), ("gm",))


@pytest.mark.parametrize("name", list(PAGES)[::ON_BOTH])
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


# ----------------------------------------------------------------------------------------- traces, keys in forms, names

OWN_PAGES = ("/", "/me/", "/notices/", "/clauses/P0.3/", "/clauses/H2/", "/clauses/A2/", "/clauses/D3/", "/search/", "/documents/")


@pytest.mark.parametrize(("who", "of"), [("outsider", "paper"), ("excluded", "sealed"), ("sales_head", "frozen")])
def test_p0_3_having_asked_for_a_hidden_item_leaves_the_same_traces_as_for_an_absent_one(worlds: Worlds, who: str, of: str) -> None:
    """Neither one's own pages nor any count of the house says afterwards why nothing was found."""
    left = []
    for uid in (worlds.uids[of], new_uid()):
        worlds.renew()
        worlds.enter("hidden")
        client = worlds.client(who)
        for path in ("/documents/{}/", "/read/{}/"):
            client.get(path.format(uid))
        left.append([seen(client.get(path)) for path in OWN_PAGES])
    assert left[0] == left[1]


def registering(worlds: Worlds, who: str = "outsider", **changes: str) -> Answer:
    """A registration by somebody outside, as typed; refused or not, what comes back."""
    own = getattr(Cast(), who)
    typed = TYPED | {"owner": f"{own.name} {own.login}", "department": own.department.code, "once": new_uid()} | changes
    return seen(worlds.client(who).post("/documents/new/", typed), typed["once"], *changes.values())


@pytest.mark.parametrize("named", ["upload", "volume"])
def test_p0_3_a_form_that_names_somebody_else_s_upload_or_volume_is_taken_as_if_it_named_nothing(worlds: Worlds, named: str) -> None:
    hidden = registering(worlds, do="propose", **{named: worlds.uids[named]})
    assert hidden == registering(worlds, do="propose", **{named: new_uid()})
    inside = [registering(worlds, "drafter", do="propose", **{named: uid}) for uid in (worlds.uids[named], new_uid())]
    assert inside[0] != inside[1]


def test_p0_3_a_notice_of_somebody_else_is_taken_off_no_desk_and_answered_like_none(worlds: Worlds) -> None:
    client = worlds.client("outsider")
    answers = [seen(client.post("/notices/seen/", {"uid": uid}), uid) for uid in (worlds.uids["notice"], new_uid())]
    assert answers[0] == answers[1]
    assert Notice.objects.get(uid=worlds.uids["notice"]).seen_at is None
    worlds.client("dept_head").post("/notices/seen/", {"uid": worlds.uids["notice"]})
    assert Notice.objects.get(uid=worlds.uids["notice"]).seen_at is not None


def test_p0_3_a_title_that_a_hidden_item_bears_already_is_registered_like_any_other(worlds: Worlds) -> None:
    """No name clash: the same title in both worlds, then the register of whoever registered it."""
    found = []
    for world in ("absent", "hidden"):
        worlds.enter(world)
        client, own = worlds.client("outsider"), Cast().outsider
        typed = TYPED | {"title": factories.TITLE, "owner": f"{own.name} {own.login}", "department": own.department.code}
        made = client.post("/documents/new/", typed)
        uid = made.headers["Location"].strip("/").rpartition("/")[2]
        found.append((made.status_code, seen(client.get("/documents/"), uid), seen(client.get(f"/documents/{uid}/"), uid)))
    assert found[0] == found[1]


NO_PAGES = ("/robots.txt", "/favicon.ico", "/static/none.css", "/sitemap.xml", "/health/live", "/health/ready", "//", "/documents")


@pytest.mark.parametrize("path", NO_PAGES)
def test_p0_3_what_is_no_page_is_the_same_in_both_worlds(worlds: Worlds, path: str) -> None:
    found = []
    for world in ("absent", "hidden"):
        worlds.enter(world)
        found.append(seen(worlds.client("outsider").get(path)))
    assert found[0] == found[1]


@pytest.mark.parametrize("word", ["number", "title"])
def test_p0_3_the_number_and_the_title_of_a_hidden_item_are_found_like_none_of_their_kind(worlds: Worlds, word: str) -> None:
    number = worlds.uids["number"]
    texts = {"number": (number, "芷" + number[1:]), "title": (factories.TITLE, factories.TITLE.replace("鹭", "雁"))}[word]
    for who in OUTSIDE[:-1]:
        client = worlds.client(who)
        found = [seen(client.post("/search/", {"q": text}), text) for text in texts]
        assert found[0] == found[1], who
