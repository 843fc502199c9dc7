"""Every address of the house, asked by every post of the cast for something hidden and for something absent (P0.3).

Nothing is listed by hand but what cannot be asked: an address that is new is walked, or a test fails. Compared are status,
headers, cookies, body and the SQL statements, in their order: what costs other work answers at another time.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, get_resolver

from mifeng.base.fields import new_uid
from mifeng.rooms.people.facts import POSTS
from tests import cluster
from tests.cast import Cast
from tests.security import probing
from tests.security.probing import Worlds

# On the second database the statements and the words are the same program: a few people are enough.
FEW = 3 if cluster.POSTGRESQL else 100


def addresses(patterns: Any = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the URL table with its blanks, and its pattern."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from addresses(pattern.url_patterns, path)
        else:
            yield path, pattern


ITEMS = ("paper", "asked", "kept", "walled", "frozen", "volume", "sealed")
# Blanks that name something which may be hidden: address -> which of the hidden things it is asked for.
NAMED: dict[str, tuple[str, ...]] = {
    "documents/<str:uid>/": ITEMS,
    "documents/<str:uid>/classify/": ("asked", "sealed"),
    "documents/<str:uid>/change/": ("paper", "sealed"),
    "documents/<str:uid>/scope/": ("paper", "sealed"),
    "documents/<str:uid>/who/": ("paper", "frozen", "sealed"),
    "documents/<str:uid>/guard/": ("kept", "walled", "sealed"),
    "documents/<str:uid>/correct/": ("paper", "sealed"),
    "documents/<str:uid>/told/": ("paper", "sealed"),
    "documents/custody/<str:uid>/": ("offer",),
    "documents/openings/<str:uid>/": ("opening",),
    "copies/<str:uid>/": ("copy",),
    "copies/<str:uid>/deed/": ("copy",),
    "copies/sign/<str:uid>/": ("to_sign",),
    "copies/import/<str:uid>/": ("old_ledger",),
    "circulation/receipts/<str:uid>/": ("receipt", "arrival"),
    "circulation/slips/new/<str:uid>/": ("paper", "sealed"),
    "circulation/loans/new/<str:uid>/": ("paper", "sealed"),
    "circulation/slips/<str:uid>/": ("slip",),
    "circulation/loans/<str:uid>/": ("loan",),
    "circulation/filings/<str:uid>/": ("filing",),
    "copies/reproduce/<str:uid>/": ITEMS,
    "copies/jobs/<str:uid>/": ("to_make",),
    "copies/excerpt/<str:uid>/": ITEMS,
    "copies/excerpts/<str:uid>/": ("to_make",),
    "copies/carry-out/<str:uid>/": ITEMS,
    "copies/trips/<str:uid>/": ("to_make",),
    "copies/trips/<str:uid>/deed/": ("to_make",),
    "copies/jobs/<str:uid>/deed/": ("to_make",),
    "copies/counts/<str:uid>/": ("count",),
    "copies/counts/<str:uid>/scan/": ("count",),
    "copies/destructions/<str:uid>/": ("destruction",),
    "circulation/dispatches/new/<str:uid>/": ("paper", "sealed"),
    "circulation/dispatches/<str:uid>/": ("dispatch",),
    "circulation/parcels/<str:uid>/": ("parcel",),
    "read/<str:uid>/": ITEMS,
    "read/<str:uid>/ticket/<int:page>/": ("paper", "sealed"),
    "read/<str:uid>/page/<str:token>/": ("paper", "sealed"),
    "read/<str:uid>/acknowledge/": ("paper", "sealed"),
    "approvals/<str:uid>/": ("approval", "decided", "sealed_approval"),
    "approvals/<str:uid>/revoke/": ("approval", "decided", "sealed_approval"),
    "approvals/<str:uid>/withdraw/": ("approval", "sealed_approval"),
    "approvals/delegations/<str:uid>/end/": ("delegation",),
    "papers/<str:uid>/": ("line", "slip", "loan", "receipt", "dispatch", "to_make"),
    "jobs/<str:uid>/": ("job",),
    "system/jobs/<str:uid>/": ("job",),
}
# Blanks that name nothing hidden, and what stands in them; asked in worlds of which one hides something.
FILLED: dict[str, tuple[str, ...]] = {
    "clauses/<str:clause>/": ("P0.3", "H2"),
    "registers/<str:form>/": ("F01", "F02", "F03", "F04", "F05", "F08", "F09", "F28"),
    "help/<str:name>/": ("employee",),
    "people/<str:uid>/": ("person",),
    "people/<str:uid>/deed/": ("person",),
    "documents/knowledge/<str:uid>/": ("person",),
    "documents/openings/of/<str:uid>/": ("person",),
    "oversight/log/<int:seq>/": ("3",),
    "approvals/table/versions/<str:uid>/": ("none",),
    "copies/places/<str:uid>/": ("none",),
    "documents/scheme/<str:uid>/": ("none",),
}
# Which cannot be walked, and why.
EXEMPT = {
    "account/sign-out/": "ends the session of whoever asks",
    "account/lock/": "locks the session of whoever asks",
    "account/second-factor/": "a new secret at each POST; the page itself is walked",
    "oversight/": "the log is the auditor's to read; to others it is not there, and that is walked",
}
# Pages whose words are equal and whose work is not, for those who look after the machine (SECURITY.md).
GOES_THROUGH_ALL = {"/system/": "doctor looks at every request that waits"}
NO_POST = {"account/sign-out/", "account/lock/", "account/second-factor/"}
# Who reads something about every item by his post, and what (SECURITY.md): there he is no outsider.
BY_POST: dict[str, tuple[str, ...]] = {
    "oversight/": ("auditor",), "oversight/proofs/": ("auditor",), "oversight/proofs/bundle/": ("auditor",),
    "oversight/log/<int:seq>/": ("auditor",), "clauses/<str:clause>/": ("auditor",),
    # An old ledger is confirmed by the general manager.
    "copies/import/<str:uid>/": ("gm",), "copies/import/": ("gm",),
    # Whoever proposes or signs a switch of the scheme sees how many items lie at each level, those under embargo left out.
    "documents/scheme/": ("gm", "office_head", "secadmin", "secadmin_b"),
    # An emergency opening is reviewed by whichever deputy has no part in it.
    "": ("sales_deputy",), "documents/custody/": ("sales_deputy",), "documents/openings/<str:uid>/": ("sales_deputy", "gm"),
}  # fmt: skip
# What a form of this address says; without one, a reason and a decision are sent.
TYPED: dict[str, tuple[dict[str, str], ...]] = {
    "documents/<str:uid>/scope/": ({"do": "narrow"}, {"purpose": "协作"}, {"do": "show", "colleague": "qimh"}),
    "documents/<str:uid>/guard/": ({"do": "offer"}, {"do": "freeze"}, {"do": "confirm"}, {"do": "side"}),
    "documents/<str:uid>/told/": ({"do": "told"}, {"do": "mistake"}),
    "documents/<str:uid>/who/": ({"do": "print"},),
    "documents/<str:uid>/classify/": ({}, {"do": "unclassified"}),
    "documents/custody/<str:uid>/": ({"do": "accept"}, {"do": "decline"}),
    "documents/openings/<str:uid>/": (
        {"do": "witness"}, {"do": "take"}, {"do": "count", "counted": "1", "seal": "x"}, {"do": "review", "finding": "x"},
    ),
    "copies/import/<str:uid>/": ({"do": "confirm"}, {"do": "undo", "reason": "x"}, {"do": "ask"}),
    "copies/<str:uid>/deed/": (
        {"do": "take_back"}, {"do": "correct", "line": "x", "pages": "1", "reason": "x"}, {"do": "offer"}, {"do": "void", "reason": "x"},
    ),
    "circulation/receipts/<str:uid>/": (
        {"do": "leave", "reason": "x"}, {"do": "amend", "name": "remark", "value": "x", "reason": "x"}, {"do": "instruct", "words": "x"},
        {"do": "conclude"}, {"do": "take_back"},
    ),
    "circulation/slips/<str:uid>/": ({"do": "send"}, {"do": "opinion"}),
    "circulation/loans/<str:uid>/": ({"do": "lend"}, {"do": "renew"}),
    "circulation/parcels/<str:uid>/": ({"do": "deliver", "seal": "x"},),
    "circulation/dispatches/<str:uid>/": ({"do": "settle", "how": "filed", "sheets": "1", "note": "x"},),
    "circulation/filings/<str:uid>/": ({"do": "file"}, {"do": "keep"}),
    "copies/counts/<str:uid>/": ({"do": "cross"}, {"do": "close"}, {"do": "decide", "fate": "explain", "line": "x", "reason": "x"}),
    "copies/counts/<str:uid>/scan/": ({"code": "0" * 16}, {"code": "x"}),
    "copies/destructions/<str:uid>/": ({"do": "confirm"}, {"do": "watch"}, {"do": "destroy"}, {"do": "strike", "paper": "x"}),
    "copies/jobs/<str:uid>/deed/": ({"do": "print"}, {"do": "cover"}, {"do": "reproduce", "count": "1", "place": "x"}, {"do": "jam"}),
    "copies/trips/<str:uid>/deed/": ({"do": "out"}, {"do": "in"}),
    "registers/<str:form>/": ({"do": "print"},),
    # Each thing by its own form: the n-th form is sent with the thing after the n-th.
    "papers/<str:uid>/": tuple({"form": form} for form in ("F01", "F02", "F03", "F04", "F05", "F06", "F07", "F08", "F10", "F11")),
}  # fmt: skip
ANYHOW: tuple[dict[str, str], ...] = ({"reason": "x", "decision": "approve"},)
OTHER_METHODS = ("head", "options", "put", "patch", "delete")


def filled(address: str, value: str) -> str:
    path = re.sub(r"<int:page>", "1", address).replace("<str:token>", "x" * 43)
    return "/" + re.sub(r"<\w+:\w+>", value, path)


def outsiders(address: str, key: str = "") -> tuple[str, ...]:
    """Who may know nothing of what is asked for there."""
    people = probing.OUTSIDE_SEALED if key.startswith("sealed") else (*probing.OUTSIDE, "gm", "hr")
    return tuple(who for who in people if who not in BY_POST.get(address, ()))


Asked = tuple[probing.Answer, list[str]]


def ask(worlds: Worlds, who: str, method: str, path: str, typed: dict[str, str], *echoed: str) -> Asked:
    """The answer and the statements it cost."""
    client = worlds.client(who)
    with probing.statements() as asked:
        answer = getattr(client, method)(path, typed) if method == "post" else getattr(client, method)(path)
    return probing.seen(answer, *echoed), list(asked)


def requests(address: str) -> Iterator[tuple[str, str, str, dict[str, str]]]:
    """Who asks for which hidden thing by which method: every post by GET and POST, the things and the forms in turn."""
    keys, forms = NAMED[address], TYPED.get(address, ANYHOW)
    for turn, who in enumerate(probing.covering(outsiders(address))[:FEW]):
        own = [key for key in keys if who in outsiders(address, key)]
        yield who, own[turn % len(own)], "get", {}
        yield who, own[(turn + 1) % len(own)], "post", forms[turn % len(forms)]
    sealed = [key for key in keys if key.startswith("sealed")]
    for turn, who in enumerate([who for who in outsiders(address, "sealed") if who not in outsiders(address)][:FEW]):
        for key in sealed:
            yield who, key, "get", {}
            yield who, key, "post", forms[turn % len(forms)]
    for turn, method in enumerate(OTHER_METHODS):
        yield outsiders(address)[turn], keys[turn % len(keys)], method, {}


@pytest.mark.parametrize("address", sorted(NAMED))
def test_p0_3_no_address_tells_what_is_hidden_from_what_is_absent(worlds: Worlds, address: str) -> None:
    """One house, a hidden uid and one that nothing bears: the same answer for the same statements."""
    ask(worlds, "outsider", "get", filled("documents/<str:uid>/", new_uid()), {})
    once = {(method, *sorted(typed.items())): (method, who, typed) for who, _key, method, typed in requests(address)}
    for method, who, typed in once.values():
        ask(worlds, who, method, filled(address, new_uid()), typed)  # what this process remembers after the first time
    for who, key, method, typed in requests(address):
        hidden, absent = worlds.uids[key], new_uid()
        answers = [
            ask(worlds, who, method, filled(address, uid), typed | {"reading": reading}, uid)
            for uid, reading in ((hidden, worlds.uids["reading"]), (absent, new_uid()))
        ]
        assert answers[0] == answers[1], (who, key, method, typed)
        assert answers[0][0].status in (404, 405) or method == "options", (who, key, method)


def pages() -> list[tuple[str, str, str]]:
    """(address, path, method) of everything that names nothing hidden."""
    found = []
    for address, _pattern in addresses():
        if address in NAMED:
            continue
        for value in FILLED.get(address, ("",)):
            path = filled(address, Cast().drafter.uid if value == "person" else value)
            found += [(address, path, "get")] + ([(address, path, "post")] if address not in NO_POST else [])
    return found


def walked(worlds: Worlds, world: str, people: tuple[str, ...]) -> dict[tuple[str, str, str], Asked]:
    """Every page as these people see it in that world; each address is posted to by one of them."""
    worlds.enter(world)
    worlds.client(people[0]).get("/")
    found = {}
    for turn, (address, path, method) in enumerate(pages()):
        for nth, who in enumerate(people):
            if who not in BY_POST.get(address, ()) and (method == "get" or turn % len(people) == nth):
                typed = TYPED.get(address, ANYHOW)[0] if method == "post" else {}
                found[who, path, method] = ask(worlds, who, method, path, typed)
    return found


WALKS = {
    "everyday": ("absent", "hidden", probing.OUTSIDE),
    "sealed": ("middle", "hidden", tuple(who for who in probing.OUTSIDE_SEALED if who not in probing.OUTSIDE)),
}


@pytest.mark.parametrize("walk", WALKS)
def test_p0_3_no_page_and_no_statement_differs_between_two_worlds(worlds: Worlds, walk: str) -> None:
    """What may not be known changes no page of anybody, and costs nobody a statement more."""
    without, with_them, people = WALKS[walk]
    people = probing.covering(people)[:FEW]
    one, other = walked(worlds, without, people), walked(worlds, with_them, people)
    assert len(one) > 40 * len(people)
    differing = [place for place in one if one[place][0] != other[place][0]]
    assert not differing, (len(differing), differing[:8])
    weighed = [place for place in one if place[1] not in GOES_THROUGH_ALL]
    costing = [(place, Counter(other[place][1]) - Counter(one[place][1])) for place in weighed if one[place][1] != other[place][1]]
    assert not costing, (len(costing), costing[:2])


def test_every_address_is_walked_or_exempt() -> None:
    every = {address for address, _pattern in addresses()}
    blanks = {address for address in every if "<" in address}
    assert blanks == set(NAMED) | set(FILLED)
    assert set(EXEMPT) | set(TYPED) | set(BY_POST) | NO_POST <= every
    assert set(EXEMPT) >= NO_POST


def test_every_post_is_among_those_who_ask(worlds: Worlds) -> None:
    assert probing.posts_of((*probing.OUTSIDE, *probing.OUTSIDE_SEALED)) == set(POSTS)
